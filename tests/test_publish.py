"""A story in every format: complete, and harmless whatever a source wrote."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt  # rich, which we use, shows Markdown by it

from aggregator.model import (
    Attribution,
    Citation,
    DeskAct,
    DeskKind,
    Disagreement,
    Mark,
    Paragraph,
    Picture,
    Quote,
    Replaced,
    RevisionId,
    Sentence,
    SourceKey,
    StatementId,
    StoryKey,
    StoryPage,
    Update,
    UpdateKind,
    Voice,
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
        "# Talks in Geneva\n\nBefore the talks\n\n8/14/2025\n\n[a lake](<https://example.org/a.jpg>)\n\n"
        "*Picture without a credit*\n\n## Update.1\n"
    )
    assert "for more info: [Alpha](<https://alpha.example/1>)" in shown
    assert "**Corrected in Update.2.**" in shown


@pytest.mark.parametrize(
    "said",
    [
        "12. The sides agreed on a ceasefire.",
        "1) Prisoners are exchanged.",
        "2025. A year of talks",
        "- No step back -",
        "+ 3 % and = 4",
        "# 1 of *these* | those ~ that",
    ],
)
def test_markdown_shows_every_sign_of_a_source_and_no_other(said: str) -> None:
    update = an_update(1, said, reason=said, attributions=(Attribution(name=said, url="", source=SourceKey("a")),))
    page = replace(PAGE, lead=said, updates=(update,), marks=())
    told = BeautifulSoup(MarkdownIt("gfm-like", {"linkify": False}).render(render(page, "md")), "lxml")
    assert [one.get_text() for one in told.find_all(["ol", "ul"])] == []
    paragraphs = [one.get_text() for one in told.find_all("p")]
    assert paragraphs.count(said) == 2  # the lead, and what the update tells
    assert f"for more info: {said}" in paragraphs
    assert [one for one in paragraphs if one.startswith(f"{said} Said")] != []


def test_json_holds_the_whole_page_with_its_citations() -> None:
    shown = json.loads(render(PAGE, "json"))
    assert [update["number"] for update in shown["updates"]] == [1, 2]
    assert shown["updates"][0]["said_at"] == "2025-08-14T13:00:00Z"
    assert shown["updates"][1]["corrects"] == [1]
    assert shown["updates"][0]["paragraphs"][0]["sentences"][0]["citations"] == [{"revision": 1, "start": 0, "end": 25}]


def running_scripts(soup: BeautifulSoup) -> list[Tag]:
    """What a browser would run: a block of data is none."""
    return [one for one in soup.find_all("script") if one.get("type") != "application/ld+json"]


def links_in(soup: BeautifulSoup) -> list[str]:
    """Where the story itself leads, beside the site's own pages."""
    return [str(link["href"]) for link in soup.select("main a") if not str(link["href"]).startswith(("statements/", "talks."))]


def test_html_has_permalinks_marks_sources_and_the_pictures_words() -> None:
    soup = BeautifulSoup(render(PAGE, "html"), "lxml")
    assert [article["id"] for article in soup.find_all("article")] == ["update-1", "update-2"]
    assert soup.select_one("#update-1 h2 a")["href"] == "#update-1"  # type: ignore[index]  # fails loudly where there is none
    assert soup.select_one("#update-1 .mark a")["href"] == "#update-2"  # type: ignore[index]  # the same
    assert soup.select_one(".info a")["href"] == "https://alpha.example/1"  # type: ignore[index]  # the same
    assert soup.img is None  # no reader's browser asks a third party
    assert soup.select_one("figure a")["href"] == "https://example.org/a.jpg"  # type: ignore[index]  # the same
    assert "a lake" in soup.figcaption.get_text()  # type: ignore[union-attr]  # the same
    assert [one.get_text() for one in soup.select(".kind")] == ["new", "corrected"]
    assert running_scripts(soup) == []


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3)) # `y` &amp; \"'"


def test_hostile_text_stays_text_in_html_and_markdown() -> None:
    update = an_update(
        1, HOSTILE, reason=HOSTILE, attributions=(Attribution(name=HOSTILE, url="javascript:alert(4)", source=SourceKey("a")),)
    )
    page = replace(
        PAGE, title=HOSTILE, lead=HOSTILE, image="javascript:alert(5)", image_alt=HOSTILE, updates=(update,), marks=()
    )
    soup = BeautifulSoup(render(page, "html"), "lxml")
    assert [*running_scripts(soup), *soup.find_all("img")] == []
    assert links_in(soup) == ["#update-1"]
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


# --- What a page says beside its updates. ---

GONE = "Both sides agreed to name inspectors."
PUT = "Both sides agreed to name 12 inspectors."


def paragraph_of(*texts: str) -> Paragraph:
    cited = (Citation(revision=RevisionId(1), start=0, end=1),)
    return Paragraph(sentences=tuple(Sentence(text=text, citations=cited) for text in texts))


CORRECTED = replace(
    PAGE,
    updates=(
        an_update(1, "", paragraphs=(paragraph_of("They met."), paragraph_of("It was cold.", GONE, "They left."))),
        an_update(
            2,
            "",
            kind=UpdateKind.CORRECTED,
            reason="Corrects Update.1.",
            corrects=(1,),
            paragraphs=(paragraph_of(PUT),),
            replaces=(
                Replaced(number=1, paragraph=2, position=2, before=GONE, after=PUT),
                Replaced(number=1, paragraph=2, position=3, before="They left."),
            ),
        ),
    ),
)


def test_a_correction_shows_before_and_after_and_the_mark_stands_beside_the_paragraph() -> None:
    blocks = render(CORRECTED, "text").split("\n\n")
    told = blocks.index(f"It was cold. {GONE} They left.")
    assert blocks[told + 1] == "[Corrected in Update.2]"
    assert blocks[told - 1] == "They met."  # the paragraph before it carries no mark
    assert blocks.count("[Corrected in Update.2]") == 1
    assert f"Update.1, paragraph 2, before: {GONE}" in blocks
    assert f"Update.1, paragraph 2, after: {PUT}" in blocks
    assert "Update.1, paragraph 2, after: (taken out)" in blocks
    assert PUT not in blocks  # not once more as a paragraph
    soup = BeautifulSoup(render(CORRECTED, "html"), "lxml")
    assert [one.get_text() for one in soup.select("#update-1 del")] == [GONE, "They left."]
    assert soup.select_one("#update-1 .mark").find_previous_sibling("p").find("del").get_text() == GONE  # type: ignore[union-attr]
    assert [one.get_text() for one in soup.select("#update-2 ins")] == [PUT]
    shown = render(CORRECTED, "md")
    assert f"> {GONE}" in shown
    assert f"> {PUT}" in shown
    assert "After: taken out." in shown


def test_a_paragraph_of_a_correction_that_says_more_than_its_afters_is_shown() -> None:
    first, second = CORRECTED.updates
    page = replace(CORRECTED, updates=(first, replace(second, paragraphs=(paragraph_of(PUT, "More follows."),))))
    assert f"{PUT} More follows." in render(page, "text").split("\n\n")


def test_what_was_withdrawn_stays_and_says_where_it_was() -> None:
    taken = an_update(2, "Alpha took it back.", kind=UpdateKind.WITHDRAWN, reason="Withdraws Update.1.", desk=1)
    marks = (Mark(number=1, by_number=2, kind=UpdateKind.WITHDRAWN, at=NOON),)
    page = replace(PAGE, updates=(PAGE.updates[0], taken), marks=marks)
    assert "Update.1\n\n[Withdrawn in Update.2]\n\nThe talks begin at 11:00." in render(page, "text")
    assert "**Withdrawn in Update.2.**" in render(page, "md")
    soup = BeautifulSoup(render(page, "html"), "lxml")
    assert "withdrawn" in soup.select_one("#update-1")["class"]  # type: ignore[index]  # fails loudly where there is none
    assert soup.select_one("#update-1 .mark a")["href"] == "#update-2"  # type: ignore[index]  # the same
    assert "The talks begin at 11:00." in soup.get_text()


def test_a_text_in_another_language_says_so_and_one_in_the_pages_does_not() -> None:
    french = an_update(2, "Une déclaration.", language="fr-CA")
    page = replace(PAGE, language="en-GB", marks=(), updates=(an_update(1, "They met.", language="en"), french))
    assert "Update.2\n\n[in French]\n\nUne" in render(page, "text")
    assert render(page, "text").count("[in ") == 1
    soup = BeautifulSoup(render(page, "html"), "lxml")
    said = [(one["lang"], one.get_text()) for one in soup.select("article p[lang]")]
    assert said == [("fr-CA", "Une déclaration.")]
    assert "In French." in render(page, "md")
    russian = replace(page, language="ru", updates=(an_update(1, "Они встретились.", language="ru"),))
    assert BeautifulSoup(render(russian, "html"), "lxml").select_one("article p[lang=ru]") is not None
    assert "[in " not in render(russian, "text")


def test_what_came_late_says_when_it_was_said() -> None:
    late = an_update(2, "They had met.", said_at=NOON)
    page = replace(PAGE, marks=(), updates=(PAGE.updates[0], late))
    for form in ("md", "html"):
        assert "before what stands above" in render(page, form)
    assert "Said 14 August 2025, 12:00 UTC, before what stands above." in render(page, "md")
    of_the_day = replace(late, said_day="2025-08-14")  # it may have been said after
    assert "before what stands above" not in render(replace(page, updates=(PAGE.updates[0], of_the_day)), "md")
    assert "before what stands above" not in render(PAGE, "md")


def act(ident: int, kind: DeskKind, **changed: object) -> DeskAct:
    values = {"id": ident, "kind": kind, "at": NOON + timedelta(hours=1, minutes=30), "by": "A. Person", "why": "enough <b>"}
    return DeskAct(**{**values, "story": StoryKey("talks"), **changed})  # type: ignore[arg-type]  # one field at a time


def test_acts_of_the_desk_stand_in_their_place_and_name_nobody() -> None:
    acts = (
        act(1, DeskKind.HOLD),
        act(2, DeskKind.CLOSE),
        act(3, DeskKind.REOPEN, at=NOON + timedelta(hours=5), why=""),
        act(4, DeskKind.MERGE, at=NOON + timedelta(hours=6), other=StoryKey("grain")),
    )
    page = replace(PAGE, acts=acts)
    blocks = render(page, "text").split("\n\n")
    assert blocks.index("[Closed on 8/14/2025 by the desk: enough <b>]") < blocks.index("Update.2")
    assert blocks.index("[Closed on 8/14/2025 by the desk: enough <b>]") > blocks.index("Update.1")
    assert "[Reopened on 8/14/2025 by the desk.]" in blocks
    assert blocks[-1].strip() == "[Continued in the story grain, on 8/14/2025 by the desk: enough <b>]"
    other = replace(page, key=StoryKey("grain"))
    assert "[Continues the story talks, on 8/14/2025 by the desk: enough <b>]" in render(other, "text")
    soup = BeautifulSoup(render(page, "html"), "lxml")
    assert soup.select(".act a")[0]["href"] == "grain.html"
    assert len(soup.select(".act")) == 3
    for form in FORMATS:
        assert "Person" not in render(page, form), form
    assert [one["kind"] for one in json.loads(render(page, "json"))["acts"]] == ["close", "reopen", "merge"]


def quote(number: int, text: str, name: str = "Alpha") -> Quote:
    told = paragraph_of(text).sentences[0]
    return Quote(number=number, family=name.lower(), name=name, url="javascript:alert(6)", sentence=told, language="en")


WHOLE = replace(
    PAGE,
    key_points=(quote(2, HOSTILE),),
    disagreements=(
        Disagreement(kind="time", one=quote(1, "It begins at 11:00."), other=quote(2, "It begins at 11:30.", "Beta")),
    ),
    heard=(Voice(family="a", name="Alpha", numbers=(1, 2)), Voice(family="b", name="Beta", also=(2,))),
    not_heard=tuple(Voice(family=f"f{n}", name=f"Voice {n}") for n in range(20)),
    quiet_since=NOON,
)


def test_the_whole_story_stands_above_its_updates() -> None:
    soup = BeautifulSoup(render(WHOLE, "html"), "lxml")
    assert soup.select_one("#key-points li span").get_text() == HOSTILE  # type: ignore[union-attr]  # fails loudly
    quotes = [one.get_text() for one in soup.select("#differences blockquote")]
    assert quotes == ["It begins at 11:00.", "It begins at 11:30."]
    assert "Voice 11 and 8 more" in soup.select_one("#voices").get_text()  # type: ignore[union-attr]  # the same
    assert "also Update.2" in soup.select_one("#voices").get_text()  # type: ignore[union-attr]  # the same
    assert "quiet since 14 August 2025, 12:00 UTC" in soup.get_text()
    assert [*running_scripts(soup), *soup.find_all("img")] == []
    assert [link for link in links_in(soup) if not link.startswith(("#", "https://"))] == []
    for form in ("text", "md"):
        assert "Beta says (Update.2):" in render(WHOLE, form)
        assert "uiet since" in render(WHOLE, form)
    assert "Not yet heard: Voice 0, " in render(WHOLE, "md")
    told = json.loads(render(WHOLE, "json"))
    assert told["disagreements"][0]["other"]["sentence"]["text"] == "It begins at 11:30."
    assert len(told["not_heard"]) == 20


def test_a_story_of_one_update_says_it_once() -> None:
    page = replace(WHOLE, updates=PAGE.updates[:1], marks=(), disagreements=())
    assert "Key points" not in render(page, "html")
    assert "Key points" not in render(page, "md")


def test_a_picture_is_shown_from_its_copy_and_else_linked_with_the_reason() -> None:
    page = replace(PAGE, picture=Picture(sha256="ab" * 32, width=640, height=480), image_credit="J. Doe <b>")
    soup = BeautifulSoup(render(page, "html"), "lxml")
    assert soup.img is not None
    assert soup.img.attrs == {"src": f"pictures/{'ab' * 32}.webp", "width": "640", "height": "480", "alt": "a lake"}
    assert "Picture: J. Doe <b>" in soup.figcaption.get_text()  # type: ignore[union-attr]  # fails loudly
    assert f"![a lake](<pictures/{'ab' * 32}.webp>)" in render(page, "md")
    assert json.loads(render(page, "json"))["picture"]["file"] == f"pictures/{'ab' * 32}.webp"
    failed = replace(page, picture=Picture(why="it is <gone>"), image_alt=" ", image_credit="")
    soup = BeautifulSoup(render(failed, "html"), "lxml")
    said = soup.figcaption.get_text()  # type: ignore[union-attr]  # fails loudly
    assert "picture without a description · Picture without a credit · not shown here: it is <gone>" in said
    assert soup.img is None


def test_the_page_lets_a_browser_load_nothing_from_elsewhere() -> None:
    page = replace(WHOLE, picture=Picture(sha256="ab" * 32, width=640, height=480))
    soup = BeautifulSoup(render(page, "html"), "lxml")
    policy = soup.select_one("meta[http-equiv]")["content"]  # type: ignore[index]  # fails loudly
    assert "default-src 'none'" in policy
    assert "img-src 'self'" in policy
    assert soup.select("[src^=http], link[rel=stylesheet], link[rel=preload], iframe, object, embed") == []


def test_templates_are_read_once_whatever_is_installed_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [render(PAGE, form) for form in FORMATS]

    def gone(_path: str) -> float:
        raise AssertionError("a template was looked for again")

    monkeypatch.setattr("os.path.getmtime", gone)
    assert [render(PAGE, form) for form in FORMATS] == before
