"""The command `statement`: one statement with all that is known of it, what changed in it, and the bytes it was read from."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading
from aggregator.cli.output import FAILED, WRONG, fail, show_json, show_text
from aggregator.cli.statement_shown import as_text, diff_as_values, show_diff
from aggregator.model import StatementId
from aggregator.publish.diffs import VersionDiff, consecutive_diffs, diffs_as_html, diffs_between
from aggregator.store import Store
from aggregator.store.reading import StatementDetail, Version, statement_detail


def statement(  # noqa: PLR0917 - they are the words of the command line
    number: Annotated[int, typer.Argument(help="The statement's id, as `statements` lists it.")],
    version: Annotated[int | None, typer.Option("--version", "-v", min=1, help="Only this version.")] = None,
    language: Annotated[str | None, typer.Option("--language", "-l", help="Only versions in this language.")] = None,
    diff: Annotated[bool, typer.Option("--diff", help="What changed from each version to the next, word by word.")] = False,
    between: Annotated[str | None, typer.Option("--between", metavar="A:B", help="What changed from A to B.")] = None,
    full: Annotated[bool, typer.Option("--full", help="With --diff: also what is unchanged for long.")] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="With --diff: as a page; - is stdout.")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="The bytes that a version was read from, checked; for a file.")] = False,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Show one statement: its versions and where they were read, its listings, and which updates tell and cite it.

    Example: aggregator statement 12 --diff --between 1:3
    """
    compares = diff or between is not None or html is not None
    if raw and (compares or as_json):
        fail("--raw prints bytes alone: leave --diff, --between, --html and --json out", code=WRONG)
    if html is not None and as_json:
        fail("--html and --json are two forms: choose one", code=WRONG)
    places = _places(between)
    with reading(config) as store:
        with store.read() as tx:
            found = statement_detail(tx, StatementId(number), store.snapshots)
        if found is None:
            fail(f"There is no statement {number}. List them: aggregator statements", code=FAILED)
        chosen = _chosen(found, version, language)
        if raw:
            _print_bytes(store, chosen)
            return
    if compares:
        _show_diffs(found, _diffs(found, chosen.versions, places, version), full=full, html=html, as_json=as_json)
    elif as_json:
        show_json(chosen)
    else:
        show_text(as_text(chosen))


def _places(between: str | None) -> tuple[int, int] | None:
    if between is None:
        return None
    numbers = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})", between)
    if numbers is None or numbers[1] == numbers[2]:
        fail(f"--between: {between!r} is none; write two version numbers, such as 1:3", code=WRONG)
    return int(numbers[1]), int(numbers[2])


def _chosen(found: StatementDetail, version: int | None, language: str | None) -> StatementDetail:
    """The statement with the versions that were asked for; a statement without them ends the command."""
    chosen = [one for one in found.versions if version in (None, one.number) and language in (None, one.language)]
    if not chosen:
        fail(f"Statement {found.id} has no such version. It has: {_versions_of(found.versions)}", code=FAILED)
    return replace(found, versions=chosen)


def _versions_of(versions: Sequence[Version]) -> str:
    return ", ".join(f"{one.number} {one.language or '(of an unknown language)'}" for one in versions)


def _diffs(
    found: StatementDetail, chosen: Sequence[Version], places: tuple[int, int] | None, version: int | None
) -> list[VersionDiff]:
    """What is compared: two versions, or each with the one before it; with `version`, only what led to that one."""
    if places is not None:
        diffs = list(diffs_between(chosen, *places))
        if not diffs:
            fail(f"No language has both versions {places[0]} and {places[1]}: {_versions_of(found.versions)}", code=FAILED)
        return diffs
    ids = {one.id for one in chosen}
    diffs = [one for one in consecutive_diffs(found.versions) if one.new.id in ids]
    if version is not None and not diffs:
        fail(f"There is no version before version {version}: nothing to compare", code=FAILED)
    return diffs


def _show_diffs(found: StatementDetail, diffs: Sequence[VersionDiff], *, full: bool, html: Path | None, as_json: bool) -> None:
    if as_json:
        show_json([diff_as_values(one) for one in diffs])
    elif html is not None:
        page = diffs_as_html(found, diffs, full=full)
        if str(html) == "-":
            print(page)
            return
        try:
            html.write_text(page + "\n", encoding="utf-8")
        except OSError as error:
            fail(f"{html}: cannot be written ({error.strerror or error}). Name another file.", code=FAILED)
    elif not diffs:
        print(f"Statement {found.id} has one version in each language: nothing has changed.")
    else:
        for one in diffs:
            show_diff(one, full=full)


def _print_bytes(store: Store, chosen: StatementDetail) -> None:
    """Write the bytes of the newest of the chosen versions to stdout, if they are still those that were received."""
    languages = {one.language for one in chosen.versions}
    if len(languages) > 1:
        fail(f"Say of which language with --language: {', '.join(sorted(languages))}", code=WRONG)
    if sys.stdout.isatty():
        fail("These bytes are a stranger's and no text for a terminal. Write them to a file: --raw > FILE", code=WRONG)
    answer = chosen.versions[-1].read_from
    if answer is None:
        fail("The bytes of this version were not kept.", code=FAILED)
    if answer.had_no_room:
        fail("The bytes were not kept: the disk had no room for them when they came.", code=FAILED)
    if answer.removed_at is not None:
        fail(f"The bytes were removed on {answer.removed_at:%Y-%m-%d}, as `keep_snapshots` in feeds.toml says.", code=FAILED)
    try:
        body = store.snapshots.get(answer.sha256)
    except FileNotFoundError:
        fail(f"{answer.path}: is not there. Restore it from a backup.", code=FAILED)
    except (ValueError, EOFError, zlib.error, OSError) as error:
        fail(f"{answer.path}: is damaged ({error}). Restore it from a backup.", code=FAILED)
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()
