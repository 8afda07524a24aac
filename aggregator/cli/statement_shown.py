"""A statement and its changes as people read them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import Console
from rich.text import Text

from aggregator.cli.output import harmless
from aggregator.model import ZoneKnown
from aggregator.publish.diffs import VersionDiff, marked, shown_pieces
from aggregator.store.reading import ReadFrom, StatementDetail, Version
from aggregator.stories.kinship import KinKind
from aggregator.text.worddiff import Change, Piece

ZONES = {
    ZoneKnown.OFFSET: "with its zone",
    ZoneKnown.SOURCE: "its zone is that of the source in feeds.toml",
    ZoneKnown.PAGE: "its zone is that of the item's own page",
    ZoneKnown.NONE: "its zone is not known, read as UTC",
}
TRANSPORT = {"tls": "TLS", "none": "no transport integrity"}
STYLES = {Change.REMOVED: "red strike", Change.ADDED: "green underline", Change.LEFT_OUT: "dim italic", Change.SAME: ""}


def as_text(found: StatementDetail) -> str:
    """Everything that is known of a statement, then its versions."""
    lines = [
        f"Statement {found.id} of the family {found.family}",
        f"said     {_said(found)}, written {found.said_written!r} ({ZONES[found.zone_known]})",
        *([f"changed  {_changed(found)}"] if found.updated_written else []),
        f"seen     {_time(found.first_seen_at)} for the first time",
        *([f"number   {found.reference}"] if found.reference else []),
        f"versions {', '.join(f'{count} {language}' for language, count in _languages(found).items())}",
        f"address  {found.url or 'none'}",
        *(f"also     {one.url} ({'as it says itself' if one.claimed else 'listed there'})" for one in found.addresses),
        *(
            f"listed   {one.source} as {one.entry_id}{f', {one.url}' if one.url not in ('', one.entry_id) else ''}"
            f", since {_time(one.first_seen_at)}"
            for one in found.listings
        ),
        *(f"told     {one.story} Update.{one.number} ({one.kind})" for one in found.updates),
        *(
            f"same     statement {one.statement} says the same as {one.story} Update.{one.number}, noted {_time(one.at)}"
            for one in found.corroborated_by
        ),
        *(f"same     says the same as {one.story} Update.{one.number}, noted {_time(one.at)}" for one in found.corroborates),
        *(f"like     {like}" for like in _likenesses(found)),
        *_cited(found),
        *_watched(found),
        *_taken_back(found),
    ]
    for version in found.versions:
        lines += ["", *_heading(version), "", version.title, "", version.text]
    return "\n".join(lines) + "\n"


def _likenesses(found: StatementDetail) -> Iterator[str]:
    """What the statement was found to be like, and why; and what was close and not joined."""
    for one in found.likenesses:
        other = f"statement {one.statement} ({one.name})"
        match one.kind:
            case KinKind.COPY if one.earlier:
                yield f"copy of {other}: {one.evidence}"
            case KinKind.COPY:
                yield f"{other} is a copy of it: {one.evidence}"
            case KinKind.TRANSLATION:
                yield f"{other} in another language: {one.evidence}"
            case KinKind.VETOED if one.earlier:
                yield f"not joined with {other}: {one.veto} ({one.evidence})"
            case KinKind.VETOED:
                yield f"{other} was not joined with it: {one.veto} ({one.evidence})"


def _cited(found: StatementDetail) -> Iterator[str]:
    """Which versions are cited, by which sentences."""
    names = {one.id: f"version {one.number} {one.language}".rstrip() for one in found.versions}
    for one in found.citations:
        if one.revision in names:
            where = f"{one.story} Update.{one.number}, paragraph {one.paragraph}, sentence {one.position}"
            yield f"cited    {names[one.revision]}, characters {one.start}–{one.end}: {where}"


def _watched(found: StatementDetail) -> Iterator[str]:
    """Which pages are looked at again, and how they were seen."""
    for one in found.watched:
        good = f"last seen well {_time(one.good_at)}" if one.good_at is not None else "not looked at yet"
        following = f"next {_time(one.next_at)}" if one.next_at is not None else "no longer looked at"
        yield f"watched  {one.url}, by {one.source}: {good}, {following}"
        if one.gone_times and one.gone_from is not None and one.gone_last is not None:
            times = "once" if one.gone_times == 1 else f"{one.gone_times} times"
            yield f"gone     seen gone {times}, {_time(one.gone_from)} to {_time(one.gone_last)}: {one.said}"
        elif one.last_at is not None:
            yield f"look     {_time(one.last_at)}: {one.said}"


def _taken_back(found: StatementDetail) -> Iterator[str]:
    """What its sources themselves say of it, and what they took back."""
    for note in found.notes:
        yield f"note     {note.source} ({note.kind}), {_time(note.at)}{f': “{note.words}”' if note.words else ''}"
    for one in found.taken_back:
        became = f" ({one.note})" if one.note else ""
        ended = f", and had again {_time(one.ended_at)}" if one.ended_at is not None else ""
        story = "no story" if one.story is None else f"{one.story}, {one.state.replace('_', ' ')}{became}"
        yield f"taken    back by {one.source}, {_time(one.at)}{ended}: {story}"


def _heading(version: Version) -> Iterator[str]:
    language = version.language or "language unknown"
    yield f"Version {version.number}, {language}, seen {_time(version.seen_at)} from {version.source}"
    if version.edit is not None:
        yield f"edit     {version.edit.kind}: {version.edit.says}"
    if version.built_at is not None:
        yield f"listing  made {_time(version.built_at)}, as it says itself"
    if version.read_from is None:
        yield "snapshot none"
        return
    yield from _answer(version.read_from)


def _answer(answer: ReadFrom) -> Iterator[str]:
    yield f"from     {answer.url}"
    status = f"HTTP {answer.status}" if answer.status else "no HTTP status"
    yield f"fetched  {_time(answer.fetched_at)}, {status}, {answer.content_type or 'no content type'}"
    yield f"over     {TRANSPORT.get(answer.transport, answer.transport)}"
    for name, value in (("etag", answer.etag), ("modified", answer.last_modified)):
        if value:
            yield f"{name:<8} {value}"
    yield f"snapshot {answer.sha256}, {answer.size:,} bytes"
    if answer.kept:
        yield f"kept     {answer.path}, {answer.stored_size:,} bytes packed"
    elif answer.had_no_room:
        yield "kept     no: the disk had no room for them when they came"
    elif answer.removed_at is not None:
        yield f"kept     no: removed {_time(answer.removed_at)}, as retention says"
    else:
        yield f"kept     no: {answer.path} is missing"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment.second else f"{moment:%Y-%m-%d %H:%M} UTC"


def _said(found: StatementDetail) -> str:
    return f"on {found.said_day}" if found.said_day else f"{found.said_at:%Y-%m-%d %H:%M} UTC"


def _changed(found: StatementDetail) -> str:
    at = "at a time that cannot be read" if found.updated_at is None else f"{found.updated_at:%Y-%m-%d %H:%M} UTC"
    return f"{at}, written {found.updated_written!r}"


def _languages(found: StatementDetail) -> Counter[str]:
    """How many versions there are in each language."""
    return Counter(version.language or "of an unknown language" for version in found.versions)


def diff_as_values(diff: VersionDiff) -> dict[str, object]:
    """For `--json`: all pieces, nothing left out."""
    return {
        "language": diff.new.language,
        "from": diff.old.number,
        "to": diff.new.number,
        "from_seen_at": diff.old.seen_at,
        "to_seen_at": diff.new.seen_at,
        "words_removed": diff.words(Change.REMOVED),
        "words_added": diff.words(Change.ADDED),
        "title": [{"change": piece.change.value, "text": piece.text} for piece in diff.title],
        "text": [{"change": piece.change.value, "text": piece.text} for piece in diff.text],
    }


def show_diff(diff: VersionDiff, *, full: bool) -> None:
    """Print a difference: in colours, struck through and underlined, on a terminal that has them; else marked as by wdiff."""
    console = Console()
    styled = sys.stdout.isatty() and console.is_terminal and not console.is_dumb_terminal
    language = diff.new.language or "language unknown"
    print(f"Version {diff.old.number} to version {diff.new.number}, {language}")
    print(f"seen {_time(diff.old.seen_at)} from {diff.old.source}, then {_time(diff.new.seen_at)} from {diff.new.source}")
    print(f"{diff.sum}\n")
    title = list(shown_pieces(diff.title, full=True))
    for pieces in (title, list(shown_pieces(diff.text, full=full))):
        if styled:
            console.print(_styled(pieces), soft_wrap=True)
        else:
            print(marked(pieces, clean=harmless))
        print()


def _styled(pieces: Iterable[Piece]) -> Text:
    text = Text()  # what a source wrote is no markup
    for piece in pieces:
        text.append(harmless(piece.text), style=STYLES[piece.change])
    return text
