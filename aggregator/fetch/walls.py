"""The bounded look at a body that finds the walls that are known (`wall_signs`).

A mark alone proves nothing: good pages carry the same vendors' scripts, and news is written about blocked pages. So every
rule also asks how much text the page has of its own. Strings are compared in lower case, with entities undone.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from aggregator.fetch.wall_signs import (
    AKAMAI_REFERENCE,
    BY_TITLE,
    DEFAULT,
    DENIED,
    FILTER,
    GONE,
    LOGIN,
    LONG_REFERENCE,
    MARKS,
    PHRASES,
    PROVE,
    REFUSES,
    REPAIR,
    SCRIPTS,
    SOLD,
    TALK,
    TITLE_ALONE,
    TITLE_HOLDS,
    TITLE_STARTS,
    WEAK,
    words,
)

__all__ = ["DENIED", "GONE", "PROVE", "REFUSES", "Look", "look", "wall"]

BLOCK = 80  # characters from which a block of text is prose, not a menu
SHORT = 6_000  # characters of text up to which a page may be a wall that explains itself


INLINE = words("a abbr acronym b bdi bdo big cite code em font i ins kbd mark q s small span strong sub sup tt u var")
APART = ("script", "style", "template", "noscript", "svg", "title", "select", "textarea")
UNSEEN = re.compile(rf"<({'|'.join(APART)})\b[^<>]*>|<!--", re.IGNORECASE)
ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in APART}
TAG = re.compile(r"<(/?[a-zA-Z!?][^\s<>/]{0,30})[^<>]*>")
PARTS = re.compile(r" [|·•∙»›–—-]+ |\s?[|·•»›]\s?| :: | / ")
NUMBER = re.compile(
    r"^(?:http )?(?:status|error|ошибка|помилка|fehler|erreur|erro|errore|code)?\s?([45]\d\d)\b[\s:.,!|–—-]{0,5}"
)
NUMBER_LAST = re.compile(r"[\s:,(\[|–—-]{1,4}(?:(?:http )?error |ошибка |помилка )?[45]\d\d[)\]]?$")
MOST_OWN = {GONE: 1_200, DEFAULT: 4_000}  # prose beside such a title: menus and notices, or a server's manual
DATED = ("article:published_time", "datepublished", "newsarticle", 'og:type" content="article', "blogposting")
PASSWORD = ('type="password"', "type='password'", "type=password")
SENDS_ON = (
    "location.href=",
    "location.href =",
    "location.replace(",
    "location.assign(",
    "location='",
    'location="',
    "].submit()",
)
MOST_BESIDE = 60  # characters of text beside a notice: a menu, and no sentence
MOST_SENDING = 3_000  # characters of markup: an application that draws its page itself has more
GONE_PHRASES = tuple(pattern for pattern, name in PHRASES if name == GONE)
REPAIR_PHRASES = tuple(pattern for pattern, name in PHRASES if name == REPAIR)
THIS_SITE = re.compile(
    r"\W{0,3}(?:(?:sorry|this|our|the|die|diese|unsere|le|ce|cette|notre|на|наш|этот|цей)\b,? ?){0,2}"
    r"(?:web ?site|site|web ?page|page|portal|seite|webseite|internetseite|сайт[еі]?|портал[еі]?)\b"
)
RELOADS = ("location.reload", "location.href", "location.replace", "location=", "location =", "location.assign")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the rules see of a body. `markup`, `text` and `hidden` are in lower case."""

    markup: str
    shown: str  # the title as written
    title: str
    heading: str
    text: str  # what a reader sees, blocks joined by line ends
    hidden: str  # what stands in <noscript>
    own: int  # characters of prose that does not talk like a wall
    rest: int  # characters of any text that does not
    dated: bool  # says of itself that it is an article
    whole: bool  # nothing of the body was left out


def look(text: str, *, whole: bool) -> Look:
    """Read the given part of an HTML page; linear in its length, whatever the markup is."""
    seen, apart = _seen(text)
    blocks = _blocks(seen)
    talk = sum(map(len, blocks)) <= SHORT
    strange = [one for one in blocks if _is_words(one) and not (talk and _talks(one))]
    shown = _plain(apart["title"])
    heading = re.search(r"<h1\b[^<>]*>", seen, re.IGNORECASE)
    markup = text.lower()
    return Look(
        markup=markup,
        shown=shown[:120].strip(),
        title=_key(shown),
        heading=_key(_plain(seen[heading.end() : heading.end() + 600].partition("</h1")[0])) if heading else "",
        text="\n".join(blocks).lower(),
        hidden=_plain(apart["noscript"]).lower(),
        own=sum(len(one) for one in strange if len(one) >= BLOCK),
        rest=sum(map(len, strange)),
        dated=any(mark in markup for mark in DATED),
        whole=whole,
    )


def wall(page: Look) -> str | None:
    """The wall, error page or gate that a page is, or None where it may be what was asked for."""
    for rule in (_by_mark, _by_title, _by_heading, _login, _by_phrase, _by_script):
        found = rule(page)
        if found:
            return found
    return None


def _by_mark(page: Look) -> str | None:
    if page.own >= 400 or not page.whole:
        return None
    if (LONG_REFERENCE if page.own else AKAMAI_REFERENCE).search(page.text[:SHORT]):
        return f"Akamai {REFUSES}"
    return next((name for name, marks in MARKS if any(mark in page.markup or mark in page.text for mark in marks)), None)


def _by_title(page: Look) -> str | None:
    if page.dated:
        return None
    found = _of_words(page.title, page)
    if found:
        return _unless_login(page, found) if page.own < MOST_OWN.get(found, 600) else None
    parts = [part.strip() for part in PARTS.split(page.title)]
    for part in {parts[0], parts[-1]} if len(parts) > 1 else ():
        found = None if part in WEAK else _of_words(part, page)
        if found and page.own < (MOST_OWN[GONE] if found == GONE else 300):
            return _unless_login(page, found)
    return _of_saying(page, parts)


def _by_heading(page: Look) -> str | None:
    """The title may be the site's name on every page; then the heading tells."""
    if page.own >= 400 or page.dated or page.heading in WEAK:
        return None
    found = _of_words(page.heading, page)
    if found is None or (found != GONE and page.own >= 150):
        return _of_saying(page, [page.heading])
    return _unless_login(page, found)


def _of_saying(page: Look, titles: list[str]) -> str | None:
    """What titles or headings say in a sentence: that a page is gone, or of this very site that it is under repair."""
    if _is_article(page) or page.own >= 400:  # what to do where a page is gone may be told at length
        return None
    if any(_says(pattern, title) for pattern in GONE_PHRASES for title in titles):
        return GONE
    of_site = [title for title in titles if THIS_SITE.match(title)] if page.own < 150 else []
    return REPAIR if any(_says(pattern, title) for pattern in REPAIR_PHRASES for title in of_site) else None


def _says(pattern: re.Pattern[str], title: str) -> bool:
    found = pattern.search(title)
    return found is not None and ":" not in title[found.end() :]  # a headline quotes, and goes on


def _unless_login(page: Look, found: str) -> str | None:
    """A page is a login only if it asks for a password, and a page of data may be called "Consent"."""
    if found == LOGIN and not any(mark in page.markup for mark in PASSWORD):
        return None
    return found


def _login(page: Look) -> str | None:
    """A password is asked for, and little else is there. (Good pages have a login form in a corner.)"""
    asks = any(mark in page.markup for mark in PASSWORD)
    return LOGIN if asks and page.own == 0 and page.rest < 250 and page.whole and not page.dated else None


def _by_phrase(page: Look) -> str | None:
    if page.own or page.rest >= 200 or page.dated or not page.whole or _is_article(page):
        return None
    if len(page.heading) > 30 and page.heading in page.title:  # a headline: short news, not a notice
        return None
    # A noscript text says nothing where the page shows any text: good pages ask for JavaScript there, too.
    text = page.text if page.text.strip() else page.hidden
    return next((name for pattern, name in PHRASES if pattern.search(text[:SHORT])), None)


def _by_script(page: Look) -> str | None:
    """Nothing to read, not even a title: then a vendor's script, or one that reloads, is all there is."""
    if page.title or len(page.text.strip()) > 20 or not page.whole:
        return None
    for name, marks in SCRIPTS:
        if any(mark in page.markup for mark in marks):
            return name
    if "document.cookie" in page.markup and any(mark in page.markup for mark in RELOADS):
        return "a script that sets a cookie and reloads stands where the page should be"
    if len(page.markup) < MOST_SENDING and any(mark in page.markup for mark in SENDS_ON):
        return "an empty page that only sends browsers on to another one"
    if 'http-equiv="refresh"' in page.markup or re.search(r"<i?frame[^<>]{1,300}src=[\"']?(?:https?:)?//", page.markup):
        return "an empty page that only sends browsers on to another one"
    return None


def _is_article(page: Look) -> bool:
    return "<article" in page.markup or "<time" in page.markup


def _of_words(title: str, page: Look) -> str | None:
    """The wall whose whole title these words are, or whose title begins or, on a page that is no article, ends as they do.

    A number of HTTP may stand before them.
    """
    if not title:
        return None
    number = NUMBER.match(title)
    bare = _trim(title[number.end() :]) if number else title
    if number and not bare:
        return GONE if number[1] in ("404", "410") else DENIED if number[1] < "500" else REPAIR
    bare = NUMBER_LAST.sub("", bare)
    found = BY_TITLE.get(bare) or BY_TITLE.get(_trim(bare.removeprefix("error").lstrip(": ")))
    found = found or next((wall for start, wall in TITLE_STARTS if bare.startswith(start)), None)
    if found is not None or len(bare) >= 100 or _is_article(page):
        return found
    if TITLE_HOLDS.search(bare):
        return FILTER if "filter" in bare else DEFAULT if SOLD.search(bare) else REPAIR
    return REPAIR if page.rest < MOST_BESIDE and TITLE_ALONE.search(bare) else None


def _key(words: str) -> str:
    return _trim(words.replace("’", "'").casefold())[:300]


def _trim(words: str) -> str:
    return words.strip(" .!?…,:;-–—|\t")


def _plain(markup: str) -> str:
    """Text with tags taken out and white space folded."""
    return " ".join(html.unescape(TAG.sub(" ", markup)).split())


def _seen(text: str) -> tuple[str, dict[str, str]]:
    """The markup without what no reader sees, and the first <title> and all <noscript> apart. One pass, no way back."""
    kept: list[str] = []
    apart, at = {"title": "", "noscript": ""}, 0
    while True:
        start = UNSEEN.search(text, at)
        if start is None:
            return "".join((*kept, text[at:])), apart
        kept.append(text[at : start.start()])
        name = (start[1] or "").lower()
        end = ENDS[name].search(text, start.end()) if name else None
        stop = (end.start() if end else -1) if name else text.find("-->", start.end() - 2)
        # A comment without end hides all the rest; so does an element, but its words still count.
        inside = text[start.end() : stop if stop >= 0 else len(text)]
        if name == "noscript" or (name == "title" and not apart["title"]):
            apart[name] += inside[:2_000]
        if stop < 0:
            return "".join(kept), apart
        at = stop if name else stop + 3


def _blocks(seen: str) -> list[str]:
    """The text of each block, with inline tags taken out."""

    def gap(tag: re.Match[str]) -> str:
        return "" if tag[1].lower().lstrip("/") in INLINE else "\n"

    lines = html.unescape(TAG.sub(gap, seen.replace("\n", " "))).split("\n")
    folded = (" ".join(line.split()) for line in lines)
    return [line for line in folded if line]


def _is_words(block: str) -> bool:
    """Not code or numbers, which challenges hide among the markup."""
    return len(block) < BLOCK or sum(one.isalpha() or one == " " for one in block[:200]) * 10 >= len(block[:200]) * 6


def _talks(block: str) -> bool:
    """Does a block explain a wall? A long one must say two of its words."""
    return len(TALK.intersection(re.findall(r"\w+", block.lower()))) >= (2 if len(block) > 120 else 1)
