"""How many sources independently tell of the same: other owners, with words of their own. Pure."""

from collections import defaultdict
from collections.abc import Iterable


def independent_sources(tellings: Iterable[tuple[str, str]]) -> int:
    """Count the independent sources among (independence group, text) pairs, one for each item.

    Of two that count, neither owner nor text is the same: forty papers that carry one wire are one source, and so is
    one owner with forty texts. It is the largest matching of groups and texts (Kuhn's augmenting paths).
    """
    texts: dict[str, list[str]] = defaultdict(list)
    for group, text in sorted(set(tellings)):
        texts[group].append(text)
    teller: dict[str, str] = {}
    return sum(_finds_text(group, texts, teller, set()) for group in texts)


def _finds_text(group: str, texts: dict[str, list[str]], teller: dict[str, str], tried: set[str]) -> bool:
    """Give a group a text that no other group counts with, moving others to another of theirs where that helps."""
    for text in texts[group]:
        if text in tried:
            continue
        tried.add(text)
        if text not in teller or _finds_text(teller[text], texts, teller, tried):
            teller[text] = group
            return True
    return False
