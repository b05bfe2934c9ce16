"""The commands of `python -m app`, a file for each subject; they call what the pages call."""
