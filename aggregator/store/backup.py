"""A store in one file, made while others write to it, and read back before it takes its name.

First the database as it is at one moment, then exactly the snapshots that this copy names: a snapshot is never changed, so
those that come later do not matter. One that retention takes away in between is left out, and so said.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, func, select

from aggregator.store import copying
from aggregator.store.archive import DATABASE, DUMP, FEEDS, LEFT_OUT, MANIFEST, SUMS, ArchiveError, Packer, compressed
from aggregator.store.checking import FORMAT, Body, Manifest, Verified, is_removed, named_snapshots, verify
from aggregator.store.copying import Advance, CopyError, no_advance
from aggregator.store.engine import Store
from aggregator.store.files import sync_folder
from aggregator.store.schema import changes, identity, snapshots, utc_text

REMOVED, MISSING, DAMAGED = "removed", "missing", "damaged"  # why a snapshot was left out
MOST_TOLD = 3  # missing snapshots that are named in a sentence


class BackupError(RuntimeError):
    """No backup was made, and nothing was changed; the text says why and what to do."""


def back_up(
    store: Store,
    file: Path,
    *,
    feeds: Path | None,
    now: datetime,
    force: bool = False,
    incomplete: bool = False,
    keep_out: Sequence[Path] = (),
    advance: Advance = no_advance,
) -> Verified:
    """Write a store and its `feeds.toml` into one file, which appears whole and verified, or not at all.

    With `force` it takes the place of one that is there; with `incomplete`, snapshots that are missing or damaged are left out
    and listed, and no reason to give up. `keep_out` are folders in which no backup may lie. Raises `BackupError`, and OSError
    where the disk is full.
    """
    _check_place(store, file, feeds, force=force, keep_out=keep_out)
    folder = Path(tempfile.mkdtemp(dir=file.parent, prefix=f".{file.name}.new-"))
    try:
        made = _Making(store, folder, advance=advance, incomplete=incomplete)
        archive = made.write(file.name, feeds=feeds, now=now)
        found = verify(archive, work=folder, database=made.database, advance=advance)
        if os.path.lexists(file) and not force:
            raise BackupError(f"{file}: it has come into being meanwhile, and was left as it is. --force takes its place.")
        archive.replace(file)
        sync_folder(file.parent)
        return found
    except (ArchiveError, CopyError) as error:
        raise BackupError(f"{file}: no backup was made: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check(file: Path, *, advance: Advance = no_advance) -> Verified:
    """Read a backup through, and keep nothing of it. Raises `BackupError` with what is wrong."""
    try:
        return verify(file, advance=advance)
    except (ArchiveError, CopyError) as error:
        raise BackupError(f"{file}: {error}") from error


def _check_place(store: Store, file: Path, feeds: Path | None, *, force: bool, keep_out: Sequence[Path]) -> None:
    if not file.parent.is_dir():
        raise BackupError(f"{file}: there is no folder {file.parent}. Make it first.")
    database = copying.database_file(store.engine)
    parts = [] if database is None else [Path(f"{database}{end}") for end in ("", "-wal", "-shm", "-journal")]
    parts += [feeds] if feeds is not None else []
    for part in parts:
        if file.resolve() == part.resolve() or (file.exists() and part.exists() and file.samefile(part)):
            raise BackupError(f"{file}: that is the store itself ({part}). A backup onto itself would be the end of both.")
    for folder in (store.snapshots.folder, *keep_out):
        if file.resolve().is_relative_to(folder.resolve()):
            raise BackupError(f"{file}: that lies in {folder}, which belongs to the store. Name a place outside it.")
    if file.is_dir():
        raise BackupError(f"{file}: a folder. Name a file in it, such as {file / 'aggregator.tar.zst'}.")
    if os.path.lexists(file) and not force:
        raise BackupError(f"{file}: it is there already, and was left as it is. --force takes its place.")


class _Making:
    """One backup as it is written."""

    def __init__(self, store: Store, folder: Path, *, incomplete: bool, advance: Advance) -> None:
        self._store, self._folder, self._incomplete, self._advance = store, folder, incomplete, advance
        self.database = folder / "database"
        self._added = self._lacking = 0

    def write(self, name: str, *, feeds: Path | None, now: datetime) -> Path:
        """Write the archive under its own name into the folder; it may hold what others need not read."""
        archive = self._folder / name
        with (
            os.fdopen(os.open(archive, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file,
            tempfile.TemporaryFile(dir=self._folder) as sums,
            tempfile.TemporaryFile(dir=self._folder) as left_out,
        ):
            with self._copied() as tx, compressed(file, name) as stream:
                packer = Packer(stream, sums, mtime=int(now.timestamp()))
                _add_file(packer, DATABASE if self._store.engine.dialect.name == "sqlite" else DUMP, self.database)
                if feeds is not None:
                    _add_file(packer, FEEDS, feeds)
                self._add_snapshots(tx, packer, left_out)
                _add_whole(packer, LEFT_OUT, left_out)
                self._add_manifest(packer, _facts(tx, now))
                _add_whole(packer, SUMS, sums)  # the last, so that it vouches for all others
                packer.close()
            file.flush()
            os.fsync(file.fileno())
        return archive

    @contextmanager
    def _copied(self) -> Iterator[Connection]:
        """Make the copy of the database, and ask it, or the very state that was dumped, in a transaction."""
        if self._store.engine.dialect.name != "sqlite":
            with self._store.read() as tx:
                self._advance("database", 0, 0)
                copying.copy_postgresql(tx, self.database)
                yield tx
            return
        copying.copy_sqlite(self._store.engine, self.database, advance=self._advance)
        copy = copying.open_copy(self.database)
        try:
            with copying.one_state(copy) as tx:
                yield tx
        finally:
            copy.dispose()

    def _add_snapshots(self, tx: Connection, packer: Packer, left_out: IO[bytes]) -> None:
        total = tx.execute(select(func.count()).select_from(snapshots)).scalar_one()
        gone: list[str] = []
        for done, (sha256, removed) in enumerate(named_snapshots(tx), 1):
            why = REMOVED if removed else self._add(packer, sha256)
            if why is not None:
                left_out.write(f"{sha256} {why}\n".encode())
                self._lacking += 1
            if why in (MISSING, DAMAGED) and not self._incomplete:
                gone.append(f"{sha256} ({why})")
                if len(gone) == MOST_TOLD:
                    break
            self._advance("snapshots", done, total)
        if gone:
            more = " and perhaps others" if len(gone) == MOST_TOLD else ""
            raise BackupError(
                f"{self._store.snapshots.place}: snapshots that the store names are not whole: {', '.join(gone)}{more}. "
                "Nothing was written. Put them back from an older backup, or let --incomplete leave them out and list them."
            )

    def _add(self, packer: Packer, sha256: str) -> str | None:
        """Add a snapshot, or say why not."""
        try:
            with self._store.snapshots.open(sha256) as file:
                packed = file.read()
        except FileNotFoundError:
            with self._store.read() as tx:  # the store as it is by now
                return REMOVED if is_removed(tx, sha256) else MISSING
        body = Body()
        body.feed(packed)
        if body.sha256 != sha256:
            return DAMAGED
        packer.add(f"snapshots/{sha256[:2]}/{sha256[2:]}.gz", io.BytesIO(packed), len(packed))
        self._added += 1
        return None

    def _add_manifest(self, packer: Packer, facts: dict[str, Any]) -> None:
        kind = self._store.engine.dialect.name
        manifest = Manifest(**facts, database=kind, snapshots=self._added, left_out=self._lacking)
        said = json.dumps(asdict(manifest), indent=2).encode() + b"\n"
        packer.add(MANIFEST, io.BytesIO(said), len(said))


def _facts(tx: Connection, now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": utc_text(now),
        "store": tx.execute(select(identity.c.id)).scalar_one(),
        "schema": tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one(),
        "seq": tx.execute(select(func.max(changes.c.seq))).scalar_one() or 0,
    }


def _add_file(packer: Packer, name: str, path: Path) -> None:
    with path.open("rb") as file:
        packer.add(name, file, os.fstat(file.fileno()).st_size)


def _add_whole(packer: Packer, name: str, file: IO[bytes]) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    packer.add(name, file, size)
