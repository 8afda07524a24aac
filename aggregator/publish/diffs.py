"""What changed between two versions of a statement: as values, as one HTML page, and as marked text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from aggregator.publish.templating import NOWHERE, page_of
from aggregator.store.reading import StatementDetail, Version
from aggregator.text.worddiff import Change, Piece, count_words, shortened, word_diff

# wdiff's marks, which many programs know how to colour.
MARKS = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}", Change.LEFT_OUT: "{}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDiff:
    """How one version became another of the same language."""

    old: Version
    new: Version
    title: Sequence[Piece]
    text: Sequence[Piece]

    def words(self, change: Change) -> int:
        """How many words of title and text have this fate."""
        return sum(count_words(piece.text) for piece in (*self.title, *self.text) if piece.change is change)

    @property
    def sum(self) -> str:
        """`2 words removed, 1 word added`, of title and text."""
        removed, added = self.words(Change.REMOVED), self.words(Change.ADDED)
        return f"{removed:,} word{'s' * (removed != 1)} removed, {added:,} word{'s' * (added != 1)} added"


def consecutive_diffs(versions: Iterable[Version], *, without: Collection[int] = ()) -> Iterator[VersionDiff]:
    """Each version but the first of its language with the one before it; versions in the order of `StatementDetail`. `without`:
    the ids of those that nobody asks for."""
    for _, group in groupby(versions, key=lambda version: version.language):
        for old, new in pairwise(group):
            if new.id not in without:
                yield diff_of(old, new)


def diffs_between(versions: Sequence[Version], first: int, then: int) -> Iterator[VersionDiff]:
    """The version numbered `then` against that numbered `first`, in each language that has both."""
    by_place = {(version.language, version.number): version for version in versions}
    for language in dict.fromkeys(version.language for version in versions):
        old, new = by_place.get((language, first)), by_place.get((language, then))
        if old is not None and new is not None:
            yield diff_of(old, new)


def diff_of(old: Version, new: Version) -> VersionDiff:
    """Two versions compared word by word."""
    return VersionDiff(old=old, new=new, title=word_diff(old.title, new.title), text=word_diff(old.text, new.text))


def shown_pieces(pieces: Sequence[Piece], *, full: bool) -> Iterator[Piece]:
    """Pieces as people see them: of what is unchanged for long, not all, and how much that is."""
    shown = list(pieces if full else shortened(pieces))
    for place, piece in enumerate(shown):
        if piece.change is Change.LEFT_OUT:
            apart = "\n\n" if "\n" in piece.text else " "
            before, after = apart * (place > 0), apart * (place + 1 < len(shown))
            yield Piece(piece.change, f"{before}[… {written_words(piece.text)} unchanged …]{after}")
        else:
            yield piece


def written_words(text: str) -> str:
    """How many words a text has, in words: `1 word`, `1,234 words`."""
    count = count_words(text)
    return f"{count:,} word{'s' * (count != 1)}"


def marked(pieces: Iterable[Piece], *, clean: Callable[[str], str] = str) -> str:
    """Pieces as text in which `[-…-]` was removed and `{+…+}` added; `clean` is applied to what a source wrote."""
    return "".join(MARKS[piece.change].format(clean(piece.text)) for piece in pieces)


def diffs_as_html(found: StatementDetail, diffs: Sequence[VersionDiff], *, full: bool) -> str:
    """One page without script and without any other file; what was removed and added is told by words, signs and colour."""
    return page_of(
        "diff.html", NOWHERE, "", found=found, diffs=diffs, pieces=lambda some: shown_pieces(some, full=full), Change=Change
    )
