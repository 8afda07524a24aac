"""A story as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from aggregator.model import StoryPage


def as_json(page: StoryPage) -> str:
    """The whole page, citations included; times are ISO 8601 in UTC. Keys are those of `aggregator.model.StoryPage`."""
    return json.dumps(asdict(page), ensure_ascii=False, indent=2, default=plain)


def plain(value: object) -> str:
    """What JSON cannot write by itself: times. Raises TypeError for anything else."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"{value!r} cannot be written as JSON")
