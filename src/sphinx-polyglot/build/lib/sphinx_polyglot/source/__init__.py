"""What authors write, taken apart: marks, blocks, scripts and pages, each lesson with its prose in every language."""
