"""Words that look like ours and mean something else, and the words that should be found (domain.md 1.4)."""

import pytest

from tracker.domain.words import ReportKind
from tracker.understand.tagger import Tagger, TagInput

FALSE_FRIENDS = [
    ("en", "Use this coupon, the couple said", "COUP"),
    ("en", "The meeting is on 3 March", "PROTEST"),
    ("en", "Rapeseed harvest begins", "SGBV"),
    ("en", "The executive board met", "CIVKILL"),
    ("en", "Ransomware hits a bank", "ABDUCT"),
    ("en", "A mobile phone offer", "MOB"),
    ("en", "Firefighters put out a blaze", "CLASH"),
    ("fr", "Un concert de violon", "SGBV"),
    ("fr", "Le marché ouvre demain", "PROTEST"),
    ("fr", "Le pouvoir exécutif se réunit", "CIVKILL"),
    ("fr", "Une pilule par jour", "DESTRUCT"),
    ("es", "Una parodia en el teatro", "PROTEST"),
    ("es", "Violación del reglamento", "SGBV"),
    ("es", "Operación de rescate en la montaña", "ABDUCT"),
    ("es", "Comida barata en Praga", "HATE"),
    ("ru", "Он боится темноты", "CLASH"),
    ("ru", "Исходя из плана", "DISPLACE"),
    ("ru", "Разбор текста", "RAID"),
    ("sw", "Vitabu vipya shuleni", "CLASH"),
    ("sw", "Tunapanga kupanga safari", "ARMS"),
    ("ar", "شحن البضائع", "PRICE"),
]

FOUND = [
    ("en", "Coup attempt in the capital", "COUP"),
    ("en", "Herders and farmers fought; heavy fighting went on", "CLASH"),
    ("en", "Families fled the village", "DISPLACE"),
    ("fr", "Des hommes armés dans le village, école fermée", "SCHOOL"),
    ("fr", "Affrontements près de la ville", "CLASH"),
    ("es", "Enfrentamientos entre grupos armados", "CLASH"),
    ("pt", "Homens armados no bairro", "MILITIA"),
    ("ru", "Перестрелка на окраине", "CLASH"),
    ("ru", "Слухи о нападении", "RUMOUR"),  # noqa: RUF001 - letters of the language
    ("sw", "Watu wanatishiwa waondoke kabla ya Ijumaa", "GROUPTENS"),
    ("sw", "Wakimbizi wapya wamefika", "DISPLACE"),
    ("ar", "اندلعت الاشتباكات مساء", "CLASH"),
    ("ar", "وقصف على المدينة", "SHELL"),
]


@pytest.mark.parametrize(("lang", "text", "code"), FALSE_FRIENDS)
def test_a_false_friend_is_not_taken_for_ours(tagger: Tagger, lang: str, text: str, code: str) -> None:
    assert code not in tagger.tag(TagInput("", text, lang)).categories


@pytest.mark.parametrize(("lang", "text", "code"), FOUND)
def test_a_plain_sentence_is_found(tagger: Tagger, lang: str, text: str, code: str) -> None:
    assert code in tagger.tag(TagInput("", text, lang)).categories


def test_a_negated_word_does_not_make_a_category(tagger: Tagger) -> None:
    assert tagger.tag(TagInput("", "There was no riot at all", "en")).category is None


def test_a_text_about_something_else_weighs_less(tagger: Tagger) -> None:
    assert tagger.tag(TagInput("", "The football coach spoke of a riot", "en")).category is None


def test_a_phrase_does_not_reach_over_the_end_of_a_sentence(tagger: Tagger) -> None:
    assert "SCHOOL" not in tagger.tag(TagInput("", "We saw the school. Closed doors.", "en")).categories


def test_a_language_without_a_list_is_unclassified_and_not_relevant(tagger: Tagger) -> None:
    tag = tagger.tag(TagInput("Riot in town", "", "de"))
    assert (tag.lang, tag.category, tag.relevant, tag.severity) == ("de", None, False, None)


def test_a_text_of_unknown_language_is_read_with_the_likely_lists(tagger: Tagger) -> None:
    tag = tagger.tag(TagInput("", "Des affrontements dans la ville et sur les routes"))
    assert (tag.lang, tag.category) == ("und", "CLASH")


def test_a_region_of_a_language_is_that_language(tagger: Tagger) -> None:
    assert tagger.tag(TagInput("", "Riot in town", "en-GB")).category == "MOB"


def test_a_report_is_relevant_and_its_picture_stands_in_for_words(tagger: Tagger) -> None:
    tag = tagger.tag(TagInput("", "xyz", "en", "KEN", report_kind=ReportKind.RUMOUR, is_report=True))
    assert (tag.category, tag.relevant, tag.severity) == ("RUMOUR", True, 1)


def test_a_weak_category_alone_is_not_relevant(tagger: Tagger) -> None:
    assert not tagger.tag(TagInput("", "Inflation is up", "en")).relevant


def test_hits_are_evidence_with_their_place_and_no_words(tagger: Tagger) -> None:
    tag = tagger.tag(TagInput("Riot in Mali", "", "en"))
    (hit,) = [each for each in tag.evidence if each["kind"] == "category"]
    assert ("Riot in Mali\n"[hit["start"] : hit["end"]], hit["code"]) == ("Riot", "MOB")
    assert set(hit) == {"kind", "code", "start", "end", "weight"}


def test_a_category_points_to_its_acled_type_where_there_is_one(tagger: Tagger) -> None:
    assert tagger.acled_type("SHELL") == "Explosions/Remote violence"
    assert tagger.acled_type("MOB") == "Riots"
    assert tagger.acled_type("HATE") is None
    assert tagger.acled_type(None) is None
