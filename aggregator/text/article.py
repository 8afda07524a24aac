"""The readable part of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from aggregator.config.rules import ArticleRules
from aggregator.model import Article
from aggregator.text.blocks import Block, find_blocks, words_of
from aggregator.text.body import choose_blocks
from aggregator.text.document import decode_page, parse_page
from aggregator.text.furniture import remove_furniture
from aggregator.text.html import fold, html_to_text
from aggregator.text.metadata import Metadata, alternates_of, language_of, own_url, read_metadata, title_of
from aggregator.text.published import Dated, read_dated, when_published, when_updated
from aggregator.text.ruled import NOTHING, Ruled, read_by_rules
from aggregator.text.wire import part_wire

EMPTY = Article(title="", text="", paragraphs=(), published=None, language="")
SHORTEST_LEAD = 5  # words
ABOVE = 12  # blocks above the text that may be its lead


def extract_article(html: bytes, *, url: str, rules: ArticleRules | None = None, zone: ZoneInfo | None = None) -> Article:
    """What stands on a page: title, lead, paragraphs, times, language, credit, other languages. Never raises on bad bytes.

    `url` is the page's address, `zone` the one in which its source writes times without a zone. What `rules` name is taken from
    there, and only from there if it is found; all else as on any page. Paragraphs are plain text: items of lists stand alone,
    cells of a table's row are parted by bars. There are none where nothing can be read. The time of publication is None where
    the page gives none, and of the first moment of a day (`day_only`) where it gives no time of day.
    """
    text = decode_page(html)
    if not text.strip():
        return EMPTY
    ruled = read_by_rules(text, rules) if rules is not None else NOTHING
    root = parse_page(text)
    if root is None:
        return _with_text(EMPTY, ruled.paragraphs or html_to_text(text).split("\n\n"))
    metadata = read_metadata(root)
    article = _described(root, metadata, ruled, url=url, zone=zone)
    remove_furniture(root, find_blocks(root))
    blocks = find_blocks(root)
    article = _dated(article, root, metadata, blocks, ruled, url=url, zone=zone)
    if ruled.paragraphs:
        lead = (ruled.lead,) if ruled.lead and ruled.lead not in ruled.paragraphs[:1] else ()
        return _with_text(replace(article, lead=ruled.lead), (*lead, *ruled.paragraphs))
    return _in_general(article, root, blocks, metadata, lead=ruled.lead)


def _described(root: HtmlElement, metadata: Metadata, ruled: Ruled, *, url: str, zone: ZoneInfo | None) -> Article:
    """What the whole page says of itself: it is asked before anything is taken out of its tree."""
    language = language_of(root, metadata)
    own = own_url(root, metadata, url=url)
    updated = when_updated(root, metadata, zone=zone, language=language)
    return replace(
        EMPTY,
        title=ruled.title or title_of(root, metadata),
        language=language,
        url=own,
        alternates=alternates_of(root, url=url, own=own),
        updated=updated.moment,
        updated_written=updated.written,
        matched=ruled.matched,
    )


def _dated(
    article: Article,
    root: HtmlElement,
    metadata: Metadata,
    blocks: Sequence[Block],
    ruled: Ruled,
    *,
    url: str,
    zone: ZoneInfo | None,
) -> Article:
    """The same with its time of publication."""
    language, address = article.language, article.url or url
    published = _ruled_time(ruled, zone=zone, language=language) or when_published(
        root, metadata, blocks, url=address, title=article.title, zone=zone, language=language
    )
    return replace(
        article,
        published=published.moment,
        published_written=published.written,
        zone_known=published.known,
        day_only=published.day_only,
    )


def _ruled_time(ruled: Ruled, *, zone: ZoneInfo | None, language: str) -> Dated | None:
    found = read_dated(ruled.time, zone=zone, language=language)
    return found if found.moment is not None else None


def _in_general(article: Article, root: HtmlElement, blocks: Sequence[Block], metadata: Metadata, *, lead: str) -> Article:
    """The text of a page of which nothing is known."""
    chosen = choose_blocks(root, blocks, article_body=fold(metadata.data.get("articleBody", "")))
    kept = [block for block in chosen if block.text != article.title]
    lead = lead or _lead(blocks, kept, metadata)
    lines = [block.text for block in kept]
    if lead and lead not in lines[:3]:
        lines.insert(0, lead)
    paragraphs, makers = part_wire(lines)
    return _with_text(replace(article, lead=lead, credit=" ".join(makers)), paragraphs)


def _lead(blocks: Sequence[Block], kept: Sequence[Block], metadata: Metadata) -> str:
    """The line above the text that the page's metadata repeats as its description, or ""."""
    if not kept:
        return ""
    begin = next(at for at, block in enumerate(blocks) if block is kept[0])
    described = {
        words_of(text.rstrip("…. "))
        for text in (
            fold(metadata.data.get("description", "")),
            metadata.first("og:description"),
            metadata.first("description"),
        )
    }
    for block in (*blocks[max(0, begin - ABOVE) : begin], *kept[:2]):
        words = block.words
        if len(words) >= SHORTEST_LEAD and any(len(one) >= SHORTEST_LEAD and words[: len(one)] == one for one in described):
            return block.text
    return ""


def _with_text(article: Article, paragraphs: Sequence[str]) -> Article:
    kept = tuple(filter(None, paragraphs))
    return replace(article, text="\n\n".join(kept), paragraphs=kept)
