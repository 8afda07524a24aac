"""What holds for PostgreSQL alone: how it is reached, whose turn it is, and what its errors mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import URL, Connection, Engine, Integer, Table, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError

from aggregator.store.errors import StoreError

INSTALL = "PostgreSQL needs one more package. Run: pip install 'update-aggregator[postgresql]'"
BUSY_MS = 10_000  # how long a writer waits for another before it gives up, here and on SQLite
MOST_SAID = 400  # characters of what the server says: it may repeat a value
OLDEST = 14  # the first release whose sessions end when they are silent for long; older ones get no more mending
ALL_IN_USE = "all connections that this program may have are in use for long. Is the server slow, or its disk? See its log."
REACH_SECONDS = 10  # how long the server is waited for
# Advisory locks are numbers that are the same for everybody who uses the database.
CHANGES_LOCK = 0x757064617465  # of those who number changes ("update")
MIGRATION_LOCK = CHANGES_LOCK + 1  # of those who change the schema
LEADER_LOCK = 0x6C6561646572  # of who settles and publishes, and hands out polls ("leader"); held as long as that goes on
RECORD_LOCK = 0x7265636F7264  # of those whose order a replay repeats ("record"); taken first of all
SEARCH_LOCK = 0x736561726368  # of those who index words ("search"); taken before that of the changes, never after

# The tables of which a replay gives the same ids again.
IN_ORDER = (
    *("captures", "polls", "statements", "revisions", "candidates", "updates", "marks", "configurations", "steps", "desk_acts"),
)

_NEXT_ID = "setval(pg_get_serial_sequence('{0}', 'id'), coalesce((SELECT max(id) FROM {0}), 0) + 1, false)"
CLOSE_GAPS = f"SELECT {', '.join(_NEXT_ID.format(table) for table in IN_ORDER)}"
TAKE_TURN = "SELECT pg_advisory_xact_lock(%s)"

# The server makes machine code for a question that it takes for a costly one, anew at each time: for ours, which are asked
# again and again and answered in milliseconds, that takes a hundred times as long as the answer.
UNCOMPILED = "jit = off"

# What libpq is told, where the address does not say otherwise. A server that is gone without a word is noticed in a minute.
REACH: dict[str, str | int] = {
    "client_encoding": "utf8",
    "connect_timeout": REACH_SECONDS,
    "application_name": "aggregator",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
# Every question of a reading transaction sees the same state, as on SQLite; it refuses nobody and is never refused.
READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

_COLLIDED = {"40P01", "40001"}  # deadlock; serialisation
_BY_STATE = {
    "42501": "this user lacks a right ({said}). Make it the owner of the database, or run: GRANT ALL ON SCHEMA public TO …",
    "25006": "cannot be written ({said}). Is it a copy that follows another server?",
    "53100": "the server's disk is full ({said}). Make room there; nothing was stored.",
    "53300": "the server takes no more connections ({said}). Raise its max_connections, or end other programs.",
    "55P03": "another program keeps it locked ({said}). End that one, or try again.",
    "57014": "the server ended the question ({said}). Is its statement_timeout too short?",
    "40P01": "another program was in the way, at every try ({said}). Try again.",
    "40001": "another program was in the way, at every try ({said}). Try again.",
    "54000": "a value is too long for an index ({said}). It was not stored.",
}
_BY_TEXT = (  # while there is no connection there is no code, and the server may speak any language
    (r"no password supplied", "the server asks for a password. Write it into `database`, or into ~/.pgpass."),
    (
        r"password authentication failed|no pg_hba\.conf entry",
        "the server refuses this user ({said}). Check user and password.",
    ),
    (r"database .* does not exist", "there is no such database yet ({said}). Make it: createdb --encoding=UTF8 NAME"),
    (r"too many (connections|clients)|remaining connection slots", _BY_STATE["53300"]),
    (r"starting up|shutting down|recovery", "the server is not ready ({said}). Try again in a moment."),
    (
        r"resolve|translate host name|Name or service",
        "the server's name is not known ({said}). Check `database` in feeds.toml.",
    ),
    (
        r"refused|timeout|timed out|unreachable|No such file|could not connect|connection failed",
        "the server cannot be reached ({said}). Is it running, and are host and port right?",
    ),
    (
        r"server closed|terminat|connection (is )?(closed|lost|bad)|consuming input|SSL (SYSCALL|connection)",
        "the server went away ({said}). The next try connects anew.",
    ),
)


def tends_itself(tx: Connection) -> bool:
    """Whether the server frees dead rows and analyses tables by itself, as it does unless somebody switched that off."""
    return str(tx.exec_driver_sql("SHOW autovacuum").scalar_one()) == "on"


def engine_for(url: URL, *, careful: bool = True, connect_args: Mapping[str, Any] | None = None, **more: Any) -> Engine:
    """Connections to a server. Each is tried before it is used, so that a server that was restarted is noticed, unless the
    caller is not so `careful`. `connect_args` and `more` are those of `create_engine`."""
    wanted = {name: value for name, value in REACH.items() if name not in url.query}
    engine = create_engine(url, pool_pre_ping=careful, connect_args={**wanted, **(connect_args or {})}, **more)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    refuse_old(connection)
    connection.execute(f"SET lock_timeout = {BUSY_MS}; SET {UNCOMPILED}")
    connection.commit()


def refuse_old(connection: Any) -> None:
    """Raise `StoreError` where the server is too old. `connection` is the driver's; the server has told its release already."""
    release = connection.info.server_version // 10_000
    if release < OLDEST:
        where = f"{connection.info.host}:{connection.info.port}"
        raise StoreError(
            f"{where}: PostgreSQL {release} is too old; it takes {OLDEST} or a newer one. Upgrade it (pg_upgrade), or name"
            " another server in `database`."
        )


def number_in_turn(tx: Connection) -> None:
    """Wait until no other transaction numbers changes; the turn ends when this one's commit is visible."""
    _lock(tx, CHANGES_LOCK)


def record_in_turn(tx: Connection) -> None:
    """Wait until no other transaction writes what a replay does again, and let ids follow the newest rows."""
    _lock(tx, RECORD_LOCK)
    close_gaps(tx)


def close_gaps(tx: Connection) -> None:
    """Let the next ids follow the newest rows, though some were given to rows that were taken back. For whoever is alone.

    SQLite gives ids so by itself; a sequence of PostgreSQL goes on after a rollback, and a replay would give other ids.
    """
    tx.exec_driver_sql(CLOSE_GAPS)


def let_numbers_follow(tx: Connection, tables: Iterable[Table]) -> None:
    """Let the next number of each table that numbers its rows follow the newest row, where rows came with their numbers."""
    for table in tables:
        keys = [column.name for column in table.primary_key.columns]
        if len(keys) == 1 and isinstance(table.c[keys[0]].type, Integer):
            # Of a table that numbers nothing there is no sequence, and nothing is set.
            tx.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{keys[0]}'),"  # noqa: S608 - our own names
                f' coalesce((SELECT max("{keys[0]}") FROM {table.name}), 0) + 1, false)'
            )


def index_in_turn(tx: Connection) -> None:
    """Wait until no other transaction indexes words; the turn ends when this one's commit is visible."""
    _lock(tx, SEARCH_LOCK)


def migrate_in_turn(tx: Connection) -> str:
    """Wait until nobody else changes the schema, however long that takes; returns the encoding of the database."""
    tx.exec_driver_sql("SET LOCAL lock_timeout = 0")
    _lock(tx, MIGRATION_LOCK)
    return str(tx.exec_driver_sql("SHOW server_encoding").scalar_one())


def _lock(tx: Connection, number: int) -> None:
    tx.exec_driver_sql(TAKE_TURN, (number,))


def collided(error: DBAPIError) -> bool:
    """Whether the database ended a transaction because it and another were in each other's way: it may go well next time."""
    return was_in_the_way(error.orig)


def was_in_the_way(error: object) -> bool:
    """The same, of the driver's own error."""
    return getattr(error, "sqlstate", None) in _COLLIDED


def explain(error: DBAPIError) -> str:
    """What went wrong, and what to do. Names no password: libpq's own texts do not."""
    return explained(error.orig or error)


def explained(error: BaseException) -> str:
    """The same, of the driver's own error."""
    said = " ".join(str(error).split())[:MOST_SAID]
    state = getattr(error, "sqlstate", None)
    found = _BY_STATE.get(state or "") or next((text for sign, text in _BY_TEXT if re.search(sign, said)), "{said}")
    return found.replace("{said}", said)


def moment(tx: Connection) -> datetime:
    """The present moment by the server's clock."""
    now: datetime = tx.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return now.astimezone(UTC)


def size(tx: Connection) -> int:
    """Bytes of the database."""
    return int(tx.execute(select(func.pg_database_size(func.current_database()))).scalar_one())
