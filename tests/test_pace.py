"""Turns: one at a time, a gap between two, and nobody waits for a host that hangs. No test waits for the clock of the wall."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from aggregator.fetch.pace import Pace, group_of
from tests.patience import WAIT

SECOND = timedelta(seconds=1)


class Time:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def run(work: Callable[[Pace, Time], Awaitable[None]], *, at_once: int = 8) -> Time:
    time = Time()

    async def main() -> None:
        await work(Pace(at_once=at_once, now=time, sleep=time.sleep), time)

    asyncio.run(main())
    return time


def test_a_gap_lies_between_the_end_of_one_turn_and_the_start_of_the_next() -> None:
    async def work(pace: Pace, time: Time) -> None:
        async with pace.turn("a", SECOND):
            time.now += 5  # a slow answer
        async with pace.turn("b", SECOND):
            pass
        async with pace.turn("a", SECOND):
            pass

    assert run(work).slept == [1.0]


def test_the_gap_also_follows_a_turn_that_failed() -> None:
    async def work(pace: Pace, _time: Time) -> None:
        with pytest.raises(ValueError, match="x"):
            async with pace.turn("a", SECOND):
                raise ValueError("x")
        async with pace.turn("a", timedelta()):
            pass

    assert run(work).slept == [1.0]


def test_one_at_a_time_per_group_and_many_groups_at_once() -> None:
    busy: dict[str, int] = {}
    most: dict[str, int] = {}

    async def one(pace: Pace, group: str) -> None:
        async with pace.turn(group, timedelta()):
            busy[group] = busy.get(group, 0) + 1
            most[group] = max(most.get(group, 0), busy[group])
            most["all"] = max(most.get("all", 0), sum(busy.values()))
            await asyncio.sleep(0)
            busy[group] -= 1

    async def work(pace: Pace, _time: Time) -> None:
        await asyncio.gather(*(one(pace, f"g{n % 20}") for n in range(200)))

    run(work, at_once=5)
    assert most.pop("all") == 5
    assert set(most.values()) == {1}


def test_hosts_that_hang_give_their_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty hosts that never answer fill all five places; the next host is asked all the same."""
    monkeypatch.setattr("aggregator.fetch.pace.PATIENCE", 0.0)

    async def hang(pace: Pace, n: int) -> None:
        async with pace.turn(f"h{n}", timedelta()):
            await asyncio.Event().wait()

    async def work(pace: Pace, _time: Time) -> None:
        hanging = [asyncio.create_task(hang(pace, n)) for n in range(20)]
        async with asyncio.timeout(WAIT), pace.turn("good", timedelta()):
            pass
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        async with pace.turn("good", timedelta()):  # and no place was given back twice
            assert pace.room._value == 4  # noqa: SLF001 - there is no public count

    run(work, at_once=5)


def test_a_turn_that_lasts_gives_its_place_back_whatever_others_did(monkeypatch: pytest.MonkeyPatch) -> None:
    """One timer for all: it must see the one that hangs, though one that began before it has ended and others come later."""
    monkeypatch.setattr("aggregator.fetch.pace.PATIENCE", 0.0)

    async def work(pace: Pace, _time: Time) -> None:
        hangs = pace.turn("hangs", timedelta())
        async with pace.turn("quick", timedelta()):
            await hangs.__aenter__()
        async with asyncio.timeout(WAIT):
            async with pace.turn("first", timedelta()):
                pass
            async with pace.turn("two", timedelta()), pace.turn("three", timedelta()):
                pass
        await hangs.__aexit__(None, None, None)
        assert pace.room._value == 2  # noqa: SLF001 - there is no public count

    run(work, at_once=2)


def test_groups() -> None:
    assert group_of("https://Example.org:8443/a", "host") == group_of("https://example.org:8443/b", "host")
    assert group_of("https://a.org/", "host") != group_of("https://b.org/", "host")
    assert group_of("https://a.org/1", "url") != group_of("https://a.org/2", "url")
    assert group_of("https://a.org/1", "cdn") == group_of("https://b.org/2", "cdn")
