"""Which blocks of a page are its text: a vote of two opinions and of the page's own metadata, weighed with how a block looks.

First opinion: trafilatura. Second: the part of the page that holds most running text, as Readability finds it. Third, where the
page has one: `articleBody` of its JSON-LD. None of them is taken as it is: each is right on pages where another is not.
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy

from lxml.etree import LxmlError
from lxml.html import HtmlElement

from aggregator.text.blocks import Block, words_of
from aggregator.text.document import is_usual

PIECE = 4  # words that must stand together to count as the same text
WHOLE_BODY = 500  # characters; a shorter articleBody is a teaser and no witness
COMMA = (",", "،", "、", "，")
CLOSING = "\"'”’»“)]"
TEXT_TAGS = frozenset({"p", "li", "blockquote", "pre"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PAGES_OF_A_LIST = frozenset({"p", "li", "blockquote", "pre", "h2", "h3", "td", "tr"})
# A logistic regression over the blocks of 95 pages of public test sets (benchmarks/articles.py measures it): each trait, from 0
# to 1 but for the length, with what it adds to the odds that a block belongs to the text.
WEIGHTS = {
    "first": 2.4,
    "second": 0.6,
    "metadata": 1.4,
    "length": 1.0,
    "links": -1.5,
    "text_tag": 1.0,
    "heading": 0.9,
    "caption": -0.3,
    "inside": 0.9,
    "neighbours": 2.3,
    "sentence": 1.8,
    "words": -0.4,
}
BIAS = -7.5
LONG = 15  # words of a block that marks where the text begins and ends

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of every page in which it finds nothing


def choose_blocks(root: HtmlElement, blocks: Sequence[Block], *, article_body: str = "") -> list[Block]:
    """The blocks of a page that are its text, in their order. The tree and the blocks are without furniture.

    `article_body` is what the page's own metadata gives as its text, or "".
    """
    rows = traits(root, blocks, article_body=article_body)
    return [block for block, row in zip(blocks, rows, strict=True) if odds(row) > 0]


def odds(row: dict[str, float]) -> float:
    """The logarithm of the odds that a block with these traits belongs to the text."""
    return BIAS + sum(WEIGHTS[name] * value for name, value in row.items())


def traits(root: HtmlElement, blocks: Sequence[Block], *, article_body: str = "") -> list[dict[str, float]]:
    """What is known of each block, by the names of `WEIGHTS`."""
    main = _main_part(blocks)
    inside_main = set(main.iter("*")) if main is not None else set()
    second = [float(block.element in inside_main) for block in blocks]
    text = _trafilatura(root) if is_usual(root) else ""
    opinion = _Opinion(text)
    first = [opinion.share(block) for block in blocks] if text else second
    third = _Opinion(article_body) if len(article_body) >= WHOLE_BODY else None
    support = [(one + other) / 2 for one, other in zip(first, second, strict=True)]
    long = [at for at, block in enumerate(blocks) if len(block.words) >= LONG and support[at] > 0.6]
    begin, end = (long[0], long[-1]) if long else (len(blocks), -1)
    neighbours = _neighbours(blocks, support)
    return [
        {
            "first": first[at],
            "second": second[at],
            "metadata": third.share(block) - 0.5 if third else 0.0,
            "inside": float(begin <= at <= end),
            "neighbours": neighbours[at],
            **_looks(block),
        }
        for at, block in enumerate(blocks)
    ]


def _looks(block: Block) -> dict[str, float]:
    element = block.element
    return {
        "length": math.log1p(len(block.words)),
        "links": block.link_share,
        "text_tag": float(element.tag in TEXT_TAGS),
        "heading": float(element.tag in HEADINGS),
        "caption": float(element.tag == "figcaption" or any(True for _ in element.iterancestors("figcaption"))),
        "sentence": float(block.text.rstrip(CLOSING)[-1:] in tuple(".?!。…:")),
        "words": float(len(block.words) >= PIECE),
    }


def _neighbours(blocks: Sequence[Block], support: Sequence[float]) -> list[float]:
    """How much of the text under the same parent is supported."""
    parents = [block.element.getparent() for block in blocks]
    words: Counter[HtmlElement | None] = Counter()
    supported: dict[HtmlElement | None, float] = {}
    for block, parent, share in zip(blocks, parents, support, strict=True):
        words[parent] += len(block.words)
        supported[parent] = supported.get(parent, 0.0) + share * len(block.words)
    return [supported[parent] / max(1, words[parent]) for parent in parents]


def _main_part(blocks: Sequence[Block]) -> HtmlElement | None:
    """The element around most running text: each paragraph speaks for its parent, and less for those further out."""
    scores: dict[HtmlElement, float] = {}
    characters: Counter[HtmlElement] = Counter()
    linked: Counter[HtmlElement] = Counter()
    for block in blocks:
        for element in (block.element, *block.element.iterancestors()):
            characters[element] += len(block.text)
            linked[element] += block.linked
        if len(block.text) * (1 if block.text.isascii() else 1.5) < 25 or block.link_share > 0.5:
            continue
        value = 1 + sum(map(block.text.count, COMMA)) + min(len(block.text) / 100, 3)
        start = block.element.getparent() if block.element.tag in PAGES_OF_A_LIST else block.element
        around = [] if start is None else [start, *start.iterancestors()][:3]
        for distance, element in enumerate(around):
            scores[element] = scores.get(element, 0.0) + value / 2**distance
    return max(scores, key=lambda one: scores[one] * (1 - linked[one] / max(1, characters[one])), default=None)


def _trafilatura(root: HtmlElement) -> str:
    import trafilatura  # noqa: PLC0415 - large, and the service itself, which reads no page, does not need it

    try:
        found = trafilatura.extract(deepcopy(root), include_comments=False)
    except (LxmlError, ValueError, AttributeError, TypeError, RecursionError):  # what its parsers raise on rubbish
        return ""
    return found or ""


class _Opinion:
    """A text that somebody takes for the page's, and how much of a block stands in it."""

    def __init__(self, text: str) -> None:
        words = words_of(text)
        self.pieces = {words[at : at + PIECE] for at in range(len(words) - PIECE + 1)}
        self.lines = {words_of(line) for line in text.split("\n")}

    def share(self, block: Block) -> float:
        words = block.words
        if len(words) < PIECE:
            return float(bool(words) and words in self.lines)
        starts = range(len(words) - PIECE + 1)
        return sum(words[at : at + PIECE] in self.pieces for at in starts) / len(starts)
