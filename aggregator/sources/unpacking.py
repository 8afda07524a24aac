"""Gzip (RFC 1952) with a limit: a file of a few kilobytes may hold gigabytes."""

from __future__ import annotations

import zlib

from aggregator.sources.errors import SourceFormatError

GZIP = b"\x1f\x8b"
MOST_LAYERS = 2  # the file is packed, and a careless server packed it again
WITH_HEADER = 16 + zlib.MAX_WBITS
MOST_MEMBERS = 1_000


def unpacked(body: bytes, *, url: str, most: int) -> bytes:
    """What gzip holds, also where its end is missing; the bytes as they are where they are none, whatever the file's name says.

    Raises `SourceFormatError` for what cannot be unpacked, and for more than `most` bytes.
    """
    for _ in range(MOST_LAYERS):
        if body.startswith(GZIP):
            body = _layer(body, url, most)
    return body


def _layer(body: bytes, url: str, most: int) -> bytes:
    pieces: list[bytes] = []
    left = most
    for _ in range(MOST_MEMBERS):
        engine = zlib.decompressobj(WITH_HEADER)
        try:
            pieces.append(engine.decompress(body, left + 1))
        except zlib.error as error:
            raise SourceFormatError(f"{url}: begins as gzip does but cannot be unpacked ({error}). Ask again later.") from error
        left -= len(pieces[-1])
        if left < 0:
            raise SourceFormatError(f"{url}: unpacked it holds more than {most:,} bytes, the most that are read")
        body = engine.unused_data
        if not body.startswith(GZIP):  # what follows the last member is no part of it
            break
    return b"".join(pieces)
