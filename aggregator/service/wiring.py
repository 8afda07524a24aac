"""The parts of a poll, wired up as a configuration says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import structlog

from aggregator.config import Config
from aggregator.fetch import Fetcher, Manners
from aggregator.fetch.agent import user_agent
from aggregator.fetch.network import Network
from aggregator.fetch.pace import Pace
from aggregator.pipeline import Clock, Road, sync
from aggregator.pipeline.sandbox import Sandbox
from aggregator.publish.notify import begin_recipients
from aggregator.store import Store
from aggregator.store.room import guard_of
from aggregator.store.writer import Writer

if TYPE_CHECKING:
    from aggregator.pipeline.previewing import Looking


log = structlog.get_logger()


def fetcher_for(
    config: Config,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    allow: Sequence[str] = (),
    pace: Pace | None = None,
    after: Fetcher | None = None,
) -> Fetcher:
    """The client that a configuration asks for; `transport` is for replays and tests, `allow` opens further private hosts.

    It goes on where the one that it comes `after` is: a host does not notice that the configuration is another.
    """
    service = config.service
    return Fetcher(
        user_agent=user_agent(service.user_agent, service.contact),
        at_once=service.concurrency,
        gap=service.gap,
        allow={*_opened(config), *allow},
        hosts=hosts_of(config),
        transport=transport,
        pace=pace,
        after=after,
    )


def _opened(config: Config) -> Iterator[str]:
    """Hosts on private addresses that some source or picture may reach."""
    for source in config.sources.values():
        yield from source.allow
    for story in config.stories.values():
        yield from story.image_allow


def hosts_of(config: Config) -> dict[str, Manners]:
    """How each host is asked that has a table of its own."""
    return {
        key: Manners(user_agent=host.user_agent, group=host.group, gap=host.gap, robots=host.robots, http2=host.http2)
        for key, host in config.hosts.items()
    }


@asynccontextmanager
async def road(
    config: Config,
    store: Store,
    *,
    clock: Clock,
    transport: httpx.AsyncBaseTransport | None = None,
    sandbox: Sandbox | None = None,
    pace: Pace | None = None,
) -> AsyncIterator[Road]:
    """The parts of a poll, wired up; the store's sources and stories become those of the configuration.

    A `sandbox` that is handed in is left running.
    """
    sync(store, config, now=clock())
    begin_recipients(store, config)
    store.snapshots.sweep()
    tell_exceptions(config)
    own = sandbox or Sandbox()
    writer = Writer(store)
    try:
        async with fetcher_for(config, transport=transport, pace=pace) as fetcher:
            yield Road(
                config=config, store=store, fetcher=fetcher, clock=clock, sandbox=own, writer=writer, network=Network(),
                guard=guard_of(store, config.service.storage),
            )  # fmt: skip
    finally:
        await writer.close()
        if sandbox is None:
            own.close()


def tell_exceptions(config: Config) -> None:
    """Where the operator has opened a host or set robots.txt aside, the log says so."""
    for source in config.sources.values():
        if source.allow and source.enabled:
            log.warning("address_guard_opened", source=source.key, hosts=list(source.allow))
    for story in config.stories.values():
        if story.image_allow:
            log.warning("address_guard_opened", story=story.key, hosts=list(story.image_allow))
    for target in config.notify.values():
        if target.allow and target.enabled:
            log.warning("address_guard_opened", notify=target.key, hosts=list(target.allow))
    for host in config.hosts.values():
        if not host.robots:
            log.warning("robots_txt_set_aside", host=host.key)


@asynccontextmanager
async def looking(
    config: Config,
    *,
    clock: Clock,
    file: Path | None = None,
    pages: int = 1,
    allow: Sequence[str] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Looking]:
    """What a preview needs; there is no store in it. The arguments are those of `Looking`, and of `fetcher_for`."""
    from aggregator.pipeline.previewing import Looking  # noqa: PLC0415 - the running service looks at nothing

    with Sandbox(processes=1) as sandbox:
        async with fetcher_for(config, allow=allow) as fetcher:
            yield Looking(config=config, fetcher=fetcher, sandbox=sandbox, now=clock(), file=file, pages=pages, tell=tell)
