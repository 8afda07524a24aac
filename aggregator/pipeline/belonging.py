"""How a statement stands to a story: what became of it there, and what the story's settings make of it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from aggregator.config import Story
from aggregator.model import RevisionId, SourceKey, StatementId, StoryKey
from aggregator.pipeline.matching import wanted
from aggregator.store.belonging import Candidacy, candidacies_of
from aggregator.store.reading import Corroboration, StatementDetail, Version, statement_detail
from aggregator.store.refusals import Refused, refusals_of
from aggregator.stories.explaining import Judgement, judge
from aggregator.stories.matching import Matcher, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The newest version of a statement in one language, and what the story's settings make of it."""

    version: int
    language: str
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """Why a statement belongs to a story, or why not."""

    story: StoryKey
    statement: StatementId
    source: SourceKey
    title: str
    said_at: datetime
    said_day: str  # ISO date where only the day is known
    belongs: bool  # the story took it up, be it to set it aside
    taken_up: Sequence[Candidacy]  # in the order in which that happened
    refused: Sequence[Refused]  # sentences that the citation gate kept back
    beside: Sequence[Corroboration]  # updates of the story that another statement told, and this one says the same
    judged: Sequence[Judged]  # by the settings of now, the version that the story would tell first; none: it is not in the file

    @property
    def matches(self) -> bool:
        """Whether some version of it would be taken up now."""
        return any(one.judgement.match is not None for one in self.judged)


def belonging(tx: Connection, key: StoryKey, story: Story | None, statement: StatementId) -> Belonging | None:
    """How a statement stands to a story, or None where there is no such statement. `story`: as it is configured, if it is."""
    found = statement_detail(tx, statement)
    if found is None:
        return None
    newest = _newest(found.versions, story.language if story is not None else "")
    taken = candidacies_of(tx, key, statement)
    return Belonging(
        story=key,
        statement=statement,
        source=newest[0].source,
        title=newest[0].title,
        said_at=found.said_at,
        said_day=found.said_day,
        belongs=bool(taken),
        taken_up=taken,
        refused=refusals_of(tx, key, statement),
        beside=[one for one in found.corroborates if one.story == key],
        judged=[_judged(story, found, version) for version in newest] if story is not None else [],
    )


def _newest(versions: Sequence[Version], language: str) -> list[Version]:
    """The newest version in each language: that of the story first, then the newest."""
    newest = {version.language: version for version in sorted(versions, key=lambda one: one.id)}
    return sorted(newest.values(), key=lambda one: (one.language != language, -one.id))


def _judged(story: Story, found: StatementDetail, version: Version) -> Judged:
    seen = Seen(
        statement=found.id,
        revision=RevisionId(version.id),
        source=version.source,
        title=version.title,
        text=version.text,
        said_at=found.said_at,
        said_day=found.said_day,
        language=version.language,
    )
    return Judged(version=version.number, language=version.language, judgement=judge(wanted(story), Matcher(seen)))
