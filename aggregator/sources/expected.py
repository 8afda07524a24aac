"""What was read, as JSON: the form in which recordings keep what is expected of them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any


def as_json(value: Any) -> Any:
    """A listing, an article or a part of one as what `json` can write. Fields that hold nothing are left out.

    Times are ISO 8601 in UTC, durations in seconds, pairs lists.
    """
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
        return {name: part for name, part in found.items() if part not in (None, "", [], False)}
    if isinstance(value, tuple | list):
        return [as_json(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.value if isinstance(value, Enum) else value
