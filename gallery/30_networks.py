"""
%% zh
神经网络
========

读完这一课，你会搭好一个叫 LeNet 的网络，用真人手写的数字训练它，再看看它里面：:term:`卷积核 <kernel>`在找什么，它又错在哪里。
最后由你写一个数字，让你自己的网络来认。

**需要的基础：**:doc:`05_first_steps`、:doc:`10_tensors`、:doc:`20_autograd`。

.. minutes:: 15

%% en
Neural networks
===============

Fifteen minutes from now, you will have built a network called LeNet, trained it on digits written by real people, and
looked inside: what its :term:`kernels <kernel>` search for, and where it goes wrong. At the end you write a digit, and your own network reads it.

**What you need:** :doc:`05_first_steps`, :doc:`10_tensors` and :doc:`20_autograd`.

.. minutes:: 15
"""

# %% zh
# .. _networks-path:
#
# 先看全程
# --------
#
# 第一课的网络看到的是一行 1,024 个数，谁和谁相邻，它并不知道。LeNet 不同：在前半段，数据一直保持图的样子。
# LeNet 是 1998 年提出的，下面是今天常见的样子；蓝色的几步里，有要学的数。
#
# %% en
# .. _networks-path:
#
# See the whole path
# ------------------
#
# The network of the first lesson saw 1,024 numbers in a row, not knowing which are neighbors.
# LeNet keeps a picture a picture for half of the way. It goes back to 1998, and this is how it is mostly built today; the blue steps hold numbers to learn.

from torchhour.layers import draw_layers

draw_layers()

# %% zh
# .. caption:: 从输入到损失的每一步。形状变了的，写在下面；``relu`` 不改变形状，损失只是一个数。
#
# 步骤不少，种类不多：``conv``、``relu``、``pool``、``linear`` 下面一种一种地看；``flatten`` 只把数排成一行。
#
# .. _networks-convolution:
#
# 让卷积核滑过一个数字
# --------------------
#
# :term:`卷积 <convolution>`在图的每一处都问同一个问题。问题写成一小块数，叫:term:`卷积核 <kernel>`。
# 把它盖在图上，每个数乘以它下面的像素，乘积加起来；再挪一格，重新算。所有的和排在一起，又是一张图，叫:term:`特征图 <feature-map>`。
#
# 这里有一个手工做的卷积核：左边是 −1，右边是 1。移动它，或者按“运行”。
#
# .. folded:: 先猜一猜：在一片一样亮的地方，它算出几？
#
#    0。右边加上多少，左边就减去多少。
#
# %% en
# .. caption:: Each step from the input to the loss; below it the shape, where it has changed. ``relu`` keeps the shape, and a loss is one number.
#
# Few kinds of steps: we take ``conv``, ``relu``, ``pool`` and ``linear`` one by one; ``flatten`` only lays numbers in a row.
#
# .. _networks-convolution:
#
# Slide a kernel over a digit
# ---------------------------
#
# A :term:`convolution` asks one question at every place of a picture. The question is a small block of numbers, the :term:`kernel`.
# Lay it on the picture, multiply each number by the pixel below it, and add up the products; then move on by one pixel. The sums
# make a new picture, the :term:`feature map <feature-map>`.
#
# Here is a kernel made by hand: −1 on its left, 1 on its right. Move it, or press "run".
#
# .. folded:: Guess first: what does it give where all pixels are alike?
#
#    It gives 0: it adds on the right just as much as it takes away on the left.

import torch

from torchhour.data.digits import digits
from torchhour.explore import slide

# region
# zh: 固定随机种子，只用一个线程，每次运行才得到同样的数
# en: Fix the random seed and take one thread only, so that each run gives the same numbers
torch.manual_seed(0)
torch.set_num_threads(1)
# endregion
train_set, test_set = digits(), digits(train=False)
digit = test_set.images[0, 0]  # 32×32
edge = torch.tensor([[-1.0, 0.0, 1.0]] * 3)  # 3×3
slide({"left edges": edge, "upper edges": edge.T}, digit)

# %% zh
# .. caption:: 卷积核盖在数字上：像素乘以卷积核，得到乘积；它们的和，就是右边特征图里的一个数。
#
# 从左到右变亮的地方是正数，变暗的地方是负数：它找到了笔画的左边缘和右边缘。换成“上边缘”，卷积核转了个方向，找的就是上下边缘。
#
# PyTorch 一次就算完所有的位置。核对特征图的 ``[26, 11]``，你也可以把方框移过去看。``conv2d`` 要一批图和一批卷积核，都带通道；这里都只有一个，单通道，所以各用两个 ``None`` 添上两个长度为 1 的维。
#
# %% en
# .. caption:: The kernel on the digit: pixels times kernel are the products, and their sum is one number of the feature map on the right.
#
# Positive means lighter from left to right, negative darker: this kernel finds the left and right edges of strokes. Choose "upper edges": turned, it finds those above and below.
#
# PyTorch computes all places at once. Check ``[26, 11]`` of the feature map; move the frame there. ``conv2d`` takes a batch of pictures and one of kernels, all with channels; here each is just one, so two ``None`` give it two dimensions of length 1.

import torch.nn.functional as F

found = F.conv2d(digit[None, None], edge[None, None])  # 1×1×30×30
i, j = 26, 11
by_hand = (digit[i : i + 3, j : j + 3] * edge).sum()
print(f"by hand = {by_hand:.3f}, conv2d = {found[0, 0, i, j]:.3f}")
assert torch.isclose(by_hand, found[0, 0, i, j], atol=1e-5)

# %% zh
# 两边都是 :printed:`conv2d`。特征图的边长是 :math:`32 - 3 + 1 = 30`：边长为 3 的卷积核，在 32 个像素上只有这么多个位置。
#
# .. _networks-pool:
#
# 留下找到的，再缩小
# ------------------
#
# :term:`激活函数 <activation>` ``relu`` 把负数变成 0：这样就只剩下左边缘。接着，:term:`池化 <pooling>`在每个 2×2 的方块里，
# 只留下最大的数。
#
# %% en
# Both are :printed:`conv2d`. The feature map has sides of :math:`32 - 3 + 1 = 30`: a kernel of side 3 fits in so many places along 32 pixels.
#
# .. _networks-pool:
#
# Keep what was found, and shrink it
# ----------------------------------
#
# The :term:`activation` ``relu`` turns negative numbers into 0: only left edges stay. Then :term:`pooling` keeps only
# the largest number of each 2×2 square.

kept = F.relu(found)  # 1×1×30×30
smaller = F.max_pool2d(kept, 2)  # 1×1×15×15
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 3, figsize=(4.2, 1.7), layout="constrained")
for axis, name, drawn in zip(axes, ["conv", "relu", "pool"], [found, kept, smaller]):
    axis.imshow(drawn[0, 0], cmap="RdBu", vmin=-found.abs().max(), vmax=found.abs().max())
    axis.set_title(name, family="monospace", fontsize=10)
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 左：特征图有正有负（蓝和红）；中：负数都没有了；右：边长只剩一半（画得一样大），边缘还在。
#
# 数只剩四分之一，笔画还看得出来。如果一路只是乘以固定的数、再相加，两次卷积就只相当于一次，好比 :math:`3 \times 2x` 就是 :math:`6x`。所以要有 ``relu``。
#
# .. _networks-linear:
#
# 把线索加起来打分
# ----------------
#
# 假设前面的层找了三样东西：圆圈、上面的横、斜的笔画，在这张图里找到的强度是 0、2、1。图里写的是 0，还是 7？
#
# :term:`全连接 <fully-connected>`层给每个答案打分：每条线索乘以一个:term:`权重 <weight>`，加起来，再加上一个:term:`偏置 <bias>`。
# 写成一行，就是 :math:`y = Wx + b`：
#
# %% en
# .. caption:: On the left, the feature map with positive and negative numbers, blue and red; then only the positive ones; then half as many on each side, drawn at one size: the edges are still there.
#
# A quarter of the numbers is left, and you still see the stroke. With nothing but fixed factors and sums, two convolutions
# would be worth no more than one, as :math:`3 \times 2x` is just :math:`6x`. Hence ``relu``.
#
# .. _networks-linear:
#
# Add up the evidence
# -------------------
#
# Suppose that the layers so far looked for three things, a loop, a bar on top and a slanting stroke, and found them as strongly as 0, 2 and 1. Is the picture a 0 or a 7?
#
# A :term:`fully connected <fully-connected>` layer scores each answer: it multiplies each piece of evidence by a :term:`weight`, adds up, then adds a :term:`bias`.
# In short, :math:`y = Wx + b`:

x = torch.tensor([0.0, 2.0, 1.0])
W = torch.tensor([[3.0, -1.0, 0.5], [-2.0, 2.0, 1.0]])  # 2×3
b = torch.tensor([0.0, -0.5])
y = W @ x + b
print(f"zero = {y[0]:.1f}, seven = {y[1]:.1f}")
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.2, 1.7), layout="constrained")
parts = [(y[:, None], "y"), (W, "W"), (x[:, None], "x"), (b[:, None], "b")]
for row, digit_name in enumerate("07"):
    axis.text(-0.4, 1 + row, digit_name, color="gray", ha="center", va="center", fontsize=10)
left = 0.0
for (numbers, name), sign in zip(parts, ["=", "@", "+", ""]):
    rows, columns = numbers.shape
    for row in range(rows):
        for column in range(columns):
            place = left + column, (3 - rows) / 2 + row
            color = "tab:orange" if numbers[row, column] < 0 else "tab:blue"
            axis.add_patch(plt.Rectangle(place, 1, 1, color=color, alpha=0.3, linewidth=0))
            middle = place[0] + 0.5, place[1] + 0.5
            axis.text(*middle, f"{numbers[row, column]:g}", ha="center", va="center", fontsize=10)
    axis.text(left + columns / 2, -0.3, name, family="monospace", ha="center", fontsize=10)
    axis.text(left + columns + 0.35, 1.5, sign, family="monospace", ha="center", va="center", fontsize=12)
    left += columns + 0.7
axis.set(xlim=(-0.8, left - 0.6), ylim=(3.1, -0.9), aspect="equal")
axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 每一行权重乘以 x，加上 b，得到 y 里的一个得分；上面一行是 0 的，下面一行是 7 的。
#
# 7 得 :printed:`seven` 分，0 得 :printed:`zero` 分。圆圈支持 0，反对 7；上面的横正相反。``nn.Linear(3, 2)`` 就是这样一层，
# 它的 :math:`W` 和 :math:`b` 开始时是随机数，要靠训练调好。
#
# %% en
# .. caption:: Each row of weights, times x, plus b, is one score in y: the upper row for 0, the lower for 7.
#
# The 7 has a score of :printed:`seven`, the 0 of :printed:`zero`. A loop speaks for 0 and against 7, a bar on top the other way. ``nn.Linear(3, 2)`` is such
# a layer; its :math:`W` and :math:`b` are random at first, and training has to find good ones.

from torch import nn

layer = nn.Linear(3, 2)
print("weight:", tuple(layer.weight.shape), "bias:", tuple(layer.bias.shape))
assert torch.allclose(layer(x), layer.weight @ x + layer.bias)

# %% zh
# .. _networks-define:
#
# 拼出 LeNet
# ----------
#
# 网络是 ``nn.Module`` 的一个子类。``__init__`` 创建有参数的层，``forward`` 说明数据怎样依次经过它们；反向不用写，交给自动求导。``fc1`` 到 ``fc3`` 是全连接层；``flatten(x, 1)`` 从维 1 起排成一行，一张图一行。
#
# ``Conv2d(1, 6, 5)`` 有 6 个 5×5 的卷积核，输入 1 个:term:`通道 <channel>`，输出 6 个，每个卷积核一个。
# ``conv2`` 的一个卷积核是 6×5×5：6 个通道各乘各的，积全部加成一个数。
#
# .. folded:: 没写过 ``class``？
#
#    ``class LeNet(nn.Module)`` 造一种新的网络，``nn.Module`` 会的它都会，所以叫子类。``LeNet()`` 造出一个这样的网络，先运行 ``__init__``；``self`` 就是造出来的那一个，``self.conv1 = …`` 把一层存在它里面。``super().__init__()`` 让 ``nn.Module`` 先做好准备，要写在最前面。没有参数的步骤，写成函数就行；``nn.ReLU()`` 是层，作用和 ``F.relu`` 一样。
#
# .. folded:: 先猜一猜：``fc1`` 会收到多少个数？图的边长是 32。
#
#    卷积后边长 28，池化后 14，再卷积是 10，再池化是 5。一共 16 个通道，:math:`16 \times 5 \times 5 = 400`。
#
# %% en
# .. _networks-define:
#
# Put LeNet together
# ------------------
#
# A network is a subclass of ``nn.Module``. ``__init__`` makes the layers with parameters, ``forward`` tells how data pass through them, and autograd does the way back. ``fc1`` to ``fc3`` are fully connected; ``flatten(x, 1)`` lays out all from dimension 1 on, picture by picture.
#
# ``Conv2d(1, 6, 5)`` has 6 kernels of 5×5: 1 :term:`channel` goes in, 6 come out, one for each kernel. A kernel of ``conv2`` is 6×5×5:
# the products in all 6 channels add up to one number.
#
# .. folded:: Never written a ``class``?
#
#    ``class LeNet(nn.Module)`` makes a new kind of network, which can do all that ``nn.Module`` can; hence "subclass". ``LeNet()`` makes one of that kind, and runs ``__init__`` first; ``self`` is the one being made, and ``self.conv1 = …`` keeps a layer in it. ``super().__init__()`` lets ``nn.Module`` get ready, and so comes first. Steps without parameters may be functions; ``nn.ReLU()`` is the layer that does what ``F.relu`` does.
#
# .. folded:: Guess first: how many numbers does ``fc1`` get? The picture has a side of 32.
#
#    The side is 28 after the convolution, 14 after pooling, then 10, then 5. With 16 channels, that makes :math:`16 \times 5 \times 5 = 400`.


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):  # N×1×32×32
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)  # N×6×14×14
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)  # N×16×5×5
        x = torch.flatten(x, 1)  # N×400
        x = F.relu(self.fc1(x))  # N×120
        x = F.relu(self.fc2(x))  # N×84
        return self.fc3(x)  # N×10


# %% zh
# 注释里的形状对不对？送几张图进去看看：
#
# %% en
# Are the shapes in the comments right? Send pictures through:

from torchhour.shapes import draw_shapes

images, labels = train_set.images[:8], train_set.labels[:8]
draw_shapes(LeNet(), images)

# %% zh
# .. caption:: 一张图经过 LeNet：方块是通道，细条是向量，宽度都按同一比例画。
#
# 图越来越小，通道越来越多，最后是十个得分。要学的数有多少？
#
# %% en
# .. caption:: A picture on its way through LeNet: squares are channels, thin bars are vectors, and all widths are to one scale.
#
# The pictures shrink, channels multiply, ten scores come last. How many to learn?

network = LeNet()
print("numbers to learn =", sum(numbers.numel() for numbers in network.parameters()))

# %% zh
# 一共 :printed:`numbers to learn` 个，大多在 ``fc1`` 里。
#
# .. _networks-batches:
#
# 成批地送进去
# ------------
#
# 网络一次收一:term:`批 <batch>`图，形状是 N×C×H×W：张数、通道数、高、宽。``digit[None, None]`` 补的两维就是 N 和 C。写 ``network(images)``，它的 ``forward`` 就会运行，每张图出来十个得分，``argmax`` 找到最高的是第几个，那就是网络的答案。
# 它还什么都没学过，会怎么答？
#
# %% en
# There are :printed:`numbers to learn`, most of them in ``fc1``.
#
# .. _networks-batches:
#
# Send in a batch
# ---------------
#
# Networks take pictures by the :term:`batch`, N×C×H×W: number of pictures, channels, height, width. N and C are what ``digit[None, None]`` added. ``network(images)`` runs ``forward``: for each picture, ten scores come
# out, and ``argmax`` tells which is highest: the answer. What does an untrained network say?

scores = network(images)  # 8×10
print("images:", tuple(images.shape), "scores:", tuple(scores.shape))
print("labels =", labels.tolist())
print("answers =", scores.argmax(dim=1).tolist())

# %% zh
# 标签是 :printed:`labels`，它答的却是 :printed:`answers`。不管写的是几，它答得都差不多。
#
# .. _networks-loss:
#
# 用一个数说明错得多厉害
# ----------------------
#
# :term:`softmax` 先把十个得分 :math:`z_k` 变成概率 :math:`e^{z_k} / \sum_j e^{z_j}`：都是正数，加起来等于 1；得分 2、1、0 变成 0.67、0.24、0.09。损失只看正确答案的概率：取自然对数，再取相反数。概率是 1，损失就是 0；概率越小，损失越大。
# 这个损失叫:term:`交叉熵 <cross-entropy>`。
#
# .. folded:: 先猜一猜：什么都不会的网络，给每个数字的概率都是十分之一，损失是多少？
#
#    :math:`-\ln 0.1 \approx 2.303`。看看下面打印的损失离它多近。
#
# %% en
# The labels are :printed:`labels`, its answers :printed:`answers`. All get much the same.
#
# .. _networks-loss:
#
# Say in one number how wrong it is
# ---------------------------------
#
# First, :term:`softmax` turns the ten scores :math:`z_k` into probabilities, :math:`e^{z_k} / \sum_j e^{z_j}`: all positive, adding up to 1; scores of 2, 1, 0 become 0.67, 0.24, 0.09. The loss is minus the natural logarithm of the right answer's probability: 0 for a probability of 1, large for
# a small one. It is called :term:`cross-entropy`.
#
# .. folded:: Guess first: a network that knows nothing gives one tenth to every digit. What is its loss?
#
#    :math:`-\ln 0.1 \approx 2.303`. See how close the loss below comes.

criterion = nn.CrossEntropyLoss()
loss = criterion(scores, labels)
# zh: 第 0 行取标签 labels[0] 那一列，第 1 行取 labels[1] 那一列，依此类推
# en: from row 0 the column of its label, labels[0], from row 1 that of labels[1], and so on
right = scores.softmax(dim=1)[torch.arange(8), labels]  # 8
print(f"loss = {loss.item():.3f}")
assert torch.isclose(loss, -right.log().mean())

# %% zh
# 八张图的损失取平均，是 :printed:`loss`。乱猜是 :math:`-\ln 0.1 \approx 2.303`，果然差不多。
#
# .. _networks-loop:
#
# 训练它
# ------
#
# 循环你见过。每一步随机取 64 张图。``Adam`` 是一种优化器，它给每个参数配上合适的步子。``record`` 在一旁记下损失，还不时拿 300 张测试图考考网络。
# 卷积核现在还是随机的，先存一份，等会儿比较。
#
# %% en
# The mean loss of the eight pictures is :printed:`loss`, and of guessing :math:`-\ln 0.1 \approx 2.303`.
#
# .. _networks-loop:
#
# Train it
# --------
#
# You know the loop. Each step takes 64 pictures at random; ``Adam`` is an optimizer that fits the length of its steps to each parameter. ``record`` notes the loss, and now and then tries the
# network on 300 test pictures. Keep a copy of the kernels, still random, to compare.

from torchhour.explore import Record, replay

before = network.conv1.weight.detach().clone()  # 6×1×5×5
optimizer = torch.optim.Adam(network.parameters(), lr=0.002)
record = Record(network, test_set.images[:300], test_set.labels[:300])
order = torch.Generator().manual_seed(0)

for step in range(500):
    drawn = torch.randint(len(train_set), (64,), generator=order)
    loss = criterion(network(train_set.images[drawn]), train_set.labels[drawn])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    record.note(loss)

with torch.no_grad():
    scores = network(test_set.images)  # N×10
predictions = scores.argmax(dim=1)  # N
accuracy = (predictions == test_set.labels).float().mean().item()
print(f"first loss = {record.losses[0]:.3f}, last loss = {record.losses[-1]:.3f}")
print(f"accuracy = {accuracy:.1%}")
assert accuracy > 0.95

# %% zh
# 损失从 :printed:`first loss` 降到 :printed:`last loss`。没见过的图，它认对了 :printed:`accuracy`。
#
# .. only:: scans
#
#    有一点要说明：scikit-learn 的 1,797 张图是随机分开的，所以训练图和测试图出自同一批人的手。换成陌生人的笔迹，会难一些。
#
# .. only:: mnist
#
#    而且这些数字来自 MNIST，出自陌生人的笔下：写它们的人，一张训练图也没有写过。
#
# .. _networks-replay:
#
# 一步一步看它学
# --------------
#
# 把滑块拖到最左边，再一格一格往右。右边是:term:`混淆矩阵 <confusion-matrix>`：行是标签，列是预测；蓝的认对了，橙的认错了，颜色越深，图越多。
#
# .. folded:: 先猜一猜：第 1 步的混淆矩阵是什么样？
#
#    多半只有几列有数：不管写的是几，它只会答这几个。学会以后，数几乎都落在对角线上。
#
# %% en
# The loss fell from :printed:`first loss` to :printed:`last loss`, and it reads :printed:`accuracy` of pictures that it never saw in training.
#
# .. only:: scans
#
#    scikit-learn's 1,797 pictures were split at random, so the same people wrote both parts. Strangers' writing would be harder.
#
# .. only:: mnist
#
#    And these, from MNIST, are by strangers: whoever wrote them wrote none of the training pictures.
#
# .. _networks-replay:
#
# Watch it learn, step by step
# ----------------------------
#
# Drag the slider to the far left, then go right, one stop at a time. On the right is the :term:`confusion matrix <confusion-matrix>`: its rows are labels, its columns predictions; blue is right, orange wrong, and the stronger, the more pictures.
#
# .. folded:: Guess first: what does the confusion matrix look like at step 1?
#
#    Most likely only a few columns are filled: these are its answers, whatever the digit. Once it has learned, nearly all counts are on the diagonal.

replay(record)

# %% zh
# .. caption:: 训练的回放：损失、准确率、:term:`混淆矩阵 <confusion-matrix>`，以及几张测试图和当时的预测。
#
# 简单的图，它很早就认对了。看看最后几张，它改口几次？（这里的准确率只算那 300 张图。）
#
# .. _networks-kernels:
#
# 看看它学会了找什么
# ------------------
#
# 这是第一层的 6 个卷积核：训练前，训练后，变化，以及第一张测试图经过它们和 ``relu`` 的样子：
#
# %% en
# .. caption:: The training: loss, accuracy, :term:`confusion matrix <confusion-matrix>`, and test pictures with the predictions of that time.
#
# Easy pictures come right early. Watch the last: how often does its answer change? (Accuracy: of 300.)
#
# .. _networks-kernels:
#
# See what it has learned to look for
# -----------------------------------
#
# Here are the 6 kernels of the first layer before and after training, their change, and what ``relu`` lets pass of the first test picture:

after = network.conv1.weight.detach()  # 6×1×5×5
change = after - before
with torch.no_grad():
    brightest = F.relu(network.conv1(train_set.images[:1000])).amax(dim=(0, 2, 3))  # 6
print("dead channels =", (brightest == 0).sum().item())
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
seen = F.relu(network.conv1(test_set.images[:1])).detach()  # 1×6×28×28
figure, axes = plt.subplots(4, 6, figsize=(4.6, 3.4), layout="constrained")
limits = [after.abs().max(), after.abs().max(), change.abs().max()]
for kernels, limit, row in zip([before, after, change], limits, axes):
    for kernel, axis in zip(kernels, row):
        axis.imshow(kernel[0], cmap="RdBu", vmin=-limit, vmax=limit)
for k, axis in enumerate(axes[3]):
    axis.imshow(seen[0, k], cmap="gray")
    if brightest[k] == 0:
        axis.text(13.5, 13.5, "dead", color="white", fontsize=9, ha="center", va="center")
for name, axis in zip(["before", "after", "change", "seen"], axes[:, 0]):
    axis.set_ylabel(name, fontsize=9)
for axis in axes.flat:
    axis.set(xticks=[], yticks=[], frame_on=False)
plt.show()
# endregion

# %% zh
# .. caption:: 第一层的卷积核，蓝色是正数，红色是负数；最下面一行，各通道的亮度分别调过，不能互相比。
#
# 随机的花纹还在，学到的是第三行，平滑得多。第三行里，几乎全蓝的，找的是笔画；一边蓝、一边红的，找的是边缘，和前面手工做的卷积核是一回事；其余的叫不出名字。这些都没有人教过网络。
#
# 一个通道如果对哪张图都只给出 0，就是死了：``relu`` 在那里是平的，梯度回不来，卷积核就不再学。若一开始就是死的，第三行就一片空白。这一次死了 :printed:`dead channels` 个。
#
# 挑变化最不均匀的那个卷积核，把它学到的变化当作卷积核，滑过数字；再换成训练后、训练前的整个卷积核：
#
# .. folded:: 没写过花括号？
#
#    ``{"change": change}`` 是字典，给每样东西配一个名字。``named.items()`` 给出一对一对的名字和东西，花括号里的 ``for`` 就照它们再做一个字典：名字照旧，东西换成那一个卷积核。放在方括号里，不写名字和冒号，做出来的就是列表。
#
# %% en
# .. caption:: The kernels of the first layer; blue is positive, red negative. At the bottom, each channel is brightened by itself.
#
# The random pattern is still there. What was learned is in the third row, and much smoother. A kernel whose change is mostly blue looks for strokes; one with blue on one side
# and red on the other looks for edges, like the kernel that you made by hand; others have no name. Nobody told the network to.
#
# A channel that puts out 0 for every picture is dead: ``relu`` is flat there, no gradient gets back, and the kernel learns no more. One that is dead from the start has nothing in the third row. Dead channels this time:
# :printed:`dead channels`.
#
# Slide the kernel with the most uneven change: what it has learned, then the whole of it, after training and before:
#
# .. folded:: Never written braces?
#
#    ``{"change": change}`` is a dictionary: it gives each thing a name. ``named.items()`` are the pairs of name and thing, and a ``for`` within braces makes another dictionary of them: the same names, each with that one kernel. Within square brackets, and without name and colon, it makes a list.

k = change.flatten(1).std(dim=1).argmax()
named = {"change": change, "after training": after, "before training": before}
slide({name: kernels[k, 0] for name, kernels in named.items()}, digit)

# %% zh
# .. caption:: 一个学来的卷积核滑过数字：学到的变化，训练后的整个卷积核，训练前的。
#
# .. _networks-mistakes:
#
# 看它错在哪里
# ------------
#
# 它认错了哪些图？每张上方先写标签，再写预测。
#
# %% en
# .. caption:: A learned kernel on the digit: its change, and the whole of it after training and before.
#
# .. _networks-mistakes:
#
# See where it goes wrong
# -----------------------
#
# Above each picture that it got wrong: the label, then the prediction.

wrong = torch.arange(len(test_set))[predictions != test_set.labels]
print("wrong =", len(wrong))
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axes = plt.subplots(2, 4, figsize=(4, 2.4), layout="constrained")
for axis, index in zip(axes.flat, wrong):
    axis.imshow(test_set.images[index, 0], cmap="gray")
    axis.set_title(f"{test_set.labels[index]} → {predictions[index]}", fontsize=10)
for axis in axes.flat:
    axis.axis("off")
plt.show()
# endregion

# %% zh
# .. caption:: 认错的数字，最多八张，每张上方写着标签和预测。
#
# 一共错了 :printed:`wrong` 张。有的写得太怪，换作你，也未必说得准。
#
# .. _networks-draw:
#
# 你来写，它来认
# --------------
#
# 写一个数字，你的网络马上作答；旁边是两个卷积层看到的东西。再想办法骗骗它：写一个字母，画一座房子。
#
# %% en
# .. caption:: Digits that it got wrong, eight at most, each below its label and the prediction.
#
# It got :printed:`wrong` wrong. Some are strange indeed; would you be sure?
#
# .. _networks-draw:
#
# You write, it reads
# -------------------
#
# Write a digit, and your network answers at once, beside what its two convolutions see. Then fool it: draw a letter, or a house.

from torchhour.explore import draw_digit

draw_digit(network, test_set, softmax=True)

# %% zh
# .. caption:: 手写板、网络看到的图、两次卷积的特征图，以及十个概率。
#    :name: draw
#
# 画了房子，它也照样答一个数字，有时还很有把握：它只会在十个数字里选，没有人教过它说“都不是”。
#
# **你已经会：**看懂数据怎样走过网络、形状怎样变，说出卷积、激活、池化和全连接各做什么，训练它，再看看它学到了什么。
#
# **还没讲的：**彩色的图，训练得过了头会怎样，怎样保存网络。
#
# .. _networks-hooks:
#
# 用钩子看每一层
# --------------
#
# .. deeper::
#
# ``draw_shapes`` 会跟踪每一次函数调用。若只看各层，就给每一层挂一个**钩子**。``register_forward_hook`` 登记一个函数，那一层每算完一次，
# PyTorch 就调用这个函数，把那一层、输入和输出传给它。用完以后，``remove`` 把钩子取下。
#
# 挂在整个网络上的钩子，只在写 ``network(x)`` 的时候触发；``network.forward(x)`` 会绕过它，所以不要这样写。
#
# %% en
# .. caption:: A pad to write on, what the network sees, the feature maps of both convolutions, and ten probabilities.
#    :name: draw
#
# Even a house is a digit to it, and at times it is quite sure: nobody taught it to say "none of them".
#
# **You can now** read the path and the shapes of a network, say what convolution, activation, pooling and fully connected layers do, train a network, and look at what it has learned.
#
# **Still to come:** color pictures, what happens when training goes too far, and how to save a network.
#
# .. _networks-hooks:
#
# Watch every layer with hooks
# ----------------------------
#
# .. deeper::
#
# ``draw_shapes`` watches every function that is called. To watch only the layers, put a **hook** on each. ``register_forward_hook`` registers a function; whenever that layer has
# finished, PyTorch calls it with the layer, its inputs and its output. Afterwards, ``remove`` takes the hook off.
#
# A hook on the network as a whole acts only where you write ``network(x)``; ``network.forward(x)`` goes past it, so do not write that.

names = {layer: name for name, layer in network.named_children()}
shapes = {}


def report(layer, inputs, output):
    shapes[names[layer]] = tuple(inputs[0].shape), tuple(output.shape)
    print(f"{names[layer]:7}{tuple(inputs[0].shape)} -> {tuple(output.shape)}")


hooks = [layer.register_forward_hook(report) for layer in names]
network(images)
for hook in hooks:
    hook.remove()

assert shapes["conv1"] == ((8, 1, 32, 32), (8, 6, 28, 28))
assert shapes["fc1"] == ((8, 400), (8, 120))

# %% zh
# 一层的输出和下一层的输入，形状往往不同：中间还有 ``max_pool2d`` 和 ``flatten``。它们是函数，不是:term:`模块 <module>`，挂不上钩子。
# ``print(network)`` 也看不到它们，原因相同。
#
# .. _networks-parameters:
#
# 数一数参数
# ----------
#
# .. deeper::
#
# 五层各有一个 ``weight`` 和一个 ``bias``，一共 10 个张量，``named_parameters`` 把它们连同名字列出来。
# 第一个的形状是 6×1×5×5：6 个卷积核，每个看 1 个通道，高 5，宽 5。
#
# %% en
# The output of one layer and the input of the next often differ in shape: between them are ``max_pool2d`` and ``flatten``. Those are functions and not :term:`modules <module>`, so that no hook
# can be put on them. Nor does ``print(network)`` show them, for the same reason.
#
# .. _networks-parameters:
#
# Count the parameters
# --------------------
#
# .. deeper::
#
# Each of the five layers has a ``weight`` and a ``bias``, which makes 10 tensors; ``named_parameters`` lists them with their names. The first has the shape 6×1×5×5: 6 kernels that look at 1
# channel each, with a height of 5 and a width of 5.

for name, parameter in network.named_parameters():
    print(f"{name:14}{tuple(parameter.shape)}")

parameters = list(network.parameters())
print("tensors =", len(parameters))
print("fc1.weight =", network.fc1.weight.numel(), "of", sum(p.numel() for p in parameters))
assert len(parameters) == 10 and parameters[0].shape == (6, 1, 5, 5)
assert all(parameter.requires_grad for parameter in parameters)

# %% zh
# 两个卷积层加起来也没有多少参数：同一个卷积核，图上每一处都用。
#
# .. _networks-single:
#
# 只送一张图
# ----------
#
# .. deeper::
#
# 单独一张图是 C×H×W，少了 N。``Conv2d`` 也接受这样的图，这个网络却不接受：
#
# %% en
# The two convolutions have few of them: one kernel serves at every place of a picture.
#
# .. _networks-single:
#
# Send in a single picture
# ------------------------
#
# .. deeper::
#
# A single picture is C×H×W: it lacks N. ``Conv2d`` takes such a picture, too, but this network does not:

image, label = train_set[0]
print("image =", image.shape)
print("conv1 =", network.conv1(image).shape)
try:
    network(image)
except RuntimeError as error:
    refusal = error
    print(f"{type(error).__name__}: {error}")
print("network =", network(image.unsqueeze(0)).shape)
assert "16x25 and 400x120" in str(refusal)

# %% zh
# ``flatten(x, 1)`` 从维 1 开始展平。没有 N，16 个通道就被当成了 16 张图，每张剩下 25 个数，而 ``fc1`` 要 400 个。
# ``unsqueeze(0)`` 在最前面补上一维，就成了一批，这批只有一张图。
#
# .. _networks-recap:
#
# 认识四种对象
# ------------
#
# .. deeper::
#
# 到这里，四种对象都登场了：
#
# - ``Tensor``：张量，也就是多维数组；需要梯度时，还记着自己是怎样算出来的。
# - ``Module``：网络和层都是它，里面装着参数，也可以装别的 ``Module``。
# - ``Parameter``：一种张量；把它设为 ``Module`` 的属性，就自动登记成参数，普通的张量不会。
# - ``Function``：计算图里的一个节点，知道怎样把梯度传过一次运算；``grad_fn`` 指的就是它。
#   在 Python 里，它们都是 ``torch.autograd.graph.Node`` 的实例。
#
# %% en
# ``flatten(x, 1)`` flattens from dimension 1 on. Without N, the 16 channels pass for 16 pictures, 25 numbers are left in each, and ``fc1`` wants 400. ``unsqueeze(0)`` puts the missing dimension
# in front, which makes a batch of one.
#
# .. _networks-recap:
#
# Tell four kinds of object apart
# -------------------------------
#
# .. deeper::
#
# By now you have met four kinds of object:
#
# - ``Tensor``: a tensor, that is, an array with any number of dimensions. If it requires a gradient, it also remembers how it was computed.
# - ``Module``: networks and layers alike. It holds parameters, and may hold other ``Module`` objects.
# - ``Parameter``: a kind of tensor. Make it an attribute of a ``Module``, and it is registered as a parameter; an ordinary tensor is not.
# - ``Function``: a node of the computational graph that knows how to pass gradients back through one operation; it is what ``grad_fn`` refers to.
#   In Python, all of them are instances of ``torch.autograd.graph.Node``.


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.ones(1))
        self.constant = torch.ones(1)


scores = network(images)  # 8×10
print("Tensor    =", type(images))
print("Module    =", type(network.conv1))
print("Parameter =", [name for name, _ in Scale().named_parameters()])
print("Function  =", scores.grad_fn.name())
assert isinstance(network.conv1, nn.Module) and isinstance(network, nn.Module)
assert isinstance(Scale().factor, torch.Tensor)
assert isinstance(scores.grad_fn, torch.autograd.graph.Node)

# %% zh
# ``Scale`` 有两个张量，登记的只有 ``factor``。
#
# .. _networks-mse:
#
# 换一种损失：均方误差
# --------------------
#
# .. deeper::
#
# 也可以换个要求：正确的数字得 1 分，其余的得 0 分。``one_hot`` 把标签变成这样的目标，每张图一行。:term:`均方误差 <mean-squared-error>`
# 是得分与目标之差的平方，再取平均。设 :math:`z` 是得分，:math:`t` 是目标，共 :math:`N` 张图：
#
# .. math:: \ell = \frac{1}{10 N} \sum_{n=1}^{N} \sum_{k=0}^{9} (z_{nk} - t_{nk})^2
#
# 从这里起，用一个还没有训练的网络，叫 ``fresh``。
#
# %% en
# ``Scale`` has two tensors; only ``factor`` is registered.
#
# .. _networks-mse:
#
# Take another loss: the mean squared error
# -----------------------------------------
#
# .. deeper::
#
# Or let the right digit score 1, and all others 0. ``one_hot`` turns the labels into such targets, one row per picture. The :term:`mean squared error <mean-squared-error>`
# squares the difference between score and target, then takes the mean. With scores :math:`z`, targets :math:`t` and :math:`N` pictures:
#
# .. math:: \ell = \frac{1}{10 N} \sum_{n=1}^{N} \sum_{k=0}^{9} (z_{nk} - t_{nk})^2
#
# From here on, we use a network that has not been trained, called ``fresh``.

fresh = LeNet()
scores = fresh(images)  # 8×10
targets = F.one_hot(labels, 10).float()  # 8×10
mean_squared = nn.MSELoss()
loss = mean_squared(scores, targets)
print(targets[:3])
print(f"loss = {loss.item():.4f}")
assert torch.allclose(loss, ((scores - targets) ** 2).mean())

# %% zh
# **目标的形状必须与输出相同。**如果不同，只要还能广播，PyTorch 就照算不误，只给一个警告，得到的却多半是错的。这里忘了 ``one_hot``，把标签排成 8×1 的一列，当作目标：
#
# %% en
# **The target must have the same shape as the output.** If it does not, PyTorch goes ahead as long as broadcasting allows, with no more than a warning, and the result is most
# likely wrong. Here, ``one_hot`` is forgotten, and a column of 8×1 labels is the target:

import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    broadcast = mean_squared(scores, labels.float()[:, None])
print(f"wrong loss = {broadcast.item():.4f}")
print(f"{caught[0].category.__name__}: {caught[0].message}")
assert "target size" in str(caught[0].message)

# %% zh
# .. _networks-graph:
#
# 走一遍计算图
# ------------
#
# .. deeper::
#
# 从损失出发，梯度走哪条路？每个节点的 ``next_functions`` 列出梯度接下来要去的节点。总取第一项，能一层一层走回去吗？不能：
# 损失的第一项通往最后一层 ``fc3``，可是 ``fc3`` 的第一项通往它自己的 ``bias``，路到这里就断了。第二项才通往上一层；第三项隔着一次转置，通往 ``weight``。
#
# %% en
# .. _networks-graph:
#
# Walk the computational graph
# ----------------------------
#
# .. deeper::
#
# Starting from the loss, which way do the gradients go? The ``next_functions`` of a node list where they go next. Does the first entry, taken every time, lead back layer by layer? It does not: the loss's
# first entry leads to the last layer, ``fc3``, but the first entry of ``fc3`` leads to its own ``bias``, and there the path ends. The second entry leads to the layer before; the third
# leads to ``weight``, by way of a transpose.

linear = loss.grad_fn.next_functions[0][0]
print(loss.grad_fn.name())
print(linear.name())
for function, _ in linear.next_functions:
    print("   ", function.name())

bias, earlier, transpose = [function for function, _ in linear.next_functions]
assert bias.variable is fresh.fc3.bias
assert transpose.next_functions[0][0].variable is fresh.fc3.weight

# %% zh
# 要穿过所有的层，每到一个节点，就选前方路最长的那一项。``depth`` 数出从一个节点起，最长的路上有几个节点。
# 全连接层在这里叫 ``AddmmBackward0``，因为它做的是矩阵相乘再相加；展平叫 ``ViewBackward0``，因为它只是换一个视图。
# 尽头是 ``AccumulateGrad``，它把梯度存进参数的 ``grad``。
#
# %% en
# To pass through all of the layers, choose at each node the entry with the longest path ahead; ``depth`` counts the nodes on the longest path from a node. A fully connected layer is called
# ``AddmmBackward0`` here, because it multiplies matrices and adds; flattening is called ``ViewBackward0``, because it merely makes another view. The path ends at an ``AccumulateGrad``, which stores
# the gradient in the ``grad`` of a parameter.


def depth(function):
    following = [other for other, _ in function.next_functions if other]
    return 1 + max(map(depth, following), default=0)


chain = []
function = loss.grad_fn
while function:
    chain.append(function)
    print(function.name())
    following = [other for other, _ in function.next_functions if other]
    function = max(following, key=depth, default=None)

walked = [function.name() for function in chain]
assert walked.count("AddmmBackward0") == 3 and walked.count("ConvolutionBackward0") == 2
assert chain[-1].variable is fresh.conv1.weight

# %% zh
# 再把整张计算图画出来。刚才走的是最长的一条路，尽头是第一层的 ``weight``；蓝色的是参数，其余的参数都从旁边接到各自的层上。
#
# %% en
# Now draw the whole computational graph. What we walked is its longest path, which ends at the ``weight`` of the first layer; the parameters are blue, and all but this one join their layers from the side.

from torchhour.graphs import draw_graph

draw_graph(loss, dict(fresh.named_parameters()))

# %% zh
# .. caption:: 从损失往下，每个反向函数一个方框，蓝色的是参数。
#
# .. _networks-backward:
#
# 看梯度何时出现
# --------------
#
# .. deeper::
#
# 反向传播之前，``conv1.bias.grad`` 不是 0，而是 ``None``：还没有梯度。反向传播之后，它有 6 个数，每个通道一个。
# 若有 0，那个通道对这八张图的输出就没有一个正数：``relu`` 把它们都变成 0，梯度也就传不回来。
#
# %% en
# .. caption:: From the loss downward, a box for each backward function; parameters are blue.
#
# .. _networks-backward:
#
# See when gradients appear
# -------------------------
#
# .. deeper::
#
# Before backpropagation, ``conv1.bias.grad`` is not 0 but ``None``: there is no gradient yet. Afterwards it holds 6 numbers, one for each channel. If one of them is 0, its channel has put out no
# positive number for these eight pictures: ``relu`` turns them all into 0, and no gradient gets back.

print("before =", fresh.conv1.bias.grad)
loss.backward()
print("after =", fresh.conv1.bias.grad)
silent = fresh.conv1(images).amax(dim=(0, 2, 3)) <= 0  # 6
assert torch.equal(fresh.conv1.bias.grad == 0, silent)

# %% zh
# 不必等到有了损失，也可以从得分开始反向传播。八张图的得分是 80 个数 :math:`z_k`，``backward`` 便要同样形状的一组数 :math:`v_k`，
# 求出的是 :math:`\sum_k v_k z_k` 的梯度。这里的 :math:`v_k` 是随机的，只是试一试。梯度会累加，所以先用 ``zero_grad`` 清空。
#
# %% en
# Backpropagation need not wait for a loss: it can also start at the scores. Those of eight pictures are 80 numbers :math:`z_k`; hence ``backward`` wants numbers :math:`v_k` of the same shape, and finds the
# gradient of :math:`\sum_k v_k z_k`. Here the :math:`v_k` are random, just to see it happen. Gradients accumulate, so ``zero_grad`` clears them first.

v = torch.randn(8, 10)
fresh.zero_grad()
fresh(images).backward(v)
print("weight =", fresh.conv1.weight.shape)
print("weight.grad =", fresh.conv1.weight.grad.shape)
assert all(parameter.grad.shape == parameter.shape for parameter in fresh.parameters())

weighted = (v * fresh(images)).sum()
same = torch.autograd.grad(weighted, fresh.conv1.weight)[0]
assert torch.allclose(fresh.conv1.weight.grad, same, atol=1e-5)

# %% zh
# .. _networks-update:
#
# 亲手更新一步
# ------------
#
# .. deeper::
#
# 最简单的规则是**随机梯度下降**。设 :math:`\theta` 是参数，:math:`\eta` 是学习率：
#
# .. math:: \theta \leftarrow \theta - \eta \, \frac{\partial \ell}{\partial \theta}
#
# 梯度指向损失上升最快的方向，所以要减，不是加。更新本身不该记进计算图，因此写在 ``no_grad`` 里；
# 而且要原地改，否则得到的只是一个新张量，网络里的参数并没有变。更新之前，先用 ``deepcopy`` 把网络复制一份。
#
# %% en
# .. _networks-update:
#
# Update the parameters by hand
# -----------------------------
#
# .. deeper::
#
# The simplest rule is **stochastic gradient descent**. With parameter :math:`\theta` and learning rate :math:`\eta`:
#
# .. math:: \theta \leftarrow \theta - \eta \, \frac{\partial \ell}{\partial \theta}
#
# The gradient points where the loss rises fastest, so subtract it, do not add it. The update itself has no place in the computational graph, hence ``no_grad``; and it must happen in place, or you would
# only make a new tensor, and the network would keep its old parameters. Before the update, let ``deepcopy`` make a copy of the network.

import copy

twin = copy.deepcopy(fresh)
learning_rate = 0.1
fresh.zero_grad()
loss = mean_squared(fresh(images), targets)
loss.backward()
with torch.no_grad():
    for parameter in fresh.parameters():
        parameter -= learning_rate * parameter.grad
    updated = mean_squared(fresh(images), targets)
print(f"before = {loss.item():.6f}")
print(f"after = {updated.item():.6f}")
assert updated < loss

# %% zh
# `torch.optim <https://docs.pytorch.org/docs/stable/optim.html>`__ 里的优化器替你做这件事。从更新之前的副本出发，
# 它得到的参数与手写的至多差一点舍入误差。
#
# %% en
# The optimizers of `torch.optim <https://docs.pytorch.org/docs/stable/optim.html>`__ do this for you. Starting from the copy made before the update, one arrives at the same parameters as we
# did by hand, up to rounding errors.

optimizer = torch.optim.SGD(twin.parameters(), lr=learning_rate)
optimizer.zero_grad()
mean_squared(twin(images), targets).backward()
optimizer.step()
pairs = zip(fresh.parameters(), twin.parameters())
difference = max((ours - theirs).abs().max().item() for ours, theirs in pairs)
print("difference =", difference)
assert difference < 1e-6

# %% zh
# .. _networks-optimizers:
#
# 比较四种优化器
# --------------
#
# .. deeper::
#
# 四种常见的优化器：
#
# - **SGD：**就是上面的随机梯度下降，只看当前的梯度。
# - **Nesterov：**给 SGD 加上**动量**。参数像下坡的小球，积攒以前的速度。还有一点：效果上，求的不是小球所在之处的梯度，而是它照这个速度就要到的地方的。
# - **RMSprop：**每个梯度都除以它自己近来的大小，所以梯度大的参数和梯度小的参数，步子差不多长。
# - **Adam：**把动量和 RMSprop 合在一起。
#
# 让四个网络从同样的参数出发，各用一种优化器，在同样的图上训练 200 步。SGD 和 Nesterov 的学习率也相同，差别只在动量。
#
# %% en
# .. _networks-optimizers:
#
# Compare four optimizers
# -----------------------
#
# .. deeper::
#
# These four optimizers are in common use:
#
# - **SGD:** the stochastic gradient descent from above; it looks at the present gradient only.
# - **Nesterov:** adds **momentum** to SGD. Like a ball rolling downhill, a parameter keeps some of its former speed. And the gradient is not that of the place where the ball is, but in effect that of where its speed is about to take it.
# - **RMSprop:** divides each gradient by its own recent size, so that parameters with large and with small gradients take steps of about the same length.
# - **Adam:** momentum and RMSprop in one.
#
# Four networks begin with the same parameters and train on the same pictures for 200 steps, each with one of the four optimizers. SGD and Nesterov share their learning rate as well, so they differ by momentum alone.


def train(network, optimizer, steps):
    order = torch.Generator().manual_seed(0)
    losses = []
    for _ in range(steps):
        drawn = torch.randint(len(train_set), (32,), generator=order)
        loss = criterion(network(train_set.images[drawn]), train_set.labels[drawn])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


optimizers = {
    "SGD": lambda parameters: torch.optim.SGD(parameters, lr=0.05),
    "Nesterov": lambda parameters: torch.optim.SGD(
        parameters, lr=0.05, momentum=0.9, nesterov=True
    ),
    "RMSprop": lambda parameters: torch.optim.RMSprop(parameters, lr=0.001),
    "Adam": lambda parameters: torch.optim.Adam(parameters, lr=0.001),
}
start = LeNet()
curves = {}
for name, optimizer_of in optimizers.items():
    runner = copy.deepcopy(start)
    losses = train(runner, optimizer_of(runner.parameters()), steps=200)
    curves[name] = torch.tensor(losses).view(-1, 10).mean(dim=1)  # 20
    print(f"{name:10}{curves[name][0].item():.4f} -> {curves[name][-1].item():.4f}")
# region
# zh: 画这幅图的代码
# en: The code that draws this figure
figure, axis = plt.subplots(figsize=(4.4, 2.8), layout="constrained")
for name, curve in curves.items():
    axis.plot(10 * torch.arange(1, 21), curve, label=name)
axis.axhline(2.303, color="gray", linestyle="--", label="2.303")
axis.set(xlabel="step", ylabel="loss", ylim=(0, None))
figure.legend(loc="outside upper center", ncols=3, frameon=False)
plt.show()
# endregion
assert all(curve[-1] < curve[0] for curve in curves.values())
assert curves["Nesterov"][-1] < curves["SGD"][-1]

# %% zh
# .. caption:: 四种优化器的损失随步数下降，快慢不同；虚线是乱猜的损失。
#
# 每个点是 10 步的平均。曲线贴着虚线走，说明网络还在乱猜。不要把它当作排名：换一个学习率，换别的数据，次序都可能改变。
#
# .. _networks-shift:
#
# 挪一挪图，错得更少
# ------------------
#
# .. deeper::
#
# 训练的时候，同样的图，网络看了一遍又一遍，难免记住笔画该在哪里。每一步都把图随机挪动，至多 3 个像素，它就没法死记了；这叫**数据增强**。
# 学习率也不再固定：``OneCycleLR`` 让它先升后降，大步赶路，小步收尾。
#
# %% en
# .. caption:: The loss of four optimizers falls with the steps, some faster than others; the dashed line is that of guessing.
#
# Each point is the mean of 10 steps. Along the dashed line, a network is still guessing. Do not take this for a ranking: with another learning rate or other data, the order may change.
#
# .. _networks-shift:
#
# Shift the pictures, and err less
# --------------------------------
#
# .. deeper::
#
# In training, it saw the same pictures over and over, and could learn by heart where a stroke has to be. Shift them at random in each step, by up to 3 pixels, and it cannot; this is called **data augmentation**.
# Nor does the learning rate stay the same: ``OneCycleLR`` lets it rise and then fall. Large steps cover the ground, small ones settle.


def shifted(images):
    down, right = torch.randint(-3, 4, (2,), generator=order).tolist()
    return torch.roll(images, (down, right), dims=(2, 3))


torch.manual_seed(0)
order.manual_seed(0)
steps = 600 if len(train_set) < 10_000 else 2500
careful = LeNet()
optimizer = torch.optim.Adam(careful.parameters())
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.005, total_steps=steps)
for step in range(steps):
    drawn = torch.randint(len(train_set), (64,), generator=order)
    loss = criterion(careful(shifted(train_set.images[drawn])), train_set.labels[drawn])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()

with torch.no_grad():
    answers = careful(test_set.images).argmax(dim=1)
shifted_accuracy = (answers == test_set.labels).float().mean().item()
print(f"accuracy with shifts = {shifted_accuracy:.1%}")
assert shifted_accuracy > 0.985

# %% zh
# 没见过的图，现在认对 :printed:`accuracy with shifts`。挪图、步数和学习率是一起换的，各有多少功劳，这里分不清。（``torch.roll`` 把挪出去的像素接到另一边；这样也管用。）
#
# .. _networks-exercises:
#
# 练习
# ----
#
# 1. **用笔，再核对。**把两个卷积层的卷积核都改成 3×3，``fc1`` 应当接收多少个数？先在纸上算出每一步的形状，再改 ``LeNet``，用 ``draw_shapes(LeNet(), images)`` 核对。
#
#    .. folded:: 提示
#
#       3×3 的卷积核让高和宽各少 2，2×2 的池化再减半，除不尽就舍去。只运行到 ``draw_shapes``：最后的手写板只认得原来的 LeNet。
#
#       在笔记本里核对：先写 ``from torchhour.exercises import check``，再写 ``check("networks-1", numbers)``。然后看\ :ref:`答案 <solutions-networks-1>`。
#
# 2. **只改一行。**把 ``edge`` 换成 ``torch.full((3, 3), 1 / 9)``。它的特征图是什么样，为什么？再想一个卷积核，除了裁掉最外一圈，让图一点也不变。
#
#    .. folded:: 提示
#
#       九个像素各乘以 1/9，加起来，是它们的什么？
#
#       用 ``check("networks-2", kernel)`` 核对，再看\ :ref:`答案 <solutions-networks-2>`。
#
# 3. **只剩直线。**把 ``relu`` 全部去掉，``max_pool2d`` 换成 ``avg_pool2d``。取两张图验证：把两张图取平均，这张平均图的得分，等于两张图得分的平均。再照样训练，准确率降多少？
#
#    .. folded:: 提示
#
#       剩下的运算只有相加和乘以固定的数。相乘、相加之后再取平均，和先取平均，有没有区别？断言拦住你，就删掉它；最后的手写板只认得原来的 LeNet。
#
#       做完再看\ :ref:`答案 <solutions-networks-3>`。
#
# 4. **手写动量。**给每个参数配一个初值为 0 的张量 :math:`v`，每一步先算 :math:`v \leftarrow 0.9 v + g`，再算 :math:`\theta \leftarrow \theta - \eta v`，其中 :math:`g` 是梯度，:math:`\theta` 是参数，:math:`\eta` 是学习率。
#    损失用 ``criterion``，用 ``images`` 和 ``labels`` 走 10 步，学习率取 0.1，从同样的参数出发，再用 ``torch.optim.SGD`` 加上 ``momentum=0.9`` 走一遍，确认两边的参数一致。
#
#    .. folded:: 提示
#
#       从“:ref:`networks-update`”里的循环开始，用 ``zip`` 把参数和各自的 :math:`v` 配成对。
#
#       做完再看\ :ref:`答案 <solutions-networks-4>`。
#
# 5. **试一试。**用 ``torchvision.transforms.functional.rotate`` 把:term:`测试集 <test-set>`的图转 10、20、30 度，准确率怎样变化？想办法让网络不怕转动。
#
#    .. folded:: 提示
#
#       ``rotate(images, 10)`` 把一批图都转 10 度。网络怕的是训练时没见过的东西。“:ref:`networks-shift`”做过类似的事。
#
#       做完再看\ :ref:`答案 <solutions-networks-5>`。
#
# 想多知道一点，请读 PyTorch 文档里的 `torch.nn <https://docs.pytorch.org/docs/stable/nn.html>`__ 和
# `Conv2d <https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html>`__；后一页还讲了:term:`步幅 <stride>`和:term:`填充 <padding>`。
#
# 接着读 :doc:`40_classifier`：几乎同样的网络，去认彩色的图。
#
# %% en
# Of the pictures that it never saw, it now reads :printed:`accuracy with shifts`. Shifts, steps and learning rate changed together, and what each contributes cannot be told from this. (What ``torch.roll`` shifts out of the picture comes in on the other side; it serves all the same.)
#
# .. _networks-exercises:
#
# Exercises
# ---------
#
# 1. **With a pencil, then check.** Make the kernels of both convolutions 3×3. How many numbers should ``fc1`` take in? Work out the shape after each step on paper, then change ``LeNet`` and check with ``draw_shapes(LeNet(), images)``.
#
#    .. folded:: A hint
#
#       A 3×3 kernel makes height and width smaller by 2, and 2×2 pooling then halves it; what is left over is dropped. Run no further than ``draw_shapes``: the pad at the end knows the original LeNet only.
#
#       Check yours in a notebook: ``from torchhour.exercises import check``, then ``check("networks-1", numbers)``. After that, see :ref:`the solution <solutions-networks-1>`.
#
# 2. **Change one line.** Replace ``edge`` by ``torch.full((3, 3), 1 / 9)``. What does its feature map look like, and why? Then think of a kernel that leaves the picture just as it is, but for the outermost pixels.
#
#    .. folded:: A hint
#
#       Nine pixels, each times 1/9, added up: what is that of them?
#
#       Check yours with ``check("networks-2", kernel)``, then see :ref:`the solution <solutions-networks-2>`.
#
# 3. **Only straight lines.** Take out every ``relu``, and replace ``max_pool2d`` by ``avg_pool2d``. Take two pictures and check: the scores of their mean are the mean of their scores. Then train as before. How much accuracy is lost?
#
#    .. folded:: A hint
#
#       Only adding and multiplying by fixed numbers are left. Does it matter whether the mean is taken before or after? Delete an assertion that stops you; the pad at the end knows the original LeNet only.
#
#       When you are done, see :ref:`the solution <solutions-networks-3>`.
#
# 4. **Momentum by hand.** Give each parameter a tensor :math:`v` that begins at 0. In every step, compute :math:`v \leftarrow 0.9 v + g`, then :math:`\theta \leftarrow \theta - \eta v`, where :math:`g` is the gradient, :math:`\theta` the parameter and :math:`\eta` the learning rate.
#    With ``criterion`` as the loss, take 10 steps with ``images`` and ``labels`` and a learning rate of 0.1, from the same parameters, and check that the parameters agree with those of ``torch.optim.SGD`` with ``momentum=0.9``.
#
#    .. folded:: A hint
#
#       Begin with the loop of ":ref:`networks-update`", and let ``zip`` pair each parameter with its :math:`v`.
#
#       When you are done, see :ref:`the solution <solutions-networks-4>`.
#
# 5. **Try it.** With ``torchvision.transforms.functional.rotate``, turn the pictures of the :term:`test set <test-set>` by 10, 20 and 30 degrees. What becomes of the accuracy? Find a way to train a network that does better.
#
#    .. folded:: A hint
#
#       ``rotate(images, 10)`` turns a batch by 10 degrees. It has seen no turned pictures in training. ":ref:`networks-shift`" has done something like it.
#
#       When you are done, see :ref:`the solution <solutions-networks-5>`.
#
# To know more, read `torch.nn <https://docs.pytorch.org/docs/stable/nn.html>`__ and `Conv2d <https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html>`__ in
# PyTorch's documentation; the latter also tells of :term:`stride` and :term:`padding`.
#
# Go on with :doc:`40_classifier`: almost the same network, on color pictures.
