"""A story as a whole: key points, who was heard, where sources differ, and since when it is quiet."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config import load_config
from aggregator.model import (
    AlsoReported,
    Attribution,
    Citation,
    DeskAct,
    DeskKind,
    Disagreement,
    Mark,
    Paragraph,
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
from aggregator.pipeline import sync
from aggregator.publish import drain
from aggregator.store.pages import story_page
from aggregator.stories import overview
from aggregator.stories.disagreeing import disagreements
from aggregator.stories.overview import QUIET_AFTER, Telling, key_points, quiet_since, standing, voices
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block, write_feeds

pytestmark = pytest.mark.both_databases


def told(number: int, *sentences: str, family: str = "", at: float = 0, **changed: object) -> Update:
    """An update of one paragraph, said so many hours after noon; its statement has its number."""
    cited = (Citation(revision=RevisionId(number), start=0, end=1),)
    values: dict[str, object] = {
        "number": number,
        "kind": UpdateKind.ADDS,
        "reason": "",
        "said_at": NOON + timedelta(hours=at),
        "published_at": NOON + timedelta(hours=number),
        "paragraphs": (Paragraph(sentences=tuple(Sentence(text=one, citations=cited) for one in sentences)),),
        "attributions": (Attribution(name=family.title(), url=f"https://{family}.example/", source=SourceKey(family)),),
        "title": "",
        "statement": StatementId(number),
        "revision": RevisionId(number),
        "language": "en",
    }
    return Update(**{**values, **changed})  # type: ignore[arg-type]  # a test that sets one field at a time


def stand(*updates: tuple[str, Update], marks: tuple[Mark, ...] = ()) -> list[Telling]:
    families = {update.statement: family for family, update in updates}
    return standing([update for _, update in updates], marks, families)


def mark(number: int, by: int, kind: UpdateKind = UpdateKind.CORRECTED) -> Mark:
    return Mark(number=number, by_number=by, kind=kind, at=NOON)


# --- What still stands. ---


def test_what_was_withdrawn_or_corrected_stands_no_more() -> None:
    old = Replaced(number=1, paragraph=1, position=2, before="Two came.", after="Three came.")
    updates = (
        ("a", told(1, "They met.", "Two came.", family="a")),
        ("b", told(2, "It rained.", family="b")),
        ("a", told(3, "Three came.", family="a", kind=UpdateKind.CORRECTED, replaces=(old,))),
        ("b", told(4, "It is taken back.", family="b", kind=UpdateKind.WITHDRAWN)),
    )
    left = stand(*updates, marks=(mark(1, 3), mark(2, 4, UpdateKind.WITHDRAWN)))
    assert [(one.update.number, [s.text for s in one.sentences]) for one in left] == [(1, ["They met."]), (3, ["Three came."])]


def test_of_a_correction_that_names_no_sentence_nothing_old_stands() -> None:
    left = stand(("a", told(1, "Two came.", family="a")), ("a", told(2, "Three came.", family="a")), marks=(mark(1, 2),))
    assert [one.update.number for one in left] == [2]


# --- Key points. ---

LONG = "The delegations of both sides agreed on the inspection of grain ships in the harbour of Port Alder."


def test_each_family_has_one_key_point_and_who_spoke_last_comes_first() -> None:
    left = stand(
        ("a", told(1, "He was glad.", LONG, family="a")),
        ("b", told(2, "Beta sends 12 inspectors to the grain harbour of Port Alder before the end of August.", family="b")),
        ("a", told(3, "What will come next?", family="a")),
    )
    points = key_points(left, theme=["Grain talks in Port Alder"])
    assert [(one.family, one.number) for one in points] == [("a", 1), ("b", 2)]
    assert points[0].sentence.text == LONG
    assert points[0].sentence.citations == left[0].sentences[1].citations
    assert (points[1].name, points[1].url) == ("B", "https://b.example/")


def test_of_equal_sentences_the_newest_is_the_key_point() -> None:
    left = stand(("a", told(1, LONG, family="a")), ("a", told(2, LONG, family="a")))
    assert [one.number for one in key_points(left, theme=[])] == [2]


def test_in_which_order_a_set_gives_its_words_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is another one in each process; of fractions, another order is another sum, and what weighed the same does no more."""
    content, chosen = overview._content, set()  # noqa: SLF001 - whose set is taken apart
    said = [f"The talks about Rili{n} with Wuli{n} ended on {700 + n} measures for Dode{n}." for n in range(1, 18)]
    left = stand(*(("a", told(n, one, "He came late.", family="a")) for n, one in enumerate(said, 1)))
    for seed in range(5):
        order = random.Random(seed)  # noqa: S311 - no secret

        def shuffled(text: str, order: random.Random = order) -> Sequence[str]:
            return order.sample(sorted(content(text)), len(content(text)))

        monkeypatch.setattr(overview, "_content", shuffled)
        chosen.add(key_points(left, theme=["talks"])[0].number)
    assert chosen == {17}


def test_key_points_are_bounded() -> None:
    left = stand(*((f"f{n}", told(n, LONG, family=f"f{n}")) for n in range(1, 40)))
    points = key_points(left, theme=[])
    assert [one.number for one in points] == list(range(39, 27, -1))


@settings(max_examples=40)
@given(st.lists(st.lists(st.text(max_size=40), min_size=1, max_size=4), max_size=6))
def test_a_key_point_is_always_a_sentence_that_was_told(said: list[list[str]]) -> None:
    left = stand(*((f"f{n % 3}", told(n, *some, family=f"f{n % 3}")) for n, some in enumerate(said, 1)))
    points = key_points(left, theme=["talks"])
    assert len(points) == len({one.family for one in left})
    there = {(one.update.number, sentence.text) for one in left for sentence in one.sentences}
    assert {(one.number, one.sentence.text) for one in points} <= there
    assert points == key_points(left, theme=["talks"])


# --- Who was heard. ---


def test_who_was_heard_and_who_was_not() -> None:
    echo = AlsoReported(
        number=1, name="Wire", url="", source=SourceKey("w"), statement=StatementId(9), citing=(), speaks_for="",
        independent=True, why="",
    )  # fmt: skip
    updates = [told(1, "They met.", family="alpha"), told(2, "They left.", family="beta"), told(3, "More.", family="alpha")]
    families = {StatementId(1): "alpha", StatementId(2): "beta", StatementId(3): "alpha", StatementId(9): "wire"}
    followed = {"alpha": "Alpha House", "gamma": "gamma", "delta": "Delta", "wire": "Wire"}
    heard, missing = voices(updates, [echo], families, followed)
    assert [(one.family, one.name, one.numbers, one.also) for one in heard] == [
        ("alpha", "Alpha", (1, 3), ()),
        ("beta", "Beta", (2,), ()),
        ("wire", "Wire", (), (1,)),
    ]
    assert [one.name for one in missing] == ["Delta", "gamma"]


# --- Quiet. ---


@pytest.mark.parametrize(
    ("changed", "is_quiet"),
    [
        ({}, True),
        ({"now": NOON + QUIET_AFTER + timedelta(minutes=59)}, False),
        ({"active": False}, False),
        ({"until": NOON + timedelta(days=1)}, False),
        ({"until": NOON + timedelta(days=9)}, True),
        ({"acts": [DeskKind.CLOSE]}, False),
        ({"acts": [DeskKind.CLOSE, DeskKind.REOPEN]}, True),
        ({"acts": [DeskKind.MERGE, DeskKind.NOTE]}, False),
        ({"updates": []}, False),
    ],
)
def test_a_story_is_quiet_while_it_is_open_and_nothing_comes(changed: dict[str, object], is_quiet: bool) -> None:
    values = {"updates": [told(1, "They met.")], "acts": [], "active": True, "until": None, "now": NOON + timedelta(days=2)}
    values |= changed
    acts = [DeskAct(id=n, kind=k, at=NOON, by="", why="", story=StoryKey("s")) for n, k in enumerate(values["acts"])]  # type: ignore[arg-type,var-annotated]
    found = quiet_since(values["updates"], acts, active=values["active"], until=values["until"], now=values["now"])  # type: ignore[arg-type]
    assert found == (NOON + timedelta(hours=1) if is_quiet else None)


# --- Where sources differ. ---


def differ(one: str, other: str, *, hours: float = 1, **changed: object) -> tuple[Disagreement, ...]:
    return disagreements(
        stand(("alpha", told(1, one, family="alpha")), ("beta", told(2, other, family="beta", at=hours, **changed)))
    )


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("The talks in Geneva begin at 11:00 on Friday.", "The talks in Geneva begin at 11:30 on Friday.", "time"),
        ("The attack on Kharkiv killed 12 people on Monday.", "On Monday the attack on Kharkiv killed 14 people.", "figure"),
        (
            "Germany gives Ukraine 500 million euros for air defence.",
            "Germany gives Ukraine 300 million euros for air defence.",
            "sum",
        ),
        ("Inflation in Estonia fell to 3.2 percent in July.", "Inflation in Estonia fell to 2.3 percent in July.", "share"),
        (
            "The summit of both leaders in Alaska opens on 15 August.",
            "The summit of both leaders in Alaska opens on 16 August.",
            "date",
        ),
        (
            "The summit of both leaders in Alaska opens on Friday.",
            "The summit of both leaders in Alaska opens on Saturday.",
            "weekday",
        ),
    ],
)
def test_another_figure_or_time_for_the_same_thing_is_quoted_side_by_side(one: str, other: str, kind: str) -> None:
    (found,) = differ(one, other)
    assert (found.kind, found.one.sentence.text, found.other.sentence.text) == (kind, one, other)
    assert (found.one.number, found.other.number, found.other.name) == (1, 2, "Beta")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the same, written or rounded otherwise
        ("Germany gives Ukraine 1.2 million shells this year.", "Germany gives Ukraine 1,234,567 shells this year."),
        ("Germany gives Ukraine twelve howitzers this year.", "Germany gives Ukraine 12 howitzers this year."),
        ("The attack on Kharkiv wounded about 40 people.", "The attack on Kharkiv wounded 43 people."),
        ("The attack on Kharkiv wounded more than 40 people.", "The attack on Kharkiv wounded 43 people."),
        # a count that grows
        ("So far the attack on Kharkiv killed 12 people.", "So far the attack on Kharkiv killed 14 people."),
        # another thing
        ("Germany gives Ukraine 500 million euros for defence.", "France gives Ukraine 300 million euros for defence."),
        ("We give Ukraine 500 million euros for air defence.", "We give Ukraine 300 million euros for air defence."),
        (
            "The Union adopted the 12th package against Russia with 70 names.",
            "The Union adopted the 13th package against Russia with 90 names.",
        ),
        ("The attack on Kharkiv killed 12 people.", "The attack on Kharkiv wounded 14 people."),
        ("The attack on Kharkiv hit 12 houses.", "The attack on Kharkiv hit 14 schools."),
        ("Russia returned 95 soldiers of Ukraine on Friday.", "Ukraine returned 95 soldiers of Russia on Friday."),
        ("The budget of Estonia for 2025 grows.", "The budget of Estonia for 2026 grows."),
        # of no name, in texts of their own: two meetings may begin at two times
        ("The next committee meeting starts at 11:00 sharp.", "The next committee meeting starts at 11:30 sharp."),
        # in two zones
        ("The leaders of Geneva speak at 11:00 GMT today.", "The leaders of Geneva speak at 13:00 CEST today."),
        ("", ""),
        ("12", "14"),
        ("12 " * 400, "14 " * 400),
    ],
)
def test_what_is_no_disagreement_is_not_shown(one: str, other: str) -> None:
    assert differ(one, other) == ()


A, B = "The attack on Kharkiv killed 12 people.", "The attack on Kharkiv killed 14 people."


def test_what_was_said_much_later_is_a_development() -> None:
    assert len(differ(A, B, hours=11)) == 1
    assert differ(A, B, hours=13) == ()
    assert differ(A, B, said_day="2025-08-15") == ()
    assert len(differ(A, B, said_day="2025-08-14")) == 1


def test_one_family_and_two_languages_do_not_disagree() -> None:
    assert disagreements(stand(("a", told(1, A, family="a")), ("a", told(2, B, family="a")))) == ()
    assert differ(A, B, language="fr") == ()


def test_who_was_corrected_or_has_said_the_other_figure_since_no_longer_disagrees() -> None:
    both = (("alpha", told(1, A, family="alpha")), ("beta", told(2, B, family="beta")))
    assert len(disagreements(stand(*both))) == 1
    put = Replaced(number=1, paragraph=1, position=1, before=A, after=B)
    righted = told(3, B, family="alpha", kind=UpdateKind.CORRECTED, replaces=(put,))
    assert disagreements(stand(*both, ("alpha", righted), marks=(mark(1, 3),))) == ()
    assert disagreements(stand(*both, ("alpha", told(3, B, family="alpha")))) == ()
    gone = told(3, "It is gone.", family="beta", kind=UpdateKind.WITHDRAWN)
    assert disagreements(stand(*both, ("beta", gone), marks=(mark(2, 3, UpdateKind.WITHDRAWN),))) == ()


MORE = [
    "Farmers bring their forms along, and whoever has none is given one by the staff beside the entrance to the hall.",
    "Tea is served until the last guest has left the house, and a bus takes those who live far away back to their village.",
]


def test_two_pages_made_after_one_template_are_two_events() -> None:
    text = "The office is open from 10:00 for everybody with questions on grain and forms."
    here, there = (told(n, f"The mayor of {town} invites all farmers.", *MORE, text.replace("10:00", hour), family=f"f{n}")
                   for n, town, hour in ((1, "Narva", "10:00"), (2, "Tartu", "11:00")))  # fmt: skip
    assert disagreements(stand(("f1", here), ("f2", there))) == ()


def test_a_copy_with_one_figure_moved_differs_even_without_a_name() -> None:
    one, other = (told(n, *MORE, f"The office opens its doors for visitors at {hour} every day.", family=f"f{n}")
                  for n, hour in ((1, "10:00"), (2, "11:00")))  # fmt: skip
    (found,) = disagreements(stand(("f1", one), ("f2", replace(other, said_at=NOON + timedelta(days=2)))))
    assert found.kind == "time"


def test_many_updates_are_held_against_each_other_in_bounded_room() -> None:
    said = [
        (f"f{n % 7}", told(n, f"The attack on Kharkiv number {n} killed {n} people.", family=f"f{n % 7}"))
        for n in range(1, 900)
    ]
    found = disagreements(stand(*said))
    assert len(found) <= 8
    assert found == disagreements(stand(*said))


# --- In the store. ---

TALKS = "The delegations met in Geneva for the talks on grain. The talks in Geneva begin at {} on Friday."


def page_of(desk: Desk) -> StoryPage:
    with desk.store.read() as tx:
        page = story_page(tx, StoryKey("talks"), now=desk.clock())
    assert page is not None
    return page


def two_voices(web: Web, desk: Callable[[str], Desk], story: str = STORY) -> Desk:
    web.serve(rss(item("one", "Talks of Alpha", TALKS.format("11:00"))), "/a")
    web.serve(rss(item("two", "Talks of Beta", TALKS.format("11:30"), at=NOON + timedelta(minutes=1))), "/b")
    web.serve(rss(), "/c")
    blocks = [source_block(key, web.url(f"/{key}"), name=name) for key, name in (("a", "Alpha"), ("b", "Beta"), ("c", "Gamma"))]
    blocks.append(source_block("w", web.url("/c?w"), name="Wire", more='lane = "reporting"'))
    at_work = desk(story + "".join(blocks))
    at_work.poll("a", "b")
    at_work.settle()
    return at_work


def test_a_page_from_the_store_tells_the_whole(web: Web, desk: Callable[[str], Desk]) -> None:
    page = page_of(two_voices(web, desk))
    assert [one.family for one in page.heard] == ["b", "a"]
    assert [one.name for one in page.not_heard] == ["Gamma"]  # who reports is followed only where that is said
    assert {one.family for one in page.key_points} == {"a", "b"}
    assert [one.kind for one in page.disagreements] == ["time"]
    assert page.quiet_since is None
    assert page.language == "en"


def test_whom_a_story_follows_comes_from_the_file_each_time(web: Web, desk: Callable[[str], Desk]) -> None:
    at_work = two_voices(web, desk, STORY + 'sources = ["a", "w"]\n')
    assert [one.name for one in page_of(at_work).not_heard] == ["Wire"]
    text = at_work.config.path.read_text()
    for line, missing in (('lanes = ["reporting"]', ["Wire"]), ('sources = ["a"]', []), ("", ["Beta", "Gamma"])):
        config = load_config(write_feeds(at_work.config.path.parent, text.replace('sources = ["a", "w"]', line)))
        sync(at_work.store, config, now=at_work.clock())
        assert [one.name for one in page_of(at_work).not_heard] == missing, line


def test_a_page_is_written_once_more_when_its_story_falls_quiet(web: Web, desk: Callable[[str], Desk]) -> None:
    at_work = two_voices(web, desk)
    site = at_work.config.service.storage / "site"
    page = site / "talks.html"
    assert "quiet since" not in page.read_text()
    written = page_of(at_work).as_of
    assert written is not None
    at_work.clock.now = written + QUIET_AFTER - timedelta(seconds=1)
    assert drain(at_work.store, site, now=at_work.clock()).messages == 0
    at_work.clock.now = written + QUIET_AFTER
    assert drain(at_work.store, site, now=at_work.clock()).messages == 1
    assert "quiet since" in page.read_text()
    assert json.loads((site / "talks.json").read_text())["quiet_since"] == "2025-08-14T12:10:00Z"
    at_work.clock.forward(days=3)
    assert drain(at_work.store, site, now=at_work.clock()).messages == 0
