"""A desk that is made once for a module of tests, by the ordinary code; each test gets a copy, in a tenth of the time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.service import open_for
from tests.conftest import Clock, Desk
from tests.postgresql import Cluster


@dataclass(frozen=True, slots=True)
class Original:
    """A desk as it was made, with its store closed."""

    folder: Path  # of its feeds.toml, and of all that this names
    made_in: Path  # where that lay when it was made
    database: str | None  # the URL of its database, where that is no file of the folder
    now: datetime


def keep(desk: Desk, folder: Path, server: Cluster | None = None) -> Original:
    """Take what a desk has into a new folder, and close its store. `server`: where its database is, unless it is SQLite."""
    desk.store.close()
    made_in = desk.config.path.parent
    shutil.copytree(made_in, folder)
    database = None
    if server is not None:
        url = desk.config.service.database_url
        database = server.copy_of(url)
        feeds = folder / desk.config.path.name
        feeds.write_text(feeds.read_text(encoding="utf-8").replace(url, database), encoding="utf-8")
    return Original(folder, made_in, database, desk.clock.now)


@contextmanager
def copy_of(original: Original, request: pytest.FixtureRequest, server: Cluster | None = None) -> Iterator[Desk]:
    """A desk like it, in the folder of a test."""
    folder: Path = request.getfixturevalue("tmp_path")
    shutil.copytree(original.folder, folder, dirs_exist_ok=True)
    url = server.copy_of(original.database) if server is not None and original.database is not None else None
    feeds = folder / "feeds.toml"
    text = feeds.read_text(encoding="utf-8").replace(str(original.made_in), str(folder))
    feeds.write_text(text.replace(original.database, url) if original.database and url else text, encoding="utf-8")
    config = load_config(feeds)
    with closing(open_for(config)) as store:
        yield Desk(config, store, Clock(original.now), request.getfixturevalue("sandbox"))
    if server is not None and url is not None:
        server.drop(url)


@dataclass
class Originals:
    """What a module has made, by kind of database."""

    folder: Path
    made: dict[str, Original]

    @contextmanager
    def copy(self, kind: str, make: Callable[[], Desk], request: pytest.FixtureRequest) -> Iterator[Desk]:
        """A copy for one test; `make` is called where none of that kind was made."""
        server: Cluster | None = None if kind == "sqlite" else request.getfixturevalue("postgresql_cluster")
        if kind not in self.made:
            self.made[kind] = keep(make(), self.folder / kind, server)
        with copy_of(self.made[kind], request, server) as desk:
            yield desk
