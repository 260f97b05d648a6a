"""A pad to draw digits on: the reader's own LeNet says which, and shows what its layers see."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from torch import Tensor, nn

from torchhour.data.sources import Pictures
from torchhour.explore import drawing
from torchhour.explore.digit_figure import FLOOR, FULL, PITCH, digit_figure
from torchhour.explore.lenet import forward, rounded_copy
from torchhour.explore.thing import Thing

#: How ``prepare`` in draw_digit.js makes a drawing a picture, by a word of the source; lengths are in pixels.
#: A digit fills a box. In MNIST it keeps its proportions, the pen has a radius, and the centre of mass is in the
#: middle. For scikit-learn's scans, NIST sheared digits until the left ends of top and bottom were one above the
#: other, stretched them, sideways at most ``widen`` times as much as upward, and gave all of them the same
#: amount of ink, here the mean of the training set; then UCI counted it in blocks of 4×4.
PREPARATIONS = {
    "MNIST": {"width": 20, "height": 20, "widen": 0, "pen": 1, "centre": 16.5, "ink": 0},
    "scikit-learn": {"width": 20, "height": 32, "widen": 1.5, "pen": 2, "centre": 16, "ink": 312},
}
#: How many digits are there to try, and the first of the pictures, which are looked through.
EXAMPLES, FIRST = 5, 200
CONTROLS = (
    '<div class="pad" tabindex="0" role="application" aria-label="pad to draw on: arrows move the pen, '
    'Space puts it down or lifts it"><svg viewBox="0 0 1 1">'
    '<image class="tried" width="1" height="1"/><path class="ink"/><circle class="pen" r="0.03"/></svg></div>'
    '<div class="does"><button type="button" data-does="undo">undo</button>'
    '<button type="button" data-does="clear">clear</button></div>'
    '<div class="more"><p>Draw a digit with the mouse or a finger. On the keyboard, '
    "the arrows move the pen, and Space puts it down or lifts it.</p><p>Or take one of these:</p>"
    '<div class="examples">{}</div></div><output data-shows="answer" aria-live="polite"></output>'
    '<output class="unseen" data-shows="place" aria-live="polite"></output>'
)
WORDS = {
    "empty": "the pad is empty",
    "down": "the pen is down",
    "drawing": "…",
    "loading": "the network is being loaded",
    "place": "{}% from the left, {}% from the top",
}


@dataclass
class DigitPad(Thing):
    """A pad; ``network`` is the rounded copy that answers on it."""

    network: nn.Module | None = None


def draw_digit(network: nn.Module, pictures: Pictures, softmax: bool = True) -> DigitPad:
    """A pad to draw a digit on; ``network``, a LeNet trained on such pictures as ``pictures``, says which it is.

    ``pictures`` is what ``digits(train=False)`` returns: its source decides how a drawing becomes a picture, and
    some of its digits can be tried. Shown are the ten probabilities, or, with ``softmax=False``, the scores of a
    network that was trained toward 1 for the digit and 0 for the others. What answers is a copy whose weights are
    rounded to 8 bits, the thing's ``network``; the argument stays as it is. Raises ``ValueError`` where it is no
    LeNet, where scores are far above 1, and where ``pictures`` are of another size or source.

    >>> import torch
    >>> from torchhour.networks import Classifier
    >>> network = Classifier()
    >>> network.conv1 = nn.Conv2d(1, 6, 5)
    >>> pictures = Pictures(torch.zeros(1, 1, 32, 32), torch.tensor([0]), list("0123456789"), "MNIST")
    >>> draw_digit(network, pictures).network(pictures.images).shape
    torch.Size([1, 10])
    """
    prepare = _preparation(pictures)
    images, labels = pictures.images[:FIRST].cpu().float(), pictures.labels[:FIRST].tolist()
    rounded, packed = rounded_copy(network, images)
    _check_scores(forward(rounded, images)[-1], softmax)
    tried = [labels.index(label) for label in dict.fromkeys(labels)][:EXAMPLES]
    examples = images[tried].mul(255).round().byte()  # K×1×32×32
    key = hashlib.blake2b(packed.encode(), digest_size=4).hexdigest()
    data = {"prepare": prepare, "softmax": softmax, "key": key, "frame": [PITCH, FULL, FLOOR]}
    data["examples"] = [base64.b64encode(bytes(example.flatten().tolist())).decode() for example in examples]
    answer = "this looks like {} ({}%)" if softmax else "this looks like {} (score {})"
    buttons = "".join(_button(example[0], labels[index]) for example, index in zip(examples, tried, strict=True))
    figure = digit_figure(rounded, examples[:1].float() / 255, softmax)
    controls, words = CONTROLS.format(buttons), WORDS | {"answer": answer}
    return DigitPad("draw_digit", data, figure, controls, words, f"{key} {packed}", rounded)


def _preparation(pictures: Pictures) -> dict[str, float]:
    """How the source of the pictures prepares a drawing."""
    if not isinstance(pictures, Pictures):
        raise ValueError(f"draw_digit was given a {type(pictures).__name__} as pictures; give it digits(train=False)")
    shape = tuple(pictures.images.shape)
    if shape[1:] != (1, 32, 32) or not shape[0]:
        raise ValueError(f"draw_digit needs pictures of N×1×32×32, and found {shape}; give it digits(train=False)")
    for word, prepare in PREPARATIONS.items():
        if word in pictures.source:
            return prepare
    known, found = " and ".join(PREPARATIONS), pictures.source
    raise ValueError(f"draw_digit knows how {known} prepare digits, not {found}; give it digits(train=False)")


def _check_scores(scores: Tensor, softmax: bool) -> None:
    found = scores.amax(dim=1).mean().item()
    if found > 2 and not softmax:
        raise ValueError(
            f"draw_digit shows scores from 0 to 1, and the largest are {found:.1f} on average; "
            "if the network was trained by cross-entropy, leave softmax=False out"
        )


def _button(picture: Tensor, label: int) -> str:
    """A digit to try, 32×32 bytes."""
    address = "data:image/png;base64," + base64.b64encode(drawing.png(picture / 255)).decode()
    alt = f"a digit of the test set: {label}"
    return f'<button type="button"><img src="{address}" alt="{alt}" width="40" height="40"></button>'
