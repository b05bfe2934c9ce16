"""The commands of `python -m app`, a file for each subject; they call what the pages call.

What a command calls it imports when it runs: help and small questions need not wait the two seconds
that pages, figures and the server take to import.
"""
