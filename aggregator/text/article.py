"""The readable part of a page."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime

import trafilatura
from bs4 import BeautifulSoup, UnusualUsageWarning
from lxml.etree import LxmlError

from aggregator.model import Article
from aggregator.text.html import fold
from aggregator.text.times import parse_time

DATES = ("article:published_time", "og:article:published_time", "datePublished", "date", "dc.date.issued")
# Read by pattern: what pages put there is often no well-formed JSON.
JSON_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{1,100})"')
EMPTY = Article(title="", text="", paragraphs=(), published=None, language="")


def extract_article(html: bytes, *, url: str) -> Article:
    """Title, paragraphs, time and language of a page; no paragraphs where nothing can be read. Never raises on bad bytes.

    The time is the one that the page gives for its publication, in UTC; None where it gives none with a clock time or date.
    """
    if not html.strip():
        return EMPTY
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnusualUsageWarning)  # an XHTML page may well begin as XML does
        soup = BeautifulSoup(html, "lxml")
    try:
        text = trafilatura.extract(html, url=url or None, include_comments=False, favor_precision=True) or ""
    except (LxmlError, ValueError, AttributeError, TypeError):  # what its parsers raise on rubbish
        text = ""
    paragraphs = tuple(filter(None, (fold(line) for line in text.split("\n"))))
    return Article(
        title=_title(soup),
        text="\n\n".join(paragraphs),
        paragraphs=paragraphs,
        published=_published(soup),
        language=_language(soup),
    )


def _title(soup: BeautifulSoup) -> str:
    heading = soup.find("h1")
    for found in (
        _meta(soup, "og:title"),
        heading.get_text(" ") if heading else "",
        soup.title.get_text() if soup.title else "",
    ):
        if fold(found):
            return fold(found)
    return ""


def _meta(soup: BeautifulSoup, name: str) -> str:
    for key in ("property", "name", "itemprop"):
        tag = soup.find("meta", attrs={key: name})
        if tag is not None:
            return str(tag.get("content") or "")
    return ""


def _published(soup: BeautifulSoup) -> datetime | None:
    written = [_meta(soup, name) for name in DATES]
    scripts = soup.find_all("script", attrs={"type": "application/ld+json"})
    written += [date.group(1) for script in scripts if (date := JSON_LD_DATE.search(script.get_text()))]
    stamp = soup.find("time", attrs={"datetime": True})
    if stamp is not None:
        written.append(str(stamp["datetime"]))
    times = (parse_time(one)[0] for one in written if one)
    found = next((time for time in times if time is not None), None)
    return found.astimezone(UTC) if found else None


def _language(soup: BeautifulSoup) -> str:
    page = soup.find("html")
    return str(page.get("lang") or "") if page is not None else ""
