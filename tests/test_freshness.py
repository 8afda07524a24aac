"""RFC 9111 as a private cache: how long an answer is fresh, and what is sent to ask again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.freshness import cache_control, conditions, freshness, http_date, same_variant, variant
from tests.conftest import NOON


def at(**ago: float) -> str:
    return format_datetime(NOON - timedelta(**ago), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=300"}, 300),
        ({"cache-control": 'public, Max-Age="300"'}, 300),
        ({"cache-control": "max-age=300, max-age=900"}, 300),  # the first counts
        ({"cache-control": "s-maxage=900"}, None),  # meant for shared caches
        ({"cache-control": "s-maxage=900, max-age=60"}, 60),
        ({"cache-control": "max-age=300", "age": "100"}, 200),
        ({"cache-control": "max-age=300", "age": "400"}, None),
        ({"cache-control": "max-age=300", "age": "100, 5"}, 200),  # the first counts
        ({"cache-control": "max-age=300", "age": "-5"}, 300),
        ({"cache-control": "max-age=300", "age": "99999999999999999999"}, None),
        ({"cache-control": "max-age=300", "date": "Fri, 31 Dec 9999 23:59:59 -2359"}, 300),
        ({"expires": "Wed, 21 Oct 99999 07:28:00 GMT"}, None),
        ({"expires": "Thu, 31 Feb 2026 07:28:00 GMT"}, None),
        ({"cache-control": "max-age=300", "date": at(seconds=100)}, 200),
        ({"cache-control": "max-age=300", "date": at(seconds=100), "age": "150"}, 150),
        ({"cache-control": "max-age=300", "date": at(seconds=-500)}, 300),  # their clock is ahead
        ({"cache-control": "no-cache, max-age=300"}, None),
        ({"cache-control": "no-store, max-age=300"}, None),
        ({"cache-control": "private, max-age=300"}, 300),
        ({"cache-control": "must-revalidate, max-age=300"}, 300),
        ({"cache-control": "max-age=-5"}, None),
        ({"cache-control": "max-age=soon"}, None),
        ({"cache-control": "max-age=300", "expires": at(hours=1)}, 300),  # max-age goes first
        ({"expires": at(seconds=-600), "date": at()}, 600),
        ({"expires": at(seconds=-600)}, 600),
        ({"expires": at(seconds=-600), "date": at(seconds=60)}, 600),  # its lifetime was 660, and 60 are over
        ({"expires": "0"}, None),
        ({"expires": at(hours=1)}, None),
        ({"last-modified": at(days=10)}, None),  # a guess is no promise
        ({"cache-control": "max-age=300", "vary": "*"}, None),
        ({"cache-control": "max-age=99999999999999999999"}, 86400),  # a day is the most that is believed
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    until = freshness(headers, asked=NOON, now=NOON).until
    assert until == (NOON + timedelta(seconds=seconds) if seconds is not None else None)


def test_the_way_of_the_answer_counts_as_age() -> None:
    now = NOON + timedelta(seconds=20)
    assert freshness({"cache-control": "max-age=30"}, asked=NOON, now=now).until == now + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("stale-if-error=600", 600),
        ("max-age=60, stale-if-error=600", 600),
        ("no-cache, stale-if-error=600", 600),
        ("no-store, stale-if-error=600", 0),
        ("must-revalidate, stale-if-error=600", 0),
        ("stale-if-error=9999999999", 86400),
        ("", 0),
    ],
)
def test_stale_if_error(written: str, seconds: int) -> None:
    assert freshness({"cache-control": written}, asked=NOON, now=NOON).stale_if_error == timedelta(seconds=seconds)


def test_directives_are_read_with_quotes_and_odd_commas() -> None:
    found = cache_control('private="x, y" ,, max-age=5;, no-cache="set-cookie", immutable')
    assert found == {"private": "x, y", "max-age": "5", "no-cache": "set-cookie", "immutable": None}


@pytest.mark.parametrize(
    "written",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_dates_in_the_three_forms_of_http(written: str) -> None:
    assert http_date(written) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


def test_validators_go_back_as_they_came() -> None:
    for etag in ('"a"', 'W/"a"', "unquoted-etag", '"with \\"quotes\\""', '""'):
        assert conditions(etag=etag, last_modified=None, now=NOON) == {"if-none-match": etag}
    both = conditions(etag='"a"', last_modified=at(days=1), now=NOON)
    assert both == {"if-none-match": '"a"', "if-modified-since": at(days=1)}


def test_what_would_break_the_request_is_not_sent() -> None:
    assert conditions(etag='"a"\r\nx: y', last_modified="a\nb", now=NOON) == {}
    assert conditions(etag='"' + "a" * 2000 + '"', last_modified="día", now=NOON) == {}


def test_a_last_modified_that_lies_ahead_is_not_sent() -> None:
    """A server that believes it would answer 304 until then, and every statement in between would be missed."""
    assert conditions(etag=None, last_modified=at(days=-400), now=NOON) == {}


def test_validators_belong_to_the_variant_that_vary_names() -> None:
    known = variant({"vary": "User-Agent, Accept-Encoding"}, {"user-agent": "a", "accept-encoding": "gzip"})
    assert same_variant(known, {"user-agent": "a", "accept-encoding": "gzip", "accept": "x"})
    assert not same_variant(known, {"user-agent": "b", "accept-encoding": "gzip"})
    assert same_variant("", {"user-agent": "b"})
    assert not same_variant(variant({"vary": "*"}, {}), {})


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "age", "date", "vary", "etag"]), st.text(max_size=60)))
def test_no_header_is_too_odd(headers: dict[str, str]) -> None:
    until = freshness(headers, asked=NOON, now=NOON).until
    assert until is None or NOON < until <= NOON + timedelta(days=1)
    variant(headers, headers)
