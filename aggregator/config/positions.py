"""On which line each key of a TOML file stands. `tomllib` reads values and forgets their places."""

from __future__ import annotations

import re

Path = tuple[str, ...]

HEADER = re.compile(r"\s*(\[\[?)\s*(?P<key>[^\]]+?)\s*\]\]?\s*(?:#.*)?$")
BARE = r"[A-Za-z0-9_-]+"
PART = re.compile(rf"""\s*(?:(?P<bare>{BARE})|"(?P<basic>(?:[^"\\]|\\.)*)"|'(?P<literal>[^']*)')\s*""")
STRING = re.compile(r'"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]')


def key_lines(text: str) -> dict[Path, int]:
    """The line, from 1, of every table header and key; of a key that stands twice, the first."""
    lines: dict[Path, int] = {}
    table: Path = ()
    depth, quotes = 0, ""  # inside an array or inline table, inside a string of several lines
    for number, line in enumerate(text.split("\n"), 1):
        rest = line
        if not depth and not quotes:
            header = HEADER.match(line)
            if header is not None:
                table = _path(header["key"])
                _note(lines, table, number)
                continue
            path, rest = _key(line)
            if path:
                _note(lines, table + path, number)
        depth, quotes = _open_at_end(rest, depth, quotes)
    return lines


def _note(lines: dict[Path, int], path: Path, number: int) -> None:
    for length in range(1, len(path) + 1):
        lines.setdefault(path[:length], number)


def _key(line: str) -> tuple[Path, str]:
    """The key that a line begins with, and what stands behind its `=`."""
    parts: list[str] = []
    place = 0
    while (found := PART.match(line, place)) is not None:
        parts.append(next(group for group in found.groups() if group is not None))
        place = found.end()
        if line[place : place + 1] == "=":
            return tuple(parts), line[place + 1 :]
        if line[place : place + 1] != ".":
            break
        place += 1
    return (), line


def _path(key: str) -> Path:
    return tuple(next(group for group in part.groups() if group is not None) for part in PART.finditer(key))


def _open_at_end(text: str, depth: int, quotes: str) -> tuple[int, str]:
    """How many brackets, and which string of several lines, are open at the end of a line."""
    place = 0
    while True:
        if quotes:
            end = text.find(quotes, place)
            if end < 0:
                return depth, quotes
            place, quotes = end + 3, ""
        found = STRING.search(text, place)
        if found is None:
            return depth, ""
        sign, place = found.group(), found.end()
        if sign in ('"""', "'''"):
            quotes = sign
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth = max(0, depth - 1)
