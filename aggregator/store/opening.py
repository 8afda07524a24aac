"""Opening a store by its address."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from aggregator.config.places import is_shared
from aggregator.store import postgresql, sqlite
from aggregator.store.engine import Store
from aggregator.store.errors import StoreError, file_trouble
from aggregator.store.files import make_folder
from aggregator.store.snapshots import Snapshots
from aggregator.store.upgrading import bring_up_to_date

Place = str | Path | Snapshots  # where snapshots are: a folder, or an address as `feeds.toml` names it


def open_store(url: str, *, snapshots: Place, create: bool = True, passing: bool = False) -> Store:
    """Open the store at a SQLAlchemy URL, bring its schema up to date, and give it back.

    With `create` false, a store that is not there is an error and the schema is left alone: for commands that only read.
    One that is `passing` can be made anew from another: nothing waits for the disk.
    Raises `StoreError` for a store that is missing, unreadable, read-only, not a database, damaged, of a newer schema, or on a
    server that cannot be reached or refuses us.
    """
    store = open_database(url, snapshots=snapshots, create=create, passing=passing)
    try:
        bring_up_to_date(store, create=create)
    except StoreError:
        store.close()
        raise
    return store


def snapshots_at(place: Place) -> Snapshots:
    """The snapshots of a place. Raises `StoreError` for an address that cannot be reached for want of a package."""
    if isinstance(place, Snapshots):
        return place
    if isinstance(place, Path) or not is_shared(place):
        return Snapshots(Path(place))
    from aggregator.store.shared import open_shared  # noqa: PLC0415 - for those who share them

    return open_shared(place)


def open_database(url: str, *, snapshots: Place, create: bool = True, passing: bool = False) -> Store:
    """As `open_store`, whatever is in the database: nobody has asked it yet, and its schema is not looked at."""
    name, kept = shown_address(url), snapshots_at(snapshots)
    try:
        engine = _engine(url, kept.folder, create=create, passing=passing)
    except ModuleNotFoundError as error:
        if error.name == "psycopg":
            raise StoreError(f"{name}: {postgresql.INSTALL}") from error
        raise StoreError(f"{name}: the driver of this database is not installed ({error}).") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"{name}: no usable database address ({error}). See `database` in feeds.toml.") from error
    return Store(engine, kept, name)


def _engine(url: str, snapshots: Path, *, create: bool, passing: bool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return postgresql.engine_for(parsed)
    if parsed.get_backend_name() != "sqlite":
        raise ArgumentError(f"{parsed.get_backend_name()} is neither SQLite nor PostgreSQL")
    if (parsed.database or "").startswith("file:"):
        return sqlite.engine_for(parsed, passing=passing)  # a SQLite URI: the operator says all about the file
    path = Path(parsed.database or "")
    if not create and not path.exists():
        raise StoreError(f"{path}: there is no store yet. Run: aggregator poll")
    try:
        sqlite.refuse_cut_off(path, snapshots)
        if not create:
            return sqlite.engine_for(sqlite.as_it_lies(parsed, path))
        make_folder(path.parent)
    except OSError as error:
        raise StoreError(f"cannot use the storage folder {file_trouble(path.parent, error)}") from error
    return sqlite.engine_for(parsed, passing=passing)


def shown_address(url: str) -> str:
    """An address as people may read it: without a password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return "the database"  # the address itself may hold a password
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed.database
    return parsed.set(query={}).render_as_string(hide_password=True)  # options, too, may hold a password
