"""The command that takes a whole store from one database into another: copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration, store_errors
from aggregator.cli.output import FAILED, WRONG, fail, parts, show_json
from aggregator.config.places import SnapshotPlace, resolved
from aggregator.service import hold, utc_now
from aggregator.store import Store, open_store
from aggregator.store.copying import CopyError
from aggregator.store.moving import DAMAGED, MISSING, move_snapshots
from aggregator.store.opening import open_database, shown_address, snapshots_at
from aggregator.store.snapshots import Snapshots
from aggregator.store.sqlite import file_of
from aggregator.store.transferring import Copied, refuse_differences, transfer

SHOWN = 10  # findings
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="DATABASE", help="What is copied; the store of feeds.toml if not given.")
]
ToOption = Annotated[str, typer.Option("--to", metavar="DATABASE", help="An empty database, or one with an unfinished copy.")]
PlaceOption = Annotated[
    str | None, typer.Option("--snapshots", metavar="PLACE", help="Folder or address of the snapshots that are copied.")
]
ToPlaceOption = Annotated[str | None, typer.Option("--to-snapshots", metavar="PLACE", help="Where they are copied to.")]
CheckOption = Annotated[
    bool, typer.Option("--check", help="Hold every row of a finished copy against the source, and change nothing.")
]
AsItIsOption = Annotated[
    bool, typer.Option("--as-it-is", help="Finish also where something is found: what is wrong in the source stays wrong.")
]


def copy(  # noqa: PLR0917 - they are the words of the command line
    to: ToOption,
    from_: FromOption = None,
    snapshots: PlaceOption = None,
    to_snapshots: ToPlaceOption = None,
    check: CheckOption = False,
    as_it_is: AsItIsOption = False,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Copy the whole store into another database, SQLite or PostgreSQL, and examine what came of it.

    What is copied is one state of the store; a service may go on there meanwhile. Broken off and begun again, it goes on.

    Example: aggregator copy --to postgresql+psycopg://desk@db.example.org/news

    Example: aggregator copy --from postgresql+psycopg://desk@db.example.org/news --to sqlite:back/aggregator.sqlite
    """
    with _errors():
        source, source_place = _source(from_, snapshots, config)
        target = address(to, option="--to")
        place = _target_place(target, to_snapshots, source_place)
        _refuse_itself(source, target)
        with closing(open_store(source, snapshots=source_place, create=False)) as one, _held(target, check=check):
            if check:
                _check(one, target, place, as_json=as_json)
                return
            moves = None if place.place == one.snapshots.place else move_snapshots
            with closing(open_database(target, snapshots=place)) as other, parts() as advance:
                done = transfer(one, other, move_snapshots=moves, as_it_is=as_it_is, advance=advance)
            _show(done, one, other, as_json=as_json)
    if not done.finished:
        raise typer.Exit(FAILED)


def address(written: str, *, option: str) -> str:
    """A database as it may be written: `sqlite:PATH`, `postgresql://…`, or a whole SQLAlchemy address."""
    short = re.fullmatch(r"sqlite:(?!//)(.+)", written)
    if short is not None:
        return f"sqlite:///{short[1]}"
    url = re.sub(r"^postgres(ql)?:(?=//)", "postgresql+psycopg:", written)
    url = re.sub(r"^postgres(ql)?:(?!//)", "postgresql+psycopg:///", url)
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError:
        kind = ""
    if kind not in ("sqlite", "postgresql") or not make_url(url).database:
        fail(f"{option}: write a database such as sqlite:storage/aggregator.sqlite or postgresql://HOST/NAME", code=WRONG)
    return url


def _source(written: str | None, place: str | None, config: Path) -> tuple[str, Snapshots]:
    """The address of the source, and its snapshots."""
    plan = configuration(config) if written is None or config.exists() else None
    url = plan.service.database_url if plan is not None and written is None else address(written or "", option="--from")
    if place is not None:
        return url, _place(place, option="--snapshots")
    if plan is not None and (written is None or url == plan.service.database_url):
        return url, snapshots_at(plan.service.snapshot_place)
    path = file_of(make_url(url))
    if path is None:
        fail(f"--snapshots: say where the snapshots of {shown_address(url)} are", code=WRONG)
    return url, Snapshots(path.resolve().parent / "snapshots")


def _target_place(url: str, place: str | None, source: Snapshots) -> Snapshots:
    """Where the target will have its snapshots: beside a SQLite file; of PostgreSQL, where they are."""
    if place is not None:
        return _place(place, option="--to-snapshots")
    path = file_of(make_url(url))
    return source if path is None else Snapshots(path.resolve().parent / "snapshots")


def _place(written: str, *, option: str) -> Snapshots:
    try:
        found: str = TypeAdapter(SnapshotPlace).validate_python(written)
    except ValidationError as error:
        fail(f"{option}: {error.errors()[0]['msg'].removeprefix('Value error, ')}", code=WRONG)
    return snapshots_at(resolved(found, Path.cwd()))


def _refuse_itself(source: str, target: str) -> None:
    one, other = file_of(make_url(source)), file_of(make_url(target))
    same = one is not None and other is not None and one.resolve() == other.resolve()
    if same or make_url(source) == make_url(target):
        fail(f"{shown_address(target)}: that is the store itself. Name another database.", code=WRONG)


def _held(target: str, *, check: bool) -> AbstractContextManager[Any]:
    """Keep a service away from the folder of a SQLite file that is written to."""
    path = file_of(make_url(target))
    if path is None or check:
        return nullcontext()
    return hold(path.resolve().parent, what="aggregator copy", clock=utc_now)


def _check(source: Store, target: str, place: Snapshots, *, as_json: bool) -> None:
    with closing(open_store(target, snapshots=place, create=False)) as other, source.read() as tx, parts() as advance:
        rows = refuse_differences(tx, other, advance=advance)
    if as_json:
        show_json({"from": source.name, "to": other.name, "rows": rows, "equal": True})
    else:
        print(f"{other.name}: {rows:,} rows, each as in {source.name}.")


def _show(done: Copied, source: Store, target: Store, *, as_json: bool) -> None:
    if as_json:
        named = {"from": source.name, "to": target.name}
        places = {"snapshots_from": source.snapshots.place, "snapshots_to": target.snapshots.place}
        show_json(named | places | asdict(done) | {"rows": done.rows})
        return
    for line in _lines(done, source, target):
        print(line)


def _lines(done: Copied, source: Store, target: Store) -> Iterator[str]:
    yield f"{target.name}: {done.rows:,} rows of {len(done.tables)} tables, each held against {source.name}"
    yield f"store {done.store}, schema {done.schema}, up to change {done.seq}; {done.indexed:,} versions can be searched"
    if done.snapshots:
        yield f"{target.snapshots.place}: snapshots: {', '.join(f'{count:,} {what}' for what, count in done.snapshots.items())}"
    else:
        yield f"the snapshots stay where they are: {target.snapshots.place}"
    for one in done.findings[:SHOWN]:
        yield one.line
    if len(done.findings) > SHOWN:
        yield f"and {len(done.findings) - SHOWN} more findings"
    if not done.finished:
        lacking = done.snapshots.get(MISSING, 0) + done.snapshots.get(DAMAGED, 0)
        yield f"Not finished. The rows are those of the source{', and so is what it lacks' * bool(lacking)}: look at that by"
        yield "aggregator verify. To take all as it is, run the same command with --as-it-is."
        return
    yield "Nothing was changed, lost or put in." if not done.findings else "Finished as it is."
    if done.went_on:
        yield f"{source.name} has gone on meanwhile: what came after change {done.seq} is not in the copy."
    yield "The copy is the same store, under the same identity: let a service work on one of the two alone."


@contextmanager
def _errors() -> Iterator[None]:
    """Failures end the command with a sentence; what is copied stays, and the next run goes on with it."""
    with store_errors():
        try:
            yield
        except CopyError as error:
            fail(str(error), code=FAILED)
