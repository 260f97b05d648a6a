"""The verbs of the command: build and publish, serve and watch, new, clean."""
