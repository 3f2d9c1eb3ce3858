"""The command line: data on stdout, words for people on stderr, exit codes 0 done, 1 failed, 2 usage, 3 rejected."""

import gc

_COLLECT_AFTER = 100_000
"""Objects made before the collector looks: a batch makes many that all stay, and looking took a tenth of its time."""


def main() -> None:
    """Run the command line; see `tracker.cli.main`."""
    gc.set_threshold(_COLLECT_AFTER)
    from tracker.cli.main import main as run

    run()
