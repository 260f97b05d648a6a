"""
%% zh
训练分类器
==========

十几分钟以后，你会训练好一个网络，它能认出彩色小图里是猫还是船；你还会查清它在哪里出错、什么时候只是死记硬背，
最后让它认一张你自己的图。

**需要的基础：**前面四课。

.. minutes:: 13

%% en
A classifier
============

At the end of this lesson, you will have trained a network that tells a cat from a ship, found out where it goes wrong
and when it only learns by heart, and shown it a picture of your own.

**What you need:** the four lessons before this one.

.. minutes:: 13
"""

# %% zh
# .. _classifier-classes:
#
# 认识十类图
# ----------
#
# 十个:term:`类别 <class>`，六种动物，四种交通工具；每张图只有 32×32：
#
# %% en
# .. _classifier-classes:
#
# Meet the ten classes
# --------------------
#
# There are ten :term:`classes <class>`, six of animals and four of vehicles, in pictures of only 32×32:

# region
# zh: 固定随机种子，再写一个排列图片的函数
# en: Fix the random seed, and write a function that sets out pictures
import math

import matplotlib.pyplot as plt
import torch

torch.manual_seed(0)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float32)


def show_pictures(images, titles, columns=4):
    rows = math.ceil(len(images) / columns)
    lines = 1 + titles[0].count("\n")
    size = (columns * 0.85, rows * (0.8 + 0.15 * lines))
    figure = plt.figure(figsize=size, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    for index, axis in enumerate(axes.flat):
        axis.axis("off")
        if index < len(images):
            axis.imshow(images[index].permute(1, 2, 0))  # H×W×3
            axis.set_title(titles[index], fontsize=8)
    plt.show()


# endregion
from torchhour.data.cifar10 import cifar10

pictures = cifar10()
classes = pictures.classes
print("pictures =", len(pictures), "source =", pictures.source)

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
two_each = [(pictures.labels == index).nonzero()[:2, 0] for index in range(10)]
two_each = torch.stack(two_each, dim=1).flatten()  # 20
show_pictures(pictures.images[two_each], classes * 2, columns=5)
# endregion

# %% zh
# .. caption:: 十类图各两张，每张上方写着类名。
#
# ``classes`` 里是它们的英文名，标签就是其中的编号，从 0 数起：airplane 是飞机，automobile 是汽车，bird 是鸟，cat 是猫，deer 是鹿，dog 是狗，frog 是蛙，horse 是马，ship 是船，truck 是卡车。
#
# .. only:: cifar10
#
#    这些是真实的照片，来自 CIFAR-10。你先自己认一认。
#
# .. only:: silhouettes
#
#    CIFAR-10 是一套有名的照片。这里的图叫 Silhouettes，是本课程的程序仿照它画的，也是 32×32，类别也一样；颜色随意，只能看形状，还有色块捣乱。
#
# 别人的代码里，这样取 CIFAR-10：
#
# .. code-block:: python
#
#    from torchvision.datasets import CIFAR10
#    train_set = CIFAR10("data", train=True, download=True)
#
# 第一次要下载约 170 MB；``cifar10()`` 不用联网，手边有 CIFAR-10 就用它，没有就用程序画的。
# 两种取法，取到的都是图和它的:term:`标签 <label>`。图是 Pillow 的图像对象，Pillow 是 Python 常用的图像库。
#
# .. _classifier-normalize:
#
# 让像素以零为中心
# ----------------
#
# Pillow 的像素是 0 到 255。``ToTensor`` 把图变成 C×H×W 的张量，除以 255；``Normalize`` 减去 0.5，再除以 0.5。
# 这叫:term:`归一化 <normalization>`：数以 0 为中心，训练才容易起步。
#
# %% en
# .. caption:: Two pictures of each of the ten classes, below their names.
#
# ``classes`` holds these names in this order, and a label is the index of one, counted from 0.
#
# .. only:: cifar10
#
#    These are real photographs, from CIFAR-10. Try to name them yourself.
#
# .. only:: silhouettes
#
#    CIFAR-10 is a famous set of photographs; these Silhouettes, drawn by a program of ours, are 32×32, too, in the same classes. Only the shape tells the class; colors mean nothing, and patches get in the way.
#
# Others fetch CIFAR-10 like this:
#
# .. code-block:: python
#
#    from torchvision.datasets import CIFAR10
#    train_set = CIFAR10("data", train=True, download=True)
#
# The first run downloads about 170 MB; ``cifar10()`` works offline, and takes CIFAR-10 if it is at hand, else the drawings.
# In both, each item is a picture and its :term:`label`. The picture is an image of Pillow, Python's usual library for pictures.
#
# .. _classifier-normalize:
#
# Move the pixels to both sides of zero
# -------------------------------------
#
# In Pillow, pixels go from 0 to 255. ``ToTensor`` makes a C×H×W tensor of a picture and divides by 255; ``Normalize`` takes away 0.5, then divides by 0.5.
# This is called :term:`normalization`: from numbers around 0, training gets off the ground.

from torchvision import transforms

half = (0.5, 0.5, 0.5)
transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(half, half)])
train_set = cifar10(train=True, transform=transform)
test_set = cifar10(train=False, transform=transform)

image, label = train_set[0]
print(tuple(image.shape), f"from {image.min().item():.2f} to {image.max().item():.2f}")

# %% zh
# 每取一张图，就做一遍这样的:term:`变换 <transform>`。
# :term:`训练集 <training-set>`用来学，:term:`测试集 <test-set>`用来考，测试集里的图，训练时一张也不用。
#
# .. _classifier-batches:
#
# 四张一批
# --------
#
# ``DataLoader`` 每次取出几张图，叠成一个张量，这叫:term:`小批量 <mini-batch>`。``shuffle=True`` 打乱次序，随机数来自 ``order``。
# 图很小，用 ``list`` 全取一遍，变换好，留在内存里。
#
# %% en
# This :term:`transform` is applied to each picture as it is fetched.
# The :term:`training set <training-set>` is for learning. The :term:`test set <test-set>` is the exam: the network never learns from it.
#
# .. _classifier-batches:
#
# Take four at a time
# -------------------
#
# A ``DataLoader`` fetches a few pictures at a time and stacks them into one tensor, a :term:`mini-batch`. ``shuffle=True`` mixes their order; the random numbers come from ``order``.
# Our pictures are small: let ``list`` fetch each once, and keep it transformed.

from torch.utils.data import DataLoader

order = torch.Generator().manual_seed(0)
train_pictures, test_pictures = list(train_set), list(test_set)
train_loader = DataLoader(train_pictures, batch_size=4, shuffle=True, generator=order)
test_loader = DataLoader(test_pictures, batch_size=500)
images, labels = next(iter(train_loader))
print("images =", tuple(images.shape), "labels =", labels.tolist())

# %% zh
# .. _classifier-workers:
#
# 让别的进程帮忙取图
# ------------------
#
# .. deeper::
#
# 读硬盘、解码大图很费时间。写上 ``num_workers=2``，就有两个进程帮忙取图，网络同时训练。
# 我们的图很小，又都在内存里，在进程之间传递反而更费时间，所以留着默认值 0。
#
# 在 Windows 和 macOS 上，每个新进程都会从头导入你的脚本；从 Python 3.14 起，Linux 上也会由一个辅助进程导入。
# 训练的代码如果写在最外层，新进程一导入，就又要去开新进程，Python 便报 ``RuntimeError``：
# ``An attempt has been made to start a new process before the current process has finished its bootstrapping phase.``
# 把训练放进函数，调用之前再加一个条件，导入时就不会开始训练：
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
# .. _classifier-network:
#
# 搭一个收彩色图的网络
# --------------------
#
# 网络就是 :doc:`30_networks` 里的 LeNet，只改一处：彩色图有红、绿、蓝 3 个通道，所以第一层是 ``Conv2d(3, 6, 5)``。
#
# %% en
# .. _classifier-workers:
#
# Let other processes fetch
# -------------------------
#
# .. deeper::
#
# Reading from disk and decoding large pictures take a long time. With ``num_workers=2``, two processes help to fetch while the network trains.
# Our pictures are small and in memory already. To hand them from process to process takes longer than to fetch them, so we keep the default, 0.
#
# On Windows and macOS, every new process imports your script from the top; on Linux, from Python 3.14 on, a helper process does.
# If the training code stands at the top level, a new process that imports it tries to start processes of its own, and Python raises a ``RuntimeError``:
# ``An attempt has been made to start a new process before the current process has finished its bootstrapping phase.``
# Put the training into a function, and a gate before its call; importing the script then starts no training:
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
# .. _classifier-network:
#
# Build a network for color pictures
# ----------------------------------
#
# It is the LeNet of :doc:`30_networks`, with one change: color pictures have 3 channels, red, green and blue, so its first layer is ``Conv2d(3, 6, 5)``.

# region
# zh: 上一课的网络，第一层收 3 个通道
# en: The network of the last lesson, with 3 channels into its first layer
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


# endregion
torch.manual_seed(0)
network = Classifier()
print(network.conv1)

# %% zh
# .. _classifier-loss:
#
# 量一量错了多少
# --------------
#
# 网络给出的十个得分叫作 :term:`logits`，:term:`softmax` 把它们变成概率。
# 损失还是:term:`交叉熵 <cross-entropy>`：正确的那一类，概率若是 :math:`p`，损失就是 :math:`-\ln p`。
#
# %% en
# .. _classifier-loss:
#
# Measure how wrong it is
# -----------------------
#
# The ten scores are also called :term:`logits`; :term:`softmax` turns them into probabilities.
# The loss is the :term:`cross-entropy` again: :math:`-\ln p` for a right class of probability :math:`p`.
#

criterion = nn.CrossEntropyLoss()
logits = network(images)  # 4×10
loss = criterion(logits, labels)
print(f"loss = {loss.item():.3f}")
assert abs(loss.item() - math.log(10)) < 0.2

# %% zh
# 损失是 :printed:`loss`，接近 :math:`\ln 10`：网络还在乱猜。``CrossEntropyLoss`` 自己会做 softmax，**网络的末尾不要再加一个**。
#
# .. _classifier-softmax:
#
# 如果多做一次 softmax
# --------------------
#
# .. deeper::
#
# 先照定义手算一遍：做 softmax，从每一行取出正确类别的概率，取对数，求平均，再取相反数。
# 设 :math:`z` 是 logits，:math:`y` 是标签，一张图的损失就是
#
# .. math:: \ell = -\ln \frac{e^{z_y}}{\sum_k e^{z_k}}
#
# 网络末尾多加一次 softmax 也不报错，可是有两样坏处。下面的 logits 完全正确，本该没有损失；多做一次以后，剩下的 :math:`\ln (e + 9) - 1` 再也去不掉。
# 再拿同样的 logits 配上别的标签：网络错得很有把握，正该改，多做的那一次却让梯度成了 0，它改不了：一类的概率接近 1，其余都接近 0 的时候，softmax 几乎是平的：概率 :math:`p` 很小，导数也只有 :math:`p` 左右。只做一次，后面就是对数，对数的导数是 :math:`1 / p`，乘起来还是 1；多做的那一次，后面没有自己的对数，梯度就没了。
#
# %% en
# The loss is :printed:`loss`, close to :math:`\ln 10`: it is guessing still. ``CrossEntropyLoss`` applies softmax itself: **do not end the network with another one**.
#
# .. _classifier-softmax:
#
# With one softmax too many
# -------------------------
#
# .. deeper::
#
# First compute it by hand, as it is defined: apply softmax, take from each row the probability of the right class, then its logarithm, the mean, and the opposite sign.
# With logits :math:`z` and label :math:`y`, the loss of one picture is
#
# .. math:: \ell = -\ln \frac{e^{z_y}}{\sum_k e^{z_k}}
#
# A softmax too many at the end of the network raises no error, and does two kinds of harm. The logits below are entirely right and should cost nothing;
# with another softmax, a loss of :math:`\ln (e + 9) - 1` is left that nothing can remove.
# Then take the same logits with another label: the network is sure, and wrong, and ought to change. But with another softmax the gradient is 0, and it cannot: where one probability is close to 1 and the rest are close to 0, a softmax is nearly flat: a small probability :math:`p` has a slope of only about :math:`p`. After a single softmax comes the logarithm, whose slope is :math:`1 / p`, and the product is 1. The one too many has no logarithm of its own, and the gradient is gone.

probabilities = logits.softmax(dim=1)  # 4×10
by_hand = -probabilities[torch.arange(len(labels)), labels].log().mean()
print(f"by hand = {by_hand.item():.3f}")
assert torch.allclose(loss, by_hand)

sure = torch.zeros(1, 10)
sure[0, 3] = 100.0
sure.requires_grad_()
target, other = torch.tensor([3]), torch.tensor([5])
once, twice = criterion(sure, target), criterion(sure.softmax(dim=1), target)
print(f"once = {once.item():.3f}, twice = {twice.item():.3f}")
for name, scores in {"once": sure, "twice": sure.softmax(dim=1)}.items():
    (gradient,) = torch.autograd.grad(criterion(scores, other), sure)
    print(f"gradient, {name} = {gradient.abs().max().item():.3f}")
assert gradient.abs().max() < 1e-6
assert once == 0 and math.isclose(twice.item(), math.log(math.e + 9) - 1, rel_tol=1e-5)

# %% zh
# .. _classifier-train:
#
# 训练两轮
# --------
#
# 训练循环还是那几行（``zero_grad`` 在 ``backward`` 前就行），写成函数，方便反复用。把训练集用完一遍，叫一:term:`轮 <epoch>`。
# ``network.train()`` 切换到训练状态，``network.eval()`` 切换到测试状态。有些层在两种状态下做的事不同，这个网络里没有这样的层。
#
# %% en
# .. _classifier-train:
#
# Train for two epochs
# --------------------
#
# The training loop is as ever (``zero_grad`` comes before ``backward``), as a function. Once through the training set is an :term:`epoch`.
# ``network.train()`` says that it is learning now, and ``network.eval()`` that this is an exam. Some layers act differently in the two; this network has none.


def train_epoch(network, loader, criterion, optimizer):
    network.train()
    losses = []
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(network(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% zh
# :term:`优化器 <optimizer>`是带:term:`动量 <momentum>`的 SGD：每一步还保留上一步的九成。PyTorch 官方的入门教程多年来一直这样训练：每批 4 张图，练两轮。
# 每轮结束后考两次，看:term:`准确率 <accuracy>`：一次考学过的图，一次考没见过的，张数相同。``predict`` 算出得分，``accuracy`` 算出认对的比例，``report`` 打印两次的成绩，并记进 ``history``。
#
# %% en
# The :term:`optimizer` is SGD with :term:`momentum`: each step keeps nine tenths of the one before. PyTorch's own tutorial has trained like this for many years: 4 pictures a batch, two epochs.
# After each, there are two exams of the :term:`accuracy`: on pictures that it learned from, and on as many that it never saw. ``predict`` collects the scores, ``accuracy`` is the share of right answers, and ``report`` prints both exams and keeps them in ``history``.


# region
# zh: 考试用的三个函数
# en: Three functions for the exams
@torch.no_grad()
def predict(network, loader):
    network.eval()
    parts = [(network(images), labels) for images, labels in loader]
    logits, labels = (torch.cat(part) for part in zip(*parts))
    return logits, labels


def accuracy(network, loader):
    logits, labels = predict(network, loader)
    return (logits.argmax(dim=1) == labels).sum().item() / len(labels)


seen_loader = DataLoader(train_pictures[: len(test_set)], batch_size=500)
history = []


def report(epoch):
    history.append((accuracy(network, seen_loader), accuracy(network, test_loader)))
    print("{:5}  {:8.1%}  {:6.1%}".format(epoch, *history[-1]))


# endregion
optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
order.manual_seed(0)
losses = []
print("epoch  training    test")
for epoch in (1, 2):
    losses += train_epoch(network, train_loader, criterion, optimizer)
    report(epoch)
assert history[1][1] > 0.5

# %% zh
# 没见过的图，一轮以后认对 :printed:`1, test`，两轮以后 :printed:`2, test`；乱猜能对十分之一。起初像是什么也没学到：网络要摸索一阵，才找得到有用的:term:`特征 <feature>`。
#
# .. _classifier-original:
#
# 和那份教程的结果比一比
# ----------------------
#
# .. deeper::
#
# 那份教程每 2,000 步报告一次平均损失，最后报告的是第二轮的第 12,000 步；CIFAR-10 的一轮有 12,500 步。
# 表里是教程印出的数；用真实的 CIFAR-10 运行，才有第二列可以对照。``unfold(1, 2000, 2000)`` 沿维 1 每 2,000 步切一段，段里的数放进新的维 2，不满一段的丢掉。图里画的是这一次的损失。
#
# %% en
# Of pictures that it never saw, it knows :printed:`1, test` after one epoch and :printed:`2, test` after two; guessing gets one in ten. At first it seems to learn nothing: a network may search for a while before it finds :term:`features <feature>` that help.
#
# .. _classifier-original:
#
# Compare with the original
# -------------------------
#
# .. deeper::
#
# That tutorial reports the mean loss every 2,000 steps, for the last time at step 12,000 of the second epoch; an epoch of CIFAR-10 has 12,500.
# The table has the numbers that it printed; on the real CIFAR-10, a second column holds ours, to compare. ``unfold(1, 2000, 2000)`` cuts dimension 1 into pieces of 2,000 steps, whose numbers lie along a new dimension 2; what is left over is dropped. The figure has the loss of this run.

reports = torch.tensor(losses).view(2, -1).unfold(1, 2000, 2000).mean(dim=2).flatten()
logits, labels = predict(network, test_loader)
right = logits.argmax(dim=1) == labels
here = {"first loss": reports[0], "last loss": reports[-1], "accuracy": history[1][1]}
here |= {name: right[labels == index].float().mean() for index, name in enumerate(classes)}
original = [2.212, 1.264, 0.54, 0.73, 0.70, 0.52, 0.27, 0.34, 0.37, 0.62, 0.72, 0.64, 0.53]
real = "CIFAR-10" in test_set.source
print(f"{'':12}{'original':>10}" + f"{'here':>10}" * real)
for number, (name, ours) in zip(original, here.items()):
    print(f"{name:12}{number:10.3f}" + f"{float(ours):10.3f}" * real)

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
curve = torch.tensor(losses).unfold(0, 250, 250).mean(dim=1)
figure, axis = plt.subplots(figsize=(4.2, 2.6), layout="constrained")
axis.plot(250 * torch.arange(1, len(curve) + 1), curve)
axis.axhline(math.log(10), color="gray", linestyle="--", label=r"$\ln 10$")
axis.set(xlabel="step", ylabel="loss", ylim=(0, None))
axis.legend()
plt.show()
# endregion
assert curve[-1] < math.log(10)

# %% zh
# .. caption:: 每 250 步的平均损失，虚线是乱猜时的损失。
#
# .. _classifier-on:
#
# 接着练
# ------
#
# 再练四轮。为了快些，一批改成 50 张；步数少了，梯度是 50 张的平均、又更稳，所以:term:`学习率 <learning-rate>`也加大。
#
# %% en
# .. caption:: The mean loss of every 250 steps; the dashed line is the loss of guessing.
#
# .. _classifier-on:
#
# Train on
# --------
#
# Train for four more epochs. To save time, a batch now has 50 pictures; as steps are fewer, and gradients steadier, we raise the :term:`learning rate <learning-rate>`.

large_loader = DataLoader(train_pictures, batch_size=50, shuffle=True, generator=order)
optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)

print("epoch  training    test")
for epoch in (3, 4, 5, 6):
    train_epoch(network, large_loader, criterion, optimizer)
    report(epoch)
assert history[-1][1] > 0.6 and history[-1][0] - history[-1][1] > history[1][0] - history[1][1]

# %% zh
# 现在学过的图认对 :printed:`6, training`，没见过的认对 :printed:`6, test`。两列一起往上走，差距却大了一点：
# 学过的图，它大概开始记住一些了。
#
# .. _classifier-overfit:
#
# 看它死记硬背
# ------------
#
# 如果只有 300 张图，却学 30 轮呢？
#
# .. folded:: 先猜一猜：学过的图和没见过的图，各能认对多少？
#
#    学过的几乎全对，没见过的差得远：六万多个参数，背得下 300 张图。
#
# 从训练集里另外留出 500 张，不拿来训练下面的网络，只用来检查，这叫:term:`验证集 <validation-set>`。
#
# %% en
# Now it knows :printed:`6, training` of the pictures that it learned from, and :printed:`6, test` of the others. Both columns rise, but the gap has grown:
# it seems to remember some training pictures.
#
# .. _classifier-overfit:
#
# Watch it learn by heart
# -----------------------
#
# What if there are only 300 pictures, and 30 epochs?
#
# .. folded:: Guess first: how many of these does it get right, and how many of others?
#
#    Nearly all of these, and far fewer of others: more than sixty thousand parameters have room for 300 pictures by heart.
#
# To check, set aside another 500 of the training set, a :term:`validation set <validation-set>`, unseen by the next network.

few = train_pictures[:300]
few_loader = DataLoader(few, batch_size=25, shuffle=True, generator=order)
validation_loader = DataLoader(train_pictures[-500:], batch_size=500)
exams = {"training set": DataLoader(few, batch_size=300), "validation set": validation_loader}
torch.manual_seed(0)
learner = Classifier()
optimizer = torch.optim.Adam(learner.parameters(), lr=0.001)
curves = {name: [] for name in exams}
for epoch in range(30):
    train_epoch(learner, few_loader, criterion, optimizer)
    for name, loader in exams.items():
        logits, labels = predict(learner, loader)
        curves[name].append(criterion(logits, labels).item())

for name, loader in exams.items():
    print(f"{name} = {accuracy(learner, loader):.1%}")
turn = 1 + torch.tensor(curves["validation set"]).argmin().item()
print("turn =", turn)

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.2, 2.6), layout="constrained")
for name, curve in curves.items():
    axis.plot(range(1, 31), curve, label=name)
axis.axvline(turn, color="gray", linestyle=":")
axis.set(xlabel="epoch", ylabel="loss", ylim=(0, None))
axis.legend()
plt.show()
lowest = min(curves["validation set"])
assert curves["training set"][-1] < lowest < 0.9 * curves["validation set"][-1]
# endregion

# %% zh
# .. caption:: 300 张图的损失降到接近 0；验证集的损失在竖线处掉头向上。
#
# 学过的认对 :printed:`training set`，没见过的只有 :printed:`validation set`。这就是:term:`过拟合 <overfitting>`。
# 过了第 :printed:`turn` 轮，验证集的损失掉头向上：网络越来越肯定，错了也一样肯定，而错得越肯定，损失越大。要它的把握（:term:`置信度 <confidence>`）信得过，就在竖线处停下，或者多找些图。
#
# 为什么不看测试集来决定？照着测试集挑选，测试集就不算没见过的图了。学习率、轮数、网络的结构，都看验证集来定；
# 测试集最后才用。我们每轮都看一眼测试成绩，但没有拿它来挑选：轮数是事先定好的。
#
# .. _classifier-save:
#
# 存下来，再取回来
# ----------------
#
# 学到的都在 ``state_dict`` 里：一个字典，每个名字对应一个张量。加载时，先建一个同样的网络。
# 别人的文件里可能藏着代码，``weights_only=True`` 只读数据，不运行其中的代码。
#
# %% en
# .. caption:: The loss on the 300 pictures falls almost to 0; on the validation set it turns at the line, and rises.
#
# It gets :printed:`training set` of its pictures right, and of others :printed:`validation set`. This is :term:`overfitting`.
# After epoch :printed:`turn`, the loss on the validation set rises: the network grows surer, of its mistakes as well; a surer mistake means a larger loss. If its :term:`confidence` is to be trusted, stop at the line, or find more pictures.
#
# Why not decide by the test set? Pictures that we choose by are no longer unseen. Choose the learning rate, the number of epochs and the network by the validation set;
# the test set comes last. We did look at it after every epoch, but chose nothing by it: the number of epochs was settled beforehand.
#
# .. _classifier-save:
#
# Save it, and load it again
# --------------------------
#
# All that was learned is in the ``state_dict``, a dictionary from names to tensors. To load it, first make a network of the same kind.
# A stranger's file may hide code; ``weights_only=True`` reads data only, and runs none.

# region
# zh: 一个临时文件夹，用完自动删除；你自己用时，换成想要的路径
# en: A temporary folder, which deletes itself; for your own work, choose a path of yours
import tempfile
from pathlib import Path

folder = tempfile.TemporaryDirectory()
file = Path(folder.name) / "classifier.pt"
# endregion
torch.save(network.state_dict(), file)
restored = Classifier()
restored.load_state_dict(torch.load(file, weights_only=True))
print(f"accuracy = {accuracy(restored, test_loader):.1%}")

# %% zh
# .. _classifier-confusion:
#
# 看它把什么认成什么
# ------------------
#
# 光看 :printed:`accuracy`，不知道错在哪里；看:term:`混淆矩阵 <confusion-matrix>`就知道。每行是一种标签，每列是一种:term:`预测 <prediction>`，
# 格子里是张数；只有对角线上是认对的。
#
# %% en
# .. _classifier-confusion:
#
# See what it takes for what
# --------------------------
#
# :printed:`accuracy` does not say what goes wrong. The :term:`confusion matrix <confusion-matrix>` does. A row is a label, a column a :term:`prediction`,
# and a cell the number of such pictures. Only the diagonal is right.

logits, labels = predict(restored, test_loader)
predictions = logits.argmax(dim=1)  # N
confusion = torch.zeros(10, 10, dtype=torch.int64)
for label, prediction in zip(labels, predictions):
    confusion[label, prediction] += 1

# region
# zh: 找出最容易、最难和最常认错的
# en: Find the easiest, the hardest, and what is most often mixed up
per_class = confusion.diag() / confusion.sum(dim=1)  # 10
for name, index in {"easiest": per_class.argmax(), "hardest": per_class.argmin()}.items():
    print(f"{name} = {classes[index]} ({per_class[index].item():.1%})")
i, j = divmod(confusion.clone().fill_diagonal_(0).argmax().item(), 10)
print(f"most often mixed up = {classes[i]} → {classes[j]}, times = {confusion[i, j].item()}")
# endregion

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.5, 4.5), layout="constrained")
axis.imshow(confusion, cmap="Blues", vmin=0)
for row in range(10):
    for column in range(10):
        count = confusion[row, column].item()
        color = "white" if count > 0.71 * confusion.max() else "black"
        axis.text(column, row, count, color=color, fontsize=8, ha="center", va="center")
axis.set_xticks(range(10), classes, rotation=45, ha="right", rotation_mode="anchor")
axis.set_yticks(range(10), classes)
axis.set(xlabel="prediction", ylabel="label")
plt.show()
assert confusion.trace().item() / len(labels) == history[-1][1]
# endregion

# %% zh
# .. caption:: 混淆矩阵：每行是一种标签，每列是一种预测，对角线上是认对的。
#
# 最容易的是 :printed:`easiest`，最难的是 :printed:`hardest`。最常见的错是 :printed:`most often mixed up`，有 :printed:`times` 次。
# 在矩阵里找到这一格，再看对角线那边和它对称的一格：反过来认错的，也一样多吗？
#
# .. only:: cifar10
#
#    动物多半错成动物，交通工具多半错成交通工具：它看到的，和我们看到的有些相通。
#
# .. only:: silhouettes
#
#    去第一幅图里比一比这两类：它们的外形哪里像？
#
# .. _classifier-mistakes:
#
# 认错了，却最有把握的图
# ----------------------
#
# softmax 给出的最大概率，就是网络的置信度。答错了却最有把握的，是哪八张？
#
# %% en
# .. caption:: The confusion matrix: labels in rows, predictions in columns, right answers on the diagonal.
#
# Easiest is :printed:`easiest`, hardest :printed:`hardest`. The most common mistake is :printed:`most often mixed up`, :printed:`times` times.
# Find this cell in the matrix, then the one across the diagonal: is the opposite mistake as common?
#
# .. only:: cifar10
#
#    Animals are mostly taken for animals, and vehicles for vehicles: what it sees is not so far from what we see.
#
# .. only:: silhouettes
#
#    Compare these two classes in the first figure: where are their outlines alike?
#
# .. _classifier-mistakes:
#
# Find its surest mistakes
# ------------------------
#
# The largest probability that softmax gives is the network's confidence. Of which eight mistakes is it the surest?

confidence = logits.softmax(dim=1).amax(dim=1)  # N
# region
# zh: 找出那八张
# en: Find the eight
wrong = (predictions != labels).nonzero().flatten()
worst = wrong[confidence[wrong].argsort(descending=True, stable=True)[:8]]
# endregion
print(f"surest = {confidence[worst[0]].item():.1%}")

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
titles = [f"{classes[labels[k]]}\n→ {classes[predictions[k]]}\n{confidence[k].item():.1%}" for k in worst]
show_pictures(test_set.images[worst], titles)
# endregion

# %% zh
# .. caption:: 错得最有把握的八张图，每张上方写着标签、预测和置信度。
#
# 第一张，它有 :printed:`surest` 的把握（舍入后），却错了。是什么骗了它？答案往往在图里。
#
# .. only:: silhouettes
#
#    看看色块盖住了哪里，剩下的形状像什么。
#
# .. _classifier-own:
#
# 让它认你自己的图
# ----------------
#
# 本页画了一架飞机，存成文件；照片也这样读。``convert`` 保证三个通道，``resize`` 缩成网络认得的大小，``unsqueeze(0)`` 添一维，一张图自成一批。
#
# %% en
# .. caption:: The eight surest mistakes, each below label, prediction and confidence.
#
# Of the first it is :printed:`surest` sure (rounded). What misled it? Look at the picture.
#
# .. only:: silhouettes
#
#    See what the patch of color hides, and what the rest resembles.
#
# .. _classifier-own:
#
# Show it a picture of your own
# -----------------------------
#
# This page drew an airplane and saved it to a file; photos are read in the same way. ``convert`` gives three channels, ``resize`` the size that the network knows, and ``unsqueeze(0)`` makes a batch of one.

# region
# zh: 画一架飞机的代码
# en: The code that draws an airplane
from PIL import Image, ImageDraw

drawing = Image.new("RGB", (640, 640), "skyblue")
pen = ImageDraw.Draw(drawing)
pen.line([(60, 320), (560, 320)], fill="navy", width=80)
wings = [(230, 320), (380, 60), (430, 60), (360, 320), (430, 580), (380, 580)]
tail = [(480, 320), (560, 190), (600, 190), (580, 320), (600, 450), (560, 450)]
for part in (wings, tail):
    pen.polygon(part, fill="navy")
mine = Path(folder.name) / "mine.png"
drawing.save(mine)
# endregion
from PIL import Image

photo = mine
picture = Image.open(photo).convert("RGB")
small = picture.resize((32, 32))
with torch.no_grad():
    chances = restored(transform(small).unsqueeze(0))[0].softmax(dim=0)  # 10
best = chances.argmax()
print(f"answer = {classes[best]}, confidence = {chances[best].item():.1%}")

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axes = plt.subplots(1, 2, figsize=(4, 2.2), layout="constrained")
for axis, shown in zip(axes, (picture, small)):
    axis.imshow(shown)
    axis.set_title("×".join(map(str, shown.size)), fontsize=10)
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 画的飞机，和缩成 32×32 以后网络看到的飞机。
#
# 它说这是 :printed:`answer`，置信度 :printed:`confidence`。把 ``photo`` 换成你的照片的路径，再问一次。
#
# .. only:: silhouettes
#
#    不过它没见过照片。要它认照片，就\ :ref:`换成 CIFAR-10 <about-data>`，再训练一次。
#
# .. only:: cifar10
#
#    东西要占满画面，它见过的照片就是这样。
#
# .. folded:: 先猜一猜：给它看你的自拍照，它会说什么？
#
#    十个词里的一个，置信度也许还很高。它没有别的词可说，也不会说“不知道”。
#
# 忘了 ``resize``，就会遇到这个错误：
#
# %% en
# .. caption:: The airplane as drawn, and at 32×32, as the network sees it.
#
# It says :printed:`answer`, with a confidence of :printed:`confidence`. Let ``photo`` be the path of yours, and ask again.
#
# .. only:: silhouettes
#
#    But it has never seen a photo. :ref:`Take CIFAR-10 <about-data>`, and train again.
#
# .. only:: cifar10
#
#    Let the thing fill the picture, as in its photos.
#
# .. folded:: Guess first: what does it say to a picture of your face?
#
#    One of its ten words, and perhaps with great confidence. It has no other word to say, not even "I don't know".
#
# Forget ``resize``, and you will meet this error:

try:
    restored(transform(picture).unsqueeze(0))
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

# %% zh
# 640×640 的图，两次卷积和池化以后还有 16×157×157 个数，``fc1`` 只收 400 个。看到这条报错，先查图的大小。
#
# **你已经会：**把一个问题从头做到尾，从读图到让网络认你自己的图，一路留意过拟合，看清它错在哪里。
# 这一小时，是从二十个点和一条直线开始的。
#
# **还没讲的：**照片太少怎么办。下面几节折叠着，可以以后再读。
#
# .. _classifier-data:
#
# 别的数据从哪里来
# ----------------
#
# .. deeper::
#
# 网络只接受张量。手里不论是什么，先用合适的库读成数组，再变成张量：
#
# - 图像：Pillow、OpenCV；
# - 声音：SciPy、librosa、torchaudio；
# - 视频：一帧一帧就是图，用 TorchCodec 或 OpenCV 读出来；
# - 文字：用 Python 编码成字节，或者用 spaCy、NLTK 分成词，再给词编号。
#
# 自己的照片若按类别放在不同的文件夹里，``torchvision.datasets.ImageFolder`` 就能读成数据集，文件夹的名字就是类名。
# ``torchvision.datasets`` 里还有 ImageNet 等许多现成的数据集；ImageNet 有一千类、一百多万张图，要先自己下载。
# ``ToTensor`` 较新的写法是 ``torchvision.transforms.v2`` 里的 ``ToImage`` 和 ``ToDtype(torch.float32, scale=True)``。
#
# 下面是一秒钟的声音，频率 440 赫兹；还有一个单词。
#
# %% en
# Of 640×640 pixels, the convolutions and pooling leave 16×157×157 numbers, and ``fc1`` takes 400. Check the size of the picture first.
#
# **You can now** go all the way from pictures to a network that answers for yours, with an eye on overfitting and on mistakes.
# The hour began with a line through twenty points.
#
# **Still to come:** what to do with too few photos. The parts below are folded; they can wait.
#
# .. _classifier-data:
#
# Where other data come from
# --------------------------
#
# .. deeper::
#
# A network takes tensors and nothing else. Whatever you have, read it into an array with a library that knows the format, then make that a tensor:
#
# - images: Pillow, OpenCV;
# - audio: SciPy, librosa, torchaudio;
# - video: frame by frame it is images, and TorchCodec or OpenCV reads them;
# - text: let Python turn it into bytes, or split it into words with spaCy or NLTK and number the words.
#
# If your photos lie in folders, one for each class, ``torchvision.datasets.ImageFolder`` makes a dataset of them, and the names of the folders are its classes.
# ``torchvision.datasets`` has many more that are ready, ImageNet among them; that one has a thousand classes and more than a million pictures, and you have to download it yourself.
# The newer way to write ``ToTensor`` is ``ToImage`` and ``ToDtype(torch.float32, scale=True)``, from ``torchvision.transforms.v2``.
#
# Here is a second of sound, at 440 hertz, and a word.

seconds = torch.arange(8000) / 8000
sound = torch.sin(2 * torch.pi * 440 * seconds)
text = torch.tensor(list("PyTorch".encode()))
print("sound =", tuple(sound.shape))
print("text =", text.tolist())

# %% zh
# .. _classifier-device:
#
# 搬到加速器上训练
# ----------------
#
# .. deeper::
#
# 加速器在“:ref:`tensors-device`”里讲过。这里要改三处：网络移一次；每一步的图和标签都要移；优化器在网络移好以后再建。网络的 ``to`` 移动网络自己；张量的 ``to`` 不改动自己，
# 要用它的返回值。优化器记住交给它的参数，先移后建，它手里的就一定是网络正在用的。
#
# 下面从同样的种子出发走 200 步，损失应当和开头训练时的前 200 步一致。网络小，一批只有 4 张，所以就算有 GPU，也快不了多少：
# 时间都花在准备数据、逐个启动运算上。网络越宽、批越大，加速器的优势越明显。
#
# %% en
# .. _classifier-device:
#
# Train on an accelerator
# -----------------------
#
# .. deeper::
#
# Accelerators first came up in ":ref:`tensors-device`". Here, three things change: move the network, once; move the pictures and labels, at every step; and make the optimizer after the network has moved. A network's ``to`` moves the network itself. A tensor's ``to`` leaves the tensor alone, so take what it returns.
# An optimizer remembers the parameters that it was given; made after the move, it is certain to hold those that the network uses.
#
# Here are 200 steps from the same seed; their losses should agree with those of the first 200 steps of the training above. The network is small, and 4 pictures a batch are few, so even a GPU gains little:
# the time goes into preparing data, and into launching one operation after another. The wider the network and the larger the batch, the more an accelerator pays.

from itertools import islice

device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
torch.manual_seed(0)
moved = Classifier().to(device)
optimizer = torch.optim.SGD(moved.parameters(), lr=0.001, momentum=0.9)

order.manual_seed(0)
moved_losses = []
for images, targets in islice(train_loader, 200):
    images, targets = images.to(device), targets.to(device)
    optimizer.zero_grad()
    loss = criterion(moved(images), targets)
    loss.backward()
    optimizer.step()
    moved_losses.append(loss.item())
print("device =", loss.device)
assert next(moved.parameters()).device.type == device.type
assert torch.allclose(torch.tensor(moved_losses), torch.tensor(losses[:200]), atol=0.02)

# %% zh
# .. _classifier-conditions:
#
# 为什么每次都一样
# ----------------
#
# .. deeper::
#
# 代码和机器都不变，结果仍会受三样东西影响：随机种子、线程数、默认的浮点类型。本课一开头就把它们固定了，所以同一台机器、同样的版本，在 CPU 上每次都得到同样的数；
# 你改一处，就看得出这一处的作用。线程数为什么也算？它决定相加的次序，也就影响舍入误差，而训练会把这点差别越放越大。
# 网络很小，一个线程就好；线程多了，光是互相等待就要花不少时间。
#
# %% en
# .. _classifier-conditions:
#
# Why it comes out the same
# -------------------------
#
# .. deeper::
#
# Even when the code stays the same, three things sway the result: the random seed, the number of threads and the default float type. This lesson fixed them at its start. So on one machine, with the same versions, the CPU gives the same numbers each time, and
# when you change one thing, you see what that one thing does. Why threads? They decide the order in which numbers are added, and so the rounding errors, and training makes such small differences grow.
# The network is small, and one thread will do; more would spend much of their time waiting for each other.

print("seed =", torch.initial_seed())
print("threads =", torch.get_num_threads())
print("dtype =", torch.get_default_dtype())

# %% zh
# .. _classifier-exercises:
#
# 练习
# ----
#
# 1. **用笔。**算一算 ``Classifier`` 的每一层有多少个参数。哪一层最多？
#
#    .. folded:: 提示
#
#       一层有 ``weight`` 和 ``bias``。卷积层的 ``weight`` 是输出通道、输入通道、高、宽四个数相乘。用 ``numel`` 核对。
#
#       在笔记本里核对：先写 ``from torchhour.exercises import check``，再写 ``check("classifier-1", [conv1, conv2, fc1, fc2, fc3])``。然后看\ :ref:`答案 <solutions-classifier-1>`。
#
# 2. **只改一行。**把 ``train_loader`` 的 ``batch_size`` 改成 32，从头运行到“:ref:`classifier-train`”。准确率为什么这么低？
#
#    .. folded:: 提示
#
#       两轮一共走了多少步？原来是多少步？再改一处，就能追回来。断言会拦住你，删掉它。
#
#       做完再看\ :ref:`答案 <solutions-classifier-2>`。
#
# 3. **前三名。**标签在得分最高的三类之中，就算答对。准确率是多少？
#
#    .. folded:: 提示
#
#       对混淆矩阵那一节的 ``logits`` 用 ``topk(3, dim=1).indices``，看三个编号里有没有标签。可以用 scikit-learn 的 ``top_k_accuracy_score`` 核对。
#
#       做完再看\ :ref:`答案 <solutions-classifier-3>`。
#
# 4. **断点续训。**训练一轮，存盘，加载，再训练一轮。怎样才能和不间断地训练两轮完全一样？
#
#    .. folded:: 提示
#
#       优化器也有 ``state_dict``，里面存着动量。取图的次序，用 ``order`` 的 ``get_state`` 和 ``set_state`` 接上。
#
#       做完再看\ :ref:`答案 <solutions-classifier-4>`。
#
# 5. **放手去做。**还是那 300 张图，你能让验证集的准确率提高多少？
#
#    .. folded:: 提示
#
#       左右翻转的猫还是猫。在 ``transform`` 前面加上 ``transforms.RandomHorizontalFlip()``，用它再建一个训练集，取 ``torch.utils.data.Subset(..., range(300))``。这次不要用 ``list``，每一轮翻的都不同。
#
#       做完再看\ :ref:`答案 <solutions-classifier-5>`。
#
# PyTorch 的文档里，可以接着读 `数据集与 DataLoader <https://docs.pytorch.org/docs/stable/data.html>`__ 和 `存取模型 <https://docs.pytorch.org/docs/stable/notes/serialization.html>`__。
#
# 接着读 :doc:`45_fine_tuning`：那里教网络认五个新的数字，每个只用五张图。
#
# %% en
# .. _classifier-exercises:
#
# Exercises
# ---------
#
# 1. **With a pencil.** How many parameters does each layer of ``Classifier`` have? Which layer has the most?
#
#    .. folded:: A hint
#
#       A layer has a ``weight`` and a ``bias``. For the ``weight`` of a convolution, multiply four numbers: channels out, channels in, height, width. Check with ``numel``.
#
#       Check yours in a notebook: ``from torchhour.exercises import check``, then ``check("classifier-1", [conv1, conv2, fc1, fc2, fc3])``. After that, see :ref:`the solution <solutions-classifier-1>`.
#
# 2. **Change one line.** Set the ``batch_size`` of ``train_loader`` to 32, and run the lesson from its start as far as ":ref:`classifier-train`". Why is the accuracy so low?
#
#    .. folded:: A hint
#
#       How many steps do two epochs take now, and how many before? One more change wins it back. The assertion will stop you: delete it.
#
#       When you are done, see :ref:`the solution <solutions-classifier-2>`.
#
# 3. **Among the first three.** If the label is among the three highest scores, call it right. What is the accuracy now?
#
#    .. folded:: A hint
#
#       Apply ``topk(3, dim=1).indices`` to the ``logits`` of the section on the confusion matrix, and see whether the label is among the three. The ``top_k_accuracy_score`` of scikit-learn can check it.
#
#       When you are done, see :ref:`the solution <solutions-classifier-3>`.
#
# 4. **Resume training.** Train for one epoch, save, load, train for another. What does it take to come out exactly as two without a break?
#
#    .. folded:: A hint
#
#       The optimizer has a ``state_dict``, too, and the momentum is in it. To go on with the order of the pictures, use ``get_state`` and ``set_state`` of ``order``.
#
#       When you are done, see :ref:`the solution <solutions-classifier-4>`.
#
# 5. **An open one.** With the same 300 pictures, how far can you raise the accuracy on the validation set?
#
#    .. folded:: A hint
#
#       A cat that looks the other way is a cat. Put ``transforms.RandomHorizontalFlip()`` in front of ``transform``, make another training set with it, and take ``torch.utils.data.Subset(..., range(300))``. Use no ``list`` this time, so that each epoch flips others.
#
#       When you are done, see :ref:`the solution <solutions-classifier-5>`.
#
# In PyTorch's documentation: `datasets and DataLoader <https://docs.pytorch.org/docs/stable/data.html>`__ and `saving and loading <https://docs.pytorch.org/docs/stable/notes/serialization.html>`__.
#
# Go on with :doc:`45_fine_tuning`: it teaches five new digits, with five pictures of each.
