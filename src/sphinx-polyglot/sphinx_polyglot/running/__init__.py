"""Run lessons: each in a process and a folder of its own, on this machine or on others, or not at all: from a store."""
