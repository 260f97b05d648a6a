"""
%% zh
练习答案
========

每一课的每道练习，答案都在这里。答案全都真的运行过，每个都有一行断言检验。
答案折叠着，免得你不小心看到别的；从一道练习的提示里点过来，只有它的答案会打开。

**需要的基础：**先自己做，再看提示，然后才来这里。

%% en
Solutions
=========

Here is the solution of every exercise of every lesson. All of them were run, and an assertion checks each answer.
They are folded, so that you see none by accident; come by the link in an exercise's hint, and only its solution opens.

**What you need:** to have tried it yourself, and then the hint.
"""

# %% zh
# .. _solutions-check:
#
# 先核对自己的答案
# ----------------
#
# 有的练习只有一个对的答案，在笔记本里就能核对，不必看这一页。``check`` 收两样东西：练习的名字，和你的答案。比如要做一个棋盘，交上去的却全是零：
#
# %% en
# .. _solutions-check:
#
# Check your own answer first
# ---------------------------
#
# Some exercises have one right answer. You can check yours in a notebook, without looking at this page. ``check`` takes the exercise's name and your answer. Suppose that you were to make a chessboard, and hand in nothing but zeros:

import torch

from torchhour.exercises import check

check("tensors-3", torch.zeros(8, 8))

# %% zh
# 它不说答案，只说错在哪里，用两种语言各说一遍：种类不对、形状不对、数据类型不对，或者从哪个数起不对。名字是课程的名字加上练习的编号；哪些能核对，提示里写着。写错名字，它会列出全部。
#
# .. _solutions-first-steps:
#
# 第一步
# ------
#
# 题目在 :doc:`05_first_steps` 的末尾。
#
# .. _solutions-first-steps-1:
#
# 1. 步子太大，步子太小
# ~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <first-steps-exercises>`：把 ``lr`` 改成 0.2，再改成 0.00002，准确率各是多少？哪一次像小球爬得太慢，哪一次像小球飞了出去？
#
# 学习率取三个值，各训练一次，看每轮的平均损失。图最多用 1,500 张，省得等。
#
# %% en
# It does not tell the answer, but what is wrong with yours, once in each language: its kind, its shape, its data type, or the first number that differs. The name is the lesson's with the number of the exercise; a hint says where an answer can be checked. Misspell the name, and you get the list.
#
# .. _solutions-first-steps:
#
# First steps
# -----------
#
# The exercises are at the end of :doc:`05_first_steps`.
#
# .. _solutions-first-steps-1:
#
# 1. Steps too large, too small
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <first-steps-exercises>`: set ``lr`` to 0.2, then to 0.00002. What accuracy does each reach? Which one is the ball that creeps, and which the ball that flies away?
#
# Train once with each of three learning rates, and look at the mean loss of every epoch. To save time, there are 1,500 pictures at most.

import torch
from torch import nn

from torchhour.data.digits import digits

torch.set_num_threads(1)
train_set, test_set = digits(), digits(train=False)


def learn(lr):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.Adam(network.parameters(), lr=lr)
    losses = []
    for epoch in range(5):
        batches = torch.randperm(min(len(train_set), 1500)).split(32)
        total = 0
        for batch in batches:
            scores = network(train_set.images[batch])
            loss = nn.functional.cross_entropy(scores, train_set.labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        losses.append(total / len(batches))
    answers = network(test_set.images).argmax(dim=1)
    return losses, (answers == test_set.labels).float().mean().item()


runs = {"as it was": learn(0.002), "too large": learn(0.2), "too small": learn(0.00002)}
print(f"{'':9}  epoch 1  epoch 5  accuracy")
for name, (losses, accuracy) in runs.items():
    print(f"{name:9}  {losses[0]:7.3f}  {losses[-1]:7.3f}  {accuracy:8.1%}")
creeping, slow = runs["too small"]
assert all(later < earlier for earlier, later in zip(creeping, creeping[1:]))
assert runs["too large"][1] < 0.35 < slow < runs["as it was"][1]

# %% zh
# 0.2 太大，小球飞了出去：第一轮的损失就高达 :printed:`too large, epoch 1`，后来停在乱猜的 2.3 附近，准确率是 :printed:`too large, accuracy`，和乱猜相差不远。
#
# 0.00002 太小，小球在爬：损失每一轮都变小，从 :printed:`too small, epoch 1` 到 :printed:`too small, epoch 5`。准确率已有 :printed:`too small, accuracy`，方向是对的，只是五轮不够；``lr`` 是 0.002 时有 :printed:`as it was, accuracy`。
#
# .. _solutions-first-steps-2:
#
# 2. 两个点的损失
# ~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <first-steps-exercises>`：两个点是 :math:`(0, 1)` 和 :math:`(1, 3)`，直线的斜率和截距都是 0，损失是多少？
#
# 直线在两处都是 0，差 1 和 3，所以损失是
#
# .. math:: \frac{1^2 + 3^2}{2} = 5
#
# %% en
# 0.2 is too large, and the ball flies away: even in the first epoch the loss is :printed:`too large, epoch 1`, and later it stays near the 2.3 of guessing. The accuracy, :printed:`too large, accuracy`, is not far from guessing, either.
#
# 0.00002 is too small, and the ball creeps: the loss falls in every epoch, from :printed:`too small, epoch 1` to :printed:`too small, epoch 5`. Its accuracy is :printed:`too small, accuracy` already. The direction is right, only five epochs are too few; with an ``lr`` of 0.002, it is :printed:`as it was, accuracy`.
#
# .. _solutions-first-steps-2:
#
# 2. The loss of two points
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <first-steps-exercises>`: for the points :math:`(0, 1)` and :math:`(1, 3)`, and a line of slope 0 and intercept 0, what is the loss?
#
# The line is 0 at both places and misses by 1 and by 3, so the loss is
#
# .. math:: \frac{1^2 + 3^2}{2} = 5

import torch

x, y = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])
slope, intercept = 0.0, 0.0
loss = ((slope * x + intercept - y) ** 2).mean()
print("loss =", loss.item())
assert loss == 5

# %% zh
# .. _solutions-first-steps-3:
#
# 3. 背下来的准确率
# ~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <first-steps-exercises>`：训练和测试用同一批图，准确率会更高，为什么这样的数没有用？
#
# 因为背下来也能得满分，而背下来的东西，换一张图就没用了。做一个极端的试验：拿 200 张图，**标签全部随机**，这里面没有任何规律可学。
#
# %% en
# .. _solutions-first-steps-3:
#
# 3. An accuracy learned by heart
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <first-steps-exercises>`: train and test on the same pictures, and the accuracy is higher. Why is such a number of no use?
#
# Because it can be had by learning the answers by heart, and these are worth nothing for the next picture. An extreme case shows it: take 200 pictures with **random labels**, in which there is nothing to understand.

import torch
from torch import nn

from torchhour.data.digits import digits

torch.manual_seed(0)
torch.set_num_threads(1)
train_set, test_set = digits(), digits(train=False)
images, labels = train_set.images[:200], torch.randint(10, (200,))
network = nn.Sequential(nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.Adam(network.parameters(), lr=0.005)
for step in range(300):
    optimizer.zero_grad()
    nn.functional.cross_entropy(network(images), labels).backward()
    optimizer.step()

same = (network(images).argmax(dim=1) == labels).float().mean().item()
unseen = (network(test_set.images).argmax(dim=1) == test_set.labels).float().mean().item()
print(f"same pictures = {same:.1%}, unseen pictures = {unseen:.1%}")
assert same > 0.95 and unseen < 0.35

# %% zh
# 同一批图，:printed:`same pictures` 都“对”；没见过的图，:printed:`unseen pictures`，乱猜也差不多。所以要用训练时没见过的图来考。
#
# .. _solutions-tensors:
#
# 张量
# ----
#
# 题目在 :doc:`10_tensors` 的末尾。
#
# .. _solutions-tensors-1:
#
# 1. 三个形状
# ~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <tensors-exercises>`：``a`` 是 2×3，三个结果各是什么形状？
#
# - ``torch.cat([a, a], dim=1)`` 沿已有的维 1 接：行数不变，列数相加，:math:`3 + 3 = 6`，得到 2×6。
# - ``torch.stack([a, a], dim=2)`` 新开一维，排在第 2 位（从 0 数起），长度是张量的个数 2，得到 2×3×2。
# - ``a @ a.T`` 是 2×3 乘 3×2：里面的两个 3 对上了，剩下外面的，得到 2×2。
#
# %% en
# Of the same pictures it gets :printed:`same pictures` "right"; of unseen ones :printed:`unseen pictures`, which guessing would do as well. Hence the exam must be on pictures that training never saw.
#
# .. _solutions-tensors:
#
# Tensors
# -------
#
# The exercises are at the end of :doc:`10_tensors`.
#
# .. _solutions-tensors-1:
#
# 1. Three shapes
# ~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <tensors-exercises>`: ``a`` is 2×3. What are the shapes of three results?
#
# - ``torch.cat([a, a], dim=1)`` joins along dimension 1, which is there: as many rows, and the columns add up, :math:`3 + 3 = 6`. That makes 2×6.
# - ``torch.stack([a, a], dim=2)`` opens a new dimension at position 2, counted from 0. Its length is the number of tensors, 2. That makes 2×3×2.
# - ``a @ a.T`` multiplies 2×3 by 3×2: the inner two 3 agree, and the outer ones are left. That makes 2×2.

import torch

a = torch.zeros(2, 3)
shapes = [torch.cat([a, a], dim=1).shape, torch.stack([a, a], dim=2).shape, (a @ a.T).shape]
print(*[tuple(shape) for shape in shapes])
assert shapes == [(2, 6), (2, 3, 2), (2, 2)]

# %% zh
# .. _solutions-tensors-2:
#
# 2. 缩成一半
# ~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <tensors-exercises>`：把数字缩成 16×16，只改两行。
#
# 32 行现在分成 16 组，每组 2 行，列也一样：``view(16, 2, 16, 2)``。求平均的维没有变。画图的那一行，4 改成 2，再指明要看哪一块。
#
# %% en
# .. _solutions-tensors-2:
#
# 2. Half the size
# ~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <tensors-exercises>`: shrink the digit to 16×16, by changing two lines.
#
# The 32 rows now make 16 groups of 2, and so do the columns: ``view(16, 2, 16, 2)``. The mean is taken along the same dimensions. In the line that draws, the 4 becomes 2; then say which block to look at.

import torch

from torchhour.data.digits import digits
from torchhour.zoom import draw_blocks

x = digits().images[0, 0]  # 32×32
groups = x.view(16, 2, 16, 2)
small = groups.mean(dim=(1, 3))  # 16×16
print("small =", tuple(small.shape))
draw_blocks(x, 2, i=4, j=6)
assert torch.allclose(small, torch.nn.functional.avg_pool2d(x[None], 2)[0])

# %% zh
# .. caption:: 图分成 2×2 的方块，每块四个数的平均是小图上的一个像素。
#
# .. _solutions-tensors-3:
#
# 3. 不用循环的棋盘
# ~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <tensors-exercises>`：不用循环，做一个 8×8 的棋盘，0 和 1 相间。
#
# 往右一格，或者往下一格，行号加列号都变大 1，除以 2 的余数就在 0 和 1 之间换一次。8×1 的一列加上 8 个数的一行，广播成 8×8。
#
# %% en
# .. caption:: The picture in blocks of 2×2; the mean of the four numbers in a block is one pixel of the small picture.
#
# .. _solutions-tensors-3:
#
# 3. A chessboard without a loop
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <tensors-exercises>`: without a loop, make a chessboard of 8×8, in which 0 and 1 alternate.
#
# One place to the right, or one down, row plus column grows by 1, and the remainder after dividing by 2 changes between 0 and 1. A column of 8×1 and a row of 8 numbers broadcast to 8×8.

import torch

board = (torch.arange(8)[:, None] + torch.arange(8)) % 2
print(board[:2])
assert board.shape == (8, 8)
assert (board[1:] != board[:-1]).all() and (board[:, 1:] != board[:, :-1]).all()
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

plt.figure(figsize=(1.6, 1.6), layout="constrained")
plt.imshow(board, cmap="gray")
plt.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 8×8 的棋盘，黑白相间。
#
# .. _solutions-tensors-4:
#
# 4. 平均的数字
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <tensors-exercises>`：求每个数字的平均图，画成一排。哪些最模糊，为什么？
#
# 条件 ``pictures.labels == digit`` 挑出这个数字的图，沿维 0 求平均，张数那一维就没有了。模糊的程度也可以量：对每个像素，求各张图之间的标准差，再取平均。
#
# %% en
# .. caption:: A chessboard of 8×8, black and white.
#
# .. _solutions-tensors-4:
#
# 4. The average digit
# ~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <tensors-exercises>`: average the pictures of each digit, and draw the averages in a row. Which are the most blurred, and why?
#
# The condition ``pictures.labels == digit`` chooses the pictures of a digit; the mean along dimension 0 takes away the dimension that counts them. The blur can be measured, too: at each pixel, take the standard deviation from picture to picture, then the mean of all pixels.

import torch

from torchhour.data.digits import digits

pictures = digits()
groups = [pictures.images[pictures.labels == digit] for digit in range(10)]
averages = torch.stack([group.mean(dim=0) for group in groups])  # 10×1×32×32
blur = torch.stack([group.std(dim=0).mean() for group in groups])  # 10
print("averages =", tuple(averages.shape))
print("sharpest =", blur.argmin().item(), " most blurred =", blur.argmax().item())
sums = torch.zeros(10, 1, 32, 32).index_add(0, pictures.labels, pictures.images)
assert torch.allclose(averages, sums / pictures.labels.bincount()[:, None, None, None], atol=1e-4)
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 10, figsize=(4.6, 0.6), layout="constrained")
for axis, average in zip(axes, averages):
    axis.imshow(average[0], cmap="gray")
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 十张平均图，从 0 到 9。
#
# 最清楚的是 :printed:`sharpest`，最模糊的是 :printed:`most blurred`。笔画位置人人一样的地方，平均以后还是亮的；各人写得不一样的地方，有的图亮，有的图暗，平均以后就成了灰的。所以模糊说明写法多，或者斜的程度不一。
#
# .. _solutions-autograd:
#
# 自动求导
# --------
#
# 题目在 :doc:`20_autograd` 的末尾。
#
# .. _solutions-autograd-1:
#
# 1. 一步到谷底
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <autograd-exercises>`：从 ``w`` = 4、``b`` = 1 走一步，误差是多少？:math:`\eta` 取多大，一步就到谷底？取多大，永远左右摇摆？
#
# ``x`` 是 3，``y`` 是 8，走一步以后的误差是
#
# .. math:: 3 (4 - 30 \eta) + (1 - 10 \eta) - 8 = 5 - 100 \eta
#
# 它等于 0，就到了谷底：:math:`\eta = 0.05`。它等于 −5，就到了对面同样高的地方：:math:`\eta = 0.1`；从那里再走一步，又回到 5，永远不停。比 0.1 再大，就越走越远。
#
# %% en
# .. caption:: The ten averages, from 0 to 9.
#
# Sharpest is :printed:`sharpest`, most blurred :printed:`most blurred`. Where everybody has the stroke in the same place, the average stays bright. Where they write in different ways, some pictures are bright and others dark, and the average is gray. So blur means many ways of writing a digit, or many slants.
#
# .. _solutions-autograd:
#
# Autograd
# --------
#
# The exercises are at the end of :doc:`20_autograd`.
#
# .. _solutions-autograd-1:
#
# 1. To the bottom in one step
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <autograd-exercises>`: take one step from ``w`` = 4 and ``b`` = 1. What is the error? Which :math:`\eta` takes you to the bottom in a single step, and which one swings for ever?
#
# With ``x`` at 3 and ``y`` at 8, the error after one step is
#
# .. math:: 3 (4 - 30 \eta) + (1 - 10 \eta) - 8 = 5 - 100 \eta
#
# Where it is 0, you are at the bottom: :math:`\eta = 0.05`. Where it is −5, you are just as high on the other side: :math:`\eta = 0.1`; the next step leads back to 5, and so on for ever. Above 0.1, you go farther and farther away.

import torch


def errors(rate):
    w = torch.tensor(4.0, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=rate)
    found = []
    for step in range(4):
        error = w * 3 + b - 8
        found.append(round(error.item(), 6) + 0.0)
        optimizer.zero_grad()
        (error**2).backward()
        optimizer.step()
    return found


for rate in (0.05, 0.1, 0.12):
    print("rate =", rate, " errors =", errors(rate))
assert errors(0.05) == [5, 0, 0, 0] and errors(0.1) == [5, -5, 5, -5]
assert all(errors(rate)[1] == round(5 - 100 * rate, 6) for rate in (0.01, 0.03, 0.12))

# %% zh
# .. _solutions-autograd-2:
#
# 2. 忘了清空梯度
# ~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <autograd-exercises>`：删去 ``optimizer.zero_grad()``，二十步的损失会怎样？路变成了什么样子？
#
# %% en
# .. _solutions-autograd-2:
#
# 2. Without clearing the gradients
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <autograd-exercises>`: delete ``optimizer.zero_grad()``. What do the losses do in the twenty steps, and what has become of the path?

import torch


def descend(clear):
    w, b = torch.tensor(4.0, requires_grad=True), torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=0.01)
    losses, way = [], []
    for step in range(20):
        loss = (w * 3 + b - 8) ** 2
        losses.append(loss.item())
        way.append((w.item(), b.item()))
        if clear:
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses, way


losses, way = descend(clear=False)
print("losses:", *[f"{loss:.0f}" for loss in losses])
calm, _ = descend(clear=True)
assert calm[-1] < 0.01 and max(losses[10:]) > 20 and min(losses) < 1
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

figure, (above, beside) = plt.subplots(1, 2, figsize=(4.6, 2.3), layout="constrained")
across, up = torch.meshgrid(torch.linspace(-1, 5, 60), torch.linspace(-1, 1.5, 60), indexing="xy")
above.contour(across, up, (across * 3 + up - 8) ** 2, levels=[1, 9, 25, 49], colors="gray", linewidths=0.8)
above.plot(*zip(*way), "o-", color="tab:orange", markersize=4, alpha=0.6)
above.set_xlabel("w", family="monospace")
above.set_ylabel("b", family="monospace")
beside.plot(losses, color="tab:orange")
beside.plot(calm, color="tab:blue")
beside.set(xlabel="step", ylabel="loss")
plt.show()
# endregion

# %% zh
# .. caption:: 左边是从上往下看的路，在谷底两边来回；右边是损失：不清空的是橙色，忽高忽低；清空的是蓝色，降到接近 0。
#
# 损失降到接近 0，又升回 25 左右，反复如此，停不下来。每一步用的是以前所有梯度的和，它像速度：到了谷底，梯度是 0，速度却最大，于是冲上对面的坡，直到慢下来，再往回滚。路也就成了来回重叠的一条线。
#
# 这与动量只差一点：动量 0.9 每一步只留下以前的九成，像有摩擦，所以停得下来。
#
# .. _solutions-autograd-3:
#
# 3. 求两次导数
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <autograd-exercises>`：:math:`x = 2` 时，求 :math:`y = x^3 + 4x` 的一阶和二阶导数。
#
# 用笔：:math:`y' = 3x^2 + 4`，在 2 处是 16；:math:`y'' = 6x`，在 2 处是 12。
#
# %% en
# .. caption:: On the left, the path from above, to and fro across the valley. On the right, the loss: orange without clearing, up and down; blue with clearing, down almost to 0.
#
# The loss falls almost to 0, rises to about 25 again, and so on without an end. Each step takes the sum of all former gradients, which is like a speed. At the bottom the gradient is 0, but the speed is greatest; so it runs up the other side, slows down and rolls back. The path is a line that covers itself, to and fro.
#
# Momentum is not far from this. A momentum of 0.9 keeps only nine tenths of what was before, which acts like friction, and so it comes to rest.
#
# .. _solutions-autograd-3:
#
# 3. Two derivatives
# ~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <autograd-exercises>`: find the first and the second derivative of :math:`y = x^3 + 4x` at :math:`x = 2`.
#
# With a pencil: :math:`y' = 3x^2 + 4`, which is 16 at 2; :math:`y'' = 6x`, which is 12 at 2.

import torch

x = torch.tensor(2.0, requires_grad=True)
y = x**3 + 4 * x
(slope,) = torch.autograd.grad(y, x, create_graph=True)
(curvature,) = torch.autograd.grad(slope, x)
print("first =", slope.item(), " second =", curvature.item())
assert slope == 3 * 2**2 + 4 == 16 and curvature == 6 * 2 == 12

# %% zh
# ``create_graph=True`` 让求导的过程也记进计算图，``slope`` 才能再求一次导数；不写，第二次就报错，因为没有图可走。
#
# .. _solutions-autograd-4:
#
# 4. 分两次反向
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <autograd-exercises>`：把 8 个数据分成两份，梯度累加。每份的损失要乘上几，才与整批相同？
#
# 乘上 :math:`\frac{1}{2}`。8 个数的平均，是两份平均的平均：
#
# .. math:: \frac{1}{8} \sum_{i=1}^{8} \ell_i = \frac{1}{2} \left( \frac{1}{4} \sum_{i=1}^{4} \ell_i + \frac{1}{4} \sum_{i=5}^{8} \ell_i \right)
#
# 求导和求和可以交换次序，所以梯度也是这样。平均分成 :math:`k` 份，就乘 :math:`\frac{1}{k}`。
#
# %% en
# ``create_graph=True`` has the derivative's own computation recorded in a computational graph, so that ``slope`` can be differentiated again. Leave it out, and the second time fails: there is no graph to go back through.
#
# .. _solutions-autograd-4:
#
# 4. Back in two parts
# ~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <autograd-exercises>`: split 8 pieces of data into two parts, and let the gradients add up. By what must you multiply the loss of each part, so that the result is that of the whole batch?
#
# By :math:`\frac{1}{2}`. The mean of 8 numbers is the mean of the two parts' means:
#
# .. math:: \frac{1}{8} \sum_{i=1}^{8} \ell_i = \frac{1}{2} \left( \frac{1}{4} \sum_{i=1}^{4} \ell_i + \frac{1}{4} \sum_{i=5}^{8} \ell_i \right)
#
# To differentiate a sum is to differentiate its terms, so the gradients do the same. With :math:`k` parts of equal size, multiply by :math:`\frac{1}{k}`.

import torch

torch.manual_seed(0)
x = torch.rand(8)
y = 2 * x
w = torch.tensor(1.0, requires_grad=True)


def loss_of(part):
    return ((w * x[part] - y[part]) ** 2).mean()


loss_of(slice(0, 8)).backward()
whole, w.grad = w.grad, None
for part in (slice(0, 4), slice(4, 8)):
    (loss_of(part) / 2).backward()
print(f"whole = {whole.item():.4f}, parts = {w.grad.item():.4f}")
assert torch.allclose(whole, w.grad)

# %% zh
# .. _solutions-autograd-5:
#
# 5. 两个谷底
# ~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <autograd-exercises>`：想一个有两个谷底的函数，从不同的地方出发，画出走过的路。哪些起点会走到同一个谷底？
#
# 这里用提示里的 :math:`(w^2 - 4)^2 + w`，从六个地方出发。
#
# %% en
# .. _solutions-autograd-5:
#
# 5. Two valleys
# ~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <autograd-exercises>`: think of a function with two valleys, start from different places, and draw the paths. Which starts end in the same valley?
#
# Here it is the one of the hint, :math:`(w^2 - 4)^2 + w`, from six places.

import torch


def height(w):
    return (w**2 - 4) ** 2 + w


starts = [-3.0, -1.0, 0.0, 0.2, 1.0, 3.0]
ways = []
for start in starts:
    w = torch.tensor(start, requires_grad=True)
    way = [start]
    for step in range(100):
        (slope,) = torch.autograd.grad(height(w), w)
        w = (w - 0.01 * slope).detach().requires_grad_()
        way.append(w.item())
    ways.append(way)
    print("start =", start, f" end = {w.item():.2f}")
assert [way[-1] > 0 for way in ways] == [False, False, False, True, True, True]
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(4.2, 2.6), layout="constrained")
line = torch.linspace(-3.1, 3.1, 100)
axis.plot(line, height(line), color="gray")
for way in ways:
    axis.plot(way, height(torch.tensor(way)), "o-", markersize=3, linewidth=1)
axis.set_xlabel("w", family="monospace")
plt.show()
# endregion

# %% zh
# .. caption:: 有两个谷底的曲线，六条路各走到其中一个。
#
# 山顶在 0 的右边一点点。从山顶左边出发的，都到左边的谷底，从 0 出发的也是；从右边出发的，都到右边，尽管那里高一些。梯度只看脚下的坡，不知道别处还有更低的地方。
#
# 你自己的函数，也看这几样：山顶在哪里？走到的是最低的谷底吗？把学习率加大，小球能不能跳过山顶？
#
# .. _solutions-networks:
#
# 神经网络
# --------
#
# 题目在 :doc:`30_networks` 的末尾。下面几道都要一个网络：LeNet 写成一串层，好换掉其中几样；再照那一课训练一个，叫 ``plain``。
#
# %% en
# .. caption:: A curve with two valleys, and six paths, each to one of them.
#
# The top of the hill is a little to the right of 0. All that start on its left end in the left valley, the one from 0 too; all that start on its right end in the right one, although that is higher. The gradient knows the slope below its feet, and nothing of a lower place elsewhere.
#
# Look at the same things in a function of your own: where is the hill? Is the valley that you reach the lowest? With a larger learning rate, does the ball jump across the hill?
#
# .. _solutions-networks:
#
# Neural networks
# ---------------
#
# The exercises are at the end of :doc:`30_networks`. Those below need a network: LeNet as a row of layers, some of which can be exchanged. One of them, ``plain``, is trained as in that lesson.

import torch
from torch import nn
from torchvision.transforms.functional import rotate

from torchhour.data.digits import digits

torch.manual_seed(0)
torch.set_num_threads(1)
train_set, test_set = digits(), digits(train=False)


# region
# zh: 网络 lenet，训练 train，准确率 accuracy
# en: lenet makes a network, train trains it, accuracy tests it
def lenet(activation=nn.ReLU, pool=nn.MaxPool2d):
    first = [nn.Conv2d(1, 6, 5), activation(), pool(2)]  # N×6×14×14
    second = [nn.Conv2d(6, 16, 5), activation(), pool(2), nn.Flatten()]  # N×400
    last = [nn.Linear(400, 120), activation(), nn.Linear(120, 84), activation(), nn.Linear(84, 10)]
    return nn.Sequential(*first, *second, *last)


def train(network, change=lambda images: images):
    optimizer = torch.optim.Adam(network.parameters(), lr=0.002)
    for step in range(500):
        drawn = torch.randint(len(train_set), (64,))
        scores = network(change(train_set.images[drawn]))
        optimizer.zero_grad()
        nn.functional.cross_entropy(scores, train_set.labels[drawn]).backward()
        optimizer.step()
    return network


@torch.no_grad()
def accuracy(network, pictures=test_set, angle=0):
    images, labels = pictures.images[:1500], pictures.labels[:1500]
    return (network(rotate(images, angle)).argmax(dim=1) == labels).float().mean().item()


# endregion
plain = train(lenet())
print(f"accuracy = {accuracy(plain):.1%}")

# %% zh
# .. _solutions-networks-1:
#
# 1. 3×3 的卷积核
# ~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <networks-exercises>`：两个卷积层的卷积核都改成 3×3，``fc1`` 应当接收多少个数？
#
# 边长的变化是 :math:`32 \to 30 \to 15 \to 13 \to 6`：卷积少 2，池化减半，13 除不尽，舍去余数。一共 16 个通道，:math:`16 \times 6 \times 6 = 576`。``LeNet`` 里改三行：
#
# %% en
# .. _solutions-networks-1:
#
# 1. Kernels of 3×3
# ~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <networks-exercises>`: make the kernels of both convolutions 3×3. How many numbers should ``fc1`` take in?
#
# The side goes :math:`32 \to 30 \to 15 \to 13 \to 6`: 2 less by a convolution, half by pooling, and of 13 the rest is dropped. With 16 channels, that makes :math:`16 \times 6 \times 6 = 576`. Three lines of ``LeNet`` change:

import torch
import torch.nn.functional as F
from torch import nn

from torchhour.shapes import draw_shapes


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):  # N×1×32×32
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)  # N×6×15×15
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)  # N×16×6×6
        x = torch.flatten(x, 1)  # N×576
        x = F.relu(self.fc1(x))  # N×120
        x = F.relu(self.fc2(x))  # N×84
        return self.fc3(x)  # N×10


images = torch.rand(8, 1, 32, 32)
print("into fc1 =", LeNet().fc1.in_features)
draw_shapes(LeNet(), images)
assert LeNet()(images).shape == (8, 10) and LeNet().fc1.in_features == 576

# %% zh
# .. caption:: 一张图经过 3×3 的网络：到 ``fc1`` 以前是 576 个数。
#
# .. _solutions-networks-2:
#
# 2. 模糊，和不变
# ~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <networks-exercises>`：九个数都是 1/9 的卷积核，特征图是什么样，为什么？哪个卷积核让图不变？
#
# 九个像素各乘 1/9 再相加，就是它们的平均，所以图变模糊。中间是 1、其余是 0 的卷积核，只留下它正下方的像素，图就不变，只少了最外一圈。
#
# %% en
# .. caption:: A picture on its way through the network of 3×3: there are 576 numbers before ``fc1``.
#
# .. _solutions-networks-2:
#
# 2. Blurred, and unchanged
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <networks-exercises>`: what does the feature map of a kernel look like whose nine numbers are all 1/9, and why? Which kernel leaves the picture as it is?
#
# Nine pixels, each times 1/9, add up to their mean, so the picture is blurred. A kernel with a 1 in its middle and 0 elsewhere keeps the pixel right below it: the picture is unchanged, only without the outermost pixels.

import torch
import torch.nn.functional as F

from torchhour.data.digits import digits

digit = digits(train=False).images[0, 0]  # 32×32
box = torch.full((3, 3), 1 / 9)
same = torch.tensor([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
blurred = F.conv2d(digit[None, None], box[None, None])[0, 0]  # 30×30
unchanged = F.conv2d(digit[None, None], same[None, None])[0, 0]
print("blurred =", tuple(blurred.shape), " unchanged =", torch.equal(unchanged, digit[1:-1, 1:-1]))
assert torch.allclose(blurred, F.avg_pool2d(digit[None], 3, stride=1)[0], atol=1e-6)
assert torch.equal(unchanged, digit[1:-1, 1:-1])
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 3, figsize=(4.2, 1.7), layout="constrained")
for axis, name, drawn in zip(axes, ["digit", "box", "same"], [digit, blurred, unchanged]):
    axis.imshow(drawn, cmap="gray", vmin=0, vmax=1)
    axis.set_title(name, family="monospace", fontsize=10)
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 原来的数字，求平均的卷积核让它模糊，中间是 1 的卷积核让它不变。
#
# .. only:: scans
#
#    自带的数字是放大来的，本来就模糊，所以中间这张只差一点。
#
# .. _solutions-networks-3:
#
# 3. 只剩直线
# ~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <networks-exercises>`：去掉 ``relu``，``max_pool2d`` 换成 ``avg_pool2d``。验证平均图的得分等于得分的平均；再照样训练，准确率降多少？
#
# 剩下的每一步，只做乘以固定的数、相加，再加上偏置。这样的步骤对平均都不挑次序：先平均再算，和先算再平均，结果一样。许多步连起来也是如此，所以整个网络只相当于一层 :math:`y = Wx + b`。
#
# %% en
# .. caption:: The digit; blurred by the kernel that averages; and unchanged by the one with a 1 in its middle.
#
# .. only:: scans
#
#    The digits that come along were enlarged and are blurred as they are, so the one in the middle differs only a little.
#
# .. _solutions-networks-3:
#
# 3. Only straight lines
# ~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <networks-exercises>`: take out every ``relu``, and replace ``max_pool2d`` by ``avg_pool2d``. Check that the scores of the mean picture are the mean of the scores, then train as before. How much accuracy is lost?
#
# What is left multiplies by fixed numbers, adds up, and adds a bias. Such a step does not mind whether the mean is taken before it or after it. Nor do many in a row: the whole network is worth no more than one layer, :math:`y = Wx + b`.

torch.manual_seed(0)
linear = lenet(nn.Identity, nn.AvgPool2d)
one, other = test_set.images[:1], test_set.images[1:2]
together = linear((one + other) / 2)
apart = (linear(one) + linear(other)) / 2
print(f"difference = {(together - apart).abs().max().item():.6f}")
assert torch.allclose(together, apart, atol=1e-5)
assert not torch.allclose(lenet()((one + other) / 2), (lenet()(one) + lenet()(other)) / 2, atol=1e-3)

train(linear)
print(f"{'':10}  training   test")
for name, network in {"with relu": plain, "only lines": linear}.items():
    print(f"{name:10}  {accuracy(network, train_set):8.1%}  {accuracy(network):5.1%}")
assert accuracy(linear, train_set) < accuracy(plain, train_set) - 0.005

# %% zh
# 没见过的图，有 ``relu`` 时认对 :printed:`with relu, test`，只剩直线时 :printed:`only lines, test`；学过的图，从 :printed:`with relu, training` 变成 :printed:`only lines, training`：只有直线，学过的也认不全。
#
# .. only:: scans
#
#    自带的测试图只有三百多张，一个百分点不到四张，换一个随机种子，测试的差别可能就没有了；学过的图上，差别还在。这些数字容易，任务越难，越离不开 ``relu``。
#
# .. only:: mnist
#
#    任务再难一些，就更离不开 ``relu`` 了。
#
# .. _solutions-networks-4:
#
# 4. 手写动量
# ~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <networks-exercises>`：照公式手写带动量的更新，走 10 步，与 ``torch.optim.SGD`` 核对。
#
# 每个参数配一个同样形状的 :math:`v`，从 0 开始。更新不该记进计算图，所以写在 ``no_grad`` 里，原地改。
#
# %% en
# Of unseen pictures, it reads :printed:`with relu, test` with ``relu`` and :printed:`only lines, test` with lines alone; of those that it learned from, :printed:`with relu, training` and :printed:`only lines, training`: with lines alone, it cannot even get all of these right.
#
# .. only:: scans
#
#    The test pictures that come along are few, hardly more than three hundred, and one percentage point is less than four of them: with another seed, the difference in the test may be gone. On the pictures learned from, it stays. These digits are easy; the harder the task, the less can be done without ``relu``.
#
# .. only:: mnist
#
#    With harder tasks, still less can be done without ``relu``.
#
# .. _solutions-networks-4:
#
# 4. Momentum by hand
# ~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <networks-exercises>`: write the update with momentum by hand, take 10 steps, and compare with ``torch.optim.SGD``.
#
# Each parameter has a :math:`v` of its own shape that begins at 0. An update has no place in the computational graph, hence ``no_grad``, and it works in place.

import copy

torch.manual_seed(0)
images, labels = train_set.images[:8], train_set.labels[:8]
criterion = nn.CrossEntropyLoss()
by_hand = lenet()
twin = copy.deepcopy(by_hand)
velocities = [torch.zeros_like(parameter) for parameter in by_hand.parameters()]
optimizer = torch.optim.SGD(twin.parameters(), lr=0.1, momentum=0.9)
for step in range(10):
    by_hand.zero_grad()
    criterion(by_hand(images), labels).backward()
    with torch.no_grad():
        for parameter, v in zip(by_hand.parameters(), velocities):
            v.mul_(0.9).add_(parameter.grad)
            parameter -= 0.1 * v
    optimizer.zero_grad()
    criterion(twin(images), labels).backward()
    optimizer.step()

pairs = zip(by_hand.parameters(), twin.parameters())
difference = max((ours - theirs).abs().max().item() for ours, theirs in pairs)
print(f"difference = {difference:.7f}")
assert difference < 1e-5

# %% zh
# 十步以后，所有参数都一样，至多差一点舍入误差。
#
# .. _solutions-networks-5:
#
# 5. 转动的数字
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <networks-exercises>`：把测试集的图转 10、20、30 度，准确率怎样变化？想办法让网络不怕转动。
#
# 办法是让它在训练时就见过转动的图：每一步把这一批图随机转一个角度，至多 30 度，向左或向右。
#
# %% en
# After ten steps all parameters are the same, up to rounding errors.
#
# .. _solutions-networks-5:
#
# 5. Turned digits
# ~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <networks-exercises>`: turn the pictures of the test set by 10, 20 and 30 degrees. What becomes of the accuracy? Find a way to make the network fear no turning.
#
# The way is to let it see turned pictures in training. Each step turns its batch by a random angle, up to 30 degrees to either side.


def turned(images):
    return rotate(images, 60 * torch.rand(()).item() - 30)


torch.manual_seed(0)
used_to_it = train(lenet(), change=turned)
print("angle        0     10     20     30")
shares = {}
for name, network in {"plain": plain, "turned": used_to_it}.items():
    shares[name] = [accuracy(network, angle=angle) for angle in (0, 10, 20, 30)]
    print(f"{name:7}", *[f"{share:6.1%}" for share in shares[name]])
assert shares["plain"][3] < shares["plain"][0] - 0.15
assert shares["turned"][3] > shares["plain"][3] + 0.1

# %% zh
# 转 10 度，还几乎不要紧；转 30 度，准确率落到 :printed:`plain, 30`。见过转动的网络，在 30 度还有 :printed:`turned, 30`，不转的图认对 :printed:`turned, 0`。再转下去，6 就成了 9，那时标签也该变了。
#
# .. _solutions-classifier:
#
# 训练分类器
# ----------
#
# 题目在 :doc:`40_classifier` 的末尾。下面几道用同样的图，最多 10,000 张，像那一课一样归一化；``two_epochs`` 训练两轮。
#
# %% en
# A turn of 10 degrees hardly matters; at 30 degrees the accuracy is down to :printed:`plain, 30`. The network that has seen turning still has :printed:`turned, 30` there, and :printed:`turned, 0` on pictures that are not turned. Turn on, and a 6 becomes a 9: then the label would have to change, too.
#
# .. _solutions-classifier:
#
# A classifier
# ------------
#
# The exercises are at the end of :doc:`40_classifier`. Those below use the same pictures, 10,000 at most, normalized as in that lesson; ``two_epochs`` trains for two epochs.

import torch
import torch.nn.functional as F
from torch import nn

from torchhour.data.cifar10 import cifar10
from torchhour.networks import Classifier

torch.set_num_threads(1)


# region
# zh: prepared 归一化，two_epochs 训练两轮
# en: prepared normalizes, two_epochs trains for two epochs
def prepared(pictures, part):
    return (pictures.images[part].float() / 255 - 0.5) / 0.5, pictures.labels[part]


def two_epochs(batch_size, lr):
    torch.manual_seed(0)
    network = Classifier()
    optimizer = torch.optim.SGD(network.parameters(), lr=lr, momentum=0.9)
    steps = 0
    for epoch in range(2):
        for batch in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            F.cross_entropy(network(images[batch]), labels[batch]).backward()
            optimizer.step()
            steps += 1
    return network, steps


# endregion
images, labels = prepared(cifar10(), slice(10_000))
test_images, test_labels = prepared(cifar10(train=False), slice(2_000))
print("pictures =", len(images))

# %% zh
# .. _solutions-classifier-1:
#
# 1. 每层的参数
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <classifier-exercises>`：``Classifier`` 的每一层有多少个参数？哪一层最多？
#
# - ``conv1``：:math:`6 \times 3 \times 5 \times 5 + 6 = 456`
# - ``conv2``：:math:`16 \times 6 \times 5 \times 5 + 16 = 2416`
# - ``fc1``：:math:`400 \times 120 + 120 = 48120`
# - ``fc2``：:math:`120 \times 84 + 84 = 10164`
# - ``fc3``：:math:`84 \times 10 + 10 = 850`
#
# %% en
# .. _solutions-classifier-1:
#
# 1. Parameters of each layer
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <classifier-exercises>`: how many parameters does each layer of ``Classifier`` have? Which layer has the most?
#
# - ``conv1``: :math:`6 \times 3 \times 5 \times 5 + 6 = 456`
# - ``conv2``: :math:`16 \times 6 \times 5 \times 5 + 16 = 2416`
# - ``fc1``: :math:`400 \times 120 + 120 = 48120`
# - ``fc2``: :math:`120 \times 84 + 84 = 10164`
# - ``fc3``: :math:`84 \times 10 + 10 = 850`

from torchhour.networks import Classifier

counts = {}
for name, layer in Classifier().named_children():
    counts[name] = sum(parameter.numel() for parameter in layer.parameters())
print(counts)
print("most =", max(counts, key=counts.get), " total =", sum(counts.values()))
assert list(counts.values()) == [456, 2416, 48120, 10164, 850]

# %% zh
# 最多的是 ``fc1``，占了全部 :printed:`total` 个的大半：全连接层里，每个输入到每个输出都有自己的权重，而同一个卷积核在图上处处都用。
#
# .. _solutions-classifier-2:
#
# 2. 一批 32 张
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <classifier-exercises>`：``batch_size`` 改成 32，准确率为什么这么低？再改一处，怎样追回来？
#
# 轮数没有变，每步看的图是原来的八倍，步数就只剩八分之一；学习率没有变，每一步还是走那么远。路只走了八分之一，网络还在起步。所以让每一步走远一点：学习率也乘 8。
#
# %% en
# It is ``fc1``, with more than half of all :printed:`total`: a fully connected layer has a weight of its own from each input to each output, while one kernel serves everywhere on the picture.
#
# .. _solutions-classifier-2:
#
# 2. Batches of 32
# ~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <classifier-exercises>`: set the ``batch_size`` to 32. Why is the accuracy so low? What other change wins it back?
#
# There are as many epochs, but with eight times the pictures in each step, only an eighth of the steps. At the same learning rate, each step goes as far as before. So the way is an eighth as long, and the network has hardly begun. Let each step go farther: multiply the learning rate by 8, too.

shares = {}
for name, lr in {"same rate": 0.001, "rate times 8": 0.008}.items():
    network, steps = two_epochs(batch_size=32, lr=lr)
    with torch.no_grad():
        predictions = network(test_images).argmax(dim=1)
    shares[name] = (predictions == test_labels).float().mean().item()
    print(f"{name} = {shares[name]:.1%}")
print("steps =", steps, " steps in batches of 4 =", 2 * len(images) // 4)
assert shares["same rate"] < 0.25 and shares["rate times 8"] > shares["same rate"] + 0.1

# %% zh
# 步数从 :printed:`steps in batches of 4` 变成 :printed:`steps`，准确率只有 :printed:`same rate`；学习率乘 8 以后，是 :printed:`rate times 8`。批越大，学习率越可以加大，但也有限度：批很大时，再这样乘下去，训练就会失控。
#
# .. _solutions-classifier-3:
#
# 3. 前三名
# ~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <classifier-exercises>`：标签在得分最高的三类之中就算对，准确率是多少？
#
# 网络就用上一题追回来的那一个。``topk(3, dim=1)`` 给出每一行最大的三个得分，``indices`` 是它们的编号。标签写成 N×1，就能与 N×3 的编号一起广播；三个里有一个相等，就算对。
#
# %% en
# Instead of :printed:`steps in batches of 4` steps there are :printed:`steps`, and the accuracy is :printed:`same rate`; with the learning rate multiplied by 8, it is :printed:`rate times 8`. The larger the batch, the larger the learning rate may be, but not without a limit: with very large batches, training at such rates breaks down.
#
# .. _solutions-classifier-3:
#
# 3. Among the first three
# ~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <classifier-exercises>`: if the label is among the three highest scores, call it right. What is the accuracy?
#
# The network is the one that the last solution won back. ``topk(3, dim=1)`` gives the three largest scores of each row, and ``indices`` are their places. As N×1, the labels broadcast with N×3 of those; if one of the three is equal, it is right.

from sklearn.metrics import top_k_accuracy_score

with torch.no_grad():
    logits = network(test_images)  # N×10
first = logits.topk(3, dim=1).indices  # N×3
top1 = (first[:, 0] == test_labels).float().mean().item()
top3 = (first == test_labels[:, None]).any(dim=1).float().mean().item()
print(f"first = {top1:.1%}, among three = {top3:.1%}")
theirs = top_k_accuracy_score(test_labels, logits, k=3, labels=range(10))
assert abs(top3 - theirs) < 1e-3 and top3 > top1 + 0.05

# %% zh
# 只看第一名是 :printed:`first`，看前三名是 :printed:`among three`；乱猜能有十分之三。它错的时候，对的答案常常就在第二、第三名。
#
# .. _solutions-classifier-4:
#
# 4. 断点续训
# ~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <classifier-exercises>`：训练一轮，存盘，加载，再训练一轮。怎样才能和连续两轮完全一样？
#
# 下一步走到哪里，由三样东西决定：网络的参数，优化器里的动量，和取图的次序。三样都要存。下面每次少存几样，看看差多少。
#
# %% en
# The first alone is right in :printed:`first`, the first three in :printed:`among three`; guessing gets three in ten. Where it is wrong, the right answer is often second or third.
#
# .. _solutions-classifier-4:
#
# 4. Resume training
# ~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <classifier-exercises>`: train for one epoch, save, load, train for another. What does it take to come out exactly as two without a break?
#
# Three things decide where the next step goes: the parameters of the network, the momentum in the optimizer, and the order of the pictures. All three must be saved. Below, fewer are saved at first, to see what that costs.

import tempfile
from pathlib import Path

from torch.utils.data import DataLoader, TensorDataset

from torchhour.training import train_epoch

few = TensorDataset(images[:1000], labels[:1000])


def begin(seed):
    torch.manual_seed(seed)
    network = Classifier()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)
    return network, optimizer, torch.Generator().manual_seed(seed)


def one_epoch(network, optimizer, order):
    loader = DataLoader(few, batch_size=50, shuffle=True, generator=order)
    train_epoch(network, loader, nn.CrossEntropyLoss(), optimizer)


def resume(file, *saved):
    network, optimizer, order = begin(seed=0)
    one_epoch(network, optimizer, order)
    parts = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "order": order.get_state()}
    torch.save({name: parts[name] for name in saved}, file)
    # zh: 换一个种子，好像换了一个进程
    # en: another seed, as in another process
    network, optimizer, order = begin(seed=1)
    loaded = torch.load(file, weights_only=True)
    network.load_state_dict(loaded["network"])
    if "optimizer" in saved:
        optimizer.load_state_dict(loaded["optimizer"])
    if "order" in saved:
        order.set_state(loaded["order"])
    one_epoch(network, optimizer, order)
    return network


unbroken, optimizer, order = begin(seed=0)
one_epoch(unbroken, optimizer, order)
one_epoch(unbroken, optimizer, order)
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "checkpoint.pt"
    for saved in (["network"], ["network", "optimizer"], ["network", "optimizer", "order"]):
        pairs = zip(unbroken.parameters(), resume(file, *saved).parameters())
        difference = max((ours - theirs).abs().max().item() for ours, theirs in pairs)
        print(f"{' + '.join(saved)} = {difference:.4f}")
        assert (difference == 0) == ("order" in saved)

# %% zh
# 只存网络，最大的差是 :printed:`network`；加上优化器，是 :printed:`network + optimizer`，因为取图的次序不同；三样都存，是 :printed:`network + optimizer + order`，一位都不差。
#
# .. _solutions-classifier-5:
#
# 5. 还是 300 张图
# ~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <classifier-exercises>`：还是那 300 张图，验证集的准确率能提高多少？
#
# 这题没有唯一的答案，下面是一个例子。先照原样，再随机左右翻转，再加上随机挪动，至多 4 个像素。提示里的 ``RandomHorizontalFlip`` 一张一张地翻；这里整批一起翻，每张仍各掷各的硬币，更快。图的变化多了，就多练几轮。
#
# %% en
# With the network alone, the largest difference is :printed:`network`. With the optimizer as well it is :printed:`network + optimizer`, since the order of the pictures is another. With all three it is :printed:`network + optimizer + order`: the same to the last digit.
#
# .. _solutions-classifier-5:
#
# 5. The same 300 pictures
# ~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <classifier-exercises>`: with the same 300 pictures, how far can you raise the accuracy on the validation set?
#
# There is no single answer; this is one example. First as it was, then with random flips, then with random shifts as well, by up to 4 pixels. The hint's ``RandomHorizontalFlip`` flips one picture at a time; here the batch is flipped as a whole, though each picture tosses its own coin, and that is faster. With more variety in the pictures, train for more epochs.

validation, validation_labels = prepared(cifar10(), slice(-500, None))


def flipped(batch):
    coins = torch.rand(len(batch), 1, 1, 1) < 0.5
    return torch.where(coins, batch.flip(3), batch)


def flipped_and_shifted(batch):
    return torch.roll(flipped(batch), torch.randint(-4, 5, (2,)).tolist(), dims=(2, 3))


recipes = {
    "as it was": (lambda batch: batch, 30),
    "flips": (flipped, 30),
    "flips and shifts": (flipped_and_shifted, 40),
}
gains = {}
print(f"{'':16}  training  validation")
for name, (change, epochs) in recipes.items():
    torch.manual_seed(0)
    network = Classifier()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
    for epoch in range(epochs):
        for batch in torch.randperm(300).split(25):
            optimizer.zero_grad()
            F.cross_entropy(network(change(images[batch])), labels[batch]).backward()
            optimizer.step()
    with torch.no_grad():
        seen = (network(images[:300]).argmax(dim=1) == labels[:300]).float().mean().item()
        right = network(validation).argmax(dim=1) == validation_labels
    gains[name] = right.float().mean().item()
    print(f"{name:16}  {seen:8.1%}  {gains[name]:10.1%}")
assert gains["flips and shifts"] > gains["as it was"]

# %% zh
# 验证集的准确率从 :printed:`as it was, validation` 升到 :printed:`flips, validation`，再升到 :printed:`flips and shifts, validation`。训练集上反而低了：图每次都不同，背不下来，网络只好去学它们共同的样子。
#
# 试你自己的办法时，看这几样：差别大过运气吗？换几个种子就知道，500 张图里多对 10 张不算什么。变了以后的图，还是原来那一类吗？最后，测试集只用一次。
#
# .. _solutions-fine-tuning:
#
# 微调
# ----
#
# 题目在 :doc:`45_fine_tuning` 的末尾。下面的函数就是那一课的，只是 ``learn`` 只在第 5、10、60 步量准确率；``features`` 在 0 到 4 上学过。
#
# %% en
# On the validation set, the accuracy rises from :printed:`as it was, validation` to :printed:`flips, validation`, then to :printed:`flips and shifts, validation`. On the training set it is lower: the pictures are never the same twice, cannot be learned by heart, and so it has to learn what they have in common.
#
# In an experiment of your own, look at this. Is the difference larger than luck? Other seeds will tell, and 10 more of 500 pictures mean little. Is a changed picture still of its class? And use the test set once, at the end.
#
# .. _solutions-fine-tuning:
#
# Fine-tuning
# -----------
#
# The exercises are at the end of :doc:`45_fine_tuning`. The functions below are those of the lesson, but ``learn`` measures the accuracy at steps 5, 10 and 60 only; ``features`` have learned on 0 to 4.

import copy

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from torchhour.data.digits import digits

torch.manual_seed(0)
torch.set_num_threads(1)
train_set, test_set = digits(), digits(train=False)
unseen = torch.arange(len(test_set))[test_set.labels >= 5][:500]


# region
# zh: draw_few 抽图，make_features 和 with_head 搭网络，pretrain 学特征，learn 学新数字
# en: draw_few draws pictures, make_features and with_head build, pretrain learns features, learn teaches new digits
def draw_few(each=5):
    order = torch.randperm(len(train_set))
    labels = train_set.labels[order]
    return torch.cat([order[labels == digit][:each] for digit in range(5, 10)])


def make_features():
    first = nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2))  # N×6×14×14
    second = nn.Sequential(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2))  # N×16×5×5
    return nn.Sequential(first, second, nn.Flatten())  # N×400


def with_head(features):
    return nn.Sequential(features, nn.Linear(400, 5))


def pretrain(chosen, target):
    features = make_features()
    network = with_head(features)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.02, momentum=0.9)
    for step in range(200):
        batch = chosen[torch.randint(len(chosen), (32,))]
        optimizer.zero_grad()
        cross_entropy(network(train_set.images[batch]), target[batch]).backward()
        optimizer.step()
    return features.requires_grad_(False)


def learn(network, few, lr=0.01):
    optimizer = torch.optim.SGD(network.parameters(), lr=lr, momentum=0.9)
    accuracies = []
    for step in range(61):
        if step in (5, 10, 60):
            with torch.no_grad():
                predictions = network(test_set.images[unseen]).argmax(dim=1) + 5
            accuracies.append((predictions == test_set.labels[unseen]).float().mean().item())
        optimizer.zero_grad()
        cross_entropy(network(train_set.images[few]), train_set.labels[few] - 5).backward()
        optimizer.step()
    return accuracies


# endregion
many = torch.arange(len(train_set))[train_set.labels < 5]
features = pretrain(many, train_set.labels)
print("pictures of 0 to 4 =", len(many))

# %% zh
# .. _solutions-fine-tuning-1:
#
# 1. 特征和头的参数
# ~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <fine-tuning-exercises>`：``make_features`` 里有多少个参数，头有多少个？
#
# - 第一次卷积：:math:`6 \times 1 \times 5 \times 5 + 6 = 156`
# - 第二次卷积：:math:`16 \times 6 \times 5 \times 5 + 16 = 2416`，合起来 :math:`156 + 2416 = 2572`
# - 头：:math:`400 \times 5 + 5 = 2005`
#
# %% en
# .. _solutions-fine-tuning-1:
#
# 1. Parameters of features and head
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <fine-tuning-exercises>`: how many parameters does ``make_features`` have in all, and how many has the head?
#
# - First convolution: :math:`6 \times 1 \times 5 \times 5 + 6 = 156`
# - Second convolution: :math:`16 \times 6 \times 5 \times 5 + 16 = 2416`, together :math:`156 + 2416 = 2572`
# - Head: :math:`400 \times 5 + 5 = 2005`

frozen = sum(parameter.numel() for parameter in make_features().parameters())
learning = sum(parameter.numel() for parameter in nn.Linear(400, 5).parameters())
print("learning =", learning, " frozen =", frozen)
assert (frozen, learning) == (2572, 2005)

# %% zh
# .. _solutions-fine-tuning-2:
#
# 2. 两张图，二十张图
# ~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <fine-tuning-exercises>`：每个数字 2 张图，再改成 20 张。第 10 步、第 60 步，学好的特征还领先吗？冻结和不冻结，哪个更好？
#
# 每种情形抽五次，打印平均，± 后面是五次之间的标准差。
#
# %% en
# .. _solutions-fine-tuning-2:
#
# 2. Two pictures, twenty pictures
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <fine-tuning-exercises>`: take 2 pictures of each digit, then 20. Are the learned features still ahead at step 10, and at step 60? Is it better to freeze or not?
#
# Each case is drawn five times; the means are printed, and after ± the standard deviation of the five.

torch.manual_seed(0)
means = {}
for each in (2, 20):
    runs = {"only the head": [], "everything": [], "from scratch": []}
    for draw in range(5):
        few = draw_few(each)
        thawed = copy.deepcopy(features).requires_grad_(True)
        runs["only the head"].append(learn(with_head(features), few))
        runs["everything"].append(learn(with_head(thawed), few))
        runs["from scratch"].append(learn(with_head(make_features()), few))
    print(f"{each:2} pictures each    10         60")
    for name, five in runs.items():
        mean, spread = torch.tensor(five).mean(dim=0), torch.tensor(five).std(dim=0)
        means[each, name] = mean
        print(f"{name:13}", *[f" {mean[i]:4.0%} ± {spread[i]:3.0%}" for i in (1, 2)])
for each in (2, 20):
    lead = means[each, "only the head"] - means[each, "from scratch"]
    assert lead[1] > 0.15 and lead[2] < lead[1]

# %% zh
# 两种情形都一样：第 10 步，学好的特征遥遥领先；到第 60 步，从零训练追了上来，剩下的差距小得多，有时与运气分不开。图多了，到第 60 步，三组都更好。
#
# 冻结和不冻结的两行，差别多半比 ± 后面的数还小，所以这个试验分不出高下。冻结更省，就冻结。
#
# .. _solutions-fine-tuning-3:
#
# 3. 不乘倍数的随机特征
# ~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <fine-tuning-exercises>`：随机特征不乘那个倍数，会怎样？把学习率加大，能不能追回来？
#
# 把倍数叫作 :math:`t`。特征乘上 :math:`t`，头的权重的梯度就乘上 :math:`t`；权重改变以后，再去乘已经乘过 :math:`t` 的特征，所以得分的改变乘上了 :math:`t^2`。要追回来，学习率就乘 :math:`t^2`。走的路不完全相同：开头的得分更小，偏置也学得更快。
#
# %% en
# Both cases are alike. At step 10 the learned features are far ahead; by step 60, training from scratch has caught up, and the difference that is left is much smaller, at times no more than luck. With more pictures, all three are better at step 60.
#
# The rows of freezing and of not freezing mostly differ by less than the number after ±, so this experiment cannot tell which is better. Freezing is cheaper: freeze.
#
# .. _solutions-fine-tuning-3:
#
# 3. Random features as they are
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <fine-tuning-exercises>`: what if the random features are not multiplied? Can a larger learning rate win it back?
#
# Call the factor :math:`t`. Multiply the features by :math:`t`, and you multiply the gradients of the head's weights by :math:`t`. What changes in the weights then meets features that are multiplied by :math:`t`, too, so that the change of the scores is multiplied by :math:`t^2`. To win it back, multiply the learning rate by :math:`t^2`. The way is not quite the same, as the first scores are smaller, and the bias learns faster.

torch.manual_seed(0)
runs = {"multiplied": [], "as they are": [], "larger rate": [], "learned": []}
for draw in range(5):
    few = draw_few()
    pictures = train_set.images[few]
    blind = make_features().requires_grad_(False)
    t = (features(pictures).std() / blind(pictures).std()).item()
    runs["as they are"].append(learn(with_head(blind), few))
    runs["larger rate"].append(learn(with_head(blind), few, lr=0.01 * t**2))
    for parameter in blind[1].parameters():
        parameter.mul_(t)
    runs["multiplied"].append(learn(with_head(blind), few))
    runs["learned"].append(learn(with_head(features), few))

means = {name: torch.tensor(five).mean(dim=0) for name, five in runs.items()}
print(f"{'after steps':12}     5     10     60")
for name, mean in means.items():
    print(f"{name:12}", *[f"{share:6.1%}" for share in mean])
assert means["as they are"][1] < means["multiplied"][1] - 0.15
assert means["larger rate"][1] > means["as they are"][1] + 0.2

# %% zh
# 不乘倍数，第 10 步只有 :printed:`as they are, 10`，慢得多；学习率乘 :math:`t^2` 以后，是 :printed:`larger rate, 10`，完全追了回来，甚至不输给学好的特征的 :printed:`learned, 10`。
#
# 那么学好的特征没有用吗？不能这样说。那一课是在相同的学习率下比较的；公平的比较，还要给每一组各找最好的学习率。数字又太容易，随机的卷积核已经够用。换成照片，差别就大了。
#
# .. _solutions-fine-tuning-4:
#
# 4. 特征只算一次
# ~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <fine-tuning-exercises>`：先把特征算好存起来，再训练头。结果变了没有？
#
# 没有变。冻结的层对同一张图总给出同样的数，算一次和每步都算，没有区别。省下的，是每一步的两次卷积：
#
# %% en
# As they are, they have :printed:`as they are, 10` at step 10, and are far slower. With the learning rate multiplied by :math:`t^2`, it is :printed:`larger rate, 10`: wholly won back, and no worse than the :printed:`learned, 10` of the learned features.
#
# Are learned features of no use, then? That does not follow. The lesson compares at the same learning rate; to be fair, each group should have the best rate for itself. Besides, digits are so easy that random kernels will do. With photographs, the difference is large.
#
# .. _solutions-fine-tuning-4:
#
# 4. Features computed once
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <fine-tuning-exercises>`: compute the features once, keep them, then train the head. Are the results still the same?
#
# They are. Frozen layers give the same numbers for the same picture, whether computed once or at every step. What is saved are the two convolutions of each step:

torch.manual_seed(0)
few = draw_few()
head = nn.Linear(400, 5)
twin = copy.deepcopy(head)
passed = []
hook = features.register_forward_hook(lambda layer, inputs, output: passed.append(len(output)))
accuracies = learn(nn.Sequential(features, head), few)
each_step = sum(passed)

passed.clear()
kept, kept_test = features(train_set.images[few]), features(test_set.images[unseen])
optimizer = torch.optim.SGD(twin.parameters(), lr=0.01, momentum=0.9)
quick = []
for step in range(61):
    if step in (5, 10, 60):
        right = twin(kept_test).argmax(dim=1) + 5 == test_set.labels[unseen]
        quick.append(right.float().mean().item())
    optimizer.zero_grad()
    cross_entropy(twin(kept), train_set.labels[few] - 5).backward()
    optimizer.step()
hook.remove()
print("same accuracies =", accuracies == quick)
print("pictures through the convolutions =", sum(passed), " before =", each_step)
assert accuracies == quick and torch.allclose(head.weight, twin.weight, atol=1e-6)
assert sum(passed) < each_step / 2

# %% zh
# 走过卷积的图，从 :printed:`before` 张变成 :printed:`pictures through the convolutions` 张，步数越多，省得越多。可是用了数据增强就不能这样做：图每一步都不同，特征也就每一步都不同。
#
# .. _solutions-fine-tuning-5:
#
# 5. 先练奇数，再教偶数
# ~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <fine-tuning-exercises>`：先用奇数训练特征，再教它认偶数。哪些数字帮得上别的数字，哪些帮不上？
#
# 这题没有唯一的答案，下面是一个例子。标签除以 2，舍去余数，奇数和偶数都变成 0 到 4。每个偶数给 5 张图，只训练头，走 10 步，和从零训练比；各个数字分开看，抽五次，取平均。
#
# %% en
# Of pictures that pass through the convolutions, there are :printed:`pictures through the convolutions` instead of :printed:`before`; the more steps, the more is saved. With data augmentation it will not do: the pictures differ in each step, and so do their features.
#
# .. _solutions-fine-tuning-5:
#
# 5. Learn on odd, teach even
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <fine-tuning-exercises>`: learn features on the odd digits, then teach it the even ones. Which digits help others, and which do not?
#
# There is no single answer; this is one example. A label divided by 2, without the remainder, is 0 to 4 for odd and for even digits. Each even digit has 5 pictures. Only the head is trained, for 10 steps, and compared with training from scratch, digit by digit, in the mean of five draws.

torch.manual_seed(0)
targets = train_set.labels // 2
odd_features = pretrain(torch.arange(len(train_set))[train_set.labels % 2 == 1], targets)
even_test = torch.arange(len(test_set))[test_set.labels % 2 == 0][:500]
even_labels = test_set.labels[even_test]


def teach(network, few):
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)
    for step in range(10):
        optimizer.zero_grad()
        cross_entropy(network(train_set.images[few]), targets[few]).backward()
        optimizer.step()
    with torch.no_grad():
        right = network(test_set.images[even_test]).argmax(dim=1) * 2 == even_labels
    return torch.stack([right[even_labels == digit].float().mean() for digit in range(0, 10, 2)])


runs = {"odd features": [], "from scratch": []}
for draw in range(5):
    order = torch.randperm(len(train_set))
    labels = train_set.labels[order]
    few = torch.cat([order[labels == digit][:5] for digit in range(0, 10, 2)])
    runs["odd features"].append(teach(with_head(odd_features), few))
    runs["from scratch"].append(teach(with_head(make_features()), few))
means = {name: torch.stack(five).mean(dim=0) for name, five in runs.items()}
print(f"{'digit':12}    0     2     4     6     8")
for name, mean in means.items():
    print(f"{name:12}", *[f"{share:5.0%}" for share in mean])
assert means["odd features"].mean() > means["from scratch"].mean() + 0.15

# %% zh
# 从奇数学来的特征，平均起来远远胜过从零训练。两行相差最少的一列，就是奇数帮得最少的数字：看看它的笔画，在 1、3、5、7、9 里找得到吗？
#
# 换一种分法时，看这几样：只用两三个数字学特征，还够吗？学特征的数字里没有圆圈，认 0、6、8 会不会差？先猜，再量，多抽几次再下结论。
#
# .. _solutions-data-parallel:
#
# 数据并行
# --------
#
# 题目在 :doc:`50_data_parallel` 的末尾。
#
# .. _solutions-data-parallel-1:
#
# 1. 数一数每个进程的图
# ~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <data-parallel-exercises>`。
#
# 1,797 补到 4 的倍数是 1,800，每个进程 450 张，有 3 张出现两次。每批 64 张，每个进程取 16 张；450 除以 16，得 28 余 2，所以要走 29 步。
#
# %% en
# On average, features from the odd digits are far better than training from scratch. Where the two rows differ least, the odd digits help least: are its strokes found in 1, 3, 5, 7 or 9?
#
# When you split in another way, look at this. Are two or three digits enough to learn features on? Without a loop in these digits, do 0, 6 and 8 suffer? Guess, then measure, and draw several times before you conclude.
#
# .. _solutions-data-parallel:
#
# Data parallel
# -------------
#
# The exercises are at the end of :doc:`50_data_parallel`.
#
# .. _solutions-data-parallel-1:
#
# 1. Count the pictures of each process
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <data-parallel-exercises>`.
#
# Filled up to a multiple of 4, 1,797 becomes 1,800: each process gets 450, and 3 pictures come twice. Of each batch of 64, a process takes 16; 450 divided by 16 is 28, and 2 are left over, so it takes 29 steps.


import torch
from torch.utils.data import DataLoader, DistributedSampler

dealt, steps = [], []
for rank in range(4):
    sampler = DistributedSampler(range(1797), num_replicas=4, rank=rank)
    dealt += list(sampler)
    steps.append(len(DataLoader(range(1797), batch_size=64 // 4, sampler=sampler)))
print("for each =", len(dealt) // 4, " steps =", steps[0], " twice =", len(dealt) - len(set(dealt)))
assert len(dealt) == 4 * 450 and steps == [29] * 4 and len(set(dealt)) == 1797

# %% zh
# .. _solutions-data-parallel-2:
#
# 2. 只相加，不除
# ~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <data-parallel-exercises>`。
#
# 存下来的 ``mean0.pt`` 是两半的和，也就是平均的两倍，所以这一课的断言会报错。SGD 的一步是学习率乘梯度，用和走一步，相当于用平均，学习率加倍；几个进程，就乘以几。
#
# %% en
# .. _solutions-data-parallel-2:
#
# 2. Add, and do not divide
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <data-parallel-exercises>`.
#
# What is saved as ``mean0.pt`` is the sum of the halves, twice their mean, so the assertion of the lesson fails. A step of SGD is the learning rate times the gradient: one by the sum is the same as one by the mean at twice the learning rate. With more processes, it is as many times as there are.

import tempfile
from pathlib import Path

from torchhour.launch import launch
from torchhour.workers import by_hand

folder = tempfile.TemporaryDirectory()
before = Path(by_hand.__file__).read_text(encoding="utf-8")
after = before.replace("    gradient /= world_size\n", "")
assert len(before.splitlines()) - len(after.splitlines()) == 1
Path(folder.name, "by_hand.py").write_text(after, encoding="utf-8")
launch(f"{folder.name}/by_hand.py", folder.name)

mean = sum(torch.load(f"{folder.name}/own{rank}.pt") for rank in range(2)) / 2
total = torch.load(f"{folder.name}/mean0.pt")
weights = []
for name, gradient, lr in (("sum", total, 0.1), ("mean", mean, 0.2)):
    weight = torch.zeros(10, 64, requires_grad=True)
    weight.grad = gradient
    torch.optim.SGD([weight], lr=lr).step()
    weights.append(weight.detach())
    print(f"{name:4}  gradient = {gradient[1, 20]:.3f}  lr = {lr}  weight after a step = {weight[1, 20]:.4f}")
assert not torch.allclose(total, mean, atol=1e-6) and torch.allclose(total, 2 * mean, atol=1e-6)
assert torch.allclose(*weights, atol=1e-6)

# %% zh
# .. _solutions-data-parallel-3:
#
# 3. 一个进程，还是两个
# ~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <data-parallel-exercises>`。
#
# 先让 ``many.py`` 在两个进程里训练，再让它在一个进程里训练，最后是 ``one.py``，然后逐个参数地比：
#
# %% en
# .. _solutions-data-parallel-3:
#
# 3. One process or two
# ~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <data-parallel-exercises>`.
#
# Let ``many.py`` train in two processes, then in one, and ``one.py`` after it; then compare them parameter by parameter:

from torchhour.workers import many, one

launch(many, f"{folder.name}/many.pt", processes=2)
launch(many, f"{folder.name}/alone.pt", processes=1)
one.main(f"{folder.name}/one.pt")

alone, differences = torch.load(f"{folder.name}/alone.pt"), {}
for name in ("many", "one"):
    other = torch.load(f"{folder.name}/{name}.pt")
    differences[name] = max((alone[key] - other[key]).abs().max().item() for key in alone)
    print(f"largest difference from {name}.pt = {differences[name]:.7f}")
assert differences["many"] < 1e-4 and differences["one"] > 0.01

# %% zh
# 和两个进程存的，最多差 :printed:`largest difference from many.pt`，不过是舍入误差：每一步，两个半批合起来，正是一个进程的那一批。和 ``one.py`` 存的，差到 :printed:`largest difference from one.pt`：种子虽然相同，那里却由 ``DataLoader`` 自己打乱，次序不同，学到的权重也就不同。
#
# .. _solutions-data-parallel-4:
#
# 4. 整批的损失
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <data-parallel-exercises>`。
#
# 全归约要所有的进程都来。写在 ``if rank == 0:`` 里面，它碰上的是别人的下一次全归约，那是梯度的，大小对不上，程序就中断。
#
# 改好的脚本在两个进程里打印的，正是 ``many.py`` 在一个进程里打印的：
#
# %% en
# From those of two processes, the largest difference is :printed:`largest difference from many.pt`, which is rounding: at each step, the two half batches are just the batch of the single process. From those of ``one.py``, it is :printed:`largest difference from one.pt`: the seed is the same, but there ``DataLoader`` itself shuffles, into another order, and so the weights become others.
#
# .. _solutions-data-parallel-4:
#
# 4. The loss of the whole batch
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <data-parallel-exercises>`.
#
# An all-reduce takes all processes. Within ``if rank == 0:``, it would meet the next all-reduce of the others, that of their gradients; the sizes do not match, and the program breaks off.
#
# In two processes, the changed script prints just what ``many.py`` prints in one:

import contextlib
import io

text = Path(many.__file__).read_text(encoding="utf-8")
mean_loss = "        loss = loss.detach()\n        dist.all_reduce(loss)\n        loss /= world_size\n"
text = text.replace("        if rank == 0:\n            print", f"{mean_loss}        if rank == 0:\n            print")
Path(folder.name, "mean.py").write_text(text, encoding="utf-8")
lines = []
for script, processes in ((many, 1), (f"{folder.name}/mean.py", 2)):
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        launch(script, f"{folder.name}/mean.pt", processes=processes)
    lines.append(printed.getvalue().splitlines())
print(*lines[1], sep="\n")
assert lines[0] == lines[1] and len(lines[0]) == 5

# %% zh
# .. _solutions-data-parallel-5:
#
# 5. 合张数，不合准确率
# ~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <data-parallel-exercises>`。
#
# 一个进程考 2 张，答对 1 张；另一个考 1 张，答对 1 张。准确率一平均，那一张的权重就顶得上另外两张。把答对的张数和总张数各做一次全归约，再相除，才是对的：
#
# .. code-block:: python
#
#    counts = torch.tensor([right, len(pictures)])
#    dist.all_reduce(counts)
#    accuracy = counts[0] / counts[1]
#
# %% en
# .. _solutions-data-parallel-5:
#
# 5. Add up counts, not accuracies
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <data-parallel-exercises>`.
#
# One process tests 2 pictures and is right in 1, the other tests 1 and is right. The mean of their accuracies gives that one picture the weight of the other two. All-reduce the number of right ones and the number of pictures, then divide, and it comes out right:
#
# .. code-block:: python
#
#    counts = torch.tensor([right, len(pictures)])
#    dist.all_reduce(counts)
#    accuracy = counts[0] / counts[1]

right = torch.tensor([True, False, True])
parts = [right[:2], right[2:]]
mean_of_accuracies = sum(part.float().mean() for part in parts) / 2
counts = sum(torch.tensor([part.sum(), len(part)]) for part in parts)
print(f"mean of accuracies = {mean_of_accuracies:.3f}, from counts = {counts[0] / counts[1]:.3f}")
assert counts[0] / counts[1] == right.float().mean() != mean_of_accuracies

# %% zh
# .. _solutions-training-faster:
#
# 训练得更快
# ----------
#
# 题目在 :doc:`60_training_faster` 的末尾。
#
# .. _solutions-training-faster-1:
#
# 1. 一批多大才合算
# ~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <training-faster-exercises>`。
#
# 一轮的秒数是步数乘以一步的时间。从 4 张到 64 张，启动的次数少了，快得多；再到 1,024 张，剩下的几乎都是每张图自己的时间。批再大，一轮也少不到 45,000 × 0.05 毫秒以下：
#
# %% en
# .. _solutions-training-faster:
#
# Training faster
# ---------------
#
# The exercises are at the end of :doc:`60_training_faster`.
#
# .. _solutions-training-faster-1:
#
# 1. How large a batch
# ~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <training-faster-exercises>`.
#
# An epoch takes the number of steps times the time of one. From 4 to 64, far fewer steps have to be started. At 1,024, nearly all that is left is the pictures' own time; and no batch brings an epoch below 45,000 × 0.05 ms:


import math

seconds = {}
for batch_size in (4, 64, 1024):
    steps = math.ceil(45_000 / batch_size)
    seconds[batch_size] = (steps * 1 + 45_000 * 0.05) / 1000
    print(f"{batch_size}: {steps:,} steps, epoch = {seconds[batch_size]:.3f}")
assert seconds[4] / seconds[64] > 4 and seconds[64] / seconds[1024] < 1.4

# %% zh
# .. _solutions-training-faster-2:
#
# 2. 学习率是 1
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <training-faster-exercises>`。
#
# 什么也学不到，损失一直在乱猜的附近，或者更高。头几步就把权重推得太远，许多 ReLU 从此对每张图都给 0，梯度也就是 0，再也走不回来。批大了，学习率可以大，但有个限度。
#
# %% en
# .. _solutions-training-faster-2:
#
# 2. A learning rate of 1
# ~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <training-faster-exercises>`.
#
# Nothing: the loss stays near that of guessing, or above. The first steps push the weights so far that many a ReLU gives 0 for every picture; its gradient is 0 then, and it never finds its way back. A larger batch allows a larger learning rate, but not any.

import torch
from torch.nn.functional import cross_entropy

from torchhour.data.cifar10 import cifar10
from torchhour.networks import Classifier

pictures = cifar10()
torch.set_num_threads(1)


def losses(lr):
    torch.manual_seed(0)
    network = Classifier()
    optimizer = torch.optim.SGD(network.parameters(), lr=lr, momentum=0.9)
    values = []
    for step in range(40):
        few = torch.randint(len(pictures), (64,))
        loss = cross_entropy(network((pictures.images[few] / 255 - 0.5) / 0.5), pictures.labels[few])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        values.append(loss.item())
    return values


too_large = losses(lr=1)
last = sum(too_large[20:]) / 20
print(f"guessing = {math.log(10):.2f}, mean of the last 20 steps = {last:.2f}")
assert not last < 2.1

# %% zh
# .. _solutions-training-faster-3:
#
# 3. 梯度乘以 1,000
# ~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <training-faster-exercises>`。
#
# Muon 的这一步几乎不变：它只取梯度的方向，大小由学习率定。SGD 的步子长了那么多倍。所以用 Muon，损失乘以一个常数也没关系，可是学习率要给它另选。
#
# %% en
# .. _solutions-training-faster-3:
#
# 3. The gradient times 1,000
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <training-faster-exercises>`.
#
# The step of Muon hardly changes: it takes the directions of the gradient only, and their size from the learning rate. That of SGD grows as the gradient did. With Muon, a loss may be multiplied by a constant; but it needs a learning rate of its own.


def step_of(optimizer_class, gradient):
    weight = torch.nn.Parameter(torch.zeros_like(gradient))
    weight.grad = gradient.clone()
    optimizer_class([weight], lr=0.02).step()
    return weight.detach()


torch.manual_seed(0)
gradient = torch.randn(84, 120)
ratios = {}
for optimizer_class in (torch.optim.Muon, torch.optim.SGD):
    before, after = step_of(optimizer_class, gradient), step_of(optimizer_class, 1000 * gradient)
    ratios[optimizer_class.__name__] = (after.norm() / before.norm()).item()
    print(f"{optimizer_class.__name__}: after / before = {after.norm() / before.norm():.2f}")
assert abs(ratios["Muon"] - 1) < 0.05 and abs(ratios["SGD"] - 1000) < 1

# %% zh
# .. _solutions-training-faster-4:
#
# 4. 取最高的分
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <training-faster-exercises>`。
#
# 个个都是 0.6，最高的却接近 0.63：多出来的全是运气，换一批图就没有了。试得越多，运气越好。在验证集上挑，再到测试集上考一次，报告的才是真水平。
#
# %% en
# .. _solutions-training-faster-4:
#
# 4. The best of twenty
# ~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <training-faster-exercises>`.
#
# Each is right in 0.6, but the best seems to be in about 0.63. What it has more is luck, and would be gone with other pictures; the more you try, the luckier you are. Choose on a validation set, then take the test set once, and what you report is true.

torch.manual_seed(0)
scores = torch.stack([(torch.rand(20, 1000) < 0.6).float().mean(dim=1) for repetition in range(500)])
print(f"mean of all = {scores.mean():.3f}, mean of the best = {scores.amax(dim=1).mean():.3f}")
assert abs(scores.mean() - 0.6) < 0.002 and 0.62 < scores.amax(dim=1).mean() < 0.64

# %% zh
# .. _solutions-training-faster-5:
#
# 5. 差别算不算数
# ~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <training-faster-exercises>`。
#
# 结果要看你的机器和想法。差别算不算数，可以这样看：两种办法各用几个种子，各算一个平均；平均相差多少，和同一种办法各次之间相差多少（标准差），比一比。下面两组分数，平均都差 0.01，一组算数，一组不算：
#
# %% en
# .. _solutions-training-faster-5:
#
# 5. Does a difference count?
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <training-faster-exercises>`.
#
# It depends on your machine and your idea. To see whether a difference counts, take several seeds for each of two ways, and compare the difference of their means with how much the runs of the same way differ, their standard deviation. In both pairs below, the means differ by 0.01; one counts, and one does not:

pairs = {
    "steady": ([0.601, 0.599, 0.600, 0.602, 0.598], [0.611, 0.609, 0.610, 0.612, 0.608]),
    "jumpy": ([0.62, 0.57, 0.61, 0.58, 0.62], [0.60, 0.64, 0.58, 0.63, 0.60]),
}
counts = {}
for name, (before, after) in pairs.items():
    before, after = torch.tensor(before), torch.tensor(after)
    difference, spread = after.mean() - before.mean(), torch.maximum(before.std(), after.std())
    counts[name] = bool(difference > 2 * spread)
    print(f"{name}: difference = {difference:.3f}, standard deviation = {spread:.3f}")
assert counts == {"steady": True, "jumpy": False}

# %% zh
# .. _solutions-accelerators:
#
# 加速器
# ------
#
# 题目在 :doc:`70_accelerators` 的末尾。
#
# .. _solutions-accelerators-1:
#
# 1. 放得下吗
# ~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <accelerators-exercises>`。
#
# 每张图有 3×32×32 个数，每个数 4 个字节。乘起来，再除以一个 MiB 的字节数，就是整个训练集的大小；8 GiB 是它的十几倍，放得下。
#
# %% en
# .. _solutions-accelerators:
#
# Accelerators
# ------------
#
# The exercises are at the end of :doc:`70_accelerators`.
#
# .. _solutions-accelerators-1:
#
# 1. Does it fit?
# ~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <accelerators-exercises>`.
#
# A picture has 3×32×32 numbers of 4 bytes each. Multiply, and divide by the bytes of a MiB: that is the whole training set. Into 8 GiB it fits more than ten times.


import torch

pictures, numbers = 50_000, 3 * 32 * 32
mebibytes = pictures * numbers * 4 / 2**20
print(f"MiB = {mebibytes:.0f}")
assert pictures * numbers * 4 == torch.empty(50_000, 3, 32, 32, device="meta").nbytes
assert 8 * 1024 / mebibytes > 10

# %% zh
# .. _solutions-accelerators-2:
#
# 2. 64 张一批
# ~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <accelerators-exercises>`。
#
# 和这一课一样量：每个宽度，4 张一批量一次，64 张一批量一次，时间相除。再数一数，一步里要算多少次乘法和加法，要启动多少个运算：
#
# %% en
# .. _solutions-accelerators-2:
#
# 2. 64 pictures a batch
# ~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <accelerators-exercises>`.
#
# Measure as in the lesson: at each width, in batches of 4 and of 64, and divide the times. Then count how many multiplications and additions a step computes, and how many operations it starts:

import matplotlib.pyplot as plt
from torch import nn
from torch.nn.functional import cross_entropy
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from torchhour.timing.clock import median_seconds
from torchhour.timing.widths import wide

torch.manual_seed(0)
torch.set_num_threads(1)


def training_step(width, pictures):
    network = wide(width)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
    images, labels = torch.rand(pictures, 3, 32, 32), torch.randint(10, (pictures,))

    def step():
        optimizer.zero_grad()
        cross_entropy(network(images), labels).backward()
        optimizer.step()

    return step


class Count(TorchDispatchMode):
    calls = 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        self.calls += 1
        return operation(*args, **(kwargs or {}))


lines = {4: {}, 64: {}}
print(f"{'width':5}{'4 pictures':>14}{'64 pictures':>15}{'factor':>10}")
for width in (6, 16, 64, 256, 1024):
    computed, started = [], []
    for pictures, line in lines.items():
        step = training_step(width, pictures)
        line[width] = median_seconds(step, torch.device("cpu"), repetitions=3)
        with FlopCounterMode(display=False) as flops, Count() as count:
            step()
        computed.append(flops.get_total_flops())
        started.append(count.calls)
    few, more = lines[4][width], lines[64][width]
    print(f"{width:<5}{1000 * few:11.2f} ms{1000 * more:12.2f} ms{more / few:9.1f}×")
    assert computed[1] == 16 * computed[0] and started[1] == started[0]
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.4, 2.6), layout="constrained")
for pictures, line in lines.items():
    axis.plot(line.keys(), line.values(), "o-", label=f"{pictures} pictures")
axis.set(xscale="log", yscale="log", xlabel="width", ylabel="milliseconds a step")
axis.set_xticks(list(line), [str(width) for width in line])
axis.yaxis.set_major_formatter(lambda seconds, _: f"{1000 * seconds:g}")
axis.minorticks_off()
axis.legend()
plt.show()
# endregion

# %% zh
# .. caption:: 一个训练步要多少毫秒，随宽度变化；一条线是 4 张一批，一条是 64 张一批。两条轴都是对数的。
#
# 宽的那一端。宽度 6，倍数是 :printed:`6, factor`；宽度 1,024，是 :printed:`1024, factor`。图多了，无论宽窄，要算的都是原来的十六倍，要启动的运算却一个也不多，断言数的就是这两样；更新的参数也一样多。宽的网络，时间几乎全花在计算上，倍数甚至可能超过十六，多半因为 64 张图的中间结果放不进 CPU 的高速缓存，要从内存里取；窄的有一部分花在启动上，这部分不变，倍数就小。
#
# .. _solutions-accelerators-3:
#
# 3. 用 bfloat16 训练
# ~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <accelerators-exercises>`。
#
# 差不了多少。两次从同样的种子开始，只有 ``with`` 里的那一行不同：
#
# %% en
# .. caption:: Milliseconds for a training step against the width; one line for batches of 4 pictures, one for 64. Both axes are logarithmic.
#
# The wide end. At width 6, the factor is :printed:`6, factor`; at width 1,024, it is :printed:`1024, factor`. With more pictures, narrow or wide, there is sixteen times as much to compute, but not one operation more to start; these two the assertion counts. The parameters to update are as many, too. A wide network spends nearly all its time on computing. Its factor can even be above sixteen, probably because the intermediate results of 64 pictures do not fit into the CPU's cache, and have to be fetched from memory. A narrow one spends a part on starting, and as that part stays the same, the factor is smaller.
#
# .. _solutions-accelerators-3:
#
# 3. Train with bfloat16
# ~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <accelerators-exercises>`.
#
# Hardly at all. Both begin with the same seed, and differ only in the line within the ``with``:

from torch.utils.data import DataLoader

from torchhour.data.digits import digits

train, test = digits(), digits(train=False)
train_few = torch.utils.data.Subset(train, range(1400))
device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")


def accuracy(mixed):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10)).to(device)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.004)
    for epoch in range(3):
        for images, labels in DataLoader(train_few, batch_size=32, shuffle=True):
            images, labels = images.to(device), labels.to(device)
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=mixed):
                loss = cross_entropy(network(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        answers = network(test.images.to(device)).argmax(dim=1).cpu()
    return (answers == test.labels).float().mean().item()


plain, mixed = accuracy(mixed=False), accuracy(mixed=True)
print(f"float32 = {plain:.1%}, with bfloat16 = {mixed:.1%}")
assert abs(plain - mixed) < 0.03 and plain > 0.8

# %% zh
# .. _solutions-accelerators-4:
#
# 4. 两行各错在哪里
# ~~~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <accelerators-exercises>`。
#
# ``images.to(device)`` 不改动 ``images``，它返回一个新的张量，这里没有人要；应当写 ``images = images.to(device)``。
# ``torch.ones(10)`` 建在 CPU 上，应当写 ``torch.ones(10, device=device)``。在假装的 GPU 上，两个错都报得出来，改好以后就不报了：
#
# %% en
# .. _solutions-accelerators-4:
#
# 4. What is wrong with the two lines
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <accelerators-exercises>`.
#
# ``images.to(device)`` leaves ``images`` as it is. It returns a new tensor, which nobody takes here: write ``images = images.to(device)``.
# ``torch.ones(10)`` is made on the CPU: write ``torch.ones(10, device=device)``. On a GPU that is only pretended, both raise an error, and mended, they do not:

from torch._subclasses import FakeTensorMode


def attempt(move, weigh):
    with FakeTensorMode():
        network = nn.Linear(1024, 10, device="cuda")
        images, labels = torch.rand(8, 1024), torch.zeros(8, dtype=torch.long)
        moved = images.to("cuda")
        weights = torch.ones(10, device="cuda" if weigh else "cpu")
        try:
            cross_entropy(network(moved if move else images), labels.to("cuda"), weight=weights)
            return "no error"
        except RuntimeError as error:
            return str(error)


wrong = attempt(move=False, weigh=True), attempt(move=True, weigh=False)
right = attempt(move=True, weigh=True)
print("images.to(device) ->", wrong[0])
print("torch.ones(10) ->", wrong[1])
print("mended ->", right)
assert all(message.startswith("Expected all tensors to be on the same device") for message in wrong)
assert right == "no error"

# %% zh
# .. _solutions-accelerators-5:
#
# 5. 线在哪里相交
# ~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <accelerators-exercises>`。
#
# 这要看你的机器。不同步，量到的是排队，每一步排的运算一样多，所以那条线几乎是平的，好像加速器不花时间就能算宽的网络。
# 没有加速器，也能用一个线程看到同样的事：只量排队，大任务和小任务看不出差别；等做完再量，差别就出来了。
#
# %% en
# .. _solutions-accelerators-5:
#
# 5. Where the lines cross
# ~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <accelerators-exercises>`.
#
# It depends on your machine. If you do not synchronize, you time the queueing. Each step queues as many operations, so that line is nearly level, as if an accelerator computed wide networks in no time.
# Without an accelerator, a thread shows the same: the queueing does not tell a large task from a small one; only the wait until it is done does.

from concurrent.futures import ThreadPoolExecutor, wait
from time import perf_counter

matrices = {size: torch.rand(size, size) for size in (10, 1500)}
queued, finished = {}, {}
with ThreadPoolExecutor(max_workers=1) as stand_in:
    for size, matrix in matrices.items():
        begin = perf_counter()
        task = stand_in.submit(torch.mm, matrix, matrix)
        queued[size] = perf_counter() - begin
        wait([task])
        finished[size] = perf_counter() - begin
print("the large task was queued before it was done:", queued[1500] < finished[1500])
print("the large task took longer:", finished[1500] > finished[10])
assert queued[1500] < finished[1500] and finished[1500] > finished[10]

# %% zh
# .. _solutions-pitfalls:
#
# 常见错误
# --------
#
# 题目在 :doc:`80_pitfalls` 的末尾。
#
# .. _solutions-pitfalls-1:
#
# 1. 乱猜 100 类
# ~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <pitfalls-exercises>`。
#
# 一百类里乱猜，每一类的概率都一样，损失是 :math:`\ln 100`。多做一次 softmax，最好的得分是一个 1、九十九个 0，正确答案的概率是 :math:`e / (e + 99)`，损失是 :math:`\ln (e + 99) - 1`：比乱猜低不了多少，所以类别越多，多做的那一次越有害。
#
# %% en
# .. _solutions-pitfalls:
#
# Pitfalls
# --------
#
# The exercises are at the end of :doc:`80_pitfalls`.
#
# .. _solutions-pitfalls-1:
#
# 1. Guess among 100 classes
# ~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <pitfalls-exercises>`.
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
# 2. 换成 Adam
# ~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <pitfalls-exercises>`。
#
# 六个病人都用 ``Adam`` 再训练一次，画出曲线，再考一考。代码里写着谁的名字，就是谁的毛病：
#
# %% en
# .. _solutions-pitfalls-2:
#
# 2. Take Adam
# ~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <pitfalls-exercises>`.
#
# Train all six patients again, with ``Adam``, draw their curves, and test them. In the code, what is wrong with each stands next to its name:

from torchhour.data.digits import digits

torch.set_num_threads(1)
train, test = digits(), digits(train=False)


def make_network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))


def make_optimizer(network, lr=0.05):
    return torch.optim.Adam(network.parameters(), lr=0.002)  # instead of lr=lr


def batches(images, labels):
    order = torch.Generator().manual_seed(0)
    for step in range(150):
        drawn = torch.randint(len(images), (64,), generator=order)
        yield images[drawn], labels[drawn]


@torch.no_grad()
def accuracy(network):
    return (network(test.images).argmax(dim=1) == test.labels).float().mean().item()


def treated(name):
    network = make_network()
    optimizer = make_optimizer(network, lr=2.5 if name == "F" else 0.05)
    if name == "A":
        network = make_network()
    if name == "D":
        network.append(nn.Softmax(dim=1))
    order = torch.randperm(len(train)) if name == "E" else torch.arange(len(train))
    losses = []
    for images, labels in batches(train.images[order], train.labels):
        loss = cross_entropy(network(images), labels)
        if name != "B":
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, accuracy(network)


curves, tested = {}, {}
print("   highest loss  last loss    test")
for name in "ABCDEF":
    curves[name], tested[name] = treated(name)
    print(f"{name}  {max(curves[name]):12.2f}  {curves[name][-1]:9.2f}  {tested[name]:6.1%}")
assert max(curves["B"]) < 20 and tested["B"] < tested["C"] - 0.2
assert all(abs(loss - math.log(10)) < 0.4 for name in "AE" for loss in curves[name])
assert tested["A"] < 0.35 and tested["E"] < 0.35 < tested["C"] - 0.2
assert min(curves["D"]) > 1.46 and tested["D"] > tested["C"] - 0.2
assert curves["F"] == curves["C"] and tested["F"] == tested["C"]
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

figure, axes = plt.subplots(2, 3, figsize=(4.6, 3), sharex=True, sharey=True, layout="constrained")
for axis, (name, curve) in zip(axes.flat, curves.items()):
    axis.axhline(math.log(10), color="gray", linestyle="--", linewidth=1)
    axis.plot(curve, linewidth=1.2)
    axis.set(ylim=(0, 5), title=name)
for axis in axes[1]:
    axis.set_xlabel("step")
for axis in axes[:, 0]:
    axis.set_ylabel("loss")
plt.show()
# endregion

# %% zh
# .. caption:: 用 ``Adam`` 时六次训练的损失，纵轴只画到 5；虚线是乱猜。A 和 E 贴着虚线，B 上下摇摆，D 停在半路，C 和 F 一样，都降了下来。
#
# 是 B。``Adam`` 的步长要除以梯度的大小，梯度越积越长，步子却长不起来，所以它不再越冲越高。可是方向里仍然混着旧的：测试集上，它只答对 :printed:`B, test`，C 有 :printed:`C, test`。曲线不再飞走，不等于治好了。
#
# A 和 E 还在乱猜。D 的测试成绩不差，损失却还是降不到“:ref:`pitfalls-softmax`”里的下限以下。F 成了 C：它的学习率没有人用了。
#
# .. _solutions-pitfalls-3:
#
# 3. 第七个病人
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <pitfalls-exercises>`。
#
# ``zero_grad`` 写在 ``backward`` 和 ``step`` 之间：梯度刚算出来就清掉了，``step`` 的时候 ``grad`` 是 ``None``，什么也不改。两项检查的成绩和 A 一样：第一步的损失正常，十张图背不下来，一点没动。
# 区别在优化器：这一个手里正是网络的参数，A 手里是旧网络的。
#
# %% en
# .. caption:: The losses of the six trainings with ``Adam``, cut at 5; dashed, that of guessing. A and E stay there, B swings up and down, D stops half way, C and F are the same and fall.
#
# It is B. ``Adam`` divides its steps by the size of the gradients, so they do not grow as the gradients pile up, and B no longer goes higher and higher. But its direction is still mixed with old ones: it reads only :printed:`B, test` of the test set, and C reads :printed:`C, test`. A curve that no longer flies off is no cure.
#
# A and E still guess. D does not do badly in the test, but its loss still cannot fall below the limit in ":ref:`pitfalls-softmax`". F has become C: its learning rate is no longer used.
#
# .. _solutions-pitfalls-3:
#
# 3. The seventh patient
# ~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <pitfalls-exercises>`.
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
# 4. 读一条报错
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <pitfalls-exercises>`。
#
# 前面的矩阵是 64×1024：一批 64 张图，一张 1,024 个数，边长是 32。后面的 784×10 是一层的权重，转置过：它以为一张图有 784 个数，边长是 28。两种改法：网络照图改，``nn.Linear(1024, 10)``；图照网络改，剪成或缩成 28×28。
#
# %% en
# .. _solutions-pitfalls-4:
#
# 4. Read a message
# ~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <pitfalls-exercises>`.
#
# The first matrix is 64×1024: a batch of 64 pictures with 1,024 numbers each, so their side is 32. The second, 784×10, is the weight of a layer, transposed: it expects 784 numbers, which is a side of 28. Two cures: fit the network to the pictures, ``nn.Linear(1024, 10)``; or fit the pictures to the network, cropped or shrunk to 28×28.

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
# 5. 再弄坏一处
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <pitfalls-exercises>`。
#
# 一个例子：图全是黑的，比如除以 255 除了两次，又取了整。第一步的损失正常；十张图背不下来，停在半路；考试还是乱猜。图里什么也没有，每张图的得分都一样，网络至多学会各类各占多少，损失就停在这十个标签的熵 :math:`-\sum_k p_k \ln p_k` 上，其中 :math:`p_k` 是第 :math:`k` 类所占的比例。
# 病人 F 也停在附近：几步之后，``relu`` 出来的全是 0，剩下能学的只有最后一层的偏置。
#
# %% en
# .. _solutions-pitfalls-5:
#
# 5. Break one more thing
# ~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <pitfalls-exercises>`.
#
# One example: all pictures are black, say, divided by 255 twice and then rounded. The first loss is as it should be; ten pictures are not learned, and the loss stops half way; the exam is guessing. There is nothing in the pictures, so that all of them get the same scores. At best, these learn how frequent each class is, so that the loss stops at the entropy of these ten labels, :math:`-\sum_k p_k \ln p_k`, where :math:`p_k` is the share of class :math:`k`.
# Patient F stops near it, too: after a few steps, all that comes out of ``relu`` is 0, and nothing but the last bias can learn.

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

# %% zh
# .. _solutions-old-code:
#
# 读懂旧代码
# ----------
#
# 题目在 :doc:`90_old_code` 的末尾。
#
# .. _solutions-old-code-1:
#
# 1. 数一数
# ~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <old-code-exercises>`。
#
# ``range`` 含终点，有 10 个；``arange`` 不含，剩 9 个。要带上终点 1，把终点往后挪一步，或者半步，免得小数的误差多带出一个。
#
# %% en
# .. _solutions-old-code:
#
# Reading old code
# ----------------
#
# The exercises are at the end of :doc:`90_old_code`.
#
# .. _solutions-old-code-1:
#
# 1. Count
# ~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <old-code-exercises>`.
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
# 2. 平均改成求和
# ~~~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <old-code-exercises>`。
#
# 一批 4 张，和是平均的 4 倍，梯度也是。步子是学习率乘梯度，要走得一样远，学习率除以 4。
#
# %% en
# .. _solutions-old-code-2:
#
# 2. A sum instead of a mean
# ~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <old-code-exercises>`.
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
# 3. 三种取反
# ~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <old-code-exercises>`。
#
# 前两种是 ``bool``，第三种是 ``int64``。能挑选元素的是 ``bool``；``int64`` 的 0 和 1 会被当成编号，不报错，取出的却是第 0 个和第 1 个。
#
# %% en
# .. _solutions-old-code-3:
#
# 3. Three ways to invert
# ~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <old-code-exercises>`.
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
# 4. 修三行
# ~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <old-code-exercises>`。
#
# 警告先后来自 ``volatile`` 和没有 ``dim`` 的 ``softmax``，报错来自最后的 ``[0]``：``p.max(1)[1]`` 现在是一维的，取一次就是那个数。三个概率一样大，说哪一个最大都算对，所以这里只看它在不在范围里。
#
# %% en
# .. _solutions-old-code-4:
#
# 4. Mend three lines
# ~~~~~~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <old-code-exercises>`.
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
# 5. 自己找一份
# ~~~~~~~~~~~~~
#
# .. deeper:: 看答案
#
# :ref:`题目 <old-code-exercises>`。
#
# 各人找到的不一样。这一课自己的四组，报错的最多，一声不响的最少：不报错的难发现，也就难收集。要找它们，拿旧代码的一小段和另一种算法比，例如损失：
#
# %% en
# .. _solutions-old-code-5:
#
# 5. Of your own
# ~~~~~~~~~~~~~~
#
# .. deeper:: Show the solution
#
# :ref:`The exercise <old-code-exercises>`.
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
