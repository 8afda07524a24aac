"""The description of the API, made from its questions and from what storage/README.md says of each column.

`python -m tests.openapi` (or `make openapi`) writes it to where the API serves it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from aggregator import __version__
from aggregator.store.browsing import AS_TRUTH, COLUMNS
from aggregator.web.answers import PROBLEM_TYPE
from aggregator.web.api import BASE, QUESTIONS, Question
from tests.manual import Column, described

FILE = Path(__file__).parents[1] / "aggregator/web/static/openapi.json"
ABOUT = (
    "Read only. Rows have the columns of the store's views, told in storage/README.md; times are UTC. Lists come page by page:"
    " `next` is the cursor of the next page. New updates are pushed at /events and /events/STORY (server-sent events)."
)
ERRORS = {
    "400": "The question is wrong; `detail` says what to write instead.",
    "401": "The token is missing or wrong, where the site has one.",
    "404": "There is nothing of that name.",
    "421": "The site does not answer to this Host.",
    "503": "The store cannot be read now.",
}
SPAN = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
AS_IN = re.compile(r"as in `(v\d+_\w+)`")
FOUND = {
    "revision_id": {
        "type": "integer",
        "description": "The version that was found.",
    },
    "number": {"type": "integer"},
    "language": {"type": "string"},
    "source": {"type": "string"},
    "title": {"type": "string"},
    "title_spans": {
        "type": "array",
        "items": SPAN,
        "description": "What was looked for: [start, end] in characters.",
    },
    "snippet": {"type": "string"},
    "snippet_spans": {"type": "array", "items": SPAN},
}


def description() -> dict[str, Any]:
    """The whole of it (OpenAPI 3.1)."""
    schemas = {name: _row(name) for name in COLUMNS} | {"problem": _problem(), "change": _change()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "update-aggregator", "version": __version__, "description": ABOUT},
        "paths": {f"{BASE}{one.path}": {"get": _operation(one)} for one in QUESTIONS},
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"token": []}],
    }


def _operation(one: Question) -> dict[str, Any]:
    errors = {status: says for status, says in ERRORS.items() if status != "404" or one.not_found}
    problem = {"content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/problem"}}}}
    answer = {"description": one.says, "content": {"application/json": {"schema": _answer(one)}}}
    return {
        "summary": one.says,
        "operationId": one.answer.__name__,
        "parameters": _parameters(one),
        "responses": {"200": answer} | {status: {"description": says, **problem} for status, says in errors.items()},
    }


def _parameters(one: Question) -> list[dict[str, Any]]:
    schema = one.model.model_json_schema()
    told = []
    for name, value in schema["properties"].items():
        plain = _inlined(value, schema.get("$defs", {}))
        place = "path" if f"{{{name}}}" in one.path else "query"
        about = plain.pop("description", "")
        plain.pop("title", None)
        plain.pop("default", None) if plain.get("default") in ("", None) else None
        told.append(
            {"name": name, "in": place, "required": name in schema.get("required", ()), "description": about, "schema": plain}
        )
    return told


def _inlined(value: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema by itself, and without the null of those that may be left out."""
    value = dict(value)
    options = [one for one in value.pop("anyOf", []) if one.get("type") != "null"]
    for one in (*options, *([value] if "$ref" in value else [])):
        reference = one.get("$ref", "").rpartition("/")[2]
        value |= {key: part for key, part in named[reference].items() if key != "description"} if reference else one
        if reference:
            value = {key: part for key, part in value.items() if key not in ("$ref", "title")} | {
                "description": value["description"]
            }
    return value


def _answer(one: Question) -> dict[str, Any]:
    if one.gives == "v1_changes":
        return _object(
            {
                "store": {"type": "string", "description": "The identity of the store."},
                "changes": {"type": "array", "items": {"$ref": "#/components/schemas/change"}},
                "cursor": {"type": "string", "description": "`since` of the next question."},
                "more": {"type": "boolean", "description": "There is more: ask again at once."},
            }
        )
    row: dict[str, Any] = {"$ref": f"#/components/schemas/{one.gives}"}
    more: dict[str, Any] = {name: _list(view) for name, view in one.parts.items()}
    if one.path == "/search":
        more["found"] = _object(FOUND)
    if more:
        row = {"allOf": [row, _object(more)]}
    if not one.paged:
        return row
    page: dict[str, Any] = {
        "items": {"type": "array", "items": row},
        "next": {"type": ["string", "null"], "description": "The cursor of the next page; null: that was all."},
    }
    if one.gives == "v2_statements":
        says = "The work for one page is bounded: it looked back to here, and goes on by `next`. null: it was not."
        page["searched_back_to"] = {"type": ["string", "null"], "description": says}
    return _object(page)


def _list(view: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{view}"}}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _row(view: str) -> dict[str, Any]:
    columns = {column.name: column for column in described()[view].columns}
    return {"description": described()[view].sentence} | _object({name: _column(columns[name]) for name in COLUMNS[view]})


def _column(column: Column) -> dict[str, Any]:
    kind = "boolean" if column.name in AS_TRUTH else "integer" if column.kind == "integer" else "string"
    told: dict[str, Any] = {"type": [kind, "null"] if column.null else kind, "description": _meaning(column)}
    if column.kind == "time":
        told["format"] = "date-time"
    return told


def _meaning(column: Column) -> str:
    """What a column means, also where the manual has it at an earlier view: who reads the description has no manual at hand."""
    found = AS_IN.match(column.meaning)
    if found is None:
        return column.meaning
    earlier = {one.name: one for one in described()[found[1]].columns}
    return f"{_meaning(earlier[column.name])}{column.meaning[found.end() :]}"


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    return {"description": "RFC 9457."} | _object({"type": text, "title": text, "status": {"type": "integer"}, "detail": text})


def _change() -> dict[str, Any]:
    named = {
        "view": {"type": "string", "description": "Where it stands: a view of the store; empty for a kind that is not known."},
        "row": {"type": "object", "description": "The columns that name its row of that view, with their values."},
    }
    return _object({column.name: _column(column) for column in described()["v1_changes"].columns} | named)


def as_text() -> str:
    """The file's text."""
    return json.dumps(description(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(as_text(), encoding="utf-8")
