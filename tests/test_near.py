"""The place of the index in the store: what is put is found, whatever the transactions; what is common takes little room."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from aggregator.store import Store
from aggregator.store.near import COPIES, EPOCH, LANGUAGES, Kind, NearShelf
from aggregator.store.near_fresh import EVERY, EVERYWHERE, SLICES, move_on, put_bands
from aggregator.store.schema import near_bands, near_fresh, near_sketches, revisions
from aggregator.store.statements import settle_listing
from tests.conftest import NOON, most
from tests.test_batch import add_sources, line_of, origin_of

TEXTS = 60
SMALL = Kind(name="copies", period=timedelta(days=20), first=2, last=2, most=5)
BANDS = st.integers(-3, 3).map(lambda some: some * (2**63 // 4))  # all over their range
PUTS = st.lists(st.tuples(st.sets(BANDS, max_size=4), st.integers(-45, 45)), max_size=TEXTS)


@pytest.fixture(scope="module")
def store(shared_store: Store) -> Store:
    """A store with some versions."""
    lines = [line_of(f"n{n}", text=f"Said for the {n}th time.", title=f"Talks {n}") for n in range(TEXTS)]
    with shared_store.write() as tx:
        add_sources(tx)
        settle_listing(tx, lines, origin_of(lines, "a", at=NOON))
    return shared_store


@contextmanager
def taken_back(store: Store) -> Iterator[Connection]:
    with store.write() as tx:
        attempt = tx.begin_nested()
        yield tx
        attempt.rollback()


def versions(tx: Connection) -> list[int]:
    return list(tx.execute(select(revisions.c.id).order_by(revisions.c.id)).scalars())


class Model:
    """The same in a few lines of memory."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.kept: dict[tuple[int, int], list[int]] = {}

    def periods(self, said: datetime) -> tuple[int, int]:
        period, within = divmod(said - EPOCH, self.kind.period)
        return period, period + (1 if within * 2 >= self.kind.period else -1)

    def put(self, text: int, bands: set[int], said: datetime) -> None:
        for band in bands:
            there = self.kept.setdefault((self.periods(said)[0], band), [])
            there.append(text)
            there.sort()
            if len(there) > self.kind.first + self.kind.last:
                del there[self.kind.first]

    def like(self, bands: set[int], said: datetime) -> list[str]:
        found = [text for period in self.periods(said) for band in bands for text in self.kept.get((period, band), ())]
        return [str(text) for text in sorted(set(found), key=lambda one: (-found.count(one), one))[: self.kind.most]]


def test_what_is_put_is_found_whatever_the_transactions(store: Store) -> None:
    @most(store, 60)
    @given(PUTS, st.lists(st.tuples(st.sets(BANDS), st.integers(-45, 45)), max_size=6), st.integers(1, 20))
    def holds(puts: list[tuple[set[int], int]], looks: list[tuple[set[int], int]], together: int) -> None:
        model = Model(SMALL)
        with taken_back(store) as tx:
            texts = versions(tx)
            for start in range(0, len(puts), together):
                shelf = NearShelf(tx, SMALL)
                for text, (bands, day) in zip(texts[start:], puts[start : start + together], strict=False):
                    said = NOON + timedelta(days=day)
                    shelf.at(said).put(str(text), sorted(bands), b"sketch of %d" % text)
                    model.put(text, bands, said)
                shelf.write()
                move_on(tx, texts[start : start + together], every=2, slices=(2, 4))
            shelf = NearShelf(tx, SMALL)
            shelf.look_ahead((NOON + timedelta(days=day), sorted(bands)) for bands, day in looks)
            for bands, day in looks:
                said = NOON + timedelta(days=day)
                found = shelf.at(said).like(sorted(bands))
                assert [key for key, _ in found] == model.like(bands, said)
                assert all(sketch == f"sketch of {key}".encode() for key, sketch in found)
            kept = {text for some in model.kept.values() for text in some}
            assert set(tx.execute(select(near_sketches.c.revision_id)).scalars()) == kept
            assert tx.execute(select(func.count()).select_from(EVERYWHERE)).scalar_one() == sum(map(len, model.kept.values()))

    holds()


def test_a_text_of_the_same_listing_is_found_before_it_is_written(store: Store) -> None:
    with taken_back(store) as tx:
        shelf = NearShelf(tx, COPIES).at(NOON)
        first, second, *_ = map(str, versions(tx))
        shelf.put(first, [1, 2], b"one")
        shelf.put(second, [2, 3], b"two")
        assert shelf.like([2, 3]) == [(second, b"two"), (first, b"one")]


def test_the_kinds_do_not_meet_and_the_ends_of_a_band_are_kept(store: Store) -> None:
    largest, smallest = 2**63 - 1, -(2**63)
    with taken_back(store) as tx:
        texts = [str(one) for one in versions(tx)]
        shelf = NearShelf(tx, COPIES).at(NOON)
        for text in texts:
            shelf.put(text, [largest, smallest], b"the same")
        shelf.write()
        found = [key for key, _ in NearShelf(tx, COPIES).at(NOON).like([largest, smallest])]
        assert found == [*texts[: COPIES.first], *texts[-COPIES.last :]]
        assert NearShelf(tx, LANGUAGES).at(NOON).like([largest]) == []


@pytest.mark.parametrize("said", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), EPOCH])
def test_any_time_has_its_place(said: datetime, store: Store) -> None:
    with taken_back(store) as tx:
        text = str(versions(tx)[0])
        NearShelf(tx, COPIES).at(said).put(text, [7], b"sketch")
        shelf = NearShelf(tx, COPIES).at(said)
        shelf.put(text, [7], b"sketch")
        shelf.write()
        assert NearShelf(tx, COPIES).at(said).like([7]) == [(text, b"sketch")]


def test_what_waits_goes_on_in_order_and_is_found_all_the_while(store: Store) -> None:
    """After as many versions as there are slices of each level, all that waited before lies in the large index."""
    bands = [int.from_bytes(hashlib.sha256(b"%d" % n).digest()[:8], signed=True) for n in range(300)]
    rounds = [range(first * EVERY, (first + 1) * EVERY) for first in range(1, SLICES[0] + SLICES[1] + 1)]
    with taken_back(store) as tx:
        put_bands(tx, (((1, band), number % TEXTS) for number, band in enumerate(bands)))
        left = []
        for made in rounds:
            move_on(tx, made)
            left.append(tx.execute(select(func.count()).select_from(near_fresh)).scalar_one())
            assert tx.execute(select(func.count()).select_from(EVERYWHERE)).scalar_one() == len(bands)
        assert left[0] == len(bands)  # a level is not left by what has just come to it
        assert left[-1] == 0
        assert sorted(left, reverse=True) == left
        assert {row.band for row in tx.execute(select(near_bands))} == set(bands)
