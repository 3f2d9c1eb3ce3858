"""Settling several signals at once, each by itself: one that cannot be settled holds up none of the others."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tracker.domain.wording import counted
from tracker.errors import NotFoundError, StaleError

_GONE = "You may not see this any more."


@dataclass(frozen=True)
class Settled:
    """How many were settled, and why others were not: each reason with how many it kept."""

    count: int
    kept: tuple[tuple[str, int], ...]

    def words(self, done: str) -> str:
        """Say what came of it; `done` is the word for one that was settled, such as "dismissed"."""
        left = [f"{counted(number, 'was', 'were')} not: {why}" for why, number in self.kept]
        return " ".join([f"{counted(self.count, 'signal')} {done}.", *left])


def settle_each(signal_ids: Iterable[str], deed: Callable[[str], object]) -> Settled:
    """Do a deed to each signal, in its own transaction.

    Raises:
        NotAllowedError, SubmissionError, ConfigError: the deed is refused whatever the signal.
        StaleError: none of them could be settled any more; says why.
    """
    count, kept = 0, Counter[str]()
    for signal_id in signal_ids:
        try:
            deed(signal_id)
        except NotFoundError:
            kept[_GONE] += 1
        except StaleError as error:
            kept[str(error)] += 1
        else:
            count += 1
    if kept and not count:
        raise StaleError(" ".join(kept))
    return Settled(count, tuple(kept.items()))
