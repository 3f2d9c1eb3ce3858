"""Order of TLP labels and levels: which is stricter, which is higher. Pure."""

from collections.abc import Iterable

from tracker.domain.words import Level, Tlp

_TLP_ORDER = tuple(Tlp)
_LEVEL_ORDER = tuple(Level)


def tlp_rank(label: Tlp) -> int:
    """Return 0 for CLEAR up to 4 for RED."""
    return _TLP_ORDER.index(label)


def within(clearance: Tlp) -> tuple[Tlp, ...]:
    """Return the labels that a clearance covers, loosest first, itself included."""
    return _TLP_ORDER[: tlp_rank(clearance) + 1]


def strictest(labels: Iterable[Tlp]) -> Tlp:
    """Return the strictest of the labels; CLEAR for none."""
    return max(labels, key=tlp_rank, default=Tlp.CLEAR)


def level_rank(level: Level) -> int:
    """Return 0 for medium, 1 for high, 2 for critical."""
    return _LEVEL_ORDER.index(level)


def highest(levels: Iterable[Level]) -> Level:
    """Return the highest of the levels; medium for none."""
    return max(levels, key=level_rank, default=Level.MEDIUM)
