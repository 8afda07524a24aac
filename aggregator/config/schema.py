"""The JSON Schema of `feeds.toml`, generated from the types that check it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from aggregator.config.addresses import RULES
from aggregator.config.load import INNER
from aggregator.config.types import (
    HOST_PATTERN,
    KEY_PATTERN,
    Config,
    Fallback,
    FurtherListing,
    Host,
    Notify,
    Service,
    Settle,
    Source,
    Story,
)
from aggregator.config.values import written


def json_schema() -> dict[str, object]:
    """The schema (JSON Schema 2020-12) that editors complete `feeds.toml` by. TOML's days count as strings."""
    schema = Config.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        _hide_inner(part)
    for kind in (Service, Host, Source, Story, Settle, Notify):
        _write_defaults(kind, schema["$defs"][kind.__name__]["properties"])
    for table in ("sources", "stories", "notify"):
        schema["properties"][table]["propertyNames"] = {"pattern": KEY_PATTERN}
    schema["$defs"]["Source"]["properties"]["listings"]["propertyNames"] = {"pattern": KEY_PATTERN}
    schema["properties"]["hosts"]["propertyNames"] = {"pattern": HOST_PATTERN}
    schema["properties"]["sources"]["minProperties"] = 1
    for further in (FurtherListing, Fallback):
        for form in schema["$defs"][further.__name__]["properties"].values():
            form.pop("default", None)  # what is not said is as the source has it
    schema["$defs"]["Source"]["allOf"] = [_rules_of(kind, table) for kind, table in RULES.items()]
    schema["$defs"]["Item"]["allOf"] = [_rules_of("json_api", "mapping")]
    schema["$defs"]["Story"]["dependentRequired"] = {"image": ["image_alt"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "feeds.toml"}


def schema_text() -> str:
    """The schema as the file `feeds.schema.json` holds it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _rules_of(kind: str, table: str) -> dict[str, Any]:
    """That a kind needs its table of rules, and no other may have it."""
    is_kind = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
    return {"if": is_kind, "then": {"required": [table]}, "else": {"properties": {table: False}}}


def _hide_inner(part: dict[str, Any]) -> None:
    for name in INNER & part.get("properties", {}).keys():
        del part["properties"][name]
    if "required" in part:
        part["required"] = [name for name in part["required"] if name not in INNER]


def _write_defaults(kind: type[Service | Host | Source | Story | Settle | Notify], properties: dict[str, Any]) -> None:
    """Durations as the file has them: pydantic writes `PT10M`, which the file may not hold."""
    for name, field in kind.model_fields.items():
        if isinstance(field.default, timedelta):
            properties[field.alias or name]["default"] = written(field.default)
        elif isinstance(field.default, Settle):
            properties[name]["default"] = written(field.default.primary)
