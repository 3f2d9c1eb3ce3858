"""Trying a rule on the past: what it would have said of every period of a series."""

import csv
from dataclasses import astuple, fields
from typing import Annotated

import typer

from tracker.cli.shared import REJECTED, reading, say, writing
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
    with reading(series, "utf-8-sig") as table:
        rows = csv.DictReader(table)
        if missing := [each for each in COLUMNS if each not in (rows.fieldnames or ())]:
            raise ConfigError(
                f"{series}: the first row must name {', '.join(COLUMNS)}; no {missing[0]} is there."
            )
        periods, faults = read_series(rows)
    with writing(out) as to:
        answer = csv.writer(to, lineterminator="\n")
        answer.writerow(field.name for field in fields(Judged))
        answer.writerows(astuple(row) for row in judged_by(periods, written))
    for fault in faults[:_FAULTS_SHOWN]:
        say(f"{series}, row {fault.row}: {fault.reason}")
    if faults:
        say(f"{len(faults)} rows were left out.")
        raise typer.Exit(REJECTED)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(backtest)
