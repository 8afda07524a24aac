"""A story as JSON. `story.schema.json` beside this file describes it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aggregator.model import STORY_ACTS, StoryPage
from aggregator.publish.places import Site, story_file
from aggregator.publish.shown import picture_file
from aggregator.publish.wellformed import json_text


def as_json(page: StoryPage, site: Site) -> str:
    """The whole page, citations included; times are ISO 8601 in UTC.

    Keys are those of `aggregator.model.StoryPage`, told in storage/README.md. `id` of the story and of each update is a tag
    URI that never changes, `url` where it stands; `picture.file` is where the copy of the picture lies beside the page. Who at
    the desk did something stays at the desk.
    """
    return json_text(story_values(page, site))


def story_values(page: StoryPage, site: Site) -> dict[str, Any]:
    """The same as values: what the file of a story and an answer of the API hold. Times are datetimes still."""
    told = asdict(page)
    if page.picture is not None:
        told["picture"]["file"] = picture_file(page)
    told["acts"] = [
        {key: value for key, value in act.items() if key != "by"} for act in told["acts"] if act["kind"] in STORY_ACTS
    ]
    told["updates"] = [
        {"id": site.update_id(page.key, one["number"]), "url": site.permalink(page.key, one["number"]), **one}
        for one in told["updates"]
    ]
    return {"id": site.story_id(page.key), "url": site.address(story_file(page.key)), **told}
