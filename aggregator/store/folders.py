"""A folder that is filled whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".unfinished"  # while it is filled


class FolderError(RuntimeError):
    """The folder cannot be filled; the text says why and what to do."""


@contextmanager
def filled(folder: Path, *, last: str) -> Iterator[Path]:
    """A place to write into; when the block ends, all of it lies in `folder`, the entry named `last` after the others.

    The folder must be new or empty, and is left as it was when the block raises. Raises `FolderError` and OSError.
    """
    made = not folder.exists()
    if not folder.parent.is_dir():
        raise FolderError(f"{folder}: there is no folder {folder.parent}. Make it first.")
    if not made and not folder.is_dir():
        raise FolderError(f"{folder}: not a folder, and was left as it is. Name a new one.")
    if not made and any(folder.iterdir()):
        raise FolderError(f"{folder}: not empty, and was left as it is. Name a new folder, or an empty one.")
    place = folder / UNFINISHED  # inside, not beside: the folder may be a disk of its own
    place.mkdir(parents=True)
    try:
        yield place
        os.sync()
        for path in sorted(place.iterdir(), key=lambda path: (path.name == last, path.name)):
            path.rename(folder / path.name)
        place.rmdir()
        os.sync()
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
