"""On which lines each statement of a TOML file stands. `tomllib` reads values and forgets their places.

TOML 1.0: a statement is a table header, or a key and its value. The scanner never fails: where the text is no TOML, it says
where a statement begins and how far its brackets and quotation marks reach.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

Path = tuple[str, ...]

PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\[^\n])*"|'[^'\n]*')"""
KEY = rf"{PART}(?:[ \t]*\.[ \t]*{PART})*+"
HEADER = re.compile(rf"[ \t]*\[\[?[ \t]*(?P<key>{KEY})[ \t]*\]\]?[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
ENTRY = re.compile(rf"[ \t]*(?P<key>{KEY})[ \t]*=")
# Strings and comments as a whole, so that what looks like a bracket or a line end in them is none. A string that is not
# closed reaches to where it must end: a plain one to the end of its line, one of several lines to the end of the text.
TOKEN = re.compile(
    r"""#[^\n]*+"""
    r"""|\"""(?:[^"\\]++|\\[\s\S]|"(?!""))*+(?:"{3,5})?"""
    r"""|'''(?:[^']++|'(?!''))*+(?:'{3,5})?"""
    r"""|"(?:[^"\\\n]++|\\[^\n])*+"?|'[^'\n]*+'?"""
    r"""|[\[\]{}]|\n"""
)
DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One header, or one key with its value."""

    path: Path  # from the root; () where no key can be read
    table: Path  # the table that it stands in; of a header, the table that it opens
    start: int  # first line, from 1
    end: int  # last line
    depth: int  # how deep its brackets nest
    header: bool
    array: bool  # a header in double brackets: one more table of a list


def statements(text: str) -> Iterator[Statement]:
    """The statements of a text, in order. Lines end with LF."""
    table: Path = ()
    place, line = 0, 1
    while place < len(text):
        stop, depth = _end(text, place)
        last = line + text.count("\n", place, stop)
        header = _begins_header(text, place)
        path = _path(HEADER if header else ENTRY, text, place)
        if header:
            table = path
        if text[place:stop].strip(" \t"):  # TOML knows no other white space
            full = path if header or not path else table + path
            array = header and text[place:stop].lstrip(" \t").startswith("[[")
            yield Statement(path=full, table=table, start=line, end=last, depth=depth, header=header, array=array)
        place, line = stop + 1, last + 1


def key_lines(text: str) -> dict[Path, int]:
    """The line, from 1, of every table header and key; of a key that stands twice, the first.

    A table of a list (`[[a.b]]`) stands under its number, from 1: ("a", "b", "2").
    """
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    for statement in statements(text):
        path = _numbered(statement.path, counts, opens=statement.array)
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], statement.start)
    return lines


def _numbered(path: Path, counts: dict[Path, int], *, opens: bool) -> Path:
    """A path with the number of each list's newest table in it, which is the one that it means (TOML 1.0)."""
    full: Path = ()
    for place, part in enumerate(path, 1):
        full = (*full, part)
        if opens and place == len(path):
            counts[full] = counts.get(full, 0) + 1
        if full in counts:
            full = (*full, str(counts[full]))
    return full


def begins_statement(line: str) -> bool:
    """Whether a line looks as if a header or a key stood on it: where it lies in a value, that was hardly meant."""
    return HEADER.match(line) is not None or ENTRY.match(line) is not None


def _begins_header(text: str, place: int) -> bool:
    return re.compile(r"[ \t]*\[").match(text, place) is not None


def _end(text: str, place: int) -> tuple[int, int]:
    """Where the statement ends: the line end behind its last bracket or string. And how deep its brackets nest."""
    if _begins_header(text, place):  # a header never goes on on the next line, closed or not
        stop = text.find("\n", place)
        return (stop if stop >= 0 else len(text)), 1
    depth = deepest = 0
    for token in TOKEN.finditer(text, place):
        if token.group() == "\n" and depth <= 0:
            return token.start(), deepest
        depth += DEPTH.get(token.group(), 0)
        deepest = max(deepest, depth)
    return len(text), deepest


def _path(form: re.Pattern[str], text: str, place: int) -> Path:
    found = form.match(text, place)
    return tuple(_plain(part) for part in re.findall(PART, found["key"])) if found is not None else ()


def _plain(part: str) -> str:
    """A part of a key without its quotation marks and escapes."""
    if part[0] == "'":
        return part[1:-1]
    if part[0] != '"':
        return part
    try:
        return str(tomllib.loads(f"key = {part}")["key"])
    except tomllib.TOMLDecodeError:  # an escape that is none: told by whoever reads the file
        return part[1:-1]
