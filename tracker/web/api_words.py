"""What the API's description says about a report, its answers and its errors."""

from typing import Any

from tracker.domain.words import HowReporterKnows, ReportKind, ReportWhen, Tlp
from tracker.ingest.submission import DEFAULT_TLP, MOST

Schema = dict[str, Any]

_PROBLEM: Schema = {"type": "object", "properties": {"problem": {"type": "string"}}}
_FAULTS: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
    },
}


_CODE: Schema = {"type": "string", "examples": ["K7F2Q-9XMPT"]}
_COUNTRY: Schema = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "name": {"type": "string"}},
}
_CONFLICT: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "field": {"const": "client_id"},
            "problem": {"type": "string"},
            "receipt": {"type": ["string", "null"]},
        },
    },
}


def _answer(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _text(name: str, description: str) -> Schema:
    return {"type": "string", "maxLength": MOST[name], "description": description}


def _flag(description: str) -> Schema:
    return {"type": "boolean", "default": False, "description": description}


FAULTS: dict[int | str, Schema] = {
    401: _answer("No token, or one that is not in force", _PROBLEM),
    403: _answer("The role of the token's owner does not allow this", _PROBLEM),
    422: _answer("What is wrong, field by field", _FAULTS),
}
RESULTS: dict[int | str, Schema] = {
    200: _answer(
        "The same report had arrived before; nothing was changed",
        {"type": "object", "properties": {"already_received": {"const": True}}},
    ),
    201: _answer(
        "Taken in; the code is shown this once",
        {
            "type": "object",
            "required": ["receipt"],
            "properties": {
                "receipt": _CODE,
                "country_uncertain": {"const": True, "description": "A person settles which is meant"},
                "nearest": {"type": "array", "items": _COUNTRY},
            },
        },
    ),
    409: _answer(
        "The client_id was used for another report; this one is kept beside it for an analyst. The code is of "
        "this one, and shown this once",
        _CONFLICT,
    ),
}
REPORT_BODY: Schema = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["what", "country"],
                    "properties": {
                        "what": _text("what", "What happened, or what may happen; no names"),
                        "country": {
                            "type": "string",
                            "description": "ISO 3166-1 code, such as MLI, or a name",
                        },
                        "kind": {"type": "string", "enum": list(ReportKind)},
                        "place": _text("place", "District, nearest town"),
                        "when": {"type": "string", "enum": list(ReportWhen)},
                        "happened_on": {"type": "string", "format": "date"},
                        "how_known": {"type": "string", "enum": list(HowReporterKnows)},
                        "help": _text("help", "What would help most, and by whom"),
                        "killed": {"type": "integer", "minimum": 0, "description": "Left out: not known"},
                        "lang": {"type": "string", "description": "Language tag of the words, such as fr"},
                        "tlp": {"type": "string", "enum": list(Tlp), "default": DEFAULT_TLP},
                        "client_id": _text("client_id", "Your own id; the same again is taken in once"),
                        "may_contact": _flag("We may contact the reporter"),
                        "may_share_un": _flag("We may tell the United Nations"),
                        "may_share_authorities": _flag("We may tell national authorities"),
                        "reporter_name": _text("reporter_name", "Sealed on arrival; refused without a key"),
                        "reporter_contact": _text(
                            "reporter_contact", "Sealed on arrival; refused without a key"
                        ),
                    },
                }
            }
        },
    }
}
