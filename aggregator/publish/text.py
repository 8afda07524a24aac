"""A story as plain text, in the shape that its readers make by hand: title, lead, date, picture, numbered updates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from aggregator.model import AlsoReported, StoryPage, Update, UpdateKind


def as_text(page: StoryPage) -> str:
    """Blocks parted by blank lines; every update ends "for more info: NAME"."""
    blocks = [page.title, page.lead, written_date(page.date), picture(page)]
    for update in page.updates:
        blocks += _update(page, update)
    return "\n\n".join(block for block in blocks if block)


def written_date(moment: datetime) -> str:
    """`8/14/2025`, in UTC: as the page made by hand has it."""
    return f"{moment.month}/{moment.day}/{moment.year}"


def written_time(moment: datetime) -> str:
    """`14 August 2025, 12:30 UTC`."""
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def written_said(update: Update) -> str:
    """When an update was said: to the minute, or the day where no more is known."""
    if not update.said_day:
        return written_time(update.said_at)
    day = date.fromisoformat(update.said_day)
    return f"{day.day} {day:%B %Y}"


def picture(page: StoryPage) -> str:
    """The picture's alternative text with its address below, or nothing."""
    return f"{page.image_alt}\n{page.image}" if page.image else ""


def corrected_by(page: StoryPage, update: Update) -> list[int]:
    """The numbers of the updates that correct one."""
    return [mark.by_number for mark in page.marks if mark.number == update.number and mark.kind is UpdateKind.CORRECTED]


def also_reported(page: StoryPage, update: Update) -> list[AlsoReported]:
    """Who else reports an update."""
    return [echo for echo in page.also_reported if echo.number == update.number]


def _update(page: StoryPage, update: Update) -> Iterator[str]:
    yield f"Update.{update.number}"
    for number in corrected_by(page, update):
        yield f"[Corrected in Update.{number}]"
    if update.kind in (UpdateKind.CORRECTED, UpdateKind.WITHDRAWN):
        yield update.reason
    for paragraph in update.paragraphs:
        yield paragraph.text
    if echoes := also_reported(page, update):
        yield f"also reported by {', '.join(echo.label for echo in echoes)}"
    yield from (f"for more info: {attribution.name}" for attribution in update.attributions)
