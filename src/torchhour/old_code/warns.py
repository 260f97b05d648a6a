"""Old lines that run, and warn."""

from __future__ import annotations

from torchhour.old_code.line import OldLine

DEVICE = 'device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")'
NETWORK = "net = nn.Linear(2, 1)"
MASK = "mask = torch.tensor([True, False])"
SCHEDULE = """\
optimizer = torch.optim.SGD(nn.Linear(2, 1).parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)"""
SIZES = "UserWarning: size_average and reduce args will be deprecated, please use reduction="

LINES = [
    OldLine(
        "x = Variable(torch.ones(2), volatile=True)\ny = weight * x",
        "x = torch.ones(2)\nwith torch.no_grad():\n    y = weight * x",
        ["UserWarning: volatile was removed and now has no effect. Use `with torch.no_grad():` instead.", "True"],
        given="weight = torch.ones(2, requires_grad=True)",
        then="y.requires_grad",
    ),
    OldLine(
        "torch.range(1, 4)",
        "torch.arange(1, 5)",
        ["UserWarning: torch.range is deprecated and will be removed in a future release", "tensor([1., 2., 3., 4.])"],
    ),
    OldLine("nn.MSELoss(size_average=False)", 'nn.MSELoss(reduction="sum")', [f"{SIZES}'sum'"]),
    OldLine("nn.CrossEntropyLoss(reduce=False)", 'nn.CrossEntropyLoss(reduction="none")', [f"{SIZES}'none'"]),
    OldLine(
        "F.softmax(x)",
        "F.softmax(x, dim=1)",
        ["UserWarning: Implicit dimension choice for softmax has been deprecated.", "tensor([[0.5000, 0.5000]])"],
        given="x = torch.ones(1, 2)",
    ),
    OldLine(
        "nn.LogSoftmax()(x)",
        "nn.LogSoftmax(dim=1)(x)",
        ["UserWarning: Implicit dimension choice for log_softmax has been deprecated."],
        given="x = torch.ones(1, 2)",
    ),
    OldLine(
        "net = models.resnet18(pretrained=True)",
        'net = models.resnet18(weights="DEFAULT")',
        [
            "UserWarning: The parameter 'pretrained' is deprecated since 0.13 and may be removed in the future",
            "UserWarning: Arguments other than a weight enum or `None` for 'weights' are deprecated since 0.13",
        ],
        # Numbers of no meaning, where torchvision would keep what it downloads.
        unseen="""\
import pathlib
folder = pathlib.Path(torch.hub.get_dir(), "checkpoints")
folder.mkdir(parents=True)
name = models.ResNet18_Weights.DEFAULT.url.rpartition("/")[2]
torch.save(models.resnet18().state_dict(), folder / name)""",
    ),
    OldLine(
        "nn.init.xavier_uniform(net.weight)",
        "nn.init.xavier_uniform_(net.weight)",
        ["FutureWarning: `nn.init.xavier_uniform` is now deprecated in favor of `nn.init.xavier_uniform_`."],
        given=NETWORK,
        then="net.weight.shape",
    ),
    OldLine(
        "nn.utils.clip_grad_norm(net.parameters(), 1.0)",
        "nn.utils.clip_grad_norm_(net.parameters(), 1.0)",
        ["FutureWarning: `torch.nn.utils.clip_grad_norm` is now deprecated in favor of"],
        given=NETWORK,
    ),
    OldLine(
        "scheduler.step()\noptimizer.step()",
        "optimizer.step()\nscheduler.step()",
        ["UserWarning: Detected call of `lr_scheduler.step()` before `optimizer.step()`."],
        given=SCHEDULE,
    ),
    OldLine(
        "optimizer.step()\nscheduler.step(1)",
        "optimizer.step()\nscheduler.step()",
        ["UserWarning: The epoch parameter in `scheduler.step()` was not necessary and is being deprecated"],
        given=SCHEDULE,
    ),
    OldLine(
        "scheduler.get_lr()",
        "scheduler.get_last_lr()",
        ["UserWarning: To get the last learning rate computed by the scheduler, please use `get_last_lr()`.", "[0.1]"],
        given=SCHEDULE,
    ),
    OldLine(
        "F.upsample(x, scale_factor=2).shape",
        "F.interpolate(x, scale_factor=2).shape",
        ["UserWarning: `nn.functional.upsample` is deprecated. Use `nn.functional.interpolate` instead."],
        given="x = torch.ones(1, 1, 2, 2)",
    ),
    OldLine(
        "F.grid_sample(x, grid).item()",
        "F.grid_sample(x, grid, align_corners=True).item()",
        [
            "UserWarning: Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0.",
            "3.0",
        ],
        given="x, grid = torch.arange(4.0).view(1, 1, 2, 2), torch.full((1, 1, 1, 2), 0.5)",
    ),
    OldLine(
        "y.sum().backward()\ny.grad",
        "y.retain_grad()\ny.sum().backward()\ny.grad",
        ["UserWarning: The .grad attribute of a Tensor that is not a leaf Tensor is being accessed."],
        given="x = torch.ones(2, requires_grad=True)\ny = x * x",
    ),
    OldLine(
        "total = total + float(loss)",
        "total = total + loss.item()",
        [
            "UserWarning: Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.",
            "6.0",
        ],
        given="total, weight = 0, torch.tensor(3.0, requires_grad=True)\nloss = 2 * weight",
        then="total",
    ),
    OldLine(
        "torch.tensor(x)",
        "x.detach().clone()",
        ["UserWarning: To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone()"],
        given="x = torch.ones(2)",
    ),
    OldLine(
        "net.register_backward_hook(hook)",
        "net.register_full_backward_hook(hook)",
        ["FutureWarning: Using a non-full backward hook when the forward contains multiple autograd Nodes", "3"],
        given=f"""\
{NETWORK}
x = torch.ones(1, 2, requires_grad=True)
def hook(module, grad_input, grad_output):
    print(len(grad_input))""",
        then="net(x).sum().backward()",
    ),
    OldLine(
        "x[mask.byte()]",
        "x[mask]",
        [
            "UserWarning: indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool",
            "tensor([7])",
        ],
        given=f"x = torch.tensor([7, 8])\n{MASK}",
    ),
    OldLine(
        "torch.where(mask.byte(), x, -x)",
        "torch.where(mask, x, -x)",
        ["UserWarning: where received a uint8 condition tensor. This behavior is deprecated", "tensor([ 7, -8])"],
        given=f"x = torch.tensor([7, 8])\n{MASK}",
    ),
    OldLine(
        "x.add_(0.5, y)",
        "x.add_(y, alpha=0.5)",
        ["UserWarning: This overload of add_ is deprecated:\n\tadd_(Number alpha, Tensor other)", "tensor([2., 2.])"],
        given="x, y = torch.ones(2), 2 * torch.ones(2)",
    ),
    OldLine(
        "scaler = torch.cuda.amp.GradScaler()",
        "scaler = torch.amp.GradScaler(device.type)",
        ["FutureWarning: `torch.cuda.amp.GradScaler(args...)` is deprecated."],
        given=DEVICE,
    ),
    OldLine(
        "with torch.cuda.amp.autocast():\n    y = x @ x",
        "with torch.autocast(device.type):\n    y = x @ x",
        ["FutureWarning: `torch.cuda.amp.autocast(args...)` is deprecated."],
        given=f"{DEVICE}\nx = torch.ones(2, 2)",
    ),
    OldLine(
        "torch.set_default_tensor_type(torch.FloatTensor)",
        "torch.set_default_dtype(torch.float32)",
        ["UserWarning: torch.set_default_tensor_type() is deprecated as of PyTorch 2.1"],
    ),
    OldLine(
        "nn.utils.weight_norm(net)",
        "nn.utils.parametrizations.weight_norm(net)",
        ["FutureWarning: `torch.nn.utils.weight_norm` is deprecated in favor of"],
        given=NETWORK,
        then="net.weight.shape",
    ),
    OldLine(
        "net = torch.jit.script(net)",
        "net = torch.compile(net)",
        ["FutureWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or `torch.export`."],
        given=NETWORK,
    ),
    OldLine(
        "checkpoint(torch.exp, x)",
        "checkpoint(torch.exp, x, use_reentrant=False)",
        ["UserWarning: torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly."],
        given="from torch.utils.checkpoint import checkpoint\nx = torch.zeros(2, requires_grad=True)",
    ),
    OldLine("nn.NLLLoss2d()", "nn.NLLLoss()", ["FutureWarning: `NLLLoss2d` has been deprecated."]),
    OldLine(
        "torch.distributed.reduce_op.SUM",
        "torch.distributed.ReduceOp.SUM",
        ["FutureWarning: `torch.distributed.reduce_op` is deprecated, please use `torch.distributed.ReduceOp` instead"],
    ),
    OldLine(
        "rows, columns = torch.meshgrid(x, x)",
        'rows, columns = torch.meshgrid(x, x, indexing="ij")',
        ["UserWarning: torch.meshgrid: in an upcoming release, it will be required to pass the indexing argument."],
        given="x = torch.arange(2)",
        then="rows",
    ),
    OldLine(
        "x.T.shape",
        "x.permute(2, 1, 0).shape",
        ["UserWarning: The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated"],
        given="x = torch.ones(2, 3, 4)",
    ),
    OldLine("x.resize(4)", "x.reshape(4)", ["UserWarning: non-inplace resize is deprecated"], "x = torch.ones(2, 2)"),
    OldLine(
        "X, _ = torch.triangular_solve(B, A)",
        "X = torch.linalg.solve_triangular(A, B, upper=True)",
        ["UserWarning: torch.triangular_solve is deprecated in favor of torch.linalg.solve_triangular"],
        given="A, B = torch.eye(2), torch.ones(2, 1)",
        then="X",
    ),
    OldLine(
        "LU, pivots = torch.lu(A)",
        "LU, pivots = torch.linalg.lu_factor(A)",
        ["UserWarning: torch.lu is deprecated in favor of torch.linalg.lu_factor"],
        given="A = torch.eye(2)",
        then="pivots",
    ),
]
