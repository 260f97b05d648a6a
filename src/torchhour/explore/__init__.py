"""Things to play with, for the last line of a cell: what they show was computed by PyTorch, as they were made."""

from torchhour.explore.descend import descend
from torchhour.explore.draw_digit import draw_digit
from torchhour.explore.forward_backward import forward_backward
from torchhour.explore.record import Record
from torchhour.explore.replay import replay
from torchhour.explore.slide import slide

__all__ = ["Record", "descend", "draw_digit", "forward_backward", "replay", "slide"]
