"""Time builds of synthetic projects, ours beside plain Sphinx-Gallery's; ``make bench`` writes ``docs/bench.md``."""
