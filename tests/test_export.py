"""What is exported is what the store holds: every line, every record, every byte."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner
from warcio import ArchiveIterator
from warcio.checker import Checker

from aggregator.cli import app
from aggregator.model import DeskKind, GapKind, SourceKey, StatementId, StoryKey
from aggregator.store import Store, changes, export, open_store, warc
from aggregator.store import export as export_module
from aggregator.store.desk import NewAct, add_act
from aggregator.store.export import HEAD, KEYS, ExportError, newest_views
from aggregator.store.gaps import NewGap, open_gaps
from aggregator.store.heads import read_head
from aggregator.store.maintaining import Entry, add_entry
from aggregator.store.refusals import note_refusals
from aggregator.store.schema import captures, exchanges
from aggregator.store.schema import changes as changes_table
from aggregator.store.signing import SigningError
from aggregator.store.statements import settle_listing
from aggregator.store.takebacks import NoteKind, SourceNote, add_notes
from aggregator.stories.gate import Refusal
from aggregator.stories.objections import Reason
from tests.conftest import NOON, STORY, Answer, Desk, Web, item, rss, source_block
from tests.copied import Originals
from tests.test_batch import line_of, origin_of
from tests.test_heads import key_pair

pytestmark = pytest.mark.both_databases
run_export = export_module.export
TEXT = "<p>Ми говоримо про зерно — «12 днів». The talks on grain go on.</p>"


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Originals:
    return Originals(tmp_path_factory.mktemp("originals"), {})


@pytest.fixture
def told(request: pytest.FixtureRequest, originals: Originals, database_kind: str) -> Iterator[Desk]:
    """A store with edits, bytes that come again, an answer without a body, one in a coding, and one that never came."""
    with originals.copy(database_kind, lambda: make(*map(request.getfixturevalue, ("web", "desk"))), request) as desk:
        yield desk


def make(web: Web, desk: Callable[[str], Desk]) -> Desk:
    at_work = desk(
        '[service]\nstorage = "data"\n'
        + STORY
        + source_block("a", web.url("/a"), name="Alpha")
        + source_block("b", web.url("/b"), name="Beta")
        + source_block("c", web.url("/c"), name="Gamma")
    )
    feed = rss(item("one", "Talks on grain", TEXT), item("two", "Talks on energy", "The talks on energy begin. They last."))
    web.serve(feed, "/a", etag='"1"')
    web.answers["/b"] = Answer(gzip.compress(feed.encode()), headers={"content-encoding": "gzip", "content-type": "text/xml"})
    web.answers["/c"] = Answer(raw=True)  # it hangs up
    at_work.poll("a", "b", "c")
    at_work.settle()
    at_work.poll("a")  # not modified
    web.serve(rss(item("one", "Talks on grain", TEXT.replace("12", "13") + "<p>They will last 13 days.</p>")), "/a")
    at_work.clock.forward(hours=1)
    at_work.poll("a")
    at_work.settle()
    credited = [replace(line_of("credited"), credit="Reporting by a reporter.")]
    note = SourceNote(
        statement=StatementId(1),
        source=SourceKey("a"),
        entry_id="urn:one",
        kind=NoteKind.CHANGE,
        words="A figure was put right.",
        at=at_work.clock.now,
    )
    with at_work.store.write() as tx:
        settle_listing(tx, credited, origin_of(credited, "a", at=at_work.clock.now))
        add_notes(tx, [note])
        add_act(tx, NewAct(kind=DeskKind.NOTE, by="a desk", why="A remark.", story=StoryKey("talks")), at=at_work.clock.now)
        refusal = Refusal(text="Nobody met.", code=Reason.NEGATION, reason="it denies what its source does not")
        note_refusals(tx, 1, [refusal], digest="extractive", at=at_work.clock.now)
        now, nothing = at_work.clock.now, "It lists nothing."
        gap = NewGap(source=SourceKey("a"), kind=GapKind.EMPTY, opened_at=now, from_at=now, to_at=None, says=nothing)
        open_gaps(tx, [gap])
        add_entry(tx, Entry(chore="words", at=now, ms=3, says="merged the index of words", freed=0, failed=False))
    return at_work


def exported(desk: Desk, folder: Path, **how: Any) -> export_module.Exported:
    return run_export(desk.store, folder, now=NOON, **how)


def lines(path: Path) -> list[dict[str, Any]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.decode().splitlines()] if raw else []


def rows(store: Store, view: str) -> list[dict[str, Any]]:
    with store.read() as tx:
        found = [dict(row) for row in tx.execute(text(f"SELECT * FROM {view}")).mappings()]  # noqa: S608 - our own name
    for row in found:
        for name, value in row.items():
            if isinstance(value, bool):
                row[name] = int(value)
            if name in ("request", "headers") and isinstance(value, str):
                row[name] = json.loads(value)
    return found


def sort_key(view: str, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEYS[view.partition("_")[2]])


def test_every_view_has_what_names_its_rows(told: Desk) -> None:
    with told.store.read() as tx:
        for view in newest_views(tx):
            assert set(KEYS[view.partition("_")[2]]) <= set(rows(told.store, view)[0])


@pytest.mark.parametrize("packed", [False, True])
def test_every_row_of_the_newest_views_is_a_line(packed: bool, told: Desk, tmp_path: Path) -> None:
    done = exported(told, tmp_path / "out", packed=packed, warc=False)
    ending = ".jsonl.gz" if packed else ".jsonl"
    written = [file for file in done.files if file.name != HEAD]
    assert [file.name for file in written] == sorted(
        f"{view}{ending}"
        for view in (
            *("v2_sources", "v2_statements", "v1_polls", "v1_exchanges", "v2_revisions", "v2_stories", "v2_updates"),
            *("v1_update_sentences", "v1_attributions", "v2_changes", "v1_captures", "v1_listings", "v1_snapshots", "v1_store"),
            *("v1_edits", "v1_marks", "v1_corrections", "v1_source_notes", "v1_desk_acts", "v1_refusals", "v1_gaps"),
            "v1_maintenance",
            *("v1_credits", "v1_likenesses", "v1_corroborations"),
        )
    )
    for file in written:
        view = file.name.removesuffix(ending)
        found = lines(tmp_path / "out" / file.name)
        assert found == sorted(rows(told.store, view), key=lambda row: sort_key(view, row))
        assert file.rows == len(found)
        assert found
    texts = [line["text"] for line in lines(tmp_path / "out" / f"v2_revisions{ending}")]
    assert any("Ми говоримо про зерно" in one for one in texts)


def test_the_manifest_knows_every_file(told: Desk, tmp_path: Path) -> None:
    private, public = key_pair(tmp_path)
    exported(told, tmp_path / "out", key=private)
    said = json.loads((tmp_path / "out" / "manifest.json").read_text())
    there = {path.name for path in (tmp_path / "out").iterdir()}
    assert {file["name"] for file in said["files"]} | {"manifest.json"} == there
    head = read_head(tmp_path / "out" / "head.json", public_key=public)
    assert (head.store, head.seq) == (said["store"], said["seq"])
    for file in said["files"]:
        body = (tmp_path / "out" / file["name"]).read_bytes()
        assert (len(body), hashlib.sha256(body).hexdigest()) == (file["bytes"], file["sha256"])
    with told.store.read() as tx:
        assert said["seq"] == tx.execute(text("SELECT max(seq) FROM changes")).scalar_one()
        assert said["store"] == tx.execute(text("SELECT id FROM identity")).scalar_one()


def records(folder: Path) -> Iterator[tuple[Any, bytes]]:
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                yield record, record.content_stream().read()


def header(record: Any, name: str) -> str:
    return str(record.rec_headers.get_header(name))


class _Asked:
    verbose = False

    def __init__(self, folder: Path) -> None:
        self.inputs = [str(path) for path in sorted(folder.glob("*.warc.gz"))]


def test_every_answer_is_a_record_and_every_byte_is_there_once(told: Desk, tmp_path: Path) -> None:
    exported(told, tmp_path / "out")
    assert Checker(_Asked(tmp_path / "out")).process_all() == 0
    found = list(records(tmp_path / "out"))
    with told.store.read() as tx:
        stored = tx.execute(exchanges.select()).all()
    answered = [row for row in stored if row.status is not None]
    kinds = Counter(record.rec_type for record, _ in found)
    bodies = {row.sha256 for row in answered if row.sha256}
    assert kinds["warcinfo"] == 1
    assert kinds["response"] + kinds["revisit"] == kinds["request"] == len(answered)
    assert kinds["revisit"] == sum(row.sha256 is not None for row in answered) - len(bodies) > 0
    assert len(stored) > len(answered)  # one never came
    places = {(row.url, row.at.isoformat(timespec="milliseconds")[:23] + "Z"): row for row in answered}
    seen: dict[str, Any] = {}
    for record, body in found:
        if record.rec_type not in ("response", "revisit"):
            continue
        row = places[header(record, "WARC-Target-URI"), header(record, "WARC-Date")]
        http = record.http_headers
        assert http.get_statuscode() == str(row.status)
        assert not any(http.get_header(name) for name in ("content-encoding", "transfer-encoding"))
        if row.sha256 is None:
            assert body == b""
            continue
        assert header(record, "WARC-Payload-Digest") == f"sha256:{row.sha256}"
        if record.rec_type == "response":
            assert body == told.store.snapshots.get(row.sha256)
            assert http.get_header("content-length") == str(len(body))
            seen[row.sha256] = record
        else:
            assert body == b""
            first = seen[row.sha256]
            assert header(record, "WARC-Refers-To") == header(first, "WARC-Record-ID")
            assert header(record, "WARC-Refers-To-Date") == header(first, "WARC-Date")
            assert header(record, "WARC-Refers-To-Target-URI") == header(first, "WARC-Target-URI")
    assert seen.keys() == bodies


def test_what_a_server_said_of_its_coding_is_kept_beside(told: Desk, tmp_path: Path) -> None:
    exported(told, tmp_path / "out")
    said = [
        record.http_headers.get_header("x-archive-orig-content-encoding")
        for record, _ in records(tmp_path / "out")
        if record.rec_type in ("response", "revisit") and header(record, "WARC-Target-URI").endswith("/b")
    ]
    assert said == ["gzip"]
    not_modified = [
        record
        for record, _ in records(tmp_path / "out")
        if record.rec_type == "response" and record.http_headers.get_statuscode() == "304"
    ]
    assert len(not_modified) == 1


def test_a_request_names_its_answer(told: Desk, tmp_path: Path) -> None:
    exported(told, tmp_path / "out")
    found = [record for record, _ in records(tmp_path / "out")]
    answers = {header(one, "WARC-Record-ID") for one in found if one.rec_type in ("response", "revisit")}
    asked = [one for one in found if one.rec_type == "request"]
    assert {header(one, "WARC-Concurrent-To") for one in asked} == answers
    line = next(one for one in asked if header(one, "WARC-Target-URI").endswith("/a")).http_headers
    assert (line.protocol, line.statusline) == ("GET", "/a HTTP/1.1")
    assert line.get_header("user-agent").startswith("update-aggregator/")
    assert line.get_header("host").startswith("127.0.0.1:")


def test_captures_of_a_store_that_kept_no_exchanges_are_there(told: Desk, tmp_path: Path) -> None:
    with told.store.write() as tx:
        tx.execute(exchanges.delete())
        stored = tx.execute(captures.select()).all()
    exported(told, tmp_path / "out")
    found = [
        (header(record, "WARC-Target-URI"), header(record, "WARC-Date"))
        for record, _ in records(tmp_path / "out")
        if record.rec_type in ("response", "revisit")
    ]
    assert sorted(found) == sorted((row.url, row.at.isoformat(timespec="milliseconds")[:23] + "Z") for row in stored)


def test_the_same_store_gives_the_same_bytes(told: Desk, tmp_path: Path) -> None:
    for name in ("one", "two"):
        exported(told, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_snapshots_that_are_gone_are_told_and_no_end(told: Desk, tmp_path: Path) -> None:
    paths = sorted(told.store.snapshots.folder.rglob("*.gz"))
    paths[0].unlink()
    paths[1].write_bytes(b"torn")
    done = exported(told, tmp_path / "out")
    told_of = lines(tmp_path / "out" / "without-body.jsonl")
    gone = {
        path.parent.name + path.stem: why
        for path, why in zip(paths[:2], ("not in the snapshot folder", "damaged"), strict=True)
    }
    assert {line["sha256"] for line in told_of} == set(gone)
    assert all(line["why"].startswith(gone[line["sha256"]]) and line["url"] and line["at"] for line in told_of)
    assert done.without_body == len(told_of)
    bodies = {header(record, "WARC-Payload-Digest").removeprefix("sha256:") for record, _ in records(tmp_path / "out")}
    assert not bodies & set(gone)


def test_what_a_hostile_server_sends_breaks_no_record(told: Desk, tmp_path: Path) -> None:
    with told.store.write() as tx:
        row = tx.execute(exchanges.select().where(exchanges.c.sha256.is_not(None))).first()
        assert row is not None
        odd = {
            "x-evil": "a\r\nWARC-Type: request\r\n\r\nHTTP/1.1 200 OK",
            "bad name": "x",
            "x:y": "z",
            "x-text": "Київ\x00\x7f",
            "": "n",
        }
        for number, (url, status) in enumerate([("http://127.0.0.1/a b\r\nHost: x", 200), ("https://пример.рф/ї?q=ї", 799)]):
            values = {"source": row.source, "at": NOON, "ms": 1, "url": url, "request": odd, "status": status, "headers": odd}
            tx.execute(exchanges.insert().values(**values, sha256=row.sha256 if number else None, error=""))
    exported(told, tmp_path / "out")
    assert Checker(_Asked(tmp_path / "out")).process_all() == 0
    with told.store.read() as tx:
        answered = tx.execute(exchanges.select().where(exchanges.c.status.is_not(None))).all()
    found = [record for record, _ in records(tmp_path / "out")]
    assert sum(record.rec_type in ("response", "revisit") for record in found) == len(answered)
    assert [record for record in found if record.http_headers and record.http_headers.get_header("host") == "x"] == []


def test_a_long_archive_is_several_files(told: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exported(told, tmp_path / "one")
    monkeypatch.setattr(warc, "MOST_FILE", 2_000)
    done = exported(told, tmp_path / "several")
    files = [file for file in done.files if file.name.endswith(".warc.gz")]
    assert len(files) > 2
    assert Checker(_Asked(tmp_path / "several")).process_all() == 0
    ids = [
        sorted(header(record, "WARC-Record-ID") for record, _ in records(tmp_path / name) if record.rec_type != "warcinfo")
        for name in ("one", "several")
    ]
    assert ids[0] == ids[1]
    assert sum(file.rows or 0 for file in files) == len(ids[1]) + len(files)


def test_an_export_holds_one_state_while_others_write(told: Desk, tmp_path: Path) -> None:
    with told.store.read() as tx:
        newest = tx.execute(text("SELECT max(seq) FROM changes")).scalar_one()
    seen: list[str] = []

    def advance(what: str, _done: int, _of: int) -> None:
        if not seen:  # the first view is being read: changes come later
            with told.store.write() as tx:
                changes.note(tx, "story", "later", seal="", at=NOON)
        seen.append(what)

    done = exported(told, tmp_path / "out", advance=advance)
    assert seen[0] == "v1_attributions"
    assert done.seq == newest
    assert [line["seq"] for line in lines(tmp_path / "out" / "v2_changes.jsonl")][-1] == newest
    with told.store.read() as tx:
        assert tx.execute(text("SELECT max(seq) FROM changes")).scalar_one() == newest + 1


def test_memory_does_not_grow_with_the_store(database_url: str, tmp_path: Path) -> None:
    most: list[int] = []
    with closing(open_store(database_url, snapshots=tmp_path / "snapshots")) as store:
        for number in range(2):
            with store.write() as tx:
                noted = [{"kind": "story", "key": "k" * 100, "at": NOON}] * (2_000 if number == 0 else 10_000)
                for start in range(0, len(noted), 2_000):
                    tx.execute(changes_table.insert(), noted[start : start + 2_000])
            del noted
            tracemalloc.start()
            done = run_export(store, tmp_path / f"out{number}", now=NOON)
            most.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert next(file.rows for file in done.files if file.name == "v2_changes.jsonl") == 12_000
    assert most[1] < most[0] + 1_000_000  # ten thousand rows held at once would be several times that


def test_only_an_empty_folder_is_filled(told: Desk, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x").write_text("mine")
    for place, why in {tmp_path / "mine": "not empty", tmp_path / "no" / "out": "there is no folder"}.items():
        with pytest.raises(ExportError, match=why):
            exported(told, place)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["x"]


def test_an_export_that_breaks_off_leaves_nothing(told: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        with pytest.raises(SigningError, match="cannot be read"):
            exported(told, tmp_path / name, key=tmp_path / "none.pem")
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_without_warcio_it_says_what_to_do(told: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_module, "WARC", None)
    with pytest.raises(ExportError, match=r"warcio is not installed\. Run: pip install .*--no-warc"):
        exported(told, tmp_path / "out")
    exported(told, tmp_path / "out", warc=False)


def test_the_command(told: Desk, tmp_path: Path) -> None:
    words = ["export", str(tmp_path / "out"), "--gzip", "--config", str(told.config.path)]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.output
    assert "snapshots-00000.warc.gz" in shown.stdout
    again = CliRunner().invoke(app, words)
    assert (again.exit_code, "not empty, and was left as it is" in again.stderr) == (1, True)
    words[1] = str(tmp_path / "other")
    plain = json.loads(CliRunner().invoke(app, [*words, "--no-warc", "--json"]).stdout)
    assert {file["name"] for file in plain["files"]} >= {"v2_changes.jsonl.gz", "v2_statements.jsonl.gz"}
    assert export.MANIFEST == "manifest.json"


def test_a_folder_without_room_is_named_and_not_the_store(told: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # as a write says it: without a name

    monkeypatch.setattr(export_module, "_write_view", full)
    shown = CliRunner().invoke(app, ["export", str(tmp_path / "out"), "--config", str(told.config.path)])
    assert shown.exit_code == 1
    assert f"{tmp_path / 'out'}: No space left on device. Nothing was left behind." in shown.stderr
    assert not (tmp_path / "out").exists()
