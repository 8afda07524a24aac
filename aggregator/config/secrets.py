"""Which texts of a configuration nobody is to see: in a log, in an error, on a page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from aggregator.config.types import Config

PLAIN_SCHEMES = ("http", "https")
LONG_PATH, LONG_PART = 8, 16  # characters


def secrets_of(config: Config) -> Iterator[str]:
    """Each of them, as it is written; some of them twice."""
    if config.web.token is not None:
        yield config.web.token
    for notify in config.notify.values():
        if notify.secret is not None:
            yield notify.secret
        yield from _of_target(notify.url)
    if config.service.database is not None:
        yield from _login(config.service.database)
    for proxy in {source.proxy for source in config.sources.values() if source.proxy is not None}:
        yield from _login(proxy)


def _of_target(url: str) -> Iterator[str]:
    """What lets one in at a target: a login, or what follows its host; of Apprise's own schemes all that there is.

    A short path is an address that one may know; a long part of it is what chat services give out as a key.
    """
    parts = urlsplit(url)
    yield from _login(url)
    if parts.scheme not in PLAIN_SCHEMES:
        yield url.partition("://")[2]
    path = parts.path.strip("/")
    behind = f"{path}?{parts.query}" if parts.query else path
    if len(behind) >= LONG_PATH:
        yield behind
    values = [value for _, value in parse_qsl(parts.query)]
    yield from (part for part in (*path.split("/"), *values) if len(part) >= LONG_PART)


def _login(url: str) -> Iterator[str]:
    login = urlsplit(url).netloc.rpartition("@")[0]
    name, _, password = login.partition(":")
    if password:
        yield from (password, unquote(password), f"{unquote(name)}:{unquote(password)}")  # the last is what Basic encodes
