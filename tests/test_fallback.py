"""What stands in for a source: asked while that one fails, in its order, and at rest otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.model import SourceKey
from aggregator.service import Service, poll_with_stand_ins, road
from aggregator.store.sources import all_sources, due_sources
from tests.conftest import STORY, Answer, Desk, Web, item, rss, source_block

OpenDesk = Callable[[str], Desk]
GOOD = rss(item("one", "Talks on grain", "The talks on grain go on."))
FALLBACKS = 'fallback = ["{0}/first", "{0}/second"]'
ALL = ["a", "a-fallback-1", "a-fallback-2"]

pytestmark = pytest.mark.both_databases


@pytest.fixture
def three(web: Web, desk: OpenDesk) -> Desk:
    return desk(STORY + source_block("a", web.url(), more=FALLBACKS.format(web.url(""))))


def due(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return list(due_sources(tx, now=desk.clock()))


def rests(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return [state.key for state in all_sources(tx) if state.rests]


def test_a_fallback_rests_while_its_source_answers(web: Web, three: Desk) -> None:
    web.serve(GOOD)
    three.poll("a")
    three.clock.forward(days=1)
    assert due(three) == ["a"]
    assert rests(three) == ALL[1:]


def test_a_source_that_was_never_asked_does_not_fail(three: Desk) -> None:
    three.settle(minutes=1)
    assert due(three) == ["a"]


def test_it_takes_over_at_once_in_order_and_rests_again(web: Web, three: Desk) -> None:
    web.answers["/feed"] = Answer(b"<title>Access Denied</title>", 403)
    web.answers["/first"] = Answer(b"", 500)
    web.serve(GOOD, "/second")
    three.poll("a")
    assert due(three) == ["a-fallback-1"]  # at once, and not yet the second
    three.poll("a-fallback-1")
    assert due(three) == ["a-fallback-2"]
    assert three.poll("a-fallback-2")[0].balance.new == 1
    three.clock.forward(days=2)
    assert sorted(due(three)) == ALL
    web.serve(GOOD, "/first")
    assert three.poll("a-fallback-1")[0].balance.duplicate == 1
    assert sorted(due(three)) == ALL[:1]
    assert rests(three) == ALL[2:]
    web.serve(GOOD)
    assert three.poll("a")[0].balance.duplicate == 1  # the family said it already
    three.clock.forward(days=2)
    assert due(three) == ["a"]


def test_an_answer_of_nothing_new_is_an_answer(web: Web, three: Desk) -> None:
    web.serve(GOOD, etag='"one"')
    three.poll("a")
    web.answers["/feed"] = Answer(b"", 500)
    three.poll("a")
    assert rests(three) == ["a-fallback-2"]
    web.serve(GOOD, etag='"one"')
    assert three.poll("a")[0].outcome.status == 304
    assert rests(three) == ALL[1:]


def test_a_fallback_that_is_off_is_passed_over(web: Web, desk: OpenDesk) -> None:
    more = "[[sources.a.fallback]]\nurl = '{0}/first'\nenabled = false\n[[sources.a.fallback]]\nurl = '{0}/second'\n"
    at_work = desk(STORY + source_block("a", web.url(), more=more.format(web.url(""))))
    at_work.poll("a")
    assert due(at_work) == ["a-fallback-2"]


def test_nothing_stands_in_for_a_source_that_is_off(web: Web, desk: OpenDesk) -> None:
    at_work = desk(STORY + source_block("a", web.url(), more="enabled = false\n" + FALLBACKS.format(web.url(""))))
    at_work.settle(minutes=1)
    assert due(at_work) == []


def test_the_service_asks_it_at_its_next_tick(web: Web, three: Desk) -> None:
    web.serve(GOOD, "/first")

    async def ticks() -> None:
        async with road(three.config, three.store, clock=three.clock, sandbox=three.sandbox) as the_road:
            service = Service(the_road)
            for _ in range(3):
                await service.tick()
                await asyncio.gather(*service._polls.values())  # noqa: SLF001 - what the tick has begun

    asyncio.run(ticks())
    assert [path for path, _ in web.asked] == ["/feed", "/first"]


@pytest.mark.parametrize(
    ("good", "asked"), [("/feed", ["/feed"]), ("/first", ["/feed", "/first"]), ("", ["/feed", "/first", "/second"])]
)
def test_a_single_round_asks_as_far_as_it_must(good: str, asked: list[str], web: Web, three: Desk) -> None:
    if good:
        web.serve(GOOD, good)

    async def ask() -> list[str]:
        async with road(three.config, three.store, clock=three.clock, sandbox=three.sandbox) as the_road:
            return [report.source async for report in poll_with_stand_ins(the_road, [SourceKey("a")])]

    assert asyncio.run(ask()) == ALL[: len(asked)]
    assert [path for path, _ in web.asked] == asked


def test_an_operator_sees_what_stands_in_for_what(web: Web, three: Desk) -> None:
    web.answers["/feed"] = Answer(b"", 500)
    config = str(three.config.path)
    plan = CliRunner().invoke(app, ["check", "-c", config])
    assert plan.exit_code == 0
    assert "a-fallback-1\ta\ta\tprimary\tfeed\t10m, while a fails" in plan.output
    three.poll("a")
    rows = {
        row.split("\t")[0]: row.split("\t") for row in CliRunner().invoke(app, ["sources", "-c", config]).output.splitlines()
    }
    assert rows["a-fallback-1"][2] == ""
    assert rows["a-fallback-2"][2] == "rests"
    assert "stands in for a, which does not need it" in rows["a-fallback-2"]
    asked = CliRunner().invoke(app, ["poll", "-c", config])
    assert [line.split("\t")[0] for line in asked.stdout.splitlines() if "\t" in line] == ["source", *ALL]


def test_a_fallback_that_left_the_file_keeps_its_history(web: Web, desk: OpenDesk, three: Desk) -> None:
    web.serve(GOOD, "/first")
    three.poll("a", "a-fallback-1")
    later = desk(STORY + source_block("a", web.url()))
    later.settle(days=1)
    assert due(later) == ["a"]
    with later.store.read() as tx:
        states = {state.key: state for state in all_sources(tx)}
    assert (states[SourceKey("a-fallback-1")].active, states[SourceKey("a-fallback-1")].listed) == (False, 1)
    assert states[SourceKey("a")].next_poll_at > later.clock() - timedelta(days=1)
