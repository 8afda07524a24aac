"""Datasette on the demo's store, started as storage/README.md says: its pages open, show the views, and keep up."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from aggregator.store import changes, open_store
from tests.contract import COLUMNS, DATASETTE, read
from tests.manual import examples
from tests.patience import WAIT

RELEASED = read(COLUMNS)
AT = datetime(2022, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(demo_storage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(demo_storage, folder / "storage")
    shutil.copy(DATASETTE, folder / "storage")
    return folder / "storage/aggregator.sqlite"


@pytest.fixture(scope="module")
def site(database: Path) -> Iterator[httpx.Client]:
    """Datasette by the manual's own command, at a free port."""
    (told,) = [one.code for one in examples() if one.code.startswith("datasette serve")]
    words = shlex.split(told.replace("--port 8001", "--port 0"))
    assert words[-1] == "0"
    command = [sys.executable, "-m", *words]
    with subprocess.Popen(
        command, cwd=database.parents[1], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            with httpx.Client(base_url=address(server), timeout=WAIT) as client:
                yield client
        finally:
            server.kill()


def address(server: subprocess.Popen[str]) -> str:
    """Where it listens, as it says itself; what it says from then on is read away, so that it never waits."""
    assert server.stdout is not None
    hung = threading.Timer(WAIT, server.kill)
    hung.start()
    said = ""
    for line in server.stdout:
        said += line
        if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
            hung.cancel()
            threading.Thread(target=server.stdout.read, daemon=True).start()
            return found[1]
    pytest.fail(f"datasette never said where it listens: {said}")


def test_the_front_page_lists_the_views_and_hides_the_tables(site: httpx.Client) -> None:
    assert "update-aggregator" in site.get("/").text
    shown = site.get("/aggregator.json").json()
    assert sorted(view["name"] for view in shown["views"]) == sorted(RELEASED)
    assert [table["name"] for table in shown["tables"] if not table["hidden"]] == []


@pytest.mark.parametrize("view", sorted(RELEASED))
def test_every_view_opens_as_a_page_and_as_json(view: str, site: httpx.Client) -> None:
    page = site.get(f"/aggregator/{view}")
    assert page.status_code == 200
    shown = site.get(f"/aggregator/{view}.json", params={"_shape": "objects"})
    assert shown.status_code == 200
    assert shown.json()["columns"] == list(RELEASED[view]["columns"])
    assert shown.json()["rows"] or not RELEASED[view]["example"]
    assert all(f">{column}<" in page.text for column in RELEASED[view]["columns"])


def test_one_row_opens(site: httpx.Client) -> None:
    page = site.get("/aggregator/v1_updates", params={"story": "ukraine-2022", "number": "9"})
    assert page.status_code == 200
    assert "1 row" in page.text
    shown = site.get("/aggregator/v2_statements.json", params={"id": "43", "_shape": "array"}).json()
    assert [row["source"] for row in shown] == ["white-house"]


def test_a_table_is_filtered_and_sorted(site: httpx.Client) -> None:
    query = {"story": "ukraine-2022", "number__lte": "3", "_sort_desc": "number", "_shape": "array"}
    assert [row["number"] for row in site.get("/aggregator/v1_updates.json", params=query).json()] == [3, 2, 1]
    assert site.get("/aggregator/v1_updates", params=query).status_code == 200


def test_a_query_in_sql_opens_as_a_page_and_as_json(site: httpx.Client) -> None:
    sql = 'SELECT number, text, "end" - start AS characters FROM v1_update_sentences WHERE story = :story AND number = 1'
    query = {"sql": sql, "story": "ukraine-2022"}
    assert "The prayers of the entire world" in site.get("/aggregator", params=query).text
    rows = site.get("/aggregator.json", params={**query, "_shape": "array"}).json()
    assert rows[0]["characters"] == len(rows[0]["text"])


@pytest.mark.parametrize("sql", ["DELETE FROM changes", "SELECT * FROM nothing", "SELECT 1; DROP TABLE changes"])
def test_a_query_that_would_write_or_is_wrong_is_refused(sql: str, site: httpx.Client) -> None:
    assert site.get("/aggregator.json", params={"sql": sql}).status_code == 400


def test_what_is_written_while_it_runs_is_shown(site: httpx.Client, database: Path) -> None:
    newest = {"_sort_desc": "seq", "_size": "1", "_shape": "array"}
    before = site.get("/aggregator/v1_changes.json", params=newest).json()[0]["seq"]
    store = open_store(f"sqlite:///{database}", snapshots=database.parent)
    with store.write() as tx:
        changes.note(tx, "story", "ukraine-2022", seal="", at=AT)
    shown = site.get("/aggregator/v1_changes.json", params=newest).json()[0]
    store.close()
    assert shown == {"seq": before + 1, "kind": "story", "key": "ukraine-2022", "at": "2022-03-01T00:00:00.000Z"}
