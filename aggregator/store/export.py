"""The store as files that outlive it: each view as JSON lines, the snapshots as WARC, and a manifest with their hashes.

All of it is one state of the store. A row, a body and its records are all that is held at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, TableClause, column, func, inspect, select, table

from aggregator.store.archive import gzipped
from aggregator.store.bulk import streamed
from aggregator.store.copying import Advance, no_advance
from aggregator.store.engine import Store
from aggregator.store.folders import FolderError, filled
from aggregator.store.heads import HeadError, NewHead, signature_file, write_head
from aggregator.store.schema import changes, identity, utc_text
from aggregator.store.warc import WARC, Unreadable, write_warc

MANIFEST, HEAD = "manifest.json", "head.json"
FORMAT = 1  # of the folder
ROWS_AT_ONCE = 1_000
VIEW = re.compile(r"v(\d+)_(\w+)")
# What names a row of each view, whatever its version: the order of its lines.
KEYS = {
    "sources": ("key",),
    "polls": ("id",),
    "exchanges": ("id",),
    "statements": ("id",),
    "revisions": ("id",),
    "stories": ("key",),
    "updates": ("story", "number"),
    "update_sentences": ("story", "number", "paragraph", "position", "revision_id", "start", "end"),
    "attributions": ("story", "number", "position"),
    "changes": ("seq",),
    "listings": ("source", "entry_id"),
    "captures": ("id",),
    "snapshots": ("sha256",),
    "store": ("id",),
    "edits": ("revision_id",),
    "source_notes": ("id",),
    "credits": ("revision_id",),
    "likenesses": ("revision_id", "other_revision_id"),
    "corroborations": ("story", "number", "statement_id"),
    "marks": ("story", "number", "by_number", "kind"),
    "corrections": ("story", "number", "old_number", "old_paragraph", "old_position"),
    "desk_acts": ("id",),
    "refusals": ("id",),
    "gaps": ("id",),
    "maintenance": ("id",),
}
BY_STORY = frozenset({"update_sentences"})  # asked story by story: no index has their order, and one story is soon sorted
AS_JSON = frozenset({"request", "headers"})  # columns that hold JSON: an object in a line, not a string of it


class ExportError(RuntimeError):
    """Nothing was exported; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file of the folder."""

    name: str
    bytes: int
    sha256: str
    rows: int | None = None  # lines, or records of a WARC; None where neither is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export holds, as its manifest says it."""

    format: int
    made_at: str
    store: str  # its identity
    schema: str
    seq: int  # the newest change in it: the cursor from which to go on; 0: none
    files: tuple[ExportedFile, ...]
    without_body: int  # answers whose bytes are not there any more; listed in `without-body.jsonl`
    unanswered: int  # requests to which nobody answered: in the exchanges, not in the WARC


@dataclass(slots=True)
class _Folder:
    """Where files are written, and what was written."""

    path: Path
    packed: bool
    files: list[ExportedFile] = field(default_factory=list)

    @contextmanager
    def lines(self, name: str) -> Iterator[Callable[[Mapping[str, Any]], None]]:
        """A file of JSON lines: yields a function that writes one."""
        name, count = f"{name}.jsonl{'.gz' if self.packed else ''}", 0
        with (self.path / name).open("xb") as raw, gzipped(raw) if self.packed else nullcontext(raw) as file:

            def write(row: Mapping[str, Any]) -> None:
                nonlocal count
                file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
                count += 1

            yield write
        self.note(name, rows=count)

    def note(self, name: str, *, rows: int | None = None) -> None:
        """Take a file that is written into the manifest."""
        path = self.path / name
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        self.files.append(ExportedFile(name=name, bytes=path.stat().st_size, sha256=sha256, rows=rows))


def export(
    store: Store,
    into: Path,
    *,
    now: datetime,
    warc: bool = True,
    packed: bool = False,
    key: Path | None = None,
    password: str | None = None,
    advance: Advance = no_advance,
) -> Exported:
    """Write a store into a new or empty folder. Returns what its manifest says.

    `packed`: the lines are gzip. `key`: a PEM file with an Ed25519 private key, and its password, by which the head is signed.
    Raises `ExportError`, `SigningError`, `StoreError`, and OSError; then the folder is as it was.
    """
    if warc and WARC is None:
        raise ExportError(
            "warcio is not installed. Run: pip install 'update-aggregator[export]', or leave the WARC out: --no-warc"
        )
    try:
        with filled(into, last=MANIFEST) as place, store.read() as tx:
            folder = _Folder(place, packed)
            for view in newest_views(tx):
                _write_view(tx, view, folder, advance)
            new = NewHead(file=place / HEAD, at=now, key=key, password=password)
            write_head(tx, new)
            for file in (new.file, *([] if key is None else [signature_file(new.file)])):
                folder.note(file.name)
            told = _write_warc(tx, store, folder, now, advance) if warc else Unreadable()
            exported = _manifest(tx, folder, told, now)
            (place / MANIFEST).write_text(json.dumps(_plain(exported), indent=2) + "\n", encoding="utf-8")
    except (FolderError, HeadError) as error:
        raise ExportError(str(error)) from error
    return exported


def newest_views(tx: Connection) -> list[str]:
    """The newest version of each view of the contract, by name."""
    newest: dict[str, int] = {}
    for found in filter(None, map(VIEW.fullmatch, inspect(tx).get_view_names())):
        newest[found[2]] = max(int(found[1]), newest.get(found[2], 0))
    return [f"v{version}_{name}" for name, version in sorted(newest.items())]


def _write_view(tx: Connection, view: str, folder: _Folder, advance: Advance) -> None:
    one = _view(tx, view)
    total = tx.execute(select(func.count()).select_from(one)).scalar_one()
    with folder.lines(view) as write:
        for done, row in enumerate(_rows(tx, one), 1):
            write({name: int(value) if isinstance(value, bool) else value for name, value in row.items()})
            if done % ROWS_AT_ONCE == 0 or done == total:
                advance(view, done, total)


def _view(tx: Connection, view: str) -> TableClause:
    bare = table(view)
    names = tx.execute(select(column("*", is_literal=True)).select_from(bare).limit(0)).keys()
    return table(view, *(column(name, JSON()) if name in AS_JSON else column(name) for name in names))


def _rows(tx: Connection, view: TableClause) -> Iterator[dict[str, Any]]:
    """The rows of a view in the order of what names them."""
    kind = view.name.partition("_")[2]
    query = select(view).order_by(*(view.c[name] for name in KEYS.get(kind, view.c.keys()[:1])))
    stories = table("v1_stories", column("key"))
    queries = [query]
    if kind in BY_STORY:
        keys = tx.execute(select(stories.c.key).order_by(stories.c.key)).scalars().all()
        queries = [query.where(view.c.story == key) for key in keys]
    for one in queries:
        for row in streamed(tx, one):
            yield dict(row._mapping)


def _write_warc(tx: Connection, store: Store, folder: _Folder, now: datetime, advance: Advance) -> Unreadable:
    with folder.lines("without-body") as tell:
        told = Unreadable(tell)
        files = write_warc(
            tx, store.snapshots, folder.path, store=_identity(tx), now=utc_text(now), unreadable=told, advance=advance
        )
    for name, records in files:
        folder.note(name, rows=records)
    return told


def _manifest(tx: Connection, folder: _Folder, told: Unreadable, now: datetime) -> Exported:
    return Exported(
        format=FORMAT,
        made_at=utc_text(now),
        store=_identity(tx),
        schema=tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one(),
        seq=tx.execute(select(func.max(changes.c.seq))).scalar_one() or 0,
        files=tuple(sorted(folder.files, key=lambda file: file.name)),
        without_body=told.bodies,
        unanswered=told.unanswered,
    )


def _identity(tx: Connection) -> str:
    return str(tx.execute(select(identity.c.id)).scalar_one())


def _plain(exported: Exported) -> dict[str, Any]:
    plain = {name: getattr(exported, name) for name in Exported.__dataclass_fields__}
    files = [
        {name: value for name in ExportedFile.__dataclass_fields__ if (value := getattr(one, name)) is not None}
        for one in exported.files
    ]
    return {**plain, "files": files}
