"""What every step of the road needs, and how a store is brought in line with `feeds.toml`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from aggregator.config import Config
from aggregator.fetch import Ask, Reply
from aggregator.fetch.network import Network
from aggregator.pipeline.intake import Intake
from aggregator.pipeline.likening import catch_up
from aggregator.pipeline.matching import consider_stored
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import Store
from aggregator.store.configurations import keep_configuration
from aggregator.store.room import Guard, Room
from aggregator.store.sources import sync_sources
from aggregator.store.stories import sync_stories
from aggregator.store.writer import Writer

Clock = Callable[[], datetime]  # the present moment, aware


class Asks(Protocol):
    """Whoever asks servers: the client, or a record of what they said."""

    async def ask(self, ask: Ask, *, now: datetime) -> Reply:
        """Ask, and judge the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """The parts that a poll goes through."""

    config: Config
    store: Store
    fetcher: Asks
    clock: Clock
    sandbox: Sandbox
    writer: Writer
    network: Network
    guard: Guard = field(default_factory=Guard)
    intake: Intake = field(default_factory=Intake)

    def look_at_disk(self) -> Room:
        """How much room there is now, by the marks of the configuration."""
        service = self.config.service
        return self.guard.look(low=service.low_disk, full=service.full_disk)

    def is_behind(self) -> bool:
        """Whether more answers wait to be read than are soon read."""
        return self.intake.behind or self.sandbox.behind

    def has_room(self) -> bool:
        """Whether there is room for raw bytes now."""
        return self.look_at_disk() is Room.AMPLE


def sync(store: Store, config: Config, *, now: datetime) -> None:
    """Make the store's sources and stories those of the configuration; a new story takes up what is stored already.

    The configuration itself is kept where it is another one than before.
    """
    catch_up(store)

    def in_line(tx: Connection) -> None:
        sync_sources(tx, config.sources.values(), now=now)
        for key in sync_stories(tx, config.stories.values(), now=now):
            consider_stored(tx, config.stories[key], now=now)
        keep_configuration(tx, config.record, at=now)

    store.perform(in_line, in_turn=True)
