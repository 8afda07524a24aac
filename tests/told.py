"""Stories as sources may make them, for tests of what is published of them: small, long, corrected, hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from aggregator.model import (
    AlsoReported,
    Attribution,
    Citation,
    Mark,
    Paragraph,
    Picture,
    Replaced,
    RevisionId,
    Sentence,
    SourceKey,
    StatementId,
    StoryKey,
    StoryPage,
    Update,
    UpdateKind,
)
from aggregator.publish.places import Site
from tests.conftest import NOON

SITE = Site(url="https://news.example.org/", hub="https://hub.example.org/", identity="0b9c3f5e-3c8e-4f0e-9d4f-6f1f2f3a4b5c")
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "<![CDATA[x]]>",
    "&lt;b&gt; &amp; &nope; &#0;",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "\x00\x08\x0b\x0c\x1b[31m\x1f\x7f\x85\ufffe\uffff",
    "half a pair \ud800 and the other \udfff",
    "a\r\nb\u2028c\u2029d",
    "\u202eright to left\u202c",
    "' onload='alert(1)\" onload=\"alert(2)",
    "{{ 7 * 7 }} {% raw %}",
    "",
    "   ",
    "Зеленський 会谈 😀 مفاوضات",
]
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=()), max_size=40))
ADDRESSES = st.one_of(
    st.sampled_from(
        ["https://alpha.example/1", "javascript:alert(1)", "", "https://[::1", "http://a.example/a b?<c>\"'|{}`^\\"]
    ),
    TEXTS.map(lambda text: f"https://alpha.example/{text}"),
)
LANGUAGES = st.sampled_from(["en", "fr-CA", "ru", "", "zh-Hant-TW", 'en"><b>', "x", "english_UK"])


def story(count: int, **changed: object) -> StoryPage:
    """A story of so many updates, one each hour; each says its number."""
    values: dict[str, object] = {
        "key": StoryKey("talks"),
        "title": "Talks in Geneva",
        "lead": "Before the talks",
        "date": NOON,
        "image": "",
        "image_alt": "",
        "updates": tuple(an_update(number) for number in range(1, count + 1)),
        "language": "en",
    }
    return StoryPage(**{**values, **changed})  # type: ignore[arg-type]  # a test that sets one field at a time


def an_update(number: int, *texts: str, **changed: object) -> Update:
    """An update of one paragraph that was published so many hours after noon."""
    values: dict[str, object] = {
        "number": number,
        "kind": UpdateKind.ADDS if number > 1 else UpdateKind.NEW,
        "reason": f"Adds a statement by Alpha: “Title {number}”.",
        "said_at": NOON + timedelta(hours=number, minutes=-10),
        "published_at": NOON + timedelta(hours=number),
        "paragraphs": (paragraph(*(texts or (f"This is said as number {number}.",))),),
        "attributions": (Attribution(name="Alpha", url=f"https://alpha.example/{number}", source=SourceKey("a")),),
        "title": f"Title {number}",
        "statement": StatementId(number),
        "revision": RevisionId(number),
        "language": "en",
    }
    return Update(**{**values, **changed})  # type: ignore[arg-type]  # the same


def paragraph(*texts: str) -> Paragraph:
    """A paragraph of these sentences."""
    return Paragraph(
        sentences=tuple(
            Sentence(text=text, citations=(Citation(revision=RevisionId(1), start=0, end=len(text)),)) for text in texts
        )
    )


def with_update(page: StoryPage, update: Update) -> StoryPage:
    """The story after one more update, with the marks that it brings."""
    kind = UpdateKind.WITHDRAWN if update.kind is UpdateKind.WITHDRAWN else UpdateKind.CORRECTED
    marks = [Mark(number=one, by_number=update.number, kind=kind, at=update.published_at) for one in update.corrects]
    return replace(page, updates=(*page.updates, update), marks=(*page.marks, *marks), as_of=update.published_at)


CORRECTED = with_update(
    story(2),
    an_update(
        3,
        "This is said as number one.",
        kind=UpdateKind.CORRECTED,
        reason="Corrects Update.1: Alpha changed its text.",
        corrects=(1,),
        replaces=(
            Replaced(
                number=1, paragraph=1, position=1, before="This is said as number 1.", after="This is said as number one."
            ),
        ),
    ),
)
WITHDRAWN = with_update(
    CORRECTED, an_update(4, "Alpha took it back.", kind=UpdateKind.WITHDRAWN, reason="Takes Update.2 back.", corrects=(2,))
)
PICTURED = replace(
    WITHDRAWN,
    image="https://alpha.example/lake.jpg",
    image_alt="a lake",
    image_credit="J. Doe",
    picture=Picture(sha256="ab" * 32, width=1280, height=720),
)


@st.composite
def updates(draw: st.DrawFn, number: int) -> Update:
    """An update that may hold anything, and may correct earlier ones or take them back."""
    kind = (
        UpdateKind.NEW if number == 1 else draw(st.sampled_from([UpdateKind.ADDS, UpdateKind.CORRECTED, UpdateKind.WITHDRAWN]))
    )
    changes = kind in (UpdateKind.CORRECTED, UpdateKind.WITHDRAWN)
    earlier = st.integers(1, number - 1)
    corrects = draw(st.sets(earlier, min_size=1, max_size=2)) if changes else set()
    replaced = draw(st.lists(earlier, max_size=2)) if changes else []  # nothing says that each is among what it corrects
    some = st.integers(1, 2)
    return an_update(
        number,
        kind=kind,
        title=draw(TEXTS),
        reason=draw(TEXTS),
        language=draw(LANGUAGES),
        said_day=draw(st.sampled_from(["", "2025-08-14"])),
        paragraphs=tuple(paragraph(*draw(st.lists(TEXTS, min_size=1, max_size=2))) for _ in range(draw(some))),
        attributions=tuple(
            Attribution(name=draw(TEXTS), url=draw(ADDRESSES), source=SourceKey("a")) for _ in range(draw(st.integers(0, 2)))
        ),
        corrects=tuple(sorted(corrects)),
        replaces=tuple(
            Replaced(number=one, paragraph=draw(some), position=draw(some), before=draw(TEXTS), after=draw(TEXTS))
            for one in replaced
        ),
    )


@st.composite
def pages(draw: st.DrawFn, most: int = 4) -> StoryPage:
    """A story in which every field that comes from outside may hold anything."""
    page = story(0, title=draw(TEXTS), lead=draw(TEXTS), image_alt=draw(TEXTS), image_credit=draw(TEXTS), image=draw(ADDRESSES))
    page = replace(page, language=draw(LANGUAGES), picture=draw(st.sampled_from([None, PICTURED.picture])))
    for number in range(1, draw(st.integers(0, most)) + 1):
        page = with_update(page, draw(updates(number)))
    return page


def echo(number: int) -> AlsoReported:
    """Another family that reports an update."""
    return AlsoReported(
        number=number,
        name="Beta",
        url="https://beta.example/",
        source=SourceKey("b"),
        statement=StatementId(99),
        citing=(),
        speaks_for="",
        independent=True,
        why="credits nobody else",
    )
