"""What an edit was: what changed from one version of a text to the next, judged and told in plain words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aggregator.stories.elsewhere import Elsewhere
from aggregator.stories.figures import written
from aggregator.stories.hunks import Compared, compare
from aggregator.stories.pages import line_key
from aggregator.stories.weighing import FURNITURE, QUIET, EditKind, Weighed, weigh
from aggregator.text.boilerplate import is_furniture
from aggregator.text.plain import plain

MOST_WEIGHED = 400  # stretches of one edit that are judged by their words; more are a text that was written anew
DIGITS = re.compile(r"\d+")
MOST_LINES = 40  # changed lines of a template; more are not remembered
MOST_KEPT = 200  # stretches that are given as evidence
MOST_TOLD = 100  # characters of a stretch that are quoted
MAIN = 0.8  # share of the changed words that must be added, or removed, for an edit that does other things as well

__all__ = ["QUIET", "Edit", "EditKind", "Weighed", "edit", "edit_kind", "edit_of_page", "of_template"]


@dataclass(frozen=True, slots=True)
class Edit:
    """What became of a text."""

    kind: EditKind
    says: str  # one sentence: "Says 11:30 where it said 11:00."
    evidence: tuple[Weighed, ...]  # each stretch that changed, in the order of the text
    template: tuple[int, ...] = ()  # keys of changed lines that may be of the page's template, see `pages.py`
    only_template: bool = False  # nothing else changed that is not quiet

    @property
    def quiet(self) -> bool:
        """Whether nothing is said now that was not said before."""
        return self.kind in QUIET


def edit_kind(old: str, new: str) -> str:
    """What an edit was: `format`, `typo`, `figure`, `addition`, `removal` or `rewording`."""
    return edit(old, new).kind.value


def edit(old: str, new: str, *, context: str = "") -> Edit:
    """Judge an edit, and say what it was. A text that did not change is a `format` edit without evidence.

    `context`: the text that `new` is a part of, where it is a sentence of one: its words tell a slip from another word.
    """
    return _edit(old, new, context=context)


def edit_of_page(old: tuple[str, str], new: tuple[str, str]) -> Edit:
    """Judge an edit of a page: each version as its title and its text."""
    same = old[0] if plain(old[0]) == plain(new[0]) else ""  # a title that changed is a change
    return _edit("\n\n".join(old), "\n\n".join(new), titles=(same,))


def _edit(old: str, new: str, *, context: str = "", titles: Sequence[str] = ()) -> Edit:
    if old == new:
        return Edit(EditKind.FORMAT, "Nothing changed.", ())
    compared = compare(old, new)
    elsewhere = Elsewhere(compared, context, titles)
    evidence = [weigh(hunk, elsewhere) for hunk in compared.hunks[:MOST_WEIGHED]]
    evidence += _unweighed(compared)
    evidence += [Weighed(EditKind.REWORDING, "under another heading", line, line, 1) for line in compared.misplaced]
    kind = _kind_of(evidence)
    loud = [one for one in evidence if one.kind not in QUIET]
    lines = list(dict.fromkeys(line_key(line) for one in loud for line in one.page))
    return Edit(
        kind=kind,
        says=_says(kind, evidence, compared),
        evidence=tuple(evidence[:MOST_KEPT]),
        template=tuple(lines[:MOST_LINES]),
        only_template=all(one.page for one in loud) and 0 < len(lines) <= MOST_LINES,
    )


def of_template(judged: Edit, pages: int) -> Edit:
    """The edit as what it is, once so many pages of its source have it in common."""
    says = f"The same change on {pages} pages of this source: its template, no part of the text. {judged.says}"
    return replace(judged, kind=EditKind.FORMAT, says=says)


def _unweighed(compared: Compared) -> Iterator[Weighed]:
    """What is too much to be judged word by word: lines out and lines in; figures, where lines differ by digits alone."""
    out, put = list(compared.removed), list(compared.added)
    for hunk in compared.hunks[MOST_WEIGHED:]:
        out.append(written(hunk.old, hunk.removed))
        put.append(written(hunk.new, hunk.added))
    were: dict[str, list[str]] = {}
    for line in filter(None, out):
        were.setdefault(DIGITS.sub("0", line), []).append(line)
    for line in filter(None, put):
        alike = were.get(DIGITS.sub("0", line))
        if not alike:
            yield _line(EditKind.ADDITION, "", line)
        elif (before := alike.pop()) != line:
            yield Weighed(EditKind.FIGURE, "a number", before, line, 1)
    for line in (line for left in were.values() for line in left):
        yield _line(EditKind.REMOVAL, line, "")


def _line(kind: EditKind, old: str, new: str) -> Weighed:
    line = old or new
    if is_furniture(line) or not any(map(str.isalnum, line)):
        return Weighed(EditKind.FORMAT, FURNITURE, old, new, 1)
    return Weighed(kind, "a passage is gone" if old else "a passage is new", old, new, max(1, line.count(" ")))


def _kind_of(evidence: Iterable[Weighed]) -> EditKind:
    sizes: Counter[EditKind] = Counter()
    for one in evidence:
        sizes[one.kind] += max(1, one.words)
    if sizes[EditKind.FIGURE]:
        return EditKind.FIGURE
    loud = {kind: size for kind, size in sizes.items() if kind not in QUIET}
    if loud:
        kind, most = max(loud.items(), key=lambda item: item[1])
        return kind if most >= MAIN * sum(loud.values()) else EditKind.REWORDING
    return EditKind.TYPO if sizes[EditKind.TYPO] else EditKind.FORMAT


# --- in plain words


def _says(kind: EditKind, evidence: Sequence[Weighed], compared: Compared) -> str:
    """One sentence: the stretch that gave the edit its kind, and how many others there are."""
    if not evidence:
        if compared.moved:
            return f"The same in another order: {_quoted(compared.moved[0])} stands elsewhere now."
        return "Only spacing or typography changed."
    of_kind = [one for one in evidence if one.kind is kind] or [one for one in evidence if one.kind not in QUIET]
    main = max(of_kind, key=lambda one: one.words)
    others = len(evidence) - 1
    more = f", and {others} more change{'s' if others > 1 else ''}" if others else ""
    return f"{_of(main)}{more}."


def _of(one: Weighed) -> str:
    old, new = _quoted(one.old), _quoted(one.new)
    if one.kind in QUIET:
        return _of_quiet(one, old, new)
    if one.old == one.new:
        return f"Has {new} under another heading or speaker"
    if not one.new:
        return f"No longer says {old}"
    return f"Says {new} where it said {old}" if one.old else f"Says in addition {new}"


def _of_quiet(one: Weighed, old: str, new: str) -> str:
    if one.why == FURNITURE:
        return f"Page furniture, no part of the text: {new if one.new else old}"
    if one.kind is EditKind.FORMAT:
        return f"Writes {new} for {old}: {one.why}" if one.words else "Only punctuation or markup changed"
    if one.old and one.new:
        return f"Spells {new} what was {old}"
    return f"Has {new} twice: a slip" if one.new else f"Has {old} once where it stood twice: a slip"


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > MOST_TOLD:
        line = line[:MOST_TOLD].rsplit(" ", 1)[0] + " …"
    return f"“{line}”"
