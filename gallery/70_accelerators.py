"""
%% zh
加速器
======

同一个程序，在笔记本电脑上用 CPU，到了有加速器（多半是 GPU）的机器上就用加速器，一行也不用改。
学完这一课，你会写这样的程序，会给它计时，知道为什么窄的网络用了加速器也快不了多少，会用一半的位数计算，也看得懂“张量不在同一个设备上”的报错。

**需要的基础：**会写训练循环，读过 :doc:`40_classifier`。不需要加速器，所有代码在 CPU 上都能运行。

.. minutes:: 11

%% en
Accelerators
============

One program, unchanged, uses the CPU of your laptop, or an accelerator, mostly a GPU, where there is one.
You will write such programs, time them, know why narrow networks gain little from an accelerator, compute with half the bits, and read the errors you get when a tensor is on the wrong device.

**What you need:** a training loop, as in :doc:`40_classifier`. You need no accelerator, since all the code runs on a CPU.

.. minutes:: 11
"""

# %% zh
# .. _accelerators-device:
#
# 写一次，到处运行
# ----------------
#
# 这个训练循环在哪里都能运行，只多了三处，见过“:ref:`tensors-device`”和“:ref:`classifier-device`”的话，不会陌生：
#
# 1. ``device``：问一次有没有加速器，没有就用 CPU；
# 2. ``network.to``：网络移过去，一次；
# 3. ``images.to`` 和 ``labels.to``：图和标签移过去，每批一次。
#
# %% en
# .. _accelerators-device:
#
# Write it once, run it anywhere
# ------------------------------
#
# This training loop runs anywhere. Three things are added, you may know them from ":ref:`tensors-device`" and ":ref:`classifier-device`":
#
# 1. ``device``: ask once for an accelerator, else take the CPU;
# 2. ``network.to``: move the network, once;
# 3. ``images.to``, ``labels.to``: move pictures and labels, once a batch.

import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader

from torchhour.data.digits import digits

torch.manual_seed(0)
torch.set_num_threads(1)
# sphinx_gallery_parallel = False
train, test = digits(), digits(train=False)
device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")

network = nn.Sequential(nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))
network = network.to(device)
optimizer = torch.optim.Adam(network.parameters(), lr=0.004)
for epoch in range(3):
    for images, labels in DataLoader(train, batch_size=32, shuffle=True):
        images, labels = images.to(device), labels.to(device)
        loss = cross_entropy(network(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

with torch.no_grad():
    answers = network(test.images.to(device)).argmax(dim=1).cpu()
print("device =", device)
print(f"accuracy = {(answers == test.labels).float().mean():.1%}")

# %% zh
# 这一页是在 :printed:`device` 上运行的，没见过的图，它认对了 :printed:`accuracy`。测试也一样：图送过去，答案用 ``cpu()`` 取回来。
#
# .. folded:: 为什么要写 ``check_available=True``？
#
#    不写，PyTorch 只说自己是为哪种加速器编译的，不管这台机器上有没有。没有 GPU 的机器上也可能得到 ``cuda``，接着就会报错。
#
# .. _accelerators-errors:
#
# 看懂放错设备的报错
# ------------------
#
# 少移一样东西，会怎样？``cuda`` 是 PyTorch 对 GPU 的叫法，大多是 NVIDIA 的。没有 GPU 也能试：``FakeTensorMode`` 里的张量只有形状、类型和设备，没有数，所以可以假装在 ``cuda`` 上。
#
# %% en
# This page ran on :printed:`device`; the network reads :printed:`accuracy` of unseen pictures correctly. Testing goes the same way: send the pictures, and fetch the answers with ``cpu()``.
#
# .. folded:: Why ``check_available=True``?
#
#    Without it, PyTorch only says which accelerator it was built for, and does not look whether this machine has one. You may get ``cuda`` where there is no GPU, and an error right after.
#
# .. _accelerators-errors:
#
# Know the error of a wrong device
# --------------------------------
#
# What if something is not moved? ``cuda`` is PyTorch's name for GPUs, mostly by NVIDIA. You can try it without one: in ``FakeTensorMode``, tensors have shape, type and device, but no numbers, and so can pretend to be on ``cuda``.

import textwrap

from torch._subclasses import FakeTensorMode

with FakeTensorMode():
    layer = nn.Linear(1024, 10, device="cuda")
    try:
        layer(torch.rand(32, 1024))
    except RuntimeError as error:
        print(textwrap.fill(f"RuntimeError: {error}", 72))

# %% zh
# 它在两个设备上都找到了张量：层在 GPU 上，送进去的张量还在 CPU 上。看到 ``Expected all tensors to be on the same device``，就去找漏了的那一样，多半是一批图、标签，或者循环里新建的张量。别的报错见“:ref:`accelerators-messages`”。
#
# .. _accelerators-asynchronous:
#
# 看 CPU 怎样派活
# ---------------
#
# CPU 和加速器怎样配合？请一个:term:`线程 <thread>`来扮演加速器：``submit`` 把一次矩阵乘法排进它的队列；排六次，每次记下排好的时刻；离开 ``with`` 的时候，CPU 等它全部做完。
#
# %% en
# It found tensors on two devices: the layer on the GPU, the pictures on the CPU. When you read ``Expected all tensors to be on the same device``, look for what was left behind: a batch, its labels, or a tensor made in the loop. More errors are in ":ref:`accelerators-messages`".
#
# .. _accelerators-asynchronous:
#
# See the CPU hand out work
# -------------------------
#
# How do CPU and accelerator work together? Let a :term:`thread` play the accelerator: ``submit`` puts a matrix product into its queue; do so six times, and note the time of each. At the end of ``with``, the CPU waits until all are done.

from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

matrix = torch.rand(1000, 1000)
queued, worked = [], []


def multiply():
    begin = perf_counter()
    matrix @ matrix
    worked.append((begin, perf_counter()))


start = perf_counter()
with ThreadPoolExecutor(max_workers=1) as stand_in:
    for task in range(6):
        stand_in.submit(multiply)
        queued.append(perf_counter())
done = perf_counter()
print(f"all queued after = {1000 * (queued[-1] - start):.1f} ms")
print(f"all done after = {1000 * (done - start):.1f} ms")
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt


def span(begin, end):
    return [(1000 * (begin - start), 1000 * (end - begin))]


figure, axis = plt.subplots(figsize=(4.4, 1.7), layout="constrained")
axis.broken_barh(span(queued[-1], done), (0.75, 0.5), color="tab:gray", alpha=0.4)
axis.text(500 * (done - start), 1, "waits", ha="center", va="center", fontsize=10)
axis.broken_barh(span(start, queued[-1]), (0.75, 0.5), color="tab:orange", edgecolor="tab:orange", linewidth=3)
for number, (begin, end) in enumerate(worked, 1):
    axis.broken_barh(span(begin, end), (-0.25, 0.5), color="tab:blue", alpha=0.5 if number % 2 else 0.8)
    axis.text(500 * (begin + end - 2 * start), 0, number, ha="center", va="center", fontsize=10)
axis.set_yticks([1, 0], ["CPU", "accelerator"])
axis.set(xlabel="milliseconds", ylim=(-0.5, 1.5))
plt.show()
# endregion

# %% zh
# .. caption:: 上面是 CPU：橙色的一小段里排好六个任务，然后等着。下面是扮演加速器的线程：六个任务一个接一个地做。
#
# CPU 用 :printed:`all queued after` 就排完了，到 :printed:`all done after` 才全部做完。这中间 CPU 可以做别的事，图里它只是等着。
#
# 真的加速器也这样：``a @ b`` 一排进队列就返回，数要过一会儿才有。这叫:term:`异步执行 <asynchronous-execution>`。等队列做完，叫:term:`同步 <synchronize>`。要用到数的时候，如 ``print`` 和 ``item()``，PyTorch 会替你等。
# 只用 CPU 的时候没有队列，算完一步才到下一步。
#
# .. _accelerators-timing:
#
# 等做完再掐表
# ------------
#
# 所以，排完就掐表，量到的只是排队：掐表之前要先同步。第一次往往慢，要准备内存、挑选算法，不算在内。别的程序会干扰计时，所以多量几次，取中位数。``lambda:`` 造一个什么也不收的函数，``clock`` 调用 ``work()`` 时才运行它：
#
# %% en
# .. caption:: Above, the CPU: it queues six tasks in the short orange part, then waits. Below, the accelerator's stand-in does them one by one.
#
# The CPU had queued all after :printed:`all queued after`; all was done after :printed:`all done after`. In between, the CPU is free; here it just waits.
#
# A real accelerator works like that: ``a @ b`` returns once it is in the queue, and its numbers come later. This is :term:`asynchronous execution <asynchronous-execution>`; to wait for the queue is to :term:`synchronize`. Where numbers are needed, as in ``print`` and ``item()``, PyTorch waits for you.
# With a CPU alone there is no queue: each step ends before the next begins.
#
# .. _accelerators-timing:
#
# Stop the clock when the work is done
# ------------------------------------
#
# If you stop the clock right after queueing, you have timed the queueing: synchronize first. The first call is often slow, as memory is prepared and algorithms chosen: leave it out. Other programs interfere: repeat, and take the median. ``lambda:`` makes a function that takes nothing; it runs only when ``clock`` calls ``work()``.

from statistics import median


def clock(work, repetitions=5):
    times = []
    for _ in range(1 + repetitions):
        begin = perf_counter()
        work()
        if device.type != "cpu":
            torch.accelerator.synchronize()
        times.append(perf_counter() - begin)
    return times


images, labels = test.images.to(device), test.labels.to(device)
first, *others = clock(lambda: network(images))
print(f"first = {1000 * first:.2f} ms, median = {1000 * median(others):.2f} ms")

# %% zh
# 测试集走一遍网络，第一次 :printed:`first`，后五次的中位数 :printed:`median`。
#
# .. folded:: 每次都要自己写吗？
#
#    不必。``torch.utils.benchmark.Timer`` 的 ``blocked_autorange()`` 也会预热、同步、重复，再报中位数。
#
# .. _accelerators-width:
#
# 把网络加宽
# ----------
#
# “:doc:`40_classifier`”里的网络，两个卷积之间有 6 个通道。把 6 加到 1,024，一批还是 4 张图，一步要多久？
#
# .. folded:: 先猜一猜：通道从 6 个加到 1,024 个，一步也照这个比例变慢吗？
#
#    不会。一步里有一部分和宽度无关：启动一个个运算，还有后面的全连接层。只有从第一个卷积到第二个卷积的那几层，计算跟着变多。
#
# %% en
# The test set took :printed:`first` at first, and :printed:`median` in the median of five more.
#
# .. folded:: Do I have to write this every time?
#
#    No. ``torch.utils.benchmark.Timer``, with its ``blocked_autorange()``, warms up, synchronizes, repeats and tells the median, too.
#
# .. _accelerators-width:
#
# Make the network wider
# ----------------------
#
# The network of ":doc:`40_classifier`" has 6 channels between its convolutions. Make them 1,024, still with 4 pictures a batch: how long is a step?
#
# .. folded:: Guess first: from 6 channels to 1,024, does a step slow down in proportion?
#
#    It does not. A part of a step does not depend on the width: starting one operation after another, and the fully connected layers. Only the layers from the first convolution to the second grow.


def wide(width):
    first = nn.Sequential(nn.Conv2d(3, width, 5), nn.ReLU(), nn.MaxPool2d(2))
    second = nn.Sequential(nn.Conv2d(width, 16, 5), nn.ReLU(), nn.MaxPool2d(2))
    third = nn.Sequential(nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84))
    return nn.Sequential(first, second, third, nn.ReLU(), nn.Linear(84, 10))


# region
# zh: training_step，这个网络的一个训练步，图是随机的
# en: training_step: one step of its training, on random pictures
def training_step(width, device):
    network = wide(width).to(device)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
    images = torch.rand(4, 3, 32, 32).to(device)
    labels = torch.randint(10, (4,)).to(device)

    def step():
        optimizer.zero_grad()
        cross_entropy(network(images), labels).backward()
        optimizer.step()

    return step


# endregion
def sweep(device):
    widths = (6, 16, 64, 256, 1024)
    return {width: median(clock(training_step(width, device))[1:]) for width in widths}


lines = {"cpu": sweep("cpu")}
if device.type != "cpu":
    lines[device.type] = sweep(device)
assert 1 < lines["cpu"][1024] / lines["cpu"][6] < 1024 / 6
# region
# zh: 列表、画图的代码：这里量的线，还有在别处录下的线，如果有的话
# en: The code of the table and the figure: the lines measured here, and those recorded elsewhere, if any
from matplotlib.ticker import LogLocator

from torchhour.timing.recorded import recordings
from torchhour.timing.widths import crossing

print("width  " + "".join(f"{name:>12}" for name in lines))
for width in lines["cpu"]:
    print(f"{width:<7}" + "".join(f"{1000 * line[width]:9.2f} ms" for line in lines.values()))

figure, axis = plt.subplots(figsize=(4.4, 3.1), layout="constrained")
colors = iter(("tab:blue", "tab:orange", "tab:green", "tab:red", "tab:purple"))
for name, line in lines.items():
    axis.plot(line.keys(), line.values(), "o-", label=name, color=next(colors))
compared = list(lines.values())[1:]
for recording in recordings():
    print(f"recorded on {recording.device}, PyTorch {recording.torch}, {recording.date}")
    line = recording.float32
    color = next(colors, "tab:gray")
    axis.plot(line.keys(), line.values(), "o--", label=recording.device, color=color)
    axis.plot(recording.bfloat16.keys(), recording.bfloat16.values(), ":", color=color)
    compared.append(line)
if compared:
    place = crossing(lines["cpu"], compared[0])
    print("ahead of the CPU from width", "none" if place is None else round(place))
axis.set(xscale="log", yscale="log", xlabel="width", ylabel="milliseconds a step")
axis.set_xticks(list(lines["cpu"]), [str(width) for width in lines["cpu"]])
axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
axis.yaxis.set_major_formatter(lambda seconds, _: f"{1000 * seconds:g}")
axis.minorticks_off()
axis.legend(prop={"family": "monospace", "size": 9})
plt.show()
# endregion

# %% zh
# .. caption:: 一个训练步要多少毫秒，随宽度变化；两条轴都是对数的。
#    :name: widths
#
# 宽度从 6 到 1,024，CPU 上的一步（一个线程）从 :printed:`6, cpu` 到 :printed:`1024, cpu`：从头到尾，变慢的倍数小于变宽的倍数。在两条轴上，同样的距离都表示同样的倍数。宽度每乘 4，时间也乘 4，就是一条往上的斜线；时间不随宽度变，就是一条横线。左边接近横线；越往右，越接近斜线。
#
# 加速器算得快，启动一个运算却不快，和 CPU 差不多，甚至更慢；而一步要启动的运算，窄的和宽的一样多（“:ref:`accelerators-launches`”）。所以窄的网络用上它快不了多少，甚至更慢；宽到计算占了大头，它才超过 CPU。
#
# .. only:: accelerator
#
#    第二条线是在这台机器的加速器上量的。从多宽起领先 CPU，写在图的上方。
#
# .. only:: recorded
#
#    虚线是在另一台机器上录的，来历写在图的上方；点线是它用 ``bfloat16``。
#
# .. only:: recorded and not accelerator
#
#    来历的下一行，是它从多宽起领先 CPU。
#
# .. only:: not accelerator and not recorded
#
#    **这里还没有加速器的线：**\ 生成这一页的机器上没有加速器，也还没有人录过。怎样添上，见“:ref:`accelerators-recording`”。
#
# .. _accelerators-mixed:
#
# 用一半的位数
# ------------
#
# ``float32`` 的一个数占 32 位。16 位的数省一半内存，许多加速器也算得更快。16 位有两种，各丢了什么？
#
# %% en
# .. caption:: Milliseconds for a training step against the width; both axes are logarithmic.
#    :name: widths
#
# From width 6 to 1,024, a step on the CPU (one thread) goes from :printed:`6, cpu` to :printed:`1024, cpu`: from end to end, it slows down by a smaller factor than the width grows. On both axes, the same distance stands for the same factor. Where 4 times the width takes 4 times as long, the line is straight and rises; where time does not depend on the width, it is level. On the left it is nearly level, and the farther right, the steeper.
#
# An accelerator computes fast, but to start an operation takes as long as on a CPU, or longer, and a narrow network starts as many as a wide one: see ":ref:`accelerators-launches`". So it gains little from an accelerator, or is even slower; an accelerator is ahead only where computing outweighs starting.
#
# .. only:: accelerator
#
#    The second line is that of this machine's accelerator; from which width it is ahead of the CPU stands above the figure.
#
# .. only:: recorded
#
#    The dashed line was recorded on the machine named above the figure; the dotted one is the same with ``bfloat16``.
#
# .. only:: recorded and not accelerator
#
#    Below its name stands the width from which it is ahead of the CPU.
#
# .. only:: not accelerator and not recorded
#
#    **There is no line of an accelerator here yet:** the machine that built this page has none, and nobody has recorded one. To add it, see ":ref:`accelerators-recording`".
#
# .. _accelerators-mixed:
#
# Use half the bits
# -----------------
#
# A ``float32`` has 32 bits. With 16, numbers take half the memory, and many accelerators compute faster with them. There are two kinds; what does each lose?

print(f"{'':9}{'1/3':>11}{'100,000':>9}{'1e-8':>7}")
for dtype in (torch.float32, torch.bfloat16, torch.float16):
    third, large, small = torch.tensor([1 / 3, 100_000, 1e-8]).to(dtype).tolist()
    print(f"{str(dtype)[6:]:9}{third:11.7f}{large:9,.0f}{small:7.1g}")

# %% zh
# ``bfloat16`` 保住数量级，丢掉细节：十万成了 :printed:`bfloat16, 100,000`。``float16`` 细一些，可是大的变成 ``inf``，小的变成 0。
#
# 于是有了:term:`混合精度 <mixed-precision>`：该省的省，该准的不省。在 ``autocast`` 里，全连接和卷积用 ``bfloat16``，损失仍用 ``float32``；参数和它们的梯度一直是 ``float32``。
#
# %% en
# ``bfloat16`` keeps the order of magnitude and loses detail: a hundred thousand becomes :printed:`bfloat16, 100,000`. ``float16`` is finer, but the large becomes ``inf``, the small 0.
#
# Hence :term:`mixed precision <mixed-precision>`: save where you can, not where you must be exact. In ``autocast``, fully connected layers and convolutions use ``bfloat16``, while the loss stays in ``float32``. Parameters and their gradients are always ``float32``.

with torch.autocast(device.type, dtype=torch.bfloat16):
    logits = network(images)
    loss = cross_entropy(logits, labels)
loss.backward()
gradient = network[1].weight.grad
print("logits, loss, gradient:", logits.dtype, loss.dtype, gradient.dtype)
same = logits.argmax(dim=1) == network(images).argmax(dim=1)
print(f"same answers = {same.float().mean():.1%}")

# %% zh
# ``backward`` 不用写进去：反向自己会跟着前向，中间用 ``bfloat16`` 算，最后存到参数上的梯度，还是 ``float32``。``autocast`` 省下的，是中间结果的内存：各层的输出是 ``bfloat16``。和 ``float32`` 相比，:printed:`same answers` 的测试图答案相同。
# 用 ``float16``，太小的梯度会变成 0，要配上 ``GradScaler``，见“:ref:`accelerators-scaler`”；用 ``bfloat16`` 通常不必。
#
# .. _accelerators-once:
#
# 数据也只移一次
# --------------
#
# .. deeper::
#
# 每一步都要等一批数据移过来。如果设备放得下整个数据集，就在开头移一次，以后每一步只挑编号：
#
# %% en
# ``backward`` need not stand inside: it follows the forward pass by itself and computes in ``bfloat16``, and the gradients that it stores in the end are ``float32`` still. The memory that ``autocast`` spares is that of intermediate results: the outputs of the layers are ``bfloat16``. For :printed:`same answers` of the test pictures, the answers are those of ``float32``.
# In ``float16``, small gradients become 0, so you need a ``GradScaler``: see ":ref:`accelerators-scaler`"; in ``bfloat16`` you rarely need one.
#
# .. _accelerators-once:
#
# Move the data only once, too
# ----------------------------
#
# .. deeper::
#
# Each step waits for a batch to move. If the device can hold the whole data set, move it once at the beginning, and let each step pick indices only.

images, labels = train.images.to(device), train.labels.to(device)
print(f"size = {images.nbytes / 2**20:.1f} MiB")


def batch_by_batch():
    for few, their_labels in DataLoader(train, batch_size=32, shuffle=True):
        few.to(device), their_labels.to(device)


def all_at_once():
    for indices in torch.randperm(len(images), device=device).split(32):
        images[indices], labels[indices]


slow, fast = (median(clock(epoch, repetitions=3)[1:]) for epoch in (batch_by_batch, all_at_once))
print(f"batch by batch = {1000 * slow:.1f} ms, all at once = {1000 * fast:.1f} ms")
assert fast < slow

# %% zh
# 取遍一轮的数据，逐批移要 :printed:`batch by batch`，移好以后只挑编号，要 :printed:`all at once`。
#
# .. only:: not accelerator
#
#    这里没有加速器，所以省下的不是搬运，而是一张张取图、再堆成一批的工夫。
#
# 放不下的数据，还是要逐批移。怎样移得快，见“:ref:`accelerators-pinned`”。
#
# .. _accelerators-pinned:
#
# 锁住内存，不等搬完
# ------------------
#
# .. deeper::
#
# 操作系统可以把一块内存挪到别处，甚至暂时写到硬盘上。加速器自己来取数的时候，内存不能挪，所以普通内存里的数，要先抄到一块锁住的内存里，再从那里搬，CPU 一直等到搬完。
#
# 锁住不许挪的，叫:term:`锁页内存 <pinned-memory>`。``DataLoader`` 加上 ``pin_memory=True``，每一批就直接放在锁页内存里；``to`` 再加上 ``non_blocking=True``，CPU 就不等：它把搬运也排进队列，接着准备下一批。
#
# %% en
# Through the data of an epoch, batch by batch takes :printed:`batch by batch`; once the data have moved, to pick indices takes :printed:`all at once`.
#
# .. only:: not accelerator
#
#    There is no accelerator here, so what is saved is not the moving. It is the work of fetching pictures one by one and stacking them into batches.
#
# Data that do not fit still move batch by batch. How to do that fast is told in ":ref:`accelerators-pinned`".
#
# .. _accelerators-pinned:
#
# Pin the memory, and do not wait for the copy
# --------------------------------------------
#
# .. deeper::
#
# An operating system may move a piece of memory elsewhere, or even write it to disk for a while. While an accelerator fetches numbers by itself, their memory must not move. So from ordinary memory, they are first copied to a place that is locked, then moved from there, and the CPU waits until that is done.
#
# Memory that is locked like this is :term:`pinned memory <pinned-memory>`. With ``pin_memory=True``, a ``DataLoader`` puts each batch into pinned memory right away. With ``non_blocking=True`` in ``to``, the CPU does not wait: it puts the copy into the queue as well, and prepares the next batch.

# region
# zh: 画这幅图的代码：四批数据，准备、搬运、计算各要 3、1、2 份时间
# en: The code that draws this figure: four batches; to prepare, copy and compute one takes 3, 1 and 2 units of time
figure, panels = plt.subplots(2, 1, figsize=(4.4, 3.0), layout="constrained", sharex=True)
for axis, title, waits in zip(panels, ("ordinary memory", "pinned, without waiting"), (True, False)):
    cpu = accelerator = 0
    for number in range(1, 5):
        axis.broken_barh([(cpu, 3)], (0.75, 0.5), color="tab:orange", alpha=0.5 if number % 2 else 0.8)
        axis.text(cpu + 1.5, 1, number, ha="center", va="center", fontsize=10)
        begin = max(cpu + 3, accelerator)
        axis.broken_barh([(begin, 1)], (-0.25, 0.5), color="tab:green", alpha=0.5 if number % 2 else 0.8)
        axis.broken_barh([(begin + 1, 2)], (-0.25, 0.5), color="tab:blue", alpha=0.5 if number % 2 else 0.8)
        axis.text(begin + 2, 0, number, ha="center", va="center", fontsize=10)
        cpu, accelerator = (begin + 1 if waits else cpu + 3), begin + 3
    axis.set_title(title, fontsize=10)
    axis.set_yticks([1, 0], ["CPU", "accelerator"])
    axis.set(xticks=[], ylim=(-0.5, 1.5))
panels[1].set_xlabel("time")
plt.show()
# endregion

# %% zh
# .. caption:: 按假定的时间画成，不是量出来的。橙色是 CPU 在准备，绿色是搬运，蓝色是计算。上图中，CPU 每批都要等到搬完才准备下一批，加速器算完就闲着；下图中，CPU 一批接一批地准备，加速器不停。
#
# 没有加速器，也就没有锁页内存。这样写，哪里都能运行：
#
# %% en
# .. caption:: Drawn from assumed times, not measured. Orange: the CPU prepares a batch; green: the copy; blue: computing. Above, the CPU waits for each copy before it prepares the next batch, and the accelerator has gaps. Below, it prepares one after another, and the accelerator goes on without a pause.
#
# Without an accelerator, there is no pinned memory, either. This runs anywhere:

import warnings

loader = DataLoader(train, batch_size=32, pin_memory=device.type != "cpu")
for few, their_labels in loader:
    moved = few.to(device, non_blocking=True)
print("pinned =", few.is_pinned())

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    next(iter(DataLoader(train, batch_size=32, pin_memory=True)))
print("warnings:", *[warning.message for warning in caught])

# %% zh
# 没有加速器，``pin_memory=True`` 也只是换来上面这样的一句警告；有 NVIDIA 的 GPU，就没有警告；苹果的 ``mps`` 会有另一句。
#
# 反过来从加速器取数，要小心：``to("cpu", non_blocking=True)`` 一排进队列就返回，数可能还没到，这时读到的是什么就难说了。先同步再读，或者干脆不写 ``non_blocking``。
#
# .. _accelerators-scaler:
#
# 让太小的梯度不消失
# ------------------
#
# .. deeper::
#
# ``float16`` 存得下的最小的数，比 ``bfloat16`` 的大得多。下面用前 64 张图求梯度，数一数有多少个本来不是 0，却变成了 0：
#
# %% en
# Without an accelerator, ``pin_memory=True`` brings nothing worse than the warning above; with a GPU of NVIDIA there is no warning, and Apple's ``mps`` gives another one.
#
# Take care when you fetch numbers from the accelerator. ``to("cpu", non_blocking=True)`` returns once it is in the queue, and the numbers may not have arrived; what you read then may be anything. Synchronize before you read, or leave ``non_blocking`` out.
#
# .. _accelerators-scaler:
#
# Keep small gradients from vanishing
# -----------------------------------
#
# .. deeper::
#
# The smallest number that ``float16`` can hold is far larger than that of ``bfloat16``. Here are the gradients for the first 64 pictures; count those that should not be 0, and yet have become 0.


def gradients(dtype, scale=1.0):
    network.zero_grad()
    with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
        loss = cross_entropy(network(images[:64]), labels[:64])
    (loss * scale).backward()
    return torch.cat([parameter.grad.flatten() for parameter in network.parameters()]) / scale


exact = gradients(torch.float32)
print("not zero =", (exact != 0).sum().item())
lost = {}
for name, found in {
    "bfloat16": gradients(torch.bfloat16),
    "float16": gradients(torch.float16),
    "float16, scaled": gradients(torch.float16, scale=2.0**16),
}.items():
    lost[name] = ((exact != 0) & (found == 0)).sum().item()
    print(f"{name} -> lost = {lost[name]}")
assert lost["float16"] > max(lost["bfloat16"], lost["float16, scaled"])

# %% zh
# 办法很简单：损失先乘上一个大数，所有的梯度就跟着变大，躲开了 0；求完再除回来。
#
# 乘多大才好？太大又会变成 ``inf``。``GradScaler`` 自己找：梯度里有 ``inf``，这一步就不走，倍数减半；一连很多步都顺利，再加倍。故意从很大的倍数开始，看它找：
#
# %% en
# The remedy is simple: multiply the loss by a large number first. All gradients grow with it and stay clear of 0; divide them again at the end.
#
# How large a number? Too large, and there is ``inf`` again. ``GradScaler`` finds out: where a gradient is ``inf``, it skips this step and halves the scale; after many good steps, it doubles it. Let it begin far too large on purpose.

scaler = torch.amp.GradScaler(device.type, init_scale=2.0**40)
scales = [scaler.get_scale()]
for step in range(40):
    optimizer.zero_grad()
    with torch.autocast(device.type, dtype=torch.float16):
        loss = cross_entropy(network(images[:64]), labels[:64])
    scaler.scale(loss).backward()
    scaler.step(optimizer)
    scaler.update()
    scales.append(scaler.get_scale())
skipped = sum(after < before for before, after in zip(scales, scales[1:]))
print("scale at the end =", f"{scales[-1]:,.0f}")
print("skipped =", skipped, " taken =", 40 - skipped)

# %% zh
# 它跳过了 :printed:`skipped` 步，停在 :printed:`scale at the end`，其余 :printed:`taken` 步都走成了。
# 参数更新的时候，``scaler.step`` 会先把倍数除掉，所以学习率不用改。
#
# .. _accelerators-launches:
#
# 数一数一步启动多少个运算
# ------------------------
#
# .. deeper::
#
# PyTorch 把每个运算交给设备之前，可以先让你看一眼。只数数，不改动：
#
# %% en
# It skipped :printed:`skipped` steps, ended at :printed:`scale at the end`, and took the other :printed:`taken` steps.
# Before the parameters are updated, ``scaler.step`` divides by the scale, so the learning rate stays as it is.
#
# .. _accelerators-launches:
#
# Count what one step starts
# --------------------------
#
# .. deeper::
#
# Before PyTorch hands an operation to the device, it can let you have a look. Only count them, and change nothing.

from torch.utils._python_dispatch import TorchDispatchMode


class Count(TorchDispatchMode):
    calls = 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        self.calls += 1
        return operation(*args, **(kwargs or {}))


counts = {}
for width in (6, 1024):
    step = training_step(width, device)
    step()
    with Count() as count:
        step()
    counts[width] = count.calls
    print(f"operations at width {width} = {count.calls}")
assert counts[6] == counts[1024]

# %% zh
# 窄的 :printed:`operations at width 6` 个，宽的 :printed:`operations at width 1024` 个，一样多。有几个只是换一种视图，并不计算；其余的，每个都要由 Python 和 PyTorch 启动一次，不管它要算的是几百个数还是几百万个。
# 省下启动的办法，是一次多算些：更宽的网络，更大的批；也可以让 ``torch.compile`` 把几个运算合成一个。
#
# .. _accelerators-messages:
#
# 再认几条报错
# ------------
#
# .. deeper::
#
# 别人的代码里常写死 ``"cuda"``。在 GPU 上存的文件，也记着自己原来在哪里。还有 NumPy，它只认 CPU 上的张量。三样都试一试。文件是造出来的（``BytesIO`` 在内存里，``seek(0)`` 回到它的开头），里面的张量自称在 ``cuda`` 上；``meta`` 是一种假设备，上面的张量只有形状，没有数：
#
# %% en
# The narrow one starts :printed:`operations at width 6`, the wide one :printed:`operations at width 1024`: as many. Some of them are mere views and compute nothing. Each of the others has to be started by Python and PyTorch, be it for some hundred numbers or for millions.
# To start fewer, do more at once: a wider network, a larger batch; or let ``torch.compile`` join several operations into one.
#
# .. _accelerators-messages:
#
# Know some more errors
# ---------------------
#
# .. deeper::
#
# Other people's code often has ``"cuda"`` written into it. A file that was saved on a GPU remembers where its tensors were, too. And NumPy knows tensors on the CPU only. Try all three. The file is made up (``BytesIO`` is one in memory, and ``seek(0)`` goes back to its beginning), of a tensor that says it is on ``cuda``; and ``meta`` is a pretended device, whose tensors have shapes and no numbers.

import io

try:
    print("moved to", torch.ones(3).to("cuda").device)
except (AssertionError, RuntimeError) as error:
    print(f"{type(error).__name__}:", str(error).partition(".")[0])

with FakeTensorMode():
    on_gpu = torch.zeros(2, device="cuda")
file = io.BytesIO()
with torch.serialization.skip_data(materialize_fake_tensors=True):
    torch.save({"weight": on_gpu}, file)

file.seek(0)
try:
    print("loaded to", torch.load(file)["weight"].device)
except RuntimeError as error:
    print("RuntimeError:", str(error).partition(". ")[0])
file.seek(0)
print("with map_location:", torch.load(file, map_location=device)["weight"].device)

try:
    torch.zeros(2, device="meta").numpy()
except TypeError as error:
    print("TypeError:", error)

# %% zh
# 没有 NVIDIA 的 GPU，第一条报的是 ``Found no NVIDIA driver``，或者 ``Torch not compiled with CUDA enabled``；改成 ``device`` 就好。读文件写上 ``map_location=device``，在哪里存的都读得进来。变成 NumPy 数组之前，先 ``cpu()``。
#
# 在真的 GPU 上，``Expected all tensors to be on the same device`` 的后半句可能不同。还有两条，只有真的加速器才有：
#
# - ``CUDA out of memory``：显存，也就是 GPU 的内存，满了。把批改小；测试时写 ``no_grad``；把损失加起来，用 ``loss.item()``，不要用张量，它会留住背后的整张计算图，占着内存。
# - ``device-side assert triggered``：多半是标签或编号超出了范围。因为异步，报错的那一行往往不是出错的那一行。拿到 CPU 上再跑一次，就会停在出错的地方，报错也更清楚。
#
# .. _accelerators-recording:
#
# 录一条加速器的线
# ----------------
#
# .. deeper::
#
# 如果你有一台带加速器的机器，就在那里运行这一课的笔记本或脚本，它会量两条线，都画出来。
#
# 要让没有加速器的人也看到，就在那台机器上装好本项目，运行：
#
# .. code-block:: console
#
#    $ python -m torchhour.timing.record
#
# 它把上面的宽度都量一遍，``float32`` 和 ``bfloat16`` 各一次，写成一个小文件，放进 ``src/torchhour/timing/recordings``，里面有设备的名字、PyTorch 的版本、日期和秒数。把文件提交给项目（见\ :doc:`/contributing`），以后不管在哪里构建，这一课都会画出这条线，虚线，并写明来历。秒数不手写，也不改。
#
# .. _accelerators-end:
#
# 小结
# ----
#
# **你已经会：**写在哪里都能运行的训练程序，给异步的运算计时，说出为什么窄的网络用了加速器也快不了多少，用 ``autocast`` 做混合精度计算，看懂张量放错设备的报错。
#
# **还没讲的：**常见的错误，尤其是不报错的那些。下一课就讲。
#
# .. _accelerators-exercises:
#
# 练习
# ----
#
# 1. **用笔。**\ CIFAR-10 的训练集有 50,000 张 3×32×32 的图，用 ``float32`` 存，是多少 MiB？显存（GPU 的内存）有 8 GiB，放得下吗？
#
#    .. folded:: 提示
#
#       一个 ``float32`` 占 4 个字节；1 MiB 是 1,048,576 个字节。
#
#       做完再看\ :ref:`答案 <solutions-accelerators-1>`。
#
# 2. **改两行。**把 ``training_step`` 里的 4 张图和标签改成 64 张，再量一遍。线的哪一端变化的倍数更大？
#
#    .. folded:: 提示
#
#       与批的大小无关的，只有启动运算和更新参数。
#
#       做完再看\ :ref:`答案 <solutions-accelerators-2>`。
#
# 3. **先猜后做。**第一节的训练也用 ``autocast`` 和 ``bfloat16``，准确率会差多少？
#
#    .. folded:: 提示
#
#       只把 ``loss = …`` 那一行放进 ``with``。两次都从 ``torch.manual_seed(0)`` 开始。
#
#       做完再看\ :ref:`答案 <solutions-accelerators-3>`。
#
# 4. **找错。**训练循环里有 ``images.to(device)`` 和 ``weights = torch.ones(10)`` 两行，到了 GPU 上，各错在哪里？``weights`` 是交给 ``cross_entropy`` 的参数 ``weight``，表示每一类占多大分量。用 ``FakeTensorMode`` 验证，其中的 ``device`` 写成 ``"cuda"``。
#
#    .. folded:: 提示
#
#       张量的 ``to`` 改动自己吗？循环里新建的张量，在哪个设备上？
#
#       做完再看\ :ref:`答案 <solutions-accelerators-4>`。
#
# 5. **自己设计。**在有加速器的机器上运行这一课的笔记本，线在哪里相交？不同步的话呢？
#
#    .. folded:: 提示
#
#       去掉 ``clock`` 里同步的那两行，量到的是排队。排队的时间和宽度有关系吗？
#
#       做完再看\ :ref:`答案 <solutions-accelerators-5>`。
#
# **继续读：**\ PyTorch 文档里讲加速器的 `torch.accelerator <https://docs.pytorch.org/docs/stable/accelerator.html>`__ 和\ `混合精度 <https://docs.pytorch.org/docs/stable/amp.html>`__\ 两页，第二页列出了哪些运算用 16 位。
#
# 接着读 :doc:`80_pitfalls`：出了错，不一定报错。
#
# %% en
# Without a GPU by NVIDIA, the first reads ``Found no NVIDIA driver``, or ``Torch not compiled with CUDA enabled``; write ``device`` instead. With ``map_location=device``, a file loads wherever it was saved. Before you make a NumPy array, call ``cpu()``.
#
# On a real GPU, ``Expected all tensors to be on the same device`` may go on in other words. Two more are met on real accelerators only:
#
# - ``CUDA out of memory``: the memory of the GPU is full. Make the batch smaller; test under ``no_grad``; to sum up losses, take ``loss.item()`` and not the tensor, which holds on to its whole graph.
# - ``device-side assert triggered``: mostly a label or an index out of range. As execution is asynchronous, the line that is named is often not the line at fault. Run it on the CPU once: there it stops at the fault, and says clearly what it is.
#
# .. _accelerators-recording:
#
# Record the line of an accelerator
# ---------------------------------
#
# .. deeper::
#
# If you have a machine with an accelerator, run this lesson's notebook or script there. It measures both lines and draws them.
#
# For others to see that line without an accelerator, install this project on that machine and run:
#
# .. code-block:: console
#
#    $ python -m torchhour.timing.record
#
# It goes through the widths above, in ``float32`` and in ``bfloat16``, and writes a small file into ``src/torchhour/timing/recordings``, with the name of the device, the version of PyTorch, the date and the seconds. Hand that file in (see :doc:`/contributing`), and wherever this lesson is built, it draws that line, dashed, and says where it comes from. Nobody types such seconds in, or edits them.
#
# .. _accelerators-end:
#
# What you take along
# -------------------
#
# **You can now** write training that runs anywhere, time asynchronous work, say why an accelerator gains little on a narrow network, use mixed precision with ``autocast``, and read the errors of a tensor on the wrong device.
#
# **Still to come:** common mistakes, above all those that raise no error, in the next lesson.
#
# .. _accelerators-exercises:
#
# Exercises
# ---------
#
# 1. **With a pencil.** The training set of CIFAR-10 has 50,000 pictures of 3×32×32. How many MiB are they in ``float32``? Do they fit into a GPU with 8 GiB?
#
#    .. folded:: A hint
#
#       A ``float32`` takes 4 bytes, and 1 MiB is 1,048,576 bytes.
#
#       When you are done, see :ref:`the solution <solutions-accelerators-1>`.
#
# 2. **Change two lines.** In ``training_step``, make the 4 pictures and labels 64, and measure again. Which end of the line changes by the larger factor?
#
#    .. folded:: A hint
#
#       Only starting the operations and updating the parameters do not depend on the batch.
#
#       When you are done, see :ref:`the solution <solutions-accelerators-2>`.
#
# 3. **Guess, then try.** Train as in the first section, but with ``autocast`` and ``bfloat16``. How much does the accuracy differ?
#
#    .. folded:: A hint
#
#       Only the line ``loss = …`` goes into the ``with``. Begin with ``torch.manual_seed(0)`` both times.
#
#       When you are done, see :ref:`the solution <solutions-accelerators-3>`.
#
# 4. **Find the faults.** A training loop has the lines ``images.to(device)`` and ``weights = torch.ones(10)``. What is wrong with each on a GPU? ``weights`` is for the argument ``weight`` of ``cross_entropy``, how much each class counts. Check with ``FakeTensorMode``, and let ``device`` be ``"cuda"`` there.
#
#    .. folded:: A hint
#
#       Does a tensor's ``to`` change the tensor? On which device is a tensor that the loop makes?
#
#       When you are done, see :ref:`the solution <solutions-accelerators-4>`.
#
# 5. **Of your own.** Run this lesson's notebook on a machine with an accelerator. Where do the lines cross? And if you do not synchronize?
#
#    .. folded:: A hint
#
#       Take the two lines that synchronize out of ``clock``, and you time the queueing. Does that depend on the width?
#
#       When you are done, see :ref:`the solution <solutions-accelerators-5>`.
#
# **Read on:** PyTorch's pages on `torch.accelerator <https://docs.pytorch.org/docs/stable/accelerator.html>`__ and `mixed precision <https://docs.pytorch.org/docs/stable/amp.html>`__; the second lists what runs in 16 bits.
#
# Go on with :doc:`80_pitfalls`: what goes wrong does not always say so.
