"""Reading `feeds.toml`, with all its mistakes in one go."""

from __future__ import annotations

import os
import re
import shlex
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from aggregator.config.addresses import Member, Place, Raw, key_in, key_of, members, misfits, raw_addresses
from aggregator.config.errors import ConfigError, Mistake
from aggregator.config.places import resolved
from aggregator.config.record import record_of, tables_of
from aggregator.config.sentences import sentence, shown
from aggregator.config.stamp import stamp_of
from aggregator.config.stories import contradictions, with_members
from aggregator.config.syntax import Document, read_toml
from aggregator.config.types import HOST_PATTERN, KEY_PATTERN, Config, Host, Notify, Service, Source, Story, Web
from aggregator.config.values import end_day, is_loopback, nearest, signing_key, start_day, web_url, written
from aggregator.model import StoryKey

MOST_BYTES = 4_000_000
TABLES = {"service": Service, "web": Web, "hosts": Host, "sources": Source, "stories": Story, "notify": Notify}
KEY = (KEY_PATTERN, "write the key in small letters, digits and hyphens, at most 64")
KEYS = {"hosts": (HOST_PATTERN, 'write the host in small letters and in quotes, such as [hosts."www.example.org"]')}
TAKEN = {  # what a story of such a key would be written over
    "about": "about.html",
    "feed": "feed.atom",
    "index": "index.html",
    "missed": "missed.html",
    "news-sitemap": "news-sitemap.xml",
    "robots": "robots.txt",
    "search": "search.html",
    "sitemap": "sitemap.xml",
}
INNER = frozenset(  # fields of ours that the file does not hold
    {"key", "path", "packed", "stamp", "advice", "elsewhere", "instead_of", "lane_of", "settle_of"}
)


def load_config(path: str | Path) -> Config:
    """Read and check a configuration file. Raises `ConfigError`, with every mistake of the file.

    Paths in the file are relative to its folder. A day means the whole day in UTC.
    """
    file = Path(path)
    stamp = stamp_of(file)
    document = read_toml(_text(file), file.name if file.is_absolute() else str(file))
    checking = _Checking(document)
    config = checking.build(file)
    if document.mistakes or config is None:
        raise ConfigError(document.mistakes)
    return config.model_copy(update={"stamp": stamp})


def recorded_config(record: str, *, path: Path) -> Config:
    """The configuration of which `Config.record` was kept; `path` names it. Raises `ConfigError` where it is none today."""
    document = Document(file=path.name, raw=tables_of(record))
    config = _Checking(document).build(path)
    if document.mistakes or config is None:
        raise ConfigError(document.mistakes)
    return config


def service_in(path: str | Path) -> Service:
    """What a file that has mistakes, or is none, says of `[service]`, as far as it can be read. All else is as if not said."""
    file = Path(path)
    try:
        said = read_toml(_text(file), file.name).raw.get("service")
    except ConfigError:
        said = None
    own = {name: value for name, value in said.items() if name not in INNER} if isinstance(said, dict) else {}
    try:
        Service.model_validate(own)
    except ValidationError as error:
        wrong = {detail["loc"][0] for detail in error.errors()}
        own = {name: value for name, value in own.items() if name not in wrong}
    return _in_place(Service.model_validate(own), file.resolve().parent)


def _in_place(service: Service, folder: Path) -> Service:
    """With its paths, which are relative to the file's folder."""
    found = {"storage": (folder / service.storage).resolve()}
    place = {} if service.snapshots is None else {"snapshots": resolved(service.snapshots, folder)}
    return service.model_copy(update={**found, **place})


def _text(file: Path) -> str:
    """The text of a file; never more than `MOST_BYTES` of it are read, also of a pipe or device."""
    try:
        with open(file, "rb", opener=_open_at_once) as opened:
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


def _open_at_once(path: str, flags: int) -> int:
    """A pipe that has a name is opened whether or not somebody writes to it; where nobody does, it is empty."""
    handle = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(handle, True)
    return handle


def _whole(file: Path, message: str) -> Mistake:
    """A mistake of the whole file: with its path as it was given, since what is wrong may be the folder."""
    return Mistake(file=str(file), line=None, key="", message=message)


class _Checking:
    """One file on its way from TOML's values to a configuration, gathering mistakes."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def note(self, key: tuple[str, ...], message: str) -> None:
        """A mistake at a key; a missing key is shown at its table."""
        mistake = Mistake(file=self.document.file, line=self._line(key), key=".".join(key), message=message)
        self.document.mistakes.append(mistake)

    def build(self, file: Path) -> Config | None:
        """The configuration, or None with the mistakes noted."""
        raw = self.document.raw
        for key in raw.keys() - TABLES.keys():
            allowed = ", ".join(f"[{name}]" for name in TABLES)
            self.note((key,), f"unknown table. Allowed: {allowed}.{nearest(key, TABLES)}")
        service = self._service(raw.get("service", {}), file.resolve().parent)
        sources = [one for _, source in self._members("sources", raw.get("sources", {}), Source) for one in members(source)]
        stories = {StoryKey(key): one for key, one in self._members("stories", raw.get("stories", {}), Story)}
        hosts = dict(self._members("hosts", raw.get("hosts", {}), Host))
        web = self._one(("web",), raw.get("web", {}), Web)
        notify = dict(self._members("notify", raw.get("notify", {}), Notify))
        if raw.get("sources", {}) == {} and not self.document.may_hold_tables:
            self.note(("sources",), "no source. Add a table such as [sources.kremlin].")
        if service is not None:
            self._check_intervals(service, sources)
            self._check_disk(service)
        self._check_addresses(_tables(raw.get("sources")))
        self._check_keys(sources)
        known = [key_of(place) for place, _, _ in raw_addresses(_tables(raw.get("sources")))]
        for key, story in _tables(raw.get("stories")).items():
            self._check_story(key, story, known=known)
        whole = not self.document.may_hold_tables and len(sources) >= len(known)  # else a lane may be that of a lost source
        self._check_outside(web, notify, stories)
        for key, followed in stories.items():
            for name, message in contradictions(with_members(followed, sources)):
                if whole or name != "lanes":
                    self.note(("stories", key, name), message)
        if self.document.mistakes or service is None:
            return None
        return Config.model_construct(
            path=file,
            packed=zlib.compress(record_of(raw).encode()),
            advice=tuple(map(str, self._advice(stories, sources))),
            service=service,
            web=web,
            hosts=hosts,
            sources={one.source.key: one.source for one in sources},
            stories={key: with_members(story, sources, digest=service.digest) for key, story in stories.items()},
            notify=notify,
        )

    def _service(self, raw: Any, folder: Path) -> Service | None:
        service = self._one(("service",), raw, Service)
        return _in_place(service, folder) if isinstance(service, Service) else None

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
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            return  # long enough, but for entries that are mistakes of their own
        where = [str(part + 1 if isinstance(part, int) else part) for part in detail["loc"] if part != "[key]"]
        message = sentence(detail, _fields(_table_at(kind, detail["loc"][:-1])))
        if isinstance(detail["loc"][-1], int):
            message = f"entry {where.pop()} {message}"
        key = self._as_written((*place, *where))
        if detail["type"] == "missing" and self.document.may_hold(*key):
            return  # its line could not be read, and that was said
        self.note(key, message)

    def _as_written(self, key: Place) -> Place:
        """A key without what a short form leaves out: an address that stands for a table has no key `url` in the file."""
        value: Any = self.document.raw
        for depth, part in enumerate(key):
            if isinstance(value, str):
                return key[:depth]
            value = _at(value, part)
        return key

    def _check_story(self, key: str, story: dict[str, Any], *, known: Collection[str]) -> None:
        """What only shows when values are seen side by side: on what was written, so that other mistakes hide nothing."""
        if key in TAKEN:
            self.note(("stories", key), f"the site has a file {TAKEN[key]} of its own: give the story another key")
        wanted = story.get("sources")
        for source in wanted if isinstance(wanted, list) and not self.document.may_hold_tables else ():
            if isinstance(source, str) and source not in known:
                self.note(("stories", key, "sources"), f"no source is called {shown(source)}.{nearest(source, known)}")
        if "until" in story and not _is_after(story.get("from"), story["until"]):
            self.note(("stories", key, "until"), "is before `from`")
        described = str(story.get("image_alt", "")).strip() or self.document.may_hold("stories", key, "image_alt")
        if story.get("image") and not described:
            self.note(("stories", key, "image"), "needs `image_alt`: the picture in words, for those who do not see it")

    def _check_outside(self, web: Any, notify: dict[str, Notify], stories: Collection[StoryKey]) -> None:
        """Who may read the service, and who is told."""
        if isinstance(web, Web) and web.listen and web.token is None and not is_loopback(web.listen):
            self.note(("web", "listen"), f"{web.listen} is open to other machines: set `token`, or listen on 127.0.0.1")
        for key, one in notify.items():
            for story in one.stories if not self.document.may_hold_tables else ():
                if story not in stories and not self.document.may_hold("stories", story):
                    self.note(("notify", key, "stories"), f"no story is called {shown(story)}.{nearest(story, stories)}")
            if one.kind == "webhook" and not one.url.startswith(("http://", "https://")):
                self.note(("notify", key, "url"), "a webhook needs an address that starts with http:// or https://")
            if one.kind == "webhook" and one.secret is None:
                self.note(("notify", key, "secret"), "needs `secret`: what its messages are signed with")
            elif one.kind == "webhook" and one.secret is not None:
                try:
                    signing_key(one.secret)
                except ValueError as error:
                    self.note(("notify", key, "secret"), f"the secret cannot be used: {error}")

    def _advice(self, stories: dict[StoryKey, Story], sources: Iterable[Member]) -> Iterator[Mistake]:
        """What is no mistake, and leaves readers without something, or shows them what they should not see."""
        for key, story in stories.items():
            if story.image and not story.image_credit.strip():
                message = "needs `image_credit`: whose picture it is; until then the page says that it has no credit"
                yield self._said(("stories", key, "image"), message)
        for one in sources:
            if "url" in one.written and (name := key_in(one.source.url)):
                message = f"`{name}` in it looks like a secret, and is none here: readers see the address on the source's page"
                yield self._said((*one.place, "url"), message)

    def _said(self, place: Place, message: str) -> Mistake:
        return Mistake(file=self.document.file, line=self._line(place), key=".".join(place), message=message)

    def _check_intervals(self, service: Service, sources: Iterable[Member]) -> None:
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
        for one in sources:
            wait = one.source.interval if "interval" in one.written else None
            if wait is not None and not least <= wait <= most:
                self.note((*one.place, "interval"), f"is {written(wait)}; write one {bounds} of [service]")

    def _check_disk(self, service: Service) -> None:
        """Nobody is asked any more only where raw bytes are kept no more."""
        if service.full_disk > service.low_disk and not self.document.may_hold("service", "low_disk"):
            named = "full_disk" if "full_disk" in service.model_fields_set else "low_disk"
            message = f"full_disk is {service.full_disk:,} bytes; write no more than low_disk ({service.low_disk:,})"
            self.note(("service", named), message)

    def _check_addresses(self, sources: dict[str, Raw]) -> None:
        """Each address is read by the rules of its kind, and no two have one address, but for what stands in for another."""
        first: dict[str, Place] = {}
        for place, own, base in raw_addresses(sources):
            for table, message in misfits(own, base):
                key = (*place, *table.split("."))
                if not (message.startswith("missing") and self.document.may_hold(*key)):
                    self.note(key, message)
            if "fallback" in place[2:3]:
                if not own:
                    self.note(place, "says nothing of its own: write at least one key")
                continue
            try:
                other = first.setdefault(web_url(own.get("url")), place)
            except ValueError:
                continue  # told by the check of that source
            if other != place:
                same = f"the same address as {'.'.join(other)} (line {self._line((*other, 'url'))})"
                self.note(self._as_written((*place, "url")), same)

    def _check_keys(self, sources: Sequence[Member]) -> None:
        """The keys that further listings and fallbacks get must be free."""
        first: dict[str, Place] = {one.source.key: one.place for one in sources if len(one.place) == 2}
        for one in sources:
            other = first.setdefault(one.source.key, one.place)
            if other != one.place:
                taken = f"{'.'.join(other)} (line {self._line(other)})"
                self.note(one.place, f"becomes a source {one.source.key!r}, and so is {taken}: give one another name")
            elif not re.fullmatch(KEY_PATTERN, one.source.key):
                self.note(one.place, f"becomes a source {one.source.key!r}, longer than 64 letters: write a shorter name")

    def _line(self, key: Place) -> int | None:
        """The line of a key, or else of the table that it belongs to."""
        while key and key not in self.document.lines:
            key = key[:-1]
        return self.document.lines.get(key)


def _tables(value: Any) -> dict[str, dict[str, Any]]:
    """The tables of a table, whatever else stands in it."""
    return {key: one for key, one in value.items() if isinstance(one, dict)} if isinstance(value, dict) else {}


def _is_after(start: Any, end: Any) -> bool:
    try:
        return end_day(end) > start_day(start)
    except ValueError:
        return True  # one of them is a mistake of its own


def _at(value: Any, part: str) -> Any:
    """What stands in a table or list under a key or number (from 1), or None."""
    if isinstance(value, list):
        return value[int(part) - 1]
    return value.get(part) if isinstance(value, dict) else None


def _table_at(kind: type[Any], where: Iterable[int | str]) -> type[Any]:
    """The type of a table within a table: `where` are keys, places in lists, and names that the operator gave."""
    fields: dict[str, Any] = kind.model_fields
    names_follow = False
    for part in where:
        if names_follow or isinstance(part, int):
            names_follow = False
            continue
        annotation = fields[part].annotation if part in fields else None
        inner = _inner_table(annotation)
        if inner is None:
            break
        names_follow = get_origin(annotation) is dict
        kind, fields = inner, inner.model_fields
    return kind


def _inner_table(annotation: Any) -> type[Any] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((inner for one in get_args(annotation) if (inner := _inner_table(one)) is not None), None)


def _fields(kind: type[Any]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items() if name not in INNER]
