"""A story as Markdown (CommonMark)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.model import StoryPage, Update
from aggregator.publish.links import web_address
from aggregator.publish.text import also_reported, corrected_by, written_date, written_said

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def as_markdown(page: StoryPage) -> str:
    """The page with a heading per update; what came from a source is escaped, so that it stays text."""
    blocks = [f"# {escape(page.title)}", escape(page.lead), written_date(page.date)]
    if address := _address(page.image):
        blocks.append(f"![{escape(page.image_alt)}](<{address}>)")
    for update in page.updates:
        blocks += _update(page, update)
    return "\n\n".join(block for block in blocks if block)


def _update(page: StoryPage, update: Update) -> Iterator[str]:
    yield f"## Update.{update.number}"
    for number in corrected_by(page, update):
        yield f"**Corrected in Update.{number}.**"
    yield f"*{escape(update.reason)} Said {written_said(update)}.*"
    for paragraph in update.paragraphs:
        yield escape(paragraph.text)
    if echoes := also_reported(page, update):
        yield f"also reported by {', '.join(_linked(echo.label, echo.url) for echo in echoes)}"
    for attribution in update.attributions:
        yield f"for more info: {_linked(attribution.name, attribution.url)}"


def _linked(name: str, url: str) -> str:
    address = _address(url)
    return f"[{escape(name)}](<{address}>)" if address else escape(name)


def escape(text: str) -> str:
    """Text whose signs mean nothing to Markdown."""
    return LINE_START.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", text))


def _address(url: str) -> str:
    return web_address(url).replace("<", "%3C").replace(">", "%3E").replace("\n", "")
