"""
%% zh
读懂旧代码
==========

你找到一份 2017 年的代码，放到今天的 PyTorch 上运行，没走几步就报错。它在当年是对的，后来变的是 PyTorch。
学完这一课，你能让这份代码重新跑起来：看懂报错，找到今天的写法，也认得那些不报错、却算错了数的旧写法。这一页主要用来查：把报错整段粘贴到本站的搜索框里，就能找到讲它的那一节。

**需要的基础：**写过训练循环，见 :doc:`30_networks`。

.. minutes:: 12

%% en
Reading old code
================

You have found some code from 2017, you run it on today's PyTorch, and after a few lines it stops. In its day it was right; what has changed since is PyTorch.
By the end of this lesson you will make it run again: understand what it says, find what to write today, and know the old lines that raise no error and still get their numbers wrong. Most of this page is for looking things up: paste an error message, whole, into the search of this site, and you come to the section that explains it.

**What you need:** to have written a training loop, as in :doc:`30_networks`.

.. minutes:: 12
"""

# %% zh
# .. _old-code-loop:
#
# 运行一段 2017 年的代码
# ----------------------
#
# 下面字符串里的六行，是当年的人写惯了的：取一批图，算损失，求梯度，打印损失。把它交给 ``tell``：这个函数运行一段代码，打印出现的警告、报错或者结果；那段代码出错，它也不会停下；``globals()`` 让那段代码认得这里的名字，``torch`` 它自己就认得。
#
# %% en
# .. _old-code-loop:
#
# Run some code from 2017
# -----------------------
#
# The six lines in the string below are what everyone used to write: take a batch of pictures, compute the loss, find the gradients, print the loss. Hand them to ``tell``: it runs code, prints the warnings, the error or the resulting value, and goes on even where that code fails; ``globals()`` lets that code know the names we have here; ``torch`` it knows by itself.

import torch
from torch import nn
from torch.utils.data import DataLoader

from torchhour.data.digits import digits
from torchhour.old_code.table import tell

torch.manual_seed(0)
loader = DataLoader(digits(), batch_size=4)
network = nn.Sequential(nn.Flatten(), nn.Linear(1024, 10))
old = """
    from torch.autograd import Variable
    images, labels = iter(loader).next()
    images, labels = Variable(images), Variable(labels)
    loss = nn.CrossEntropyLoss(size_average=True)(network(images), labels)
    loss.backward()
    print("loss =", round(loss.data[0], 2))
"""
tell(old, globals())

# %% zh
# 第一个冒号左边是错误的类型，右边是原因：``DataLoader`` 给的迭代器没有 ``next`` 这个方法。报错再长，也先看最后一条信息，原因多半写在那条信息的开头。
#
# .. _old-code-cure:
#
# 一次只改一处
# ------------
#
# Python 自带的函数 ``next`` 可以用在任何迭代器上，所以今天写 ``next(iter(loader))``。只改这一处，再运行：
#
# %% en
# Left of the first colon stands the type of the error, right of it the reason: the iterator of a ``DataLoader`` has no method ``next``. However long the report, read its last message first; the reason mostly stands at the beginning of that message.
#
# .. _old-code-cure:
#
# Change one place at a time
# --------------------------
#
# Python's own function ``next`` takes any iterator, so today one writes ``next(iter(loader))``. Change nothing but this, and run it again:

old = old.replace("iter(loader).next()", "next(iter(loader))")
tell(old, globals())

# %% zh
# 这回多跑了几行才停。现在是两条信息：一条警告，不会让程序停下，``deprecated`` 是说不再推荐、以后会去掉；一个报错，在最后一行代码。先修报错。
#
# 2017 年的张量至少有一维，损失也是：一维，里面只有一个数，所以写 ``loss.data[0]``。如今损失是 0 维的，没有第 0 个可取，要用 ``loss.item()``：
#
# %% en
# It runs a few lines more before it stops. There are two messages now: a warning, which stops nothing (``deprecated`` means no longer recommended, and to go some day), and an error, which comes from the last line of the code. Mend the error first.
#
# In 2017 a tensor had at least one dimension, and so had a loss: one, with a single number in it, hence ``loss.data[0]``. Today a loss has 0 dimensions and nothing at index 0 to take, and ``loss.item()`` is the way to its number:

old = old.replace("loss.data[0]", "loss.item()")
tell(old, globals())

# %% zh
# 只剩下警告了。该写什么，它自己说了：
#
# %% en
# Only the warning is left, and it says itself what to write:

from torchhour.outcomes import outcomes

old = old.replace("size_average=True", 'reduction="mean"')
tell(old, globals())
assert [each.kind for each in outcomes(old, globals())] == ["value"]

# %% zh
# 没有警告，也没有报错，损失是 :printed:`loss`，离 :math:`\ln 10 \approx 2.303` 不远：没训练过的网络，在十个数字里乱猜，大约就是这么多；只有 4 张图，所以差一些。
# ``Variable`` 还在里面，也没有报错：现在它返回的就是张量，数还是那些，只是不再连着计算图。数据和标签本来就不连着，所以这里去掉 ``Variable`` 就好；连着计算图的，改用 ``detach``。
#
# 修旧代码就是这样一遍一遍地改：读最后一条信息，查它，改一处，再运行。
#
# .. _old-code-ways:
#
# 分清四种情况
# ------------
#
# 这一课收的旧写法，每一种都运行过，按结果分成四组：
#
# %% en
# Neither a warning nor an error, and a loss of :printed:`loss`, not far from :math:`\ln 10 \approx 2.303`: a network that has learned nothing guesses among ten digits, and that is about what it costs; with 4 pictures only, it is a little off.
# ``Variable`` is still in there and did not complain. Today it returns a tensor of the same numbers, cut off from the graph. Data and labels had no graph anyway, so here you can just take ``Variable`` out; where there is a graph, write ``detach`` instead.
#
# Mending old code is a loop: read the last message, look it up, change one place, run it again.
#
# .. _old-code-ways:
#
# Know the four ways it can end
# -----------------------------
#
# This lesson has many old lines; each was run, and they fall into four groups by how they end:

from torchhour.old_code.table import TABLES, show

for name, lines in TABLES.items():
    print(f"{name} = {len(lines)}")

# %% zh
# - ``raises``：报错。
# - ``warns``：能跑完，但有一条警告针对这种写法。
# - ``misleads``：也能跑完，结果却和当年不同，或者和你想的不同，而没有一条警告说结果变了。
# - ``works``：照旧能用，只是今天有更好的写法。
#
# 报错的最多，也最好办。
#
# 旧写法各在哪一年变了样，画出来看：
#
# %% en
# - ``raises``: an error.
# - ``warns``: it runs to the end, with a warning about this way of writing.
# - ``misleads``: it runs to the end, too, but gives not what it once gave, or not what you think, and no warning says that the result has changed.
# - ``works``: as it always did, though there is a better way today.
#
# Errors are the largest group, and the easiest.
#
# In which years did old lines change? Here are seven:

# region
# zh: 画这幅图的代码
# en: The code that draws this figure
import matplotlib.pyplot as plt

# zh: 每段从哪一年起；后面是状态
# en: when each part begins, and what it is
works, warns, raises = "tab:green", "tab:orange", "tab:red"
lives = {
    "Variable(x)": [(2017.0, works)],
    "pretrained=True": [(2017.0, works), (2022.5, warns)],
    "torch.load(model)": [(2017.0, works), (2024.6, warns), (2025.1, raises)],
    "iter(loader).next()": [(2017.0, works), (2022.8, raises)],
    "1 - mask": [(2017.0, works), (2019.6, raises)],
    "loss.data[0]": [(2017.0, works), (2018.3, warns), (2018.9, raises)],
    "volatile=True": [(2017.0, works), (2018.3, warns)],
}
figure, axis = plt.subplots(figsize=(4.4, 2.5), layout="constrained")
for row, parts in enumerate(lives.values()):
    ends = [start for start, _ in parts[1:]] + [2026.5]
    for (start, color), end in zip(parts, ends):
        axis.barh(row, end - start, left=start, height=0.55, color=color)
for color, label in ((works, "works"), (warns, "warns"), (raises, "raises an error")):
    axis.barh(0, 0, color=color, label=label)
axis.set_yticks(range(len(lives)), list(lives), family="monospace")
axis.set(xticks=range(2017, 2027, 2), xlim=(2017, 2026.5), ylim=(-0.5, 6.5))
axis.spines[["top", "right"]].set_visible(False)
figure.legend(loc="outside upper center", ncols=3, frameon=False)
plt.show()
# endregion

# %% zh
# .. caption:: 七种旧写法的变迁，从 2017 年起：绿色是能用，橙色是有警告，红色是报错。``misleads`` 一组没有画。
#
# 2018 年的 0.4 版改动很大：张量和 ``Variable`` 合成了一个，又有了 0 维张量。看一份代码的年份，就能猜到会遇上哪些。
#
# 要提防的是 ``misleads``，下面看两个。这一课的旧写法都存在一张表里，把旧写法开头的几个字交给 ``show``，它就把新旧两种写法都运行一遍：减号是旧的，加号是今天的，没有记号的，两边都要运行；结果缩进在下面。
#
# .. _old-code-target:
#
# 看形状，不要只看警告
# --------------------
#
# 三个输出排成 3×1 的一列，目标是一维的整数，两边都是 0、1、2：
#
# .. folded:: 先猜一猜：每个输出都等于它的目标，均方误差是多少？
#
#    应该是 0。可是形状不同，广播把两边都铺成 3×3，每个输出和每个目标都比了一次。
#
# %% en
# .. caption:: What became of seven old lines: from 2017 on, green while they worked, orange while they warned, red since they raise an error. The group ``misleads`` is not drawn.
#
# Version 0.4, in 2018, changed a great deal: tensors and ``Variable`` became one, and tensors with 0 dimensions came. From the year of some code you can guess what you will meet.
#
# Beware of ``misleads``; here are two. All old lines of this lesson are in a table. Give ``show`` the first letters of one; it finds that line and today's, and runs both: the minus marks the old one, the plus today's, lines without a sign run with both, and what each one actually produced is indented below it.
#
# .. _old-code-target:
#
# Look at shapes, and not only at the warning
# -------------------------------------------
#
# Three outputs in a column of 3×1, and a target of whole numbers in one dimension; both are 0, 1, 2:
#
# .. folded:: Guess first: each output equals its target, so what is the mean squared error?
#
#    It should be 0. But the shapes differ, and broadcasting spreads both to 3×3, so that every output is compared with every target.

show("loss = nn.MSELoss()")

# %% zh
# 2017 年初还没有广播，两边的个数一样，就一个对一个，所以当年是对的。今天损失不是 0，训练会朝着错的方向走，而警告只有一次，很快就被日志冲走了。警告说的是形状不同，多半不对，没有说结果变了，所以它在 ``misleads`` 一组。让形状相同，再把整数变成小数，免得类型不合，就对了。
#
# .. _old-code-data:
#
# 不要通过 ``.data`` 改数
# -----------------------
#
# ``.data`` 在旧代码里到处都是，“:ref:`pitfalls-data`”也讲过它。``y.data`` 和 ``y`` 是同一块内存，可是自动求导看不见对它的改动。设 ``x`` 是 1，``y = x.exp()``，再给 ``y`` 加上 1：
#
# .. folded:: 先猜一猜：``y`` 加上 1 以后，``x`` 的梯度该是多少？
#
#    还是 :math:`e`，约 2.718：加上的 1 是常数，导数为 0。
#
# %% en
# Early in 2017 there was no broadcasting: where both had as many numbers, they were taken one by one, so it was right then. Today the loss is not 0. Training would go the wrong way, and all you get is a warning, once, which soon scrolls out of sight. It warns of the shapes, which is likely a mistake, and not that the result has changed; hence ``misleads``. Make the shapes equal, convert the integers to floats so that the types fit, and it is right.
#
# .. _old-code-data:
#
# Change no number through ``.data``
# ----------------------------------
#
# Old code is full of ``.data``; see ":ref:`pitfalls-data`", too. ``y.data`` is the same memory as ``y``, but automatic differentiation does not see what is done to it. Let ``x`` be 1 and ``y = x.exp()``, then add 1 to ``y``:
#
# .. folded:: Guess first: with 1 added to ``y``, what should the gradient of ``x`` be?
#
#    Still :math:`e`, about 2.718: the 1 is a constant, and its derivative is 0.

show("y.data.add_(1)")

# %% zh
# 旧写法的梯度恰好多了 1，没有一句警告。:math:`e^x` 的导数就是它自己，所以反向的时候 PyTorch 直接用 ``y`` 里的数，而那些数已经被换掉了。
#
# 同样的改动，换成通过 ``detach()`` 来做，PyTorch 就会发现：
#
# %% en
# The gradient of the old line is too large by 1, and not a word of warning. The function :math:`e^x` is its own derivative, so on the way back PyTorch takes the numbers in ``y`` as they are, and they have been replaced.
#
# Do the same through ``detach()``, and PyTorch finds out:

tell("""
    x = torch.ones(2, requires_grad=True)
    y = x.exp()
    y.detach().add_(1)
    y.sum().backward()
""")

# %% zh
# 报错总好过算错。想读数，用 ``detach()``；想改参数，用 ``torch.no_grad()``；旧代码里的 ``.data`` 不一定算错，可是错了也没有人说，最好见一个换一个。
#
# .. _old-code-find:
#
# 查到你的那一行
# --------------
#
# 下面是四组，长长的一列，用来查，不必读；想跳过去，就到“:ref:`old-code-end`”。前两组每节的标题，先写你看到的信息，再写怎么办。各节平时折叠着，点开就有旧写法、今天的写法，和各自真实的结果。
#
# 常有人贴出来问的几条：
#
# - :ref:`old-code-load`
# - :ref:`old-code-six`
# - :ref:`old-code-function`
# - :ref:`布尔张量相减：用 ~ 取反 <old-code-mask>`
# - :ref:`volatile 没有作用：用 no_grad <old-code-volatile>`
#
# 其余的有三种查法：
#
# - 报错：整段粘贴到本站的搜索框里，连同文件名和行号也行。
# - 警告：它给的文件和行号，常常是库里的。用 ``python -W error::UserWarning train.py`` 运行，警告就变成报错，连你的那一行也指出来；``FutureWarning`` 也可以这样查。
# - 这里没有的名字：在 `PyTorch 的发布说明 <https://github.com/pytorch/pytorch/releases>`__ 里找它，那里写着何时改的，改成了什么。
#
# %% en
# An error is better than a wrong number. To read numbers, use ``detach()``; to change parameters, ``torch.no_grad()``. In old code, ``.data`` need not be wrong, but where it is, nothing tells you; so it is best replaced.
#
# .. _old-code-find:
#
# Find your own line
# ------------------
#
# The four groups follow, a long list to look things up in, not to read; to skip it, go to ":ref:`old-code-end`". In the first two, each heading has first the message that you see, then what to do. The sections are folded; open one, and there are the old line, today's, and what each one actually produced.
#
# Messages that people often ask about:
#
# - :ref:`old-code-load`
# - :ref:`old-code-six`
# - :ref:`old-code-function`
# - :ref:`Subtraction with a bool tensor: invert it with ~ <old-code-mask>`
# - :ref:`volatile has no effect: use no_grad <old-code-volatile>`
#
# For the others there are three ways:
#
# - An error: paste it into the search of this site, whole, file names and line numbers too.
# - A warning: the file and line that it names are often the library's. Run ``python -W error::UserWarning train.py``, and it becomes an error that shows your own line, too; this works for ``FutureWarning`` as well.
# - A name that is not here: look for it in `PyTorch's release notes <https://github.com/pytorch/pytorch/releases>`__, which say when it changed, and to what.
# %% zh
# .. _old-code-raises:
#
# 旧写法报错了
# ------------
#
# 有的名字取消了，有的换了地方，有的参数变了。有几种旧写法只给警告，或者照样能用，为了和同类放在一起，也收在这里。
#
# .. _old-code-next:
#
# ``has no attribute 'next'``：改用 Python 的 ``next``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 1.13 版起，``DataLoader`` 的迭代器只留下 Python 规定的 ``__next__``。用了几个进程读数据，报错里的名字就是 ``_MultiProcessingDataLoaderIter``。更旧的代码自己建 ``DataLoaderIter``，它本来就是内部的东西；用 ``iter`` 就好。
#
# %% en
# .. _old-code-raises:
#
# It raises an error
# ------------------
#
# A name is gone, or has moved, or takes other arguments. A few lines that only warn, or still work, stand here with others of their kind.
#
# .. _old-code-next:
#
# ``has no attribute 'next'``: call Python's ``next``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Since version 1.13, the iterator of a ``DataLoader`` has only ``__next__``, which Python asks for. Where several processes read the data, the message names ``_MultiProcessingDataLoaderIter``. Older code makes a ``DataLoaderIter`` itself, which was never meant for that; ``iter`` is enough.

show(
    "images, labels = dataiter.next()",
    "from torch.utils.data.dataloader import",
)

# %% zh
# .. _old-code-item:
#
# ``invalid index of a 0-dim tensor``：用 ``item`` 取出数
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 0.4 版起有了 0 维张量：损失是，``predicted[1]`` 也是。旧版的 ``torch.max`` 保留取最大值的那一维，所以要再取一次 ``[0]``；现在直接就是答案。先变成 NumPy 再取，报错的就是 NumPy：``too many indices for array``。
# 0.4 版的警告和 1.0 版的报错，字句稍有不同：``Use tensor.item() to convert a 0-dim tensor to a Python number``。
#
# %% en
# .. _old-code-item:
#
# ``invalid index of a 0-dim tensor``: take the number out with ``item``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Tensors with 0 dimensions came with version 0.4: a loss is one, and so is ``predicted[1]``. The old ``torch.max`` kept the dimension along which it looked, so another ``[0]`` was needed; now it gives the answer itself. Where the loss becomes NumPy first, it is NumPy that says so: ``too many indices for array``.
# The warning of version 0.4 and the error of 1.0 had slightly other words: ``Use tensor.item() to convert a 0-dim tensor to a Python number``.

show(
    "loss.data[0]",
    "predicted[1][0]",
    "loss.data.numpy()[0]",
)

# %% zh
# .. _old-code-names:
#
# ``has no attribute 'Conv2D'``：换成今天的名字
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 层的名字用小写的 ``d``，``Conv2D`` 是 Keras 的拼法。torchvision 的两个变换改了名：``Scale`` 叫 ``Resize``，``RandomSizedCrop`` 叫 ``RandomResizedCrop``。
#
# %% en
# .. _old-code-names:
#
# ``has no attribute 'Conv2D'``: use today's name
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Layers have a small ``d``; ``Conv2D`` is how Keras spells it. Two transforms of torchvision have new names: ``Scale`` is ``Resize``, and ``RandomSizedCrop`` is ``RandomResizedCrop``.

show(
    "nn.Conv2D",
    "transforms.Scale",
    "transforms.RandomSizedCrop",
)

# %% zh
# .. _old-code-six:
#
# ``No module named 'torch._six'``：不必再照顾 Python 2
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch._six`` 让同一份代码在 Python 2 和 3 上都能跑，2.0 版去掉了。它里面的名字，Python 3 都有现成的：字符串是 ``(str, bytes)``，整数是 ``int``，``inf`` 在 ``math`` 里。同一个时代的还有 ``from collections import Iterable``，Python 3.10 起要从 ``collections.abc`` 里取。再早几版说的是 ``cannot import name 'container_abcs' from 'torch._six'``。
#
# %% en
# .. _old-code-six:
#
# ``No module named 'torch._six'``: leave Python 2 behind
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch._six`` let the same code run on Python 2 and 3; it went with version 2.0. Python 3 has all that was in it: strings are ``(str, bytes)``, whole numbers are ``int``, and ``inf`` is in ``math``. Of the same age is ``from collections import Iterable``, which since Python 3.10 has to be taken from ``collections.abc``. Some versions before that said ``cannot import name 'container_abcs' from 'torch._six'``.

show(
    "from torch._six import container_abcs",
    "from torch._six import string_classes",
    "from collections import Iterable",
)

# %% zh
# .. _old-code-vision:
#
# ``No module named 'torchvision.models.utils'``：去新的地方导入
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 下载权重的函数在 ``torch.hub`` 里，地址跟着权重走，``functional_tensor`` 里的函数在 ``functional`` 里。最后一种常常不是你写的，而是某个旧的软件包；先升级它，没有新版再自己改。
#
# %% en
# .. _old-code-vision:
#
# ``No module named 'torchvision.models.utils'``: import it from its new place
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# The function that downloads weights is in ``torch.hub``, the addresses belong to the weights now, and what was in ``functional_tensor`` is in ``functional``. The last of these is often not in your code, but in some old package: upgrade that first, and edit it only if there is no newer one.

show(
    "from torchvision.models.utils",
    "from torchvision.models.resnet",
    "from torchvision.transforms.functional_tensor",
)

# %% zh
# .. _old-code-modules:
#
# ``No module named 'torch.legacy'``：换掉整个模块
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch.legacy`` 是更早的 Lua 版 Torch 的移植，``torch.utils.ffi`` 用来接上 C 代码，1.0 版起都不能用了。前者的层在 ``torch.nn`` 里多半同名；后者要看用到它的项目有没有新版，今天的 C++ 扩展和自定义算子写法完全不同。
#
# %% en
# .. _old-code-modules:
#
# ``No module named 'torch.legacy'``: replace the whole module
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch.legacy`` brought over the earlier Torch for Lua, and ``torch.utils.ffi`` tied in C code; neither works since version 1.0. Most layers of the former have the same name in ``torch.nn``. For the latter, see whether the project that uses it has a newer release: extensions in C++ and operators of your own are written in quite another way today.

show(
    "import torch.legacy",
    "from torch.utils.ffi",
)

# %% zh
# .. _old-code-text:
#
# ``No module named 'torchtext'``：自己建词表
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# torchtext 停在 0.18 版，不再维护；就算装得上，和新的 PyTorch 也多半合不来，导入时说 ``undefined symbol``。``Field`` 更早就没有了。词表几行就能写，大的项目用别处的分词器。
#
# %% en
# .. _old-code-text:
#
# ``No module named 'torchtext'``: build the vocabulary yourself
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Development of torchtext ended with version 0.18. Even where it installs, it mostly does not go with a newer PyTorch, and says ``undefined symbol`` when imported. ``Field`` was gone before that. A vocabulary takes a few lines; large projects use a tokenizer from elsewhere.

show("from torchtext.data")

# %% zh
# .. _old-code-float:
#
# ``module 'numpy' has no attribute 'float'``：用 Python 的类型
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``np.float`` 只是 Python 的 ``float`` 的别名，``np.int``、``np.bool`` 和 ``np.object`` 也一样，NumPy 1.24 版去掉了（``np.bool`` 在 2.0 版又回来，成了 NumPy 自己的类型）。Pillow 10 版去掉了 ``ANTIALIAS``，它一直就是 ``LANCZOS``。
#
# %% en
# .. _old-code-float:
#
# ``module 'numpy' has no attribute 'float'``: take Python's type
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``np.float`` was only an alias of Python's ``float``, as were ``np.int``, ``np.bool`` and ``np.object``; NumPy 1.24 took them away (``np.bool`` came back with version 2.0, as NumPy's own type). Pillow 10 took away ``ANTIALIAS``, which had been ``LANCZOS`` all along.

show(
    "np.array([1, 2], dtype=np.float)",
    "np.array([1, 2], dtype=np.int)",
    "picture.resize",
)

# %% zh
# .. _old-code-graph:
#
# ``no attribute 'creator'``：沿着 ``grad_fn`` 看计算图
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 0.2 版起，一个张量怎样算出来，记在 ``grad_fn`` 里，它的上一步是 ``next_functions``。当年的报错里，张量还叫 ``Variable``：``'Variable' object has no attribute 'creator'``。
#
# %% en
# .. _old-code-graph:
#
# ``no attribute 'creator'``: walk the graph by ``grad_fn``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Since version 0.2, how a tensor was computed is in its ``grad_fn``, and the steps before that in ``next_functions``. In the message of those days, a tensor was still a ``Variable``: ``'Variable' object has no attribute 'creator'``.

show(
    "y.creator",
    "y.grad_fn.previous_functions",
)

# %% zh
# .. _old-code-backward:
#
# ``Mismatch in shape: grad_output[0]``：括号里什么也不写
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 当年损失是一维的，可以给 ``backward`` 一个装着 1 的一维张量。现在损失是 0 维的，形状对不上；对一个数反向，起点自己就是 1，什么也不用给。要反向两次，参数叫 ``retain_graph``。
#
# %% en
# .. _old-code-backward:
#
# ``Mismatch in shape: grad_output[0]``: leave the brackets empty
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# A loss once had one dimension, and ``backward`` could be given a tensor of one dimension with a 1 in it. Now a loss has 0 dimensions, and the shapes do not match. A scalar begins at 1, so give it nothing. To go back twice, the argument is ``retain_graph``.

show(
    "y.backward(torch.Tensor([1.0]))",
    "y.backward(retain_variables=True)",
)

# %% zh
# .. _old-code-none:
#
# ``'NoneType' object has no attribute 'data'``：还没有梯度
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 第一次 ``backward`` 之前，``grad`` 是 ``None``。2.0 版起，``zero_grad`` 也把它放回 ``None``，不再写成 0。不要自己清零，用 ``zero_grad()``；要读梯度，在 ``backward`` 之后读。中间结果的梯度算完就扔，想留着，先写 ``retain_grad()``；旧代码读它，得到 ``None``，如今还有一条警告。
#
# %% en
# .. _old-code-none:
#
# ``'NoneType' object has no attribute 'data'``: there is no gradient yet
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Before the first ``backward``, ``grad`` is ``None``. Since version 2.0, ``zero_grad`` puts ``None`` there again, and no longer 0. Do not clear gradients yourself, but with ``zero_grad()``; read them after ``backward``. The gradient of a result on the way is thrown away once it has served; to keep it, write ``retain_grad()`` first. Old code reads it and gets ``None``, today with a warning.

show(
    "net.weight.grad.data.zero_()",
    "y.sum().backward()",
)

# %% zh
# .. _old-code-leaf:
#
# ``a leaf Variable that requires grad``：更新参数时不要记录
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 参数自己走一步，不该成为计算图的一部分。旧代码多半从 ``.data`` 绕过去；今天把更新放进 ``torch.no_grad()``。
#
# %% en
# .. _old-code-leaf:
#
# ``a leaf Variable that requires grad``: record no update of a parameter
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# The step of a parameter is not to become part of the graph. Old code mostly went around this through ``.data``; today the update stands in ``torch.no_grad()``.

show("w -= 0.1 * w.grad")

# %% zh
# .. _old-code-numpy:
#
# ``Can't call numpy() on Tensor that requires grad``：先 ``detach``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# NumPy 不记录计算，所以要先说明不要梯度。旧版的说法是 ``RuntimeError: Can't call numpy() on Variable that requires grad. Use var.detach().numpy() instead.``；旧代码写 ``y.data.numpy()``，还能用。
#
# %% en
# .. _old-code-numpy:
#
# ``Can't call numpy() on Tensor that requires grad``: ``detach`` first
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# NumPy records nothing, so say first that no gradient is wanted. Older versions said ``RuntimeError: Can't call numpy() on Variable that requires grad. Use var.detach().numpy() instead.``; old code has ``y.data.numpy()``, which still works.

show("y.numpy()", "y.data.numpy()")

# %% zh
# .. _old-code-function:
#
# ``Legacy autograd function``：写成静态方法，用 ``apply`` 调用
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 自己定义前向和反向的类，从前先建一个对象再调用；1.5 版起，两个方法都必须是静态的，不再收 ``self``，改收一个存放反向要用的东西的参数，调用写 ``Double.apply``。
#
# %% en
# .. _old-code-function:
#
# ``Legacy autograd function``: make the methods static, call ``apply``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# A class with a forward and a backward of its own used to be made into an object, then called. Since version 1.5, both methods have to be static: instead of ``self``, they take an argument that keeps what backward needs; call it by ``Double.apply``.

show("class Double")

# %% zh
# .. _old-code-mask:
#
# ``Subtraction, the `-` operator, with a bool tensor``：用 ``~`` 取反
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 1.2 版起，比较得到 ``bool``，从前是 0 和 1 的 ``uint8``。所以 ``1 - mask`` 写成 ``~mask``，旧代码里的 ``.byte()`` 去掉。这个报错以前是 ``RuntimeError``，现在是 ``NotImplementedError``，说法没有变。
#
# %% en
# .. _old-code-mask:
#
# ``Subtraction, the `-` operator, with a bool tensor``: invert with ``~``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Since version 1.2, a comparison gives ``bool``, where it gave ``uint8``, of 0 and 1, before. So ``1 - mask`` becomes ``~mask``, and ``.byte()`` goes. This error used to be a ``RuntimeError`` and is a ``NotImplementedError`` now; its words are the same.

show(
    "1 - mask",
    "scores.masked_fill_",
    "scores.masked_select",
)

# %% zh
# .. _old-code-labels:
#
# ``expected target dtype to be Long or Byte``：标签是整数，形状要相同
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 交叉熵的标签是类别的编号，用整数；``torch.FloatTensor`` 和大写的 ``torch.Tensor`` 给的都是小数。从前的说法是 ``Expected object of scalar type Long but got scalar type Float``。二分类的 ``BCELoss`` 要小数，而且形状要和输出相同；这里从前只是警告。
#
# %% en
# .. _old-code-labels:
#
# ``expected target dtype to be Long or Byte``: labels are whole numbers, and shapes are equal
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# The labels of cross-entropy are the indices of classes, whole numbers; both ``torch.FloatTensor`` and ``torch.Tensor`` with a capital give floats. It used to say ``Expected object of scalar type Long but got scalar type Float``. ``BCELoss``, for two classes, wants floats, and the shape of the output; here it once only warned.

show(
    "nn.CrossEntropyLoss()(scores",
    "nn.BCELoss()",
)

# %% zh
# .. _old-code-linalg:
#
# ``This function was deprecated since version 1.9 and is now removed``：改用 ``torch.linalg``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 线性代数都在 ``torch.linalg`` 里，名字大多和 NumPy 的一样。搬的时候小心两处：``symeig`` 默认看上三角，``eigh`` 看下三角；``torch.svd`` 给的是 ``V``，``torch.linalg.svd`` 给的是转置过的 ``Vh``，要 ``V``，就写 ``Vh.mH``；复数还要取共轭，它一并做了。
#
# %% en
# .. _old-code-linalg:
#
# ``This function was deprecated since version 1.9 and is now removed``: use ``torch.linalg``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Linear algebra is in ``torch.linalg``, mostly by the names of NumPy. Take care in two places: ``symeig`` looked at the upper triangle, and ``eigh`` looks at the lower; ``torch.svd`` gives ``V``, and ``torch.linalg.svd`` gives ``Vh``, transposed: where you need ``V``, write ``Vh.mH``, which also conjugates complex numbers.

show(
    "torch.symeig",
    "torch.eig(A)",
    "torch.qr(A)",
    "torch.cholesky(A)",
    "torch.matrix_rank(A)",
    "LU, pivots = torch.lu(A)",
    "U, S, V = torch.svd",
)

# %% zh
# .. _old-code-solve:
#
# ``torch.solve(B, A).solution should be replaced``：两个参数交换
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 从前先写方程右边的 ``B``，再写矩阵 ``A``，得到两样东西；现在先写 ``A``，只得到解（``lstsq`` 还给出别的，解在 ``.solution`` 里）。两个都是方阵的时候，写反了也不报错。
#
# %% en
# .. _old-code-solve:
#
# ``torch.solve(B, A).solution should be replaced``: exchange the two arguments
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# The right-hand side ``B`` came first, then the matrix ``A``, and two things came back. Now ``A`` is first, and only the solution comes back (``lstsq`` gives more, with the solution in ``.solution``). Where both are square, the wrong order raises no error.

show(
    "X, LU = torch.solve",
    "X, QR = torch.lstsq",
    "X, LU = torch.gesv",
    "X, _ = torch.triangular_solve",
)

# %% zh
# .. _old-code-fft:
#
# ``module 'torch' has no attribute 'rfft'``：傅里叶变换在 ``torch.fft`` 里
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 从前没有复数，实部和虚部放在最后一维的两个位置；1.8 版起，``torch.fft`` 是一个模块，里面的 ``fft`` 收复数，``rfft`` 收实数，给的都是复数。``torch.rfft`` 默认只给前一半再多一个，其余的可以由它们推出，今天的 ``torch.fft.rfft`` 也是；旧代码里写着 ``onesided=False``，才换成 ``torch.fft.fft``。``view_as_complex`` 和 ``view_as_real`` 在两种形式之间转换。
#
# %% en
# .. _old-code-fft:
#
# ``module 'torch' has no attribute 'rfft'``: Fourier transforms are in ``torch.fft``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# There were no complex numbers, and real and imaginary parts stood side by side in a last dimension of two. Since version 1.8, ``torch.fft`` is a module, in which ``fft`` takes complex numbers and ``rfft`` real ones, and both give complex ones. By default, ``torch.rfft`` gave only the first half and one more, from which the rest follows, as ``torch.fft.rfft`` does today; only where old code says ``onesided=False``, take ``torch.fft.fft``. ``view_as_complex`` and ``view_as_real`` change one form into the other.

show(
    "torch.rfft",
    "torch.fft(z, 1)",
    "torch.stft",
)

# %% zh
# .. _old-code-keyword:
#
# ``got an unexpected keyword argument``：这个参数改了名，或者没有了
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``verbose`` 从各种\ :term:`学习率调度 <schedule>`\ 里去掉了，想看学习率，自己打印 ``scheduler.get_last_lr()``。``make_grid`` 的 ``range`` 改叫 ``value_range``，因为前者是 Python 的名字。
#
# %% en
# .. _old-code-keyword:
#
# ``got an unexpected keyword argument``: it has another name, or is gone
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``verbose`` was taken from all :term:`schedules <schedule>` of the learning rate; to see the rate, print ``scheduler.get_last_lr()`` yourself. The ``range`` of ``make_grid`` is called ``value_range`` now, as the former is a name of Python.

show(
    "torch.optim.lr_scheduler.StepLR(optimizer, 30, verbose=True)",
    "make_grid",
)

# %% zh
# .. _old-code-syntax:
#
# ``SyntaxError: invalid syntax``：Python 自己变了
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Python 3.7 把 ``async`` 变成了关键字，不能再作参数名；现在叫 ``non_blocking``，也不必写死 ``cuda``。``print`` 后面没有括号，或者有 ``xrange``，那是 Python 2 的代码。
#
# %% en
# .. _old-code-syntax:
#
# ``SyntaxError: invalid syntax``: Python itself has changed
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Python 3.7 made a keyword of ``async``, so that no argument can bear this name; it is ``non_blocking`` now, and ``cuda`` need not be written out. Where ``print`` has no brackets, or ``xrange`` comes up, the code is for Python 2.

show(
    "x = x.cuda(async=True)",
    "print",
    "list(xrange",
)

# %% zh
# .. _old-code-load:
#
# ``Weights only load failed``：只存 ``state_dict``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch.save(net)`` 存的是整个对象，读它就要运行文件里写的东西，而文件可能是别人放的。2.6 版起，``torch.load`` 默认只读张量、数和它们的容器。自己存的时候，存 ``state_dict()``；里面若有 NumPy 的数，先变成 Python 的。
#
# 别人给的旧文件，信得过来源才写 ``weights_only=False``，读出来马上另存一份 ``state_dict()``。
#
# %% en
# .. _old-code-load:
#
# ``Weights only load failed``: save the ``state_dict`` alone
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch.save(net)`` keeps a whole object, and to load it is to run what is written in the file, whoever wrote it. Since version 2.6, ``torch.load`` by default reads tensors, numbers and what holds them, and nothing else. When you save, save ``state_dict()``; NumPy's numbers in it should become Python's first.
#
# With an old file of somebody else, write ``weights_only=False`` only if you trust where it comes from, and save its ``state_dict()`` anew right away.

show(
    'torch.save(net, "net.pt")',
    'torch.save({"best"',
)

# %% zh
# .. _old-code-prefix:
#
# ``Missing key(s) in state_dict``：去掉 ``module.``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 名字前面多一个 ``module.``，说明当时网络外面包着 ``DataParallel``。去掉这几个字母，形状都对得上：
#
# %% en
# .. _old-code-prefix:
#
# ``Missing key(s) in state_dict``: remove ``module.``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Names that begin with ``module.`` were saved while ``DataParallel`` was wrapped around the network. Take these letters off, and all shapes fit:

show("net.load_state_dict(state)")

# %% zh
# .. _old-code-warns:
#
# 旧写法给了警告
# --------------
#
# 警告多半是说：现在还行，以后不行。多数改一个词就好；其中又常见、又要紧的有三种：``volatile``，今天不起作用；``softmax`` 不写 ``dim``，沿哪一维算要看形状；调度写在优化器前面，学习率就早走一步。
#
# .. _old-code-volatile:
#
# ``volatile was removed and now has no effect``：用 ``no_grad``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 当年 ``volatile=True`` 让后面的计算都不记录，测试时省下内存。0.4 版起它不起作用：打印的 ``True`` 说明 ``y`` 要梯度，图一直记着，内存可能不够用。
#
# %% en
# .. _old-code-warns:
#
# It warns
# --------
#
# Most warnings say: it works now, and some day it will not. Most are mended with one word. Three that matter are common: ``volatile``, which does nothing today; ``softmax`` without ``dim``, which depends on the shape; and a schedule that steps before its optimizer, so that each learning rate comes a step early.
#
# .. _old-code-volatile:
#
# ``volatile was removed and now has no effect``: use ``no_grad``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Once ``volatile=True`` kept all that followed from being recorded, which saved memory in testing. Since version 0.4 it does nothing: the ``True`` below says that ``y`` requires a gradient, so the graph is recorded, and memory may run out.

show("x = Variable(torch.ones(2), volatile=True)")

# %% zh
# .. _old-code-softmax:
#
# ``Implicit dimension choice for softmax``：写明 ``dim``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 不写 ``dim`` 的时候，它按维数去猜：二维取 1，一维和三维取 0。换一个形状，意思就变了。给一批得分算概率，写 ``dim=1``。
#
# %% en
# .. _old-code-softmax:
#
# ``Implicit dimension choice for softmax``: say which ``dim``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Without ``dim``, it guesses from the number of dimensions: with two it takes 1, with one or three it takes 0. Another shape, and it means something else. For the probabilities of a batch of scores, write ``dim=1``.

show("F.softmax(x)", "nn.LogSoftmax()")

# %% zh
# .. _old-code-schedule:
#
# ``lr_scheduler.step() before optimizer.step()``：优化器先走
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 1.1 版之前，每轮开头先调 ``scheduler.step()``；现在这样写，就跳过了第一个学习率。放到每轮末尾，在 ``optimizer.step()`` 之后，也不要再给它轮数。
#
# %% en
# .. _old-code-schedule:
#
# ``lr_scheduler.step() before optimizer.step()``: the optimizer goes first
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Before version 1.1, each epoch began with ``scheduler.step()``. Now this skips the first learning rate. Put it at the end of an epoch, after ``optimizer.step()``, and do not pass it the epoch.

show(
    "scheduler.step()",
    "optimizer.step()\nscheduler.step(1)",
    "scheduler.get_lr()",
)

# %% zh
# .. _old-code-pretrained:
#
# ``The parameter 'pretrained' is deprecated``：指名要哪一份权重
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# torchvision 0.13 版起，一个网络可以有几份权重。``"DEFAULT"`` 是现在最好的一份；要和旧论文的数对得上，写 ``"IMAGENET1K_V1"``，那正是 ``pretrained=True`` 给的。生成这一页的时候没有下载，下面网络里的是随机的数。
#
# %% en
# .. _old-code-pretrained:
#
# ``The parameter 'pretrained' is deprecated``: name the weights
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Since torchvision 0.13, a network may have several sets of weights. ``"DEFAULT"`` is the best of today; to match the numbers of an old paper, write ``"IMAGENET1K_V1"``, which is what ``pretrained=True`` gives. Nothing was downloaded when this page was run: random numbers lay in the place.

show("net = models.resnet18")

# %% zh
# .. _old-code-reduction:
#
# ``size_average and reduce args will be deprecated``：写 ``reduction``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 两个真假值合成了一个词：求平均是 ``"mean"``，求和是 ``"sum"``，每个例子各留一个损失是 ``"none"``。
#
# %% en
# .. _old-code-reduction:
#
# ``size_average and reduce args will be deprecated``: write ``reduction``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Two switches became one word: ``"mean"``, ``"sum"``, or ``"none"`` to keep a loss for each example.

show(
    "nn.MSELoss(size_average=False)",
    "nn.CrossEntropyLoss(reduce=False)",
)

# %% zh
# .. _old-code-range:
#
# ``torch.range is deprecated``：用 ``arange``，终点后移一步
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch.range`` 包括终点，给的是小数；``arange`` 和 Python 的 ``range`` 一样不含终点，给它整数，得到的也是整数。
#
# %% en
# .. _old-code-range:
#
# ``torch.range is deprecated``: use ``arange``, and move the end by a step
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch.range`` includes its end and gives floats. ``arange`` stops before its end, as Python's ``range`` does, and gives whole numbers for whole numbers.

show("torch.range")

# %% zh
# .. _old-code-underscore:
#
# ``is now deprecated in favor of nn.init.xavier_uniform_``：名字后面加下划线
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 原地改动参数的函数，名字都以下划线结尾，0.4 版起这几个也跟上了。
#
# %% en
# .. _old-code-underscore:
#
# ``is now deprecated in favor of nn.init.xavier_uniform_``: add an underscore
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Functions that change their argument in place have names that end in an underscore; with version 0.4, these fell in line.

show(
    "nn.init.xavier_uniform(",
    "nn.utils.clip_grad_norm(",
)

# %% zh
# .. _old-code-upsample:
#
# ``nn.functional.upsample is deprecated``：改名，还要留心 ``align_corners``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 新名字是 ``interpolate``。更要紧的是没有警告的一处：双线性插值从前让大图、小图四角像素的中心对齐，0.4 版起默认让外边缘对齐，同样的图放大出来，数不一样。旧网络的权重是照旧的数训练的，所以要写 ``align_corners=True``。``grid_sample`` 和 ``affine_grid`` 在 1.3 版也这样变了，它们倒是会警告：
#
# %% en
# .. _old-code-upsample:
#
# ``nn.functional.upsample is deprecated``: rename it, and mind ``align_corners``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# The new name is ``interpolate``. What matters more comes without a warning: bilinear interpolation used to align the centers of the pixels in the corners, and since version 0.4 by default it aligns the outer edges, so that the same picture becomes other numbers. Weights of an old network were trained on the old ones, so write ``align_corners=True``. ``grid_sample`` and ``affine_grid`` changed in the same way with version 1.3, and they do warn:

show(
    "F.upsample",
    "F.interpolate",
    "F.grid_sample",
)

# %% zh
# .. _old-code-hook:
#
# ``Using a non-full backward hook``：注册 ``full`` 的那一种
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 旧的钩子拿到的是层里最后一个运算的梯度：这里是 3 个，偏置、输入和权重的。新的只给输入的：每个输入一个，这里是 1 个。
#
# %% en
# .. _old-code-hook:
#
# ``Using a non-full backward hook``: register a ``full`` one
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# The old hook receives the gradients of the last operation in a layer: 3 here, for the bias, the input and the weight. The new one gives what was promised, one for each input: 1 here.

show("net.register_backward_hook")

# %% zh
# .. _old-code-byte:
#
# ``indexing with dtype torch.uint8 is now deprecated``：去掉 ``.byte()``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 用 ``uint8`` 挑选元素还行，只是警告；今天的比较直接给 ``bool``。
#
# %% en
# .. _old-code-byte:
#
# ``indexing with dtype torch.uint8 is now deprecated``: remove ``.byte()``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# To select by ``uint8`` still works, with a warning; comparisons of today give ``bool`` as it is.

show("x[mask.byte()]", "torch.where")

# %% zh
# .. _old-code-amp:
#
# ``torch.cuda.amp.autocast(args...) is deprecated``：写明设备
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 混合精度不再只是 CUDA 的事，设备成了参数。没有 CUDA 的机器上，旧写法还会多一条警告。
#
# %% en
# .. _old-code-amp:
#
# ``torch.cuda.amp.autocast(args...) is deprecated``: name the device
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Mixed precision is no longer for CUDA alone, and the device is an argument. On a machine without CUDA, the old lines give one more warning.

show(
    "with torch.cuda.amp.autocast",
    "scaler = torch.cuda.amp.GradScaler",
)

# %% zh
# .. _old-code-default:
#
# ``torch.set_default_tensor_type() is deprecated``：数据类型和设备分开设
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 从前一个名字同时说数据类型和设备，例如 ``torch.cuda.FloatTensor``。现在数据类型用 ``set_default_dtype``，设备用 ``set_default_device``。
#
# %% en
# .. _old-code-default:
#
# ``torch.set_default_tensor_type() is deprecated``: set data type and device apart
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# One name used to tell the data type and the device, as in ``torch.cuda.FloatTensor``. Now ``set_default_dtype`` is for the data type, and ``set_default_device`` for the device.

show("torch.set_default_tensor_type")

# %% zh
# .. _old-code-alpha:
#
# ``This overload of add_ is deprecated``：倍数放到后面
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 倍数从前写在前面，现在是带名字的参数：``add_`` 和 ``sub_`` 叫 ``alpha``，``addcmul_`` 和 ``addcdiv_`` 叫 ``value``。自己写的优化器里最常见。
#
# %% en
# .. _old-code-alpha:
#
# ``This overload of add_ is deprecated``: put the factor last
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# The factor came first and has a name now: ``alpha`` in ``add_`` and ``sub_``, ``value`` in ``addcmul_`` and ``addcdiv_``. You meet it most in optimizers that someone has written by hand.

show("x.add_(0.5, y)")

# %% zh
# .. _old-code-script:
#
# ``torch.jit.script is deprecated``：看你要速度，还是要部署
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 要快，用 ``torch.compile``；要把网络带到没有 Python 的地方，用 ``torch.export``。``checkpoint`` 省内存：中间结果不存，反向的时候再算一遍。它有新旧两种做法，现在要明说用哪一种，新的是 ``use_reentrant=False``。
#
# %% en
# .. _old-code-script:
#
# ``torch.jit.script is deprecated``: compile, or export
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# For speed, there is ``torch.compile``; to take a network where there is no Python, ``torch.export``. ``checkpoint`` saves memory: it keeps no results in between, and computes them again on the way back. It can do so in an old and a new way, and wants to be told which; the new one is ``use_reentrant=False``.

show(
    "net = torch.jit.script",
    "checkpoint(torch.exp, x)",
)

# %% zh
# .. _old-code-parts:
#
# ``weight_norm is deprecated``：换成今天的版本
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``weight_norm`` 搬到了 ``parametrizations``，``state_dict`` 里的名字也跟着变，不过旧文件照样读得进去。``NLLLoss`` 是去掉 softmax 和对数的交叉熵，每个像素各有一个标签的图，它早就能用；``ReduceOp`` 只是换了写法。
#
# %% en
# .. _old-code-parts:
#
# ``weight_norm is deprecated``: use the current version
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``weight_norm`` moved to ``parametrizations``, and the names in ``state_dict`` changed with it, but old files can still be loaded. ``NLLLoss``, which is cross-entropy without softmax and logarithm, has long taken pictures with a label for each pixel, and ``ReduceOp`` is only spelled in another way.

show(
    "nn.utils.weight_norm",
    "nn.NLLLoss2d",
    "torch.distributed.reduce_op",
)

# %% zh
# .. _old-code-shapes:
#
# ``The use of x.T on tensors of dimension other than 2``：写明次序
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 维数多于 2 的时候，``x.T`` 把次序整个倒过来，多半不是你要的；写 ``permute``，或者用 ``x.mT`` 只换最后两维。``meshgrid`` 要写明按矩阵的次序，还是按坐标的次序，``resize`` 改用 ``reshape``。
#
# %% en
# .. _old-code-shapes:
#
# ``The use of x.T on tensors of dimension other than 2``: write the order out
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# With more than 2 dimensions, ``x.T`` reverses all of them, which is seldom what you want; write ``permute``, or ``x.mT`` for the last two alone. ``meshgrid`` wants to be told the order, that of a matrix or that of coordinates, and ``resize`` becomes ``reshape``.

show(
    "x.T.shape",
    "rows, columns",
    "x.resize(4)",
)

# %% zh
# .. _old-code-misleads:
#
# 不报错、结果却不对的旧写法
# --------------------------
#
# 前面已经看过 ``MSELoss`` 和 ``.data``。下面的多半也不报错，得到的却和当年不同，或者和你以为的不同。
#
# .. _old-code-division:
#
# 除法的结果变了
# ~~~~~~~~~~~~~~
#
# .. deeper::
#
# 1.6 版之前，整数除以整数还是整数：5 除以 2 得 2。1.6 版会报错，``Integer division of tensors using div or / is no longer supported``；再往后得 2.5，和 Python 一样。要整数，写 ``//``。
# 负数又有一层：``//`` 从前向 0 取整，1.13 版起和 Python 一样向下。要旧的，写 ``rounding_mode="trunc"``。
#
# %% en
# .. _old-code-misleads:
#
# It runs on, and gives you something else
# ----------------------------------------
#
# You have seen ``MSELoss`` and ``.data`` above. Most of these raise no error either, but what you get is not what it was, or not what you think.
#
# .. _old-code-division:
#
# Division gives other numbers
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Before version 1.6, a whole number divided by a whole number was a whole number: 5 by 2 was 2. Version 1.6 raised an error, ``Integer division of tensors using div or / is no longer supported``; after it, 5 by 2 is 2.5, as in Python. For whole numbers, write ``//``.
# With negative ones there is more to it: ``//`` rounded towards 0, and since version 1.13 it rounds down, as in Python. For the old way, write ``rounding_mode="trunc"``.

show(
    "torch.tensor(5) / 2",
    "torch.tensor(-3) // 2",
)

# %% zh
# .. _old-code-constructors:
#
# ``new(): data must be a sequence``：大写的 ``Tensor`` 收的是形状
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch.Tensor(3)`` 是三个未初始化的数，``torch.tensor(3)`` 是 3 这一个数；给大写的那个一个小数，就报错。``LongTensor`` 一声不响地截掉小数。今天都用小写的 ``torch.tensor``，它从数据判断类型；已经是张量的，用 ``clone()`` 复制。
#
# %% en
# .. _old-code-constructors:
#
# ``new(): data must be a sequence``: ``Tensor`` with a capital takes a shape
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch.Tensor(3)`` is three numbers that nobody wrote, ``torch.tensor(3)`` the one number 3; give a float to the one with the capital, and it raises an error. ``LongTensor`` cuts decimals off without a word. Today it is always ``torch.tensor``, in small letters, which tells the type from the data; what is a tensor already is copied with ``clone()``.

show(
    "torch.Tensor(3.0)",
    "torch.Tensor(3).shape",
    "torch.LongTensor",
    "torch.tensor(x)",
)

# %% zh
# .. _old-code-total:
#
# 累加的和仍是张量
# ~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 当年 ``loss.data[0]`` 是普通的数，和也是。直接加张量，和就是张量；损失带着计算图，``total`` 把每一步的图都留住；没有 ``backward`` 的时候，比如测试，中间结果也一起留着，内存越用越多。加上 ``.item()``；``float(loss)`` 也行，如今会警告。
#
# %% en
# .. _old-code-total:
#
# A sum remains a tensor
# ~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``loss.data[0]`` was a plain number, and so was a sum of them. Add tensors, and the sum is a tensor; a loss brings its graph along, so that ``total`` keeps the graph of every step; where there is no ``backward``, as in testing, it keeps all that they hold as well, and memory fills up. Add ``.item()``; ``float(loss)`` would do, and warns today.

show(
    "total = total + loss",
    "correct +=",
    "total = total + float",
)

# %% zh
# .. _old-code-works:
#
# 旧写法照旧能用
# --------------
#
# 不改也行。改了，别人读起来更省事。
#
# .. _old-code-variable:
#
# ``Variable``：去掉
# ~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 0.4 版起，张量自己就能记录计算。``Variable(x)`` 返回的就是张量。
#
# %% en
# .. _old-code-works:
#
# It works as ever
# ----------------
#
# You may leave these as they are. Change them, and whoever reads your code has one thing less to wonder about.
#
# .. _old-code-variable:
#
# ``Variable``: take it out
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Since version 0.4, a tensor records by itself. What ``Variable(x)`` returns is a tensor.

show("x = Variable(torch.ones(2), requires_grad=True)")

# %% zh
# .. _old-code-step:
#
# ``f.data.sub_(f.grad.data * lr)``：在 ``no_grad`` 里走一步
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 结果一样，只是绕过了检查：写错了，没有人提醒你，前面的 ``y.data`` 就是例子。
#
# %% en
# .. _old-code-step:
#
# ``f.data.sub_(f.grad.data * lr)``: take the step in ``no_grad``
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# The outcome is the same, but it goes around the checks: nobody tells you of a mistake, as with ``y.data`` above.

show("for f in net.parameters()")

# %% zh
# .. _old-code-parallel:
#
# ``nn.DataParallel``：一块 GPU 不需要它
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 没有 GPU，或者只有一块，它几乎什么也不做。用几块的时候，它自己的说明就建议改用 ``DistributedDataParallel``，每块一个进程：
#
# %% en
# .. _old-code-parallel:
#
# ``nn.DataParallel``: one GPU does not need it
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# With no GPU, or with one, it does next to nothing. For several, its own documentation advises ``DistributedDataParallel``, with a process for each:

show("net = nn.DataParallel")
print("It is recommended" in nn.DataParallel.__doc__)

# %% zh
# .. _old-code-functions:
#
# ``F.sigmoid``、``torch.norm``：换个名字
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 这些函数搬过家，旧名字还在；``F.sigmoid`` 和 ``F.tanh`` 从前会警告 ``nn.functional.sigmoid is deprecated``，现在又不说了。
#
# %% en
# .. _old-code-functions:
#
# ``F.sigmoid``, ``torch.norm``: the same by another name
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# These functions have moved, and their old names are still there. ``F.sigmoid`` and ``F.tanh`` used to warn that ``nn.functional.sigmoid is deprecated``, and no longer do.

show(
    "F.sigmoid",
    "F.tanh",
    "torch.norm",
    "torch.ger",
    "from torch.utils.model_zoo",
)

# %% zh
# .. _old-code-types:
#
# ``.type(torch.LongTensor)``：写数据类型
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# ``torch.LongTensor`` 这样的名字，把类型和设备写死在一起：张量在 GPU 上，它会把张量搬回 CPU。``long()`` 和 ``new_empty`` 留在原来的设备上。
#
# %% en
# .. _old-code-types:
#
# ``.type(torch.LongTensor)``: name the data type
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Names such as ``torch.LongTensor`` fix the type and the device together: a tensor on a GPU comes back to the CPU. ``long()`` and ``new_empty`` stay on the device.

show(
    "x.type(torch.LongTensor)",
    "torch.FloatTensor(2, 3)",
    "x.new(2, 3)",
)

# %% zh
# .. _old-code-super:
#
# ``super(Net, self).__init__()``：括号可以空着
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Python 2 要写类名，Python 3 不用。
#
# %% en
# .. _old-code-super:
#
# ``super(Net, self).__init__()``: the brackets may be empty
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Python 2 wanted the name of the class there, Python 3 does not.

show("class Net")

# %% zh
# .. _old-code-claims:
#
# 旧教程里的六句错话
# ------------------
#
# 教程里除了代码，还有说法。下面六个标题，就是六句错话，却流传很广；点开来，一句一句地试。
#
# .. _old-code-sign:
#
# “权重加上学习率乘梯度”
# ~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 梯度指向变大的方向，所以要减。从 3 出发，走五步，看损失 :math:`w^2`：
#
# %% en
# .. _old-code-claims:
#
# Six false sentences of old tutorials
# ------------------------------------
#
# Tutorials do not only show code, they also state things. The headings below are six that are false, and have spread widely; open one, and try it.
#
# .. _old-code-sign:
#
# "Add the learning rate times the gradient to the weight"
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# The gradient points to where the loss grows, so subtract it. Begin at 3, take five steps, and look at the loss, :math:`w^2`:

for sign in (1, -1):
    weight = torch.tensor(3.0, requires_grad=True)
    for step in range(5):
        (weight**2).backward()
        with torch.no_grad():
            weight += sign * 0.1 * weight.grad
        weight.grad = None
    print(f"{'plus' if sign > 0 else 'minus'} = {weight.item() ** 2:.2f}")
show("weight = weight + 0.1")

# %% zh
# 从 9 开始，加的时候到了 :printed:`plus`，减的时候到了 :printed:`minus`。
#
# .. _old-code-batches:
#
# “``torch.nn`` 只收小批量”
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 如今很多层也收单独一个例子：没有 N 这一维，一张 1×32×32 的图直接给 ``Conv2d``。批归一化还是要一批，它的报错说得很清楚：
#
# %% en
# From 9, adding went to :printed:`plus`, and subtracting to :printed:`minus`.
#
# .. _old-code-batches:
#
# "``torch.nn`` only takes mini-batches"
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Today many layers take a single example, too: without the dimension N, a picture of 1×32×32 goes into ``Conv2d`` as it is. Batch normalization still wants a batch, and its error is plain:

picture = torch.ones(1, 32, 32)
print("conv =", tuple(nn.Conv2d(1, 6, 5)(picture).shape))
print("linear =", tuple(nn.Linear(32, 10)(torch.ones(32)).shape))
tell("nn.BatchNorm2d(1)(picture)", globals())
assert nn.Conv2d(1, 6, 5)(picture).shape == (6, 28, 28)

# %% zh
# .. _old-code-requires:
#
# “``requires_grad_()`` 默认是 ``False``”
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 新张量的属性 ``requires_grad`` 是 ``False``；方法 ``requires_grad_()`` 的参数默认是 ``True``，所以括号空着就是打开。
#
# %% en
# .. _old-code-requires:
#
# "``requires_grad_()`` defaults to ``False``"
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# The attribute ``requires_grad`` of a new tensor is ``False``; the argument of the method ``requires_grad_()`` is ``True`` by default, so with empty brackets it switches on.

x = torch.ones(2)
print("before =", x.requires_grad)
x.requires_grad_()
print("after =", x.requires_grad)

# %% zh
# .. _old-code-pixels:
#
# “PIL 图片的范围是 [0, 1]”
# ~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Pillow 的像素是 0 到 255 的整数；变成 0 到 1 之间小数的，是 ``ToTensor``。
#
# %% en
# .. _old-code-pixels:
#
# "PIL images have a range of [0, 1]"
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# Pixels of Pillow are whole numbers from 0 to 255; it is ``ToTensor`` that makes them floats from 0 to 1.

from PIL import Image
from torchvision import transforms

white = Image.new("L", (2, 2), "white")
print("Pillow =", white.getextrema())
print("ToTensor =", transforms.ToTensor()(white).max().item())

# %% zh
# .. _old-code-zeros:
#
# “反向之前梯度是 0”
# ~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 是 ``None``，还没有张量。清零以后也是：2.0 版起，要看到 0，得写 ``set_to_none=False``。
#
# %% en
# .. _old-code-zeros:
#
# "Before backward, gradients are 0"
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# They are ``None``: there is no tensor yet. Nor is there one after they are cleared: since version 2.0, to see 0 you have to write ``set_to_none=False``.

layer = nn.Linear(2, 1)
print("before =", layer.weight.grad)
layer(torch.ones(1, 2)).sum().backward()
print("after =", layer.weight.grad)
layer.zero_grad()
print("cleared =", layer.weight.grad)
layer(torch.ones(1, 2)).sum().backward()
layer.zero_grad(set_to_none=False)
print("zeros =", layer.weight.grad)

# %% zh
# .. _old-code-char:
#
# “``CharTensor`` 不能变成 NumPy”
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# 能，它就是 ``int8``。不能的是 ``bfloat16``，NumPy 没有这种类型；先 ``.float()``。
#
# %% en
# .. _old-code-char:
#
# "A ``CharTensor`` cannot become NumPy"
# ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
#
# .. deeper::
#
# It can; it is ``int8``. What cannot is ``bfloat16``, a type that NumPy does not have; call ``.float()`` first.

print("int8 =", torch.CharTensor([1, 2]).numpy())
tell("torch.ones(2, dtype=torch.bfloat16).numpy()")

# %% zh
# .. _old-code-end:
#
# 小结
# ----
#
# **你已经会：**先读最后一条信息，一次改一处，让旧代码重新跑起来；看到警告，也想想后果；对不报错的旧写法，看形状，看梯度，不信 ``.data``。
#
# **还没讲的：**课讲到这里为止，剩下的是动手。
#
# .. _old-code-exercises:
#
# 练习
# ----
#
# 1. **用笔。**\ ``torch.range(1, 10)`` 有几个数？把 ``range`` 改成 ``arange``，别的不动，还剩几个？从 0 到 1、每 0.25 取一个，用 ``arange`` 怎样写才带上终点？
#
#    .. folded:: 提示
#
#       ``range`` 含终点，``arange`` 不含。
#
#       做完再看\ :ref:`答案 <solutions-old-code-1>`。
#
# 2. **只改一行。**把修好的那段代码里的 ``reduction="mean"`` 改成 ``reduction="sum"``，损失变成几倍？为什么梯度也是这么多倍？拿它训练的话，学习率该怎么办？
#
#    .. folded:: 提示
#
#       ``batch_size`` 是多少？
#
#       做完再看\ :ref:`答案 <solutions-old-code-2>`。
#
# 3. **先猜后做。**\ ``1 - mask`` 报错。``~mask``、``mask.logical_not()`` 和 ``1 - mask.long()`` 都行，它们的类型各是什么？哪几个能像掩码那样，挑出为真的元素？
#
#    .. folded:: 提示
#
#       打印 ``dtype``，再试 ``x[...]``。
#
#       做完再看\ :ref:`答案 <solutions-old-code-3>`。
#
# 4. **动手修。**导入之后的三行都有旧写法，修到既不报错，也没有警告：
#
#    .. code-block:: python
#
#       import torch.nn.functional as F
#       from torch.autograd import Variable
#       x = Variable(torch.ones(1, 3), volatile=True)
#       p = F.softmax(x)
#       best = p.max(1)[1][0][0]
#
#    .. folded:: 提示
#
#       一次改一处，每改一处就用 ``tell`` 运行一次。三处都在这一页上。
#
#       做完再看\ :ref:`答案 <solutions-old-code-4>`。
#
# 5. **自己找。**找一份两年以前的教程或项目，把它的每条警告和报错记下来，按这一课的四组分类。哪一组最多？有没有 ``misleads``，你是怎么发现的？
#
#    .. folded:: 提示
#
#       不报错的，要和另一种算法比：手算一个小例子，或者比一比形状。
#
#       做完再看\ :ref:`答案 <solutions-old-code-5>`。
#
# **继续读：**\ PyTorch 官方的 `0.4 版迁移指南 <https://pytorch.org/blog/pytorch-0_4_0-migration-guide/>`__，这一课有许多条，是从那一版变起的。
#
# 所有练习的答案，都在 :doc:`95_solutions` 里。
#
# %% en
# .. _old-code-end:
#
# What you take along
# -------------------
#
# **You can now** read the last message first, change one place at a time, and have old code run again; think about what a warning leads to; and where an old line raises no error, look at shapes and gradients, and distrust ``.data``.
#
# **Still to come:** the lessons end here; what is left is your own practice.
#
# .. _old-code-exercises:
#
# Exercises
# ---------
#
# 1. **With a pencil.** How many numbers has ``torch.range(1, 10)``? Change ``range`` to ``arange`` and nothing else: how many are left? From 0 to 1 in steps of 0.25, how do you write ``arange`` so that it has the end?
#
#    .. folded:: A hint
#
#       ``range`` includes its end, and ``arange`` does not.
#
#       When you are done, see :ref:`the solution <solutions-old-code-1>`.
#
# 2. **Change one line.** In the mended code, change ``reduction="mean"`` to ``reduction="sum"``. How many times larger is the loss? Why are the gradients larger by as much? If you trained with it, what should become of the learning rate?
#
#    .. folded:: A hint
#
#       What is ``batch_size``?
#
#       When you are done, see :ref:`the solution <solutions-old-code-2>`.
#
# 3. **Guess, then try.** ``1 - mask`` raises an error. ``~mask``, ``mask.logical_not()`` and ``1 - mask.long()`` all work; of which type is each? Which of them can select elements?
#
#    .. folded:: A hint
#
#       Print the ``dtype``, then try ``x[...]``.
#
#       When you are done, see :ref:`the solution <solutions-old-code-3>`.
#
# 4. **Mend it.** Each of the three lines after the imports has something old in it. Mend them until there is neither an error nor a warning:
#
#    .. code-block:: python
#
#       import torch.nn.functional as F
#       from torch.autograd import Variable
#       x = Variable(torch.ones(1, 3), volatile=True)
#       p = F.softmax(x)
#       best = p.max(1)[1][0][0]
#
#    .. folded:: A hint
#
#       Change one place at a time, and run it with ``tell`` after each. All three are on this page.
#
#       When you are done, see :ref:`the solution <solutions-old-code-4>`.
#
# 5. **Of your own.** Find a tutorial or a project that is more than two years old, note each of its warnings and errors, and sort them into the four groups of this lesson. Which has the most? Was any in ``misleads``, and how did you notice?
#
#    .. folded:: A hint
#
#       Where nothing is raised, compare with another way: work out a small example by hand, or look at the shapes.
#
#       When you are done, see :ref:`the solution <solutions-old-code-5>`.
#
# **Read on:** PyTorch's own `migration guide for version 0.4 <https://pytorch.org/blog/pytorch-0_4_0-migration-guide/>`__; many lines of this lesson changed there.
#
# The exercises of all lessons are solved in :doc:`95_solutions`.
