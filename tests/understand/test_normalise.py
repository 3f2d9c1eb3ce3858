from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.desk import taxonomy
from tracker.understand.normalise import Folder

FOLDER = Folder(taxonomy().matching.shared_letters)
TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("éÉñßİıœёЁйأإآةىًٌَّـ’ a1ﷲﻷＡ𝗠\u0306\u0301\u200f\u00ad\u2011"),  # noqa: RUF001
    )
)


@given(TEXT)
def test_every_folded_letter_knows_the_letter_it_came_from(text: str) -> None:
    folded = FOLDER.fold(text)
    if folded.places is None:
        assert len(folded.text) == len(text)
    else:
        *places, end = folded.places
        assert len(places) == len(folded.text)
        assert places == sorted(places)
        assert all(0 <= place < len(text) for place in places)
        assert end == len(text)


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
    assert folded.origin(0, 1) == (0, 2)
    assert folded.origin(1, 3) == (2, 4)
    assert FOLDER.fold_word(normalize("NFD", "Российский йод, ёлка, أُمّة")) == "российский йод, елка, امه"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ｍａｌｉ", "mali"),  # noqa: RUF001
        ("𝗠𝗮𝗹𝗶 𝟭𝟮", "mali 12"),  # noqa: RUF001
        ("ﺍﻟﺴﻮﺩﺍﻥ", "السودان"),
        ("ﻷﻣﻦ", "لامن"),
        ("Ma\u00adli", "mali"),
        ("\u200fمالي\u200c", "مالي"),  # noqa: RUF001
        ("Guinea\u2011Bissau", "guinea-bissau"),
        ("Burkina\u00a0Faso", "burkina faso"),
    ],
)
def test_other_forms_of_letters_and_signs_that_nobody_sees_make_no_other_word(
    written: str, folded: str
) -> None:
    assert FOLDER.fold_word(written) == folded


def test_a_span_takes_in_the_marks_on_its_last_letter_and_never_splits_a_letter() -> None:
    vowelled = FOLDER.fold("هُجُومٌ في")
    assert vowelled.origin(0, 4) == (0, 7)
    joined = FOLDER.fold("ﻷﻣﻦ")
    assert joined.origin(0, 1) == (0, 1)
    assert joined.origin(1, 2) == (0, 1)
