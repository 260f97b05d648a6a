"""What learners get wrong: the table of lesson 80, and how to run it."""

from torchhour.pitfalls.running import show

__all__ = ["show"]
