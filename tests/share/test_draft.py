"""What holds of a week's edits: compared with a plain replay of them."""

from hypothesis import given
from hypothesis import strategies as st

from tests.share.house import NOW
from tracker.domain.words import EditKind
from tracker.share.draft import Draft
from tracker.store.writes.digest import Edit

PLACES = [EditKind.PINNED, EditKind.DROPPED, EditKind.CLEARED]
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just(EditKind.LEAD), st.text(max_size=5)),
        st.tuples(st.sampled_from(PLACES), st.sampled_from("abc")),
    ),
    max_size=15,
)


@given(DEEDS)
def test_the_last_word_on_the_lead_and_on_each_alert_holds(deeds: list[tuple[EditKind, str]]) -> None:
    edits, lead, pinned, dropped = [], "", list[str](), set[str]()
    for number, (kind, what) in enumerate(deeds, 1):
        is_lead = kind is EditKind.LEAD
        edits.append(
            Edit(number, kind, None if is_lead else what, what if is_lead else None, f"editor{number}", NOW)
        )
        if is_lead:
            lead = what
            continue
        pinned = [each for each in pinned if each != what] + ([what] if kind is EditKind.PINNED else [])
        dropped = (dropped - {what}) | ({what} if kind is EditKind.DROPPED else set())
    draft = Draft.of(edits)
    assert (draft.lead, list(draft.pinned), set(draft.dropped)) == (lead, pinned, dropped)
    assert draft.number == len(deeds)
    for alert_id in "abc":
        numbers = [edit.number for edit in edits if edit.alert_id == alert_id]
        assert draft.place_number(alert_id) == max(numbers, default=0)
