"""The command that takes over the feeds of another reader: import-opml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration
from aggregator.cli.output import FAILED, WRONG, fail, show_json, show_table, show_text
from aggregator.config import Config, ConfigError
from aggregator.config.adding import AddingError, add_blocks
from aggregator.config.drafts import SourceDraft
from aggregator.config.values import web_url
from aggregator.config.writing import free_key, key_from_host
from aggregator.sources import SourceFormatError
from aggregator.sources.opml import MOST_BYTES, Outline, read_opml
from aggregator.text import canonical_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What becomes of one line of the list."""

    url: str
    title: str
    key: str = ""  # of the source that it becomes; "" for one that is left out
    reason: str = ""  # why it is left out
    block: str = ""  # TOML


def import_opml(
    file: Annotated[Path, typer.Argument(help="A list of feeds as feed readers export it (OPML 1.0 or 2.0).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be added, and change nothing.")] = False,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Add the feeds of an OPML file to feeds.toml; those that it has already are left out. What is there stays as it is.

    Example: aggregator import-opml subscriptions.opml --dry-run
    """
    plan = configuration(config)
    lines = list(imported(_outlines(file), plan))
    blocks = [line.block for line in lines if line.key]
    if blocks and not dry_run:
        _add(config, blocks)
    if as_json:
        show_json({"file": str(config), "written": bool(blocks) and not dry_run, "lines": lines})
        return
    rows = [("added" if line.key else "left out", line.key, line.title, line.url, line.reason) for line in lines]
    show_table(("", "source", "title", "address", "why"), rows)
    if dry_run:
        print()
        for block in blocks:
            show_text(block + "\n")
    would = "would be added to" if dry_run else "added to"
    print(f"\n{len(blocks)} of {len(lines)} {would} {config}")


def _outlines(file: Path) -> list[Outline]:
    try:
        with file.open("rb") as opened:
            return read_opml(opened.read(MOST_BYTES + 1), name=str(file))
    except OSError as error:
        fail(f"{file}: cannot be read ({error.strerror}).", code=WRONG)
    except SourceFormatError as error:
        fail(str(error), code=FAILED)


def _add(config: Path, blocks: list[str]) -> None:
    try:
        add_blocks(config, blocks)
    except (AddingError, ConfigError) as error:
        fail(str(error), code=FAILED)
    except OSError as error:
        fail(f"{config}: was left as it was; it cannot be written ({error.strerror}).", code=FAILED)


def imported(outlines: Iterable[Outline], plan: Config) -> Iterator[Imported]:
    """What each line becomes: a source with a key of its own, or nothing, with the reason."""
    known = {
        canonical_url(source.url): f"{plan.path.name} has it already, as sources.{source.key}"
        for source in plan.sources.values()
    }
    taken = set(map(str, plan.sources))
    for outline in outlines:
        try:
            address = canonical_url(web_url(outline.url))
        except ValueError as error:
            yield Imported(url=outline.url, title=outline.title, reason=str(error))
            continue
        if address in known:
            yield Imported(url=outline.url, title=outline.title, reason=known[address])
            continue
        draft = _draft(outline, taken)
        taken.add(draft.key)
        known[address] = f"listed twice; it is sources.{draft.key}"
        yield Imported(url=outline.url, title=outline.title, key=draft.key, block=draft.block())


def _draft(outline: Outline, taken: set[str]) -> SourceDraft:
    host = urlsplit(outline.url).hostname or ""
    folders = " / ".join(outline.folders)[:200]
    return SourceDraft(
        key=free_key(key_from_host(host), taken),
        name=outline.title,
        url=outline.url,
        language=outline.language.partition("-")[0],
        homepage=outline.homepage,
        note=f"imported from OPML: {folders}" if folders else "imported from OPML",
    )
