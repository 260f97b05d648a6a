"""Old lines that run, and give a wrong number, another than they gave, or something that is not a number."""

from __future__ import annotations

from torchhour.old_code.line import OldLine

LINES = [
    OldLine(
        "loss = nn.MSELoss()(output, target)",
        "loss = nn.MSELoss()(output, target.float().view(-1, 1))",
        ["UserWarning: Using a target size (torch.Size([3])) that is different to the input size", "tensor(1.3333)"],
        given="target = torch.arange(3)\noutput = torch.arange(3.0).view(3, 1)",
        then="loss",
    ),
    OldLine(
        "y.data.add_(1)",
        "y = y + 1",
        ["tensor([3.7183, 3.7183])"],
        given="x = torch.ones(2, requires_grad=True)\ny = x.exp()",
        then="y.sum().backward()\nx.grad",
    ),
    OldLine("torch.tensor(5) / 2", "torch.tensor(5) // 2", ["tensor(2.5000)"]),
    OldLine("torch.tensor(-3) // 2", 'torch.div(torch.tensor(-3), 2, rounding_mode="trunc")', ["tensor(-2)"]),
    OldLine("torch.Tensor(3).shape", "torch.tensor(3).shape", ["torch.Size([3])"]),
    OldLine("torch.LongTensor([0.9, 1.9])", "torch.tensor([0.9, 1.9])", ["tensor([0, 1])"]),
    OldLine(
        'F.interpolate(x, scale_factor=2, mode="bilinear")[0, 0, 0]',
        'F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)[0, 0, 0]',
        ["tensor([0.0000, 0.2500, 0.7500, 1.0000])"],
        given="x = torch.arange(4.0).view(1, 1, 2, 2)",
    ),
    OldLine(
        "weight = weight + 0.1 * weight.grad",
        "weight = weight - 0.1 * weight.grad",
        ["3.6"],
        given="weight = torch.tensor(3.0, requires_grad=True)\n(weight**2).backward()",
        then="round(weight.item(), 2)",
    ),
    OldLine(
        "total = total + loss",
        "total = total + loss.item()",
        ["tensor(6., grad_fn=<AddBackward0>)"],
        given="total, weight = 0, torch.tensor(3.0, requires_grad=True)\nloss = 2 * weight",
        then="total",
    ),
    OldLine(
        "correct += (predicted == labels).sum()",
        "correct += (predicted == labels).sum().item()",
        ["tensor(2)"],
        given="correct = 0\npredicted, labels = torch.tensor([3, 8, 8]), torch.tensor([3, 8, 1])",
        then="correct",
    ),
]
