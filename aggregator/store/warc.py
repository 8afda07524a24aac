"""The snapshots as WARC 1.1 (ISO 28500:2017): what was asked, what was answered, and each body once.

Bodies are stored without transfer and content coding, so the record's HTTP header says their real length, and what the answer
said of its coding stands as `x-archive-orig-…`, the way web archives write it. Bytes that come again are `revisit` records that
refer to the record which holds them; records with the same bytes stand together, those without a body come first.
"""

from __future__ import annotations

import io
import re
import struct
import uuid
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import quote, urlsplit

from sqlalchemy import Connection, func, select

from aggregator.fetch.exchange import OF_THE_WIRE
from aggregator.store.bulk import streamed
from aggregator.store.checking import is_removed
from aggregator.store.copying import Advance
from aggregator.store.schema import captures, exchanges
from aggregator.store.snapshots import Snapshots

try:  # an extra: who exports no WARC needs it not
    from warcio import statusandheaders, warcwriter

    WARC: Any = warcwriter
except ModuleNotFoundError:
    WARC = None

MOST_FILE = 1 << 30  # bytes, about: then the next file is begun
ROWS_AT_ONCE = 500
LATER = timedelta(minutes=10)  # at most between a question and its last exchange: then a capture tells of that exchange
NAMES = uuid.UUID("5b0f3f0a-2f5d-4a4e-9a63-6d2f3c9f7f10")  # of ours: the same store gives the same record the same id
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a header's name (RFC 9110)
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
PLACE = struct.Struct(">32s?q")  # hash, whether it is an exchange (a capture otherwise), id


@dataclass(slots=True)
class Unreadable:
    """Counts and tells what a WARC cannot hold."""

    tell: Callable[[Mapping[str, Any]], None] = lambda _line: None
    bodies: int = 0  # answers whose bytes are gone
    unanswered: int = 0  # requests without an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An exchange, or a capture of a store that kept no exchanges yet."""

    name: str  # "exchange/12"
    at: str  # as stored
    url: str
    status: int
    headers: Mapping[str, str]
    request: Mapping[str, str] | None  # None: not known
    sha256: str | None


def write_warc(
    tx: Connection,
    snapshots: Snapshots,
    folder: Path,
    *,
    store: str,
    now: str,
    unreadable: Unreadable,
    advance: Advance,
) -> list[tuple[str, int]]:
    """Write every answer that a store knows of; returns the names of the files, and how many records each holds."""
    total = sum(tx.execute(select(func.count()).select_from(one)).scalar_one() for one in (exchanges, captures))
    with ExitStack() as stack:
        out = stack.enter_context(_Files(folder, store=store, now=now))
        places = [stack.enter_context(TemporaryFile(dir=folder)) for _ in range(256)]
        done = 0
        for done, answer in enumerate(_all_answers(tx, unreadable), 1):
            if answer.sha256 is None:
                out.write(answer, b"", None)
            else:
                raw, (kind, number) = bytes.fromhex(answer.sha256), answer.name.split("/")
                places[raw[0]].write(PLACE.pack(raw, kind == "exchange", int(number)))
            advance("answers", done, 2 * total)
        for sha256, answers in _by_body(tx, places):
            body, why = _body(tx, snapshots, sha256)
            if why:
                _tell(answers, why, unreadable)
            else:
                _write_body(body, answers, out)
            done += 1
            advance("answers", min(done, 2 * total), 2 * total)
    return out.files


def _all_answers(tx: Connection, unreadable: Unreadable) -> Iterator[_Answer]:
    for row in streamed(tx, select(exchanges).order_by(exchanges.c.id)):
        if row.status is None:
            unreadable.unanswered += 1
        else:
            yield _exchange(row)
    for row in streamed(tx, select(captures).order_by(captures.c.id)):
        yield _capture(row)


def _exchange(row: Any) -> _Answer:
    return _Answer(
        name=f"exchange/{row.id}",
        at=_written(row.at),
        url=row.url,
        status=row.status,
        headers=row.headers,
        request=row.request,
        sha256=row.sha256,
    )


def _capture(row: Any) -> _Answer:
    return _Answer(
        name=f"capture/{row.id}",
        at=_written(row.at),
        url=row.url,
        status=row.status,
        headers=row.headers,
        request=None,
        sha256=row.sha256,
    )


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


def _by_body(tx: Connection, places: Sequence[IO[bytes]]) -> Iterator[tuple[str, Iterator[_Answer]]]:
    """The answers with a body, those with the same bytes together: sorted bucket by bucket, so that few are held at once."""
    for bucket in places:
        bucket.seek(0)
        raw = bucket.read()
        found = sorted(PLACE.iter_unpack(raw))
        for sha256, group in groupby(found, key=lambda place: place[0]):
            yield sha256.hex(), _fetched(tx, [(is_exchange, number) for _, is_exchange, number in group])


def _fetched(tx: Connection, wanted: Sequence[tuple[bool, int]]) -> Iterator[_Answer]:
    """The captures first, then the exchanges."""
    for table, make, is_exchange in ((captures, _capture, False), (exchanges, _exchange, True)):
        ids = [number for kind, number in wanted if kind == is_exchange]
        for start in range(0, len(ids), ROWS_AT_ONCE):
            some = ids[start : start + ROWS_AT_ONCE]
            for row in tx.execute(select(table).where(table.c.id.in_(some)).order_by(table.c.id)).all():
                yield make(row)


def _body(tx: Connection, snapshots: Snapshots, sha256: str) -> tuple[bytes, str]:
    """The bytes, or why there are none."""
    try:
        return snapshots.get(sha256), ""
    except FileNotFoundError:
        return b"", "removed by retention" if is_removed(tx, sha256) else "not in the snapshot folder"
    except (ValueError, EOFError, OSError, zlib.error) as error:
        return b"", f"damaged: {error}"


def _tell(answers: Iterator[_Answer], why: str, unreadable: Unreadable) -> None:
    for answer in _told_once(answers):
        unreadable.bodies += 1
        unreadable.tell({"sha256": answer.sha256, "url": answer.url, "at": answer.at, "why": why})


def _write_body(body: bytes, answers: Iterator[_Answer], out: _Files) -> None:
    """The first answer with some bytes holds them; the others refer to it."""
    first: _Answer | None = None
    for answer in _told_once(answers):
        out.write(answer, body, first)
        first = first or answer


def _told_once(answers: Iterator[_Answer]) -> Iterator[_Answer]:
    """Without the captures that tell of an exchange which is there: every capture since exchanges are kept."""
    pending: list[_Answer] = []
    for answer in answers:
        if answer.request is None:
            pending.append(answer)
            continue
        pending = [one for one in pending if not _same(one, answer)]
        yield answer
    yield from pending


def _same(capture: _Answer, exchange: _Answer) -> bool:
    after = datetime.fromisoformat(exchange.at) - datetime.fromisoformat(capture.at)
    return capture.url == exchange.url and timedelta(0) <= after <= LATER


class _Files:
    """The files of an export, each with a `warcinfo` record at its start."""

    def __init__(self, folder: Path, *, store: str, now: str) -> None:
        self._folder, self._store, self._now = folder, store, now
        self.files: list[tuple[str, int]] = []
        self._file: IO[bytes] | None = None
        self._writer: Any = None

    def __enter__(self) -> _Files:
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, answer: _Answer, body: bytes, first: _Answer | None) -> None:
        """Write what was answered, with its body, or with a reference to the first record that holds the same; and what was
        asked."""
        if self._file is None or self._file.tell() > MOST_FILE:
            self._begin()
        record = self._id(answer, "response")
        headers = {"WARC-Record-ID": record, "WARC-Date": answer.at, "WARC-Payload-Digest": f"sha256:{answer.sha256}"}
        http = _http(f"{answer.status} {_phrase(answer.status)}", _answered(answer, len(body)))
        uri = _uri(answer.url)
        if answer.sha256 is None:
            del headers["WARC-Payload-Digest"]
        if first is None:
            self._add("response", uri, headers, http, body)
        else:
            del headers["WARC-Payload-Digest"]  # the builder puts it in
            headers["WARC-Refers-To"] = self._id(first, "response")
            made = self._writer.create_revisit_record(
                uri, f"sha256:{answer.sha256}", _uri(first.url), first.at, http_headers=http, warc_headers_dict=headers
            )
            self._put(made)
        if answer.request is not None:
            self._write_request(answer, uri, concurrent=record)

    def _write_request(self, answer: _Answer, uri: str, *, concurrent: str) -> None:
        parts = urlsplit(uri)
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        asked = [("host", parts.netloc.rpartition("@")[2]), *_clean(answer.request or {})]
        http = statusandheaders.StatusAndHeaders(f"GET {target} HTTP/1.1", asked, is_http_request=True)
        headers = {
            "WARC-Record-ID": self._id(answer, "request"),
            "WARC-Date": answer.at,
            "WARC-Concurrent-To": concurrent,
        }
        self._add("request", uri, headers, http, b"")

    def _add(self, kind: str, uri: str, headers: dict[str, str], http: Any, body: bytes) -> None:
        self._put(
            self._writer.create_warc_record(
                uri, kind, payload=io.BytesIO(body), length=len(body), warc_headers_dict=headers, http_headers=http
            )
        )

    def _put(self, record: Any) -> None:
        self._writer.write_record(record)
        name, count = self.files[-1]
        self.files[-1] = (name, count + 1)

    def _begin(self) -> None:
        if self._file is not None:
            self._file.close()
        name = f"snapshots-{len(self.files):05}.warc.gz"
        self._file = (self._folder / name).open("xb")
        self._writer = WARC.WARCWriter(self._file, gzip=True, warc_version="WARC/1.1")
        self.files.append((name, 0))
        info = {
            "software": "update-aggregator",
            "format": "WARC file version 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": f"urn:uuid:{self._store}",
            "description": "bodies without content and transfer coding; what the answers said of it: x-archive-orig-…",
        }
        record = self._writer.create_warcinfo_record(name, info)
        record.rec_headers.replace_header("WARC-Date", self._now)
        record.rec_headers.replace_header("WARC-Record-ID", self._urn(f"{name}/{self._now}"))
        self._put(record)

    def _id(self, answer: _Answer, kind: str) -> str:
        return self._urn(f"{answer.name}/{kind}")

    def _urn(self, name: str) -> str:
        return f"<urn:uuid:{uuid.uuid5(NAMES, f'{self._store}/{name}')}>"


def _http(line: str, headers: list[tuple[str, str]]) -> Any:
    return statusandheaders.StatusAndHeaders(line, headers, protocol="HTTP/1.1")


def _answered(answer: _Answer, length: int) -> list[tuple[str, str]]:
    """The headers of an answer, true of the bytes that are stored."""
    said = [
        (f"x-archive-orig-{name}" if name.lower() in OF_THE_WIRE else name, value) for name, value in _clean(answer.headers)
    ]
    return (
        said if answer.sha256 is None and answer.status == HTTPStatus.NOT_MODIFIED else [*said, ("content-length", str(length))]
    )


def _clean(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Headers that stay one line each, whatever a server sent."""
    return [(name, CONTROL.sub(" ", value).strip()) for name, value in headers.items() if TOKEN.fullmatch(name)]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _uri(url: str) -> str:
    """An address as a URI (RFC 3986): what is none of its signs is percent-encoded."""
    return quote(CONTROL.sub("", url), safe="%/:?#[]@!$&'()*+,;=~")
