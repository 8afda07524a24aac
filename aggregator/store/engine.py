"""An open store: transactions that read one state, and transactions that are stored whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from aggregator.store import changes, indexing, postgresql, sqlite, tallies
from aggregator.store.errors import StoreCollision, StoreError
from aggregator.store.snapshots import Snapshots

TRIES = 5  # of a transaction that collides with others

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Store:
    """A database, and a folder of raw bytes beside it."""

    engine: Engine
    snapshots: Snapshots
    name: str  # as shown to people: a path, or a URL without its password

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file, in which whoever writes is alone."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store, however long it takes, and changes nothing."""
        options: dict[str, Any] = {} if self.is_sqlite else postgresql.READING
        with self._explained(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """For one question alone, which sees one state by itself: fewer ways there and back than a transaction."""
        options = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with self._explained(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def examine(self) -> Iterator[Connection]:
        """As `read`, and damaged texts can be read: what is no letter in them comes as a lone surrogate."""
        with self.read() as connection:
            if not self.is_sqlite:
                yield connection
                return
            with sqlite.damaged_texts_readable(connection):
                yield connection

    @contextmanager
    def write(self, *, in_turn: bool = False, migrates: bool = False) -> Iterator[Connection]:
        """A transaction that is stored whole when the block ends, or not at all when it raises.

        With `in_turn`, no other such transaction is under way: for what a replay does again, whose ids tell its order. One
        that `migrates` may make anew tables that others point at.
        """
        options = {"writes": True, "migrates": migrates}
        with self._explained(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            changes.begin(connection)
            tallies.begin(connection)
            if in_turn and not self.is_sqlite:
                postgresql.record_in_turn(connection)
            yield connection
            self._write_gathered(connection)

    def _write_gathered(self, connection: Connection) -> None:
        """What a transaction gathered in memory, as the last thing that it does."""
        if indexing.wanted(connection):
            if not self.is_sqlite:
                postgresql.index_in_turn(connection)
            indexing.write(connection)
        if changes.gathered(connection) or tallies.gathered(connection):
            if not self.is_sqlite:
                postgresql.number_in_turn(connection)
            changes.write(connection)
            tallies.write(connection)

    def perform(self, work: Callable[[Connection], T], *, in_turn: bool = False) -> T:
        """Do some work in a transaction as `write` gives it, and again where it collides with another; returns its result.

        The work must do nothing but read and write the store, as it may be done several times.
        """
        for _ in range(TRIES - 1):
            with contextlib.suppress(StoreCollision), self.write(in_turn=in_turn) as tx:
                return work(tx)
        with self.write(in_turn=in_turn) as tx:
            return work(tx)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            kind = StoreCollision if postgresql.collided(error) else StoreError
            first = _first(error)
            why = sqlite.explain(self.name, first.orig) if self.is_sqlite else f"{self.name}: {postgresql.explain(first)}"
            raise kind(why) from error
        except PoolTimeout as error:
            raise StoreError(f"{self.name}: {postgresql.ALL_IN_USE}") from error

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _first(error: DBAPIError) -> DBAPIError:
    """What went wrong first: a transaction that the database has given up cannot be rolled back any more, and says so."""
    before, own = error.__context__, error.orig
    if own is not None and before is own:  # the driver's own error, for which SQLAlchemy's stands
        before = own.__context__
    return _first(before) if isinstance(before, DBAPIError) else error
