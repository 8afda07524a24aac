"""The parts of a page that a source's own rules name."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag, UnusualUsageWarning
from soupsieve import SelectorSyntaxError

from aggregator.config.rules import ArticleRules
from aggregator.text.html import fold, html_to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What the rules of a source found on a page; "" and () where they name nothing or found nothing."""

    title: str = ""
    lead: str = ""
    paragraphs: tuple[str, ...] = ()
    time: str = ""  # as written; several elements joined by a blank
    matched: tuple[tuple[str, int], ...] = ()  # how many elements each rule found


NOTHING = Ruled()


def read_by_rules(text: str, rules: ArticleRules) -> Ruled:
    """Read a page by the rules of its source. A selector that cannot be read finds nothing; the configuration checks them."""
    if rules == ArticleRules():
        return NOTHING
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnusualUsageWarning)  # an XHTML page may well begin as XML does
        soup = BeautifulSoup(text, "lxml")
    counts: dict[str, int] = {}
    found: dict[str, list[Tag]] = {}
    for name in ("title", "lead", "body", "time"):
        selector = getattr(rules, name)
        found[name] = _outermost(_select(soup, selector))
        if selector:
            counts[name] = len(found[name])
    stamps = [fold(str(one.get("datetime") or "")) or fold(one.get_text(" ")) for one in found["time"]]
    title, lead = (_text(found[name][:1]) for name in ("title", "lead"))
    for selector in rules.drop:
        doomed = [one for one in _outermost(_select(soup, selector)) if one not in found["body"]]
        counts[f"drop {selector}"] = len(doomed)
        for one in doomed:
            one.decompose()
    return Ruled(
        title=fold(title),
        lead=fold(lead),
        paragraphs=tuple(filter(None, _text(found["body"]).split("\n\n"))),
        time=" ".join(filter(None, stamps)),
        matched=tuple(counts.items()),
    )


def _select(soup: BeautifulSoup, selector: str) -> Sequence[Tag]:
    try:
        return soup.select(selector) if selector else ()
    except (SelectorSyntaxError, NotImplementedError):
        return ()


def _outermost(elements: Sequence[Tag]) -> list[Tag]:
    """Without those that stand within another one of them."""
    ids = {id(one) for one in elements}
    return [one for one in elements if not any(id(above) in ids for above in one.parents)]


def _text(elements: Sequence[Tag]) -> str:
    return html_to_text("<hr>".join(str(one) for one in elements))
