"""
%% zh
张量
====

读完这一课，你会知道一张手写数字里装着哪些数，还会裁剪、翻转，把几张图接起来。PyTorch 里，所有数据都放在:term:`张量 <tensor>`里。

**需要的基础：**一点 Python，最好先走过 :doc:`05_first_steps`。不会 NumPy（Python 里做数组计算的老牌库）也不要紧。

.. minutes:: 12

%% en
Tensors
=======

Twelve minutes from now, you will see the numbers in a handwritten digit, and crop it, flip it and join it to others. PyTorch keeps all its data in :term:`tensors <tensor>`.

**What you need:** a little Python, best after :doc:`05_first_steps`. You can do without NumPy, Python's older library for arrays.

.. minutes:: 12
"""

# %% zh
# .. _tensors-picture:
#
# 看一张图里的数
# --------------
#
# 上一课的网络认得手写数字。它看到的究竟是什么？取出:term:`数据集 <dataset>`的第一张图，放大其中一块：
#
# %% en
# .. _tensors-picture:
#
# See the numbers in a picture
# ----------------------------
#
# The network of the last lesson reads digits. What does it see? Take the first picture of the :term:`dataset`, and enlarge a part of it:

import torch

from torchhour.data.digits import digits

pictures = digits()
image, label = pictures[0]
print("source =", pictures.source)
print("label =", label)
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
from torchhour.zoom import draw_zoom

draw_zoom(image[0], top=5, left=9)
# endregion

# %% zh
# .. caption:: 一张手写数字，框里的 36 个像素放大在右边，每个都标着数值。
#
# 网络看到的就是这些数：0 是黑，1 是白，中间是灰。正确答案是 :printed:`label`，这叫:term:`标签 <label>`。
#
# .. only:: scans
#
#    ``source`` 说明图从哪里来。这些图原本只有 8×8，放大了，所以有些模糊。
#
# .. only:: mnist
#
#    ``source`` 说明图从哪里来。它是六万张里的第一张。
#
# .. _tensors-brackets:
#
# 数一数方括号
# ------------
#
# 一个数，一排数，一张表，一叠表，都是**张量**。看看它们在 Python 里怎么写：
#
# %% en
# .. caption:: A handwritten digit; beside it, the 36 pixels in the frame, with their numbers.
#
# These numbers are all that the network sees: 0 is black, 1 is white, the rest is gray. The right answer, here :printed:`label`, is called the :term:`label`.
#
# .. only:: scans
#
#    ``source`` tells where the picture comes from. It was enlarged from 8×8, hence the blur.
#
# .. only:: mnist
#
#    ``source`` tells where the picture comes from. It is the first of sixty thousand.
#
# .. _tensors-brackets:
#
# Count the brackets
# ------------------
#
# A number, a row of numbers, a table, a stack of tables: all are **tensors**. In Python, they are:

number = torch.tensor(7)
vector = torch.tensor([7, 2])
matrix = torch.tensor([[7, 2], [1, 4]])
stack = torch.tensor([[[7, 2], [1, 4]], [[0, 3], [5, 8]]])
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
from torchhour.cells import draw_brackets

draw_brackets(number, vector, matrix, stack)
# endregion

# %% zh
# .. caption:: 开头每多一个方括号，就多一维。
#
# 开头有几个方括号，张量就有几:term:`维 <dimension>`。各维的长度合起来是:term:`形状 <shape>`，从外往里读：``stack`` 有 2 张表，每张 2 行、2 列，写作 2×2×2。
#
# .. folded:: 先猜一猜：刚才那张图是几维？
#
#    三维。黑白的图也写成一叠表，只不过这一叠里只有一张。
#
# %% en
# .. caption:: One more bracket at the beginning, one more dimension.
#
# A tensor has as many :term:`dimensions <dimension>` as brackets at its beginning. Their lengths are its :term:`shape`, read from the outside in: ``stack`` has 2 tables of 2 rows and 2 columns, in short 2×2×2.
#
# .. folded:: Guess first: how many dimensions does our picture have?
#
#    Three. Even a gray picture is written as a stack of tables; this stack just has a single one.

print("shape =", image.shape)
print("max =", image.max(), " item =", image.max().item())

# %% zh
# 图是 1×32×32：1 个颜色:term:`通道 <channel>`，32 行，32 列。彩色图有 3 个通道。最大的数打印成 :printed:`max`：一个数也是张量，``item`` 才把它变成普通的 Python 数 :printed:`item`。
#
# .. _tensors-create:
#
# 造几个张量
# ----------
#
# 手里没有数，就给出形状：``zeros`` 填零，``ones`` 填一，``rand`` 填随机数；``arange`` 从 0 数起。先固定:term:`随机种子 <random-seed>`，每次运行才得到同样的随机数。
#
# %% en
# The picture is 1×32×32: 1 color :term:`channel`, 32 rows, 32 columns. Color pictures have 3 channels. The largest number prints as :printed:`max`, for even one number is a tensor; ``item`` makes a Python number of it, :printed:`item`.
#
# .. _tensors-create:
#
# Make some tensors
# -----------------
#
# If you have no numbers yet, give a shape: ``zeros`` and ``ones`` fill it as they say, ``rand`` with random numbers; ``arange`` counts from 0. Fix the :term:`random seed <random-seed>` first, and each run draws the same numbers.

torch.manual_seed(0)
print(torch.zeros(2, 3))
print(torch.rand(3))
print(torch.arange(6))

# %% zh
# 看小数点：前两个有，装的是浮点数；``arange`` 没有，装的是整数。
#
# .. _tensors-like:
#
# 照着样子造
# ----------
#
# .. deeper::
#
# 有时要一个与 ``image`` 一样的张量，只是数不同。名字以 ``_like`` 结尾的函数，形状、:term:`数据类型 <data-type>`和设备都照抄；
# 以 ``new_`` 开头的方法只照抄数据类型和设备，形状或者数由你来给。另外写明的，以你写的为准。
#
# %% en
# The first two have decimal points and hold floats; ``arange`` has none and holds integers.
#
# .. _tensors-like:
#
# Make one like another
# ---------------------
#
# .. deeper::
#
# Sometimes you want a tensor just like ``image``, only with other numbers. Functions that end in ``_like`` take over shape, :term:`data type <data-type>` and device. Methods that begin with ``new_`` take over data type and device only; you give the shape, or the numbers. What you state yourself comes first.

whole = torch.tensor([[1, 2], [3, 4]])
print(torch.ones_like(whole))
print(torch.rand_like(whole, dtype=torch.float32))
print(whole.new_zeros(3))
assert torch.ones_like(whole).dtype == whole.new_zeros(3).dtype == torch.int64

# %% zh
# 整数照抄成了整数；第二个写明要 ``float32``，于是得到浮点数。
#
# ``empty`` 最省事，也最容易出错：它只占一块内存，里面是上次留下的数，每次运行都可能不同。
# 只在马上要写满每一格的时候才用它。
#
# %% en
# Integers gave integers; the second was told to be ``float32``, and is.
#
# ``empty`` is the least work and the easiest to get wrong: it only takes a piece of memory, with whatever was left there, which may differ from run to run. Use it only where you fill every place at once.

buffer = torch.empty(2, 3)
buffer[:] = 7
print(buffer)

# %% zh
# .. _tensors-attributes:
#
# 问张量三件事
# ------------
#
# 手里有数，就用 ``torch.tensor``，列表和 NumPy 数组它都收。出了错，就问这三件事：
# ``shape`` 是形状，``dtype`` 是:term:`数据类型 <data-type>`，``device`` 是它所在的:term:`设备 <device>`。
#
# %% en
# .. _tensors-attributes:
#
# Ask a tensor three things
# -------------------------
#
# If you have the numbers, ``torch.tensor`` takes them, from lists and from NumPy. When something goes wrong, ask for these: ``shape``; ``dtype``, its :term:`data type <data-type>`; ``device``, the :term:`device` it lives on.

import numpy as np

for data in ([1, 2, 4], [1, 2.5, 4], np.array([1, 2.5, 4])):
    t = torch.tensor(data)
    print(t.shape, t.dtype, t.device)

# %% zh
# 全是整数，得到 ``int64``；有一个小数点，就都是 ``float32``。NumPy 的小数却是 ``float64``，占两倍的内存，网络一般不用它；转换写 ``t.float()``。
# 在网页上不用打印：把鼠标移到代码里的名字上，或者点它一下，就能看到这三样。
#
# .. _tensors-size:
#
# 把形状拆开
# ----------
#
# .. deeper::
#
# 形状的类型是 ``torch.Size``，它其实是一种元组：可以索引，可以比较，也可以拆成几个变量。
# ``size()`` 是同一样东西，``size(0)`` 只问一维。
#
# %% en
# Integers alone give ``int64``; one decimal point, and all are ``float32``. NumPy's floats are ``float64``, twice the memory, and rarely what networks use; ``t.float()`` converts them.
# On the web page, you need not print: point at a name in the code, or tap it, and see all three.
#
# .. _tensors-size:
#
# Take a shape apart
# ------------------
#
# .. deeper::
#
# A shape is a ``torch.Size``, which is a kind of tuple: index it, compare it, unpack it into variables. ``size()`` is the same thing, and ``size(0)`` asks for a single dimension.

channels, height, width = image.shape
print("height =", height, "width =", width)
print(image.size(), image.size(0))
assert isinstance(image.shape, tuple) and image.shape == image.size() == (1, 32, 32)

# %% zh
# .. _tensors-product:
#
# 分清两种乘法
# ------------
#
# ``+``、``-``、``*``、``/`` 逐个元素地算：相同位置的两个数，得出一个数。``@`` 是矩阵乘法，算法不同：
#
# %% en
# .. _tensors-product:
#
# Tell two products apart
# -----------------------
#
# ``+``, ``-``, ``*`` and ``/`` go cell by cell and combine the numbers in the same place. ``@``, the matrix product, goes another way:

A = torch.tensor([[1, 2], [3, 4]])
B = torch.tensor([[10, 0], [0, 100]])
print(A * B)
print(A @ B)

# %% zh
# 比一比右上角。``*`` 是 :math:`2 \times 0 = 0`。``@`` 取 ``A`` 的第一行和 ``B`` 的第二列，
# 对应的数相乘，再加起来：:math:`1 \times 0 + 2 \times 100 = 200`。所以前一个有几列，后一个就要有几行，否则：
#
# %% en
# Compare the top right. ``*`` has :math:`2 \times 0 = 0`. ``@`` takes the first row of ``A`` and the second column of ``B``, multiplies pair by pair, and adds up: :math:`1 \times 0 + 2 \times 100 = 200`.
# So the second must have as many rows as the first has columns, or else:

try:
    torch.ones(2, 3) @ torch.ones(2, 3)
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

# %% zh
# 这样的报错，谁都会遇到。看它说的两个形状：前面有 3 列，后面却只有 2 行。给后一个加上 ``.T``，行列互换，成了 3×2，就能乘了。
#
# .. _tensors-add:
#
# 用四种写法做加法
# ----------------
#
# .. deeper::
#
# 加减乘除这样的常用运算，都有这四种写法。前两种各得到一个新张量，第三种把结果写进现成的张量，第四种直接改 ``a`` 本身。
#
# %% en
# Everybody meets this error. Look at the shapes: 3 columns in front, but 2 rows behind. Write ``.T`` after the second, and rows and columns trade places: 3×2 fits.
#
# .. _tensors-add:
#
# Add in four ways
# ----------------
#
# .. deeper::
#
# Common arithmetic can be written in these four ways. The first two make a new tensor each, the third writes into one that is there, and the fourth changes ``a`` itself.

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
# .. deeper::
#
# 名字以下划线结尾的方法是:term:`原地 <in-place>`操作：不产生新张量，直接改原来的那一个。``add_`` 是，``zero_``、``copy_``、转置的 ``t_`` 也是。
# 这样省内存，代价是所有指向这个张量的名字都跟着变：
#
# %% en
# .. _tensors-inplace:
#
# Mind the trailing underscore
# ----------------------------
#
# .. deeper::
#
# A method whose name ends in an underscore works :term:`in place <in-place>`: it makes no new tensor, and changes the old one itself. ``add_`` does; so do ``zero_``, ``copy_``, and ``t_``, which transposes. It saves memory, at a price: every name of this tensor sees the change.

table = torch.tensor([[1, 2, 3], [4, 5, 6]])
alias = table
table.t_()
print("alias.shape =", alias.shape)

alias = alias + 1
print("table =", table[0], "alias =", alias[0])
assert table.tolist() == [[1, 4], [2, 5], [3, 6]]

# %% zh
# ``t_`` 以后，``alias`` 也成了 3×2；``alias + 1`` 却是一个新张量，``table`` 不再跟着变。
#
# :term:`自动求导 <automatic-differentiation>`常常要用旧的数，容易和原地操作冲突。比如 :math:`y = e^x` 的:term:`导数 <differentiate>`就是 :math:`y` 自己，PyTorch 于是留着 ``y``。
# 改写了它，导数就会算错；PyTorch 发现以后，宁可报错。（``requires_grad=True`` 就是要 PyTorch 求导，下一课讲。）
#
# %% en
# After ``t_``, ``alias`` is 3×2 as well. But ``alias + 1`` is a new tensor, and ``table`` no longer follows.
#
# :term:`Automatic differentiation <automatic-differentiation>` dislikes what works in place, because it often needs the old numbers. The :term:`derivative <differentiate>` of :math:`y = e^x` is :math:`y` itself, so PyTorch keeps ``y``. Overwrite it, and the derivative would come out wrong; PyTorch notices, and raises an error instead. (``requires_grad=True`` asks for derivatives; the next lesson tells how.)

w = torch.tensor([1.0, 2.0], requires_grad=True)
y = w.exp()
y.add_(1)
try:
    y.sum().backward()
except RuntimeError as error:
    print(f"{type(error).__name__}: {str(error).partition(':')[0]}")
    assert "modified by an inplace operation" in str(error)

# %% zh
# 绕开 PyTorch 去改 ``y``，例如通过 ``y.data``，或者通过共用内存的 NumPy 数组（见“:ref:`tensors-numpy`”），它就发现不了，结果会悄悄出错。
#
# .. _tensors-broadcast:
#
# 形状不同也能算：广播
# --------------------
#
# 形状不同的张量能不能相加？这里有 3×1 的一列，还有 4 个数的一行。
#
# .. folded:: 先猜一猜：``column + row`` 是什么形状？
#
#    3×4：列里的数向右用了四遍，行里的数向下用了三遍。
#
# %% en
# What changes ``y`` behind PyTorch's back, say through ``y.data`` or a NumPy array that shares its memory (see ":ref:`tensors-numpy`"), escapes it, and the result is wrong without a word.
#
# .. _tensors-broadcast:
#
# Compute across shapes: broadcasting
# -----------------------------------
#
# Can tensors of different shapes be added? Here is a column of 3×1, and a row of 4 numbers.
#
# .. folded:: Guess first: what is the shape of ``column + row``?
#
#    3×4. The numbers of the column are used four times to the right, those of the row three times downward.

column = torch.tensor([[0], [10], [20]])
row = torch.tensor([1, 2, 3, 4])
assert (column + row).shape == (3, 4)
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
from torchhour.cells import draw_broadcast

draw_broadcast({"column": column, "row": row})
# endregion

# %% zh
# .. caption:: 列向右重复，行向下重复。
#
# 淡的数只是重复使用，并不真的复制，这叫:term:`广播 <broadcasting>`。规则是：两个形状靠右对齐，每一维或者相等，或者有一方是 1，或者有一方缺这一维。
# 否则报错，信息里有 ``must match``。一个数可以配一整张图：``1 - image`` 把黑白对调。
#
# .. _tensors-index:
#
# 取出一部分
# ----------
#
# 方括号里先写行，后写列，都从 0 数起；``:`` 是全都要，负数从末尾数。要哪几行，也可以用一个整数张量列出来；写一个条件，就挑出符合的数：
#
# %% en
# .. caption:: The column repeats to the right, the row downward.
#
# The faint numbers are only used again, not copied; this is :term:`broadcasting`. The rule: align both shapes on the right. In each dimension the two lengths must be equal, or one must be 1 or missing.
# Anything else is an error that says ``must match``. One number goes with a whole picture: ``1 - image`` swaps black and white.
#
# .. _tensors-index:
#
# Take a part out
# ---------------
#
# In brackets, rows come first, then columns, both counted from 0; ``:`` means all, and negative numbers count from the end. To choose rows, list them in a tensor of integers; a condition chooses numbers:

grid = torch.tensor([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]])
print(grid[1])
print(grid[:, 1])
print(grid[-1, 2:])
print(grid[torch.tensor([2, 0, 2])])
print(grid[grid > 8])

# %% zh
# 从 0 数起，``grid[1]`` 是 4 开头的那一行；``2:`` 从编号 2 的列取到末尾。第四个照编号 2、0、2 取行，同一行可以取两次；最后一个取出大于 8 的数。
#
# .. _tensors-masks:
#
# 用条件挑选
# ----------
#
# .. deeper::
#
# 条件可以挑数，也可以挑整行。三个点 ``...`` 代表没写出来的各维，``None`` 添上长度为 1 的一维。
# ``grid[::2]`` 隔一行取一行，2 是步长；步长不能是负数，要倒过来，就用 ``flip``。
#
# %% en
# ``grid[1]`` is the row that begins with 4; ``2:`` goes from column 2 to the end. The fourth takes rows 2, 0 and 2; a row may come twice. The last takes the numbers above 8.
#
# .. _tensors-masks:
#
# Choose by a condition
# ---------------------
#
# .. deeper::
#
# A condition chooses the numbers that meet it, or whole rows. Three dots, ``...``, stand for all dimensions left out; ``None`` puts in one of length 1. ``grid[::2]`` takes every second row, in steps of 2. A step cannot be negative: to reverse an order, use ``flip``.

print(grid[grid % 2 == 0])
print(grid[grid[:, 0] > 0])
print(grid[..., -1])
print(grid[:, None].shape)
print(grid.flip(0)[0])

# %% zh
# 第二个条件只有一维，挑的就是整行。用条件挑出来的，另存一份；切片却不复制，它是一个视图：改了切片，原来的张量也变。
#
# %% en
# In the second line the condition has one dimension, and chooses whole rows. What a condition chooses is a copy. A slice copies nothing; it is a view: change the slice, and the tensor it came from changes.

corner = grid[:2, :2]
corner.zero_()
print(grid)
assert grid[0, 1] == 0 and grid[2, 1] == 9

# %% zh
# .. _tensors-shape:
#
# 换一个形状
# ----------
#
# ``view`` 一个数也不搬，只改在哪里换行：
#
# %% en
# .. _tensors-shape:
#
# Change the shape
# ----------------
#
# ``view`` moves no number; it only changes where a line ends:

line = torch.arange(12)
three = line.view(3, 4)
two = line.view(2, -1)
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
from torchhour.cells import draw_tensors

draw_tensors({"line": line, "line.view(3, 4)": three, "line.view(2, -1)": two})
# endregion

# %% zh
# .. caption:: 同样的 12 个数，排成一行、三行、两行。
#
# 颜色由浅到深，次序没有变。写 ``-1`` 的那一维，PyTorch 替你算：12 个数排两行，每行 6 个。
# 它们共用一块内存，所以叫:term:`视图 <view>`。``reshape`` 用法相同；内存里的次序对不上，比如 ``.T`` 以后，它就复制一份。
#
# .. folded:: 先猜一猜：``line.view(5, -1)`` 会怎样？
#
#    报错：``shape '[5, -1]' is invalid for input of size 12``。12 个数排不成 5 行。
#
# .. _tensors-contiguous:
#
# 看看内存里的次序
# ----------------
#
# .. deeper::
#
# 内存只有一维。六个数在内存里排成一串，转置以前和以后各是这样：
#
# %% en
# .. caption:: The same 12 numbers in one row, in three, and in two.
#
# From pale to dark, the order stays. Where you write ``-1``, PyTorch works out the length: 12 numbers in two rows are 6 in each.
# All share one memory, hence the name :term:`view`. ``reshape`` does the same, but copies where the order in memory does not fit, as after ``.T``.
#
# .. folded:: Guess first: what does ``line.view(5, -1)`` do?
#
#    It fails: ``shape '[5, -1]' is invalid for input of size 12``. You cannot lay 12 numbers in 5 rows.
#
# .. _tensors-contiguous:
#
# Look at the order in memory
# ---------------------------
#
# .. deeper::
#
# Memory has one dimension only. Here are six numbers as they stand in memory, then as a matrix, then transposed:

memory = torch.arange(6)
rows = memory.view(2, 3)
print("rows.stride() =", rows.stride(), rows.is_contiguous())
print("rows.T.stride() =", rows.T.stride(), rows.T.is_contiguous())
draw_tensors({"memory": memory, "rows": rows, "rows.T": rows.T})
assert memory.data_ptr() == rows.data_ptr() == rows.T.data_ptr()

# %% zh
# .. caption:: 内存里的六个数；排成 2×3，颜色仍然一行一行由浅到深；转置成 3×2，颜色就乱了次序。
#
# ``stride`` 给出每一维的:term:`步幅 <stride>`：沿这一维走一步，在内存里要走几格。``rows`` 往下一行是 3 格，往右一列是 1 格。
# 转置一个数也没搬：从 ``data_ptr`` 看，第一个数的地址没变，只是形状和步幅对调了。
# 逐行读 ``rows``，正好是内存的次序，这叫:term:`连续 <contiguous>`；``rows.T`` 不连续，``view`` 就排不出一行，``reshape`` 只好复制：
#
# %% en
# .. caption:: Six numbers in memory; as 2×3 their shades still run row by row; transposed to 3×2, they no longer do.
#
# ``stride`` gives each dimension's :term:`stride <stride>`: how many places in memory one step along it goes. In ``rows``, a row down is 3 places, a column to the right is 1. Transposing moved no number: ``data_ptr`` says that the first has the same address, and only shape and strides were swapped. Read ``rows`` row by row and you have the order of memory, which is called :term:`contiguous`. ``rows.T`` is not, so ``view`` cannot lay it out in one line, and ``reshape`` must copy:

try:
    rows.T.view(6)
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")
flat = rows.T.reshape(6)
print(flat)
assert flat.data_ptr() != rows.data_ptr() and row.expand(3, 4).stride() == (0, 1)

# %% zh
# 广播用的也是步幅：``row.expand(3, 4)`` 往下一行的步幅是 0，走来走去都是同样的四个数。
#
# .. _tensors-shrink:
#
# 把一张图缩小
# ------------
#
# 换形状有什么用？比如缩小一张图：每 4×4 个像素，换成一个平均数。先只看图里的一行，32 个数：``view(8, 4)`` 把它分成 8 组，
# 每组 4 个数，``mean(dim=1)`` 沿维 1（也就是第二维）求平均，那一维就没有了，剩下 8 个数。整张图，行和列各分一次组，就是 ``view(8, 4, 8, 4)``。比如 ``x[9, 14]``：行 9 是组 2 里的行 1，列 14 是组 3 里的列 2，它成了 ``groups[2, 1, 3, 2]``。
#
# %% en
# Broadcasting is done with strides, too: in ``row.expand(3, 4)``, the stride from row to row is 0, and each step down finds the same four numbers.
#
# .. _tensors-shrink:
#
# Shrink a picture
# ----------------
#
# What is that good for? Shrink a picture: each block of 4×4 pixels becomes its mean. Take one row, 32 numbers: ``view(8, 4)`` makes 8 groups of 4,
# and ``mean(dim=1)`` averages dimension 1, the second, away: 8 numbers are left. For a picture, group rows and columns: ``view(8, 4, 8, 4)``. Row 9 is row 1 of group 2, and column 14 is column 2 of group 3: ``x[9, 14]`` becomes ``groups[2, 1, 3, 2]``.

x = image[0]  # 32×32
groups = x.view(8, 4, 8, 4)
small = groups.mean(dim=(1, 3))  # 8×8
print(f"mean = {small[2, 3].item():.2f}")
assert groups[2, 1, 3, 2] == x[9, 14]
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
from torchhour.zoom import draw_blocks

draw_blocks(x, 4, i=2, j=3)
# endregion

# %% zh
# .. caption:: 图分成方块，一块有 16 个数，平均数就是小图上的一个像素。
#
# 组内的位置是维 1 和维 3，沿这两维求平均，剩下 8×8。
# 末尾的维可以不写，``groups[2, :, 3]`` 就是框里那一块，它的平均数是 :printed:`mean`。
#
# .. _tensors-join:
#
# 接起来，叠起来
# --------------
#
# ``a`` 全是 0，``b`` 全是 1。合在一起，有三种办法：
#
# %% en
# .. caption:: A picture in blocks; the mean of a block's 16 numbers is one pixel of the small picture.
#
# Dimensions 1 and 3 are inside a group; their mean leaves 8×8.
# A last dimension may be left out: ``groups[2, :, 3]`` is the framed block; its mean is :printed:`mean`.
#
# .. _tensors-join:
#
# Join and stack
# --------------
#
# ``a`` is all 0, ``b`` all 1. Put them together in three ways:

a, b = torch.zeros(2, 3), torch.ones(2, 3)
below = torch.cat([a, b])
beside = torch.cat([a, b], dim=1)
behind = torch.stack([a, b])
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
draw_tensors({"below": below, "beside": beside, "behind": behind})
# endregion

# %% zh
# .. caption:: 向下接，向右接，前后叠。
#
# ``cat`` 沿已有的一维接，不写 ``dim`` 就是维 0。``stack`` 新开一维，多一个方括号。
#
# .. _tensors-numpy:
#
# 与 NumPy 互通
# -------------
#
# ``from_numpy`` 把数组变成张量，``numpy`` 变回去。两边各改一个数，先猜一猜打印什么：
#
# %% en
# .. caption:: Joined downward, joined sideways, and stacked.
#
# ``cat`` joins along a dimension that is there, dimension 0 unless you say ``dim``. ``stack`` opens a new one: one more bracket.
#
# .. _tensors-numpy:
#
# Cross to NumPy and back
# -----------------------
#
# ``from_numpy`` makes a tensor of an array, ``numpy`` leads back. Change one number on each side, and guess what prints:

array = np.zeros(3)
t = torch.from_numpy(array)
array[0] = 5
t[2] = 7
print("t =", t)
print("array =", array)
assert t.numpy().tolist() == array.tolist() == [5, 0, 7]

# %% zh
# 两边都有 5，也都有 7：它们共用一块内存。要各用各的，就写 ``torch.tensor(array)``，复制一份。
#
# .. _tensors-types:
#
# 哪些类型过不去
# --------------
#
# .. deeper::
#
# 共用内存，只有**原地**的改动才传得过去。是不是每种数据类型都能变成 NumPy 数组？试一遍就知道：
#
# %% en
# Both have the 5, and both the 7: they share one memory. To keep them apart, copy with ``torch.tensor(array)``.
#
# .. _tensors-types:
#
# Find the types that cannot cross
# --------------------------------
#
# .. deeper::
#
# Only a change **in place** comes across. And can every data type become a NumPy array? Try them:

# zh: 新数组，t 不再跟着变
# en: a new array: t no longer follows
array = array + 1
print("array =", array, "t =", t.tolist())

refused = []
for dtype in (torch.int8, torch.int64, torch.bool, torch.float32, torch.bfloat16):
    try:
        print(dtype, "->", torch.ones(2, dtype=dtype).numpy().dtype)
    except TypeError as error:
        print(dtype, "->", f"{type(error).__name__}: {error}")
        refused.append(dtype)

print(torch.ones(2, dtype=torch.bfloat16).float().numpy())
assert refused == [torch.bfloat16] and torch.CharTensor([1]).dtype == torch.int8

# %% zh
# 这五种里，只有 ``bfloat16`` 过不去：NumPy 没有这种 16 位浮点数，先用 ``float`` 转换。旧教程说 ``CharTensor`` 也过不去；那就是 ``int8``，它过得去。
#
# .. _tensors-device:
#
# 移到加速器上
# ------------
#
# :term:`加速器 <accelerator>`多半是 GPU，能同时算很多个数。有就用它，没有就用 CPU；``to`` 把张量送过去：
#
# %% en
# Of these five, only ``bfloat16`` cannot: NumPy does not have this 16-bit float, so convert it with ``float`` first. Old tutorials say that a ``CharTensor`` cannot, either; that is ``int8``, and it can.
#
# .. _tensors-device:
#
# Move to an accelerator
# ----------------------
#
# An :term:`accelerator`, most often a GPU, computes many numbers at once. Use it if there is one, or else the CPU; ``to`` sends a tensor there:

device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
moved = image.to(device)
print("device =", moved.device)

# %% zh
# 这一页是在 :printed:`device` 上算的；换一台机器，代码不用改。张量要在同一个设备上才能一起算（CPU 上的单个数例外），不然会报 ``Expected all tensors to be on the same device``；
# 要变成 NumPy 数组，先用 ``moved.cpu()`` 取回来。
#
# 别人的代码里常写 ``x.to("cuda")``，多半是指 NVIDIA 的 GPU，没有就报 ``Torch not compiled with CUDA enabled`` 或 ``Found no NVIDIA driver``。
# 换成上面的 ``device`` 就行。
#
# .. _tensors-pytorch:
#
# PyTorch 由什么组成
# ------------------
#
# .. deeper::
#
# PyTorch 用起来很像 NumPy，又多了两样本领：同样的代码能放到加速器上运行；它会自己求导数，下一课就讲。PyTorch 的主要部分是：
#
# - ``torch``：张量和几百种运算，这一课讲的都在里面；
# - ``torch.autograd``：自动求导；
# - ``torch.nn``：网络的层和损失；
# - ``torch.optim``：:term:`优化器 <optimizer>`，一步步把参数调好；
# - ``torch.utils.data``：把数据一批一批地送来；
# - ``torchvision``：处理图像用的数据集和网络，要另外安装。
#
# 模型就是普通的 Python 代码，可以随时打印，随时改，所以做研究的人喜欢它。
#
# %% en
# This page ran on :printed:`device`; elsewhere, the same code finds what is there. Tensors that meet must be on one device (single numbers may stay on the CPU), or you read ``Expected all tensors to be on the same device``.
# For NumPy, fetch the tensor back with ``moved.cpu()``.
#
# In other people's code you often meet ``x.to("cuda")``, which mostly means an NVIDIA GPU. Without one it fails: ``Torch not compiled with CUDA enabled``, or ``Found no NVIDIA driver``.
# Write ``device`` instead.
#
# .. _tensors-pytorch:
#
# See what PyTorch is made of
# ---------------------------
#
# .. deeper::
#
# PyTorch feels much like NumPy, and can do two more things: the same code runs on accelerators; and it finds derivatives by itself, as the next lesson shows. Its main parts are:
#
# - ``torch``: tensors and some hundreds of operations, all that this lesson is about;
# - ``torch.autograd``: automatic differentiation;
# - ``torch.nn``: layers of networks, and losses;
# - ``torch.optim``: :term:`optimizers <optimizer>`, which make parameters better step by step;
# - ``torch.utils.data``: brings data in batches;
# - ``torchvision``: data and networks for pictures, installed beside it.
#
# A model is ordinary Python code, to be printed and changed at any time, and that is why researchers like it.

print("torch", torch.__version__)

# %% zh
# .. _tensors-digit:
#
# 裁剪、翻转、拼接
# ----------------
#
# 图是张量，修图就是对张量做运算。看图以前，先猜一猜这四样：
#
# %% en
# .. _tensors-digit:
#
# Crop, flip and join
# -------------------
#
# A picture is a tensor, so editing is computing. Guess these four before you look:

edits = [1 - x, x[4:28, 4:28], x.flip(1), x.T]
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 4, figsize=(4.4, 1.4), layout="constrained")
names = ["1 - x", "x[4:28, 4:28]", "x.flip(1)", "x.T"]
for axis, name, edited in zip(axes, names, edits):
    axis.imshow(edited, cmap="gray", vmin=0, vmax=1)
    axis.set_title(name, fontsize=8, family="monospace")
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 黑白对调，裁掉四边，左右翻转，行列互换。
#
# 最后从 ``pictures.images`` 里拿八张图：叠成一:term:`批 <batch>`，再沿宽度接成一长条。
#
# %% en
# .. caption:: Black and white swapped, the edges cut off, mirrored, rows and columns swapped.
#
# Last, take eight of ``pictures.images``: stack them into a :term:`batch`, then join them along their width.

batch = torch.stack([pictures.images[i] for i in range(8)])
strip = torch.cat([picture[0] for picture in batch], dim=1)  # 32×256
print("batch =", batch.shape)
assert torch.equal(batch, pictures.images[:8])
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
plt.figure(figsize=(4.4, 0.6), layout="constrained")
plt.imshow(strip, cmap="gray")
plt.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 八个手写的数字，接成一条。
#
# 一批图的形状写作 N×C×H×W：N 张图，C 个通道，H 行，W 列；这里是 8×1×32×32。以后的网络，读的就是这样一批一批的图。
#
# **你已经会：**看懂张量的形状，创建张量，用张量计算，取一部分，换形状，接起来，与 NumPy 互换，移到加速器上。
#
# **还没讲的：**第一课的 ``backward`` 怎样求出梯度。下一课就讲。
#
# .. _tensors-exercises:
#
# 练习
# ----
#
# 1. **用笔。**设 ``a = torch.zeros(2, 3)``。``torch.cat([a, a], dim=1)``、``torch.stack([a, a], dim=2)``、
#    ``a @ a.T`` 各是什么形状？写下来，再打印核对。
#
#    .. folded:: 提示
#
#       ``stack`` 的 ``dim`` 决定新的一维排在第几位。
#
#       在笔记本里核对：先写 ``from torchhour.exercises import check``，再写 ``check("tensors-1", [first, second, third])``，三个都是形状。然后看\ :ref:`答案 <solutions-tensors-1>`。
#
# 2. **改两行。**把数字缩成 16×16，而不是 8×8。
#
#    .. folded:: 提示
#
#       32 等于 16 组乘以每组 2 个。画图的代码里，4 也要跟着改。``groups`` 下面的 ``assert`` 说的是 4×4 的块，删掉它。
#
#       用 ``check("tensors-2", small)`` 核对，再看\ :ref:`答案 <solutions-tensors-2>`。
#
# 3. **画棋盘。**不用循环，做一个 8×8 的棋盘，0 和 1 相间。
#
#    .. folded:: 提示
#
#       用 ``arange`` 造出一列和一行，相加以后，每格就是行号加列号。除以 2 的余数是 ``% 2``。
#
#       用 ``check("tensors-3", board)`` 核对，再看\ :ref:`答案 <solutions-tensors-3>`。
#
# 4. **平均的数字。**对每个数字，求它所有图的平均，把十张平均图画成一排。哪些最模糊，为什么？
#
#    .. folded:: 提示
#
#       ``pictures.labels == 3`` 是一个条件，可以用来索引 ``pictures.images``。再沿维 0 求平均。
#
#       ``averages`` 是 10×1×32×32。用 ``check("tensors-4", averages)`` 核对，再看\ :ref:`答案 <solutions-tensors-4>`。
#
# PyTorch 自己的文档：`张量的属性 <https://docs.pytorch.org/docs/stable/tensor_attributes.html>`__和\ `广播 <https://docs.pytorch.org/docs/stable/notes/broadcasting.html>`__。
# 接着读 :doc:`20_autograd`：让 PyTorch 替你求导。
#
# %% en
# .. caption:: Eight handwritten digits, joined into a strip.
#
# The shape of a batch is read N×C×H×W: N pictures, C channels, H rows, W columns; here 8×1×32×32. Our networks will take in such batches.
#
# **You can now** read shapes, make tensors and compute with them, take parts, reshape, join, and move to NumPy and to an accelerator.
#
# **Still to come:** how ``backward`` finds gradients. That is next.
#
# .. _tensors-exercises:
#
# Exercises
# ---------
#
# 1. **With a pencil.** Let ``a = torch.zeros(2, 3)``. What are the shapes of ``torch.cat([a, a], dim=1)``, ``torch.stack([a, a], dim=2)`` and ``a @ a.T``? Write them down, then print them.
#
#    .. folded:: A hint
#
#       The ``dim`` of ``stack`` is the place of the new dimension.
#
#       Check yours in a notebook: ``from torchhour.exercises import check``, then ``check("tensors-1", [first, second, third])``, each a shape. After that, see :ref:`the solution <solutions-tensors-1>`.
#
# 2. **Change two lines.** Shrink the digit to 16×16, not to 8×8.
#
#    .. folded:: A hint
#
#       32 is 16 groups of 2. In the code of the drawing, the 4 has to change along. The ``assert`` below ``groups`` speaks of blocks of 4×4: delete it.
#
#       Check yours with ``check("tensors-2", small)``, then see :ref:`the solution <solutions-tensors-2>`.
#
# 3. **Make a chessboard.** Without a loop, make a chessboard of 8×8, in which 0 and 1 alternate.
#
#    .. folded:: A hint
#
#       A column and a row, both from ``arange``, add up to row plus column in each cell. ``% 2`` is the remainder after dividing by 2.
#
#       Check yours with ``check("tensors-3", board)``, then see :ref:`the solution <solutions-tensors-3>`.
#
# 4. **The average digit.** For each digit, average all its pictures, and draw the ten averages in a row. Which are the most blurred, and why?
#
#    .. folded:: A hint
#
#       ``pictures.labels == 3`` is a condition, and can index ``pictures.images``. Then take the mean along dimension 0.
#
#       ``averages`` is 10×1×32×32. Check yours with ``check("tensors-4", averages)``, then see :ref:`the solution <solutions-tensors-4>`.
#
# PyTorch's own pages: `tensor attributes <https://docs.pytorch.org/docs/stable/tensor_attributes.html>`__ and `broadcasting <https://docs.pytorch.org/docs/stable/notes/broadcasting.html>`__. Go on with :doc:`20_autograd`, and let PyTorch find derivatives.
