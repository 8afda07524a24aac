"""A `feeds.toml` that goes with its store to another place."""

from __future__ import annotations

import re
import tomllib

SERVICE = re.compile(r"^[ \t]*\[[ \t]*service[ \t]*\][ \t]*(#.*)?$", re.MULTILINE)
TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
STORAGE = re.compile(r"^([ \t]*storage[ \t]*=[ \t]*)(\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)
DATABASE = re.compile(r"^[ \t]*database[ \t]*=[ \t]*[\"']sqlite[^\n]*$", re.MULTILINE)


def with_storage_here(text: str) -> str | None:
    """The text of a `feeds.toml` with `storage = "."`, and no other SQLite file named; all else as it is, to the letter.

    None where it is written in a way that this cannot change safely. Raises TOMLDecodeError for what is no TOML.
    """
    before = tomllib.loads(text)
    after = _edited(text, "service" in before)
    wanted = {**before.get("service", {}), "storage": "."}
    if str(wanted.get("database", "")).startswith("sqlite"):
        del wanted["database"]
    try:
        found = tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return None
    return after if found == {**before, "service": wanted} else None


def _edited(text: str, has_service: bool) -> str:
    head = SERVICE.search(text)
    if head is None:
        return text if has_service else f'{text.rstrip()}\n\n[service]\nstorage = "."\n'
    following = TABLE.search(text, head.end())
    end = len(text) if following is None else following.start()
    table = DATABASE.sub("", text[head.end() : end])
    table, changed = STORAGE.subn(r'\1"."', table, count=1)
    return text[: head.end()] + ("" if changed else '\nstorage = "."') + table + text[end:]
