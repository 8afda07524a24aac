"""The command that shows what a source, or an address that is none yet, would bring: preview."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration
from aggregator.cli.completing import source_keys
from aggregator.cli.output import FAILED, WRONG, fail, progress, set_up_logs, show_json
from aggregator.cli.previews_shown import show_discovery, show_preview
from aggregator.config import Config, Source
from aggregator.config.values import web_url
from aggregator.model import SourceKey
from aggregator.pipeline.discovering import Discovery, discover
from aggregator.pipeline.preview import Preview
from aggregator.pipeline.previewing import FileError, Looking
from aggregator.pipeline.previewing import preview as preview_source
from aggregator.pipeline.recording import Recorder, RecordingError
from aggregator.service import looking, utc_now

MOST_PAGES = 20
Result = TypeVar("Result", Preview, Discovery)

Target = Annotated[
    str | None,
    typer.Argument(metavar="SOURCE|URL", help="A source's key in feeds.toml, or any address.", autocompletion=source_keys),
]
FileOption = Annotated[
    Path | None, typer.Option("--file", help="Read this file, packed or not, in place of asking; nothing is asked.")
]
UrlOption = Annotated[str | None, typer.Option("--url", help="The address to ask, or that the file is from.")]
PagesOption = Annotated[
    int, typer.Option("--pages", min=0, max=MOST_PAGES, help="How many entries' own pages to read, where the source does.")
]
AllowOption = Annotated[
    list[str] | None, typer.Option("--allow", metavar="HOST", help="A host on a private address that a URL may reach.")
]
RecordOption = Annotated[
    Path | None, typer.Option("--record", metavar="FOLDER", help="Write bytes, rules and what is read there, as a test case.")
]
QuirkOption = Annotated[
    list[str] | None, typer.Option("--quirk", metavar="NAME", help="Which quirk the recording shows; may be repeated.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Take the place of a recording that is there.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the operator wants to see."""

    plan: Config
    file: Path | None
    pages: int
    allow: Sequence[str] = ()


def preview(  # noqa: PLR0917 - they are the words of the command line
    target: Target = None,
    file: FileOption = None,
    url: UrlOption = None,
    pages: PagesOption = 1,
    allow: AllowOption = None,
    record: RecordOption = None,
    quirk: QuirkOption = None,
    force: ForceOption = False,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Ask one source once and show what would be stored, dropped and matched. Stores nothing.

    For a bare address: find its feeds, or guess how its list is read, and print a block for feeds.toml.

    Example: aggregator preview kremlin

    Example: aggregator preview https://www.example.org/news
    """
    if record is None and (quirk or force):
        fail("--quirk and --force go with --record FOLDER", code=WRONG)
    address = _address(target, url)
    if record is not None and address is not None:
        fail("--record needs a source of feeds.toml: put the block there first", code=WRONG)
    plan = _plan(config, needed=address is None)
    set_up_logs(everything=False)
    asked = _Asked(plan=plan, file=file, pages=pages, allow=tuple(allow or ()))
    if address is not None:
        _show(_result(_discover(asked, address)), as_json=as_json)
    else:
        recorder = Recorder(folder=record, quirks=tuple(quirk or ()), force=force) if record is not None else None
        _show(_result(_preview(asked, _source(plan, target, url), recorder)), as_json=as_json)


def _show(found: Discovery | Preview, *, as_json: bool) -> None:
    if as_json:
        show_json(found)
    elif isinstance(found, Discovery):
        show_discovery(found)
    else:
        show_preview(found)
    if not found.outcome.kind.good or (isinstance(found, Discovery) and not found.found):
        raise typer.Exit(FAILED)


def _result(work: Coroutine[Any, Any, Result]) -> Result:
    """What the work comes to; a file that cannot be read or written ends the command with a sentence."""
    try:
        return asyncio.run(work)
    except FileError as error:
        fail(str(error), code=WRONG)
    except RecordingError as error:
        fail(str(error), code=FAILED)
    except OSError as error:
        fail(f"{error.filename or 'a file'}: cannot be written ({error.strerror or error}).", code=FAILED)


def _address(target: str | None, url: str | None) -> str | None:
    """The bare address that is meant, or None where a source is."""
    if target is not None and "://" not in target:
        if "." in target or "/" in target:
            fail(f"{target!r} is no key of a source. If it is an address, write all of it: https://{target}", code=WRONG)
        return None
    try:
        return web_url(target or url)
    except ValueError as error:
        shown = target or url
        what = f"{shown!r} is no address" if shown else "Name a source of feeds.toml, or an address"
        fail(f"{what}: {error}", code=WRONG)


def _plan(path: Path, *, needed: bool) -> Config:
    """The configuration; for a bare address, one without sources where there is no file."""
    return configuration(path) if needed or path.exists() else Config(path=path, sources={})


def _source(plan: Config, target: str | None, url: str | None) -> Source:
    source = plan.sources.get(SourceKey(target or ""))
    if source is None:
        known = ", ".join(plan.sources)
        fail(f"There is no source {target!r} in {plan.path}. Sources: {known}. An address begins with https://", code=WRONG)
    if url is None:
        return source
    try:
        return source.model_copy(update={"url": web_url(url)})
    except ValueError as error:
        fail(f"--url: {error}", code=WRONG)


async def _preview(asked: _Asked, source: Source, recorder: Recorder | None) -> Preview:
    with progress(None, "") as advance:
        async with _looking(asked, advance) as look:
            found, reply = await preview_source(look, source)
            if recorder is not None:
                files = await recorder.record(source, reply, look.sandbox)
                found = replace(found, recorded=[str(path) for path in files])
    return found


async def _discover(asked: _Asked, address: str) -> Discovery:
    with progress(None, "") as advance:
        async with _looking(asked, advance) as look:
            return await discover(look, address, allow=asked.allow)


def _looking(asked: _Asked, tell: Callable[[str], None]) -> AbstractAsyncContextManager[Looking]:
    return looking(asked.plan, clock=utc_now, file=asked.file, pages=asked.pages, allow=asked.allow, tell=tell)
