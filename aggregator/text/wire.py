"""Lines within a report that are no part of it: who wrote it, how to subscribe, what to read next."""

from __future__ import annotations

import re
from collections.abc import Sequence

CREDIT = re.compile(
    r"""(?:(?:additional\s)?report(?:ing|age)|writing|editing|compiled|produced|translated|illustrations?|graphics?)\sby\s.{2,400}|
    our\sstandards:.{0,200}|(?:opens\snew\stab)?the\sthomson\sreuters\strust\sprinciples\.?(?:,\sopens\snew\stab)?|
    mit\s(?:material|informationen)\s(?:von|der)\s.{2,120}|avec\s(?:l'|l’)?(?:afp|reuters|ap|agences)\.?|
    [^.]{2,120}\scontributed\sto\sthis\s(?:report|story|article)\.?|(?:associated\spress|ap)\swriters?\s.{2,200}\scontributed.{0,80}|
    this\s(?:story|article|report)\s(?:has\sbeen|was)\s(?:first\s|originally\s)?(?:published|translated|updated).{0,160}""",
    re.IGNORECASE | re.VERBOSE,
)
FURNITURE = re.compile(
    r"""(?:(?:read|see|learn|watch|listen)\s(?:more|also|next|our|the\sfull)\b|also\sread|related(?:\s(?:stories|articles|topics|content|coverage))?\s*:?$|
    sign\sup\b|subscribe\b|follow\s(?:us|.{2,40}\son\s(?:twitter|x|facebook|instagram|telegram|whatsapp))|advertisement|share\s(?:this|on)\b|
    join\sour\b|download\sour\sapp|click\shere|published\sin\ssections?|publication\sstatus|direct\slink|text\sversion|
    (?:copyright\s)?©\s?\d{4}|copyright\s\d{4}|all\srights\sreserved|posted\sin:|filed\sunder:|tags?:|topics?:|print\sthis|email\sthis|
    lire\s(?:aussi|plus|la\ssuite)|à\slire\saussi|il\svous\sreste\s[\d.,]+|inscrivez-vous|partager|télécharger\sle\s\.?pdf|
    lesen\ssie\sauch|mehr\szum\sthema|zum\sthema|lea\stambién|le\spuede\sinteresar|suscríbete|más\sinformación|leggi\sanche|czytaj\s(?:też|więcej)|
    читайте\sтакже|подпис(?:ывайтесь|аться)|опубликовано\sв\sразделах|статус\sматериала|прямая\sссылка|текстовая\sверсия|
    читайте\sтакож|підписуйтесь|この記事は会員限定|［?有料会員限定)""",
    re.IGNORECASE | re.VERBOSE,
)
MOST_WORDS = 30  # of a line of furniture; a longer one says something
EDGES = 8  # lines from the end in which a credit may stand


FEED_TAIL = re.compile(
    r"""\s*(?:\[?(?:…|\.\.\.)\]?\s*)?(?:continue\sreading(?:\.\.\.|…)|\n\s*\#\s?\#\s?\#|
    the\spost\s[^\n]{1,300}\sappeared\sfirst\son\s[^\n]{1,100}\.?)\s*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
LONGEST_TAIL = 500  # characters
TAIL_SIGNS = ("continue", "appeared first", "#")  # without one of these no such line is there, and no search is needed


def without_feed_tail(text: str) -> str:
    """A feed's text without a last line that says nothing: "Continue reading...", "The post … appeared first on …", "###"."""
    tail = text[-LONGEST_TAIL:].lower()
    if not any(sign in tail for sign in TAIL_SIGNS):
        return text
    found = FEED_TAIL.search(text, max(0, len(text) - LONGEST_TAIL))
    return text[: found.start()] if found is not None else text


def part_wire(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of a report, and those that only tell who made it. What sells or points elsewhere is in neither."""
    text: list[str] = []
    makers: list[str] = []
    for at, line in enumerate(lines):
        bare = line.strip(" ()[]*•–—-").rstrip()
        at_edge = at >= len(lines) - EDGES
        if at_edge and CREDIT.fullmatch(bare):
            makers.append(line)
        elif not (len(line.split()) <= MOST_WORDS and FURNITURE.match(bare)):
            text.append(line)
    return text, makers
