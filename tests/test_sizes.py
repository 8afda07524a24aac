"""Raw bytes go when they take more room than they may: what was received longest ago first, and nothing that is needed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from aggregator.config import ConfigError, load_config
from aggregator.fetch import Exchange
from aggregator.model import SourceKey
from aggregator.pipeline import prune
from aggregator.store import Store, open_store
from aggregator.store.exchanges import add_exchanges
from aggregator.store.polls import add_snapshot
from aggregator.store.retention import ALL, Keeps, Step
from aggregator.store.schema import snapshots
from aggregator.store.sizes import Excess, excesses, kept_sizes, mark_oldest
from tests.conftest import NOON, STORY, Answer, Desk, Web, item, rss, source_block, write_feeds

OpenDesk = Callable[[str], Desk]


def large(number: int) -> bytes:
    """Bytes that packing makes no smaller: 40 KB."""
    return b"<title>Access denied</title>" + random.Random(number).randbytes(40_000)  # noqa: S311 - no secret


def wall(number: int) -> Answer:
    return Answer(large(number), 403, {"content-type": "text/html"})


def service(database_url: str, more: str = 'snapshots_size = "100KB"') -> str:
    return f'[service]\ndatabase = "{database_url}"\n{more}\n'


def kept(desk: Desk, body: bytes) -> bool:
    """Whether some bytes lie in the folder; row and file must say the same."""
    sha256 = hashlib.sha256(body).hexdigest()
    with desk.store.read() as tx:
        removed_at = tx.execute(select(snapshots.c.removed_at).where(snapshots.c.sha256 == sha256)).scalar_one()
    assert desk.store.snapshots.path(sha256).exists() == (removed_at is None)
    return removed_at is None


def poll_walls(desk: Desk, web: Web, key: str, numbers: range) -> None:
    for number in numbers:
        web.answers[f"/{key}"] = wall(number)
        desk.poll(key)
        desk.clock.forward(minutes=30)


def pruned(desk: Desk) -> Step:
    return prune(desk.store, desk.config, now=desk.clock())


def test_what_was_received_longest_ago_goes_until_the_rest_fits(web: Web, desk: OpenDesk, database_url: str) -> None:
    at_work = desk(service(database_url) + STORY + source_block("a", web.url("/a")))
    poll_walls(at_work, web, "a", range(2))
    assert pruned(at_work) == Step()
    poll_walls(at_work, web, "a", range(2, 5))
    web.answers["/a"] = wall(0)
    at_work.poll("a")  # the first comes again: it is the newest now
    done = pruned(at_work)
    assert [kept(at_work, large(number)) for number in range(5)] == [True, False, False, False, True]
    assert done.removed >= 3
    assert done.freed > 120_000
    with at_work.store.read() as tx:
        assert kept_sizes(tx)[ALL] <= 100_000
        assert kept_sizes(tx)[ALL] == sum(path.stat().st_size for path in at_work.store.snapshots.folder.glob("??/*"))
    assert pruned(at_work) == Step()


def test_a_source_may_have_a_size_of_its_own_and_others_keep_theirs(web: Web, desk: OpenDesk, database_url: str) -> None:
    own = source_block("a", web.url("/a"), more='snapshots_size = "100KB"')
    at_work = desk(service(database_url, "") + STORY + own + source_block("b", web.url("/b")))
    poll_walls(at_work, web, "b", range(10, 14))
    poll_walls(at_work, web, "a", range(4))
    pruned(at_work)
    assert [kept(at_work, large(number)) for number in range(4)] == [False, False, True, True]
    assert all(kept(at_work, large(number)) for number in range(10, 14))


def test_bytes_that_another_source_gave_later_are_not_the_oldest(web: Web, desk: OpenDesk, database_url: str) -> None:
    at_work = desk(service(database_url) + STORY + source_block("a", web.url("/a")) + source_block("b", web.url("/b")))
    poll_walls(at_work, web, "a", range(3))
    web.answers["/b"] = wall(0)
    at_work.poll("b")
    pruned(at_work)
    assert [kept(at_work, large(number)) for number in range(3)] == [True, False, True]


def test_what_an_update_cites_stays_though_it_is_too_much_and_that_is_said(web: Web, desk: OpenDesk, database_url: str) -> None:
    noise = random.Random(7).randbytes(50_000).hex()  # noqa: S311 - no secret
    listing = rss(item("one", "Talks on grain", "The talks on grain go on in Geneva for another week."))
    web.serve(f"{listing}<!-- {noise} -->", "/a")
    at_work = desk(service(database_url) + STORY + source_block("a", web.url("/a")))
    at_work.poll()
    assert len(at_work.settle()) == 1
    cited = web.answers["/a"].body
    poll_walls(at_work, web, "a", range(3))
    assert pruned(at_work).over == 0
    assert kept(at_work, cited)
    assert [kept(at_work, large(number)) for number in range(3)] == [False, False, True]  # the rest fits beside it
    at_work.clock.forward(days=1)
    with at_work.store.write() as tx:  # more of it than may be kept at all
        tx.execute(snapshots.update().where(snapshots.c.stored_size > 45_000).values(stored_size=200_000))
    assert pruned(at_work).over == 100_000
    assert kept(at_work, cited)


# --- what it costs


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/a.sqlite", snapshots=tmp_path / "snapshots")) as opened:
        values = {"kind": "feed", "url": "", "lane": "primary", "language": "en", "homepage": "", "active": True}
        for key in ("a", "b"):
            with opened.write() as tx:
                tx.exec_driver_sql(
                    "INSERT INTO sources (key, name, family, first_seen_at, next_poll_at, failures, listed, fresh, reached,"
                    " variant, plan, read_by, open_gaps, seal, kind, url, lane, language, homepage, active)"
                    " VALUES (?, ?, ?, ?, ?, 0, 0, 0, 1, '', '', '', '', '', ?, ?, ?, ?, ?, ?)",
                    (key, key, key, NOON.isoformat(), NOON.isoformat(), *values.values()),
                )
        yield opened


def receive(store: Store, number: int, source: str, *, size: int = 1_000) -> None:
    """One request with a body that counts as so many bytes on disk."""
    body = b"%d" % number
    sha256, at = hashlib.sha256(body).hexdigest(), NOON + timedelta(minutes=number)
    with store.write() as tx:
        add_snapshot(tx, sha256, size=len(body), stored_size=size, at=at, source=SourceKey(source))
        exchange = Exchange(at=at, url="https://example.org/", status=200, body=body)
        add_exchanges(tx, [(SourceKey(source), exchange, sha256, 1)])


def test_each_request_is_looked_at_once_and_a_step_is_bounded(store: Store) -> None:
    for number in range(60):
        receive(store, number, "a" if number % 2 else "b")
    keeps = Keeps(usual=timedelta.max, sizes={ALL: 20_000})
    with store.read() as tx:
        (excess,) = excesses(tx, keeps.sizes)
    assert (excess.kept, excess.bytes) == (60_000, 40_000)
    looked, gone = [], 0
    while excess.bytes > 0:
        with store.write() as tx:
            step = mark_oldest(tx, excess, keeps, now=NOON + timedelta(days=1), most=15)
        looked.append(step.looked)
        gone += step.too_much
        excess = Excess(key=excess.key, kept=excess.kept - step.too_much, most=excess.most)
    assert (looked, gone) == ([15, 15, 10], 40_000)
    with store.read() as tx:
        assert kept_sizes(tx) == {"a": 10_000, "b": 10_000, ALL: 20_000}
        left = tx.execute(select(snapshots.c.first_at).where(snapshots.c.removed_at.is_(None))).scalars().all()
    assert min(left) == NOON + timedelta(minutes=40)


def test_how_much_is_kept_is_asked_of_one_index(store: Store) -> None:
    with store.read() as tx:
        plan = tx.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT source, sum(stored_size) FROM snapshots WHERE removed_at IS NULL GROUP BY source"
        ).all()
    assert [row[3] for row in plan] == ["SCAN snapshots USING COVERING INDEX ix_snapshots_kept"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('snapshots_size = "20"', r"snapshots_size: is .*; too small: at least 100 KB"),
        ('snapshots_size = "much"', r'snapshots_size: is .*; write a size such as "20 GB"'),
        ('low_disk = "-1"', r'low_disk: is .*; write a size such as "20 GB"'),
        ('low_disk = "100MB"', r"low_disk: full_disk is 200,000,000 bytes; write no more than low_disk \(100,000,000\)"),
        ('full_disk = "2TB"', r"full_disk: full_disk is 2,000,000,000,000 bytes; write no more than low_disk"),
    ],
)
def test_a_wrong_size_is_told_with_its_place(written: str, said: str, tmp_path: Path) -> None:
    feeds = f"[service]\n{written}\n{source_block('a', 'https://example.org/feed')}"
    with pytest.raises(ConfigError, match=rf"feeds\.toml:2: service\.{said}"):
        load_config(write_feeds(tmp_path, feeds))


def test_sizes_are_read_up_to_terabytes(tmp_path: Path) -> None:
    own = source_block("a", "https://example.org/feed", more="snapshots_size = 5_000_000")
    config = load_config(write_feeds(tmp_path, f'[service]\nsnapshots_size = "1.5TB"\nfull_disk = 0\n{own}'))
    assert (config.service.snapshots_size, config.service.full_disk) == (1_500_000_000_000, 0)
    assert config.sources[SourceKey("a")].snapshots_size == 5_000_000
