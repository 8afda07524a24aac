"""What a shell offers behind a command: the keys of feeds.toml. Read as far as they can be, without a check of the whole."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import typer

from aggregator.config.load import MOST_BYTES
from aggregator.config.types import KEY_PATTERN

MOST_BESIDE = 60  # characters
Offered = list[tuple[str, str]]  # a key, and what a shell may show beside it


def story_keys(ctx: typer.Context, incomplete: str) -> Offered:
    """The stories' keys, with their titles."""
    return _keys(ctx, "stories", "title", incomplete)


def source_keys(ctx: typer.Context, incomplete: str) -> Offered:
    """The sources' keys, with their names; those of further listings and fallbacks are told by `aggregator sources`."""
    return _keys(ctx, "sources", "name", incomplete)


def target_keys(ctx: typer.Context, incomplete: str) -> Offered:
    """The keys of those who are told of updates, with how."""
    return _keys(ctx, "notify", "kind", incomplete)


def _keys(ctx: typer.Context, table: str, beside: str, incomplete: str) -> Offered:
    """Keys of a table that begin so and do not stand in the line yet.

    Whatever is wrong with the file, a shell that completes is no place to say so: nothing is offered then.
    """
    try:
        with Path(ctx.params.get("config") or "feeds.toml").open("rb") as opened:
            found = tomllib.loads(opened.read(MOST_BYTES).decode("utf-8-sig")).get(table)
    except (OSError, ValueError, RecursionError):  # not there, no TOML, no UTF-8, or deeper than any real one
        return []
    if not isinstance(found, dict):
        return []
    given = {key for value in ctx.params.values() if isinstance(value, list | tuple) for key in value}
    return [
        (key, _words(entry.get(beside)))
        for key, entry in found.items()
        if isinstance(entry, dict) and re.match(KEY_PATTERN, key) and key.startswith(incomplete) and key not in given
    ]


def _words(told: object) -> str:
    """Words without any sign that means something to a shell: zsh evaluates what it shows, and a title may be a stranger's, by
    way of `import-opml` or `suggest`."""
    words = "".join(sign if sign.isalnum() else " " for sign in told) if isinstance(told, str) else ""
    return " ".join(words.split())[:MOST_BESIDE]
