"""
%% zh
练习答案：常见错误
==================

:doc:`80_pitfalls` 的练习，一题一节，答案都在运行时检验过。

.. minutes:: 6

%% en
Solutions: pitfalls
===================

The exercises of :doc:`80_pitfalls`, one section each. The answers were checked as they ran.

.. minutes:: 6
"""

# %% zh
# .. _solutions-pitfalls-1:
#
# 乱猜 100 类
# -----------
#
# 乱猜给每一类的概率都是百里挑一，损失是 :math:`\ln 100`。多做一次 softmax，最好的得分是一个 1、九十九个 0，正确答案的概率是 :math:`e / (e + 99)`，损失是 :math:`\ln (e + 99) - 1`：比乱猜低不了多少，所以类别越多，多做的那一次越有害。
#
# %% en
# .. _solutions-pitfalls-1:
#
# Guess among 100 classes
# -----------------------
#
# Guessing gives each class one in a hundred, a loss of :math:`\ln 100`. With a softmax too many, the best scores are one 1 and ninety-nine 0, and the probability of the right answer is :math:`e / (e + 99)`, a loss of :math:`\ln (e + 99) - 1`. That is not much below guessing: the more classes there are, the more harm the second softmax does.

import math

import torch
from torch import nn
from torch.nn.functional import cross_entropy

label = torch.tensor([3])
guessing = cross_entropy(torch.zeros(1, 100), label).item()
best = torch.zeros(1, 100)
best[0, 3] = 1.0
lowest = cross_entropy(best, label).item()
print(f"guessing = {guessing:.3f}, lowest = {lowest:.3f}")
assert math.isclose(guessing, math.log(100), rel_tol=1e-5)
assert math.isclose(lowest, math.log(math.e + 99) - 1, rel_tol=1e-5)

# %% zh
# .. _solutions-pitfalls-2:
#
# 换成 Adam
# ---------
#
# ``Adam`` 用梯度的大小去除步长，梯度越积越长，步子也长不起来。B 的曲线不再冲出画面，看上去好多了，可是方向仍然是旧的，它在测试集上远远落在 C 后面。只看曲线的模样，会放过它。A 和 E 照旧贴着乱猜的线。
#
# %% en
# .. _solutions-pitfalls-2:
#
# Take Adam
# ---------
#
# ``Adam`` divides its steps by the size of the gradients, so they do not grow as the gradients pile up. B no longer bursts out of the picture and looks far better. But its direction is still an old one, and on the test set it is far behind C. Whoever looks only at the shape of the curve lets it pass. A and E stay on the line of guessing, as before.

from torchhour.data.digits import digits

torch.set_num_threads(1)
train, test = digits(), digits(train=False)


def make_network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))


def batches():
    order = torch.Generator().manual_seed(0)
    for step in range(150):
        drawn = torch.randint(len(train), (64,), generator=order)
        yield train.images[drawn], train.labels[drawn]


@torch.no_grad()
def accuracy(network):
    return (network(test.images).argmax(dim=1) == test.labels).float().mean().item()


def train_with_adam(clear):
    network = make_network()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.002)
    losses = []
    for images, labels in batches():
        loss = cross_entropy(network(images), labels)
        if clear:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, accuracy(network)


losses_b, accuracy_b = train_with_adam(clear=False)
losses_c, accuracy_c = train_with_adam(clear=True)
print(f"B: highest loss = {max(losses_b):.2f}, accuracy = {accuracy_b:.1%}")
print(f"C: highest loss = {max(losses_c):.2f}, accuracy = {accuracy_c:.1%}")
assert max(losses_b) < 10 and accuracy_b < accuracy_c - 0.2

# %% zh
# .. _solutions-pitfalls-3:
#
# 第七个病人
# ----------
#
# ``zero_grad`` 写在 ``backward`` 和 ``step`` 之间：梯度刚算出来就清掉了，``step`` 的时候 ``grad`` 是 ``None``，什么也不改。两项检查的成绩和 A 一样：第一步的损失正常，十张图背不下来，一点没动。
# 区别在优化器：这一个手里正是网络的参数，A 手里是旧网络的。
#
# %% en
# .. _solutions-pitfalls-3:
#
# The seventh patient
# -------------------
#
# ``zero_grad`` stands between ``backward`` and ``step``: the gradients are cleared as soon as they are there. When ``step`` comes, ``grad`` is ``None``, and nothing changes. Both examinations end as those of A: the first loss is as it should be, ten pictures are not learned, nothing has moved.
# The difference is in the optimizer: this one holds the parameters of the network, and that of A those of an old one.

network = make_network()
before = [parameter.clone() for parameter in network.parameters()]
optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)
images, labels = train.images[:10], train.labels[:10]
losses = []
for step in range(100):
    loss = cross_entropy(network(images), labels)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    losses.append(loss.item())
held = optimizer.param_groups[0]["params"]
print(f"first loss = {losses[0]:.2f}, ten pictures = {losses[-1]:.2f}")
print("gradient =", network[1].weight.grad, " held =", held[0] is network[1].weight)
assert losses[0] == losses[-1] and abs(losses[0] - math.log(10)) < 0.2
assert all(map(torch.equal, network.parameters(), before))
assert held[0] is network[1].weight and network[1].weight.grad is None

# %% zh
# .. _solutions-pitfalls-4:
#
# 读一条报错
# ----------
#
# 前面的矩阵是 64×1024：一批 64 张图，一张 1024 个数，边长是 32。后面的 784×10 是一层的权重，转置过：它以为一张图有 784 个数，边长是 28。两种改法：网络照图改，``nn.Linear(1024, 10)``；图照网络改，剪成或缩成 28×28。
#
# %% en
# .. _solutions-pitfalls-4:
#
# Read a message
# --------------
#
# The first matrix is 64×1024: a batch of 64 pictures with 1024 numbers each, so their side is 32. The second, 784×10, is the weight of a layer, transposed: it expects 784 numbers, which is a side of 28. Two cures: fit the network to the pictures, ``nn.Linear(1024, 10)``; or fit the pictures to the network, cropped or shrunk to 28×28.

from torchhour.outcomes import caught

pictures = torch.rand(64, 1, 32, 32)
with caught():
    nn.Linear(784, 10)(pictures.flatten(1))
one = nn.Linear(1024, 10)(pictures.flatten(1))
other = nn.Linear(784, 10)(pictures[:, :, 2:30, 2:30].flatten(1))
print(tuple(one.shape), tuple(other.shape))
assert one.shape == other.shape == (64, 10)

# %% zh
# .. _solutions-pitfalls-5:
#
# 再弄坏一处
# ----------
#
# 一个例子：图全是黑的，比如除以 255 除了两次，又取了整。第一步的损失正常；十张图背不下来，停在半路；考试还是乱猜。图里什么也没有，能学的只剩最后一层的偏置，它至多学会各类出现的多少，损失就停在这十个标签的熵 :math:`-\sum_k p_k \ln p_k` 上，其中 :math:`p_k` 是第 :math:`k` 类所占的比例。
# 病人 F 也停在附近：几步之后，``relu`` 出来的全是 0，剩下能学的同样只有偏置。
#
# %% en
# .. _solutions-pitfalls-5:
#
# Break one more thing
# --------------------
#
# One example: all pictures are black, say, divided by 255 twice and then rounded. The first loss is as it should be; ten pictures are not learned, and the loss stops half way; the exam is guessing. There is nothing in the pictures, and all that can learn is the bias of the last layer. At best it learns how frequent each class is, so that the loss stops at the entropy of these ten labels, :math:`-\sum_k p_k \ln p_k`, where :math:`p_k` is the share of class :math:`k`.
# Patient F stops near it, too: after a few steps, all that comes out of ``relu`` is 0, and again nothing but the bias can learn.

network = make_network()
optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)
losses = []
for step in range(500):
    loss = cross_entropy(network(0 * images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
shares = labels.bincount().float() / len(labels)
shares = shares[shares > 0]
entropy = -(shares * shares.log()).sum().item()
print(f"first loss = {losses[0]:.2f}, ten pictures = {losses[-1]:.2f}, entropy = {entropy:.2f}")
print(f"test = {accuracy(network):.1%}")
assert abs(losses[-1] - entropy) < 0.1 and accuracy(network) < 0.2
