"""Commands that keep a store safe: backup, restore, export."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration, store_errors
from aggregator.cli.output import FAILED, WRONG, fail, parts, show_json, show_table
from aggregator.cli.proving import KeyOption, PasswordOption, key_password
from aggregator.cli.setup import shown_path
from aggregator.service import open_for, utc_now
from aggregator.store.backup import BackupError, back_up
from aggregator.store.backup import check as check_backup
from aggregator.store.checking import Verified
from aggregator.store.export import ExportError
from aggregator.store.export import export as export_store
from aggregator.store.restoring import Restored
from aggregator.store.restoring import restore as restore_backup
from aggregator.store.signing import SigningError


def backup(
    file: Annotated[Path, typer.Argument(help="Packed as its name ends: .tar, .tar.gz or .tar.zst.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Read a backup that is there, whole, and change nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Take the place of a file that is there.")] = False,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="Leave out snapshots that are missing or damaged, and list them.")
    ] = False,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Write the whole store into one file, also while the service runs, and read it back before it is there.

    Example: aggregator backup /mnt/backup/aggregator.tar.zst
    """
    with _errors(file):
        found = _checked(file) if check else _backed_up(file, config, force=force, incomplete=incomplete)
        size = file.stat().st_size
    if as_json:
        show_json({"file": str(file), "bytes": size, **_facts(found)})
        return
    print(f"{file}: {size:,} bytes, {'whole' if check else 'written and read back'}: {_sentence(found)}")
    if not check:
        print(f"restore it: aggregator restore {file} --into NEW-FOLDER")


def _backed_up(file: Path, config: Path, *, force: bool, incomplete: bool) -> Verified:
    plan = configuration(config)
    with closing(open_for(plan, create=False)) as store, parts() as advance:
        return back_up(
            store,
            file,
            feeds=plan.path,
            now=utc_now(),
            force=force,
            incomplete=incomplete,
            keep_out=[plan.service.storage / "site"],
            advance=advance,
        )


def _checked(file: Path) -> Verified:
    with parts() as advance:
        return check_backup(file, advance=advance)


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="A new folder, or an empty one.")],
    as_json: JsonOption = False,
) -> None:
    """Unpack a backup into a new or empty folder; it appears when all of it was found right, or not at all.

    Example: aggregator restore /mnt/backup/aggregator.tar.zst --into storage
    """
    with _errors(file), parts() as advance:
        done = restore_backup(file, into, advance=advance)
    if as_json:
        show_json({"folder": str(into), "database": str(done.database), "feeds": str(done.feeds), **_facts(done.verified)})
        return
    print(f"{into}: restored, every byte checked: {_sentence(done.verified)}")
    for line in _next_steps(into, done):
        print(line)


def _next_steps(into: Path, done: Restored) -> Iterator[str]:
    feeds = shown_path(done.feeds) if done.feeds is not None else "feeds.toml"
    if done.verified.manifest.database != "sqlite":
        yield f"put the dump into an empty database: pg_restore --no-owner --dbname=postgresql://… {shown_path(done.database)}"
        yield f'name that database under [service] in {feeds}: database = "postgresql+psycopg://…"'
    if done.feeds is None:
        yield f'the backup holds no feeds.toml: write one with storage = "{into}" under [service]'
    elif not done.moved:
        yield f'edit {feeds}: write storage = "." under [service], and no other `database`'
    yield f"look at it: aggregator stories --config {feeds}"
    yield f"go on with it, once no other service works on the old store: aggregator run --config {feeds}"


def export(  # noqa: PLR0917 - they are the words of the command line
    into: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or an empty one.")],
    warc: Annotated[bool, typer.Option("--warc/--no-warc", help="The snapshots as WARC, too.")] = True,
    packed: Annotated[bool, typer.Option("--gzip", help="Pack the JSON lines.")] = False,
    key: KeyOption = None,
    key_password_env: PasswordOption = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Write each view as JSON lines and the snapshots as WARC, with a manifest and the head, also while the service runs.

    Example: aggregator export export-2026-03 --gzip --key private.pem
    """
    password = key_password(key_password_env)
    plan = configuration(config)
    # Not by `reading`: that takes a disk without room for the store's own.
    with _errors(into), closing(open_for(plan, create=False)) as store, parts() as advance:
        done = export_store(store, into, now=utc_now(), warc=warc, packed=packed, key=key, password=password, advance=advance)
    if as_json:
        show_json(done)
        return
    show_table(("file", "rows", "bytes", "sha256"), [(one.name, one.rows, one.bytes, one.sha256) for one in done.files])
    print(f"{into}: written up to change {done.seq} of store {done.store}", file=sys.stderr)
    if done.without_body:
        print(
            f"{done.without_body:,} answers are told without their bytes, which are gone: without-body.jsonl", file=sys.stderr
        )


def _facts(found: Verified) -> dict[str, object]:
    one = found.manifest
    return {
        "made_at": one.made_at,
        "store": one.store,
        "schema": one.schema,
        "seq": one.seq,
        "database_kind": one.database,
        "snapshots": one.snapshots,
        "left_out": dict(found.left_out),
        "opened": found.opened,
    }


def _sentence(found: Verified) -> str:
    one = found.manifest
    said = f"store {one.store} of {one.made_at}, schema {one.schema}, up to change {one.seq}, {one.snapshots:,} snapshots"
    if found.left_out:
        said += f" ({', '.join(f'{count:,} {why}' for why, count in sorted(found.left_out.items()))} and left out)"
    return said if found.opened else f"{said}; no pg_restore is here to look into the dump, but its SHA-256 is right"


@contextmanager
def _errors(file: Path) -> Iterator[None]:
    """Failures end the command with a sentence; nothing half-done is left behind."""
    with store_errors():
        try:
            yield
        except (BackupError, ExportError, SigningError) as error:
            fail(str(error), code=FAILED)
        except FileNotFoundError as error:
            fail(f"{error.filename or file}: not there.", code=WRONG)
        except OSError as error:
            fail(f"{error.filename or file}: {error.strerror or error}. Nothing was left behind.", code=FAILED)
