"""Chinese that reads well: lines that join, markup beside Han characters, a search without a dictionary."""
