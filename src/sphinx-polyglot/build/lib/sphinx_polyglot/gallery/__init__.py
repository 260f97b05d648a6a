"""All that is known of Sphinx-Gallery: what it runs and when, what it writes, logs and leaves behind."""
