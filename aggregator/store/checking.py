"""Reading a backup from its first byte to its last, and believing nothing that was not checked."""

from __future__ import annotations

import hashlib
import heapq
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields
from itertools import zip_longest
from pathlib import Path
from typing import IO

from isal import isal_zlib
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from aggregator.store import copying
from aggregator.store.archive import (
    BROKEN,
    DATABASE,
    DUMP,
    LEFT_OUT,
    MANIFEST,
    PIECE,
    SNAPSHOT,
    SUMS,
    ArchiveError,
    Member,
    decompressed,
    members,
)
from aggregator.store.bulk import streamed
from aggregator.store.copying import Advance, no_advance
from aggregator.store.schema import snapshots

FORMAT = 1  # of the archive
MOST_BODY = 1 << 31  # bytes of a snapshot when it is unpacked
NAMED = select(snapshots.c.sha256).order_by(snapshots.c.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself, in `backup.json`."""

    format: int
    made_at: str  # as the store writes times
    store: str  # its identity
    schema: str
    seq: int  # the newest change that it holds; 0: none
    database: str  # "sqlite" or "postgresql"
    snapshots: int  # that it holds
    left_out: int  # snapshots that the database names and the backup does not hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A backup of which every byte was read and found right."""

    manifest: Manifest
    left_out: Mapping[str, int]  # snapshots that it does not hold, by reason
    opened: bool  # False: a dump that nothing here can read; its hash alone is right


def verify(
    path: Path,
    *,
    work: Path | None = None,
    database: Path | None = None,
    keep: Path | None = None,
    advance: Advance = no_advance,
) -> Verified:
    """Read a backup through: hashes, bodies of snapshots, the database itself, and that every snapshot that it names is there.

    With `keep`, what is read is written into that folder, which is empty; otherwise the database is unpacked into a folder that
    is gone afterwards, in `work` or where the system keeps such, unless `database` is a copy of it that is at hand. Raises
    `ArchiveError`, `CopyError` and OSError.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=work, prefix=".reading-")))
        mine = stack.enter_context((folder / "mine").open("ab"))
        reader = _Reader(folder, mine, database=database, keep=keep)
        for count, member in enumerate(members(stack.enter_context(decompressed(path))), 1):
            reader.take(member)
            advance("checked", count, 0)
        return reader.verified()


class _Reader:
    """Takes the members of an archive one by one."""

    def __init__(self, folder: Path, mine: IO[bytes], *, database: Path | None, keep: Path | None) -> None:
        self._folder, self._keep, self._known = folder, keep, database
        self._sums, self._theirs, self._left = folder / "mine", folder / "theirs", folder / "left"
        for path in (self._theirs, self._left):
            path.touch()
        self._lines = 0
        self._mine = mine
        self._database: Path | None = None
        self._dump = False
        self._manifest: Manifest | None = None
        self._compared = False

    def take(self, member: Member) -> None:
        name, snapshot = member.name, SNAPSHOT.fullmatch(member.name)
        if snapshot is not None:
            self._lines += 1
            self._take_snapshot(member, snapshot[1] + snapshot[2])
        elif name in (DATABASE, DUMP):
            self._take_database(member)
        elif name == MANIFEST:
            self._manifest = _manifest(b"".join(member.pieces()))
        else:
            where = {LEFT_OUT: self._left, SUMS: self._theirs}.get(name, self._keep and self._keep / name)
            _write(member, where)
        digest = member.finish()
        if name == SUMS:
            self._compare()
        self._mine.write(f"{digest}  {name}\n".encode())

    def _take_database(self, member: Member) -> None:
        self._dump = member.name == DUMP
        if self._keep is not None or self._known is None:
            self._database = (self._keep or self._folder) / member.name
            _write(member, self._database)
        else:
            self._database = self._known

    def _take_snapshot(self, member: Member, sha256: str) -> None:
        body = Body()
        path = None if self._keep is None else self._keep / member.name
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            file = None if path is None else stack.enter_context(path.open("xb"))
            for piece in member.pieces():
                body.feed(piece)
                if file is not None:
                    file.write(piece)
        if body.sha256 != sha256:
            raise ArchiveError(f"{member.name}: its bytes are not those of its name. The backup is damaged.")

    def _compare(self) -> None:
        """The sums as they stand in the archive, line by line, with those of what was read."""
        self._mine.flush()
        with self._sums.open("rb") as mine, self._theirs.open("rb") as theirs:
            for read, said in zip_longest(mine, theirs, fillvalue=b""):
                if read != said:
                    name = (read or said).decode("utf-8", "replace")[66:].strip()
                    raise ArchiveError(f"{name}: not as it was when it was written (SHA-256). The backup is damaged.")
        self._compared = True

    def verified(self) -> Verified:
        manifest = self._manifest
        if manifest is None or self._database is None or not self._compared:
            raise ArchiveError("a part of it is missing. This is no backup of ours.")
        if manifest.snapshots != self._lines:
            raise ArchiveError(f"{MANIFEST} does not belong to the rest. This is no backup of ours, or a changed one.")
        if self._known is not None and _sha256(self._known) != self._first_sum():
            raise ArchiveError("what was written of the database is not what was copied. Is the disk sound?")
        return Verified(manifest=manifest, left_out=self._reasons(), opened=self._check_database(self._database, manifest))

    def _first_sum(self) -> str:
        with self._sums.open("rb") as file:
            return file.readline()[:64].decode()

    def _check_database(self, path: Path, manifest: Manifest) -> bool:
        if self._dump:
            return copying.check_postgresql(path)
        copying.check_sqlite(path)
        engine = copying.open_copy(path)
        try:
            with copying.one_state(engine) as tx:
                named = (sha256 for sha256, _ in named_snapshots(tx))
                for wanted, there in zip_longest(named, self._there()):
                    if wanted != there:
                        raise ArchiveError(f"the database and the snapshots do not belong together ({wanted or there}).")
                found = tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        except SQLAlchemyError as error:
            raise ArchiveError(f"{path.name}: not a store of aggregator ({error.__cause__ or error}).") from error
        finally:
            engine.dispose()
        if found != manifest.schema:
            raise ArchiveError(f"{MANIFEST} says schema {manifest.schema}, the database is of {found}.")
        return True

    def _there(self) -> Iterator[str]:
        """The hashes of the snapshots that the archive holds or says to be left out, in their order."""
        with self._sums.open("rb") as sums, self._left.open("rb") as left:
            yield from heapq.merge(_names(sums), (line[:64].decode() for line in left))

    def _reasons(self) -> dict[str, int]:
        with self._left.open("rb") as file:
            return dict(Counter(line[65:].decode("ascii", "replace").strip() for line in file))


class Body:
    """The bytes of a snapshot, unpacked piece by piece and held no longer than it takes to hash them."""

    def __init__(self) -> None:
        self._unpack = isal_zlib.decompressobj(wbits=31)
        self._digest, self._size, self._broken = hashlib.sha256(), 0, False

    def feed(self, piece: bytes) -> None:
        """Take the next packed bytes. Raises `ArchiveError` where they become more than a snapshot can be."""
        try:
            while not self._broken:
                out = self._unpack.decompress(piece, PIECE)
                self._digest.update(out)
                self._size += len(out)
                if self._size > MOST_BODY:
                    raise ArchiveError(f"a snapshot of more than {MOST_BODY:,} bytes. This is no backup of ours.")
                piece = self._unpack.unconsumed_tail
                if not piece and len(out) < PIECE:
                    return
        except BROKEN:
            self._broken = True

    @property
    def sha256(self) -> str:
        """Of the unpacked bytes; "" where they are not whole."""
        whole = self._unpack.eof and not self._unpack.unused_data and not self._broken
        return self._digest.hexdigest() if whole else ""


def named_snapshots(tx: Connection) -> Iterator[tuple[str, bool]]:
    """Each snapshot that a database names, in the order of their hashes, and whether it says that retention removed it."""
    query = NAMED.add_columns(snapshots.c.removed_at)
    for row in streamed(tx, query):
        yield row.sha256, row.removed_at is not None


def is_removed(tx: Connection, sha256: str) -> bool:
    """Whether the store says that retention removed a snapshot."""
    return tx.execute(select(snapshots.c.removed_at).where(snapshots.c.sha256 == sha256)).scalar() is not None


def _names(sums: IO[bytes]) -> Iterator[str]:
    for line in sums:
        found = SNAPSHOT.fullmatch(line[66:].decode("ascii", "replace").rstrip())
        if found is not None:
            yield found[1] + found[2]


def _manifest(said: bytes) -> Manifest:
    try:
        found = json.loads(said)
        wanted = {field.name: {"int": int, "str": str}[str(field.type)] for field in fields(Manifest)}
        if not all(isinstance(found[name], kind) for name, kind in wanted.items()):
            raise ValueError("a value of another kind")
        manifest = Manifest(**{name: found[name] for name in wanted})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArchiveError(f"{MANIFEST}: cannot be read ({error}). This is no backup of ours.") from error
    if manifest.format != FORMAT:
        raise ArchiveError(f"made by a newer version of aggregator (format {manifest.format}). Update aggregator.")
    return manifest


def _write(member: Member, path: Path | None) -> None:
    if path is None:
        return
    free = shutil.disk_usage(path.parent).free
    if member.size > free:
        raise ArchiveError(f"{member.name}: {member.size:,} bytes, and {free:,} are free in {path.parent}. Make room first.")
    with path.open("wb") as file:
        for piece in member.pieces():
            file.write(piece)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
