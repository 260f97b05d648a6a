"""Lines of PyTorch as they were written years ago: what each does today, and what one writes instead.

``gone`` and ``refused`` are the tables of those that raise an error, ``warns``, ``misleads`` and ``works`` of the
others; ``line`` says what stands in them, and ``table`` shows it.
"""
