"""Figures from chains: how far warnings get, how long each step takes, how often in time, and how we know. Pure.

Everything is computed from chains, and from such signals and facts alone as one viewer may see. Merged alerts are
left out; dismissed and withdrawn ones are counted apart. A figure comes with its n; below ten it is a count, never a
share or a curve (domain.md 3.3).
"""

from tracker.share.figures.gap import (
    WITHIN,
    Funnel,
    Gap,
    Waiting,
    days,
    gap,
    headline,
    is_open,
    on_time_words,
    waiting_for_decision,
)
from tracker.share.figures.shares import ENOUGH_FOR_A_SHARE, Share, share_words

__all__ = [
    "ENOUGH_FOR_A_SHARE",
    "WITHIN",
    "Funnel",
    "Gap",
    "Share",
    "Waiting",
    "days",
    "gap",
    "headline",
    "is_open",
    "on_time_words",
    "share_words",
    "waiting_for_decision",
]
