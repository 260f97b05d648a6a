"""
%% zh
自动求导
========

网络学习的时候，每个参数都在问同一个问题：我变大一点，损失会变大还是变小？
学完这一课，不管计算有多少步，你用一行代码就能得到全部的答案。你会看到梯度顺着计算过程一步步往回走，然后亲手把损失降下来。

**需要的基础：**读过 :doc:`10_tensors`。学过:term:`导数 <differentiate>`更好，忘了也不要紧，第一节会帮你想起来。

.. minutes:: 14

%% en
Autograd
========

While a network learns, each of its parameters asks the same question: if I were a little larger, would the loss rise or fall?
By the end of this lesson, one line of code gives you all the answers, however long the computation is. You will watch gradients
travel back through it step by step, and then bring a loss down with your own hands.

**What you need:** the lesson :doc:`10_tensors`. :term:`Derivatives <differentiate>` help; if you have forgotten them, the first section brings them back.

.. minutes:: 14
"""

# %% zh
# .. _autograd-nudge:
#
# 推一推参数
# ----------
#
# 先看最小的例子：只有一个参数 ``w``，损失是 :math:`(w - 2)^2`。现在 ``w`` 是 5。把它往上推 0.001，损失会变多少？
#
# %% en
# .. _autograd-nudge:
#
# Nudge a parameter
# -----------------
#
# The smallest example first: one parameter, ``w``, and the loss :math:`(w - 2)^2`. Right now ``w`` is 5. Nudge it up by 0.001: how much does the loss change?


def loss_at(w):
    return (w - 2) ** 2


change = loss_at(5.001) - loss_at(5.0)
print(f"change = {change:.6f}")
print(f"ratio = {change / 0.001:.3f}")

# %% zh
# 损失变大了 :printed:`change`。除以增加的 0.001，得到 :printed:`ratio`：损失的增量约是 ``w`` 的增量的六倍。
# 增加得越少，比值越接近 6。（太少了又不行：一个数，计算机只存 16 位左右的有效数字，再小的变化就没了。）6 就是损失对 ``w`` 的导数，在 PyTorch 里叫**梯度**。
#
# 不用推，PyTorch 也能直接算出准确的值：
#
# %% en
# The loss rose by :printed:`change`. Divided by the nudge of 0.001, that makes :printed:`ratio`: however little ``w`` grows, the loss grows about six
# times as much. With a lighter nudge the ratio comes closer to 6. (Not with the lightest: a computer keeps some 16 digits of a number, and the change is lost beyond them.) That 6 is the derivative of the loss with respect to ``w``. PyTorch calls it the **gradient**.
#
# And PyTorch finds it exactly, without any nudging:

import torch

torch.manual_seed(0)

w = torch.tensor(5.0, requires_grad=True)
loss = loss_at(w)
loss.backward()
print("w.grad =", w.grad)

# %% zh
# ``requires_grad=True`` 告诉 PyTorch：我想知道损失对这个张量的梯度。``backward`` 求出梯度，存进 ``w.grad``。
# 函数 ``loss_at`` 一个字也没有改。
#
# .. folded:: 先猜一猜：``w`` 是 0 的时候，梯度是正还是负？``w`` 是 2 呢？
#
#    0 的时候是负的：``w`` 变大，损失反而变小。2 正好在谷底，往哪边轻轻推，损失都几乎不动，梯度是 0。
#
# %% en
# ``requires_grad=True`` tells PyTorch that we want to know the gradient of the loss with respect to this tensor. ``backward`` finds the gradient
# and stores it in ``w.grad``. Not a letter of ``loss_at`` had to change.
#
# .. folded:: Guess first: is the gradient positive or negative where ``w`` is 0? And where it is 2?
#
#    Negative at 0: as ``w`` grows, the loss shrinks. And 2 is the very bottom of the valley. A light nudge to either side hardly moves the loss; the gradient is 0.

places, gradients = [0.0, 2.0, 5.0], []
for place in places:
    w = torch.tensor(place, requires_grad=True)
    loss_at(w).backward()
    gradients.append(w.grad.item())
print("gradients =", gradients)
assert gradients == [-4, 0, 6]
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(4.2, 2.6), layout="constrained")
line = torch.linspace(-1.6, 6.6, 100)
axis.plot(line, loss_at(line), color="gray")
for place, gradient in zip(places, gradients):
    near = torch.tensor([-1.1, 1.1])
    axis.plot(place + near, loss_at(place) + gradient * near, color="tab:orange", linewidth=2.5)
    axis.plot(place, loss_at(place), "o", color="tab:orange")
    side = "left" if gradient < 0 else "right"
    aside = 0.3 if gradient < 0 else -0.3
    height = loss_at(place) + (1.6 if gradient == 0 else 0.4)
    if gradient == 0:
        side, aside = "center", 0
    axis.text(place + aside, height, f"{gradient:.0f}".replace("-", "−"), color="tab:orange", size=12, ha=side)
axis.set(ylabel="loss")
axis.set_xlabel("w", family="monospace")
plt.show()
# endregion

# %% zh
# .. caption:: 损失的曲线和三处的切线；旁边的数是那里的梯度。
#
# 梯度的正负，说的是往哪边走损失会变大；梯度的大小，说的是那里有多陡。想让损失变小，就往相反的方向走。
# 参数有一千万个也一样，每一个都有自己的梯度。
#
# %% en
# .. caption:: The curve of the loss, and its tangent at three places; each number is the gradient there.
#
# The sign of a gradient tells on which side the loss rises, and its size tells how steep it is there. To make the loss smaller, go the other way.
# It is the same with ten million parameters: each has a gradient of its own.

# %% zh
# .. _autograd-chain:
#
# 一步一步乘回去
# --------------
#
# 真正的损失要算好几步。下面有一个数据 ``x``，它的正确答案是 ``y``；参数有两个，``w`` 和 ``b``。
# 预测是 :math:`wx + b`，损失是误差的平方。
#
# %% en
# .. _autograd-chain:
#
# Multiply your way back
# ----------------------
#
# A real loss takes several steps to compute. Below, ``x`` is one piece of data and ``y`` its right answer; there are two parameters, ``w`` and ``b``.
# The prediction is :math:`wx + b`, and the loss is the square of the error.

x, y = torch.tensor(3.0), torch.tensor(8.0)
w = torch.tensor(4.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)

product = w * x
prediction = product + b
error = prediction - y
loss = error**2
print("loss =", loss.item())
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
names = ["w", "product", "prediction", "error", "loss"]
values = [w, product, prediction, error, loss]
gradients = torch.autograd.grad(loss, values, retain_graph=True)
figure, axis = plt.subplots(figsize=(4.6, 1.75))
figure.subplots_adjust(0, 0, 1, 1)
axis.set(xlim=(-0.5, 4.5), ylim=(-1.75, 0.95))
axis.axis("off")
for place, value in enumerate(values):
    axis.text(place, 0.55, names[place], family="monospace", size=8.5, ha="center")
    box = {"boxstyle": "round,pad=0.35", "facecolor": "none", "edgecolor": "gray"}
    axis.text(place, 0, f"{value.item():.0f}", bbox=box, ha="center", va="center")
    gradient = f"{gradients[place].item():.0f}"
    axis.text(place, -1.1, gradient, color="tab:orange", size=12, ha="center", va="center")
for place, does in enumerate(["× 3", "+ 1", "− 8", "( )²"]):
    factor = gradients[place] / gradients[place + 1]
    arrow = {"arrowstyle": "-|>", "color": "gray"}
    axis.annotate("", (place + 0.72, 0), (place + 0.28, 0), arrowprops=arrow)
    axis.text(place + 0.5, 0.13, does, size=9, ha="center")
    arrow = {"arrowstyle": "-|>", "color": "tab:orange"}
    axis.annotate("", (place + 0.25, -1.1), (place + 0.75, -1.1), arrowprops=arrow)
    factor = f"× {factor.item():.0f}"
    axis.text(place + 0.5, -1.5, factor, color="tab:orange", size=9, ha="center")
plt.show()
# endregion

# %% zh
# .. caption:: 上面一行从左往右算出损失，下面一行从右往左乘出梯度。
#
# 上面一行是:term:`前向传播 <forward-pass>`：从 ``w`` 开始，一步一步算出损失。下面一行是:term:`反向传播 <backpropagation>`，
# 从损失往回走，每一步只问一件小事：这一步的输入变一点，输出变多少？
#
# 最后一步是平方，平方的导数是原数的两倍；误差是 5，:math:`2 \times 5 = 10`，所以乘 10。加 1、减 8 原样放行，乘 1。乘 3 的那一步，就乘 3。
# 全部乘起来，``w`` 的梯度就是 :math:`10 \times 1 \times 1 \times 3 = 30`。这就是:term:`链式法则 <chain-rule>`：
# **每一步都很简单，把它们连乘起来。**
#
# .. folded:: 先猜一猜：``b`` 的梯度是多少？
#
#    是 10。``b`` 加在乘积上，路上没有乘 3 的那一步。下一节就来核对。
#
# %% en
# .. caption:: The upper row computes the loss from left to right, the lower row multiplies up the gradients from right to left.
#
# The upper row is the :term:`forward pass <forward-pass>`: from ``w`` on, step by step, to the loss. The lower row is :term:`backpropagation`.
# It starts at the loss and asks at each step one small question: if the input changes a little, how much does the output change?
#
# The last step is a square, whose derivative is twice the number. With an error of 5, :math:`2 \times 5 = 10`, so multiply by 10. Adding 1 and taking away 8 let every change pass
# as it is: multiply by 1. And multiplying by 3 multiplies by 3. All together, the gradient of ``w`` is :math:`10 \times 1 \times 1 \times 3 = 30`.
# That is the :term:`chain rule <chain-rule>`: **every step is easy; multiply them all.**
#
# .. folded:: Guess first: what is the gradient of ``b``?
#
#    It is 10. As ``b`` is added to the product, the step that multiplies by 3 is not on its way. The next section checks it.

# %% zh
# .. _autograd-record:
#
# 看看 PyTorch 记下了什么
# -----------------------
#
# 上面的图是我们自己画的。PyTorch 也有一张：前向的时候，只要一步运算用到了需要梯度的张量，它就记下这一步。每个结果都带着一条记录，叫 ``grad_fn``：
#
# %% en
# .. _autograd-record:
#
# See what PyTorch wrote down
# ---------------------------
#
# That drawing was ours. PyTorch has one, too: while it goes forward, it notes the operations on tensors that require a gradient. Each result carries its note, called ``grad_fn``:

print(loss)
print(product)
print("x.requires_grad =", x.requires_grad)
print("product.requires_grad =", product.requires_grad)

# %% zh
# 梯度往回走，乘方这一步由 ``PowBackward0`` 算，乘法那一步由 ``MulBackward0`` 算。数据 ``x`` 不:term:`需要梯度 <require-gradient>`；
# 可是只要有一个输入需要梯度，结果也需要，``product`` 就是这样。
#
# 一条条记录连起来，就是:term:`计算图 <computational-graph>`。下面画的就是 ``loss`` 背后的这一张，图里每个运算都是从 ``grad_fn`` 里如实读出来的。
# 一步一步走，先往前，再往回：
#
# %% en
# ``PowBackward0`` knows the way back through a power, and ``MulBackward0`` through a product. The data ``x`` do not :term:`require a gradient <require-gradient>`,
# but as soon as one input does, so does the result: hence ``product`` does.
#
# Joined together, the notes are the :term:`computational graph <computational-graph>`. Below is the one behind ``loss``; each of its operations was read off a real ``grad_fn``.
# Step through it, first forward, then back:

from torchhour.explore import forward_backward

forward_backward(loss, w=w, b=b, x=x, product=product, prediction=prediction, error=error)

# %% zh
# .. caption:: 损失背后的计算图：往前是数，往回是梯度，最后到达参数。
#
# 往回的路从损失出发，起始值是 1.0：损失对自己的导数是 1。
# 路的尽头是 ``w`` 和 ``b``。它们不是哪一步运算的结果，是你直接创建的，叫:term:`叶子张量 <leaf>`；叶子若需要梯度，梯度就存在它的 ``grad`` 里。
#
# 你刚才一步步走过的路，``backward`` 一行就走完了：
#
# %% en
# .. caption:: The computational graph behind the loss: numbers go forward, gradients come back and arrive at the parameters.
#
# The way back starts at the loss, a single number, with 1.0: its derivative with respect to itself is 1.
# The way ends at ``w`` and ``b``. No recorded operation made them; you did. They are :term:`leaf tensors <leaf>`, and a gradient, where one is asked for, is kept in their ``grad``.
#
# ``backward`` goes all that way in one line:

loss.backward()
print("w.grad =", w.grad)
print("b.grad =", b.grad)
assert w.grad == 30 and b.grad == 10 and x.grad is None

# %% zh
# 和用笔算的一样。这个办法就叫:term:`自动求导 <automatic-differentiation>`，英文简称 autograd：你只管写前向，反向由 PyTorch 完成。
#
# .. _autograd-anew:
#
# 计算图默认只能用一次
# --------------------
#
# 走完一趟，再走一趟会怎样？
#
# %% en
# Just what we found with a pencil. This is :term:`automatic differentiation <automatic-differentiation>`, autograd for short: you write the forward pass, and PyTorch takes care of the way back.
#
# .. _autograd-anew:
#
# Use a graph once, then build it anew
# ------------------------------------
#
# You went back once. What if you go back again?

try:
    loss.backward()
except RuntimeError as problem:
    print("RuntimeError:", str(problem).split(" (")[0])

# %% zh
# 这条消息你迟早会遇到，它说：这张计算图已经走过一次。里面存着的数已经释放了：它们占内存，所以 ``backward`` 用完就扔。
# 重新做一次前向，就有了一张新图。
#
# 每次前向都新建一张图，还有一个大好处：前向里可以写 Python 的 ``if``，也可以写循环，图里记下的只是这一次真正做过的运算。
#
# .. folded:: 先猜一猜：一个数加倍，直到不小于 100。从 30 和从 3 开始，梯度各是多少？
#
#    从 30 开始，加倍两次就不小于 100，梯度是 4。从 3 开始要加倍六次，梯度是 64。
#
# %% en
# Sooner or later you will meet this message. It says that you have been through this graph. The numbers kept in it are gone: they take memory,
# so ``backward`` throws them away after use. The cure is to go forward once more, which makes a new graph.
#
# That each forward pass builds its own graph has a great advantage: it may use Python's ``if`` and loops. The graph notes only the operations that were really done this time.
#
# .. folded:: Guess first: a number is doubled until it is 100 or more. What are the gradients when you start from 30 and from 3?
#
#    From 30, doubling twice makes it 100 or more, and the gradient is 4. From 3, it takes six doublings, and the gradient is 64.


def grow(number):
    while number < 100:
        number = number * 2
    return number


for start in (30.0, 3.0):
    number = torch.tensor(start, requires_grad=True)
    grow(number).backward()
    print("start =", start, " gradient =", number.grad.item())

# %% zh
# 函数是同一个，图却有长有短：每加倍一次，图里就多一个乘法。
#
# .. _autograd-accumulate:
#
# 留意梯度会累加
# --------------
#
# ``w.grad`` 现在是 30。把同样的损失重算一遍，再往回走一遍，连做两次。
#
# .. folded:: 先猜一猜：第一次以后，``w.grad`` 会变成多少？
#
#    60。``backward`` 不覆盖 ``grad``，而是把新的梯度**加**上去。
#
# %% en
# The function is the same, but one graph is short and the other long: each doubling adds one product to it.
#
# .. _autograd-accumulate:
#
# Mind that gradients add up
# --------------------------
#
# Right now, ``w.grad`` is 30. Compute the same loss and go back, and do so twice.
#
# .. folded:: Guess first: what is ``w.grad`` after the first of them?
#
#    It will be 60. ``backward`` does not overwrite ``grad``; it **adds** the new gradient to it.


def squared_error():
    return (w * x + b - y) ** 2


for turn in ("second", "third"):
    squared_error().backward()
    print(f"after the {turn} pass, w.grad = {w.grad.item()}")

# %% zh
# 越积越多。忘了清空，每一步都会带着以前各步的梯度，这是训练里最常见的错误之一。所以每一步之前都要清空：
# 自己写就是 ``w.grad = None``，用后面的:term:`优化器 <optimizer>`就是 ``optimizer.zero_grad()``。
#
# 累加也有用处。一批数据太大，内存放不下，就分成几份，每份各做一次反向，梯度就加到了一起，:ref:`练习 <autograd-exercises>` 4 会让你做一遍。
#
# %% en
# More and more. Forget to clear it, and each step drags the gradients of all former steps along: this is one of the most common mistakes in training.
# So clear gradients before each step: by hand with ``w.grad = None``, and with the :term:`optimizer` below by ``optimizer.zero_grad()``.
#
# Adding up has its uses, too. When a batch is too large for the memory, split it, go back once for each part, and the gradients add up: see :ref:`exercise <autograd-exercises>` 4.

# %% zh
# .. _autograd-step:
#
# 亲手走一步
# ----------
#
# 有了梯度，就可以往反方向走一步：每个参数减去:term:`学习率 <learning-rate>`乘梯度。
#
# %% en
# .. _autograd-step:
#
# Take a step by hand
# -------------------
#
# With the gradients at hand, take a step the other way: subtract from each parameter the :term:`learning rate <learning-rate>` times its gradient.

w.grad = b.grad = None
loss = squared_error()
loss.backward()
try:
    w -= 0.01 * w.grad
except RuntimeError as problem:
    print("RuntimeError:", problem)

# %% zh
# PyTorch 不答应：``w`` 是需要梯度的叶子张量，而 ``-=`` 要:term:`原地 <in-place>`改它。更新参数不是前向的一部分，本来就不该记进计算图。
# 放进 ``torch.no_grad()`` 里，什么也不记，就可以改了。（报错里的 ``Variable``，是张量的旧名字。）
#
# %% en
# PyTorch refuses: ``w`` is a leaf tensor that requires a gradient, and ``-=`` would change it :term:`in place <in-place>`. An update of parameters is no part of the forward pass and
# has no place in the graph. Within ``torch.no_grad()`` nothing is noted, and you may change it. (``Variable``, in the message, is an old name for a tensor.)

with torch.no_grad():
    w -= 0.01 * w.grad
    b -= 0.01 * b.grad
    print(f"loss before = {loss.item():.2f}")
    print(f"loss after = {squared_error().item():.2f}")
assert squared_error() < loss

# %% zh
# 一步就从 :printed:`loss before` 降到了 :printed:`loss after`。训练网络，就是一遍又一遍地走这一步。
#
# %% en
# One step brought it from :printed:`loss before` down to :printed:`loss after`. To train a network is to take this step again and again.

# %% zh
# .. _autograd-optimizer:
#
# 交给优化器
# ----------
#
# 参数多了，一个个更新太麻烦，这是:term:`优化器 <optimizer>`的工作。``SGD`` 做的正是刚才那一步，它的全名是:term:`随机梯度下降 <stochastic-gradient-descent>`：数据多的时候，每一步只看随机抽出的一批。
# 让它从同一个起点出发，走二十步。这个循环，你在 :doc:`05_first_steps` 里见过。
#
# %% en
# .. _autograd-optimizer:
#
# Hand it to an optimizer
# -----------------------
#
# With many parameters, updating one after the other is a chore; that is the job of an :term:`optimizer`. ``SGD`` takes just the step that you took. Its full name is :term:`stochastic gradient descent <stochastic-gradient-descent>`: where data are many, each step sees a random batch of them only.
# Let it set out from the same start and take twenty steps. You have met this loop in :doc:`05_first_steps`.

w = torch.tensor(4.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.01)
losses, way = [], [(w.item(), b.item())]
for step in range(20):
    loss = squared_error()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    way.append((w.item(), b.item()))

print("losses:", *[f"{loss:.2f}" for loss in losses[:4]], "…")
print(f"last loss = {squared_error().item():.4f}")
assert losses[-1] < 0.01
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.2, 2.8), layout="constrained")
across, up = torch.meshgrid(torch.linspace(2, 4.5, 60), torch.linspace(-0.2, 1.4, 60), indexing="xy")
heights = (across * x + up - y) ** 2
lines = axis.contour(across, up, heights, levels=[0.25, 1, 4, 9, 16, 25, 36], colors="gray", linewidths=0.8)
axis.clabel(lines, fontsize=8, fmt="%.4g")
axis.plot(*zip(*way), "o-", color="tab:orange", markersize=4)
axis.set_aspect("equal")
axis.set_xlabel("w", family="monospace")
axis.set_ylabel("b", family="monospace")
plt.show()
# endregion

# %% zh
# .. caption:: 从上往下看损失：同一条灰线上，损失相等，像地图上的等高线；橙色是二十步走过的路。
#
# 前两个损失，和你亲手走的那一步一模一样。横轴是 ``w``，纵轴是 ``b``，每一步都垂直于灰线，朝最陡的方向往下。
# 越往下越平，梯度越小，步子自己就变短了；二十步以后，损失只剩 :printed:`last loss`。
#
# %% en
# .. caption:: The loss seen from above: along each gray line it is the same, and the orange path is the way of the twenty steps.
#
# The first two losses are those of your step by hand. ``w`` is the horizontal axis and ``b`` the vertical one; every step crosses the gray lines at right angles, down
# where it is steepest. The ground becomes flatter, the gradient smaller, and the steps grow shorter by themselves. After twenty of them, a loss of :printed:`last loss` is left.

# %% zh
# .. _autograd-detach:
#
# 什么时候不用记录
# ----------------
#
# 训练完了，你想把预测交给 NumPy，或者画出来：
#
# %% en
# .. _autograd-detach:
#
# When nothing should be noted
# ----------------------------
#
# Training is over, and you want to hand the prediction to NumPy, or to plot it:

from textwrap import fill

prediction = w * x + b
try:
    prediction.numpy()
except RuntimeError as problem:
    print(fill(f"RuntimeError: {problem}", width=70))
print("detached =", prediction.detach().numpy())

# %% zh
# NumPy 数组没有地方记计算图，PyTorch 就先拦住你，还告诉你该怎么办：``detach`` 以后数不变，只是不再连着计算图。只要一个 Python 数，用 ``item()``。
#
# 如果一开始就知道不需要梯度，比如测试的时候，就整段放进 ``no_grad``：什么也不记，省时间，也省内存。
#
# %% en
# NumPy cannot keep a graph, so PyTorch stops you, and names the cure: ``detach`` gives you the same number, cut off from the graph. For a plain Python number, take ``item()``.
#
# If you know beforehand that you need no gradient, as in testing, put the whole passage into ``no_grad``: nothing is noted, which saves time and memory.

with torch.no_grad():
    prediction = w * x + b
print("requires_grad =", prediction.requires_grad)
print(f"prediction = {prediction.item():.2f}")
assert not prediction.requires_grad

# %% zh
# 预测是 :printed:`prediction`，正确答案是 8。只用一个数据、两个参数，你已经走完了网络学习的全过程。
#
# %% en
# The prediction is :printed:`prediction`, and the right answer is 8. With one piece of data and two parameters, you have been through all that a network does when it learns.

# %% zh
# .. _autograd-classic:
#
# 用笔推一遍经典的 4.5
# --------------------
#
# .. deeper::
#
# 很多教程都有这个例子，值得用笔推一遍。设 :math:`x` 有四个数，每个都是 1，算三步：
#
# .. math:: y_i = x_i + 2, \quad z_i = 3 y_i^2, \quad o = \frac{1}{4} \sum_i z_i
#
# 代码里的 ``out`` 就是 :math:`o`。从它往回走，由链式法则（:math:`\partial` 是其余变量都不动时的导数）
#
# .. math::
#
#    \frac{\partial o}{\partial x_i} = \frac{\partial o}{\partial z_i} \,
#    \frac{\partial z_i}{\partial y_i} \, \frac{\partial y_i}{\partial x_i}
#
# 三个因子是 :math:`\frac{1}{4}`、:math:`6 y_i` 和 1，乘起来得 :math:`\frac{3}{2} (x_i + 2)`；:math:`x_i` 是 1，所以处处是 4.5。
# 中间结果的梯度用过就扔，想看，就先调用 ``retain_grad``。
#
# %% en
# .. _autograd-classic:
#
# Find the classic 4.5 with a pencil
# ----------------------------------
#
# .. deeper::
#
# Many tutorials have this example, and it is worth a pencil. Let :math:`x` hold four numbers, each of them 1, and take three steps:
#
# .. math:: y_i = x_i + 2, \quad z_i = 3 y_i^2, \quad o = \frac{1}{4} \sum_i z_i
#
# In the code, ``out`` is :math:`o`. Go back from it, and the chain rule says, with :math:`\partial` for a derivative while all other variables stay,
#
# .. math::
#
#    \frac{\partial o}{\partial x_i} = \frac{\partial o}{\partial z_i} \,
#    \frac{\partial z_i}{\partial y_i} \, \frac{\partial y_i}{\partial x_i}
#
# The three factors are :math:`\frac{1}{4}`, :math:`6 y_i` and 1. Their product is :math:`\frac{3}{2} (x_i + 2)`, which with :math:`x_i` at 1 is 4.5 everywhere.
# Gradients of intermediate results are thrown away after use; to see them, call ``retain_grad`` beforehand.

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = 3 * y**2
out = z.mean()
y.retain_grad()
z.retain_grad()
out.backward()
for name, tensor in {"z": z, "y": y, "x": x}.items():
    print(f"{name}.grad =", tensor.grad.tolist())
assert torch.equal(z.grad, torch.full((2, 2), 1 / 4))
assert torch.equal(y.grad, z.grad * 6 * y)
assert torch.equal(x.grad, torch.full((2, 2), 4.5))

# %% zh
# .. _autograd-vector:
#
# 结果不止一个数
# --------------
#
# .. deeper::
#
# 损失是一个数。如果结果是一个向量呢？设 ``a`` 和 ``b`` 各有两个数，由它们算出 :math:`Q = 3a^3 - b^2`：
#
# %% en
# .. _autograd-vector:
#
# When the result is more than one number
# ---------------------------------------
#
# .. deeper::
#
# A loss is one number. What if the result is a vector? Let ``a`` and ``b`` hold two numbers each, and compute :math:`Q = 3a^3 - b^2` from them:

a = torch.tensor([2.0, 3.0], requires_grad=True)
b = torch.tensor([6.0, 4.0], requires_grad=True)
Q = 3 * a**3 - b**2
print("Q =", Q)
try:
    Q.backward()
except RuntimeError as problem:
    print("RuntimeError:", problem)

# %% zh
# ``backward`` 不知道从哪里开始：从一个数出发，起始值是 1.0；这里有两个数，各占多少分量，要由你来定，写进 ``gradient``，形状与 ``Q`` 相同。
# 换句话说，``Q`` 往往只是中间结果，你传的就是后面的损失对它的梯度，``backward`` 从那里接着往回走。
#
# 两个都取 1，得到的正好是那个公式求导的结果：
#
# .. math:: \frac{\partial Q}{\partial a} = 9a^2, \quad \frac{\partial Q}{\partial b} = -2b
#
# %% en
# ``backward`` does not know where to start. From one number, it starts with 1.0; here are two, and it is for you to say how much each of them counts. Pass it as ``gradient``, in the shape of ``Q``.
# To put it differently: ``Q`` is often an intermediate result, and what you pass is the gradient of the loss with respect to it, from where ``backward`` goes on.
#
# Let both be 1, and you get just the derivatives of the formula:
#
# .. math:: \frac{\partial Q}{\partial a} = 9a^2, \quad \frac{\partial Q}{\partial b} = -2b

Q.backward(gradient=torch.ones(2))
print("a.grad =", a.grad)
print("b.grad =", b.grad)
assert torch.equal(a.grad, 9 * a**2)
assert torch.equal(b.grad, -2 * b)

# %% zh
# 另一个办法：先用 ``sum`` 加成一个数。总和对每一项的导数都是 1，所以结果相同。
#
# %% en
# Another way is to add up first, with ``sum``. The derivative of a sum with respect to each of its terms is 1, so the result is the same.

a.grad = b.grad = None
Q = 3 * a**3 - b**2
Q.sum().backward()
print("a.grad =", a.grad)
print("b.grad =", b.grad)
assert torch.equal(a.grad, 9 * a**2)
assert torch.equal(b.grad, -2 * b)

# %% zh
# .. _autograd-jacobian:
#
# 写出雅可比矩阵
# --------------
#
# .. deeper::
#
# 输入有 :math:`n` 个数，输出有 :math:`m` 个，导数一共有 :math:`m \times n` 个。
# 排成一张表，每个输出一行，每个输入一列，就是:term:`雅可比矩阵 <jacobian>`：
#
# .. math::
#
#    J = \begin{pmatrix}
#    \frac{\partial y_1}{\partial x_1} & \cdots & \frac{\partial y_1}{\partial x_n} \\
#    \vdots & \ddots & \vdots \\
#    \frac{\partial y_m}{\partial x_1} & \cdots & \frac{\partial y_m}{\partial x_n}
#    \end{pmatrix}
#
# 例如，函数 :math:`y = (x_1 x_2, x_1^2, x_2^3)` 的雅可比矩阵是
#
# .. math:: J = \begin{pmatrix} x_2 & x_1 \\ 2 x_1 & 0 \\ 0 & 3 x_2^2 \end{pmatrix}
#
# ``gradient`` 里只有一个 1、其余是 0，``backward`` 求出的就是其中一行；三次凑齐整个矩阵。
# PyTorch 也有现成的 ``jacrev`` 和 ``jacobian``，用来核对。
#
# %% en
# .. _autograd-jacobian:
#
# Write out the Jacobian
# ----------------------
#
# .. deeper::
#
# With :math:`n` numbers going in and :math:`m` coming out, there are :math:`m \times n` derivatives in all.
# Set out in a table, a row for each output and a column for each input, they are the :term:`Jacobian <jacobian>`:
#
# .. math::
#
#    J = \begin{pmatrix}
#    \frac{\partial y_1}{\partial x_1} & \cdots & \frac{\partial y_1}{\partial x_n} \\
#    \vdots & \ddots & \vdots \\
#    \frac{\partial y_m}{\partial x_1} & \cdots & \frac{\partial y_m}{\partial x_n}
#    \end{pmatrix}
#
# The function :math:`y = (x_1 x_2, x_1^2, x_2^3)`, for example, has the Jacobian
#
# .. math:: J = \begin{pmatrix} x_2 & x_1 \\ 2 x_1 & 0 \\ 0 & 3 x_2^2 \end{pmatrix}
#
# With a single 1 in ``gradient``, and 0 elsewhere, ``backward`` finds one of its rows; three calls make up the matrix.
# PyTorch also has ``jacrev`` and ``jacobian`` ready for use; they serve as a check.


def f(x):
    return torch.stack([x[0] * x[1], x[0] ** 2, x[1] ** 3])


x = torch.tensor([2.0, 3.0], requires_grad=True)
rows = []
for v in torch.eye(3):
    x.grad = None
    f(x).backward(gradient=v)
    rows.append(x.grad)
J = torch.stack(rows)  # 3×2
print(J)
assert torch.equal(J, torch.tensor([[3.0, 2.0], [4.0, 0.0], [0.0, 27.0]]))
assert torch.equal(J, torch.func.jacrev(f)(x))
assert torch.equal(J, torch.autograd.functional.jacobian(f, x))

# %% zh
# .. _autograd-vjp:
#
# 向量乘雅可比矩阵
# ----------------
#
# .. deeper::
#
# 若 :math:`y` 是中间结果，损失是 :math:`\ell = g(y)`，由链式法则
#
# .. math::
#
#    \frac{\partial \ell}{\partial x_j}
#    = \sum_i \frac{\partial \ell}{\partial y_i} \, \frac{\partial y_i}{\partial x_j}
#
# 把 :math:`\partial \ell / \partial y_i` 记作 :math:`v_i`，右边就是 :math:`v^T J`，叫作:term:`向量-雅可比积 <vector-jacobian-product>`。
# 你传给 ``gradient`` 的是 :math:`v`，``backward`` 求出的是 :math:`v^T J`。PyTorch 里有两个函数都叫 ``vjp``，用来核对：
# 前一个返回输出和一个函数，把 :math:`v` 交给那个函数，就得到积；后一个直接返回输出与积。
#
# %% en
# .. _autograd-vjp:
#
# Multiply a vector by the Jacobian
# ---------------------------------
#
# .. deeper::
#
# If :math:`y` is an intermediate result and the loss is :math:`\ell = g(y)`, the chain rule says
#
# .. math::
#
#    \frac{\partial \ell}{\partial x_j}
#    = \sum_i \frac{\partial \ell}{\partial y_i} \, \frac{\partial y_i}{\partial x_j}
#
# Write :math:`v_i` for :math:`\partial \ell / \partial y_i`, and the right-hand side is :math:`v^T J`, the :term:`vector–Jacobian product <vector-jacobian-product>`.
# What you pass as ``gradient`` is :math:`v`, and what ``backward`` finds is :math:`v^T J`. PyTorch has two functions named ``vjp``, which serve as a check:
# the first returns the output and a function that turns :math:`v` into the product; the second returns output and product at once.

v = torch.tensor([1.0, 10.0, 100.0])
x.grad = None
f(x).backward(gradient=v)
print("v @ J =", v @ J)
print("x.grad =", x.grad)
assert torch.equal(x.grad, v @ J)
_, product_with = torch.func.vjp(f, x)
assert torch.equal(x.grad, product_with(v)[0])
_, product = torch.autograd.functional.vjp(f, x, v)
assert torch.equal(x.grad, product)

# %% zh
# 为什么不直接写出矩阵？因为放不下。一个网络若有 1,000 个输出、一千多万个参数，雅可比矩阵就有一百多亿个数，每个占 4 个字节。
# ``backward`` 从不写出它，每到一个函数，只算一次向量-雅可比积，用的内存与前向差不多。
#
# %% en
# Why not simply write the matrix out? Because it would not fit. For a network with 1,000 outputs and more than ten million parameters, the Jacobian has more than ten billion numbers, at 4 bytes each.
# ``backward`` never writes it out. At each function it takes one vector–Jacobian product, in about the memory that the forward pass needs.

# %% zh
# .. _autograd-graph:
#
# 自己走一遍计算图
# ----------------
#
# .. deeper::
#
# 能一步一步走的那张图，是怎样从 ``grad_fn`` 得来的？每个函数的 ``next_functions`` 列出接下来要去的函数，也就是各个输入的反向函数。
# 每一项是一对：一个函数，一个编号（这里用不着）。求导要用到的数也存在函数里，比如 :math:`b^2` 的导数要用 ``b``：
#
# %% en
# .. _autograd-graph:
#
# Walk the graph yourself
# -----------------------
#
# .. deeper::
#
# How is a graph to step through found from a ``grad_fn``? The ``next_functions`` of a function list where to go next: the backward functions of its inputs.
# Each entry is a pair, of a function and a number that we do not need here. A function has also kept the numbers that it will need: for the derivative of :math:`b^2`, it is ``b``:

Q = 3 * a**3 - b**2
print(Q.grad_fn.name())
for function, _ in Q.grad_fn.next_functions:
    print("->", function.name())
square = Q.grad_fn.next_functions[1][0]
print("saved:", square._saved_self)
assert torch.equal(square._saved_self, b)

# %% zh
# 顺着 ``next_functions`` 一直走，就能走遍整张图。函数是点，每一步是一条边；边有方向，又绕不回原处，所以它是有向无环图。
# ``edges`` 找出全部的边，列表 ``functions`` 一边走一边变长。常数 3 没有反向函数，它的位置上是 ``None``。
# 尽头的 ``AccumulateGrad``，每个需要梯度的叶子张量有一个：它把梯度加进 ``grad``。
#
# %% en
# Follow ``next_functions`` all the way, and you have walked the whole graph. Functions are its nodes, steps its edges; edges have a direction and never lead round in a circle, so it is a directed acyclic graph.
# ``edges`` finds them all; the list ``functions`` grows while we walk. The constant 3 has no backward function, and in its place is ``None``.
# At the ends stands an ``AccumulateGrad`` for each leaf tensor that requires a gradient: it adds the gradient to ``grad``.


def edges(tensor):
    found = []
    functions = [tensor.grad_fn]
    for function in functions:
        for other, _ in function.next_functions:
            if other is not None:
                found.append((function, other))
                if other not in functions:
                    functions.append(other)
    return found


for function, other in edges(Q):
    print(function.name(), "->", other.name())
leaves = [other.variable for _, other in edges(Q) if hasattr(other, "variable")]
assert leaves[0] is b and leaves[1] is a

# %% zh
# ``draw_graph`` 的走法也一样，只是边走边画。几路梯度汇到一处，就相加；到了蓝色的叶子，就加进 ``grad``。
#
# %% en
# ``draw_graph`` walks in just the same way, and draws what it meets. Where several gradients come together, they are added; at each blue leaf, they are added to ``grad``.

from torchhour.graphs import draw_graph

draw_graph(Q, {"Q": Q, "a": a, "b": b})

# %% zh
# .. caption:: Q 的计算图：最上面是 Q，往下是各个反向函数，最后是蓝色的叶子张量 a 和 b。
#
# .. _autograd-loop:
#
# 循环多少次，图就有多长
# ----------------------
#
# .. deeper::
#
# 下面的函数反复加倍，直到向量的长度达到 1,000；长度是各数平方和的平方根，由 ``norm`` 算出。加倍多少次，要看输入。
# 每加倍一次，图里多一条边，数一数边就知道次数 :math:`k`。从 ``x`` 到 ``y`` 一共乘了 :math:`2^k`，所以给定 :math:`v`，梯度是 :math:`2^k v`。
#
# %% en
# .. caption:: The graph of Q: Q at the top, then the backward functions, and at the bottom the leaf tensors a and b, in blue.
#
# .. _autograd-loop:
#
# The graph is as long as the loop ran
# ------------------------------------
#
# .. deeper::
#
# The function below doubles a vector until its length reaches 1,000; the length, by ``norm``, is the square root of the sum of the squares. How often it doubles depends on the input.
# Each doubling adds an edge to the graph, so counting the edges tells how often, :math:`k`. From ``x`` to ``y`` we multiply by :math:`2^k` in all, so for a given :math:`v` the gradient is :math:`2^k v`.


def double_until_large(x):
    y = x * 2
    while y.norm() < 1000:
        y = y * 2
    return y


v = torch.tensor([0.1, 1.0, 0.0001])
for size in (1.0, 100.0):
    x = torch.full((3,), size, requires_grad=True)
    y = double_until_large(x)
    y.backward(gradient=v)
    k = len(edges(y))
    print("k =", k, " x.grad =", x.grad)
    assert torch.equal(x.grad, 2**k * v)

# %% zh
# 如果真的要沿同一张图走两次，第一次就写上 ``backward(retain_graph=True)``，图里存着的数便不会释放。
#
# %% en
# If you really need to go through one graph twice, write ``backward(retain_graph=True)`` the first time, and the numbers kept in it are not released.

# %% zh
# .. _autograd-leaves:
#
# 分清叶子和结果
# --------------
#
# .. deeper::
#
# 只要有一个输入需要梯度，结果就需要；例外是没有导数可言的结果，例如比较得出的真假、``argmax`` 得出的编号。
# 张量默认不需要梯度，网络的参数默认需要。``is_leaf`` 说明一个张量是不是叶子：没有 ``grad_fn`` 的都算，数据也在内。
#
# %% en
# .. _autograd-leaves:
#
# Tell a leaf from a result
# -------------------------
#
# .. deeper::
#
# As soon as one input requires a gradient, so does the result. The exceptions are results without a derivative, such as the true or false of a comparison, or the index that ``argmax`` finds.
# Tensors do not require a gradient by default, but the parameters of a network do. ``is_leaf`` tells whether a tensor is a leaf: all without a ``grad_fn`` are, data among them.

x = torch.rand(3)
w = torch.rand(3, requires_grad=True)
tensors = {"x": x, "w": w, "x + 1": x + 1, "x + w": x + w, "x < w": x < w}
print("        requires_grad  is_leaf")
for name, tensor in tensors.items():
    print(f"{name:8}{tensor.requires_grad!s:15}{tensor.is_leaf}")
assert [name for name, tensor in tensors.items() if tensor.requires_grad] == ["w", "x + w"]

# %% zh
# 张量已经有了，就用 ``requires_grad_()`` 打开记录；括号里什么都不写就是 ``True``，结尾的下划线说明它原地修改。
# 导数讲的是任意小的变化，所以只有浮点数和复数能有梯度：
#
# %% en
# For a tensor that exists already, ``requires_grad_()`` switches recording on; nothing in the parentheses means ``True``, and the underscore says that it works in place.
# A derivative is about changes as small as you like, so only floats and complex numbers can have a gradient:

x.requires_grad_()
print("x.requires_grad =", x.requires_grad)
try:
    torch.arange(3).requires_grad_()
except RuntimeError as problem:
    print("RuntimeError:", problem)
assert x.requires_grad

# %% zh
# .. _autograd-inference:
#
# 比 ``no_grad`` 更进一步
# -----------------------
#
# .. deeper::
#
# ``torch.inference_mode()`` 比 ``no_grad`` 更快一点，但是它产生的张量，以后不能留在计算图里供反向使用。下面的乘法就要留着 ``z``，所以报错。只做预测时才用它：
#
# %% en
# .. _autograd-inference:
#
# Go further than ``no_grad``
# ---------------------------
#
# .. deeper::
#
# ``torch.inference_mode()`` is a little faster than ``no_grad``, but its tensors cannot be kept in a graph for a later way back. The product below would have to keep ``z``, and fails. Use it for predictions and nothing else:

with torch.no_grad():
    y = w * 2
with torch.inference_mode():
    z = w * 2
print("y.requires_grad =", y.requires_grad, " z.requires_grad =", z.requires_grad)
try:
    w * z
except RuntimeError as problem:
    print("RuntimeError:", str(problem).split(". ")[0])
assert (w * y).requires_grad
assert w.detach().data_ptr() == w.data_ptr()

# %% zh
# ``detach`` 返回的张量与原来的共用内存。用 ``detach`` 还可以把结果的一部分当作常数：:math:`w \cdot w` 的导数是 :math:`2w`；断开其中一个 :math:`w`，只剩下 :math:`w`。
# 这里用 ``torch.autograd.grad``，它直接返回梯度，不改动 ``w.grad``。每个输入一个梯度，放在元组里，所以写成 ``(full,)`` 来接。
#
# %% en
# The tensor that ``detach`` returns shares the memory of the original. You can also treat a part of a result as a constant with it: the derivative of :math:`w \cdot w` is :math:`2w`; cut off one :math:`w`, and only :math:`w` is left.
# Here ``torch.autograd.grad`` returns the gradients and leaves ``w.grad`` alone. They come in a tuple, one for each input, hence ``(full,)``.

(full,) = torch.autograd.grad((w * w).sum(), w)
(part,) = torch.autograd.grad((w * w.detach()).sum(), w)
print("full =", full)
print("part =", part)
assert torch.equal(full, 2 * w) and torch.equal(part, w)

# %% zh
# .. _autograd-resnet:
#
# 一千多万个参数，也走一步
# ------------------------
#
# .. deeper::
#
# 参数从两个变成一千多万个，步骤一点不变。torchvision 里有许多\ `现成的网络 <https://docs.pytorch.org/vision/stable/models.html>`__，
# ``resnet18`` 是其中之一：它把一张彩色图变成 1,000 个得分，每类物体一个。``weights`` 说明参数从哪里来：
# 下载过:term:`预训练 <pretrained>`的参数就用它，否则是随机数，步骤都一样。下载的办法写在“:doc:`/about`”这一页。
#
# 代码先固定线程数：线程数决定相加的次序，次序不同，舍入误差也就不同。
#
# %% en
# .. _autograd-resnet:
#
# Take one step with ten million parameters
# -----------------------------------------
#
# .. deeper::
#
# With over ten million parameters instead of two, the steps are just the same. Torchvision has many `networks ready for use <https://docs.pytorch.org/vision/stable/models.html>`__,
# and ``resnet18`` is one of them: it turns a color picture into 1,000 scores, one for each kind of object. ``weights`` tells where its parameters come from:
# :term:`pretrained` if you have downloaded them, random otherwise; the steps are the same. The page :doc:`/about` tells how to download them.
#
# The code first fixes the number of threads: it decides the order in which the numbers of a sum are added, and with the order, the rounding errors change.

from torchvision.models import resnet18

from torchhour.data.weights import resnet18_weights

torch.manual_seed(0)
torch.set_num_threads(1)
weights = resnet18_weights()
model = resnet18(weights=weights)
count = sum(parameter.numel() for parameter in model.parameters())
print("weights =", weights or "random")
print(f"parameters = {count:,}")

# %% zh
# 前向：一批只有一张图，形状是 1×3×64×64，与它配对的是 1,000 个目标得分。我们只看步骤，所以两者都是随机数。
#
# %% en
# Forward: the batch is a single picture, of shape 1×3×64×64, and with it go 1,000 target scores. Only the steps matter here, so both are random.

data = torch.rand(1, 3, 64, 64)
targets = torch.rand(1, 1000)
prediction = model(data)  # 1×1000
loss = ((prediction - targets) ** 2).mean()
print("prediction =", prediction.shape)
print("loss =", loss.item())
assert prediction.shape == targets.shape

# %% zh
# 反向：在这之前，参数的 ``grad`` 都是 ``None``；在这之后，每个参数都有了梯度，形状与参数自己相同。看看第一层的:term:`权重 <weight>` ``filters``：
#
# %% en
# Backward: before it, the ``grad`` of each parameter is ``None``; after it, each has a gradient of its own shape. Look at ``filters``, the :term:`weights <weight>` of the first layer:

filters = model.conv1.weight
print("before:", filters.grad)
loss.backward()
print("after:", filters.grad.shape)
assert all(parameter.grad.shape == parameter.shape for parameter in model.parameters())

# %% zh
# 更新：每个参数 :math:`\theta` 减去学习率乘梯度 :math:`g`。
#
# .. math:: \theta \leftarrow \theta - 0.01 g
#
# :term:`动量 <momentum>` 0.9 让每一步带上以前各步的方向。第一步之前什么也没有，它还不起作用，所以结果与上面的公式相同。
#
# %% en
# Update: take from each parameter :math:`\theta` the learning rate times its gradient :math:`g`.
#
# .. math:: \theta \leftarrow \theta - 0.01 g
#
# A :term:`momentum` of 0.9 lets each step carry on in the direction of those before it. Before the first there are none, so it does nothing yet, and the formula above holds.

optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
expected = filters.detach() - 0.01 * filters.grad
optimizer.step()
new_loss = ((model(data) - targets) ** 2).mean()
print("new loss =", new_loss.item())
assert torch.allclose(filters, expected)
assert new_loss < loss

# %% zh
# .. _autograd-end:
#
# 小结
# ----
#
# **你已经会：**让 PyTorch 求出梯度，看懂计算图，记得清空梯度，亲手走一步，也会交给优化器，知道什么时候不要记录。
#
# **还没讲的：**许多参数怎样组成一层又一层，怎样认出图里是什么。下一课就来搭一个真正的神经网络。
#
# .. _autograd-exercises:
#
# 练习
# ----
#
# 1. **用笔。**从 ``w`` = 4、``b`` = 1 出发，学习率是 :math:`\eta`，走一步以后误差是多少？取多大的 :math:`\eta`，一步就走到谷底？取多大，会永远左右摇摆？
#
#    .. folded:: 提示
#
#       ``w`` 变成 :math:`4 - 30 \eta`，``b`` 变成 :math:`1 - 10 \eta`，再算一次误差。
#
#       在笔记本里核对：先写 ``from torchhour.exercises import check``，再写 ``check("autograd-1", [bottom, swing])``。然后看\ :ref:`答案 <solutions-autograd-1>`。
#
# 2. **只改一行。**在“:ref:`autograd-optimizer`”的循环里删去 ``optimizer.zero_grad()``，二十步的损失会怎样？看看那幅图，路变成了什么样子？
#
#    .. folded:: 提示
#
#       每一步都带着以前所有的梯度，像一个停不下来的小球。``assert`` 会拦住你：它检查的是改之前成立的事，一并删掉。
#
#       做完再看\ :ref:`答案 <solutions-autograd-2>`。
#
# 3. **先算后验。**设 ``x = torch.tensor(2.0, requires_grad=True)``，``y = x**3 + 4 * x``。用笔求出一阶和二阶导数，再用 PyTorch 核对。
#
#    .. folded:: 提示
#
#       :math:`x^3` 的导数是 :math:`3x^2`，:math:`x^2` 的导数是 :math:`2x`；二阶导数就是导数的导数。用 PyTorch 时，写 ``(slope,) = torch.autograd.grad(y, x, create_graph=True)``：它把梯度放在元组里返回。这个梯度自己也有计算图，可以再求一次。
#
#       用 ``check("autograd-3", [first, second])`` 核对，再看\ :ref:`答案 <solutions-autograd-3>`。
#
# 4. **分两次反向。**造 8 个数据 ``x = torch.rand(8)`` 和答案 ``y = 2 * x``，损失是 ``((w * x - y) ** 2).mean()``。求一次整批的梯度；
#    再分成两份，每份 4 个，让梯度累加。``w`` 从 1 开始。每份的损失要乘上几，两种做法得到的梯度才相同？
#
#    .. folded:: 提示
#
#       8 个数的平均，和分成两组、每组 4 个数的平均，是什么关系？
#
#       用 ``check("autograd-4", factor)`` 核对，再看\ :ref:`答案 <solutions-autograd-4>`。
#
# 5. **自己设计。**想一个有两个谷底的函数，从不同的地方出发做梯度下降，画出走过的路。哪些起点会走到同一个谷底？
#
#    .. folded:: 提示
#
#       :math:`(w^2 - 4)^2 + w` 就有两个谷底，一高一低。坡很陡，学习率用 0.01。
#
#       做完再看\ :ref:`答案 <solutions-autograd-5>`。
#
# **继续读：**\ PyTorch 的\ `自动求导说明 <https://docs.pytorch.org/docs/stable/notes/autograd.html>`__\ 讲得很细，``no_grad`` 和 ``inference_mode`` 的区别也在那里。
#
# 下一课是 :doc:`30_networks`。
#
# %% en
# .. _autograd-end:
#
# What you take along
# -------------------
#
# **You can now** let PyTorch find gradients, read a graph, remember to clear the gradients, take a step by hand or with an optimizer, and tell when nothing should be noted.
#
# **Still to come:** how more than two parameters join into layer upon layer, and how these read a picture. The next lesson builds a real neural network.
#
# .. _autograd-exercises:
#
# Exercises
# ---------
#
# 1. **With a pencil.** Start from ``w`` = 4 and ``b`` = 1, with a learning rate of :math:`\eta`. What is the error after one step? Which :math:`\eta` takes you to the bottom in a single step? And which one swings for ever?
#
#    .. folded:: A hint
#
#       ``w`` becomes :math:`4 - 30 \eta` and ``b`` becomes :math:`1 - 10 \eta`. Compute the error again.
#
#       Check yours in a notebook: ``from torchhour.exercises import check``, then ``check("autograd-1", [bottom, swing])``. After that, see :ref:`the solution <solutions-autograd-1>`.
#
# 2. **Change one line.** Delete ``optimizer.zero_grad()`` from the loop of ":ref:`autograd-optimizer`". What do the losses do in the twenty steps, and what has become of the path in the picture?
#
#    .. folded:: A hint
#
#       Each step carries all former gradients along, like a ball that cannot stop. The ``assert`` will stop you, as it checks what held before: delete it, too.
#
#       When you are done, see :ref:`the solution <solutions-autograd-2>`.
#
# 3. **Compute, then check.** Let ``x = torch.tensor(2.0, requires_grad=True)`` and ``y = x**3 + 4 * x``. Find the first and the second derivative with a pencil, then check them with PyTorch.
#
#    .. folded:: A hint
#
#       The derivative of :math:`x^3` is :math:`3x^2`, that of :math:`x^2` is :math:`2x`; the second derivative is the derivative of the derivative. In PyTorch, write ``(slope,) = torch.autograd.grad(y, x, create_graph=True)``: it returns the gradients in a tuple. This one has a graph of its own, so go back once more.
#
#       Check yours with ``check("autograd-3", [first, second])``, then see :ref:`the solution <solutions-autograd-3>`.
#
# 4. **Go back twice.** Make 8 pieces of data, ``x = torch.rand(8)``, with the answers ``y = 2 * x``, and the loss ``((w * x - y) ** 2).mean()``. Find the gradient of the whole batch.
#    Then split it into two parts of 4, and let the gradients add up. Begin with ``w`` at 1. By what must you multiply the loss of each part, so that both are the same?
#
#    .. folded:: A hint
#
#       The mean of 8 numbers, and the means of two times 4: how do they go together?
#
#       Check yours with ``check("autograd-4", factor)``, then see :ref:`the solution <solutions-autograd-4>`.
#
# 5. **Of your own.** Think of a function with two valleys, run gradient descent from different places, and draw the paths. Which starts end in the same valley?
#
#    .. folded:: A hint
#
#       :math:`(w^2 - 4)^2 + w` has two, one lower than the other. Its slopes are steep: take a learning rate of 0.01.
#
#       When you are done, see :ref:`the solution <solutions-autograd-5>`.
#
# **Read on:** PyTorch's `notes on autograd <https://docs.pytorch.org/docs/stable/notes/autograd.html>`__ go into detail, also about how ``no_grad`` and ``inference_mode`` differ.
#
# The next lesson is :doc:`30_networks`.
