"""Who is on duty: say it, and set who takes turns."""

import json
from datetime import date, time
from typing import Annotated

import typer

from tracker.cli.shared import give, opened_store, say
from tracker.clock import utc_now
from tracker.domain.duty_words import layer_name
from tracker.domain.times import as_utc
from tracker.errors import SubmissionError
from tracker.respond.duty import Turns, on_duty_now, plan_turns
from tracker.store.writes.people import user_by_email


def duty(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="An array of objects: layer, email, name.")] = False,
) -> None:
    """Say who is on duty now, the first to be asked in front."""
    if context.invoked_subcommand is not None:
        return
    with opened_store() as (store, _):
        found = on_duty_now(store, utc_now())
    if as_json:
        rows = [{"layer": layer, "email": person.email, "name": person.name} for layer, person in found]
        give(json.dumps(rows))
        return
    for layer, person in found:
        give(f"{layer_name(layer)}\t{person.name}\t{person.email}")
    if not found:
        say("Nobody is on duty. Set who takes turns with `tracker duty set`, or at /duty.")


def duty_set(
    people: Annotated[list[str], typer.Argument(help="Who takes turns, in this order: their addresses.")],
    layer: Annotated[int, typer.Option(help="Which layer; the first is asked first.")] = 1,
    at: Annotated[str, typer.Option(help="The local hour of handing over, such as 09:00.")] = "09:00",
    zone: Annotated[str, typer.Option(help="The time zone, such as Europe/Paris.")] = "UTC",
    days: Annotated[int, typer.Option(help="How many days a turn lasts.")] = 7,
    since: Annotated[
        str | None, typer.Option("--from", help="The day of the first turn; today unless told.")
    ] = None,
) -> None:
    """Set who takes turns in a layer from a day on; what was set before holds until then."""
    now = utc_now()
    try:
        hour, first = time.fromisoformat(at), date.fromisoformat(since) if since else as_utc(now).date()
    except ValueError as error:
        raise SubmissionError(
            "at or from", "Write an hour such as 09:00, a day such as 2026-11-30."
        ) from error
    with opened_store() as (store, _):
        with store.looking("find people", now) as work:
            ids = tuple(user_by_email(work, each.strip().lower()) for each in people)
        plan_turns(store, Turns(layer, ids, zone, hour, days, first), now, "operator")
    say(f"Set: {len(ids)} in the {layer_name(layer)}, from {first}.")


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    group = typer.Typer(help="Who is on duty.", invoke_without_command=True)
    group.callback()(duty)
    group.command("set")(duty_set)
    app.add_typer(group, name="duty")
