"""
%% zh
张量
====

PyTorch 用:term:`张量 <tensor>`存放一切数据：图像、声音、文字是张量，
:term:`网络 <network>`的:term:`参数 <parameter>`也是张量。
学完这一课，你会创建张量、查看属性、做计算、改变:term:`形状 <shape>`，
会在张量与 NumPy 数组之间转换，也会把张量移到:term:`加速器 <accelerator>`上。
最后，你会亲手裁剪、翻转、拼接真实的手写数字。

**需要的基础：**一点 Python，知道列表、循环和函数即可。会 NumPy 更好，不会也不要紧。

.. minutes:: 27

%% en
Tensors
=======

PyTorch keeps all data in :term:`tensors <tensor>`: pictures, sound and text are tensors, and so
are the :term:`parameters <parameter>` of a :term:`network`. By the end of this lesson you will
be able to create tensors, read their attributes, compute with them and change their :term:`shape`,
pass them to NumPy and back, and move them to an :term:`accelerator`. You finish by cropping,
flipping and joining real handwritten digits.

**What you need:** a little Python: lists, loops and functions. NumPy helps, but you can do without.

.. minutes:: 27
"""

# %% zh
# .. _tensors-pytorch:
#
# 认识 PyTorch
# ------------
#
# PyTorch 是一个用数组做计算的 Python 库。它用起来很像 NumPy，但多了两样本领。
# 第一，同样的代码可以放到 GPU 等加速器上运行。第二，它会自己求导数，
# 这叫:term:`自动求导 <automatic-differentiation>`，下一课专门讲。神经网络的:term:`层 <layer>`、
# :term:`损失 <loss>`和:term:`优化器 <optimizer>`，都建立在这两样本领之上。
# 研究者喜欢 PyTorch，因为模型就是普通的 Python 代码：想改就改，出错可以逐行查。
#
# 先导入 PyTorch，固定:term:`随机种子 <random-seed>`，再打印版本。种子固定以后，每次运行得到的随机数都相同。
# 本页的结果都由下面这两个版本算出。
#
# %% en
# .. _tensors-pytorch:
#
# Meet PyTorch
# ------------
#
# PyTorch is a Python library for computing with arrays. It feels much like NumPy, but it can do
# two more things. First, the same code runs on a GPU or another accelerator. Second, it works out
# derivatives by itself: this is :term:`automatic differentiation <automatic-differentiation>`, the
# subject of the next lesson. Its network :term:`layers <layer>`, :term:`losses <loss>` and
# :term:`optimizers <optimizer>` all rest on these two.
# Researchers like PyTorch because a model is ordinary Python code, easy to change and to debug.
#
# Import PyTorch, fix the :term:`random seed <random-seed>` and print the versions. With the seed
# fixed, every run draws the same random numbers. All results on this page come from these two
# versions.

import platform

import torch

torch.manual_seed(0)
print("python =", platform.python_version())
print("torch =", torch.__version__)

# %% zh
# .. _tensors-picture:
#
# 先看一张图
# ----------
#
# 定义先放一放，来看一个手写数字。``torchhour`` 是本课程自带的一个小库，它的 ``digits()`` 返回一个:term:`数据集 <dataset>`，
# 其中每一项都是一对：一张图，和图里写的数字。这个数字叫作:term:`标签 <label>`。``source`` 说明图从哪里来：
# 下载过 MNIST 就用 MNIST，否则用 scikit-learn 自带的手写数字扫描图，它们由 8×8 放大而来，所以有些模糊。
#
# %% en
# .. _tensors-picture:
#
# Look at a picture first
# -----------------------
#
# Before any definition, look at a handwritten digit. ``torchhour`` is a small library that comes
# with this course; its ``digits()`` returns a :term:`dataset`.
# Each of its items is a pair: a picture, and the digit written in it. That digit is called the
# :term:`label`. ``source`` tells where the pictures come from: MNIST if you have downloaded it,
# otherwise the scanned digits that ship with scikit-learn, which are blurred because they are
# enlarged from 8×8.

import matplotlib.pyplot as plt

from torchhour.data.digits import digits

pictures = digits()
image, label = pictures[0]
print("source =", pictures.source)
print("label =", label)

figure, axis = plt.subplots(figsize=(4, 3), layout="constrained")
figure.colorbar(axis.imshow(image[0], cmap="gray"))
plt.show()

# %% zh
# .. caption:: 手写的数字，白笔画，黑底；旁边的色条从 0 到 1。
#
# 坐标轴标出行号和列号，右边的色条说明每种灰度对应什么数。
# 在 PyTorch 里，这张图就是一组数：1 个颜色:term:`通道 <channel>`，每个通道有 32 行、32 列。
# 每个数都在 0 与 1 之间，0 是黑，1 是白。
#
# **张量**就是这样的:term:`多维 <dimension>`数组：向量是一维张量，矩阵是二维张量，这张图是三维张量。
#
# %% en
# .. caption:: A handwritten digit, white on black; the bar beside it goes from 0 to 1.
#
# The axes number the rows and columns; the bar on the right shows which number each gray stands
# for. To PyTorch this picture is a set of numbers: 1 color :term:`channel` with 32 rows and
# 32 columns. Every number lies between 0 and 1, where 0 is black and 1 is white.
#
# A **tensor** is just such an array with any number of :term:`dimensions <dimension>`. A vector is
# a tensor with one dimension, a matrix is one with two, and this picture is one with three.

print("type =", type(image))
print("shape =", image.shape)
print("min =", image.min())
print("max =", image.max())
assert image.min() >= 0 and image.max() <= 1

# %% zh
# .. _tensors-create:
#
# 创建张量
# --------
#
# 手里有数据，就用 ``torch.tensor``。嵌套的列表变成多维张量，:term:`数据类型 <data-type>`由内容决定：
# 全是 Python 整数得到 ``int64``；只要有一个 Python 浮点数，就得到 ``float32``。
#
# %% en
# .. _tensors-create:
#
# Create tensors
# --------------
#
# If you have the data, use ``torch.tensor``. Nested lists become a tensor of more dimensions, and
# the :term:`data type <data-type>` follows from the values: Python integers alone give ``int64``;
# a single Python float among them gives ``float32``.

integers = torch.tensor([[1, 2], [3, 4]])
floats = torch.tensor([1, 2.5, 4])
print(integers, integers.dtype)
print(floats, floats.dtype)
assert integers.dtype == torch.int64 and floats.dtype == torch.float32

# %% zh
# 没有数据，就给出形状。``zeros`` 全是 0，``ones`` 全是 1；
# 随机数用 ``rand``，取值在 0 到 1 之间；连续的整数用 ``arange``。数据类型用 ``dtype`` 指定。
#
# %% en
# If you have none, give a shape. ``zeros`` gives all zeros, ``ones`` all ones, ``rand`` random
# numbers between 0 and 1, and ``arange`` counts upwards. Set the data type with ``dtype``.

print(torch.zeros(2, 3, dtype=torch.int64))
print(torch.ones(2, 3))
print(torch.rand(2, 3))
print(torch.arange(6))

# %% zh
# ``empty`` 只占一块内存，**不初始化**：里面是这块内存上次留下的数，每次运行都可能不同。
# 所以这里先打印它的形状，填好数以后才打印内容。
# 省下的是填零的时间；只有马上要写满每个位置时，才值得用它。
#
# %% en
# ``empty`` only takes a piece of memory and leaves it **uninitialized**: it holds whatever was
# there before, which may differ from run to run. So here we print its shape first, and its values
# only after filling them in. It saves the time of writing zeros;
# use it only when you will write every element anyway.

buffer = torch.empty(2, 3)
print("shape =", buffer.shape)
buffer[:] = 7
print(buffer)

# %% zh
# 还可以照着已有的张量创建。名字以 ``_like`` 结尾的函数，沿用它的形状、数据类型和:term:`设备 <device>`；
# 名字以 ``new_`` 开头的方法，沿用数据类型和设备，形状由你给出。
# 另外写明的属性，以你写的为准。
#
# %% en
# You can also model a new tensor on an existing one. Functions that end in ``_like`` keep its shape,
# data type and :term:`device`. Methods that begin with ``new_`` keep the data type and the device,
# and you give the shape. Whatever you set explicitly takes precedence.

print(torch.ones_like(integers))
print(torch.rand_like(integers, dtype=torch.float32))
print(integers.new_zeros(3))
assert torch.ones_like(integers).dtype == integers.new_zeros(3).dtype == torch.int64
assert torch.rand_like(integers, dtype=torch.float32).shape == integers.shape

# %% zh
# ``torch.tensor`` 也接受 NumPy 数组：它复制一份数据，数据类型不变。
# 要留意，浮点数在 NumPy 中默认是 ``float64``，在 PyTorch 中默认是 ``float32``。
# 不复制的办法，在“:ref:`tensors-numpy`”一节里。
#
# %% en
# ``torch.tensor`` takes NumPy arrays, too: it copies the data and keeps the data type. Note that
# floats are ``float64`` by default in NumPy, but ``float32`` in PyTorch.
# To avoid the copy, see ":ref:`tensors-numpy`".

import numpy as np

array = np.array([[1.5, 2.5], [3.5, 4.5]])
print(torch.tensor(array))
print(torch.tensor(array, dtype=torch.float32))
assert torch.tensor(array).dtype == torch.float64

# %% zh
# .. _tensors-attributes:
#
# 查看属性
# --------
#
# 每个张量都有三个常用的属性：``shape`` 是形状，``dtype`` 是数据类型，``device`` 是数据所在的设备。
# 出了错，先查这三样。``shape`` 的类型是 ``torch.Size``，它是一种元组，可以直接拆成几个变量。
#
# %% en
# .. _tensors-attributes:
#
# Read the attributes
# -------------------
#
# Three attributes of a tensor matter most: ``shape``; ``dtype``, the data type; and ``device``,
# where the data lives. When something goes wrong, check these three first. ``shape`` is a
# ``torch.Size``, which is a kind of tuple, so you can unpack it into variables.

print("shape =", image.shape)
print("dtype =", image.dtype)
print("device =", image.device)
channels, height, width = image.shape
print(channels, height, width)
assert isinstance(image.shape, tuple)

# %% zh
# .. _tensors-add:
#
# 用四种写法做加法
# ----------------
#
# 张量有几百种运算，写法大多相同，这里以加法为例。
# 前两种写法各得到一个新张量；第三种用 ``out`` 指定一个现成的张量来存结果；
# 第四种直接改 ``a`` 自己。
#
# %% en
# .. _tensors-add:
#
# Add in four ways
# ----------------
#
# Tensors have hundreds of operations, and most are written in the same ways. Take addition. The
# first two ways make a new tensor. The third writes the result into an existing tensor, the one
# named by ``out``. The fourth changes ``a`` itself.

a = torch.tensor([1.0, 2.0, 3.0])
b = torch.tensor([10.0, 20.0, 30.0])
result = torch.empty(3)

print("a + b =", a + b)
print("torch.add(a, b) =", torch.add(a, b))
torch.add(a, b, out=result)
print("result =", result)
a.add_(b)
print("a =", a)
assert torch.equal(a, result)

# %% zh
# .. _tensors-inplace:
#
# 留意结尾的下划线
# ----------------
#
# 方法名以下划线结尾，表示:term:`原地 <in-place>`操作：不产生新张量，直接修改原来的张量。
# 除了 ``add_``，还有 ``zero_``、``copy_`` 等等。
# 它省内存，代价是：所有指向这个张量的变量都会跟着变。
#
# %% en
# .. _tensors-inplace:
#
# Mind the trailing underscore
# ----------------------------
#
# A method whose name ends in an underscore works :term:`in place <in-place>`: it makes no new
# tensor but changes the one it is called on. Besides ``add_`` there are ``zero_``, ``copy_`` and more.
# This saves memory, at a price: every variable that refers to the tensor sees the change.

original = torch.zeros(3)
alias = original
alias.add_(1)
print("original =", original)

alias = alias + 1
print("alias =", alias)
print("original =", original)
assert torch.equal(original, torch.ones(3))

# %% zh
# 自动求导不喜欢原地操作，因为它常常要用到旧的数值。
# 比如 :math:`y = e^x` 的:term:`导数 <differentiate>`就是 :math:`y` 自己，所以 PyTorch 留着 ``y`` 备用。
# 一旦 ``y`` 被改写，导数就算不对了。用 PyTorch 的操作改写，它会发现，宁可报错，也不给出错误的结果；
# 绕过它的检查，例如通过 ``y.data``，或者共享内存的 NumPy 数组，它就发现不了。
# 代码里的 ``requires_grad=True`` 让 PyTorch 记录运算，``backward`` 求导，下一课细讲。
#
# %% en
# Automatic differentiation dislikes in-place operations, because it often needs the old values. The
# :term:`derivative <differentiate>` of :math:`y = e^x` is :math:`y` itself, so PyTorch keeps ``y``
# for later. Once ``y`` is overwritten, the derivative would come out wrong. PyTorch notices when one
# of its operations overwrites it, and raises an error rather than return a wrong result; what is changed
# behind its back, say through ``y.data`` or a NumPy array that shares the memory, escapes it. In the code,
# ``requires_grad=True`` makes PyTorch record the operations and ``backward`` works out the
# derivative; the next lesson explains both.

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.exp()
y.add_(1)
try:
    y.sum().backward()
except RuntimeError as error:
    refusal = error
print(type(refusal))
assert "modified by an inplace operation" in str(refusal)

# %% zh
# .. _tensors-index:
#
# 索引与切片
# ----------
#
# 索引和切片的写法与 NumPy 几乎相同：行在前，列在后，从 0 数起；负数从末尾数起；``:`` 表示这一维全要，
# 三个点 ``...`` 代表没写出来的各维；``None`` 在它所在的位置添上长度为 1 的一维。
# 有两处不同要留意：步长不能为负，要倒过来就用 ``flip``；取出的哪怕只有一个数，也还是张量，与原来的张量共享内存。行尾的注释写着结果的形状。
#
# %% en
# .. _tensors-index:
#
# Index and slice
# ---------------
#
# Indexing and slicing are nearly those of NumPy: rows come first, then columns, counted from 0;
# negative numbers count from the end; ``:`` takes a whole dimension, ``...`` stands for all the
# dimensions you leave out, and ``None`` puts in a new dimension of length 1. Two differences
# to know: a step cannot be negative (to reverse the order, use ``flip``), and what you take out is a tensor
# that shares the memory, even if it is a single number. The comments at the ends of the lines
# give the shapes of the results.

grid = torch.tensor([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]])  # 3×4
print(grid[0])  # 4
print(grid[:, 1])  # 3
print(grid[1:, ::2])  # 2×2
print(grid[..., -1])  # 3
print(grid[-1, -1])
print(grid[:, None].shape)  # 3×1×4

# %% zh
# 条件也能当索引，它把满足条件的数挑出来，另存一份；条件若只有一维，挑的就是整行，或者整张图。
# 切片却不复制，它只是原来数据的一个:term:`视图 <view>`：改了切片，原来的张量也变。
#
# %% en
# A condition is an index, too: it picks the numbers that meet it, and copies them. A condition with
# one dimension picks whole rows, or whole pictures.
# A slice copies nothing. It is a :term:`view` of the same data: change the slice, and the original
# tensor changes.

even = grid[grid % 2 == 0]
rows = grid[grid[:, 0] > 0]  # 2×4
corner = grid[:2, :2]
corner.zero_()
print(even)
print(rows)
print(grid)
assert even.sum() == 30 and grid[0, 1] == 0

# %% zh
# .. _tensors-shape:
#
# 改变形状
# --------
#
# ``view`` 给同一批数换一个形状，数的个数必须不变。
# 有一维可以写成 ``-1``，PyTorch 会替你算出来。
# 数据没有搬动：``data_ptr`` 返回第一个数在内存中的地址，改变形状前后，地址相同。
#
# %% en
# .. _tensors-shape:
#
# Change the shape
# ----------------
#
# ``view`` gives the same numbers another shape; how many there are must stay the same. You may
# write ``-1`` for one of the dimensions, and PyTorch works it out. No data moves: ``data_ptr``
# returns the memory address of the first number, and it is the same before and after.

line = torch.arange(12)
print(line.view(3, 4))
print(line.view(2, -1).shape)
print(line.view(-1, 2, 2).shape)
assert line.view(3, 4).data_ptr() == line.data_ptr()

# %% zh
# 内存只有一维。张量的数如果在内存里逐行紧挨着排成一串，
# 就说它是:term:`连续 <contiguous>`的。``stride`` 返回:term:`步幅 <stride>`：在每一维上前进一步，在内存里要前进几个位置。
# ``.T`` 是转置，它也不搬动数据，只是对调两维的长度和步幅，于是下面的张量转置以后不再连续。要把它排成一行，``view`` 就会报错。
# 这时可用 ``reshape``：能不复制就不复制，不行才复制一份。
#
# %% en
# Memory has only one dimension. A tensor whose numbers stand there row after row, without gaps, is called
# :term:`contiguous`. ``stride`` returns the :term:`stride`: for each dimension, how many places in
# memory one step moves. ``.T`` transposes, and moves no data either; it only swaps the sizes and the
# strides. So the matrix below, transposed, is no longer contiguous, and ``view`` fails to lay it out in
# one line.
# Use ``reshape`` there: it copies only when it must.

matrix = torch.arange(6).view(2, 3)
print(matrix.stride(), matrix.is_contiguous())
print(matrix.T.stride(), matrix.T.is_contiguous())
try:
    matrix.T.view(6)
except RuntimeError as error:
    refusal = error
print(type(refusal), matrix.T.reshape(6))
assert "view size is not compatible" in str(refusal)
assert matrix.data_ptr() == matrix.T.data_ptr() == matrix.reshape(6).data_ptr()
assert matrix.data_ptr() != matrix.T.reshape(6).data_ptr()

# %% zh
# .. _tensors-join:
#
# 拼接与堆叠
# ----------
#
# ``cat`` 沿已有的一维把张量接起来，维数不变。``stack`` 新开一维，把张量叠起来，维数加一。
# 把几张图合成一:term:`批 <batch>`，用的就是 ``stack``。
#
# %% en
# .. _tensors-join:
#
# Join and stack
# --------------
#
# ``cat`` joins tensors along a dimension they have, so the number of dimensions stays the same.
# ``stack`` lays them along a new dimension, so there is one more.
# ``stack`` is how single pictures become a :term:`batch`.

zeros = torch.zeros(2, 3)
ones = torch.ones(2, 3)
print(torch.cat([zeros, ones]).shape)
print(torch.cat([zeros, ones], dim=1))
print(torch.stack([zeros, ones]).shape)

# %% zh
# .. _tensors-product:
#
# 分清两种乘法
# ------------
#
# ``A * B`` 把相同位置的数相乘，得到 :math:`A_{ij} B_{ij}`。``A @ B`` 是矩阵乘法，
# 得到 :math:`\sum_k A_{ik} B_{kj}`，所以前一个矩阵的列数要等于后一个的行数。
#
# %% en
# .. _tensors-product:
#
# Tell the two products apart
# ---------------------------
#
# ``A * B`` multiplies the numbers in the same place: :math:`A_{ij} B_{ij}`.
# ``A @ B`` is the matrix product: :math:`\sum_k A_{ik} B_{kj}`.
# It needs as many columns in the first matrix as there are rows in the second.

A = torch.tensor([[1, 2], [3, 4]])
B = torch.tensor([[10, 0], [0, 100]])
print(A * B)
print(A @ B)
print((torch.ones(2, 3) @ torch.ones(3, 4)).shape)
assert (A * B)[0, 1] == A[0, 1] * B[0, 1]
assert (A @ B)[0, 1] == A[0, 0] * B[0, 1] + A[0, 1] * B[1, 1]

# %% zh
# .. _tensors-broadcast:
#
# 利用广播
# --------
#
# 形状不同的张量也能一起算，这叫:term:`广播 <broadcasting>`。把两个形状靠右对齐，一维一维地比：
# 两个数相同，照常算；有一方是 1 或者缺这一维，就沿这一维重复使用；其余情况报错。
# 完整的规则见 `PyTorch 文档 <https://docs.pytorch.org/docs/stable/notes/broadcasting.html>`__。
#
# 下面 3×1 的列与长度为 4 的行相加，得到 3×4。
#
# %% en
# .. _tensors-broadcast:
#
# Use broadcasting
# ----------------
#
# Tensors of different shapes can still take part in one operation; this is :term:`broadcasting`. Align
# the two shapes on the right and compare them size by size. Equal sizes go together as usual. Where one
# is 1 or missing, that tensor is used again and again along the dimension. Anything else is an error.
# The `PyTorch documentation <https://docs.pytorch.org/docs/stable/notes/broadcasting.html>`__
# has the full rules.
#
# Below, a 3×1 column plus a row of length 4 gives 3×4.

column = torch.tensor([[0], [10], [20]])  # 3×1
row = torch.tensor([1, 2, 3, 4])  # 4
total = column + row  # 3×4
print(total)
assert total.shape == torch.broadcast_shapes(column.shape, row.shape)

# %% zh
# 画出来更清楚。深色的格子是张量自己的数，浅色的格子是重复使用的数。
# 重复并不占内存：``expand`` 返回的只是视图，重复的那一维步幅为 0。
#
# %% en
# A drawing makes it plain. Dark cells are the tensor's own numbers; pale cells are numbers used
# again. Using them again takes no memory: ``expand`` returns only a view, with a stride of 0 along
# the repeated dimension.

parts = {"column": column, "row": row, "column + row": total}
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axes = plt.subplots(1, 3, figsize=(4.5, 1.7), layout="constrained")
for axis, (name, part) in zip(axes, parts.items()):
    rows, columns = torch.atleast_2d(part).shape
    shade = torch.full((3, 4), 0.1)
    shade[:rows, :columns] = 0.5
    axis.pcolormesh(shade, cmap="Blues", vmin=0, vmax=1, edgecolor=plt.rcParams["figure.facecolor"])
    for (i, j), value in np.ndenumerate(part.expand(3, 4).numpy()):
        axis.text(j + 0.5, i + 0.5, value, color="black", ha="center", va="center")
    axis.set(aspect="equal", ylim=(3, 0))
    axis.set_title(f"{name}\n{tuple(part.shape)}", fontsize=10, family="monospace")
    axis.axis("off")
plt.show()
# endregion
assert row.expand(3, 4).stride() == (0, 1)

# %% zh
# .. caption:: 三个 3×4 的方格：一列数向右重复，一行数向下重复，两者相加填满所有的格子。
#
# .. _tensors-item:
#
# 求和，取出一个数
# ----------------
#
# ``sum`` 求和，``mean`` 求平均；求平均要用浮点数，整数先用 ``float`` 方法转换。写上 ``dim``，就只沿这一维算；维也从 0 数起，所以 ``dim=0`` 把各行加在一起，行这一维随之消失。
# 什么都不写，就算全部的数，结果是只含一个数的张量，它还是张量。``item`` 把它变成普通的 Python 数，打印损失、累计损失时常用。
# 数不止一个，就用 ``tolist`` 变成列表。
#
# %% en
# .. caption:: Three grids of 3×4: a column of numbers repeats to the right, a row repeats downward, and their sum fills every cell.
#
# .. _tensors-item:
#
# Sum up, and take out a number
# -----------------------------
#
# ``sum`` adds numbers up, ``mean`` takes their average; for an average they must be floats, so turn
# integers into floats first, with the ``float`` method. With ``dim`` they go along that dimension
# only. Dimensions are counted from 0 as well, so ``dim=0`` adds the rows together, and their dimension
# is gone. Without ``dim``, they take all the numbers. The result then holds a single number, but it is still a tensor. ``item`` turns it into
# an ordinary Python number; you will need it to print a loss or to keep a running total.
# For more than one number, ``tolist`` makes a list.

sums = torch.ones(2, 3).sum(dim=0)  # 3
total = sums.sum()
print(sums, sums.tolist())
print(total, total.shape)
print(total.item(), type(total.item()))
assert sums.tolist() == [2, 2, 2] and total.item() == 6

# %% zh
# .. _tensors-numpy:
#
# 与 NumPy 互通
# -------------
#
# 张量在 CPU 上、又不需要梯度时，``numpy`` 方法把它变成 NumPy 数组；需要梯度的，先调用 ``detach``，下一课会讲。
# 张量与数组共享内存，地址相同，改一个，另一个也变。
#
# %% en
# .. _tensors-numpy:
#
# Cross to NumPy and back
# -----------------------
#
# If a tensor is on the CPU and needs no gradient, its ``numpy`` method turns it into a NumPy array;
# if it does need one, call ``detach`` first, as the next lesson explains. Both share one piece of
# memory, at the same address: change one, and the other changes.

t = torch.ones(3)
n = t.numpy()
t.add_(1)
print("t =", t)
print("n =", n)
print(t.data_ptr() == n.ctypes.data)
assert t.data_ptr() == n.ctypes.data and n[0] == 2

# %% zh
# 反方向用 ``torch.from_numpy``，同样共享内存。
# 注意只有**原地**改动才会传过去；``n = n + 1`` 得到的是一个新数组，与原来的张量无关。
#
# %% en
# The other way, ``torch.from_numpy`` shares memory just the same. Note that only a change made
# **in place** comes across; ``n = n + 1`` makes a new array that has nothing to do with the tensor.

n = np.zeros(3)
t = torch.from_numpy(n)
np.add(n, 5, out=n)
print("t =", t)

n = n + 1
# zh: 新数组，t 不再跟着变
# en: a new array: t no longer follows
print("n =", n)
print("t =", t)
assert t.data_ptr() != n.ctypes.data and t[0] == 5

# %% zh
# 哪些数据类型不能这样转？试一遍就知道。``bfloat16`` 是一种 16 位浮点数，NumPy 里没有，
# 这种张量要先用 ``float`` 方法转成 ``float32``。``int8`` 可以转；它从前叫 ``CharTensor``，有些旧教程说它不行，那是错的。
#
# %% en
# Which data types cannot cross? Try them. ``bfloat16`` is a 16-bit float that NumPy does not have; let
# the ``float`` method turn such a tensor into ``float32`` first. ``int8`` can cross; it was once called
# ``CharTensor``, and some old tutorials say that it cannot, which is wrong.

refused = []
for dtype in (torch.int8, torch.int64, torch.bool, torch.float32, torch.bfloat16):
    try:
        print(dtype, "->", torch.ones(2, dtype=dtype).numpy().dtype)
    except TypeError as error:
        print(dtype, "->", type(error))
        refused.append(dtype)

print(torch.ones(2, dtype=torch.bfloat16).float().numpy())
assert refused == [torch.bfloat16] and torch.CharTensor([1]).dtype == torch.int8

# %% zh
# .. _tensors-device:
#
# 移到加速器上
# ------------
#
# ``torch.accelerator`` 用同一套写法管理 PyTorch 支持的各种 GPU 和其他加速器，
# 见 `PyTorch 文档 <https://docs.pytorch.org/docs/stable/accelerator.html>`__。
# 下面的代码有加速器就用加速器，没有就用 CPU。
# 打印出 ``False`` 和 ``cpu``，说明装好的这一份 PyTorch 找不到可用的加速器，但代码照样能运行。
#
# ``.to(device)`` 返回在那个设备上的张量。一般来说，两个张量要在同一个设备上，才能一起计算。
# 要转成 NumPy 数组，先用 ``.cpu()`` 取回来。
#
# %% en
# .. _tensors-device:
#
# Move to an accelerator
# ----------------------
#
# ``torch.accelerator`` handles all the GPUs and other accelerators that PyTorch supports in one
# way; see the `PyTorch documentation <https://docs.pytorch.org/docs/stable/accelerator.html>`__.
# The code below uses an accelerator if there is one, and the CPU otherwise. If it prints
# ``False`` and ``cpu``, the PyTorch installed here finds none; the code runs all the same.
#
# ``.to(device)`` returns the tensor on that device. As a rule, two tensors must be on the same
# device before they can be used together. To make a NumPy array, fetch the tensor back first, with
# ``.cpu()``.

available = torch.accelerator.is_available()
if available:
    device = torch.accelerator.current_accelerator()
else:
    device = torch.device("cpu")
moved = image.to(device)
print("torch.accelerator.is_available() =", available)
print("device =", moved.device)
assert moved.device.type == device.type
assert torch.equal(moved.cpu(), image)

# %% zh
# ``.to`` 也能转换数据类型。浮点数转成整数时，小数部分会被舍去。
# 原来的张量不变；如果什么都不用改，``.to`` 就直接返回原来的张量，不复制。
#
# %% en
# ``.to`` also converts the data type. When floats become integers, their fractions are
# dropped. The original tensor stays as it was; if there is nothing to change, ``.to`` returns
# that very tensor, without a copy.

print(torch.tensor([0.2, 1.9, -1.9]).to(torch.int64))
print(image.to(torch.float16).dtype)
print((image * 255).to(torch.uint8).max())
assert image.dtype == torch.float32
assert image.to(torch.float32) is image

# %% zh
# .. _tensors-digit:
#
# 把手写数字当作张量
# ------------------
#
# 现在回到开头那张图。先用 ``view`` 把每一边的 32 拆成 8 组，每组 4 个。第 1 维和第 3 维数的是组内的位置，
# 沿这两维取平均，图就缩小成 8×8。数少了，就能一个一个写在图上。
#
# %% en
# .. _tensors-digit:
#
# Treat a digit as a tensor
# -------------------------
#
# Back to the picture we began with. Let ``view`` split the 32 pixels of each side into 8 groups of 4.
# Dimensions 1 and 3 then count the places within a group. Average along both, and the picture
# shrinks to 8×8. Now the numbers are few enough to be written on it, one by one.

small = image[0].view(8, 4, 8, 4).mean(dim=(1, 3))

plt.figure(figsize=(3.5, 3.5), layout="constrained")
plt.imshow(small, cmap="gray", vmin=0, vmax=1)
for (i, j), value in np.ndenumerate(small.numpy()):
    color = "black" if value > 0.5 else "white"
    plt.text(j, i, f"{value:.1f}", color=color, ha="center", va="center")
plt.axis("off")
plt.show()
assert torch.allclose(small.mean(), image.mean())

# %% zh
# .. caption:: 同一个数字缩成 8×8 个格子，每格写着它的灰度。
#
# 图是张量，修图就是运算：用 1 减去它，黑白对调；``flip`` 左右翻转；转置使行列互换；切片裁掉四边。
#
# %% en
# .. caption:: The same digit in 8×8 cells, with the gray of each written on it.
#
# The picture is a tensor, so editing it is arithmetic. Subtract it from 1, and black and white
# trade places; ``flip`` mirrors it; transposing swaps rows and columns; a slice trims the edges.

x = image[0]
edits = {"1 - x": 1 - x, "x.flip(1)": x.flip(1), "x.T": x.T, "x[4:28, 4:28]": x[4:28, 4:28]}

figure, axes = plt.subplots(2, 2, figsize=(4, 4), layout="constrained")
for axis, (name, edited) in zip(axes.flat, edits.items()):
    axis.imshow(edited, cmap="gray", vmin=0, vmax=1)
    axis.set(xticks=[], yticks=[])
    axis.set_title(name, fontsize=10, family="monospace")
plt.show()
assert torch.equal(x.flip(1).flip(1), x) and torch.equal(x.T.T, x)

# %% zh
# .. caption:: 同一个数字的四种改法：黑白对调，左右翻转，行列互换，裁掉四边。
#
# 最后，取八张图堆叠成一**批**，形状是 N×C×H×W：N 张图，C 个通道，H 行，W 列。
# 再沿宽度拼接，就排成一条长图。后面几课的网络，输入就是这样一批一批的图。
#
# %% en
# .. caption:: The same digit edited four ways: black and white swapped, mirrored, rows and columns swapped, edges trimmed.
#
# Last, stack eight pictures into a **batch**. Its shape is N×C×H×W: N pictures, C channels, H rows,
# W columns. Joined along their width, they make one long strip.
# Batches like this one are what the networks of the coming lessons take in.

batch = torch.stack([pictures[index][0] for index in range(8)])  # 8×1×32×32
labels = torch.tensor([pictures[index][1] for index in range(8)])  # 8
strip = torch.cat(list(batch[:, 0]), dim=1)  # 32×256
print("batch =", batch.shape)
print("strip =", strip.shape)
print("labels =", labels)

plt.figure(figsize=(6, 0.9), layout="constrained")
plt.imshow(strip, cmap="gray")
plt.axis("off")
plt.show()
assert torch.equal(batch, pictures.images[:8])

# %% zh
# .. caption:: 八个手写的数字并排成一条长图。
#
# .. _tensors-exercises:
#
# 练习
# ----
#
# 1. **先猜后看。**设 ``a = torch.zeros(2, 3)``，``torch.cat([a, a], dim=1)``、``torch.stack([a, a], dim=1)``
#    和 ``a[:, None] + a`` 的形状各是什么？写下答案，再打印出来核对。
# 2. **画棋盘。**不用循环，做出一个 8×8 的张量，像国际象棋棋盘那样 0 和 1 相间。
#    先用带步长的切片做一次，再用 ``arange`` 和广播做一次，并确认两次结果相同。
# 3. **加的是谁？**设 ``x = torch.zeros(3)``，``y = x``。执行 ``x += 1``，``y`` 变成了什么？
#    重来一次，换成 ``x = x + 1``，``y`` 又是什么？用 ``data_ptr`` 说明原因。
# 4. **算距离。**设 ``P = torch.rand(5, 2)`` 是平面上的 5 个点，``Q = torch.rand(3, 2)`` 是另外 3 个点。
#    不用循环，求出 ``P`` 的每个点到 ``Q`` 的每个点的距离，结果是 5×3。用 ``torch.cdist`` 核对。
# 5. **平均的数字。**全部的图在 ``pictures.images`` 里，它们的标签在 ``pictures.labels`` 里。
#    对 0 到 9 的每个数字，求所有这个数字的平均图，把十张平均图排成一行画出来。
#    平均图越模糊，这个数字的写法就越不统一，各张图与平均图之差的平方，取平均后也越大。哪些数字最不统一？
#
# %% en
# .. caption:: Eight handwritten digits side by side in one long strip.
#
# .. _tensors-exercises:
#
# Exercises
# ---------
#
# 1. **Guess, then look.** Let ``a = torch.zeros(2, 3)``. What are the shapes of
#    ``torch.cat([a, a], dim=1)``, ``torch.stack([a, a], dim=1)`` and ``a[:, None] + a``?
#    Write down your answers, then print to check.
# 2. **Make a chessboard.** Without a loop, make an 8×8 tensor in which 0 and 1 alternate as on a
#    chessboard. Do it once with slices that have a step, once with ``arange`` and broadcasting, and
#    check that both results are equal.
# 3. **Which one grew?** Let ``x = torch.zeros(3)`` and ``y = x``. Run ``x += 1``: what is ``y`` now?
#    Start again, this time with ``x = x + 1``: what is ``y`` now? Explain with ``data_ptr``.
# 4. **Measure distances.** Let ``P = torch.rand(5, 2)`` be 5 points in the plane and
#    ``Q = torch.rand(3, 2)`` 3 others. Without a loop, find the distance from each point of ``P`` to
#    each point of ``Q``, as a 5×3 tensor. Check it with ``torch.cdist``.
# 5. **The average digit.** ``pictures.images`` holds all the pictures, ``pictures.labels`` their
#    labels. For each digit from 0 to 9, average all the pictures of it, and draw the ten averages in
#    a row. The blurrier an average, the less alike the digits are written, and the larger the mean of
#    the squared differences between the pictures and their average. Which are written least alike?
