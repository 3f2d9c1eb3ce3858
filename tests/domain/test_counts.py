from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.counts import Cut, cuts_of
from tracker.domain.words import Tlp

LABELS = st.tuples(st.sampled_from(list(Tlp)), st.sampled_from(["A", "B"]))


@given(st.lists(LABELS), LABELS)
def test_no_cut_holds_a_red_row(labels: list[tuple[Tlp, str]], row: tuple[Tlp, str]) -> None:
    for cut in cuts_of(labels):
        assert not cut.holds(Tlp.RED, row[1])


@given(st.lists(LABELS), LABELS)
def test_what_a_looser_cut_holds_a_stricter_one_holds_too(
    labels: list[tuple[Tlp, str]], row: tuple[Tlp, str]
) -> None:
    cuts = cuts_of(labels)
    for loose in cuts:
        for strict in cuts:
            if loose.covers(strict) and loose.holds(*row):
                assert strict.holds(*row)


def test_a_holder_never_sees_what_another_holds() -> None:
    assert not Cut(Tlp.AMBER_STRICT, "A").holds(Tlp.AMBER_STRICT, "B")
    assert not Cut(Tlp.AMBER_STRICT, "A").covers(Cut(Tlp.AMBER_STRICT, "B"))


def test_there_is_one_strict_cut_for_each_holder() -> None:
    labels = [(Tlp.AMBER_STRICT, "B"), (Tlp.AMBER_STRICT, "A"), (Tlp.CLEAR, "H"), (Tlp.RED, "C")]
    assert [(cut.tlp, cut.holder) for cut in cuts_of(labels)][3:] == [
        (Tlp.AMBER_STRICT, "A"),
        (Tlp.AMBER_STRICT, "B"),
    ]
