"""The graph behind a loss: values go forward through it, and gradients go back."""

from __future__ import annotations

import networkx as nx
from torch import Tensor

from torchhour.explore.forward_backward_figure import WIDTH, Box, figure, sizes
from torchhour.explore.forward_backward_layout import bent, layout
from torchhour.explore.passed import Passed, passed
from torchhour.explore.thing import Thing
from torchhour.graphs import cells_of, edges

#: More functions do not fit on a phone; and of a tensor with more numbers, only its shape does.
FUNCTIONS, NUMBERS = 14, 4
CONTROLS = (
    '<button type="button" data-does="back">one step back</button>'
    '<button type="button" data-does="step">one step</button><button type="button" data-does="play">run</button>'
    '<output data-shows="numbers" aria-live="polite"></output>'
)
WORDS = {
    "run": "run",
    "pause": "pause",
    "begin": "forward up to the loss, then backward again",
    "forward": "forward: {} = {}",
    "passed": "forward: {}",
    "backward": "backward: gradient of {} = {}",
    "returned": "backward: {}",
}


def forward_backward(loss: Tensor, /, **names: Tensor) -> Thing:
    """Step through the graph behind ``loss``, a single number: forward with values, backward with gradients.

    The graph is that of the ``grad_fn``, as ``torchhour.graphs.edges`` walks it; ``names`` are its tensors by name.
    A value that nothing has kept is left out, unless its tensor is named. Beside a function stand the named tensors
    without a gradient that it has kept. The graph can still be used, and no ``grad`` of ``loss`` and ``names`` changes.

    Raises ``ValueError`` where ``loss`` is no single number or has no ``grad_fn``, where the graph has more than 14
    functions, and where a number is nan or infinite; and ``RuntimeError`` where ``backward`` has freed the graph.

    >>> import torch
    >>> w, x = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0)
    >>> thing = forward_backward((w * x) ** 2, w=w, x=x)
    >>> [(node["name"], node["value"], node["gradient"]) for node in thing.data["nodes"]]
    [('w', '2', '36'), ('Mul', '6', '12'), ('loss', '36', '1')]
    """
    graph = _graph(loss)
    found = passed(graph, loss, names)
    cells = cells_of(bent(graph))
    order = sorted(graph, key=lambda function: (-cells[function][1], cells[function][0]))
    _check([found[function] for function in order])
    for most in (NUMBERS, NUMBERS // 2, 1):
        boxes = {function: _box(found[function], most) for function in order}
        if layout(cells, sizes(cells, boxes))[1][0] <= WIDTH:
            break
    nodes = [{"name": box.name, "value": box.value, "gradient": box.gradient} for box in boxes.values()]
    return Thing("forward_backward", {"nodes": nodes}, figure(graph, cells, boxes), CONTROLS, WORDS)


def written(tensor: Tensor, most: int = NUMBERS) -> str:
    """A single number, up to so many numbers as Python lists them, or a shape.

    >>> import torch
    >>> written(torch.tensor(-1 / 3)), written(torch.tensor([[1.0], [2.5]])), written(torch.ones(8, 10))
    ('−0.3333', '[[1], [2.5]]', '8×10')
    """
    if tensor.numel() > most:
        return "×".join(map(str, tensor.shape)) if tensor.dim() > 1 else f"({len(tensor)},)"
    digits = 4 if tensor.dim() == 0 else 3

    def listed(value: object) -> str:
        if isinstance(value, list):
            return f"[{', '.join(map(listed, value))}]"
        return f"{value + 0:.{digits}g}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")

    return listed(tensor.tolist())


def _graph(loss: Tensor) -> nx.DiGraph:
    """The functions, each with those that its gradients go to."""
    if loss.numel() != 1:
        message = f"forward_backward needs a loss with one number, but its shape is {tuple(loss.shape)}"
        raise ValueError(f"{message}; take its sum() or its mean()")
    graph = nx.DiGraph(edges(loss))
    if len(graph) > FUNCTIONS:
        message = f"forward_backward shows up to {FUNCTIONS} functions, but behind this loss are {len(graph)}"
        raise ValueError(f"{message}; take a smaller example, or draw it with torchhour.graphs.draw_graph")
    return graph


def _check(found: list[Passed]) -> None:
    """Raise where a number is none, first of all forward, where it came from."""
    values = [(name, tensor) for one in found for name, tensor in (*one.inputs.items(), (one.name, one.value))]
    gradients = [(f"the gradient of {one.name}", one.gradient) for one in reversed(found)]
    for name, tensor in values + gradients:
        if tensor is not None and not tensor.isfinite().all():
            message = f"forward_backward was given a number that cannot be shown, in {name}"
            raise ValueError(f"{message}; look for a division by zero, a log of 0, or a root of 0")


def _box(one: Passed, most: int) -> Box:
    """What a function's box says, with tensors of up to so many numbers written out; what is not known is left out."""
    parts = [] if one.is_leaf or one.name == one.own_name else [one.own_name]
    parts += [f"{name} = {written(tensor, most)}" for name, tensor in one.inputs.items()]
    value, gradient = ("" if it is None else written(it.detach(), most) for it in (one.value, one.gradient))
    return Box(one.name, ", ".join(parts), value, gradient, one.is_leaf)
