"""New texts held against those that were there before: copies, language versions, and what is alike and yet not the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import Connection

from aggregator.model import RevisionId, StatementId
from aggregator.store import Store
from aggregator.store import near as near_store
from aggregator.store.likenesses import Judged, Other, add_likenesses, others, texts_of
from aggregator.store.near import COPIES, LANGUAGES, NearShelf
from aggregator.store.near_fresh import move_on
from aggregator.store.statements import Settled
from aggregator.stories import translations
from aggregator.stories.duplicates import DuplicateIndex, Likeness
from aggregator.stories.kinship import KinKind
from aggregator.stories.profiles import read_profile
from aggregator.stories.sketching import HISTORY, VERSION, NearText, ReadText, read_text
from aggregator.stories.titles import names_another

MOST_SAME = 8  # statements of which a text is noted to be a copy: those of the copies lead to the others
CLOSE = 0.7  # of the wording: a text that shares less with another is not taken for a copy of it by anybody
MOST_VETOED = 3  # that were close: enough to see why a text was not joined

NEARER = re.compile(r"\bnearer to (\d+)")  # what the index says of a key

log = structlog.get_logger()


def liken(tx: Connection, settled: Iterable[Settled], *, at: datetime) -> int:
    """Hold each version that a listing made against what is near it, and store what comes of it, with its reasons.

    A near-copy is never taken for a duplicate line, be it of the same family: that would lose its text, and the address at
    which it stands. It stays a statement of its own that is linked to the first, and the ledger tells the two once. So a wrong
    verdict can be seen, and loses nothing. What is the same by its id, number, address or to the letter was recognised before.
    Every version is held against the others, not the first one alone: an alert of one line becomes the whole report
    that others copied, and an edit makes a copy of what was none. What comes from an archive is held against nothing: of two
    copies of it, only those to the letter are told once.
    Returns how many likenesses were found.
    """
    made = list(_read(one for one in near_texts(settled) if one.said_at >= at - HISTORY))
    if not made:
        return 0
    found = [*_copies(tx, made), *_translations(tx, made)]
    move_on(tx, (one.of.revision for one in made))
    known = others(tx, {int(one.key) for _, _, one in found})
    judged = _chosen(found, known)
    add_likenesses(tx, judged, at=at)
    return len(judged)


def near_texts(settled: Iterable[Settled]) -> Iterator[NearText]:
    """The versions that a listing made."""
    for one in settled:
        seen = one.seen
        if seen is not None:
            yield NearText(
                revision=seen.revision,
                statement=seen.statement,
                said_at=seen.said_at,
                title=seen.title,
                text=seen.text,
                language=seen.language,
                url=one.url,
                family=one.family,
                reading=one.reading,
            )


def _read(texts: Iterable[NearText]) -> Iterator[ReadText]:
    """What is needed of each text. One that we cannot read must not hold up its poll, now and at every try to come."""
    for one in texts:
        try:
            yield read_text(one)
        except Exception:  # the edge of one text: logged, and likened to nothing
            log.exception("text_not_likened", revision=one.revision)


_Found = tuple[ReadText, KinKind, Likeness]


def _copies(tx: Connection, made: Sequence[ReadText]) -> list[_Found]:
    """What each text is a copy of, or would be but for something; the texts themselves are kept."""
    shelf = NearShelf(tx, COPIES)
    shelf.look_ahead((one.of.said_at, one.reading.copied.bands) for one in made)
    index, found = DuplicateIndex(shelf), list[_Found]()
    for one in made:
        shelf.at(one.of.said_at)
        found += ((one, KinKind.COPY, other) for other in index.look_prepared(one.reading.copied, least=CLOSE))
        index.put_prepared(str(one.of.revision), one.reading.copied)
    shelf.write()
    texts = texts_of(tx, {int(other.key) for _, _, other in found if other.same})
    return [(one, kind, _told_apart(one.of, other, texts)) for one, kind, other in found]


def _told_apart(text: NearText, other: Likeness, texts: Mapping[int, tuple[str, str]]) -> Likeness:
    """A likeness, unless the two are of one mould, as their titles say."""
    if not other.same:
        return other
    veto = names_another(text.title, text.text, *texts[int(other.key)])
    return replace(other, same=False, veto=veto) if veto else other


def _translations(tx: Connection, made: Sequence[ReadText]) -> list[_Found]:
    """What each text is a version of in another language, or would be but for something; the texts themselves are kept."""
    shelf = NearShelf(tx, LANGUAGES)
    known = {*near_store.languages(tx), *(one.language for one in made)}
    asked = [[band for other in sorted(known - {one.language}) for band in one.bands_in(other)] for one in made]
    shelf.look_ahead(zip((one.of.said_at for one in made), asked, strict=True))
    shelf.make_ready((one.of.said_at, one.bands_in(one.language)) for one in made)
    found = list[_Found]()
    for one, bands in zip(made, asked, strict=True):
        found += ((one, KinKind.TRANSLATION, other) for other in _in_other_languages(one, shelf.at(one.of.said_at).like(bands)))
        _put_profile(shelf, one)
    shelf.write()
    near_store.note_languages(tx, (one.language for one in made))
    return found


def _in_other_languages(one: ReadText, near: Iterable[tuple[str, bytes]]) -> Iterator[Likeness]:
    """The verdicts that are worth telling, the surest first."""
    judged = [(key, translations.same_in_two_languages(one.reading.profile, read_profile(kept))) for key, kept in near]
    for key, verdict in sorted(judged, key=lambda two: (-two[1].score, int(two[0]))):
        if verdict.same or verdict.score >= translations.LEVEL:
            yield Likeness(key, verdict.same, verdict.evidence, verdict.veto)


def _put_profile(shelf: NearShelf, one: ReadText) -> None:
    shelf.at(one.of.said_at).put(str(one.of.revision), one.bands_in(one.language), one.kept_profile)


def _chosen(found: Iterable[_Found], known: dict[int, Other]) -> list[Judged]:
    """What is worth keeping of the verdicts, best first: one for each other statement, a likeness rather than a veto."""
    same: dict[tuple[int, int], Judged] = {}
    vetoed: dict[tuple[int, int], Judged] = {}
    counts: dict[tuple[int, bool], int] = {}
    for one, kind, likeness in found:
        other = known.get(int(likeness.key))
        if other is None or other.statement == one.of.statement or not (likeness.same or likeness.veto):
            continue  # an earlier version of the very statement; or nothing was said of it
        where, most = (same, MOST_SAME) if likeness.same else (vetoed, MOST_VETOED)
        pair, count = (one.of.revision, other.statement), (one.of.revision, likeness.same)
        if pair not in where and counts.get(count, 0) < most:
            counts[count] = counts.get(count, 0) + 1
            where[pair] = _judged(one.of, other, kind, likeness, known)
    return [*same.values(), *(one for pair, one in vetoed.items() if pair not in same)]


def _judged(text: NearText, other: Other, kind: KinKind, likeness: Likeness, known: Mapping[int, Other]) -> Judged:
    return Judged(
        statement=StatementId(text.statement),
        revision=RevisionId(text.revision),
        other=other.statement,
        other_revision=RevisionId(int(likeness.key)),
        kind=kind if likeness.same else KinKind.VETOED,
        evidence="; ".join(likeness.evidence),
        veto=NEARER.sub(lambda found: _named(found, known), likeness.veto),
    )


def _named(found: re.Match[str], known: Mapping[int, Other]) -> str:
    """The index knows keys alone; people know statements."""
    other = known.get(int(found[1]))
    return found[0] if other is None else f"nearer to statement {other.statement}"


def catch_up(store: Store) -> None:
    """Bring the index of what is near to the present version, where a store of another one was opened.

    Each step is a transaction of its own, and what was done is done: a program that ends on the way goes on from there. Done
    before anything is polled, so that what is found by the index depends on the record alone.
    """
    with store.read() as tx:
        if near_store.is_current(tx, VERSION):
            return
    texts = 0
    while (some := store.perform(_step, in_turn=True)) is not None:
        texts += some
    if texts:
        log.info("near_index_made", store=store.name, version=VERSION, texts=texts)


def _step(tx: Connection) -> int | None:
    """One step; returns how many texts it took up, None where nothing was left to do."""
    texts = near_store.next_texts(tx, VERSION)
    if texts is None:
        return None
    made = list(_read(texts))
    shelf = NearShelf(tx, COPIES)
    shelf.make_ready((one.of.said_at, one.reading.copied.bands) for one in made)
    index = DuplicateIndex(shelf)
    for one in made:
        shelf.at(one.of.said_at)
        index.put_prepared(str(one.of.revision), one.reading.copied)
    shelf.write()
    shelf = NearShelf(tx, LANGUAGES)
    shelf.make_ready((one.of.said_at, one.bands_in(one.language)) for one in made)
    for one in made:
        _put_profile(shelf, one)
    shelf.write()
    near_store.note_languages(tx, (one.language for one in made))
    move_on(tx, (one.of.revision for one in made))
    return len(texts)
