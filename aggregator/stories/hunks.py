"""Where two versions of a text part: stretches that took each other's place, in bounded time whatever the texts are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape

from aggregator.text.boilerplate import is_furniture
from aggregator.text.plain import plain
from aggregator.text.worddiff import Run, changed_runs, runs

MOST_SIGNS = 300_000  # characters of changed lines on one side that are taken apart into words: a second or two at most
MOST_PAIRED = 250_000  # lines taken out times lines put in that are tried with each other, for those moved and changed at once
ALIKE = 0.5  # share of their words that two such lines have in common
SHORT = 40  # characters; a shorter sentence of such a line stays with the next
ANSWER = 5  # words; a shorter sentence leans on the one before: "Yes.", "No, he will not."
MOST_SENTENCES = 2_000  # of two stretches that are asked whether they only have another order
CHUNK = 2_000  # characters; a longer "line" is taken apart at its sentences

LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"')\]]*\s+(?![\s\d])")  # not in "Sept. 1"
# Where a link of Markdown leads, with its title; and the tags and signs of HTML that a text was left with. Not <sup>:
# 10<sup>2</sup> is no 102. Not <https://example.org>, an address that is shown; nor "[the sum](5.5)".
TARGET = re.compile(r"(?<=\])\((?=[^\s()]{0,2000}(?:[/#:]|\.[a-z]))[^\s()]{0,2000}(?:\s+\"[^\"\n]{0,200}\")?\)")
INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|em|font|i|img|mark|q|s|small|span|strong|time|u)\b(?!:)[^<>]{0,2000}>", re.IGNORECASE
)
BLOCK = re.compile(
    r"</?(?:blockquote|br|dd|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|section|table|td|th|tr|ul)\b(?!:)[^<>]{0,2000}>",
    re.IGNORECASE,
)
COMMENT = re.compile(r"<!--[^<>]{0,2000}-->")
AREA = re.compile(r"(?<=m)[²³]")  # "5 m²", "5 m2"
ENTITY = re.compile(r"&(?:[a-z][a-z0-9]{1,30}|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
TOKEN = re.compile(
    r"https?://[^\s<>\"]+"
    r"|\d+(?:[.,:]\d+)*"
    r"|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"(?:[^\W\d_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[\u0300-\u036f]|'(?=[^\W\d_]))*"
    r"|\S"
)
ENDS = frozenset(".!?…。！？")
CLOSING = frozenset("\"')]»*_")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign of a line."""

    text: str
    line: int  # which of its side's lines
    start: int  # in characters of that line
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


@dataclass(slots=True)
class Side:
    """A text as lines that look as people see them; and the words of those that changed."""

    lines: list[str]
    tokens: list[Token] = field(default_factory=list)

    def read(self, changed: Iterable[int]) -> None:
        """Take some lines apart into words."""
        self.tokens = [Token(m[0], at, m.start(), m.end()) for at in changed for m in TOKEN.finditer(self.lines[at])]


@dataclass(frozen=True, slots=True)
class Hunk:
    """What was taken out, `old.tokens[i:a]`, and put in there, `new.tokens[j:b]`."""

    old: Side
    new: Side
    i: int
    a: int
    j: int
    b: int

    @property
    def removed(self) -> list[Token]:
        return self.old.tokens[self.i : self.a]

    @property
    def added(self) -> list[Token]:
        return self.new.tokens[self.j : self.b]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts, and where they part."""

    hunks: list[Hunk]
    moved: list[str]  # lines that stand elsewhere now, unchanged
    misplaced: list[str]  # of the lines, those that stand under another heading or speaker now
    removed: list[str]  # lines too many to be taken apart into words: what is gone of them
    added: list[str]  # and what is new
    lines: list[str]  # of the old text
    others: list[str]  # of the new text


def compare(old: str, new: str) -> Compared:
    """Find the stretches that differ. White space, typography and lines that changed places make none."""
    before, after = Side(lines_of(old)), Side(lines_of(new))
    gaps = list(_gaps(runs(before.lines, after.lines)))
    moved = _take_moved(gaps, before, after)
    gaps = list(_parted(_paired(gaps, before, after), before, after))
    hunks: list[Hunk] = []
    gone: list[str] = []
    come: list[str] = []
    left = MOST_SIGNS
    for olds, news in gaps:
        if reordered := _reordered([before.lines[n] for n in olds], [after.lines[n] for n in news]):
            moved.append(reordered)
            continue
        size = max(sum(len(before.lines[n]) for n in olds), sum(len(after.lines[n]) for n in news))
        if size > left:
            gone += [before.lines[n] for n in olds]
            come += [after.lines[n] for n in news]
            continue
        left -= size
        hunks += _hunks(Side(before.lines), Side(after.lines), olds, news)
    gone, come = _less(gone, come)
    misplaced = _misplaced(before.lines, after.lines) if moved else []
    return Compared(_without_moved(hunks, moved), moved, misplaced, gone, come, before.lines, after.lines)


def _reordered(old: Sequence[str], new: Sequence[str]) -> str:
    """The first sentence that stands elsewhere now, where both have the same sentences in another order; else ""."""
    if sum(map(len, old)) + len(old) != sum(map(len, new)) + len(new):
        return ""
    before, after = SENTENCE_END.split(" ".join(old)), SENTENCE_END.split(" ".join(new))
    if len(before) > MOST_SENTENCES or Counter(before) != Counter(after):
        return ""
    moved = [n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    if not moved or any(_answers(side, n) for side in (before, after) for n in moved):
        return ""
    return before[moved[0]]


def _answers(said: Sequence[str], n: int) -> bool:
    """Whether a sentence says what it does by the one before: it answers a question, or is no more than some words."""
    return said[n].count(" ") + 1 < ANSWER or (n > 0 and said[n - 1].endswith("?"))


def lines_of(text: str) -> list[str]:
    """The lines that have something on them, in their looks; a very long one as its sentences."""
    lines: list[str] = []
    for found in LINE.finditer(plain(_without_markup(text))):
        line = " ".join(found[0].split())
        if len(line) > CHUNK:
            lines += filter(None, _chunks(line))
        elif line:
            lines.append(line)
    return lines


def _without_markup(text: str) -> str:
    """A text without what its readers do not see: where links lead, tags, signs written as entities."""
    if "](" in text:
        text = TARGET.sub("", text)
    text = AREA.sub(lambda power: "23"["²³".index(power[0])], text)
    if "<" in text:
        text = INLINE.sub("", BLOCK.sub("\n", COMMENT.sub("", text)))
    return ENTITY.sub(lambda sign: unescape(sign[0]), text) if "&" in text else text


def _chunks(line: str) -> Iterator[str]:
    """A long line as its sentences, or as pieces where it has none."""
    start = 0
    for end in [*(m.end() for m in SENTENCE_END.finditer(line)), len(line)]:
        while end - start > CHUNK:  # no sentence at all: at spaces, or anywhere
            at = line.rfind(" ", start + 1, start + CHUNK)
            at = at + 1 if at > start else start + CHUNK
            yield line[start:at].strip()
            start = at
        if end - start >= SHORT or end == len(line):
            yield line[start:end].strip()
            start = end


Gap = tuple[list[int], list[int]]  # lines of the old text and lines of the new that stand in their place


def _gaps(found: Iterable[Run]) -> Iterator[Gap]:
    for run in found:
        if run.i < run.a or run.j < run.b:
            yield list(range(run.i, run.a)), list(range(run.j, run.b))


def _take_moved(gaps: list[Gap], before: Side, after: Side) -> list[str]:
    """Take out of the gaps what is only somewhere else; returns those lines."""
    gone = Counter(before.lines[n] for olds, _ in gaps for n in olds)
    come = Counter(after.lines[n] for _, news in gaps for n in news)
    both = gone & come
    if not both:
        return []
    for side, at in ((before, 0), (after, 1)):
        left = both.copy()
        for gap in gaps:
            kept = []
            for n in gap[at]:
                if left[side.lines[n]] > 0:
                    left[side.lines[n]] -= 1
                else:
                    kept.append(n)
            gap[at][:] = kept
    return list(both)


def _misplaced(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The lines that both texts have, each under another leading line ("Bob said:", "Delisted:")."""
    before, after = _led(old), _led(new)
    return [line for line, leader in before.items() if leader and after.get(line) and after[line] != leader]


def _led(lines: Sequence[str]) -> dict[str, str]:
    """Each line with the one that leads it, "" for none: the one before that ends in a colon, and so for a list below it.

    What answers in some words is led by its question, and an entry of a list by the heading that is marked as one.
    """
    found: dict[str, str] = {}
    leader, fresh = "", False
    for last, line in zip(("", *lines), lines, strict=False):
        if line.endswith(":") or line.startswith("#"):
            leader, fresh = line, line.endswith(":")
            continue
        if last.endswith("?") and line.count(" ") + 1 < ANSWER:
            found.setdefault(line, last)
        is_sentence = line[-1] in ENDS or line[-1] in CLOSING
        if is_sentence and not fresh:
            leader = ""
        found.setdefault(line, leader)
        fresh = fresh and not is_sentence
    return found


def _paired(gaps: Sequence[Gap], before: Side, after: Side) -> list[Gap]:
    """The gaps; a line taken out here and one put in there that have most words in common are one gap."""
    out = [n for olds, news in gaps if not news for n in olds]
    put = [n for olds, news in gaps if not olds for n in news]
    if not out or not put or len(out) * len(put) > MOST_PAIRED:
        return [gap for gap in gaps if gap[0] or gap[1]]
    bags = {n: frozenset(TOKEN.findall(after.lines[n])) for n in put}
    pairs: dict[int, int] = {}
    for n in out:
        bag = frozenset(TOKEN.findall(before.lines[n]))
        best = max(bags, key=lambda m: len(bag & bags[m]) / (len(bag | bags[m]) or 1), default=None)
        if best is not None and len(bag & bags[best]) >= ALIKE * len(bag | bags[best]):
            pairs[n] = best
            del bags[best]
    taken = set(pairs.values())
    rest: list[Gap] = []
    for olds, news in gaps:
        one_sided = not olds or not news
        left = [n for n in olds if not (one_sided and n in pairs)], [n for n in news if not (one_sided and n in taken)]
        if left[0] or left[1]:
            rest.append(left)
    return [*rest, *(([n], [m]) for n, m in pairs.items())]


def _parted(gaps: Iterable[Gap], before: Side, after: Side) -> Iterator[Gap]:
    """The gaps; furniture of the page beside lines that changed is a gap of its own, whatever became of them."""
    for olds, news in gaps:
        doomed = [[n for n in side if is_furniture(text.lines[n])] for side, text in ((olds, before), (news, after))]
        if olds and news and any(doomed):
            yield [n for n in olds if n not in doomed[0]], [n for n in news if n not in doomed[1]]
            yield doomed[0], []
            yield [], doomed[1]
        else:
            yield olds, news


def _hunks(before: Side, after: Side, olds: Sequence[int], news: Sequence[int]) -> Iterator[Hunk]:
    before.read(olds)
    after.read(news)
    found = changed_runs([one.text for one in before.tokens], [one.text for one in after.tokens])
    return (Hunk(before, after, r.i, r.a, r.j, r.b) for r in found if r.i < r.a or r.j < r.b)


def _without_moved(hunks: Sequence[Hunk], moved: list[str]) -> list[Hunk]:
    """The hunks without sentences that are taken out in one place and put in unchanged in another; those go to `moved`."""
    out: dict[tuple[str, ...], list[int]] = {}
    doomed: set[int] = set()
    for at, hunk in enumerate(hunks):
        if hunk.removed and not hunk.added and is_whole(hunk.old, hunk.i, hunk.a):
            said = _said(hunk.removed)
            if len(said) >= ANSWER:
                out.setdefault(said, []).append(at)
    for at, hunk in enumerate(hunks):
        if hunk.added and not hunk.removed and is_whole(hunk.new, hunk.j, hunk.b) and out.get(said := _said(hunk.added)):
            doomed |= {at, out[said].pop()}
            moved.append(" ".join(said))
    return [hunk for at, hunk in enumerate(hunks) if at not in doomed]


def is_whole(side: Side, i: int, a: int) -> bool:
    """Whether some words are whole lines or sentences."""
    tokens = side.tokens
    return begins_sentence(side, i) and (a == len(tokens) or tokens[a].line != tokens[a - 1].line or _ends(tokens, a))


def begins_sentence(side: Side, n: int) -> bool:
    """Whether a line or a sentence begins with a word."""
    tokens = side.tokens
    return n == 0 or tokens[n - 1].line != tokens[n].line or _ends(tokens, n)


def _ends(tokens: Sequence[Token], n: int) -> bool:
    """Whether a sentence ends before a word."""
    while n > 0 and tokens[n - 1].text in CLOSING:
        n -= 1
    return n > 0 and tokens[n - 1].text in ENDS


def _said(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(one.text for one in tokens if one.is_word)


def _less(gone: list[str], come: list[str]) -> tuple[list[str], list[str]]:
    """Each line once, and none that both have."""
    there, here = dict.fromkeys(gone), dict.fromkeys(come)
    if there.keys() == here.keys():  # the same lines, and not as often
        fewer = Counter(gone) - Counter(come)
        more = Counter(come) - Counter(gone)
        return list(fewer), list(more)
    return [one for one in there if one not in here], [one for one in here if one not in there]
