"""What goes wrong with a store, in sentences: what, where, and what to do next."""

from __future__ import annotations

import errno
from pathlib import Path

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_TOLD = {
    errno.ENOSPC: "the disk is full. Make room on {disk}; the service goes on by itself",
    errno.EDQUOT: "this user has no room left on {disk}. Make room, or raise the quota; the service goes on by itself",
    errno.EFBIG: "the limit on the size of a file is reached. Raise it (`ulimit -f`)",
    errno.EROFS: "{disk} is mounted read-only. Mount it so that it can be written, or name another `storage`",
    errno.EACCES: "this user may not write here. Give it the right to, or name another `storage`",
    errno.EPERM: "this user may not write here. Give it the right to, or name another `storage`",
    errno.ENOTDIR: "a file lies where a folder is needed. Move it away, or name another `storage`",
    errno.EEXIST: "a file lies where a folder is needed. Move it away, or name another `storage`",
    errno.EISDIR: "a folder lies where a file is needed. Move it away",
    errno.ENOTEMPTY: "a folder lies where a file is needed. Move it away",
    errno.EIO: "the disk {disk} fails. Look into the system's log, and restore a backup on another disk",
}


class StoreError(RuntimeError):
    """The store cannot be used; the text says which one, why, and what to do."""


class StoreCollision(StoreError):  # noqa: N818 - says what is the case
    """Two transactions waited for each other, and the database undid this one. It may be tried again."""


class NewerSchema(StoreError):  # noqa: N818 - says what is the case
    """The store was brought to a schema that this program does not know, while it ran: it must be updated, too."""


class SnapshotError(StoreError):
    """The bytes of a snapshot cannot be had; the text names the file and says what to do."""


class MissingSnapshotError(SnapshotError, FileNotFoundError):
    """There is no file for these bytes."""


class DamagedSnapshotError(SnapshotError, ValueError):
    """The file of these bytes holds something else, or only a part of them."""


def file_trouble(path: Path, error: OSError) -> str:
    """Why a file or folder cannot be used, on which disk, and what to do: one sentence or two."""
    why = _TOLD.get(error.errno or 0, f"it cannot be used ({error.strerror or error}). Check its rights and its disk")
    return f"{path}: {why.format(disk=disk_of(path))}."


def disk_of(path: Path) -> Path:
    """The place where the disk of a path is mounted, whether the path is there yet or not."""
    here = path.resolve()
    while not here.is_mount() and here != here.parent:
        here = here.parent
    return here
