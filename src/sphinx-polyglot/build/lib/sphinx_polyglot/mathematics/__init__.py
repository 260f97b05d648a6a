"""Formulas as pictures of the page: no script, no font, no network."""

from sphinx_polyglot.mathematics.renderer import setup

__all__ = ["setup"]
