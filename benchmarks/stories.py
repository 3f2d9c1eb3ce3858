"""Placing captured news into stories, in a new database of its own.

    python benchmarks/stories.py [--feeds ../shared/feeds/dev] [--database URL]

Takes the feed files in by the path of polled ones, tags them, then places them: seconds of each, items a second, and
by how much placing raised the peak of the process's memory. Goal: 300 items a second placed.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from tracker.clock import utc_now
from tracker.domain.taxonomy import Taxonomy
from tracker.ingest.files import import_feeds
from tracker.ingest.policy import FetchPolicy
from tracker.settings import Settings
from tracker.store import Store
from tracker.store.migrate import upgrade
from tracker.store.writes.people import ensure_host
from tracker.store.writes.stories import story_totals
from tracker.understand.placing import place
from tracker.understand.run import tag_pending
from tracker.understand.stories import StoryRules

GOAL_PER_SECOND = 300


def main() -> None:
    """Run the benchmark and say whether its goal was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=Path, default=Path("../shared/feeds/dev"))
    parser.add_argument("--database")
    wanted = parser.parse_args()
    files = sorted(wanted.feeds.glob("*.xml"))
    if not files:
        raise SystemExit(f"There are no captured feeds in {wanted.feeds}; name a folder with --feeds.")
    with tempfile.TemporaryDirectory() as folder:
        _run(wanted.database or f"sqlite:///{folder}/stories.db", files)


def _run(url: str, files: list[Path]) -> None:
    settings = Settings.read()
    taxonomy = Taxonomy.read(settings.read_config("taxonomy"))
    rules = StoryRules.read(settings.read_config("stories"))
    upgrade(url)
    store = Store.open(url)
    try:
        with store.acting("operator", "init", utc_now()) as work:
            ensure_host(work, "Benchmark")
        import_feeds(store, FetchPolicy.of(settings), files, utc_now())
        began = time.perf_counter()
        tagged = tag_pending(store, taxonomy, utc_now())
        read, before = time.perf_counter(), _peak_mb()
        count = place(store, rules, taxonomy.matching.shared_letters, utc_now())
        seconds = time.perf_counter() - read
        with store.looking("count stories", utc_now()) as work:
            stories, wires = story_totals(work)
    finally:
        store.close()
    print(f"tagged {tagged} items in {read - began:.1f} s")
    print(
        f"placed {count} items in {seconds:.1f} s, {count / seconds:.0f} a second; +{_peak_mb() - before:.0f} MB"
    )
    print(f"{stories} stories, {wires} texts")
    met = count / seconds >= GOAL_PER_SECOND
    print(f"goal of {GOAL_PER_SECOND} a second: {'met' if met else 'MISSED'}")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
