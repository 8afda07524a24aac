"""From `feeds.toml` and what the store remembers to a question."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.config import Config, Host, Source
from aggregator.fetch import Ask, Manners
from aggregator.store.sources import SourceState


def question(config: Config, source: Source, state: SourceState | None = None) -> Ask:
    """The question for a source's listing: conditional, where the state says what we have already."""
    if state is None:
        return _ask(config, source, source.url, listing=source.kind != "page")
    return replace(
        _ask(config, source, state.moved_to or source.url, listing=source.kind != "page"),
        url=source.url,
        etag=state.etag,
        last_modified=state.last_modified,
        variant=state.variant,
        moved_to=state.moved_to,
    )


def page_question(config: Config, source: Source, url: str) -> Ask:
    """The question for the page of one item."""
    return _ask(config, source, url, listing=source.item is not None and source.item.kind == "json_api")


def further_question(config: Config, source: Source, url: str) -> Ask:
    """The question for a further page of a source's listing."""
    return _ask(config, source, url, listing=source.kind != "page")


def _ask(config: Config, source: Source, url: str, *, listing: bool) -> Ask:
    service = config.service
    return Ask(
        url=url,
        listing=listing,
        allow=source.allow,
        manners=_manners(config, source, url),
        timeout=service.timeout,
        connect_timeout=service.connect_timeout,
        read_timeout=service.read_timeout,
        max_body=service.max_body,
        max_redirects=service.max_redirects,
    )


def _manners(config: Config, source: Source, url: str) -> Manners:
    host = config.hosts.get(urlsplit(url).hostname or "", _NO_HOST)
    return Manners(
        user_agent=host.user_agent,
        proxy=source.proxy,
        group=host.group,
        gap=host.gap,
        robots=host.robots,
        http2=host.http2,
    )


_NO_HOST = Host(key="")
