"""The JSON Schema of `feeds.toml`, generated from the types that check it."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from aggregator.config.load import INNER
from aggregator.config.types import KEY_PATTERN, Config


def json_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) that editors complete `feeds.toml` by."""
    schema = Config.model_json_schema(schema_generator=GenerateJsonSchema)
    for part in (schema, *schema["$defs"].values()):
        for name in INNER & part.get("properties", {}).keys():
            del part["properties"][name]
        part["required"] = [name for name in part.get("required", []) if name not in INNER]
    for table in ("sources", "stories"):
        schema["properties"][table]["propertyNames"] = {"pattern": KEY_PATTERN}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "feeds.toml"}


def schema_text() -> str:
    """The schema as the file `feeds.schema.json` holds it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
