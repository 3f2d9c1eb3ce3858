"""How many rows a day the inbox would have shown, had the captured feeds come in day by day.

    python benchmarks/inbox.py [--feeds ../shared/feeds/dev]

Every entry is taken in on the day on which it was published, by the same path as a polled one, and each day is
worked through at its end with our own rules. A feed is captured once, so the days before its oldest entry are
silent; what is counted are days on which something was published.
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from tracker.clock import utc_now
from tracker.domain.words import DateOrigin, SourceKind
from tracker.ingest.dates import read_date
from tracker.ingest.documents import Document, RawItem
from tracker.ingest.feed import read_feed
from tracker.ingest.intake import take_in
from tracker.ingest.policy import FetchPolicy
from tracker.pipeline import work_through
from tracker.respond.set_up import set_up
from tracker.settings import Settings
from tracker.store import Store
from tracker.store.tables import Signal
from tracker.store.writes.people import host_org
from tracker.store.writes.sources import NewSource, lock_sources, store_source

NOW = utc_now()
BUSY = 50
"""Entries from which a day resembles one of a desk with eighty feeds."""
Days = dict[date, dict[str, list[RawItem]]]
"""Day of publication → file name → its entries of that day."""


def main() -> None:
    """Replay and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=Path, default=Path("../shared/feeds/dev"))
    wanted = parser.parse_args()
    files = sorted(wanted.feeds.glob("*.xml"))
    if not files:
        print(f"{wanted.feeds} holds no feeds: nothing was replayed")
        return
    policy = FetchPolicy.of(Settings.read())
    days, undated = _by_day(files, policy)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/replay.db")
        began = time.perf_counter()
        sources = _set_up(store, [file.name for file in files])
        for day in sorted(days):
            _live_through(store, day, days[day], sources, policy)
        taken = time.perf_counter() - began
        flagged = _flagged(store)
        store.close()
    items = {day: sum(map(len, by_file.values())) for day, by_file in days.items()}
    _tell(items, flagged, undated, taken)


def _by_day(files: list[Path], policy: FetchPolicy) -> tuple[Days, int]:
    days: Days = defaultdict(lambda: defaultdict(list))
    undated = 0
    for file in files:
        reading = read_feed(file.read_bytes())
        for raw in reading.items if isinstance(reading, Document) else ():
            said = read_date(raw.claimed, NOW, policy.dates)
            if said.origin is DateOrigin.FIRST_SEEN:
                undated += 1
            else:
                days[said.used.date()][file.name].append(raw)
    return days, undated


def _set_up(store: Store, names: list[str]) -> dict[str, str]:
    set_up(store, Settings.read(), "Platform", NOW)
    with store.acting("operator", "add sources", NOW) as work:
        org = host_org(work)
        made = {
            name: store_source(work, NewSource(name, SourceKind.FEED, org, url=f"file:{name}", polled=False))
            for name in names
        }
    return {name: source_id for name, source_id in made.items() if source_id}


def _live_through(
    store: Store, day: date, by_file: dict[str, list[RawItem]], sources: dict[str, str], policy: FetchPolicy
) -> None:
    evening = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    with store.acting("job:ingest", "ingest", evening) as work:
        present = lock_sources(work, [sources[name] for name in by_file])
        arrived = [
            (present[sources[name]], Document(name, None, tuple(raws))) for name, raws in by_file.items()
        ]
        take_in(work, arrived, policy)
    work_through(store, evening + timedelta(minutes=1))


def _flagged(store: Store) -> Counter[tuple[date, str]]:
    with store.looking("count signals", NOW) as work:
        rows = work.execute(select(Signal.flagged_at, Signal.rule, Signal.level))
        return Counter(((at - timedelta(minutes=2)).date(), f"{rule} {level}") for at, rule, level in rows)


def _tell(items: dict[date, int], flagged: Counter[tuple[date, str]], undated: int, seconds: float) -> None:
    rows = [sum(count for (on, _), count in flagged.items() if on == day) for day in items]
    print(
        f"{sum(items.values())} entries on {len(items)} days, {undated} without a usable date; {seconds:.0f} s"
    )
    print(
        f"inbox rows a day: median {statistics.median(rows):g}, 95th percentile {_centile(rows):g}, most {max(rows)}"
    )
    kinds: Counter[str] = Counter()
    for (_, kind), count in flagged.items():
        kinds[kind] += count
    print("; ".join(f"{kind}: {count}" for kind, count in kinds.most_common()) or "nothing was flagged")
    busy = [rows[at] for at, day in enumerate(items) if items[day] >= BUSY]
    if len(busy) > 1:
        middle = statistics.median(busy)
        print(
            f"on the {len(busy)} days with {BUSY} entries or more: median {middle:g}, 95th {_centile(busy):g}"
        )


def _centile(rows: list[int]) -> float:
    """Return the 95th percentile of all that was counted; it is never more than the most."""
    return statistics.quantiles(rows, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    main()
