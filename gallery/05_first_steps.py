"""
%% zh
第一步
======

六分钟后，你就:term:`训练 <training>`出一个能认手写数字的:term:`神经网络 <network>`了。
先走一遍，细节留给后面四课。

**需要的基础：**一点 Python。

.. minutes:: 6

%% en
First steps
===========

Six minutes from now, your first :term:`training` is done, and a :term:`neural network <network>` of yours reads digits written by real people.
Walk the way once; the next four lessons explain it.

**What you need:** a little Python.

.. minutes:: 6
"""

# %% zh
# .. _first-steps-line:
#
# 给这些点找一条直线
# ------------------
#
# 二十个点，大致排成一条直线。直线有两个:term:`参数 <parameter>`：斜率和截距，即 :math:`x = 0` 处的高度。都从 0 开始，怎样找到合适的？
#
# 先算这条线在各点差多少，平方，再平均，这个数叫:term:`损失 <loss>`。``backward`` 求出两个参数各自的:term:`梯度 <gradient>`：
# 参数动一点，损失的变动是它的几倍。梯度为正，参数变大，损失就变大，所以要减：每个参数减去自己梯度的 ``0.3`` 倍，一遍又一遍。（``-=`` 直接改写这两个数。）其余的以后讲；标 ✓ 的代码是检查，建站时已通过。
#
# %% en
# .. _first-steps-line:
#
# Lay a line through the points
# -----------------------------
#
# Here are twenty points, roughly on a line. A line has two :term:`parameters <parameter>`: its slope, and its intercept, the height at
# :math:`x = 0`. Both begin at 0. How do we find better ones?
#
# First compute how far the line is off at each point, squared, on average: the :term:`loss`. Then ``backward``
# finds the :term:`gradient` of each parameter: when the parameter moves a little, the loss moves that many times as far. If positive, more means a larger loss; so subtract ``0.3``
# times the gradient, again and again. (``-=`` writes over the two numbers.) The rest comes later. Code marked ✓ was checked when this page was built.

import torch

torch.manual_seed(0)
x = torch.linspace(0, 1, 20)
y = 2 * x + 0.5 + 0.1 * torch.randn(20)

slope = torch.tensor(0.0, requires_grad=True)
intercept = torch.tensor(0.0, requires_grad=True)
for step in range(200):
    loss = ((slope * x + intercept - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for number in (slope, intercept):
            number -= 0.3 * number.grad
            number.grad = None

print(f"slope = {slope.item():.2f}, intercept = {intercept.item():.2f}, loss = {loss.item():.3f}")
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(4.2, 2.4), layout="constrained")
axis.plot(x, y, "o", markersize=4)
axis.plot(x, (slope * x + intercept).detach())
axis.set(xlabel="x", ylabel="y")
plt.show()
# endregion
assert abs(slope.item() - 2) < 0.2 and abs(intercept.item() - 0.5) < 0.2

# %% zh
# .. caption:: 二十个点，和从中间穿过的那条直线。
#
# 点照斜率 2、截距 0.5 生成，又随机挪了一点，所以最合适的线是另一条；200 步后，找到的是 :printed:`slope` 和 :printed:`intercept`。
# 没有人告诉程序斜率和截距，它只是一步步让损失变小。
#
# .. _first-steps-descent:
#
# 自己走一走
# ----------
#
# 刚才的 0.3 叫:term:`学习率 <learning-rate>`，它越大，步子越大。下面截距固定为 0.5，横轴是斜率，曲线是损失。拖动学习率，再按“走一步”。
# 太小，小球爬得慢；太大，左右摇摆；再大，就飞了出去。
#
# .. folded:: 先猜一猜：学习率是 3 的时候，小球会到哪里？
#
#    它会飞出画面。每一步都跨过谷底，落在更高的地方，梯度更大，下一步就跨得更远。
#
# .. folded:: 没写过 ``lambda``？
#
#    ``lambda slope: …`` 是写成一行的函数，没有名字：收进 ``slope``，给出冒号后面的数。什么也不收的，写成 ``lambda: …``。
#
# %% en
# .. caption:: Twenty points, and the line that runs through their middle.
#
# The points were made with slope 2 and intercept 0.5, then moved a little at random. After 200 steps
# the line has :printed:`slope` and :printed:`intercept`. Nobody told it; it made the loss smaller, step by step.
#
# .. _first-steps-descent:
#
# Walk it yourself
# ----------------
#
# That 0.3 is the :term:`learning rate <learning-rate>`; a larger one, larger steps. Below, only the slope moves (intercept: 0.5); the curve is the loss.
# Move the learning rate, then press "one step". Too small, and the ball creeps; too large, and it swings; larger still, and it flies away.
#
# .. folded:: Guess first: where does the ball go with a learning rate of 3?
#
#    Off the picture. Every step crosses the valley and lands higher up, where the gradient is larger, so that
#    the next step goes farther still.
#
# .. folded:: Never written ``lambda``?
#
#    ``lambda slope: …`` is a function in one line, without a name: it takes ``slope``, and gives what stands behind the colon. One that takes nothing is ``lambda: …``.

from torchhour.explore import descend

descend(
    lambda slope: ((slope * x + 0.5 - y) ** 2).mean(),
    start=-1.0,
    rates=(0.1, 0.3, 1.0, 2.0, 2.7, 3.0),
    between=(-2.0, 6.0),
)

# %% zh
# .. caption:: 损失的曲线像一个山谷，小球沿着它一步步走向谷底。
#
# .. _first-steps-digits:
#
# 二十行，认手写数字
# ------------------
#
# 现在换成真的图：一千多张手写数字（:ref:`来历 <about-data>`），每张 32×32。网络里有六万多个可以调的数，办法还是那样：
# 算损失，求梯度，往反方向走一步，走很多步。
#
# %% en
# .. caption:: The curve of the loss is a valley, and a ball walks down to its bottom.
#
# .. _first-steps-digits:
#
# Read digits, in twenty lines
# ----------------------------
#
# Now for real pictures: more than a thousand handwritten digits of 32×32 (:ref:`their source <about-data>`). The network has more than sixty thousand numbers
# to adjust, yet it goes the same way: loss, gradients, a step the other way, many times.

from torch import nn
from torch.utils.data import DataLoader

from torchhour.data.digits import digits

train_set, test_set = digits(), digits(train=False)
network = nn.Sequential(nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(network.parameters(), lr=0.002)

order = torch.Generator().manual_seed(0)
for epoch in range(5):
    for images, labels in DataLoader(train_set, batch_size=32, shuffle=True, generator=order):
        loss = criterion(network(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch + 1}: loss = {loss.item():.3f}")

with torch.no_grad():
    answers = network(test_set.images).argmax(dim=1)
accuracy = (answers == test_set.labels).float().mean().item()
print(f"accuracy = {accuracy:.1%}")
assert accuracy > 0.9

# %% zh
# 没见过的图，网络认对了 :printed:`accuracy`；乱猜只能对十分之一。
#
# 每次送进 32 张图，叫一\ :term:`批 <batch>`；全部看过一遍，叫一\ :term:`轮 <epoch>`。打印的只是每轮最后一批的损失，会跳一下。分类另用一种损失，``CrossEntropyLoss``，以后再讲。
# ``optimizer.step()`` 替我们走一步，走法叫 ``Adam``。前几张图的答案：
#
# %% en
# Of pictures that it never saw, it reads :printed:`accuracy`; guessing gets one in ten.
#
# Pictures go in by :term:`batches <batch>` of 32; once through all is an :term:`epoch`. Only the loss of its last batch is printed, so it may hop.
# Choosing one of ten takes another loss, ``CrossEntropyLoss``, explained later. ``optimizer.step()`` takes the step for us, by a rule called ``Adam``. The first answers:

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axes = plt.subplots(1, 6, figsize=(4.6, 1.1), layout="constrained")
for axis, image, answer in zip(axes, test_set.images, answers):
    axis.imshow(image[0], cmap="gray")
    axis.set_title(answer.item(), fontsize=12)
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 六个手写的数字，每个上方写着网络的答案。
#
# .. _first-steps-path:
#
# 全程的地图
# ----------
#
# 两次做的是同一件事：数据进去，损失出来，梯度往回走，:term:`参数 <parameter>`改一点。后面四课，都在图上：
#
# %% en
# .. caption:: Six handwritten digits, each below the network's answer.
#
# .. _first-steps-path:
#
# The map of the whole way
# ------------------------
#
# Both times: data go in, a loss comes out, gradients flow back, and the :term:`parameters <parameter>` change a
# little. The next four lessons are on this map:

from torchhour.paths import draw_path

draw_path()

# %% zh
# .. caption:: 图进入网络，得分变成损失，梯度从损失流回网络，更新参数；灰色的字是讲那一步的课；“训练分类器”走完全程。
#    :name: map
#
# **你已经会：**说出:term:`训练循环 <training-loop>`里发生了什么，看懂损失和:term:`准确率 <accuracy>`，知道学习率为什么重要。
#
# **还没讲的：**\ :term:`张量 <tensor>`是什么，梯度怎么算出来，网络里的:term:`层 <layer>`做什么，怎样知道训练得好不好。
#
# .. _first-steps-exercises:
#
# 练习
# ----
#
# 1. **只改一行。**把 ``lr`` 改成 0.2，再改成 0.00002，准确率各是多少？哪一次像小球爬得太慢，哪一次像它飞出去？
#
#    .. folded:: 提示
#
#       最后一行的断言可能会拦住你，删掉它；准确率已经打印出来了。看打印的损失。一个每\ :term:`轮 <epoch>`\ 都在变小，只是很慢。另一个一直在 2.3 上下，闭着眼在十个里猜，损失就是这么多：头几步太大，网络飞了出去，从此看什么图都给一样的得分。
#
#       做完再看\ :ref:`答案 <solutions-first-steps-1>`。
#
# 2. **用笔。**只有两个点 :math:`(0, 1)` 和 :math:`(1, 3)`，直线从斜率 0、截距 0 开始，损失是多少？
#
#    .. folded:: 提示
#
#       直线在两处都是 0，差是 1 和 3。平方，再取平均。
#
#       在笔记本里核对：先写 ``from torchhour.exercises import check``，再写 ``check("first-steps-2", answer)``，``answer`` 换成你的数。然后看\ :ref:`答案 <solutions-first-steps-2>`。
#
# 3. **想一想。**如果训练和测试用同一批图，准确率会更高。为什么这样的准确率没有用？
#
#    .. folded:: 提示
#
#       把答案背下来，算不算学会？
#
#       做完再看\ :ref:`答案 <solutions-first-steps-3>`。
#
# 接着读 :doc:`10_tensors`：一张图在 PyTorch 里是什么样子。
#
# %% en
# .. caption:: Pictures enter the network, scores become a loss, gradients flow back from it, and the parameters are updated; in gray, the lesson about each; A classifier goes all the way.
#    :name: map
#
# **You can now** tell what happens in a :term:`training loop <training-loop>`, read a loss and an :term:`accuracy`, and say why the learning rate matters.
#
# **Still to come:** what a :term:`tensor` is, how gradients are found, what :term:`layers <layer>` do, and how to tell whether a network has learned well.
#
# .. _first-steps-exercises:
#
# Exercises
# ---------
#
# 1. **Change one line.** Set ``lr`` to 0.2, then to 0.00002. What accuracy does each reach? Which one is the ball that creeps, and which the ball that flies away?
#
#    .. folded:: A hint
#
#       The assertion in the last line may stop you: delete it; the accuracy is printed by then. Look at the printed losses. One falls with every :term:`epoch`, only slowly. The other stays around 2.3, which is what blind guessing among ten costs: the first steps were so large that the network flew off, and now it scores all pictures alike.
#
#       When you are done, see :ref:`the solution <solutions-first-steps-1>`.
#
# 2. **With a pencil.** For two points, :math:`(0, 1)` and :math:`(1, 3)`, and a line of slope 0 and intercept 0, what is the loss?
#
#    .. folded:: A hint
#
#       The line is 0 at both places, so it misses by 1 and by 3. Square, and take the mean.
#
#       Check yours in a notebook: ``from torchhour.exercises import check``, then ``check("first-steps-2", answer)``, with your number for ``answer``. After that, see :ref:`the solution <solutions-first-steps-2>`.
#
# 3. **Think.** Train and test on the same pictures, and the accuracy is higher. Why is such a number of no use?
#
#    .. folded:: A hint
#
#       Is a pupil who has the answers by heart a pupil who has understood?
#
#       When you are done, see :ref:`the solution <solutions-first-steps-3>`.
#
# Go on with :doc:`10_tensors`: what a picture is to PyTorch.
