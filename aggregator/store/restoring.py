"""A store out of its backup, into a folder that was empty."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from aggregator.config.moving import with_storage_here
from aggregator.store.archive import DATABASE, DUMP, FEEDS, ArchiveError
from aggregator.store.backup import BackupError
from aggregator.store.checking import Verified, verify
from aggregator.store.copying import Advance, CopyError, no_advance
from aggregator.store.folders import FolderError, filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What lies in the folder now."""

    verified: Verified
    database: Path  # the SQLite file, or the dump
    feeds: Path | None  # None: the backup holds none
    moved: bool  # `feeds.toml` names its own folder as `storage`; False: it must be edited first


def restore(file: Path, into: Path, *, advance: Advance = no_advance) -> Restored:
    """Unpack a backup into a new or empty folder, where it appears when all of it was found right, or not at all.

    Raises `BackupError` with what is wrong with the file or the folder, and OSError.
    """
    try:
        with filled(into, last=DATABASE) as place:
            found = verify(file, work=place.parent, keep=place, advance=advance)
            (place / "snapshots").mkdir(exist_ok=True)
            moved = _move(place / FEEDS)
    except (ArchiveError, CopyError) as error:
        raise BackupError(f"{file}: {error} {into} was left as it was.") from error
    except FolderError as error:
        raise BackupError(str(error)) from error
    database = into / (DATABASE if found.manifest.database == "sqlite" else DUMP)
    feeds = into / FEEDS
    return Restored(verified=found, database=database, feeds=feeds if feeds.exists() else None, moved=moved)


def _move(path: Path) -> bool:
    """Let a restored `feeds.toml` name the folder that it lies in. False where it is not there, or cannot be edited safely."""
    if not path.exists():
        return False
    try:
        after = with_storage_here(path.read_bytes().decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
    if after is None:
        return False
    path.write_text(after, encoding="utf-8", newline="")
    return True
