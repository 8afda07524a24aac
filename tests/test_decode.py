"""Content codings: undone, within a limit."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import resource
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.decode import CODINGS, BadCoding, TooLarge, decode

NOISE = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(6_000))
PACK = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstandard.compress}
SAMPLES = [b"", b"x", b"hello " * 5_000, NOISE, b"a" * 3_000_000]


@pytest.mark.parametrize("coding", PACK)
@pytest.mark.parametrize("data", SAMPLES, ids=lambda data: str(len(data)))
def test_every_coding_gives_back_what_was_packed(coding: str, data: bytes) -> None:
    packed = PACK[coding](data)
    assert decode(packed, coding.upper(), most=len(data)) == data
    assert decode(gzip.compress(packed), f"{coding}, gzip", most=len(data) + 100) == data
    if data:
        with pytest.raises(TooLarge):
            decode(packed, coding, most=len(data) - 1)
    with pytest.raises(BadCoding):
        decode(packed[:-1], coding, most=len(data) + 1)


def test_bare_deflate_and_members_one_after_the_other() -> None:
    worker = zlib.compressobj(9, zlib.DEFLATED, -15)
    assert decode(worker.compress(b"bare") + worker.flush(), "deflate", most=10) == b"bare"
    assert decode(gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0", "x-gzip", most=10) == b"ab"
    assert decode(zstandard.compress(b"a") + zstandard.compress(b"b"), "zstd", most=10) == b"ab"
    assert decode(b"plain", "identity", most=10) == b"plain"


@pytest.mark.parametrize(
    ("coding", "body"), [("gzip", b"no gzip"), ("rot13", b"x"), ("gzip, gzip, gzip, gzip", b"x"), ("br", b"no")]
)
def test_what_cannot_be_unpacked_says_why(coding: str, body: bytes) -> None:
    with pytest.raises(BadCoding, match=r"coding"):
        decode(body, coding, most=100)


def packed_zeros(coding: str, *, megabytes: int) -> bytes:
    """Made piece by piece: the test itself must not fill memory."""
    piece = b"\0" * 1_000_000
    if coding == "br":
        maker = brotli.Compressor(quality=1)
        return b"".join(maker.process(piece) for _ in range(megabytes)) + bytes(maker.finish())
    worker = (
        zstandard.ZstdCompressor().compressobj() if coding == "zstd" else zlib.compressobj(wbits=31 if coding == "gzip" else 15)
    )
    return b"".join(worker.compress(piece) for _ in range(megabytes)) + worker.flush()


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip", "deflate", "br", "zstd", "zstd, gzip", "br, br"])
def test_a_bomb_ends_at_the_limit_without_filling_memory(coding: str) -> None:
    first, *outer = coding.split(", ")
    bomb = packed_zeros(first, megabytes=300)
    for name in outer:
        bomb = PACK[name](bomb)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TooLarge):
        decode(bomb, coding, most=5_000_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB


@given(st.binary(max_size=200), st.sampled_from(sorted(CODINGS)))
def test_no_bytes_are_too_odd(body: bytes, coding: str) -> None:
    with contextlib.suppress(BadCoding, TooLarge):
        decode(body, coding, most=1_000)
