"""Reads a period in a viewer's session, for its figures; and puts together what several viewers may see of one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from tracker.share.figures.summary import Seen
from tracker.store import ViewerSession
from tracker.store.reads import chains as read
from tracker.store.reads.chains import AlertChain, ChainFilter
from tracker.store.reads.figures import signal_counts
from tracker.store.reads.periods import PeriodFacts, period_facts


def read_period(view: ViewerSession, since: datetime, at: datetime, about: ChainFilter | None = None) -> Seen:
    """Read what happened from an instant on, and which older alerts were still open: fourteen queries in all.

    `about` narrows it to a country, a theme and a level; its own times are not looked at.
    """
    wanted = replace(about, since=since, until=at) if about else ChainFilter(since, at)
    found = read.chains(view, wanted)
    older = read.open_chains(view, since, at)
    return Seen(
        since=since,
        at=at,
        chains=found,
        signals=signal_counts(view, since, at, wanted),
        facts=period_facts(view, wanted, [each.alert_id for each in found]),
        older=[each for each in older if wanted.is_about(each)],
    )


def together(parts: Sequence[Seen], signals: tuple[int, int]) -> Seen:
    """Put together what several viewers may see of one period; `signals` are counted elsewhere, each once."""
    facts = [part.facts for part in parts]
    return replace(
        parts[0],
        chains=_merged([each for part in parts for each in part.chains]),
        older=_merged([each for part in parts for each in part.older]),
        signals=signals,
        facts=PeriodFacts(
            told={key: told for each in facts for key, told in each.told.items()},
            reports={key: report for each in facts for key, report in each.reports.items()},
            blocked=frozenset(chain.from_iterable(each.blocked for each in facts)),
            reopened=frozenset(chain.from_iterable(each.reopened for each in facts)),
        ),
    )


def _merged(found: Sequence[AlertChain]) -> list[AlertChain]:
    by_id: dict[str, AlertChain] = {}
    for each in found:
        same = by_id.get(each.alert_id)
        by_id[each.alert_id] = each if same is None else _both(same, each)
    return list(by_id.values())


def _both(one: AlertChain, other: AlertChain) -> AlertChain:
    first = {**other.reached, **one.reached}
    first |= {kind: at for kind, at in other.reached.items() if at < first[kind]}
    known = {kind: (one if one.reached.get(kind) == at else other).known[kind] for kind, at in first.items()}
    return replace(
        one,
        raised=tuple({*one.raised, *other.raised}),
        reached=first,
        known=known,
        source_count=max(one.source_count, other.source_count),
        decisions=tuple(sorted({*one.decisions, *other.decisions}, key=lambda decided: decided.at)),
    )
