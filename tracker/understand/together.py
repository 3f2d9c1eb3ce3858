"""Words of several sets that stand close by in one sentence, such as an armed actor and a killing. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"[.!?;]\s|\n")


@dataclass(frozen=True)
class SetHit:
    """A word of a set at [start, end) of the folded text."""

    name: str
    start: int
    end: int
    negated: bool


def together(
    text: str, hits: Iterable[SetHit], names: Sequence[str], reach: int
) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, negated) of each closest group that holds a word of every named set.

    Args:
        text: the folded text.
        hits: words of any sets.
        names: the sets that belong together.
        reach: letters from the group's first to its last, at most.
    """
    last: dict[str, SetHit] = {}
    for hit in sorted(hits, key=lambda hit: hit.start):
        if hit.name not in names:
            continue
        last[hit.name] = hit
        if len(last) < len(names):
            continue
        start, end = min(each.start for each in last.values()), max(each.end for each in last.values())
        if end - start <= reach and not _SENTENCE_END.search(text, start, end):
            yield start, end, any(each.negated for each in last.values())
            last.clear()
