"""A preview as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aggregator.cli.output import show_table, show_text, shown
from aggregator.model import Outcome
from aggregator.pipeline.discovering import Discovery, Found
from aggregator.pipeline.preview import PagePreview, Preview, PreviewLine

# Headers that say how fresh an answer is, how it is to be asked for again, and who stands before the server.
MATTER = (
    "content-type", "content-language", "etag", "last-modified", "date", "age", "cache-control", "expires", "vary",
    "retry-after", "location", "server", "via", "x-cache", "cf-cache-status", "cf-mitigated", "x-amzn-waf-action",
    "x-datadome", "x-cdn", "x-iinfo", "x-sucuri-id", "x-sucuri-block", "x-vercel-mitigated", "rimon",
)  # fmt: skip
LONGEST = 300  # characters of a paragraph


def show_preview(found: Preview) -> None:
    """All of it."""
    _line(f"{found.url}")
    _line(f"{found.outcome.kind.value}: {found.outcome.reason} ({found.ms} ms)")
    _show_headers(found.headers, found.outcome.status)
    _show_read(found)
    for path in found.recorded:
        _line(f"wrote {path}")
    if found.recorded:
        _line("Before you keep it: look up the licence, write it into PROVENANCE.md, and name the quirk that it shows.")


def show_discovery(found: Discovery) -> None:
    """What an address gives, what was asked, and a block for each source that was found."""
    _line(f"{found.url}")
    _line(f"{found.outcome.kind.value}: {found.what}")
    _show_headers(found.headers, found.outcome.status)
    print()
    show_table(("asked", "outcome", "what it is"), [(one.url, _outcome(one.outcome), one.what) for one in found.asked])
    for one in found.found:
        _show_found(one)
    if found.found:
        _line("\nPut a block into feeds.toml, complete it, and look again: aggregator check; aggregator preview KEY")


def _show_found(found: Found) -> None:
    print()
    if found.there:
        _line(f"# feeds.toml has this address already, as sources.{found.there}")
    show_text(found.block)
    if not found.preview.outcome.kind.good:
        _line(_outcome(found.preview.outcome))
    _show_read(found.preview)


def _show_headers(headers: Mapping[str, str], status: int | None) -> None:
    if status is not None:
        _line(f"status: {status}")
    for name in MATTER:
        if name in headers:
            _line(f"{name}: {headers[name]}")


def _show_read(found: Preview) -> None:
    if found.outcome.kind.good and (found.listed or found.lines or found.matched):
        titled = f", titled “{found.title}”" if found.title else ""
        made = f", made {found.built:%Y-%m-%d %H:%M} UTC" if found.built is not None else ""
        _line(f"\nlists {found.listed}{titled}{made}")
    if found.matched:
        _line("matched: " + ", ".join(f"{name} {number}" for name, number in found.matched.items()))
    for warning in found.warnings:
        _line(f"look at this: {warning}")
    for page in found.further:
        _line(f"further page {page.url}: {_outcome(page.outcome)}, lists {page.listed}")
    if found.lines:
        print()
        headings = ("said (UTC)", "as written", "zone known by", "language", "reference", "words", "title", "stories")
        show_table(headings, [_row(line) for line in found.lines])
    for own in found.pages:
        _show_page(own)
    for line in found.undecided:
        _line(f"its own page decides, and was not read: {line.ref}: by itself it has {line.reason}")
    for drop in found.drops:
        _line(f"would be dropped: {drop.ref}: {drop.reason}")


def _row(line: PreviewLine) -> tuple[object, ...]:
    stories = ", ".join(f"{match.story} ({match.why})" for match in line.stories)
    said = line.said_day or line.said_at
    return said, line.said_written, line.zone, line.language, line.reference, line.words, line.title, stories


def _show_page(page: PagePreview) -> None:
    _line(f"\npage {page.url}: {_outcome(page.outcome)}")
    if not page.outcome.kind.good:
        return
    _line(f"  title  {page.title}")
    _line(f"  time   {_time(page.published, page)}")
    _line(f"  first  {_short(page.first)}")
    if page.paragraphs > 1:
        _line(f"  last   {_short(page.last)}")
    _line(f"  {page.paragraphs} paragraphs, language {page.language or 'not said'}")
    if page.matched:
        _line("  matched " + ", ".join(f"{name} {number}" for name, number in page.matched.items()))
    if page.credit:
        _line(f"  credit {page.credit}")


def _time(at: datetime | None, page: PagePreview) -> str:
    if at is None:
        return "none that can be trusted"
    said = f"{at:%Y-%m-%d}" if page.day_only else f"{shown(at)} UTC"
    return f"{said}, written {page.published_written!r} (zone: {page.zone})"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"


def _outcome(outcome: Outcome) -> str:
    return f"{outcome.kind.value}: {outcome.reason}"


def _line(text: str) -> None:
    show_text(text + "\n")
