"""A story as Markdown (CommonMark)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.model import StoryPage, Update
from aggregator.publish.links import web_address
from aggregator.publish.shown import (
    came_late,
    in_order,
    is_short,
    language_mark,
    paragraphs_to_tell,
    picture_credit,
    picture_file,
    picture_words,
    place_of,
    unplaced,
    voices_line,
    what_differs,
    what_was_done,
    withdrawn_by,
    written_between,
    written_date,
    written_said,
    written_time,
)
from aggregator.publish.text import also_reported

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
# Where a line would begin a list or a heading. A backslash before a digit would itself be shown: it belongs after the number.
LINE_START = re.compile(r"^(\s*(?=[-+=])|\s*\d+(?=[.)]))", re.MULTILINE)


def as_markdown(page: StoryPage) -> str:
    """The page with a heading per update; what came from a source is escaped, so that it stays text."""
    blocks = [f"# {escape(page.title)}", escape(page.lead), written_date(page.date)]
    if page.quiet_since is not None:
        blocks.append(f"*Quiet since {written_time(page.quiet_since)}.*")
    blocks += _picture(page)
    if not is_short(page):
        blocks += _whole(page)
    if page.unseen:
        lines = (f"- {escape(one.name)}, {written_between(one)}: {escape(one.says)}" for one in page.unseen)
        blocks += ["## What may be missing", "\n".join(lines)]
    for one in in_order(page):
        blocks += _update(page, one) if isinstance(one, Update) else [f"**{escape(what_was_done(page.key, one))}**"]
    return "\n\n".join(block for block in blocks if block)


def _picture(page: StoryPage) -> Iterator[str]:
    words, address = escape(picture_words(page)), _address(page.image)
    if file := picture_file(page):
        yield f"![{words}](<{file}>)"
    elif address:
        yield f"[{words}](<{address}>)"
    if file or address:
        yield f"*{escape(picture_credit(page))}*"


def _whole(page: StoryPage) -> Iterator[str]:
    if page.key_points:
        yield "## Key points"
        yield "\n".join(f"- {escape(one.sentence.text)} ({escape(one.name)}, Update.{one.number})" for one in page.key_points)
    if page.disagreements:
        yield "## Where sources differ"
    for differs in page.disagreements:
        yield f"{what_differs(differs)}:"
        for quote in (differs.one, differs.other):
            yield f"{_linked(quote.name, quote.url)} says (Update.{quote.number}):\n\n> {escape(quote.sentence.text)}"
    if page.heard:
        yield f"Heard: {escape(voices_line(page.heard))}"
    if page.not_heard:
        yield f"Not yet heard: {escape(voices_line(page.not_heard))}"


def _update(page: StoryPage, update: Update) -> Iterator[str]:
    yield f"## Update.{update.number}"
    for number in withdrawn_by(page, update):
        yield f"**Withdrawn in Update.{number}.**"
    for number in unplaced(page, update):
        yield f"**Corrected in Update.{number}.**"
    late = ", before what stands above" if came_late(page, update) else ""
    language = language_mark(page, update.language)
    yield f"*{escape(update.reason)} Said {written_said(update)}{late}.{f' In {language}.' if language else ''}*"
    for old in update.replaces:
        yield f"{place_of(old)}, before:\n\n> {escape(old.before)}"
        yield f"After:\n\n> {escape(old.after)}" if old.after else "After: taken out."
    for _, paragraph, corrected in paragraphs_to_tell(page, update):
        yield escape(paragraph.text)
        for number in corrected:
            yield f"**Corrected in Update.{number}.**"
    if echoes := also_reported(page, update):
        yield f"also reported by {', '.join(_linked(echo.label, echo.url) for echo in echoes)}"
    for attribution in update.attributions:
        yield f"for more info: {_linked(attribution.name, attribution.url)}"


def _linked(name: str, url: str) -> str:
    address = _address(url)
    return f"[{escape(name)}](<{address}>)" if address else escape(name)


def escape(text: str) -> str:
    """Text whose signs mean nothing to Markdown."""
    return LINE_START.sub(r"\1\\", SPECIAL.sub(r"\\\1", text))


def _address(url: str) -> str:
    return web_address(url).replace("<", "%3C").replace(">", "%3E").replace("\n", "")
