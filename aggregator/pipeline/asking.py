"""From `feeds.toml` and what the store remembers to a question."""

from __future__ import annotations

from urllib.parse import urlsplit

from aggregator.config import Config, Host, Source
from aggregator.fetch import Ask, Manners
from aggregator.store.sources import SourceState


def question(config: Config, source: Source, state: SourceState | None = None) -> Ask:
    """The question for a source's listing: conditional, where the state says what we have already."""
    return _ask(
        config,
        source,
        state.moved_to or source.url if state is not None else source.url,
        listing=True,
        etag=state.etag if state is not None else None,
        last_modified=state.last_modified if state is not None else None,
        variant=state.variant if state is not None else "",
        moved_to=state.moved_to if state is not None else None,
    )


def page_question(config: Config, source: Source, url: str) -> Ask:
    """The question for the page of one item."""
    return _ask(config, source, url, listing=False)


def _ask(
    config: Config,
    source: Source,
    url: str,
    *,
    listing: bool,
    etag: str | None = None,
    last_modified: str | None = None,
    variant: str = "",
    moved_to: str | None = None,
) -> Ask:
    service = config.service
    return Ask(
        url=source.url if listing else url,
        listing=listing,
        etag=etag,
        last_modified=last_modified,
        variant=variant,
        moved_to=moved_to,
        allow=source.allow,
        manners=_manners(config, source, url),
        timeout=service.timeout,
        connect_timeout=service.connect_timeout,
        read_timeout=service.read_timeout,
        max_body=service.max_body,
        max_redirects=service.max_redirects,
    )


def _manners(config: Config, source: Source, url: str) -> Manners:
    host = config.hosts.get((urlsplit(url).hostname or "").lower())
    if host is None:
        host = _NO_HOST
    return Manners(
        user_agent=host.user_agent,
        proxy=source.proxy,
        group=host.group,
        gap=host.gap,
        robots=host.robots,
        http2=host.http2,
    )


_NO_HOST = Host(key="")
