"""Telling whether a file is still the one that was read."""

from __future__ import annotations

from pathlib import Path

Stamp = tuple[int, ...] | str


def stamp_of(path: Path) -> Stamp:
    """What differs after a file was written, replaced or removed: by number, size and times; or why it cannot be read."""
    try:
        found = path.stat()
    except OSError as error:
        return error.strerror or "cannot be read"
    return (found.st_ino, found.st_dev, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
