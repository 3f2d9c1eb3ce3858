"""Trying a rule on the past: what it would have said of every period of a series."""

import csv
import sys
from contextlib import ExitStack, closing
from dataclasses import astuple, fields
from pathlib import Path
from typing import IO, Annotated

import typer

from tracker.cli.shared import REJECTED, say
from tracker.domain.rules import ESCALATION, Rules
from tracker.errors import ConfigError
from tracker.settings import Settings

_FAULTS_SHOWN = 20


def backtest(
    series: Annotated[str, typer.Argument(help="CSV country,period,events,fatalities; - is stdin.")],
    out: Annotated[str, typer.Argument(help="CSV to write; - is stdout.")] = "-",
    rule: Annotated[str, typer.Option(help="Rule to try.")] = ESCALATION,
) -> None:
    """Say what a rule, as config/rules.yaml has it, would have flagged; no answer depends on later rows."""
    from tracker.detect.backtest import COLUMNS, Judged, read_series
    from tracker.detect.backtest import backtest as judged_by

    if rule != ESCALATION:
        raise typer.BadParameter(f"No such rule: {rule}. There is: {ESCALATION}.", param_hint="--rule")
    written = Rules.read(Settings.read().read_config("rules")).escalation
    with ExitStack() as stack:
        rows = csv.DictReader(_opened(series, "r", stack))
        if missing := [each for each in COLUMNS if each not in (rows.fieldnames or ())]:
            raise ConfigError(
                f"{series}: the first row must name {', '.join(COLUMNS)}; no {missing[0]} is there."
            )
        periods, faults = read_series(rows)
        answer = csv.writer(_opened(out, "w", stack), lineterminator="\n")
        answer.writerow(field.name for field in fields(Judged))
        answer.writerows(astuple(row) for row in judged_by(periods, written))
    for fault in faults[:_FAULTS_SHOWN]:
        say(f"{series}, row {fault.row}: {fault.reason}")
    if faults:
        say(f"{len(faults)} rows were left out.")
        raise typer.Exit(REJECTED)


def _opened(path: str, mode: str, stack: ExitStack) -> IO[str]:
    if path == "-":
        return sys.stdin if mode == "r" else sys.stdout
    encoding = "utf-8-sig" if mode == "r" else "utf-8"
    try:
        return stack.enter_context(
            closing(Path(path).open(mode, encoding=encoding, errors="replace", newline=""))
        )
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be opened: {error.strerror}") from error


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(backtest)
