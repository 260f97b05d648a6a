"""Things to play with, for the last line of a cell: what they show was computed by PyTorch, as they were made."""

from torchhour.explore.descend import descend

__all__ = ["descend"]
