"""A page's text in blocks: paragraphs, headings, list items, rows of tables, each with its place in the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from aggregator.text.html import MARKS, SILENT, fold

SILENT_HERE = SILENT | {"script", "style", "iframe", "textarea", "head", "title", "audio", "video", "canvas", "input", "math"}
CELLS = frozenset({"td", "th"})
PARTING = frozenset(name for name in MARKS if name[0] != "/") - CELLS | {"body", "center", "dialog"}
MOST_BLOCKS = 20_000  # a page with more is no article
# Scripts that write no blanks between words: each sign counts as a word.
WORD = re.compile(
    r"[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]+"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """A piece of text that stands alone, and where it stands."""

    text: str  # folded to one line; cells of a row are parted by bars
    element: HtmlElement  # the innermost element around it that parts texts
    linked: int  # characters of it that are links
    words: tuple[str, ...] = field(default=())

    @property
    def link_share(self) -> float:
        """How much of the text is links, from 0 to 1."""
        return min(1.0, self.linked / len(self.text))

    @property
    def running(self) -> bool:
        """Whether it reads like a part of a running text and not like a menu or a label."""
        return len(self.text) >= (40 if self.text.isascii() else 25) and self.link_share < 0.5


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in small letters."""
    return tuple(WORD.findall(text.lower()))


def find_blocks(root: HtmlElement) -> list[Block]:
    """The blocks of a page or of a part of it, in their order; at most `MOST_BLOCKS`."""
    return _Walk(root).blocks


def weigh(blocks: Sequence[Block]) -> Counter[HtmlElement]:
    """How many characters of running text each element holds."""
    weights: Counter[HtmlElement] = Counter()
    for block in blocks:
        if block.running:
            for element in (block.element, *block.element.iterancestors()):
                weights[element] += len(block.text)
    return weights


class _Walk:
    """One pass over a tree, without recursion: the blocks are cut where an element begins or ends that parts texts."""

    def __init__(self, root: HtmlElement) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.linked = 0
        self.links = 0  # how many links are open
        self.after_break = False  # whether nothing but white space stands since a `<br>`
        self.open = [root]
        walk = iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if len(self.blocks) >= MOST_BLOCKS:
                return
            if event == "end":
                self._leave(element, tail="" if element is root else element.tail)
            elif element.tag in SILENT_HERE:
                walk.skip_subtree()
            else:
                self._enter(element)
        self._cut()

    def _enter(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in PARTING:
            self._cut()
            self.open.append(element)
        elif tag in CELLS:
            self.pieces.append(" | ")
        elif tag == "br":
            if self.after_break:
                self._cut()
            self.pieces.append(" ")
        self.links += tag == "a"
        self._add(element.text)
        self.after_break = tag == "br"

    def _leave(self, element: HtmlElement, *, tail: str | None) -> None:
        self.links = max(0, self.links - (element.tag == "a"))
        if self.open[-1] is element and len(self.open) > 1:
            self._cut()
            self.open.pop()
        self._add(tail)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self.pieces.append(text)
        if not text.isspace():
            self.after_break = False
            self.linked += len(text.strip()) if self.links else 0

    def _cut(self) -> None:
        text = fold("".join(self.pieces)).strip("| ") if self.pieces else ""
        if text:
            self.blocks.append(Block(text=text, element=self.open[-1], linked=self.linked, words=words_of(text)))
        self.pieces.clear()
        self.linked, self.after_break = 0, False
