"""What a search costs, what the index costs at each poll, and how large it is, in stores of several sizes.

    .venv/bin/python benchmarks/search.py [--sizes 10000 1000000] [--database URL] [--folder DIR]

The stores hold made-up statements over ten years: about 70 words each, among them some that are rare, common, or never meet.
Tables and index are those of the service, filled by its own functions. `--database` names an empty PostgreSQL database for
each size, with `{size}` in its name; without it SQLite files are made in a temporary folder, or kept in `--folder`.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from loopback import table
from sqlalchemy import Connection, func, select

from aggregator.cli.output import progress
from aggregator.model import Entry, SourceKey
from aggregator.store import Store, fulltext, indexing, open_store
from aggregator.store.deciding import Line, Origin
from aggregator.store.indexing import Found
from aggregator.store.schema import candidates, revisions, sources, statements, stories, utc_text
from aggregator.store.search import Search, search
from aggregator.store.statements import settle_listing
from aggregator.text.fingerprint import fingerprints
from aggregator.text.query import parse_query

START, YEARS = datetime(2015, 1, 1, tzinfo=UTC), timedelta(days=3650)
BATCH, ROUNDS, POLLS, POLL = 5_000, 9, 60, 30
SEARCHES: dict[str, Search] = {
    "the newest": Search(),
    "rare word (20 in all)": Search(query=parse_query("rare")),
    "word in one of 1,000": Search(query=parse_query("thousandth")),
    "word in one of 200": Search(query=parse_query("seldom")),
    "word in half of all": Search(query=parse_query("half")),
    "two common words": Search(query=parse_query("other also")),
    "two that never meet": Search(query=parse_query("half other")),
    "phrase of two common words": Search(query=parse_query('"other also"')),
    "phrase that never stands": Search(query=parse_query('"also other"')),
    "begin*, 4 letters": Search(query=parse_query("seld*")),
    "begin*, 2 letters": Search(query=parse_query("ha*")),
    "begin*, 2 letters, rare": Search(query=parse_query("zz*")),
    "begin*, 100 rare words": Search(query=parse_query("q1*")),
    "common -common": Search(query=parse_query("other -also")),
    "common -the same": Search(query=parse_query("half -half")),
    "common word, rare source": Search(query=parse_query("half"), source="rare"),
    "common word, other language": Search(query=parse_query("half"), language="uk"),
    "common word, first year": Search(query=parse_query("half"), until=date(2015, 12, 31)),
    "common word, story of 500": Search(query=parse_query("other"), story="story"),
}


clock = time.process_time  # who else works on the machine makes no difference to it


def main() -> None:
    """Make the stores, measure, and print the tables."""
    parser = argparse.ArgumentParser(description="Measure searches.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--database", help="a PostgreSQL URL with {size} in the name of the database")
    parser.add_argument("--folder", type=Path, help="where to keep the SQLite files")
    options = parser.parse_args()
    if options.database:
        globals()["clock"] = time.perf_counter  # the work is done by another process
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        columns = [measure(size, options.database, folder) for size in options.sizes]
    headings = ["", *(f"{size:,}" for size in options.sizes), "last : first"]
    rows = [
        (name, *(f"{one[name]:.2f}" for one in columns), f"{columns[-1][name] / columns[0][name]:.1f}") for name in columns[0]
    ]
    print(table(headings, rows))


def measure(size: int, database: str | None, folder: Path) -> dict[str, float]:
    """The figures of one size: milliseconds, but for the sizes in bytes."""
    url = database.format(size=size) if database else f"sqlite:///{folder}/{size}.sqlite"
    store = open_store(url, snapshots=folder)
    with store.read() as tx:
        there = tx.execute(select(func.count()).select_from(statements)).scalar_one()
    if there < size:
        fill(store, size)
    figures = {f"{name}, ms": median(lambda wanted=wanted: asked(store, wanted)) for name, wanted in SEARCHES.items()}
    figures |= polls(store)
    figures |= {f"{name}, bytes a statement": there / size for name, there in bytes_of(store).items()}
    store.close()
    return figures


def asked(store: Store, wanted: Search) -> None:
    """One page."""
    with store.read() as tx:
        search(tx, wanted)


def median(work: Callable[[], None]) -> float:
    """Of some rounds after a first one, in milliseconds."""
    work()
    return statistics.median(timed(work) for _ in range(ROUNDS))


def timed(work: Callable[[], None]) -> float:
    """Milliseconds."""
    start = clock()
    work()
    return (clock() - start) * 1000


def polls(store: Store) -> dict[str, float]:
    """What it costs to store the 30 new statements of a poll, with and without the index."""
    index, times = indexing.wanted, {"with": [], "without": []}  # type: dict[str, list[float]]
    made = made_up(random.Random("polls"), 1_000)  # noqa: S311 - the same texts each time
    for number in range(POLLS * 2):
        how = ("with", "without")[number % 2]
        indexing.wanted = index if how == "with" else lambda _tx: False
        lines = [a_line(title, text) for title, text in islice(made, POLL)]
        times[how].append(timed(lambda lines=lines: poll(store, lines)))
    indexing.wanted = index
    return {
        **{f"a poll of 30 {how} the index, median, ms": statistics.median(some) for how, some in times.items()},
        **{f"a poll of 30 {how} the index, mean, ms": statistics.mean(some) for how, some in times.items()},
    }


def poll(store: Store, lines: list[Line]) -> None:
    """Store what a poll brings."""
    origin = Origin(
        source=SourceKey("usual"),
        family="usual",
        at=START + YEARS,
        capture=None,
        built=None,
        newest_built=None,
        present=frozenset(),
    )
    with store.write() as tx:
        settle_listing(tx, lines, origin)


def a_line(title: str, text: str) -> Line:
    """A listed entry, read."""
    both, body = fingerprints(title, text)
    unique = f"{title} {time.perf_counter_ns()}"
    return Line(
        entry=Entry(id=unique, url="", title=title, published=None, updated=None),
        said_at=START + YEARS + timedelta(seconds=time.perf_counter_ns() % 10**6),
        raw=both,
        title=title,
        text=f"{text} {unique}",
        html="",
        language="en",
        url="",
        fingerprint=both,
        body_fingerprint=body,
    )


def made_up(chance: random.Random, size: int) -> Iterator[tuple[str, str]]:
    """Titles and texts without end: sentences from a pool, and words of which the searches know how common they are."""
    letters = "etaoinshrdlucmfwypvbgk"
    vocabulary = ["".join(chance.choices(letters, weights=range(22, 0, -1), k=chance.randint(2, 10))) for _ in range(30_000)]
    weights = [1 / (rank + 10) for rank in range(len(vocabulary))]
    sentences = [" ".join(chance.choices(vocabulary, weights, k=16)) for _ in range(4_000)]
    number = 0
    while True:
        words = ["half" if number % 2 else "other"]
        if number % 4 == 0:
            words.append("also")
        for every, word in ((1_000, "thousandth"), (200, "seldom"), (max(size // 20, 1), "rare"), (max(size // 10, 1), "zzz")):
            if number % every == every // 2:
                words.append(word)
        if number % (size // 80) == 0:
            words.append(f"q1{number // (size // 80)}")
        some = chance.choices(sentences, k=4)
        yield f"{some[0][:60]} n{number}", f"{some[1]} {' '.join(words)} {some[2]}\n\n{some[3]}"
        number += 1


def fill(store: Store, size: int) -> None:
    """Fill an empty store."""
    made = made_up(random.Random("fill"), size)  # noqa: S311 - the same texts each time
    with store.write() as tx:
        for key in ("usual", "rare"):
            row = {"key": key, "name": key, "kind": "feed", "url": "", "family": key, "lane": "primary", "language": ""}
            more = {"homepage": "", "active": True, "first_seen_at": START, "next_poll_at": START, "failures": 0}
            tx.execute(sources.insert().values(**row, **more))
    with progress(-(-size // BATCH), f"statements, in batches of {BATCH:,}") as advance:
        for start in range(0, size, BATCH):
            with store.write() as tx:
                fill_batch(tx, start, size, list(islice(made, min(BATCH, size - start))))
            advance()
    with store.write() as tx:
        take_up(tx, size)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        tx.exec_driver_sql("ANALYZE" if tx.dialect.name == "postgresql" else "SELECT 1")


def fill_batch(tx: Connection, start: int, size: int, made: list[tuple[str, str]]) -> None:
    """Some statements with a version each, stored and indexed."""
    found = []
    for number, (title, text) in enumerate(made, start=start):
        source = "rare" if number % 1_000 < 2 else "usual"
        language = "uk" if number % 300 == 7 else "en"
        at = utc_text(START + YEARS * (number / size))
        found.append(Found(number + 1, number + 1, at, "", title, text, source, source, "primary", language))
    empty = {"said_written": "", "zone_known": "none", "url": "", "updated_written": "", "reference": "", "said_day": ""}
    moments = {one.id: datetime.fromisoformat(one.said_at) for one in found}
    same = {one.id: {"source": one.source, "family": one.family, "said_at": moments[one.id]} for one in found}
    tx.execute(statements.insert(), [{"id": one.id, **same[one.id], "first_seen_at": START, **empty} for one in found])
    tx.execute(
        revisions.insert(),
        [
            {
                "id": one.id, "statement_id": one.id, "number": 1, "language": one.language, "title": one.title,
                "text": one.text, "html": "", "fingerprint": "", "body_fingerprint": str(one.id), "seen_at": START,
                "source": one.source,
            }
            for one in found
        ],
    )  # fmt: skip
    indexing.add(tx, found)


def take_up(tx: Connection, size: int) -> None:
    """A story of 500 statements, and on PostgreSQL the next ids."""
    empty = {"lead": "", "language": "en", "image": "", "image_alt": "", "terms": [], "from_at": START, "active": True}
    tx.execute(stories.insert().values(key="story", title="Story", opened_at=START, **empty))
    taken = [1 + number * (size // 500) for number in range(500)]
    same = {"story": "story", "why": "", "said_at": START, "seen_at": START, "settles_at": START, "state": "published"}
    tx.execute(candidates.insert(), [{"statement_id": one, "revision_id": one, **same} for one in taken])
    if tx.dialect.name == "postgresql":
        for name in ("statements", "revisions"):
            tx.exec_driver_sql(f"SELECT setval('{name}_id_seq', {size})")


def bytes_of(store: Store) -> dict[str, int]:
    """How large the parts of the index are, and the rest of the store."""
    with store.read() as tx:
        if tx.dialect.name == "sqlite":
            sizes = dict(tx.exec_driver_sql("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").all())  # type: ignore[arg-type]
        else:
            query = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 2200"
            sizes = dict(tx.exec_driver_sql(query).all())  # type: ignore[arg-type]
    parts = {"search_index": 0, "search_rows": 0, "search_words": 0, "all else": 0}
    for name, size in sizes.items():
        parts[next((part for part in parts if part in name), "all else")] += size
    return parts


if __name__ == "__main__":
    assert fulltext.INDEX == "search_index"
    main()
