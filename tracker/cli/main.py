"""Puts the commands together and turns errors into one line and an exit code; no user ever sees a traceback."""

import sys

import typer

from tracker import __version__
from tracker.cli import duty, intake, operate, people, series, serving, sharing
from tracker.cli.shared import say
from tracker.errors import StoreError, SubmissionError, TrackerError, describe

app = typer.Typer(
    name="tracker",
    help="From early warning to early action: sources, signals, alerts, actions, outcomes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
operate.add_to(app)
intake.add_to(app)
series.add_to(app)
people.add_to(app)
duty.add_to(app)
serving.add_to(app)
sharing.add_to(app)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Show the version and stop.")) -> None:
    if version:
        sys.stdout.write(f"{__version__}\n")
        raise typer.Exit


def main() -> None:
    """Run the command line; exits with 0, 1, 2 or 3 (see the package's docstring)."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except SubmissionError as error:
        say(str(error))
        sys.exit(2)
    except TrackerError as error:
        say(_for_operator(error))
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last resort: one line, and no word that an error may hold
        say(f"This is an error of the program's own: {describe(error)}")
        sys.exit(1)


def _for_operator(error: TrackerError) -> str:
    detail = error.detail if isinstance(error, StoreError) else None
    return f"{error} ({detail})" if detail else str(error)
