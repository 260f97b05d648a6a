"""Moments of a training, noted in its loop: what the network makes of test pictures as it learns."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from torchhour.training import confusion_matrix, predict

#: Pictures that run through the network at once.
BATCH = 1000


@dataclass(frozen=True, eq=False)
class Moment:
    """What the network made of N test pictures after a step: a class of K for each, and its probability."""

    step: int
    loss: float
    accuracy: float  # 0 to 1
    confusion: Tensor  # K×K, int64: a row for each label, a column for each prediction
    predictions: Tensor  # N, int64
    probabilities: Tensor  # N, 0 to 1, by softmax


class Record:
    """Moments of a training: make it before the loop, and write ``record.note(loss)`` into it, after the update.

    ``images`` are N×C×H×W floats, gray or with 3 colors, and ``labels`` N integers; a few hundred will do. The
    network makes logits of them, N×K. ``classes`` are K names; left out, the numbers from 0. At most ``keep``
    moments are kept: the first, the last, and some evenly between, however long the training is. The training
    goes on as it would without.

    Raises ``ValueError`` where pictures, labels and names do not fit together.

    >>> network = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    >>> record = Record(network, torch.eye(4).view(4, 1, 2, 2), torch.tensor([0, 1, 0, 1]), keep=5)
    >>> for step in range(1, 101):
    ...     record.note(1 / step)
    >>> [moment.step for moment in record.moments()]
    [1, 33, 65, 97, 100]
    """

    def __init__(
        self, network: nn.Module, images: Tensor, labels: Tensor, classes: Sequence[str] | None = None, keep: int = 24
    ) -> None:
        if fault := _fault(images, labels, classes, keep):
            raise ValueError(f"Record was given {fault}")
        self.network, self.images, self.labels, self.keep = network, images, labels.cpu().long(), keep
        self.classes = None if classes is None else [str(name) for name in classes]
        self.losses: list[float] = []
        self._kept: list[Moment] = []
        self._every = 1
        self._last: Moment | dict | None = None

    def note(self, loss: Tensor | float) -> None:
        """Note a step and its loss, one number. Steps are counted from 1.

        Raises ``ValueError`` where it is none, or not finite, or the network makes no logits of the pictures.
        """
        if isinstance(loss, Tensor) and loss.numel() != 1:
            raise ValueError(f"record.note was given a loss of {_shape(loss)}; it wants one number, as loss.mean() is")
        step, value = len(self.losses) + 1, loss.item() if isinstance(loss, Tensor) else float(loss)
        _check_finite(math.isfinite(value), f"a loss of {value}", step)
        if self._is_due(step) and len(self._kept) == self.keep - 1:
            self._kept, self._every = self._kept[::2], 2 * self._every
        if self._is_due(step):
            self._last = self._moment(self.network, step, value)
            self._kept.append(self._last)
        else:  # it may be the last step: then its parameters are asked for
            self._last = copy.deepcopy(self.network.state_dict())
        self.losses.append(value)

    def moments(self) -> list[Moment]:
        """The moments that are kept, and the last one."""
        if isinstance(self._last, dict):
            network = copy.deepcopy(self.network)
            network.load_state_dict(self._last)
            self._last = self._moment(network, len(self.losses), self.losses[-1])
        return self._kept if self._last in [None, *self._kept[-1:]] else [*self._kept, self._last]

    def _is_due(self, step: int) -> bool:
        return (step - 1) % self._every == 0

    def _moment(self, network: nn.Module, step: int, loss: float) -> Moment:
        """What a network makes of the test pictures; random numbers go on as if it had not been asked."""
        device = next((parameter.device for parameter in network.parameters()), torch.device("cpu"))
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            logits, labels = predict(network, zip(self.images.split(BATCH), self.labels.split(BATCH), strict=True))
        self.classes = self.classes or [str(number) for number in range(logits.shape[-1])]
        classes = max(len(self.classes), int(labels.max()) + 1)
        if logits.shape != (len(labels), classes):
            message = f"the network made {_shape(logits)} of {len(labels)} pictures with {classes} classes"
            raise ValueError(f"{message}; Record wants logits of {len(labels)}×{classes}, so look at its last layer")
        _check_finite(bool(logits.isfinite().all()), "outputs that are nan or infinite", step)
        probabilities, predictions = logits.float().softmax(dim=1).max(dim=1)
        accuracy = (predictions == labels).sum().item() / len(labels)
        confusion = confusion_matrix(labels, predictions, classes)
        return Moment(step, loss, accuracy, confusion, predictions, probabilities)


def _fault(images: Tensor, labels: Tensor, classes: Sequence[str] | None, keep: int) -> str:
    """What does not fit together, and the remedy; empty where all does."""
    if images.dim() == 3 or images.dim() == 2:
        return f"pictures of {_shape(images)}, not N×C×H×W; of one picture, make a batch: image[None]"
    if images.dim() != 4 or images.shape[1] not in (1, 3) or 0 in images.shape:
        return f"pictures of {_shape(images)}; it wants N×C×H×W, where C is 1 or 3"
    if not images.is_floating_point() or not images.isfinite().all():
        return f"pictures of {images.dtype} that are not all finite floats; of bytes, make floats: images / 255"
    if labels.shape != images.shape[:1] or labels.is_floating_point() or labels.min() < 0:
        return f"labels of {_shape(labels)} and {labels.dtype}; it wants {len(images)} integers from 0, one a picture"
    if classes is not None and labels.max() >= len(classes):
        return f"the label {labels.max().item()}, but {len(classes)} classes; name them all, from 0 on"
    return "" if keep >= 2 else f"keep={keep}; it keeps the first and the last moment at least, so 2 or more"


def _check_finite(is_finite: bool, what: str, step: int) -> None:
    if not is_finite:
        raise ValueError(f"the training came to {what} at step {step}; train again with a smaller learning rate")


def _shape(values: Tensor) -> str:
    return "×".join(map(str, values.shape)) or "one number"
