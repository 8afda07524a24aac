"""Who speaks: quotations in running text, the words that attribute them, and what points back to a sentence before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.text.factwords import is_small_word

FEWEST_QUOTED = 4  # words; a shorter quotation is a phrase that the sentence itself says something about
TITLE_CASE = 0.7  # share of capitals at which what stands in quotes is the name of a law or a film
QUOTE = re.compile("[\"“«„”»]")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SAYS = r"""
    said|says|say|saying|told|tells|added|adds|adding|stated|states|stating|stress(?:ed|es|ing)|noted|notes|noting|wrote|writes
    |announc(?:ed|es|ing)|explain(?:ed|s|ing)|emphasi[sz](?:ed|es|ing)|declar(?:ed|es|ing)|according\sto|remarked|commented|continued
    |conclud(?:ed|es|ing)|warn(?:ed|s|ing)|argu(?:ed|es|ing)|point(?:ed|s)\sout|underlin(?:ed|es|ing)|insist(?:ed|s|ing)|urg(?:ed|es|ing)
    |ask(?:ed|s)|repli(?:ed|es)|tweeted|posted|testified|statement|statements|remarks|recalled|reminded|thank(?:ed|s)|quoted
    |a\sdit|ont\sdit|dit|déclar\w+|affirm\w+|soulign\w+|ajout\w+|estim[eé]|indiqu\w+|selon|rappel[eé]|expliqu\w+|assur[eé]|communiqué
    |sagte|sagten|sagt|erklärte\w?|erklärt|betonte|teilte|laut|ergänzte|fügte|hieß|kommentierte|forderte|kündigte|äußerte|mitteilte
    |сказал\w*|заявил\w*|заявля\w+|отметил\w*|подчеркн\w+|добавил\w*|сообщ\w+|по\sсловам|объявил\w*|написал\w*|указал\w*|пояснил\w*
    |говорит\w*|говорил\w*|считает|напомнил\w*|заявлени\w+|рассказал\w*
    |сказа[влн]\w*|заяви[влн]\w*|заявля\w+|наголо[сш]\w+|зазнач\w+|підкресл\w+|додав\w*|додала|повідом\w+|за\sсловами|написа[влн]\w*
    |оголо[сш]\w+|поясни[влн]\w*|нагада[влн]\w*|розпові[влдн]\w*|заяв\w
    |dijo|declaró|afirmó|señaló|añadió|según|anunció|explicó|subrayó|aseguró|indicó|manifestó
    |ha\sdetto|dichiarat\w|afferma\w*|secondo|aggiunto|spiega\w*|sottolineat\w|annunciat\w
    |powiedział\w*|oświadczył\w*|podkreślił\w*|dodał\w*|według|zaznaczył\w*|poinformował\w*
    |zei|zegt|aldus|verklaarde|volgens|voegde|benadrukte
"""
SAYS = re.compile(rf"\b(?:{_SAYS})\b", re.IGNORECASE | re.VERBOSE)
# What a sentence begins with that points back to the one before.
_BACKWARD = """
 he she it they him them this that these those his her hers its their theirs such both another and but so also however therefore
 meanwhile moreover furthermore additionally instead thus then nevertheless nonetheless similarly likewise accordingly hence
 consequently otherwise yet too indeed still besides
 il elle ils elles ce cela cette cet ces son sa ses leur leurs celui celle mais et donc ainsi aussi cependant toutefois néanmoins
 er sie es dies diese dieser dieses diesen diesem dabei damit dazu daher deshalb deswegen dadurch auch aber außerdem zudem ihr ihre
 sein seine seinen jedoch dennoch darüber hierzu und sondern dort
 он она оно они это этот эта эти этого этой этим его её ее их но и а однако поэтому таким также кроме затем там тот та те тогда
 такой такая такие при
 він вона воно вони це цей ця ці цього цієї цим його її їх але і та а однак тому таким також крім потім там той ті тоді такий така такі
 él ella ellos ellas esto esta este estos estas ese esa eso pero y además su sus también sin
 egli lei lui esso essa questo questa questi queste ma e inoltre suo sua anche tuttavia
 ona ono oni one ten ta to te ale oraz ponadto jego jej ich jednak także również dlatego
 hij zij dit dat deze die maar en ook zijn haar hun echter daarom bovendien
"""
BACKWARD = frozenset(_BACKWARD.split()) - {"one"}
BACKWARD_PHRASE = re.compile(
    r"""\W*(?:in\s(?:addition|turn|this\s(?:regard|context|connection)|that\s(?:regard|context)|response|return|particular|other\swords)
    |as\s(?:a\sresult|such|well)|at\s(?:the\ssame\stime|that\spoint|this\spoint)|for\s(?:this|that|example|instance|his|her|their)\b
    |on\s(?:the\sother\shand|this|that)\b|because\sof\s(?:this|that)|with\s(?:this|that)\b|the\s(?:two|latter|former|same)\b|after\sthat
    |by\scontrast|among\s(?:them|these|those)|all\sof\s(?:this|them)|to\s(?:this|that)\send|like\sthis
    |en\soutre|par\sailleurs|de\splus|en\seffet|en\srevanche|à\sce\ssujet|pour\scela
    |в\sсвою\sочередь|в\sто\sже\sвремя|в\sэтой\sсвязи|в\sчастности|кроме\sтого|при\sэтом|помимо\sэтого|в\sсвязи\sс\sэтим
    |у\sсвою\sчергу|водночас|у\sцьому\sзв|зокрема|крім\sтого|при\sцьому|разом\sз\sтим|на\sцьому)""",
    re.IGNORECASE | re.VERBOSE,
)
_NOBODY = """yesterday today tomorrow earlier later meanwhile additionally also however monday tuesday wednesday thursday friday
 saturday sunday january february march april may june july august september october november december god president mr ms mrs"""
NOBODY = frozenset(_NOBODY.split())


def quoted_parts(text: str, *, is_open: bool) -> tuple[list[tuple[int, int]], bool]:
    """The spans of a text inside quotation marks, and whether one is open at its end. `is_open`: one is at its beginning."""
    parts: list[tuple[int, int]] = []
    start = 0 if is_open else -1
    for found in QUOTE.finditer(text):
        at, sign = found.start(), found.group()
        # “ closes what „ has opened; and it opens again at the head of a paragraph within a quotation.
        opens = start < 0 if sign == '"' else sign in "“«„" and not (sign == "“" and text[max(0, start - 1) : start] == "„")
        if opens and start < 0:
            start = at + 1
        elif not opens and start >= 0:
            parts.append((start, at))
            start = -1
    if start >= 0:
        parts.append((start, len(text)))
    return parts, start >= 0


def outside(text: str, parts: list[tuple[int, int]]) -> str:
    """A text without what stands in quotation marks."""
    pieces, done = [], 0
    for start, end in parts:
        pieces.append(text[done:start])
        done = end
    return " ".join([*pieces, text[done:]])


def is_speech(quoted: str) -> bool:
    """Whether what stands in quotation marks is what somebody said, and not a phrase or the name of a thing."""
    found = WORD.findall(quoted)
    if len(found) < FEWEST_QUOTED:
        return False
    long = [word for word in found if len(word) > 3] or found
    return sum(word[0].isupper() for word in long) < TITLE_CASE * len(long)


def names_speaker(rest: str) -> bool:
    """Whether a sentence, without its quotations, says by name who speaks."""
    said = SAYS.search(rest)
    if said is None and not rest.rstrip().endswith((":", ": “", ':"')):
        return False
    return any(_capitals(rest))


def _capitals(rest: str) -> Iterator[str]:
    for at, found in enumerate(WORD.finditer(rest)):
        word, low = found[0], found[0].casefold()
        if not word[0].isupper() or is_small_word(low) or low in BACKWARD or low in NOBODY or len(word) < 2:
            continue
        if at or SAYS.match(rest, found.end() + 1) or _next_is_capital(rest, found.end()):
            yield word


def _next_is_capital(rest: str, end: int) -> bool:
    return rest[end : end + 1] == " " and rest[end + 1 : end + 2].isupper()


def points_back(said: str) -> bool:
    """Whether a sentence leans on the one before it: "He added …", "In this regard …"."""
    first = WORD.search(said[:60])
    return (first is not None and first[0].casefold() in BACKWARD) or BACKWARD_PHRASE.match(said) is not None
