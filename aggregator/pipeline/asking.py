"""From `feeds.toml` and what the store remembers to a question."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from aggregator.config import Config, Source
from aggregator.fetch import Ask
from aggregator.store.sources import SourceState

NO_DATA = {"page"}  # kinds that are given as HTML or plain text: of the others such an answer is not the page


def question(config: Config, source: Source, state: SourceState | None = None) -> Ask:
    """The question for a source's listing: conditional, where the state says what we have already."""
    if state is None:
        return _ask(config, source, source.url, listing=source.kind not in NO_DATA)
    return _ask(
        config,
        source,
        source.url,
        listing=source.kind not in NO_DATA,
        etag=state.etag,
        last_modified=state.last_modified,
        variant=state.variant,
        moved_to=state.moved_to,
    )


def page_question(config: Config, source: Source, url: str, **validators: Any) -> Ask:
    """The question for the page of one item; conditional, where `validators` (as of `Ask`) say what we have of it."""
    return _ask(config, source, url, listing=source.item is not None and source.item.kind == "json_api", **validators)


def further_question(config: Config, source: Source, url: str) -> Ask:
    """The question for a further page of a source's listing."""
    return _ask(config, source, url, listing=source.kind not in NO_DATA)


def plain_question(config: Config, url: str, *, listing: bool, allow: Collection[str] = (), **more: Any) -> Ask:
    """The question for an address that belongs to no source."""
    service = config.service
    return Ask(
        url=url,
        listing=listing,
        allow=allow,
        timeout=service.timeout,
        connect_timeout=service.connect_timeout,
        read_timeout=service.read_timeout,
        max_body=service.max_body,
        max_redirects=service.max_redirects,
        **more,
    )


def _ask(config: Config, source: Source, url: str, *, listing: bool, **more: Any) -> Ask:
    return plain_question(config, url, listing=listing, allow=source.allow, proxy=source.proxy, **more)
