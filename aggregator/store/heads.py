"""The head of a store: one small file that stands for all of its history, to be signed and kept elsewhere.

Whoever has a head can later tell whether a store still holds the very history that it held then, and more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import text as sql

from aggregator.store.files import take_place, write_new
from aggregator.store.schema import changes, identity, stories, updates, utc_text
from aggregator.store.signing import check_signature, sign
from aggregator.store.verifying.findings import Finding, shown

FORMAT = "update-aggregator head 1"
LARGEST = 1 << 26  # bytes of a file that may be a head


class HeadError(RuntimeError):
    """A head cannot be used; the text says which, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHead:
    """Where a story's ledger ended."""

    key: str
    number: int  # of its newest update
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a store's history ended at a time."""

    format: str = FORMAT
    store: str  # its identity
    schema: str
    at: str  # UTC, as the store writes times
    seq: int  # of its newest change; 0: none yet
    hash: str  # of that change; the store's identity where there is none
    stories: tuple[StoryHead, ...]  # those with updates, by key

    def as_bytes(self) -> bytes:
        """The file: the very bytes that are signed."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2).encode() + b"\n"


def head_of(tx: Connection, *, at: datetime) -> Head:
    """The head of a store as it is."""
    newest = tx.execute(select(changes.c.seq, changes.c.hash).order_by(changes.c.seq.desc()).limit(1)).first()
    told = select(stories.c.key, stories.c.last_number, stories.c.head).where(stories.c.last_number > 0)
    store = tx.execute(select(identity.c.id)).scalar_one()
    return Head(
        store=store,
        schema=tx.execute(sql("SELECT version_num FROM alembic_version")).scalar_one(),
        at=utc_text(at),
        seq=newest.seq if newest is not None else 0,
        hash=newest.hash if newest is not None else store,
        stories=tuple(
            StoryHead(key=row.key, number=row.last_number, hash=row.head) for row in tx.execute(told.order_by(stories.c.key))
        ),
    )


def signature_file(file: Path) -> Path:
    """Where the signature of a head lies: beside it."""
    return file.with_name(f"{file.name}.sig")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHead:
    """A head that is to be written."""

    file: Path
    at: datetime
    key: Path | None = None  # a PEM file with an Ed25519 private key; None: no signature
    password: str | None = None  # of the key, if it has one


def write_head(tx: Connection, new: NewHead) -> Head:
    """Write the head of a store to a file, and its signature (64 bytes) to `FILE.sig` where there is a key.

    Without a key an older signature beside the file is removed. Raises `SigningError`, and `HeadError` where a file cannot be
    written: an older head and its signature, which may be all that the store can be held against, are then as they were.
    """
    head = head_of(tx, at=new.at)
    data, beside = head.as_bytes(), signature_file(new.file)
    files = {new.file: data} if new.key is None else {new.file: data, beside: sign(data, new.key, password=new.password)}
    fresh = [(file.with_name(f".{file.name}.new"), file) for file in files]
    try:
        for (place, _), content in zip(fresh, files.values(), strict=True):
            write_new(place, content)
        take_place(fresh)
        if new.key is None:
            beside.unlink(missing_ok=True)
    except OSError as error:
        for place, _ in fresh:
            place.unlink(missing_ok=True)
        raise HeadError(
            f"{new.file}: no head was written ({error.strerror or error}). Make room, or name another file."
        ) from error
    return head


def read_head(file: Path, *, public_key: Path | None = None) -> Head:
    """A head that was written before; with a public key, its signature is checked. Raises `HeadError`, `SigningError`."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST)
    except OSError as error:
        raise HeadError(f"{file}: cannot be read ({error.strerror}).") from error
    if public_key is not None:
        check_signature(data, signature_file(file), public_key)
    try:
        return _parsed(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise HeadError(f"{file}: no head of a store. Write one: aggregator verify --write-head FILE") from error


def _parsed(value: Any) -> Head:
    if value.pop("format") != FORMAT:
        raise ValueError
    told = tuple(StoryHead(**one) for one in value.pop("stories"))
    head = Head(**value, stories=told)
    if not all(isinstance(one, int) for one in (head.seq, *(one.number for one in told))):
        raise TypeError
    return head


def check_head(tx: Connection, head: Head) -> Iterator[Finding]:
    """Where a store does not hold the history that a head of it stands for. That its chain is whole is for `verify` to say.

    Raises `HeadError` where the head is not one of this store.
    """
    own = head_of(tx, at=datetime.fromisoformat("2000-01-01T00:00:00Z"))
    if own.store != head.store:
        raise HeadError(
            f"The head is one of the store {shown(head.store)}, and this is the store {own.store}:"
            " another one, or one that was made anew."
        )
    if head.seq > own.seq:
        what = f"the head knows change {head.seq}, but the newest here is {own.seq}: changes are gone, or this is an older copy"
        yield Finding(check="head", table="changes", row="", what=what)
    elif head.seq == 0:
        if head.hash != own.store:
            yield Finding(check="head", table="changes", row="", what="the head of an empty store is damaged")
    else:
        there = tx.execute(select(changes.c.hash).where(changes.c.seq == head.seq)).scalar()
        if there != head.hash:
            what = f"the head has the hash {shown(head.hash)}, here it is {shown(there)}: what came before is another history"
            yield Finding(check="head", table="changes", row=str(head.seq), what=what)
    for story in head.stories:
        yield from _story(tx, story)


def _story(tx: Connection, story: StoryHead) -> Iterator[Finding]:
    which = (updates.c.story == story.key) & (updates.c.number == story.number)
    there = tx.execute(select(updates.c.hash).where(which)).scalar()
    if there != story.hash:
        said = "is not there" if there is None else f"has the hash {shown(there)}"
        what = f"it {said}; the head has {shown(story.hash)}"
        yield Finding(check="head", table="updates", row=f"{shown(story.key)}/{story.number}", what=what)
