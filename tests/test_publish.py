"""A story in every format: complete, and harmless whatever a source wrote."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from aggregator.model import (
    Attribution,
    Citation,
    Mark,
    Paragraph,
    RevisionId,
    Sentence,
    SourceKey,
    StatementId,
    StoryKey,
    StoryPage,
    Update,
    UpdateKind,
)
from aggregator.publish import FORMATS, render
from tests.conftest import NOON


def an_update(number: int, text: str, **changed: object) -> Update:
    told = Sentence(text=text, citations=(Citation(revision=RevisionId(number), start=0, end=len(text)),))
    values: dict[str, object] = {
        "number": number,
        "kind": UpdateKind.NEW if number == 1 else UpdateKind.ADDS,
        "reason": f"Adds a statement by Alpha: “Title {number}”.",
        "said_at": NOON + timedelta(hours=number),
        "published_at": NOON + timedelta(hours=number, minutes=10),
        "paragraphs": (Paragraph(sentences=(told,)),),
        "attributions": (Attribution(name="Alpha", url="https://alpha.example/1", source=SourceKey("a")),),
        "title": f"Title {number}",
        "statement": StatementId(number),
        "revision": RevisionId(number),
    }
    return Update(**{**values, **changed})  # type: ignore[arg-type]  # a test that sets one field at a time


REASON = "Corrects Update.1: Alpha changed its text."
PAGE = StoryPage(
    key=StoryKey("talks"),
    title="Talks in Geneva",
    lead="Before the talks",
    date=NOON,
    image="https://example.org/a.jpg",
    image_alt="a lake",
    updates=(
        an_update(1, "The talks begin at 11:00."),
        an_update(
            2,
            "The talks begin at 11:30.",
            kind=UpdateKind.CORRECTED,
            reason="Corrects Update.1: Alpha changed its text.",
            corrects=(1,),
        ),
    ),
    marks=(Mark(number=1, by_number=2, kind=UpdateKind.CORRECTED, at=NOON),),
    as_of=NOON,
)

AS_TEXT = """\
Talks in Geneva

Before the talks

8/14/2025

a lake
https://example.org/a.jpg

Update.1

[Corrected in Update.2]

The talks begin at 11:00.

for more info: Alpha

Update.2

Corrects Update.1: Alpha changed its text.

The talks begin at 11:30.

for more info: Alpha
"""


def test_the_text_reads_like_the_page_made_by_hand() -> None:
    assert render(PAGE, "text") == AS_TEXT


def test_markdown() -> None:
    shown = render(PAGE, "md")
    assert shown.startswith(
        "# Talks in Geneva\n\nBefore the talks\n\n8/14/2025\n\n![a lake](<https://example.org/a.jpg>)\n\n## Update.1\n"
    )
    assert "for more info: [Alpha](<https://alpha.example/1>)" in shown
    assert "**Corrected in Update.2.**" in shown


def test_json_holds_the_whole_page_with_its_citations() -> None:
    shown = json.loads(render(PAGE, "json"))
    assert [update["number"] for update in shown["updates"]] == [1, 2]
    assert shown["updates"][0]["said_at"] == "2025-08-14T13:00:00Z"
    assert shown["updates"][1]["corrects"] == [1]
    assert shown["updates"][0]["paragraphs"][0]["sentences"][0]["citations"] == [{"revision": 1, "start": 0, "end": 25}]


def test_html_has_permalinks_marks_sources_and_the_pictures_words() -> None:
    soup = BeautifulSoup(render(PAGE, "html"), "lxml")
    assert [article["id"] for article in soup.find_all("article")] == ["update-1", "update-2"]
    assert soup.select_one("#update-1 h2 a")["href"] == "#update-1"  # type: ignore[index]  # fails loudly where there is none
    assert soup.select_one("#update-1 .mark a")["href"] == "#update-2"  # type: ignore[index]  # the same
    assert soup.select_one(".info a")["href"] == "https://alpha.example/1"  # type: ignore[index]  # the same
    assert soup.img is not None
    assert soup.img["alt"] == "a lake"
    assert soup.find("script") is None


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3)) # `y` &amp; \"'"


def test_hostile_text_stays_text_in_html_and_markdown() -> None:
    update = an_update(
        1, HOSTILE, reason=HOSTILE, attributions=(Attribution(name=HOSTILE, url="javascript:alert(4)", source=SourceKey("a")),)
    )
    page = replace(
        PAGE, title=HOSTILE, lead=HOSTILE, image="javascript:alert(5)", image_alt=HOSTILE, updates=(update,), marks=()
    )
    soup = BeautifulSoup(render(page, "html"), "lxml")
    assert soup.find_all(["script", "img"]) == []
    assert [link["href"] for link in soup.find_all("a")] == ["#update-1"]
    assert soup.h1 is not None
    assert soup.h1.get_text() == HOSTILE
    shown = render(page, "md")
    assert "<script>" not in shown
    assert re.search(r"(?<!\\)\]\(<?javascript", shown) is None  # an escaped bracket makes no link


@pytest.mark.parametrize("form", FORMATS)
def test_a_story_without_updates_is_a_page_too(form: str) -> None:
    shown = render(replace(PAGE, updates=(), marks=(), image="", as_of=None), form)
    assert "Talks in Geneva" in shown
    assert "Update.1" not in shown
    assert shown.endswith("\n")


def test_a_day_is_shown_as_a_day_and_never_as_midnight() -> None:
    midnight = NOON.replace(day=13, hour=22)  # the first moment of 14 August in Paris
    page = replace(PAGE, updates=(an_update(1, "They met.", said_at=midnight, said_day="2025-08-14"),), as_of=None, marks=())
    for form in ("text", "md", "html"):
        shown = render(page, form)
        assert not re.search(r"22:00|00:00|13 August", shown), form
    assert "Said 14 August 2025.*" in render(page, "md")
    assert '<time datetime="2025-08-14">14 August 2025</time>' in render(page, "html")
    assert json.loads(render(page, "json"))["updates"][0]["said_day"] == "2025-08-14"
