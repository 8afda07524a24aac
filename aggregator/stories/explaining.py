"""Why a statement belongs to a story, or why it does not: in words for the operator, with everything that stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.stories.matching import Match, Matcher, Wanted, score, span, told
from aggregator.stories.terms import Found, Need, Run, term_of

MOST_NAMED = 8  # sources that a sentence names
ROOT = 4  # letters, at least, that a word shares with one that comes near it


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a story's settings make of a statement."""

    match: Match | None
    score: int  # of the terms that are met, whatever else stands in the way
    met: tuple[str, ...]  # these terms, in plain words with where they stand
    against: tuple[str, ...]  # everything that stands in the way; empty where it matches


def judge(wanted: Wanted, matcher: Matcher) -> Judgement:
    """What a story makes of a statement. Never raises for what a source wrote."""
    met = matcher.met(wanted)
    return Judgement(
        match=matcher.match(wanted),
        score=score(met.values()),
        met=tuple(map(told, met.values())),
        against=tuple(_against(wanted, matcher)),
    )


def _against(wanted: Wanted, matcher: Matcher) -> Iterator[str]:
    yield from _outside(wanted, matcher)
    source = matcher.seen.source
    if wanted.sources and source not in wanted.sources:
        more = len(wanted.sources) - MOST_NAMED
        followed = ", ".join(wanted.sources[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        yield f"its source {source} is not among those that the story follows: {followed}"
    if wanted.lanes and (lane := wanted.lane_of.get(source)) not in wanted.lanes:
        lanes = " or ".join(wanted.lanes)
        if lane is None:
            yield f"its source {source} is no longer in feeds.toml, so in no lane; the story follows {lanes}"
        else:
            yield f"its source {source} is in the lane {lane}; the story follows {lanes}"
    met = matcher.met(wanted)
    if not met:
        yield _nearest(wanted, matcher)
    elif score(met.values()) < wanted.min_score:
        yield f"it scores {score(met.values())}, below min_score = {wanted.min_score}: {'; '.join(map(told, met.values()))}"
    excluded = matcher.excluded(wanted)
    if excluded is not None:
        yield f"left out by `none`: {told(excluded)}"


def _outside(wanted: Wanted, matcher: Matcher) -> Iterator[str]:
    first, last = span(matcher.seen)
    said = matcher.seen.said_day or f"{first:%Y-%m-%d %H:%M} UTC"
    if last < wanted.start:
        yield f"said {said}, {_long(wanted.start - last)} before the window begins ({_day(wanted.start)})"
    if wanted.end is not None and first >= wanted.end:
        end = wanted.end - timedelta(microseconds=1)  # `until` names the last day
        yield f"said {said}, {_long(first - wanted.end)} after the window ends ({_day(end)})"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _long(time: timedelta) -> str:
    """A length of time, roughly: what is less than a day is told in hours."""
    if time >= timedelta(days=1):
        return f"{time.days} day{'s' * (time.days > 1)}"
    hours = int(time.total_seconds() // 3600)
    return f"{hours} hour{'s' * (hours > 1)}" if hours else "less than an hour"


def _nearest(wanted: Wanted, matcher: Matcher) -> str:
    """Which term came nearest to being met, and what of it is missing."""
    language = matcher.seen.language
    asked = [term_of(written, language, wanted.forms) for written in wanted.terms]
    held = [matcher.needs(term) for term in asked]
    best = max(range(len(held)), key=lambda at: (sum(map(bool, held[at])) / max(len(held[at]), 1), -at))
    has = [one for one in held[best] if one is not None]
    lacks = [need for need, one in zip(asked[best], held[best], strict=True) if one is None]
    if has:
        missing = " and not ".join(map(_shown, lacks))
        near = "".join(f"; {one}" for one in _near(lacks, matcher)[:1])
        return f"nearest to the term {wanted.terms[best]!r}: has {_words(has)} but not {missing}{near}"
    near = "".join(f": {one}" for one in _near([need for term in asked for need in term], matcher)[:1])
    return f"none of its terms' words stands in it{near}"


def _words(has: Sequence[Found]) -> str:
    return " and ".join(dict.fromkeys(f"“{one.part.spelling(one.said)}”" for one in has))


def _shown(need: Need) -> str:
    return " or ".join(f"“{run.written}”" for run in need)


def _near(needs: Sequence[Need], matcher: Matcher) -> list[str]:
    """Words of the statement that begin as one of a term does, which they are not; and such that stand apart in it."""
    return [said for need in needs for run in need if (said := _near_run(run, matcher))]


def _near_run(run: Run, matcher: Matcher) -> str:
    if len(run.words) > 1:
        there = all(any(word.found(part) for part in matcher.parts) for word in run.words)
        return f"the words of “{run.written}” stand apart in it" if there else ""
    (word,) = run.words
    for part in matcher.parts if len(word.stem) >= ROOT else ():
        near = part.beginning(word.stem)
        if near is not None:
            return f"“{part.spelling(near)}” in the {part.name} is no form of “{run.written}”"
    return ""
