"""The ways in which somebody is told: a signed webhook, Apprise, a WebSub hub."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode

from aggregator.config import Config, Notify
from aggregator.fetch.agent import user_agent
from aggregator.publish.notify.answers import Answer
from aggregator.publish.notify.apprised import AT_ONCE, tell
from aggregator.publish.notify.message import Told, Words, as_json, as_words, message_id, read_told
from aggregator.publish.notify.sending import Poster, hidden
from aggregator.publish.notify.signing import signed_headers
from aggregator.publish.places import ATOM, JSON_FEED, Site, story_file
from aggregator.publish.site import site_of
from aggregator.store import Store
from aggregator.store.outbox import Unit
from aggregator.store.recipients import NOTIFY

JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"


class Way(Protocol):
    """How one recipient is told."""

    async def send(self, unit: Unit, *, now: datetime) -> Answer:
        """Tell of some updates; whatever goes wrong is an answer."""
        ...

    async def aclose(self) -> None:
        """Give back what is held."""
        ...


class Webhook:
    """Signed JSON, by the Standard Webhooks specification."""

    def __init__(self, notify: Notify, store: Store, site: Site, *, agent: str) -> None:
        self._notify, self._store, self._site = notify, store, site
        self._poster = Poster(agent=agent, allow=notify.allow)

    async def send(self, unit: Unit, *, now: datetime) -> Answer:
        """See `Way`."""
        told = await asyncio.to_thread(_read, self._store, unit)
        ident = message_id(self._site, f"{NOTIFY}{self._notify.key}", unit)
        return await self._post(ident, as_json(self._site, told), now=now)

    async def test(self, *, now: datetime) -> Answer:
        """Send a message that tells of no update; the answer holds the beginning of what came back."""
        ident = f"{self._site.identity[:8]}:{self._notify.key}:test:{int(now.timestamp())}"
        return await self._post(ident, as_json(self._site, [], at=now), now=now, listen=True)

    async def _post(self, ident: str, body: bytes, *, now: datetime, listen: bool = False) -> Answer:
        headers = signed_headers(ident, body, secret=self._notify.secret or "", at=now)
        headers = {**headers, "content-type": JSON_TYPE}
        return await self._poster.post(self._notify.url, body, headers, now=now, hide=_secrets(self._notify), listen=listen)

    async def aclose(self) -> None:
        """See `Way`."""
        await self._poster.aclose()


class ByApprise:
    """A few lines for people, by any service of Apprise."""

    def __init__(self, notify: Notify, store: Store, site: Site, turns: asyncio.Semaphore) -> None:
        self._notify, self._store, self._site, self._turns = notify, store, site, turns

    async def send(self, unit: Unit, *, now: datetime) -> Answer:  # noqa: ARG002 - as `Way` has it
        """See `Way`."""
        told = await asyncio.to_thread(_read, self._store, unit)
        return await tell(self._notify.url, as_words(self._site, told), turns=self._turns, allow=self._notify.allow)

    async def test(self, *, now: datetime) -> Answer:
        """Send a message that tells of no update."""
        words = Words(
            title="A test", body=f"update-aggregator tells {self._notify.key} of updates. Tried at {now:%Y-%m-%d %H:%M} UTC."
        )
        return await tell(self._notify.url, words, turns=self._turns, allow=self._notify.allow)

    async def aclose(self) -> None:
        """See `Way`; nothing is held."""


class Hub:
    """A WebSub hub, which is told that feeds have changed, and fetches them by itself (`hub.mode=publish`)."""

    def __init__(self, url: str, site: Site, *, agent: str, allow: Collection[str]) -> None:
        self._url, self._site = url, site
        self._poster = Poster(agent=agent, allow=allow)

    async def send(self, unit: Unit, *, now: datetime) -> Answer:
        """See `Way`."""
        files = [story_file(story, form) for story in unit.stories for form in ("atom", "feed.json")]
        pairs = [("hub.mode", "publish"), *(("hub.url", self._site.address(file)) for file in (*files, ATOM, JSON_FEED))]
        return await self._poster.post(self._url, urlencode(pairs).encode(), {"content-type": FORM_TYPE}, now=now)

    async def aclose(self) -> None:
        """See `Way`."""
        await self._poster.aclose()


def way_of(key: str, config: Config, store: Store, *, turns: asyncio.Semaphore) -> Way:
    """How a recipient is told, by its key: `notify:KEY` or `websub`. `turns`: of the processes of Apprise."""
    if key.startswith(NOTIFY):
        return way_of_target(config.notify[key.removeprefix(NOTIFY)], config, store, turns=turns)
    web = config.web
    return Hub(web.hub, site_of(store, config), agent=_agent(config), allow=web.hub_allow)


def way_of_target(
    notify: Notify, config: Config, store: Store, *, turns: asyncio.Semaphore | None = None
) -> Webhook | ByApprise:
    """How a target of feeds.toml is told."""
    site = site_of(store, config)
    if notify.kind == "apprise":
        return ByApprise(notify, store, site, turns or asyncio.Semaphore(AT_ONCE))
    return Webhook(notify, store, site, agent=_agent(config))


def _agent(config: Config) -> str:
    return user_agent(config.service.user_agent, config.service.contact)


def _read(store: Store, unit: Unit) -> list[Told]:
    with store.read() as tx:
        return read_told(tx, unit)


def _secrets(notify: Notify) -> set[str]:
    return {notify.url, notify.secret or "", (notify.secret or "").removeprefix("whsec_")} - {""}


def without_secrets(text: str, notify: Notify) -> str:
    """What a receiver said, without what nobody is to see: it may repeat what it was sent."""
    return hidden(text, _secrets(notify))
