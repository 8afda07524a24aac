"""Lines that are part of a page and no part of what it says: share buttons, menus, paths, notices of cookies and scripts."""

from __future__ import annotations

import re

from aggregator.text.asides import is_aside, is_path

LONGEST = 160  # characters; what is longer may say something
MOST_WORDS = 8
WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
LINK = re.compile(r"\]\(\S*?\)|</?[a-z][^<>]*>|https?://\S+", re.IGNORECASE)
LEADING = re.compile(r"[\s#>*+|•·–—-]*(?:\d{1,2}[.)](?=\s|$))?")  # marks of lists and headings

# Whole lines, as they stand on the pages of governments and newspapers. What may be a heading of an article is not here.
_LINES = """
    related news|related content|related links|related articles|related stories|related documents|more news|more stories
    photos and video|photos and videos|photo and video|photos|videos|photo gallery|gallery|multimedia|permalink|print
    print page|print this page|printable version|print version|email|e-mail|email this page|share|share this
    share this page|share this article|share this story|share on facebook|share on twitter|share on x|share on linkedin
    share via email|share by email|tweet|tweet this|copy link|link copied|read more|read also|see also|see more|show more
    load more|learn more|continue reading|more|more info|more information|back to top|top of page|back|next|previous
    previous page|next page|next article|previous article|home|home page|homepage|menu|main menu|navigation|search
    search this site|close|close menu|open menu|skip to content|skip to main content|skip navigation|sitemap|site map
    contact us|about us|privacy policy|terms of use|accessibility|subscribe|unsubscribe|sign up|sign in|log in|login
    newsletter|subscribe to our newsletter|sign up for our newsletter|follow us|follow us on|follow|rss|rss feed
    advertisement|sponsored|listen|listen to this page|download|download pdf|pdf|view comments|leave a comment|comments
    no comments|tags|topics|news|latest news|press releases|all news|breadcrumb|you are here|text version|send|save
    bookmark|like|reply|report an error|report a typo|copy url|view in browser|open in new window|click to enlarge
    load more comments|add a comment|comments are closed|you might also like|previous next|back next|download the pdf
    check against delivery|as delivered|as prepared for delivery|remarks as prepared for delivery|remarks as delivered
    for immediate release|ends|end|es gilt das gesprochene wort|seul le prononcé fait foi|found a typo
    select text and press ctrl enter|teilen|drucken|seite drucken|mehr
    mehr lesen|weiterlesen|nach oben|zurück|startseite|menü|suche|artikel teilen|kommentare|merken|zum thema
    mehr zum thema|verwandte artikel|newsletter abonnieren|impressum|datenschutz|kontakt|per e-mail teilen|partager
    imprimer|lire la suite|lire aussi|en savoir plus|haut de page|accueil|rechercher|retour|commentaires|partager sur
    compartir|imprimir|leer más|volver|inicio|buscar|condividi|stampa|leggi anche|leggi tutto|torna su|поделиться|печать
    распечатать|версия для печати|читать далее|читайте также|подробнее|наверх|главная|меню|поиск|комментарии
    ссылка на материал|прямая ссылка|фото|видео|отправить|подписаться|смотрите также|поділитися|друк|роздрукувати
    версія для друку|читати далі|читайте також|детальніше|нагору|головна|пошук|коментарі|фото і відео
"""
LINES = frozenset(one.strip() for line in _LINES.strip().splitlines() for one in line.split("|"))
# Words that such lines are put together from ("Permalink Print Email", "Facebook X LinkedIn WhatsApp").
_BUTTONS = """
    share print email e-mail permalink tweet facebook twitter x linkedin whatsapp telegram instagram youtube reddit
    pinterest viber vk messenger rss flickr threads bluesky mastodon pdf copy link save follow us like teilen drucken
    partager imprimer compartir поделиться печать вконтакте одноклассники телеграм твиттер поділитися друк this page on
    via by and to our
"""
BUTTONS = frozenset(_BUTTONS.split())
_BRANDS = """
    facebook twitter x linkedin whatsapp telegram instagram youtube reddit pinterest viber vk messenger flickr threads
    bluesky mastodon вконтакте одноклассники телеграм твиттер link save copy this page on via by and to our us like
"""
BRANDS = frozenset(_BRANDS.split())  # of these alone, a line may be an entry of a list that says something
SCRIPTS = re.compile(
    r"\b(?:enable|activate|execute|turn on|requires?|support)\b.{0,40}\bjavascript\b"
    r"|\bjavascript\b.{0,40}\b(?:disabled|enabled?|required)\b",
    re.IGNORECASE,
)
COOKIES = re.compile(
    r"\b(?:(?:we|this (?:web)?site|our (?:web)?site) uses? (?:\w+ ){0,3}cookies|(?:accept|reject|manage|allow) (?:all )?cookies"
    r"|cookie (?:settings|preferences|policy|notice)|diese (?:web)?seite verwendet cookies|ce site utilise des cookies"
    r"|сайт использует (?:файлы )?cookie)",
    re.IGNORECASE,
)
# A notice by its sign, or by a year and a name or nothing behind it: "(c)" alone begins the third entry of a list, and
# "copyright" is a matter of law.
RIGHTS = re.compile(
    r"\s*(?:©|(?i:copyright)\s*(?:©|\([cC]\))|(?:\([cC]\)|(?i:copyright))\s*(?:19|20)\d\d(?:\s*-\s*(?:\d\d){1,2})?"
    r"(?=[\W_]*(?:$|[^\W\d_a-zа-яёєіїґ])))[\s\w.,©&-]{0,80}"
)
RESERVED = re.compile(
    r"[\s\w.,©&()-]{0,80}(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados"
    r"|tutti i diritti riservati|alle rechten voorbehouden|все права защищены|(?:усі|всі) права захищен[оі])[\s.!]*"
)
# "Photo: Reuters", "Foto: Name/AFP", "Photo by Jane Doe": names alone, for a caption says something.
CREDIT = re.compile(
    r"\W*(?i:(?:photo|image|picture|foto|bild|video|фото|видео|відео)(?: credits?)?\s?[:©|]"
    r"|(?:photo|image|picture) (?:by|courtesy of)\s|crédits?(?: photos?)?\s?:)\s?"
    r"(?:(?>©|dpa|[\w.-]+\.\w{2,6}|[^\W\d_a-zа-яё][\w.'-]*|(?i:and|und|et|и))[\s/,]*+){1,6}\W*"
)
RULE = re.compile(r"[\W_]*")


def without_mark(line: str) -> str:
    """A line without the mark of a list or heading before it, and the white space around it."""
    mark = LEADING.match(line)
    return (line if mark is None else line[mark.end() :]).strip()


def is_furniture(line: str, *, beside: bool = False) -> bool:
    """Whether a whole line of a page is furniture. `beside`: another line next to it is, so that names of networks are, too.

    The line comes in small letters or not; of a line that is longer than such lines are, the answer is no.
    """
    if len(line) > LONGEST:
        return False
    written = without_mark(LINK.sub(" ", line))
    said = written.casefold()
    if RULE.fullmatch(said):
        return "://" not in line and not any(map(str.isdigit, line))  # an address says where something is; "4." which one
    words = WORD.findall(said)
    if SCRIPTS.search(said) or COOKIES.search(said) or " ".join(words) in LINES or is_aside(said) or is_path(said):
        return True
    if RIGHTS.fullmatch(written) or RESERVED.fullmatch(said) or CREDIT.fullmatch(written):
        return True
    if len(words) > MOST_WORDS or not all(word in BUTTONS for word in words):
        return False
    return beside or not all(word in BRANDS for word in words) or len(words) > 2
