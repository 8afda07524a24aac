"""What the store's everyday work costs when it holds 10,000 statements and when it holds 1,000,000.

    .venv/bin/python benchmarks/growth.py [--sizes 10000 1000000] [--database URL] [--folder DIR]

The stores are filled by the service's own functions: 500 sources of 250 families over ten years, 20 stories, a listing for each
statement. `--database` is a PostgreSQL URL with `{size}` in the name of a database that is empty, or filled already, by this or
by `aggregator copy` from such a file; without it, SQLite files are made in a temporary folder, or kept in `--folder`. The
rounds of all sizes alternate, so that a busy machine slows them alike.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import random
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loopback import table
from sqlalchemy import Connection, func, select

from aggregator.cli.output import progress, set_up_logs
from aggregator.config import Config, load_config
from aggregator.model import Balance, Entry, Outcome, OutcomeKind, SourceKey, StatementId, StoryKey
from aggregator.pipeline import sync, tell_ready
from aggregator.pipeline.likening import liken, near_texts
from aggregator.pipeline.matching import consider
from aggregator.store import Store, open_store
from aggregator.store.deciding import Line, Origin
from aggregator.store.known import known_raw
from aggregator.store.near import COPIES, NearShelf
from aggregator.store.pages import story_page
from aggregator.store.polls import Poll, add_polls
from aggregator.store.reading import recent_statements, statement_detail
from aggregator.store.schema import changes, statements
from aggregator.store.sources import due_sources
from aggregator.store.statements import Settled, settle_listing
from aggregator.stories.duplicates import DuplicateIndex
from aggregator.stories.sketching import read_ahead, read_text
from aggregator.text.fingerprint import fingerprints

START, YEARS = datetime(2016, 1, 1, tzinfo=UTC), timedelta(days=3650)
NOW = START + YEARS
FAMILIES, STORIES, POLL, ROUNDS = 250, 20, 30, 41
MOST_AT_ONCE = 2_000  # statements of one source that are filled in together
WARM_UP = 300  # polls, until as many bands go on from each level of `near_fresh` as come to it
TOLD = 25  # updates of the story that is read
LETTERS = "etaoinshrdlucmfwypvbgk"
GOOD = Outcome(kind=OutcomeKind.CHANGED, reason="new bytes", status=200)


def main() -> None:
    """Fill the stores, measure, and print the table."""
    parser = argparse.ArgumentParser(description="Does the cost of the everyday grow with the store?")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--database", help="a PostgreSQL URL with {size} in the name of the database")
    parser.add_argument("--folder", type=Path, help="where to keep the SQLite files")
    asked = parser.parse_args()
    set_up_logs(everything=False)
    with tempfile.TemporaryDirectory() as temporary:
        benches = [Bench(size, asked.folder or Path(temporary), asked.database) for size in asked.sizes]
        figures = measured(benches)
        headings = ("median, ms", *(f"{size:,} statements" for size in asked.sizes), "last : first")
        rows = [(name, *(f"{one:.2f}" for one in some), f"{some[-1] / some[0]:.2f}") for name, some in figures.items()]
        print(table(headings, rows))
        for bench in benches:
            print(f"{bench.size:,} statements: {bench.bytes_on_disk() / bench.size:,.0f} bytes on disk for each")
            bench.store.close()


def measured(benches: Sequence[Bench]) -> Mapping[str, list[float]]:
    """Milliseconds (the median of the rounds) of each piece of work, in each store."""
    times: dict[str, list[list[float]]] = {}
    for number in range(ROUNDS + 1):
        for place, bench in enumerate(benches):
            for name, work in bench.work(number).items():
                started = time.perf_counter()
                work()
                took = (time.perf_counter() - started) * 1000
                if number:  # the first round warms up
                    times.setdefault(name, [[] for _ in benches])[place].append(took)
    return {name: [statistics.median(some) for some in found] for name, found in times.items()}


class Bench:
    """A store of some size, and the everyday work on it."""

    def __init__(self, size: int, folder: Path, database: str | None) -> None:
        self.size, self.folder = size, folder / str(size)
        self.folder.mkdir(exist_ok=True, parents=True)
        url = database.format(size=size) if database else f"sqlite:///{self.folder}/aggregator.sqlite"
        self.config = _config(self.folder)
        self.store = open_store(url, snapshots=self.folder / "snapshots")
        with self.store.read() as tx:
            there = tx.execute(select(func.count()).select_from(statements)).scalar_one()
        if there < size:
            fill(self.store, self.config, texts(), size, there=there)
        self.run = there + time.time_ns()  # of no earlier run on a store that was kept
        self.texts = texts(str(self.run))  # the same: else they would be copies of those
        for number in range(-WARM_UP, 0):
            next(iter(self.work(number).values()))()

    def bytes_on_disk(self) -> int:
        """Of the database alone: how large snapshots are, the sources decide."""
        with self.store.read() as tx:
            if tx.dialect.name == "postgresql":
                return int(tx.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
        return sum(path.stat().st_size for path in self.folder.glob("aggregator.sqlite*"))

    def work(self, number: int) -> dict[str, Callable[[], object]]:
        """What is timed in a round."""
        family = number * 7 % FAMILIES
        source, other = SourceKey(f"a{family}"), SourceKey(f"b{family}")
        new = [
            line(f"{self.run}-{number}-{n}", next(self.texts), at=NOW - timedelta(minutes=n), family=f"f{family}")
            for n in range(POLL)
        ]
        copies = [replace(one, entry=replace(one.entry, id=f"copy of {one.entry.id}")) for one in new]
        known = [f"{family}-{n}" for n in range(POLL)]
        settled: list[Settled] = []
        return {
            f"a poll with {POLL} new statements": lambda: settled.extend(self._poll(source, new)),
            f"near-copy look-up for {POLL} statements": lambda: self._read(lambda tx: near_copies(tx, settled)),
            f"a poll with {POLL} lines that another feed of the family had": lambda: self._poll(other, copies),
            f"a poll with {POLL} known lines": lambda: self._poll_known(source, known),
            f"matching {POLL} statements with {STORIES} stories": lambda: self._match(settled),
            "looking for what has settled": lambda: tell_ready(self.store, self.config, now=START),
            f"a story page of {TOLD} updates": lambda: self._read(lambda tx: story_page(tx, StoryKey("told"))),
            "the 50 newest statements": lambda: self._read(lambda tx: recent_statements(tx, source=None, limit=50)),
            "the 50 newest of one source": lambda: self._read(lambda tx: recent_statements(tx, source=source, limit=50)),
            "one statement": lambda: self._read(lambda tx: statement_detail(tx, StatementId(1 + number * 97))),
            "which sources are due": lambda: self._read(lambda tx: due_sources(tx, now=START)),
            "the newest 100 changes": lambda: self._read(_newest_changes),
        }

    def _poll(self, source: SourceKey, lines: Sequence[Line]) -> list[Settled]:
        with self.store.write() as tx:
            return stored(tx, self.config, source, lines, at=NOW)

    def _poll_known(self, source: SourceKey, ids: Sequence[str]) -> None:
        with self.store.write() as tx:
            there = known_raw(tx, source, ids)
            balance = Balance(listed=len(there), unchanged=len(there))
            add_polls(tx, [Poll(source=source, outcome=GOOD, at=NOW, ms=1, balance=balance)])

    def _match(self, settled: Sequence[Settled]) -> None:
        with self.store.write() as tx:
            attempt = tx.begin_nested()
            consider(tx, self.config.stories.values(), settled, now=NOW)
            attempt.rollback()

    def _read(self, ask: Callable[[Connection], object]) -> None:
        with self.store.read() as tx:
            ask(tx)


def stored(tx: Connection, config: Config, source: SourceKey, lines: Sequence[Line], *, at: datetime) -> list[Settled]:
    """What a poll writes that brought these lines."""
    family = config.sources[source].family
    present = frozenset(one.entry.id for one in lines)
    origin = Origin(source=source, family=family, at=at, capture=None, built=None, newest_built=None, present=present)
    settled = settle_listing(tx, lines, origin)
    liken(tx, settled, at=at)
    verdicts = [one.decision.verdict.value for one in settled]
    balance = Balance(
        listed=len(lines), **{name: verdicts.count(name) for name in ("new", "revised", "duplicate", "unchanged")}
    )
    add_polls(tx, [Poll(source=source, outcome=GOOD, at=at, ms=1, balance=balance)])
    return settled


def near_copies(tx: Connection, settled: Sequence[Settled]) -> None:
    """What is asked of the index for new statements, which were read before: looked up and held against what is near."""
    read = [read_text(one) for one in near_texts(settled)]
    shelf = NearShelf(tx, COPIES)
    shelf.look_ahead((one.of.said_at, one.reading.copied.bands) for one in read)
    index = DuplicateIndex(shelf)
    for one in read:
        shelf.at(one.of.said_at)
        index.look_prepared(one.reading.copied)


def fill(store: Store, config: Config, made: Iterator[tuple[str, str]], size: int, *, there: int = 0) -> None:
    """Fill a store, batch by batch in the order of time; the story that is read gets its updates first.

    Where a filling was cut short, it goes on with the batch after the last one that is `there`.
    """
    batch = batch_of(size)
    begin = max(there - TOLD, 0) // batch * batch
    if there:
        for _ in range(TOLD + begin):  # the same chances as without the break
            next(made)
    else:
        _fill_the_story(store, config, made)
    with progress(-(-(size - begin) // batch), f"statements, in batches of {batch:,}") as advance:
        for start in range(begin, size, batch):
            family = start // batch % FAMILIES
            at = START + YEARS * (start / size)
            lines = [
                line(
                    f"{family}-{start // batch // FAMILIES * batch + n}",
                    next(made),
                    at=at + timedelta(seconds=n),
                    family=f"f{family}",
                )
                for n in range(min(batch, size - start))
            ]
            with store.write() as tx:
                stored(tx, config, SourceKey(f"a{family}"), lines, at=at)
            advance()


def batch_of(size: int) -> int:
    """How many statements of one source are filled in together: each family has some in a store of any size. Of a source that
    lists what the store never saw, nothing is found, and that costs less than to find it."""
    return min(MOST_AT_ONCE, max(POLL, size // FAMILIES))


def _fill_the_story(store: Store, config: Config, made: Iterator[tuple[str, str]]) -> None:
    sync(store, config, now=START)
    told = [
        line(f"told-{n}", (f"Zeppelin {n}", next(made)[1]), at=START + timedelta(hours=n), family="f0") for n in range(TOLD)
    ]
    with store.write() as tx:
        settled = stored(tx, config, SourceKey("a0"), told, at=START)
        consider(tx, config.stories.values(), settled, now=START)
    tell_ready(store, config, now=START + timedelta(days=2))


def line(entry_id: str, made: tuple[str, str], *, at: datetime, family: str) -> Line:
    """A listed entry, read as the reading processes read it."""
    title, text = made
    both, body = fingerprints(title, text)
    url = f"https://news.example/{entry_id}"
    return Line(
        entry=Entry(id=entry_id, url=url, title=title, published=at, updated=None),
        said_at=at,
        raw=hashlib.sha256(entry_id.encode()).hexdigest(),
        title=title,
        text=text,
        html=f"<p>{text}</p>",
        language="en",
        url=url,
        fingerprint=both,
        body_fingerprint=body,
        reading=read_ahead(text, title, at, language="en", family=family, url=url),
    )


def texts(seed: str = "growth") -> Iterator[tuple[str, str]]:
    """Titles and texts of about 90 words without end. Every tenth is a copy of one of the last 200, with another beginning and
    without its end; no others have a sentence in common: how many texts a new one is held against is the same in stores of all
    sizes. The same words for each seed."""
    chance = random.Random("growth")  # noqa: S311 - the same texts each time
    words = ["".join(chance.choices(LETTERS, weights=range(22, 0, -1), k=chance.randint(2, 10))) for _ in range(30_000)]
    heaps = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(words))))
    last: deque[list[str]] = deque(maxlen=200)
    number = time.time_ns()
    chance = random.Random(seed)  # noqa: S311 - as above
    while True:
        number += 1
        said = chance.choices(words, cum_weights=heaps, k=88)
        if number % 10 == 0 and last:
            said = said[:8] + chance.choice(last)[8:76]
        last.append(said)
        a, b, c, d = (" ".join(said[at : at + 22]) for at in range(0, 88, 22))
        yield f"{a[:60]} {number}", f"{a}, {number}. {b}.\n\n{c}. {d}."


def _config(folder: Path) -> Config:
    feeds = [
        f'[sources.{key}{n}]\nname = "N{n}"\nurl = "https://{key}{n}.example/feed"\nfamily = "f{n}"\n'
        for n in range(FAMILIES)
        for key in "ab"
    ]
    window = "from = 2015-12-31\nuntil = 2030-01-01\n"
    terms = {"told": "zeppelin", **{f"story{n}": f"unsaid{n}" for n in range(STORIES - 1)}}
    followed = [
        f'[stories.{key}]\ntitle = "{key}"\nlead = "{key}"\n{window}terms = ["{term}"]\n' for key, term in terms.items()
    ]
    file = folder / "feeds.toml"
    file.write_text("\n".join(feeds + followed), encoding="utf-8")
    return load_config(file)


def _newest_changes(tx: Connection) -> object:
    newest = tx.execute(select(func.max(changes.c.seq))).scalar_one()
    return tx.execute(select(changes).where(changes.c.seq > newest - 100).order_by(changes.c.seq)).all()


if __name__ == "__main__":
    main()
