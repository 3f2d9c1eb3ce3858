"""Are we getting faster? Shares in time by the month of opening, and the newer half of a period beside the older."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.deadlines import Step
from tracker.share.figures.gap import WITHIN, on_time
from tracker.share.figures.shares import Share
from tracker.store.reads.chains import AlertChain


@dataclass(frozen=True)
class Month:
    """The alerts opened in a calendar month (UTC), such as `2026-11`, and how many steps were in time."""

    month: str
    alerts: int
    on_time: Mapping[Step, Share]


def by_month(chains: Iterable[AlertChain], at: datetime) -> list[Month]:
    """Return the months in which alerts were opened, oldest first."""
    opened: dict[str, list[AlertChain]] = defaultdict(list)
    for each in chains:
        opened[f"{each.opened_at:%Y-%m}"].append(each)
    return [
        Month(month, len(of), {step: on_time(of, step, at) for step in WITHIN})
        for month, of in sorted(opened.items())
    ]


@dataclass(frozen=True)
class Halves:
    """One share in the older and in the newer half of a period."""

    older: Share
    newer: Share

    @property
    def change(self) -> int | None:
        """1 where the newer half is better beyond chance (the intervals lie apart), -1 worse, 0 neither.

        None where a half is too small for a share.
        """
        older, newer = self.older.interval, self.newer.interval
        if older is None or newer is None:
            return None
        return (newer[0] > older[1]) - (newer[1] < older[0])


def halves(chains: Iterable[AlertChain], since: datetime, at: datetime) -> Mapping[Step, Halves]:
    """Part a period in the middle and return how many steps were in time in each half."""
    middle = since + (at - since) / 2
    older, newer = list[AlertChain](), list[AlertChain]()
    for each in chains:
        (older if each.opened_at < middle else newer).append(each)
    return {step: Halves(on_time(older, step, at), on_time(newer, step, at)) for step in WITHIN}
