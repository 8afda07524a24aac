"""That the bytes of every snapshot are there, whole, and nothing else."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import text

from aggregator.store.snapshots import Snapshots
from aggregator.store.stored import batches
from aggregator.store.verifying.findings import Examination, Finding, file_name, number_of, shown
from aggregator.store.verifying.rows import OF_STORY

PIECE = 1 << 20  # bytes that are read, or unpacked, at once
SHA256 = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[0-9a-f]{62}\.gz")
HEADER = 10  # bytes
HEAD = b"\x1f\x8b\x08" + bytes(5)  # how it begins: gzip, no name, comment or other field, and no time
_SNAPSHOTS = "SELECT t.sha256, t.size, t.stored_size, t.stored_crc32, t.removed_at FROM snapshots t "


def check_files(work: Examination) -> Iterator[Finding]:
    """Every snapshot's file; then, for a whole store, what lies in the folder and belongs to none."""
    if work.quick:
        return
    where, values = ("", {}) if work.story is None else (OF_STORY["snapshots"], {"story": work.story})
    for rows in batches(work.tx, text(_SNAPSHOTS + where), values):
        for row in rows:
            work.count("snapshot files" if row.removed_at is None else "snapshots given up")
            what = _row(work.snapshots, row)
            if what is not None:
                yield Finding(check="files", table="snapshots", row=shown(row.sha256), what=what)
    if work.story is None:
        yield from _strays(work)


def _row(snapshots: Snapshots, row: Any) -> str | None:
    """What is wrong with the file of one row of `snapshots`."""
    if not isinstance(row.sha256, str) or SHA256.fullmatch(row.sha256) is None:
        return "its SHA-256 is damaged, so its file cannot be told"
    try:
        with snapshots.open(row.sha256) as file:
            what = damage_of(file, sha256=row.sha256, size=row.size, stored_size=row.stored_size, crc32=row.stored_crc32)
    except FileNotFoundError:
        if row.removed_at is not None:  # by retention, or for want of room: the row stays
            return None
        what = "is not there"
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
    return None if what is None else f"its file {row.sha256[:2]}/{row.sha256[2:]}.gz {what}"


@dataclass(slots=True)
class _Read:
    """What reading a packed file has come to."""

    digest: Any = field(default_factory=hashlib.sha256)
    size: int = 0  # of what it unpacks to
    stored_size: int = 0
    crc32: int = 0


def file_damage(path: Path, *, sha256: str, size: object, stored_size: object, crc32: object) -> str | None:
    """What is wrong with a packed file, or None. Memory does not grow with the file. Raises OSError.

    The values are those of `damage_of`.
    """
    with path.open("rb") as file:
        return damage_of(file, sha256=sha256, size=size, stored_size=stored_size, crc32=crc32)


def damage_of(file: BinaryIO, *, sha256: str, size: object, stored_size: object, crc32: object) -> str | None:
    """The same of one that is open.

    `size` and `sha256`: of the bytes in it; `stored_size` and `crc32`: of the file, the latter None where it is not known.
    """
    read = _Read()
    what = _unpack(file, read, most=number_of(size) or 0)
    if what is None and (read.size != size or read.digest.hexdigest() != sha256):
        what = f"holds {read.size} bytes of the SHA-256 {read.digest.hexdigest()}; {shown(size)} others were received"
    if what is None and read.stored_size != stored_size:
        what = f"has {read.stored_size} bytes, and {shown(stored_size)} were written"
    if what is None and crc32 not in (None, read.crc32):
        what = "unpacks to what was received, but is not, byte by byte, the file that was written"
    return what


def _unpack(file: BinaryIO, read: _Read, *, most: int) -> str | None:
    """Read a packed file to its end; returns what does not let it be unpacked to `most` bytes, or None."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while piece := file.read(PIECE):
        if read.stored_size == 0 and (len(piece) < HEADER or piece[:8] != HEAD):
            return "does not begin as a packed file of ours does"
        if unpacker.eof:
            return "goes on after its end"
        read.stored_size, read.crc32 = read.stored_size + len(piece), zlib.crc32(piece, read.crc32)
        while piece and not unpacker.eof:
            try:
                part = unpacker.decompress(piece, PIECE)  # not more at once: a bomb fills no memory
            except zlib.error as error:
                return f"cannot be unpacked ({error})"
            read.size += len(part)
            read.digest.update(part)
            piece = unpacker.unconsumed_tail
            if read.size > most:
                return f"holds more than the {most} bytes that were received"
    if not unpacker.eof:
        return "ends too early"
    return "goes on after its end" if unpacker.unused_data else None


def _strays(work: Examination) -> Iterator[Finding]:
    """Files that no row names: left by a crash, or newer than the state that is looked at. Nothing rests on them."""
    if not work.snapshots.is_there():
        return
    known = text("SELECT 1 FROM snapshots WHERE sha256 = :sha256")
    for name in work.snapshots.names():
        above, _, last = name.rpartition("/")
        sha256 = above + last.removesuffix(".gz")
        ours = NAME.fullmatch(last) and SHA256.fullmatch(sha256)
        if not ours or work.tx.execute(known, {"sha256": sha256}).first() is None:
            what = "belongs to no snapshot of this store"
            yield Finding(check="files", table="files", row=file_name(name), what=what, warning=True)
