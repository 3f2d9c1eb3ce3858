"""Countries in short texts of our own; names that two countries share above all."""

import pytest

from tracker.understand.tagger import Tagger, TagInput

TRAPS = [
    ("Niger is not Nigeria", "Attaque dans le sud-ouest du Niger", ["NER"]),
    ("Niger State lies in Nigeria", "Bandits raid a village in Niger State", ["NGA"]),
    ("a French nationality of Niger", "L’armée nigérienne annonce une opération", ["NER"]),
    ("an English nationality of Nigeria", "Nigerian troops reach the town", ["NGA"]),
    ("Niger in a Russian case", "В Нигере введён комендантский час", ["NER"]),  # noqa: RUF001 - letters of the language
    ("Nigeria in a Russian case", "В Нигерии похищены учителя", ["NGA"]),  # noqa: RUF001 - letters of the language
    ("a river is no country", "Boats on the Niger River", []),
    ("Guinea-Bissau is not Guinea", "Soldiers on the streets of Guinea-Bissau", ["GNB"]),
    ("Equatorial Guinea is not Guinea", "Opposition banned in Equatorial Guinea", ["GNQ"]),
    ("Papua New Guinea is not Guinea", "Clan fighting in Papua New Guinea", ["PNG"]),
    ("plain Guinea", "Teachers on strike in Guinea", ["GIN"]),
    ("a guinea pig is no country", "Guinea pigs for sale", []),
    ("a gulf is no country", "Pirates in the Gulf of Guinea", []),
    ("Congo-Brazzaville", "Vote at Congo-Brazzaville", ["COG"]),
    ("the larger Congo by its letters", "La RDC ferme sa frontière", ["COD"]),
    ("the larger Congo by its name", "Fighting in the Democratic Republic of the Congo", ["COD"]),
    ("South Sudan is not Sudan", "Talks on South Sudan resume", ["SSD"]),
    ("South Sudan in French", "Le Soudan du Sud reporte le vote", ["SSD"]),
    ("Sudan", "Le Soudan ferme ses écoles", ["SDN"]),
    ("Georgia, the country", "Crowds gather in Georgia over the vote", ["GEO"]),
    ("Georgia, the state", "A Georgia sheriff speaks in Atlanta", ["USA"]),
    ("the Dominican Republic is not Dominica", "Protest in the Dominican Republic", ["DOM"]),
    ("a verb is no country", "Turkeys chad mali jersey reunion", []),
    ("the North is not the South", "North Korea fires a missile", ["PRK"]),
    ("a person is no country", "Michael Jordan sells his house", []),
    ("an Arabic name behind a preposition", "اشتباكات في مالي وبالسودان", ["MLI", "SDN"]),
    ("capital for country", "Gunfire in Ouagadougou", ["BFA"]),
    ("letters of an adjective are no State", "they told us to leave", []),
]


@pytest.mark.parametrize(("why", "text", "countries"), TRAPS, ids=[why for why, _, _ in TRAPS])
def test_names_that_are_easily_mistaken(tagger: Tagger, why: str, text: str, countries: list[str]) -> None:
    assert sorted(tagger.tag(TagInput("", text)).countries) == sorted(countries), why


def test_the_country_of_the_title_comes_first(tagger: Tagger) -> None:
    tag = tagger.tag(TagInput("Clashes in Mali", "Kenya and Kenya and Kenya sent word to Uganda."))
    assert tag.countries == ("MLI", "KEN", "UGA")


def test_a_country_that_a_report_claims_stays_first_and_others_follow(tagger: Tagger) -> None:
    tag = tagger.tag(TagInput("", "Men crossed from Chad", claimed_country="CMR", is_report=True))
    assert tag.countries == ("CMR", "TCD")


def test_evidence_points_at_the_words_in_title_newline_text(tagger: Tagger) -> None:
    title, text = "Élections au Bénin", "Des Béninois ont manifesté à Cotonou."
    tag = tagger.tag(TagInput(title, text, "fr"))
    said = f"{title}\n{text}"
    words = [said[each["start"] : each["end"]] for each in tag.evidence if each["kind"] == "country"]
    assert words == ["Bénin", "Béninois", "Cotonou"]


def test_a_statesman_stands_behind_a_country_that_is_named(tagger: Tagger) -> None:
    said = tagger.tag(TagInput("Protesters in Iran say Trump betrayed them", "Trump promised help.", "en"))
    assert said.countries == ("IRN", "USA")


def test_a_statesman_alone_stands_for_his_country(tagger: Tagger) -> None:
    assert tagger.tag(TagInput("Obama speaks", "", "en")).countries == ("USA",)
