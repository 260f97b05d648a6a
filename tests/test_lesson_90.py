"""Lesson 90: it shows every old line, and an old message that is pasted into the search leads to its section."""

from __future__ import annotations

import ast
import inspect
import math
import re
from urllib.parse import quote

import pytest
import torch

from browsing import clean_page
from lessons import GALLERY, run
from torchhour.old_code.table import TABLES, find

LESSON = GALLERY / "90_old_code.py"
SOURCE = LESSON.read_text(encoding="utf-8")
#: How each row of the course's first table of old code begins in the tables.
COURSE = """\
nn.Conv2D
x = Variable(torch.ones(2), requires_grad=True)
x = Variable(torch.ones(2), volatile=True)
y.creator
y.grad_fn.previous_functions
loss.data[0]
predicted[1][0]
images, labels = dataiter.next()
torch.range
loss = nn.MSELoss()
y.backward(torch.Tensor([1.0]))
net = models.resnet18(pretrained=True)
transforms.Scale
torch.save(net, "net.pt")
nn.MSELoss(size_average=False)
F.softmax(x)
x = x.cuda(async=True)
correct +=
y.data.add_(1)
for f in net.parameters():
net = nn.DataParallel"""

#: Messages as people paste them, from PyTorch of many years, and the sections that may be found first.
PASTED = [
    (
        ["next"],
        """\
Traceback (most recent call last):
  File "cifar10_tutorial.py", line 113, in <module>
    images, labels = dataiter.next()
AttributeError: '_MultiProcessingDataLoaderIter' object has no attribute 'next'""",
    ),
    # The lesson begins with this one.
    (["loop", "next"], "AttributeError: '_SingleProcessDataLoaderIter' object has no attribute 'next'"),
    (
        ["item"],
        """\
  File "train.py", line 219, in train
    running_loss += loss.data[0]
IndexError: invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert \
a 0-dim tensor to a number""",
    ),
    (
        ["item"],
        """\
main.py:31: UserWarning: invalid index of a 0-dim tensor. This will be an error in PyTorch 0.5. Use tensor.item() \
to convert a 0-dim tensor to a Python number
  train_loss += loss.data[0]""",
    ),
    (["graph"], "AttributeError: 'Variable' object has no attribute 'creator'"),
    (["load"], "UnpicklingError: Weights only load failed"),
    (
        ["load"],
        """\
_pickle.UnpicklingError: Weights only load failed. This file can still be loaded, to do so you have two options, \
do those steps only if you trust the source of the checkpoint.
	(1) In PyTorch 2.6, we changed the default value of the `weights_only` argument in `torch.load` from `False` to \
`True`. Re-running `torch.load` with `weights_only` set to `False` will likely succeed, but it can result in \
arbitrary code execution. Do it only if you got the file from a trusted source.
	WeightsUnpickler error: Unsupported global: GLOBAL models.common.Conv was not an allowed global by default.""",
    ),
    (
        ["volatile"],
        """\
/opt/conda/lib/python3.6/site-packages/ipykernel_launcher.py:8: UserWarning: volatile was removed and now has no \
effect. Use `with torch.no_grad():` instead.""",
    ),
    (
        ["function"],
        """\
  File "/usr/local/lib/python3.6/dist-packages/torch/autograd/function.py", line 145, in __call__
    "Legacy autograd function with non-static forward method is deprecated. "
RuntimeError: Legacy autograd function with non-static forward method is deprecated. Please use new-style autograd \
function with static forward method. (Example: https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)""",
    ),
    (
        ["six"],
        """\
ImportError: cannot import name 'container_abcs' from 'torch._six' \
(/opt/conda/lib/python3.7/site-packages/torch/_six.py)""",
    ),
    (["six"], "ModuleNotFoundError: No module named 'torch._six'"),
    (
        ["vision"],
        """\
  File "/home/me/venv/lib/python3.11/site-packages/basicsr/data/degradations.py", line 8, in <module>
    from torchvision.transforms.functional_tensor import rgb_to_grayscale
ModuleNotFoundError: No module named 'torchvision.transforms.functional_tensor'""",
    ),
    (
        ["mask"],
        """\
RuntimeError: Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a \
mask, use the `~` or `logical_not()` operator instead.""",
    ),
    (
        ["schedule"],
        """\
lr_scheduler.py:134: UserWarning: Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 \
and later, you should call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  Failure to \
do this will result in PyTorch skipping the first value of the learning rate schedule.""",
    ),
    (
        ["linalg", "solve"],
        """\
    raise RuntimeError(
RuntimeError: This function was deprecated since version 1.9 and is now removed. Please use the `torch.linalg.solve` \
function instead.""",
    ),
    (
        ["division"],
        """\
RuntimeError: Integer division of tensors using div or / is no longer supported, and in a future release div will \
perform true division as in Python 3. Use true_divide or floor_divide (// in Python) instead.""",
    ),
    (
        ["pretrained"],
        """\
/usr/local/lib/python3.10/dist-packages/torchvision/models/_utils.py:223: UserWarning: Arguments other than a weight \
enum or `None` for 'weights' are deprecated since 0.13 and may be removed in the future. The current behavior is \
equivalent to passing `weights=ResNet50_Weights.IMAGENET1K_V1`.
  warnings.warn(msg)""",
    ),
    (["softmax"], "UserWarning: Implicit dimension choice for softmax has been deprecated."),
    (
        ["float"],
        """\
AttributeError: module 'numpy' has no attribute 'float'.
`np.float` was a deprecated alias for the builtin `float`. To avoid this error in existing code, use `float` by \
itself.""",
    ),
    (
        ["syntax"],
        """\
  File "main.py", line 87
    target = target.cuda(async=True)
                         ^
SyntaxError: invalid syntax""",
    ),
    (["numpy"], "RuntimeError: Can't call numpy() on Variable that requires grad. Use var.detach().numpy() instead."),
    (["none"], "AttributeError: 'NoneType' object has no attribute 'data'"),
]


def shown() -> list[str]:
    """What the lesson hands to ``show``."""
    calls = [node for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Call)]
    shows = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "show"]
    return [ast.literal_eval(argument) for call in shows for argument in call.args]


def test_it_shows_every_old_line():
    lines = {find(old).old for old in shown()}
    assert lines == {line.old for group in TABLES.values() for line in group}


@pytest.mark.parametrize("old", COURSE.splitlines())
def test_the_first_table_is_in_it(old):
    assert find(old).old in {find(each).old for each in shown()}


@pytest.mark.everyday(4)
@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize(("sections", "message"), PASTED)
def test_an_old_message_leads_to_its_section(browser, site, code, sections, message):
    """The first that the search finds, whether one word is missing on the page or many."""
    with clean_page(browser) as page:
        page.goto(f"{site.as_uri()}/{code}/search.html?q={quote(message)}")
        page.wait_for_selector("#search-results li a")
        first = page.locator("#search-results li a").first.evaluate("link => link.pathname + link.hash")
    found = re.fullmatch(r".*/lessons/90_old_code\.html#old-code-(\w+)", first)
    assert found and found[1] in sections, first


def test_whoever_pastes_into_the_box_arrives(browser, site):
    """Lines and all: they become one line in the box, and the section opens."""
    with clean_page(browser) as page:
        page.goto(f"{site.as_uri()}/en/index.html")
        box = page.locator("input[name=q]").first
        box.focus()
        page.evaluate("text => document.execCommand('insertText', false, text)", PASTED[11][1])
        box.press("Enter")
        page.locator("#search-results li a").first.click()
        page.wait_for_url("**/lessons/90_old_code.html*#old-code-vision")
        assert page.locator("#old-code-vision").get_by_text("from torch.hub import").first.is_visible()
        assert not page.locator("#old-code-six details").first.evaluate("fold => fold.open")


def test_what_requires_grad_and_data_parallel_say_of_themselves():
    assert "requires_grad=True" in torch.Tensor.requires_grad_.__doc__
    assert "recommended" in torch.nn.DataParallel.__doc__ and "DistributedDataParallel" in torch.nn.DataParallel.__doc__
    assert inspect.signature(torch.nn.Module.zero_grad).parameters["set_to_none"].default is True


DRIVER = """
import runpy, sys
import matplotlib.pyplot as plt
import torch

for turn in range(int(sys.argv[3])):
    if turn:
        torch.rand(7)
        torch.set_num_threads(2)
    found = runpy.run_path(sys.argv[1])
    plt.close("all")
torch.save([{"lives": found["lives"], "wanted": [found["works"], found["warns"], found["raises"]]}], sys.argv[2])
"""


@pytest.mark.proof
def test_it_prints_the_same_whatever_came_before(tmp_path):
    """Twice in one process; and what the text says of what is printed."""
    [found], printed = run(DRIVER, LESSON, "scikit-learn digits", tmp_path, "2")
    half = len(printed) // 2
    assert printed[:half] == printed[half:]
    values = dict(re.findall(r"^(\w+) = (.*)$", printed, re.MULTILINE))
    assert abs(float(values["loss"]) - math.log(10)) < 0.5
    assert float(values["minus"]) < 9 < float(values["plus"])
    assert sum(int(values[group]) for group in TABLES) == len({find(old).old for old in shown()})
    assert int(values["raises"]) == max(int(values[group]) for group in TABLES)


@pytest.mark.proof
def test_how_long_old_lines_lived(tmp_path):
    """Where each line of the drawing ends is what PyTorch does today."""
    [found], _ = run(DRIVER, LESSON, "scikit-learn digits", tmp_path, "1")
    works, warns, raises = found["wanted"]
    today = {label: parts[-1][1] for label, parts in found["lives"].items()}
    groups = {
        "Variable(x)": "x = Variable(torch.ones(2), requires_grad=True)",
        "pretrained=True": "net = models.resnet18(pretrained=True)",
        "torch.load(model)": 'torch.save(net, "net.pt")',
        "iter(loader).next()": "images, labels = dataiter.next()",
        "1 - mask": "1 - mask",
        "loss.data[0]": "loss.data[0]",
        "volatile=True": "x = Variable(torch.ones(2), volatile=True)",
    }
    assert today.keys() == groups.keys()
    colors = {"works": works, "warns": warns, "raises": raises}
    for label, old in groups.items():
        [group] = [group for group, lines in TABLES.items() if find(old) in lines]
        assert today[label] == colors[group], label
