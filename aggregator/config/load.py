"""Reading `feeds.toml`, with all its mistakes in one go."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aggregator.config.errors import ConfigError, Mistake
from aggregator.config.positions import key_lines
from aggregator.config.types import KEY_PATTERN, Config, Service, Source, Story
from aggregator.config.values import end_day, nearest, start_day
from aggregator.model import SourceKey, StoryKey

MOST_BYTES = 4_000_000
MOST_SYNTAX_MISTAKES = 50
AT = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
TABLES = {"service": Service, "sources": Source, "stories": Story}
INNER = frozenset({"key", "path"})  # fields of ours that the file does not hold


def load_config(path: str | Path) -> Config:
    """Read and check a configuration file. Raises `ConfigError`, with every mistake of the file.

    Paths in the file are relative to its folder. A day means the whole day in UTC.
    """
    file = Path(path)
    name = file.name if file.is_absolute() else str(file)
    reading = _Reading(file=name, text=_text(file, name))
    raw = reading.parse()
    config = reading.build(raw, file)
    if reading.mistakes or config is None:
        raise ConfigError(reading.mistakes)
    return config


def _text(file: Path, name: str) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ConfigError([_whole(name, f"larger than {MOST_BYTES:,} bytes; is this the right file?")])
        return file.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise ConfigError([_whole(name, f"not there. Make one: aggregator init --config {name}")]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([_whole(name, f"not UTF-8 (byte {error.start}). Save it as UTF-8.")]) from error
    except OSError as error:
        raise ConfigError([_whole(name, f"cannot be read ({error.strerror}).")]) from error


def _whole(name: str, message: str) -> Mistake:
    return Mistake(file=name, line=None, key="", message=message)


@dataclass
class _Reading:
    """One file on its way to a configuration, gathering mistakes."""

    file: str
    text: str

    def __post_init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.lines = key_lines(self.text)
        self.broken_lines: set[int] = set()

    def note(self, key: tuple[str, ...], message: str) -> None:
        """A mistake at a key; a missing key is shown at its table."""
        place = key
        while place and place not in self.lines:
            place = place[:-1]
        self.mistakes.append(Mistake(file=self.file, line=self.lines.get(place), key=".".join(key), message=message))

    def parse(self) -> dict[str, Any]:
        """The values. tomllib stops at the first mistake, so a line that it cannot read is left out, and it reads again."""
        lines = self.text.split("\n")
        for _ in range(MOST_SYNTAX_MISTAKES):
            try:
                return tomllib.loads("\n".join(lines))
            except tomllib.TOMLDecodeError as error:
                number = self._note_syntax(error, lines)
                if not lines[number - 1].strip():
                    break  # the cause lies further up, in a string or array that is not closed
                lines[number - 1] = ""
        raise ConfigError(self.mistakes)

    def _note_syntax(self, error: tomllib.TOMLDecodeError, lines: list[str]) -> int:
        said = str(error)
        found = AT.search(said)
        number = int(found[1]) if found is not None and found[1] else len(lines)
        if number not in self.broken_lines:
            self.broken_lines.add(number)
            message = f"not TOML ({AT.sub('', said).strip().rstrip('.')}): {lines[number - 1].strip()[:80]!r}"
            self.mistakes.append(Mistake(file=self.file, line=number, key="", message=message))
        return number

    def build(self, raw: dict[str, Any], file: Path) -> Config | None:
        """The configuration, or None with the mistakes noted."""
        for key in raw.keys() - TABLES.keys():
            allowed = ", ".join(f"[{name}]" for name in TABLES)
            self.note((key,), f"unknown table. Allowed: {allowed}.{nearest(key, TABLES)}")
        service = self._service(raw.get("service", {}), file.resolve().parent)
        sources = {SourceKey(key): one for key, one in self._members("sources", raw.get("sources", {}), Source)}
        stories = {StoryKey(key): one for key, one in self._members("stories", raw.get("stories", {}), Story)}
        if not raw.get("sources"):
            self.note(("sources",), "no source. Add a table such as [sources.kremlin].")
        self._check_together(service, sources)
        for key, story in _tables(raw.get("stories")).items():
            self._check_story(key, story, known=_tables(raw.get("sources")))
        if self.mistakes or service is None:
            return None
        return Config.model_construct(path=file, service=service, sources=sources, stories=stories)

    def _service(self, raw: Any, folder: Path) -> Service | None:
        service = self._one(("service",), raw, Service)
        if not isinstance(service, Service):
            return None
        return service.model_copy(update={"storage": (folder / service.storage).resolve()})

    def _members(self, table: str, raw: Any, kind: type[Any]) -> Iterator[tuple[str, Any]]:
        if not isinstance(raw, dict):
            self.note((table,), f"is {_shown(raw)}; write tables such as [{table}.my-key]")
            return
        for key, values in raw.items():
            if not re.fullmatch(KEY_PATTERN, key):
                self.note((table, key), "write the key in small letters, digits and hyphens, at most 64")
            elif (member := self._one((table, key), values, kind, key=key)) is not None:
                yield key, member

    def _one(self, place: tuple[str, ...], raw: Any, kind: type[Any], **more: Any) -> Any:
        if not isinstance(raw, dict):
            self.note(place, f"is {_shown(raw)}; write a table [{'.'.join(place)}]")
            return None
        own = {name: value for name, value in raw.items() if name not in INNER}
        for name in raw.keys() & INNER:
            self.note((*place, name), f"unknown key. Allowed: {', '.join(_fields(kind))}.")
        try:
            return kind.model_validate({**own, **more})
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self._note_detail(place, detail, kind)
            return None

    def _note_detail(self, place: tuple[str, ...], detail: ErrorDetails, kind: type[Any]) -> None:
        fields = _fields(kind)
        where = [str(part) for part in detail["loc"]]
        field = where[:1]
        if detail["type"] == "missing" and self._lost(place):
            return  # its line could not be read, and that was said
        message = _sentence(detail, fields)
        if len(where) > 1 and where[1].isdigit():
            message = f"entry {int(where[1]) + 1} {message}"
        self.note((*place, *field), message)

    def _lost(self, place: tuple[str, ...]) -> bool:
        """Whether a line of this table could not be read."""
        start = self.lines.get(place, 0)
        tables = sorted(line for path, line in self.lines.items() if len(path) <= 2 and line > start)
        end = tables[0] if tables else self.text.count("\n") + 2
        return any(start <= number < end for number in self.broken_lines)

    def _check_story(self, key: str, story: dict[str, Any], *, known: Iterable[str]) -> None:
        """What only shows when values are seen side by side: on what was written, so that other mistakes hide nothing."""
        wanted = story.get("sources")
        for source in wanted if isinstance(wanted, list) else ():
            if isinstance(source, str) and source not in known:
                self.note(("stories", key, "sources"), f"no source is called {source!r}.{nearest(source, known)}")
        if "until" in story and not _is_after(story.get("from"), story["until"]):
            self.note(("stories", key, "until"), "is before `from`")
        if story.get("image") and not story.get("image_alt"):
            self.note(("stories", key, "image"), "needs `image_alt`: the picture in words, for those who do not see it")

    def _check_together(self, service: Service | None, sources: dict[SourceKey, Source]) -> None:
        """What only shows when tables are seen side by side."""
        if service is not None and not service.min_interval <= service.interval <= service.max_interval:
            self.note(("service", "interval"), "must lie between min_interval and max_interval")
        by_url: dict[str, str] = {}
        for key, source in sources.items():
            first = by_url.setdefault(source.url, key)
            if first != key:
                line = self.lines.get(("sources", first, "url"))
                self.note(("sources", key, "url"), f"the same address as sources.{first} (line {line})")
            if service is not None and source.interval is not None and source.interval < service.min_interval:
                self.note(("sources", key, "interval"), "shorter than min_interval of [service]")


def _tables(value: Any) -> dict[str, dict[str, Any]]:
    """The tables of a table, whatever else stands in it."""
    return {key: one for key, one in value.items() if isinstance(one, dict)} if isinstance(value, dict) else {}


def _is_after(start: Any, end: Any) -> bool:
    try:
        return end_day(end) > start_day(start)
    except ValueError:
        return True  # one of them is a mistake of its own


def _fields(kind: type[Any]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items() if name not in INNER]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _sentence(detail: ErrorDetails, fields: list[str]) -> str:
    """One of pydantic's errors in plain words: what was found, what is allowed, what is near."""
    name, found, kind = str(detail["loc"][0]), detail["input"], detail["type"]
    if kind == "missing":
        return "missing: it must be given"
    if kind == "extra_forbidden":
        return f"unknown key. Allowed: {', '.join(fields)}.{nearest(name, fields)}"
    secret = isinstance(found, str) and "@" in found and "://" in found
    shown = "an address with a name or password" if secret else _shown(found)
    return f"is {shown}; {_allowed(detail)}"


PLAIN = {
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "string_type": "write it in quotes",
    "too_short": "write at least one",
    "tuple_type": "write a list in square brackets",
}


def _allowed(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']+)'", str(context.get("expected", "")))
        return f"allowed: {', '.join(map(repr, allowed))}.{nearest(str(detail['input']), allowed)}"
    if kind == "string_pattern_mismatch":
        return f"it must have the form {context['pattern']}"
    said = detail["msg"].removeprefix("Input should be ")
    return PLAIN.get(kind, f"it should be {said[0].lower() + said[1:]}")
