import unicodedata
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.ingest.text import one_line, plain_text

CASES = [
    ("<p>One.</p><p>Two &amp; three</p>", "One.\nTwo & three"),
    ("a<br>b<br/>c", "a\nb\nc"),
    ("<script>alert(1)</script>T", "T"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;T", "T"),
    ("&amp;amp;lt;b&amp;amp;gt;bold", "bold"),
    ('<img src=x onerror="alert(1)">', ""),
    ("a < b & c > d", "a < b & c > d"),
    ("Q&A", "Q&A"),
    ("bad\x0bchar\x00here\u202e", "badcharhere"),
    ("a&nbsp;b  c\t d", "a b c d"),
    ("&#0;&#x1b;x", "\ufffd\x1bx".replace("\x1b", "")),
    ("Élection à Côte d’Ivoire", "Élection à Côte d’Ivoire"),
]


@pytest.mark.parametrize(("markup", "wanted"), CASES)
def test_markup_becomes_plain_text(markup: str, wanted: str) -> None:
    assert plain_text(markup) == wanted


MARKUP = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            ["<", ">", "&", ";", "lt", "amp", "&lt;", "&#60;", "<script>", "</p>", "<!--", "\x00"]
        ),
    ),
    max_size=20,
).map("".join)


@given(MARKUP)
@example("&amp;" * 10 + "lt;b>")
def test_no_tag_and_no_control_character_is_ever_left_and_reading_again_changes_nothing(markup: str) -> None:
    text = plain_text(markup)
    assert "<script" not in text.lower()
    assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cs") for char in text)
    assert plain_text(text) == text
    assert "\n" not in one_line(markup)


def test_text_is_cut_where_it_is_too_long() -> None:
    assert len(plain_text("word " * 1000, limit=100)) <= 100


NESTED = [
    "<div>",
    "<ul><li>",
    '<p class="a > b">',
    "&lt;div&gt;",
    "<center>",
    "<nav>",
    '<nav title="<">',
    "<b><p>",
]


@pytest.mark.parametrize("block", NESTED)
def test_elements_within_elements_take_linear_time(block: str) -> None:
    def seconds(count: int) -> float:
        began = process_time()
        assert plain_text(block * count + "the end", limit=10_000_000).endswith("the end")
        return process_time() - began

    assert seconds(100_000) < 40 * max(seconds(10_000), 0.02)


def test_a_text_of_very_many_tags_keeps_its_words_and_lines_and_no_script() -> None:
    markup = "<p>one <b>wo</b>rd</p><script>alert(1)</script>" * 2_000
    assert plain_text(markup) == "\n".join(["one word"] * 2_000)
