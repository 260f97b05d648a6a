"""What passed through a graph: the result of each function, as far as something has kept it, and its gradient."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, Node, get_gradient_edge


@dataclass
class Passed:
    """What passed through a function; ``name`` is its tensor's, if it has one, else its ``own_name``.

    ``inputs`` are the named tensors without a gradient that the function has kept.
    """

    name: str
    own_name: str
    value: Tensor | None
    gradient: Tensor | None
    is_leaf: bool
    inputs: dict[str, Tensor] = field(default_factory=dict)


def passed(graph: Iterable[Node], loss: Tensor, names: Mapping[str, Tensor]) -> dict[Node, Passed]:
    """What passed through each function of the graph behind ``loss``, some of whose tensors have ``names``.

    >>> from torchhour.graphs import edges
    >>> a = torch.tensor(3.0, requires_grad=True)
    >>> loss = a**2
    >>> found = passed({function for edge in edges(loss) for function in edge}, loss, {"a": a})
    >>> found[loss.grad_fn].value.item(), [one.gradient.item() for one in found.values() if one.is_leaf]
    (9.0, [6.0])
    """
    used = _outputs(graph, loss)
    tensors = _named(used, {"loss": loss} | names)
    values = _values(used) | {function: tensor for function, (_, tensor) in tensors.items()}
    gradients = _gradients(used, loss, names)
    inputs = {name: tensor for name, tensor in names.items() if not tensor.requires_grad}
    found = {}
    for function in graph:
        own = own_name(function)
        name, _ = tensors.get(function, (own, None))
        is_leaf = hasattr(function, "variable")
        found[function] = Passed(name, own, values.get(function), gradients.get(function), is_leaf)
        kept = {id(tensor) for tensor in _kept(function)}
        found[function].inputs = {name: tensor for name, tensor in inputs.items() if id(tensor) in kept}
    return found


def own_name(function: Node) -> str:
    """What a function is called, without the end that all have.

    >>> own_name(torch.ones(1, requires_grad=True).exp().grad_fn)
    'Exp'
    """
    return re.sub(r"Backwards?\d*$", "", type(function).__name__)


def _outputs(graph: Iterable[Node], loss: Tensor) -> dict[Node, int]:
    """Which of its outputs each function has passed on; those that have passed on several are left out."""
    found: dict[Node, set[int]] = {function: set() for function in graph}
    found[loss.grad_fn].add(loss.output_nr)
    for function in graph:
        for other, number in function.next_functions:
            if other is not None:
                found[other].add(number)
    return {function: numbers.pop() for function, numbers in found.items() if len(numbers) == 1}


def _named(used: Mapping[Node, int], names: Mapping[str, Tensor]) -> dict[Node, tuple[str, Tensor]]:
    """The name and the tensor of each function that made one of ``names``; other tensors are left out."""
    found = {}
    for name, tensor in names.items():
        if tensor.requires_grad:
            function, number = get_gradient_edge(tensor)[:2]
            if used.get(function) == number:
                found[function] = name, tensor
    return found


def _values(used: Mapping[Node, int]) -> dict[Node, Tensor]:
    """The result of each function: a leaf, or what a function has kept for its backward."""
    found = {function: function.variable for function in used if hasattr(function, "variable")}
    for function in used:
        for tensor in _kept(function):
            if used.get(tensor.grad_fn) == tensor.output_nr:
                found[tensor.grad_fn] = tensor
    return found


def _kept(function: Node) -> Iterator[Tensor]:
    for name in dir(function):
        if name.startswith("_saved_") and isinstance(value := getattr(function, name), Tensor):
            yield value


def _gradients(used: Mapping[Node, int], loss: Tensor, names: Mapping[str, Tensor]) -> dict[Node, Tensor | None]:
    """The gradient of each function's result."""
    retained = [tensor for tensor in (loss, *names.values()) if tensor.retains_grad]
    before = [tensor.grad for tensor in retained]
    wanted = [GradientEdge(function, number) for function, number in used.items()]
    try:
        found = torch.autograd.grad(loss, wanted, retain_graph=True, allow_unused=True)
    finally:
        for tensor, gradient in zip(retained, before, strict=True):
            tensor.grad = gradient  # retain_grad had this pass note its own
    return dict(zip(used, found, strict=True))
