"""What a source writes may be no text that a database takes: it is stored all the same, on both, or dropped with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from aggregator.model import OutcomeKind
from aggregator.store.schema import metadata
from tests.conftest import NOON, STORY, Answer, Desk, Web, item, rss, source_block

pytestmark = pytest.mark.both_databases
OpenDesk = Callable[[str], Desk]
NASTY = "a\x00b\ud800c\x01\x7f\x85d"  # NUL, half a surrogate pair, control characters
LONG = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(3900))  # three bytes each, and hardly to be compressed


def json_feed(nasty: str) -> bytes:
    """A feed with something nasty wherever a source may write."""
    entry = {
        "id": f"id {nasty}",
        "url": f"https://example.org/{nasty}?q={nasty}",
        "title": f"Talks {nasty}",
        "content_html": f"<p>The talks on grain {nasty} go on in Geneva.</p>",
        "summary": nasty,
        "date_published": "2025-08-14T11:00:00Z",
        "date_modified": f"2025-08-14T11:30:00Z{nasty}",
        "language": f"en-{nasty}",
        "authors": [{"name": nasty}],
    }
    undated = {"id": f"undated {nasty}", "title": f"No date {nasty}", "content_text": "Text.", "date_published": nasty}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": nasty, "language": nasty, "items": [entry, undated]}
    return json.dumps(feed).encode()


def everything(desk: Desk) -> str:
    """Every text of every table, as the database gives it back."""
    with desk.store.read() as tx:
        return "".join(repr(tuple(row)) for table in metadata.sorted_tables for row in tx.execute(select(table)))


def poll_once(desk: Desk, *, new: int, dropped: int) -> None:
    """The first copy: what it brings, and that it balances."""
    first = desk.poll()[0]
    assert (first.outcome.kind, first.balance.new, first.balance.dropped) == (OutcomeKind.CHANGED, new, dropped), first
    assert first.balance.adds_up


def again(web: Web, desk: Desk, body: bytes, path: str = "/feed") -> None:
    """Ask for the same in other bytes: all of it is known."""
    web.answers[path].body = body
    report = desk.poll()[0]
    assert (report.balance.new, report.balance.revised) == (0, 0), report
    assert report.outcome.kind is OutcomeKind.CHANGED, report


@pytest.mark.parametrize("nasty", [NASTY, "\x00", "\ud800", "\udfff\ud800", "\x00" * 50])
def test_a_json_feed_with_signs_that_no_database_takes(web: Web, desk: OpenDesk, nasty: str) -> None:
    body = json_feed(nasty)
    web.answers["/feed"] = Answer(body, headers={"content-type": "application/feed+json"})
    at_work = desk(STORY + source_block("a", web.url()))
    poll_once(at_work, new=1, dropped=1)
    again(web, at_work, body + b"\n")
    assert len(at_work.settle()) == 1
    assert "\x00" not in everything(at_work)
    everything(at_work).encode()


def test_an_rss_feed_with_signs_that_no_xml_may_hold(web: Web, desk: OpenDesk) -> None:
    body = rss(
        item(
            "o\x00ne", "Talks\x00 &#0; on &#xD800; grain", "The talks\x00 go &#0; on &#xDFFF;.", link="https://example.org/\x00"
        )
    ).encode()
    web.serve(body)
    at_work = desk(STORY + source_block("a", web.url()))
    poll_once(at_work, new=1, dropped=0)
    again(web, at_work, body + b"\n")
    assert len(at_work.settle()) == 1
    everything(at_work).encode()


def test_headers_of_any_bytes(web: Web, desk: OpenDesk) -> None:
    body = rss(item("one", "Talks on grain", "The talks on grain go on.")).encode()
    lines = (
        b"HTTP/1.1 200 Fine\xff",
        b"content-type: application/rss+xml",
        b'etag: "\xff\xfe"',
        b"last-modified: \xe9t\xe9",
        b"x-\xff: \xed\xa0\x80",
        b"connection: close",
        b"",
    )
    head = b"\r\n".join(lines)
    web.answers["/feed"] = Answer(head + f"content-length: {len(body)}\r\n\r\n".encode() + body, raw=True)
    at_work = desk(STORY + source_block("a", web.url()))
    for _ in range(2):
        report = at_work.poll()[0]
        assert report.outcome.kind in (OutcomeKind.CHANGED, OutcomeKind.UNCHANGED, OutcomeKind.FAILED), report
        assert "our own error" not in report.outcome.reason
    everything(at_work).encode()


def test_a_redirect_to_any_bytes(web: Web, desk: OpenDesk) -> None:
    web.answers["/feed"] = Answer(
        b"HTTP/1.1 301 Moved\r\nlocation: /\xff\xed\xa0\x80\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", raw=True
    )
    at_work = desk(STORY + source_block("a", web.url()))
    report = at_work.poll()[0]
    assert "our own error" not in report.outcome.reason
    everything(at_work).encode()


@pytest.mark.parametrize("where", ["id", "url", "title", "date"])
def test_values_that_are_longer_than_an_index_takes(web: Web, desk: OpenDesk, where: str) -> None:
    entry = {
        "id": "one",
        "url": "https://example.org/one",
        "title": "Talks",
        "content_text": "The talks on grain go on.",
        "date_published": "2025-08-14T11:00:00Z",
    }
    entry[{"date": "date_published"}.get(where, where)] = {
        "id": LONG,
        "url": f"https://example.org/{LONG[:1000]}",
        "title": LONG,
        "date": LONG,
    }[where]
    if where == "title":
        del entry["id"], entry["url"]  # the title then stands in for the id
    web.answers["/feed"] = Answer(
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [entry]}).encode(),
        headers={"content-type": "application/feed+json"},
    )
    at_work = desk(STORY + source_block("a", web.url()))
    poll_once(at_work, new=int(where != "date"), dropped=int(where == "date"))
    again(web, at_work, web.answers["/feed"].body + b"\n")


def test_numbers_that_are_larger_than_a_column(web: Web, desk: OpenDesk) -> None:
    old = item("old", "Talks of old", "The talks on grain began.", at=NOON.replace(year=1970))
    new = item("new", "Talks to come", "The talks on grain will go on.", at=NOON.replace(year=2099))
    feed = rss(old, new, item("one", "Talks on grain", "The talks on grain go on.")).replace(
        "<title>Feed", "<ttl>99999999999999</ttl><title>Feed"
    )
    web.serve(feed)
    at_work = desk(STORY + source_block("a", web.url()))
    report = at_work.poll()[0]
    assert (report.balance.listed, report.balance.adds_up) == (3, True), report


def test_a_page_with_signs_that_no_database_takes(web: Web, desk: OpenDesk) -> None:
    inside = (
        '<li data-id="i\x00d"><a href="/a\x00b"><h3>Talks\x00 on &#0; grain</h3></a>'
        '<time datetime="2025-08-14T11:00:00Z\x00">x\x00</time><p>The talks\x00 go on for another week.</p></li>'
    )
    page = f'<!DOCTYPE html><html lang="en\x00"><body>{inside}</body></html>'
    web.serve(page, content_type="text/html; charset=utf-8")
    rules = 'kind = "page"\nselectors = { entry = "li", title = "h3", time = "time", id = "@data-id", text = "p" }'
    at_work = desk(STORY + source_block("a", web.url(), more=rules))
    poll_once(at_work, new=1, dropped=0)
    everything(at_work).encode()
