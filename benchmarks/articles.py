"""How well the text and the date of pages are found, against trafilatura and htmldate, on folders of pages whose text is known.

    .venv/bin/python benchmarks/articles.py FOLDER …

A folder holds pages, `NAME.html` or `NAME.html.gz`, and `NAME.json` beside each: `url`, `text` (the article's body), and where
it is known `published` (ISO 8601; only the day counts, in the zone in which it is written). A page without `text`
counts for the date alone. The score of a text is the F1 of its shingles of four words (a Chinese, Japanese or Thai sign is a
word) against those of the known one, averaged over the pages of a folder; the date is right when the day is.

No such pages stand in this repository. Test sets ship with other extractors' source packages; texts of publishers stay outside.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import trafilatura
from htmldate import find_date
from loopback import table

from aggregator.text import extract_article
from aggregator.text.blocks import words_of
from aggregator.text.document import decode_page

SHINGLE = 4
HEADINGS = ("folder", "pages", "extractor", "precision", "recall", "F1", "right days", "of dated", "CPU ms a page")
Read = tuple[str, str]  # text, and the ISO date or ""


@dataclass
class Score:
    """What one extractor came to on one folder."""

    parts: list[tuple[float, float, float]] = field(default_factory=list)
    right: int = 0
    dated: int = 0
    seconds: float = 0.0
    asked: bool = False  # whether it looks for dates at all

    def cells(self, pages: int) -> tuple[str, ...]:
        means = [f"{sum(one) / len(self.parts):.4f}" for one in zip(*self.parts, strict=True)] or ["-"] * 3
        return (
            *means,
            f"{self.right / self.dated:.3f}" if self.dated else "-",
            str(self.dated),
            f"{1000 * self.seconds / pages:.0f}",
        )


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="Compare extractors on pages whose text is known.")
    parser.add_argument("folders", type=Path, nargs="+")
    rows: list[tuple[object, ...]] = []
    extractors: dict[str, Callable[[bytes, str, datetime | None], Read]] = {
        "this one": ours,
        "trafilatura + htmldate": theirs,
        "trafilatura, precision": precise,
    }
    for folder in parser.parse_args().folders:
        pages = list(load(folder))
        for name, extractor in extractors.items():
            score = Score()
            for body, known in pages:
                measure(score, extractor, body, known)
            rows.append((folder.name, len(pages), name, *score.cells(max(1, len(pages)))))
    print(table(HEADINGS, rows))


def load(folder: Path) -> Iterator[tuple[bytes, dict[str, str]]]:
    """Each page of a folder with what is known of it."""
    for known in sorted(folder.glob("*.json")):
        plain = known.with_suffix(".html")
        body = plain.read_bytes() if plain.exists() else gzip.decompress(known.with_suffix(".html.gz").read_bytes())
        yield body, json.loads(known.read_text(encoding="utf-8"))


def measure(score: Score, extractor: Callable[[bytes, str, datetime | None], Read], body: bytes, known: dict[str, str]) -> None:
    """Read one page and add how well that went."""
    published = datetime.fromisoformat(known["published"]) if known.get("published") else None
    begin = time.process_time()
    text, day = extractor(body, known.get("url") or "https://example.org/", published)
    score.seconds += time.process_time() - begin
    if known.get("text"):
        score.parts.append(compare(known["text"], text))
    if published is not None:
        score.dated += 1
        score.asked = score.asked or bool(day)
        score.right += day == published.date().isoformat()


def compare(known: str, found: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the shingles of a text."""
    right, given = shingles(known), shingles(found)
    common = (right & given).total()
    precision = common / given.total() if given else 0.0
    recall = common / right.total() if right else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """How often each row of four words stands in a text; a shorter text is one row."""
    words = words_of(text)
    rows = [words[at : at + SHINGLE] for at in range(len(words) - SHINGLE + 1)]
    return Counter(rows or ([words] if words else []))


def ours(body: bytes, url: str, published: datetime | None) -> Read:
    """This project's; a moment becomes a day in the zone of the known one, as the page itself shows it."""
    article = extract_article(body, url=url)
    zone = published.tzinfo if published is not None and published.tzinfo and not article.day_only else None
    day = article.published.astimezone(zone) if article.published and zone else article.published
    return article.text, day.date().isoformat() if day else ""


def theirs(body: bytes, url: str, _: datetime | None) -> Read:
    """The two libraries with their usual options."""
    found = find_date(decode_page(body), url=url, original_date=True)
    return trafilatura.extract(body, url=url, include_comments=False) or "", found or ""


def precise(body: bytes, url: str, _: datetime | None) -> Read:
    """trafilatura where it is asked to take less."""
    return trafilatura.extract(body, url=url, include_comments=False, favor_precision=True) or "", ""


if __name__ == "__main__":
    main()
