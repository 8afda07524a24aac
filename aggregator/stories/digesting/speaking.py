"""Who speaks: quotations in running text, the words that attribute them, and what points back to a sentence before."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.text.factwords import is_small_word

FEWEST_QUOTED = 4  # words; a shorter quotation is a phrase that the sentence itself says something about
TITLE_CASE = 0.7  # share of capitals at which what stands in quotes is the name of a law or a film
QUOTE = re.compile('["“«„”»]')
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Words that attribute: whole ones, and beginnings.
_SAYS = """
 said says say saying told tells adds adding stated states stating noted notes noting wrote writes according remarked
 commented continued posted tweeted testified statement statements remarks pointed points asked asks replied replies
 quoted recalled reminded dit selon estime estimé rappelé rappelle assuré assure communiqué sagte sagten sagt
 erklärt teilte laut fügte hieß mitteilte словам считает словами додала заява заяви заяву заяві dijo según secondo
 detto spiega zei zegt aldus volgens voegde według
"""
_SAYS_STEMS = """
 added stress announc explain emphasi declar conclud warn argue underlin insist urge thank déclar affirm soulign
 ajout indiqu expliqu erklärte betonte ergänzte kommentierte forderte kündigte äußerte сказал сказан заявил заявля
 заявлен отметил подчеркн добавил сообщ объявил написал указал пояснил говорит говорил напомнил рассказал сказав
 сказано заявив наголо зазнач підкресл додав повідом написав оголо пояснив нагада розпові declaró afirmó señaló
 añadió anunció explicó subrayó aseguró indicó manifestó dichiarat afferma aggiunto sottolineat annunciat powiedział
 oświadczył podkreślił dodał zaznaczył poinformował verklaarde benadrukte
"""
SAYS, SAYS_STEMS = frozenset(_SAYS.split()), tuple(_SAYS_STEMS.split())
_PERSONAL = "he she they il elle ils elles er sie он она они він вона вони él ella ellos ellas egli lei ona oni hij zij"
PERSONAL = frozenset(_PERSONAL.split())  # who speaks, and no name
# What a sentence begins with that points back to the one before, by language: "to" is "that" in Polish, and not in English.
_BACKWARD = {
    "en": """he she it they him them this that these those his her hers its their theirs such both another and but so also
 however therefore meanwhile moreover furthermore additionally instead thus then nevertheless nonetheless similarly
 likewise accordingly hence consequently otherwise yet too indeed still besides""",
    "fr": """il elle ils elles ce cela cette cet ces son sa ses leur leurs celui celle mais et donc ainsi aussi cependant
 toutefois néanmoins""",
    "de": """er sie es dies diese dieser dieses diesen diesem dabei damit dazu daher deshalb deswegen dadurch auch aber
 außerdem zudem ihr ihre sein seine seinen jedoch dennoch darüber hierzu und sondern dort""",
    "ru": """он она оно они это этот эта эти этого этой этим его её ее их но и а однако поэтому таким также кроме затем там тот
 та те тогда такой такая такие при""",
    "uk": """він вона воно вони це цей ця ці цього цієї цим його її їх але і та а однак тому таким також крім потім там той ті
 тоді такий така такі""",
    "es": """él ella ellos ellas esto esta este estos estas ese esa eso pero y además su sus también sin""",
    "it": """egli lei lui esso essa questo questa questi queste ma e inoltre suo sua anche tuttavia""",
    "pl": """ona ono oni ten ta to te ale oraz ponadto jego jej ich jednak także również dlatego""",
    "nl": """hij zij dit dat deze die maar en ook zijn haar hun echter daarom bovendien""",
}
BACKWARD_IN = {language: frozenset(words.split()) for language, words in _BACKWARD.items()}
BACKWARD = frozenset().union(*BACKWARD_IN.values())
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
_NOBODY = """
 yesterday today tomorrow earlier later meanwhile additionally also however monday tuesday wednesday thursday friday
 saturday sunday january february march april may june july august september october november december god president
 mr ms mrs
"""
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
    found: list[str] = WORD.findall(quoted)
    if len(found) < FEWEST_QUOTED:
        return False
    long = [word for word in found if len(word) > 3] or found
    return sum(word[0].isupper() for word in long) < TITLE_CASE * len(long)


def names_speaker(rest: str) -> bool:
    """Whether a sentence, without its quotations, says by name who speaks."""
    found = list(WORD.finditer(rest))
    says = [_says(word[0]) for word in found]
    if True not in says and not rest.rstrip().endswith((":", ": “", ':"')):
        return False
    if found and found[0][0].casefold() in PERSONAL and True in says[1:4]:
        return False  # "He also noted that the Ukrainian state …"
    return any(_is_somebody(rest, found, says, at) for at in range(len(found)))


@lru_cache(maxsize=8192)
def _says(word: str) -> bool:
    low = word.casefold()
    return low in SAYS or any(map(low.startswith, SAYS_STEMS))


def _is_somebody(rest: str, found: list[re.Match[str]], says: list[bool], at: int) -> bool:
    word = found[at][0]
    low = word.casefold()
    if not word[0].isupper() or len(word) < 2 or is_small_word(low) or low in BACKWARD or low in NOBODY:
        return False
    # The first word has a capital in any case: it is a name where it speaks, or another capital follows.
    return at > 0 or says[1:2] == [True] or rest[found[at].end() :][1:2].isupper()


def points_back(said: str, language: str = "") -> bool:
    """Whether a sentence leans on the one before it: "He added …", "In this regard …". `language` is a code such as "en-GB"; of
    one that is not known, the words of all languages count."""
    first = WORD.search(said[:60])
    words = BACKWARD_IN.get(language[:2].lower(), BACKWARD)
    return (first is not None and first[0].casefold() in words) or BACKWARD_PHRASE.match(said) is not None
