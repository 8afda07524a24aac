"""Pages as sources give them, and what must be read from each: `tests/data/articles/NAME.html`, also `.gz`, and `NAME.json`."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.config.rules import ArticleRules
from aggregator.model import Article
from aggregator.text import extract_article

FOLDER = Path(__file__).parent / "data" / "articles"
CASES = sorted(FOLDER.glob("*.json"))


def page(case: Path) -> bytes:
    plain = case.with_suffix(".html")
    return plain.read_bytes() if plain.exists() else gzip.decompress(case.with_suffix(".html.gz").read_bytes())


def as_json(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "lead": article.lead,
        "paragraphs": list(article.paragraphs),
        "published": article.published.isoformat() if article.published else None,
        "published_written": article.published_written,
        "zone_known": str(article.zone_known),
        "day_only": article.day_only,
        "updated": article.updated.isoformat() if article.updated else None,
        "updated_written": article.updated_written,
        "language": article.language,
        "url": article.url,
        "credit": article.credit,
        "alternates": {one.language: one.url for one in article.alternates},
    }


def test_every_page_has_its_expectation() -> None:
    pages = {path.name.removesuffix(".gz").removesuffix(".html") for path in FOLDER.glob("*.html*")}
    assert pages == {case.stem for case in CASES} != set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_page_is_read_exactly(case: Path) -> None:
    told = json.loads(case.read_text(encoding="utf-8"))
    rules = ArticleRules.model_validate_json(json.dumps(told["rules"])) if told["rules"] else None
    zone = ZoneInfo(told["zone"]) if told["zone"] else None
    article = extract_article(page(case), url=told["url"], rules=rules, zone=zone)
    assert as_json(article) == told["expected"]
    assert all(count for name, count in article.matched if not name.startswith("drop "))
    general = extract_article(page(case), url=told["url"], zone=zone)
    assert (general.paragraphs == article.paragraphs) == told["same_without_rules"]
    assert general.title == article.title
