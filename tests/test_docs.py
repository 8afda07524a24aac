"""The documents: every example of a configuration loads, and every key is explained."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from aggregator.config import ArticleRules, Item, Source, load_config
from aggregator.config.rules import FILTERS, Mapping, Selectors
from aggregator.config.types import KINDS
from tests.conftest import write_feeds

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "docs" / "sources.md"
EXAMPLE = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(path: Path) -> list[str]:
    return EXAMPLE.findall(path.read_text(encoding="utf-8"))


def tables_of_examples() -> list[dict[str, Any]]:
    return [one for text in examples(SOURCES) for one in tomllib.loads(text)["sources"].values()]


ALL = [(path, text) for path in sorted((ROOT / "docs").glob("*.md")) for text in examples(path)]


@pytest.mark.parametrize(("path", "text"), ALL, ids=[f"{path.name}-{number}" for number, (path, _) in enumerate(ALL)])
def test_every_example_of_a_configuration_loads(path: Path, text: str, tmp_path: Path) -> None:
    assert path.suffix == ".md"
    assert load_config(write_feeds(tmp_path, text)).sources


def test_there_is_an_example_of_each_kind_with_every_key() -> None:
    tables = tables_of_examples()
    assert {one.get("kind", "feed") for one in tables} == set(KINDS)
    text = "\n".join(examples(SOURCES))
    for table in (Source, Selectors, Mapping, ArticleRules, Item):
        left = [
            key
            for key in table.model_fields
            if key not in ("key", "instead_of") and not re.search(rf"(?:^|[{{#,] ?|\.){key}(?: =|\]|\.)", text, re.MULTILINE)
        ]
        assert left == [], table.__name__
    assert [name for name in FILTERS if f"|{name}" not in text] == []


def test_the_table_names_every_shipped_source() -> None:
    table = SOURCES.read_text(encoding="utf-8").split("## What is shipped")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][2:]
    assert {len(row) for row in rows} == {7}
    assert {key for row in rows for key in re.findall(r"`([a-z0-9-]+)`", row[-1])} == set(
        load_config(ROOT / "feeds.toml").sources
    )
