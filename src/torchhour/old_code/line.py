"""An old line, run on the PyTorch that is installed, and the line of today beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import numpy as np
import torch.nn.functional as F
from torch import nn
from torch.autograd import Variable
from torchvision import models, transforms

from torchhour.outcomes import Outcome, outcomes

#: What code of any year has imported at its top, besides ``torch``.
IMPORTED = {"nn": nn, "F": F, "np": np, "Variable": Variable, "models": models, "transforms": transforms}


@dataclass(frozen=True)
class OldLine:
    """What was written, and what is written now.

    ``says`` is how that begins which today's PyTorch says to ``old``: its warnings in order, then its
    error or its value. ``given`` stands before either line, and ``then`` after it, to show its effect;
    ``unseen`` runs before ``given`` and is not shown.

    >>> line = OldLine("loss.data[0]", "loss.item()", ["IndexError: invalid index"], given="loss = torch.tensor(1.5)")
    >>> [str(each) for each in line.now()]
    ['1.5']
    """

    old: str
    new: str
    says: list[str]
    given: str = ""
    then: str = ""
    unseen: str = ""

    def was(self) -> list[Outcome]:
        """What the old line comes to, as ``outcomes`` tells it."""
        return self._run(self.old)

    def now(self) -> list[Outcome]:
        """What the line of today comes to."""
        return self._run(self.new)

    def _run(self, line: str) -> list[Outcome]:
        with _folder():
            return outcomes("\n".join((self.unseen, self.given, line, self.then)), IMPORTED)


@contextmanager
def _folder() -> Iterator[None]:
    """Be in an empty folder, where torch.hub keeps its downloads, too; both are as before afterwards."""
    before = os.environ.get("TORCH_HOME")
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, chdir(folder):
        os.environ["TORCH_HOME"] = folder
        try:
            yield
        finally:
            os.environ.pop("TORCH_HOME")
            if before is not None:
                os.environ["TORCH_HOME"] = before
