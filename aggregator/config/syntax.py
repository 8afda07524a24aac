"""Reading a TOML file past its first mistake. `tomllib` stops there; an operator wants them all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from aggregator.config.errors import ConfigError, Mistake
from aggregator.config.positions import Path, Statement, begins_statement, key_lines, statements
from aggregator.config.sentences import without_secret

MOST_MISTAKES = 50
DEEPEST = 30  # levels of tables or brackets; tomllib and repr() recurse, and ours are seven
LONG_NUMBER = re.compile(r"[0-9][0-9_]{4299,}")  # Python refuses to read it, with a plain ValueError
AT = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
VALID_BUT_TWICE = ("Cannot overwrite", "Cannot mutate", "Cannot redefine")  # well-formed, so its extent is what it seems


@dataclass
class Document:
    """What could be read of a file, and what could not."""

    file: str
    raw: dict[str, Any] = field(default_factory=dict)
    text: str = ""  # what was read
    mistakes: list[Mistake] = field(default_factory=list)
    lost: set[Path] = field(default_factory=set)  # keys whose lines were left out; (…table, "") where no key can be read
    lost_tables: list[str] = field(default_factory=list)  # placeholders for headers that were left out

    @cached_property
    def lines(self) -> dict[Path, int]:
        """Where each key stands. Only a mistake asks for it, and of 10,000 sources it is as large as what they say."""
        return key_lines(self.text)

    def may_hold(self, *path: str) -> bool:
        """Whether a key may stand on a line that could not be read, so that its absence is no second mistake."""
        plain = tuple(part for part in path if not part.isdigit())  # a lost line of a list's table is not counted
        ways = {one[:length] for one in (path, plain) for length in range(1, len(one) + 1)}
        return bool((ways | {(*path[:-1], ""), (*plain[:-1], ""), ("",)}) & self.lost)

    @property
    def may_hold_tables(self) -> bool:
        """Whether a whole source or story may stand where nothing could be read."""
        return bool(self.lost_tables) or any(len(path) <= 2 for path in self.lost)


def read_toml(text: str, file: str) -> Document:
    """Read TOML 1.0, leaving out each statement that cannot be read, with a mistake for it.

    Raises `ConfigError` where that does not come to an end within `MOST_MISTAKES`.
    """
    document = Document(file=file)
    lines = text.split("\n")
    _leave_out_the_deep(document, lines)
    for _ in range(MOST_MISTAKES):
        fault = _fault(document, lines)
        if fault is None:
            document.text = "\n".join(lines)
            for placeholder in document.lost_tables:
                document.raw.pop(placeholder, None)
            return document
        _leave_out(document, lines, *fault)
    message = f"more than {MOST_MISTAKES} lines are not TOML; the rest was not read"
    raise ConfigError([*document.mistakes, Mistake(file=file, line=None, key="", message=message)])


def _fault(document: Document, lines: list[str]) -> tuple[int | None, str] | None:
    """The line of the first fault (None: the end of the text) and what it is; or None, and the values are in the document."""
    try:
        document.raw = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        found = AT.search(str(error))
        return (int(found[1]) if found and found[1] else None), AT.sub("", str(error)).strip().rstrip(".")
    except ValueError:
        number = next(number for number, line in enumerate(lines, 1) if LONG_NUMBER.search(line))
        return number, "a number of thousands of digits"
    return None


def _leave_out(document: Document, lines: list[str], number: int | None, said: str) -> None:
    """Take the statement at a line out of the text, and note why."""
    there = _statement_at(statements("\n".join(lines)), number)
    end = there.end if said.startswith(VALID_BUT_TWICE) else _likely_end(there, lines)
    if number is None or end < there.end:
        number, said = there.start, f"{said}: is a bracket or quotation mark not closed?"
    _note(document, number, said, lines)
    _remove(document, lines, there, end)


def _statement_at(found: Iterable[Statement], number: int | None) -> Statement:
    """The statement that holds a line, or the last one."""
    last = None
    for last in found:
        if number is not None and number <= last.end:
            break
    assert last is not None, "tomllib finds no fault in an empty text"  # noqa: S101 - says what holds
    return last


def _likely_end(there: Statement, lines: list[str]) -> int:
    """The last line that was meant to belong to a statement: before one that looks like a header or a key."""
    for number in range(there.start + 1, there.end + 1):
        if begins_statement(lines[number - 1]):
            return number - 1
    return there.end


def _remove(document: Document, lines: list[str], there: Statement, end: int) -> None:
    for number in range(there.start, end + 1):
        lines[number - 1] = ""
    if there.header:  # what stands below a header must not fall to the table above it
        placeholder = f"left out: line {there.start}"
        lines[there.start - 1] = f'["{placeholder}"]'
        document.lost_tables.append(placeholder)
    else:
        document.lost.add(there.path or (*there.table, ""))


def _leave_out_the_deep(document: Document, lines: list[str]) -> None:
    for there in statements("\n".join(lines)):
        if max(there.depth, len(there.path)) > DEEPEST:
            end = _likely_end(there, lines)
            _note(document, there.start, "nested too deeply", lines)
            _remove(document, lines, there, end)


def _note(document: Document, number: int, said: str, lines: list[str]) -> None:
    shown = without_secret(lines[number - 1].strip())[:80]
    message = f"not TOML ({said}): {shown!r}"
    document.mistakes.append(Mistake(file=document.file, line=number, key="", message=message))
