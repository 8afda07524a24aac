"""The demo: the ordinary service code polls a recording, under a clock that the recording moves."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import httpx

from aggregator.config import Config, load_config
from aggregator.demo.recording import Recording, load_recording
from aggregator.demo.replay import ReplayServer
from aggregator.demo.route import RoutedTransport
from aggregator.model import StoryPage
from aggregator.pipeline import PollReport, Road
from aggregator.service import hold, open_for, poll_all, publish_ready, road
from aggregator.store import Store
from aggregator.store.pages import story_page
from aggregator.store.stories import waiting

MARKER = "made-by-aggregator-demo"  # a folder that holds it may be made anew
AFTER_LAST = timedelta(hours=3)  # until everything has settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the demo came to."""

    page: StoryPage
    database: Path
    site: Path
    seconds: float
    sources: int
    families: int
    polls: int
    counts: Mapping[str, int]  # the balances of all polls, added up


class DemoClock:
    """The present moment of the recording."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        """The moment that the demo has come to."""
        return self.moment


async def play(storage: Path, *, advance: Callable[[str, int], None]) -> Summary:
    """Replay the shipped recording into a new store under `storage`, and give back the story page.

    `advance` is told the moment, and how many moments there are, at each step. A folder of an earlier demo is made anew;
    raises FileExistsError for any other that is not empty.
    """
    started = time.monotonic()
    _make_room(storage)
    recording = load_recording()
    config = _config(storage)
    clock = DemoClock(recording.times[0])
    with hold(storage, what="aggregator demo", clock=clock):
        store = open_for(config)
        try:
            reports = await _replay(recording, config, store, clock, advance)
            page = _page(store, config)
        finally:
            store.close()
    return _summary(reports, page, config, seconds=time.monotonic() - started)


async def _replay(
    recording: Recording, config: Config, store: Store, clock: DemoClock, advance: Callable[[str, int], None]
) -> list[PollReport]:
    reports: list[PollReport] = []
    moments = [*recording.times, recording.times[-1] + AFTER_LAST]
    with ReplayServer(recording) as server:
        transport = RoutedTransport(httpx.AsyncHTTPTransport(), base_url=server.base_url)
        async with road(config, store, clock=clock, transport=transport) as the_road:
            for moment in moments:
                _settle_until(the_road, clock, moment)
                clock.moment = server.moment = moment
                reports += await _step(the_road, recording, moment)
                advance(f"{moment:%d %b %H:%M}", len(moments))
    return reports


def _settle_until(the_road: Road, clock: DemoClock, moment: datetime) -> None:
    """Between two polls, publish what settles, when it settles."""
    while True:
        with the_road.store.read() as tx:
            settles = [one.settles_at for one in waiting(tx) if clock.moment < one.settles_at <= moment]
        if not settles:
            return
        clock.moment = min(settles)
        publish_ready(the_road)


async def _step(the_road: Road, recording: Recording, moment: datetime) -> list[PollReport]:
    """Poll what was polled at that moment, and publish what has settled by then."""
    answered = [
        source.key
        for source in the_road.config.sources.values()
        if (exchange := recording.at(source.url, moment)) is not None and exchange.at == moment
    ]
    reports = [report async for report in poll_all(the_road, answered)]
    publish_ready(the_road)
    return reports


def _make_room(storage: Path) -> None:
    if storage.exists() and any(storage.iterdir()) and not (storage / MARKER).exists():
        raise FileExistsError(f"{storage}: not empty, and not made by an earlier demo. Name another: --storage DIR")
    storage.mkdir(parents=True, exist_ok=True)
    (storage / MARKER).touch()
    for path in storage.glob("aggregator.sqlite*"):
        path.unlink()
    shutil.rmtree(storage / "site", ignore_errors=True)


def _config(storage: Path) -> Config:
    """The demo's configuration, written beside its store, so that every reading command can be tried on it."""
    shipped = (files("aggregator.demo") / "feeds.toml").read_text(encoding="utf-8")
    path = storage / "feeds.toml"
    path.write_text(shipped.replace("[service]\n", '[service]\nstorage = "."\n'), encoding="utf-8")
    return load_config(path)


def _page(store: Store, config: Config) -> StoryPage:
    with store.read() as tx:
        page = story_page(tx, next(iter(config.stories)))
    if page is None:
        raise LookupError("the demo's story is not in its store")
    return page


def _summary(reports: list[PollReport], page: StoryPage, config: Config, *, seconds: float) -> Summary:
    counts: Counter[str] = Counter()
    for report in reports:
        counts.update(report.balance.counts)
    told_by = {attribution.source for update in page.updates for attribution in update.attributions}
    return Summary(
        page=page,
        database=config.service.storage / "aggregator.sqlite",
        site=config.service.storage / "site" / f"{page.key}.html",
        seconds=seconds,
        sources=len(config.sources),
        families=len({config.sources[key].family for key in told_by}),
        polls=len(reports),
        counts=counts,
    )
