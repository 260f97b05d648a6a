"""The drawings of lesson 40, for the lessons after it; each ends in ``plt.show()``, as in a lesson."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
from torch import Tensor


def show_pictures(images: Tensor, titles: Sequence[str], columns: int = 4) -> None:
    """Set pictures in rows and columns, each with its title above it.

    ``images`` is N×3×H×W, uint8 or float in [0, 1]; ``titles`` has N strings of as
    many lines. Matplotlib clips floats outside [0, 1], and says so.

    >>> import torch
    >>> plt.switch_backend("agg")
    >>> show_pictures(torch.zeros(3, 3, 8, 8), ["cat", "dog", "frog"], columns=2)
    >>> [axis.get_title() for axis in plt.gcf().axes]
    ['cat', 'dog', 'frog', '']
    >>> plt.close()
    """
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


def show_confusion(confusion: Tensor, classes: Sequence[str]) -> None:
    """Draw a confusion matrix, K×K counts, with the K names of its classes: a row is a label, a column a prediction.

    >>> import torch
    >>> plt.switch_backend("agg")
    >>> show_confusion(torch.tensor([[3, 1], [0, 4]]), ["cat", "dog"])
    >>> [text.get_text() for text in plt.gca().texts]
    ['3', '1', '0', '4']
    >>> plt.close()
    """
    figure, axis = plt.subplots(figsize=(4.5, 4.5), layout="constrained")
    axis.imshow(confusion, cmap="Blues", vmin=0)
    for i in range(len(classes)):
        for j in range(len(classes)):
            count = confusion[i, j].item()
            color = "white" if count > 0.71 * confusion.max() else "black"
            axis.text(j, i, count, color=color, fontsize=8, ha="center", va="center")
    axis.set_xticks(range(len(classes)), classes, rotation=45, ha="right", rotation_mode="anchor")
    axis.set_yticks(range(len(classes)), classes)
    axis.set(xlabel="prediction", ylabel="label")
    plt.show()
