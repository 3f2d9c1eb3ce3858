"""How many stories a week one may expect, and how many at most. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from scipy import special


@dataclass(frozen=True)
class Expectation:
    """Mean and variance of a coming week's count."""

    mean: float
    variance: float


def expect(history: Sequence[int], min_weeks: int, mean_at_least: float) -> Expectation:
    """Return what a country's own past lets one expect of the next week.

    Mean and variance are the sample's; the mean is at least `mean_at_least`, so that an empty past expects a
    little rather than nothing. The variance is that of a new week about an estimated mean, s²(1 + 1/n). A past
    shorter than `min_weeks` says little about how far weeks differ: it is taken to be at least as widely spread
    as a blend that ends, with no past at all, at the geometric distribution's mean + mean².

    Source: moments of the negative binomial as in Bliss and Fisher 1953 (Biometrics 9:176); an upper bound on a
    new count from its own past as in Farrington et al. 1996 (J. R. Stat. Soc. A 159:547). The floor and the
    blend are ours.
    """
    weeks = len(history)
    mean = max(fsum(history) / weeks if weeks else 0.0, mean_at_least)
    variance = mean
    if weeks > 1:
        variance = fsum((count - mean) ** 2 for count in history) / (weeks - 1)
    if weeks:
        variance *= 1 + 1 / weeks
    if weeks < min_weeks:
        variance = max(variance, mean + mean**2 * (1 - weeks / min_weeks))
    return Expectation(mean, variance)


def upper_bound(expected: Expectation, quantile: float) -> int:
    """Return the count that is not exceeded with the given probability (0..1).

    Negative binomial where the variance is above the mean, Poisson where it is not.
    """
    mean, variance = expected.mean, expected.variance
    if variance <= mean:
        return _smallest(lambda count: float(special.pdtr(count, mean)), quantile)
    size = mean**2 / (variance - mean)
    return _smallest(lambda count: float(special.betainc(size, count + 1, size / (size + mean))), quantile)


def surprise(expected: Expectation, observed: int) -> float:
    """Return how far a count lies above what is expected, in standard deviations; negative below."""
    return (observed - expected.mean) / sqrt(max(expected.variance, expected.mean))


def _smallest(share_up_to: Callable[[int], float], quantile: float) -> int:
    """The smallest count up to which at least this share lies; `special` loads in a tenth of `stats`' time."""
    below, enough = -1, 1
    while share_up_to(enough) < quantile:
        enough *= 2
    while enough - below > 1:
        middle = (below + enough) // 2
        below, enough = (middle, enough) if share_up_to(middle) < quantile else (below, middle)
    return enough
