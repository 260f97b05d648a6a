"""
%% zh
神经网络
========

这一课从头搭起一个认手写数字的神经网络，再把它训练好。
学完以后，你会定义网络，查看每一层的形状和参数，计算损失，做反向传播。
更新参数时，先自己动手写，再交给优化器，还要把几种优化器放在一起比较。
最后，你的网络要在没见过的数字上取得很高的准确率，你还会看到它学出来的:term:`卷积核 <kernel>`。

**需要的基础：**张量和自动求导，也就是前两课的内容。

.. minutes:: 31

%% en
Neural networks
===============

In this lesson you build a neural network that reads handwritten digits, and train it. By the end
you will be able to define a network, look at the shape after each layer and at the parameters,
compute a loss and run backpropagation. You update the parameters by hand first, then with an
optimizer, and you compare several optimizers side by side. Last, your network has to reach a high
accuracy on digits it has never seen, and you get to see the :term:`kernels <kernel>` it has learned.

**What you need:** tensors and automatic differentiation: the first two lessons.

.. minutes:: 31
"""

# %% zh
# .. _networks-steps:
#
# 训练的六个步骤
# --------------
#
# 神经网络是一个带参数的函数：进去一张图，出来几个得分。
# 训练就是调整参数，让得分越来越接近我们想要的样子。它有六个步骤：
#
# 1. **定义网络：**有哪些层，层里有哪些参数。
# 2. **取输入：**从数据里取一批。
# 3. **前向传播：**让输入依次经过各层，变成输出。
# 4. **计算损失：**用一个数说明输出离目标有多远。
# 5. **反向传播：**求出损失对每个参数的梯度。
# 6. **更新参数：**让每个参数沿着损失变小的方向走一小步。
#
# 第一个步骤只做一次，其余五个反复做。本课先一个一个地做，再把它们连成循环。
#
# 动手之前，和上一课一样，先固定随机种子和线程数。这个网络很小，一个线程足够快。
#
# %% en
# .. _networks-steps:
#
# The six steps of training
# -------------------------
#
# A neural network is a function with parameters: a picture goes in, a few scores come out.
# Training adjusts the parameters until the scores are close to what we want. It has six steps:
#
# 1. **Define the network:** which layers it has, and which parameters are in them.
# 2. **Take inputs:** one batch out of the data.
# 3. **Go forward:** the inputs pass through layer after layer and become outputs.
# 4. **Compute the loss:** one number that says how far the outputs are from the targets.
# 5. **Backpropagation:** find the gradient of the loss with respect to every parameter.
# 6. **Update the parameters:** move each of them a little, in the direction that lowers the loss.
#
# The first step is taken once, the other five again and again. We go through them one at a time, then
# join them into a loop.
#
# Before that, fix the random seed and the number of threads, as in the last lesson. For so small a
# network, one thread is fast enough.

import torch

torch.manual_seed(0)
torch.set_num_threads(1)
print("torch =", torch.__version__)
print("threads =", torch.get_num_threads())

# %% zh
# .. _networks-define:
#
# 第 1 步：定义网络
# -----------------
#
# 网络写成 ``nn.Module`` 的子类。``__init__`` 创建各层，``forward`` 写明输入怎样一步步变成输出。
# 反向的部分由自动求导完成，不用你写。
#
# 下面的网络仿照 LeNet-5，它发表于 1998 年，用来识别手写数字；这里换上了今天常用的:term:`激活函数 <activation>`、
# :term:`池化 <pooling>`和输出层。
#
# - **卷积**层 ``Conv2d(1, 6, 5)`` 把 1 个通道变成 6 个。每个输出通道有一个**卷积核**，这里是 5×5，
#   它在图上滑动，寻找一种笔画。输入有几个通道，卷积核就有几层，各层的结果加在一起；
#   所以 ``conv2`` 的每个卷积核是 6×5×5。
# - **激活函数** ``relu`` 把负数变成 0，正数不变。没有它，几个全连接层连在一起，
#   也只相当于一个。
# - **池化** ``max_pool2d`` 在每个 2×2 的方块里只留下最大的数；边长若是奇数，最后一行和最后一列就不要了。
# - **全连接**层 ``Linear`` 的每个输出都用到全部输入。最后一层给出十个得分，每个数字一个。
#
# 注释里写着每一步之后的形状，马上就来验证。
#
# %% en
# .. _networks-define:
#
# Step 1: define the network
# --------------------------
#
# A network is a subclass of ``nn.Module``. ``__init__`` makes the layers, and ``forward`` spells out
# how an input becomes an output. The backward pass is the work of automatic differentiation; you need
# not write it.
#
# The network below follows LeNet-5, published in 1998 to read handwritten digits; here, the
# :term:`activations <activation>`, the :term:`pooling` and the output layer are today's instead.
#
# - The **convolution** layer ``Conv2d(1, 6, 5)`` turns 1 channel into 6. Each channel that comes out
#   has a **kernel**, here of 5×5, that slides over the picture in search of one kind of stroke. A
#   kernel has a sheet for each channel that comes in, and their results are added up; so each kernel
#   of ``conv2`` is 6×5×5.
# - The **activation** ``relu`` turns negative numbers into 0 and leaves positive ones alone. Without
#   it, fully connected layers in a row could do no more than a single one.
# - **Pooling** with ``max_pool2d`` keeps only the largest number of every 2×2 square. If the side is
#   odd, the last row and the last column are left out.
# - In a **fully connected** layer, ``Linear``, each output uses all of the inputs. The last such layer
#   gives ten scores, one for each digit.
#
# The comments give the shape after each step; we are about to check them.

import torch.nn.functional as F
from torch import nn


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):  # N×1×32×32
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)  # N×6×14×14
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)  # N×16×5×5
        x = torch.flatten(x, 1)  # N×400
        x = F.relu(self.fc1(x))  # N×120
        x = F.relu(self.fc2(x))  # N×84
        return self.fc3(x)  # N×10


network = LeNet()
print(network)

# %% zh
# ``print`` 只列出在 ``__init__`` 里创建的层。``relu`` 和 ``max_pool2d`` 没有参数，直接当函数调用，
# 所以不在其中。各层怎样相连，也只有 ``forward`` 知道。
#
# %% en
# ``print`` lists only the layers that ``__init__`` has made. ``relu`` and ``max_pool2d`` have no
# parameters and are called as plain functions, so they are not among them. Nor does the list say how
# the layers are connected; only ``forward`` knows.

# %% zh
# .. _networks-shapes:
#
# 看形状怎样变化
# --------------
#
# 先给网络一张随机的图。输入有四维，N×C×H×W：N 是一批里图的张数，C 是通道数，H 是高，W 是宽。
# 这里 N 和 C 都是 1，H 和 W 都是 32。
#
# 调用时写 ``network(x)``，不写 ``network.forward(x)``。前者会替你调用 ``forward``，还会触发挂在网络上的钩子，后者不会；
# 钩子是什么，马上就讲。
#
# %% en
# .. _networks-shapes:
#
# Watch the shapes change
# -----------------------
#
# Give the network a random picture first. The input has four dimensions, N×C×H×W: N is the number of pictures
# in the batch, C the number of channels, H the height and W the width. Here N and C are 1, and H and
# W are 32.
#
# Call ``network(x)``, not ``network.forward(x)``. The former calls ``forward`` for you, and also sets
# off the hooks that were put on the network, which the latter skips. What hooks are comes in a moment.

x = torch.randn(1, 1, 32, 32)  # N×C×H×W
out = network(x)
print("x =", x.shape)
print("out =", out.shape)
assert out.shape == (1, 10)

# %% zh
# 中间的形状从哪里来？5×5 的卷积核在边长 32 的图上一格一格地滑，每一边有
# :math:`32 - 5 + 1 = 28` 个位置，边长就从 32 变成 28。2×2 的池化再把边长减半。
#
# 想亲眼看到，就给每一层挂一个**钩子**。``register_forward_hook`` 登记一个函数；那一层每算完一次，
# PyTorch 就调用这个函数，传给它三样东西：这一层、这一层的输入、这一层的输出。用完以后，``remove`` 把钩子取下。
#
# %% en
# Where do the shapes in between come from? A 5×5 kernel slides over a picture of side 32, one pixel at
# a time. Along each side it finds :math:`32 - 5 + 1 = 28` places, so the side goes from 32 to 28. Then
# 2×2 pooling halves it.
#
# To see this happen, put a **hook** on each layer. ``register_forward_hook`` registers a function;
# whenever that layer has finished, PyTorch calls the function with the layer, its inputs and its
# output. Afterwards, ``remove`` takes the hook off.

names = {layer: name for name, layer in network.named_children()}
shapes = {}


def report(layer, inputs, output):
    shapes[names[layer]] = tuple(inputs[0].shape), tuple(output.shape)
    print(f"{names[layer]:7}{tuple(inputs[0].shape)} -> {tuple(output.shape)}")


hooks = [layer.register_forward_hook(report) for layer in names]
network(x)
for hook in hooks:
    hook.remove()

assert shapes["conv1"] == ((1, 1, 32, 32), (1, 6, 28, 28))
assert shapes["fc1"] == ((1, 400), (1, 120))

# %% zh
# 一层的输出和下一层的输入，形状往往不同：中间还有 ``max_pool2d`` 和 ``flatten``，
# 它们不是:term:`模块 <module>`，钩子看不到。``draw_shapes`` 连它们也画得出来：数据经过的每一步，图上都有。
# 方块是通道，细条是向量，宽度都按同一比例画。
# 图越来越小，通道越来越多；到了 ``flatten``，:math:`16 \times 5 \times 5` 个数排成一行，正好 400 个。
#
# %% en
# The output of one layer and the input of the next often differ in shape: in between there are
# ``max_pool2d`` and ``flatten``. They are not :term:`modules <module>`, so the hooks miss them. ``draw_shapes``
# sees them as well: it draws every step that the data takes. A square is a channel, a thin bar is a
# vector, and all widths are to one scale. The pictures shrink and the channels multiply; then
# ``flatten`` lays out the :math:`16 \times 5 \times 5` numbers in a row of 400.

from torchhour.shapes import draw_shapes

draw_shapes(network, x)

# %% zh
# .. caption:: 网络里每一步的形状：图越来越小，通道越来越多，最后是一条条向量。
#
# .. _networks-parameters:
#
# 数一数参数
# ----------
#
# 训练要调整的就是参数。五个层各有一个 ``weight`` 和一个 ``bias``，也就是:term:`权重 <weight>`和:term:`偏置 <bias>`，
# 一共 10 个张量，``named_parameters`` 把它们连同名字一起列出来。
# 第一个的形状是 6×1×5×5：6 个卷积核，每个看 1 个通道，高 5，宽 5。
#
# %% en
# .. caption:: The shape after each step of the network: pictures shrink, channels multiply, and vectors come last.
#
# .. _networks-parameters:
#
# Count the parameters
# --------------------
#
# Parameters are what training adjusts. Each of the five layers has a ``weight`` and a ``bias``, that
# is, :term:`weights <weight>` and a :term:`bias`, which makes 10 tensors; ``named_parameters`` lists
# them with their names. The first has the shape 6×1×5×5: 6 kernels that look at 1 channel each, with
# a height of 5 and a width of 5.

for name, parameter in network.named_parameters():
    print(f"{name:14}{tuple(parameter.shape)}")

parameters = list(network.parameters())
print("tensors =", len(parameters))
print("numbers =", sum(parameter.numel() for parameter in parameters))
assert len(parameters) == 10 and parameters[0].shape == (6, 1, 5, 5)
assert all(parameter.requires_grad for parameter in parameters)

# %% zh
# 这些参数都需要梯度。不必等到有了损失，现在就从输出开始反向传播，试一试。``out`` 有十个数 :math:`z_k`，
# ``backward`` 便要同样形状的一组数 :math:`v_k`，求出的是 :math:`\sum_k v_k z_k` 的梯度，和上一课一样。
# 这里的 :math:`v_k` 是随机的，只为看一看：每个参数都得到一个与自己形状相同的梯度。
# 梯度会累加，所以反向传播之前先用 ``zero_grad`` 清空。
#
# %% en
# All of them require a gradient. Try it out: backpropagation need not wait for a loss, so let it start
# at the output. ``out`` holds ten
# numbers :math:`z_k`; hence ``backward`` wants numbers :math:`v_k` of the same shape, and finds the
# gradient of :math:`\sum_k v_k z_k`, as in the last lesson. Here the :math:`v_k` are random, just to
# see that each parameter gets a gradient of its own shape. Gradients accumulate, so ``zero_grad``
# clears them before backpropagation.

v = torch.randn(1, 10)
network.zero_grad()
out.backward(v)
print("weight =", network.conv1.weight.shape)
print("weight.grad =", network.conv1.weight.grad.shape)
assert all(parameter.grad.shape == parameter.shape for parameter in parameters)

weighted = (v * network(x)).sum()
same = torch.autograd.grad(weighted, network.conv1.weight)[0]
assert torch.allclose(network.conv1.weight.grad, same)

# %% zh
# .. _networks-batches:
#
# 第 2 步：取输入
# ---------------
#
# 现在换上真正的手写数字。:term:`训练集 <training-set>`用来学习，测试集只用来检验。``source`` 说明图从哪里来，第一课的“:ref:`tensors-picture`”一节里讲过。
# ``train_set.images`` 是全部的图，
# 形状 N×C×H×W；取它的一个切片，就是一批，代码里叫 ``images``。
#
# %% en
# .. _networks-batches:
#
# Step 2: take inputs
# -------------------
#
# Now for real handwritten digits. The :term:`training set <training-set>` is for learning, the test set only for checking.
# ``source`` tells where the pictures come from (see ":ref:`tensors-picture`" in the first lesson).
# ``train_set.images`` holds all of them, in the shape N×C×H×W; a slice of it is a batch, ``images`` in
# the code.

from torchhour.data.digits import digits

train_set = digits(train=True)
test_set = digits(train=False)
images = train_set.images[:8]
labels = train_set.labels[:8]
print("source =", train_set.source)
print("train =", train_set.images.shape)
print("test =", test_set.images.shape)
print("images =", images.shape)
print("labels =", labels)
assert images.shape == (8, 1, 32, 32)

# %% zh
# 单独一张图是 C×H×W，少了 N。``Conv2d`` 也接受这样的图；有些旧教程说 ``torch.nn`` 只收成批的输入，那已经过时。
# 这个网络却不接受：``torch.flatten(x, 1)`` 从第 1 维开始展平，没有 N，通道就被当成了 N，
# 结果是 16×25，而 ``fc1`` 要的是 400 个一行。``unsqueeze(0)`` 在最前面补上一维，问题就解决了。
#
# %% en
# A single picture is C×H×W: it lacks N. Today ``Conv2d`` takes such a picture, too; old tutorials that
# say ``torch.nn`` accepts batches only are out of date. This network does not take it, though.
# ``torch.flatten(x, 1)`` flattens from dimension 1 on; without N, the channels pass for N, the result
# is 16×25, and ``fc1`` wants rows of 400. ``unsqueeze(0)`` puts the missing dimension in front, and
# all is well.

image, label = train_set[0]
print("image =", image.shape)
print("conv1 =", network.conv1(image).shape)
try:
    network(image)
except RuntimeError as error:
    refusal = error
print(refusal)
print("network =", network(image.unsqueeze(0)).shape)
assert "16x25 and 400x120" in str(refusal)

# %% zh
# .. _networks-forward:
#
# 第 3 步：前向传播
# -----------------
#
# 八张图一起送进网络，每张得到十个得分。得分最高的是几，网络就认为图里写的是几，``argmax`` 求的就是它。
# 参数还是随机的，现在只能是乱猜。
#
# %% en
# .. _networks-forward:
#
# Step 3: go forward
# ------------------
#
# Send the eight pictures through the network together, and each gets ten scores. The digit with the
# highest score is what the network takes the picture for; ``argmax`` finds it. The parameters are
# still random, so this is mere guessing.

scores = network(images)  # 8×10
print("scores =", scores.shape)
print("labels      =", labels.tolist())
print("predictions =", scores.argmax(dim=1).tolist())
assert torch.allclose(scores[:1], network(images[:1]), atol=1e-6)

# %% zh
# .. _networks-recap:
#
# 回顾四种对象
# ------------
#
# 到这里，四种对象都登场了，后两种还没有提到类名：
#
# - ``Tensor``：张量，也就是多维数组；需要梯度时，还记着自己是怎样算出来的。
# - ``Module``：网络和层都是它，里面装着参数，也可以装别的 ``Module``。
# - ``Parameter``：一种张量；把它设为 ``Module`` 的属性，就自动登记成参数，普通的张量不会。
# - ``Function``：计算图里的一个节点，知道怎样把梯度传过一次运算；``grad_fn`` 指的就是它。
#   在 Python 里，它们都是 ``torch.autograd.graph.Node`` 的实例。
#
# %% en
# .. _networks-recap:
#
# Recap: four kinds of object
# ---------------------------
#
# By now you have met four kinds of object, the last two without the names of their classes:
#
# - ``Tensor``: a tensor, that is, an array with any number of dimensions. If it requires a gradient,
#   it also remembers how it was computed.
# - ``Module``: networks and layers alike. It holds parameters, and may hold other ``Module`` objects.
# - ``Parameter``: a kind of tensor. Make it an attribute of a ``Module``, and it is registered as a
#   parameter; an ordinary tensor is not.
# - ``Function``: a node of the computational graph that knows how to pass gradients back through one
#   operation; it is what ``grad_fn`` refers to. In Python, all of them are instances of
#   ``torch.autograd.graph.Node``.


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.ones(1))
        self.constant = torch.ones(1)


print("Tensor    =", type(images))
print("Module    =", type(network.conv1))
print("Parameter =", [name for name, _ in Scale().named_parameters()])
print("Function  =", scores.grad_fn.name())
assert isinstance(network.conv1, nn.Module) and isinstance(network, nn.Module)
assert isinstance(Scale().factor, torch.Tensor)
assert isinstance(scores.grad_fn, torch.autograd.graph.Node)

# %% zh
# .. _networks-loss:
#
# 第 4 步：计算损失
# -----------------
#
# 我们希望正确的数字得 1 分，其余的得 0 分。``one_hot`` 把标签变成这样的目标，每张图一行。
# 损失用:term:`均方误差 <mean-squared-error>`，也就是得分与目标之差的平方，再取平均。设 :math:`z` 是得分，:math:`t` 是目标，共 :math:`N` 张图：
#
# .. math:: \ell = \frac{1}{10 N} \sum_{n=1}^{N} \sum_{k=0}^{9} (z_{nk} - t_{nk})^2
#
# **目标的形状必须与输出相同。**如果不同，只要还能广播，PyTorch 就照算不误，只给一个警告，得到的却多半是错的。
# 分类更常用的损失是:term:`交叉熵 <cross-entropy>`，下一课再讲。
#
# %% en
# .. _networks-loss:
#
# Step 4: compute the loss
# ------------------------
#
# We want the right digit to score 1, and all others 0. ``one_hot`` turns the labels into such targets,
# one row per picture. The loss is the :term:`mean squared error <mean-squared-error>`: square the difference between score and
# target, then take the mean. With scores :math:`z`, targets :math:`t` and :math:`N` pictures:
#
# .. math:: \ell = \frac{1}{10 N} \sum_{n=1}^{N} \sum_{k=0}^{9} (z_{nk} - t_{nk})^2
#
# **The target must have the same shape as the output.** If it does not, PyTorch goes ahead as long as
# broadcasting allows, with no more than a warning, and the result is most likely wrong. To tell
# classes apart, the usual loss is :term:`cross-entropy`; it comes in the next lesson.

targets = F.one_hot(labels, 10).float()  # 8×10
criterion = nn.MSELoss()
loss = criterion(scores, targets)
by_hand = ((scores - targets) ** 2).mean()
print(targets[:3])
print("loss =", loss.item())
assert targets.shape == scores.shape
assert torch.allclose(loss, by_hand)

# %% zh
# .. _networks-graph:
#
# 走一遍计算图
# ------------
#
# .. deeper::
#
# 从损失出发，梯度要走哪条路？每个节点的 ``next_functions`` 列出梯度下一步要去的节点。
# 总取其中的第一项，能不能一层一层地往回走？不能；许多旧教程这样写，那是错的。
# 损失的第一项通往最后一层 ``fc3``；可是 ``fc3`` 的第一项通往它自己的 ``bias``，路到这里就断了。
# 第二项才通往上一层；第三项隔着一次转置，通往 ``weight``。
#
# %% en
# .. _networks-graph:
#
# Walk the computational graph
# ----------------------------
#
# .. deeper::
#
# Starting from the loss, which way do the gradients go? The ``next_functions`` of a node list where
# they go next. Does the first entry, taken every time, lead back layer by layer? It does not, although
# many old tutorials say so. The loss's first entry leads to the last layer, ``fc3``; but the first
# entry of ``fc3`` leads to its own ``bias``, and there the path ends. Only the second entry leads to
# the layer before; the third leads to ``weight``, by way of a transpose.

linear = loss.grad_fn.next_functions[0][0]
print(loss.grad_fn.name())
print(linear.name())
for function, _ in linear.next_functions:
    print("   ", function.name())

bias, before, transpose = [function for function, _ in linear.next_functions]
assert bias.variable is network.fc3.bias
assert transpose.next_functions[0][0].variable is network.fc3.weight

# %% zh
# 要穿过所有的层，每到一个节点，就选通往最长那条路的一项。``depth`` 数出从一个节点起，最长的路上有几个节点。
# 全连接层在这里叫 ``AddmmBackward0``，因为它做的是矩阵相乘再相加；展平叫 ``ViewBackward0``，因为它只是换一个视图。
# 尽头是 ``AccumulateGrad``，它把梯度存进参数的 ``grad``。
#
# %% en
# To pass through all of the layers, choose at each node the entry with the longest path ahead;
# ``depth`` counts the nodes on the longest path from a node. A fully connected layer is called
# ``AddmmBackward0`` here, because it multiplies matrices and adds; flattening is called
# ``ViewBackward0``, because it merely makes another view. The path ends at an ``AccumulateGrad``,
# which stores the gradient in the ``grad`` of a parameter.


def depth(function):
    following = [other for other, _ in function.next_functions if other]
    return 1 + max(map(depth, following), default=0)


chain = []
function = loss.grad_fn
while function:
    chain.append(function)
    print(function.name())
    following = [other for other, _ in function.next_functions if other]
    function = max(following, key=depth, default=None)

walked = [function.name() for function in chain]
assert walked.count("AddmmBackward0") == 3 and walked.count("ConvolutionBackward0") == 2
assert chain[-1].variable is network.conv1.weight

# %% zh
# 再用上一课的 ``draw_graph`` 把整张计算图画出来。刚才走的是最长的一条路，尽头是第一层的 ``weight``；
# 蓝色的是参数，除了它，参数都从旁边接到各自的层上。
#
# %% en
# Now let ``draw_graph`` of the last lesson draw the whole computational graph. What we walked is its
# longest path, which ends at the ``weight`` of the first layer; the parameters are blue, and all but
# this one join their layers from the side.

from torchhour.graphs import draw_graph

draw_graph(loss, dict(network.named_parameters()))

# %% zh
# .. caption:: 从损失往下，每个反向函数一个方框，蓝色的是参数。
#
# .. _networks-backward:
#
# 第 5 步：反向传播
# -----------------
#
# ``loss.backward()`` 沿着计算图走一遍，求出全部梯度。先用 ``zero_grad`` 清掉前面随机试出来的梯度。
# 清掉以后，``conv1.bias.grad`` 不是 0，而是 ``None``：还没有梯度。反向传播之后，它有 6 个数，每个通道一个。
# 其中若有 0，那个通道对这八张图的输出就没有一个正数：``relu`` 把它们都变成 0，梯度也就传不回来。
#
# %% en
# .. caption:: From the loss downward, a box for each backward function; parameters are blue.
#
# .. _networks-backward:
#
# Step 5: backpropagation
# -----------------------
#
# ``loss.backward()`` goes through the computational graph and finds all the gradients. First,
# ``zero_grad`` clears those from our random trial. After that, ``conv1.bias.grad`` is not 0 but
# ``None``: there is no gradient yet. After backpropagation it holds 6 numbers, one for each channel.
# If one of them is 0, its channel has put out no positive number for these eight pictures: ``relu``
# turns them all into 0, and no gradient gets back.

network.zero_grad()
print("before =", network.conv1.bias.grad)
assert network.conv1.bias.grad is None

loss.backward()
print("after =", network.conv1.bias.grad)
assert network.conv1.bias.grad.shape == (6,)
silent = network.conv1(images).amax(dim=(0, 2, 3)) <= 0  # 6
assert torch.equal(network.conv1.bias.grad == 0, silent)

# %% zh
# .. _networks-update:
#
# 第 6 步：更新参数
# -----------------
#
# 最简单的规则是**随机梯度下降**。设 :math:`\theta` 是参数，:math:`\eta` 是**学习率**：
#
# .. math:: \theta \leftarrow \theta - \eta \, \frac{\partial \ell}{\partial \theta}
#
# 梯度指向损失上升最快的方向，所以要减，不是加。更新本身不该记进计算图，因此写在 ``no_grad`` 里；
# 而且要原地改，否则得到的只是一个新张量，网络里的参数并没有变。走一步以后，这八张图的损失变小了。
#
# 更新之前，先用 ``deepcopy`` 把网络复制一份，马上要用。
#
# %% en
# .. _networks-update:
#
# Step 6: update the parameters
# -----------------------------
#
# The simplest rule is **stochastic gradient descent**. With parameter :math:`\theta` and **learning
# rate** :math:`\eta`:
#
# .. math:: \theta \leftarrow \theta - \eta \, \frac{\partial \ell}{\partial \theta}
#
# The gradient points where the loss rises fastest, so subtract it, do not add it. The update itself
# has no place in the computational graph, hence ``no_grad``; and it must happen in place, or you would
# only make a new tensor, and the network would keep its old parameters. After one step, the loss of
# these eight pictures is lower.
#
# Before the update, let ``deepcopy`` make a copy of the network; we need it in a moment.

import copy

twin = copy.deepcopy(network)
learning_rate = 0.1
with torch.no_grad():
    for parameter in network.parameters():
        parameter -= learning_rate * parameter.grad
    updated = criterion(network(images), targets)
print("before =", loss.item())
print("after =", updated.item())
assert updated < loss

# %% zh
# 规则复杂起来，手写就麻烦了。`torch.optim <https://docs.pytorch.org/docs/stable/optim.html>`__ 里有现成的优化器：
# 把参数和学习率交给它，``step`` 就更新一次。从更新之前的副本出发，它得到的参数与手写的至多差一点舍入误差。
#
# %% en
# With more elaborate rules, writing them out becomes a chore.
# `torch.optim <https://docs.pytorch.org/docs/stable/optim.html>`__ has optimizers ready for use: hand
# one the parameters and the learning rate, and each ``step`` is one update. Starting from the copy made
# before the update, it arrives at the same parameters as we did by hand, up to rounding errors.

optimizer = torch.optim.SGD(twin.parameters(), lr=learning_rate)
optimizer.zero_grad()
criterion(twin(images), targets).backward()
optimizer.step()
pairs = zip(network.parameters(), twin.parameters())
difference = max((ours - theirs).abs().max().item() for ours, theirs in pairs)
print("lr =", optimizer.param_groups[0]["lr"])
print("difference =", difference)
assert difference < 1e-6

# %% zh
# .. _networks-loop:
#
# 连成循环
# --------
#
# 第 2 步到第 6 步连起来，就是:term:`训练循环 <training-loop>`；注释里写着步骤的编号。每次从训练集里随机取 64 张图。
# ``order`` 是生成器，提供取图所用的随机数；每次调用 ``train`` 都从同一个种子开始，所以取到的图也相同，便于比较。
#
# %% en
# .. _networks-loop:
#
# Join the steps into a loop
# --------------------------
#
# Joined together, step 2 to step 6 are the :term:`training loop <training-loop>`; the numbers in the comments are those of the
# steps. Each time, 64 pictures are drawn at random from the training set. ``order``, a generator,
# supplies the random numbers for that. Every call of ``train`` begins with the same seed, so it draws
# the same pictures, and calls can be compared.


def train(network, optimizer, steps):
    order = torch.Generator().manual_seed(0)
    losses = []
    for _ in range(steps):
        drawn = torch.randint(len(train_set), (64,), generator=order)
        images, labels = train_set.images[drawn], train_set.labels[drawn]  # 2
        scores = network(images)  # 3
        loss = criterion(scores, F.one_hot(labels, 10).float())  # 4
        optimizer.zero_grad()
        loss.backward()  # 5
        optimizer.step()  # 6
        losses.append(loss.item())
    return losses


losses = train(twin, optimizer, steps=100)
print("first =", losses[0])
print("last =", losses[-1])
assert losses[-1] < losses[0]

# %% zh
# .. _networks-optimizers:
#
# 比较四种优化器
# --------------
#
# 常用的优化器有这四种：
#
# - **SGD：**就是上面的随机梯度下降，只看当前的梯度。
# - **Nesterov：**给 SGD 加上**动量**。参数像下坡的小球，积攒以前的速度，还会朝前多看一步。
# - **RMSprop：**每个梯度都除以它自己近来的大小，所以梯度大的参数和梯度小的参数，步子差不多长。
# - **Adam：**把动量和 RMSprop 合在一起。
#
# 让四个网络从同样的参数出发，各用一种优化器，在同样的图上训练 200 步。SGD 和 Nesterov 的学习率也相同，差别只在动量。
#
# %% en
# .. _networks-optimizers:
#
# Compare four optimizers
# -----------------------
#
# These four optimizers are in common use:
#
# - **SGD:** the stochastic gradient descent from above; it looks at the present gradient only.
# - **Nesterov:** adds **momentum** to SGD. Like a ball rolling downhill, a parameter keeps some of its
#   former speed; it also looks one step ahead.
# - **RMSprop:** divides each gradient by its own recent size, so that parameters with large and with
#   small gradients take steps of about the same length.
# - **Adam:** momentum and RMSprop in one.
#
# Four networks begin with the same parameters and train on the same pictures for 200 steps, each with
# one of the four optimizers. SGD and Nesterov share their learning rate as well, so they differ by momentum alone.

optimizers = {
    "SGD": lambda parameters: torch.optim.SGD(parameters, lr=0.1),
    "Nesterov": lambda parameters: torch.optim.SGD(
        parameters, lr=0.1, momentum=0.9, nesterov=True
    ),
    "RMSprop": lambda parameters: torch.optim.RMSprop(parameters, lr=0.001),
    "Adam": lambda parameters: torch.optim.Adam(parameters, lr=0.001),
}

torch.manual_seed(0)
start = LeNet()
curves = {}
for name, optimizer_of in optimizers.items():
    network = copy.deepcopy(start)
    losses = train(network, optimizer_of(network.parameters()), steps=200)
    curves[name] = torch.tensor(losses).view(-1, 20).mean(dim=1)  # 10
    print(f"{name:10}{curves[name][0].item():.4f} -> {curves[name][-1].item():.4f}")

assert all(curve[-1] < curve[0] for curve in curves.values())
assert curves["Nesterov"][-1] < curves["SGD"][-1]

# %% zh
# 画成曲线，每 20 步取一次平均。虚线是 0.09：不管什么图，每个数字都给 0.1 分，损失就是
# :math:`0.1 \times 0.9^2 + 0.9 \times 0.1^2 = 0.09`。
# 曲线贴着虚线走，说明网络给所有的图打的分都差不多；降到虚线以下很多，才真正开始认图。
#
# 不要把它当作排名。换一个学习率，换别的数据，次序都可能改变。
#
# %% en
# Plot the curves, each point the mean of 20 steps. The dashed line is 0.09. Score 0.1 for every
# digit, whatever the picture, and the loss is :math:`0.1 \times 0.9^2 + 0.9 \times 0.1^2 = 0.09`.
# Along that line, a network gives all pictures nearly the same scores; well below it, it has truly
# begun to read them.
#
# Do not take this for a ranking. With another learning rate or other data, the order may change.

import matplotlib.pyplot as plt

figure, axis = plt.subplots(figsize=(5, 3), layout="constrained")
for name, curve in curves.items():
    axis.plot(20 * torch.arange(1, 11), curve, label=name)
axis.axhline(0.09, color="gray", linestyle="--", label="0.09")
axis.set(xlabel="step", ylabel="loss", ylim=(0, None))
axis.legend()
plt.show()
constant = torch.full((8, 10), 0.1)
assert torch.allclose(criterion(constant, targets), torch.tensor(0.09))

# %% zh
# .. caption:: 四种优化器的损失随步数下降，快慢不同。
#
# .. _networks-digits:
#
# 认手写数字
# ----------
#
# 现在正式训练：换一个新的网络，用 Adam 走 2500 步，再看它在测试集上的**准确率**，也就是认对的图占多少。
# 乱猜只能对十分之一。
#
# 测试集是怎么来的？scikit-learn 的 1797 张图，随机抽出 20% 留作测试，每个数字抽的比例相同，每次抽的也相同。
# 要知道，同一个人写的数字，训练集和测试集里都有；换成陌生人的笔迹，准确率多半会低一些。
# MNIST 则不同，它的训练集和测试集由不同的人书写。
#
# %% en
# .. caption:: The loss of four optimizers falls with the steps, some faster than others.
#
# .. _networks-digits:
#
# Read handwritten digits
# -----------------------
#
# Now train in earnest: a new network, and 2500 steps with Adam. Then see its **accuracy** on the test
# set, the share of pictures that it reads correctly. Guessing gets one tenth of them.
#
# How was the test set made? Of scikit-learn's 1797 pictures, 20% are set aside for testing, drawn at
# random, the same share of each digit, and the same ones every time. Be aware that the
# training set and the test set hold digits by the same writers; on a stranger's hand, the accuracy
# would most likely be lower. MNIST is different: its training set and its test set come from different writers.

torch.manual_seed(0)
network = LeNet()
optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
losses = train(network, optimizer, steps=2500)

network.eval()
with torch.no_grad():
    parts = [network(part) for part in test_set.images.split(1000)]
scores = torch.cat(parts)  # N×10
predictions = scores.argmax(dim=1)  # N
accuracy = (predictions == test_set.labels).sum().item() / len(test_set)
print("source =", test_set.source)
print(f"accuracy = {accuracy:.1%}")
assert accuracy >= (0.985 if "MNIST" in test_set.source else 0.97)

# %% zh
# 这一次，没见过的图它认对了 :printed:`accuracy`。
#
# .. only:: mnist
#
#    而且这些数字出自陌生人的笔下：写测试集的人，一张训练图也没有写过。
#
# .. only:: scans
#
#    不过写这些数字的人，训练集里也有他们的笔迹，所以比读陌生人的字容易。
#
# .. _networks-kernels:
#
# 看第一层的卷积核
# ----------------
#
# 第一层学到了什么？下面画出它的 6 个卷积核，编号从 0 到 5；每个卷积核下面，是它在测试集的第一张图上算出的结果。
# 蓝色为正，红色为负，颜色越深，离 0 越远。``relu`` 只让蓝色的部分通过。
# 对照着看：哪些卷积核描出了整个笔画，哪些只描出它的一部分？有没有几乎什么也不让通过的？
#
# 结果里的每个数都这样得来：把卷积核和图上一个 5×5 的方块逐个相乘，加在一起，再加上 ``bias``。
# 代码检查了左上角的那个数。
#
# %% en
# This time it read :printed:`accuracy` of the pictures that it had never seen.
#
# .. only:: mnist
#
#    And these are by strangers: who wrote the test set wrote none of the training pictures.
#
# .. only:: scans
#
#    But its writers wrote a part of the training set, too, which is easier than a stranger's hand.
#
# .. _networks-kernels:
#
# See the kernels of the first layer
# ----------------------------------
#
# What has the first layer learned? Here are its 6 kernels, numbered from 0 to 5, and below each what it
# makes of the first picture in the test set. Positive numbers are blue, negative ones red; the darker,
# the farther from 0. ``relu`` lets only the blue pass.
# Compare them: which kernels trace the whole stroke, and which only a part of it? And do any let next
# to nothing pass?
#
# Each number of a result is computed like this: multiply the kernel and a 5×5 square of the picture
# element by element, add everything up, then add ``bias``. The code checks the number in the top left
# corner.

picture = test_set.images[:1]
kernels = network.conv1.weight.detach()  # 6×1×5×5
results = network.conv1(picture).detach()  # 1×6×28×28
limits = kernels.abs().max(), results.abs().max()
print("label =", test_set.labels[0].item())

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
heights = [1, 2, 1, 2]
figure, axes = plt.subplots(
    4, 3, figsize=(4, 5), height_ratios=heights, layout="constrained"
)
for k in range(6):
    row = 2 * (k // 3)
    panels = axes[row : row + 2, k % 3]
    panels[0].set_title(k, fontsize=10)
    for axis, drawn, limit in zip(panels, (kernels[k, 0], results[0, k]), limits):
        axis.imshow(drawn, cmap="RdBu", vmin=-limit, vmax=limit)
        axis.axis("off")
plt.show()
# endregion

corner = (kernels[0, 0] * picture[0, 0, :5, :5]).sum() + network.conv1.bias[0]
assert torch.allclose(results[0, 0, 0, 0], corner, atol=1e-5)

# %% zh
# .. caption:: 六个 5×5 的卷积核，每个下面是它从同一个数字算出的结果。
#
# .. _networks-mistakes:
#
# 看它错在哪里
# ------------
#
# 最后看看哪些图最难。``lead`` 是标签的得分减去其余得分中的最高分，小于 0 就是认错了。
# 下面是 ``lead`` 最小的八张，每张上方先写标签，再写预测；``=`` 表示认对了，``≠`` 表示认错了。
# 有些确实写得怪，换作你，也未必说得准。
#
# %% en
# .. caption:: Six kernels of 5×5, each above the result that it computes from the same digit.
#
# .. _networks-mistakes:
#
# See where it goes wrong
# -----------------------
#
# Last, see which pictures are the hardest. ``lead`` is the score of the label minus the highest of the
# other scores; below 0, the picture is read wrong. Here are the eight with the smallest
# ``lead``. Above each stand its label, then the prediction; ``=`` means right and ``≠`` wrong.
# Some are strange indeed, and you might not be sure of them yourself.

one_hot = F.one_hot(test_set.labels, 10).bool()
others = scores.masked_fill(one_hot, -torch.inf)
lead = scores[one_hot] - others.max(dim=1).values  # N
hardest = lead.argsort()[:8]
print("wrong =", (lead < 0).sum().item(), "of", len(test_set))

figure, axes = plt.subplots(2, 4, figsize=(4, 2.4), layout="constrained")
for axis, index in zip(axes.flat, hardest):
    label, prediction = test_set.labels[index], predictions[index]
    axis.imshow(test_set.images[index, 0], cmap="gray")
    axis.set_title(f"{label} {'=' if label == prediction else '≠'} {prediction}")
    axis.axis("off")
plt.show()
assert torch.equal(lead < 0, predictions != test_set.labels)

# %% zh
# .. caption:: 最难认的八张数字，每张上方写着标签和预测。
#
# .. _networks-exercises:
#
# 练习
# ----
#
# 1. **换成 3×3。**把 ``LeNet`` 两个卷积层的卷积核都改成 3×3，``fc1`` 应当接收多少个数？
#    先在纸上算出每一步的形状，再改代码，用 ``draw_shapes(LeNet(), x)`` 核对。
#
#    .. folded:: 提示
#
#       3×3 的卷积核让每一边少 2，2×2 的池化再减半，除不尽就舍去。
#
# 2. **手写动量。**给每个参数配一个初值为 0 的张量 :math:`v`，每一步先算 :math:`v \leftarrow 0.9 v + g`，
#    再算 :math:`\theta \leftarrow \theta - \eta v`，其中 :math:`g` 是梯度。用 ``images`` 和 ``targets`` 走 10 步，
#    学习率取 0.1，确认参数与 ``torch.optim.SGD`` 加上 ``momentum=0.9`` 的结果一致。
# 3. **冻结一层。**执行 ``network.conv1.requires_grad_(False)``，重新计算损失。计算图里哪些节点会消失？
#    先猜，再用 ``draw_graph`` 核对。如果不冻结 ``conv1``，只冻结 ``conv2``，又会怎样？
# 4. **只剩直线。**把 ``relu`` 全部去掉，``max_pool2d`` 换成 ``avg_pool2d``，网络就只剩两种运算：相加，乘以固定的数。
#    从一张图走到另一张图，得分便沿直线变化。取两张图验证：它们的平均图的得分，等于两张图得分的平均。
#    再照样训练，看准确率降多少。
# 5. **挪一挪。**用 ``torch.roll`` 加上 ``dims=3``，把测试集的图向右移 1 到 4 个像素，从右边出去的又从左边进来，准确率怎样变化？
#    再让 ``train`` 把每批图也右移 0 到 4 个像素，移几个由随机数决定，重新训练，看看有什么不同。
#
# %% en
# .. caption:: The eight hardest digits, each below its label and the prediction.
#
# .. _networks-exercises:
#
# Exercises
# ---------
#
# 1. **Change to 3×3.** In both convolution layers of ``LeNet``, make the kernels 3×3. How many numbers
#    should ``fc1`` take in?
#    Work out the shape after each step on paper, then change the code and check with
#    ``draw_shapes(LeNet(), x)``.
#
#    .. folded:: A hint
#
#       A 3×3 kernel takes 2 from each side, and 2×2 pooling then halves it; what is left over is dropped.
#
# 2. **Momentum by hand.** Give each parameter a tensor :math:`v` that begins at 0. In every step,
#    compute :math:`v \leftarrow 0.9 v + g`, then :math:`\theta \leftarrow \theta - \eta v`, where
#    :math:`g` is the gradient. Take 10 steps with ``images`` and ``targets`` and a learning rate of 0.1,
#    and check that the parameters agree with those of ``torch.optim.SGD`` with ``momentum=0.9``.
# 3. **Freeze a layer.** Run ``network.conv1.requires_grad_(False)`` and compute the loss again. Which
#    nodes vanish from the computational graph? Guess, then check with ``draw_graph``. What if you
#    leave ``conv1`` as it is and freeze ``conv2`` alone?
# 4. **Only straight lines.** Take out every ``relu``, and replace ``max_pool2d`` by
#    ``avg_pool2d``: the network is left with two operations, adding and multiplying by fixed numbers.
#    From one picture to another, the scores then change along a straight line. Take two pictures and
#    check: the scores of their mean are the mean of their scores. Then train as before. How much
#    accuracy is lost?
# 5. **Move the digits.** With ``torch.roll`` and ``dims=3``, shift the pictures of the test set to the
#    right by 1 to 4 pixels; what leaves on the right comes in on the left. What becomes of the accuracy? Now let ``train`` shift each batch to the right,
#    too, by 0 to 4 pixels at random, and train again. What has changed?
