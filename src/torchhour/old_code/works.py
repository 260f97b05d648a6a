"""Old lines that still do what they did, and for which there is a better way today."""

from __future__ import annotations

from torchhour.old_code.line import OldLine

STEP = "net = nn.Linear(2, 1, bias=False)\nnn.init.ones_(net.weight)\nnet(torch.ones(1, 2)).sum().backward()"
CLASS = """\
class Net(nn.Module):
    def __init__(self):
        {}
        self.layer = nn.Linear(2, 1)"""

LINES = [
    OldLine(
        "x = Variable(torch.ones(2), requires_grad=True)",
        "x = torch.ones(2, requires_grad=True)",
        ["tensor([1., 1.], requires_grad=True)"],
        then="x",
    ),
    OldLine(
        "for f in net.parameters():\n    f.data.sub_(f.grad.data * 0.1)",
        "with torch.no_grad():\n    for f in net.parameters():\n        f.sub_(f.grad * 0.1)",
        ["tensor([[0.9000, 0.9000]])"],
        given=STEP,
        then="net.weight.detach()",
    ),
    OldLine("y.data.numpy()", "y.detach().numpy()", ["array([2., 2.]"], "y = 2 * torch.ones(2, requires_grad=True)"),
    OldLine(
        "net = nn.DataParallel(net)",
        "net = net.to(device)",
        ["torch.Size([3, 1])"],
        given='net, x = nn.Linear(2, 1), torch.ones(3, 2)\ndevice = "cpu"',
        then="net(x).shape",
    ),
    OldLine("F.sigmoid(x)", "torch.sigmoid(x)", ["tensor([0.5000])"], "x = torch.zeros(1)"),
    OldLine("F.tanh(x)", "torch.tanh(x)", ["tensor([0.])"], "x = torch.zeros(1)"),
    OldLine("x.type(torch.LongTensor)", "x.long()", ["tensor([1, 2])"], "x = torch.tensor([1.0, 2.0])"),
    OldLine("torch.FloatTensor(2, 3).shape", "torch.empty(2, 3).shape", ["torch.Size([2, 3])"]),
    OldLine("x.new(2, 3).shape", "x.new_empty(2, 3).shape", ["torch.Size([2, 3])"], "x = torch.ones(1)"),
    OldLine("torch.norm(x)", "torch.linalg.vector_norm(x)", ["tensor(5.)"], "x = torch.tensor([3.0, 4.0])"),
    OldLine("torch.ger(x, x)", "torch.outer(x, x)", ["tensor([[ 9., 12.]"], "x = torch.tensor([3.0, 4.0])"),
    OldLine(
        "U, S, V = torch.svd(A)",
        "U, S, Vh = torch.linalg.svd(A, full_matrices=False)",
        ["tensor([3., 2.])"],
        given="A = torch.tensor([[2.0, 0.0], [0.0, 3.0]])",
        then="S",
    ),
    OldLine(
        CLASS.format("super(Net, self).__init__()"),
        CLASS.format("super().__init__()"),
        ["torch.Size([1, 2])"],
        then="Net().layer.weight.shape",
    ),
    OldLine(
        "from torch.utils.model_zoo import load_url",
        "from torch.hub import load_state_dict_from_url as load_url",
        ["'load_state_dict_from_url'"],
        then="load_url.__name__",
    ),
]
