from base64 import b64decode
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.components.curve import Weeks, curve
from dashboards.components.marks import deadline, level, level_words, outside_link, strictest_of, tlp
from dashboards.components.markup import html, joined, table, two_lines
from dashboards.forms import refusal
from dashboards.options import streamlit_options
from tests.support.house import NOW
from tracker.domain.words import Level, Tlp
from tracker.errors import NotFoundError, SubmissionError


@given(st.text())
def test_whatever_comes_in_is_escaped_once(text: str) -> None:
    for made in (
        html("<p>{}</p>", text),
        two_lines(text, text),
        table([(text,)]),
        joined([html("{}", text)]),
    ):
        inside = made.replace("<p>", "").replace("</p>", "")
        assert "<" not in text or "&lt;" in inside
        assert "&amp;lt;" not in made or "&lt;" in text


def test_a_level_is_shape_word_and_colour() -> None:
    assert level(Level.CRITICAL) == '<span class="lv critical">◆ Critical</span>'
    assert [level_words(of) for of in Level] == ["● Medium", "▲ High", "◆ Critical"]


def test_every_label_has_its_chip() -> None:
    assert "TLP:AMBER+STRICT" in tlp(Tlp.AMBER_STRICT)
    assert len({tlp(label) for label in Tlp}) == len(Tlp)
    assert strictest_of([Tlp.GREEN, Tlp.AMBER, Tlp.CLEAR]) is Tlp.AMBER
    assert strictest_of([]) is None


def test_a_deadline_gives_the_exact_instant_on_hover() -> None:
    shown = deadline("decide", NOW - timedelta(days=9), NOW)
    assert 'class="num late"' in shown
    assert 'title="Monday 16 November 2026, 09:40 UTC"' in shown
    assert "decide 9 days late" in shown


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", None, "ftp://x/y"])
def test_only_addresses_of_the_web_become_links(url: str | None) -> None:
    assert outside_link(url, "words") == "words"
    assert 'rel="noopener noreferrer nofollow"' in outside_link("https://example.org/?a=1&b=2", "words")


@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=60),
    st.none() | st.floats(0, 500),
    st.none() | st.integers(0, 900),
)
def test_a_curve_is_a_picture_with_words(
    counts: list[int], expected: float | None, bound: int | None
) -> None:
    names = tuple(f"2026-W{week % 52 + 1:02d}" for week in range(len(counts)))
    weeks = Weeks(names, tuple(map(float, counts)), expected, bound)
    for large in (False, True):
        shown = curve(weeks, large=large)
        assert f'alt="{counts[-1]} in week' in shown
        drawn = shown.partition("base64,")[2].partition('"')[0]
        assert ElementTree.fromstring(b64decode(drawn)).tag.endswith("svg")  # noqa: S314 - our own markup


def test_a_signal_without_a_series_has_no_curve() -> None:
    assert Weeks.of_signal(None, None, None) is None
    assert Weeks.of_signal([], 1.0, 2.0) is None


def test_refusals_are_said_in_words_of_a_page() -> None:
    assert refusal(SubmissionError("decided_by", "Say who.")) == "Decided by: Say who."
    assert "01ABC" not in refusal(NotFoundError("alert", "01ABC"))


def test_nothing_is_told_to_other_hosts_and_no_traceback_is_shown() -> None:
    options = streamlit_options()
    assert options["browser.gatherUsageStats"] is False
    assert options["client.showErrorDetails"] == "none"
    assert options["client.toolbarMode"] == "minimal"
    assert options["client.disableDataExport"] is True
    assert not any("http" in str(value) for value in options.values())
