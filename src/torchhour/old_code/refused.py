"""Old lines that raise an error because what is there takes, or gives, other things than it did."""

from __future__ import annotations

from torchhour.old_code.line import OldLine

CURVE = "x = torch.ones(2, requires_grad=True)\ny = (x * x).mean()"
DEVICE = 'device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")'
MASK = "mask = torch.tensor([True, False])"
SCORES = f"scores = torch.ones(2)\n{MASK}"
OPTIMIZER = "optimizer = torch.optim.SGD(nn.Linear(2, 1).parameters(), lr=0.1)"

LEGACY = """\
class Double(torch.autograd.Function):
    def forward(self, x):
        return 2 * x
    def backward(self, grad):
        return 2 * grad
double = Double()"""
STATIC = """\
class Double(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        return 2 * x
    @staticmethod
    def backward(context, grad):
        return 2 * grad
double = Double.apply"""

TENSORS = [
    OldLine(
        "images, labels = dataiter.next()",
        "images, labels = next(dataiter)",
        ["AttributeError: '_SingleProcessDataLoaderIter' object has no attribute 'next'"],
        given="loader = torch.utils.data.DataLoader([(torch.ones(2), 7)])\ndataiter = iter(loader)",
        then="labels",
    ),
    OldLine(
        "loss.data[0]", "loss.item()", ["IndexError: invalid index of a 0-dim tensor."], "loss = torch.tensor(1.5)"
    ),
    OldLine(
        "predicted[1][0]",
        "predicted[1]",
        ["IndexError: invalid index of a 0-dim tensor."],
        given="scores = torch.tensor([[0.1, 0.9], [0.8, 0.2]])\n_, predicted = torch.max(scores, 1)",
    ),
    OldLine(
        "loss.data.numpy()[0]",
        "loss.item()",
        ["IndexError: too many indices for array: array is 0-dimensional, but 1 were indexed"],
        given="loss = torch.tensor(1.5)",
    ),
    OldLine(
        "nn.CrossEntropyLoss()(scores, torch.FloatTensor([1, 0]))",
        "nn.CrossEntropyLoss()(scores, torch.tensor([1, 0]))",
        ["RuntimeError: expected target dtype to be Long or Byte, but got Float"],
        given="scores = torch.ones(2, 3)",
    ),
    OldLine(
        "nn.BCELoss()(chances, labels)",
        "nn.BCELoss()(chances, labels.view(-1, 1))",
        ["ValueError: Using a target size (torch.Size([2])) that is different to the input size (torch.Size([2, 1]))"],
        given="chances, labels = torch.full((2, 1), 0.5), torch.ones(2)",
    ),
    OldLine("1 - mask", "~mask", ["NotImplementedError: Subtraction, the `-` operator, with a bool tensor"], MASK),
    OldLine(
        "scores.masked_fill_(mask.byte(), 0)",
        "scores.masked_fill_(mask, 0)",
        ["RuntimeError: masked_fill_ only supports boolean masks, but got mask with dtype unsigned char"],
        given=SCORES,
    ),
    OldLine(
        "scores.masked_select(mask.byte())",
        "scores.masked_select(mask)",
        ["RuntimeError: masked_select: expected BoolTensor for mask"],
        given=SCORES,
    ),
    OldLine("torch.Tensor(3.0)", "torch.tensor(3.0)", ["TypeError: new(): data must be a sequence (got float)"]),
]

AUTOGRAD = [
    OldLine("y.creator", "y.grad_fn", ["AttributeError: 'Tensor' object has no attribute 'creator'"], CURVE),
    OldLine(
        "y.grad_fn.previous_functions",
        "y.grad_fn.next_functions",
        ["AttributeError: 'MeanBackward0' object has no attribute 'previous_functions'"],
        given=CURVE,
    ),
    OldLine(
        "y.backward(torch.Tensor([1.0]))",
        "y.backward()",
        ["RuntimeError: Mismatch in shape: grad_output[0] has a shape of torch.Size([1]) and output[0] has a shape of"],
        given=CURVE,
        then="x.grad",
    ),
    OldLine(
        "y.backward(retain_variables=True)",
        "y.backward(retain_graph=True)",
        ["TypeError: Tensor.backward() got an unexpected keyword argument 'retain_variables'"],
        given=CURVE,
        then="x.grad",
    ),
    OldLine(
        "net.weight.grad.data.zero_()",
        "net.zero_grad()",
        ["AttributeError: 'NoneType' object has no attribute 'data'"],
        given="net = nn.Linear(2, 1)",
    ),
    OldLine(
        "w -= 0.1 * w.grad",
        "with torch.no_grad():\n    w -= 0.1 * w.grad",
        ["RuntimeError: a leaf Variable that requires grad is being used in an in-place operation."],
        given="w = torch.ones(2, requires_grad=True)\nw.sum().backward()",
        then="w",
    ),
    OldLine(
        "y.numpy()",
        "y.detach().numpy()",
        ["RuntimeError: Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."],
        given=CURVE,
    ),
    OldLine(
        LEGACY,
        STATIC,
        ["RuntimeError: Legacy autograd function with non-static forward method is deprecated."],
        then="double(torch.ones(2))",
    ),
]

CALLS = [
    OldLine(
        "x = x.cuda(async=True)",
        "x = x.to(device, non_blocking=True)",
        ["SyntaxError: invalid syntax"],
        given=f"x = torch.ones(2)\n{DEVICE}",
    ),
    OldLine('print "loss", 1.5', 'print("loss", 1.5)', ["SyntaxError: Missing parentheses in call to 'print'."]),
    OldLine("list(xrange(3))", "list(range(3))", ["NameError: name 'xrange' is not defined"]),
    OldLine(
        "torch.optim.lr_scheduler.StepLR(optimizer, 30, verbose=True)",
        "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30)",
        ["TypeError: StepLR.__init__() got an unexpected keyword argument 'verbose'"],
        given=OPTIMIZER,
    ),
    OldLine(
        "make_grid(pictures, range=(-1, 1)).shape",
        "make_grid(pictures, value_range=(-1, 1)).shape",
        ["TypeError: make_grid() got an unexpected keyword argument 'range'"],
        given="from torchvision.utils import make_grid\npictures = torch.ones(2, 3, 4, 4)",
    ),
]

FILES = [
    OldLine(
        'torch.save(net, "net.pt")\nnet = torch.load("net.pt")',
        'torch.save(net.state_dict(), "net.pt")\nnet.load_state_dict(torch.load("net.pt"))',
        ["UnpicklingError: Weights only load failed."],
        given="net = nn.Linear(2, 1)",
    ),
    OldLine(
        'torch.save({"best": np.float64(0.9)}, "run.pt")\ntorch.load("run.pt")',
        'torch.save({"best": float(np.float64(0.9))}, "run.pt")\ntorch.load("run.pt")',
        ["UnpicklingError: Weights only load failed."],
    ),
    OldLine(
        "net.load_state_dict(state)",
        'net.load_state_dict({name.removeprefix("module."): value for name, value in state.items()})',
        ['RuntimeError: Error(s) in loading state_dict for Linear:\n\tMissing key(s) in state_dict: "weight", "bias".'],
        given="net = nn.Linear(2, 1)\nstate = nn.DataParallel(net).state_dict()",
    ),
]

LINES = TENSORS + AUTOGRAD + CALLS + FILES
