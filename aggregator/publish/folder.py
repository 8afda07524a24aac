"""The folder that the static site lies in: each file is written only where it has changed, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from aggregator.store.files import settle_folder, take_place, write_each, write_new

AT_ONCE = 8  # files on their way to the disk: one after the other, each waits for it some milliseconds
BATCH = 256  # files that are held in memory before they are written
PIECE = 1 << 16  # bytes of large files that are compared at a time
NOTES = ".written"  # the folder of what the writer knows of its own work; whoever removes it has everything written anew


class Folder:
    """A folder to write a site into."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._made: set[Path] = set()

    def write(self, files: Iterable[tuple[str, str]]) -> int:
        """Write files, each (place, text), if they are not there as they should be; returns how many were. Raises OSError.

        What was written is on the disk when this returns.
        """
        changed = 0
        waiting = ((path, body) for path, body in self._placed(files) if not _is(path, body))
        while batch := list(islice(waiting, BATCH)):
            changed += len(batch)
            new = [(_beside(path), path, body) for path, body in batch]
            if len(new) == 1:
                write_new(new[0][0], new[0][2])
            else:
                with ThreadPoolExecutor(min(AT_ONCE, len(new))) as pool:
                    list(pool.map(lambda one: write_new(one[0], one[2]), new))
            take_place((beside, path) for beside, path, _ in new)
        return changed

    def write_large(self, place: str, pieces: Iterable[str]) -> bool:
        """Write one file of any size, few pieces of which are held at once; returns whether it has changed. Raises OSError."""
        path = self.root / place
        self._make(path.parent)
        new = _beside(path)
        write_each(new, (piece.encode("utf-8", "replace") for piece in pieces))
        if _alike(new, path):
            new.unlink()
            return False
        take_place([(new, path)])
        return True

    def _placed(self, files: Iterable[tuple[str, str]]) -> Iterator[tuple[Path, bytes]]:
        for place, text in files:
            path = self.root / place
            self._make(path.parent)
            yield path, text.encode("utf-8", "replace")

    def _make(self, folder: Path) -> None:
        """Once for each: also where it is there already, its name may not be on the disk yet."""
        if folder not in self._made:
            settle_folder(folder)
            self._made.add(folder)

    def notes(self, name: str) -> dict[str, Any]:
        """What was noted under a name; nothing where that cannot be read."""
        try:
            known = json.loads((self.root / NOTES / f"{name}.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def note(self, name: str, values: Mapping[str, Any]) -> None:
        """Note what was written, after it was. Raises OSError."""
        self.write([(f"{NOTES}/{name}.json", json.dumps(values, separators=(",", ":"), sort_keys=True))])

    def has(self, place: str) -> bool:
        """Whether there is a file."""
        return (self.root / place).is_file()


def _beside(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(f".{path.name}.new")


def _alike(new: Path, path: Path) -> bool:
    """Whether a file holds the same bytes as another, perhaps one that is not there."""
    try:
        with new.open("rb") as one, path.open("rb") as other:
            if os.fstat(one.fileno()).st_size != os.fstat(other.fileno()).st_size:
                return False
            return all(piece == other.read(PIECE) for piece in iter(partial(one.read, PIECE), b""))
    except FileNotFoundError:
        return False


def _is(path: Path, body: bytes) -> bool:
    """Whether a file holds these bytes already."""
    try:
        return path.stat().st_size == len(body) and path.read_bytes() == body
    except OSError:
        return False
