"""What comes in: sources, polling, captured feeds, tagging and folding of texts.

Each command imports what it runs, so that the others start without the parsers and the arithmetic.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from tracker.cli.reports import import_report_file
from tracker.cli.shared import REJECTED, give, opened_store, reading, say, show_progress, writing
from tracker.clock import utc_now
from tracker.domain.taxonomy import Taxonomy
from tracker.settings import Settings
from tracker.store import Store
from tracker.store.writes.sources import list_feeds, list_sources


def sources_add(
    url: Annotated[str, typer.Argument(help="Address of a feed.")],
    name: Annotated[str | None, typer.Option(help="Name to show.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language, such as fr.")] = None,
    country: Annotated[str | None, typer.Option(help="Country focus, ISO 3166-1 alpha-3.")] = None,
) -> None:
    """Add a feed; adding an address again changes nothing."""
    from tracker.ingest.sources import About, add_source

    with opened_store() as (store, _):
        added = add_source(store, url, utc_now(), About(name, publisher, lang, country))
    say("This feed was there already." if added.was_there else "Added; it is polled at the next round.")
    give(added.id)


def sources_list(as_json: Annotated[bool, typer.Option("--json", help="As a JSON array.")] = False) -> None:
    """List the sources, with how each is doing."""
    with opened_store() as (store, _), store.looking("list sources", utc_now()) as work:
        rows = [asdict(row) for row in list_sources(work)]
    if as_json:
        give(json.dumps(rows, default=_plain, ensure_ascii=False, indent=1))
        return
    for row in rows:
        reason = f" – {row['reason']}" if row["reason"] else ""
        give(f"{row['state']:9} {row['items']:7} {row['name']} ({row['url'] or 'no address'}){reason}")


def sources_import(
    file: Annotated[
        Path | None, typer.Argument(help="YAML or OPML; without it the list that came with the program.")
    ] = None,
) -> None:
    """Add the feeds of a list; an address that is there already stays as it is."""
    from tracker.ingest.source_lists import import_sources, read_list

    with opened_store() as (store, settings):
        listed = read_list(file or settings.config_dir / "sources.yaml")
        imported = import_sources(store, listed, utc_now())
    for place, why in imported.faults:
        say(f"{place}: {why}")
    give(
        json.dumps(
            {"added": imported.added, "were_there": imported.were_there, "rejected": len(imported.faults)}
        )
    )
    if imported.faults:
        raise typer.Exit(REJECTED)


def sources_export(
    opml: Annotated[
        bool,
        typer.Option(
            "--opml", help="As OPML for other readers of feeds: addresses, names, languages of those polled."
        ),
    ] = False,
) -> None:
    """Write the feeds as a list that `sources import` reads: YAML, with all that a list can tell, or OPML."""
    from tracker.ingest.source_lists import to_opml, to_yaml

    with opened_store() as (store, _), store.looking("export sources", utc_now()) as work:
        feeds = list_feeds(work)
    give((to_opml if opml else to_yaml)(feeds))


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def ingest(
    once: Annotated[bool, typer.Option("--once", help="Poll every source now, due or not.")] = False,
    fetch_only: Annotated[
        bool, typer.Option("--fetch-only", help="Store, but do not understand or detect.")
    ] = False,
    source: Annotated[str | None, typer.Option(help="Poll this source alone, by id.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Only the summary object.")] = False,
) -> None:
    """Poll what is due, understand it, raise signals; the last line is a summary object."""
    from tracker.ingest.policy import FetchPolicy
    from tracker.ingest.poll import poll

    with opened_store() as (store, settings):
        fetching = FetchPolicy.of(settings)
        summary = poll(
            store, fetching, now=utc_now, everything=once, source_id=source, progress=show_progress
        )
        worked = "" if fetch_only else _work_through(store)
    if worked and not as_json:
        say(worked)
    give(json.dumps(asdict(summary)))


def _work_through(store: Store) -> str:
    """Work through what is pending, and say what came of it; loaded here, since it brings the arithmetic."""
    from tracker.pipeline import work_through

    done = work_through(store, utc_now())
    return (
        f"{done.items_read} items read, {done.signals_raised} signals raised, "
        f"{done.alerts_touched} alerts opened or joined."
    )


def import_feed_files(
    paths: Annotated[list[Path], typer.Argument(help="Captured feed files.")],
    fetch_only: Annotated[
        bool, typer.Option("--fetch-only", help="Store, but do not understand or detect.")
    ] = False,
) -> None:
    """Import captured feed files by the same path as polled ones, one source per file."""
    from tracker.ingest.files import import_feeds
    from tracker.ingest.policy import FetchPolicy

    with opened_store() as (store, settings):
        imported = import_feeds(store, FetchPolicy.of(settings), paths, utc_now(), progress=show_progress)
        worked = "" if fetch_only else _work_through(store)
    for name, reason in imported.reasons:
        say(f"{name}: {reason}")
    if worked:
        say(worked)
    give(json.dumps(asdict(imported.polled)))
    if imported.polled.failed:
        raise typer.Exit(REJECTED)


def tag(
    source: Annotated[str, typer.Argument(metavar="[IN]", help="JSONL file; - is stdin.")] = "-",
    target: Annotated[str, typer.Argument(metavar="[OUT]", help="JSONL file; - is stdout.")] = "-",
) -> None:
    """Read texts: language, countries, category, severity, relevance. One line out for each line in."""
    from tracker.understand.lines import tag_line
    from tracker.understand.tagger import Tagger

    tagger = Tagger(Taxonomy.read(Settings.read().read_config("taxonomy")))
    _answer_lines(source, target, partial(tag_line, tagger))


def cluster(
    source: Annotated[
        str, typer.Argument(metavar="[IN]", help="JSONL file in time order; - is stdin.")
    ] = "-",
    target: Annotated[str, typer.Argument(metavar="[OUT]", help="JSONL file; - is stdout.")] = "-",
) -> None:
    """Fold texts that tell of the same events into stories. One line out for each line in."""
    from tracker.understand.lines import StoryLines
    from tracker.understand.normalise import Folder
    from tracker.understand.stories import StoryRules

    settings = Settings.read()
    letters = Taxonomy.read(settings.read_config("taxonomy")).matching.shared_letters
    stories = StoryLines(StoryRules.read(settings.read_config("stories")), Folder(letters))
    _answer_lines(source, target, stories.place)


def _answer_lines(source: str, target: str, answer: Callable[[str], dict[str, Any]]) -> None:
    rejected = 0
    with reading(source) as lines, writing(target) as out:
        for line in lines:
            answered = answer(line)
            rejected += "error" in answered
            out.write(json.dumps(answered, ensure_ascii=False) + "\n")
    if rejected:
        say(f"{rejected} lines could not be read; each is answered with its error.")
        raise typer.Exit(REJECTED)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    sources = typer.Typer(help="Where items come from.", no_args_is_help=True)
    sources.command("add")(sources_add)
    sources.command("list")(sources_list)
    sources.command("import")(sources_import)
    sources.command("export")(sources_export)
    app.add_typer(sources, name="sources")
    app.command()(ingest)
    imports = typer.Typer(help="Bring in what was captured elsewhere.", no_args_is_help=True)
    imports.command("feeds")(import_feed_files)
    imports.command("reports")(import_report_file)
    app.add_typer(imports, name="import")
    app.command()(tag)
    app.command()(cluster)
