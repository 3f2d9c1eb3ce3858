"""The story of an item: who else tells of the same, who carries whose text, and putting that right by hand."""

import streamlit as st
from markupsafe import Markup

from dashboards.components import fields, marks
from dashboards.components.evidence import source_name
from dashboards.components.markup import html, joined
from dashboards.forms import Form
from dashboards.session import Visit
from tracker.access.permissions import Deed
from tracker.domain.wording import moment, shortened, story_words
from tracker.respond.stories import merge_stories, part_item, undo_story_change
from tracker.store.reads.items import ItemRow
from tracker.store.reads.stories import StoryItem, StoryRow, like_candidates, story_of

_SHOWN = 8
_TITLE = 90


def draw_story(here: Visit, item: ItemRow) -> None:
    """Draw what the viewer may see of an item's story, and the buttons of those who triage."""
    with here.store.viewing(here.viewer) as view:
        story = story_of(view, item.id)
        others = like_candidates(view, item.id, here.policy.stories.window) if here.may(Deed.TRIAGE) else []
    marks.title("Who tells of the same")
    if len(story.items) > 1:
        marks.write('<p class="small">{}</p>', story_words(len(story.items), story.source_count))
        marks.show(
            html(
                '<ul class="story">{}</ul>',
                joined(_line(here, story, each, item) for each in story.items[:_SHOWN]),
            )
        )
        if len(story.items) > _SHOWN:
            with st.expander(f"{len(story.items) - _SHOWN} more"):
                rest = joined(_line(here, story, each, item) for each in story.items[_SHOWN:])
                marks.show(html('<ul class="story">{}</ul>', rest))
    else:
        marks.note("No other item that you may see.")
    if here.may(Deed.TRIAGE):
        with st.popover("Put right …", key=f"story-{item.id}"):
            _buttons(here, item, story, others)


def _line(here: Visit, story: StoryRow, each: StoryItem, item: ItemRow) -> Markup:
    title = "this item" if each.id == item.id else shortened(each.title, _TITLE)
    first = next(other for other in story.items if other.carries == each.carries)
    told = (
        "own words" if first.id == each.id else f"text of {first.source_name or 'a source you may not see'}"
    )
    return html(
        '<li class="small"><b>{}</b> {} · <span dir="auto">{}</span> · <span class="soft">{}</span></li>',
        source_name(each),
        moment(each.published_at, here.now),
        title,
        told,
    )


def _buttons(here: Visit, item: ItemRow, story: StoryRow, others: list[StoryItem]) -> None:
    if len(story.items) > 1:
        form = Form("part", item.id)
        form.button(
            "This item tells of something else",
            "It is a story of its own now.",
            lambda visit: part_item(visit.store, visit.viewer, item.id, visit.now),
            primary=False,
            wide=True,
        )
        form.show_fault()
    if story.by_hand:
        undo = Form("undo-story", item.id)
        undo.button(
            "Take back the last change",
            "Taken back.",
            lambda visit: undo_story_change(visit.store, visit.viewer, item.id, visit.now),
            primary=False,
            wide=True,
        )
        undo.show_fault()
    if not others:
        marks.note("No other story of this country within these days to merge it with.")
        return
    form = Form("merge", item.id)
    with form.drawn():
        names = {
            each.id: f"{each.source_name or 'A source'} · {shortened(each.title, _TITLE)}" for each in others
        }
        fields.one_of(form, "other", "Tells of the same as", names)
        form.submit(
            "Merge",
            "They are one story now.",
            lambda visit: merge_stories(visit.store, visit.viewer, item.id, form.text("other"), visit.now),
            primary=False,
        )
