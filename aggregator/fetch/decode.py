"""Content codings, undone within a limit (RFC 9110, section 8.4.1): a bomb ends at the limit, whatever it would unpack to."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

ACCEPT_ENCODING = "gzip, br, zstd, deflate"
MOST_CODINGS = 3
PIECE = 64 * 1024  # bytes unpacked at a time: the most that is held beside the result
ZSTD_STEP = 256
MOST_WINDOW = 8 * 1024 * 1024  # of zstd (RFC 9659): a frame may not ask for more memory


class TooLarge(Exception):  # noqa: N818 - says what is the case
    """More bytes than the limit allows."""


class BadCoding(ValueError):  # noqa: N818 - says what is the case
    """The bytes are not in the coding that the answer names."""


Pieces = Iterator[bytes]


def decode(body: bytes, coding: str, *, most: int) -> bytes:
    """The content behind a Content-Encoding header, outermost coding last.

    Raises `TooLarge` as soon as more than `most` bytes have come out, `BadCoding` for damaged bytes or an unknown coding.
    Memory stays at a few pieces beside the result, also for codings within codings.
    """
    names = [name.strip().lower() for name in coding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > MOST_CODINGS:
        raise BadCoding(f"more than {MOST_CODINGS} content codings")
    pieces: Pieces = iter((body,))
    for name in reversed(names):
        unpack = CODINGS.get(name)
        if unpack is None:
            raise BadCoding(f"an unknown content coding {name[:30]!r}")
        pieces = unpack(pieces)
    return _gather(pieces, most)


def _gather(pieces: Pieces, most: int) -> bytes:
    parts, size = [], 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > most:
                raise TooLarge
            parts.append(piece)
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
        raise BadCoding(f"damaged content coding ({error})") from error
    return b"".join(parts)


def _gzip(pieces: Pieces) -> Pieces:
    return _inflate(pieces, lambda: zlib.decompressobj(31))


def _deflate(pieces: Pieces) -> Pieces:
    """Zlib's format, or the bare deflate that some servers send in its place."""
    first = next(pieces, b"")
    wrapped = len(first) > 1 and first[0] & 15 == 8 and int.from_bytes(first[:2]) % 31 == 0
    return _inflate(_before(first, pieces), lambda: zlib.decompressobj(15 if wrapped else -15))


def _before(first: bytes, rest: Pieces) -> Pieces:
    yield first
    yield from rest


def _inflate(pieces: Pieces, make: Callable[[], zlib._Decompress]) -> Pieces:
    """Inflate member after member (RFC 1952, section 2.2); what follows the last one is padding."""
    worker = make()
    for piece in pieces:
        data = piece
        while data:
            out = worker.decompress(data, PIECE)
            if out:
                yield out
            if worker.eof:
                data = worker.unused_data.lstrip(b"\x00")
                if data[:1] != b"\x1f":
                    return
                worker = make()
            else:
                data = worker.unconsumed_tail
        while not worker.eof and (out := worker.decompress(worker.unconsumed_tail, PIECE)):
            yield out
    if not worker.eof:
        raise EOFError("it ends too early")


def _brotli(pieces: Pieces) -> Pieces:
    worker = brotli.Decompressor()
    for piece in pieces:
        out = worker.process(piece, output_buffer_limit=PIECE)
        while out or not worker.can_accept_more_data():
            if out:
                yield out
            if worker.is_finished():
                return
            out = worker.process(b"", output_buffer_limit=PIECE)
    if not worker.is_finished():
        raise EOFError("it ends too early")


def _zstd(pieces: Pieces) -> Pieces:
    """Frame after frame (RFC 8878). A few bytes at a time: each block of four bytes may unpack to 128 KiB."""
    worker, begun = _zstd_frame(), False
    for piece in pieces:
        for start in range(0, len(piece), ZSTD_STEP):
            data = piece[start : start + ZSTD_STEP]
            while data:
                begun = True
                out = worker.decompress(data)
                if out:
                    yield out
                data = b""
                if worker.eof:
                    data, worker, begun = worker.unused_data, _zstd_frame(), False
    if begun:
        raise EOFError("it ends too early")


def _zstd_frame() -> zstandard.ZstdDecompressionObj:
    return zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW).decompressobj()


CODINGS: dict[str, Callable[[Pieces], Pieces]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
