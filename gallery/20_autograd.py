"""
%% zh
自动求导
========

训练网络，就是一次次调整它的参数，让损失变小。参数也许有几千万个，每个该往哪边调、调多少，要看:term:`梯度 <gradient>`。
梯度不用你算：只要写出怎样得到损失，PyTorch 就能求出全部梯度。
学完这一课，你会对各种计算求导，会画出背后的:term:`计算图 <computational-graph>`并看懂它，也知道什么时候该关掉记录。
最后，你会:term:`冻结 <freeze>`一个学好的网络，只换最后一层，用很少的图教它认识新的数字。

**需要的基础：**上一课的张量；知道导数和:term:`链式法则 <chain-rule>`。

.. minutes:: 36

%% en
Autograd
========

To train a network is to adjust its parameters again and again, so that the loss shrinks. There may
be tens of millions of parameters; which way each should go, and how far, follows from the :term:`gradient`.
You need not work it out: write how the loss is computed, and PyTorch finds all the gradients.
By the end of this lesson you will be able to differentiate all kinds of computations, draw the
:term:`computational graph <computational-graph>` behind one and read it, and you will know when to switch recording off.
Last, you :term:`freeze` a network that has learned, replace its last layer, and teach it new digits
with only a few pictures.

**What you need:** tensors, from the last lesson; derivatives and the :term:`chain rule <chain-rule>`.

.. minutes:: 36
"""

# %% zh
# .. _autograd-directions:
#
# 走一个来回
# ----------
#
# 神经网络是一串函数，前一个的输出就是后一个的输入，函数里有可以调的**参数**。训练的每一步都是一个来回：
#
# - :term:`前向传播 <forward-pass>`：数据依次通过各个函数，得到预测，再由预测算出**损失**，它说明预测差了多少；
# - :term:`反向传播 <backpropagation>`：从损失往回走，逐个函数求导，得到损失对每个参数的导数，合起来就是**梯度**。
#
# 让参数逆着梯度挪一小步，损失就小一点。前向由你来写，反向交给 PyTorch 的**自动求导**，英文叫 autograd。
#
# 先看最小的例子：一个参数 ``w``，损失是 :math:`(w - 2)^2`。``requires_grad=True`` 表示要对 ``w`` 求导；
# ``backward`` 走完反向，把导数存进 ``w.grad``。用笔算，这个导数是 :math:`2 (w - 2)`。
#
# 代码先固定随机种子和线程数。线程数也要固定：有几个线程分头求和，相加的次序就不同，舍入误差也就不同。
#
# %% en
# .. _autograd-directions:
#
# There and back
# --------------
#
# A neural network is a chain of functions: what one puts out, the next takes in. Inside them are
# **parameters** that can be adjusted. Each step of training goes there and back:
#
# - the :term:`forward pass <forward-pass>`: data passes through the functions in turn and becomes a
#   prediction; from that follows the **loss**, which tells how far off the prediction is;
# - the backward pass, or :term:`backpropagation`: from the loss we go back, differentiate function by
#   function, and get the derivative of the loss with respect to each parameter. Together they are the
#   **gradient**.
#
# Move the parameters a little against the gradient, and the loss gets a little smaller. The forward
# pass is yours to write; the backward pass is left to **automatic differentiation**, autograd for
# short, which PyTorch does for you.
#
# The smallest example first: one parameter ``w`` and the loss :math:`(w - 2)^2`.
# ``requires_grad=True`` asks for the derivative with respect to ``w``; ``backward`` goes all the
# way back and stores it in ``w.grad``. With a pencil, we get :math:`2 (w - 2)`.
#
# The code first fixes the random seed and the number of threads. Why threads? Their number decides the
# order in which the numbers of a sum are added, and the order changes the rounding errors.

import torch

torch.manual_seed(0)
torch.set_num_threads(1)

w = torch.tensor(5.0, requires_grad=True)
loss = (w - 2) ** 2
loss.backward()
print("loss =", loss)
print("w.grad =", w.grad)
assert w.grad == 2 * (w - 2)

# %% zh
# .. _autograd-step:
#
# 把真正的网络训练一步
# --------------------
#
# 参数从一个变成一千多万个，步骤不变。torchvision 里有许多
# `现成的网络 <https://docs.pytorch.org/vision/stable/models.html>`__，这里用 ``resnet18``，
# 它把一张彩色图变成 1000 个得分，每类物体一个。
# ``numel`` 返回张量里有几个数，加起来就知道参数有多少。``weights`` 说明参数从哪里来：下载过:term:`预训练 <pretrained>`的参数就用它，否则是随机数。接下来的步骤两者都适用。
# 下载的办法写在“:doc:`/about`”这一页。
#
# %% en
# .. _autograd-step:
#
# Take one step with a real network
# ---------------------------------
#
# With over ten million parameters instead of one, the steps stay the same. Torchvision has many
# `networks ready for use <https://docs.pytorch.org/vision/stable/models.html>`__. We take
# ``resnet18``, which turns a color picture into 1000 scores, one for each kind of object. ``numel`` is
# how many numbers a tensor holds; added up, it tells how many parameters there are.
# ``weights`` tells where they come from: :term:`pretrained` if you have downloaded them,
# otherwise random. What follows works with either. The page :doc:`/about` tells how to download them.

from torchvision.models import resnet18

from torchhour.data.weights import resnet18_weights

weights = resnet18_weights()
model = resnet18(weights=weights)
count = sum(parameter.numel() for parameter in model.parameters())
print("weights =", weights or "random")
print(f"parameters = {count:,}")

# %% zh
# 前向：一批只有一张图，形状是 1×3×64×64；与它配对的是 1000 个目标得分。
# 我们只关心步骤，所以两者都用随机数。先求得分与目标之差的平方，再取平均，就是损失；它越小，预测越准。
#
# %% en
# Forward: the batch is a single picture, of shape 1×3×64×64, and with it go 1000 target scores.
# Only the steps matter here, so both are random numbers. The loss is the mean of the squared
# differences between scores and targets; the smaller it is, the better the prediction.

data = torch.rand(1, 3, 64, 64)
targets = torch.rand(1, 1000)
prediction = model(data)  # 1×1000
loss = ((prediction - targets) ** 2).mean()
print("prediction =", prediction.shape)
print("loss =", loss)
assert prediction.shape == targets.shape

# %% zh
# 反向只要一行。在这之前，参数的 ``grad`` 都是 ``None``；在这之后，每个参数都有了梯度，形状与参数自己相同。
# 下面只打印第一层的:term:`权重 <weight>` ``filters``，再用断言检查全部的参数。
#
# %% en
# Backward takes one line. Before it, the ``grad`` of every parameter is ``None``; after it, each
# parameter has a gradient of its own shape. The code prints only ``filters``, the :term:`weights <weight>` of
# the first layer; an assertion looks at all the others.

filters = model.conv1.weight
print("before:", filters.grad)
loss.backward()
print("after:", filters.grad.shape)
assert all(parameter.grad.shape == parameter.shape for parameter in model.parameters())

# %% zh
# 最后更新参数，这是**优化器**的事。最简单的一种是:term:`随机梯度下降 <stochastic-gradient-descent>`：每个参数 :math:`\theta` 减去:term:`学习率 <learning-rate>`乘梯度 :math:`g`。
#
# .. math:: \theta \leftarrow \theta - 0.01 g
#
# :term:`动量 <momentum>` 0.9 让每一步都带上前面各步的方向；第一步前面什么也没有，它还不起作用。
# 走完这一步，同一张图的损失应当变小。代码用 ``detach`` 取出更新之前的数值，它的用处后面细讲。
#
# %% en
# Last, update the parameters: this is the job of an **optimizer**. The simplest kind is
# :term:`stochastic gradient descent <stochastic-gradient-descent>`: take from each parameter :math:`\theta` the :term:`learning rate <learning-rate>`
# times the gradient :math:`g`.
#
# .. math:: \theta \leftarrow \theta - 0.01 g
#
# A :term:`momentum` of 0.9 lets each step carry on in the direction of those before it. Nothing comes
# before the first step, so there it does nothing yet. After the step, the loss of the same picture
# should be smaller. The code takes the numbers from before the update with ``detach``, which is
# explained further on.

optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
expected = filters.detach() - 0.01 * filters.grad
optimizer.step()
new_loss = ((model(data) - targets) ** 2).mean()
print("loss =", loss.item(), "->", new_loss.item())
assert torch.allclose(filters, expected)
assert new_loss < loss

# %% zh
# 这就是训练：前向、损失、反向、更新，换一批数据再来。下面走近一点，看看 ``backward`` 里发生了什么。
#
# %% en
# That is training: forward, loss, backward, update, and again with another batch. Now let us move
# closer and see what goes on inside ``backward``.

# %% zh
# .. _autograd-vector:
#
# 结果不止一个数时
# ----------------
#
# 设 ``a`` 和 ``b`` 是两个参数，由它们算出 :math:`Q = 3a^3 - b^2`。损失是一个数，而这里的 ``Q`` 有两个数，
# 直接调用 ``backward`` 会报错。
#
# %% en
# .. _autograd-vector:
#
# When the result is a vector
# ---------------------------
#
# Let ``a`` and ``b`` be two parameters, and :math:`Q = 3a^3 - b^2` what we compute from them. A
# loss is a single number, but this ``Q`` has two, and a plain call of ``backward`` is an error.

a = torch.tensor([2.0, 3.0], requires_grad=True)
b = torch.tensor([6.0, 4.0], requires_grad=True)
Q = 3 * a**3 - b**2
print("Q =", Q)
try:
    Q.backward()
except RuntimeError as error:
    refusal = error
print(refusal)
assert "only for scalar outputs" in str(refusal)

# %% zh
# 错误信息说，结果只有一个数时，才能省略梯度。道理是：``Q`` 往往只是中间结果，后面还要由它算出损失。
# 反向走到 ``Q`` 时，手里已经有了损失对 ``Q`` 的梯度，再由它接着往回算。
# 现在从 ``Q`` 开始，这个梯度就要由你写进 ``gradient``，形状与 ``Q`` 相同。
# 全取 1，得到的正好是公式里的导数：
#
# .. math:: \frac{\partial Q}{\partial a} = 9a^2, \quad \frac{\partial Q}{\partial b} = -2b
#
# %% en
# The message says that the gradient can be left out only where the result is one number. The
# reason: ``Q`` is often an intermediate result, from which a loss is still to be computed. By the
# time the backward pass comes to ``Q``, it holds the gradient of the loss with respect to ``Q``, and
# goes on from there. To start at ``Q``, you have to give that gradient, as ``gradient``, in the shape
# of ``Q``. With 1 throughout, you get just the derivatives of the formula:
#
# .. math:: \frac{\partial Q}{\partial a} = 9a^2, \quad \frac{\partial Q}{\partial b} = -2b

Q.backward(gradient=torch.ones(2))
print("a.grad =", a.grad)
print("b.grad =", b.grad)
assert torch.equal(a.grad, 9 * a**2)
assert torch.equal(b.grad, -2 * b)

# %% zh
# 另一个办法是先用 ``sum`` 把 ``Q`` 加成一个数，再求导。和对其中每一项的导数都是 1，所以结果相同。
# 重来之前先清空旧的梯度，原因在“:ref:`autograd-accumulate`”一节里。
#
# %% en
# The other way is to turn ``Q`` into one number first. Add it up with ``sum``: the derivative of a
# sum with respect to each of its terms is 1, so the result is the same. Before the second pass, clear
# the old gradients; ":ref:`autograd-accumulate`" gives the reason.

a.grad = b.grad = None
Q = 3 * a**3 - b**2
Q.sum().backward()
print("a.grad =", a.grad)
print("b.grad =", b.grad)
assert torch.equal(a.grad, 9 * a**2)
assert torch.equal(b.grad, -2 * b)

# %% zh
# .. _autograd-classic:
#
# 用笔验算一遍
# ------------
#
# 再看一个例子，它的结果是一个数。设 :math:`x` 有四个数，每个都是 1，三步都很简单：
#
# .. math:: y_i = x_i + 2, \quad z_i = 3 y_i^2, \quad o = \frac{1}{4} \sum_i z_i
#
# 这里的 :math:`o` 是代码里的 ``out``。反向用链式法则，从 :math:`o` 一步步退回 :math:`x`：
#
# .. math::
#
#    \frac{\partial o}{\partial x_i} = \frac{\partial o}{\partial z_i} \,
#    \frac{\partial z_i}{\partial y_i} \, \frac{\partial y_i}{\partial x_i}
#
# 三个因子依次是 :math:`\frac{1}{4}`、:math:`6 y_i` 和 1，乘起来就是 :math:`\frac{3}{2} (x_i + 2)`。
# :math:`x_i` 是 1，所以梯度全是 4.5。中间结果的梯度用完就扔，想看就先调用 ``retain_grad``。
#
# %% en
# .. _autograd-classic:
#
# Check one with a pencil
# -----------------------
#
# Here is an example that does end in one number. Let :math:`x` hold four numbers, each of them 1, and
# take three easy steps:
#
# .. math:: y_i = x_i + 2, \quad z_i = 3 y_i^2, \quad o = \frac{1}{4} \sum_i z_i
#
# Here :math:`o` is ``out`` in the code. Going back, the chain rule leads step by step from :math:`o` to
# :math:`x`:
#
# .. math::
#
#    \frac{\partial o}{\partial x_i} = \frac{\partial o}{\partial z_i} \,
#    \frac{\partial z_i}{\partial y_i} \, \frac{\partial y_i}{\partial x_i}
#
# The three factors are :math:`\frac{1}{4}`, :math:`6 y_i` and 1; their product is
# :math:`\frac{3}{2} (x_i + 2)`. With :math:`x_i` at 1, the gradient is 4.5 throughout. Gradients of
# intermediate results are thrown away after use; to look at them, call ``retain_grad`` beforehand.

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = 3 * y**2
out = z.mean()
y.retain_grad()
z.retain_grad()
out.backward()
print("out =", out)
for name, tensor in {"z": z, "y": y, "x": x}.items():
    print(f"{name}.grad =", tensor.grad.tolist())
assert torch.equal(z.grad, torch.full((2, 2), 1 / 4))
assert torch.equal(y.grad, z.grad * 6 * y)
assert torch.equal(x.grad, torch.full((2, 2), 4.5))

# %% zh
# .. _autograd-jacobian:
#
# 写出雅可比矩阵
# --------------
#
# 输入有 :math:`n` 个数，输出有 :math:`m` 个，导数就有 :math:`m \times n` 个。
# 把它们排成一张表，每行一个输出，每列一个输入，就是:term:`雅可比矩阵 <jacobian>`：
#
# .. math::
#
#    J = \begin{pmatrix}
#    \frac{\partial y_1}{\partial x_1} & \cdots & \frac{\partial y_1}{\partial x_n} \\
#    \vdots & \ddots & \vdots \\
#    \frac{\partial y_m}{\partial x_1} & \cdots & \frac{\partial y_m}{\partial x_n}
#    \end{pmatrix}
#
# 举个例子，函数 :math:`y = (x_1 x_2, x_1^2, x_2^3)` 的雅可比矩阵是
#
# .. math:: J = \begin{pmatrix} x_2 & x_1 \\ 2 x_1 & 0 \\ 0 & 3 x_2^2 \end{pmatrix}
#
# ``gradient`` 中只有一个 1、其余是 0 时，``backward`` 求出的就是其中一行。三次就能凑齐整个矩阵。
# PyTorch 也有现成的函数 ``jacrev`` 和 ``jacobian``，正好用来核对。
#
# %% en
# .. _autograd-jacobian:
#
# Write out the Jacobian
# ----------------------
#
# With :math:`n` numbers going in and :math:`m` coming out, there are :math:`m \times n`
# derivatives. Set out as a table, a row for each output and a column for each input, they are the
# :term:`Jacobian <jacobian>`:
#
# .. math::
#
#    J = \begin{pmatrix}
#    \frac{\partial y_1}{\partial x_1} & \cdots & \frac{\partial y_1}{\partial x_n} \\
#    \vdots & \ddots & \vdots \\
#    \frac{\partial y_m}{\partial x_1} & \cdots & \frac{\partial y_m}{\partial x_n}
#    \end{pmatrix}
#
# For example, the function :math:`y = (x_1 x_2, x_1^2, x_2^3)` has the Jacobian
#
# .. math:: J = \begin{pmatrix} x_2 & x_1 \\ 2 x_1 & 0 \\ 0 & 3 x_2^2 \end{pmatrix}
#
# When ``gradient`` holds a single 1 and is 0 elsewhere, ``backward`` finds just one of the rows.
# Three calls make up the matrix. PyTorch also has functions for this, ``jacrev`` and ``jacobian``,
# which we use as a check.


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
# 求向量-雅可比积
# ---------------
#
# 若 :math:`y` 只是中间结果，损失是 :math:`\ell = g(y)`，那么由链式法则
#
# .. math::
#
#    \frac{\partial \ell}{\partial x_j}
#    = \sum_i \frac{\partial \ell}{\partial y_i} \, \frac{\partial y_i}{\partial x_j}
#
# 把 :math:`\partial \ell / \partial y_i` 记作 :math:`v_i`，右边就是向量乘矩阵 :math:`v^T J`，叫作:term:`向量-雅可比积 <vector-jacobian-product>`。
# 传给 ``gradient`` 的就是 :math:`v`，``backward`` 求出的就是 :math:`v^T J`。
# PyTorch 有两个函数都叫 ``vjp``，用来核对：前一个返回两样东西：输出，以及一个函数，把 :math:`v` 交给它就得到积；后一个直接返回输出与积。
#
# %% en
# .. _autograd-vjp:
#
# Take a vector–Jacobian product
# ------------------------------
#
# If :math:`y` is an intermediate result and the loss is :math:`\ell = g(y)`, the chain rule says
#
# .. math::
#
#    \frac{\partial \ell}{\partial x_j}
#    = \sum_i \frac{\partial \ell}{\partial y_i} \, \frac{\partial y_i}{\partial x_j}
#
# Write :math:`v_i` for :math:`\partial \ell / \partial y_i`, and the right-hand side is a
# vector times a matrix, :math:`v^T J`: the :term:`vector–Jacobian product <vector-jacobian-product>`. What you pass as
# ``gradient`` is :math:`v`, and what ``backward`` finds is :math:`v^T J`. PyTorch has two functions
# named ``vjp``, which we use as a check: the first returns the output and a function that takes the
# product with :math:`v`; the second returns the output and the product at once.

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
# 为什么要绕开矩阵？因为内存里放不下。``resnet18`` 有 1000 个输出，一千多万个参数，雅可比矩阵的每个数占 4 个字节，
# 下面算出总共要多少 GB。
# ``backward`` 从不写出雅可比矩阵，它在每个函数上只算一次向量-雅可比积，内存与前向相仿。
#
# %% en
# Why avoid the matrix? Because it would not fit. ``resnet18`` has 1000 outputs and over ten million
# parameters; at 4 bytes a number, its Jacobian would take as many GB as printed below.
# ``backward`` never writes out a Jacobian. At each function it takes one vector–Jacobian product,
# in about the memory that the forward pass needs.

print(f"{1000 * count * 4 / 1e9:.0f} GB")

# %% zh
# .. _autograd-graph:
#
# 走一遍计算图
# ------------
#
# PyTorch 怎么知道反向该怎么走？前向时，每做一个运算，它都做两件事：算出结果；记下一个反向函数，连同求导要用的数。
# 这个函数存在结果的 ``grad_fn`` 里，名字一般是运算名加 ``Backward0``。
# 比如 :math:`b^2` 的导数要用到 ``b``，所以它的反向函数存着 ``b`` 的值。
#
# ``next_functions`` 列出下一步要去的函数，也就是各个输入的反向函数。每一项是一对：函数，和一个这里用不着的编号。
#
# %% en
# .. _autograd-graph:
#
# Walk the computational graph
# ----------------------------
#
# How does PyTorch know which way to go back? In the forward pass, it does two things at each
# operation: it computes the result, and it records a backward function, with the numbers that
# differentiating will need. The result keeps this function in ``grad_fn``; its name is usually that
# of the operation and ``Backward0``. The derivative of :math:`b^2`, for one, needs ``b``, so its
# backward function has saved the value of ``b``.
#
# ``next_functions`` lists the functions to go to next: the backward functions of the inputs. Each entry
# is a pair: a function, and a number that we do not need here.

Q = 3 * a**3 - b**2
print(Q.grad_fn.name())
for function, _ in Q.grad_fn.next_functions:
    print("->", function.name())
square = Q.grad_fn.next_functions[1][0]
print("saved:", square._saved_self)
assert torch.equal(square._saved_self, b)

# %% zh
# 顺着 ``next_functions`` 一直走，就能走遍所有反向函数。它们是点，每一步是一条边，合起来就是**计算图**：
# 边有方向，又绕不回原处，所以是有向无环图。下面的 ``edges`` 返回全部的边；列表 ``functions`` 一边走一边变长。
# 常数 3 不求导，没有反向函数，它的位置上是 ``None``。
#
# 尽头是 ``AccumulateGrad``，每个:term:`需要梯度 <require-gradient>`的:term:`叶子张量 <leaf>`一个。叶子张量不是由记录下来的运算得出的，
# 这里是你自己创建的 ``a`` 和 ``b``。
#
# %% en
# Follow ``next_functions`` all the way, and you meet every backward function. These are the nodes,
# each step is an edge, and together they are the **computational graph**. Its edges have a
# direction, and you can never follow them round in a circle: it is a directed acyclic graph.
# ``edges``, below, returns them all; the list ``functions`` grows as we walk. The constant 3 is not
# differentiated and has no backward function; in its place is ``None``.
#
# The walk ends at ``AccumulateGrad``, one for each :term:`leaf` that :term:`requires a gradient
# <require-gradient>`. No recorded operation has made a leaf; here they are ``a`` and ``b``, which you
# have made yourself.


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
# .. _autograd-draw:
#
# 画出计算图
# ----------
#
# ``draw_graph`` 用同样的办法走一遍，再画成图。最上面是结果，蓝色的是叶子张量，箭头就是梯度流动的方向。
#
# ``backward`` 从最上面出发，沿箭头往下。每到一个函数，就做一次向量-雅可比积，把结果传给下一个；
# 几路梯度汇到一处，就相加。到了 ``AccumulateGrad``，梯度加进叶子张量的 ``grad``。
#
# %% en
# .. _autograd-draw:
#
# Draw the computational graph
# ----------------------------
#
# ``draw_graph`` walks in the same way and draws what it meets. At the top is the result, the leaf
# tensors are blue, and the arrows point the way that the gradients go.
#
# ``backward`` sets out at the top and follows the arrows down. At each function it takes one
# vector–Jacobian product and passes the result on; where several gradients meet, they are added. At
# ``AccumulateGrad``, the gradient is added to the ``grad`` of the leaf.

from torchhour.graphs import draw_graph

draw_graph(Q, {"Q": Q, "a": a, "b": b})

# %% zh
# .. caption:: Q 的计算图：最上面是 Q，往下经过每个反向函数，最后是蓝色的叶子张量 a 和 b。
#
# .. _autograd-anew:
#
# 每次重建计算图
# --------------
#
# ``backward`` 走完，计算图里存着的数就被释放，因为它们占内存。再走一次，走到存过数的地方就会报错；如果真的需要，第一次就写上 ``retain_graph=True``。
#
# %% en
# .. caption:: The graph of Q: Q at the top, then each backward function, and at the bottom the leaf tensors a and b, in blue.
#
# .. _autograd-anew:
#
# Build the computational graph anew each time
# --------------------------------------------
#
# Once ``backward`` has run, the numbers saved in the computational graph are released, since they
# take memory. To go back a second time through a function whose saved numbers are gone is an error;
# if you need to, write ``retain_graph=True`` the first time.

Q.sum().backward()
try:
    Q.sum().backward()
except RuntimeError as error:
    refusal = error
print(type(refusal))
assert "backward through the graph a second time" in str(refusal)

# %% zh
# 平时用不着它，因为每次前向都会新建一张计算图。所以前向里可以写任意的 Python 代码，有 ``if`` 也行，有循环也行；
# 计算图里恰好是算出结果的那些运算，这一次实际怎样走，就怎样记。下面的函数反复加倍，直到向量的长度达到 1000；长度是各数平方和的平方根，由 ``norm`` 算出。
# 输入不同，加倍的次数 :math:`k` 就不同。每加倍一次，计算图多一个节点和一条边，所以数一数边就知道 :math:`k`。
# 从 ``x`` 到 ``y`` 一共乘了 :math:`2^k`，所以给定 :math:`v` 后，梯度是 :math:`2^k v`。
#
# %% en
# You will rarely need it, since every forward pass builds a computational graph of its own. So the
# forward pass may contain any Python code, be it with ``if`` or with loops: the computational graph
# contains exactly the operations that led to the result, as they ran this time. The function below doubles a vector until its length
# reaches 1000; the length, by ``norm``, is the square root of the sum of the squares. How many times
# it doubles, :math:`k`, depends on the input. Each doubling adds one node and one edge to the
# computational graph, so counting the edges gives :math:`k`. From ``x`` to ``y`` we multiply by
# :math:`2^k` in all, so for a given :math:`v` the gradient is :math:`2^k v`.


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
# .. _autograd-requires:
#
# 看清哪些会被记录
# ----------------
#
# 记不记录，看 ``requires_grad``。它会传开：**只要有一个输入需要梯度，结果就需要梯度**。
# 例外是没有导数可言的结果，例如比较得出的真假、``argmax`` 得出的编号。
# 张量默认不需要梯度，数据就是这样；网络的参数默认需要梯度。
# ``is_leaf`` 说明一个张量是不是叶子：凡是没有 ``grad_fn`` 的都算，所以数据和由数据算出来的结果也在内。
#
# %% en
# .. _autograd-requires:
#
# See what is recorded
# --------------------
#
# Whether an operation is recorded depends on ``requires_grad``, and this spreads: **if any input
# requires a gradient, so does the result**. The exceptions are results without a derivative, such as
# the true or false of a comparison or the index that ``argmax`` finds. Tensors do not require a
# gradient unless told to, and data does not; the parameters of a network do. ``is_leaf`` tells whether
# a tensor is a leaf: every tensor without a ``grad_fn`` counts as one, so data does, and so does what
# is computed from data alone.

x = torch.rand(3)
w = torch.rand(3, requires_grad=True)
tensors = {"x": x, "w": w, "x + 1": x + 1, "x + w": x + w, "x < w": x < w}
print("        requires_grad  is_leaf")
for name, tensor in tensors.items():
    print(f"{name:8}{tensor.requires_grad!s:15}{tensor.is_leaf}")
assert [name for name, tensor in tensors.items() if tensor.requires_grad] == ["w", "x + w"]

# %% zh
# 对已有的张量，可以用 ``requires_grad_`` 打开记录；括号里什么都不写，就是 ``True``。结尾的下划线说明它原地修改。
# 导数讲的是任意小的变化，所以只有浮点数和复数能有梯度，整数不行。
#
# %% en
# For a tensor that exists already, switch recording on with ``requires_grad_``; with nothing in the
# parentheses, it means ``True``. The underscore at its end says that it works in place. A
# derivative is about changes as small as you like, so only floats and complex numbers can have a
# gradient, not integers.

x.requires_grad_()
print(x.requires_grad)
try:
    torch.arange(3).requires_grad_()
except RuntimeError as error:
    refusal = error
print(refusal)
assert x.requires_grad and "floating point" in str(refusal)

# %% zh
# .. _autograd-stop:
#
# 关掉记录
# --------
#
# 记录要花时间，也要占内存，不需要梯度时就该关掉。常用的办法有三个：
#
# - ``torch.no_grad()``：其中的运算一律不记录，测试和手工更新参数时使用；
# - ``torch.inference_mode()``：更快一点，但它产生的张量以后不能存进计算图，只做预测时使用；
# - ``detach``：只针对一个张量，返回一个与计算图断开的张量，两者共享内存。
#
# %% en
# .. _autograd-stop:
#
# Stop recording
# --------------
#
# Recording takes time and memory, so switch it off where you want no gradient. Three ways are
# common:
#
# - ``torch.no_grad()``: no operation inside is recorded; for testing, and for updating parameters
#   by hand;
# - ``torch.inference_mode()``: a little faster, but its tensors cannot be saved in a computational
#   graph later; for predictions and nothing else;
# - ``detach``: for a single tensor; returns one that is cut off from the computational graph and
#   shares its memory.

with torch.no_grad():
    y = w * 2
with torch.inference_mode():
    z = w * 2
try:
    w * z
except RuntimeError as error:
    refusal = error
print(y.requires_grad, z.requires_grad, w.detach().requires_grad)
print(type(refusal))
assert (w * y).requires_grad
assert "Inference tensors cannot be saved for backward" in str(refusal)
assert w.detach().data_ptr() == w.data_ptr()

# %% zh
# 手工更新参数，为什么要关掉记录？因为更新是原地修改，而 PyTorch 不让你原地修改一个需要梯度的叶子张量：
# 一旦改了，就说不清记录的是新的 ``w`` 还是旧的 ``w``。放进 ``no_grad`` 就没有这个问题，优化器也是这么做的。
#
# %% en
# Why switch recording off to update a parameter by hand? The update works in place, and PyTorch
# will not let you change in place a leaf tensor that requires a gradient: it would no longer be clear
# whether the record means the old ``w`` or the new one. Under ``no_grad`` there is no such
# question, and this is how optimizers do it, too.

loss = (w**2).sum()
loss.backward()
try:
    w -= 0.1 * w.grad
except RuntimeError as error:
    refusal = error
print(refusal)
with torch.no_grad():
    w -= 0.1 * w.grad
print("loss =", loss.item(), "->", (w**2).sum().item())
assert "a leaf Variable that requires grad" in str(refusal)
assert (w**2).sum() < loss

# %% zh
# ``detach`` 可以把结果的一部分当作常数。:math:`w \cdot w` 的导数是 :math:`2w`；
# 断开其中一个 :math:`w`，它就成了常数，导数只剩下 :math:`w`。
#
# 这里不用 ``backward``，用 ``torch.autograd.grad``：它直接返回梯度，不改动 ``w.grad``。
# 它对每个输入返回一个梯度，放在一个元组里；这里只有一个输入，所以写成 ``(full,)`` 来接。
#
# %% en
# With ``detach`` you can treat a part of a result as a constant. The derivative of
# :math:`w \cdot w` is :math:`2w`; cut off one :math:`w`, so that it is a constant, and only
# :math:`w` is left.
#
# Instead of ``backward``, we use ``torch.autograd.grad``, which returns the gradient and does not touch
# ``w.grad``. It returns a tuple with one gradient for each input; here there is one input, hence
# ``(full,)``.

(full,) = torch.autograd.grad((w * w).sum(), w)
(part,) = torch.autograd.grad((w * w.detach()).sum(), w)
print("full =", full)
print("part =", part)
assert torch.equal(full, 2 * w) and torch.equal(part, w)


# %% zh
# .. _autograd-accumulate:
#
# 留意梯度会累加
# --------------
#
# ``backward`` 不会覆盖 ``grad``，而是把新的梯度**加**上去。忘了清空，第二步就会带着第一步的梯度，越积越多。
# 所以每一步都先调用 ``optimizer.zero_grad()``：优化器管着的每个参数，``grad`` 都设为 ``None``。
#
# %% en
# .. _autograd-accumulate:
#
# Mind that gradients add up
# --------------------------
#
# ``backward`` does not overwrite ``grad``; it **adds** the new gradient to it. Forget to clear it,
# and the second step carries the gradient of the first, and so on, more and more. So begin each
# step with ``optimizer.zero_grad()``: it sets the ``grad`` of every parameter of the optimizer to
# ``None``.

optimizer = torch.optim.SGD([w], lr=0.1)
optimizer.zero_grad()
for step in range(1, 4):
    (w**2).sum().backward()
    print("step", step, w.grad)
    assert torch.allclose(w.grad, step * 2 * w)
optimizer.zero_grad()
print(w.grad)
assert w.grad is None

# %% zh
# 累加也有用处：一批数据太大，内存放不下，就分成几份，每份各做一次前向和反向，最后才更新。
# 损失若是各张图之和，各份的梯度加起来就是整批的梯度。
#
# %% en
# Adding up has its uses. When a batch is too large for the memory, split it: run the forward and the
# backward pass for each part, and update only at the end. If the loss is a sum over the pictures, the
# gradients of the parts add up to the gradient of the whole batch.

# %% zh
# .. _autograd-freeze:
#
# 冻结网络
# --------
#
# 学好的网络可以拿来做新的事。它前面的几层学会了从图里算出有用的数，比如某处有没有一条斜边，这些数叫:term:`特征 <feature>`。
# 换一种物体，特征也用得上，只有最后一层要重学。
# 于是把已有的参数都**冻结**，也就是不再需要梯度，再换上新的最后一层。``resnet18`` 的最后一层叫 ``fc``，
# 它把 512 个特征变成 1000 个得分；新的一层只给 10 类打分。新建的层默认需要梯度，所以只有它会学习。
# 如果前面打印的是 ``random``，这里的网络还什么都没学过，但做法一样。
#
# %% en
# .. _autograd-freeze:
#
# Freeze a network
# ----------------
#
# A network that has learned can be put to new uses. Its earlier layers have learned to compute useful
# numbers from a picture, say, whether there is a slanting edge at some place. These numbers are called
# :term:`features <feature>`. They serve for other objects, too; only the last layer has to learn again. So
# **freeze** the parameters, that is, make them require no gradient, and put in a new last layer. In
# ``resnet18`` the last layer is named ``fc``; it turns 512 features into 1000 scores. The new one
# scores 10 classes. A new layer requires gradients by default, so it alone will learn. If ``random``
# was printed above, our network has learned nothing yet, but it is done in the same way.

from torch import nn

model = resnet18(weights=weights)
for parameter in model.parameters():
    parameter.requires_grad = False
model.fc = nn.Linear(512, 10)
loss = ((model(data) - torch.rand(1, 10)) ** 2).mean()
draw_graph(loss, dict(model.named_parameters()))

# %% zh
# .. caption:: 换了最后一层，计算图很短：损失下面只有 fc。
#
# 网络很深，计算图里除了损失，却只剩下 ``fc`` 这一层：前面的层不需要梯度，什么也没有记录，反向也就不必走进去。
# 走一步，看看哪些参数变了。``state_dict`` 按名字列出网络里的张量，后面的课还会用到；``clone`` 复制一份，
# 否则存下的张量会跟着变。
#
# %% en
# .. caption:: With a new last layer, the graph is short: below the loss there is only fc.
#
# The network is deep, yet apart from the loss only its layer ``fc`` is in the computational graph. The earlier
# ones require no gradient, so nothing was recorded there, and the backward pass need not go through
# them. Take a step, and see which parameters have changed. ``state_dict`` lists the tensors of a
# network by name, and we will meet it again; ``clone`` copies a tensor, which would otherwise
# change together with the parameter.

before = {name: value.clone() for name, value in model.state_dict().items()}
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
loss.backward()
optimizer.step()
changed = [
    name
    for name, parameter in model.named_parameters()
    if not torch.equal(parameter, before[name])
]
print("changed =", changed)
assert changed == ["fc.weight", "fc.bias"]
assert model.conv1.weight.grad is None

# %% zh
# 有一样东西冻结不住。``resnet18`` 里有 20 个:term:`批归一化 <batch-normalization>`层。训练时，它们用这一批数据的均值和方差，
# 把数据平移、缩放到合适的大小；同时记下见过的数据的均值和方差，留到测试时用，还记着见过几批。
# 记下的三个张量不是参数，与梯度无关，叫作缓冲（buffer）：只要网络处在训练状态，每次前向都会更新。
# 新建的网络就处在训练状态；``model.eval()`` 让它转为测试状态，改用记下的均值和方差，缓冲也不再变；``model.train()`` 再转回来。
#
# %% en
# One thing escapes the freezing. ``resnet18`` has 20 layers of :term:`batch normalization <batch-normalization>`. In
# training, they shift and scale the data to a moderate size by the mean and the variance of the batch.
# They also keep, for testing, the mean and the variance of the data they have seen, and the number of
# batches. What they keep has nothing to do with gradients, and is not among the parameters; these three tensors
# are called buffers, and every forward pass updates them as long as the network is in training mode. A new network
# is. ``model.eval()`` switches to testing: the kept mean and variance are used, and the buffers stay as
# they are. ``model.train()`` switches back.

statistics = {name: buffer.clone() for name, buffer in model.named_buffers()}
for mode in (model.eval, model.train):
    mode()
    model(data)
    moved = [
        name
        for name, buffer in model.named_buffers()
        if not torch.equal(buffer, statistics[name])
    ]
    print("training =", model.training, " moved =", len(moved))
    assert len(moved) == (20 * 3 if model.training else 0)

# %% zh
# .. _autograd-finetune:
#
# 微调，再与从头训练比一比
# ------------------------
#
# 冻结旧的层、训练新的层，是:term:`微调 <fine-tuning>`的一种。它有没有好处，量一量就知道。
# 设想数字 0 到 4 有很多带标签的图，5 到 9 每个却只有 5 张，也就是代码里的 ``each``。先用前者学出特征，再用后者训练新的头，也就是新的最后一层。
# 对照组用同样的网络，只是从随机的参数开始，只靠这几张图。:term:`准确率 <accuracy>`都在:term:`测试集 <test-set>`的 5 到 9 上计算，最多取 500 张。
# 代码里的 ``randperm`` 给出打乱的编号，``nonzero`` 给出条件成立的编号，一行一个。
#
# %% en
# .. _autograd-finetune:
#
# Fine-tune, and compare with starting from scratch
# -------------------------------------------------
#
# Freezing the old layers and training a new one is a kind of :term:`fine-tuning`. Is it any good?
# Measure it. Suppose there are many pictures with labels of the digits 0 to 4, but only 5 of
# each digit from 5 to 9, ``each`` in the code. Learn features from the former, then train a new head, that is, a new last
# layer, on the latter. To compare, take the same network, but with random parameters, and nothing but those few
# pictures. Both are judged by their :term:`accuracy` on the digits 5 to 9 of the :term:`test set <test-set>`,
# at most 500 of them. In the code, ``randperm`` gives indices in random order, and ``nonzero`` gives
# those where a condition holds, one in each row.

from torchhour.data.digits import digits

torch.manual_seed(0)
train, test = digits(), digits(train=False)
order = torch.randperm(len(train))
many = order[train.labels[order] < 5]
each = 5
few = [order[train.labels[order] == digit][:each] for digit in range(5, 10)]
few = torch.cat(few)
unseen = (test.labels >= 5).nonzero()[:500, 0]
print("source =", train.source)
print("many =", len(many), " few =", len(few), " test =", len(unseen))
assert few.shape == (5 * each,)

# %% zh
# 网络分成两段：``features`` 用两次:term:`卷积 <convolution>`把图变成 800 个特征，头是一个:term:`全连接 <fully-connected>`层，由特征给 5 类打分。
# ``nn.Sequential`` 让里面的各层依次运行；各种层下一课再细讲。这里先用数字 0 到 4 训练整个网络，每一步随机取 32 张图；
# ``cross_entropy`` 是分类时常用的损失。
#
# %% en
# The network has two parts: ``features`` turns a picture into 800 features with two :term:`convolutions <convolution>`,
# and the head, a :term:`fully connected <fully-connected>` layer, scores 5 classes from them.
# ``nn.Sequential`` runs what is in it one after another; the next lesson explains the layers. First train the whole of it on the digits 0 to 4, with 32 random pictures at each step;
# ``cross_entropy`` is the usual loss when classes are to be told apart.

from torch.nn.functional import cross_entropy


def make_features():
    return nn.Sequential(
        nn.Conv2d(1, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),  # N×16×14×14
        nn.Conv2d(16, 32, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),  # N×32×5×5
        nn.Flatten(),  # N×800
    )


features = make_features()
network = nn.Sequential(features, nn.Linear(800, 5))
optimizer = torch.optim.SGD(network.parameters(), lr=0.02, momentum=0.9)
for step in range(1, 301):
    batch = many[torch.randint(len(many), (32,))]
    optimizer.zero_grad()
    loss = cross_entropy(network(train.images[batch]), train.labels[batch])
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        print(f"step {step}  loss {loss.item():.3f}")
assert features(train.images[:4]).shape == (4, 800)

# %% zh
# 现在比较。两个网络用同样的几张图、同样的学习率，每隔 5 步量一次准确率。
# 标签减去 5，得到 0 到 4，正好是 5 个得分的编号。第 0 步时两个头都还没有学习，随机的头往往偏向一两个数字，
# 准确率高低全凭运气，比乱猜低也不奇怪。
#
# %% en
# Now compare. Both networks get the same few pictures and the same learning rate; their accuracy is
# measured every 5 steps. Take 5 from a label, and you have 0 to 4, the index of one of 5 scores. At
# step 0 neither head has learned anything: a random head tends to favor a digit or two, so the accuracy
# is a matter of luck, and may be below that of guessing.


def accuracies(network, lr=0.01):
    optimizer = torch.optim.SGD(network.parameters(), lr=lr, momentum=0.9)
    found = {}
    for step in range(61):
        if step % 5 == 0:
            with torch.no_grad():
                predictions = network(test.images[unseen]).argmax(dim=1) + 5
            correct = (predictions == test.labels[unseen]).sum().item()
            found[step] = correct / len(unseen)
        optimizer.zero_grad()
        cross_entropy(network(train.images[few]), train.labels[few] - 5).backward()
        optimizer.step()
    return found


features.requires_grad_(False)
learned = [parameter.clone() for parameter in features.parameters()]
tuned_network = nn.Sequential(features, nn.Linear(800, 5))
tuned = accuracies(tuned_network)
scratch = accuracies(nn.Sequential(make_features(), nn.Linear(800, 5)))
for step in (0, 10, 60):
    print(f"step {step:2}  tuned {tuned[step]:.1%}  scratch {scratch[step]:.1%}")
assert all(map(torch.equal, features.parameters(), learned))
assert tuned[10] > scratch[10] + 0.1
assert tuned[60] - scratch[60] < tuned[10] - scratch[10]

# %% zh
# 画成曲线看得更清楚，虚线是乱猜的准确率。微调几步就认得大多数新数字，从头训练却要慢慢摸索；
# 而且微调的每一步也更省，反向只经过新的最后一层。步数多了，两条线会靠近，因为这些数字不难，几张图也够从头学起；
# 网络越大、任务越难，从头训练就越难追上来。
#
# %% en
# Curves show it better; the dashed line is the accuracy of guessing. Fine-tuning knows most of the
# new digits after a few steps, while training from scratch has to feel its way. Fine-tuning's steps
# are cheaper, too: the backward pass ends at the head. With more steps the two lines draw near each
# other, as these digits are easy enough to be learned from a few pictures even from scratch; the
# larger the network and the harder the task, the harder it is to catch up.

import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(4.5, 3), layout="constrained")
axis.plot(tuned.keys(), tuned.values(), label="fine-tuning")
axis.plot(scratch.keys(), scratch.values(), label="from scratch")
axis.axhline(1 / 5, color="gray", linestyle="--")
axis.set(xlabel="step", ylabel="accuracy", ylim=(0, 1))
axis.legend(loc="center right")
plt.show()

# %% zh
# .. caption:: 准确率随步数上升：微调的线很快升高，从头训练的线要慢得多。
#
# .. _autograd-exercises:
#
# 练习
# ----
#
# 1. **先算后验。**设 ``x = torch.tensor(2.0, requires_grad=True)``，``y = x**3 + 4 * x``。
#    用笔算出导数，再用 ``backward`` 核对。二阶导数也求一求：给 ``torch.autograd.grad`` 加上 ``create_graph=True``，
#    再对它的结果求一次导。
# 2. **先猜图。**线性回归的损失是 ``((w * x + b - y) ** 2).mean()``，其中 ``x`` 和 ``y`` 是数据。
#    计算图里有几个节点，其中几个是 ``AccumulateGrad``？猜好了再用 ``draw_graph`` 画出来。
# 3. **分两次反向。**新建一个 ``resnet18``，调用它的 ``eval``。用 ``torch.rand`` 造 8 张 3×64×64 的图和 8 行目标得分，
#    损失照旧先求差的平方，再取平均。用一整批求一次梯度；再分成两份，每份 4 张，让梯度累加。
#    每份的损失要乘上几，两次的梯度才相同，只差舍入误差？不调用 ``eval`` 又会怎样？
# 4. **亲手训练。**不用优化器，只用 ``backward`` 和 ``no_grad``，从 ``w = 0`` 出发，最多走 100 步，
#    让 ``(w - 2) ** 2`` 降到 0.0001 以下。学习率取 0.1 要几步？取 0.9 呢，取 1.1 呢？
# 5. **解冻。**执行 ``features.requires_grad_(True)``，再用 ``accuracies(tuned_network, lr=0.002)`` 接着训练，
#    准确率还能提高吗？然后把 ``each`` 改成 2，再改成 20，每次从头重新运行，第 10 步时微调领先多少？第 60 步呢？
#
# %% en
# .. caption:: Accuracy rises with the steps: quickly for fine-tuning, far more slowly from scratch.
#
# .. _autograd-exercises:
#
# Exercises
# ---------
#
# 1. **Compute, then check.** Let ``x = torch.tensor(2.0, requires_grad=True)`` and
#    ``y = x**3 + 4 * x``. Find the derivative with a pencil, then check it with ``backward``. Find
#    the second derivative, too: call ``torch.autograd.grad`` with ``create_graph=True``, and
#    differentiate what it returns.
# 2. **Guess the graph.** The loss of linear regression is ``((w * x + b - y) ** 2).mean()``, where
#    ``x`` and ``y`` are data. How many nodes does its computational graph have, and how many of them
#    are ``AccumulateGrad``? Guess first, then draw it with ``draw_graph``.
# 3. **Go back twice.** Make a new ``resnet18`` and call its ``eval``. Let ``torch.rand`` make 8 pictures
#    of 3×64×64 and 8 rows of target scores. With the mean of the squared differences as the loss, as
#    above, find the gradients of the whole batch. Then split it into two parts of 4 and let the
#    gradients add up. By what must you multiply the loss of each part for both to be the same, up to
#    rounding errors? And what happens without ``eval``?
# 4. **Train by hand.** Without an optimizer, only with ``backward`` and ``no_grad``, start at
#    ``w = 0`` and bring ``(w - 2) ** 2`` below 0.0001, in 100 steps at most. How many does a learning
#    rate of 0.1 take? And 0.9, and 1.1?
# 5. **Thaw.** Run ``features.requires_grad_(True)`` and train on with
#    ``accuracies(tuned_network, lr=0.002)``. Does the accuracy rise any further? Then set ``each`` to 2,
#    and to 20, and run the lesson again from the top: how far is fine-tuning ahead at step 10? And at
#    step 60?
