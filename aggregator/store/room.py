"""How much room there is on the disk, and what of the work goes on with it: the store must not be broken by its snapshots.

SQLite survives a disk that is full, but stores nothing more; and what filled it are mostly raw bytes, which the texts do not
need. So with little room no raw bytes are kept, and with hardly any, nobody is asked for what could not be stored.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import structlog

from aggregator.store.engine import Store
from aggregator.store.errors import disk_of
from aggregator.store.sqlite import file_of

AGAIN = 11  # tenths of a mark must be free until it counts as passed: polls that fill it would cross it again and again

log = structlog.get_logger()


class Room(StrEnum):
    """How much room there is."""

    AMPLE = "ample"
    LOW = "low"  # texts are stored, and no raw bytes are kept
    FULL = "full"  # nobody is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A disk as it was seen."""

    place: Path  # something on it
    free: int  # bytes that this user may write
    room: Room

    @property
    def says(self) -> str:
        """A sentence for people; "" where there is room."""
        if self.room is Room.AMPLE:
            return ""
        effect = {
            Room.LOW: "no raw bytes are kept, texts are stored all the same",
            Room.FULL: "no source is asked, so that the store stays whole",
        }
        free = f"{self.free / 1e6:,.0f} MB are free at {disk_of(self.place)}"
        return f"{free}: {effect[self.room]}; it goes on by itself when there is more"


def judge_room(free: int, before: Room, *, low: int, full: int) -> Room:
    """What `free` bytes are by two marks. What was below a mark stays so until there is a tenth more."""
    if 10 * free < full * (AGAIN if before is Room.FULL else 10):
        return Room.FULL
    if 10 * free < low * (AGAIN if before is not Room.AMPLE else 10):
        return Room.LOW
    return Room.AMPLE


def free_at(place: Path) -> int:
    """Bytes that this user may still write on the disk of a path, which need not be there yet. Raises OSError."""
    there = next(one for one in (place, *place.parents) if one.exists())
    found = os.statvfs(there)
    return found.f_bavail * found.f_frsize


class Guard:
    """Looks at the disks, and remembers how they were: the log says each change once."""

    def __init__(
        self, places: Iterable[Path] = (), *, database: Path | None = None, free: Callable[[Path], int] = free_at
    ) -> None:
        """`places`: whose disks must have room for raw bytes. `database`: on whose disk hardly any room ends the asking."""
        self._places, self._database, self._free = list(dict.fromkeys(places)), database, free
        self.disk = Disk(place=Path(), free=0, room=Room.AMPLE)

    @property
    def room(self) -> Room:
        """As it was seen last."""
        return self.disk.room

    def look(self, *, low: int, full: int) -> Room:
        """Look again. A disk that cannot be asked counts as it was: what is wrong with it shows where it is used."""
        before = self.room
        self.disk = self.seen(low=low, full=full) or self.disk
        if before is not self.room:
            self._tell()
        return self.room

    def seen(self, *, low: int, full: int) -> Disk | None:
        """The disk with the least room, as it is now; None where none could be asked. Nothing is remembered."""
        try:
            found = [self._seen(place, low, full if place == self._database else 0) for place in self._places]
        except OSError as error:
            log.warning("disk_not_seen", reason=str(error))
            return None
        return max(found, key=lambda one: (list(Room).index(one.room), -one.free), default=None)

    def _seen(self, place: Path, low: int, full: int) -> Disk:
        free = self._free(place)
        return Disk(place=place, free=free, room=judge_room(free, self.room, low=low, full=full))

    def _tell(self) -> None:
        if self.room is Room.AMPLE:
            log.warning("disk_has_room_again", place=str(self.disk.place), free=self.disk.free)
        elif self.room is Room.LOW:
            log.warning("disk_low", reason=self.disk.says)
        else:
            log.error("disk_full", reason=self.disk.says)


def guard_of(store: Store, storage: Path) -> Guard:
    """A guard over the disks of a store: of its storage folder, of its snapshots, and of its database where that is a file."""
    file = file_of(store.engine.url) if store.is_sqlite else None
    places = [storage, storage / "snapshots", *([file.parent] if file is not None else [])]
    return Guard(places, database=file.parent if file is not None else None)
