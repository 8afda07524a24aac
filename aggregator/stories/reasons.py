"""The reason line: one sentence on every update that says what is new, made by rule.

What a source wrote stands in it in quotes or as a figure or a name of its text; all else is ours. No line is longer than a few
hundred characters, whatever the source wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import Replaced, UpdateKind
from aggregator.stories.differing import Difference, Swap, difference

LONGEST_TITLE = 120  # characters
LONGEST_SENTENCE = 90  # of a sentence that was taken out
LONGEST_WORDS = 60  # of words that took the place of others; longer ones are not quoted
LONGEST_WHY = 500  # of what somebody at the desk wrote, or of a notice
MOST_NAMED = 4  # updates; further ones are counted
MOST_COMPARED = 40  # sentences of one correction that are looked at; further ones are counted as reworded

TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
QUOTES = str.maketrans({"“": "‘", "”": "’", "„": "‘", '"': "’", "«": "‘", "»": "’"})
_COUNTS = "no a two three four five six seven eight nine ten eleven twelve"
COUNTS = dict(enumerate(_COUNTS.split()))
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """When what an update tells was said."""

    number: int
    kind: UpdateKind
    at: datetime
    day_only: bool = False  # `at` is the first moment of the day that is known


def first_line(source: str, title: str) -> str:
    """Of the first update of a story."""
    return f"First statement, by {source}{_titled(title)}."


def adds_line(source: str, title: str, *, late: str = "") -> str:
    """Of a statement that says something new; `late` as `late_words` says it."""
    return f"Adds a statement by {source}{_titled(title)}{f', {late}' if late else ''}."


def more_line(source: str, title: str, *, number: int) -> str:
    """Of what a source has added to a statement that an update tells."""
    return f"Adds to Update.{number} what {source} has put into its statement since{_titled(title)}."


def late_words(said: Spoken, others: Iterable[Spoken]) -> str:
    """When something was said, and before which update, if a published update tells what was said later; else "".

    `said.number` does not matter. Of those said later, the one said next is named.
    """
    end = said.at + DAY if said.day_only else said.at
    later = [one for one in others if one.kind in (UpdateKind.NEW, UpdateKind.ADDS) and one.at >= end and one.at > said.at]
    if not later:
        return ""
    following = min(later, key=lambda one: (one.at, one.number))
    day = said.at + DAY / 2 if said.day_only else said.at  # the day begins by the clock of its source
    written = f"{day.day} {day:%B}{f' {day:%Y}' if day.year != following.at.year else ''}"
    return f"said on {written}{'' if said.day_only else f' at {said.at:%H:%M} UTC'}, before Update.{following.number}"


def gone_line(source: str, numbers: Sequence[int], *, seen: str) -> str:
    """Of a statement whose page stays away; `seen`: how that was found, in words of ours."""
    return f"{source} no longer has what {what_tells(numbers)}: {seen}."


def taken_back_line(source: str, numbers: Sequence[int], *, words: str = "") -> str:
    """Of a statement that its source took back in so many words, which are quoted."""
    said = shortened(words, LONGEST_WHY)
    return f"{source} took back what {what_tells(numbers)}" + (_ended(f": “{said}”", said) if said else ".")


def desk_withdraws_line(number: int, *, why: str) -> str:
    """Of an update that the desk takes back."""
    return f"The desk withdraws Update.{number}{_because(why)}"


def desk_corrects_line(number: int, *, paragraph: int, removed: int = 0, why: str) -> str:
    """Of a sentence that the desk puts right; `removed`: how many it takes out, where it puts none in their place."""
    if removed:
        return f"The desk takes {_counted(removed, 'sentence')} out of {_place([number], paragraph)}{_because(why)}"
    return f"The desk corrects {_place([number], paragraph)}{_because(why)}"


def correction_line(
    replaced: Sequence[Replaced],
    *,
    source: str,
    language: str = "",
    parted: Collection[int] = (),
    back: Sequence[tuple[int, str]] = (),
) -> str:
    """Of published sentences that their source put right, took out, or put back.

    `parted`: the numbers of the updates that have more than one paragraph: there the paragraph is named, if it is one.
    `back`: sentences that stand again, each with the number of the update that says it was taken out.
    """
    if back:
        return _with_back(replaced, back, source=source)
    place = _places(replaced, parted)
    compared = [difference(one.before, one.after, language=language) for one in replaced[:MOST_COMPARED]]
    compared += [Difference(reworded=True)] * (len(replaced) - len(compared))
    swaps = list(dict.fromkeys(swap for one in compared for swap in one.swaps))
    only = len(swaps) == 1 and all(one.swaps and not (one.negation or one.reworded) for one in compared)
    if only and swaps[0].old and swaps[0].new:
        return f"Corrects the {swaps[0].what} in {place}: {_bare(swaps[0].new)}, not {_bare(swaps[0].old)}."
    if len(replaced) == 1:
        return _of_one(replaced[0], compared[0], place=place, source=source)
    return _of_several(compared, swaps, place=place, source=source)


def _with_back(replaced: Sequence[Replaced], back: Sequence[tuple[int, str]], *, source: str) -> str:
    numbers = sorted({*(one.number for one in replaced), *(number for number, _ in back)})
    said = shortened(back[0][1], LONGEST_SENTENCE).rstrip(".") if len(back) == 1 else ""
    what = f"“{said}”" if said else _counted(len(back), "sentence")
    also = f" and changed {_counted(len(replaced), 'sentence')}" if replaced else ""
    return f"Corrects {updates_named(numbers)}: {source} put back {what}{also}."


def _of_one(replaced: Replaced, found: Difference, *, place: str, source: str) -> str:
    if not replaced.after:
        said = shortened(replaced.before, LONGEST_SENTENCE).rstrip(".")
        return f"Corrects {place}: {source} took out “{said}”."
    if found.negation and not found.swaps:
        return f"Corrects {place}: {source} {_negated(found)}."
    if len(found.swaps) == 1 and found.swaps[0].old and found.swaps[0].new:
        swap = found.swaps[0]
        beside = " and words beside it" if found.reworded else ""
        denied = f"; {source} {_negated(found)}" if found.negation else ""
        return f"Corrects the {swap.what} in {place} ({_bare(swap.new)}, not {_bare(swap.old)}){beside}{denied}."
    old, new = shortened(found.old, LONGEST_WORDS + 1), shortened(found.new, LONGEST_WORDS + 1)
    if not found.swaps and old and new and max(len(old), len(new)) <= LONGEST_WORDS and not found.negation:
        return f"Corrects {place}: {source} says “{new}” where it said “{old}”."
    if not found.swaps and not found.negation:
        return f"Corrects {place}: {source} changed its text."
    return _of_several([found], found.swaps, place=place, source=source)


def _of_several(compared: Sequence[Difference], swaps: Sequence[Swap], *, place: str, source: str) -> str:
    names, figures = [one for one in swaps if one.what == "name"], [one for one in swaps if one.what != "name"]
    things = []
    if figures:
        kinds = {one.what for one in figures}
        things.append(_counted(len(figures), kinds.pop() if len(kinds) == 1 else "figure"))
    if names:
        things.append(_counted(len(names), "name"))
    reworded = sum(one.reworded for one in compared)
    if reworded:
        things.append(f"the wording of {_counted(reworded, 'sentence')}")
    gone = sum(one.gone for one in compared)
    negated = list(dict.fromkeys(_negated(one) for one in compared if one.negation))[:2]
    deeds = [*negated, *([f"took out {_counted(gone, 'sentence')}"] if gone else [])]
    if not things:
        return f"Corrects {place}: {source} {_joined(deeds)}."
    if gone and not negated:
        return f"Corrects {_joined(things)} in {place} and takes out {_counted(gone, 'sentence')}."
    return f"Corrects {_joined(things)} in {place}{f'; {source} {_joined(deeds)}' if deeds else ''}."


def _negated(found: Difference) -> str:
    """ "put in “not”: “is not closed”"."""
    put, taken = _bare(found.put_in), _bare(found.taken_out)
    if put and taken:
        return f"says “{put}” where it said “{taken}”"
    around = shortened(found.new, LONGEST_WORDS)
    where = f": “{around}”" if around not in ("", put, taken) else ""
    return f"put in “{put}”{where}" if put else f"took out “{taken}”{where}"


# --- parts of a line


def shortened(text: str, most: int) -> str:
    """A text on one line, without markup, marks that nobody sees and double quotes, and cut at a word where it is too long."""
    seen = "".join(sign if unicodedata.category(sign)[0] != "C" else " " * sign.isspace() for sign in text[: most * 20])
    line = " ".join(TAG.sub(" ", seen).translate(QUOTES).replace("<", " ").split())
    if len(line) <= most:
        return line
    head, space, _ = line[: most + 1].rpartition(" ")
    return f"{head if space else line[:most]} …"


def updates_named(numbers: Sequence[int]) -> str:
    """ "Update.2, Update.3 and Update.5"; of many, the first ones and how many more."""
    said = [f"Update.{number}" for number in numbers]
    if len(said) > MOST_NAMED:
        said = [*said[: MOST_NAMED - 1], f"{len(said) - MOST_NAMED + 1} more updates"]
    return _joined(said)


def _titled(title: str) -> str:
    said = shortened(title, LONGEST_TITLE)
    return f": “{said}”" if said else ""


def what_tells(numbers: Sequence[int]) -> str:
    """ "Update.2 tells", "Update.2 and Update.3 tell"."""
    return f"{updates_named(numbers)} {'tells' if len(numbers) == 1 else 'tell'}"


def _because(why: str) -> str:
    said = shortened(why, LONGEST_WHY)
    return _ended(f": {said}", said) if said else "."


def _ended(line: str, said: str) -> str:
    """A line that ends with what was said: with a full stop, unless that has an end of its own."""
    return line if said.endswith((".", "!", "?", "…")) else f"{line}."


def _bare(words: str) -> str:
    return shortened(words.strip(" ,;:") or words, LONGEST_WORDS)


def _places(replaced: Sequence[Replaced], parted: Collection[int]) -> str:
    numbers = list(dict.fromkeys(one.number for one in replaced))
    paragraphs = {one.paragraph for one in replaced}
    named = len(numbers) == 1 and len(paragraphs) == 1 and numbers[0] in parted
    return _place(numbers, paragraphs.pop() if named else None)


def _place(numbers: Sequence[int], paragraph: int | None) -> str:
    return updates_named(numbers) + (f", paragraph {paragraph}" if paragraph is not None else "")


def _counted(count: int, what: str) -> str:
    return f"{COUNTS.get(count, f'{count:,}')} {what}{'s' if count != 1 else ''}"


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
