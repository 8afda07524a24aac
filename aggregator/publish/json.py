"""A story as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from aggregator.model import StoryPage
from aggregator.publish.shown import SEEN_BY_READERS, picture_file


def as_json(page: StoryPage) -> str:
    """The whole page, citations included; times are ISO 8601 in UTC.

    Keys are those of `aggregator.model.StoryPage`, told in storage/README.md. `picture.file` is where the copy of the picture
    lies beside the page. Who at the desk did something stays at the desk.
    """
    whole = asdict(page)
    if page.picture is not None:
        whole["picture"]["file"] = picture_file(page)
    whole["acts"] = [
        {key: value for key, value in act.items() if key != "by"} for act in whole["acts"] if act["kind"] in SEEN_BY_READERS
    ]
    return json.dumps(whole, ensure_ascii=False, indent=2, default=plain)


def plain(value: object) -> str:
    """What JSON cannot write by itself: times. Raises TypeError for anything else."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"{value!r} cannot be written as JSON")
