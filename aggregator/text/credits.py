"""Which news agencies a report names as its own source: "(Reuters)", "— AFP", "/TASS/", "AFP contributed to this report".

Only the head and the end of a text are looked at, where wires are credited: who is quoted in the middle is no credit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

HEAD, END = 320, 700  # characters
LONGEST_LINE = 320  # of a credit at the end
# By the name that readers see: how it is written in the languages of the sources. Abbreviations count in capitals alone.
AGENCIES = {
    "Reuters": ("Reuters", "REUTERS", "Thomson Reuters", "Рейтер", "Рейтерс"),
    "AFP": ("AFP", "Agence France-Presse", "Agence France Presse", "АФП"),
    "AP": ("AP", "Associated Press", "The Associated Press"),
    "dpa": ("dpa", "DPA", "Deutsche Presse-Agentur"),
    "Interfax-Ukraine": ("Interfax-Ukraine", "Интерфакс-Украина", "Інтерфакс-Україна"),
    "Interfax": ("Interfax", "INTERFAX", "Интерфакс", "Інтерфакс"),
    "TASS": ("TASS", "Tass", "ITAR-TASS", "ТАСС"),
    "RIA Novosti": ("RIA Novosti", "RIA", "Sputnik", "РИА Новости", "РІА Новости"),
    "Ukrinform": ("Ukrinform", "Укрінформ", "Укринформ"),
    "UNIAN": ("UNIAN", "УНІАН", "УНИАН"),
    "BelTA": ("BelTA", "BELTA", "БелТА", "БЕЛТА"),
    "Xinhua": ("Xinhua", "XINHUA", "Синьхуа"),
    "Kyodo": ("Kyodo", "Kyodo News"),
    "EFE": ("EFE", "Agencia EFE"),
    "ANSA": ("ANSA",),
    "PAP": ("PAP",),
    "Anadolu": ("Anadolu Agency", "Anadolu"),
    "IRNA": ("IRNA",),
    "KCNA": ("KCNA",),
    "UPI": ("UPI",),
    "PTI": ("PTI",),
}
_NAME_OF = {form: name for name, forms in AGENCIES.items() for form in forms}
_ONE = "|".join(sorted(map(re.escape, _NAME_OF), key=len, reverse=True))
_AND = r"(?:\s?[,/&+]\s?|\s(?:and|und|et|y|e|i|и|та)\s)"
_SOME = rf"(?:{_ONE})(?:{_AND}(?:{_ONE})){{0,5}}"  # "AFP, dpa and Reuters"
NAME = re.compile(rf"(?<![\w-])(?:{_ONE})(?![\w-])")
# In brackets: (Reuters), (AFP, dpa), /TASS/, [AP].
BRACKETED = re.compile(rf"[(\[/]\s?{_SOME}\s?[)\]/](?!\w)")
DATELINE = re.compile(rf"[^\n.]{{2,60}}?[-–—.]\s?(?P<who>{_SOME})\s?[.:–—-]\s")  # "MOSCOW, 14 August - RIA Novosti. The …"
# At the end of a line: MOSCOW, 14 August - RIA Novosti; — AFP; Source: Reuters.
DASHED = re.compile(rf"(?:^|[-–—:|•·]\s?)({_SOME})\s?[.)]?\s*$", re.MULTILINE)
# "AFP contributed to this report", "with reporting by Reuters", "mit Material von dpa und AFP"
CONTRIBUTED = re.compile(
    r"""\bcontribut\w+|\breport(?:ing|age)\s(?:by|from)\b|\badditional\s|\bmaterial\b|\binformationen\b|\bagencies\b|\bwires?\b|
    ^\W*(?:with|mit|avec|source|quelle|fuente|джерело|источник)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# "Reuters reports", "according to TASS", "сообщает ТАСС": the head of a report that rests on it.
_SAYS = (
    r"reports?|reported|says|said|told|citing|according\sto|quot(?:ed|ing)\sby|as\sper|laut|meldet|berichtet|selon|rapporte|según|"
    r"сообща\w+|переда[её]т\w*|со\sссылкой\sна|повідомля\w+|передає"
)
RESTS = re.compile(rf"(?<!\w)(?:(?:{_SAYS})\s(?:the\s|agency\s|агентств\w+\s)?(?:{_ONE})|(?:{_ONE})\s(?:{_SAYS}))(?!\w)")
MOST_WORDS = 30  # of a line of credits; a longer one says something


def wire_credits(text: str) -> tuple[str, ...]:
    """The agencies that a report credits, by the names of `AGENCIES`, each once, in their order. Takes bounded time."""
    found: dict[str, None] = {}
    for said in _credited(text):
        found |= dict.fromkeys(_NAME_OF[one] for one in NAME.findall(said))
    return tuple(found)


def _credited(text: str) -> Iterator[str]:
    """What of a text tells where it comes from."""
    stripped = text.strip()
    head = stripped[:HEAD]
    yield from (found.group() for found in BRACKETED.finditer(head))
    yield from (found.group() for found in RESTS.finditer(head))
    first = head.partition("\n")[0]
    dateline = DATELINE.match(first)
    if dateline is not None:
        yield dateline["who"]
    for line in stripped[-END:].splitlines():
        bare = line.strip()
        if 0 < len(bare) <= LONGEST_LINE:
            yield from (found.group() for found in BRACKETED.finditer(bare[-80:]))
            yield from (found[1] for found in DASHED.finditer(bare))
            if CONTRIBUTED.search(bare) and len(bare.split()) <= MOST_WORDS:
                yield bare
