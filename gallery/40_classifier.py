"""
%% zh
训练分类器
==========

这一课把前三课的本领合在一起，做成一件完整的事：训练一个网络，让它说出彩色小图里画的是什么。
学完以后，你会读入和:term:`归一化 <normalization>`图像、分批:term:`训练 <training>`、保存和载入参数，
会检验网络到底学得怎样：总共对了多少，哪一:term:`类 <class>`容易，哪两类分不清，错得最自信的又是哪些。
最后，同样的训练还会搬到加速器上。

**需要的基础：**张量、自动求导和神经网络，也就是前三课的内容。

.. minutes:: 29

%% en
A classifier
============

This lesson puts the first three together into one complete project: you train a network to tell
what a small color picture shows. By the end you will be able to load and
:term:`normalize <normalization>` images, :term:`train <training>` in batches, and save and load the
parameters. You will also find out how much the network has learned: how often it is right, which
:term:`classes <class>` are easy, which two it mixes up, and which mistakes it is surest of.
Last, the same training moves to an accelerator.

**What you need:** tensors, automatic differentiation and neural networks: the first three lessons.

.. minutes:: 29
"""

# %% zh
# .. _classifier-conditions:
#
# 固定条件
# --------
#
# 代码不变，训练结果仍会受三样东西影响：随机种子、线程数和默认的浮点类型。
# 把它们都固定下来，同一台机器、同样的版本，在 CPU 上每次运行的结果就都相同，以后改了一处，才看得出这一处的作用。
#
# 线程数为什么也算？它决定相加的次序，也就影响舍入误差，而训练会把这点差别越放越大。
# 这个网络很小，用一个线程就好；线程多了，光是互相等待就要花不少时间。
#
# %% en
# .. _classifier-conditions:
#
# Fix the conditions
# ------------------
#
# Even when the code stays the same, three things sway the result of training: the random seed, the
# number of threads and the default float type. With all three fixed, every run on the CPU of one
# machine, with the same versions, gives the same result. When you later change one thing, you can see
# what that one thing does.
#
# Why threads? They decide the order in which numbers are added, and so the rounding errors, and
# training makes such small differences grow. This network is small, so one thread will do; more would
# spend much of their time waiting for each other.

import torch

torch.manual_seed(0)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float32)
print("torch =", torch.__version__)
print("threads =", torch.get_num_threads())
print("dtype =", torch.get_default_dtype())

# %% zh
# .. _classifier-data:
#
# 把数据变成张量
# --------------
#
# 网络只接受张量，所以手里不论是什么数据，都先用合适的库读成数组，再变成张量：
#
# - 图像：Pillow、OpenCV；
# - 声音：SciPy、librosa、torchaudio；
# - 文字：用 Python 编码成字节，每个字节是一个数，或者先用 spaCy、NLTK 分词，再给词编号。
#
# 下面各举一个最小的例子：一张纯色的图；440 赫兹的声音，一秒钟采样 8000 次；一个单词。
# 图要留意各维的次序：Pillow 先说宽，后说高；张量先是颜色通道，再是高，最后是宽。
#
# %% en
# .. _classifier-data:
#
# Turn data into tensors
# ----------------------
#
# A network takes tensors and nothing else. So whatever your data is, read it into an array with a
# library that knows the format, then make that a tensor:
#
# - images: Pillow, OpenCV;
# - audio: SciPy, librosa, torchaudio;
# - text: let Python turn it into bytes, each of which is a number, or split it into words with spaCy
#   or NLTK and number the words.
#
# Here is the smallest example of each: a picture of one color; sound at 440 hertz, with 8000 samples a
# second; and a word. Mind the order in a picture: Pillow gives the width, then the height; a tensor has the color
# channels first, then the height, then the width.

from PIL import Image
from torchvision import transforms

picture = Image.new("RGB", (48, 32), "orange")
seconds = torch.arange(8000) / 8000
sound = torch.sin(2 * torch.pi * 440 * seconds)
text = torch.tensor(list("PyTorch".encode()))
print("picture =", picture.size, "->", transforms.ToTensor()(picture).shape)
print("sound =", sound.shape)
print("text =", text)
assert transforms.ToTensor()(picture).shape == (3, 32, 48)

# %% zh
# 图像还有一个专门的库 `torchvision <https://docs.pytorch.org/vision/stable/index.html>`__：
# ``datasets`` 里有常用的数据集，``transforms`` 里有对图像的各种变换，``models`` 里有现成的网络。
#
# %% en
# Images have a library of their own,
# `torchvision <https://docs.pytorch.org/vision/stable/index.html>`__: its ``datasets`` are the
# well-known ones, its ``transforms`` change images, and its ``models`` are networks ready for use.

# %% zh
# .. _classifier-classes:
#
# 认识十个类别
# ------------
#
# 本课的图是 3×32×32：红、绿、蓝 3 个通道，32 行，32 列。它们分属十类，六种动物，四种交通工具。
# ``source`` 说明图从哪里来：环境变量 ``TORCHHOUR_DATA`` 指向的文件夹里有 CIFAR-10，就用 CIFAR-10，里面是真实的照片；
# 否则用 Silhouettes，也就是本课程的程序画的彩色小图，尺寸和类别都与 CIFAR-10 一样。
# 图里的东西有大有小，有正有斜，还特意加了噪点和挡在前面的色块，免得太容易认。
#
# 从 ``cifar10()`` 返回的数据集里取一项，得到的和从 ``torchvision.datasets.CIFAR10`` 里取到的一样，是一张 Pillow 图和一个标签。
# 标签是 0 到 9 的整数，``classes`` 给出它的名字。全部的图和标签也可以一次取到，就是 ``pictures.images`` 和 ``pictures.labels``；前者是 0 到 255 的整数。
#
# %% en
# .. _classifier-classes:
#
# Meet the ten classes
# --------------------
#
# The pictures of this lesson are 3×32×32: 3 channels, red, green and blue, of 32 rows and 32 columns.
# They fall into ten classes, six of animals and four of vehicles. ``source`` tells where they come
# from: real photographs, CIFAR-10, if the folder that the environment variable ``TORCHHOUR_DATA`` names
# holds it, otherwise Silhouettes, small color pictures drawn by a program of this course, with the same size and the same classes as CIFAR-10.
# What it draws is large and small, straight and slanted, with noise and patches of color in front, all
# on purpose, so that the classes are not too easy to tell apart.
#
# An item of the dataset that ``cifar10()`` returns is what ``torchvision.datasets.CIFAR10`` would give: a
# Pillow image and a label. The label is an integer from 0 to 9, and ``classes`` gives the name of each.
# All pictures and all labels are also available at once, as ``pictures.images`` and
# ``pictures.labels``; the former are integers from 0 to 255.

from torchhour.data.cifar10 import cifar10

pictures = cifar10(train=True)
classes = pictures.classes
image, label = pictures[0]
print("source =", pictures.source)
print("classes =", *classes)
print("label =", label, "->", classes[label])
print(image.mode, image.size)
assert len(classes) == 10 and image.size == (32, 32)

# %% zh
# 要看很多图，先写一个函数：``show_pictures`` 把图排成若干行若干列，上方写标题，后面会反复用到它。
# matplotlib 要求颜色通道在最后，所以用 ``permute`` 把 C×H×W 换成 H×W×C。
#
# %% en
# We will look at many pictures, so begin with a function: ``show_pictures`` sets them in rows and
# columns, each with a title above it. Matplotlib wants the color channels last, so ``permute`` turns
# C×H×W into H×W×C.

import math

import matplotlib.pyplot as plt


def show_pictures(images, titles, columns=4):
    rows = math.ceil(len(images) / columns)
    lines = 1 + titles[0].count("\n")
    size = (columns * 0.75, rows * (0.8 + 0.13 * lines))
    figure = plt.figure(figsize=size, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    for index, axis in enumerate(axes.flat):
        axis.axis("off")
        if index < len(images):
            axis.imshow(images[index].permute(1, 2, 0))  # H×W×3
            axis.set_title(titles[index], fontsize=7)
    plt.show()


# %% zh
# 每一类取:term:`训练集 <training-set>`里最前面的三张。
#
# %% en
# Of each class, take the first three pictures in the :term:`training set <training-set>`.

some = [(pictures.labels == index).nonzero()[:3, 0] for index in range(10)]
some = torch.stack(some, dim=1).flatten()  # 30
show_pictures(pictures.images[some], classes * 3, columns=5)
assert pictures.labels[some].tolist() == list(range(10)) * 3

# %% zh
# .. caption:: 十类图各三张，每张上方写着类名。
#
# .. _classifier-normalize:
#
# 把像素归一化
# ------------
#
# RGB 的 Pillow 图，像素是 0 到 255 的整数。``ToTensor`` 把图变成 C×H×W 的张量，同时除以 255，于是数值落在
# :math:`[0, 1]`。``Normalize`` 再对每个通道减去 0.5、除以 0.5：
#
# .. math:: \frac{x - 0.5}{0.5} = 2x - 1
#
# 结果落在 :math:`[-1, 1]`，以 0 为中心。输入有正有负、大小适中，训练才容易起步。
#
# %% en
# .. caption:: Three pictures of each of the ten classes, below their names.
#
# .. _classifier-normalize:
#
# Normalize the pixels
# --------------------
#
# The pixels of an RGB image in Pillow are integers from 0 to 255. ``ToTensor`` makes a C×H×W tensor of
# it and divides by 255, so the values lie in :math:`[0, 1]`. ``Normalize`` then takes 0.5 from each
# channel and divides by 0.5:
#
# .. math:: \frac{x - 0.5}{0.5} = 2x - 1
#
# The result lies in :math:`[-1, 1]`, with 0 in the middle. Training gets off the ground more easily
# when inputs are neither all positive nor too large.

scale = transforms.ToTensor()
normalize = transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
pixels = pictures.images[0]  # 3×32×32
scaled = scale(image)
normalized = normalize(scaled)
for name, x in {"Pillow": pixels, "ToTensor": scaled, "Normalize": normalized}.items():
    print(f"{name:10}{x.min().item():8.3f}{x.max().item():8.3f}")
assert torch.equal(scaled, pixels / 255)
assert torch.allclose(normalized, 2 * scaled - 1)

# %% zh
# ``Compose`` 把两步串成一个:term:`变换 <transform>`，交给数据集，每取一张图就做一遍。
# 训练集用来学习，:term:`测试集 <test-set>`只用来检验：网络从没见过测试集里的图，答对了才说明它真学会了。
#
# %% en
# ``Compose`` chains the two steps into one :term:`transform`. We hand it to the dataset, which applies
# it to each picture as it is fetched. The training set is for learning, the :term:`test set <test-set>`
# only for checking: the network never sees those pictures, so right answers there mean that it has
# really learned.

transform = transforms.Compose([scale, normalize])
train_set = cifar10(train=True, transform=transform)
test_set = cifar10(train=False, transform=transform)
print("train =", len(train_set))
print("test =", len(test_set))
assert torch.equal(train_set[0][0], normalized)

# %% zh
# .. _classifier-batches:
#
# 分批取图
# --------
#
# ``DataLoader`` 从数据集里一批一批地取，这样的一批叫:term:`小批量 <mini-batch>`。``batch_size=4`` 表示每批 4 张，
# ``shuffle=True`` 表示每一:term:`轮 <epoch>`都重新打乱次序，``generator`` 是打乱时所用的随机数来源；专门给它一个，
# 次序就不受别处的随机数影响。测试不更新参数，不必打乱，每批也可以多取一些。
#
# 画图之前要撤销归一化：除以 2，再加 0.5。
#
# %% en
# .. _classifier-batches:
#
# Fetch in batches
# ----------------
#
# A ``DataLoader`` takes a dataset piece by piece; such a piece is a :term:`mini-batch`.
# ``batch_size=4`` means 4 pictures a batch, and ``shuffle=True`` a new order every :term:`epoch`.
# ``generator`` is where the random numbers for that order come from; with one of its own, no random
# number drawn elsewhere can change the order. Testing updates no parameters, so it needs no shuffling,
# and its batches may be larger.
#
# To draw the pictures, undo the normalization: divide by 2 and add 0.5.

from torch.utils.data import DataLoader

order = torch.Generator().manual_seed(0)
train_loader = DataLoader(
    train_set, batch_size=4, shuffle=True, generator=order, num_workers=0
)
test_loader = DataLoader(test_set, batch_size=100, num_workers=0)

images, labels = next(iter(train_loader))
print("images =", images.shape, images.dtype)
print("labels =", labels)
print("batches =", len(train_loader))
show_pictures(images / 2 + 0.5, [classes[label] for label in labels])
assert images.shape == (4, 3, 32, 32) and labels.dtype == torch.int64

# %% zh
# .. caption:: 一个批次的四张图，每张上方写着类名。
#
# ``num_workers`` 是帮忙取图的进程数。读硬盘、解码大图很费时间，多几个进程就能一边训练一边准备下一批。
# 这里的图很小，又都在内存里，把一批图从一个进程传到另一个，往往比准备它还费时间，
# 所以用 0：由训练的进程自己取图。
#
# 在 Windows 和 macOS 上，每个新进程都会从头导入你的脚本；从 Python 3.14 起，Linux 上也会由一个辅助进程导入一次。
# 如果训练的代码直接写在最外层，新进程一导入就会再去开新进程，Python 发现后会报 ``RuntimeError``。
# 所以 ``num_workers`` 大于 0 的脚本要这样写，导入时才不会执行训练：
#
# .. code-block:: python
#
#    def main():
#        loader = DataLoader(train_set, batch_size=4, shuffle=True, num_workers=2)
#        for images, labels in loader:
#            ...
#
#
#    if __name__ == "__main__":
#        main()
#
# %% en
# .. caption:: The four pictures of one batch, below their class names.
#
# ``num_workers`` is the number of processes that help to fetch. Reading from disk and decoding large
# images take a long time, and with a few workers the next batches get ready while you train. Here
# the pictures are small and already in memory: handing a batch from one process to another often
# takes longer than preparing it. So we use 0, and the training process fetches for itself.
#
# On Windows and macOS, every new process imports your script from the top; on Linux, from Python
# 3.14 on, a helper process does. If the training code is at the top level, a new process would start
# new processes in turn while importing it, but Python notices and raises a ``RuntimeError``.
# So write a script whose ``num_workers`` is above 0 like this, and importing it trains nothing:
#
# .. code-block:: python
#
#    def main():
#        loader = DataLoader(train_set, batch_size=4, shuffle=True, num_workers=2)
#        for images, labels in loader:
#            ...
#
#
#    if __name__ == "__main__":
#        main()

# %% zh
# .. _classifier-network:
#
# 搭建网络
# --------
#
# 网络与上一课识别手写数字的那个几乎相同，只有第一层变了：彩色图有 3 个通道，所以写 ``Conv2d(3, 6, 5)``。
# 两次:term:`卷积 <convolution>`加:term:`池化 <pooling>`，再接三个:term:`全连接 <fully-connected>`层，最后给每一类打一个分。注释里写着每一步之后的形状。
#
# %% en
# .. _classifier-network:
#
# Build the network
# -----------------
#
# This is almost the network that read handwritten digits in the last lesson. Only the first layer
# differs: color pictures have 3 channels, so it is ``Conv2d(3, 6, 5)``.
# :term:`Convolution <convolution>` and :term:`pooling` come twice, then three
# :term:`fully connected <fully-connected>` layers, which end in one score for each class. The
# comments give the shape after each step.

import torch.nn.functional as F
from torch import nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):  # N×3×32×32
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)  # N×6×14×14
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)  # N×16×5×5
        x = torch.flatten(x, 1)  # N×400
        x = F.relu(self.fc1(x))  # N×120
        x = F.relu(self.fc2(x))  # N×84
        return self.fc3(x)  # N×10


torch.manual_seed(0)
network = Classifier()
logits = network(images)
print("logits =", logits.shape)
print("parameters =", sum(parameter.numel() for parameter in network.parameters()))
assert logits.shape == (4, 10)

# %% zh
# .. _classifier-loss:
#
# 选定损失与优化器
# ----------------
#
# 网络输出的得分还没有归一化成概率，叫作 :term:`logits`，可正可负。:term:`softmax` 把它们变成概率，也就是十个加起来等于 1 的正数。
# :term:`交叉熵 <cross-entropy>`损失是正确类别的概率取自然对数，再取相反数；设 :math:`z` 是 logits，:math:`y` 是标签：
#
# .. math:: \ell = -\ln \frac{e^{z_y}}{\sum_k e^{z_k}}
#
# 这是一张图的损失，一批的损失是各张图的平均。网络还没训练，十类的概率差不多都是十分之一，所以损失接近 :math:`\ln 10`。
# 代码里的 ``probabilities[torch.arange(len(labels)), labels]`` 从每一行取出一个概率：第 i 行取标签 ``labels[i]`` 那一列。
#
# %% en
# .. _classifier-loss:
#
# Choose the loss and the optimizer
# ---------------------------------
#
# The network puts out :term:`logits`, scores that may be positive or negative. :term:`Softmax <softmax>`
# turns them into probabilities, that is, ten positive numbers with a sum of 1. The :term:`cross-entropy`
# loss is minus the natural logarithm of the right class's probability. With logits :math:`z` and label
# :math:`y`:
#
# .. math:: \ell = -\ln \frac{e^{z_y}}{\sum_k e^{z_k}}
#
# This is the loss of one picture; the loss of a batch is the mean over its pictures.
# An untrained network gives each of the ten classes a probability of about one tenth, so its loss is
# close to :math:`\ln 10`. In the code, ``probabilities[torch.arange(len(labels)), labels]`` takes one probability
# out of each row: from row i, the column of its label ``labels[i]``.

criterion = nn.CrossEntropyLoss()
loss = criterion(logits, labels)
probabilities = logits.softmax(dim=1)  # 4×10
by_hand = -probabilities[torch.arange(len(labels)), labels].log().mean()
print("loss =", loss.item())
print("ln 10 =", math.log(10))
assert torch.allclose(loss, by_hand)
assert abs(loss.item() - math.log(10)) < 0.2

# %% zh
# ``CrossEntropyLoss`` 自己会做 softmax，所以**网络的末尾不要再加 softmax**。
# 多加一次也不会报错，训练却变慢，损失也降不到 0：下面的 logits 完全正确，本该没有损失，
# 多做一次 softmax 后，剩下的损失 :math:`\ln (e + 9) - 1` 再也去不掉。
#
# %% en
# ``CrossEntropyLoss`` applies softmax itself, so **do not end the network with a softmax**. A second
# one raises no error, but it slows training and keeps the loss from reaching 0. The logits below are
# entirely right and should cost nothing; after one softmax too many, a loss of
# :math:`\ln (e + 9) - 1` is left that nothing can remove.

sure = torch.zeros(1, 10)
sure[0, 3] = 100.0
target = torch.tensor([3])
once = criterion(sure, target)
twice = criterion(sure.softmax(dim=1), target)
print("once =", once.item())
print("twice =", twice.item())
assert once == 0
assert math.isclose(twice.item(), math.log(math.e + 9) - 1, rel_tol=1e-5)

# %% zh
# 优化器用带:term:`动量 <momentum>`的:term:`随机梯度下降 <stochastic-gradient-descent>`：
# :term:`学习率 <learning-rate>` 0.001，动量 0.9。
#
# %% en
# The optimizer is :term:`stochastic gradient descent <stochastic-gradient-descent>` with a
# :term:`learning rate <learning-rate>` of 0.001 and a :term:`momentum` of 0.9.

optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
print("lr =", optimizer.param_groups[0]["lr"])
print("momentum =", optimizer.param_groups[0]["momentum"])

# %% zh
# .. _classifier-train:
#
# 训练两轮
# --------
#
# 上一课的训练循环外面再套一层。外层是**轮**，一轮把训练集从头到尾用一遍；内层是步，一步用一批图，
# 依次清空:term:`梯度 <gradient>`、前向、算损失、反向、更新参数。前面已经取过一批，所以给 ``order`` 重设种子。
# 只看一批的损失，忽高忽低，看不出趋势，所以每 2000 步报告一次这一段的平均损失。
# 每轮的最后一段可能短一些，也照样报告。
#
# %% en
# .. _classifier-train:
#
# Train for two epochs
# --------------------
#
# Put another loop around the training loop of the last lesson. The outer loop counts **epochs**; each goes once
# through the training set. The inner loop counts steps, and each step uses one batch: zero the
# :term:`gradients <gradient>`, go forward, compute the loss, go backward, update the parameters. As a
# batch has been drawn before, ``order`` gets its seed again.
# The loss of a single batch jumps up and down and shows no trend, so every 2000 steps we report the
# mean loss of that stretch. The last stretch of an epoch may be shorter; it is reported all the same.

order.manual_seed(0)
losses, reports = [], []
for epoch in range(1, 3):
    network.train()
    start = len(losses)
    for step, (images, labels) in enumerate(train_loader, start=1):
        optimizer.zero_grad()
        loss = criterion(network(images), labels)
        loss.backward()
        optimizer.step()

        losses.append(loss.item())
        if step % 2000 == 0 or step == len(train_loader):
            stretch = losses[start:]
            reports.append(sum(stretch) / len(stretch))
            start = len(losses)
            print(f"epoch {epoch}  step {step:5}  loss {reports[-1]:.3f}")

assert len(losses) == 2 * len(train_loader)
assert reports[-1] < reports[0]

# %% zh
# 把每 250 步的平均损失画成曲线；``unfold`` 把损失切成一段一段，每段 250 个。虚线是 :math:`\ln 10`，乱猜的损失就在这里；曲线降到虚线以下，说明网络在学。
# 开头若有一段几乎是平的，不必着急：网络要先摸索一阵，才找得到有用的:term:`特征 <feature>`。
#
# %% en
# Plot the mean loss of every 250 steps; ``unfold`` cuts the losses into stretches of 250. The dashed
# line is :math:`\ln 10`, the loss of mere guessing;
# a curve that falls below it shows that the network is learning. If it is almost flat at first, be
# patient: a network may have to search for a while before it finds :term:`features <feature>` that
# help.

curve = torch.tensor(losses).unfold(0, 250, 250).mean(dim=1)
steps = 250 * torch.arange(1, len(curve) + 1)
figure, axis = plt.subplots(figsize=(5, 3), layout="constrained")
axis.plot(steps, curve)
axis.axhline(math.log(10), color="gray", linestyle="--", label=r"$\ln 10$")
axis.set(xlabel="step", ylabel="loss", ylim=(0, None))
axis.legend()
plt.show()
assert curve[-1] < math.log(10)

# %% zh
# .. caption:: 损失随步数下降，虚线是乱猜时的损失。
#
# .. _classifier-save:
#
# 保存与载入
# ----------
#
# 训练好的参数都在 ``state_dict`` 里，它是一个字典，按名字就能查到张量。保存它就够了，网络的结构本来就写在代码里。
# 载入时先建一个同样的网络，再把参数填进去。
#
# ``weights_only=True`` 关系到安全：``torch.save`` 的文件里可以藏着任意代码，一载入就会执行。
# 写上它，就只读张量之类的数据，遇到别的便报错。PyTorch 2.6 起它是默认值，旧版本不是，所以还是写明为好。
#
# 这里把文件放进一个临时文件夹，用完自动删除；你自己用时换成想要的路径。
#
# %% en
# .. caption:: The loss falls with the steps; the dashed line is the loss of guessing.
#
# .. _classifier-save:
#
# Save and load
# -------------
#
# Everything that was learned is in the ``state_dict``, a dictionary from names to tensors. It is all
# you need to save, since the structure of the network is in your code.
# To load it, make a network of the same kind, then fill in the parameters.
#
# ``weights_only=True`` is about safety. A file made by ``torch.save`` can hide arbitrary code, which
# runs as soon as the file is loaded. With this option only tensors and other plain data are read, and
# anything else is an error. It has been the default since PyTorch 2.6, but not before, so write it out.
#
# Here the file goes into a temporary folder, which is deleted afterwards; for your own work, use a
# path of your choice.

import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "classifier.pt"
    torch.save(network.state_dict(), path)
    state = torch.load(path, weights_only=True)

restored = Classifier()
restored.load_state_dict(state)
for name, parameter in restored.named_parameters():
    print(f"{name:14}{tuple(parameter.shape)}")
    assert torch.equal(parameter, network.state_dict()[name])

# %% zh
# .. _classifier-look:
#
# 先看几张
# --------
#
# 用载入的网络认一认测试集的前八张图。哪一类的 logit 最大，就:term:`预测 <prediction>`为哪一类。
# ``eval`` 告诉网络现在是测试：有些层在训练和测试时做法不同，这个网络里没有，但应当养成习惯。
# 测试用不着梯度，放进 ``no_grad`` 更快，也更省内存。
#
# 每张图上方，第一行是标签，第二行是预测；``=`` 表示预测对了，``≠`` 表示错了。
#
# %% en
# .. _classifier-look:
#
# Look at a few
# -------------
#
# Let the loaded network try the first eight pictures of the test set. The class with the largest logit
# is its :term:`prediction`. ``eval`` tells the network that this is a test: some layers
# act differently then. This network has none of them, but make it a habit. Testing needs no
# gradients, and under ``no_grad`` it is faster and takes less memory.
#
# Above each picture, the first line is the label and the second the prediction; ``=`` means right
# and ``≠`` wrong.


def compare(label, prediction):
    sign = "=" if label == prediction else "≠"
    return f"{classes[label]}\n{sign} {classes[prediction]}"


images, labels = next(iter(test_loader))
restored.eval()
with torch.no_grad():
    predictions = restored(images[:8]).argmax(dim=1)
titles = [compare(*pair) for pair in zip(labels, predictions)]
show_pictures(images[:8] / 2 + 0.5, titles)

# %% zh
# .. caption:: 八张测试图，每张上方第一行是标签，第二行是预测。
#
# .. _classifier-accuracy:
#
# 计算准确率
# ----------
#
# 几张图说明不了什么，要看整个测试集。:term:`准确率 <accuracy>`是预测正确的图所占的比例。十类一样多，乱猜只能对十分之一。
#
# %% en
# .. caption:: Eight test pictures; above each, the label and below it the prediction.
#
# .. _classifier-accuracy:
#
# Measure the accuracy
# --------------------
#
# A few pictures prove little; take the whole test set. The :term:`accuracy` is the share of pictures
# that are predicted right. With ten classes of the same size, guessing gets one tenth.

parts = []
with torch.no_grad():
    for images, labels in test_loader:
        parts.append((restored(images), labels))
logits = torch.cat([part for part, _ in parts])  # N×10
labels = torch.cat([part for _, part in parts])  # N
predictions = logits.argmax(dim=1)  # N
accuracy = (predictions == labels).sum().item() / len(labels)
print(f"accuracy = {accuracy:.1%}")
assert logits.shape == (len(test_set), 10)
assert accuracy > 0.5

# %% zh
# 总的准确率掩盖了各类之间的差别。下面分开来算：在每一类的图里，预测正确的占多少。
# 因为十类一样多，这十个数的平均正好是总的准确率。
#
# %% en
# A single number hides how the classes differ. So count for each class: of its pictures, how many
# are predicted right? As all ten are of the same size, the mean of these ten numbers is the overall
# accuracy.

per_class = {}
for index, name in enumerate(classes):
    hits = predictions[labels == index] == index
    per_class[name] = hits.sum().item() / len(hits)
    print(f"{name:12}{per_class[name]:6.1%}")
assert math.isclose(sum(per_class.values()) / 10, accuracy)
assert max(per_class.values()) - min(per_class.values()) > 0.05

# %% zh
# .. _classifier-confusion:
#
# 画混淆矩阵
# ----------
#
# 预测错的图，错成了哪一类？:term:`混淆矩阵 <confusion-matrix>`数得清清楚楚：第 i 行第 j 列，是标签为 i、预测为 j 的图的张数。
# 对角线上是预测对的，对角线以外每一格都是一种混淆。
#
# %% en
# .. _classifier-confusion:
#
# Draw the confusion matrix
# -------------------------
#
# When the network is wrong, which class does it take a picture for? The
# :term:`confusion matrix <confusion-matrix>` counts this: row i, column j holds the number of
# pictures with label i and prediction j. The right ones stand on the diagonal; every other cell is one
# kind of confusion.

confusion = torch.zeros(10, 10, dtype=torch.int64)
for label, prediction in zip(labels, predictions):
    confusion[label, prediction] += 1
print(confusion)
assert confusion.sum() == len(test_set)
assert confusion.trace().item() / len(test_set) == accuracy

# %% zh
# 画出来更直观：颜色越深，那一格的数越大。
#
# %% en
# In a drawing, the large numbers stand out: the darker the cell, the larger its number.

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(5, 5), layout="constrained")
axis.imshow(confusion, cmap="Blues", vmin=0)
for i in range(10):
    for j in range(10):
        count = confusion[i, j].item()
        color = "white" if count > 0.71 * confusion.max() else "black"
        axis.text(j, i, count, color=color, fontsize=8, ha="center", va="center")
axis.set_xticks(range(10), classes, rotation=45, ha="right", rotation_mode="anchor")
axis.set_yticks(range(10), classes)
axis.set(xlabel="prediction", ylabel="label")
plt.show()
# endregion

# %% zh
# .. caption:: 混淆矩阵：一行是一个标签，一列是一个预测，对角线上是认对的。
#
# 把对角线清零，剩下最大的一格就是最常见的混淆。
#
# %% en
# .. caption:: The confusion matrix: a row is a label, a column a prediction, and what is right lies on the diagonal.
#
# Set the diagonal to zero, and the largest cell that remains is the most common confusion.

mixed = confusion.clone().fill_diagonal_(0)
i, j = divmod(mixed.argmax().item(), 10)
print(classes[i], "->", classes[j], "=", mixed[i, j].item())
assert mixed.sum() == (predictions != labels).sum()

# %% zh
# .. _classifier-mistakes:
#
# 找出最自信的错误
# ----------------
#
# 对 logits 做 softmax，最大的概率就是网络的:term:`置信度 <confidence>`，也就是它有多大把握。
# 从预测错的图里挑出置信度最高的八张，每张图的上方写着标签、预测和置信度。
# 看看它们错得有没有道理，往往能发现数据的毛病，或者想出改进的办法。
# 也请记住：置信度高，不等于答案对。
#
# %% en
# .. _classifier-mistakes:
#
# Find the most confident mistakes
# --------------------------------
#
# Apply softmax to the logits, and the largest probability is the network's :term:`confidence`: how
# sure it is. Out of the wrong predictions, take the eight with the highest confidence. Above each picture
# stand its label, its prediction and the confidence. Ask yourself whether each mistake makes sense:
# this is how one finds flaws in the data, and ideas for improvement.
# And remember: a high confidence does not make an answer right.

confidence, _ = logits.softmax(dim=1).max(dim=1)  # N
wrong = (predictions != labels).nonzero().flatten()
worst = wrong[confidence[wrong].argsort(descending=True, stable=True)[:8]]

titles = []
for index in worst:
    pair = compare(labels[index], predictions[index])
    titles.append(f"{pair}\n{confidence[index].item():.1%}")
show_pictures(test_set.images[worst], titles)
assert (predictions[worst] != labels[worst]).all()
assert confidence[worst].min() >= confidence[wrong].median()

# %% zh
# .. caption:: 八张最自信的错误，每张上方写着标签、预测和置信度。
#
# .. _classifier-original:
#
# 与当年的结果对照
# ----------------
#
# 这个网络和这套训练办法，都出自 PyTorch 官方早年的入门教程。下面打印一张表，第一列是那份教程里印着的数。
# 数据不同，就没法比较，所以只有用真实的 CIFAR-10 运行时，才有第二列，也就是本页刚算出的数。
#
# CIFAR-10 的训练集有 50000 张图，一轮是 12500 步。那份教程每满 2000 步报告一次损失，最后一次在第二轮的第 12000 步，
# 余下的 500 步没有报告，所以要比的是 ``reports`` 里的倒数第二个。
#
# %% en
# .. caption:: The eight most confident mistakes, each below its label, its prediction and the confidence.
#
# .. _classifier-original:
#
# Compare with the original
# -------------------------
#
# This network and this training come from PyTorch's own early tutorial. The code below prints, in the
# first column, the numbers it gives. Numbers from other data cannot be compared with them, so only on
# the real CIFAR-10 does a second column show what this page has just computed.
#
# The training set of CIFAR-10 has 50000 pictures, so an epoch is 12500 steps. The tutorial reported its
# loss after every full 2000, for the last time at step 12000 of the second epoch, and never the 500 that
# remain. So its last number stands beside the last but one in ``reports``.

original = {"first loss": 2.212, "last loss": 1.264, "accuracy": 0.54}
original |= dict(zip(classes, [0.73, 0.7, 0.52, 0.27, 0.34, 0.37, 0.62, 0.72, 0.64, 0.53]))
here = {"first loss": reports[0], "last loss": reports[-2], "accuracy": accuracy}
columns = {"original": original}
if "CIFAR-10" in test_set.source:
    columns["here"] = here | per_class

print("source =", test_set.source)
print(" " * 12 + "".join(f"{title:>10}" for title in columns))
for name in original:
    numbers = [column[name] for column in columns.values()]
    print(f"{name:12}" + "".join(f"{number:10.3f}" for number in numbers))

# %% zh
# .. _classifier-device:
#
# 在加速器上训练
# --------------
#
# 换到加速器上，只要改三处：网络移一次；每一步的图和标签都要移；优化器在网络移好以后再建。
# 网络的 ``to`` 直接移动网络自己，张量的 ``to`` 却不改动自己，要用它的返回值，所以写 ``images = images.to(device)``。
# 优化器记住的是交给它的那些参数，先移后建，它手里的就一定是网络正在用的参数。
#
# 下面从同样的种子出发，训练前 200 步，损失应当与前面训练的前 200 步一致。
# 打印出 ``device = cpu``，说明 PyTorch 找不到可用的加速器，第一课的“:ref:`tensors-device`”一节里讲过；代码照样能运行。
#
# %% en
# .. _classifier-device:
#
# Train on an accelerator
# -----------------------
#
# To use an accelerator, change three things: move the network, once; move the pictures and
# labels, at every step; and make the optimizer after the network has moved. A network's ``to`` moves
# the network itself, but a tensor's ``to`` leaves the tensor alone and returns the moved one, hence
# ``images = images.to(device)``.
# An optimizer remembers the parameters it was given; made after the move, it is certain to hold those
# that the network uses.
#
# Below, we start from the same seed and train for 200 steps; the losses should agree with those of
# the first 200 steps above. If it prints ``device = cpu``, PyTorch finds no accelerator (see
# ":ref:`tensors-device`" in the first lesson); the code runs all the same.

from itertools import islice

available = torch.accelerator.is_available()
device = torch.accelerator.current_accelerator() if available else torch.device("cpu")
torch.manual_seed(0)
moved = Classifier().to(device)
optimizer = torch.optim.SGD(moved.parameters(), lr=0.001, momentum=0.9)

order.manual_seed(0)
moved_losses = []
for images, labels in islice(train_loader, 200):
    images, labels = images.to(device), labels.to(device)
    optimizer.zero_grad()
    loss = criterion(moved(images), labels)
    loss.backward()
    optimizer.step()
    moved_losses.append(loss.item())
print("device =", loss.device)
assert next(moved.parameters()).device.type == device.type
assert torch.allclose(torch.tensor(moved_losses), torch.tensor(losses[:200]), atol=0.02)

# %% zh
# 你若有 GPU，也许会发现并没有快多少。这个网络太小，一批又只有 4 张图，
# 加速器的大部分本领都闲着，时间花在准备数据和逐个启动运算上。
# 网络要多大，加速器才显出优势？把每一层加宽，再量一量时间，就知道了。
#
# %% en
# If you have a GPU, you may find that little is gained. The network is so small, and 4 pictures are
# so few, that most of the accelerator stands idle, while the time goes into preparing data and
# launching one operation after another. How large must a network be before an accelerator pays?
# Make every layer wider, measure the time, and you will know.

# %% zh
# .. _classifier-exercises:
#
# 练习
# ----
#
# 1. **数参数。**用笔算出 ``Classifier`` 每一层有多少个参数，再用 ``numel`` 核对。哪一层最多？
# 2. **前三名。**标签在得分最高的三类之中就算对，测试集上的准确率是多少？用 ``logits`` 和 ``topk`` 计算，
#    标签取 ``test_set.labels``，再用 scikit-learn 的 ``sklearn.metrics.top_k_accuracy_score`` 核对。
# 3. **换一种写法。**新版变换 ``torchvision.transforms.v2`` 推荐用 ``ToImage`` 和
#    ``ToDtype(torch.float32, scale=True)`` 代替 ``ToTensor``。照此改写 ``transform``，
#    确认结果与原来至多差一点舍入误差。
# 4. **断点续训。**训练一轮后，把网络和优化器的 ``state_dict`` 放进一个字典存盘；
#    载入到新的网络和新的优化器，再训练一轮。怎样才能让参数与连续训练两轮完全相同？取图的次序也要接得上，
#    ``order`` 的 ``get_state`` 和 ``set_state`` 用得着。如果漏存优化器，又会怎样？
# 5. **大一点的批。**新建一个 ``batch_size`` 为 32 的 ``DataLoader``、一个网络和一个优化器，其余不变，训练两轮。准确率为什么这么低？
#    调整学习率，看能不能追回来。
#
# %% en
# .. _classifier-exercises:
#
# Exercises
# ---------
#
# 1. **Count parameters.** Work out with a pencil how many parameters each layer of ``Classifier``
#    has, then check with ``numel``. Which layer has the most?
# 2. **Among the top three.** Count a prediction as right if the label is among the three classes with
#    the highest scores. What is the accuracy on the test set now? Compute it from ``logits`` with
#    ``topk``, with ``test_set.labels`` as the labels, and check it with scikit-learn's
#    ``sklearn.metrics.top_k_accuracy_score``.
# 3. **Write it the new way.** The newer ``torchvision.transforms.v2`` recommends ``ToImage`` and
#    ``ToDtype(torch.float32, scale=True)`` instead of ``ToTensor``. Rewrite ``transform`` that way,
#    and check that the result differs by rounding errors at most.
# 4. **Resume training.** After one epoch, save the ``state_dict`` of the network and of the optimizer
#    in one dictionary. Load them into a new network and a new optimizer, and train one more epoch.
#    What does it take for the parameters to equal those of two epochs without a break? The order of the
#    pictures must go on, too: ``get_state`` and ``set_state`` of ``order`` will help. And what happens
#    if you leave out the optimizer?
# 5. **A larger batch.** Make a ``DataLoader`` with a ``batch_size`` of 32, a new network and a new
#    optimizer, leave all else as it is, and train for two epochs. Why is the accuracy so low? Change the learning rate, and see whether you can win it back.
