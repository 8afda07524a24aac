"""Each revision points at the very bytes that its text was read from, and nobody changes it afterwards."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Table, create_engine, select

from aggregator.pipeline import PollReport
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import StoreError, open_store
from aggregator.store.retention import Keeps, mark_expired, sources_to_look_at
from aggregator.store.schema import (
    attributions,
    captures,
    citations,
    desk_acts,
    polls,
    replacements,
    revisions,
    sentences,
    snapshots,
    updates,
)
from aggregator.store.stamped import MIGRATIONS
from tests.conftest import NOON, STORY, Answer, Desk, Web, item, rss, source_block
from tests.lived import lived
from tests.test_poll_kinds import (
    DOCUMENTS,
    MAPPING,
    PAGE,
    article,
    index,
    json_listing,
    listing_page,
    news_sitemap,
    serve_json,
    serve_page,
)

OpenDesk = Callable[[str], Desk]


def read_from(desk: Desk) -> dict[str, tuple[str, bytes]]:
    """Of each revision, by title: the path that its capture names, and the bytes that lie there."""
    query = "SELECT title, url, snapshot_sha256 FROM v2_revisions ORDER BY id"
    with desk.store.read() as tx:
        rows = tx.exec_driver_sql(query).all()
    return {row.title: ("/" + row.url.split("/", 3)[3], desk.store.snapshots.get(row.snapshot_sha256)) for row in rows}


def made(report: PollReport) -> int:
    return report.balance.new + report.balance.revised


def captured(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return ["/" + url.split("/", 3)[3] for url in tx.execute(select(captures.c.url).order_by(captures.c.id)).scalars()]


def test_a_line_of_a_further_page_points_at_that_page(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/list", listing_page(4, 3, following="/list?page=2"))
    serve_page(web, "/list?page=2", listing_page(2, following="/list?page=3"))
    serve_page(web, "/list?page=3", listing_page(1))
    at_work = desk(STORY + source_block("a", web.url("/list"), more=PAGE + "pages = 3"))
    assert at_work.poll()[0].balance.new == 4
    found = read_from(at_work)
    assert {title: path for title, (path, _) in found.items()} == {
        "Talks, day 4": "/list",
        "Talks, day 3": "/list",
        "Talks, day 2": "/list?page=2",
        "Talks, day 1": "/list?page=3",
    }
    assert all(f"{title}</a>".encode() in body for title, (_, body) in found.items())
    # A page without a new revision is kept as an exchange, and needs no capture.
    serve_page(web, "/list", listing_page(5, following="/list?page=2"))
    assert at_work.poll()[0].balance.new == 1
    assert captured(at_work) == ["/list", "/list?page=2", "/list?page=3", "/list"]


def test_a_page_after_one_that_could_not_be_read_is_named_by_no_line(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/list", listing_page(2, following="/list?page=2"))
    web.answers["/list?page=2"] = Answer(b"", 500)
    serve_page(web, "/news/2", article(2))
    bare = PAGE.replace(', text = "p"', "") + "pages = 3\nfetch_pages = true"
    at_work = desk(STORY + source_block("a", web.url("/list"), more=bare))
    assert at_work.poll()[0].balance.new == 1
    assert read_from(at_work)["Talks, day 2"] == ("/news/2", article(2).encode())


def test_a_text_of_an_items_own_page_points_at_that_page(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/list", listing_page(4, 3, following="/list?page=2"))
    serve_page(web, "/list?page=2", listing_page(2, 1))
    for number in (1, 4):
        serve_page(web, f"/news/{number}", article(number))
    # Of the items 2 and 3 there is no page: their text is that of the listing, on whichever page of it they stand.
    at_work = desk(STORY + source_block("a", web.url("/list"), more=PAGE + "pages = 2\nfetch_pages = true"))
    assert at_work.poll()[0].balance.new == 4
    found = read_from(at_work)
    assert {title: path for title, (path, _) in found.items()} == {
        "Talks, day 4": "/news/4",
        "Talks, day 3": "/list",
        "Talks, day 2": "/list?page=2",
        "Talks, day 1": "/news/1",
    }
    assert b"Paragraph 3 of statement 1" in found["Talks, day 1"][1]
    assert b"On day 2 the talks went on." in found["Talks, day 2"][1]
    # The item pages without an answer made no capture; the listing's own answer did, as that of the poll.
    assert sorted(captured(at_work)) == ["/list", "/list?page=2", "/news/1", "/news/4"]
    with at_work.store.read() as tx:
        assert tx.execute(select(polls.c.capture_id)).scalar_one() == 1


def test_an_items_page_without_text_leaves_the_text_to_the_listing(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(item("one", "Talks", "<p>They go on.</p>", link=web.url("/one"))))
    serve_page(web, "/one", "<html><body><script>render()</script></body></html>")
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    at_work.poll()
    assert read_from(at_work)["Talks"][0] == "/feed"


def test_a_line_of_a_sitemap_file_points_at_that_file(web: Web, desk: OpenDesk) -> None:
    web.serve(index("old", "new"), "/sitemap.xml")
    web.serve(news_sitemap("new"), "/new.xml")
    web.serve(news_sitemap("old"), "/old.xml")
    at_work = desk(STORY + source_block("a", web.url("/sitemap.xml"), more='kind = "sitemap"\npages = 2'))
    assert at_work.poll()[0].balance.new == 2
    assert read_from(at_work) == {
        "Talks: new": ("/new.xml", news_sitemap("new").encode()),
        "Talks: old": ("/old.xml", news_sitemap("old").encode()),
    }


def test_a_text_of_a_json_document_points_at_that_document(web: Web, desk: OpenDesk) -> None:
    json_listing(web, "IP/25/2", "IP/25/1")
    for number in (1, 2):
        document = {"title": f"Talks, day {number}", "body": f"<p>Document {number}.</p>"}
        serve_json(web, f"/documents?reference=IP/25/{number}", {"document": document, "at": "2025-08-14T10:30:00Z"})
    at_work = desk(STORY + source_block("a", web.url("/api"), more=MAPPING + DOCUMENTS.replace("ADDRESS", web.url(""))))
    at_work.poll()
    found = read_from(at_work)
    for number in (1, 2):
        path, body = found[f"Talks, day {number}"]
        assert path == f"/documents?reference=IP/25/{number}"
        assert f"Document {number}.".encode() in body


def test_two_items_on_one_page_share_its_capture_and_a_redirect_names_where_it_led(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(*(item(name, f"Talks {name}", "", link=web.url("/short")) for name in ("one", "two"))))
    web.answers["/short"] = Answer(b"", 302, {"location": "/long", "set-cookie": "id=secret"})
    serve_page(web, "/long", article(1), etag='"x"', set_cookie="id=secret")
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    assert made(at_work.poll()[0]) == 2  # one text, so one statement of two versions: their titles differ
    with at_work.store.read() as tx:
        rows = tx.exec_driver_sql("SELECT url, status, transport, capture_id FROM v2_revisions").all()
        headers = tx.execute(select(captures.c.headers).where(captures.c.id == rows[0].capture_id)).scalar_one()
    assert set(rows) == {(web.url("/long"), 200, "none", rows[0].capture_id)}
    assert headers["etag"] == '"x"'
    assert "secret" not in str(headers)


def test_the_same_bytes_from_two_addresses_are_one_snapshot_and_two_captures(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(*(item(name, f"Talks {name}", "", link=web.url(f"/{name}")) for name in ("one", "two"))))
    for name in ("one", "two"):
        serve_page(web, f"/{name}", article(1))
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    assert made(at_work.poll()[0]) == 2  # one text, so one statement of two versions: their titles differ
    assert {path for path, _ in read_from(at_work).values()} == {"/one", "/two"}
    with at_work.store.read() as tx:
        same = tx.execute(
            select(captures.c.sha256).where(captures.c.url.like("%/one") | captures.c.url.like("%/two"))
        ).scalars()
        hashes = list(same)
        assert len(hashes) == 2
        assert len(set(hashes)) == 1
        assert len(tx.execute(select(snapshots).where(snapshots.c.sha256 == hashes[0])).all()) == 1


def test_an_edit_of_an_items_page_points_at_the_edited_bytes(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(item("one", "Talks", "Summary.", link=web.url("/one"))))
    serve_page(web, "/one", article(1))
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    at_work.poll()
    web.serve(rss(item("one", "Talks", "Another summary.", link=web.url("/one"))))
    serve_page(web, "/one", article(2))
    at_work.clock.forward(hours=1)
    assert at_work.poll()[0].balance.revised == 1
    with at_work.store.read() as tx:
        rows = tx.exec_driver_sql("SELECT text, snapshot_sha256, fetched_at FROM v2_revisions ORDER BY number").all()
    for number, row in enumerate(rows, 1):
        assert f"Paragraph 3 of statement {number}" in row.text
        assert at_work.store.snapshots.get(row.snapshot_sha256) == article(number).encode()
    assert [row.fetched_at for row in rows] == ["2025-08-14T12:00:00.000Z", "2025-08-14T13:00:00.000Z"]


def test_each_page_of_a_poll_has_its_own_time(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(*(item(name, f"Talks {name}", "", link=web.url(f"/{name}")) for name in ("one", "two"))))
    for number, name in enumerate(("one", "two")):
        serve_page(web, f"/{name}", article(number))
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    web.before_answer = lambda: at_work.clock.forward(seconds=40)  # so long each answer takes
    at_work.poll()
    with at_work.store.read() as tx:
        times = tx.exec_driver_sql("SELECT fetched_at FROM v2_revisions ORDER BY fetched_at").scalars().all()
        seen = tx.exec_driver_sql("SELECT DISTINCT seen_at FROM v2_revisions").scalars().all()
    assert times == ["2025-08-14T12:00:40.000Z", "2025-08-14T12:01:20.000Z"]
    assert seen == ["2025-08-14T12:00:00.000Z"]  # the poll is one event


# --- never changed


@pytest.fixture
def told(web: Web, desk: OpenDesk, database_url: str) -> Desk:
    """A store of either kind with a row in every table that never changes."""
    web.serve(rss(item("one", "Talks on grain", "<p>The talks on grain go on. They will last 12 days, he said.</p>")))
    at_work = desk(f'[service]\ndatabase = "{database_url}"\n' + STORY + source_block("a", web.url(), name="Alpha"))
    at_work.poll()
    assert len(at_work.settle()) == 1
    return at_work


@pytest.mark.parametrize("table", [captures, revisions, updates, sentences, citations, attributions], ids=str)
def test_the_database_refuses_to_change_or_remove_what_was_said(table: Table, told: Desk) -> None:
    with told.store.read() as tx:
        before = tx.execute(select(table)).all()
    assert before
    column = next(one for one in table.c if not one.primary_key)
    changes: list[Any] = [table.update().values({column: column}), table.delete()]
    for change in changes:
        with pytest.raises(StoreError, match=f"{table.name} are never changed"), told.store.write() as tx:
            tx.execute(change)
    with told.store.read() as tx:
        assert tx.execute(select(table)).all() == before


def test_the_database_refuses_to_change_or_remove_what_the_desk_did(
    web: Web, sandbox: Sandbox, database_url: str, tmp_path: Path
) -> None:
    store = lived(tmp_path, web, sandbox, database_url).store
    for table in (updates, replacements, desk_acts):
        column = next(one for one in table.c if not one.primary_key)
        changes: list[Any] = [table.update().values({column: column}), table.delete()]
        for change in changes:
            with pytest.raises(StoreError, match=f"{table.name} are never changed"), store.write() as tx:
                tx.execute(change)
    store.close()


def test_postgresql_refuses_to_empty_a_table_at_once(web: Web, desk: OpenDesk, postgresql_url: str) -> None:
    at_work = desk(f'[service]\ndatabase = "{postgresql_url}"\n' + STORY + source_block("a", web.url()))
    with pytest.raises(StoreError, match="are never changed"), at_work.store.write() as tx:
        tx.exec_driver_sql("TRUNCATE revisions CASCADE")


def test_bytes_are_kept_packed_under_their_hash(told: Desk, web: Web) -> None:
    with told.store.read() as tx:
        row = tx.exec_driver_sql("SELECT * FROM v1_snapshots s JOIN v1_captures c ON c.sha256 = s.sha256").one()
    path = told.store.snapshots.path(row.sha256)
    assert gzip.decompress(path.read_bytes()) == web.answers["/feed"].body
    assert (row.size, row.stored_size) == (len(web.answers["/feed"].body), path.stat().st_size)
    assert row.removed_at is None


# --- stores from before


def test_a_store_with_data_is_brought_up_to_date(database_url: str, tmp_path: Path) -> None:
    """Its revisions keep the capture that they have, and are never changed from now on; its bytes can grow old."""
    engine = create_engine(database_url)
    with engine.begin() as tx:
        config = AlembicConfig(attributes={"connection": tx})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0005")
        for sql in OLD_ROWS.split(";"):
            tx.exec_driver_sql(sql)
    engine.dispose()
    with closing(open_store(database_url, snapshots=tmp_path / "snapshots")) as store:
        with store.read() as tx:
            row = tx.exec_driver_sql("SELECT url, transport, fetched_at, snapshot_sha256 FROM v2_revisions").one()
            assert tuple(row) == ("https://example.org/feed", "tls", OLD, "aa")
            assert tx.exec_driver_sql("SELECT removed_at FROM v1_snapshots").scalar_one() is None
            keeps = Keeps(usual=timedelta(days=30))
            assert sources_to_look_at(tx, keeps, now=NOON) == ["a"]
        with pytest.raises(StoreError, match="revisions are never changed"), store.write() as tx:
            tx.exec_driver_sql("DELETE FROM revisions")
        with store.write() as tx:
            assert mark_expired(tx, ["a"], keeps, now=NOON).marked == 1


OLD = "2020-01-01T00:00:00.000Z"
OLD_ROWS = """
INSERT INTO sources
    (key, name, kind, url, family, lane, language, homepage, active, first_seen_at, next_poll_at, failures)
    VALUES ('a', 'A', 'feed', '', 'a', 'primary', 'en', '', true, 'OLD', 'OLD', 0);
INSERT INTO snapshots (sha256, size, stored_size, first_at) VALUES ('aa', 1, 1, 'OLD');
INSERT INTO captures (id, sha256, url, at, status, headers, transport)
    VALUES (1, 'aa', 'https://example.org/feed', 'OLD', 200, '{}', 'tls');
INSERT INTO exchanges (source, at, ms, url, request, status, headers, sha256, error)
    VALUES ('a', 'OLD', 1, 'https://example.org/feed', '{}', 200, '{}', 'aa', '');
INSERT INTO statements (id, family, source, url, said_at, said_written, zone_known, first_seen_at)
    VALUES (1, 'a', 'a', '', 'OLD', '', 'none', 'OLD');
INSERT INTO revisions
    (id, statement_id, number, language, title, text, html, fingerprint, body_fingerprint, seen_at, source, capture_id)
    VALUES (1, 1, 1, 'en', 'T', 'T', 'T', 'x', 'y', 'OLD', 'a', 1)
""".replace("OLD", OLD)
