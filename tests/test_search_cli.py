"""`aggregator search`, as an operator types it; the manual's words on it; and stores of the release before it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from rich.text import Span
from sqlalchemy import MetaData, create_engine
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.cli.searching import styled
from aggregator.store import open_store
from aggregator.store.stamped import MIGRATIONS
from aggregator.text.highlight import Marked, as_html
from tests.conftest import STORY, Web, item, rss, source_block, write_feeds
from tests.searching import Archive, day


def aggregator(*words: str, config: Path) -> Result:
    return CliRunner().invoke(app, [words[0], "--config", str(config), *words[1:]])  # before a `--`


@pytest.fixture
def polled(web: Web, tmp_path: Path) -> Path:
    body = rss(
        item("one", "Talks on <![CDATA[grain & oil]]>", "<p>The talks on grain go on.</p>"),
        item("two", "Переговоры о зерне", "<p>Переговоры о зерне продолжаются.</p>"),
        item("three", "Weather", "<p>The talks are over.</p>"),
    )
    web.serve(body)
    feeds = write_feeds(tmp_path, STORY.replace('settle = "10m"', 'settle = "0s"') + source_block("a", web.url()))
    done = aggregator("poll", config=feeds)
    assert done.exit_code == 0, done.output
    return feeds


def test_what_is_found_is_listed(polled: Path) -> None:
    found = aggregator("search", "зерне", config=polled)
    assert found.exit_code == 0
    heading, line = found.stdout.splitlines()
    assert heading.split("\t") == ["id", "said (UTC)", "source", "language", "title", "snippet"]
    assert line.split("\t")[1:] == ["2025-08-14 12:00", "a", "en", "Переговоры о зерне", "Переговоры о зерне продолжаются."]


def test_json_has_the_texts_and_the_spans(polled: Path) -> None:
    found = json.loads(aggregator("search", '"talks on"', "--json", config=polled).stdout)
    (hit,) = found["hits"]
    assert found["next"] is None
    assert hit["title"] == "Talks on grain & oil"
    assert hit["title_spans"] == [[0, 8]]
    assert [hit["snippet"][start:end] for start, end in hit["snippet_spans"]] == ["talks on"]
    assert {
        "statement",
        "revision",
        "version",
        "language",
        "source",
        "family",
        "lane",
        "said_at",
        "said_day",
        "url",
    } < hit.keys()


def test_pages_follow_by_cursor(polled: Path) -> None:
    first = json.loads(aggregator("search", "--limit", "2", "--json", config=polled).stdout)
    second = json.loads(aggregator("search", "--limit", "2", "--json", "--after", first["next"], config=polled).stdout)
    assert [hit["title"] for hit in first["hits"] + second["hits"]] != []
    assert len({hit["statement"] for hit in first["hits"] + second["hits"]}) == 3
    assert second["next"] is None
    told = aggregator("search", "--limit", "2", config=polled)
    assert f"More: repeat it with --after {first['next']}" in told.stderr


def test_filters_and_negation_of_the_command_line(polled: Path) -> None:
    def count(*words: str) -> int:
        return len(json.loads(aggregator("search", "--json", *words, config=polled).stdout)["hits"])

    assert count() == 3
    assert count("talks") == 2
    assert count("--", "talks", "-grain") == 1
    assert count("talks -grain") == 1
    assert count("talks", "--source", "a", "--family", "a", "--lane", "primary", "--language", "en", "--story", "talks") == 2
    assert count("--lane", "reporting") == 0
    assert count("--since", "2025-08-14", "--until", "2025-08-14") == 3
    assert count("--since", "2025-08-15") == 0
    assert count("--until", "2025-08-13") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("*",), "'*' has no letter or digit to look for"),
        (("x", "--source", "nobody"), "--source: there is no source 'nobody'. Known: a"),
        (("x", "--family", "nobody"), "--family: there is no family 'nobody'. Known: a"),
        (("x", "--story", "none"), "--story: there is no story 'none'. Known: talks"),
        (("x", "--after", "what"), "--after: 'what' is no cursor"),
        (("x", "--lane", "fast"), "fast"),
        (("x", "--since", "yesterday"), "yesterday"),
        (("x", "--since", "2025-08-15", "--until", "2025-08-14"), "--until: write a day that is not before --since"),
    ],
)
def test_wrong_usage_is_told(polled: Path, words: tuple[str, ...], said: str) -> None:
    found = aggregator("search", *words, config=polled)
    assert found.exit_code == 2
    assert said in " ".join(found.stderr.split())


def test_highlights_are_safe_on_a_terminal_and_on_a_page() -> None:
    one = Marked("\x1b[31m<b>grain</b> & [bold]oil", ((8, 13), (26, 29)))
    assert as_html(one) == "\x1b[31m&lt;b&gt;<mark>grain</mark>&lt;/b&gt; &amp; [bold]<mark>oil</mark>"
    shown = styled(one)
    assert shown.plain == "[31m<b>grain</b> & [bold]oil"
    assert shown.spans == [Span(7, 12, "reverse"), Span(25, 28, "reverse")]


def test_a_store_of_the_release_before_is_searched_whole(database_url: str, tmp_path: Path) -> None:
    """More than one batch, all said in one second; one of them was edited twice, one has its day alone."""
    said = {"said_at": "2025-08-14T12:00:00.000Z", "first_seen_at": "2025-08-14T12:00:00.000Z"}
    same = {"source": "kremlin", "family": "kremlin", "url": "", "said_written": "", "zone_known": "none", "said_day": ""}
    texts = {"language": "en", "html": "", "fingerprint": "", "body_fingerprint": "", "seen_at": said["said_at"]}
    source = {"kind": "feed", "lane": "primary", "name": "", "language": "", "homepage": "", "active": True, "failures": 0}
    engine = create_engine(database_url)
    with engine.begin() as tx:
        config = Config(attributes={"connection": tx})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0005")
        old = MetaData()
        old.reflect(tx)
        tables = old.tables
        first = {
            "key": "kremlin",
            "family": "kremlin",
            "url": "",
            "first_seen_at": said["said_at"],
            "next_poll_at": said["said_at"],
        }
        tx.execute(tables["sources"].insert(), [source | first])
        tx.execute(tables["statements"].insert(), [{**said, **same}] * 4_500)
        tx.execute(tables["statements"].update().where(tables["statements"].c.id == 9).values(said_day="2025-08-13"))
        versions = [(one, one, 1) for one in range(1, 4_501)] + [(4_501, 7, 2), (4_502, 7, 3)]
        tx.execute(
            tables["revisions"].insert(),
            [
                {
                    "statement_id": of,
                    "number": number,
                    "title": f"Élysée t{one}",
                    "text": "grain",
                    "source": "kremlin",
                }
                | texts
                for one, of, number in versions
            ],
        )
    engine.dispose()
    archive = Archive(open_store(database_url, snapshots=tmp_path))
    assert archive.titles("elysee t4502") == ["[Élysée] [t4502]"]
    assert archive.titles("t9", until=day("2025-08-13")) == ["Élysée [t9]"]
    found = [hit.statement for page in archive.pages("grain", limit=1_000) for hit in page.hits]
    assert len(found) == len(set(found)) == 4_500
    archive.say("Élysée at last")
    assert archive.titles("elysee last") == ["[Élysée] at [last]"]
    archive.store.close()


def test_the_manual_says_how_another_program_searches(polled: Path) -> None:
    manual = (Path(__file__).parents[1] / "storage/README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^    aggregator (search .* --json)$", manual, re.MULTILINE)
    found = aggregator(*shlex.split(example), config=polled)
    assert found.exit_code == 0, found.output
    assert [hit["title"] for hit in json.loads(found.stdout)["hits"]] == ["Переговоры о зерне"]
