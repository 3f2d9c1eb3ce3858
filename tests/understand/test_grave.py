"""How grave a text is, and what is too grave to wait."""

import pytest

from tracker.understand.tagger import Tagger, TagInput

NUMBERS = [
    ("en", "Gunmen killed 12 villagers; villagers killed in the market", 5),
    ("en", "Villagers killed: one man was killed", 4),
    ("en", "Five people were killed and 30 wounded", 5),
    ("en", "People were killed, said a man of 80 years", 3),
    ("en", "A massacre was remembered; in 2019 people were killed", 3),
    ("fr", "Massacre : au moins sept civils tués", 5),
    ("es", "Masacre: doce personas muertas", 5),
    ("ru", "Массовое убийство: убиты 7 человек", 5),
    ("ar", "مجزرة: مقتل 9 أشخاص", 5),
]

GRAVE = [
    ("a call with a date", "en", "Radio said drive them out by Friday, cockroaches", True, "G1"),
    ("an ultimatum with a date", "sw", "Watu wanatishiwa waondoke kabla ya Ijumaa", True, "G1"),
    ("five killed", "en", "Gunmen attack a village; 7 people killed", False, "G2"),
    ("marked houses", "en", "At night men marked houses of one group", True, "G3"),
    ("weapons handed out", "fr", "On a vu une distribution d'armes aux jeunes", True, "G4"),
    ("power seized", "en", "Officers say they have seized power", False, "G6"),
    ("many flee", "en", "About 1,500 people fled since morning", True, "G7"),
    ("fire on a crowd", "en", "Police fired on the crowd", False, "G8"),
    ("our source followed", "en", "Men asked about me at the office", True, "G9"),
    ("an attack planned", "en", "They plan to attack the market tonight", True, "G11"),
]

NOT_GRAVE = [
    ("denied", "en", "The army has not seized power", False),
    ("a crash", "en", "Bus crash: 12 people killed", False),
    ("many flee, but in the news", "en", "100,000 people fled in ten years", False),
    ("hate without a date", "en", "He called them cockroaches", True),
    (
        "a date far from the threat",
        "en",
        "Cockroaches, he said." + " word" * 60 + " Shops open tonight",
        True,
    ),
    ("a quiet day", "en", "The market was open and people traded", True),
]


@pytest.mark.parametrize(("lang", "text", "severity"), NUMBERS)
def test_numbers_killed_lift_the_severity(tagger: Tagger, lang: str, text: str, severity: int) -> None:
    assert tagger.tag(TagInput("", text, lang)).severity == severity


@pytest.mark.parametrize(
    ("why", "lang", "text", "is_report", "trigger"), GRAVE, ids=[each[0] for each in GRAVE]
)
def test_what_is_too_grave_to_wait(
    tagger: Tagger, why: str, lang: str, text: str, is_report: bool, trigger: str
) -> None:
    tag = tagger.tag(TagInput("", text, lang, "KEN" if is_report else None, is_report=is_report))
    assert tag.grave == trigger, why
    assert tag.severity == 5
    assert tag.relevant
    assert tag.theme not in (None, "peace")


@pytest.mark.parametrize(("why", "lang", "text", "is_report"), NOT_GRAVE, ids=[each[0] for each in NOT_GRAVE])
def test_what_can_wait(tagger: Tagger, why: str, lang: str, text: str, is_report: bool) -> None:
    assert tagger.tag(TagInput("", text, lang, is_report=is_report)).grave is None, why


def test_a_report_that_counts_five_killed_is_grave_whatever_its_words(tagger: Tagger) -> None:
    tag = tagger.tag(TagInput("", "xyz", "en", "KEN", killed=5, is_report=True))
    assert (tag.grave, tag.category, tag.theme) == ("G2", "CIVKILL", "civilians")


def test_the_number_that_a_report_gives_stands_above_ours(tagger: Tagger) -> None:
    tag = tagger.tag(TagInput("", "Gunmen attack; 7 people killed", "en", "KEN", killed=0, is_report=True))
    assert tag.grave is None


def test_a_rumour_alone_stays_at_three(tagger: Tagger) -> None:
    tag = tagger.tag(TagInput("", "A rumour says 20 dead", "en", is_report=True, killed=2))
    assert (tag.categories, tag.severity) == (("RUMOUR",), 3)
