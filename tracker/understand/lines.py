"""One line of JSON in, one answer out: what `tracker tag` and `tracker cluster` do with each text. Pure."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tracker.domain.times import as_utc
from tracker.understand.normalise import Folder
from tracker.understand.stories import StoryFinder, StoryRules, Told
from tracker.understand.tagger import Tagger, TagInput

Answer = dict[str, Any]


def tag_line(tagger: Tagger, line: str) -> Answer:
    """Read one JSONL line `{"id","title","text"?,"lang"?,"source"?}`; a bad one is answered with its error."""
    return _answered(line, lambda said: _tagged(tagger, said))


class StoryLines:
    """Gives lines their stories, one after the other; what came before is remembered."""

    def __init__(self, rules: StoryRules, folder: Folder) -> None:
        self._finder = StoryFinder(rules)
        self._sketcher = rules.sketcher(folder)
        self._seen: set[str] = set()

    def place(self, line: str) -> Answer:
        """Place one JSONL line `{"id","title","text"?,"date"?,"lang"?,"source"?}`; a bad one gets its error.

        A story bears the id of its first item. `date` is ISO 8601, UTC where it names no zone; what is no such date
        counts as undated.
        """
        return _answered(line, self._placed)

    def _placed(self, said: Answer) -> Answer:
        text, id_ = _text_of(said), str(said["id"]) if said.get("id") is not None else ""
        if not id_:
            raise ValueError("id is missing")
        if id_ in self._seen:
            raise ValueError("another line had this id")
        self._seen.add(id_)
        source = said.get("source")
        told = Told(
            id=id_,
            story=id_,
            wire=id_,
            sketch=self._sketcher.sketch(text.title, text.text),
            at=_date(said.get("date")),
            source=str(source) if source else None,
        )
        joined = self._finder.place(told)
        return {"id": said["id"], "story": joined.story if joined else id_}


def _answered(line: str, answer: Callable[[Answer], Answer]) -> Answer:
    said: Any = None
    try:
        said = json.loads(line)
        return answer(_object(said))
    except (TypeError, ValueError, RecursionError) as error:
        return {"id": said.get("id") if isinstance(said, dict) else None, "error": str(error)}


def _object(said: object) -> Answer:
    if not isinstance(said, dict):
        raise TypeError("each line must be a JSON object")
    return said


def _tagged(tagger: Tagger, said: Answer) -> Answer:
    tag = tagger.tag(_text_of(said))
    return {
        "id": said.get("id"),
        "lang": tag.lang,
        "countries": list(tag.countries),
        "about": list(tag.countries[:1]),
        "relevant": tag.relevant,
        "category": tag.category,
        "categories": list(tag.categories),
        "acled_type": tagger.acled_type(tag.category),
        "severity": tag.severity,
        "evidence": list(tag.evidence),
    }


def _text_of(said: Answer) -> TagInput:
    for name in ("title", "text", "lang"):
        if not isinstance(said.get(name) or "", str):
            raise TypeError(f"{name} must be text")
    if "title" not in said and "text" not in said:
        raise ValueError("title is missing")
    return TagInput(said.get("title") or "", said.get("text") or "", said.get("lang"))


def _date(said: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(str(said).strip())
        return as_utc(read if read.tzinfo else read.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
