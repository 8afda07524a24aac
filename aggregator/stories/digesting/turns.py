"""The turns of a transcript: where another speaks, by the names before the colons, or on lines of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

# What a turn begins with: a name, with an office or without ("MS. HALE", "President Ada Holm", "В.Иванов"), or a question.
LABEL = re.compile(r"(?P<who>[^\W\d_][^:\n!?“”\"«»]{0,120})\s?:\s+(?=\S)")
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
SINGLE = re.compile(r"(?P<who>[^\W\d_a-zà-ÿа-яіїєґ][\w'’-]{2,40})\s?:\s+(?=\S)")  # "Spokesperson: …"
INITIAL = re.compile(r"[^\W\d_]\.\s?[^\W\d_]{2}")
STOP = re.compile(r"[^\W\d_]{4,}\. ")  # the end of a sentence, and not "Ms."
ASKED = re.compile(
    r"(?:q|question|reporter|journaliste?|moderator|host|the press|follow-up|вопрос|реплика|журналист|ведущий"
    r"|питання|запитання|(?:zusatz|nach|rück)?frage|zusatz|zuruf|pregunta|domanda|pytanie|vraag)\b",
    re.IGNORECASE,
)
# A line that is a name, as the Élysée writes it: "Emmanuel MACRON"; with a colon or without.
NAMED = re.compile(r"(?:[A-ZÀ-Þ][\w'’.-]*\s){1,3}(?:[A-ZÀ-Þ]['’A-ZÀ-Þ-]+\s?){1,4}:?")
# Who answers, by no name: where somebody is asked.
ANSWERED = re.compile(r"a|r|answer|ответ|відповідь|antwort|réponse|respuesta|risposta|odpowiedź|antwoord", re.IGNORECASE)
# A question as the White House writes it, without a colon: "Q    Mr. President, when …"
UNMARKED = re.compile(r"Q\.?\s+(?=[“\"(—–-]|[^\W\d_])(?![a-z])")
_SMALL = "of the and de la le du des der von van di for to и та del al bin"
SMALL = frozenset(_SMALL.split())
MOST_WORDS = 12  # of a label
LONGEST_NAME = 60  # characters


def speakers_of(sentences: Sequence[str]) -> list[str]:
    """For each sentence of a text, who begins to speak with it; "" where nobody does. All "" where it is no transcript.

    It is one where two speakers or more alternate, or somebody is asked. Of a speech by one person all is "".
    """
    found = [_label(sentence) for sentence in sentences]
    alone = [said for said in sentences if _is_name(said)]
    if len(set(alone)) < len(alone):  # who speaks again; names that stand there once each are those of a list
        found = [label or (said if _is_name(said) else "") for said, label in zip(sentences, found, strict=True)]
    if any(found):
        found = [label or ("Q" if UNMARKED.match(said) else "") for said, label in zip(sentences, found, strict=True)]
    asked = any(map(is_asking, found))
    found = _with_single(sentences, found) if asked else ["" if ANSWERED.fullmatch(label) else label for label in found]
    labels = [label for label in found if label]
    surnames = {WORD.findall(label)[-1].casefold() for label in labels}
    again = len(labels) - len(surnames)
    if len(labels) < 2 or len(surnames) < 2 or not (asked or again or len(labels) == 2):
        return [""] * len(found)
    return found


def _with_single(sentences: Sequence[str], found: Sequence[str]) -> list[str]:
    """Where somebody is asked, a single word that stands before a colon again and again is a speaker, too."""
    words = [
        match["who"] if (match := SINGLE.match(said)) and not label else ""
        for said, label in zip(sentences, found, strict=True)
    ]
    often = Counter(words)
    return [label or (word if often[word] > 1 else "") for word, label in zip(words, found, strict=True)]


def _is_name(said: str) -> bool:
    return len(said) < LONGEST_NAME and bool(NAMED.fullmatch(said) or ASKED.fullmatch(said.rstrip(" :")))


def is_asking(speaker: str) -> bool:
    """Whether it is the press or a host who speaks."""
    return ASKED.match(speaker) is not None


def _label(said: str) -> str:
    found = LABEL.match(said[:200])
    if found is None:
        return ""
    who = found["who"].strip()
    if ASKED.match(who) or ANSWERED.fullmatch(who):
        return who
    words = [word for word in WORD.findall(who) if word.casefold() not in SMALL]
    named = [word for word in words if word[0].isupper()]
    if STOP.search(who) or not words or len(words) > MOST_WORDS or len(named) < 0.6 * len(words):
        return ""
    if len(named) >= 2 or INITIAL.match(who) or (who.isupper() and len(who) > 3):
        return who
    return ""
