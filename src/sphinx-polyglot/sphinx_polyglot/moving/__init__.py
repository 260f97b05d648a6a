"""Come over: one script of marks from copies of a script or from catalogues, and back."""
