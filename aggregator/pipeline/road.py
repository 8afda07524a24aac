"""What every step of the road needs, and how a store is brought in line with `feeds.toml`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from aggregator.config import Config
from aggregator.fetch import Fetcher
from aggregator.fetch.network import Network
from aggregator.pipeline.matching import consider_stored
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import Store
from aggregator.store.sources import sync_sources
from aggregator.store.stories import sync_stories
from aggregator.store.writer import Writer

Clock = Callable[[], datetime]  # the present moment, aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """The parts that a poll goes through."""

    config: Config
    store: Store
    fetcher: Fetcher
    clock: Clock
    sandbox: Sandbox
    writer: Writer
    network: Network


def sync(store: Store, config: Config, *, now: datetime) -> None:
    """Make the store's sources and stories those of the configuration; a new story takes up what is stored already."""

    def in_line(tx: Connection) -> None:
        sync_sources(tx, config.sources.values(), now=now)
        for key in sync_stories(tx, config.stories.values(), now=now):
            consider_stored(tx, config.stories[key], now=now)

    store.perform(in_line)
