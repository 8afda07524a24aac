"""Which of the languages of our sources a text is in, told by its small words and letters; nothing where that is not sure."""

from __future__ import annotations

import re
from collections import Counter

MOST_READ = 3_000  # characters: the small words of a language come in every sentence
FEWEST = 4  # small words of one language, and three times as many as of any other
SPARSEST = {"en": 8, "fr": 8, "de": 8, "ru": 25, "uk": 25}  # among so many words is a small one, or it is another language
WORD = re.compile(r"[^\W\d_]+")

# Words that come often in one of these languages and are no words, or rare ones, of the others.
_SMALL = {
    "en": "the and of to in that for is was with on as it by from are has have this which will been not be would their at we",
    "fr": "le la les des et du une dans que pour est par sur au qui avec ce sont ont nous pas aux cette plus été leur il elle",
    "de": "der die das und den von zu mit ist im für auf des dem nicht ein eine auch sich als wir bei werden sind hat nach",
    "ru": "и в не на что с по как это из от для он его были был или также мы было которые который ее их об только чтобы",
    "uk": "і в не на що з до та як це із від для він його були був або також ми було які який її їх про щоб але цього є й у ви",
}
# By word: the languages that have it.
SMALL = {
    word: tuple(language for language, words in _SMALL.items() if word in words.split())
    for word in " ".join(_SMALL.values()).split()
}
# Letters that Russian or Ukrainian has and the other has not. Belarusian has both, Bulgarian neither.
RUSSIAN, UKRAINIAN = frozenset("ыэъё"), frozenset("іїєґ")


def detect_language(text: str) -> str:
    """`en`, `fr`, `de`, `ru`, `uk`, or "" where the text is too short, mixed, or in another language. Reads its beginning."""
    words = WORD.findall(text[:MOST_READ].casefold())
    small = Counter(filter(None, map(SMALL.get, words)))
    counts = {language: sum(times for spoken, times in small.items() if language in spoken) for language in _SMALL}
    letters = set("".join(words))
    if letters & UKRAINIAN or not letters & RUSSIAN:
        counts["ru"] = 0
    if letters & RUSSIAN or not letters & UKRAINIAN:
        counts["uk"] = 0
    best, second = sorted(counts, key=lambda language: -counts[language])[:2]
    sure = counts[best] >= FEWEST and counts[best] >= 3 * counts[second]
    # Other languages share small words with these ("die", "la", "на"), but have more words of their own.
    return best if sure and counts[best] * SPARSEST[best] >= len(words) else ""
