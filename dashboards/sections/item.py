"""One item, read."""

from markupsafe import Markup

from dashboards.components import marks
from dashboards.components.evidence import grade, known, source_name
from dashboards.components.markup import html, joined
from dashboards.sections.story import draw_story
from dashboards.session import Visit
from tracker.domain.wording import exact
from tracker.domain.words import DatePrecision, ItemKind
from tracker.store.reads.items import ItemRow

_PRECISION = {
    DatePrecision.SECOND: "to the second",
    DatePrecision.MINUTE: "to the minute",
    DatePrecision.DAY: "to the day",
    DatePrecision.UNKNOWN: "when we first saw it",
}


def category_name(here: Visit, item: ItemRow) -> str:
    """Return the name of an item's category; "not known" where it has none in force."""
    category = here.policy.taxonomy.by_code.get(item.category or "")
    return category.name if category else "not known"


def _country(item: ItemRow) -> Markup:
    if item.country_said and item.country_uncertain:
        return html("not certain: “{}”", item.country_said)
    return marks.country(item.country)


def draw_item(here: Visit, item: ItemRow) -> None:
    """Draw an item with its words and what is known of it."""
    marks.write("<p>{} {}</p>", marks.tlp(item.tlp), grade(item))
    marks.write(
        '<p dir="auto"><b>{}</b></p><p dir="auto">{}</p>',
        item.title,
        item.text or "No more text than this.",
    )
    facts = (
        ("Source", html("{}", source_name(item))),
        (
            "Reported" if item.kind is ItemKind.REPORT else "Published",
            html("{} ({})", exact(item.published_at), _PRECISION[item.date_precision]),
        ),
        ("It said", html("{}", item.published_claimed or "no date")),
        ("Came in", marks.instant(item.fetched_at, here.now)),
        ("Country", _country(item)),
        ("Place", html("{}", item.place or "not known")),
        ("Category", html("{}", category_name(here, item))),
        ("How grave", html("{}", f"{item.severity} of 5" if item.severity else "not known")),
    )
    lines = joined(html("<dt>{}</dt><dd>{}</dd>", name, value) for name, value in facts)
    marks.write('<dl>{}</dl><p class="small soft">{}</p>', lines, known(item, here.now))
    draw_story(here, item)
