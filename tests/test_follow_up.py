"""A statement that repeats a long one which was told, and adds to it: told is what the other one did not say."""

from __future__ import annotations

from collections.abc import Callable

from aggregator.model import UpdateKind
from aggregator.store.pages import story_page
from tests.conftest import STORY, Desk, Web, item, rss, source_block

NAMES = "Berg Lund Falk Krog Rosen Dahl Moss Stang Voss Eide Holt Nilsen Aune Lie Ask Foss Hauge Moe Ruud Sund Vik Wold"
WORDS = "harbour treaty border grain prisoners energy airspace railway fishery forest river hospital school bridge"


def long_text() -> str:
    """More than any digest holds."""
    return "\n\n".join(
        f"The delegations discussed the {word} question at the talks in Geneva on Thursday. "
        f"They agreed on {at + 2} separate {word} measures with {at + 40} observers from the {word} council of Region {at}. "
        f"The head of the {word} group said that a further {word} meeting follows in week {at + 20} in another city."
        for at, word in enumerate(WORDS.split())
    )


def news() -> str:
    """What another house adds: more than the frame of a copy."""
    return "\n\n".join(
        f"Later that day the road office of {name}stad named Captain Ida {name} as its observer for {at + 145} days."
        for at, name in enumerate(NAMES.split())
    )


def test_what_a_follow_up_adds_at_its_end_is_told_and_nothing_else(web: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(STORY + source_block("a", web.url("/a")) + source_block("b", web.url("/b")))
    web.serve(rss(item("one", "Talks on grain", long_text())), "/a")
    web.serve(rss(), "/b")
    at_work.poll()
    (first,) = at_work.settle()
    web.serve(rss(item("two", "Talks on grain go on", f"{long_text()}\n\n{news()}")), "/b")
    at_work.poll()
    (second,) = at_work.settle()
    assert (first.kind, second.kind) == (UpdateKind.NEW, UpdateKind.ADDS)
    with at_work.store.read() as tx:
        page = story_page(tx, first.story)
    assert page is not None
    told = [sentence.text for paragraph in page.updates[1].paragraphs for sentence in paragraph.sentences]
    assert len(told) > 10
    assert set(told) <= set(news().split("\n\n"))
    assert sum(len(paragraph.text.split()) for paragraph in page.updates[0].paragraphs) < 0.7 * len(long_text().split())
