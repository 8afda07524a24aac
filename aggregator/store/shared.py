"""Raw bytes in an object store that several machines share, reached through fsspec: `s3://bucket/prefix/ab/cdef….gz`.

The same names and the same bytes as in a folder (`snapshots.py`). An object appears whole or not at all: it is put in one
piece, and only object stores are taken of which that holds. Two who put the same bytes put the same object, and one that is
there and whole is left as it is.

Who may read and write there is known from the environment alone (for S3: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile
or the machine's role; AWS_ENDPOINT_URL for a store of another maker).
"""

from __future__ import annotations

import errno
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from isal import igzip, isal_zlib

from aggregator.config.places import PACKAGES
from aggregator.store.errors import DamagedSnapshotError, MissingSnapshotError, SnapshotError, StoreError
from aggregator.store.snapshots import LEFT_BEHIND, LEVEL, MEND, NOT_GZIP, TAIL, Packed, Snapshots, unpacked

MOST_SAID = 300  # characters of what went wrong: whole answers of a server may stand in it
CHECK = "Check its name, the network, and the rights that the environment gives."

T = TypeVar("T")


def open_shared(url: str) -> SharedSnapshots:
    """The snapshots at an address of an object store. Nothing is asked yet. Raises `StoreError`."""
    kind, _, root = url.partition("://")
    package = PACKAGES.get(kind)
    if package is None:
        raise StoreError(f"{url}: no object store that is known here ({', '.join(sorted(PACKAGES))}), and no folder.")
    try:
        import fsspec  # noqa: PLC0415 - an optional package

        # What is there changes by what other machines do: no listing is kept in memory.
        files = fsspec.filesystem(kind, use_listings_cache=False)
    except ImportError as error:
        raise StoreError(f"{url}: it needs a further package. Run: pip install {package}") from error
    return SharedSnapshots(Path(url), url=url.rstrip("/"), root=root.strip("/"), files=files)


@dataclass(frozen=True, slots=True)
class SharedSnapshots(Snapshots):
    """The raw bytes below an address, addressed by content."""

    url: str = field(kw_only=True)
    root: str = field(kw_only=True)  # as the file system of fsspec names it
    files: Any = field(kw_only=True, compare=False, repr=False)  # fsspec ships no types

    @property
    def place(self) -> str:
        """As people read it."""
        return self.url

    @property
    def is_far(self) -> bool:
        """It always is."""
        return True

    def is_there(self) -> bool:
        """Whether anything can be looked for there. An object store has no folders that could be missing."""
        return True

    def named(self, sha256: str) -> str:
        """The address of the bytes of this hash."""
        return f"{self.url}/{sha256[:2]}/{sha256[2:]}.gz"

    def _name(self, sha256: str) -> str:
        return f"{self.root}/{sha256[:2]}/{sha256[2:]}.gz"

    def put(self, body: bytes, *, sha256: str | None = None) -> Packed:
        """As in a folder: store bytes unless they are there, and whole. Raises `StoreError`."""
        sha256 = sha256 or hashlib.sha256(body).hexdigest()
        packed = self._packed(sha256)
        if packed is None or _body(packed) != body:
            packed = igzip.compress(body, LEVEL, mtime=0)
            self.keep(sha256, packed)
        return Packed(sha256, len(packed), zlib.crc32(packed))

    def keep(self, sha256: str, packed: bytes) -> None:
        """Store what is packed already. Raises `StoreError`."""
        self._done(sha256, lambda: self.files.pipe_file(self._name(sha256), packed))

    def get(self, sha256: str) -> bytes:
        """The bytes of this hash. Raises as in a folder."""
        packed = self._packed(sha256)
        if packed is None:
            raise MissingSnapshotError(f"{self.named(sha256)}: this snapshot is missing. {MEND}")
        body = _body(packed)
        if body is None or hashlib.sha256(body).hexdigest() != sha256:
            raise DamagedSnapshotError(
                f"{self.named(sha256)}: this snapshot is damaged: its bytes are not those of {sha256}. {MEND}"
            )
        return body

    def open(self, sha256: str) -> BinaryIO:
        """The object as it is there. Raises FileNotFoundError, and OSError where it cannot be read."""
        with self._as_os_error(sha256):
            return io.BytesIO(self.files.cat_file(self._name(sha256)))

    def has(self, sha256: str) -> bool:
        """Whether there is an object of this hash that can be looked at."""
        try:
            return self.stored_size(sha256) is not None
        except StoreError:
            return False

    def stored_size(self, sha256: str) -> int | None:
        """How many bytes the object has; None where there is none. Raises `StoreError`."""
        try:
            return int(self._done(sha256, lambda: self.files.size(self._name(sha256))))
        except MissingSnapshotError:
            return None

    def remove(self, sha256: str) -> int:
        """Remove the bytes of this hash, if they are there; returns how many bytes that frees. Raises OSError."""
        with self._as_os_error(sha256):
            try:
                size = int(self.files.size(self._name(sha256)))
            except FileNotFoundError:
                return 0
            self.files.rm_file(self._name(sha256))
            return size

    def seems_whole(self, body: bytes, *, sha256: str) -> bool:
        """Whether the object of these bytes ends as it must: a cheap look, at eight bytes."""
        due: bytes = TAIL.pack(isal_zlib.crc32(body), len(body) & 0xFFFFFFFF)
        try:
            return bool(self._done(sha256, lambda: self.files.cat_file(self._name(sha256), start=-TAIL.size)) == due)
        except StoreError:
            return False

    def sweep(self, *, after: timedelta = LEFT_BEHIND) -> int:  # noqa: ARG002 - as in a folder
        """Nothing is ever left unfinished under a name here."""
        return 0

    def names(self) -> Iterator[str]:
        """What lies there, below the address, in order. Raises OSError."""
        with self._as_os_error(""):
            for one in sorted(self.files.ls(self.root, detail=True), key=lambda one: str(one["name"])):
                found = self.files.find(one["name"]) if one["type"] == "directory" else [one["name"]]
                yield from (str(name).removeprefix(f"{self.root}/") for name in sorted(found))

    def _packed(self, sha256: str) -> bytes | None:
        try:
            return bytes(self._done(sha256, lambda: self.files.cat_file(self._name(sha256))))
        except MissingSnapshotError:
            return None

    def _done(self, sha256: str, work: Callable[[], T]) -> T:
        try:
            with self._as_os_error(sha256):
                return work()
        except FileNotFoundError as error:
            raise MissingSnapshotError(f"{self.named(sha256)}: this snapshot, or its bucket, is missing. {MEND}") from error
        except OSError as error:
            raise SnapshotError(f"{error.filename}: {error.strerror}") from error

    @contextmanager
    def _as_os_error(self, sha256: str) -> Iterator[None]:
        """What goes wrong on the way to an object store, in one kind of error and one line."""
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as error:  # each kind of store has errors of its own, with no base in common
            said = " ".join(str(error).split())[:MOST_SAID] or type(error).__name__
            code = (isinstance(error, OSError) and error.errno) or errno.EIO
            raise OSError(code, f"cannot be used ({said}). {CHECK}", self.named(sha256) if sha256 else self.url) from error


def _body(packed: bytes) -> bytes | None:
    try:
        return unpacked(packed)
    except NOT_GZIP:
        return None
