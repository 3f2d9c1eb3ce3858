"""Small marks: level, label, country, deadline, instant, person. Whatever comes in is escaped by Markup."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from markupsafe import Markup

from dashboards.components.markup import EMPTY, html
from tracker.domain.countries import country_name
from tracker.domain.labels import tlp_rank
from tracker.domain.wording import ago, due_day_words, due_words, exact, moment, said, sentence_case
from tracker.domain.words import Level, Tlp

_SHAPES = {Level.CRITICAL: "◆", Level.HIGH: "▲", Level.MEDIUM: "●"}
_COLOURS = {
    Tlp.CLEAR: "clear",
    Tlp.GREEN: "green",
    Tlp.AMBER: "amber",
    Tlp.AMBER_STRICT: "amber",
    Tlp.RED: "red",
}
_LOOK = Path(__file__).with_name("look.css")


def look() -> None:
    """Put the stylesheet on the page."""
    st.html(f"<style>{_LOOK.read_text(encoding='utf-8')}</style>")


def show(body: Markup, *, narrow: bool = False) -> None:
    """Draw escaped HTML; a plain string does not pass the type checker. `narrow` takes no more than it needs."""
    st.html(html('<div class="eat">{}</div>', body), width="content" if narrow else "stretch")


def head(label: Tlp | None, right: object, title: object, under: object = None) -> None:
    """Draw the top of a page: label and facts, the headline that says the finding, one soft line."""
    top = html(
        '<div class="head"><span>{}</span><span class="small soft num">{}</span></div>',
        tlp(label) if label else "",
        right,
    )
    line = html('<p class="soft" style="margin-top:6px">{}</p>', under) if under else EMPTY
    show(html('<div class="top">{}<h1 style="margin-top:16px">{}</h1>{}</div>', top, title, line))


def write(template: str, *values: object) -> None:
    """Draw a template of ours; see `html`."""
    show(html(template, *values))


def note(words: str) -> None:
    """Draw a soft line: what would be here, and what to do."""
    write('<p class="soft">{}</p>', words)


def title(words: str) -> None:
    """Draw the heading of a card."""
    show(html("<h2>{}</h2>", words))


def level(of: Level) -> Markup:
    """Return a level: shape, word and colour."""
    return html('<span class="lv {}">{} {}</span>', of, _SHAPES[of], sentence_case(of))


def level_words(of: Level) -> str:
    """Return a level for places that hold no HTML: shape and word."""
    return f"{_SHAPES[of]} {sentence_case(of)}"


def tlp(label: Tlp) -> Markup:
    """Return a TLP 2.0 label in FIRST's colours on black."""
    return html('<span class="tlp {}">TLP:{}</span>', _COLOURS[label], label)


def strictest_of(labels: Iterable[Tlp]) -> Tlp | None:
    """Return the label that a page must carry for what it shows; None where it shows nothing labelled."""
    return max(labels, key=tlp_rank, default=None)


def chip(words: str) -> Markup:
    """Return a quiet word in a frame."""
    return html('<span class="chip">{}</span>', words)


def country(code: str | None) -> Markup:
    """Return a country's name, linked to its page; "country not known" without a code."""
    if not code:
        return html("country not known")
    return html('<a href="/country?iso3={}" target="_self">{}</a>', code, country_name(code))


def instant(at: datetime | None, now: datetime, *, as_ago: bool = False) -> Markup:
    """Return an instant as people say it, the exact one on hover; "not known" for None."""
    if at is None:
        return html("not known")
    words = ago(at, now) if as_ago else moment(at, now)
    return html('<time title="{}" datetime="{}">{}</time>', exact(at), at.isoformat(), words)


def deadline(step: str, due_at: datetime | None, now: datetime, *, parted: str = " ") -> Markup:
    """Return a step with its clock; red and in words where it is late."""
    if due_at is None:
        return html("{}", step)
    kind = "late" if due_at <= now else "due"
    return html(
        '<span class="num {}" title="{}">{}{}{}</span>',
        kind,
        exact(due_at),
        step,
        html(parted),
        due_words(due_at, now),
    )


def due_day(day: date, now: datetime) -> Markup:
    """Return how a day that something is due on stands."""
    is_late, words = day < now.date(), due_day_words(day, now.date())
    kind, words = ("late", words) if is_late else ("due", f"due {words}")
    return html('<span class="num {}" title="{}">{}</span>', kind, f"{day:%A %-d %B %Y}", words)


def person(name: str | None) -> Markup:
    """Return who owns something, as `show_people` lets this viewer know them."""
    return chip(f"owner: {name or 'none'}")


def outside_link(url: str | None, words: str) -> Markup:
    """Return a link out of the house; only the words where the address is none that a browser should open."""
    if not url or urlsplit(url).scheme not in ("http", "https"):
        return html("{}", words)
    return html('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>', url, words)


def state(words: str) -> Markup:
    """Return a coded word as people write it, in a chip."""
    return chip(said(words))
