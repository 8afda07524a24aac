"""The command that proves that nothing in the store was rewritten: verify."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, reading
from aggregator.cli.completing import story_keys
from aggregator.cli.output import FAILED, WRONG, fail, progress, show_json, show_text
from aggregator.service import utc_now
from aggregator.store import Store
from aggregator.store.heads import Head, HeadError, NewHead, read_head
from aggregator.store.signing import SigningError
from aggregator.store.verifying.whole import NoSuchStoryError, Report
from aggregator.store.verifying.whole import verify as examine

StoryOption = Annotated[
    str | None, typer.Option("--story", metavar="KEY", help="Only this story, and what it rests on.", autocompletion=story_keys)
]
QuickOption = Annotated[bool, typer.Option("--quick", help="Leave the files of the snapshots alone.")]
WriteOption = Annotated[Path | None, typer.Option("--write-head", metavar="FILE", help="Write the head of the store here.")]
KeyOption = Annotated[Path | None, typer.Option("--key", metavar="PEM", help="Sign the head: an Ed25519 private key.")]
PasswordOption = Annotated[
    str | None, typer.Option("--key-password-env", metavar="NAME", help="The variable that holds the key's password.")
]
HeadOption = Annotated[Path | None, typer.Option("--head", metavar="FILE", help="Compare with a head that was written before.")]
PublicOption = Annotated[Path | None, typer.Option("--public-key", metavar="PEM", help="Check the signature of that head.")]


def verify(  # noqa: PLR0917 - they are the words of the command line
    story: StoryOption = None,
    quick: QuickOption = False,
    write_head: WriteOption = None,
    key: KeyOption = None,
    key_password_env: PasswordOption = None,
    head: HeadOption = None,
    public_key: PublicOption = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Check that nothing in the store was changed, lost or put in: hashes, numbers, citations, balances, snapshots.

    A head is a small file that stands for the whole history: keep it elsewhere. Exit code 1 where anything was found.

    Example: aggregator verify

    Example: aggregator verify --write-head head.json --key private.pem

    Example: aggregator verify --head head.json --public-key public.pem
    """
    if key is not None and write_head is None:
        fail("--key signs a head: name its file with --write-head FILE", code=WRONG)
    if public_key is not None and head is None:
        fail("--public-key checks the signature of a head: name its file with --head FILE", code=WRONG)
    if story is not None and write_head is not None:
        fail("--write-head stands for the whole store: leave --story out", code=WRONG)
    new = None
    if write_head is not None:
        new = NewHead(file=write_head, at=utc_now(), key=key, password=key_password(key_password_env))
    try:
        known = None if head is None else read_head(head, public_key=public_key)
        with reading(config) as store:
            report = _report(store, story, quick=quick, known=known, new=new)
    except (HeadError, SigningError) as error:
        fail(str(error), code=FAILED)
    _show(report, as_json=as_json)
    if new is not None and report.head is None:
        print(f"{new.file} was not written: a head stands for a store without findings.", file=sys.stderr)
    if not report.good:
        raise typer.Exit(FAILED)


def key_password(name: str | None) -> str | None:
    """The password of a key, from the variable of this name, or exit code 2 where there is none."""
    if name is not None and name not in os.environ:
        fail(f"--key-password-env: there is no variable {name}", code=WRONG)
    return None if name is None else os.environ[name]


def _report(store: Store, story: str | None, *, quick: bool, known: Head | None, new: NewHead | None) -> Report:
    with progress(None, "checking") as advance:

        def step(what: str, steps: int) -> None:
            advance(what, by=steps)

        try:
            return examine(store, story=story, quick=quick, known=known, new=new, advance=step)
        except NoSuchStoryError as error:
            fail(str(error), code=WRONG)


def _show(report: Report, *, as_json: bool) -> None:
    if as_json:
        found = [asdict(one) for one in report.findings]
        head = None if report.head is None else asdict(report.head)
        show_json({"good": report.good, "checked": report.counts, "findings": found, "head": head})
        return
    for one in report.findings:
        show_text(one.line + "\n")
    show_text(f"checked: {', '.join(f'{count:,} {what}' for what, count in report.counts.items())}\n")
    kinds = Counter("warning" if one.warning else "finding" for one in report.findings)
    tally = " and ".join(f"{count} {kind}{'s' * (count > 1)}" for kind, count in sorted(kinds.items()))
    show_text(f"{tally}\n" if tally else "Nothing was changed, lost or put in.\n")
    if report.head is not None:
        show_text(f"head: change {report.head.seq}, {report.head.hash}\n")
