"""The lessons' exercises with an answer that can be checked: ``from torchhour.exercises import check``."""

from torchhour.exercises.checking import check

__all__ = ["check"]
