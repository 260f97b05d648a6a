"""A training to step through: its curves, its predictions and what it mixes up, moment by moment."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from torchhour.explore.record import Moment, Record
from torchhour.explore.replay_figure import MARKS, Layout, drawn, painted
from torchhour.explore.thing import Thing, rounded

__all__ = ["Moment", "Record", "replay"]

#: Pictures that are shown, and classes that the figure has room for.
PICTURES, CLASSES = 8, 20
CONTROLS = (
    "<label><span>training step</span><input type='range' min='0' step='1'>"
    "<span role='status' data-shows='step'></span></label>"
    "<button type='button' data-does='back'>back</button><button type='button' data-does='forward'>forward</button>"
    "<button type='button' data-does='play'>run</button>"
    "<output data-shows='numbers' aria-live='polite'></output><output data-shows='mistake' aria-live='off'></output>"
)
WORDS = {
    "run": "run",
    "pause": "pause",
    "numbers": "step {}: loss = {}, accuracy = {}",
    "mistake": "most common mistake: {} taken for {} ({}×)",
    "single": "each mistake only once, such as {} taken for {}",
    "none": "no mistakes",
}


def replay(record: Record) -> Thing:
    """The moments of a record, to be stepped through: loss and accuracy, a few test pictures, the confusion matrix.

    The pictures go from easy to hard: a picture that is read right early in the training, and stays so, is easy.
    Their probabilities are those of softmax. Raises ``ValueError`` where nothing was noted, or there are more
    than 20 classes.

    >>> network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 2))
    >>> record = Record(network, torch.eye(4).view(4, 1, 2, 2), torch.tensor([0, 1, 0, 1]))
    >>> record.note(0.7)
    >>> replay(record).data["steps"]
    [1]
    """
    moments = record.moments()
    if not moments:
        raise ValueError("replay was given an empty record; write record.note(loss) into the training loop")
    if len(record.classes) > CLASSES:
        raise ValueError(f"replay has room for {CLASSES} classes, and the record has {len(record.classes)}")
    layout = Layout.of(record.classes, record.losses)
    shown = chosen(moments, record.labels)
    data = {
        "steps": [moment.step for moment in moments],
        "loss": [rounded(moment.loss) for moment in moments],
        "accuracy": [rounded(moment.accuracy) for moment in moments],
        "confusion": [moment.confusion.flatten().tolist() for moment in moments],
        "labels": record.labels[shown].tolist(),
        "predictions": [moment.predictions[shown].tolist() for moment in moments],
        "percents": [(100 * moment.probabilities[shown]).round().int().tolist() for moment in moments],
        "places": [layout.place(moment.step, moment.loss, moment.accuracy) for moment in moments],
        "marks": MARKS,
    }
    figure = drawn(layout, record.classes, record.losses, data, [painted(record.images[index]) for index in shown])
    return Thing("replay", data, figure, CONTROLS, WORDS | {str(k): name for k, name in enumerate(record.classes)})


def chosen(moments: Sequence[Moment], labels: Tensor, count: int = PICTURES) -> list[int]:
    """Pictures from easy to hard, of as many classes as there are: the easiest, the hardest, and some between.

    >>> moment = Moment(1, 0.7, 0.5, torch.eye(2), torch.tensor([0, 1, 1]), torch.ones(3))
    >>> chosen([moment], torch.tensor([1, 0, 1]))
    [2, 0, 1]
    """
    right = torch.stack([moment.predictions == labels for moment in moments]).sum(dim=0)
    order = right.argsort(descending=True, stable=True).tolist()
    ranks: list[int] = []
    for wanted in reversed(torch.linspace(0, len(order) - 1, min(count, len(order))).long().tolist()):
        seen = [labels[order[rank]].item() for rank in ranks]
        left = [rank for rank in range(len(order)) if rank not in ranks]
        ranks.append(min(left, key=lambda rank: (seen.count(labels[order[rank]].item()), abs(rank - wanted))))
    return [order[rank] for rank in sorted(ranks)]
