"""Whether the file of a store still lies where it was opened: what is stored in one that was taken away is lost at the end."""

from __future__ import annotations

from pathlib import Path

from aggregator.store.errors import StoreError


class Displaced(StoreError):  # noqa: N818 - says what is the case
    """The file that is open is not the one that lies in its place. Who closes it may lose what it holds."""


class Place:
    """Where a file lies that is kept open; None: there is no such file."""

    def __init__(self, file: Path | None) -> None:
        """What lies there now is the right one."""
        self._file = file
        self._right = None if file is None else _number(file)

    def look(self) -> None:
        """Raise `Displaced` where that file was taken away or another one lies in its place. Asks the system for one name."""
        if self._file is None or self._right is None:
            return
        try:
            now = _number(self._file)
        except OSError:  # whoever uses it is told better
            return
        if now != self._right:
            what = "it was taken away" if now is None else "another file was put in its place"
            raise Displaced(
                f"{self._file}: {what} while the service works on it. Put it back, and the service goes on by itself; or stop"
                " the service, put a backup there (aggregator restore), and start it again."
            )


def _number(file: Path) -> tuple[int, int] | None:
    """Which file it is, whatever it is called; None where there is none."""
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino
