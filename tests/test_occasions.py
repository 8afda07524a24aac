"""Read-outs that open alike: one family's calls with one president, each told with who spoke, and none lost."""

from __future__ import annotations

from collections.abc import Callable

from aggregator.model import StoryKey
from aggregator.store.pages import updates_of
from tests.conftest import STORY, Desk, Web, item, rss, source_block

TITLE = "Telephone conversation with President of Westland Karl Moe"
OPENING = "President Petrenko had a telephone conversation with President of Westland Karl Moe."
FIRST = "The presidents spoke about the talks in Geneva.", "Karl Moe asked for a list of the ships in the strait."
OTHER = "The presidents went through what the talks had brought.", "They agreed to open the harbour of Sund to 12 ships in May."
SAME = "About the talks in Geneva the presidents spoke.", "A list of the ships in the strait was asked for by Karl Moe."


def told(
    web: Web,
    desk: Callable[[str], Desk],
    second: tuple[str, ...],
    *,
    first: tuple[str, ...] = FIRST,
    title: str = TITLE,
    family: str = "a",
    **later: float,
) -> list[list[str]]:
    """The sentences of each update, where a second read-out comes so much later."""
    web.serve(rss(item("1", TITLE, f"{OPENING} {' '.join(first)}")))
    web.serve(rss(), "/b")
    one = desk(STORY + source_block("a", web.url()) + source_block("b", web.url("/b"), family=family))
    one.poll()
    one.settle()
    one.clock.forward(**later)
    web.serve(rss(item("2", title, f"{OPENING} {' '.join(second)}", at=one.clock.now)), "/b")
    one.poll()
    one.settle()
    with one.store.read() as tx:
        found = updates_of(tx, StoryKey("talks"))
    return [[sentence.text for paragraph in one.paragraphs for sentence in paragraph.sentences] for one in found]


def test_a_second_call_is_told_with_who_spoke_though_it_opens_alike(web: Web, desk: Callable[[str], Desk]) -> None:
    assert told(web, desk, OTHER, hours=5) == [[OPENING, *FIRST], [OPENING, *OTHER]]


def test_so_is_one_under_another_title(web: Web, desk: Callable[[str], Desk]) -> None:
    assert told(web, desk, OTHER, title="Talks with Karl Moe", days=3) == [[OPENING, *FIRST], [OPENING, *OTHER]]


def test_what_another_family_says_of_the_call_is_told_without_what_was_told(web: Web, desk: Callable[[str], Desk]) -> None:
    assert told(web, desk, OTHER, family="b", hours=5) == [[OPENING, *FIRST], [*OTHER]]


def test_a_call_of_another_day_of_which_nothing_new_is_said_is_told_in_a_sentence(
    web: Web, desk: Callable[[str], Desk]
) -> None:
    assert told(web, desk, SAME, days=3) == [[OPENING, *FIRST], [OPENING]]


def test_on_the_same_day_it_says_once_more_what_was_told(web: Web, desk: Callable[[str], Desk]) -> None:
    assert told(web, desk, SAME, hours=2) == [[OPENING, *FIRST]]


def test_so_it_does_under_another_title(web: Web, desk: Callable[[str], Desk]) -> None:
    assert told(web, desk, SAME, title="What the talks brought", days=3) == [[OPENING, *FIRST]]


PRESENT = (
    "The meeting was attended by Prime Minister Ada Holm, Speaker of the Council Per Lund, Minister of Defence Karl Moe, "
    "Minister of the Interior Eva Dahl, Secretary of the Council Jon Berg and Special Representative of the President Ida Vik."
)


def test_a_meeting_of_those_who_always_meet_is_told(web: Web, desk: Callable[[str], Desk]) -> None:
    """Most of it is who was there; what was spoken about holds no name or figure that is new."""
    about = (
        "They spoke at length about how slowly the talks go on, and regretted what this does to the people of the strait.",
        "The ministers said how the harbours are supplied, how the hospitals are mended, and what the fishermen need.",
        "They looked at prices, at wages and at the work of the banks, and thanked the firms that help.",
    )
    first, second = told(web, desk, (PRESENT, *about), first=(*FIRST, PRESENT), title="Meeting of the Council", days=6)
    assert PRESENT in first
    assert second == [OPENING, PRESENT, *about]
