"""What was promised, and what of it is late?"""

import streamlit as st

from dashboards.components import marks
from dashboards.components.markup import html
from dashboards.components.rows import owner_words, row
from dashboards.places import place
from dashboards.session import enter
from tracker.domain.wording import counted
from tracker.store.reads.actions import unfinished_actions, unfinished_count

_AT_ONCE = 50
_WIDTHS = (4, 1.4, 1.4, 1.4)


def page() -> None:
    """Draw the actions that are not done, the longest overdue first."""
    here = enter()
    with here.store.viewing(here.viewer) as view:
        found, total = unfinished_actions(view, _AT_ONCE), unfinished_count(view)
    late = sum(action.due_on < here.now.date() for action in found)
    label = marks.strictest_of(action.tlp for action in found)
    words = (
        f"{counted(total, 'action is', 'actions are')} not done; {late or 'none'} of them late."
        if total
        else "No action waits."
    )
    marks.head(label, html("longest overdue first"), html("{}", words))
    if not total:
        marks.note("Actions are added on the page of an alert.")
    for number, action in enumerate(found):
        with row(action.id, first=number == 0, widths=_WIDTHS) as cells:
            with cells[0]:
                line = '<p><b>{}</b></p><p class="small soft">{} · {}</p>'
                marks.write(line, action.title, owner_words(action), marks.country(action.country))
            with cells[1]:
                marks.show(marks.state(action.status))
            with cells[2]:
                marks.show(marks.due_day(action.due_on, here.now))
            if cells[3].button("Open the alert", key=f"open-{action.id}", width="stretch"):
                st.switch_page(place("alert"), query_params={"id": action.alert_id})


page()
