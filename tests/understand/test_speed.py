"""A text of any kind is read in bounded time: no list makes reading slower than linear."""

from time import process_time

import pytest

from tracker.understand.tagger import Tagger, TagInput


def half_and_half(first: str, then: str, letters: int) -> str:
    """Return one word again and again, then another, so far apart that they do not belong together."""
    half = letters // 2
    return (first * half)[:half] + "x " * 300 + (then * half)[:half]


@pytest.mark.parametrize(
    ("lang", "first", "then"),
    [
        ("en", "people killed by the armed men in the town of ", ""),
        ("en", "Georgia ", "Lebanon "),
        ("en", "Congo ", ""),
        ("en", "tonight ", "militiamen fight "),
        ("sw", "mapigano", "shambulio"),
        ("sw", "watu", "wenye"),
        ("sw", "watu wenyewatu", ""),
        ("ar", "وبال", "هجوم"),
        ("ar", "هُجُومٌ مُسَلَّحٌ ", ""),
        ("ru", "боевики", "боевики "),
        ("fr", "l'attaque d'hommes armés ", ""),
    ],
)
def test_a_long_text_of_the_worst_kind_takes_linear_time(
    tagger: Tagger, lang: str, first: str, then: str
) -> None:
    def seconds(letters: int) -> float:
        item = TagInput("", half_and_half(first, then or first, letters), lang)
        return min(_seconds_of(tagger, item) for _ in range(2))

    seconds(2_000)
    assert seconds(100_000) < 40 * max(seconds(10_000), 0.005)


def _seconds_of(tagger: Tagger, item: TagInput) -> float:
    began = process_time()
    tagger.tag(item)
    return process_time() - began
