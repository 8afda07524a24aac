"""The JSON of a story: its ids, and the schema and the manual that describe it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import feedparser
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from jsonschema import Draft202012Validator, ValidationError

from aggregator.model import (
    DeskAct,
    DeskKind,
    Disagreement,
    Quote,
    RevisionId,
    SourceKey,
    StatementId,
    StoryKey,
    StoryPage,
    TextVersion,
    Update,
    Voice,
)
from aggregator.publish import render
from aggregator.publish.linked_data import json_ld
from aggregator.publish.places import Site
from aggregator.publish.story_schema import json_schema, schema_text, shipped
from tests.conftest import NOON
from tests.told import PICTURED, SITE, echo, pages, paragraph, story

MANUAL = Path(__file__).parents[1] / "storage/README.md"
SCHEMA = json.loads(shipped())
QUOTE = Quote(
    number=1, family="a", name="Alpha", url="https://a.example/", sentence=paragraph("So.").sentences[0], language="en"
)
FULL = replace(
    PICTURED,
    also_reported=(echo(1),),
    acts=tuple(
        DeskAct(id=number, kind=kind, at=NOON, by="A. Person", why="over", story=StoryKey("talks"))
        for number, kind in enumerate((DeskKind.CLOSE, DeskKind.HOLD), 1)  # the second is nothing for readers
    ),
    key_points=(QUOTE,),
    heard=(Voice(family="a", name="Alpha", numbers=(1,), also=(2,)),),
    not_heard=(Voice(family="b", name="Beta"),),
    disagreements=(Disagreement(kind="time", one=QUOTE, other=QUOTE),),
    quiet_since=NOON,
    versions=(
        TextVersion(
            revision=RevisionId(1),
            statement=StatementId(1),
            number=1,
            language="en",
            source=SourceKey("a"),
            read_at=NOON,
            zone="Europe/Moscow",
        ),
    ),
)


def closed(part: Any) -> Any:
    """The schema, allowing no key that it does not describe."""
    if isinstance(part, list):
        return [closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    whole = {key: closed(value) for key, value in part.items()}
    return {**whole, "additionalProperties": False} if "properties" in part and part.get("type") == "object" else whole


STRICT = Draft202012Validator(closed(SCHEMA), format_checker=Draft202012Validator.FORMAT_CHECKER)


def json_of(page: StoryPage, site: Site = SITE) -> dict[str, Any]:
    return dict(json.loads(render(page, "json", site=site).encode()))


def test_the_shipped_schema_is_made_from_the_types() -> None:
    assert shipped() == schema_text()  # else: make schema
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("page", [FULL, story(0), story(3)], ids=["full", "empty", "plain"])
def test_the_schema_describes_every_key_and_nothing_else(page: StoryPage) -> None:
    STRICT.validate(json_of(page))
    STRICT.validate(json_of(page, Site()))


def test_the_schema_refuses_what_lacks_a_key_or_holds_another_kind_of_value() -> None:
    told = json_of(FULL)
    for path in places(told):
        broken = json.loads(json.dumps(told))
        *way, last = path
        inner = broken
        for step in way:
            inner = inner[step]
        del inner[last]
        with pytest.raises(ValidationError):
            STRICT.validate(broken)
    with pytest.raises(ValidationError):
        STRICT.validate({**told, "updates": [{**told["updates"][0], "number": "1"}]})


def places(value: Any, *way: Any) -> Iterator[tuple[Any, ...]]:
    """Where each key of each object stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*way, key)
            yield from places(inner, *way, key)
    elif isinstance(value, list) and value:
        yield from places(value[0], *way, 0)


def test_a_key_that_comes_later_breaks_no_reader() -> None:
    Draft202012Validator(SCHEMA).validate({**json_of(FULL), "later": 1})


@given(page=pages())
@settings(max_examples=30)
def test_the_json_fits_its_schema_whatever_a_source_wrote(page: StoryPage) -> None:
    STRICT.validate(json_of(page))


def test_updates_have_ids_and_permalinks_beside_what_they_had() -> None:
    told = json_of(FULL)
    assert (told["id"], told["url"]) == (SITE.story_id(StoryKey("talks")), "https://news.example.org/talks.html")
    assert told["updates"][1]["id"] == SITE.update_id(StoryKey("talks"), 2)
    assert told["updates"][1]["url"] == "https://news.example.org/talks.html#update-2"
    assert json_of(FULL, Site())["updates"][1]["url"] == "talks.html#update-2"
    assert {one.name for one in fields(StoryPage)} <= told.keys()
    assert {one.name for one in fields(Update)} <= told["updates"][0].keys()
    assert "Person" not in str(told)


def test_an_update_has_one_id_one_address_and_one_time_in_every_form() -> None:
    told = [(one["id"], one["url"], one["published_at"]) for one in json_of(FULL)["updates"]]
    feed = [one for one in json.loads(render(FULL, "jsonfeed", site=SITE))["items"] if "_update" in one]
    data = json.loads(json_ld(FULL, SITE))["liveBlogUpdate"]
    read = feedparser.parse(io.BytesIO(render(FULL, "atom", site=SITE).encode())).entries
    read = [one for one in read if "/update-" in one.id]  # what the desk did is an entry, too
    assert [(one["id"], one["url"], one["date_published"]) for one in reversed(feed)] == told
    assert [(one["@id"], one["url"], one["datePublished"]) for one in reversed(data)] == told
    assert [(one.id, one.link, one.published) for one in reversed(read)] == told
    page = BeautifulSoup(render(FULL, "html", site=SITE), "lxml")
    assert [page.find(id=url.partition("#")[2]) is None for _, url, _ in told] == [False] * 4


def test_the_manual_names_every_key() -> None:
    section = MANUAL.read_text(encoding="utf-8").split("\n## The JSON of a story\n")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z0-9_]+)`", section))
    keys = {key for part in (SCHEMA, *SCHEMA["$defs"].values()) for key in part.get("properties", {})}
    assert keys - named == set()
    rows = {key for row in re.findall(r"^\| (`.+?) \|", section, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}
    assert rows == SCHEMA["properties"].keys()


def test_every_part_says_what_it_is() -> None:
    for name, part in {"story": SCHEMA, **SCHEMA["$defs"]}.items():
        assert part.get("description"), name
    for part in (SCHEMA, SCHEMA["$defs"]["Update"]):
        undescribed = [key for key, value in part["properties"].items() if not value.get("description")]
        assert set(undescribed) <= {"paragraphs", "attributions"}
