"""`story KEY --why STATEMENT`: why a statement belongs to a story, or why not, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aggregator.cli.common import reading_with
from aggregator.cli.output import FAILED, WRONG, fail, show_json, show_text
from aggregator.model import StatementId, StoryKey
from aggregator.pipeline.belonging import Belonging, Judged, belonging
from aggregator.store.belonging import Candidacy
from aggregator.store.stories import EXPECTING, HELD, PUBLISHED, WAITING
from aggregator.store.summaries import all_stories

LONGEST = 120  # characters of a sentence that was refused


def explain(key: str, number: int, *, config: Path, as_json: bool) -> None:
    """Print how a statement stands to a story. An unknown story or statement ends the command."""
    with reading_with(config) as (plan, store), store.read() as tx:
        known = list(dict.fromkeys([*plan.stories, *(one.key for one in all_stories(tx))]))
        if key not in known:  # looked up in a list: the shell may hand over what is no text
            fail(f"There is no story {key!r}. Stories: {', '.join(known) or 'none yet'}", code=WRONG)
        found = belonging(tx, StoryKey(key), plan.stories.get(StoryKey(key)), StatementId(number))
    if found is None:
        fail(f"There is no statement {number}. List them: aggregator statements", code=FAILED)
    if as_json:
        show_json(_as_values(found))
    else:
        show_text("\n".join(_said(found)) + "\n")


def _as_values(found: Belonging) -> dict[str, Any]:
    return {**asdict(found), "matches": found.matches}


def _said(found: Belonging) -> Iterator[str]:
    said = found.said_day or f"{found.said_at:%Y-%m-%d %H:%M} UTC"
    yield f"Statement {found.statement} of {found.source}, said {said}: “{found.title}”"
    if found.belongs:
        yield f"belongs to {found.story}:"
        yield from (f"- {line}" for one in found.taken_up for line in _became(one))
        yield from _refused(found)
        yield from (f"- stands beside Update.{one.number}, which says the same" for one in found.beside)
        if found.judged and not found.matches:
            yield "By the settings of now it would not be taken up:"
            yield from _against(found)
    elif found.matches:
        yield f"matches {found.story}, which has not taken it up:"
        yield from (f"- {one}" for one in _because(found))
        yield "- it was stored while the settings were others: a new story takes up what is stored, a changed one what comes"
    elif found.judged:
        yield f"does not belong to {found.story}:"
        yield from _against(found)
    else:
        yield f"does not belong to {found.story}, which is no longer in feeds.toml and takes up nothing"


def _became(one: Candidacy) -> Iterator[str]:
    version = f"version {one.version} ({one.language or 'of an unknown language'})"
    yield f"{version} was taken up at {one.seen_at:%Y-%m-%d %H:%M} UTC: {one.why}"
    if one.state == PUBLISHED:
        yield f"{version} was published as Update.{one.update} ({one.kind})"
    elif one.state == WAITING:
        note = f", since {one.note}" if one.note else ""
        yield f"{version} waits until {one.settles_at:%Y-%m-%d %H:%M} UTC{note}"
    elif one.state == EXPECTING:
        yield f"{version} is held until {one.settles_at:%Y-%m-%d %H:%M} UTC at the latest: {one.note}"
    elif one.state == HELD:
        yield f"{version} is {one.note}; let it go: aggregator ledger release"
    else:
        yield f"{version} was set aside: {one.note}"


def _refused(found: Belonging) -> Iterator[str]:
    """What the citation gate kept back: how many of each reason, and the first sentence of each."""
    counts = Counter((one.digest, one.code) for one in found.refused)
    for (digest, code), count in counts.items():
        first = next(one for one in found.refused if (one.digest, one.code) == (digest, code))
        sentences = "a sentence" if count == 1 else f"{count} sentences"
        told = f"{sentences} of the {digest} digest ({code})"
        yield f"- the citation gate refused {told}: “{first.text[:LONGEST]}”: {first.reason}"


def _because(found: Belonging) -> Iterator[str]:
    for one in found.judged:
        if one.judgement.match is not None:
            yield f"{one.judgement.match} (score {one.judgement.score}{_of_language(found, one)})"


def _against(found: Belonging) -> Iterator[str]:
    """What stands in the way of each version, told once where it is the same for all."""
    told: set[str] = set()
    for one in found.judged:
        for line in one.judgement.against:
            if line not in told:
                told.add(line)
                yield f"- {line}{_of_language(found, one)}"


def _of_language(found: Belonging, one: Judged) -> str:
    return f", in {one.language or 'an unknown language'}" if len(found.judged) > 1 else ""
