"""The feeds.toml that follows a world."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from benchmarks.world.script import DAY, Script, Source

KIND = {"rss": "feed", "atom": "feed", "json": "json_api", "page": "page", "sitemap": "sitemap"}
PATH = {"rss": "/feed", "atom": "/atom.xml", "json": "/api/latest", "page": "/news", "sitemap": "/news-sitemap.xml"}


def listing_path(source: Source) -> str:
    """Where a source lists."""
    if source.sister_of is not None:
        return "/fr/feed" if source.language == "fr" else "/all/feed"
    return PATH[source.kind]


def feeds_toml(
    script: Script, base: Callable[[Source], str], *, prologue: bool = False, gone_after: str = "24h", allow: str = ""
) -> str:
    """The configuration; with `prologue`, only of those that are followed from there on. `base` is where a source's host is."""
    head = (
        '[service]\ngap = "0s"\ncontact = "desk@world.example"\ninterval = "45m"\nmin_interval = "20m"\nmax_interval = "60m"\n'
        f'gone_after = "{gone_after}"\n[web]\nlisten = "127.0.0.1:0"\n'  # a port that is free
    )
    shown = [one for one in script.sources if one.regular or not prologue]
    return (
        head + "".join(_source(one, base(one), allow) for one in shown) + "".join(_story(script, one) for one in script.topics)
    )


def _source(source: Source, base: str, allow: str) -> str:
    values: dict[str, object] = {
        "name": f"Office {source.key}",
        "kind": KIND[source.kind],
        "url": base + listing_path(source),
        "family": source.family,
        "lane": source.lane,
        "zone": source.zone,
        "language": source.language,
        "pages": source.pages,
        "fetch_pages": source.reads_pages,
    }
    if source.kind == "rss":
        values["reference"] = r"/news/(\d+)"
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    if allow:
        lines.append(f"allow = [{json.dumps(base.split('/')[2].partition(':')[0])}]")
    if source.kind == "page":
        following = ', next = "a.next @href"' if source.pages > 1 else ""
        lines.append(f'selectors = {{ entry = "li.news", title = "h3", time = "time", link = "h3 a @href"{following} }}')
    if source.kind == "json":
        lines.append(
            'mapping = { entries = "results", id = "id", url = "link", title = "title", published = "published",'
            ' updated = "changed", html = "body" }'
        )
    return f"\n[sources.{source.key}]\n" + "\n".join(lines) + "\n"


def _story(script: Script, topic: str) -> str:
    first = datetime.fromtimestamp(script.prologue, UTC).date()
    last = datetime.fromtimestamp(script.end + DAY, UTC).date() + timedelta(days=1)
    return (
        f'\n[stories.{topic.lower()}]\ntitle = "What is said of {topic}"\nfrom = {first}\nuntil = {last}\n'
        f'terms = ["{topic}"]\nsettle = "10m"\nsettle_edits = "30m"\n'
    )
