"""What the names of a cell hold once it has run: noted by the run itself, for ``pages.held`` to show.

Only values are looked at, and of arrays only what they know without computing. Nothing that could differ from
run to run is noted: no times, no addresses, no paths.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, ModuleType

from sphinx_polyglot.source.names import names_in

SCRAPER = f"{__name__}.note"
#: Each part of a description is text that no language translates, or one of these with its number.
PARAMETERS, ITEMS, SCALAR, GRADIENT = "{n} parameters", "{n} items", "a single number", "requires grad"
#: Libraries with arrays that know their shape, their type and their device.
ARRAYS = {"torch", "numpy", "jax", "jaxlib", "cupy"}
NO_VALUES = (ModuleType, FunctionType, BuiltinFunctionType, type)
#: A longer text, or number, says nothing at a glance.
LONGEST = 30

Parts = list[str | list]


def note(block, block_vars: dict, gallery_conf: dict) -> str:
    """What Sphinx-Gallery calls after each cell, as it looks for figures: write down what the names hold."""
    values = block_vars["example_globals"]
    names = dict.fromkeys(place.name for place in names_in(block[1]))
    held = {name: parts for name in names if name in values and (parts := described(values[name], name))}
    if not held:
        return ""
    return f"\n.. polyglot-held::\n\n    {json.dumps(held, ensure_ascii=False)}\n"


def described(value: object, name: str = "x") -> Parts:
    """What a value is, in parts; empty where that says nothing.

    >>> described(3), described([1, 2]), described("cat"), described(len)
    (['int 3'], ['list', ['{n} items', 2]], ['str "cat"'], [])
    """
    if isinstance(value, NO_VALUES) or name.startswith("_") or callable(value) and hasattr(value, "__wrapped__"):
        return []
    kind = type(value).__name__
    if isinstance(value, bool | int | str | None) or value is None:
        return _plain(value, kind)
    if type(value) in (list, tuple, dict, set, frozenset, range):
        return [kind, [ITEMS, len(value)]]
    for describe in (_array, _network):
        try:
            if parts := describe(value):
                return parts
        except Exception:  # whatever an object of the lesson raises when it is asked, the lesson is not at fault
            return [kind]
    return [kind]


def _plain(value: bool | int | str | None, kind: str) -> Parts:
    if value is None:
        return ["None"]
    text = json.dumps(value, ensure_ascii=False)
    is_short = len(text) <= LONGEST and not (isinstance(value, str) and set(value) & set("/\\\n"))
    is_telling = is_short and not (kind == "int" and abs(value) > 10**9)  # an address, say
    return [f"{kind} {value if kind == 'bool' else text}" if is_telling else kind]


def _array(value: object) -> Parts:
    """Shape, type, device, and whether gradients are wanted."""
    if not ARRAYS & {base.__module__.partition(".")[0] for base in type(value).__mro__}:
        return []
    if not all(hasattr(value, name) for name in ("shape", "dtype", "ndim")):
        return []
    shape = "×".join(map(str, value.shape)) if value.ndim else [SCALAR]
    kind, device = type(value).__name__, getattr(value, "device", "")
    wants_gradient = getattr(value, "requires_grad", False) is True
    parts = [kind * (kind != "Tensor"), shape, str(value.dtype).removeprefix("torch."), str(device)]
    return [part for part in parts if part] + [[GRADIENT]] * wants_gradient


def _network(value: object) -> Parts:
    parameters: Callable | None = getattr(value, "parameters", None)
    if not (callable(parameters) and hasattr(value, "named_modules")):
        return []
    count = sum(parameter.numel() for parameter in parameters())
    return [type(value).__name__, *[[PARAMETERS, count]] * bool(count)]
