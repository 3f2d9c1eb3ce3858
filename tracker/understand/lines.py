"""One line of JSON in, one answer out: what `tracker tag` does with each text. Pure."""

import json
from typing import Any

from tracker.understand.tagger import Tagger, TagInput


def tag_line(tagger: Tagger, line: str) -> dict[str, Any]:
    """Read one JSONL line `{"id","title","text"?,"lang"?,"source"?}`; a bad one is answered with its error."""
    said: Any = None
    try:
        said = json.loads(line)
        text = _text_of(said)
    except (TypeError, ValueError, RecursionError) as error:
        return {"id": said.get("id") if isinstance(said, dict) else None, "error": str(error)}
    tag = tagger.tag(text)
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


def _text_of(said: Any) -> TagInput:
    if not isinstance(said, dict):
        raise TypeError("each line must be a JSON object")
    for name in ("title", "text", "lang"):
        if not isinstance(said.get(name) or "", str):
            raise TypeError(f"{name} must be text")
    if "title" not in said and "text" not in said:
        raise ValueError("title is missing")
    return TagInput(said.get("title") or "", said.get("text") or "", said.get("lang"))
