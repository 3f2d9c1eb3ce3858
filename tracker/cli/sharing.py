"""What leaves the house: digests and exports. Each command imports what it runs."""

import json
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tracker.access.people import viewer_of_email
from tracker.cli.shared import give, opened_store, say
from tracker.clock import parse_instant, utc_now
from tracker.domain.words import OutboxKind
from tracker.errors import ConfigError


class Subject(StrEnum):
    """What can be exported."""

    ITEMS = "items"
    REPORTS = "reports"
    SIGNALS = "signals"
    ALERTS = "alerts"
    ACTIONS = "actions"
    METRICS = "metrics"


class Format(StrEnum):
    """How rows are written."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


def digest(
    week: Annotated[str, typer.Option(help="ISO week, such as 2026-W47.")],
    to_folder: Annotated[
        Path | None,
        typer.Option("--dry-run", metavar="DIR", help="Write .eml files, send nothing."),
    ] = None,
    lead: Annotated[
        str | None, typer.Option(help="Write the editor's lead, TLP:GREEN; an empty one takes it away.")
    ] = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="Approve it for readers outside the Platform.")
    ] = False,
    as_user: Annotated[
        str | None, typer.Option("--as", metavar="USER", help="Who edits and approves: their address.")
    ] = None,
) -> None:
    """Send the digest of an ISO week; sending twice sends nothing new. Not approved, it stays inside."""
    from tracker.share.digest_queue import dry_run, queue_digest
    from tracker.share.editing import approve_digest, write_lead
    from tracker.share.sender import send_due
    from tracker.store.writes.outbox import Matter

    if as_user is None and (approve or lead is not None):
        raise typer.BadParameter("--lead and --approve need --as USER, the address of who does it.")
    now = utc_now()
    with opened_store() as (store, settings):
        if as_user is not None:
            editor = viewer_of_email(store, as_user, now)
            if lead is not None:
                write_lead(store, editor, week, lead, now)
            if approve:
                approve_digest(store, editor, week, now)
        if to_folder is not None:
            written = dry_run(store, settings, week, to_folder, now)
            say(f"{len(written)} mails written to {to_folder}; nothing was sent.")
            give(json.dumps({"written": len(written)}))
            return
        queued = queue_digest(store, week, now)
        done = send_due(store, settings, now, Matter(OutboxKind.DIGEST, week))
    kept = " What waits is kept and sent once the mail server takes it." if done.waiting else ""
    say(f"{queued} queued, {done.sent} sent, {done.failed} failed, {done.waiting} waiting.{kept}")
    give(json.dumps({"queued": queued, "sent": done.sent, "failed": done.failed, "waiting": done.waiting}))
    if done.waiting or done.failed:
        raise typer.Exit(1)


def export_rows(
    what: Annotated[Subject, typer.Argument(help="What to export.")],
    form: Annotated[Format, typer.Option("--format", help="Form of the rows.")] = Format.CSV,
    as_user: Annotated[
        str | None, typer.Option("--as", metavar="USER", help="As this user may see it; else all but RED.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="RFC 3339 instant or day, in UTC where it has no zone.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Up to here, not included.")] = None,
) -> None:
    """Write rows to stdout, as a user may see them; without --as as the operator, and audited."""
    from tracker.share.export import ExportFilter, columns, export
    from tracker.share.formats import write

    now = utc_now()
    wanted = ExportFilter(since=_instant(since, "--since"), until=_instant(until, "--until"))
    with opened_store() as (store, _):
        viewer = viewer_of_email(store, as_user, now) if as_user else None
        write(export(store, what, viewer, wanted, now), form, sys.stdout.buffer, columns(what))


def _instant(said: str | None, where: str) -> datetime | None:
    if said is None:
        return None
    try:
        return parse_instant(f"{said}T00:00:00Z" if len(said) == len("2026-11-25") else said, where)
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from error


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(digest)
    app.command("export")(export_rows)
