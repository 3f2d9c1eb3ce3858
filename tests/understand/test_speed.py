"""A text of any kind is read in bounded time: no list makes reading slower than linear."""

from time import perf_counter

from tracker.understand.tagger import Tagger, TagInput


def test_a_long_text_full_of_first_words_takes_linear_time(tagger: Tagger) -> None:
    def seconds(times: int) -> float:
        text = "people killed by the armed men in the town of " * times
        began = perf_counter()
        tagger.tag(TagInput("", text, "en"))
        return perf_counter() - began

    seconds(50)
    assert seconds(4000) < 40 * max(seconds(400), 0.002)
