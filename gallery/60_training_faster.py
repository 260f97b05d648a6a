"""
%% zh
训练得更快
==========

同一个网络，同样练两轮，还能快多少？学完这一课，你会量出时间花在哪里，把办法一样一样地试过来，每一样都看秒数和准确率；你还会学到：不偷看测试集，怎样挑选设置。

**需要的基础：**会写训练循环，读过 :doc:`40_classifier`；这里的网络就是那一课的。

.. minutes:: 17

%% en
Training faster
===============

The same network, the same two epochs: how much faster can it be? By the end of this lesson you will have found out where the time goes, and tried one change after another, with an eye on seconds and accuracy. And you will choose settings without a glance at the test set.

**What you need:** a training loop, as in :doc:`40_classifier`, whose network this lesson trains again.

.. minutes:: 17
"""

# %% zh
# .. _training-faster-parts:
#
# 看时间花在哪里
# --------------
#
# 先从训练用的图里留出十分之一，作:term:`验证集 <validation-set>`：不拿来学，只用来比较各种设置。测试集要到最后才看；如果照着它的分数挑设置，它就不再是没见过的图了。
#
# .. only:: silhouettes
#
#    这里用的是 :doc:`40_classifier` 里那些程序画的 Silhouettes；为了让页面生成得快，只学其中一部分。
#
# %% en
# .. _training-faster-parts:
#
# See where the time goes
# -----------------------
#
# Of the training pictures, first set aside a tenth as a :term:`validation set <validation-set>`: we do not learn from it, but compare settings on it. The test set is for the very end. If you choose by its score, it is no longer a set of pictures that you have never seen.
#
# .. only:: silhouettes
#
#    The pictures here are the drawn Silhouettes of :doc:`40_classifier`, and we learn from a part of them only, so that the page is soon built.

# region
# zh: 导入要用的东西，定好随机种子，只用一个线程
# en: Imports, the random seed, and a single thread
import math
from time import perf_counter

import matplotlib.pyplot as plt
import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Subset
from torchvision import transforms

from torchhour.data.cifar10 import cifar10
from torchhour.networks import Classifier

seed = 0
torch.manual_seed(seed)
torch.set_num_threads(1)
# sphinx_gallery_parallel = False
torch.set_default_dtype(torch.float32)
# endregion
half = (0.5, 0.5, 0.5)
transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(half, half)])
pictures, test = cifar10(transform=transform), cifar10(train=False)
shuffled = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(0))
tenth = len(pictures) // 10
validation, learn = shuffled[:tenth], shuffled[tenth:]
if pictures.source == "Silhouettes":
    learn = learn[:6000]
train_set = Subset(pictures, learn.tolist())
print(f"training set = {len(learn):,}, validation set = {len(validation):,}")

# %% zh
# 训练照 PyTorch 多年来的\ `入门教程 <https://docs.pytorch.org/tutorials/beginner/blitz/cifar10_tutorial.html>`__\ 那样写：每批 4 张图，由 Pillow 一张张取出，再变换。给每一步的四部分掐表，走 200 步，取中位数：
#
# %% en
# Train as PyTorch's `tutorial <https://docs.pytorch.org/tutorials/beginner/blitz/cifar10_tutorial.html>`__ has done for many years: 4 pictures a batch, each fetched through Pillow and transformed. Put a stopwatch to the four parts of a step, take 200 steps, then the medians:

network = Classifier()
optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
batches = iter(DataLoader(train_set, batch_size=4, shuffle=True))
times = []
for step in range(200):
    marks = [perf_counter()]
    images, labels = next(batches)
    marks.append(perf_counter())
    loss = cross_entropy(network(images), labels)
    marks.append(perf_counter())
    optimizer.zero_grad()
    loss.backward()
    marks.append(perf_counter())
    optimizer.step()
    marks.append(perf_counter())
    times.append(torch.tensor(marks, dtype=torch.float64).diff())

names = "fetch", "forward pass", "backward pass", "update"
parts = dict(zip(names, torch.stack(times).median(dim=0).values.tolist()))
for name, seconds in parts.items():
    print(f"{name} = {1000 * seconds:.2f} ms")

# %% zh
# 其中真正用来计算的有多久？``FlopCounterMode`` 数出前向和反向里，卷积和矩阵相乘要做多少次乘法和加法。再量一量这个 CPU 做大矩阵乘法有多快：照那样的速度，做这么多次要多久？
#
# %% en
# How much of it is arithmetic? ``FlopCounterMode`` counts the multiplications and additions that the convolutions and matrix products take, on the way forward and backward. Then measure how fast this CPU is with large matrices: at that speed, how long would so many take?

# region
# zh: 数出次数，再给大矩阵的乘法计时
# en: Count, then time a product of large matrices
from torch.utils.flop_counter import FlopCounterMode

with FlopCounterMode(display=False) as counter:
    cross_entropy(network(images), labels).backward()
matrix = torch.rand(1000, 1000)
products = []
for repetition in range(5):
    begin = perf_counter()
    matrix @ matrix
    products.append(perf_counter() - begin)
arithmetic = min(products) * counter.get_total_flops() / (2 * 1000**3)
# endregion
whole = sum(parts.values())
print(f"a step = {1000 * whole:.2f} ms, its arithmetic = {1000 * arithmetic:.2f} ms")
assert arithmetic < whole / 4

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.4, 1.7), layout="constrained")
left = 0
for (name, seconds), color in zip(parts.items(), ("tab:gray", "tab:blue", "tab:orange", "tab:green")):
    axis.barh(1, 1000 * seconds, left=left, color=color, alpha=0.7, label=name)
    left += 1000 * seconds
axis.barh(0, 1000 * arithmetic, color="tab:red", alpha=0.8)
axis.set_yticks([1, 0], ["a step", "its arithmetic"])
axis.set_xlabel("milliseconds")
axis.legend(ncols=2, fontsize=8, loc="lower right")
plt.show()
# endregion

# %% zh
# .. caption:: 上面是一步的时间，依次是取图、前向、反向和更新；下面是其中的乘法和加法至少要用的时间，短得多。
#
# 乘法和加法大约只要 :printed:`its arithmetic`，一步却用了 :printed:`a step`。其余的时间，大多花在取图和启动一个个运算上：一批只有 4 张图，运算刚启动就做完了。所以，要快，就少取几次，每次启动多算一些。
#
# .. _training-faster-written:
#
# 给原来的循环计时
# ----------------
#
# 那份教程里，还有两个进程帮忙取图。先带着帮手走 300 步，再去掉帮手走 300 步，折算成两轮要多少秒：
#
# %% en
# .. caption:: Above, the time of a step: the fetch, the way forward, the way backward and the update. Below, the least time that its arithmetic would take, which is far less.
#
# Arithmetic would take :printed:`its arithmetic` of the :printed:`a step`. Most of the rest goes into fetching pictures, and into starting one operation after another: with 4 pictures in a batch, each is over as soon as it has begun. To be faster, fetch less often, and let each start compute more.
#
# .. _training-faster-written:
#
# Time the loop as it was written
# -------------------------------
#
# In that tutorial, two more processes help to fetch. Take 300 steps with them, and 300 without, and work out the seconds of two epochs:


# region
# zh: as_written，原来的循环，从第一批图到手开始计时；只在 Linux 上请别的进程帮忙
# en: as_written, the loop as it was, timed from its first batch on; with helpers on Linux only
import sys


def as_written(network, steps, helped=True):
    helps = helped and sys.platform == "linux"
    helpers = {"num_workers": 2, "multiprocessing_context": "fork"} if helps else {}
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
    begin = None
    while steps:
        for images, labels in DataLoader(train_set, batch_size=4, shuffle=True, **helpers):
            begin = begin or perf_counter()
            optimizer.zero_grad()
            loss = cross_entropy(network(images), labels)
            loss.backward()
            optimizer.step()
            steps -= 1
            if not steps:
                break
    return perf_counter() - begin


# endregion
steps = 2 * math.ceil(len(learn) / 4)
few = 300
torch.manual_seed(seed)
original = Classifier()
per_step = as_written(original, few) / few
alone = as_written(Classifier(), 300, helped=False) / 300
seconds_as_written = per_step * steps
print(f"with helpers = {1000 * per_step:.2f} ms, without = {1000 * alone:.2f} ms")
print(f"steps = {steps:,}, two epochs = {seconds_as_written:.1f} s")

# %% zh
# 有进程帮忙，一步 :printed:`with helpers`，两轮 :printed:`steps` 步，要 :printed:`two epochs`；没有帮手，一步 :printed:`without`。图在进程之间交接，也要时间；图这么小，一批又这么少，帮忙不一定合算。
#
# 秒数都只量了一次，会有起伏：机器忙着别的事，就可能多出四分之一，甚至更多。没有帮手的一步，若和上面的毫秒数对不上，原因也在这里。所以小的差别不要当真，后面的记录才是跑几次的平均。
#
# 下面一步一步地改，每一步都加在前一步上，都和 :printed:`two epochs` 比。
#
# .. _training-faster-tensor:
#
# 把图变成一个张量
# ----------------
#
# 每一轮都重新取图，重新变换，得到的数却总是一样。内存放得下的话，就全部变换一次，放进一个张量；打乱图的次序，也只要打乱编号：
#
# %% en
# With help, a step takes :printed:`with helpers`, and the :printed:`steps` steps of two epochs :printed:`two epochs`; without, it takes :printed:`without`. To hand pictures from one process to another takes time, too, and with so few and so small ones, help need not pay.
#
# Each of these times was taken once, and they scatter: a machine with other things to do may add a quarter, and more. That is also why a step without helpers may differ from the one above. Do not believe in small differences; the record further down has the means of several runs.
#
# From here on, take small steps, each on top of the last one, and compare with :printed:`two epochs`.
#
# .. _training-faster-tensor:
#
# Make one tensor of all pictures
# -------------------------------
#
# Each epoch fetches and transforms all pictures again, only to get the same numbers. If memory has room for them, transform them once, and keep them in one tensor; to shuffle the pictures, just shuffle indices:

begin = perf_counter()
images = (pictures.images.float() / 255 - 0.5) / 0.5  # N×3×32×32
print(f"made in = {perf_counter() - begin:.2f} s")
assert torch.equal(images[7], pictures[7][0])
learn_images, learn_labels = images[learn], pictures.labels[learn]


def train(network, optimizers, batch_size, schedules=(), images=learn_images):
    for epoch in range(2):
        for indices in torch.randperm(len(images)).split(batch_size):
            loss = cross_entropy(network(images[indices]), learn_labels[indices])
            network.zero_grad()
            loss.backward()
            for each in (*optimizers, *schedules):
                each.step()


# %% zh
# 这 :printed:`made in` 只花一次，下面就不算了。
#
# ``recipe`` 是一种训练办法。``measure`` 用它训练一个新的网络，掐表，再到验证集上算准确率：
#
# .. folded:: 没写过两个星号？
#
#    ``**settings`` 收下多写的、带名字的参数，放进一个字典；调用的时候写 ``**settings``，又原样交出去：``measure(name, plain, lr=0.04)`` 就等于让 ``plain`` 收到 ``lr=0.04``。一个星号，是把列表或元组里的东西一个个交出去。
#
# %% en
# These :printed:`made in` are spent once, and not counted below.
#
# A ``recipe`` is a way to train. ``measure`` trains a new network by it, takes the time, and then the accuracy on the validation set:
#
# .. folded:: Never written two asterisks?
#
#    ``**settings`` takes further named arguments into a dictionary, and in a call, ``**settings`` hands them on as they were: with ``measure(name, plain, lr=0.04)``, ``plain`` gets ``lr=0.04``. A single asterisk hands on what is in a list or a tuple, one by one.


def right(network, images, labels):
    with torch.no_grad():
        answers = network(images).argmax(dim=1)
    return (answers == labels).float().mean().item()


rows, networks = {}, {}


def measure(name, recipe, **settings):
    torch.manual_seed(seed)
    network = networks[name] = Classifier()
    begin = perf_counter()
    recipe(network, **settings)
    seconds = perf_counter() - begin
    share = right(network, images[validation], pictures.labels[validation])
    rows[name] = seconds, share
    ratio = seconds_as_written / seconds
    print(f"{name}: right = {share:.1%}, time = {seconds:.1f} s, faster = {ratio:.1f}×")


def plain(network, batch_size=4, lr=0.001):
    optimizer = torch.optim.SGD(network.parameters(), lr=lr, momentum=0.9)
    train(network, [optimizer], batch_size)


measure("one tensor", plain)

# %% zh
# 每一步做的和原来一样，学到的应当一样多：验证集的图认对 :printed:`right`。只是快了，加速 :printed:`faster`；帮手在上面费时越多，这里就快得越多。
#
# .. only:: silhouettes
#
#    :doc:`40_classifier` 里有 5,000 步，第一轮过后也还没学到多少；这里只有 :printed:`steps` 步，网络才刚刚开始学。步数这么少，0.001 就太小了。
#
# .. _training-faster-batch:
#
# 每批多放几张图
# --------------
#
# 一批放 64 张，一步就多算些。学习率呢？不变试一次，调大再试一次：
#
# .. folded:: 先猜一猜：只把 4 张改成 64 张，会快多少？学得怎样？
#
#    快得多，可是几乎学不到什么：步数少到十六分之一，每一步却还只走从前那么远，走不到多远。一批的图多了，梯度也更可靠，步子可以大一些。
#
# %% en
# Each step does what it did before, so it should learn as much: it is right in :printed:`right` of the validation set. It is only faster, with a speedup of :printed:`faster`, and the more so, the more time helpers cost above.
#
# .. only:: silhouettes
#
#    :doc:`40_classifier` had 5,000 steps, and had not learned much after its first epoch; here there are :printed:`steps`, and the network has only just begun. For so few, 0.001 is too small.
#
# .. _training-faster-batch:
#
# Put more pictures into a batch
# ------------------------------
#
# With 64 pictures in a batch, a step computes more. And the learning rate? Keep it at first, then raise it:
#
# .. folded:: Guess first: if 4 pictures become 64 and nothing else changes, how much faster is it, and how well does it learn?
#
#    Much faster, but it hardly learns: there are a sixteenth of the steps, each goes about as far as before, and so it does not get far. The gradient of more pictures is also more reliable, so that it may go farther at each step.

measure("batches of 64", plain, batch_size=64)
measure("larger steps", plain, batch_size=64, lr=0.04)
assert rows["larger steps"][1] > rows["batches of 64"][1]

# %% zh
# 0.04 从哪里来？用 CIFAR-10 的照片试过几个，在验证集上，它和附近的几个差不多好。换一种办法，就再挑一次；下面的 ``peak``，照片和画的图还各挑了一个。
#
# .. _training-faster-cycle:
#
# 先放开走，再收住
# ----------------
#
# 学习率大，走得快，到了谷底却左右摇摆；学习率小，站得稳，可是走得慢。``OneCycleLR`` 两样都要：前五分之一的步数（``pct_start``）直线升到最高，其余的直线降到接近 0；每训练一批，学习率就变一次。这叫:term:`学习率调度 <schedule>`。最高处可以比固定的学习率更大：
#
# %% en
# Why 0.04? On the photographs of CIFAR-10 we tried several on the validation set; it and those nearby did about equally well. A new way to train needs a new choice; ``peak`` below was chosen for photographs and for drawings apart.
#
# .. _training-faster-cycle:
#
# Rise, then settle
# -----------------
#
# A large learning rate covers ground, but swings to and fro at the bottom; a small one settles, but is slow. ``OneCycleLR`` does both: it rises in a straight line for a fifth of the steps (``pct_start``), then falls until it is close to 0; it changes after each batch. This is a :term:`schedule`, and its peak may be higher than a rate that stays:


peak = 0.08 if pictures.source == "Silhouettes" else 0.05


def rise_and_fall(optimizer, peak, batch_size=64):
    total = 2 * math.ceil(len(learn) / batch_size)
    fixed = {"pct_start": 0.2, "anneal_strategy": "linear", "cycle_momentum": False}
    return torch.optim.lr_scheduler.OneCycleLR(optimizer, peak, total, **fixed)


def one_cycle(network, nesterov=False):
    settings = {"lr": peak, "momentum": 0.9, "nesterov": nesterov}
    optimizer = torch.optim.SGD(network.parameters(), **settings)
    train(network, [optimizer], 64, [rise_and_fall(optimizer, peak)])


measure("one cycle", one_cycle)
measure("Nesterov", one_cycle, nesterov=True)

# %% zh
# 第二行多写了 ``nesterov=True``，是:term:`动量 <momentum>`的一种，效果相当于先顺着惯性走到前面，再用走到的地方的梯度来修正。每一步只添了几次加法，秒数若差得多，那是机器忙闲不同；准确率从 :printed:`one cycle: right` 变成 :printed:`Nesterov: right`。
#
# .. _training-faster-muon:
#
# 让弱的方向也走一步
# ------------------
#
# 全连接层的权重是矩阵，优化器每一步给它加上的，也是一个矩阵。走完这一步，这一层对哪些输入的回答会变，变多少？假如加上的是 ``[[3, 0], [0, 1]]``：输入 ``[1, 0]``，回答改变 ``[3, 0]``；输入 ``[0, 1]``，只改变 ``[0, 1]``。这一步在前一个方向强，在后一个方向弱。每个矩阵都有这样几个方向，各有各的强度；强度从大到小排开，就是它的**奇异值**，84×120 的矩阵有 84 个。（头一次听说？那就只看图。）下面用一批图求 ``fc2.weight`` 的梯度，让两种优化器各走一步，看这一步在 84 个方向上的强度：
#
# %% en
# The second line has ``nesterov=True``, a kind of :term:`momentum`; in effect, the parameters first coast on, and are then corrected by the gradient of the place they reach. It adds but a few additions to a step, so seconds that differ much are the machine's; and the accuracy goes from :printed:`one cycle: right` to :printed:`Nesterov: right`.
#
# .. _training-faster-muon:
#
# Let the weak directions take a step, too
# ----------------------------------------
#
# The weights of a fully connected layer are a matrix, and what an optimizer adds to them in a step is a matrix, too. For which inputs does that step change the answer of the layer, and by how much? Suppose that ``[[3, 0], [0, 1]]`` is added: for the input ``[1, 0]``, the answer changes by ``[3, 0]``, and for ``[0, 1]`` by no more than ``[0, 1]``. The step is strong in the first direction, and weak in the second. Every matrix has such directions, each with a strength; from the largest down, these are its **singular values**, and an 84×120 matrix has 84. (New to you? Look at the figure only.) Find the gradient of ``fc2.weight`` for one batch, let two optimizers take a step each, and see how strong it is in the 84 directions:


# region
# zh: step_sizes，让一种优化器走一步，量每个方向走了多远
# en: step_sizes: let an optimizer take a step, and measure how far each direction goes
def step_sizes(optimizer_class, **settings):
    torch.manual_seed(seed)
    weight = Classifier().fc2.weight
    weight.grad = gradient.clone()
    before = weight.detach().clone()
    optimizer_class([weight], lr=0.02, **settings).step()
    sizes = torch.linalg.svdvals(weight.detach() - before)
    return sizes / sizes.max()


# endregion
torch.manual_seed(seed)
network = Classifier()
cross_entropy(network(learn_images[:64]), learn_labels[:64]).backward()
gradient = network.fc2.weight.grad  # 84×120
stretches = {
    "SGD": step_sizes(torch.optim.SGD),
    "Muon": step_sizes(torch.optim.Muon, ns_steps=3, weight_decay=0),
}
for name, values in stretches.items():
    print(f"{name}: first direction = 100%, tenth = {values[9]:.1%}")
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.2, 2.2), layout="constrained")
for name, values in stretches.items():
    axis.plot(range(1, 85), values, label=name)
axis.set(xlabel="direction", ylabel="size of the step", ylim=(0, 1.05))
axis.legend()
plt.show()
# endregion

# %% zh
# .. caption:: 84 个方向各有多强，以最强的为 1。SGD 的线很快落到 0 附近；Muon 的线慢慢落下，到一半才接近 0。
#
# SGD 几乎只走最强的几个方向。Muon 不改方向，只把弱的放大，让它们也走得远，也学得到东西。而且它先把梯度除以自己的大小，所以不管梯度是大是小，这一步都一样大。后面的方向，这批图没有给出梯度，怎么放大也没有。
#
# .. folded:: 为什么后面的方向没有梯度？
#
#    一张图的梯度，是 84 个数的一列乘 120 个数的一行：整个矩阵只朝一个方向拉。64 张图合起来，最多 64 个方向，不是 84 个。矩阵的一行属于一个输出；ReLU 总给 0 的输出，那一行就没有梯度。图上看，还要更少。
#
# Muon 靠一遍一遍的矩阵乘法做到这一点，``ns_steps=3`` 是说乘三遍，弱的方向就放大得够用了。PyTorch 的 Muon 只能用于矩阵，卷积核和偏置就还用 SGD；最后一层照惯例也用 SGD：
#
# %% en
# .. caption:: How strong the step is in each of 84 directions, where the strongest is 1. The line of SGD is soon close to 0; that of Muon comes down slowly, and is there halfway along.
#
# SGD hardly moves except in the few strongest directions. Muon keeps the directions and makes the weak ones larger, so that they get somewhere and learn, too. And as it first divides the gradient by its size, the step is as large for a small gradient as for a large one. In the last directions these pictures gave no gradient, and nothing can enlarge that.
#
# .. folded:: Why is there no gradient in the last directions?
#
#    The gradient of one picture is a column of 84 numbers times a row of 120: as a matrix, it stretches in a single direction. With 64 pictures there are 64 directions at most, and not 84. Each row of the matrix belongs to one output, and where ReLU always makes that 0, the row has no gradient. The figure shows even fewer.
#
# Muon multiplies matrices again and again to do so; ``ns_steps=3`` is for three rounds, which lift the weak ones enough. PyTorch's Muon takes nothing but matrices, so the kernels and biases stay with SGD; so does the last layer, as is usual:


def muon(network, images=learn_images, batch_size=64, peaks=(0.02, peak)):
    matrices = [network.fc1.weight, network.fc2.weight]
    others = [network.fc1.bias, network.fc2.bias]
    for layer in (network.conv1, network.conv2, network.fc3):
        others += layer.parameters()
    optimizers = [
        torch.optim.Muon(matrices, lr=peaks[0], momentum=0.9, weight_decay=0, ns_steps=3),
        torch.optim.SGD(others, lr=peaks[1], momentum=0.9, nesterov=True),
    ]
    schedules = [rise_and_fall(*each, batch_size) for each in zip(optimizers, peaks)]
    train(network, optimizers, batch_size, schedules, images)


measure("Muon", muon)

# %% zh
# 乘这些矩阵也要时间，一轮就慢了，学到的却多了。
#
# .. _training-faster-memory:
#
# 换内存里的排法，换线程数
# ------------------------
#
# 换内存里的排法、换线程数，算的东西不变，变的只是怎样算；结果只差在舍入上，不过一步步走下来，这点差别也会变大。``channels_last`` 让一个像素的各个通道在内存里挨在一起，卷积用这种排法往往更快。
#
# 上面都只用一个:term:`线程 <thread>`。用两个，一个运算就分着做，可是分派也要时间，运算大了才合算。所以先把每批的张数加一倍，Muon 的步子也大些，再用两个线程：
#
# %% en
# To multiply these matrices takes time as well, which makes an epoch slower; but it learns more.
#
# .. _training-faster-memory:
#
# Change the memory and the threads
# ---------------------------------
#
# The order in memory and the threads do not change what is computed, only how; the results differ by rounding only, though step by step even that grows. With ``channels_last``, the channels of a pixel lie side by side in memory, in which order convolutions are often faster.
#
# So far, there was a single :term:`thread`. Two of them share each operation; but sharing takes time as well, and pays for large operations only. So double the batch first, with larger steps for Muon; then use two threads:


def channels_last(network, **settings):
    network.to(memory_format=torch.channels_last)
    muon(network, learn_images.contiguous(memory_format=torch.channels_last), **settings)


doubled = {"batch_size": 128, "peaks": (0.03, peak)}
measure("channels last", channels_last)
measure("batches of 128", channels_last, **doubled)
torch.set_num_threads(2)
measure("two threads", channels_last, **doubled)
torch.set_num_threads(1)

# %% zh
# 哪个快，要看机器和网络，所以要量。（两个线程至多快一倍，再多的，是秒数的起伏。）准确率差一点，可能只是运气，要换几个种子才知道，后面的记录就是这样做的。可是每批的张数加一倍，步数就少一半，图又不多，准确率可能真的会低。全部放在一起：
#
# %% en
# Which is faster depends on the machine and on the network; so measure. (Two threads halve the time at best; more is scatter.) A little accuracy more or less may be mere luck; only other seeds can tell, as in the record further down. But twice the batch means half the steps, and with so few pictures that may well cost accuracy. Here is all of it together:

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
bars = {"as written": (seconds_as_written, rows["one tensor"][1])} | rows
figure, (times_axis, right_axis) = plt.subplots(1, 2, figsize=(4.6, 2.9), sharey=True, layout="constrained")
seconds, shares = zip(*bars.values())
for axis, values, color in (
    (times_axis, seconds, "tab:blue"),
    (right_axis, [100 * share for share in shares], "tab:orange"),
):
    axis.bar_label(axis.barh(list(bars), values, color=color, alpha=0.8), fmt="%.1f", padding=2, fontsize=8)
times_axis.invert_yaxis()
times_axis.set(xlabel="seconds", xlim=(0, 1.25 * max(seconds)))
right_axis.set(xlabel="accuracy (%)", xlim=(0, 125))
right_axis.set_xticks([0, 50, 100])
plt.show()
# endregion

# %% zh
# .. caption:: 每一种办法的秒数和验证集上的准确率，从上到下，每一样加在前一样上。最上面一行的训练和“一个张量”的相同，准确率用的就是它的。
#    :name: changes
#
# .. _training-faster-test:
#
# 现在才看测试集
# --------------
#
# 先选，再看测试集。照验证集，``channels last`` 认对 :printed:`channels last: right`，最后一种 :printed:`two threads: right`。两个核都空着的时候，最后一种最快，选它；更看重准确率，选前面那种。``two threads`` 和 ``one tensor`` 训练的两个网络，都到测试集上去考，只考这一次：
#
# %% en
# .. caption:: The seconds of each way to train, and its accuracy on the validation set. From top to bottom, each adds to the one before. The first trains as "one tensor" does, and stands with its accuracy.
#    :name: changes
#
# .. _training-faster-test:
#
# Open the test set
# -----------------
#
# First choose, then look. By the validation set, ``channels last`` has :printed:`channels last: right`, and the last one :printed:`two threads: right`. On two idle cores the last is fastest: take it; for accuracy, take the other. The network of ``two threads`` and that of ``one tensor`` now meet the test set, only once:

test_images = (test.images.float() / 255 - 0.5) / 0.5
exams = {}
for when, name in (("before", "one tensor"), ("after", "two threads")):
    exams[name] = right(networks[name], test_images, test.labels)
    print(f"{when} = {exams[name]:.1%}")
assert exams["two threads"] > exams["one tensor"]

# %% zh
# 同样的网络，同样两轮，原来认对 :printed:`before`，现在认对 :printed:`after`。和验证集上的不同：两个集合都只是抽样。
#
# .. only:: silhouettes
#
#    差得这么多，主要是因为步数这么少，0.001 太小。还有，这些图是程序画的，比照片好认；照片的结果，请看下一节。
#
# .. _training-faster-recorded:
#
# 看真实照片的记录
# ----------------
#
# 下面是用 CIFAR-10 的照片跑这一课的记录，45,000 张用来训练，5,000 张用来比较，跑了几次，见表头的 ``runs``；秒数和准确率都是平均，``least`` 一列是最快那次的秒数。原来的循环走满了两轮。``as written``、``two threads`` 和 ``small network`` 用两个线程，其余的用一个（上面那次，原来的循环也只用一个）：
#
# %% en
# The same network, the same two epochs: it was right in :printed:`before`, and is now in :printed:`after`. That differs from the validation set, as each is only a sample.
#
# .. only:: silhouettes
#
#    Most of the difference is there because 0.001 is too small for so few steps. And these pictures were drawn, and are easier than photographs; for those, see the next section.
#
# .. _training-faster-recorded:
#
# See the record on photographs
# -----------------------------
#
# This is a record of the same lesson, run on the photographs of CIFAR-10: 45,000 to learn from, 5,000 to compare on. ``runs`` at its head says how many times; seconds and accuracies are means, and ``least`` has the seconds of the fastest run. The loop as written went through both epochs. ``as written``, ``two threads`` and ``small network`` used two threads, the others one (above, the loop as written had one, too):

# region
# zh: 打印这张表的代码
# en: The code that prints this table
from torchhour.timing.trainings import all_trainings

for record in all_trainings():
    written = record.rows["as written"].mean("seconds")
    runs = len(record.rows["as written"].seconds)
    print(f"{record.cpu}, {record.cores} cores, PyTorch {record.torch}, {record.date}, runs = {runs}")
    print(f"{'':16}{'seconds':>10}{'least':>8}{'validation':>12}{'test':>8}{'faster':>9}")
    for name, row in record.rows.items():
        seconds, share = row.mean("seconds"), row.mean("validation")
        exam = f"{row.mean('test'):.1%}" if row.test else ""
        times = f"{seconds:10.1f}{min(row.seconds):8.1f}"
        print(f"{name:16}{times}{share:12.1%}{exam:>8}{written / seconds:8.1f}×")
# endregion

# %% zh
# 秒数是这一台机器的；换一台机器，秒数不同，准确率应当差不多。``bfloat16`` 一行见“:ref:`training-faster-bits`”；最后一行，是后面“:ref:`training-faster-small`”里的网络。
#
# .. _training-faster-bits:
#
# 再省一半位数
# ------------
#
# .. deeper::
#
# ``bfloat16`` 只有 16 位。有的 CPU 有专门的指令来算它，有的没有，那就要绕道，反而慢。``autocast`` 把网络的前向包起来，层里用 16 位算，参数和损失仍是 32 位的；下一课 :doc:`70_accelerators` 细讲。
#
# %% en
# The seconds are those of one machine; on another they would be others, and the accuracies much the same. The line of ``bfloat16`` is explained in ":ref:`training-faster-bits`"; the last line is the network of ":ref:`training-faster-small`", further below.
#
# .. _training-faster-bits:
#
# Save half of the bits
# ---------------------
#
# .. deeper::
#
# ``bfloat16`` has 16 bits only. Some CPUs have instructions for it; others take a detour and are slower. Wrapped in ``autocast``, the forward pass computes with 16 bits in its layers, while the parameters and the loss keep their 32: see the next lesson, :doc:`70_accelerators`.


def half_the_bits(network):
    forward = torch.autocast("cpu", dtype=torch.bfloat16)(network.forward)
    network.forward = lambda images: forward(images).float()
    channels_last(network, **doubled)


special = any(has for name, has in torch.cpu.get_capabilities().items() if "bf16" in name)
print("instructions for bfloat16:", special)
measure("bfloat16", half_the_bits)

# %% zh
# 和 ``batches of 128`` 比一比：这个网络很小，类型换来换去也要时间，用 16 位算，时间不会只有 32 位的一半。CPU 没有这种指令，就更慢；有这种指令，网络又宽一些，才真的合算。下面的网络，有指令就用 16 位。
#
# .. _training-faster-compile:
#
# 为什么不用 torch.compile
# ------------------------
#
# .. deeper::
#
# ``torch.compile(network)`` 把几个运算合成一个，再为它们生成机器代码，启动就少了。这一课没有用它，有两个原因：
#
# - 它要 C++ 编译器。许多人的电脑上没有，尤其是 Windows。
# - 第一步要等它编译。我们在写这一课的机器上试过，等它编译的时间，已经够把上面的网络从头到尾训练一遍。
#
# 要训练几个小时的网络，这点时间不算什么，就该试试。
#
# .. _training-faster-small:
#
# 用同样的时间走得更远
# --------------------
#
# .. deeper::
#
# 现在换一个网络。时间给得和原来的循环一样多，它能学到什么程度？下面的网络不大，却更适合认图。它的第一层不用学，照着图算出来就行，叫作**白化**：
# 照片里，相邻的像素几乎一样，各个通道也差不多；细处的差别小得多，网络可能要走很多步才学得到。拿两个相邻的像素来说：它们的和变化大，差变化小，和与差就是两个方向。2×2 的小块有 12 个数，也有 12 个这样的方向。``unfold`` 把每个小块列成一行，``patches.T @ patches / len(patches)`` 是 12×12 的表，每格是两个数的乘积的平均，总是一起变的两个数，这一格就大；``eigh`` 从这张表算出各个方向，一列一个，还有每个方向的方差（怎样算，是线性代数的事，先信它）。每个方向除以自己的标准差，变化就差不多大了；加上 0.0005，是免得把几乎不变的方向放得太大。每个方向取一次正号，取一次负号，ReLU 一类的函数才不会把负的那边丢掉，一共 24 个卷积核：
#
# %% en
# Compare with ``batches of 128``: this network is small, and to change types takes time as well, so 16 bits do not take half the time of 32, and without such instructions they cost time. They are worth it for wider networks on a CPU that has them; there, the network below uses them.
#
# .. _training-faster-compile:
#
# Why we leave torch.compile out
# ------------------------------
#
# .. deeper::
#
# ``torch.compile(network)`` joins several operations into one and makes machine code of them, so that there is less to start. This lesson does without, for two reasons.
#
# - It needs a C++ compiler, which many computers do not have, above all those with Windows.
# - The first step waits for it to compile. On the machine where this lesson was written, the network above could be trained from start to end in that time.
#
# For a network that trains for hours this is nothing, and you should try it.
#
# .. _training-faster-small:
#
# Go further in the same time
# ---------------------------
#
# .. deeper::
#
# Now take another network. How far does it get in the time that the loop as written takes? It is not large, but better suited to pictures. Its first layer does not learn: it is worked out from the pictures, and is called **whitening**.
# In photographs, neighboring pixels are nearly the same, and so are the channels; the fine differences are small beside that, and may take a network many steps to learn. Of two neighbors, the sum varies much and the difference little: these are two directions. A patch of 2×2 has 12 numbers and 12 such directions. ``unfold`` makes a row of each patch, and ``patches.T @ patches / len(patches)`` is a table of 12×12, with the mean product of each two numbers, which is large where the two vary together; from it, ``eigh`` computes the directions, one in each column, and the variance of each (how it does so is linear algebra; take it on trust). Divide each by its standard deviation, so that all vary about as much; 0.0005 is added so that a direction that hardly varies does not grow too much. Each direction comes with a plus and with a minus, so that a function like ReLU does not lose its negative side, which makes 24 kernels:

from torch import nn
from torch.nn.functional import interpolate, pad, unfold

begin = perf_counter()
colors = pictures.images.float() / 255
mean = colors[learn].mean(dim=(0, 2, 3), keepdim=True)
deviation = colors[learn].std(dim=(0, 2, 3), keepdim=True)
colors = (colors - mean) / deviation
preparing = perf_counter() - begin


def whitening(images):
    patches = unfold(images, 2).transpose(1, 2).flatten(0, 1)  # N·31·31×12
    variances, directions = torch.linalg.eigh(patches.T @ patches / len(patches))
    kernels = (directions / (variances + 5e-4).sqrt()).T.reshape(12, 3, 2, 2)
    layer = nn.Conv2d(3, 24, 2, bias=False)
    layer.weight = nn.Parameter(torch.cat([kernels, -kernels]), requires_grad=False)
    return layer


sample = colors[learn[:2000]]
layer = whitening(sample)
spread = layer(sample)[:, :12].std(dim=(0, 2, 3))
print(f"smallest = {spread.min():.2f}, largest = {spread.max():.2f}")
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
kernels = layer.weight[:12].flip(0)
shades = kernels / kernels.abs().amax(dim=(1, 2, 3), keepdim=True)
figure, axes = plt.subplots(2, 6, figsize=(4.2, 1.6), layout="constrained")
for axis, kernel in zip(axes.flat, (shades + 1) / 2):
    axis.imshow(kernel.permute(1, 2, 0))  # 2×2×3
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 第一层的 12 个卷积核，每个 2×2，画成颜色，0 是灰色，按变化的大小排列：第一个是整块的明暗，后面有颜色，有左右、上下、斜着的边缘。
#
# 白化以后，12 个方向的标准差从 :printed:`smallest` 到 :printed:`largest`。后面接三组卷积，每组把边长减半，通道从 24 个加到 128 个。批归一化让每个通道的数保持不大不小，“:ref:`fine-tuning-statistics`”讲过；``GELU`` 和 ReLU 相像，只是拐弯处是圆的；``padding=1`` 在四周补一圈 0，3×3 的卷积就不改变边长；``AdaptiveMaxPool2d(1)`` 每个通道只留最大的一个数：
#
# %% en
# .. caption:: The 12 kernels of the first layer, 2×2 each, as colors, where 0 is gray, in the order of how much they vary: the first is light or dark as a whole; then come colors, and edges from left to right, from top to bottom and across.
#
# After whitening, the 12 directions have deviations from :printed:`smallest` to :printed:`largest`. Three groups of convolutions follow, each of which halves the sides, while the channels grow from 24 to 128. Batch normalization keeps the numbers of each channel neither too large nor too small, see ":ref:`fine-tuning-statistics`"; ``GELU`` is like ReLU with its corner rounded; ``padding=1`` puts a border of 0 around, so that a 3×3 convolution keeps the side; ``AdaptiveMaxPool2d(1)`` keeps the largest number of each channel:


def group(inputs, outputs):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(outputs),
        nn.GELU(),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.GELU(),
    )


def small_network():
    groups = group(24, 32), group(32, 64), group(64, 128)
    head = nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(128, 10)
    return nn.Sequential(whitening(colors[learn[:2000]]), nn.GELU(), *groups, *head)


# %% zh
# 训练又添了四样：
#
# - **先小后大**：图先缩小了学，一轮一轮再放大；缩到一半，要算的只有四分之一。
# - **平移和翻转**：每批随机平移，至多 2 个像素。每张图隔一轮左右翻转一次；翻不翻若全靠随机，一张图可能连着几轮都是同一个样子。
# - **标签平滑**：正确的类别不要求概率是 1，只要求 0.9 多一点，其余的匀给别的类；网络就不会只顾着越来越肯定。
# - **权重衰减**：每一步把权重缩小一点点。
#
# %% en
# Training has four additions.
#
# - **Small pictures first**: it learns from pictures that are scaled down, and grow from epoch to epoch. With half the side there is a quarter to compute.
# - **Shifts and flips**: each batch is shifted at random, by 2 pixels at most. Each picture is mirrored in every other epoch; if that were left to chance, it could look the same for several in a row.
# - **Label smoothing**: the right class is asked for a probability of a little over 0.9, not of 1, and the others share the rest. It keeps the network from only growing surer and surer.
# - **Weight decay**: each step makes the weights a tiny bit smaller.

sizes = (16, 16, 16, 20, 20, 24, 24, 28, 32) if pictures.source != "Silhouettes" else (16, 24)
begin = perf_counter()
padded = pad(colors, (2, 2, 2, 2), mode="reflect")  # N×3×36×36
preparing += perf_counter() - begin


def batch_of(indices, epoch, size):
    down, across = torch.randint(5, (2,)).tolist()
    few = padded[indices, :, down : down + 32, across : across + 32]
    mirrored = (indices + epoch) % 2 == 1
    few[mirrored] = few[mirrored].flip(3)
    few = interpolate(few, size=(size, size), mode="bilinear")
    return few.contiguous(memory_format=torch.channels_last)


def train_small(network):
    steps = len(learn) // 256
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    settings = {"momentum": 0.9, "nesterov": True, "weight_decay": 5e-4}
    optimizer = torch.optim.SGD(parameters, lr=0.3, **settings)
    fixed = {"pct_start": 0.2, "anneal_strategy": "linear", "cycle_momentum": False}
    total = steps * len(sizes)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.3, total, **fixed)
    for epoch, size in enumerate(sizes):
        for indices in learn[torch.randperm(len(learn))].split(256)[:steps]:
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=special):
                logits = network(batch_of(indices, epoch, size))
            labels = pictures.labels[indices]
            loss = cross_entropy(logits.float(), labels, label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


torch.manual_seed(seed)
torch.set_num_threads(1 if pictures.source == "Silhouettes" else 2)
begin = perf_counter()
small = small_network().to(memory_format=torch.channels_last)
train_small(small)
seconds_small = preparing + perf_counter() - begin
small.eval()
test_colors = (test.images.float() / 255 - mean) / deviation
rows["small network"] = seconds_small, right(small, colors[validation], pictures.labels[validation])
exams["small network"] = right(small, test_colors, test.labels)
print(f"validation = {rows['small network'][1]:.1%}, test set = {exams['small network']:.1%}")
print(f"time = {seconds_small:.1f} s, two epochs as written = {seconds_as_written:.1f} s")

# %% zh
# 验证集的图，它认对 :printed:`validation`，测试集的，也只考一次，认对 :printed:`test set`。连准备图片在内，它用了 :printed:`time`，原来的循环要 :printed:`two epochs as written`。
#
# .. only:: silhouettes
#
#    这里只练了两轮，图也少，还显不出它的本事，准确率不如上面最好的办法。在 CIFAR-10 的照片上练九轮会怎样，写在\ :ref:`记录 <training-faster-recorded>`\ 的最后一行。
#
# .. _training-faster-world:
#
# 一块 GPU 上的纪录
# -----------------
#
# .. deeper::
#
# 有人拿 CIFAR-10 比速度：用一块 NVIDIA A100，最快要多久，才能让测试集的准确率到 94%？2024 年的纪录是 2.59 秒（`airbench <https://github.com/KellerJordan/cifar10-airbench>`__），2025 年是 1.99 秒（`Hiverge <https://www.hiverge.ai/blog/cifar-speedrun>`__）。上面的几样，白化、隔轮翻转、标签平滑、Muon、省位数，这场比赛里都用到了；`讲它的论文 <https://arxiv.org/abs/2404.00498>`__\ 量过其中好几样的功劳。我们的小网络也学了它们的样；那些选择，是别人看着 CIFAR-10 的测试集作出的，所以它的分数会略微偏高。
#
# 它们还有几样，这里没有：
#
# - 数据从头到尾在 GPU 上，一批有上千张图，GPU 才不会闲着；
# - ``torch.compile`` 把运算合起来，编译的时间不算在内；
# - 考试的时候，每张图平移、翻转几次，得分取平均，这叫**测试时增强**。我们的准确率都没有用它。
#
# .. _training-faster-vain:
#
# 试过，没有效果的
# ----------------
#
# .. deeper::
#
# 不是每样都管用。在 CIFAR-10 上，用 :doc:`40_classifier` 的网络练两轮，下面几样和没有差不多，或者更差；别的网络、别的轮数，结果可能不同：
#
# - 左右翻转。练两轮，图还没有看厌，多几种样子没有用；
# - 标签平滑；
# - 对最后许多步的权重取平均：学习率已经降到 0，没有什么可平均的；
# - 归一化的时候，减去每个通道自己的平均值，除以自己的标准差，而不是都用 0.5。
#
# .. _training-faster-recording:
#
# 在你的机器上做记录
# ------------------
#
# .. deeper::
#
# 上面的表，是项目里的一个程序写的。它把这一课从头到尾跑几次，每次换一个随机种子，原来的循环走满两轮，再把秒数和准确率存成小文件，放进 ``src/torchhour/timing/trainings``。你有 CIFAR-10（见\ :doc:`/contributing`），就可以在项目的文件夹里做一份：
#
# .. code-block:: console
#
#    $ python tests/measure_training.py --runs 5
#
# 跑的时候，不要让机器做别的事。秒数一律由程序写入，不手填，也不改。
#
# .. _training-faster-end:
#
# 小结
# ----
#
# **你已经会：**\ 给训练的每一部分掐表；把数据放进一个张量；批大了，学习率也跟着调；用学习率调度和 Muon；一样一样地试，在验证集上比较，测试集只在最后看。
#
# **还没讲的：**\ 换到 GPU 上。下一课就讲。
#
# .. _training-faster-exercises:
#
# 练习
# ----
#
# 1. **用笔。**\ 设想一步要 1 毫秒启动，每张图再加 0.05 毫秒。训练集有 45,000 张，一批 4 张、64 张、1,024 张，一轮各要多少秒？批再大，一轮最少也要多少秒？
#
#    .. folded:: 提示
#
#       步数是 45,000 除以一批的张数；最后一批不满，也算一步。
#
#       做完再看\ :ref:`答案 <solutions-training-faster-1>`。
#
# 2. **只改一行。**\ 把 ``larger steps`` 那一行的学习率改成 1，网络还学得到什么？看看损失。断言会拦住你，先删掉它。
#
#    .. folded:: 提示
#
#       在 ``train`` 里打印 ``loss.item()``，看前几步。
#
#       做完再看\ :ref:`答案 <solutions-training-faster-2>`。
#
# 3. **先猜后做。**\ 把 ``fc2.weight`` 的梯度乘以 1,000，SGD 走的一步会变吗？Muon 呢？
#
#    .. folded:: 提示
#
#       用 ``step_sizes`` 的前几行；比较的时候不要除以最大的。
#
#       做完再看\ :ref:`答案 <solutions-training-faster-3>`。
#
# 4. **估一估。**\ 有人试了 20 种设置，每种都在测试集的 1,000 张图上考，报告了最高的分数。假设 20 个网络其实一样好，准确率都是 0.6，最高的会是多少？
#
#    .. folded:: 提示
#
#       每张图答对的机会是 0.6。让 20 个网络各答 1,000 题，用 ``torch.rand`` 就行，取最高的；重复很多次，再取平均。
#
#       做完再看\ :ref:`答案 <solutions-training-faster-4>`。
#
# 5. **自己设计。**\ 在你的机器上运行这一课，哪样变化最大？再想一样我们没有的，只改它，在验证集上量。
#
#    .. folded:: 提示
#
#       换几个随机种子再量。差别比种子之间的差别还小，就不算数。
#
#       做完再看\ :ref:`答案 <solutions-training-faster-5>`。
#
# **继续读：**\ PyTorch 的\ `性能调优指南 <https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html>`__\ 讲更多加快训练的办法，`torch.optim <https://docs.pytorch.org/docs/stable/optim.html>`__ 列出全部优化器和学习率调度。
#
# 接着读 :doc:`70_accelerators`：同一个程序，怎样在任何设备上运行。
#
# %% en
# It is right in :printed:`validation` of the validation set, and in :printed:`test set` of the test set, which it, too, meets once. With the preparation of the pictures, it took :printed:`time`, and the loop as written :printed:`two epochs as written`.
#
# .. only:: silhouettes
#
#    Here it had two epochs only, and few pictures; that is too little for it, and its accuracy is below that of the best ways above. What nine epochs do on the photographs of CIFAR-10 is in the last line of :ref:`the record <training-faster-recorded>`.
#
# .. _training-faster-world:
#
# The record on a GPU
# -------------------
#
# .. deeper::
#
# People race on CIFAR-10: how soon can one NVIDIA A100 reach an accuracy of 94% on the test set? In 2024 the record was 2.59 seconds (`airbench <https://github.com/KellerJordan/cifar10-airbench>`__), in 2025 1.99 seconds (`Hiverge <https://www.hiverge.ai/blog/cifar-speedrun>`__). Whitening, mirroring in every other epoch, label smoothing, Muon and fewer bits are all used in it; a `paper about it <https://arxiv.org/abs/2404.00498>`__ has measured what several of them gain. Our small network follows their example; as others made those choices with an eye on the test set of CIFAR-10, its score is slightly flattered.
#
# They do some more that we do not.
#
# - The data stay on the GPU from start to end, and a batch has a thousand pictures or more, to keep it busy.
# - ``torch.compile`` joins operations; its time does not count.
# - In the test, each picture is shifted and mirrored a few times, and the mean of the scores is taken. This is **test-time augmentation**; none of our accuracies uses it.
#
# .. _training-faster-vain:
#
# What we tried in vain
# ---------------------
#
# .. deeper::
#
# Not all of it helps. On CIFAR-10, with the network of :doc:`40_classifier` and two epochs, these made little difference, or made it worse; other networks, or more epochs, may well differ:
#
# - mirroring: after two epochs, no picture is worn out yet, and other views of it are no use;
# - label smoothing;
# - to take the mean of the weights over many of the last steps: the learning rate has fallen to 0 already, and there is little to smooth;
# - to normalize each channel by its own mean and standard deviation, and not all by 0.5.
#
# .. _training-faster-recording:
#
# Record your own machine
# -----------------------
#
# .. deeper::
#
# The table above was written by a program of this project. It runs this lesson from start to end several times, each with another random seed and with two full epochs of the loop as written, and saves the seconds and accuracies as a small file in ``src/torchhour/timing/trainings``. If you have CIFAR-10 (see :doc:`/contributing`), make one in the project's folder:
#
# .. code-block:: console
#
#    $ python tests/measure_training.py --runs 5
#
# Let the machine do nothing else meanwhile. Nobody types such seconds in, or edits them.
#
# .. _training-faster-end:
#
# What you take along
# -------------------
#
# **You can now** time each part of a training, keep the data in one tensor, raise the learning rate along with the batch, use a schedule and Muon, try one thing at a time and compare on a validation set, and open the test set only at the end.
#
# **Still to come:** to do it on a GPU, in the next lesson.
#
# .. _training-faster-exercises:
#
# Exercises
# ---------
#
# 1. **With a pencil.** Suppose that a step takes 1 ms to start, and 0.05 ms more for each picture. For a training set of 45,000, how many seconds does an epoch take in batches of 4, of 64 and of 1,024? Below how many seconds can no batch, however large, bring it?
#
#    .. folded:: A hint
#
#       There are 45,000 divided by the size of a batch steps; a last batch that is not full counts as one.
#
#       When you are done, see :ref:`the solution <solutions-training-faster-1>`.
#
# 2. **Change one line.** In the line of ``larger steps``, make the learning rate 1. What does the network learn? Watch the loss. Delete the assertion, which would stop you.
#
#    .. folded:: A hint
#
#       Print ``loss.item()`` in ``train``, and look at the first steps.
#
#       When you are done, see :ref:`the solution <solutions-training-faster-2>`.
#
# 3. **Guess, then try.** Multiply the gradient of ``fc2.weight`` by 1,000. Does the step of SGD change? Does that of Muon?
#
#    .. folded:: A hint
#
#       Use the first lines of ``step_sizes``; do not divide by the largest when you compare.
#
#       When you are done, see :ref:`the solution <solutions-training-faster-3>`.
#
# 4. **Estimate.** Someone tries 20 settings, tests each on 1,000 pictures of the test set, and reports the best. Suppose that all 20 networks are just as good, with an accuracy of 0.6: what will the best be?
#
#    .. folded:: A hint
#
#       Each answer is right with a chance of 0.6. Let 20 networks answer 1,000 questions each, which ``torch.rand`` can do, and take the best; repeat this many times, and take the mean.
#
#       When you are done, see :ref:`the solution <solutions-training-faster-4>`.
#
# 5. **Of your own.** Run this lesson on your machine: what changes most? Then think of something that we left out, change that alone, and measure it on the validation set.
#
#    .. folded:: A hint
#
#       Measure with several seeds. A difference smaller than that between seeds does not count.
#
#       When you are done, see :ref:`the solution <solutions-training-faster-5>`.
#
# **Read on:** PyTorch's `performance tuning guide <https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html>`__ has more ways to train faster; `torch.optim <https://docs.pytorch.org/docs/stable/optim.html>`__ lists all optimizers and schedules.
#
# Go on with :doc:`70_accelerators`: one program for any device.
