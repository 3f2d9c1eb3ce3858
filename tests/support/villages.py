"""Made-up villages: texts that name different ones tell of different events, so they are different stories."""

_SYLLABLES = ("zo", "wu", "ki", "pe", "xa", "lo", "mu", "fi", "ge", "ra", "du", "ny")


def village(number: int) -> str:
    """Return the name of a village; below 20,736 no two numbers have the same."""
    base = len(_SYLLABLES)
    return "".join(_SYLLABLES[number // base**place % base] for place in range(4)).capitalize()
