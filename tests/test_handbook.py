"""The handbook: its references say what the program does, its examples are taken, and its pages are whole and ask nobody."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, create_model

from aggregator.config import rules, types
from tests import handbook
from tests.patience import WAIT

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| `(?P<key>\w+)` \|.*\| `(?P<example>[^`]+)` \|$")
TYPES: dict[str, type[BaseModel]] = {
    name: getattr(types, name, None) or getattr(rules, name) for name in handbook.TABLES.values()
}


@pytest.mark.parametrize("page", handbook.PAGES, ids=lambda page: str(page.name))
def test_a_reference_is_up_to_date(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == handbook.PAGES[page](), "run: make docs"


def test_every_table_of_the_file_has_its_section() -> None:
    tables = {name for name, told in handbook.SCHEMA["$defs"].items() if "properties" in told}
    assert set(handbook.TABLES.values()) == tables, "name the table in tests/handbook.py, then run: make docs"


def example_of(row: str) -> tuple[str, str]:
    found = ROW.match(row)
    assert found, row
    return found["key"], found["example"].replace(handbook.ESCAPED, "|")


def test_every_example_is_taken_by_the_type_of_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "whsec_c2VjcmV0IG9mIHRoZSBkZXNr")
    sections = handbook.reference().split("\n## ")[1:]
    assert len(sections) == len(handbook.TABLES)
    seen = 0
    for section in sections:
        heading, _, text = section.partition("\n")
        kind = TYPES[handbook.TABLES[heading]]
        fields = {one.alias or name: one for name, one in kind.model_fields.items()}
        for key, line in map(example_of, (row for row in text.splitlines() if row.startswith("| `"))):
            kind_of_value: Any = fields[key].annotation
            one = create_model("One", value=(kind_of_value, fields[key]))
            value = tomllib.loads(line)[key]
            one.model_validate({fields[key].alias or "value": value})
            seen += 1
    assert seen > 100


def test_a_table_that_is_told_wrongly_would_be_found() -> None:
    assert handbook.type_of({"type": "integer", "minimum": 1, "maximum": 9})[0] == "whole number, 1 to 9"
    with pytest.raises(ValueError, match="how this is told"):
        handbook.type_of({})
    with pytest.raises(ValueError, match="give its Field"):
        handbook.example("name", {"type": "string"})


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handbook as pages. A link that leads nowhere ends it."""
    folder = tmp_path_factory.mktemp("handbook")
    command = [sys.executable, "-m", "properdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=WAIT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Asked(HTMLParser):
    """What a browser fetches by itself for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") not in ("canonical", "next", "prev"):
            self.found.append(given.get("href") or "")
        self.found.append(given.get("src") or "")


def test_its_pages_ask_no_third_party(pages: Path) -> None:
    made = sorted(pages.glob("*.html"))
    assert len(made) > 15
    for page in made:
        asked = Asked()
        asked.feed(page.read_text(encoding="utf-8"))
        assert [one for one in asked.found if "//" in one] == [], page.name
    sheets = [*pages.rglob("*.css")]
    assert [
        name for name in sheets if re.search(r"(@import|url\()\s*['\"]?(https?:)?//", name.read_text(encoding="utf-8"))
    ] == []


def test_links_that_leave_docs_lead_to_pages_and_files_of_the_handbook(pages: Path) -> None:
    assert 'href="storage.html#the-views"' in (pages / "api.html").read_text(encoding="utf-8")
    for name in ("openapi.json", "story.schema.json", "message.schema.json", "feeds.schema.json"):
        assert (pages / name).is_file()
    assert not [name.name for name in pages.glob("*.html") if 'href="../' in name.read_text(encoding="utf-8")]


def test_every_document_is_in_the_navigation() -> None:
    nav = yaml.safe_load((ROOT / "properdocs.yml").read_text(encoding="utf-8"))["nav"]
    named = [page for part in nav for group in part.values() for page in group]
    assert sorted(named) == sorted(["storage.md", "changes.md", *(page.name for page in (ROOT / "docs").glob("*.md"))])
