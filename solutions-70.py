# ruff: noqa: B007, E402, E501
# %% zh
# .. _solutions-accelerators-1:
#
# 加速器，第 1 题：放得下吗
# -------------------------
#
# 每张图有 3×32×32 个数，每个数 4 个字节。乘起来，再除以一个 MiB 的字节数，就是整个训练集的大小；8 GiB 是它的十几倍，放得下。
#
# %% en
# .. _solutions-accelerators-1:
#
# Accelerators, exercise 1: does it fit?
# --------------------------------------
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
# 加速器，第 2 题：64 张一批
# --------------------------
#
# 宽的那一端变得多。宽的网络主要在计算，图多了，计算就跟着多；窄的网络有一部分时间花在启动运算上，图再多，这部分也不变。量一量每一端慢了多少：
#
# %% en
# .. _solutions-accelerators-2:
#
# Accelerators, exercise 2: 64 pictures a batch
# ---------------------------------------------
#
# The wide end moves more. A wide network mostly computes, and more pictures are more to compute. A narrow one spends a part of its time on launching operations, and that part stays as it is, however many pictures there are. Measure by how much each end is slower:

from torch import nn
from torch.nn.functional import cross_entropy

from torchhour.timing.clock import median_seconds
from torchhour.timing.widths import wide

torch.manual_seed(0)
torch.set_num_threads(1)
cpu = torch.device("cpu")


def seconds(width, batch):
    network = wide(width)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
    images, labels = torch.rand(batch, 3, 32, 32), torch.randint(10, (batch,))

    def step():
        optimizer.zero_grad()
        cross_entropy(network(images), labels).backward()
        optimizer.step()

    return median_seconds(step, cpu)


narrow_end = seconds(6, batch=64) - seconds(6, batch=4)
wide_end = seconds(256, batch=64) - seconds(256, batch=4)
print("the wide end moves more:", wide_end > narrow_end)
assert wide_end > narrow_end

# %% zh
# .. _solutions-accelerators-3:
#
# 加速器，第 3 题：用 bfloat16 训练
# ---------------------------------
#
# 差不了多少。两次从同样的种子开始，只有 ``with`` 里的那一行不同：
#
# %% en
# .. _solutions-accelerators-3:
#
# Accelerators, exercise 3: train with bfloat16
# ---------------------------------------------
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
# 加速器，第 4 题：两行各错在哪里
# -------------------------------
#
# ``images.to(device)`` 不改动 ``images``，它返回一个新的张量，这里没有人要；应当写 ``images = images.to(device)``。
# ``torch.ones(10)`` 建在 CPU 上，应当写 ``torch.ones(10, device=device)``。在假装的 GPU 上，两个错都报得出来，改好以后就不报了：
#
# %% en
# .. _solutions-accelerators-4:
#
# Accelerators, exercise 4: what is wrong with the two lines
# ----------------------------------------------------------
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
# 加速器，第 5 题：线在哪里相交
# -----------------------------
#
# 这要看你的机器。不同步，量到的是排队，每一步排的运算一样多，所以那条线几乎是平的，好像加速器不花时间就能算宽的网络。
# 没有加速器，也能用一个线程看到同样的事：只量排队，大任务和小任务看不出差别；等做完再量，差别就出来了。
#
# %% en
# .. _solutions-accelerators-5:
#
# Accelerators, exercise 5: where the lines cross
# -----------------------------------------------
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
