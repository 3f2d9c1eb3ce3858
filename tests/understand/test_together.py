"""Words that say little alone and much beside one another."""

import pytest

from tracker.domain.taxonomy import Taxonomy
from tracker.understand.tagger import Tagger, TagInput
from tracker.understand.together import SetHit, together

TEXT = "gunmen came at night and killed two. the army left"


def hit(name: str, word: str, *, negated: bool = False) -> SetHit:
    start = TEXT.index(word)
    return SetHit(name, start, start + len(word), negated)


def test_words_of_every_set_in_one_sentence_make_a_group() -> None:
    hits = [hit("armed", "gunmen"), hit("harm", "killed")]
    (found,) = together(TEXT, hits, ("armed", "harm"), 80)
    assert TEXT[found[0] : found[1]] == "gunmen came at night and killed"


def test_words_far_apart_or_in_two_sentences_make_none() -> None:
    assert not list(together(TEXT, [hit("armed", "gunmen"), hit("harm", "killed")], ("armed", "harm"), 20))
    assert not list(together(TEXT, [hit("armed", "army"), hit("harm", "killed")], ("armed", "harm"), 80))


def test_a_group_with_a_negated_word_is_negated() -> None:
    hits = [hit("armed", "gunmen", negated=True), hit("harm", "killed")]
    assert [negated for *_, negated in together(TEXT, hits, ("armed", "harm"), 80)] == [True]


PLAIN = [
    ("en", "Boko Haram kills 7, releases 3 in Borno", "CLASH"),
    ("en", "Troops repel attack, eliminate six fighters", "CLASH"),
    ("en", "Three medics killed in Israeli strike: officials", "SHELL"),
    ("en", "Suspected armed herdsmen attack another community, kill three", "CIVKILL"),
    ("en", "Russian troops being briefed for deployment in Syria", "DEPLOY"),
    ("en", "US build-up of warships tracked near Iran", "DEPLOY"),
    ("fr", "Des hommes armés ont tué trois villageois", "CIVKILL"),
    ("es", "Hombres armados mataron a dos campesinos", "CIVKILL"),
    ("pt", "Homens armados mataram três civis na aldeia", "CIVKILL"),
    ("ar", "مقتل جندي في هجوم", "CLASH"),
    ("ru", "Боевики убили трёх жителей", "CIVKILL"),
    ("sw", "Waasi wameua raia watatu", "CIVKILL"),
]


@pytest.mark.parametrize(("lang", "text", "code"), PLAIN)
def test_a_plain_headline_is_found(tagger: Tagger, lang: str, text: str, code: str) -> None:
    tag = tagger.tag(TagInput(text, "", lang))
    assert tag.relevant
    assert code in tag.categories


def test_an_armed_actor_alone_says_nothing(tagger: Tagger) -> None:
    assert not tagger.tag(TagInput("Army band plays in the park", "", "en")).relevant


def test_no_word_stands_in_two_sets_that_belong_together(taxonomy: Taxonomy) -> None:
    for category in taxonomy.categories:
        for names in category.together:
            for language in taxonomy.languages:
                words = [word for name in names for word in taxonomy.word_sets[name].get(language, ())]
                assert len(words) == len(set(words)), (category.code, names, language)
