"""The JSON Schema (2020-12) of a story's JSON, made from the types of `aggregator.model`; `story.schema.json` holds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from aggregator.model import STORY_ACTS, StoryPage

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = "story.schema.json"
NAMES = {  # one update, one mark …: words for readers of the schema
    "StoryPage": "A story with everything that its page shows.",
    "Update": "An entry of the ledger. It never changes; what is said of it later stands in `marks` and `also_reported`.",
    "Paragraph": "Sentences that stand together.",
    "Sentence": "A published sentence, with where it stands in what its source said.",
    "Citation": "The span behind a sentence.",
    "Attribution": "One “for more info: NAME” with its link.",
    "Replaced": "A published sentence that a later update corrects or takes back.",
    "Mark": "That an update was corrected or taken back in another.",
    "AlsoReported": "Another family that says what an update tells.",
    "DeskAct": "Something that the desk did, as far as readers see it.",
    "Picture": "The copy of the story's picture, or why there is none.",
    "Quote": "A published sentence by itself.",
    "Voice": "A family that the story follows or has heard.",
    "Disagreement": "Two families that give another figure or time for the same thing, each in its own words.",
    "Unseen": "Something of a source that the story follows may be missing.",
    "TextVersion": "A stored version of a statement that an update tells or cites.",
}
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "StoryPage": {
        "id": "A tag URI (RFC 4151) that never changes, wherever the site stands.",
        "url": "Where its page stands; relative to this file where nobody has said the site's address.",
        "key": "Its key in feeds.toml.",
        "title": "As feeds.toml has it.",
        "lead": "As feeds.toml has it.",
        "language": "BCP 47, of the page.",
        "date": "Of the newest update, by when it was said; else the start of the story's window.",
        "as_of": "When the newest update was published.",
        "quiet_since": "The same, where the story is open and nothing was published for a day after it; else null.",
        "image": "The picture's address, or an empty text.",
        "image_alt": "The picture in words.",
        "image_credit": "Whose picture it is.",
        "picture": "Null: not asked for yet, or the story has none.",
        "updates": "The ledger, Update.1 first.",
        "marks": "What later updates say of earlier ones.",
        "also_reported": "Who else reports an update.",
        "acts": "What the desk did, in order.",
        "key_points": "One sentence of each family, that of the newest update first.",
        "heard": "Families of which the story tells something, who spoke last first.",
        "not_heard": "Families that the story follows and has nothing of.",
        "disagreements": "What nobody has put right since, the newest first.",
        "versions": "Stored versions that the updates tell or cite, by the number of the revision.",
        "unseen": "What may be missing of the sources that the story follows, the newest first.",
    },
    "Update": {
        "id": "A tag URI (RFC 4151) that never changes; the same in every feed.",
        "url": "Its permalink; relative to this file where nobody has said the site's address.",
        "number": "1, 2, 3 … in its story, without a gap.",
        "kind": "Why it stands there.",
        "reason": "One sentence: what is new.",
        "title": "Of the statement that it tells.",
        "said_at": "When it was said.",
        "said_day": "ISO date where only the day is known: then show no time. Else an empty text.",
        "published_at": "When it came into the ledger.",
        "language": "BCP 47, of the version that it tells.",
        "statement": "The statement's id in the store.",
        "revision": "The id of the version that it tells.",
        "corrects": "The numbers of the updates that it corrects or takes back.",
        "hash": "Hex SHA-256 over the update and its predecessor's hash.",
        "desk": "The act of the desk that made it; null: it follows from what a source said.",
        "replaces": "Sentences of earlier updates that it corrects.",
    },
    "Citation": {
        "revision": "The id of the version.",
        "start": "In characters of the version's text.",
        "end": "The span ends before this character.",
    },
    "Sentence": {"citations": "The spans that it rests on."},
    "Attribution": {"name": "As readers know who said it.", "url": "Where they find it.", "source": "The source's key."},
    "Replaced": {
        "number": "The update that told it.",
        "paragraph": "In that update, from 1.",
        "position": "In its paragraph, from 1.",
        "before": "As it was published.",
        "after": "What stands in its place; empty where it was taken out.",
    },
    "Mark": {
        "number": "The update that is marked.",
        "by_number": "The update that says so.",
        "kind": "Corrected or withdrawn.",
        "at": "When.",
    },
    "AlsoReported": {
        "number": "Of the update.",
        "source": "The source's key.",
        "statement": "The statement's id in the store.",
        "citing": "Agencies that it credits.",
        "speaks_for": "The name of whom it is the mouth, as a state's agency is of its government; empty for nobody.",
        "independent": "A voice of its own.",
        "why": "It is one, or is none.",
    },
    "DeskAct": {
        "number": "The update that it speaks of.",
        "other": "The story that goes on, of a merge.",
    },
    "Picture": {
        "sha256": "Hex, of the copy; empty for none.",
        "width": "Pixels.",
        "height": "Pixels.",
        "why": "There is no copy; empty where there is one.",
        "file": "Where the copy lies beside this file; empty for none.",
    },
    "Quote": {"number": "Of the update.", "url": "Where readers find it.", "language": "BCP 47."},
    "TextVersion": {
        "revision": "Its id in the store.",
        "statement": "The statement's id in the store.",
        "number": "1, 2, 3 … of the statement, in its language.",
        "language": "BCP 47.",
        "source": "The key of the source that brought it.",
        "read_at": "When it was read.",
        "zone": "In which its source gives times; empty where that is not known.",
    },
    "Unseen": {
        "source": "The key of the source.",
        "name": "As readers know it.",
        "kind": "Why something may be missing; storage/README.md, v1_gaps, tells the kinds.",
        "from_at": "Up to here all is known.",
        "to_at": "And from here on; null: it goes on.",
        "says": "What may be missing, in a sentence.",
    },
    "Voice": {"numbers": "The updates that tell what it said.", "also": "The updates that it reports, too."},
    "Disagreement": {
        "kind": "What differs: figure, share, sum, time, weekday, date.",
        "one": "Of the earlier update.",
        "other": "Of the later one.",
    },
}


def json_schema() -> dict[str, Any]:
    """The schema. Every key is always there; keys may be added later, so others are allowed."""
    schema = TypeAdapter(StoryPage).json_schema(mode="serialization")
    parts: dict[str, Any] = schema.pop("$defs")
    for part in (schema, parts["Update"]):
        added = {"id": {"type": "string", "format": "uri"}, "url": {"type": "string", "format": "iri-reference"}}
        part["properties"] = added | part["properties"]
    parts["Picture"]["properties"]["file"] = {"type": "string"}
    del parts["DeskAct"]["properties"]["by"]  # stays at the desk
    parts["DeskKind"]["enum"] = [kind.value for kind in STORY_ACTS]
    for name, part in (("StoryPage", schema), *parts.items()):
        _describe(name, part)
    return {"$schema": DIALECT, **schema, "$defs": parts}


def _describe(name: str, part: dict[str, Any]) -> None:
    """Words for readers instead of those for programmers; each key is needed, and a default says nothing of what is there."""
    part.pop("title", None)
    part["description"] = NAMES.get(name, part.get("description", ""))
    if "properties" not in part:
        return
    part["required"] = list(part["properties"])
    for key, value in part["properties"].items():
        value.pop("default", None)
        value.pop("title", None)
        if meaning := MEANINGS.get(name, {}).get(key):
            value["description"] = meaning


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def shipped() -> str:
    """The file that comes with the program."""
    return (files("aggregator.publish") / FILE).read_text(encoding="utf-8")
