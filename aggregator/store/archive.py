"""One file that holds many: a plain tar, which `tar` can read, and which is read here without believing a word of it.

No member but a plain file with a name that is expected, in the order that is expected: no link, no device, no path that leads
elsewhere, no name twice. Nothing of what is read grows with the size of the archive.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import zstandard
from isal import igzip, isal_zlib

PIECE = 1 << 20  # bytes that are held at once
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
MOST_WINDOW = 1 << 27  # bytes that a zstd frame may ask for
END = b"\0" * tarfile.BLOCKSIZE
_GZIP_FILE: Any = igzip.IGzipFile  # whose arguments have no types
# What a reader of packed bytes raises where they are cut off or damaged.
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError, cast("type[Exception]", isal_zlib.error))

DATABASE, DUMP, FEEDS = "aggregator.sqlite", "database.dump", "feeds.toml"
LEFT_OUT, MANIFEST, SUMS = "left-out.txt", "backup.json", "SHA256SUMS"
SNAPSHOT = re.compile(r"snapshots/([0-9a-f]{2})/([0-9a-f]{62})\.gz")
ORDER = {DATABASE: 0, DUMP: 0, FEEDS: 1, "snapshots": 2, LEFT_OUT: 3, MANIFEST: 4, SUMS: 5}
SINGLE_SNAPSHOT, TEXT = 1 << 28, 1 << 24  # bytes: more is no snapshot, no feeds.toml, no manifest
LISTS = 1 << 33  # bytes of a list with a line for each snapshot


class ArchiveError(RuntimeError):
    """Not an archive of ours, or a damaged one; the text says where."""


@contextmanager
def compressed(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """A stream into a file, compressed as the file's name says: `.gz`, `.tgz`, `.zst`, or not at all."""
    if name.endswith((".gz", ".tgz")):
        with gzipped(file) as packed:
            yield packed
    elif name.endswith((".zst", ".tzst")):
        with zstandard.ZstdCompressor(level=3).stream_writer(file, closefd=False) as stream:
            yield stream
    else:
        yield file


@contextmanager
def gzipped(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """A gzip stream into a file: the same bytes for the same bytes."""
    with _GZIP_FILE(fileobj=file, filename="", mode="wb", compresslevel=2, mtime=0) as packed:
        yield packed


@contextmanager
def decompressed(path: Path) -> Iterator[IO[bytes]]:
    """What a file holds, however it is compressed: its first bytes say that, not its name."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start.startswith(GZIP):
            with _GZIP_FILE(fileobj=file, mode="rb") as unpacked:
                yield unpacked
        elif start == ZSTD:
            with zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW).stream_reader(file, closefd=False) as stream:
                yield stream
        else:
            yield file


class Packer:
    """Writes members one after the other. `sums` are the lines of `SHA256SUMS` so far, in a file of the caller's."""

    def __init__(self, stream: IO[bytes], sums: IO[bytes], *, mtime: int) -> None:
        self._stream, self._sums, self._mtime = stream, sums, mtime

    def add(self, name: str, source: IO[bytes], size: int) -> str:
        """Add a member of a size in bytes; returns its SHA-256. Raises OSError where the source ends early."""
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self._mtime, 0o600
        self._stream.write(info.tobuf(tarfile.GNU_FORMAT, "ascii", "strict"))
        digest, left = hashlib.sha256(), size
        while left:
            piece = source.read(min(left, PIECE))
            if not piece:
                raise OSError(f"{name}: it became shorter while it was read")
            digest.update(piece)
            self._stream.write(piece)
            left -= len(piece)
        self._stream.write(b"\0" * (-size % tarfile.BLOCKSIZE))
        self._sums.write(f"{digest.hexdigest()}  {name}\n".encode())
        return digest.hexdigest()

    def close(self) -> None:
        """Write the end of the archive."""
        self._stream.write(END * 2)


@dataclass(slots=True)
class Member:
    """One file of an archive, to be read before the next one is asked for."""

    name: str
    size: int  # bytes
    _stream: IO[bytes]
    _left: int = field(init=False)
    _digest: Any = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._digest = self.size, hashlib.sha256()

    def pieces(self) -> Iterator[bytes]:
        """The bytes, in pieces. Raises `ArchiveError` where the archive ends first."""
        while self._left:
            piece = _read(self._stream, min(self._left, PIECE))
            self._left -= len(piece)
            self._digest.update(piece)
            yield piece

    def finish(self) -> str:
        """Read what is left; returns the SHA-256 of all of it."""
        for _ in self.pieces():
            pass
        if any(_read(self._stream, -self.size % tarfile.BLOCKSIZE)):
            raise ArchiveError(f"{self.name}: something stands between it and the next. The backup is damaged.")
        return str(self._digest.hexdigest())


def members(stream: IO[bytes]) -> Iterator[Member]:
    """The members of an archive in their order. Raises `ArchiveError` for anything that we would not have written."""
    rank, last = -1, ""
    while True:
        header = _read(stream, tarfile.BLOCKSIZE)
        if header == END:
            break
        member = _member(header, stream)
        here = _rank(member)
        if here < rank or (here == rank and not (here == ORDER["snapshots"] and member.name > last)):
            raise ArchiveError(f"{member.name}: out of its place, or there twice. This is no backup of ours, or a changed one.")
        rank, last = here, member.name
        yield member
    if rank != ORDER[SUMS]:
        raise ArchiveError(f"it ends without {SUMS}: not written to its end, or no backup of ours.")
    if _read(stream, tarfile.BLOCKSIZE) != END or _some(stream, 1):
        raise ArchiveError("something follows its end. This is no backup of ours, or a changed one.")


def _member(header: bytes, stream: IO[bytes]) -> Member:
    try:
        info = tarfile.TarInfo.frombuf(header, "ascii", "strict")
        if info.type == tarfile.REGTYPE and info.tobuf(tarfile.GNU_FORMAT, "ascii", "strict") != header:
            raise ValueError("a header in another form")
    except (tarfile.HeaderError, ValueError) as error:
        raise ArchiveError(f"not a backup of ours, or a damaged one ({error}).") from error
    if info.type != tarfile.REGTYPE:
        raise ArchiveError(f"{info.name!r}: not a plain file. This is no backup of ours; nothing of it was kept.")
    if info.size < 0:
        raise ArchiveError(f"{info.name!r}: a size below zero. This is no backup of ours.")
    return Member(info.name, info.size, stream)


def _rank(member: Member) -> int:
    snapshot = SNAPSHOT.fullmatch(member.name) is not None
    rank = ORDER["snapshots"] if snapshot else ORDER.get(member.name, -1)
    if rank < 0 or member.name == "snapshots":
        raise ArchiveError(f"{member.name!r}: a name that no backup of ours holds. Nothing of it was kept.")
    most = {FEEDS: TEXT, MANIFEST: TEXT, LEFT_OUT: LISTS, SUMS: LISTS}.get(member.name, SINGLE_SNAPSHOT if snapshot else None)
    if most is not None and member.size > most:
        raise ArchiveError(f"{member.name}: {member.size:,} bytes are more than it can have. This is no backup of ours.")
    return rank


def _read(stream: IO[bytes], size: int) -> bytes:
    """Exactly so many bytes."""
    got: list[bytes] = []
    left = size
    while left:
        piece = _some(stream, left)
        if not piece:
            raise ArchiveError("it ends in the middle: not written or copied to its end.")
        got.append(piece)
        left -= len(piece)
    return b"".join(got)


def _some(stream: IO[bytes], most: int) -> bytes:
    try:
        return stream.read(most)
    except BROKEN as error:
        raise ArchiveError(f"it ends in the middle, or is damaged ({error}).") from error
