"""What the documents say is what the program does."""

import re
import tomllib

import pytest
import typer.main

from tests.support.cli import REPOSITORY
from tracker.cli.main import app
from tracker.domain import words

GLOSSARY = (REPOSITORY / "glossary.md").read_text(encoding="utf-8")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
CLOSED_LISTS = dict(re.findall(r"^- (\w+): (.+)$", GLOSSARY, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(CLOSED_LISTS))
def test_the_glossary_lists_the_words_of_the_program(name: str) -> None:
    assert CLOSED_LISTS[name].split(", ") == [str(word) for word in getattr(words, name)]


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_what_the_readme_links_to_is_there(link: str) -> None:
    assert (REPOSITORY / link).exists()


def test_every_command_of_the_readme_exists() -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"^tracker (\w+)", README, re.MULTILINE)) <= known


def test_every_environment_variable_of_the_readme_is_read() -> None:
    source = (REPOSITORY / "tracker" / "settings.py").read_text(encoding="utf-8")
    assert all(name in source for name in re.findall(r"`(TRACKER_\w+)`", README))


def test_every_room_stands_in_the_architecture() -> None:
    page = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.name for path in (REPOSITORY / "tracker").iterdir() if (path / "__init__.py").exists()]
    assert [room for room in rooms if f"{room}/" not in page] == []


def test_every_dependency_is_justified() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (REPOSITORY / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    named = [re.split(r"[>=<\[]", line)[0].lower() for line in wanted]
    assert [name for name in named if name not in page] == []
