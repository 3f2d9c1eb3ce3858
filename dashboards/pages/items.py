"""What came in, and what does it say?"""

import pandas as pd
import streamlit as st

from dashboards.components import fields, filters, marks
from dashboards.components.evidence import first_words, source_name
from dashboards.sections.item import category_name, draw_item
from dashboards.session import Visit, enter
from tracker.domain.countries import country_name
from tracker.domain.wording import moment
from tracker.domain.words import ItemKind
from tracker.store.reads.items import ItemFilter, ItemRow, items
from tracker.store.reads.sources import sources

_AT_ONCE = 50
_WIDTHS = {
    "Title": st.column_config.TextColumn(width="medium"),
    "TLP": st.column_config.TextColumn(width=110),
    "Country": st.column_config.TextColumn(width=90),
    "Category": st.column_config.TextColumn(width="small"),
}
_KINDS = {"news": "News", "report": "Field reports"}


def page() -> None:
    """Draw filters, the table of items, and the one that is read."""
    here = enter()
    top = st.container()
    wanted = _filters(here)
    start = filters.current_page() * _AT_ONCE
    with here.store.viewing(here.viewer) as view:
        found = items(view, wanted, limit=_AT_ONCE + 1, offset=start)
    shown = found[:_AT_ONCE]
    with top:
        title = (
            f"The newest item is from {moment(shown[0].published_at, here.now)}."
            if shown
            else "No item fits."
        )
        marks.head(marks.strictest_of(item.tlp for item in shown), "newest first", title)
    if not shown:
        marks.note(
            "Items come from sources that are polled and from field reports. Loosen a filter, or add a source."
        )
        return
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        number = _table(here, shown)
        filters.page_number(more=len(found) > _AT_ONCE)
    with right, st.container(border=True, key="card-item"):
        if number is None:
            marks.note("Choose a row to read the item.")
        else:
            draw_item(here, shown[number])


def _filters(here: Visit) -> ItemFilter:
    with here.store.viewing(here.viewer) as view:
        names = {source.id: source.name for source in sources(view)}
    categories = {category.code: category.name for category in here.policy.taxonomy.categories}
    cells = st.columns(4)
    with cells[0]:
        country = filters.choose("Country", "country", fields.countries(here), "Every country")
    with cells[1]:
        category = filters.choose("Category", "category", categories, "Every category")
    with cells[2]:
        kind = filters.choose("Kind", "kind", _KINDS, "Every kind")
    with cells[3]:
        source = filters.choose("Source", "source", names, "Every source")
    return ItemFilter(
        country=country, category=category, kind=ItemKind(kind) if kind else None, source_id=source
    )


def _table(here: Visit, shown: list[ItemRow]) -> int | None:
    frame = pd.DataFrame(
        {
            "When (UTC)": [f"{item.published_at:%d %b %H:%M}" for item in shown],
            "Title": [first_words(item) for item in shown],
            "TLP": [item.tlp for item in shown],
            "Country": [country_name(item.country) if item.country else "not known" for item in shown],
            "Category": [category_name(here, item) for item in shown],
            "Source": [source_name(item) for item in shown],
        }
    )
    event = st.dataframe(
        frame,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=560,
        column_config=_WIDTHS,
    )
    chosen = event["selection"]["rows"]
    return int(chosen[0]) if chosen and chosen[0] < len(shown) else None


page()
