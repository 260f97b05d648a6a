"""
%% zh
数据并行
========

一个 Python 进程训练得太慢，就多开几个，分着做。学完这一课，你会看懂一个普通的训练脚本怎样改成几个 Python 一起训练，只多十来行；你会亲眼看到，两个进程各算半批图，再取平均，得到的梯度和一个进程算整批的一样。
你还会知道，同一个脚本搬到几块 GPU 上，还要改什么。

**需要的基础：**读过 :doc:`40_classifier`，看得懂训练循环。

.. minutes:: 14

%% en
Data parallel
=============

When one Python process is too slow at training, start several that share the work. By the end of this lesson you will have seen an ordinary training script become one that several run together, with a dozen more lines or so. You will have seen two of them take half a batch each, average what they find, and get the same gradient as one with the whole.
And you will know what else it takes to run that script on several GPUs.

**What you need:** to be able to read a training loop, as in :doc:`40_classifier`.

.. minutes:: 14
"""

# %% zh
# .. _data-parallel-halves:
#
# 把一批图分成两半
# ----------------
#
# 先只用一个**进程**，也就是一个正在运行的 Python。这里有 32 张手写数字，每张 8×8，也就是 64 个像素，数值从 0 到 16，这里都除以 16；网络只有一层，给十个数字打分。隔一张取一张，把图分成两半，求三次梯度：两半各求一次，整批求一次。
#
# 我们盯住一个权重，``weight[1, 20]``：它从 20 号像素连到数字 1 的得分。
#
# %% en
# .. _data-parallel-halves:
#
# Split a batch in two
# --------------------
#
# Begin with one **process**, which is a Python that is running. Here are 32 handwritten digits of 8×8, or 64 pixels of 0 to 16, divided by 16; and a network of one layer that scores ten digits. Every second picture goes into one half. Find three gradients: of both halves, and of the whole batch.
#
# We follow a single weight, ``weight[1, 20]``, which leads from pixel 20 to the score of the digit 1.

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.functional import cross_entropy

torch.manual_seed(0)
torch.set_num_threads(1)
digits = load_digits()
images = torch.tensor(digits.data[:32], dtype=torch.float32) / 16  # 32×64
labels = torch.tensor(digits.target[:32])
network = nn.Linear(64, 10)


def gradient(images, labels):
    network.zero_grad()
    cross_entropy(network(images), labels).backward()
    return network.weight.grad.clone()  # 10×64


even = gradient(images[::2], labels[::2])
odd = gradient(images[1::2], labels[1::2])
whole = gradient(images, labels)
print(f"even = {even[1, 20]:.3f}, odd = {odd[1, 20]:.3f}, whole = {whole[1, 20]:.3f}")
assert even[1, 20] > 0 > odd[1, 20]

# %% zh
# 两半的梯度连正负都相反：:printed:`even` 和 :printed:`odd`。这 32 张图，数字恰好一双一单交替着排，所以隔一张取一张，一半全是双数，另一半全是单数。没见过 1 的那一半，要压低 1 的得分：梯度为正，权重就要减小；见过的那一半，在 20 号像素这里正相反。
#
# .. folded:: 先猜一猜：由两半的梯度，怎样得到整批的 :printed:`whole`？相加，取平均，还是取大的？
#
#    取平均。损失是各张图的平均，两半的张数又一样，所以整批的损失正是两半损失的平均，梯度也是。
#
# %% en
# The two gradients differ even in sign: :printed:`even` and :printed:`odd`. In these 32 pictures, even and odd digits happen to take turns, so one half is all even and the other all odd. The half without a 1 wants to lower the score of 1: a positive gradient makes the weight smaller. At pixel 20, the other half wants the opposite.
#
# .. folded:: Guess first: how do you get :printed:`whole`, the gradient of the whole batch, from those of the halves? Add them, take their mean, or the larger?
#
#    Their mean. The loss is a mean over pictures, and the halves are equally large. So the loss of the whole is the mean of the losses of the halves, and so is its gradient.

mean = (even + odd) / 2
print(f"mean = {mean[1, 20]:.3f}")
assert torch.allclose(mean, whole, atol=1e-6)

# %% zh
# 平均是 :printed:`mean`，和整批的一样；其余的权重也都如此。所以两半可以在两处分开算，算完只要取个平均。
#
# .. _data-parallel-picture:
#
# 画出两个进程
# ------------
#
# 一半给左边，一半给右边，各画出四张。下面的三个数，是 ``weight[1, 18:21]`` 的梯度：
#
# %% en
# It is :printed:`mean`, as for the whole batch; so it is with all the other weights. The halves can be worked out in two places, then, and all that is left is to take a mean.
#
# .. _data-parallel-picture:
#
# Picture two processes
# ---------------------
#
# One half goes to the left, the other to the right; four pictures of each are drawn. The three numbers are gradients of ``weight[1, 18:21]``:

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
from torchhour.ranks import draw_all_reduce

pictures = images.view(32, 8, 8)
draw_all_reduce([pictures[0:8:2], pictures[1:8:2]], [even[1, 18:21], odd[1, 18:21]])
# endregion

# %% zh
# .. caption:: 两个进程各有几张图、同样的网络和自己的梯度；全归约把梯度加起来，再除以 2，两边拿到的平均相同，走的一步也就相同。
#
# 每一列是一个进程，有自己的内存，看不见别人的变量。它们只在写着“全归约”的框里碰头。
#
# - 一起训练的几个进程，叫:term:`进程组 <process-group>`。
# - 每个进程有一个编号，叫 :term:`rank`，从 0 数起；一共有几个进程，叫 :term:`world size <world-size>`。
# - 框里做的事，叫:term:`全归约 <all-reduce>`：每个进程交出一个张量，合成一个，例如相加，然后每个进程都拿到合成后的结果。
#
# 种子相同，权重一开始就相同，此后每一步又走得一样，所以始终相同。每一步传来传去的，只有梯度。这就是:term:`数据并行 <data-parallel>`：网络人手一份，数据分开。
#
# .. _data-parallel-by-hand:
#
# 真的开两个进程
# --------------
#
# 新的进程看不见这一页上的变量，只会从头运行一个文件，:download:`by_hand.py <../../src/torchhour/workers/by_hand.py>`，全文是：
#
# .. literalinclude:: ../../src/torchhour/workers/by_hand.py
#    :language: python
#    :lines: 3-
#
# 两个进程运行的是同一个文件，不同的只有 ``rank``。``dist`` 来自 ``import torch.distributed as dist``，``init_process_group`` 等大家到齐，``"gloo"`` 负责用 CPU 在进程之间传数据，这样的程序叫通信后端。
# ``slice(rank, None, world_size)`` 就是 ``[rank::world_size]``，分出来的正是上面的两半。``all_reduce`` 默认相加，把和写回 ``gradient``，所以后面还要除以 ``world_size``。末尾两行从命令里取出文件夹，交给 ``main``。
#
# 在终端里，用随 PyTorch 装好的 ``torchrun`` 运行它：
#
# .. code-block:: console
#
#    $ torchrun --standalone --nproc-per-node=2 by_hand.py .
#
# ``--standalone`` 是说只有这一台机器，``--nproc-per-node`` 是一台机器上的进程数；末尾的点是当前文件夹，也就是 ``main`` 的 ``folder``（``$`` 不用输入）。这里由本课程的 ``launch`` 替我们运行这条命令，出了错，也不会有进程残留。
#
# %% en
# .. caption:: Two processes, each with some pictures, the same network and a gradient of its own; all-reduce adds up the gradients; divided by 2, that is a mean, the same for both, and so they take the same step.
#
# Each column is a process; it has its own memory and cannot see the other's variables. They meet only in the box that says "all-reduce".
#
# - Processes that train together are a :term:`process group <process-group>`.
# - Each has a number, its :term:`rank`, counted from 0; how many there are is the :term:`world size <world-size>`.
# - In the box is an :term:`all-reduce <all-reduce>`: each process hands in a tensor, they are combined, for example added, and all get the result.
#
# With the same seed, the weights begin equal; every step is equal, so they stay equal. At each step, nothing travels but gradients. That is :term:`data parallelism <data-parallel>`: a copy of the network for each, the data divided.
#
# .. _data-parallel-by-hand:
#
# Run two processes for real
# --------------------------
#
# A new process sees no variables of this page; it runs a file from the top. Ours is :download:`by_hand.py <../../src/torchhour/workers/by_hand.py>`. This is the whole of it:
#
# .. literalinclude:: ../../src/torchhour/workers/by_hand.py
#    :language: python
#    :lines: 3-
#
# Both run the same file, and differ only in ``rank``. ``dist`` comes from ``import torch.distributed as dist``; ``init_process_group`` waits until all are there, and ``"gloo"`` is the **backend**, the program that carries numbers between processes, on CPUs.
# ``slice(rank, None, world_size)`` is ``[rank::world_size]``, the halves from above. ``all_reduce`` adds by default and writes the sum into ``gradient``, hence the division by ``world_size``. The last two lines hand ``main`` the folder that the command names.
#
# In a terminal, you run it with ``torchrun``, which came with PyTorch:
#
# .. code-block:: console
#
#    $ torchrun --standalone --nproc-per-node=2 by_hand.py .
#
# ``--standalone`` says that there is this machine alone, ``--nproc-per-node`` how many processes a machine has; the dot is the current folder, and becomes ``folder`` in ``main`` (``$`` is not typed). Here, ``launch`` of this course runs the command for us, and leaves no process behind if anything goes wrong.

# region
# zh: folder，一个临时文件夹，用完自动删除
# en: folder, a temporary folder, which deletes itself
import tempfile

folder = tempfile.TemporaryDirectory()
# endregion
from torchhour.launch import launch
from torchhour.workers import by_hand, many, one

launch(by_hand, folder.name, processes=2)

print(f"{'':6}  {'own':>6}  {'mean':>6}")
for rank in range(2):
    own = torch.load(f"{folder.name}/own{rank}.pt")
    mean = torch.load(f"{folder.name}/mean{rank}.pt")
    print(f"rank {rank}  {own[1, 20]:6.3f}  {mean[1, 20]:6.3f}")
    assert torch.allclose(mean, whole, atol=1e-6)

# %% zh
# 和刚才在一个进程里一样，``own`` 是 :printed:`rank 0, own` 和 :printed:`rank 1, own`，全归约以后，两个进程手里都是 :printed:`rank 0, mean`，正是整批的梯度。
#
# .. _data-parallel-many:
#
# 从一个进程到很多个
# ------------------
#
# 真要训练，不必自己写全归约。先看一个普通的脚本 :download:`one.py <../../src/torchhour/workers/one.py>`，它用 1,536 张图训练五轮，循环和前面几课的一样：
#
# %% en
# Just as in one process, ``own`` is :printed:`rank 0, own` and :printed:`rank 1, own`, and after the all-reduce both hold :printed:`rank 0, mean`, the gradient of the whole batch.
#
# .. _data-parallel-many:
#
# Turn one process into many
# --------------------------
#
# To train, you need not write the all-reduce yourself. Take an ordinary script first, :download:`one.py <../../src/torchhour/workers/one.py>`. It trains on 1,536 pictures for five epochs, in a loop like those of earlier lessons:

one.main(f"{folder.name}/one.pt")

# %% zh
# 再看多进程版的 :download:`many.py <../../src/torchhour/workers/many.py>`。标着 ``+`` 的行是新加的，标着 ``-`` 的行去掉了，别的一字不动。``main`` 的参数是保存权重的文件名，也来自命令，例如 ``torchrun --standalone --nproc-per-node=2 many.py many.pt``：
#
# .. literalinclude:: ../../src/torchhour/workers/many.diff
#    :language: diff
#    :lines: 3-
#
# - ``DistributedDataParallel`` 简称 DDP，它包住网络，在 ``backward`` 的时候就做好梯度的全归约，而且已经除以进程数：拿到的是平均。
# - ``DistributedSampler`` 打乱图的次序，再一张一张轮流分给各个进程，所以 ``shuffle=True`` 不写了，改由 ``set_epoch`` 告诉它是第几轮，每轮换一个次序。每个进程一次取 ``32 // world_size`` 张，两个合起来还是 32 张，学习率就不必改。
# - 只有 rank 0 打印，不然每个进程都会打印自己的一行，次序还乱。
# - 只有 rank 0 保存，反正大家的权重一样。存的是包在里面的 ``network.module``，这样文件里参数的名字就和一个进程存的一样（包着的，每个名字前面都多一个 ``module.``）。
#
# .. _data-parallel-run:
#
# 运行，再比一比
# --------------
#
# 让两个进程训练，再用谁也没学过的 261 张图，把两个网络都考一考：
#
# %% en
# And here is :download:`many.py <../../src/torchhour/workers/many.py>`, for many. Lines with ``+`` are new, those with ``-`` are gone, all else is as it was. ``main`` is handed a name to save the weights under, again from the command, as in ``torchrun --standalone --nproc-per-node=2 many.py many.pt``:
#
# .. literalinclude:: ../../src/torchhour/workers/many.diff
#    :language: diff
#    :lines: 3-
#
# - ``DistributedDataParallel``, or DDP, wraps the network, and all-reduces its gradients during ``backward``. It also divides by the number of processes, so what you get is the mean.
# - ``DistributedSampler`` shuffles the pictures and deals them out in turns, so ``shuffle=True`` goes, and ``set_epoch`` tells it the epoch, for another order in each. Each process takes ``32 // world_size`` at a time; two of them take 32 together as before, so the learning rate can stay.
# - Only rank 0 prints; otherwise each process would print a line of its own, in any order.
# - Only rank 0 saves, since all have the same weights. What it saves is the network inside, ``network.module``, so the parameters have the names that one process would give them (wrapped, each would begin with ``module.``).
#
# .. _data-parallel-run:
#
# Run it, and compare
# -------------------
#
# Let two processes train, then test both networks on 261 pictures that neither has learned from:

launch(many, f"{folder.name}/many.pt", processes=2)

# region
# zh: 读入两份权重，考一考
# en: Load the weights of both, and test them
unseen = torch.tensor(digits.data[1536:], dtype=torch.float32) / 16
network = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
for name in ("one", "many"):
    network.load_state_dict(torch.load(f"{folder.name}/{name}.pt"))
    right = network(unseen).argmax(dim=1) == torch.tensor(digits.target[1536:])
    print(f"{name} = {right.float().mean():.1%}")
    assert right.float().mean() > 0.8
# endregion

# %% zh
# 一个进程是 :printed:`one`，两个是 :printed:`many`，不相上下；有一点差别，因为图的次序不同。打印的损失，是每轮最后一批的，所以忽高忽低；``many.py`` 打印的，只是 rank 0 的那半批的。
#
# 网络这样小，不要指望开两个进程会更快：启动和互相等待，比省下的计算还费时间。网络大了，一步要算很久，才划算。
#
# .. _data-parallel-sampler:
#
# 看看谁分到哪些图
# ----------------
#
# 平时，``DistributedSampler`` 会向进程组问 world size 和这个进程的 rank。也可以用参数 ``num_replicas``（就是 world size）和 ``rank`` 直接告诉它，这样一个进程就能扮演两个。给它十张图，编号 0 到 9：
#
# .. folded:: 先猜一猜：不写 ``set_epoch``，第二轮的次序会怎样？
#
#    和第一轮一模一样。它打乱用的随机种子，是它的参数 ``seed``（默认 0）加上轮数，而轮数要靠 ``set_epoch`` 告诉它。忘了写不会报错，只是每一轮都按同样的次序、同样的搭配去学。
#
# %% en
# One process gets :printed:`one`, two get :printed:`many`, much the same; they differ a little, since the pictures came in another order. Each loss printed is of the last batch of its epoch, so they jump; with ``many.py``, of rank 0's half of it alone.
#
# With so small a network, two processes are no faster: starting up and waiting for each other costs more time than it saves. It pays once networks are large, and a step computes for long.
#
# .. _data-parallel-sampler:
#
# See who gets which pictures
# ---------------------------
#
# As a rule, a ``DistributedSampler`` asks the process group for the world size and its rank. Tell it these as ``num_replicas``, the world size, and ``rank``, and one process can play two. Here are ten pictures, 0 to 9:
#
# .. folded:: Guess first: without ``set_epoch``, in what order do they come in the second epoch?
#
#    In that of the first. It shuffles with a random seed, which is its argument ``seed``, 0 by default, plus the number of the epoch, and only ``set_epoch`` tells it that number. Forgetting it raises no error; every epoch just has the same order, and the same pictures together.

from torch.utils.data import DistributedSampler

samplers = [DistributedSampler(range(10), num_replicas=2, rank=rank) for rank in range(2)]
for epoch in range(2):
    for rank, sampler in enumerate(samplers):
        sampler.set_epoch(epoch)
        print(f"epoch {epoch}, rank {rank}:", list(sampler))

# %% zh
# 每一轮，两个进程合起来恰好是全部十张，谁也不重复；下一轮重新洗牌。
#
# .. _data-parallel-without:
#
# 直接用 python 运行会怎样
# ------------------------
#
# 最常见的错误，是忘了 ``torchrun``，直接运行 ``python many.py many.pt``。在笔记本里写 ``init_process_group``，报的错也一样：
#
# %% en
# In each epoch, the two share all ten, none twice; for the next, they are dealt anew.
#
# .. _data-parallel-without:
#
# What if you run it with python
# ------------------------------
#
# The most common mistake is ``python many.py many.pt``, without ``torchrun``. In a notebook, ``init_process_group`` meets the same error:

import textwrap

import torch.distributed as dist

try:
    dist.init_process_group("gloo")
except ValueError as error:
    print(textwrap.fill(f"{type(error).__name__}: {error}", 72))

# %% zh
# 它不知道自己的 rank。``torchrun`` 做的事其实不多：把文件启动几遍，用:term:`环境变量 <environment-variable>` ``RANK``、``WORLD_SIZE`` 等告诉每个进程它是谁、到哪里碰头。
#
# .. _data-parallel-gpus:
#
# 搬到几块 GPU 上
# ---------------
#
# 每块 GPU 由一个进程管。``many.py`` 还要改这几行，这一页没有运行它们：
#
# .. code-block:: diff
#
#    -    dist.init_process_group("gloo")
#    +    torch.accelerator.set_device_index(dist.get_node_local_rank())
#    +    device = torch.accelerator.current_accelerator()
#    +    dist.init_process_group("nccl")
#    -    network = DistributedDataParallel(network)
#    +    network = DistributedDataParallel(network.to(device))
#             for images, labels in loader:
#    +            images, labels = images.to(device), labels.to(device)
#
# ``set_device_index`` 选定这个进程用哪一块 GPU，从此 ``to(device)`` 就送到那一块；怎样查有没有加速器，“:doc:`70_accelerators`”一课再讲。``"nccl"`` 是 NVIDIA 的 GPU 之间的通信后端，比 gloo 快得多。``get_node_local_rank`` 是进程在这台机器上的编号，也由 ``torchrun`` 给出，正好用来选 GPU。写 ``--nproc-per-node=gpu``，有几块 GPU 就开几个进程。
#
# %% en
# It does not know its rank. What ``torchrun`` does is not much: it starts the file several times, and tells each process who it is and where to meet, in :term:`environment variables <environment-variable>` such as ``RANK`` and ``WORLD_SIZE``.
#
# .. _data-parallel-gpus:
#
# Move it to several GPUs
# -----------------------
#
# Each GPU gets a process. ``many.py`` changes further, in these lines, which this page has not run:
#
# .. code-block:: diff
#
#    -    dist.init_process_group("gloo")
#    +    torch.accelerator.set_device_index(dist.get_node_local_rank())
#    +    device = torch.accelerator.current_accelerator()
#    +    dist.init_process_group("nccl")
#    -    network = DistributedDataParallel(network)
#    +    network = DistributedDataParallel(network.to(device))
#             for images, labels in loader:
#    +            images, labels = images.to(device), labels.to(device)
#
# ``set_device_index`` chooses a GPU for this process, and from then on, ``to(device)`` means it; how to ask whether there is an accelerator comes in :doc:`70_accelerators`. ``"nccl"`` is the backend between NVIDIA's GPUs, far faster than gloo. ``get_node_local_rank`` is the number of a process on its own machine, also from ``torchrun``, and chooses the GPU. With ``--nproc-per-node=gpu``, there are as many processes as GPUs.

# %% zh
# .. _data-parallel-batch-norm:
#
# 例外：批归一化
# --------------
#
# .. deeper::
#
# 两半的平均等于整批，是因为一张图的损失只取决于这张图。:term:`批归一化 <batch-normalization>`却要用一批图的均值和方差，半批的和整批的不同。加一层，再比一次：
#
# %% en
# .. _data-parallel-batch-norm:
#
# One thing is not the same: batch normalization
# ----------------------------------------------
#
# .. deeper::
#
# The mean of the halves is that of the whole because the loss of a picture depends on that picture alone. :term:`Batch normalization <batch-normalization>`, however, uses the mean and the variance of a batch, and those of half a batch are different. Add such a layer, and compare again:

layer = nn.Linear(64, 10)
network = nn.Sequential(layer, nn.BatchNorm1d(10))


def gradient_of_layer(images, labels):
    network.zero_grad()
    cross_entropy(network(images), labels).backward()
    return layer.weight.grad.clone()


halves = gradient_of_layer(images[::2], labels[::2]) + gradient_of_layer(images[1::2], labels[1::2])
whole_batch = gradient_of_layer(images, labels)
print(f"mean of halves = {halves[1, 20] / 2:.3f}, whole = {whole_batch[1, 20]:.3f}")
assert not torch.allclose(halves / 2, whole_batch, atol=1e-2)

# %% zh
# 每个进程的图足够多，这点差别通常无妨。图很少的时候，在 GPU 上可以用 ``nn.SyncBatchNorm.convert_sync_batchnorm(network)``，让均值和方差也在进程之间合起来算。
#
# .. _data-parallel-uneven:
#
# 分不均匀怎么办
# --------------
#
# .. deeper::
#
# 五张图分给两个进程：
#
# %% en
# If each process has pictures enough, this hardly matters as a rule. If they are few, ``nn.SyncBatchNorm.convert_sync_batchnorm(network)`` has means and variances worked out over all processes; it needs GPUs.
#
# .. _data-parallel-uneven:
#
# When it does not divide
# -----------------------
#
# .. deeper::
#
# Deal five pictures to two processes:

for rank in range(2):
    sampler = DistributedSampler(range(5), num_replicas=2, rank=rank, shuffle=False)
    print(f"rank {rank}:", list(sampler))

# %% zh
# 0 号图出现了两次。步数必须人人一样：谁多走一步，就会在全归约里白等别人。给 ``DistributedSampler`` 写上 ``drop_last=True``，就改为丢掉多出来的。
#
# 训练时重复一两张没有关系。考试时可不行，那一张会算两遍：要么只让 rank 0 考全部的图，要么各考各的，再把答对的张数和总张数都加起来。
#
# .. _data-parallel-ring:
#
# 一圈传下来，人人都有总和
# ------------------------
#
# .. deeper::
#
# 全归约怎样做到？最直接的办法，是都交给一个进程去加，可是进程越多，它越忙。常见的一种办法是排成一圈：张量切成几段，每一步，每个进程只把一段传给下一个进程。
#
# .. folded:: 先猜一猜：进程从 3 个增加到 300 个，每个进程要传的数会多多少？
#
#    只多一半。段也切得更小了：3 个进程时，每个一共传出一又三分之一个张量那么多，进程再多也不到两个。多的是步数，每一步都有一点耽搁。
#
# 下面每步打印三个列表，一个列表是一个进程，其中第几个数就是第几段。前一半的步，收到就加上去；后一半，收到就照抄：
#
# %% en
# Picture 0 comes twice. All must take the same number of steps: whoever took one more would wait in its all-reduce for others that never come. With ``drop_last=True``, ``DistributedSampler`` leaves out the odd one instead.
#
# A picture or two twice does no harm in training. In a test it does, since it counts twice: either let rank 0 test all pictures by itself, or let each test its own, then add up both the pictures and those that were right.
#
# .. _data-parallel-ring:
#
# Round the ring, until all have the sum
# --------------------------------------
#
# .. deeper::
#
# How is an all-reduce done? You might hand everything to one process to add up; but the more processes, the more it has to do. A common way is a ring: cut the tensor into parts, and at each step, each process hands one part to the next process.
#
# .. folded:: Guess first: from 3 processes to 300, how much more does each of them have to send?
#
#    Only half as much again. The parts are smaller, too: of 3 processes, each sends as much as one tensor and a third in all; however many there are, it is less than two. What grows is the number of steps, and each has some delay.
#
# Each step below prints three lists; a list is a process, and its numbers are the parts. In the first half of the steps, what arrives is added; in the second, it is copied:

parts = torch.tensor([[1, 2, 3], [10, 20, 30], [100, 200, 300]])
total = parts.sum(dim=0)
for step in range(4):
    before = parts.clone()
    for rank in range(3):
        part, right = (rank - step) % 3, (rank + 1) % 3
        if step < 2:
            parts[right, part] += before[rank, part]
        else:
            parts[right, part] = before[rank, part]
    print(f"step {step + 1}:", parts.tolist())
assert (parts == total).all()

# %% zh
# .. _data-parallel-overlap:
#
# DDP 还做了什么
# --------------
#
# .. deeper::
#
# - 一开始，它把 rank 0 的权重发给大家，所以各个进程的随机种子不同也没有关系。
# - 它不等 ``backward`` 结束：后面几层的梯度一算好，就攒成一包送出去，前面几层接着算。这样，传数的时间可以藏在计算里。
# - 它要等每个参数的梯度。如果有的参数没有参与损失的计算，就会报错，要写 ``find_unused_parameters=True``。
# - 几个小批量才走一步的时候，除了最后一个，前面的前向和 ``backward`` 都用 ``with network.no_sync():`` 包住，就先不做全归约。
#
# .. _data-parallel-stuck:
#
# 卡住了，或者出错了
# ------------------
#
# .. deeper::
#
# 一个进程出错，``torchrun`` 会把其余的停下，最后列一张表，写明先出错的是谁。要看的是它自己的报错，在那张表上面。别的进程往往也报错，说 ``Connection reset by peer`` 或 ``Connection closed by peer``：那只是等不到它了，不是原因。
#
# 最难查的是不报错，只是卡着不动。只要有一个进程没有走到那次全归约，别的就在那里等。常见的有两种：把 ``backward`` 写进了 ``if rank == 0:``；各个进程的步数不同。如果那个进程这时已经做完退出，等着的就会报 ``Connection closed by peer``，而没有别的报错来说明原因。gloo 默认要等 30 分钟，nccl 默认 10 分钟，调试时可以设短一些：
#
# .. code-block:: python
#
#    from datetime import timedelta
#
#    dist.init_process_group("gloo", timeout=timedelta(seconds=30))
#
# 报 ``EADDRINUSE``，是端口（好比一台机器上的门牌号）被别的程序占了；``--standalone`` 会自己找一个空的。报 ``Default process group has not been initialized``，是在 ``init_process_group`` 之前就用了进程组。
#
# 笔记本里还有一个陷阱：``torch.multiprocessing.spawn`` 启动的新进程找不到写在笔记本里的函数，报 ``AttributeError: Can't get attribute``。要启动的代码，请写进文件。
#
# 这一课在 Linux 上运行过。在 Windows 上，有人遇到 ``use_libuv was requested but PyTorch was build without libuv support``，改用 WSL 可以避开。
#
# .. _data-parallel-old:
#
# 为什么不用 nn.DataParallel
# --------------------------
#
# .. deeper::
#
# 旧代码里常有一行 ``network = nn.DataParallel(network)``，看上去省事得多。它只有一个进程，用几个线程，每块 GPU 一个。每一步，它都要把网络重新复制到各块 GPU，再把输出收回来；而 Python 的代码，几个线程只能一个接一个地执行。它也用不了第二台机器。它自己的文档就劝人不要用：
#
# %% en
# .. _data-parallel-overlap:
#
# What else DDP does
# ------------------
#
# .. deeper::
#
# - At the start it sends the weights of rank 0 to all, so it does not matter if the processes have different random seeds.
# - It does not wait for the end of ``backward``. As soon as the gradients of the later layers are there, they are sent off in a bundle, while those of earlier layers are computed. The time for sending can thus hide behind the computing.
# - It waits for the gradient of every parameter. If one takes no part in the loss, an error follows, and ``find_unused_parameters=True`` is needed.
# - Where several mini-batches make one step, put forward pass and ``backward`` of all but the last into ``with network.no_sync():``, and they do no all-reduce.
#
# .. _data-parallel-stuck:
#
# When it fails, or stands still
# ------------------------------
#
# .. deeper::
#
# If a process fails, ``torchrun`` stops the others, and ends with a table that tells which failed first. Look for that one's own error, above the table. Others often fail as well, with ``Connection reset by peer`` or ``Connection closed by peer``: they waited for it in vain, and are not the cause.
#
# It is hardest to find out where there is no error, and nothing moves. If a single process does not come to an all-reduce, the others wait for it there. There are two usual reasons: ``backward`` stands in an ``if rank == 0:``, or the processes take different numbers of steps. If that one has meanwhile ended, those that wait for it raise ``Connection closed by peer``, and no other error explains why. By default they wait for 30 minutes with gloo, 10 minutes with nccl; make it shorter while you search:
#
# .. code-block:: python
#
#    from datetime import timedelta
#
#    dist.init_process_group("gloo", timeout=timedelta(seconds=30))
#
# ``EADDRINUSE`` means that another program has the port, which is like the number of a door; ``--standalone`` finds a free one. ``Default process group has not been initialized`` means that the process group was used before ``init_process_group``.
#
# Notebooks have one more trap: new processes of ``torch.multiprocessing.spawn`` cannot find functions that were written in a notebook, and raise ``AttributeError: Can't get attribute``. Put into a file what is to be started.
#
# This lesson has been run on Linux. On Windows, some have met ``use_libuv was requested but PyTorch was build without libuv support``; WSL avoids it.
#
# .. _data-parallel-old:
#
# Why not nn.DataParallel
# -----------------------
#
# .. deeper::
#
# Old code often has the line ``network = nn.DataParallel(network)``, which looks far simpler. It has a single process, with a thread for each GPU. At every step, it copies the network to each GPU anew, then fetches the outputs back; and threads of Python can run their code only in turns. It cannot use a second machine, either. Its own documentation advises against it:

advice = " ".join(nn.DataParallel.__doc__.split())
advice = advice[advice.index("It is recommended") : advice.index("See: ")]
print(textwrap.fill(advice, 60))

# %% zh
# .. _data-parallel-machines:
#
# 从一台机器到几台
# ----------------
#
# .. deeper::
#
# 几台机器，每台几个进程：``RANK`` 从头数到尾，``LOCAL_RANK`` 在每台机器上从 0 数起，world size 是进程的总数。
#
# %% en
# .. _data-parallel-machines:
#
# From one machine to several
# ---------------------------
#
# .. deeper::
#
# With some machines, and some processes on each, ``RANK`` counts them all, ``LOCAL_RANK`` counts from 0 on each machine, and the world size is how many processes there are in all.

from torchhour.ranks import draw_machines

draw_machines(machines=2, processes=2)

# %% zh
# .. caption:: 两台机器，每台两个进程：RANK 从 0 到 3，LOCAL_RANK 在每台机器上都从 0 到 1。
#
# ``many.py`` 一个字也不用改。在每台机器上运行同一条命令：
#
# .. code-block:: console
#
#    $ torchrun --nnodes=2 --nproc-per-node=2 --rdzv-id=digits --rdzv-backend=c10d \
#          --rdzv-endpoint=host0:29500 many.py many.pt
#
# ``host0`` 换成其中一台机器的名字或地址，大家就在那里碰头；``29500`` 是端口，程序凭它找到对方。两台都到齐了，才开始编号，启动进程。这叫会合（rendezvous），``--rdzv-id`` 是这一次会合的名字。每台机器都要有这个文件和数据；训练好的网络，存在 rank 0 的那台机器上。
#
# 本课程的测试，就在一台机器上用两个 ``torchrun`` 这样会合过。
#
# .. _data-parallel-cluster:
#
# 交给集群的作业调度系统
# ----------------------
#
# .. deeper::
#
# 集群上，机器由作业调度系统分配，它把结果写进环境变量。最常见的 Slurm 会设作业的编号 ``SLURM_JOB_ID``，机器的台数 ``SLURM_NNODES``，各台的名字 ``SLURM_JOB_NODELIST``。把它们填进刚才那条命令就行，端口由作业的编号算出，免得两个作业相撞。文件的第一行是 ``#!/bin/bash``，其余各行如下，``host`` 一行取名单里的第一台；我们没有集群，这段没有运行过。其中的 ``many.py``，是按“:ref:`data-parallel-gpus`”改过的：
#
# .. code-block:: bash
#
#    #SBATCH --nodes=2
#    #SBATCH --ntasks-per-node=1
#    #SBATCH --gpus-per-node=4
#
#    host=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
#    srun torchrun --nnodes="$SLURM_NNODES" --nproc-per-node=gpu \
#        --rdzv-id="$SLURM_JOB_ID" --rdzv-backend=c10d --rdzv-endpoint="$host:$((20000 + SLURM_JOB_ID % 10000))" \
#        many.py many.pt
#
# ``srun`` 在每台机器上启动一个 ``torchrun``，它再启动那台机器上的进程，给每个进程设好 ``RANK``、``LOCAL_RANK``、``WORLD_SIZE``、``MASTER_ADDR``、``MASTER_PORT``。除了 ``LOCAL_RANK``，``init_process_group`` 读的就是它们。
#
# .. _data-parallel-fsdp:
#
# 一块 GPU 放不下整个网络
# -----------------------
#
# .. deeper::
#
# 数据并行要求每个进程都放得下整个网络，还有梯度和优化器的状态。数一数：
#
# %% en
# .. caption:: Two machines with two processes each: RANK goes from 0 to 3, and LOCAL_RANK from 0 to 1 on each machine.
#
# ``many.py`` stays as it is, to the letter. Run this same command on each machine:
#
# .. code-block:: console
#
#    $ torchrun --nnodes=2 --nproc-per-node=2 --rdzv-id=digits --rdzv-backend=c10d \
#          --rdzv-endpoint=host0:29500 many.py many.pt
#
# For ``host0``, put the name or the address of one of them, and ``29500`` is the port, by which programs find each other. At ``host0`` they wait until both have come; only then are the numbers dealt, and the processes started. This is called a rendezvous, and ``--rdzv-id`` is the name of this one. Each machine must have the file and the data; the trained network is saved on the machine of rank 0.
#
# The tests of this course have had two ``torchrun`` meet like this, on a single machine.
#
# .. _data-parallel-cluster:
#
# Leave it to a cluster's queue
# -----------------------------
#
# .. deeper::
#
# On a cluster, jobs wait in a queue until a workload manager hands out machines, and tells which in variables of the environment. The most common, Slurm, sets the job's number, ``SLURM_JOB_ID``, how many machines there are, ``SLURM_NNODES``, and their names, ``SLURM_JOB_NODELIST``. Put them into the command above, with a port made of the job's number, so that two jobs do not collide. The file begins with ``#!/bin/bash``, and here is the rest, where the line of ``host`` takes the first machine of the list; there is no cluster here, so it has not been run. This ``many.py`` is the one changed as in ":ref:`data-parallel-gpus`":
#
# .. code-block:: bash
#
#    #SBATCH --nodes=2
#    #SBATCH --ntasks-per-node=1
#    #SBATCH --gpus-per-node=4
#
#    host=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
#    srun torchrun --nnodes="$SLURM_NNODES" --nproc-per-node=gpu \
#        --rdzv-id="$SLURM_JOB_ID" --rdzv-backend=c10d --rdzv-endpoint="$host:$((20000 + SLURM_JOB_ID % 10000))" \
#        many.py many.pt
#
# ``srun`` starts one ``torchrun`` on each machine, which starts the processes there, and sets ``RANK``, ``LOCAL_RANK``, ``WORLD_SIZE``, ``MASTER_ADDR`` and ``MASTER_PORT`` for each. All but ``LOCAL_RANK`` are read by ``init_process_group``.
#
# .. _data-parallel-fsdp:
#
# When the network does not fit
# -----------------------------
#
# .. deeper::
#
# For data parallel, every process must have room for the whole network, for its gradients, and for the optimizer's state. Count them:

network = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.Adam(network.parameters())
cross_entropy(network(images), labels).backward()
optimizer.step()

weights = sum(parameter.numel() for parameter in network.parameters())
noted = sum(value.numel() for state in optimizer.state.values() for value in state.values() if value.dim())
print("weights =", weights, " gradients =", weights, " Adam =", noted)
assert noted == 2 * weights

# %% zh
# 用 Adam 的时候，每个参数要放 4 个数，``float32`` 就是 16 个字节；十亿个参数，光这些就要 16 GB，还没有算中间结果。
#
# 放不下，就用 FSDP（完全切分的数据并行，fully sharded data parallel）：参数、梯度和优化器的状态，都切开分给各个进程，用到哪一层，才把那一层的参数凑齐，用完就放掉。
#
# .. code-block:: python
#
#    from torch.distributed.fsdp import fully_shard
#
#    for layer in network:
#        if isinstance(layer, nn.Linear):
#            fully_shard(layer)
#    fully_shard(network)
#    optimizer = torch.optim.Adam(network.parameters())
#
# 循环切开一层一层；``fully_shard(network)`` 管循环没有切到的参数，这里没有，照例也写上。它省内存，但要多传数。放得下，就用 DDP；放不下，再用 FSDP。本课程的测试在两个 CPU 进程里运行过这几行，学到的权重和 DDP 的一样。
#
# .. _data-parallel-end:
#
# 小结
# ----
#
# **你已经会：**\ 说出进程组、rank、world size 和全归约是什么，看懂一个普通的脚本怎样改成多进程的，用 ``torchrun`` 运行它；也知道搬到几块 GPU 上要改哪几行。
#
# **还没讲的：**多开进程以前，先看单个进程能有多快。下一课就讲。
#
# .. _data-parallel-exercises:
#
# 练习
# ----
#
# 1. **用笔。**\ 1,797 张图，4 个进程，合起来每批 64 张。每个进程每步取几张，每轮走几步？有几张图会出现两次？
#
#    .. folded:: 提示
#
#       先看每个进程分到几张：1,797 除不尽 4，就补到能除尽。最后一步可以不满。
#
#       做完再看\ :ref:`答案 <solutions-data-parallel-1>`。
#
# 2. **只改一行。**\ 下载 ``by_hand.py``，去掉 ``gradient /= world_size``，用 ``launch("by_hand.py", folder.name)`` 运行，默认是两个进程。存下来的 ``mean0.pt`` 这时是总和，这一页的断言会报错。用总和走一步 SGD，相当于用平均，再把学习率乘以几？
#
#    .. folded:: 提示
#
#       笔记本里不便下载，就写 ``shutil.copy(by_hand.__file__, ".")``。两个进程，相加是平均的几倍？
#
#       做完再看\ :ref:`答案 <solutions-data-parallel-2>`。
#
# 3. **先猜后做。**\ 把 ``launch(many, …, processes=2)`` 改成 ``processes=1``，换一个文件名再存一次。它的权重和两个进程存的，差得最大的一个差多少？和 ``one.py`` 存的呢，为什么不同？
#
#    .. folded:: 提示
#
#       每一步，两个半批合起来，是不是一个进程的那一批？``one.py`` 的次序从哪里来？
#
#       做完再看\ :ref:`答案 <solutions-data-parallel-3>`。
#
# 4. **打印真正的损失。**\ rank 0 打印的只是半批的损失。改 ``many.py``，让它打印整批的。
#
#    .. folded:: 提示
#
#       先 ``loss = loss.detach()``，再全归约。要放在 ``if rank == 0:`` 的外面，为什么？
#
#       做完再看\ :ref:`答案 <solutions-data-parallel-4>`。
#
# 5. **自己设计。**\ 测试也分给几个进程做，再合起来。为什么要合张数，不能合准确率？
#
#    .. folded:: 提示
#
#       设想 3 张图分给 2 个进程，一个答对 2 张中的 1 张，另一个答对仅有的 1 张。
#
#       做完再看\ :ref:`答案 <solutions-data-parallel-5>`。
#
# **继续读：**\ PyTorch 的 `DDP 说明 <https://docs.pytorch.org/docs/stable/notes/ddp.html>`__\ 讲它的内部原理，`torchrun 的文档 <https://docs.pytorch.org/docs/stable/elastic/run.html>`__\ 列出它的全部选项。
#
# 接着读 :doc:`60_training_faster`：同一个网络，花更少的时间。
#
# %% en
# With Adam, there are 4 numbers for each parameter, which makes 16 bytes in ``float32``; for a billion parameters, that is 16 GB, and intermediate results come on top.
#
# If they do not fit, there is FSDP (fully sharded data parallel). It cuts up parameters, gradients and the optimizer's state, and each process keeps a share. When it is a layer's turn, its parameters are gathered, and let go after use.
#
# .. code-block:: python
#
#    from torch.distributed.fsdp import fully_shard
#
#    for layer in network:
#        if isinstance(layer, nn.Linear):
#            fully_shard(layer)
#    fully_shard(network)
#    optimizer = torch.optim.Adam(network.parameters())
#
# The loop cuts layer by layer; ``fully_shard(network)`` takes the parameters that it left; here are none, and it is written as a matter of course. It saves memory, but has more to send. If the network fits, use DDP; if it does not, FSDP. The tests of this course have run these lines in two processes on CPUs; the weights were those of DDP.
#
# .. _data-parallel-end:
#
# What you take along
# -------------------
#
# **You can now** say what a process group, a rank, a world size and an all-reduce are, see how an ordinary script becomes one for several processes, and run it with ``torchrun``; and you know which lines change for several GPUs.
#
# **Still to come:** how fast a single process can be, before you call in more, in the next lesson.
#
# .. _data-parallel-exercises:
#
# Exercises
# ---------
#
# 1. **With a pencil.** 1,797 pictures, 4 processes, batches of 64 in all. How many pictures does each process take at a step, and how many steps make an epoch? How many pictures come twice?
#
#    .. folded:: A hint
#
#       See how many pictures each process gets first: 1,797 does not divide by 4, so it is filled up until it does. The last step may have fewer.
#
#       When you are done, see :ref:`the solution <solutions-data-parallel-1>`.
#
# 2. **Change one line.** Download ``by_hand.py``, take out ``gradient /= world_size``, and run it with ``launch("by_hand.py", folder.name)``, in two processes by default. What is saved as ``mean0.pt`` is then a sum, and the assertion of this page fails. A step of SGD by the sum is the same as one by the mean at how many times the learning rate?
#
#    .. folded:: A hint
#
#       Where a notebook has no download, write ``shutil.copy(by_hand.__file__, ".")``. For two processes, how does a sum compare with a mean?
#
#       When you are done, see :ref:`the solution <solutions-data-parallel-2>`.
#
# 3. **Guess, then try.** Change ``launch(many, …, processes=2)`` to ``processes=1``, and save under another name. Compare its weights with those of two processes: what is the largest difference? And from those of ``one.py``, and why?
#
#    .. folded:: A hint
#
#       At each step, do the two half batches make up the batch of a single process? Where does ``one.py`` get its order from?
#
#       When you are done, see :ref:`the solution <solutions-data-parallel-3>`.
#
# 4. **Print the true loss.** What rank 0 prints is the loss of half a batch. Change ``many.py`` so that it prints that of the whole.
#
#    .. folded:: A hint
#
#       First ``loss = loss.detach()``, then an all-reduce. It has to stand outside of ``if rank == 0:``, but why?
#
#       When you are done, see :ref:`the solution <solutions-data-parallel-4>`.
#
# 5. **Of your own.** Have several processes share the test as well, and put their results together. Why must they be counts of pictures, and not accuracies?
#
#    .. folded:: A hint
#
#       Suppose that 2 processes share 3 pictures; one is right in 1 of its 2, and the other in its only 1.
#
#       When you are done, see :ref:`the solution <solutions-data-parallel-5>`.
#
# **Read on:** PyTorch's `note on DDP <https://docs.pytorch.org/docs/stable/notes/ddp.html>`__ tells how it works inside; the `documentation of torchrun <https://docs.pytorch.org/docs/stable/elastic/run.html>`__ lists its options.
#
# Go on with :doc:`60_training_faster`: the same network, in less time.
