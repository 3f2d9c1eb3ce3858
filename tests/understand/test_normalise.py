from hypothesis import given
from hypothesis import strategies as st

from tests.detect.desk import taxonomy
from tracker.understand.normalise import Folder

FOLDER = Folder(taxonomy().matching.shared_letters)
TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("éÉñßİıœёЁйأإآةىًٌَّـ’ a1"),
    )
)


@given(TEXT)
def test_every_folded_letter_knows_the_letter_it_came_from(text: str) -> None:
    folded = FOLDER.fold(text)
    if folded.places is None:
        assert len(folded.text) == len(text)
    else:
        assert len(folded.places) == len(folded.text)
        assert list(folded.places) == sorted(folded.places)
        assert all(0 <= place < len(text) for place in folded.places)


@given(TEXT)
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    once = FOLDER.fold(text).text
    assert FOLDER.fold(once).text == once


def test_accents_and_shared_letters_are_made_one_and_readings_marks_dropped() -> None:
    assert FOLDER.fold_word("Éléphant") == "elephant"
    assert FOLDER.fold_word("ёлка") == "елка"
    assert FOLDER.fold_word("йод") == "йод"
    assert FOLDER.fold_word("أُمّـة") == "امه"
    assert FOLDER.fold_word("d’état") == "d'etat"


def test_a_decomposed_accent_folds_like_a_composed_one() -> None:
    folded = FOLDER.fold("e\u0301te")
    assert folded.text == "ete"
    assert folded.origin(0, 1) == (0, 1)
    assert folded.origin(1, 3) == (2, 4)
