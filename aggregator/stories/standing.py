"""What stands of what was published of a statement: its sentences, less those that a later update replaced or took back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.model import Replaced, Sentence, Text, Update, UpdateKind
from aggregator.stories.revising import changed_sentences

Place = tuple[int, int, int]  # the update's number, the paragraph and the position in it, each from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A published sentence, and where it stands."""

    number: int
    paragraph: int
    position: int
    sentence: Sentence

    def replaced(self, after: str) -> Replaced:
        """As what a later update says of it."""
        place = {"number": self.number, "paragraph": self.paragraph, "position": self.position}
        return Replaced(**place, before=self.sentence.text, after=after)


def standing(
    told: Sequence[Update],
    *,
    revisions: Mapping[int, Text],
    replaced: Collection[Place] = (),
    own: Collection[int] = (),
) -> list[Standing]:
    """The sentences that stand of the updates that tell one statement, and of what the desk made of its words; oldest first.

    `revisions`: by number the version that each update tells. `replaced`: the places that any update has replaced. `own`: the
    ids of the statement's versions; of an update of the desk, the sentences stand that cite one of them. Of an update that
    the desk took back, nothing stands.
    """
    gone = {(old.number, old.paragraph, old.position) for update in told for old in update.replaces} | set(replaced)
    taken_back = {old for update in told if _is_by_the_desk(update, UpdateKind.WITHDRAWN) for old in update.corrects}
    stands = [
        one
        for update in sorted(told, key=lambda update: update.number)
        if update.number not in taken_back
        for one in sentences_of(update)
        if (one.number, one.paragraph, one.position) not in gone
        and (update.desk is None or any(cited.revision in own for cited in one.sentence.citations))
    ]
    return _less_put_right(stands, told, revisions)


def taken_out(told: Sequence[Update], stands: Iterable[Standing]) -> list[tuple[int, str]]:
    """The sentences that the source took out and has not put back, each with the number of the update that says so."""
    there = {one.sentence.text for one in stands}
    gone = {old.before: update.number for update in told if update.desk is None for old in update.replaces if not old.after}
    return [(number, said) for said, number in gone.items() if said not in there]


def _is_by_the_desk(update: Update, kind: UpdateKind) -> bool:
    return update.desk is not None and update.kind is kind


def sentences_of(update: Update) -> Iterator[Standing]:
    """Every sentence of an update, with its place."""
    for p, paragraph in enumerate(update.paragraphs, 1):
        for s, sentence in enumerate(paragraph.sentences, 1):
            yield Standing(number=update.number, paragraph=p, position=s, sentence=sentence)


def _less_put_right(stands: list[Standing], told: Sequence[Update], revisions: Mapping[int, Text]) -> list[Standing]:
    """The same without what a correction put right that was published before corrections named their sentences."""
    for later in told:
        if later.kind is not UpdateKind.CORRECTED or later.replaces or later.desk is not None:
            continue
        of = [one for one in stands if one.number in later.corrects]
        if not of:
            continue
        right = {change.place for change in changed_sentences([one.sentence for one in of], revisions[later.number])}
        put_right = [one for place, one in enumerate(of) if place in right]
        stands = [one for one in stands if one not in put_right]
    return stands
