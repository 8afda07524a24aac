"""A story as a whole, of what its ledger holds: key points, who was heard and who was not, and since when it is quiet."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import (
    AlsoReported,
    DeskAct,
    DeskKind,
    Mark,
    Quote,
    Sentence,
    StatementId,
    Update,
    UpdateKind,
    Voice,
)
from aggregator.stories.standing import sentences_of
from aggregator.text.factwords import is_small_word
from aggregator.text.fingerprint import words

QUIET_AFTER = timedelta(days=1)  # an official story has its day: what is silent for one is quiet
MOST_POINTS = 12  # families of which a key point is shown
EARLY = 1.5  # what the first sentence of an update has before all others; the second half of it, and so on
FEWEST_WORDS, MOST_WORDS = 8, 45  # of a sentence that says something by itself, and is no list
FIGURE_OR_NAME = re.compile(r"(?<=[\w,;] )(?:[^\W\d_a-zа-яёіїєґ][\w’'-]+|\d[\d.,]*)")
# What begins so, or ends so, leans on a sentence beside it.
_LEANING = """he she it they this these that those his her their its but and so however moreover also il elle ils elles ce cette
 ces mais er sie es dies diese dieser aber он она они это этот но він вона вони це цей але"""
LEANING = frozenset(_LEANING.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one update still says: nothing of it was corrected or taken back."""

    update: Update
    family: str
    sentences: tuple[Sentence, ...]

    @property
    def name(self) -> str:
        """Who says it, as readers know them."""
        return self.update.attributions[0].name if self.update.attributions else self.family

    @property
    def text(self) -> str:
        """Its title, and all that stands."""
        return "\n".join([self.update.title, *(sentence.text for sentence in self.sentences)])

    def quote(self, sentence: Sentence) -> Quote:
        """One of its sentences by itself."""
        told = self.update
        url = told.attributions[0].url if told.attributions else ""
        return Quote(number=told.number, family=self.family, name=self.name, url=url, sentence=sentence, language=told.language)


def standing(updates: Sequence[Update], marks: Iterable[Mark], families: Mapping[StatementId, str]) -> list[Telling]:
    """What of a ledger still stands, Update.1 first: without what was withdrawn, and without sentences that were corrected.

    Where nothing says which sentence of an update a correction puts right, none of that update is taken to stand.
    """
    withdrawn, corrected = set[int](), set[int]()
    for mark in marks:
        (withdrawn if mark.kind is UpdateKind.WITHDRAWN else corrected).add(mark.number)
    replaced = {(old.number, old.paragraph, old.position) for update in updates for old in update.replaces}
    unsaid = corrected - {number for number, _, _ in replaced}
    found = []
    for update in updates:
        if update.kind is UpdateKind.WITHDRAWN or update.number in withdrawn or update.number in unsaid:
            continue
        left = tuple(
            one.sentence
            for one in sentences_of(update)
            if (one.number, one.paragraph, one.position) not in replaced and one.sentence.citations
        )
        if left:
            found.append(Telling(update=update, family=families.get(update.statement, ""), sentences=left))
    return found


# --- key points


def key_points(tellings: Sequence[Telling], *, theme: Iterable[str], most: int = MOST_POINTS) -> tuple[Quote, ...]:
    """The sentence of each family that says most by itself; who spoke last comes first. `theme`: title, lead and terms."""
    by_family: dict[str, list[Telling]] = defaultdict(list)
    for telling in tellings:
        by_family[telling.family].append(telling)
    wanted = _content(" ".join(theme))
    newest_first = sorted(by_family.values(), key=lambda some: -some[-1].update.number)
    return tuple(_best(some, wanted) for some in newest_first[:most])


def _best(tellings: Sequence[Telling], theme: Collection[str]) -> Quote:
    """Of all that a family says, what is typical of it, of the story, and early in its update; of equals the newest."""
    bags = [[_content(sentence.text) for sentence in telling.sentences] for telling in tellings]
    spread = Counter(word for some in bags for bag in some for word in bag)
    total = sum(map(len, bags))
    ranked = [
        (_weight(one.text, bag, spread, total, theme) + EARLY / (1 + place), telling.update.number, -place, telling, one)
        for telling, some in zip(tellings, bags, strict=True)
        for place, (one, bag) in enumerate(zip(telling.sentences, some, strict=True))
    ]
    *_, telling, sentence = max(ranked, key=lambda one: one[:3])
    return telling.quote(sentence)


def _weight(text: str, bag: Collection[str], spread: Mapping[str, int], total: int, theme: Collection[str]) -> float:
    """What speaks for a sentence wherever it stands. `spread`: in how many of the `total` sentences each word is."""
    every = words(text)
    if not bag:
        return -10.0
    # Whole numbers: a set has another order in each process, and fractions come to another sum in another order.
    usual = sum(spread[word] for word in bag) / (total * len(bag))
    on_theme = sum(word in theme for word in bag) / max(len(bag), 6)
    facts = min(len(FIGURE_OR_NAME.findall(text)), 6) / 6
    weight = 2 * usual + 2 * on_theme + facts
    if not FEWEST_WORDS <= len(every) <= MOST_WORDS:
        weight -= 2
    if every[0] in LEANING or text.endswith((":", "?", "…", "...")):
        weight -= 2
    return weight


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if not is_small_word(word))


# --- who was heard


def voices(
    updates: Sequence[Update],
    also: Iterable[AlsoReported],
    families: Mapping[StatementId, str],
    followed: Mapping[str, str],
) -> tuple[tuple[Voice, ...], tuple[Voice, ...]]:
    """The families that a story has heard, who spoke last first; and those that it follows and has not, by name.

    `followed` gives the name of each family that it follows. Heard is who an update tells, or who reports what one tells;
    what was withdrawn was heard, too.
    """
    told, echoed = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    names = dict[str, str]()
    for echo in also:
        family = families.get(echo.statement, "")
        echoed[family].add(echo.number)
        names[family] = echo.name
    for update in updates:
        family = families.get(update.statement, "")
        told[family].add(update.number)
        if update.attributions:
            names[family] = update.attributions[0].name
    heard = [
        Voice(
            family=family,
            name=names.get(family) or followed.get(family) or family,
            numbers=tuple(sorted(told[family])),
            also=tuple(sorted(echoed[family] - told[family])),
        )
        for family in {*told, *echoed}
    ]
    heard.sort(key=lambda one: (-max(one.numbers + one.also), one.family))
    missing = [Voice(family=family, name=name) for family, name in followed.items() if family not in {*told, *echoed}]
    return tuple(heard), tuple(sorted(missing, key=lambda one: (one.name.casefold(), one.family)))


# --- quiet


def quiet_since(
    updates: Sequence[Update], acts: Sequence[DeskAct], *, active: bool, until: datetime | None, now: datetime
) -> datetime | None:
    """When the newest update of an open story was published, if that is longer ago than `QUIET_AFTER`; else None.

    A story is open while feeds.toml has it, its window lasts, and the desk has neither closed nor merged it.
    """
    ends = [act.kind for act in acts if act.kind in (DeskKind.CLOSE, DeskKind.MERGE, DeskKind.REOPEN)]
    is_open = active and (until is None or now < until) and (not ends or ends[-1] is DeskKind.REOPEN)
    newest = updates[-1].published_at if updates else None
    return newest if is_open and newest is not None and now - newest >= QUIET_AFTER else None
