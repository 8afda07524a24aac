"""A story as plain text, in the shape that its readers make by hand: title, lead, date, picture, numbered updates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aggregator.model import AlsoReported, Disagreement, StoryPage, Update, UpdateKind
from aggregator.publish.lookup import lookup
from aggregator.publish.shown import (
    in_order,
    language_mark,
    paragraphs_to_tell,
    picture_words,
    place_of,
    unplaced,
    what_differs,
    what_was_done,
    withdrawn_by,
    written_between,
    written_date,
)


def as_text(page: StoryPage) -> str:
    """Blocks parted by blank lines; every update ends "for more info: NAME"."""
    blocks = [page.title, page.lead, written_date(page.date)]
    if page.quiet_since is not None:
        blocks.append(f"quiet since {written_date(page.quiet_since)}")
    blocks.append(picture(page))
    for one in in_order(page):
        blocks += _update(page, one) if isinstance(one, Update) else [f"[{what_was_done(page.key, one)}]"]
    for differs in page.disagreements:
        blocks += _disagreement(differs)
    blocks += (f"[{one.name}, {written_between(one)}: {one.says}]" for one in page.unseen)
    return "\n\n".join(block for block in blocks if block)


def picture(page: StoryPage) -> str:
    """The picture in words with its address below and whose it is, or nothing."""
    if not page.image:
        return ""
    credit = f"\nPicture: {page.image_credit}" if page.image_credit.strip() else ""
    return f"{picture_words(page)}\n{page.image}{credit}"


def also_reported(page: StoryPage, update: Update) -> Sequence[AlsoReported]:
    """Who else reports an update."""
    return lookup(page).also_reported.get(update.number, ())


def _update(page: StoryPage, update: Update) -> Iterator[str]:
    yield f"Update.{update.number}"
    for number in withdrawn_by(page, update):
        yield f"[Withdrawn in Update.{number}]"
    for number in unplaced(page, update):
        yield f"[Corrected in Update.{number}]"
    if language := language_mark(page, update.language):
        yield f"[in {language}]"
    if update.kind in (UpdateKind.CORRECTED, UpdateKind.WITHDRAWN):
        yield update.reason
    for old in update.replaces:
        yield f"{place_of(old)}, before: {old.before}"
        yield f"{place_of(old)}, after: {old.after or '(taken out)'}"
    for _, paragraph, corrected in paragraphs_to_tell(page, update):
        yield paragraph.text
        for number in corrected:
            yield f"[Corrected in Update.{number}]"
    if echoes := also_reported(page, update):
        yield f"also reported by {', '.join(echo.label for echo in echoes)}"
    yield from (f"for more info: {attribution.name}" for attribution in update.attributions)


def _disagreement(differs: Disagreement) -> Iterator[str]:
    yield f"{what_differs(differs)}:"
    for quote in (differs.one, differs.other):
        yield f"{quote.name} says (Update.{quote.number}): {quote.sentence.text}"
