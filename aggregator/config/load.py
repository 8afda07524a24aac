"""Reading `feeds.toml`, with all its mistakes in one go."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aggregator.config.errors import ConfigError, Mistake
from aggregator.config.sentences import sentence, shown
from aggregator.config.syntax import Document, read_toml
from aggregator.config.types import HOST_PATTERN, KEY_PATTERN, Config, Host, Service, Source, Story
from aggregator.config.values import end_day, nearest, start_day, web_url, written
from aggregator.model import SourceKey, StoryKey

MOST_BYTES = 4_000_000
TABLES = {"service": Service, "hosts": Host, "sources": Source, "stories": Story}
KEY = (KEY_PATTERN, "write the key in small letters, digits and hyphens, at most 64")
KEYS = {"hosts": (HOST_PATTERN, 'write the host in small letters and in quotes, such as [hosts."www.example.org"]')}
INNER = frozenset({"key", "path"})  # fields of ours that the file does not hold


def load_config(path: str | Path) -> Config:
    """Read and check a configuration file. Raises `ConfigError`, with every mistake of the file.

    Paths in the file are relative to its folder. A day means the whole day in UTC.
    """
    file = Path(path)
    document = read_toml(_text(file), file.name if file.is_absolute() else str(file))
    checking = _Checking(document)
    config = checking.build(file)
    if document.mistakes or config is None:
        raise ConfigError(document.mistakes)
    return config


def _text(file: Path) -> str:
    """The text of a file; never more than `MOST_BYTES` of it are read, also of a pipe or device."""
    try:
        with file.open("rb") as opened:
            body = opened.read(MOST_BYTES + 1)
        text = body.decode("utf-8").removeprefix("\ufeff")  # some editors begin a file with a byte order mark
    except FileNotFoundError as error:
        command = f"aggregator init --config {shlex.quote(str(file))}"
        raise ConfigError([_whole(file, f"not there. Make one: {command}")]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([_whole(file, f"not UTF-8 (byte {error.start}). Save it as UTF-8.")]) from error
    except OSError as error:
        raise ConfigError([_whole(file, f"cannot be read ({error.strerror}). Name another file: --config FILE")]) from error
    if len(body) > MOST_BYTES:
        raise ConfigError([_whole(file, f"larger than {MOST_BYTES:,} bytes; is this the right file?")])
    return text.replace("\r\n", "\n")


def _whole(file: Path, message: str) -> Mistake:
    """A mistake of the whole file: with its path as it was given, since what is wrong may be the folder."""
    return Mistake(file=str(file), line=None, key="", message=message)


class _Checking:
    """One file on its way from TOML's values to a configuration, gathering mistakes."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def note(self, key: tuple[str, ...], message: str) -> None:
        """A mistake at a key; a missing key is shown at its table."""
        place = key
        while place and place not in self.document.lines:
            place = place[:-1]
        line = self.document.lines.get(place)
        self.document.mistakes.append(Mistake(file=self.document.file, line=line, key=".".join(key), message=message))

    def build(self, file: Path) -> Config | None:
        """The configuration, or None with the mistakes noted."""
        raw = self.document.raw
        for key in raw.keys() - TABLES.keys():
            allowed = ", ".join(f"[{name}]" for name in TABLES)
            self.note((key,), f"unknown table. Allowed: {allowed}.{nearest(key, TABLES)}")
        service = self._service(raw.get("service", {}), file.resolve().parent)
        sources = {SourceKey(key): one for key, one in self._members("sources", raw.get("sources", {}), Source)}
        stories = {StoryKey(key): one for key, one in self._members("stories", raw.get("stories", {}), Story)}
        hosts = dict(self._members("hosts", raw.get("hosts", {}), Host))
        if raw.get("sources", {}) == {} and not self.document.may_hold_tables:
            self.note(("sources",), "no source. Add a table such as [sources.kremlin].")
        if service is not None:
            self._check_intervals(service, sources)
        self._check_addresses(_tables(raw.get("sources")))
        for key, story in _tables(raw.get("stories")).items():
            self._check_story(key, story, known=_tables(raw.get("sources")))
        if self.document.mistakes or service is None:
            return None
        return Config.model_construct(path=file, service=service, hosts=hosts, sources=sources, stories=stories)

    def _service(self, raw: Any, folder: Path) -> Service | None:
        service = self._one(("service",), raw, Service)
        if not isinstance(service, Service):
            return None
        return service.model_copy(update={"storage": (folder / service.storage).resolve()})

    def _members(self, table: str, raw: Any, kind: type[Any]) -> Iterator[tuple[str, Any]]:
        if not isinstance(raw, dict):
            self.note((table,), f"is {shown(raw)}; write tables such as [{table}.my-key]")
            return
        for key, values in raw.items():
            pattern, form = KEYS.get(table, KEY)
            if not re.fullmatch(pattern, key):
                self.note((table, key), form)
            elif (member := self._one((table, key), values, kind, key=key)) is not None:
                yield key, member

    def _one(self, place: tuple[str, ...], raw: Any, kind: type[Any], **more: Any) -> Any:
        if not isinstance(raw, dict):
            self.note(place, f"is {shown(raw)}; write a table [{'.'.join(place)}]")
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
        if detail["type"] == "missing" and self.document.may_hold(*place, *field):
            return  # its line could not be read, and that was said
        message = sentence(detail, fields)
        if len(where) > 1 and where[1].isdigit():
            message = f"entry {int(where[1]) + 1} {message}"
        self.note((*place, *field), message)

    def _check_story(self, key: str, story: dict[str, Any], *, known: Iterable[str]) -> None:
        """What only shows when values are seen side by side: on what was written, so that other mistakes hide nothing."""
        wanted = story.get("sources")
        for source in wanted if isinstance(wanted, list) and not self.document.may_hold_tables else ():
            if isinstance(source, str) and source not in known:
                self.note(("stories", key, "sources"), f"no source is called {shown(source)}.{nearest(source, known)}")
        if "until" in story and not _is_after(story.get("from"), story["until"]):
            self.note(("stories", key, "until"), "is before `from`")
        described = str(story.get("image_alt", "")).strip() or self.document.may_hold("stories", key, "image_alt")
        if story.get("image") and not described:
            self.note(("stories", key, "image"), "needs `image_alt`: the picture in words, for those who do not see it")

    def _check_intervals(self, service: Service, sources: dict[SourceKey, Source]) -> None:
        """No interval may lie outside the bounds; one whose line could not be read is no second mistake."""
        least, most = service.min_interval, service.max_interval
        bounds = f"between min_interval ({written(least)}) and max_interval ({written(most)})"
        named = ("interval", "min_interval", "max_interval")
        if any(self.document.may_hold("service", name) for name in named):
            return
        if least > most:
            self.note(("service", "min_interval"), f"is {written(least)}; write no more than max_interval ({written(most)})")
            return
        if not least <= service.interval <= most:
            named_first = next(name for name in named if name in service.model_fields_set)
            self.note(("service", named_first), f"interval is {written(service.interval)}; it must lie {bounds}")
        for name, source in sources.items():
            if source.interval is not None and not least <= source.interval <= most:
                self.note(("sources", name, "interval"), f"is {written(source.interval)}; write one {bounds} of [service]")

    def _check_addresses(self, sources: dict[str, dict[str, Any]]) -> None:
        """No two sources may have one address."""
        first: dict[str, str] = {}
        for key, source in sources.items():
            try:
                url = web_url(source.get("url"))
            except ValueError:
                continue  # told by the check of that source
            other = first.setdefault(url, key)
            if other != key:
                line = self.document.lines.get(("sources", other, "url"))
                self.note(("sources", key, "url"), f"the same address as sources.{other} (line {line})")


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
