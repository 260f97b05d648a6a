"""Seconds: how a training step is timed, here, and as recorded on a machine with an accelerator.

This file imports nothing, and ``recorded`` no torch: the settings of the site read it.
"""
