"""The API: the rows of the views, page by page, and a clear word for every question that cannot be answered."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hypothesis
import jsonschema
import pytest
import schemathesis
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from aggregator.service import open_for, utc_now
from aggregator.store.browsing import AS_TRUTH, COLUMNS
from aggregator.web.api import BASE, PARTS, QUESTIONS
from aggregator.web.app import application
from tests import openapi
from tests.conftest import ON_POSTGRESQL, STORY, Desk, Web, item, rss, source_block
from tests.serving import Reader, demo_config, served
from tests.test_cli import aggregator

STORY_KEY = "ukraine-2022"
RULES_OUTSIDE_SCHEMAS = (
    "`cursor`: ",
    "`since`: ",
    "`until`: write a day that is not",
    "`q`: ",
)  # what these hold, no schema can say


@pytest.fixture(scope="module")
def reader(demo_storage: Path) -> Iterator[Reader]:
    with served(demo_config(demo_storage)) as one:
        yield one


@pytest.fixture(scope="module")
def views(demo_storage: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{demo_storage}/aggregator.sqlite?mode=ro", uri=True)) as store:
        store.row_factory = sqlite3.Row
        yield store


def rows_in(views: sqlite3.Connection, query: str, *values: object) -> list[dict[str, Any]]:
    rows = [dict(row) for row in views.execute(query, values)]
    return [{name: bool(value) if name in AS_TRUTH else value for name, value in row.items()} for row in rows]


def test_each_view_is_given_with_its_columns_in_their_order(views: sqlite3.Connection) -> None:
    for view, columns in COLUMNS.items():
        assert columns == tuple(one[0] for one in views.execute(f"SELECT * FROM {view} LIMIT 0").description), view  # noqa: S608 - our own


def test_the_description_is_that_of_the_questions_and_of_the_manual() -> None:
    told = openapi.FILE.read_text(encoding="utf-8")
    assert told == openapi.as_text(), "run: make openapi"
    assert '"as in `v' not in told  # it stands by itself


def test_rows_are_those_of_the_views(reader: Reader, views: sqlite3.Connection) -> None:
    assert reader.rows("/stories")["items"] == rows_in(views, "SELECT * FROM v2_stories")
    assert reader.rows("/sources")["items"] == rows_in(views, "SELECT * FROM v2_sources ORDER BY key")
    assert reader.rows(f"/stories/{STORY_KEY}") == rows_in(views, "SELECT * FROM v2_stories")[0]
    (told,) = rows_in(views, "SELECT * FROM v2_statements WHERE id = 5")
    statement = reader.rows("/statements/5")
    assert told.items() <= statement.items()
    assert statement["versions"] == rows_in(views, "SELECT * FROM v2_revisions WHERE statement_id = 5 ORDER BY id DESC")


def test_an_update_comes_with_all_that_is_published_of_it(reader: Reader, views: sqlite3.Connection) -> None:
    page = reader.rows(f"/stories/{STORY_KEY}/updates?limit=200")
    assert [one["number"] for one in page["items"]] == list(range(1, 15))
    assert page["next"] is None
    corrected = page["items"][9]
    for name, part in PARTS.items():
        query = f"SELECT * FROM {part.view} WHERE story = ? AND {part.number} = 10 ORDER BY {', '.join(part.by)}"  # noqa: S608 - our own names
        assert corrected[name] == rows_in(views, query, STORY_KEY)
    assert corrected["corrections"]
    assert reader.rows(f"/updates?kind=corrected&story={STORY_KEY}")["items"] == [corrected]


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT * FROM v2_updates ORDER BY published_at DESC, story DESC, number DESC LIMIT 50",
        "SELECT * FROM v1_updates WHERE story = 'a' AND number IN (1, 2) ORDER BY number",
        "SELECT * FROM v1_marks WHERE story = 'a' AND number IN (1, 2) OR story = 'b' AND number IN (3, 5)",
        "SELECT * FROM v1_marks WHERE story = 'a' AND by_number IN (1, 2) OR story = 'b' AND by_number IN (3, 5)",
        "SELECT * FROM v1_update_sentences WHERE story = 'a' AND number IN (1, 2) OR story = 'b' AND number IN (3, 5)",
    ],
)
def test_updates_and_their_parts_are_found_by_an_index_however_many_there_are(views: sqlite3.Connection, asked: str) -> None:
    plan = [str(row["detail"]) for row in views.execute(f"EXPLAIN QUERY PLAN {asked}")]
    looks = [one for one in plan if one.startswith(("SCAN", "SEARCH"))]
    assert [one for one in looks if " USING " not in one] == []
    assert [one for one in looks if one.startswith("SCAN")] == [one for one in looks if "ix_updates_published_at" in one]
    assert "ORDER BY published_at" not in asked or "USE TEMP B-TREE FOR ORDER BY" not in plan


@pytest.mark.parametrize("path", [f"/stories/{STORY_KEY}/updates", f"/stories/{STORY_KEY}/updates?order=newest", "/updates"])
def test_pages_of_updates_have_no_gap_and_no_repetition(reader: Reader, path: str) -> None:
    numbers = [one["number"] for one in every_item(reader, path, limit=3)]
    assert sorted(numbers) == list(range(1, 15))
    assert numbers[0] == (1 if path.endswith("y/updates") or ("2022/updates" in path and "newest" not in path) else 14)


def test_pages_of_statements_have_no_gap_and_no_repetition(reader: Reader, views: sqlite3.Connection) -> None:
    there = rows_in(views, "SELECT * FROM v2_statements ORDER BY said_at DESC, id DESC")
    assert sorted(one["id"] for one in every_item(reader, "/statements", limit=20)) == sorted(one["id"] for one in there)
    of_one = [one for one in there if one["source"] == "kremlin"]
    assert {one["id"] for one in every_item(reader, "/statements?source=kremlin", limit=20)} >= {one["id"] for one in of_one}


def every_item(reader: Reader, path: str, *, limit: int) -> list[dict[str, Any]]:
    found, cursor, more = [], "", "&" if "?" in path else "?"
    while True:
        page = reader.rows(f"{path}{more}limit={limit}{cursor and '&cursor='}{cursor}")
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = page["next"]


def test_search_says_what_was_found_and_where(reader: Reader) -> None:
    page = reader.rows("/search?q=swift&limit=2")
    assert page["items"]
    for hit in page["items"]:
        found = hit["found"]
        marked = [found["snippet"][start:end] for start, end in found["snippet_spans"]]
        marked += [found["title"][start:end] for start, end in found["title_spans"]]
        assert {word.lower() for word in marked} == {"swift"}


def test_changes_are_followed_by_a_cursor(reader: Reader) -> None:
    seen, cursor = [], ""
    while (answer := reader.rows(f"/changes?limit=100&since={cursor}"))["changes"]:
        seen += [one["seq"] for one in answer["changes"]]
        cursor = answer["cursor"]
    assert seen == list(range(1, len(seen) + 1))
    assert answer["more"] is False
    assert answer["cursor"] == cursor


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/stories?limt=3", "There is no parameter `limt`. Known: limit, cursor."),
        ("/stories?limit=0", "`limit`: input should be greater than or equal to 1."),
        ("/stories?limit=201", "`limit`: input should be less than or equal to 200."),
        ("/stories?limit=99999999999999999999999", "`limit`: write a whole number."),
        ("/stories?limit=3&limit=4", "`limit` is given twice. Give it once."),
        (
            "/stories?cursor=nonsense",
            "`cursor`: 'nonsense' is no cursor. Take the one that the page before gave, or leave it out.",
        ),
        ("/stories?cursor=" + "A" * 5000, "`cursor`: string should have at most 2000 characters."),
        ("/statements?cursor=zz", "`cursor`: 'zz' is no cursor. Take the one that the page before gave, or leave it out."),
        ("/statements?since=yesterday", "`since`: write a day such as 2025-08-14."),
        ("/statements?until=2025-08-14&since=2025-08-15", "`until`: write a day that is not before `since`."),
        ("/search?q=grain&since=2025-08-15&until=2025-08-14", "`until`: write a day that is not before `since`."),
        ("/statements?since=2025-02-31", "`since`: input should be a valid date"),
        ("/statements?lane=secret", "`lane`: input should be 'primary' or 'reporting'."),
        ("/statements?source=a%00b", "`source`: leave out control characters."),
        ("/statements/abc", "`id`: write a whole number."),
        ("/statements/0", "`id`: input should be greater than or equal to 1."),
        ("/search", "`q`: field required."),
        ("/search?q=%22%E2%80%94%22", "`q`: "),
        ("/changes?since=1-2-3", "`since`: '1-2-3' is no cursor"),
    ],
)
def test_a_wrong_question_is_told_what_to_write_instead(reader: Reader, path: str, says: str) -> None:
    assert reader.wrong(f"{BASE}{path}").startswith(says)


def test_what_is_not_there_is_told_so(reader: Reader) -> None:
    assert reader.wrong(f"{BASE}/stories/nope", 404) == "There is no story 'nope'. See /api/v1/stories."
    assert reader.wrong(f"{BASE}/stories/nope/updates", 404) == "There is no story 'nope'. See /api/v1/stories."
    assert reader.wrong(f"{BASE}/statements/{2**63 - 1}", 404).startswith("There is no statement 9223372036854775807.")
    assert reader.wrong("/api/v1/nothing", 404).startswith("There is nothing at /api/v1/nothing.")


def test_a_cursor_goes_on_in_its_own_listing_only(reader: Reader) -> None:
    cursor = reader.rows("/updates?limit=3")["next"]
    assert "another listing" in reader.wrong(f"{BASE}/updates?limit=3&kind=adds&cursor={cursor}")
    assert "no cursor" in reader.wrong(f"{BASE}/stories?cursor={cursor}")
    forged = cursor[:-1] + ("0" if cursor[-1] != "0" else "1")
    assert "another listing" in reader.wrong(f"{BASE}/updates?limit=3&cursor={forged}")


def test_only_reading_is_answered(reader: Reader) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = reader.client.request(method, f"{BASE}/stories")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_the_listing_of_the_api_names_every_path(reader: Reader) -> None:
    page = reader.get("/api/").text
    for one in QUESTIONS:
        assert f"{BASE}{one.path}".replace("{key}", "KEY").replace("{id}", "ID") in page


def test_every_answer_is_as_the_description_says(reader: Reader) -> None:
    told = reader.get("/api/openapi.json").json()
    first = {"{key}": STORY_KEY, "{id}": "5"}
    for one in QUESTIONS:
        path = one.path
        for name, value in first.items():
            path = path.replace(name, value)
        answer = reader.rows(f"{path}?q=ukraine" if path == "/search" else path)
        (content,) = told["paths"][f"{BASE}{one.path}"]["get"]["responses"]["200"]["content"].values()
        jsonschema.validate(answer, {**content["schema"], "components": told["components"]})


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_schemathesis_finds_nothing(demo_storage: Path, mode: GenerationMode) -> None:
    config = demo_config(demo_storage)
    config = config.model_copy(update={"web": config.web.model_copy(update={"url": "http://testserver/"})})
    app = application(open_for(config, create=False), config, clock=utc_now).app
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    asked = 0
    for operation in schema.get_all_operations():
        assert isinstance(operation, Ok), operation

        @hypothesis.settings(max_examples=5, database=None, suppress_health_check=list(hypothesis.HealthCheck))
        @hypothesis.given(case=operation.ok().as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            answer = case.call()
            cannot_be_said = answer.status_code == 400 and answer.json()["detail"].startswith(RULES_OUTSIDE_SCHEMAS)
            case.validate_response(answer, excluded_checks=[positive_data_acceptance] if cannot_be_said else [])

        ask()
        asked += 1
    assert asked == len(QUESTIONS)


@ON_POSTGRESQL
@pytest.mark.usefixtures("database_kind")
def test_postgresql_gives_the_same(web: Web, desk: Callable[[str], Desk], database_kind: str) -> None:
    assert database_kind == "postgresql"
    web.serve(rss(*(item(str(n), f"Talks on grain {n}", f"On day {n} the talks went on for {n + 2} hours.") for n in range(5))))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    at_work.settle()
    with served(at_work.config) as reader:
        numbers = [one["number"] for one in every_item(reader, "/updates", limit=2)]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert numbers
        story = reader.rows("/stories/talks")
        assert (story["active"], story["updates"], story["from_at"]) == (True, len(numbers), "2025-08-01T00:00:00.000Z")
        assert [one["id"] for one in every_item(reader, "/statements?story=talks", limit=2)] == [5, 4, 3, 2, 1]
        assert reader.rows("/search?q=grain&limit=1")["items"][0]["found"]["title_spans"] == [[9, 14]]
        assert reader.rows("/statements/1")["said_day_only"] is False
        assert reader.rows("/sources")["items"][0]["key"] == "a"
        assert reader.rows("/changes?limit=1")["changes"][0]["at"] == json.loads(
            json.dumps(reader.rows("/stories/talks")["opened_at"])
        )
        assert reader.wrong(f"{BASE}/statements?story=a%00b") == "`story`: leave out control characters."
        assert reader.get("/talks.html").status_code == 200


def test_the_examples_of_the_manual_answer(reader: Reader) -> None:
    manual = (Path(__file__).parents[1] / "docs/api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", manual, re.DOTALL)
    questions = [shlex.split(line) for block in blocks for line in block.splitlines() if line.startswith("curl -s ")]
    asked = [path_of(words) for words in questions]
    assert len(asked) == 6
    for path in asked[:-1]:
        assert reader.rows(path.removeprefix(BASE))["items"] != [], path
    wrong = reader.client.get(asked[-1])
    assert wrong.text.strip() in manual
    for command in re.findall(r"^    aggregator .*", manual, re.MULTILINE):
        helped = aggregator(command.split()[1], "--help")
        assert all(option in helped.stdout for option in re.findall(r"--\w+", command))
    told = {re.sub(r"[{}]", "", one.path).strip("/") for one in QUESTIONS}
    listed = " ".join(re.findall(r"^\| (`[^|]+`) \|", manual, re.MULTILINE))
    assert {path.partition("?")[0].lower() for path in re.findall(r"`([^`]+)`", listed)} == told


def path_of(words: list[str]) -> str:
    """What a command of curl asks for, without the server."""
    (address,) = (word for word in words if "://" in word)
    path = "/" + address.split("/", 3)[3]
    values = [word for before, word in pairwise(words) if before in ("--data-urlencode", "-d")]
    given = [one.partition("=") for one in values]
    return path + ("?" + "&".join(f"{name}={quote(value)}" for name, _, value in given) if given else "")
