"""What must hold in a store when a campaign is over: the whole script, once each, and everything provable."""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from aggregator.model import StoryKey
from aggregator.publish.html import statement_page
from aggregator.publish.places import Site, statement_file
from aggregator.publish.static import story_files, told_statements
from aggregator.store import Store
from aggregator.store.errors import SnapshotError
from aggregator.store.ledger import Draft, chain_hash
from aggregator.store.outbox import undelivered
from aggregator.store.pages import story_page
from aggregator.store.reading import statement_detail
from aggregator.store.sources import all_sources
from tests.crash.script import items

STORIES = ("talks", "grain")


def wrong(store: Store, site: Path, *, step: int, base: str) -> list[str]:
    """Every sentence that says what does not hold after a script that came to a step; none where all is well."""
    with store.read() as tx:
        return [
            *_statements(tx, step, base),
            *_updates(tx, step, base),
            *_chain(tx),
            *_polls(tx),
            *_changes(tx),
            *_citations(tx),
            *_outbox(tx),
            *_pages(tx, site),
            *_snapshots(tx, store),
            *_database(tx),
        ]


def rows(tx: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in tx.execute(text(query))]


def differences(what: str, expected: Counter[Any], found: Counter[Any]) -> Iterator[str]:
    """What is missing and what is too many."""
    yield from (f"{what} missing: {one} ({count} times)" for one, count in (expected - found).items())
    yield from (f"{what} too many: {one} ({count} times)" for one, count in (found - expected).items())


def _statements(tx: Connection, step: int, base: str) -> Iterator[str]:
    """Each item is one statement, and each of its texts one revision, in order."""
    expected = Counter((one.url(base), one.family, tuple(one.versions(step))) for one in items(step))
    said: dict[tuple[int, str, str], list[str]] = {}
    query = """SELECT s.id, s.url, s.family, r.number, r.text FROM v1_statements s
               JOIN v1_revisions r ON r.statement_id = s.id ORDER BY s.id, r.number"""
    for statement, url, family, number, version in rows(tx, query):
        versions = said.setdefault((statement, url, family), [])
        versions.append(version)
        if number != len(versions):
            yield f"statement {statement}: its version {len(versions)} has the number {number}"
    found = Counter((url, family, tuple(versions)) for (_, url, family), versions in said.items())
    yield from differences("statement", expected, found)


def _updates(tx: Connection, step: int, base: str) -> Iterator[str]:
    """Each item that a story wants is told once, each edit of it corrects that, and an echo stands beside it."""
    expected, beside = Counter[Any](), Counter[Any]()
    for one in items(step):
        for story in one.stories:
            if one.echo:
                beside[story, one.url(base)] += 1
                continue
            expected[story, one.url(base), 1, "told"] += 1
            for number in range(2, len(one.versions(step)) + 1):
                expected[story, one.url(base), number, "corrected"] += 1
    query = """SELECT u.story, s.url, r.number, CASE WHEN u.kind IN ('new', 'adds') THEN 'told' ELSE u.kind END
               FROM v1_updates u JOIN v1_statements s ON s.id = u.statement_id JOIN v1_revisions r ON r.id = u.revision_id"""
    yield from differences("update", expected, Counter(rows(tx, query)))
    query = """SELECT u.story, s.url FROM corroborations c
               JOIN updates u ON u.id = c.update_id JOIN statements s ON s.id = c.statement_id"""
    yield from differences("corroboration", beside, Counter(rows(tx, query)))
    waiting = rows(tx, "SELECT story, statement_id FROM candidates WHERE state = 'waiting'")
    yield from (f"{story}: statement {statement} was never told" for story, statement in waiting)


def _chain(tx: Connection) -> Iterator[str]:
    """Numbers 1..n, and a chain of hashes from the first update to the story's head."""
    for story in STORIES:
        page = story_page(tx, StoryKey(story))
        if page is None:
            yield f"{story}: there is no such story"
            continue
        previous = ""
        for place, update in enumerate(page.updates, 1):
            draft = Draft(
                story=page.key, kind=update.kind, reason=update.reason, title=update.title, statement=update.statement,
                revision=update.revision, said_at=update.said_at, paragraphs=update.paragraphs,
                attributions=update.attributions, corrects=update.corrects, replaces=update.replaces, desk=update.desk,
            )  # fmt: skip
            digest = chain_hash(draft, number=place, at=update.published_at, previous=previous)
            if (update.number, update.hash) != (place, digest):
                yield f"{story}: Update.{update.number} at place {place} breaks the chain"
            previous = update.hash
        (head,) = rows(tx, f"SELECT updates, head FROM v1_stories WHERE key = '{story}'")  # noqa: S608 - our own key
        if head != (len(page.updates), previous):
            yield f"{story}: its head is {head}, but its last update {(len(page.updates), previous)}"


def _polls(tx: Connection) -> Iterator[str]:
    query = """SELECT id, source, listed, new, revised, duplicate, unchanged, dropped, outcome, reason FROM v1_polls"""
    for poll, source, listed, *counts, outcome, reason in rows(tx, query):
        if listed != sum(counts):
            yield f"poll {poll} of {source} does not balance: {listed} listed, {counts}"
        if outcome == "failed":
            yield f"poll {poll} of {source} failed: {reason}"
    ((new, revised, statements, revisions),) = rows(
        tx,
        """SELECT (SELECT sum(new) FROM v1_polls),
        (SELECT sum(revised) FROM v1_polls), (SELECT count(*) FROM v1_statements), (SELECT count(*) FROM v1_revisions)""",
    )
    if (new, revised) != (statements, revisions - statements):
        yield f"polls counted {new} new and {revised} revised; there are {statements} statements and {revisions} revisions"
    if ("urn:undated",) not in rows(tx, "SELECT ref FROM drops"):
        yield "the line without a date was not dropped with a reason"


def _changes(tx: Connection) -> Iterator[str]:
    """Every statement, revision and update was announced, once."""
    told = Counter(rows(tx, "SELECT kind, key FROM v1_changes WHERE kind IN ('statement', 'revision', 'update')"))
    there = Counter(
        [("statement", str(key)) for (key,) in rows(tx, "SELECT id FROM v1_statements")]
        + [("revision", str(key)) for (key,) in rows(tx, "SELECT id FROM v1_revisions")]
        + [("update", f"{story}/{number}") for story, number in rows(tx, "SELECT story, number FROM v1_updates")]
    )
    yield from differences("change", there, told)


def _citations(tx: Connection) -> Iterator[str]:
    query = """SELECT s.story, s.number, s.text, r.text, s.start, s."end"
               FROM v1_update_sentences s JOIN v1_revisions r ON r.id = s.revision_id"""
    for story, number, said, source, start, end in rows(tx, query):
        if " ".join(source[start:end].split()) != said:
            yield f"{story} Update.{number}: {said!r} does not stand where it is cited"


def _outbox(tx: Connection) -> Iterator[str]:
    late = [*undelivered(tx), *undelivered(tx, target="notify")]
    yield from (f"never delivered: {message.key}" for message in late)
    expected = Counter(f"site:{story}:{number}" for story, number in rows(tx, "SELECT story, number FROM v1_updates"))
    told = rows(tx, "SELECT story, number FROM v1_updates")
    expected.update(f"notify:desk:{story}:{number}" for story, number in told)
    echoes = "SELECT u.story, u.number, c.statement_id FROM corroborations c JOIN updates u ON u.id = c.update_id"
    expected.update(f"site:{story}:{number}:also:{statement}" for story, number, statement in rows(tx, echoes))
    yield from differences("message", expected, Counter(key for (key,) in rows(tx, "SELECT key FROM outbox")))
    yield from (f"delivered without a try: {key}" for (key,) in rows(tx, "SELECT key FROM outbox WHERE attempts < 1"))


def not_told(tx: Connection, heard: Sequence[tuple[str, str, int]]) -> Iterator[str]:
    """What a webhook did not hear of, or out of order, or under two ids; `heard` is id, story and number of each message."""
    of: dict[str, tuple[str, int]] = {}
    for ident, story, number in heard:
        if of.setdefault(ident, (story, number)) != (story, number):
            yield f"the id {ident} is of {of[ident]} and of {(story, number)}"
    expected = Counter(rows(tx, "SELECT story, number FROM v1_updates"))
    yield from differences("message of a webhook", expected, Counter(of.values()))
    for story in STORIES:
        first = [*dict.fromkeys(number for _, of_story, number in heard if of_story == story)]
        if first != sorted(first):
            yield f"{story}: a webhook heard of its updates out of order: {first}"


def _pages(tx: Connection, site: Path) -> Iterator[str]:
    """Each file of a story, and the page of each statement that it tells, is what the store makes of it."""
    place = Site(identity=tx.execute(text("SELECT id FROM identity")).scalar_one())
    names = {one.key: one.name for one in all_sources(tx)}
    for story in STORIES:
        page = story_page(tx, StoryKey(story))
        if page is None:
            yield f"{story}: there is no such story"
            continue
        expected = dict(story_files(page, place))
        for statement in told_statements(page):
            found = statement_detail(tx, statement)
            if found is not None:
                expected[statement_file(statement)] = f"{statement_page(found, place, names=names)}\n"
        for name, said in expected.items():
            path = site / name
            if not path.exists() or path.read_text(encoding="utf-8") != said:
                yield f"{path}: is not the page that the ledger makes"
    for name in ("index.html", "feed.atom", "feed.json"):
        if not all(story in (site / name).read_text(encoding="utf-8") for story in STORIES):
            yield f"{site / name}: does not lead to every story"


def _snapshots(tx: Connection, store: Store) -> Iterator[str]:
    """What the store names can be read; and what lies there without a name is whole as well."""
    for sha256, size in rows(tx, "SELECT sha256, size FROM snapshots"):
        try:
            if len(store.snapshots.get(sha256)) != size:
                yield f"snapshot {sha256}: not {size} bytes"
        except SnapshotError as error:
            yield str(error)
    for path in store.snapshots.folder.glob("??/*"):
        if hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest() != path.parent.name + path.name.removesuffix(".gz"):
            yield f"{path}: holds other bytes than its name says"


def _database(tx: Connection) -> Iterator[str]:
    """What SQLite says of itself; PostgreSQL checks its keys at every commit."""
    if tx.dialect.name != "sqlite":
        return
    if rows(tx, "PRAGMA integrity_check") != [("ok",)] or rows(tx, "PRAGMA foreign_key_check"):
        yield "the SQLite file is damaged"
