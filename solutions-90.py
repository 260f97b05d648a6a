"""
%% zh
读懂旧代码：练习答案
====================

%% en
Reading old code: solutions
===========================
"""

# %% zh
# .. _solutions-old-code-1:
#
# 练习 1：数一数
# --------------
#
# ``range`` 含终点，有 10 个；``arange`` 不含，剩 9 个。要带上终点 1，把终点往后挪一步，或者半步，免得小数的误差多带出一个。
#
# %% en
# .. _solutions-old-code-1:
#
# Exercise 1: count
# -----------------
#
# ``range`` includes its end and has 10; ``arange`` does not, and 9 are left. To have the end, 1, move the end on by a step, or by half a step, lest rounding brings one more.

import warnings

import torch

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    assert len(torch.range(1, 10)) == 10
assert len(torch.arange(1, 10)) == 9
assert torch.arange(1, 11).tolist() == list(range(1, 11))
print(torch.arange(0, 1 + 0.25 / 2, 0.25))
assert torch.arange(0, 1 + 0.25 / 2, 0.25).tolist() == [0, 0.25, 0.5, 0.75, 1]

# %% zh
# .. _solutions-old-code-2:
#
# 练习 2：平均改成求和
# --------------------
#
# 一批 4 张，和是平均的 4 倍，梯度也是。步子是学习率乘梯度，要走得一样远，学习率除以 4。
#
# %% en
# .. _solutions-old-code-2:
#
# Exercise 2: a sum instead of a mean
# -----------------------------------
#
# A batch has 4 pictures, so the sum is 4 times the mean, and so are the gradients. A step is the learning rate times the gradient: for steps of the same length, divide the learning rate by 4.

from torch import nn
from torch.nn.functional import cross_entropy

torch.manual_seed(0)
network = nn.Linear(6, 3)
images, labels = torch.rand(4, 6), torch.tensor([0, 1, 2, 0])
losses, gradients = [], []
for reduction in ("mean", "sum"):
    network.zero_grad()
    loss = cross_entropy(network(images), labels, reduction=reduction)
    loss.backward()
    losses.append(loss.item())
    gradients.append(network.weight.grad)
print(f"times = {losses[1] / losses[0]:.2f}")
assert abs(losses[1] / losses[0] - 4) < 1e-5
assert torch.allclose(gradients[1], 4 * gradients[0])

# %% zh
# .. _solutions-old-code-3:
#
# 练习 3：三种取反
# ----------------
#
# 前两种是 ``bool``，第三种是 ``int64``。能挑选元素的是 ``bool``；``int64`` 的 0 和 1 会被当成编号，不报错，取出的却是第 0 个和第 1 个。
#
# %% en
# .. _solutions-old-code-3:
#
# Exercise 3: three ways to invert
# --------------------------------
#
# The first two are ``bool``, the third is ``int64``. What selects elements is ``bool``; the 0 and 1 of ``int64`` are taken for indices: no error, but what you get are the elements at 0 and 1.

mask, x = torch.tensor([True, False, True]), torch.tensor([7, 8, 9])
ways = {"~mask": ~mask, "logical_not": mask.logical_not(), "1 - long": 1 - mask.long()}
for name, way in ways.items():
    print(f"{name:11}  {way.dtype}  {x[way].tolist()}")
assert x[~mask].tolist() == x[mask.logical_not()].tolist() == [8]
assert x[1 - mask.long()].tolist() == [7, 8, 7]

# %% zh
# .. _solutions-old-code-4:
#
# 练习 4：修三行
# --------------
#
# 警告先后来自 ``volatile`` 和没有 ``dim`` 的 ``softmax``，报错来自最后的 ``[0]``：``p.max(1)[1]`` 现在是一维的，取一次就是那个数。三个概率一样大，最大的编号是哪一个都算对，所以这里只看它在不在范围里。
#
# %% en
# .. _solutions-old-code-4:
#
# Exercise 4: mend three lines
# ----------------------------
#
# The warnings come from ``volatile``, then from ``softmax`` without ``dim``, and the error from the last ``[0]``: ``p.max(1)[1]`` has one dimension now, and one index takes the number. All three probabilities are the same, and any of the indices would be right, so all we ask here is that it is one of them.

from torchhour.outcomes import outcomes

old = """
import torch.nn.functional as F
from torch.autograd import Variable
x = Variable(torch.ones(1, 3), volatile=True)
p = F.softmax(x)
best = p.max(1)[1][0][0]
"""
new = """
import torch.nn.functional as F
with torch.no_grad():
    x = torch.ones(1, 3)
    p = F.softmax(x, dim=1)
best = p.max(1)[1][0].item()
best in range(3), p.requires_grad
"""
for code in (old, new):
    print([happened.type for happened in outcomes(code)])
assert [happened.type for happened in outcomes(old)] == ["UserWarning", "UserWarning", "IndexError"]
[only] = outcomes(new)
assert only.message == "(True, False)"

# %% zh
# .. _solutions-old-code-5:
#
# 练习 5：自己找一份
# ------------------
#
# 各人找到的不一样。这一课自己的四组，报错的最多，一声不响的最少：不报错的难发现，也就难收集。要找它们，拿旧代码的一小段和另一种算法比，例如损失：
#
# %% en
# .. _solutions-old-code-5:
#
# Exercise 5: of your own
# -----------------------
#
# Everyone finds something else. Of the four groups of the lesson itself, errors are the largest, and the quiet ones the smallest: what raises no error is hard to notice, and so it is hard to collect. To find it, compare a small piece of old code with another way of computing, as with this loss:

from torchhour.old_code.table import TABLES

counts = {name: len(lines) for name, lines in TABLES.items()}
print(counts)
assert max(counts, key=counts.get) == "raises" and min(counts, key=counts.get) == "misleads"

output, target = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([0.0, 1.0, 2.0])
by_hand = sum((one.item() - other.item()) ** 2 for one, other in zip(output, target)) / 3
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    by_torch = nn.MSELoss()(output, target).item()
print(f"by hand = {by_hand:.2f}, by torch = {by_torch:.2f}")
assert by_hand == 0 and by_torch > 1
