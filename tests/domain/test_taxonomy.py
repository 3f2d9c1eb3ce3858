import copy
import json
from typing import Any

import pytest

from tests.detect.desk import read_config
from tracker.domain.taxonomy import MAX_THEMES, Taxonomy
from tracker.errors import ConfigError


@pytest.fixture
def content() -> dict[str, Any]:
    return copy.deepcopy(read_config("taxonomy"))


def test_every_category_belongs_to_one_of_at_most_eight_themes(content: dict[str, Any]) -> None:
    taxonomy = Taxonomy.read(content)
    assert len(taxonomy.categories) == 31
    assert 0 < len(taxonomy.themes) <= MAX_THEMES
    assert {category.theme for category in taxonomy.categories} == set(taxonomy.theme_by_code)


def test_the_copy_that_the_store_keeps_as_json_reads_the_same(content: dict[str, Any]) -> None:
    assert Taxonomy.read(json.loads(json.dumps(content))) == Taxonomy.read(content)


def test_all_twelve_triggers_can_be_read(content: dict[str, Any]) -> None:
    assert list(Taxonomy.read(content).trigger_by_code) == [f"G{number}" for number in range(1, 13)]


def test_every_word_list_names_only_words(content: dict[str, Any]) -> None:
    for category in Taxonomy.read(content).categories:
        for words in category.keywords.values():
            assert all(word.strip("= ") for word in words), category.code


def test_an_unknown_theme_is_refused_with_file_key_and_what_is_allowed(content: dict[str, Any]) -> None:
    content["categories"][0]["theme"] = "weather"
    with pytest.raises(ConfigError, match=r"taxonomy.yaml: categories\[CLASH\].theme is 'weather'.*fighting"):
        Taxonomy.read(content)


def test_a_ninth_theme_is_refused(content: dict[str, Any]) -> None:
    content["themes"].append({"code": "ninth", "name": "Ninth", "definition": "One too many."})
    with pytest.raises(ConfigError, match="at most 8"):
        Taxonomy.read(content)


def test_a_trigger_with_an_unknown_condition_is_refused(content: dict[str, Any]) -> None:
    content["grave"][0]["when"][0]["moon"] = "full"
    with pytest.raises(ConfigError, match=r"moon is not a condition; allowed: all_categories"):
        Taxonomy.read(content)


@pytest.mark.parametrize("key", ["languages", "themes", "categories", "grave", "matching", "severity"])
def test_a_missing_part_is_named(content: dict[str, Any], key: str) -> None:
    del content[key]
    with pytest.raises(ConfigError, match=r"config/taxonomy.yaml: "):
        Taxonomy.read(content)


def test_a_file_that_holds_no_keys_is_refused() -> None:
    with pytest.raises(ConfigError, match="must hold keys and values"):
        Taxonomy.read(["a", "list"])
