"""
%% zh
常见错误
========

代码跑完了，没有报错，准确率却停在十分之一。从哪里找起？
学完这一课，你会看损失的曲线，用两项小检查缩小范围，找到毛病，改好，再确认真的好了；报错的信息，你也读得懂。每个错误都实际演示一遍，信息和数字都是当场打印的，太长的有删节；只有 GPU 和其他版本的报错，是从别处抄来的。

**需要的基础：**读过 :doc:`20_autograd`、:doc:`30_networks` 和 :doc:`40_classifier` 三课。

想查一条报错？把它贴进侧栏里的搜索框（窄的屏幕上，先点开左上角的菜单），就能找到讲它的那一节。

.. minutes:: 16

%% en
Pitfalls
========

The code has run without an error, and the accuracy stands at one in ten. Where do you begin to look?
By the end of this lesson you will read a loss curve, narrow the mistake down by two small examinations, find it, put it right, and prove it; and you will read error messages. Every mistake here was actually made, and its output printed, long reports shortened; only messages from GPUs and from other versions are quoted from elsewhere.

**What you need:** :doc:`20_autograd`, :doc:`30_networks` and :doc:`40_classifier`.

Did an error message bring you here? Paste it into the search box in the side bar (on a narrow screen, open the menu at the top left), and it leads to its section.

.. minutes:: 16
"""

# %% zh
# .. _pitfalls-curves:
#
# 看六条损失曲线
# --------------
#
# 先看一个好的循环。网络很小，只有两个全连接层，认的是手写数字。每次训练的随机数和图都一样；两次若有不同，只能是因为改过的那一行。（折叠的代码里，``yield`` 交出一批，下次从那里接着往下走。）
#
# %% en
# .. _pitfalls-curves:
#
# Look at six loss curves
# -----------------------
#
# First, a loop that is right. A small network, of two fully connected layers, reads handwritten digits. All trainings have the same random numbers and pictures; where two differ, the changed line is why. (In the folded code, ``yield`` hands out one batch, and goes on from there the next time.)

# region
# zh: 数据，以及 make_network、make_optimizer、batches
# en: Data, then make_network, make_optimizer and batches
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from torchhour.data.digits import digits

torch.set_num_threads(1)
train, test = digits(), digits(train=False)


def make_network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))


def make_optimizer(network, lr=0.05):
    return torch.optim.SGD(network.parameters(), lr=lr, momentum=0.9)


def batches(images, labels, steps=150):
    order = torch.Generator().manual_seed(0)
    for step in range(steps):
        drawn = torch.randint(len(images), (64,), generator=order)
        yield images[drawn], labels[drawn]


# endregion
def fit(network, optimizer, batches, criterion=cross_entropy):
    losses = []
    for images, labels in batches:
        loss = criterion(network(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


network = make_network()
losses = fit(network, make_optimizer(network), batches(train.images, train.labels))
print(f"first loss = {losses[0]:.3f}, last loss = {losses[-1]:.3f}")

# %% zh
# 损失从 :printed:`first loss` 降到 :printed:`last loss`，一切正常。下面是六次这样的训练，五次各有一处写错，没有一处报错。
#
# .. folded:: 先猜一猜：哪一次没有错？哪两次从头到尾都在乱猜？
#
#    C 没有错，就是刚才那一次。A 和 E 从头到尾贴着虚线，那是乱猜的损失。
#
# %% en
# The loss fell from :printed:`first loss` to :printed:`last loss`, as it should. Now six such trainings. In five of them one thing is wrong, and none raises an error.
#
# .. folded:: Guess first: in which of them is nothing wrong? And which two stay at guessing from beginning to end?
#
#    Nothing is wrong in C; it is the one above. A and E stay at the dashed line, the loss of guessing, from beginning to end.

# region
# zh: 六次训练（patients 和 trained 的定义），和画图的代码
# en: The six trainings (patients and trained are defined here), and the code of the figure
import math

import matplotlib.pyplot as plt


def old_optimizer(pick):
    optimizer = make_optimizer(make_network())
    network = make_network()
    return network, fit(network, optimizer, pick(train.images, train.labels))


def never_cleared(pick):
    network = make_network()
    optimizer = make_optimizer(network)
    losses = []
    for images, labels in pick(train.images, train.labels):
        loss = cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return network, losses


def nothing_wrong(pick):
    network = make_network()
    return network, fit(network, make_optimizer(network), pick(train.images, train.labels))


def softmax_twice(pick):
    network = make_network().append(nn.Softmax(dim=1))
    return network, fit(network, make_optimizer(network), pick(train.images, train.labels))


def wrong_pairs(pick):
    network = make_network()
    order = torch.randperm(len(train))
    return network, fit(network, make_optimizer(network), pick(train.images[order], train.labels))


def huge_steps(pick):
    network = make_network()
    return network, fit(network, make_optimizer(network, lr=2.5), pick(train.images, train.labels))


patients = dict(zip("ABCDEF", [old_optimizer, never_cleared, nothing_wrong, softmax_twice, wrong_pairs, huge_steps]))
trained = {name: patient(batches) for name, patient in patients.items()}
assert trained["C"][1] == losses

figure, axes = plt.subplots(2, 3, figsize=(4.6, 3), sharex=True, sharey=True, layout="constrained")
for axis, (name, (_, curve)) in zip(axes.flat, trained.items()):
    axis.axhline(math.log(10), color="gray", linestyle="--", linewidth=1)
    axis.plot(curve, linewidth=1.2)
    axis.set(ylim=(0, 5), title=name)
for axis in axes[1]:
    axis.set_xlabel("step")
for axis in axes[:, 0]:
    axis.set_ylabel("loss")
plt.show()
# endregion

# %% zh
# .. caption:: 六次训练的损失，纵轴只画到 5；虚线是乱猜。A 和 E 贴着虚线，B 冲出画面，C 降到底，D 降得慢，F 一开始就飞了出去，又落回来。
#
# .. _pitfalls-examine:
#
# 做两项检查
# ----------
#
# 曲线说出了症状，还说不出病因：A 和 E 看上去几乎一样。再做两项检查。
#
# - **第一步的损失。**没学过的网络在乱猜，十类的损失应当接近 :math:`\ln 10 \approx 2.303`，见“:ref:`networks-loss`”。差得远，就去查类别的数目、输入的大小、损失函数。
# - **背下十张图。**只给十张，走一百步。连十张都背不下来，毛病就在代码里，或者在设置里。
#
# 这六次训练，就是六个病人。每个病人是一个函数，都在字典 ``patients`` 里。``patients["A"](batches)`` 用全部的图训练 A，刚才就是这样做的，结果在 ``trained["A"]`` 里；``patients["A"](ten)`` 只用十张，返回网络和损失。表里的第一步和测试成绩，是刚才那一次的；十张图，是现在这一次的。``accuracy`` 上面的 ``@torch.no_grad()``，等于把整个函数放进 ``with torch.no_grad():``。
#
# %% en
# .. caption:: The losses of six trainings, cut at 5; dashed, that of guessing. A and E stay there, B bursts upward, C falls to the ground, D falls slowly, F flies off at once and comes back.
#
# .. _pitfalls-examine:
#
# Make two examinations
# ---------------------
#
# Curves show symptoms, not causes: A and E look much the same. So make two examinations.
#
# - **The first loss.** An untrained network guesses, which for ten classes costs about :math:`\ln 10 \approx 2.303`; see ":ref:`networks-loss`". If yours is far off, look at the number of classes, the size of the inputs, the loss.
# - **Ten pictures by heart.** Give it ten pictures only, for a hundred steps. If it cannot learn these, the mistake is in the code or in its settings.
#
# The six trainings are our ``patients``, each a function, all in a dictionary. ``patients["A"](batches)`` trains A on all pictures; that was done above, and ``trained["A"]`` has the result. ``patients["A"](ten)`` takes ten only, and returns network and losses. In the table, the column on ten pictures is from this training on ten, the other two from the one above. ``@torch.no_grad()`` above ``accuracy`` puts the whole function into ``with torch.no_grad():``.


def ten(images, labels):
    return [(images[:10], labels[:10])] * 100


@torch.no_grad()
def accuracy(network):
    return (network(test.images).argmax(dim=1) == test.labels).float().mean().item()


print("   first loss  ten pictures    test")
for name, (network, losses) in trained.items():
    _, learned = patients[name](ten)
    print(f"{name}  {losses[0]:10.2f}  {learned[-1]:12.2f}  {accuracy(network):6.1%}")
scores = make_network()(255 * train.images[:64])
print(f"not scaled = {cross_entropy(scores, train.labels[:64]):.1f}")

# %% zh
# 第一步的损失，六次都接近 2.303，这一项都过了。过不了的是什么样？最后一行的图没有缩到 0 和 1 之间，还是 0 到 255，第一步的损失就是 :printed:`not scaled`。第二项把六个分成了两边，C 和 E 背下来了，A、B、D、F 没有。
#
# C 和 E 背得下来，循环没有错。可是 E 在测试集上只答对 :printed:`E, test`，还是乱猜：背下来了，却没有规律可学，该去看数据。A 一点没动：它的两个损失不同，只因为一个是一批图的，一个是那十张的。D 学到了一些，却停在 :printed:`D, ten pictures`。B 和 F 也背不下来。F 的学习率是该有的五十倍，改小就好，就像“:ref:`first-steps-descent`”里飞出去的小球。A、B、D、E，下面一个一个看。
#
# 准确率也有一条乱猜的线：各类的图一样多，能对十分之一；不一样多，全答最多的那一类，准确率就等于那一类所占的比例。
#
# .. _pitfalls-optimizer:
#
# 让优化器认得网络
# ----------------
#
# **症状：**\ A 一动不动。有了优化器，又去新建或者复制网络，就会这样。代码里，✗ 是错的，✓ 是对的。
#
# %% en
# The first loss is close to 2.303 in all six, so they pass. What would not? In the last line, the pictures go from 0 to 255 and not to 1, and the first loss is :printed:`not scaled`. The second examination divides them: C and E have learned the ten, A, B, D and F have not.
#
# C and E know the ten by heart, so their loop is right. But E reads only :printed:`E, test` of the test set, and still guesses: there was no rule to learn. Look at its data. A has not moved at all: its two losses differ only because one is of a batch, the other of the ten. D learned something, but stops at :printed:`D, ten pictures`. B and F do not learn them either. In F the learning rate is fifty times too large, and a smaller one cures it, as when the ball flew off in ":ref:`first-steps-descent`". A, B, D and E come one by one.
#
# Accuracy has its line of guessing, too: one in ten, if all classes are equally frequent; if not, the share of the most frequent.
#
# .. _pitfalls-optimizer:
#
# Show the optimizer the right network
# ------------------------------------
#
# **You see:** A does not move. It happens when a network is made anew, or copied, after its optimizer. In the code, ✗ is wrong, and ✓ is right.

network = make_network()
optimizer = make_optimizer(network)
network = make_network()  # ✗
before = network[1].weight.clone()
fit(network, optimizer, ten(train.images, train.labels))
print("✗ moved =", not torch.equal(network[1].weight, before))

optimizer = make_optimizer(network)  # ✓
fit(network, optimizer, ten(train.images, train.labels))
print("✓ moved =", not torch.equal(network[1].weight, before))
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure = plt.figure(figsize=(4.2, 1.4))
axis = figure.add_axes((0, 0, 1, 1), xlim=(0, 4.2), ylim=(0, 1.4))
axis.axis("off")
frame = {"boxstyle": "round,pad=0.4", "facecolor": "none", "edgecolor": "gray"}
style = {"ha": "center", "va": "center", "fontsize": 10}
for place, word, edge in [
    ((0.65, 1.1), "optimizer", "tab:blue"),
    ((3.35, 1.1), "old network", "gray"),
    ((0.65, 0.3), "gradients", "tab:orange"),
    ((3.35, 0.3), "new network", "tab:blue"),
]:
    axis.text(*place, word, bbox=frame | {"edgecolor": edge}, **style)
axis.annotate("", (2.7, 1.1), (1.3, 1.1), arrowprops={"arrowstyle": "->", "color": "tab:blue"})
axis.annotate("", (1.3, 0.3), (2.7, 0.3), arrowprops={"arrowstyle": "->", "color": "tab:orange"})
axis.annotate("", (0.65, 0.87), (0.65, 0.53), arrowprops={"arrowstyle": "->", "color": "gray", "linestyle": "--"})
axis.text(0.83, 0.7, "?", color="gray", **style)
plt.show()
# endregion

# %% zh
# .. caption:: 优化器指着旧网络，梯度却出在新网络上，没有人拿去用。
#
# **为什么：**优化器记住的是交给它的那些参数，不是 ``network`` 这个名字。新网络有梯度，没有优化器；旧网络有优化器，没有梯度。
# **改法：**先有网络，再建优化器；要用加速器，就先搬，再建，不然就是许多人问过的“GPU 版学不会”，见“:ref:`classifier-device`”。
#
# .. _pitfalls-zero-grad:
#
# 每一步清零梯度
# --------------
#
# **症状：**\ B 先降，然后大起大落，越走越高。**写错的地方：**少了 ``optimizer.zero_grad()``。网络先不更新，只反向五次，每次量一下梯度的长度（范数）；``network.zero_grad()`` 和优化器的一样，清零全部参数的梯度：
#
# %% en
# .. caption:: The optimizer points to the old network; the gradients are those of the new one, and nobody takes them.
#
# **Why:** an optimizer remembers the parameters that it was given, not the name ``network``. The new network has gradients and no optimizer; with the old one it is the other way round.
# **The cure:** first the network, then its optimizer; with an accelerator, move in between, or be one of the many whose "GPU version does not learn", see ":ref:`classifier-device`".
#
# .. _pitfalls-zero-grad:
#
# Clear the gradients at each step
# --------------------------------
#
# **You see:** B falls, then swings, higher and higher. **The mistake:** ``optimizer.zero_grad()`` is missing. Leave the network as it is, go backward five times, and each time measure the length (norm) of its gradient; ``network.zero_grad()`` clears those of all parameters, as the optimizer's does:

for mark, clear in (("✗", False), ("✓", True)):
    network, lengths = make_network(), []
    for images, labels in batches(train.images, train.labels, steps=5):
        if clear:
            network.zero_grad()
        cross_entropy(network(images), labels).backward()
        lengths.append(f"{network[1].weight.grad.norm():.2f}")
    print(mark, *lengths)

# %% zh
# **为什么：**\ ``backward`` 把新梯度加到旧的上，见“:ref:`autograd-accumulate`”。步子越来越大，方向里混着旧的。**改法：**每一步清零，写在 ``backward`` 前面。B 补上这一行，就成了 C。
#
# .. _pitfalls-softmax:
#
# 不要多做一次 softmax
# --------------------
#
# **症状：**\ D 学得慢，准确率倒不算差，损失却居高不下。**写错的地方：**网络末尾多了一层 ``nn.Softmax``。``cross_entropy`` 自己会做 softmax；做两次，它收到的“得分”就都在 0 和 1 之间，最好也只是一个 1、九个 0。去掉它，得分就不受限制：
#
# %% en
# **Why:** ``backward`` adds each gradient to the old ones, see ":ref:`autograd-accumulate`". Steps grow longer, and their direction is mixed with old ones. **The cure:** clear them at each step, before ``backward``. So B becomes C.
#
# .. _pitfalls-softmax:
#
# Take one softmax off
# --------------------
#
# **You see:** D learns slowly; its accuracy is not bad, but its loss stays high. **The mistake:** the network ends in ``nn.Softmax``, and ``cross_entropy`` applies softmax itself. So the "scores" that it gets lie between 0 and 1: at best, one 1 and nine 0. Without it, scores have no limit:

best = torch.zeros(1, 10)
best[0, 3] = 1.0
label = torch.tensor([3])
print(f"✗ lowest loss = {cross_entropy(best, label):.3f}")
print(f"✓ lowest loss = {cross_entropy(100 * best, label):.3f}")

# %% zh
# **为什么：**第二次 softmax 给正确答案的概率，最多是 :math:`e / (e + 9)`，损失到不了 :printed:`✗ lowest loss` 以下；它还会弄坏梯度，见“:ref:`classifier-softmax`”。**改法：**末尾什么也不加；想看概率，另外再做一次 softmax，不放进训练。
#
# .. _pitfalls-pairs:
#
# 看看送进去的是什么
# ------------------
#
# **症状：**\ E 背得下十张图，考试却还是乱猜。那就画出网络收到的一批图，写上标签：
#
# %% en
# **Why:** the second softmax gives the right answer a probability of :math:`e / (e + 9)` at most, so the loss cannot fall below :printed:`✗ lowest loss`; it spoils gradients, too, see ":ref:`classifier-softmax`". **The cure:** put nothing at the end; for probabilities, apply softmax outside of training.
#
# .. _pitfalls-pairs:
#
# Look at what goes in
# --------------------
#
# **You see:** E knows ten pictures by heart, and in the exam it guesses. Draw a batch as the network gets it, with its labels:

order = torch.randperm(len(train))
wrong = train.images[order], train.labels  # ✗
right = train.images[order], train.labels[order]  # ✓
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axes = plt.subplots(2, 7, figsize=(4.4, 1.7), layout="constrained")
for row, (images, labels), mark in zip(axes, (wrong, right), "✗✓"):
    for axis, image, label in zip(row, images, labels):
        axis.imshow(image[0], cmap="gray")
        axis.set_title(label.item(), fontsize=11, pad=3)
        axis.set(xticks=[], yticks=[], frame_on=False)
    row[0].set_ylabel(mark, family="monospace", fontsize=13, rotation=0, ha="right", va="center")
plt.show()
# endregion

# %% zh
# .. caption:: 同样的七张图：上面一行，标签是别的图的；下面一行，是它们自己的。
#
# **为什么：**图打乱了，标签没有跟着打乱。**改法：**两样用同一个次序；放进同一个 ``Dataset``，就不会走散。
#
# .. _pitfalls-sum:
#
# 损失要有最小值
# --------------
#
# 六个病人都看过了，下面是另外几种。**症状：**损失一路往下，越过 0，停不下来。像 :doc:`05_first_steps` 里那样，给二十个点找一条直线：
#
# %% en
# .. caption:: The same seven pictures: in the upper row the labels are not theirs, in the lower row they are.
#
# **Why:** the pictures were mixed, and their labels left behind. **The cure:** one order for both; in one ``Dataset``, they cannot part.
#
# .. _pitfalls-sum:
#
# Give the loss a lowest value
# ----------------------------
#
# That was all of the six; here are some more. **You see:** the loss falls below 0 and never stops. Lay a line through twenty points, as in :doc:`05_first_steps`:

# region
# zh: 二十个点，和给它们找直线的函数
# en: Twenty points, and a function that lays a line through them
x = torch.linspace(0, 1, 20)[:, None]  # 20×1
y = 2 * x + 0.5 + 0.1 * torch.randn(20, 1)


def lay_line(mark, criterion):
    torch.manual_seed(0)
    line = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(line.parameters(), lr=0.3)
    losses = fit(line, optimizer, [(x, y)] * 200, criterion)
    print(f"{mark} loss = {losses[-1]:.3f}, {mark} slope = {line.weight.item():.2f}")
    return line


# endregion
steep = lay_line("✗", lambda prediction, y: (prediction - y).sum())
fitting = lay_line("✓", lambda prediction, y: ((prediction - y) ** 2).mean())
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
shifts = torch.linspace(-2, 3, 60)
figure, axes = plt.subplots(1, 2, figsize=(4.6, 1.9), layout="constrained")
off = 2 * x + shifts - y  # 20×60
for axis, code, losses in zip(axes, ("(p - y).sum()", "((p - y) ** 2).mean()"), (off.sum(0), (off**2).mean(0))):
    axis.plot(shifts, losses)
    axis.set_title(code, family="monospace", fontsize=9)
    axis.set_xlabel("intercept")
axes[0].set_ylabel("loss")
plt.show()
# endregion

# %% zh
# .. caption:: 横轴是直线的截距，直线的斜率固定为 2：左边，截距越小，损失越低，没有尽头；右边才有谷底。
#
# 损失“好”到 :printed:`✗ loss:,.0f`，直线的斜率却成了 :printed:`✗ slope`，本该是 2 左右。**为什么：**差值不平方，就没有最小值：直线压得越低，损失就越小；``p`` 是预测，``p - y`` 对 ``p`` 的导数总是 1，跟 ``y`` 无关：答案是什么，它根本不看。**改法：**平方，再取平均。
#
# .. _pitfalls-broadcast:
#
# 让两个形状一样
# --------------
#
# **症状：**损失停在半路，直线平躺着。``caught`` 打印一段代码的警告和报错，然后继续。
#
# %% en
# .. caption:: Across, the intercept of a line whose slope is kept at 2: on the left, the lower the intercept, the lower the loss, without end; on the right it has a bottom.
#
# The loss is as "good" as :printed:`✗ loss:,.0f`, and the line as steep as :printed:`✗ slope`, where about 2 was wanted. **Why:** without squares there is no lowest value: the lower the line, the smaller the loss, and with ``p`` for the prediction, the derivative of ``p - y`` with respect to ``p`` is always 1: it never looks at the answer ``y``. **The cure:** square them, then take the mean.
#
# .. _pitfalls-broadcast:
#
# Make both shapes the same
# -------------------------
#
# **You see:** the loss stops half way, and the line lies flat. ``caught`` prints warnings and errors, and goes on.

from torch.nn.functional import mse_loss

from torchhour.outcomes import caught

with caught():
    flat = lay_line("✗", lambda prediction, y: mse_loss(prediction, y.squeeze()))
straight = lay_line("✓", mse_loss)
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.2, 2.2), layout="constrained")
axis.plot(x, y, "o", markersize=4, color="gray")
for line, code in ((flat, "mse_loss(prediction, y.squeeze())"), (straight, "mse_loss(prediction, y)")):
    axis.plot(x, line(x).detach(), label=code, linewidth=2)
axis.set(xlabel="x", ylabel="y")
axis.legend(prop={"family": "monospace", "size": 8})
plt.show()
# endregion

# %% zh
# .. caption:: 同样的点：一条直线平躺在平均数上，另一条从点的中间穿过。
#
# **为什么：**预测是 20×1，``y.squeeze()`` 去掉长度为 1 的维，只剩 20，相减得到 20×20，见“:ref:`tensors-broadcast`”。每个预测都和所有答案比，最好的办法就是处处都答平均数。一行警告很容易漏看；自己写平方再平均，连警告也没有。
# **改法：**算损失以前，先写一行 ``assert prediction.shape == y.shape``。
#
# .. _pitfalls-eval:
#
# 考试之前切到 eval
# ------------------
#
# **症状：**同一个网络，考几次，成绩就变几次，而且都偏低。下面的网络有一层 :term:`dropout`：训练时，它随机把一半的数变成 0，逼网络不要只靠其中几个。考试时不该这样。
#
# .. folded:: 先猜一猜：写了 ``no_grad``，还会这样吗？
#
#    会。``no_grad`` 只管记不记录，不管 dropout；``accuracy`` 里就有它。
#
# %% en
# .. caption:: The same points: one line lies flat at their mean, the other runs through their middle.
#
# **Why:** the prediction is 20×1, and ``y.squeeze()``, without the dimension of length 1, just 20; their difference is 20×20, see ":ref:`tensors-broadcast`". Each prediction is compared with all answers, and it is best to answer their mean everywhere. A warning is soon missed, and if you square and average by hand, there is not even one.
# **The cure:** one line before the loss, ``assert prediction.shape == y.shape``.
#
# .. _pitfalls-eval:
#
# Say that it is an exam
# ----------------------
#
# **You see:** the same network gets a different result in each exam, all too low. The network below has a layer of :term:`dropout`: in training, it turns a random half of its numbers into 0, lest the network rely on a few. In an exam it should not.
#
# .. folded:: Guess first: does it happen under ``no_grad``, too?
#
#    It does. ``no_grad`` is about what is noted, and not about dropout; ``accuracy`` has it.

network = make_network().insert(3, nn.Dropout(0.5))
fit(network, make_optimizer(network), batches(train.images, train.labels))
in_train = [accuracy(network) for exam in range(20)]  # ✗
network.eval()  # ✓
in_eval = [accuracy(network) for exam in range(20)]
print(f"✗ {min(in_train):.1%} to {max(in_train):.1%}")
print(f"✓ {min(in_eval):.1%} to {max(in_eval):.1%}")
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.2, 1.9), layout="constrained")
for exams, color, code in ((in_eval, "tab:green", "eval()"), (in_train, "tab:orange", "train()")):
    axis.plot(range(1, 21), exams, "o", markersize=5, color=color)
    axis.text(21, sum(exams) / 20, code, family="monospace", color=color, va="center")
axis.margins(y=0.15)
axis.set(xlabel="exam", ylabel="accuracy", xticks=(1, 5, 10, 15, 20), xlim=(0, 26.5))
plt.show()
# endregion

# %% zh
# .. caption:: 二十次考试：测试状态的成绩高，次次一样；训练状态的低，而且忽高忽低。
#
# **改法：**考试之前 ``network.eval()``，接着训练之前 ``network.train()``。批归一化也有这两种状态：忘了切换，一张图的答案会随同一批里的别的图而变，见“:ref:`fine-tuning-statistics`”。
#
# .. _pitfalls-inplace:
#
# 不要改 backward 还要用的数
# --------------------------
#
# **症状：**\ ``backward`` 报错，写错的却是别的一行。
#
# %% en
# .. caption:: Twenty exams: in testing mode high, and always the same; in training mode low, and up and down.
#
# **The cure:** ``network.eval()`` before an exam, ``network.train()`` before training goes on. Batch normalization has the same two modes: forget to switch, and the answer for a picture depends on the rest of its batch, see ":ref:`fine-tuning-statistics`".
#
# .. _pitfalls-inplace:
#
# Leave alone what backward needs
# -------------------------------
#
# **You see:** ``backward`` raises an error, but the wrong line is elsewhere.

w = torch.tensor([1.0, 2.0], requires_grad=True)
y = w.exp()
y += 1  # ✗
with caught():
    y.sum().backward()
y = w.exp() + 1  # ✓
y.sum().backward()
print("✓ gradient =", w.grad)

# %% zh
# 从中间读起：出事的张量形状是 ``[2]``，由 ``Exp`` 算出；现在是第 1 版，不是第 0 版，可见:term:`原地 <in-place>`改过一次。**为什么：**\ :math:`e^w` 的导数就是它自己，``backward`` 正要用它，见“:ref:`tensors-inplace`”。
# **改法：**别用 ``+=``，它会原地改张量；写 ``y = y + 1``，或者像上面那样合成一行，旧的数就没有被改掉。也不要用 ``.data`` 绕过去，原因见后面的“:ref:`pitfalls-data`”。
#
# .. _pitfalls-view:
#
# 调换维度用 permute，不用 view
# -----------------------------
#
# **症状：**图从 NumPy 或 Pillow 来，是 32×32×3；网络要 3×32×32。``view(3, 32, 32)`` 的形状对了，网络却学不好。画出来看：
#
# %% en
# Read it from the middle: the tensor has the shape ``[2]``, comes from ``Exp``, and is at version 1 and not 0, so it was changed once, :term:`in place <in-place>`. **Why:** the derivative of :math:`e^w` is :math:`e^w`, and ``backward`` is about to use it, see ":ref:`tensors-inplace`".
# **The cure:** ``+=`` changes a tensor in place; ``y = y + 1``, or a single line as above, leaves the old numbers alone. Do not turn to ``.data`` to get rid of the error; for the reason, see ":ref:`pitfalls-data`" below.
#
# .. _pitfalls-view:
#
# Swap dimensions with permute, not with view
# -------------------------------------------
#
# **You see:** a picture from NumPy or Pillow is 32×32×3, and the network wants 3×32×32. ``view(3, 32, 32)`` has the right shape, yet the network learns badly. Draw it:

import numpy

from torchhour.data.cifar10 import cifar10

photo = torch.from_numpy(numpy.array(cifar10(train=False)[0][0]))  # 32×32×3
wrong = photo.view(3, 32, 32)  # ✗
right = photo.permute(2, 0, 1)  # ✓
with caught():
    right.view(-1)  # ✗
print("✓", right.reshape(-1).shape)
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axes = plt.subplots(1, 2, figsize=(4.2, 2.2), layout="constrained")
for axis, picture, code in zip(axes, (wrong, right), ("view(3, 32, 32)", "permute(2, 0, 1)")):
    axis.imshow(picture.permute(1, 2, 0))
    axis.set_title(code, family="monospace", fontsize=9)
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 左边用 ``view``，红、绿、蓝混在一起；右边用 ``permute``，是对的。
#
# **为什么：**\ ``view`` 不动数的次序，只改在哪里换行，见“:ref:`tensors-shape`”。**改法：**要让维度换位置，用 ``permute``。换过位置，数在内存里就不\ :term:`连续 <contiguous>`\ 了，再用 ``view`` 会报上面的错；照它说的，用 ``reshape``，见“:ref:`tensors-contiguous`”。
#
# .. _pitfalls-data:
#
# 不要用 ``.data`` 躲开报错
# -------------------------
#
# .. deeper::
#
# 旧代码里，遇到“:ref:`pitfalls-inplace`”那样的报错，就写 ``.data``，报错果然没有了（:doc:`90_old_code` 还会遇见它）：
#
# %% en
# .. caption:: On the left, ``view`` has mixed red, green and blue; on the right, ``permute`` has it right.
#
# **Why:** ``view`` leaves the numbers in their order, and changes only where a line ends, see ":ref:`tensors-shape`". **The cure:** ``permute`` makes dimensions trade places. The numbers are then no longer :term:`contiguous`, and ``view`` raises the error above; take ``reshape``, as it says, see ":ref:`tensors-contiguous`".
#
# .. _pitfalls-data:
#
# Do not hide behind ``.data``
# ----------------------------
#
# .. deeper::
#
# Where old code met an error such as that of ":ref:`pitfalls-inplace`", it wrote ``.data``, and the error was gone indeed (:doc:`90_old_code` meets it again):

w.grad = None
y = w.exp()
y.data += 1  # ✗
y.sum().backward()
print("✗ gradient =", w.grad)
print("✓ gradient =", w.exp().detach())

y = w.exp()
y.detach().add_(1)  # ✗
with caught():
    y.sum().backward()

# %% zh
# 可是梯度各多了 1：``.data`` 绕过了版本的检查，``backward`` 拿到的是改过的数，自己却不知道。用 ``detach`` 代替，数还是同一份，检查也还在，照样报错。
#
# .. _pitfalls-shapes:
#
# 读懂形状的报错
# --------------
#
# .. deeper::
#
# ``show`` 运行一对例子：✗ 那一行是错的，下面是它真实的结果；✓ 那一行是对的，也运行过。这里 ``images`` 是 8×1×32×32，``maps`` 是 8×16×5×5，``scores`` 是 8×10，``labels`` 有 8 个。
#
# %% en
# But each gradient is too large by 1: ``.data`` goes past the check of versions, and ``backward`` takes the changed numbers without knowing. ``detach`` shares the numbers as well and keeps the check, so the error is back.
#
# .. _pitfalls-shapes:
#
# Read errors about shapes
# ------------------------
#
# .. deeper::
#
# ``show`` runs a pair: the line with ✗ is wrong, and below it stands what it really comes to; the line with ✓ is right, and was run as well. Here ``images`` is 8×1×32×32, ``maps`` is 8×16×5×5, ``scores`` is 8×10, and there are 8 ``labels``.

from torchhour.pitfalls import show

show("flatten")

# %% zh
# 两个矩阵相乘，前面的列数要等于后面的行数，见“:ref:`tensors-product`”。一张图有 400 个数，这里却只拿最后一维的 5 作列数：忘了 ``flatten(1)``。括号里的数要是一个也不认得，就从输入开始，一层一层打印 ``x.shape``。
#
# %% en
# When two matrices are multiplied, the first must have as many columns as the second has rows, see ":ref:`tensors-product`". A picture has 400 numbers, but here only its last dimension, 5, serves as columns: ``flatten(1)`` was forgotten. If you know none of the numbers in the brackets, begin at the input, and print ``x.shape`` layer by layer.

show("channels")

# %% zh
# ``weight`` 的第二个数，是这一层要的通道数；``input`` 的第二个数，是图的通道数。灰度图只有 1 个。
#
# %% en
# The second number of ``weight`` is how many channels this layer wants, the second of ``input`` how many the pictures have. Gray ones have 1.

show("dimensions")

# %% zh
# 一张灰度图至少要写成 1×32×32；``images[0:1]`` 是只有一张图的一批，见“:ref:`networks-single`”。
#
# %% en
# A single gray picture has to be 1×32×32 at least; ``images[0:1]`` is a batch of one, see ":ref:`networks-single`".

show("counts")

# %% zh
# 得分有 8 行，标签只有 4 个。常见的原因，是前面 ``view(-1, 400)`` 里的数写错了，图的张数跟着变；写 ``flatten(1)``，张数就不会变。
#
# %% en
# There are 8 rows of scores, and only 4 labels. Often the number in an earlier ``view(-1, 400)`` is wrong, and has changed how many pictures there are; ``flatten(1)`` leaves them as many as they were.

show("sizes")

# %% zh
# ``DataLoader`` 要把图叠成一批，可是图不一样大。先用 torchvision 的 ``Resize`` 和 ``CenterCrop`` 变成一样大。
#
# %% en
# ``DataLoader`` stacks pictures into a batch, and these differ in size. Make them alike first, with torchvision's ``Resize`` and ``CenterCrop``.

show("single")

# %% zh
# 批归一化要用这一批的均值和方差，每个通道只有一个数，就没有方差可言。测试时先 ``eval()``；训练时，如果最后一批恰好只剩一个，就给 ``DataLoader`` 写上 ``drop_last=True``。
#
# .. _pitfalls-types:
#
# 读懂类型和标签的报错
# --------------------
#
# .. deeper::
#
# ``pixels`` 里是 0 到 255 的整数，``array`` 是 NumPy 的数组。
#
# %% en
# Batch normalization takes mean and variance of the batch, and one value per channel has no variance. In testing, call ``eval()`` first; in training, where just one sample is left for the last batch, give ``DataLoader`` a ``drop_last=True``.
#
# .. _pitfalls-types:
#
# Read errors about types and labels
# ----------------------------------
#
# .. deeper::
#
# ``pixels`` holds integers from 0 to 255, and ``array`` is one of NumPy's.

show("float labels")

# %% zh
# 标签是类别的编号，要用整数；``Long`` 就是 ``int64``。旧版本的说法是 ``expected scalar type Long but found Float``。
#
# %% en
# Labels are indices of classes and have to be integers; ``Long`` is ``int64``. Older versions say ``expected scalar type Long but found Float``.

show("label 10")

# %% zh
# 十类的编号是 0 到 9；标签从 1 数起，就会出现 10，减去 1 就好。在 GPU 上，同样的错误说的是 ``CUDA error: device-side assert triggered``，看不出原因；搬回 CPU 再运行，就会看到上面这一句。
#
# %% en
# Ten classes have the indices 0 to 9; count labels from 1, and there is a 10. Take away 1. On a GPU, the same mistake says ``CUDA error: device-side assert triggered``, which explains nothing; run it again on the CPU, and you read the line above.

show("doubles")

# %% zh
# NumPy 的小数是 ``Double``，也就是 ``float64``；网络用的是 ``Float``。读进来就写 ``.float()``，见“:ref:`tensors-attributes`”。
#
# %% en
# Floats of NumPy are ``Double``, which is ``float64``, and a network uses ``Float``. Write ``.float()`` where they come in, see ":ref:`tensors-attributes`".

show("bytes")

# %% zh
# 图读进来是 0 到 255 的整数，``unsigned char`` 就是 ``uint8``。除以 255，成了 0 到 1 的小数。
#
# %% en
# Pictures come in as integers from 0 to 255; ``unsigned char`` is ``uint8``. Divide by 255, and they are floats from 0 to 1.

show("two classes")

# %% zh
# 只分两类、每张图只有一个得分的时候，用的是另一种损失，它要的不是编号，是写成小数的 0.0 和 1.0。
#
# .. _pitfalls-graph:
#
# 读懂梯度的报错
# --------------
#
# .. deeper::
#
# 这里 ``w`` 是需要梯度的叶子张量，``loss`` 是 8 张图的损失。
#
# %% en
# Two classes, with one score for each picture, take another loss. It wants no indices, but the floats 0.0 and 1.0.
#
# .. _pitfalls-graph:
#
# Read errors about gradients
# ---------------------------
#
# .. deeper::
#
# Here ``w`` is a leaf tensor that requires a gradient, and ``loss`` is the loss of 8 pictures.

show("cut graph")

# %% zh
# 计算图断了：``torch.tensor`` 复制出来的数，不记得自己怎么来的，警告说的就是它；``item``、``detach``、``no_grad``、``argmax`` 之后也一样。想复制一个张量又不断开，用 ``clone()``。参数全冻结了，也是这条报错。
#
# %% en
# The graph is cut: what ``torch.tensor`` copies does not remember where it came from, and that is what the warning is about. So it is after ``item``, ``detach``, ``no_grad`` and ``argmax``. To copy a tensor without a cut, take ``clone()``. If all parameters are frozen, the error is the same.

show("twice")

# %% zh
# 一张计算图只能反向一次，再要反向，就得先前向，见“:ref:`autograd-anew`”。循环里遇见它，多半是上一步的什么结果还连着这一步，比如把上一步的输出又拿来当输入：先 ``detach()``。
#
# %% en
# A graph can be gone through only once; first go forward again, see ":ref:`autograd-anew`". If it happens in a loop, something of the last step is probably still tied to this one, such as an output of the last step that goes in again: ``detach()`` it.

show("many losses")

# %% zh
# 损失要是一个数：取 ``mean()`` 或 ``sum()``，见“:ref:`autograd-vector`”。
#
# %% en
# A loss has to be one number: take ``mean()`` or ``sum()``, see ":ref:`autograd-vector`".

show("numpy", "leaf")

# %% zh
# 画图，或者交给 NumPy，先 ``detach()``，见“:ref:`autograd-detach`”。自己更新参数，要放在 ``no_grad`` 里，见“:ref:`autograd-step`”；信息里的 ``Variable`` 是张量的旧名字。
#
# %% en
# For a plot, or for NumPy, ``detach()`` first, see ":ref:`autograd-detach`". To update parameters yourself, do it under ``no_grad``, see ":ref:`autograd-step`"; ``Variable``, in the message, is an old name for a tensor.

show("no leaf")

# %% zh
# ``v`` 是乘出来的结果，不是叶子张量，梯度不会留在它的 ``grad`` 里，见“:ref:`autograd-leaves`”。先算好，最后再 ``requires_grad_()``；写 ``torch.ones(2, requires_grad=True).to(device)``，在加速器上也会这样。
#
# 如果是 ``backward`` 走到半路才出错（数被改过、已经扔掉，或者出了 ``nan``），写错的往往是前向里的一行。打开 ``torch.autograd.set_detect_anomaly(True)``，那一行的位置也会打印出来。训练会慢很多，找到就关掉。
#
# .. _pitfalls-list:
#
# 把层放进 ModuleList
# -------------------
#
# .. deeper::
#
# 层放在普通的列表里，网络就不认得它们：
#
# %% en
# ``v`` is the result of a product and no leaf tensor, so no gradient is kept in its ``grad``, see ":ref:`autograd-leaves`". Compute first, and put ``requires_grad_()`` last. On an accelerator, ``torch.ones(2, requires_grad=True).to(device)`` has the same trouble.
#
# Where ``backward`` itself stumbles, over changed or freed numbers or a ``nan``, the mistake is mostly a line of the forward pass. Switch on ``torch.autograd.set_detect_anomaly(True)``, and the place of that line is printed, too. Training becomes far slower; switch it off once you know.
#
# .. _pitfalls-list:
#
# Put layers into a ModuleList
# ----------------------------
#
# .. deeper::
#
# Layers in a plain list are unknown to the network:


class Tower(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers
        self.head = nn.Linear(64, 10)


def make_layers():
    return [nn.Linear(1024, 64), nn.Linear(64, 64)]


print("✗ tensors =", len(list(Tower(make_layers()).parameters())))
print("✓ tensors =", len(list(Tower(nn.ModuleList(make_layers())).parameters())))
show("plain list")

# %% zh
# 错的那个只登记了 ``head`` 的权重和偏置，另外那两层都不学，也不跟着 ``to`` 搬家，保存时也没有它们，却一句错也不报。只有像 ``Headless`` 这样，连 ``head`` 也没有，一层也没登记上，优化器才会报错，说没有参数。**改法：**\ ``nn.ModuleList``，或者 ``nn.Sequential``；放进字典，用 ``nn.ModuleDict``。数一数参数，就知道缺了没有，见“:ref:`networks-parameters`”。
#
# .. _pitfalls-memory:
#
# 别让计算图越拖越长
# ------------------
#
# .. deeper::
#
# **症状：**训练越来越占内存，最后整台机器变慢，或者报错：``torch.OutOfMemoryError: CUDA out of memory. Tried to allocate …``。为了打印平均损失，有人把损失加起来：
#
# %% en
# The wrong one has registered only weight and bias of ``head``. The other two layers do not learn, do not move along with ``to`` and are not saved, and no error says so. Only in ``Headless``, which lacks even ``head`` and so has registered no layer at all, does the optimizer say that its list is empty. **The cure:** ``nn.ModuleList``, or ``nn.Sequential``; for a dictionary, ``nn.ModuleDict``. Count the parameters, and you know whether any are missing, see ":ref:`networks-parameters`".
#
# .. _pitfalls-memory:
#
# Let go of old graphs
# --------------------
#
# .. deeper::
#
# **You see:** training takes more and more memory, until the whole machine slows down, or an error says ``torch.OutOfMemoryError: CUDA out of memory. Tried to allocate …``. To print a mean loss, people add losses up:

from torchhour.graphs import edges

network = make_network()
wrong, right = 0, 0
for images, labels in batches(train.images, train.labels, steps=3):
    loss = cross_entropy(network(images), labels)
    wrong = wrong + loss  # ✗
    right = right + loss.item()  # ✓
    print("edges =", len(edges(wrong)), " of one loss =", len(edges(loss)))
print(f"✗ {wrong:.4f}  ✓ {right:.4f}")

# %% zh
# 两个总和一样，``wrong`` 背后的计算图却每一步都变长。**为什么：**它也是一个结果，连着每一步的计算图；没有 ``backward`` 的地方，比如测试，每一步的中间结果也都留在内存里。**改法：**\ ``loss.item()`` 只取那个数，计算图随即扔掉；要留张量，用 ``loss.detach()``。把预测存进列表，也是一样。
#
# .. _pitfalls-nan:
#
# 找到第一个 nan
# --------------
#
# .. deeper::
#
# **症状：**损失忽然变成 ``nan``，再也回不来。最常见的原因是学习率太大，先除以 10 试试。可是也有这样的：损失完全正常，梯度已经坏了。
#
# %% en
# Both sums are the same, but the graph behind ``wrong`` grows with each step. **Why:** it is a result, too, and its graph holds those of all the steps; where there was no ``backward``, as in testing, it also holds all that each of them has kept. **The cure:** ``loss.item()`` takes the number only, and the graph is dropped; for a tensor, take ``loss.detach()``. Predictions kept in a list do the same harm.
#
# .. _pitfalls-nan:
#
# Find the first nan
# ------------------
#
# .. deeper::
#
# **You see:** the loss is suddenly ``nan``, and never comes back. The most common cause is a learning rate that is too large; divide it by 10 first. But it may also be like this: the loss is in order, and the gradient is spoiled already.

guess = torch.tensor([1.0, 2.0], requires_grad=True)
answer = torch.tensor([1.0, 2.0])
distance = ((guess - answer) ** 2).sum().sqrt()  # ✗
distance.backward()
print("✗ loss =", distance.item(), " gradient =", guess.grad)

guess.grad = None
distance = (((guess - answer) ** 2).sum() + 1e-12).sqrt()  # ✓
distance.backward()
print(f"✓ loss = {distance:.6f}  gradient =", guess.grad)
with caught(), torch.autograd.set_detect_anomaly(True):
    ((guess - answer) ** 2).sum().sqrt().backward()

# %% zh
# **为什么：**\ :math:`\sqrt{x}` 在 0 处的斜率是无穷大，链式法则再乘上一个 0，就是 ``nan``。它一进参数，下一步什么都是 ``nan``。**改法：**在根号里加一个很小的数；``log`` 也一样，或者直接用 ``log_softmax``、``cross_entropy`` 这样写好的函数。
# 往回走的时候，``set_detect_anomaly`` 在第一个 ``nan`` 出现的地方就停下，还说出是哪一种运算。输入里也可能早就有 ``nan``，用 ``images.isfinite().all()`` 查。
#
# .. _pitfalls-device:
#
# 每一批都要移
# ------------
#
# .. deeper::
#
# **症状：**网络搬到了加速器，图还在 CPU 上，报错。为了在哪台机器上都能运行，下面请 ``meta`` 设备代替加速器：那里的张量只有形状，没有数，可是多数运算照样检查它们在哪里。
#
# %% en
# **Why:** the slope of :math:`\sqrt{x}` at 0 is infinite, the chain rule multiplies it by a 0, and that is ``nan``. Once it is in a parameter, everything is ``nan`` at the next step. **The cure:** add a very small number under the root. It is the same for ``log``; or take functions that were made for it, ``log_softmax`` and ``cross_entropy``.
# ``set_detect_anomaly`` stops where the first ``nan`` appears on the way back, and says which operation it was. The inputs may have had a ``nan`` all along; ask ``images.isfinite().all()``.
#
# .. _pitfalls-device:
#
# Move every batch
# ----------------
#
# .. deeper::
#
# **You see:** an error, when the network has moved to an accelerator and the pictures are still on the CPU. So that it runs on any machine, the ``meta`` device stands in for an accelerator here: tensors on it have a shape and no numbers, but most operations still check where they are.

show("device", "numpy there")

# %% zh
# 换成 NVIDIA 的 GPU，第一个错误说的是 ``Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu! (when checking argument for argument mat1 in method wrapper_CUDA_addmm)``，新一些的版本说 ``but got mat1 is on cpu, different from other tensors on cuda:0``；卷积层说 ``Input type (torch.FloatTensor) and weight type (torch.cuda.FloatTensor) should be the same``。第二个错误里，``meta`` 换成 ``cuda:0``。这几句没有在这里运行，是照别人贴出来的报错写的。
#
# **改法：**网络移一次，图和标签每一步都移：``images, labels = images.to(device), labels.to(device)``。张量的 ``to`` 不改动自己，要用它返回的那个；只写 ``images.to(device)``，等于没写。``forward`` 里新建的张量，也要写上 ``device=x.device``。
#
# .. _pitfalls-workers:
#
# 训练的代码要放进函数
# --------------------
#
# .. deeper::
#
# **症状：**在 Windows 或 macOS 上一用 ``num_workers``，就报一大段错。下面把训练写成单独的文件来运行，并用 ``spawn`` 的办法启动进程，那正是这两个系统的做法。
#
# %% en
# On an NVIDIA GPU, the first error says ``Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu! (when checking argument for argument mat1 in method wrapper_CUDA_addmm)``, and in newer versions ``but got mat1 is on cpu, different from other tensors on cuda:0``; a convolution says ``Input type (torch.FloatTensor) and weight type (torch.cuda.FloatTensor) should be the same``. In the second, ``meta`` becomes ``cuda:0``. These were not run here, but taken from errors that others have met.
#
# **The cure:** move the network once, pictures and labels at each step: ``images, labels = images.to(device), labels.to(device)``. A tensor's ``to`` leaves the tensor alone, so take what it returns; ``images.to(device)`` by itself does nothing. Tensors that ``forward`` makes need a ``device=x.device``, too.
#
# .. _pitfalls-workers:
#
# Put training into a function
# ----------------------------
#
# .. deeper::
#
# **You see:** on Windows or macOS, with ``num_workers``, there is a whole page of errors. Below, a training is run as a file of its own, and its processes are started by ``spawn``, as these two systems do.

from torchhour.outcomes import wrapped
from torchhour.scripts import script_outcomes

wrong = """
from torch.utils.data import DataLoader

loader = DataLoader(
    range(8), batch_size=4, num_workers=1, multiprocessing_context="spawn"
)
for batch in loader:
    print(batch.tolist())
"""
right = """
from torch.utils.data import DataLoader

def main():
    loader = DataLoader(
        range(8), batch_size=4, num_workers=1, multiprocessing_context="spawn"
    )
    for batch in loader:
        print(batch.tolist())

if __name__ == "__main__":
    main()
"""
for each in script_outcomes(wrong)[:2]:
    print(wrapped(str(each)))
print("✓", *script_outcomes(right)[-1].message.split("\n"))

# %% zh
# **为什么：**用 ``spawn`` 启动的进程，会从头导入这个文件；训练写在最外层，它就又要去启动进程，Python 便拦住它。工作进程退出了，``DataLoader`` 才报后面那个错。工作进程因为别的原因退出，也是这一句，真正的原因在它前面。
# **改法：**训练放进函数，调用它的那一行写在 ``if __name__ == "__main__":`` 下面，见“:ref:`classifier-workers`”。改成 ``num_workers=0``，再去掉 ``multiprocessing_context``，也能运行，报错也会清楚些。
#
# .. _pitfalls-load:
#
# 读进别处的权重
# --------------
#
# .. deeper::
#
# ``load_state_dict`` 逐个比较名字和形状。（这里的 ``network`` 只有一层，``make_network`` 造这样的网络，默认 10 类；两样都只有 ``show`` 认得，不是上面的那些。）
#
# %% en
# **Why:** a process started by ``spawn`` imports this file from its top. If the training stands there, it sets out to start a process of its own, and Python stops it. The worker dies, and then ``DataLoader`` raises the second error. It says the same when a worker dies for any other reason; the true one stands before it.
# **The cure:** put the training into a function, and its call below ``if __name__ == "__main__":``, see ":ref:`classifier-workers`". ``num_workers=0`` without ``multiprocessing_context`` works as well, and makes errors clearer.
#
# .. _pitfalls-load:
#
# Load weights from elsewhere
# ---------------------------
#
# .. deeper::
#
# ``load_state_dict`` compares names and shapes, one by one. (Here, ``network`` has a single layer, and ``make_network`` makes such networks, with 10 classes unless told otherwise; both are known to ``show`` alone, and not those from above.)

show("prefix", "classes")

# %% zh
# - 名字前面的 ``module.`` 是 ``nn.DataParallel`` 和 ``DistributedDataParallel`` 包上去的：保存的时候写 ``network.module.state_dict()``。手里只有旧文件，就先把每个名字开头的 ``module.`` 去掉。
# - 类别的数目不同：先建同样大小的网络，读进权重，再换头，见“:ref:`fine-tuning-resnet`”。
#
# ``strict=False`` 会让第一个报错消失，可是一个参数也没有读进来，网络还是随机的。
#
# .. _pitfalls-checklist:
#
# 网络学不会？先看这里
# --------------------
#
# 从最省事的查起，一次只改一处。
#
# 1. **画一批图，**\ 要画网络真正收到的那一批，写上标签：“:ref:`pitfalls-pairs`”，“:ref:`pitfalls-view`”。
# 2. **看第一步的损失。**和类别数的自然对数（:math:`\ln`）接近吗？“:ref:`pitfalls-examine`”。
# 3. **背十张图。**损失降得到 0 吗？
#
#    - 一动不动：“:ref:`pitfalls-optimizer`”。
#    - 停在半路：“:ref:`pitfalls-softmax`”，“:ref:`pitfalls-broadcast`”，“:ref:`pitfalls-list`”，学习率除以 10。
#    - 越走越高，或者成了 ``nan``：“:ref:`pitfalls-zero-grad`”，学习率除以 10，“:ref:`pitfalls-nan`”。
#    - 低于 0：“:ref:`pitfalls-sum`”。
#
# 4. **背得下来，考得不好。**先看数据，“:ref:`pitfalls-pairs`”，再看“:ref:`pitfalls-eval`”和“:ref:`classifier-overfit`”；测试的图，处理要和训练的一样。
# 5. **都查过了，**才去细调学习率、网络的大小和训练的轮数。
#
# .. _pitfalls-end:
#
# 小结
# ----
#
# **你已经会：**看懂损失的曲线和报错的信息，做两项检查，认出常见的错误，并且证明改对了。
#
# **还没讲的：**几年前的代码，今天为什么跑不起来；下一课“读懂旧代码”会讲。
#
# .. _pitfalls-exercises:
#
# 练习
# ----
#
# 1. **用笔。**分 100 类，乱猜的损失是多少？如果多做一次 softmax，损失最低能到多少？
#
#    .. folded:: 提示
#
#       把“:ref:`pitfalls-softmax`”里的 9 换成 99。
#
#       做完再看\ :ref:`答案 <solutions-pitfalls-1>`。
#
# 2. **只改一行。**在 ``make_optimizer`` 里改用 ``torch.optim.Adam(network.parameters(), lr=0.002)``，从头运行，重新画六条曲线。F 不算，它的学习率也换掉了；另外五个里，哪一个的曲线好看多了，测试却还远远不如 C？
#
#    .. folded:: 提示
#
#       ``Adam`` 会按梯度的大小调节步长，B 不再越冲越高。它和 C 在测试集上差多少？
#
#       做完再看\ :ref:`答案 <solutions-pitfalls-2>`。
#
# 3. **第七个病人。**循环里这样写：``loss.backward()``，``optimizer.zero_grad()``，``optimizer.step()``。先猜它在两项检查里的成绩，再试一试。它和 A 怎么区分？
#
#    .. folded:: 提示
#
#       ``step`` 的时候，``grad`` 里有什么？优化器手里有没有网络的参数，看 ``optimizer.param_groups[0]["params"][0] is network[1].weight``。
#
#       做完再看\ :ref:`答案 <solutions-pitfalls-3>`。
#
# 4. **读一条报错。**\ ``mat1 and mat2 shapes cannot be multiplied (64x1024 and 784x10)``。一批有几张图，一张图有几个数，网络以为有几个？写出两种改法。
#
#    .. folded:: 提示
#
#       :math:`1024 = 32 \times 32`，:math:`784 = 28 \times 28`。
#
#       做完再看\ :ref:`答案 <solutions-pitfalls-4>`。
#
# 5. **自己设计。**照这一课没有的办法，弄坏自己的训练循环，做两项检查，给表格添一行。请别人来猜。
#
#    .. folded:: 提示
#
#       可以从数据下手：归一化做了两次，图都是黑的，标签全一样；也可以从网络下手：末尾多一个 ``relu``。
#
#       做完再看\ :ref:`答案 <solutions-pitfalls-5>`。
#
# **继续读：**\ PyTorch 的\ `常见问题 <https://docs.pytorch.org/docs/stable/notes/faq.html>`__，内存的问题讲得很细；还有\ `自动求导的说明 <https://docs.pytorch.org/docs/stable/notes/autograd.html>`__，讲了版本检查的原理。
#
# 接着读 :doc:`90_old_code`：从一条旧的报错，找到今天的写法。
#
# %% en
# - The ``module.`` before the names was put there by ``nn.DataParallel`` or ``DistributedDataParallel``: when you save, write ``network.module.state_dict()``. With an old file, take the ``module.`` off each name first.
# - The number of classes differs: make a network of the same size, load the weights, then replace the head, see ":ref:`fine-tuning-resnet`".
#
# ``strict=False`` makes the first error go away, but not one parameter is loaded then, and the network is still random.
#
# .. _pitfalls-checklist:
#
# It does not learn: look here first
# ----------------------------------
#
# Begin with what is cheap, and change one thing at a time.
#
# 1. **Draw a batch,** as the network gets it, with its labels: ":ref:`pitfalls-pairs`", ":ref:`pitfalls-view`".
# 2. **Look at the first loss.** Is it close to the :math:`\ln` of the number of classes? ":ref:`pitfalls-examine`".
# 3. **Learn ten pictures by heart.** Does the loss fall to 0?
#
#    - It does not move: ":ref:`pitfalls-optimizer`".
#    - It stops half way: ":ref:`pitfalls-softmax`", ":ref:`pitfalls-broadcast`", ":ref:`pitfalls-list`", a learning rate divided by 10.
#    - It goes up, or is ``nan``: ":ref:`pitfalls-zero-grad`", a learning rate divided by 10, ":ref:`pitfalls-nan`".
#    - It is below 0: ":ref:`pitfalls-sum`".
#
# 4. **It knows the ten, and fails the exam.** First the data, ":ref:`pitfalls-pairs`", then ":ref:`pitfalls-eval`" and ":ref:`classifier-overfit`"; and prepare the test pictures the same way as the training pictures.
# 5. **Only then** adjust the learning rate in small steps, the size of the network, the number of epochs.
#
# .. _pitfalls-end:
#
# What you take along
# -------------------
#
# **You can now** read a loss curve and an error message, make two examinations, recognize common mistakes, and prove that they were put right.
#
# **Still to come:** why code of a few years ago does not run today, in the next lesson, "Reading old code".
#
# .. _pitfalls-exercises:
#
# Exercises
# ---------
#
# 1. **With a pencil.** For 100 classes, what is the loss of guessing? And with a softmax too many, how low can the loss get?
#
#    .. folded:: A hint
#
#       Take ":ref:`pitfalls-softmax`", with 99 where it has 9.
#
#       When you are done, see :ref:`the solution <solutions-pitfalls-1>`.
#
# 2. **Change one line.** Let ``make_optimizer`` return ``torch.optim.Adam(network.parameters(), lr=0.002)``, run it all from the top, and look at the six curves again. Leave F aside, whose learning rate is gone with it. Which of the others has a far better curve, and is still far behind C in the test?
#
#    .. folded:: A hint
#
#       ``Adam`` fits the length of its steps to the size of the gradients, and B no longer goes higher and higher. How far is it from C on the test set?
#
#       When you are done, see :ref:`the solution <solutions-pitfalls-2>`.
#
# 3. **A seventh patient.** The loop says ``loss.backward()``, ``optimizer.zero_grad()``, ``optimizer.step()``. Guess its results in both examinations, then try. How do you tell it from A?
#
#    .. folded:: A hint
#
#       What is in ``grad`` when ``step`` comes? And ``optimizer.param_groups[0]["params"][0] is network[1].weight`` tells whether the optimizer holds the parameters of the network.
#
#       When you are done, see :ref:`the solution <solutions-pitfalls-3>`.
#
# 4. **Read a message.** ``mat1 and mat2 shapes cannot be multiplied (64x1024 and 784x10)``. How many pictures has the batch, how many numbers has a picture, and how many does the network expect? Name two cures.
#
#    .. folded:: A hint
#
#       :math:`1024 = 32 \times 32`, and :math:`784 = 28 \times 28`.
#
#       When you are done, see :ref:`the solution <solutions-pitfalls-4>`.
#
# 5. **Of your own.** Break a training loop of yours in a way that is not on this page, and add its row to the table of the two examinations. Let somebody guess.
#
#    .. folded:: A hint
#
#       Begin with the data: normalized twice, all pictures black, all labels the same. Or with the network: a ``relu`` at its end.
#
#       When you are done, see :ref:`the solution <solutions-pitfalls-5>`.
#
# **Read on:** PyTorch's `frequently asked questions <https://docs.pytorch.org/docs/stable/notes/faq.html>`__ go into memory, and its `notes on autograd <https://docs.pytorch.org/docs/stable/notes/autograd.html>`__ tell why versions are checked.
#
# Go on with :doc:`90_old_code`: from an old message to the line of today.
