"""What an edit of a source does to what was published of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.model import Citation, Paragraph, Sentence, Text
from aggregator.stories.digesting.lines import lines_of
from aggregator.stories.edits import edit
from aggregator.stories.figures import MEASURES
from aggregator.stories.hunks import TOKEN
from aggregator.stories.pages import line_key
from aggregator.stories.weighing import NEGATIONS
from aggregator.text.plain import plain
from aggregator.text.sentences import split_sentences

ALIKE = 0.5  # below, a sentence of the new text is not the old one's successor
JOINED = 0.8  # share of a sentence's words that one holds to which it was joined
FEWEST_JOINED = 4  # words of such a sentence
MOST_PLACES = 1_000  # sentences with a word in common that are looked at
MOST_TRIED = 40  # of them, those that are compared
MOST_CONTEXT = 200_000  # characters of a text by whose words a slip is told from another word
SIGN_OF_A_NUMBER = re.compile(r"(?<![\w)\]])[-+<>=~≈≤≥](?=\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A published sentence that its source no longer holds."""

    place: int  # which of the published ones
    before: Sentence
    after: Sentence | None  # its successor in the new text, cited there; None where it was taken out


def changed_sentences(
    published: Sequence[Sentence], new: Text, template: Collection[int] = (), *, old: str = ""
) -> list[Changed]:
    """The published sentences that the new text no longer holds in substance, each with its successor.

    What is a change of substance, `edit` says, as it does of whole texts. `template`: the keys of lines that went as the
    source's template changed; of those, none was taken back. `old`: the text that the new one is held against. What
    stood there beside a sentence is not its successor, nor is what was published; and a sentence of the new text takes the
    place of one old sentence, unless it joins several.
    """
    whole = NewText(new)
    tokens = [said_words(sentence.text) for sentence in published]
    gone = [
        place
        for place, sentence in enumerate(published)
        if tokens[place] and line_key(f"-{sentence.text}") not in template and not whole.holds(tokens[place])
    ]
    if not gone:
        return []
    known = {tuple(said_words(old[start:end])) for start, end in sentence_spans(old)}
    known.update(map(tuple, tokens))
    context = new.text[:MOST_CONTEXT]
    # What an earlier version brought in other letters alone, and no update told for that, stands there still.
    there = whole.known_likest([tokens[place] for place in gone], known)
    gone = [
        place
        for place, span in zip(gone, there, strict=True)
        if span is None or not edit(published[place].text, new.text[slice(*span)], context=context).quiet
    ]
    spans = whole.successors([tokens[place] for place in gone], known)
    changed = []
    for place, span in zip(gone, spans, strict=True):
        said = "" if span is None else new.text[slice(*span)]
        if not edit(published[place].text, said, context=context).quiet:
            after = None if span is None else cited(new, span)
            changed.append(Changed(place=place, before=published[place], after=after))
    return changed


class NewText:
    """A text that published sentences are looked for in."""

    def __init__(self, text: Text) -> None:
        self.spans = list(sentence_spans(text.text))
        self._words = [said_words(text.text[start:end]) for start, end in self.spans]
        self._running = f" {' '.join(said_words(text.text))} "
        self._parted = "\n".join(f" {' '.join(words)} " for words in self._words)

    def holds(self, words: Sequence[str]) -> bool:
        """Whether a sentence stands there, and not only behind a negation: "No sanctions are in force"."""
        said = f" {' '.join(words)} "
        return said in self._running and not self._is_denied(said)

    def span_of(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Where a sentence of just these words stands."""
        wanted = list(words)
        return next((span for span, said in zip(self.spans, self._words, strict=True) if said == wanted), None)

    def _is_denied(self, said: str) -> bool:
        denied, at = False, self._parted.find(said)
        while at >= 0:
            line = self._parted.rfind("\n", 0, at) + 1
            if NEGATIONS.isdisjoint(self._parted[line:at].split()):
                return False
            denied, at = True, self._parted.find(said, at + 1)
        return denied

    def successors(self, gone: Sequence[Sequence[str]], known: Collection[tuple[str, ...]]) -> list[tuple[int, int] | None]:
        """For each sentence that is gone, where the one stands that took its place: the likest first, each one once."""
        return self._likest(gone, {n: words for n, words in enumerate(self._words) if words and tuple(words) not in known})

    def known_likest(self, gone: Sequence[Sequence[str]], known: Collection[tuple[str, ...]]) -> list[tuple[int, int] | None]:
        """The same among the sentences that are known: where the one stands that is most like it."""
        return self._likest(gone, {n: words for n, words in enumerate(self._words) if tuple(words) in known})

    def _likest(self, gone: Sequence[Sequence[str]], among: Mapping[int, Sequence[str]]) -> list[tuple[int, int] | None]:
        return [None if n is None else self.spans[n] for n in _likest(gone, among)]


def slips(text: str, before: Sequence[str]) -> Iterator[str]:
    """The sentences of a text that say what one of those `before` says, in other letters alone."""
    known = {n: words for n, words in enumerate(map(said_words, before)) if words}
    there = {tuple(words) for words in known.values()}
    spans = [(a, b) for a, b in sentence_spans(text) if tuple(said_words(text[a:b])) not in there]
    context = text[:MOST_CONTEXT]
    for (start, end), n in zip(spans, _likest([said_words(text[a:b]) for a, b in spans], known), strict=True):
        if n is not None and edit(before[n], text[start:end], context=context).quiet:
            yield text[start:end]


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text as the digest finds them."""
    for line in lines_of(text):
        for start, end in split_sentences(text[line.start : line.end]):
            yield line.start + start, line.start + end


def _likest(gone: Sequence[Sequence[str]], fresh: Mapping[int, Sequence[str]]) -> list[int | None]:
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - the service runs for weeks, and edits are rare

    places: dict[str, list[int]] = {}
    for n, words in fresh.items():
        for word in set(words):
            places.setdefault(word, []).append(n)
    pairs = []
    for place, words in enumerate(gone):
        for n in _sharing(words, places):
            ratio = Indel.normalized_similarity(words, fresh[n], score_cutoff=ALIKE)
            if ratio > ALIKE or _is_part(words, fresh[n]):
                pairs.append((-ratio, place, n))
    pairs.sort()
    found: list[int | None] = [None] * len(gone)
    taken: set[int] = set()
    for _, place, n in pairs:
        if found[place] is None and n not in taken:
            found[place] = n
            taken.add(n)
    for _, place, n in pairs:  # what two were joined to
        if found[place] is None and _is_part(gone[place], fresh[n]):
            found[place] = n
    return found


def _sharing(words: Sequence[str], places: Mapping[str, Sequence[int]]) -> list[int]:
    """The sentences that share the most words with one."""
    shared: Counter[int] = Counter()
    for word in set(words):
        shared.update(places.get(word, ())[:MOST_PLACES])
    return [n for n, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:MOST_TRIED]]


def _is_part(words: Sequence[str], other: Sequence[str]) -> bool:
    if len(words) < FEWEST_JOINED:
        return False
    left = Counter(words)
    return (left & Counter(other)).total() >= JOINED * left.total()


def said_words(text: str) -> list[str]:
    """The words of a text in small letters, and the signs that change what is said."""
    line = SIGN_OF_A_NUMBER.sub(lambda sign: f" sign{ord(sign[0])} ", plain(text).casefold())
    return [word for word in TOKEN.findall(line) if word[0].isalnum() or word in MEASURES or word == "?"]


def cited(text: Text, span: tuple[int, int]) -> Sentence:
    """A stretch of a text as a sentence that cites it."""
    start, end = span
    said = " ".join(text.text[start:end].split())
    return Sentence(text=said, citations=(Citation(revision=text.key, start=start, end=end),))


def as_paragraphs(sentences: Sequence[Sentence]) -> list[Paragraph]:
    """Sentences as one paragraph, each once, or none where there is no sentence."""
    return [Paragraph(sentences=tuple(dict.fromkeys(sentences)))] if sentences else []
