"""
%% zh
微调
====

你只有二十五张图，却想教网络认五个新的数字。从零学起，很慢；可是手边有个网络，已经学会了别的数字。
学完这一课，你会把学好的网络:term:`冻结 <freeze>`，换上一个新的分类头，几步之内教会它新的东西；看看这样做值不值，再避开一个不报错的陷阱。

**需要的基础：**读过 :doc:`30_networks` 和 :doc:`40_classifier` 两课，会训练网络。

.. minutes:: 14

%% en
Fine-tuning
===========

You have only twenty-five pictures, and want to teach a network five new digits. To learn from scratch is slow. But there is a network at hand that has learned other digits.
By the end of this lesson you will be able to :term:`freeze` a network that has learned, give it a new head and teach it something new in a few steps. You will measure whether it pays and avoid a trap that raises no error.

**What you need:** to know how a network is trained, from the lessons :doc:`30_networks` and :doc:`40_classifier`.

.. minutes:: 14
"""

# %% zh
# .. _fine-tuning-few:
#
# 看看手里的二十五张图
# --------------------
#
# 设想数字 5 到 9 每个只有 5 张带标签的图，随机抽出来的：
#
# %% en
# .. _fine-tuning-few:
#
# Look at the twenty-five pictures
# --------------------------------
#
# Suppose that of each digit from 5 to 9 there are only 5 pictures with labels, drawn at random:

import torch

from torchhour.data.digits import digits

torch.manual_seed(0)
torch.set_num_threads(1)
train, test = digits(), digits(train=False)


def draw_few(each=5):
    # zh: 打乱编号，从中挑出标签是这个数字的，取前几个
    # en: mix the indices, pick those whose label is the digit, and take the first few
    order = torch.randperm(len(train))
    labels = train.labels[order]
    return torch.cat([order[labels == digit][:each] for digit in range(5, 10)])


# zh: 这些图在训练集里的编号
# en: the indices of these pictures in the training set
few = draw_few()
print("few =", len(few))
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

figure, axes = plt.subplots(5, len(few) // 5, figsize=(2.6, 2.6), layout="constrained")
for axis, image in zip(axes.flat, train.images[few]):
    axis.imshow(image[0], cmap="gray")
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 全部的训练数据：从 5 到 9，每行一个数字，每个五张。
#
# .. _fine-tuning-scratch:
#
# 先从零训练
# ----------
#
# ``nn.Sequential`` 把层排成一串，一层的输出交给下一层。网络分成两段：``make_features`` 里是 LeNet 的两次卷积，把图变成 400 个:term:`特征 <feature>`；后面接一个全连接层，由特征给 5 类打分，它叫**分类头**，下面只叫“头”。``cross_entropy`` 就是写成函数的 ``CrossEntropyLoss``。
#
# %% en
# .. caption:: All the data for training: from 5 to 9, a row for each digit, five pictures in each.
#
# .. _fine-tuning-scratch:
#
# Train from scratch first
# ------------------------
#
# ``nn.Sequential`` puts layers in a row, each taking in what the one before gives. The network has two parts. ``make_features`` holds the two convolutions of LeNet, which turn a picture into 400 :term:`features <feature>`. After it comes a fully connected layer that scores 5 classes from them: the **head**. ``cross_entropy`` is ``CrossEntropyLoss`` as a function.

from torch import nn
from torch.nn.functional import cross_entropy


def make_features():
    first = nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2))  # N×6×14×14
    second = nn.Sequential(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2))  # N×16×5×5
    return nn.Sequential(first, second, nn.Flatten())  # N×400


# zh: 测试集里的 5 到 9，至多取 500 张
# en: 5 to 9 in the test set, 500 at most
unseen = torch.arange(len(test))[test.labels >= 5][:500]


def learn(network, few, lr=0.01):
    optimizer = torch.optim.SGD(network.parameters(), lr=lr, momentum=0.9)
    # zh: 第 k 个数（从 0 数起），是走完 5×k 步时的准确率
    # en: number k, from 0, is the accuracy after 5×k steps
    accuracies = []
    for step in range(61):
        if step % 5 == 0:
            with torch.no_grad():
                predictions = network(test.images[unseen]).argmax(dim=1) + 5
            right = predictions == test.labels[unseen]
            accuracies.append(right.float().mean().item())
        optimizer.zero_grad()
        cross_entropy(network(train.images[few]), train.labels[few] - 5).backward()
        optimizer.step()
    return accuracies


scratch = learn(nn.Sequential(make_features(), nn.Linear(400, 5)), few)
print(f"after 10 steps = {scratch[2]:.1%}")
print(f"after 60 steps = {scratch[12]:.1%}")

# %% zh
# 标签减去 5，正好是五个得分的编号；准确率在测试集的 5 到 9 上算，每 5 步量一次：这些图要反复看，在这里就当验证集用。乱猜能对五分之一。
# 走了 10 步，认对 :printed:`after 10 steps`，走完 60 步，:printed:`after 60 steps`。
#
# .. folded:: 先猜一猜：一个只见过 0 到 4 的网络，能帮上忙吗？
#
#    能。7 和 1 都有竖，8 和 3 都有弯。网络前面的层，学会的多是边缘和笔画，不是某一个数字。
#
# .. _fine-tuning-features:
#
# 先拿别的数字练眼力
# ------------------
#
# 0 到 4 的图有很多，用它们训练同样的网络，每一步随机取 32 张：
#
# %% en
# Take 5 from a label, and you have the index of one of the five scores. The accuracy is that on the digits 5 to 9 of the test set, measured every 5 steps: as we look at them again and again, they are our validation set here. Guessing is right in one of five.
# After 10 steps it reads :printed:`after 10 steps` of them, after 60 steps :printed:`after 60 steps`.
#
# .. folded:: Guess first: could a network help that has seen nothing but 0 to 4?
#
#    It could. There is an upright in a 7 as in a 1, and a bow in an 8 as in a 3. What the first layers of a network learn is mostly edges and strokes, and not this or that digit.
#
# .. _fine-tuning-features:
#
# Learn to see on other digits
# ----------------------------
#
# Of the digits 0 to 4 there are many pictures. Train the same network on them, with 32 random ones at each step:

many = torch.arange(len(train))[train.labels < 5]
features = make_features()
network = nn.Sequential(features, nn.Linear(400, 5))
optimizer = torch.optim.SGD(network.parameters(), lr=0.02, momentum=0.9)
for step in range(200):
    batch = many[torch.randint(len(many), (32,))]
    optimizer.zero_grad()
    cross_entropy(network(train.images[batch]), train.labels[batch]).backward()
    optimizer.step()

seen = torch.arange(len(test))[test.labels < 5][:500]
with torch.no_grad():
    right = network(test.images[seen]).argmax(dim=1) == test.labels[seen]
print(f"accuracy on 0 to 4 = {right.float().mean():.1%}")

# %% zh
# 它认得 0 到 4，准确率是 :printed:`accuracy on 0 to 4`。给它看一个从没见过的数字，它的卷积看到什么？
#
# %% en
# It reads 0 to 4, with an accuracy of :printed:`accuracy on 0 to 4`. Show it a digit that it has never seen: what do its convolutions make of it?

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
picture = train.images[few[train.labels[few] == 7][:1]]
with torch.no_grad():
    maps = features[0][:2](picture)[0]  # 6×28×28
figure, axes = plt.subplots(1, 7, figsize=(4.6, 0.8), layout="constrained")
for axis, image in zip(axes, [picture[0, 0], *maps]):
    axis.imshow(image, cmap="gray" if axis is axes[0] else "viridis")
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 左边是一个 7，右边是六个卷积核在它上面找到的东西，越亮，找到的越多；各块的亮度分别调过。
#
# 网络不知道这是 7，它的卷积核却照样对这些笔画有反应；若有一块全是暗的，那个卷积核就什么也没找到。这些特征，换一个数字也用得上。
#
# .. _fine-tuning-freeze:
#
# 冻结，换一个头
# --------------
#
# 所以留下特征，只换头。``requires_grad_(False)`` 让这些参数不再需要梯度，这就是**冻结**。新建的层默认需要梯度，只有它会学：
#
# %% en
# .. caption:: A 7 on the left, and on the right what six kernels have found in it; the brighter, the more, each brightened by itself.
#
# The network does not know that this is a 7, and yet its kernels respond to the strokes. In a square that is all dark, the kernel has found nothing. Such features serve for other digits, too.
#
# .. _fine-tuning-freeze:
#
# Freeze, and put on a new head
# -----------------------------
#
# So keep the features, and replace nothing but the head. ``requires_grad_(False)`` says that these parameters no longer require a gradient: they are **frozen**. A new layer requires gradients by default, so it alone will learn:

features.requires_grad_(False)
learned = [parameter.clone() for parameter in features.parameters()]
network = nn.Sequential(features, nn.Linear(400, 5))
sizes = {True: 0, False: 0}
for parameter in network.parameters():
    sizes[parameter.requires_grad] += parameter.numel()
print("learning =", sizes[True], " frozen =", sizes[False])

tuned = learn(network, few)
print(f"after 10 steps = {tuned[2]:.1%}")
assert tuned[2] > scratch[2] + 0.1
assert all(map(torch.equal, features.parameters(), learned))
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.2, 2.6), layout="constrained")
axis.plot(range(0, 61, 5), tuned, label="only the head", color="tab:orange")
axis.plot(range(0, 61, 5), scratch, label="from scratch", color="tab:blue")
axis.axhline(1 / 5, color="gray", linestyle="--")
axis.set(xlabel="step", ylabel="accuracy", ylim=(0, 1))
axis.legend(loc="lower right")
plt.show()
# endregion

# %% zh
# .. caption:: 新数字的准确率：只训练头，几步就升得很高；从零训练，要慢得多。虚线是乱猜。
#
# 10 步以后就有 :printed:`after 10 steps`。接着训练一个学好的网络，或者只训练它的新头，就叫:term:`微调 <fine-tuning>`。
# 每一步也更省：前面的层什么都没有记录，反向走到新的头就停。
#
# .. _fine-tuning-luck:
#
# 会不会只是运气
# --------------
#
# 一次比较说明不了什么：也许这二十五张图特别好，也许新的头碰巧不错。那就重新抽五次，每次都换图，换随机的起点，再加一组来比：从学好的特征出发，什么也不冻结，全部一起训练（用 ``deepcopy`` 复制一份，原来的不动）。
#
# %% en
# .. caption:: Accuracy on the new digits: quickly high where only the head is trained, far more slowly from scratch. The dashed line is guessing.
#
# After 10 steps it is at :printed:`after 10 steps` already. To go on training a network that has learned, or only a new head on it, is called :term:`fine-tuning`.
# Each step is cheaper, too: the way back ends at the head, since nothing before the head was recorded.
#
# .. _fine-tuning-luck:
#
# Was it luck?
# ------------
#
# One comparison proves little. These may be very good pictures, or the new head a lucky one. So draw five times, with other pictures and another random start each, and with one more rival, which begins with the learned features, in a ``deepcopy``, and trains everything, with nothing frozen.

import copy


def with_head(features):
    return nn.Sequential(features, nn.Linear(400, 5))


draws = [draw_few() for draw in range(5)]
runs = {"only the head": [], "everything": [], "from scratch": []}
for few in draws:
    thawed = copy.deepcopy(features).requires_grad_(True)
    runs["only the head"].append(learn(with_head(features), few))
    runs["everything"].append(learn(with_head(thawed), few))
    runs["from scratch"].append(learn(with_head(make_features()), few))

means = {name: torch.tensor(five).mean(dim=0) for name, five in runs.items()}
print(f"{'after steps':15}      5      10      60")
for name, mean in means.items():
    print(f"{name:15}  {mean[1]:6.1%}  {mean[2]:6.1%}  {mean[12]:6.1%}")
heads, _, scratches = runs.values()
assert all(head[2] > scratch[2] for head, scratch in zip(heads, scratches))
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.2, 2.8), layout="constrained")
for (name, five), color in zip(runs.items(), ("tab:orange", "tab:green", "tab:blue")):
    for run in five:
        axis.plot(range(0, 61, 5), run, color=color, linewidth=0.7, alpha=0.6)
    style = "--" if name == "everything" else "-"
    axis.plot(range(0, 61, 5), means[name], style, color=color, linewidth=3, label=name)
axis.axhline(1 / 5, color="gray", linestyle="--")
axis.set(xlabel="step", ylabel="accuracy", ylim=(0, 1))
axis.legend(loc="lower right")
plt.show()
# endregion

# %% zh
# .. caption:: 细线是五次抽取各自的结果，粗线是平均：从学好的特征出发的两组靠在一起，上升最快；从零训练慢得多，后来追了上来。灰色的虚线是乱猜。
#
# 不是运气：五次里，只训练头的，在第 10 步都超过从零训练的。冻结还是不冻结，差别不大，而冻结更省。图有成千上万张时，全部一起训练往往更好。（只抽一次，结果可能比平均高不少，也可能低不少。）
#
# 领先这么多，是因为特征好吗？只有一部分是。学过的特征，数值也更大；:math:`wx` 对 :math:`w` 的导数就是 :math:`x`，所以梯度更大，每一步走得更远。“特征好”和“步子大”各占多少，“:ref:`fine-tuning-doubt`”分开来量：就算特征是随机的，只要数值一样大，第 10 步也比从零训练高得多。从零训练的，后来也追了上来，大概因为数字不难：在这里，微调省下的主要是步数。网络越大、任务越难，预先学好的特征往往越有用。
#
# .. _fine-tuning-resnet:
#
# 换成一个大网络
# --------------
#
# 平时用的，是别人在一百多万张照片上训练好的网络。要做三件事：加载，冻结，换头。``resnet18`` 是一个卷积网络，数据从头到尾依次经过 17 个卷积层和 1 个全连接层，名字里的 18 就是这样来的；它的头叫 ``fc``，把 512 个特征变成 1,000 个得分；新的头只给 10 类打分。
#
# %% en
# .. caption:: Thin lines for the five draws, and their means: the two groups that begin with learned features are close together and rise fastest; training from scratch is far slower, and catches up later. The gray dashed line is guessing.
#
# It was not luck. In all five draws, training only the head is ahead of training from scratch at step 10. To freeze or not makes little difference, and freezing is cheaper. Once there are thousands of pictures, it is often better to train everything. (One draw alone may be far above the mean, or below.)
#
# Is the lead so large because the features are good? Only in part. Learned features are also larger numbers; the derivative of :math:`wx` by :math:`w` is :math:`x`, so gradients are larger, and each step goes farther. ":ref:`fine-tuning-doubt`" measures good features and large steps apart: even random features, once made as large, are far ahead of training from scratch at step 10. And training from scratch catches up later, probably because digits are easy: here, fine-tuning saves steps above all. The larger the network and the harder the task, the more learned features tend to matter.
#
# .. _fine-tuning-resnet:
#
# Do it with a large network
# --------------------------
#
# As a rule, you take a network that others have trained on more than a million photographs. There are three things to do: load, freeze, replace the head. ``resnet18`` is a convolutional network, named for 17 convolutions and 1 fully connected layer, 18 one after the other; its head is called ``fc`` and turns 512 features into 1,000 scores; the new one scores 10 classes.

from torchvision.models import resnet18

from torchhour.data.weights import resnet18_weights

weights = resnet18_weights()
model = resnet18(weights=weights)
model.requires_grad_(False)
model.fc = nn.Linear(512, 10)

before = [parameter.clone() for parameter in model.parameters()]
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
pictures, labels = torch.rand(4, 3, 64, 64), torch.arange(4)
loss = cross_entropy(model(pictures), labels)
loss.backward()
optimizer.step()
pairs = zip(model.named_parameters(), before)
changed = [name for (name, now), old in pairs if not torch.equal(now, old)]
print("weights =", weights or "random")
print("tensors =", len(before), " changed =", changed)
assert changed == ["fc.weight", "fc.bias"]

# %% zh
# 这里的图是随机的，只为看看哪些参数变了：六十多个张量里，只有头的两个。其余的没有梯度，优化器就跳过它们。
#
# 平时写 ``resnet18(weights="DEFAULT")``，就会自动下载训练好的参数，这些参数常叫权重。上面打印的若是 ``random``，网络其实什么也没学过，但是做法完全一样。
#
# .. _fine-tuning-statistics:
#
# 有一样东西冻结不住
# ------------------
#
# ``resnet18`` 里有 20 个:term:`批归一化 <batch-normalization>`层。这样的层把每个通道的数减去均值，再除以标准差，让数不至于太大或太小。（1 和 3 的均值是 2；两个差的平方都是 1，平方的平均就是方差；方差开平方，就是标准差。）
#
# 均值和方差各有两份：一份由当前这一批算出，另一份是长期记录。``model.train()`` 以后是训练状态，用当前这一批的，同时让长期记录向这一批的值靠近一点；``model.eval()`` 以后是测试状态，只用长期记录。
# 长期记录不是参数，没有梯度，存在缓冲里，每层三个：均值、方差，还有见过多少批。
#
# .. folded:: 先猜一猜：``requires_grad_(False)`` 冻结得住这些缓冲吗？
#
#    冻结不住。它们本来就没有梯度，改动它们的不是优化器，是训练状态下的前向。
#
# %% en
# The pictures are random here, just to see which parameters change: of more than sixty tensors, only the two of the head. The others have no gradient, and the optimizer skips them.
#
# As a rule you write ``resnet18(weights="DEFAULT")``, which downloads trained parameters, often just called weights. If ``random`` was printed above, this network has learned nothing, but it is all done in the same way.
#
# .. _fine-tuning-statistics:
#
# One thing escapes the freezing
# ------------------------------
#
# ``resnet18`` has 20 layers of :term:`batch normalization <batch-normalization>`. From the numbers of each channel, such a layer takes away their mean, and divides by their standard deviation, so that they grow neither too large nor too small. (The mean of 1 and 3 is 2; both are 1 away from it; the mean of the squared distances is the variance, and its square root the standard deviation.)
#
# Mean and variance come in two versions: one is computed from the batch at hand, the other is a long-term record. After ``model.train()`` the network is in training mode: it uses mean and variance of the batch, and moves the record a little towards them; after ``model.eval()`` it is in testing mode, and uses the record alone.
# The record is no parameter and has no gradient. It is kept in buffers, three a layer: mean, variance, and how many batches it has seen.
#
# .. folded:: Guess first: does ``requires_grad_(False)`` freeze these buffers?
#
#    It cannot freeze them. They never had a gradient; what changes them is not the optimizer, but the forward pass in training mode.


def count_moved():
    before = [buffer.clone() for buffer in model.buffers()]
    model(pictures)
    return sum(not torch.equal(now, old) for now, old in zip(model.buffers(), before))


model.eval()
in_eval = count_moved()
model.train()
in_train = count_moved()
print("moved in eval =", in_eval, " moved in train =", in_train)
assert in_eval == 0 and in_train == 20 * 3

# %% zh
# 训练状态下走一次前向，:printed:`moved in train` 个缓冲全变了；测试状态下，变了 :printed:`moved in eval` 个。这样一来，训练时用的是你这一批的均值和方差，测试时用的却是长期记录；学过的网络，长期记录起初大半还是旧图的均值和方差，每一步只向你的图靠近一成。头在训练时见到的是一套数，测试时见到的是另一套。走了许多步，长期记录才完全是你的图的；可是批小的时候，每一批的均值和方差仍然忽大忽小。准确率可能因此莫名其妙地变差。
#
# 所以只训练头的时候，让前面的层保持 ``eval`` 状态，只把头切回 ``train``，也就是下面两行。训练函数若在每一轮开头调用 ``model.train()``，就把这两行紧跟着写在后面。（``fc`` 只是一个全连接层，两种状态一样；别的头未必。）
#
# %% en
# A single forward pass in training mode changed all :printed:`moved in train` buffers; in testing mode, :printed:`moved in eval`. So training uses mean and variance of your batch, and testing the record. In a trained network, the record is mostly of earlier pictures at first, and moves a tenth of the way towards yours at each step. The head learns from numbers of one kind, and is tested on those of another. Many steps later the record is that of your pictures, but with small batches, their mean and variance jump about even then. The accuracy may suffer for no visible reason.
#
# So when you train nothing but the head, leave the layers before it in ``eval``, and set only the head to ``train``, in the two lines below. If your training function calls ``model.train()`` at the start of each epoch, these lines have to follow it, every time. (``fc``, a single fully connected layer, does the same in both modes; other heads may not.)

model.eval()
model.fc.train()
print("layer1 =", model.layer1.training, " fc =", model.fc.training)

# %% zh
# .. _fine-tuning-doubt:
#
# 领先是不是只因为步子大
# ----------------------
#
# .. deeper::
#
# 学好的特征，数值也大。:math:`w x` 对 :math:`w` 的导数就是 :math:`x`：输入大，梯度就大；学习率相同，步子也大。领先会不会只是因为这个？
#
# 再加一组对照：卷积核是随机的，同样冻结，只把第二次卷积乘上一个倍数，让它的特征和学好的一样大。
#
# %% en
# .. _fine-tuning-doubt:
#
# Is it only the larger steps?
# ----------------------------
#
# .. deeper::
#
# Learned features are also larger numbers. The derivative of :math:`w x` by :math:`w` is :math:`x`: a larger input means a larger gradient and, at the same learning rate, a larger step. Is that all there is to the lead?
#
# Call in one more rival: its kernels are random and frozen as well, but the second convolution is multiplied until its features are as large as the learned ones.

blinds = []
for few in draws:
    images = train.images[few]
    blind = make_features().requires_grad_(False)
    times = features(images).std() / blind(images).std()
    for parameter in blind[1].parameters():
        parameter.mul_(times)
    blinds.append(learn(with_head(blind), few))
print(f"times = {times:.1f}")

means["random features"] = torch.tensor(blinds).mean(dim=0)
print(f"{'after steps':15}      5      10      60")
for name in ("only the head", "random features", "from scratch"):
    print(f"{name:15}  {means[name][1]:6.1%}  {means[name][2]:6.1%}  {means[name][12]:6.1%}")
assert means["only the head"][1] > means["random features"][1] + 0.05

# %% zh
# 这个怀疑有道理：最后一次乘的倍数是 :printed:`times`；只要特征的数值够大，随机特征在第 10 步已有 :printed:`random features, 10`。领先多半来自步子；练习 3 去掉那个倍数，再看一次。
# 学习率相同，学过的仍然更快：第 5 步是 :printed:`only the head, 5` 对 :printed:`random features, 5`。
#
# .. _fine-tuning-graph:
#
# 看看那张很短的计算图
# --------------------
#
# .. deeper::
#
# 网络很深，损失背后的计算图却很短：前面的层不需要梯度，什么也没有记录，只剩下头和损失。
#
# %% en
# The doubt was fair. The last factor is :printed:`times`; as long as their numbers are large enough, random features have :printed:`random features, 10` at step 10 already. Larger steps seem to be most of the lead; exercise 3 takes the factor away to see.
# At the same learning rate, what was learned is still faster: at step 5 it is :printed:`only the head, 5` against :printed:`random features, 5`.
#
# .. _fine-tuning-graph:
#
# See how short the graph is
# --------------------------
#
# .. deeper::
#
# The network is deep, yet the computational graph behind its loss is short: the layers before the head require no gradient, so nothing was recorded there. What is left is the head and the loss.

from torchhour.graphs import draw_graph, edges

loss = cross_entropy(model(pictures), labels)
print("edges =", len(edges(loss)))
whole = cross_entropy(resnet18()(pictures), labels)
print("edges of the whole =", len(edges(whole)))
draw_graph(loss, dict(model.named_parameters()))

# %% zh
# .. caption:: 冻结以后的计算图：损失下面只有 fc 的权重和偏置。
#
# 这张图有 :printed:`edges` 条边，不冻结的时候有 :printed:`edges of the whole` 条。
#
# .. _fine-tuning-cut:
#
# 从哪里切开
# ----------
#
# .. deeper::
#
# 头从哪一层开始算？LeNet 在卷积后面还有两个全连接层，最后的 84 个数也可以当作特征。用 0 到 4 训练一个完整的 LeNet，再从两个地方切开，比一比。
#
# .. folded:: 先猜一猜：用卷积的 400 个特征好，还是用后面的 84 个好？
#
#    卷积的好得多。多半是因为越往后的层，学的东西越专门针对 0 到 4。（两组特征的数值大小也不一样，这里没有拉齐。）
#
# %% en
# .. caption:: The graph after freezing: below the loss, there are only the weight and the bias of fc.
#
# This graph has :printed:`edges` edges; with nothing frozen, there are :printed:`edges of the whole`.
#
# .. _fine-tuning-cut:
#
# Where to cut
# ------------
#
# .. deeper::
#
# At which layer does the head begin? After its convolutions, LeNet has two more fully connected layers, and their last 84 numbers may serve as features, too. Train a whole LeNet on 0 to 4, then cut it in two places and compare.
#
# .. folded:: Guess first: which are better, the 400 features of the convolutions, or the 84 after them?
#
#    Those of the convolutions, by far, probably because the later a layer, the more it has learned for 0 to 4. (The two also differ in how large their numbers are; here that is left as it is.)

early = make_features()
further = [nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU()]
late = nn.Sequential(early, *further)
network = nn.Sequential(late, nn.Linear(84, 5))
optimizer = torch.optim.SGD(network.parameters(), lr=0.02, momentum=0.9)
for step in range(200):
    batch = many[torch.randint(len(many), (32,))]
    optimizer.zero_grad()
    cross_entropy(network(train.images[batch]), train.labels[batch]).backward()
    optimizer.step()

network.requires_grad_(False)
cuts = {"early": [], "late": []}
for draw in range(3):
    few = draw_few()
    cuts["early"].append(learn(nn.Sequential(early, nn.Linear(400, 5)), few)[12])
    cuts["late"].append(learn(nn.Sequential(late, nn.Linear(84, 5)), few)[12])
for name, three in cuts.items():
    print(name, [f"{accuracy:.1%}" for accuracy in three])
assert sum(cuts["early"]) > sum(cuts["late"])

# %% zh
# .. _fine-tuning-rates:
#
# 每一段用不同的学习率
# --------------------
#
# .. deeper::
#
# 全部一起训练时，新的头是随机的，前几步的梯度很大，可能把学好的特征冲乱。常见的办法是让特征走小步，头走大步：优化器可以给每组参数各自的学习率。
#
# %% en
# .. _fine-tuning-rates:
#
# Give each part its own learning rate
# ------------------------------------
#
# .. deeper::
#
# When everything is trained, the new head is random, and the large gradients of the first steps may spoil the learned features. It is common to let the features take small steps, and the head large ones: an optimizer can have a learning rate for each group of parameters.

thawed = copy.deepcopy(features).requires_grad_(True)
head = nn.Linear(400, 5)
groups = [
    {"params": thawed.parameters(), "lr": 0.001},
    {"params": head.parameters(), "lr": 0.01},
]
optimizer = torch.optim.SGD(groups, momentum=0.9)
for group in optimizer.param_groups:
    print("lr =", group["lr"], " tensors =", len(group["params"]))

# %% zh
# .. _fine-tuning-end:
#
# 小结
# ----
#
# **你已经会：**冻结一个学好的网络，换上新的头，用很少的图教它认新的东西；也会多比几次，再下结论，训练头的时候让批归一化留在 ``eval``。
#
# **还没讲的：**图很多、网络很大的时候，怎样让几个进程一起训练。
#
# .. _fine-tuning-exercises:
#
# 练习
# ----
#
# 1. **用笔。**数一数 ``make_features`` 里有多少个参数，头有多少个。用 ``learning`` 和 ``frozen`` 后面的数核对。
#
#    .. folded:: 提示
#
#       第一次卷积有 6 个 1×5×5 的卷积核，第二次有 16 个 6×5×5 的，每个再加一个偏置。
#
#       在笔记本里核对：先写 ``from torchhour.exercises import check``，再写 ``check("fine-tuning-1", [frozen, learning])``，先写冻结的个数，后写要学的。然后看\ :ref:`答案 <solutions-fine-tuning-1>`。
#
# 2. **只改一行。**把 ``draw_few(each=5)`` 里的 5 改成 2，再改成 20，重新运行。第 10 步，学好的特征还领先吗？第 60 步呢？冻结和不冻结，哪个更好？
#
#    .. folded:: 提示
#
#       看五次的平均，不要看某一次。五条细线散得越开，差别就越可能只是运气。断言若报错，就把那一行删掉。
#
#       做完再看\ :ref:`答案 <solutions-fine-tuning-2>`。
#
# 3. **先猜后做。**“:ref:`fine-tuning-doubt`”里的随机特征，如果不乘那个倍数，会怎样？把学习率加大，能不能追回来？
#
#    .. folded:: 提示
#
#       删去 ``parameter.mul_(times)`` 那两行，断言也一并删去；``learn`` 的 ``lr`` 可以自己给。
#
#       做完再看\ :ref:`答案 <solutions-fine-tuning-3>`。
#
# 4. **省下时间。**冻结的特征永远不变，何必每一步重算？先把二十五张图和测试图的特征算好存起来，再训练头。结果变了没有？
#
#    .. folded:: 提示
#
#       ``nn.Linear`` 直接接收 N×400 的特征，用不着 ``features``。``learn`` 用的是图，照着它另写一个收特征的函数。两次都先 ``torch.manual_seed(0)`` 再建头，才好比较。
#
#       做完再看\ :ref:`答案 <solutions-fine-tuning-4>`。
#
# 5. **自己设计。**换一种分法：先用奇数训练特征，再教它认偶数。哪些数字帮得上别的数字，哪些帮不上？
#
#    .. folded:: 提示
#
#       ``train.labels % 2`` 是 1 的是奇数；``labels // 2`` 把标签变成 0 到 4 的编号。选图的条件要改五处：``many``、``seen``、``unseen``、``draw_few`` 里的 ``range``，以及画六个特征的代码里的 7（换成一个偶数）；用到标签的地方也要改：训练特征（“:ref:`fine-tuning-cut`”里还有一次）和它的准确率，还有 ``learn`` 里的 ``+ 5`` 和 ``- 5``。再看每个数字各自的准确率。
#
#       做完再看\ :ref:`答案 <solutions-fine-tuning-5>`。
#
# **继续读：**\ torchvision 的\ `现成的网络 <https://docs.pytorch.org/vision/stable/models.html>`__，那里写着每一个是用什么数据训练的，图要先怎样处理。
#
# 接着读 :doc:`50_data_parallel`：几个进程一起训练。
#
# %% en
# .. _fine-tuning-end:
#
# What you take along
# -------------------
#
# **You can now** freeze a network that has learned, give it a new head, and teach it something new with very few pictures; compare several times before you conclude; and leave batch normalization in ``eval`` while a head is trained.
#
# **Still to come:** how several processes train together when pictures are many and the network is large.
#
# .. _fine-tuning-exercises:
#
# Exercises
# ---------
#
# 1. **With a pencil.** How many parameters does ``make_features`` have in all, and how many has the head? Check it with the numbers after ``learning`` and ``frozen``.
#
#    .. folded:: A hint
#
#       The first convolution has 6 kernels of 1×5×5, the second 16 of 6×5×5, and each has a bias as well.
#
#       Check yours in a notebook: ``from torchhour.exercises import check``, then ``check("fine-tuning-1", [frozen, learning])``, with how many are frozen first, then how many learn. After that, see :ref:`the solution <solutions-fine-tuning-1>`.
#
# 2. **Change one line.** Change the 5 in ``draw_few(each=5)`` to 2, then to 20, and run it again. Are the learned features still ahead at step 10? And at step 60? Is it better to freeze or not?
#
#    .. folded:: A hint
#
#       Look at the means of the five draws, and not at a single one. The farther apart the thin lines are, the more of a difference may be mere luck. Delete an assertion that stops you.
#
#       When you are done, see :ref:`the solution <solutions-fine-tuning-2>`.
#
# 3. **Guess, then try.** What if the random features of ":ref:`fine-tuning-doubt`" are not multiplied? Can a larger learning rate win it back?
#
#    .. folded:: A hint
#
#       Delete the two lines with ``parameter.mul_(times)``, and the assertion with them; ``learn`` takes an ``lr`` of your own.
#
#       When you are done, see :ref:`the solution <solutions-fine-tuning-3>`.
#
# 4. **Save time.** Frozen features never change, so why compute them at every step? Compute those of the twenty-five pictures and of the test pictures once, keep them, then train the head. Are the results still the same?
#
#    .. folded:: A hint
#
#       ``nn.Linear`` takes features of N×400 as they are; it has no need of ``features``. ``learn`` works on pictures: write one like it that works on features. Call ``torch.manual_seed(0)`` before making each head, so that the two can be compared.
#
#       When you are done, see :ref:`the solution <solutions-fine-tuning-4>`.
#
# 5. **Of your own.** Split the digits in another way: learn features on the odd ones, then teach it the even ones. Which digits help others, and which do not?
#
#    .. folded:: A hint
#
#       Where ``train.labels % 2`` is 1, the digit is odd; ``labels // 2`` makes the labels indices from 0 to 4. Five choices of pictures have to change: ``many``, ``seen``, ``unseen``, the ``range`` in ``draw_few``, and, in the code that draws the features, the 7, to an even digit; and so has each use of labels: training the features (once more in ":ref:`fine-tuning-cut`"), their accuracy, and the ``+ 5`` and ``- 5`` in ``learn``. Then look at the accuracy of each digit by itself.
#
#       When you are done, see :ref:`the solution <solutions-fine-tuning-5>`.
#
# **Read on:** torchvision's page of `networks ready for use <https://docs.pytorch.org/vision/stable/models.html>`__ tells for each what data it was trained on, and how pictures have to be prepared.
#
# Go on with :doc:`50_data_parallel`: several processes that train together.
