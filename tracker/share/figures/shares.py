"""Shares with their n: a count below ten, from there on a share with its interval."""

from dataclasses import dataclass
from math import sqrt

ENOUGH_FOR_A_SHARE = 10
"""A figure with a smaller n is a count, never a share (domain.md 3.3)."""

Z95 = 1.959963984540054
"""Standard deviations on either side of the middle that hold 95 % of a normal distribution."""


@dataclass(frozen=True)
class Share:
    """Of `of` that a question was asked of, `met` say yes."""

    met: int
    of: int

    @property
    def share(self) -> float | None:
        """The share met, 0 to 1; None below an n of ten."""
        return self.met / self.of if self.of >= ENOUGH_FOR_A_SHARE else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share, within 0 to 1; None below an n of ten."""
        if self.share is None:
            return None
        middle = (self.share + Z95**2 / (2 * self.of)) / (1 + Z95**2 / self.of)
        spread = sqrt(self.share * (1 - self.share) / self.of + Z95**2 / (4 * self.of**2))
        half = Z95 * spread / (1 + Z95**2 / self.of)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __add__(self, other: "Share") -> "Share":
        """Put two groups together."""
        return Share(self.met + other.met, self.of + other.of)


def share_words(figure: Share, none: str = "none yet") -> str:
    """Say a figure with its n: a count below ten, the share beside it from there on; `none` for an n of 0."""
    if not figure.of:
        return none
    share = figure.share
    return f"{figure.met} of {figure.of}" + (f" ({share:.0%})" if share is not None else "")


def between_words(figure: Share) -> str:
    """Say the interval of a share: "between 39% and 62%"; "" below an n of ten."""
    interval = figure.interval
    return f"between {interval[0]:.0%} and {interval[1]:.0%}" if interval else ""
