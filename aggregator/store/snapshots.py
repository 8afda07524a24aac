"""Raw bytes, stored once by their SHA-256: `snapshots/ab/cdef….gz`, never changed once they are there."""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from isal import igzip, isal_zlib

from aggregator.store.errors import DamagedSnapshotError, MissingSnapshotError, SnapshotError, StoreError, file_trouble
from aggregator.store.files import settle_folder, sync_folder, take_place, write_new

LEVEL = 2  # of isal: 58 feeds in a quarter of the time of zlib at level 1, and in 4 % less room
UNFINISHED = ".new"  # the folder of what is being written; after a crash something may be left in it
LEFT_BEHIND = timedelta(hours=1)  # what was begun so long ago and never finished is what a crash left
MOST_SWEPT = 10_000  # leftovers that one start removes
TAIL = struct.Struct("<II")  # how gzip ends: CRC-32 and length of what is in it
ISAL_ERROR = cast("type[Exception]", isal_zlib.error)  # isal's stubs take the class for one of its instances
NOT_GZIP = (EOFError, zlib.error, ISAL_ERROR, gzip.BadGzipFile)
MEND = "Restore it from a backup; where the source gives the same bytes again, the next poll mends it."


class Packed(NamedTuple):
    """A file of the folder."""

    sha256: str  # of the bytes in it, in hex
    size: int  # of the file
    crc32: int  # of the file


@dataclass(frozen=True, slots=True)
class Snapshots:
    """A folder of raw bytes, addressed by content."""

    folder: Path
    _settled: set[Path] = field(default_factory=set, init=False, compare=False, repr=False)  # folders that a power cut leaves

    @property
    def place(self) -> str:
        """Where they are, as people read it."""
        return str(self.folder)

    @property
    def is_far(self) -> bool:
        """Whether even a small look is a question over the network."""
        return False

    def is_there(self) -> bool:
        """Whether there is a place to look in: a disk may not be mounted."""
        return self.folder.is_dir()

    def named(self, sha256: str) -> str:
        """Where the bytes of this hash lie, as people read it."""
        return str(self.path(sha256))

    def path(self, sha256: str) -> Path:
        """Where the bytes of this hash lie, or would lie."""
        return self.folder / sha256[:2] / f"{sha256[2:]}.gz"

    def put(self, body: bytes, *, sha256: str | None = None) -> Packed:
        """Store bytes unless they are there; returns their SHA-256, and what their file is like.

        `sha256` is their hash, where it is known already. The file appears whole or not at all, and when this returns, a power
        cut leaves it. A file that is there is read, and written anew where it does not hold these bytes. Raises `StoreError`.
        """
        sha256 = sha256 or hashlib.sha256(body).hexdigest()
        path = self.path(sha256)
        try:
            self._settle(path.parent)
            packed = _packed(path, body)
            if packed is not None:
                sync_folder(path.parent)  # who put it there may have been ended before this
            else:
                packed = _pack(body)
                self._write(path, packed)
            return Packed(sha256, len(packed), zlib.crc32(packed))  # retention may have removed the file again by now
        except OSError as error:
            raise StoreError(file_trouble(path, error)) from error

    def get(self, sha256: str) -> bytes:
        """The bytes of this hash.

        Raises `MissingSnapshotError`, `DamagedSnapshotError` where the file holds something else, or `SnapshotError` where it
        cannot be read; each names the file and says what to do.
        """
        path = self.path(sha256)
        try:
            body = unpacked(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError) as error:
            raise MissingSnapshotError(f"{path}: {self._gone()} {MEND}") from error
        except NOT_GZIP as error:
            raise DamagedSnapshotError(f"{path}: this snapshot is damaged ({error}). {MEND}") from error
        except OSError as error:
            raise SnapshotError(
                f"{path}: this snapshot cannot be read ({error.strerror or error}). Check its rights."
            ) from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise DamagedSnapshotError(f"{path}: this snapshot is damaged: its bytes are not those of {sha256}. {MEND}")
        return body

    def keep(self, sha256: str, packed: bytes) -> None:
        """Store a file of another place, byte for byte: the caller has seen that it holds these bytes. Raises `StoreError`."""
        path = self.path(sha256)
        try:
            self._settle(path.parent)
            self._write(path, packed)
        except OSError as error:
            raise StoreError(file_trouble(path, error)) from error

    def open(self, sha256: str) -> BinaryIO:
        """The file of this hash, as it lies there. Raises OSError."""
        return self.path(sha256).open("rb")

    def has(self, sha256: str) -> bool:
        """Whether there is a file of this hash that can be looked at."""
        return self.path(sha256).exists()

    def stored_size(self, sha256: str) -> int | None:
        """How many bytes the file of this hash has; None where there is none. Raises `StoreError`."""
        path = self.path(sha256)
        try:
            return path.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoreError(file_trouble(path, error)) from error

    def names(self) -> Iterator[str]:
        """What lies in the folder, whatever it is, by its place below. Raises OSError."""
        return (str(path.relative_to(self.folder)) for path in _files(self.folder))

    def _gone(self) -> str:
        if self.folder.is_dir():
            return "this snapshot is missing."
        return f"this snapshot is missing, and so is the folder {self.folder}. Is its disk mounted?"

    def remove(self, sha256: str) -> int:
        """Remove the bytes of this hash, if they are there; returns how many bytes of the disk that frees."""
        path = self.path(sha256)
        try:
            size = path.stat().st_size
            path.unlink()
        except FileNotFoundError:
            return 0
        return size

    def seems_whole(self, body: bytes, *, sha256: str) -> bool:
        """Whether the file of these bytes ends as it must: a cheap look that finds one that is missing, empty or cut off."""
        try:
            with self.path(sha256).open("rb") as file:
                file.seek(-TAIL.size, os.SEEK_END)
                end: bytes = TAIL.pack(isal_zlib.crc32(body), len(body) & 0xFFFFFFFF)
                return file.read() == end
        except OSError:
            return False

    def sweep(self, *, after: timedelta = LEFT_BEHIND) -> int:
        """Remove what crashes left unfinished and that was last touched so long ago; returns how many files.

        Not what another process may be writing just now: the clock that gives files their times decides how long ago it was,
        and neither ours, which may jump, nor that of another machine. What cannot be removed stays.
        """
        try:
            with tempfile.NamedTemporaryFile(dir=self.folder / UNFINISHED) as touched_now:
                before = os.fstat(touched_now.fileno()).st_mtime - after.total_seconds()
        except OSError:  # nothing was ever begun here, or nothing can be removed
            return 0
        swept = 0
        for left in islice(self.folder.glob(f"{UNFINISHED}/*"), MOST_SWEPT):
            try:
                if left.stat().st_mtime < before:
                    left.unlink()
                    swept += 1
            except OSError:
                continue
        return swept

    def _settle(self, folder: Path) -> None:
        """See to it, once in a process, that a folder is there after a power cut, whoever made it."""
        if folder in self._settled and folder.is_dir():
            return
        if folder != self.folder:
            self._settle(self.folder)
        settle_folder(folder)
        self._settled.add(folder)

    def _write(self, path: Path, data: bytes) -> None:
        unfinished = self.folder / UNFINISHED
        unfinished.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=unfinished)
        os.close(handle)
        new = Path(name)
        write_new(new, data)
        try:
            take_place([(new, path)])
        finally:
            new.unlink(missing_ok=True)


def packed_as(body: bytes, *, sha256: str | None = None) -> Packed:
    """What the file of some bytes is like, or would be. `sha256` is their hash, where it is known already."""
    packed = _pack(body)
    return Packed(sha256 or hashlib.sha256(body).hexdigest(), len(packed), zlib.crc32(packed))


def _pack(body: bytes) -> bytes:
    packed: bytes = igzip.compress(body, LEVEL, mtime=0)
    return packed


def _packed(path: Path, body: bytes) -> bytes | None:
    """A file as it lies there that holds these bytes; None where it does not."""
    try:
        packed = path.read_bytes()
        return packed if unpacked(packed) == body else None
    except (OSError, *NOT_GZIP):
        return None


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        else:
            yield path


def unpacked(packed: bytes) -> bytes:
    """What is in a file of ours. Raises what `NOT_GZIP` names."""
    body: bytes = igzip.decompress(packed)  # type: ignore[no-untyped-call]  # isal leaves this one without types
    return body
