"""A plain page that lists the API's operations from its own description; nothing is fetched from elsewhere."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.web.responses import page
from tracker.web.visitors import AnyVisitor, Now

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@dataclass(frozen=True)
class Field:
    """One parameter or body field as the page shows it."""

    name: str
    kind: str
    required: bool
    said: str


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    method: str
    path: str
    said: str
    fields: list[Field]
    answers: list[tuple[str, str]]


@router.get("/api/docs")
def show_docs(request: Request, now: Now, visitor: AnyVisitor) -> Response:
    """Show what programs can ask for."""
    description = request.app.openapi()
    return page(request, "api_docs.html", now, visitor, operations=read_operations(description))


Schema = dict[str, Any]


def read_operations(description: Schema) -> list[Operation]:
    """Read the operations out of an OpenAPI description, in its order."""
    schemas = description.get("components", {}).get("schemas", {})
    return [
        Operation(
            method=method.upper(),
            path=path,
            said=operation.get("description", ""),
            fields=[*_parameters(operation), *_body_fields(operation, schemas)],
            answers=[
                (code, answer["description"]) for code, answer in sorted(operation["responses"].items())
            ],
        )
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def _parameters(operation: Schema) -> list[Field]:
    return [
        Field(
            each["name"], _kind(each["schema"], {}), each.get("required", False), each.get("description", "")
        )
        for each in operation.get("parameters", [])
    ]


def _body_fields(operation: Schema, schemas: Schema) -> list[Field]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = _resolved(content.get("schema", {}), schemas)
    required = schema.get("required", [])
    return [
        Field(name, _kind(field, schemas), name in required, field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
    ]


def _resolved(schema: Schema, schemas: Schema) -> Schema:
    """Follow references, and take what may be left out for what it is where it is there."""
    if "$ref" in schema:
        return _resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    present = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    return _resolved(present[0], schemas) if present else schema


def _kind(schema: Schema, schemas: Schema) -> str:
    schema = _resolved(schema, schemas)
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if schema.get("type") == "array":
        of = _resolved(schema["items"], schemas)
        return f"list of {', '.join(of.get('properties', {})) or of.get('type', 'values')}"
    most, form = schema.get("maxLength"), schema.get("format")
    return f"{form or schema.get('type', 'value')}{f', at most {most} characters' if most else ''}"
