"""The demo: real bytes, an ordinary poll, one page of three governments."""

from __future__ import annotations

import asyncio
import gzip
import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.config import load_config
from aggregator.demo.recording import Recording, load_recording
from aggregator.demo.replay import ReplayServer
from aggregator.demo.route import RoutedTransport
from aggregator.demo.run import Summary, _page, play
from aggregator.model import UpdateKind
from aggregator.publish import render
from aggregator.service import open_for

WHITE_HOUSE = "https://www.whitehouse.gov/briefing-room/feed/"
EDITED = datetime(2022, 2, 24, 20, 50, tzinfo=UTC)
STALE = datetime(2022, 2, 24, 20, 55, tzinfo=UTC)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return load_recording()


@pytest.fixture
def summary(demo_summary: Summary) -> Summary:
    return demo_summary


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """The command, with what it says, and the storage that it made."""
    storage = tmp_path_factory.mktemp("demo") / "new"
    return CliRunner().invoke(app, ["demo", "--storage", str(storage)]), storage


def get(server: ReplayServer, url: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = RoutedTransport(httpx.AsyncHTTPTransport(), base_url=server.base_url)
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return asyncio.run(ask())


def test_the_server_answers_as_recorded_at_its_moment(recording: Recording) -> None:
    with ReplayServer(recording) as server:
        server.moment = EDITED
        answer = get(server, WHITE_HOUSE)
        exchange = recording.at(WHITE_HOUSE, EDITED)
        assert exchange is not None
        assert (answer.status_code, answer.content) == (200, exchange.body)
        assert str(answer.request.url) == WHITE_HOUSE
        assert get(server, WHITE_HOUSE, if_none_match=answer.headers["etag"]).status_code == 304
        assert get(server, WHITE_HOUSE, if_modified_since=answer.headers["last-modified"]).status_code == 304
        server.moment = STALE
        assert get(server, WHITE_HOUSE, if_none_match=answer.headers["etag"]).status_code == 200
        assert get(server, "https://www.whitehouse.gov/other").status_code == 404
        server.moment = datetime(2022, 1, 1, tzinfo=UTC)
        assert get(server, WHITE_HOUSE).status_code == 404


def test_the_recording_holds_what_its_readme_says(recording: Recording) -> None:
    made = [
        exchange.made
        for url in recording.urls
        for moment in recording.times
        if (exchange := recording.at(url, moment)) is not None and exchange.at == moment
    ]
    assert made.count("recorded") == 28
    assert made.count("recorded, served again") == 1
    assert set(made) == {"recorded", "rebuilt", "recorded, served again", "recorded, unchanged"}


def test_a_damaged_body_is_noticed(recording: Recording) -> None:
    exchange = recording.at(WHITE_HOUSE, EDITED)
    assert exchange is not None
    folder = Path(__file__).parents[1] / "aggregator/demo/recorded/bodies"
    assert gzip.decompress((folder / f"{exchange.sha256[:16]}.xml.gz").read_bytes()) == exchange.body


def test_three_families_become_one_story_of_numbered_updates(summary: Summary) -> None:
    told = summary.page.updates
    assert [update.number for update in told] == list(range(1, len(told) + 1))
    assert len(told) >= 8
    assert {name.name for update in told for name in update.attributions} == {
        "White House",
        "US Department of State",
        "Kremlin",
    }
    assert summary.families == 3


def test_the_silent_edit_of_the_sanctions_list_is_corrected_and_the_stale_copy_undoes_nothing(summary: Summary) -> None:
    told = {update.number: update for update in summary.page.updates}
    (correction,) = [update for update in told.values() if update.kind is UpdateKind.CORRECTED]
    (old,) = correction.corrects
    after = correction.paragraphs[0].text
    assert "Nikolai Patrushev (and his son Andrey)" in after
    assert any("Andrey Patrushev (and his son Nikolai)" in paragraph.text for paragraph in told[old].paragraphs)
    assert correction.published_at > STALE  # the older copy came before it was told, and after it was seen


def test_the_balance_of_the_demo_adds_up(summary: Summary) -> None:
    counts = summary.counts
    assert counts["listed"] == sum(counts.values()) - counts["listed"]
    assert counts["revised"] >= 1
    assert counts["duplicate"] >= 1
    assert counts["dropped"] == 0


def test_the_kremlins_times_are_moscows_in_spite_of_their_offset(summary: Summary) -> None:
    (address,) = [update for update in summary.page.updates if update.title.startswith("Address by the President")]
    assert address.said_at == datetime(2022, 2, 24, 3, 0, tzinfo=UTC)


def test_the_page_lies_where_the_demo_says(summary: Summary) -> None:
    assert re.search(r"<h2><a href=\"#update-8\">Update\.8</a> ", summary.site.read_text(encoding="utf-8"))
    assert summary.database.stat().st_size > 0


def test_the_demos_store_can_be_looked_at_with_the_ordinary_commands(summary: Summary) -> None:
    feeds = summary.database.with_name("feeds.toml")
    shown = CliRunner().invoke(app, ["story", "ukraine-2022", "--config", str(feeds)])
    assert shown.stdout == render(summary.page, "text")


def test_the_demo_prints_the_page_the_balance_and_where_everything_lies(typed: tuple[Result, Path]) -> None:
    shown, storage = typed
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Russia and Ukraine, 24 February 2022\n")
    assert re.search(r"61 polls of 4 feeds: \d+ lines listed = \d+ new \+ \d+ revised", shown.stdout)
    assert f"SQLite file: {storage}/aggregator.sqlite" in shown.stdout


def test_playing_again_gives_the_same_page(summary: Summary, typed: tuple[Result, Path]) -> None:
    config = load_config(typed[1] / "feeds.toml")
    with closing(open_for(config, create=False)) as store:
        assert _page(store, config) == summary.page  # the hash chain, too


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "aggregator.sqlite").write_text("mine")
    with pytest.raises(FileExistsError, match="not made by an earlier demo"):
        asyncio.run(play(tmp_path, advance=lambda *_: None))
    assert (tmp_path / "aggregator.sqlite").read_text() == "mine"
