"""A clock that jumps: what was planned by one that was ahead does not keep the service waiting."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import Service, open_for, road
from tests.conftest import Clock, Web, item, rss, source_block, write_feeds


@pytest.mark.parametrize("hours", [1, 24])
@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
def test_a_source_is_asked_at_once_when_the_clock_was_set_back(
    hours: int, restarted: bool, web: Web, tmp_path: Path, clock: Clock, sandbox: Sandbox
) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on.")))
    config = load_config(write_feeds(tmp_path, source_block("a", web.url())))
    store = open_for(config)

    async def ticks(service: Service) -> int:
        before = len(web.asked)
        for _ in range(2):
            await service.tick()
            if others := asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.wait(others)
        return len(web.asked) - before

    async def live() -> None:
        async with road(config, store, clock=clock, sandbox=sandbox) as the_road:
            service = Service(the_road)
            clock.forward(hours=hours)
            assert await ticks(service) == 1
            clock.forward(hours=-hours)
            assert await ticks(Service(the_road) if restarted else service) == 1
            assert await ticks(service) == 0  # and then as planned

    asyncio.run(live())
    store.close()


def test_a_clock_that_goes_on_has_nobody_asked_early(web: Web, tmp_path: Path, clock: Clock, sandbox: Sandbox) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on.")))
    config = load_config(write_feeds(tmp_path, source_block("a", web.url())))
    store = open_for(config)

    async def live() -> None:
        async with road(config, store, clock=clock, sandbox=sandbox) as the_road:
            service = Service(the_road)
            for _ in range(3):
                await service.tick()
                if others := asyncio.all_tasks() - {asyncio.current_task()}:
                    await asyncio.wait(others)
                clock.forward(seconds=1)

    asyncio.run(live())
    store.close()
    assert len(web.asked) == 1
