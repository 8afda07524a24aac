"""Files that are there whole or not at all, and that survive a power cut once they are there.

A file's bytes are safe when the file was flushed to disk; that it stands under its name, when its folder was; and that the
folder stands under its own name, when the folder around it was.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

NO_FOLDERS = {errno.EINVAL, errno.ENOTSUP}  # what file systems say that cannot flush a folder


def make_folder(folder: Path) -> None:
    """Make a folder, and those around it, unless they are there. Raises OSError."""
    if not folder.is_dir():
        settle_folder(folder)


def settle_folder(folder: Path) -> None:
    """As `make_folder`, and a folder that is there already, whoever made it, is on the disk, too. Raises OSError."""
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in NO_FOLDERS:
            raise
    finally:
        os.close(handle)


def write_new(new: Path, *pieces: bytes) -> None:
    """Write a file beside its place, and wait until its bytes are on the disk. What fails leaves nothing. Raises OSError."""
    write_each(new, pieces)


def write_each(new: Path, pieces: Iterable[bytes]) -> None:
    """The same for what is made piece by piece, and is too large to be held at once; also where making it fails."""
    try:
        with new.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def take_place(files: Iterable[tuple[Path, Path]]) -> None:
    """Rename files to their places, each (new, place), and wait until that is on the disk. Raises OSError."""
    folders = set()
    for new, place in files:
        new.replace(place)
        folders.add(place.parent)
    for folder in sorted(folders):
        sync_folder(folder)
