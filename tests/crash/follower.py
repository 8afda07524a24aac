"""A reader that follows views and site while the service is killed and started again: nothing that it saw may change."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DatabaseError

PAUSE = 0.04  # seconds between two looks


class Follower:
    """Looks again and again, from a thread; `broken` says what it saw that may never be seen."""

    def __init__(self, database: str, site: Path) -> None:
        self._engine = _reading(database)
        self._site = site
        self._seen: dict[tuple[object, ...], tuple[object, ...]] = {}  # what never changes, by what names it
        self._on_site: dict[str, int] = {}  # how many updates a story's page had
        self._read: dict[Path, tuple[int, ...]] = {}  # the files that were read, and what tells them from later ones
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self.changes: list[tuple[Any, ...]] = []
        self.broken: list[str] = []
        self.looks = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Look a last time, and end."""
        self._ending.set()
        self._thread.join()
        self._look()
        self._engine.dispose()

    def _follow(self) -> None:
        while not self._ending.wait(PAUSE):
            try:
                self._look()
            except DatabaseError as error:
                if self._seen:  # before its first start the program has made no store
                    self.broken.append(f"the store could not be read: {error}")
                    return
            except Exception as error:  # noqa: BLE001 - the edge of a thread: whoever started it hears of it
                self.broken.append(f"the reader ended: {type(error).__name__}: {error}")
                return

    def _look(self) -> None:
        found = [path for path in sorted(self._site.rglob("*")) if path.is_file()]
        places = [path for path in found if not any(part.startswith(".") for part in path.relative_to(self._site).parts)]
        pages = {path: path.read_text(encoding="utf-8") for path in places if self._is_new(path)}
        with self._engine.connect() as tx:
            self._changes(tx)
            self._rows(tx)
        for path, page in pages.items():
            self._page(path, page)
        self.looks += 1

    def _is_new(self, path: Path) -> bool:
        """Whether a file was written or put in place since it was looked at last."""
        stat = path.stat()
        before, self._read[path] = self._read.get(path), (stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)
        return self._read[path] != before

    def _changes(self, tx: Connection) -> None:
        since = self.changes[-1][0] if self.changes else 0
        query = text("SELECT seq, kind, key, at FROM v1_changes WHERE seq > :since ORDER BY seq")
        self.changes += [tuple(row) for row in tx.execute(query, {"since": since})]

    def _rows(self, tx: Connection) -> None:
        updates = [tuple(row) for row in tx.execute(text(
            "SELECT story, number, kind, reason, title, statement_id, revision_id, said_at, published_at, previous_hash, hash"
            " FROM v1_updates ORDER BY story, number"
        ))]  # fmt: skip
        said = [tuple(row) for row in tx.execute(text(
            "SELECT story, number, paragraph, position, text, revision_id, start, \"end\" FROM v1_update_sentences"
        ))]  # fmt: skip
        revisions = [tuple(row) for row in tx.execute(text(
            "SELECT id, statement_id, number, language, title, text, seen_at, source FROM v1_revisions"
        ))]  # fmt: skip
        now = {("update", *row[:2]): row[2:] for row in updates}
        now |= {("sentence", *row[:4]): row[4:] for row in said}
        now |= {("revision", *row[:1]): row[1:] for row in revisions}
        for what, before in self._seen.items():
            if now.get(what) != before:
                self.broken.append(f"{what} was {before}, and is {now.get(what, 'gone')}")
        for story in {row[0] for row in updates}:
            numbers = [row[1] for row in updates if row[0] == story]
            if numbers != list(range(1, len(numbers) + 1)):
                self.broken.append(f"{story}: the numbers are {numbers}")
        self._seen = now

    def _page(self, path: Path, page: str) -> None:
        """What was on a page when the rows were read, which was later."""
        if not page.endswith("\n") or (path.suffix == ".html" and not page.endswith("</html>\n")):
            self.broken.append(f"{path}: ends in its middle: {page[-80:]!r}")
        if path.suffixes != [".json"] or path.parent != self._site or path.stem == "feed":  # of all stories
            return
        told = json.loads(page)["updates"]
        for update in told:
            if self._seen.get(("update", path.stem, update["number"]), ("",))[-1] != update["hash"]:
                self.broken.append(f"{path}: tells Update.{update['number']}, which the store has not")
        if len(told) < self._on_site.get(path.stem, 0):
            self.broken.append(f"{path}: had {self._on_site[path.stem]} updates, and has {len(told)}")
        self._on_site[path.stem] = len(told)


def _reading(database: str) -> Engine:
    """As the manual tells readers to open a store."""
    prefix = "sqlite:///"
    if database.startswith(prefix):
        return create_engine(f"sqlite:///file:{database.removeprefix(prefix)}?mode=ro&uri=true")
    return create_engine(database)
