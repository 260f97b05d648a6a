"""Wrong lines, what each comes to, and the lines that are right, in the order of lesson 80; a test walks them all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pitfall:
    """A wrong piece of code and the right one; both run with the names of ``torchhour.pitfalls.running.names``.

    ``section`` is the label of the section of lesson 80 about it. ``wrong`` comes to an error or a
    warning of ``type`` that holds ``message``, the part that is the same for all shapes, or to the
    value ``message`` of ``type``. ``right`` comes to the value ``instead``, if given.
    """

    name: str
    section: str
    wrong: str
    right: str
    type: str
    message: str
    instead: str = ""


PITFALLS = (
    Pitfall(
        "zero-grad",
        "pitfalls-zero-grad",
        "for step in range(3):\n    w.sum().backward()\nw.grad",
        "for step in range(3):\n    w.grad = None\n    w.sum().backward()\nw.grad",
        "Tensor",
        "tensor([3., 3.])",
        "tensor([1., 1.])",
    ),
    Pitfall(
        "optimizer",
        "pitfalls-optimizer",
        "optimizer = SGD(network.parameters(), lr=0.1)\nnetwork = make_network()\nmoves(network, optimizer)",
        "network = make_network()\noptimizer = SGD(network.parameters(), lr=0.1)\nmoves(network, optimizer)",
        "bool",
        "False",
        "True",
    ),
    Pitfall(
        "softmax",
        "pitfalls-softmax",
        "F.cross_entropy((100 * F.one_hot(labels).float()).softmax(dim=1), labels)",
        "F.cross_entropy(100 * F.one_hot(labels).float(), labels)",
        "Tensor",
        "tensor(1.4612)",
        "tensor(0.)",
    ),
    Pitfall(
        "sum",
        "pitfalls-sum",
        "(torch.tensor([-90.0, 7.0]) - torch.tensor([3.0, 7.0])).sum()",
        "((torch.tensor([-90.0, 7.0]) - torch.tensor([3.0, 7.0])) ** 2).mean()",
        "Tensor",
        "tensor(-93.)",
        "tensor(4324.5000)",
    ),
    Pitfall(
        "broadcast",
        "pitfalls-broadcast",
        "F.mse_loss(scores[:, :1], labels.float())",
        "F.mse_loss(scores[:, :1], labels.float()[:, None])",
        "UserWarning",
        "that is different to the input size",
    ),
    Pitfall(
        "eval",
        "pitfalls-eval",
        "dropout(torch.ones(1000)).unique()",
        "dropout.eval()(torch.ones(1000)).unique()",
        "Tensor",
        "tensor([0., 2.])",
        "tensor([1.])",
    ),
    Pitfall(
        "inplace",
        "pitfalls-inplace",
        "y = w.exp()\ny += 1\ny.sum().backward()",
        "y = w.exp()\ny = y + 1\ny.sum().backward()",
        "RuntimeError",
        "one of the variables needed for gradient computation has been modified by an inplace operation",
    ),
    Pitfall(
        "data",
        "pitfalls-data",
        "y = w.exp()\ny.data += 1\ny.sum().backward()\nw.grad",
        "y = w.exp()\ny = y + 1\ny.sum().backward()\nw.grad",
        "Tensor",
        "tensor([3.7183, 3.7183])",
        "tensor([2.7183, 2.7183])",
    ),
    Pitfall(
        "view",
        "pitfalls-view",
        "maps.transpose(1, 3).view(8, -1)",
        "maps.transpose(1, 3).reshape(8, -1)",
        "RuntimeError",
        "view size is not compatible with input tensor's size and stride",
    ),
    Pitfall(
        "flatten",
        "pitfalls-shapes",
        "nn.Linear(400, 120)(maps)",
        "nn.Linear(400, 120)(maps.flatten(1))",
        "RuntimeError",
        "mat1 and mat2 shapes cannot be multiplied",
    ),
    Pitfall(
        "channels",
        "pitfalls-shapes",
        "nn.Conv2d(3, 6, 5)(images)",
        "nn.Conv2d(1, 6, 5)(images)",
        "RuntimeError",
        "Given groups=1, weight of size",
    ),
    Pitfall(
        "dimensions",
        "pitfalls-shapes",
        "nn.Conv2d(1, 6, 5)(images[0, 0])",
        "nn.Conv2d(1, 6, 5)(images[0:1])",
        "RuntimeError",
        "Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size",
    ),
    Pitfall(
        "counts",
        "pitfalls-shapes",
        "F.cross_entropy(scores, labels[:4])",
        "F.cross_entropy(scores, labels)",
        "ValueError",
        "to match target batch_size",
    ),
    Pitfall(
        "sizes",
        "pitfalls-shapes",
        "torch.stack([images[0], images[1, :, 2:, 2:]])",
        "torch.stack([images[0], images[1]])",
        "RuntimeError",
        "stack expects each tensor to be equal size",
    ),
    Pitfall(
        "single",
        "pitfalls-shapes",
        "nn.BatchNorm1d(10)(scores[:1])",
        "nn.BatchNorm1d(10).eval()(scores[:1])",
        "ValueError",
        "Expected more than 1 value per channel when training",
    ),
    Pitfall(
        "float labels",
        "pitfalls-types",
        "F.cross_entropy(scores, labels.float())",
        "F.cross_entropy(scores, labels.long())",
        "RuntimeError",
        "expected target dtype to be Long or Byte, but got Float",
    ),
    Pitfall(
        "label 10",
        "pitfalls-types",
        "F.cross_entropy(scores, labels + 1)",
        "F.cross_entropy(scores, labels)",
        "IndexError",
        "is out of bounds.",
    ),
    Pitfall(
        "doubles",
        "pitfalls-types",
        "nn.Linear(2, 1)(torch.from_numpy(array))",
        "nn.Linear(2, 1)(torch.from_numpy(array).float())",
        "RuntimeError",
        "mat1 and mat2 must have the same dtype, but got Double and Float",
    ),
    Pitfall(
        "bytes",
        "pitfalls-types",
        "nn.Conv2d(1, 6, 5)(pixels)",
        "nn.Conv2d(1, 6, 5)(pixels / 255)",
        "RuntimeError",
        "Input type (unsigned char) and bias type (float) should be the same",
    ),
    Pitfall(
        "two classes",
        "pitfalls-types",
        "F.binary_cross_entropy_with_logits(scores[:, 0], labels % 2)",
        "F.binary_cross_entropy_with_logits(scores[:, 0], (labels % 2).float())",
        "RuntimeError",
        "result type Float can't be cast to the desired output type Long",
    ),
    Pitfall(
        "cut graph",
        "pitfalls-graph",
        "torch.tensor(loss).backward()",
        "loss.backward()",
        "RuntimeError",
        "element 0 of tensors does not require grad and does not have a grad_fn",
    ),
    Pitfall(
        "twice",
        "pitfalls-graph",
        "loss.backward()\nloss.backward()",
        "loss.backward()\nF.cross_entropy(network(images), labels).backward()",
        "RuntimeError",
        "Trying to backward through the graph a second time",
    ),
    Pitfall(
        "many losses",
        "pitfalls-graph",
        "scores.backward()",
        "scores.sum().backward()",
        "RuntimeError",
        "grad can be implicitly created only for scalar outputs",
    ),
    Pitfall(
        "numpy",
        "pitfalls-graph",
        "scores.numpy()",
        "scores.detach().numpy()",
        "RuntimeError",
        "Can't call numpy() on Tensor that requires grad.",
    ),
    Pitfall(
        "no leaf",
        "pitfalls-graph",
        "v = 0.1 * torch.ones(2, requires_grad=True)\nv.sum().backward()\nv.grad",
        "v = (0.1 * torch.ones(2)).requires_grad_()\nv.sum().backward()\nv.grad",
        "UserWarning",
        "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed.",
        "tensor([1., 1.])",
    ),
    Pitfall(
        "leaf",
        "pitfalls-graph",
        "w -= 0.1",
        "with torch.no_grad():\n    w -= 0.1",
        "RuntimeError",
        "a leaf Variable that requires grad is being used in an in-place operation.",
    ),
    Pitfall(
        "plain list",
        "pitfalls-list",
        "SGD(Headless(layers).parameters(), lr=0.1)",
        "SGD(Headless(nn.ModuleList(layers)).parameters(), lr=0.1)",
        "ValueError",
        "optimizer got an empty parameter list",
    ),
    Pitfall(
        "device",
        "pitfalls-device",
        "nn.Linear(400, 120, device='meta')(maps.flatten(1))",
        "nn.Linear(400, 120, device='meta')(maps.flatten(1).to('meta'))",
        "RuntimeError",
        "is not on the expected device",
    ),
    Pitfall(
        "numpy there",
        "pitfalls-device",
        "maps.to('meta').numpy()",
        "maps.cpu().numpy()",
        "TypeError",
        "device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.",
    ),
    Pitfall(
        "prefix",
        "pitfalls-load",
        "network.load_state_dict(nn.DataParallel(network).state_dict())",
        "network.load_state_dict(nn.DataParallel(network).module.state_dict())",
        "RuntimeError",
        "Missing key(s) in state_dict",
    ),
    Pitfall(
        "classes",
        "pitfalls-load",
        "network.load_state_dict(make_network(classes=5).state_dict())",
        "network.load_state_dict(make_network(classes=10).state_dict())",
        "RuntimeError",
        "size mismatch for 1.weight: copying a param with shape",
    ),
)
