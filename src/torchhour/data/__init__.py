"""Real pictures for the lessons, each set handed out as an ordinary dataset.

``digits`` makes handwritten digits; ``sources`` holds what every set shares: the
dataset itself, the folder that ``TORCHHOUR_DATA`` names, and the error for a
broken file. This file imports nothing, so a lesson depends only on the sets
that it names.
"""
