"""The small library that the lessons import.

``torchhour.data`` hands out datasets. This file imports no submodule, so a
lesson depends only on the modules that it names.
"""
