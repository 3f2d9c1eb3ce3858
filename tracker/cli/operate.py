"""Setting up and looking after: init, keys, doctor, backup, restore."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from tracker.access.doctor import examine
from tracker.access.sealing import create_keys
from tracker.cli.shared import give, opened_store, say, show_progress
from tracker.clock import utc_now
from tracker.domain.wording import counted, sentence_case
from tracker.settings import Settings
from tracker.store import Store
from tracker.store.backup import back_up
from tracker.store.backup import restore as restore_from


def init(
    org: Annotated[str, typer.Option(help="Name of the host organisation.")] = "Platform",
) -> None:
    """Create or upgrade the database and load vocabularies and rules; safe to repeat."""
    from tracker.respond.set_up import set_up

    settings = Settings.read()
    store = Store.open(settings.database_url)
    try:
        set_up(store, settings, org, utc_now())
    finally:
        store.close()
    say("The database is ready. Next: tracker users add EMAIL --role analyst --org NAME")


def keys_create(folder: Annotated[Path, typer.Argument(help="Folder for the key pair.")]) -> None:
    """Make the coordinator's key pair; the public half goes into the store."""
    with opened_store() as (store, _):
        private = create_keys(store, folder, utc_now())
    say(
        f"The private key is {private}. Keep it off this machine: whoever holds it can open who reported.\n"
        "The public half is in the store; reports may now carry a name and a contact, sealed."
    )


def doctor(
    sources: Annotated[
        bool, typer.Option("--sources", help="Also ask every source whether it answers with a feed.")
    ] = False,
) -> None:
    """Check everything and say what is wrong and how to mend it; exit 1 where something is."""
    from tracker.ingest.open_mailbox import mailbox_fault

    with opened_store() as (store, settings):
        faults = [*examine(store, settings, utc_now()), *filter(None, [mailbox_fault(settings)])]
        for fault in faults:
            say(fault)
        found: dict[str, Any] = {"faults": len(faults)}
        if sources:
            found["sources"] = _ask_sources(store, settings)
    give(json.dumps(found, ensure_ascii=False))
    if faults or any(not source["answers"] for source in found.get("sources", ())):
        raise typer.Exit(1)


def _ask_sources(store: Store, settings: Settings) -> list[dict[str, Any]]:
    from tracker.ingest.checkup import check_sources
    from tracker.ingest.policy import FetchPolicy

    checked = check_sources(store, FetchPolicy.of(settings), utc_now(), show_progress)
    for source in checked:
        told = (
            "answers with a feed."
            if source.answers
            else f"{sentence_case(source.reason or '')}. {source.mend}"
        )
        say(f"{source.name} ({source.url}): {told}")
    silent = sum(not source.answers for source in checked)
    say(f"{counted(len(checked), 'source')} asked, {counted(len(checked) - silent, 'feed')}.")
    return [asdict(source) for source in checked]


def backup(file: Annotated[Path, typer.Argument(help="File to write; only its owner may read it.")]) -> None:
    """Copy everything, as of one moment, into one file; it may run while the program works."""
    with opened_store() as (store, _):
        rows = back_up(store, file, utc_now())
    say(f"{rows} rows are in {file}. Keep it as safe as the database, and no longer than your rules allow.")


def restore(file: Annotated[Path, typer.Argument(help="File that `tracker backup` wrote.")]) -> None:
    """Fill a new or empty database from a back-up; all of it or nothing."""
    store = Store.open(Settings.read().database_url)
    try:
        rows = restore_from(store, file, utc_now())
    finally:
        store.close()
    say(
        f"{rows} rows were restored. Whatever was withdrawn, erased or told since the back-up is not in it: "
        "take back by hand what reporters withdrew, and look at roles and who has access. Nobody is signed in and "
        "tokens are revoked: tracker users link, tracker users token. Mails that waited then are held on /admin."
    )


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(init)
    app.command()(doctor)
    app.command()(backup)
    app.command()(restore)
    keys = typer.Typer(help="Keys that seal who reported.", no_args_is_help=True)
    keys.command("create")(keys_create)
    app.add_typer(keys, name="keys")
