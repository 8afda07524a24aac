"""Plain rows into PostgreSQL in two ways there and back: all that must be known first in one, all that is written in the other.

What is asked and what is written are those of every other transaction; only the waiting is left out, by the driver's pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DBAPIError

from aggregator.store import changes, indexing, postgresql, tallies
from aggregator.store.engine import TRIES, Store
from aggregator.store.errors import StoreCollision, StoreError
from aggregator.store.numbering import RESERVE, reserved_ahead

T = TypeVar("T")
GIVES_NOTHING = re.compile(r"(INSERT|UPDATE|DELETE)\b(?!.*\bRETURNING\b)", re.DOTALL)  # as SQLAlchemy writes them


class Guard(Protocol):
    """Whether what pieces of work began with still holds."""

    def question(self, began: Sequence[Any]) -> tuple[str, tuple[object, ...]]:
        """What is asked by whoever has the turn to record."""

    def judge(self, began: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Sequence[Exception | None]:
        """By what that gave: the error for each piece whose beginning does not hold any more, or None."""


class _Lost(StoreError):  # noqa: N818 - says what is the case
    """The connection was cut."""


class Quick:
    """Transactions on a connection of their own, one at a time."""

    def __init__(self, store: Store, guard: Guard) -> None:
        self._store, self._guard = store, guard
        self._engine: Engine | None = None  # opened when it is first needed

    def perform(
        self,
        work: Callable[[Connection, Sequence[Exception | None]], T],
        *,
        began: Sequence[Any],
        takes: Mapping[Table, int],
    ) -> T:
        """Do some work in a transaction that records in turn, and again where it collides with another; returns its result.

        The work is told which of what it `began` with does not hold any more. It must do nothing but write rows whose numbers
        are among those that it `takes`; what else it asks is answered, too, but each answer is a way more. Raises what it
        raises, or `StoreError`.
        """
        for _ in range(TRIES - 1):
            # Also where a connection had been cut while nothing was asked. Should it have been cut just after the transaction
            # was stored, the guard finds that what it began with does not hold any more.
            with suppress(StoreCollision, _Lost):
                return self._perform(work, began, takes)
        return self._perform(work, began, takes)

    @staticmethod
    def is_possible() -> bool:
        """Whether this driver waits as it must here, which it documents nowhere: another release may do it otherwise."""
        import psycopg  # noqa: PLC0415 - the store is on PostgreSQL, so it is there

        return hasattr(psycopg.Cursor, "_fetch_pipeline")

    def close(self) -> None:
        """Give the connection back."""
        if self._engine is not None:
            self._engine.dispose()

    def _perform(self, work: Callable[..., T], began: Sequence[Any], takes: Mapping[Table, int]) -> T:
        import psycopg  # noqa: PLC0415 - the store is on PostgreSQL, so it is there

        if self._engine is None:
            driven = {"cursor_factory": _waits_when_asked()}
            url = self._store.engine.url
            self._engine = postgresql.engine_for(url, careful=False, isolation_level="AUTOCOMMIT", connect_args=driven)
        try:
            with self._engine.connect() as tx:
                driver: Any = tx.connection.driver_connection
                try:
                    return self._in_pipeline(tx, driver, work, began, takes)
                except BaseException as error:
                    is_lost = driver.closed
                    tx.invalidate()  # with what it had begun; the next one has a new connection
                    if isinstance(error, DBAPIError | psycopg.Error):
                        raise self._explained(error, is_lost=is_lost) from error
                    raise
        except DBAPIError as error:  # nobody answers
            raise self._explained(error, is_lost=False) from error

    def _in_pipeline(
        self, tx: Connection, driver: Any, work: Callable[..., T], began: Sequence[Any], takes: Mapping[Table, int]
    ) -> T:
        changes.begin(tx)
        tallies.begin(tx)
        with driver.pipeline():
            errors, counted = self._ask(tx, driver, began, takes)
            result = work(tx, errors)
            _write_gathered(tx, counted)
            done = driver.execute("COMMIT")  # sent with all the rest when the pipeline ends
        if done.statusmessage != "COMMIT":  # whatever failed raised; this is for what nobody thought of
            raise StoreError(f"{self._store.name}: nothing was stored ({done.statusmessage})")
        tx.commit()
        return result

    def _ask(
        self, tx: Connection, driver: Any, began: Sequence[Any], takes: Mapping[Table, int]
    ) -> tuple[Sequence[Exception | None], Mapping[str, tallies.Tally]]:
        """All that must be known. The guard holds the rows that are changed, so that whoever has the turn of the changes, which
        comes last as everywhere, waits for nobody."""
        driver.execute("BEGIN")  # by ourselves: for its own, the driver waits
        driver.execute(postgresql.TAKE_TURN, (postgresql.RECORD_LOCK,))
        driver.execute(postgresql.CLOSE_GAPS)
        asked = driver.execute(*self._guard.question(began))
        numbers = {
            table.name: driver.execute(RESERVE, (table.name, table.primary_key.columns[0].name, count))
            for table, count in takes.items()
            if count
        }
        driver.execute(postgresql.TAKE_TURN, (postgresql.CHANGES_LOCK,))
        counted = driver.execute(tallies.ALL).fetchall()  # this is what is waited for; all others are answered by then
        reserved_ahead(tx, {name: [row[0] for row in given.fetchall()] for name, given in numbers.items()})
        return self._guard.judge(began, asked.fetchall()), tallies.read_of(counted)

    def _explained(self, error: BaseException, *, is_lost: bool) -> StoreError:
        said = (error.orig or error) if isinstance(error, DBAPIError) else error
        kind = StoreCollision if postgresql.was_in_the_way(said) else _Lost if is_lost else StoreError
        return kind(f"{self._store.name}: {postgresql.explained(said)}")


def _write_gathered(tx: Connection, counted: Mapping[str, tallies.Tally]) -> None:
    """As of every transaction. The turn of the changes is ours already."""
    if indexing.wanted(tx):
        raise AssertionError("plain rows have no words")  # their turn would come before that of the changes
    changes.write(tx)
    tallies.write(tx, counted)
    reserved_ahead(tx, {})


@cache
def _waits_when_asked() -> type:
    """Cursors that wait for an answer where somebody looks whether there is one, as SQLAlchemy does after each question, and
    where there may be one."""
    import psycopg  # noqa: PLC0415 - as above

    class Waits(psycopg.Cursor[Any]):
        answers = True

        def execute(self, query: Any, *values: Any, **how: Any) -> Waits:
            self.answers = not GIVES_NOTHING.match(str(query))
            return super().execute(query, *values, **how)

        @property
        def description(self) -> list[psycopg.Column] | None:
            if self.answers:
                self._fetch_pipeline()  # of the driver's own: what `fetchall` does first
            return super().description

    return Waits
