"""What a page says beside its updates, the same in every format: marks, changes, languages, late arrivals, acts of the desk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from aggregator.model import (
    STORY_ACTS,
    Citation,
    DeskAct,
    DeskKind,
    Disagreement,
    Paragraph,
    Replaced,
    RevisionId,
    Sentence,
    StoryKey,
    StoryPage,
    TextVersion,
    Unseen,
    Update,
    UpdateKind,
    Voice,
)
from aggregator.publish.lookup import lookup

QUOTED = re.compile("“([^”]*)”")
MOST_NAMED = 12  # families in a list; the others are counted
PICTURES = "pictures"  # the folder beside the pages
LANGUAGES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
UTC_NAMES = ("", "UTC", "Etc/UTC", "GMT", "Etc/GMT")
MOST_FIRST_WORDS = 30  # characters


def written_date(moment: datetime) -> str:
    """`8/14/2025`, in UTC: as the page made by hand has it."""
    return f"{moment.month}/{moment.day}/{moment.year}"


def written_day(moment: datetime) -> str:
    """`14 August 2025`, in UTC."""
    return f"{moment.day} {moment:%B %Y}"


def written_time(moment: datetime) -> str:
    """`14 August 2025, 12:30 UTC`."""
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def written_short(moment: datetime) -> str:
    """`14 Aug, 12:30`, in UTC: in a table that says so, of what is not old."""
    return f"{moment.day} {moment:%b, %H:%M}"


def written_said(update: Update) -> str:
    """When an update was said: to the minute, or the day where no more is known."""
    if not update.said_day:
        return written_time(update.said_at)
    day = date.fromisoformat(update.said_day)
    return f"{day.day} {day:%B %Y}"


def said_there(page: StoryPage, update: Update) -> str:
    """By the clock of its source: `15:30 in Moscow (UTC+3)`, with the day where it is another one; "" where it is not known."""
    version = lookup(page).versions.get(update.revision)
    return "" if update.said_day or version is None else written_there(update.said_at, version.zone)


def written_there(moment: datetime, zone: str) -> str:
    """A time by the clock of a zone, a name of the IANA database or an offset such as +03:00; "" for UTC and for no zone."""
    place = _zone(zone)
    if place is None:
        return ""
    there = moment.astimezone(place)
    day = "" if there.date() == moment.astimezone(UTC).date() else f"{there.day} {there:%B}, "
    offset = f"{there:%z}"
    hours = f"UTC{'−' if offset[0] == '-' else '+'}{int(offset[1:3])}{f':{offset[3:5]}' if offset[3:5] != '00' else ''}"
    city = zone.rpartition("/")[2].replace("_", " ") if "/" in zone else ""
    return f"{day}{there:%H:%M} in {city} ({hours})" if city else f"{day}{there:%H:%M} {hours}"


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo | None:
    """None for UTC, and for what is no zone: a store may come from another system."""
    if name in UTC_NAMES:
        return None
    try:
        if name[0] in "+-":
            offset = datetime.strptime(name, "%z").utcoffset()
            return timezone(offset) if offset else None
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return None


# --- marks


def marked_by(page: StoryPage, update: Update, kind: str) -> list[int]:
    """The numbers of the updates that correct an update, or take it back: `kind` is `corrected` or `withdrawn`."""
    return list(lookup(page).marked_by.get((update.number, kind), ()))


def corrected_by(page: StoryPage, update: Update) -> list[int]:
    """The numbers of the updates that correct one."""
    return marked_by(page, update, UpdateKind.CORRECTED)


def withdrawn_by(page: StoryPage, update: Update) -> list[int]:
    """The numbers of the updates that take one back."""
    return marked_by(page, update, UpdateKind.WITHDRAWN)


def put_right(page: StoryPage, update: Update) -> Mapping[tuple[int, int], int]:
    """Where sentences of an update stand that were corrected, as (paragraph, position) from 1: in which update, the latest."""
    return lookup(page).put_right.get(update.number, {})


def unplaced(page: StoryPage, update: Update) -> list[int]:
    """The updates that correct one, and do not say which paragraph of it."""
    placed = set(put_right(page, update).values())
    return [number for number in corrected_by(page, update) if number not in placed]


def left_to_tell(update: Update) -> list[Paragraph]:
    """The paragraphs of an update without those that its before and after show already."""
    after = {old.after for old in update.replaces}
    return [one for one in update.paragraphs if not all(sentence.text in after for sentence in one.sentences)]


def paragraphs_to_tell(page: StoryPage, update: Update) -> Iterator[tuple[int, Paragraph, list[int]]]:
    """The paragraphs that are left to tell, each with its place, from 1, and the updates that correct a sentence of it."""
    left, placed = left_to_tell(update), put_right(page, update)
    for place, paragraph in enumerate(update.paragraphs, 1):
        if paragraph in left:
            yield place, paragraph, sorted({number for (where, _), number in placed.items() if where == place})


def first_words(text: str) -> str:
    """How a sentence begins, so that it is known among others."""
    return text if len(text) <= MOST_FIRST_WORDS else f"{text[:MOST_FIRST_WORDS].rsplit(None, 1)[0]} …"


def by_quotes(reason: str) -> list[str]:
    """A reason line cut at its quotation marks, so that each second part is a title: it may run the other way than the line."""
    return QUOTED.split(reason)


def by_version(page: StoryPage, paragraph: Paragraph) -> list[tuple[TextVersion | None, list[tuple[Sentence, Citation]]]]:
    """What the sentences of a paragraph rest on, version by version, in their order; None: a version that is not known."""
    known = lookup(page).versions
    found: dict[RevisionId, list[tuple[Sentence, Citation]]] = {}
    for sentence in paragraph.sentences:
        for cited in sentence.citations:
            found.setdefault(cited.revision, []).append((sentence, cited))
    return [(known.get(revision), cited) for revision, cited in found.items()]


def place_of(old: Replaced) -> str:
    """`Update.1, paragraph 2`."""
    return f"Update.{old.number}, paragraph {old.paragraph}"


# --- language and time


def _base(language: str) -> str:
    return language.casefold().partition("-")[0]


def language_mark(page: StoryPage, language: str) -> str:
    """`French` where a text is in another language than the page, else ""."""
    if not language or not page.language or _base(language) == _base(page.language):
        return ""
    return language_name(language)


def language_name(language: str) -> str:
    """`French`; a language that has no name here by its code."""
    return LANGUAGES.get(_base(language), language)


def came_late(page: StoryPage, update: Update) -> bool:
    """Whether it was said before what an earlier update tells: its number is later all the same."""
    return update.number in lookup(page).late


# --- the desk


def in_order(page: StoryPage, *, newest_first: bool = False) -> Iterable[Update | DeskAct]:
    """The updates, with what the desk did in its place among them."""
    found = _oldest_first(page)
    return reversed(list(found)) if newest_first else found


def _oldest_first(page: StoryPage) -> Iterator[Update | DeskAct]:
    acts = [act for act in page.acts if act.kind in STORY_ACTS]
    for update in page.updates:
        while acts and acts[0].at < update.published_at:
            yield acts.pop(0)
        yield update
    yield from acts


def what_was_done(story: StoryKey, act: DeskAct) -> str:
    """An act of the desk as a story says it, without a full stop where the reason has none: `Closed on … by the desk: …`."""
    on = f"on {written_date(act.at)} by the desk"
    if act.kind is DeskKind.MERGE:
        this_goes_on = act.other == story
        done = f"Continues the story {act.story}, {on}" if this_goes_on else f"Continued in the story {act.other}, {on}"
    else:
        done = {DeskKind.CLOSE: "Closed", DeskKind.REOPEN: "Reopened", DeskKind.NOTE: "Noted"}[act.kind] + f" {on}"
    return f"{done}: {act.why}" if act.why else f"{done}."


def neighbour(story: StoryKey, act: DeskAct) -> str:
    """The story that an act leads to or comes from, seen from a story; "" for none."""
    if act.kind is not DeskKind.MERGE or act.other is None:
        return ""
    return act.story if act.other == story else act.other


# --- what may be missing


def written_between(one: Unseen) -> str:
    """`from 14 August 2025, 12:30 UTC to …`, or `since …` where it goes on."""
    if one.to_at is None:
        return f"since {written_time(one.from_at)}"
    return f"from {written_time(one.from_at)} to {written_time(one.to_at)}"


# --- the whole


@dataclass(frozen=True, slots=True)
class Named:
    """Families in a list that is not too long."""

    shown: Sequence[Voice]
    more: int


def named(voices: Sequence[Voice], most: int = MOST_NAMED) -> Named:
    """The first of them; one more than that is shown rather than counted."""
    cut = most if len(voices) > most + 1 else len(voices)
    return Named(voices[:cut], len(voices) - cut)


def voices_line(voices: Sequence[Voice]) -> str:
    """`Kremlin, White House and 12 more`."""
    some = named(voices)
    told = ", ".join(voice.name for voice in some.shown)
    return f"{told} and {some.more} more" if some.more else told


def what_differs(one: Disagreement) -> str:
    """`Another figure`."""
    return f"Another {one.kind}"


def is_short(page: StoryPage) -> bool:
    """Whether a story is its one update: what is said of the whole would say it twice."""
    return len(page.updates) < 2


def picture_file(page: StoryPage) -> str:
    """Where the copy of the picture lies beside the page; "" where there is none."""
    return f"{PICTURES}/{page.picture.sha256}.webp" if page.picture is not None and page.picture.sha256 else ""


def picture_words(page: StoryPage) -> str:
    """The picture in words, or that nobody gave any."""
    return page.image_alt.strip() or "picture without a description"


def picture_credit(page: StoryPage) -> str:
    """Whose picture it is, or that nobody says."""
    return f"Picture: {page.image_credit}" if page.image_credit.strip() else "Picture without a credit"
