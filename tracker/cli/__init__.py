"""The command line: data on stdout, words for people on stderr, exit codes 0 done, 1 failed, 2 usage, 3 rejected."""

from tracker.cli.main import main

__all__ = ["main"]
