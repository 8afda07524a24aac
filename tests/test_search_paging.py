"""Page after page while statements arrive; and whatever people write into a search box."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from aggregator.model import StatementId
from aggregator.store import fulltext, open_store, walking
from aggregator.store.indexing import BITS
from aggregator.store.writer import Writer
from aggregator.text.highlight import matches
from aggregator.text.query import QueryError, parse_query
from tests.conftest import NOON
from tests.searching import Archive, a_line, bracketed, settle

MINUTE = timedelta(minutes=1)


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[Archive]:
    store = open_store(database_url, snapshots=tmp_path)
    archive = Archive(store)
    archive.source("kremlin")
    archive.source("reuters", lane="reporting")
    yield archive
    store.close()


def test_pages_have_no_gap_and_no_repetition_while_statements_arrive(empty: Archive) -> None:
    chance = random.Random(6)  # noqa: S311 - the same arrivals each time
    moments = [NOON - MINUTE * (number // 5) for number in range(40)]  # five in one second, eight seconds
    there = {empty.say(f"Grain {number}", ident=str(number), at=at): at for number, at in enumerate(moments)}
    seen: list[StatementId] = []
    cursor = None
    for arrival in range(100):
        page = empty.find("grain", limit=3, after=cursor)
        seen += [hit.statement for hit in page.hits]
        # An edit of any, even of the one at which the page ended; another language; and new ones everywhere.
        edited = chance.randrange(40)
        language = chance.choice(["en", "ru"])
        empty.say(f"Grain {edited} again {arrival}", ident=str(edited), at=moments[edited], language=language)
        last = int(page.hits[-1].title.text.split()[1])
        empty.say(f"Grain {last} once more {arrival}", ident=str(last), at=moments[last])
        empty.say(f"Grain late {arrival}", at=chance.choice(moments))
        empty.say(f"Grain newest {arrival}", at=NOON + MINUTE)
        cursor = page.next
        if cursor is None:
            break
    assert cursor is None
    assert len(seen) == len(set(seen))
    assert set(there) <= set(seen)
    moments_seen = [there[one] for one in seen if one in there]
    assert moments_seen == sorted(moments_seen, reverse=True)


def test_a_version_that_matches_only_now_is_shown_once(empty: Archive) -> None:
    first = empty.say("Grain one", ident="1")
    second = empty.say("Wheat two", ident="2")
    page = empty.find("grain", limit=1)
    assert [hit.statement for hit in page.hits] == [first]
    empty.say("Grain two", ident="2")
    assert [hit.statement for hit in empty.find("grain").hits] == [first, second]


def test_many_in_one_second_and_many_versions_of_one(empty: Archive) -> None:
    at = NOON.replace(microsecond=0)
    lines = [a_line(f"Grain {number}", "", at=at, ident=str(number)) for number in range(4_200)]  # more than a second holds
    with empty.store.write() as tx:
        settle(tx, lines, "kremlin")
    empty.say("A second later", ident="later", at=at + timedelta(seconds=1))
    for number in range(30):
        empty.say(f"Grain edited {number}", ident="7", at=at)
    found = [hit.statement for page in empty.pages("grain", limit=1_000) for hit in page.hits]
    assert len(found) == len(set(found)) == 4_200
    (hit,) = empty.find("edited").hits
    assert (hit.version, hit.title.text) == (31, "Grain edited 29")
    assert empty.titles("later") == ["A second [later]"]
    assert 1 << (BITS - 1) < 4_200


def test_the_work_for_a_page_is_bounded_and_told(empty: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "POSTINGS", 5)
    monkeypatch.setattr(fulltext, "ROWS", 5)
    monkeypatch.setattr(walking, "MOST_READ", 10)
    monkeypatch.setattr(walking, "READ_AT_ONCE", 10)
    for number in range(120):
        word = "half" if number % 2 else "other"
        empty.say(f"{word} a{number}z", "half-way other", at=NOON - number * MINUTE, ident=str(number))
    old = empty.say("other half", at=NOON - 200 * MINUTE)
    with empty.store.write() as tx:
        fulltext.settle(tx)  # so that PostgreSQL knows which words are common
    for query in ('"other half"', "a*", "-half -other", "half -way"):
        pages = list(empty.pages(query, limit=3))
        hits = [hit for page in pages for hit in page.hits]
        assert len({hit.statement for hit in hits}) == len(hits)
        if query == '"other half"':
            assert [hit.statement for hit in hits] == [old]
            assert len(pages) > 3
            assert all(page.back_to is not None for page in pages[:-1])
            reached = [page.back_to for page in pages[:-1] if page.back_to is not None]
            assert reached == sorted(reached, reverse=True)
        if query == "a*":
            assert len(hits) == 120


WRITTEN = st.text(
    st.one_of(
        st.sampled_from("\"'*-()^:{}[]+~|&!<>\\%_.,;$@#\x00 \n\t"),
        st.sampled_from("abcжщ北äß1"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)
HOSTILE = [
    "NEAR(", "NEAR(a b, 2)", '"', '""', '"a', 'a"b', "*", "**", "a**", "^a", "col:", "words:grain", "{words} : a", "a AND",
    "OR", "NOT", "a NOT b", "(", ")", "(a", "-", "--", "-a", "- a", "a -", '-"', '-"a b', "😀", "😀*", "a\x00b", "\x00",
    "';DROP TABLE x", "a'b", "a\\b", "a & b", "a | !b", "a <-> b", "a:*", "%s", "%(x)s", "?", ":x", "x" * 1_999,
    "x " * 63, "é" * 500,
    "\ue000fkremlin", "\ue001", "½", "ﬁ", "İ", "\u0301", "a\u0301*", "\ud800",
]  # fmt: skip


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    return [("Grain a b", "b a\n\nc* ж щ"), ("北京 äß", "1 2 3"), ("words NEAR x", "AND OR NOT col")]


@pytest.fixture
def small(empty: Archive, texts: list[tuple[str, str]]) -> Archive:
    for title, text in texts:
        empty.say(title, text)
    return empty


def test_whatever_is_written_is_a_search_or_a_sentence(small: Archive) -> None:
    for query in HOSTILE:
        if any(sign.isalnum() for sign in query) or not query:
            small.find(query)
        else:
            with pytest.raises(QueryError, match=r"has no letter or digit to look for\. Write a word"):
                small.find(query)


def test_too_much_is_told() -> None:
    with pytest.raises(QueryError, match=r"at most 2,000 characters; this one has 10,000\."):
        parse_query("x" * 10_000)
    with pytest.raises(QueryError, match="at most 64 words"):
        parse_query(" ".join(f"w{number}" for number in range(65)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=WRITTEN)
def test_the_index_finds_what_stands_in_the_texts(small: Archive, texts: list[tuple[str, str]], query: str) -> None:
    try:
        read = parse_query(query)
    except QueryError:
        return
    hits = small.find(query).hits
    assert sorted(hit.title.text for hit in hits) == sorted(title for title, text in texts if matches(read, title, text))
    for hit in hits:
        assert bracketed(hit).count("[") - hit.title.text.count("[") == len(hit.title.spans)


def test_a_book_is_found_by_its_words_and_phrases(empty: Archive) -> None:
    empty.say("A book", "the of " * 9_000 + "green grass grows the grain of Geneva")
    for query in ('"green grass"', '"the grain of"', "geneva", '"of the"'):
        assert len(empty.find(query).hits) == 1, query
    for query in ('"grass green"', '"grain the"', '-"green grass"', '"of of"'):
        assert len(empty.find(query).hits) == 0, query


def test_a_text_without_end_is_stored_and_found_by_its_beginning(empty: Archive) -> None:
    empty.say("Endless", "beginning " + " ".join(f"{number:x}ж" * 9 for number in range(60_000)))
    assert empty.titles("beginning") == ["Endless"]


def test_many_who_write_at_once_do_not_wait_for_each_other_for_ever(empty: Archive) -> None:
    def write(writer: int) -> None:
        for number in range(15):
            words = " ".join(f"word{one}" for one in (range(50) if writer % 2 else range(49, -1, -1)))
            empty.say(f"Grain {writer} {number}", f"{words} own{writer}x{number}", ident=f"{writer} {number}")

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, writer) for writer in range(4)]:
            done.result()
    assert len(empty.titles("grain word7")) == 60
    assert empty.titles("own3x14") == ["Grain 3 14"]


def test_of_a_transaction_only_what_is_stored_is_found(empty: Archive) -> None:
    """One piece of work fails and is undone alone; the other is stored with it."""

    def fail(tx: Connection) -> None:
        settle(tx, [a_line("Lost grain", "", at=NOON)], "kremlin")
        raise RuntimeError

    async def both() -> Sequence[object]:
        writer = Writer(empty.store)
        kept = writer.run(lambda tx: settle(tx, [a_line("Kept grain", "", at=NOON)], "kremlin"))
        return await asyncio.gather(writer.run(fail), kept, return_exceptions=True)

    lost, _ = asyncio.run(both())
    assert isinstance(lost, RuntimeError)
    assert empty.titles("grain") == ["Kept [grain]"]
