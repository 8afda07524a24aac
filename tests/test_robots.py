"""robots.txt by RFC 9309: what it says, and what its absence says."""

from __future__ import annotations

import gc
import hashlib
import json
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch import robots_allows
from aggregator.fetch.robots import KEEP, product_token, rules_from
from aggregator.fetch.robots_file import MOST_BYTES
from tests.conftest import NOON

CASES = [json.loads(line) for line in (Path(__file__).parent / "data/robots/cases.jsonl").read_text("utf-8").splitlines()]
AGENT = "update-aggregator/0.1 (desk@example.org)"
SITE = "https://site.example"


@pytest.mark.parametrize("case", CASES, ids=[case["shows"] for case in CASES])
def test_the_cases(case: dict[str, Any]) -> None:
    assert robots_allows(case["robots"].encode(), agent=case["agent"], url=case["url"]) is case["allowed"]


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (b"User-agent: update\nDisallow: /", True),  # a part of our name is another's
        (b"User-agent: update-aggregator-news\nDisallow: /", True),
        (b"User-agent: Update-Aggregator/9.9\nDisallow: /", False),  # a version is no part of the name
        (b"User-agent: * (all)\nDisallow: /", False),
        (b"User-agent:\nDisallow: /", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", False),
        (b"\xef\xbbUser-agent: *\nDisallow: /", False),
        (b"User-agent: *\rDisallow: /\r", False),
        (b"User-agent: *\nDisallow: /caf\xe9", True),  # not UTF-8
        (b"User-agent: *\nDisallow: /%61", False),  # the same letter
        (b"User-agent: *\nDisallow: /a$", False),
        (b"User-agent: *\nDisallow: /a$\nAllow: /a", False),
        (b"User-agent: *\nDisallow: /\nAllow: /a", True),  # the longest match wins
        (b"User-agent: *\nDisallow: /a\nAllow: /a", True),  # of two alike, the kinder
        (b"User-agent: *\nDisallow: /A", True),  # paths mind case
        (b"\x00\x01\x02 \xff\xfe", True),
        (b"User-agent: *\nDisallow: /" + b"*a" * 5_000, True),  # no time is lost with it
    ],
)
def test_the_rules(robots: bytes, allowed: bool) -> None:
    assert robots_allows(robots, agent=AGENT, url=f"{SITE}/a") is allowed


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /a?", "/a?", False),  # an empty query is one
        ("Disallow: /a?", "/a", True),
        ("Disallow: /a$", "/a?", True),
        ("Disallow: /*?$", "/a?", False),
        ("Disallow: /a/b", "/a%2Fb", True),  # an escaped slash is none
        ("Disallow: /a%2fb", "/a%2Fb", False),
        ("Disallow: /a%2fb", "/a/b", True),
        ("Disallow: /foo?baz=https://e.org", "/foo?baz=https%3A%2F%2Fe.org", False),  # but for a query: table in section 2.2.2
        ("Disallow: /foo?baz=https%3a%2f%2fe.org", "/foo?baz=https://e.org", False),
        ("Disallow: /*/print/", "/a?u=/print/", False),
        ("Disallow: /%3F", "/?", True),
        ("Disallow: /a-%2A.html", "/a-*.html", False),  # section 2.2.3
        ("Disallow: /a-%2A.html", "/a-b.html", True),
        ("Disallow: /a%24", "/a$", False),
        ("Disallow: /a%24", "/a", True),
        ("Disallow: /a$b", "/a$b", False),  # only at the end does it mean the end
        ("Disallow: /%7ejoe/", "/~joe/x", False),
        ("Disallow: /foo/bar/ツ", "/foo/bar/%e3%83%84", False),
        ("Disallow: /%", "/%C3%A9", True),
        ("Disallow: /a*b*c$", "/axbxcxbc", False),
        ("Disallow: /a*b*c$", "/axbxcx", True),
        ("Disallow: /**x", "/ax", False),
        ("Disallow: *.pdf", "/a.pdf", False),
        ("Disallow: /\nAllow: /$", "/", True),
        ("Disallow: /\nAllow: /$", "/?", False),
        ("Allow: /page\nDisallow: /*.htm", "/page.htm", False),  # the longer pattern counts
        ("Allow: /folder\nDisallow: /folder", "/folder/page", True),
        ("Disallow: /a # not yet", "/a", False),
        ("Disallow:\t/a", "/a", False),
        ("Disallow /a", "/a", False),
        ("Sitemap: https://e.org/s.xml\nDisallow: /a", "/a", False),
        ("Crawl-delay: 5\nClean-param: x /a\n<html>\nUser-agent: other\nDisallow: /a", "/a", False),  # end no group
        ("\n\nUser-agent: other\n\nDisallow: /a", "/a", False),
        ("Disallow: /b\nUser-agent: other\nDisallow: /a", "/a", True),
        ("Allow: /b\nUser-agent: *\nDisallow: /\nUSER-AGENT: BOT/2.0\nDisallow: /a", "/a", False),  # of two groups
        ("Disallow: /b\nUser-agent: *\nDisallow: /\nUSER-AGENT: BOT/2.0\nDisallow: /a", "/c", True),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_one_rule_and_one_address(rules: str, path: str, allowed: bool, line_end: str) -> None:
    robots = f"User-agent: bot\n{rules}".replace("\n", line_end).encode()
    assert robots_allows(robots, agent="bot", url=SITE + path) is allowed
    assert rules_from(200, robots, agent="bot", now=NOON).allows(SITE + path) is allowed


GROUPS = b"""allow: /foo/bar/

user-agent: FooBot
disallow: /
allow: /x/
user-agent: BarBot
disallow: /
allow: /y/


allow: /w/
user-agent: BazBot

user-agent: FooBot
allow: /z/
disallow: /
"""


@pytest.mark.parametrize(
    ("agent", "allowed"), [("FooBot", "xz"), ("BarBot", "yw"), ("BazBot", "z"), ("QuxBot", "xyzw"), ("foobot/2.0 (x)", "xz")]
)
def test_groups_of_several_agents_and_agents_of_several_groups(agent: str, allowed: str) -> None:
    assert "".join(one for one in "xyzw" if robots_allows(GROUPS, agent=agent, url=f"{SITE}/{one}/a")) == "".join(
        sorted(allowed, key="xyzw".index)
    )


def test_half_a_line_at_the_limit_is_none() -> None:
    start = b"User-agent: *\nDisallow: /b\n"
    cut = start + b"#" * (MOST_BYTES - len(start) - 12) + b"\nDisallow: /secret"
    assert cut[:MOST_BYTES].endswith(b"Disallow: /")
    assert robots_allows(cut, agent="bot", url=f"{SITE}/a")
    assert not robots_allows(cut, agent="bot", url=f"{SITE}/b")
    assert robots_allows(cut[: MOST_BYTES - 1] + b"a", agent="bot", url=f"{SITE}/c")


def test_what_stands_behind_500_kib_is_not_there() -> None:
    padding = b"#" * MOST_BYTES
    assert robots_allows(padding + b"\nUser-agent: *\nDisallow: /", agent="bot", url=f"{SITE}/a")


def test_the_file_itself_may_always_be_asked() -> None:
    assert robots_allows(b"User-agent: *\nDisallow: /", agent="bot", url=f"{SITE}/robots.txt")


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(404, True), (403, True), (410, True), (399, True), (204, True), (500, False), (503, False), (429, False), (None, False)],
)
def test_a_file_that_is_not_there_allows_and_a_server_in_trouble_is_left_alone(status: int | None, allowed: bool) -> None:
    rules = rules_from(status, b"", agent=AGENT, now=NOON)
    assert rules.allows(f"{SITE}/a") is allowed
    assert (rules.until - NOON == KEEP) is allowed
    assert allowed or "robots.txt" in rules.reason


@pytest.mark.parametrize(
    ("written", "seconds"), [("10", 10), ("0.5", 0.5), ("-1", 0), ("nan", 0), ("1e99", 600), ("soon", 0), ("86400", 600)]
)
def test_crawl_delay(written: str, seconds: float) -> None:
    body = f"User-agent: *\nCrawl-delay: {written}\nDisallow:".encode()
    assert rules_from(200, body, agent=AGENT, now=NOON).delay == timedelta(seconds=seconds)


def test_our_name_in_a_user_agent() -> None:
    assert product_token(AGENT) == "update-aggregator"
    assert product_token("bot") == "bot"


@given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=40))
def test_no_bytes_are_too_odd(robots: bytes, agent: str, path: str) -> None:
    assert robots_allows(robots, agent=agent, url=f"{SITE}/{path}") in (True, False)


def test_the_rules_of_many_hosts_are_small() -> None:
    """Thousands of hosts are asked, and each has a file of some KB, which its parser turns into thirty."""
    lines = [f"Disallow: /{hashlib.sha256(bytes([n])).hexdigest()[:12]}/" for n in range(80)]
    files = [f"User-agent: *\nDisallow: /no-{host}/\n{chr(10).join(lines)}".encode() for host in range(60)]
    for file in files:  # what of the parser and its patterns is kept for a while, of whichever files
        rules_from(200, file + b"#", agent=AGENT, now=NOON)
    tracemalloc.start()
    rules = [rules_from(200, file, agent=AGENT, now=NOON) for file in files]
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert kept < 60 * 16 * 1024
    assert [one.allows(f"https://a.example/no-{host}/x") for host, one in enumerate(rules)] == [False] * 60
    assert [one.allows(f"https://a.example/no-{host + 1}/x") for host, one in enumerate(rules)] == [True] * 60
