"""The desk's commands, as somebody types them: what they do, what they refuse, and what they leave alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from aggregator.model import DeskKind, StoryKey, StoryPage, Update, UpdateKind
from aggregator.pipeline.acts import Given
from aggregator.pipeline.desk import act
from aggregator.pipeline.telling import put_off, ready_to_tell, tell_one
from aggregator.service import hold
from aggregator.store.pages import story_page
from aggregator.store.schema import candidates, changes, desk_acts, outbox, steps
from aggregator.store.verifying.whole import verify
from aggregator.web.api import stories, updates_of_story
from aggregator.web.asked import Paged, UpdatesOfStory
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block
from tests.test_cli import aggregator

GRAIN = "The talks on grain went on for three hours in the palace. They agreed on 12 ships a day. The next round is in May."
ENERGY = "The talks on energy began late. Nobody has said how many pipelines stay shut. A report on that is due on Monday."
BORDER = "The talks on the border ended. Both sides keep their 4 posts. Observers count the lorries."
SECOND = STORY.replace("[stories.talks]", "[stories.grain]").replace('terms = ["talks"]', 'terms = ["grain", "harvest"]')
BY = ("--by", "Ada")


@pytest.fixture
def at_work(web: Web, desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Three statements, of which two are told and the third waits; a second story that takes up the first of them."""
    first = [
        item("1", "Talks on grain", GRAIN, at=NOON - timedelta(minutes=9)),
        item("2", "Talks on energy", ENERGY, at=NOON - timedelta(minutes=8)),
    ]
    web.serve(rss(*first))
    one = desk(STORY + SECOND + source_block("a", web.url(), name="Alpha"))
    monkeypatch.setattr("aggregator.cli.ledger.utc_now", one.clock)
    one.poll()
    assert len(one.settle()) == 3
    web.serve(rss(item("3", "Talks on the border", BORDER, at=NOON + timedelta(minutes=9)), *first))
    one.clock.forward(minutes=1)
    one.poll()
    return one


def ledger(at_work: Desk, *words: str, code: int = 0) -> str:
    """A command of the desk, with what it says; afterwards nothing in the store is other than it was written."""
    before = published(at_work)
    done = aggregator("ledger", *words, config=at_work.config.path)
    assert done.exit_code == code, done.output
    after = published(at_work)
    assert all(after[key][: len(told)] == told for key, told in before.items()), "a published update was changed"
    found = [one.line for one in verify(at_work.store, quick=True).findings if not one.warning]
    assert found == []
    return done.output


def as_values(at_work: Desk, *words: str) -> Any:
    done = aggregator("ledger", *words, "--json", config=at_work.config.path)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def published(at_work: Desk) -> dict[str, tuple[Update, ...]]:
    return {key: page(at_work, key).updates for key in at_work.config.stories}


def page(at_work: Desk, key: str = "talks") -> StoryPage:
    with at_work.store.read() as tx:
        found = story_page(tx, StoryKey(key))
    assert found is not None
    return found


def counts(at_work: Desk) -> list[int]:
    with at_work.store.read() as tx:
        tables = (desk_acts, candidates, changes, outbox, steps)
        return [tx.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


# --- Holding and releasing.


@pytest.mark.both_databases
def test_what_is_held_is_not_told_until_it_is_released(at_work: Desk) -> None:
    assert "is held in talks until it is released" in ledger(
        at_work, "hold", "talks", "3", *BY, "--why", "the ministry denies it"
    )
    assert at_work.settle(days=3) == []
    (held,) = as_values(at_work, "held", "talks")
    assert (held["statement"], held["until"], held["by_desk"]) == (3, None, True)
    assert held["why"] == "held by Ada: the ministry denies it"
    assert "was held by the desk and goes its way" in ledger(at_work, "release", "talks", "3", *BY)
    assert as_values(at_work, "held") == []
    assert [one.number for one in at_work.settle(seconds=1)] == [3]


def test_what_settles_is_told_at_once_when_it_is_released(at_work: Desk) -> None:
    assert at_work.settle(seconds=1) == []
    ledger(at_work, "release", "talks", "3")
    assert [one.title for one in at_work.settle(seconds=1)] == ["Talks on the border"]


def test_an_edit_of_what_is_held_is_held(at_work: Desk, web: Web) -> None:
    ledger(at_work, "hold", "talks", "3", *BY)
    edited = BORDER.replace("4 posts", "9 posts")
    web.serve(rss(item("3", "Talks on the border", edited, at=NOON + timedelta(minutes=9)), built=NOON + timedelta(hours=1)))
    at_work.poll()
    assert at_work.settle(days=1) == []
    ledger(at_work, "release", "talks", "3", *BY)
    (told,) = at_work.settle(seconds=1)
    assert "9 posts" in page(at_work).updates[told.number - 1].paragraphs[0].sentences[1].text


def test_what_the_desk_holds_is_counted_where_stories_are_listed(at_work: Desk) -> None:
    ledger(at_work, "hold", "talks", "3", *BY)
    listed = json.loads(aggregator("stories", "--json", config=at_work.config.path).stdout)
    (talks,) = [one for one in listed if one["key"] == "talks"]
    assert (talks["waiting"], talks["held"], talks["closed"]) == (1, 1, False)


# --- Withdrawing and correcting.


@pytest.mark.both_databases
def test_a_withdrawal_is_an_update_and_the_old_one_stays_marked(at_work: Desk) -> None:
    looked = ledger(at_work, "withdraw", "talks", "1", "--why", "It was a forgery", "--dry-run", *BY)
    assert "This would come of it: Update.3 of talks: The desk withdraws Update.1: It was a forgery." in looked
    assert len(page(at_work).updates) == 2
    ledger(at_work, "withdraw", "talks", "1", "--why", "It was a forgery", *BY)
    shown = page(at_work)
    old, new = shown.updates[0], shown.updates[2]
    assert (new.kind, new.corrects, new.paragraphs, new.statement) == (UpdateKind.WITHDRAWN, (1,), (), old.statement)
    assert [(one.number, one.by_number, one.kind) for one in shown.marks] == [(1, 3, UpdateKind.WITHDRAWN)]
    assert new.desk == shown.acts[0].id
    assert (shown.acts[0].by, shown.acts[0].why, shown.acts[0].number) == ("Ada", "It was a forgery", 1)
    with at_work.store.read() as tx:
        seen: Any = updates_of_story(tx, UpdatesOfStory(key="talks"))
        (mark,) = [dict(row._mapping) for row in tx.exec_driver_sql("SELECT * FROM v1_marks")]
    assert [(one["withdraws"], one["withdrawn_by"]) for one in seen["items"]] == [(None, 3), (None, None), (1, None)]
    assert (mark["story"], mark["number"], mark["by_number"], mark["kind"]) == ("talks", 1, 3, "withdrawn")
    assert [(one["marked_by"], one["marks"]) for one in seen["items"]] == [([mark], []), ([], []), ([], [mark])]


@pytest.mark.both_databases
def test_a_sentence_is_put_right_in_the_words_of_a_source(at_work: Desk) -> None:
    words = ("--statement", "3", "--words", "keep their  4")
    ledger(at_work, "correct", "talks", "1", "--paragraph", "1", "--sentence", "2", *words, "--why", "A mix-up", *BY)
    new = page(at_work).updates[2]
    assert new.kind is UpdateKind.CORRECTED
    assert new.reason == "The desk corrects Update.1, paragraph 1: A mix-up."
    assert [sentence.text for sentence in new.paragraphs[0].sentences] == ["Both sides keep their 4 posts."]
    (put_right,) = new.replaces
    assert (put_right.before, put_right.after) == ("They agreed on 12 ships a day.", "Both sides keep their 4 posts.")
    assert (new.statement, new.title) == (3, "Talks on the border")
    (cited,) = new.paragraphs[0].sentences[0].citations
    assert BORDER[cited.start : cited.end] == "Both sides keep their 4 posts."
    again = ledger(at_work, "correct", "talks", "1", "--paragraph", "1", "--remove", "--why", "All wrong", *BY, code=1)
    assert "was put right by Update.3. Put right what Update.3 says instead" in again
    ledger(at_work, "correct", "talks", "3", "--paragraph", "1", "--remove", "--why", "All wrong", *BY)
    assert page(at_work).updates[3].reason == "The desk takes a sentence out of Update.3, paragraph 1: All wrong."
    assert [one.number for one in at_work.settle()] == [5]  # statement 3 is told all the same: the desk's updates are its own


def test_a_whole_paragraph_is_taken_out(at_work: Desk) -> None:
    count = len(page(at_work).updates[0].paragraphs[0].sentences)
    ledger(at_work, "correct", "talks", "1", "--paragraph", "1", "--remove", "--why", "Of another day", *BY)
    new = page(at_work).updates[2]
    assert [(one.position, one.after) for one in new.replaces] == [(place, "") for place in range(1, count + 1)]
    assert new.paragraphs == ()


# --- Closing, merging, remarks.


@pytest.mark.both_databases
def test_a_closed_story_takes_nothing_until_it_is_open_again(at_work: Desk) -> None:
    ledger(at_work, "close", "talks", "--why", "The summit is over.", *BY)
    assert at_work.settle(days=1) == []
    (held,) = as_values(at_work, "held", "talks")
    assert held["why"] == "the story was closed by Ada: The summit is over."
    ledger(at_work, "reopen", "talks", "--why", "They meet again.", *BY)
    assert [one.number for one in at_work.settle(seconds=1)] == [3]
    assert [one.kind for one in page(at_work).acts] == [DeskKind.CLOSE, DeskKind.REOPEN]


@pytest.mark.both_databases
def test_programs_are_told_that_a_story_ended_and_where_it_goes_on(at_work: Desk) -> None:
    def ended() -> list[tuple[str, bool, str]]:
        with at_work.store.read() as tx:
            found: Any = stories(tx, Paged())
        return [(one["key"], one["closed"], one["continued_in"]) for one in found["items"]]

    assert ended() == [("grain", False, ""), ("talks", False, "")]
    ledger(at_work, "close", "talks", "--why", "It is over.", *BY)
    assert ended() == [("grain", False, ""), ("talks", True, "")]
    ledger(at_work, "reopen", "talks", "--why", "It is not.", *BY)
    ledger(at_work, "note", "talks", "--why", "No end either.", *BY)
    assert ended() == [("grain", False, ""), ("talks", False, "")]
    ledger(at_work, "merge", "talks", "into", "grain", "--why", "One story", *BY)
    assert ended() == [("grain", False, ""), ("talks", True, "grain")]


@pytest.mark.both_databases
def test_a_merge_hands_over_what_waits_and_what_comes(at_work: Desk, web: Web) -> None:
    ledger(at_work, "hold", "talks", "3", "--why", "unsure", *BY)
    ledger(at_work, "merge", "talks", "into", "grain", "--why", "One story", *BY)
    (held,) = as_values(at_work, "held")
    assert (held["story"], held["statement"], held["why"]) == ("grain", 3, "held by Ada: unsure")
    ledger(at_work, "release", "grain", "3", *BY)
    assert [(one.story, one.number, one.title) for one in at_work.settle(seconds=1)] == [("grain", 2, "Talks on the border")]
    said = "The talks about fishing go on in the north. Nobody expects a result before the winter."
    more = "The talks on the harvest of grain are new. Combine harvesters are counted in all provinces."
    lines = [
        item("4", "On fishing", said, at=NOON + timedelta(minutes=20)),
        item("5", "On the harvest", more, at=NOON + timedelta(minutes=21)),
    ]
    web.serve(rss(*lines))
    at_work.clock.forward(minutes=20)
    at_work.poll()
    told = at_work.settle()
    assert [(one.story, one.number, one.title) for one in told] == [("grain", 3, "On fishing"), ("grain", 4, "On the harvest")]
    assert len(page(at_work, "talks").updates) == 2
    (ended,), (goes_on,) = page(at_work, "talks").acts, page(at_work, "grain").acts
    assert ended == goes_on
    assert (ended.story, ended.other) == ("talks", "grain")


def test_a_paragraph_that_keeps_one_of_its_sentences_replaces_the_others(at_work: Desk) -> None:
    first = page(at_work).updates[0]
    (paragraph,) = first.paragraphs
    kept = paragraph.sentences[1].text
    words = ("--statement", str(first.statement), "--words", kept)
    ledger(at_work, "correct", "talks", "1", "--paragraph", "1", *words, "--why", "Only that", *BY)
    corrected = page(at_work).updates[-1]
    assert [sentence.text for sentence in corrected.paragraphs[0].sentences] == [kept]
    others = [sentence.text for sentence in paragraph.sentences if sentence.text != kept]
    assert [(old.before, old.after) for old in corrected.replaces] == [(text, "") for text in others]


def test_what_a_continued_story_told_is_not_told_again(at_work: Desk, web: Web) -> None:
    ledger(at_work, "merge", "talks", "grain", "--why", "One story", *BY)
    edited = ENERGY + " The delegations will meet 30 experts first."
    web.serve(rss(item("2", "Talks on energy", edited, at=NOON - timedelta(minutes=8)), built=NOON + timedelta(hours=1)))
    at_work.clock.forward(hours=1)
    at_work.poll()
    told = [one for one in at_work.settle(days=2) if one.title == "Talks on energy"]
    assert [one.story for one in told] == ["grain"]
    sentences = [s.text for p in page(at_work, "grain").updates[told[0].number - 1].paragraphs for s in p.sentences]
    assert sentences == ["The delegations will meet 30 experts first."]


def test_the_first_update_of_a_story_that_continues_another_is_new(
    web: Web, desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = item("1", "Talks on grain", GRAIN, at=NOON - timedelta(minutes=9))
    web.serve(rss(first))
    one = desk(STORY + SECOND.replace("grain", "border") + source_block("a", web.url(), name="Alpha"))
    monkeypatch.setattr("aggregator.cli.ledger.utc_now", one.clock)
    one.poll()
    assert [told.story for told in one.settle()] == ["talks"]
    ledger(one, "merge", "talks", "border", "--why", "One story", *BY)
    web.serve(rss(item("3", "Talks on the border", BORDER, at=NOON + timedelta(minutes=9)), first))
    one.clock.forward(minutes=10)
    one.poll()
    assert [(told.story, told.number, told.kind) for told in one.settle()] == [("border", 1, UpdateKind.NEW)]


def test_a_remark_is_shown_beside_its_update_and_in_the_log(at_work: Desk) -> None:
    ledger(at_work, "note", "talks", "--number", "2", "--why", "We have asked\nfor the text.", *BY)
    (remark,) = page(at_work).acts
    assert (remark.kind, remark.number, remark.why) == (DeskKind.NOTE, 2, "We have asked for the text.")
    (logged,) = as_values(at_work, "log", "talks")
    assert (logged["kind"], logged["by"], logged["number"], logged["statement"]) == ("note", "Ada", 2, None)
    assert "Ada\tnote\ttalks\tUpdate.2\tWe have asked for the text." in ledger(at_work, "log")


@pytest.mark.both_databases
def test_every_act_is_a_change_and_a_step_and_those_for_readers_make_a_page_anew(at_work: Desk) -> None:
    ledger(at_work, "withdraw", "talks", "1", "--why", "x", "--dry-run", *BY)  # what is only looked at takes no number
    ledger(at_work, "hold", "talks", "3", *BY)
    ledger(at_work, "withdraw", "talks", "9", "--why", "x", *BY, code=2)
    ledger(at_work, "note", "talks", "--why", "A remark", *BY)
    with at_work.store.read() as tx:
        noted = tx.execute(select(changes.c.key).where(changes.c.kind == "desk").order_by(changes.c.seq)).scalars().all()
        done = tx.execute(select(steps.c.note).where(steps.c.kind == "desk").order_by(steps.c.id)).scalars().all()
        pages = tx.execute(select(outbox.c.key).where(outbox.c.key.like("site:talks:act:%"))).scalars().all()
    assert (noted, done, pages) == (["1", "2"], ["1", "2"], ["site:talks:act:2"])
    listed = json.loads(aggregator("changes", "--json", config=at_work.config.path).stdout)["changes"]
    assert [(one["view"], one["row"]) for one in listed if one["kind"] == "desk"] == [
        ("v1_desk_acts", {"id": 1}),
        ("v1_desk_acts", {"id": 2}),
    ]


# --- A change of the settings.


@pytest.mark.both_databases
def test_changed_terms_take_up_nothing_old_until_it_is_asked_for(at_work: Desk, desk: Callable[[str], Desk], web: Web) -> None:
    old = [
        item("8", "Rain", "Rain fell on the wheat all week. The farmers are glad of every drop.", at=NOON - timedelta(days=2)),
        item("9", "Sun", "The sun shines on the wheat. It is hot.", at=NOON - timedelta(minutes=1)),
    ]
    web.serve(rss(*old))
    at_work.poll()
    text = at_work.config.path.read_text(encoding="utf-8").replace('"harvest"', '"harvest", "wheat"')
    at_work.config.path.write_text(text, encoding="utf-8")
    later = desk(text.replace(f'database = "{at_work.config.service.database}"\n', ""))
    later.poll()
    later.settle(days=1)
    assert len(page(later, "grain").updates) == 1
    shown = ledger(later, "reconsider", "grain", "--since", "2025-08-13")
    assert "“wheat” in the text" in shown
    assert "Rain" not in shown
    assert "1 would be taken up" in shown
    before = counts(later)
    (found,) = as_values(later, "reconsider", "grain", "--since", "2025-08-13")["found"]
    assert found["title"] == "Sun"
    assert counts(later) == before
    ledger(later, "reconsider", "grain", "--since", "2025-08-13", "--yes", *BY)
    assert [one.title for one in later.settle(seconds=1)] == ["Sun"]
    assert "There is nothing to take up" in ledger(later, "reconsider", "grain", "--since", "2025-08-13", "--yes")


# --- What is refused: each with what is there, or the next step, and nothing is kept of it.

REFUSED = [
    (("hold", "tolks", "3"), 2, "There is no story 'tolks'. Stories: grain, talks"),
    (("hold", "talks", "99"), 2, "Statement 99 does not wait in talks. What waits there: 3"),
    (("hold", "talks", "2"), 1, "was told already, in Update.1 of talks. Take it back: aggregator ledger withdraw talks 1"),
    (("release", "grain", "3"), 2, "Statement 3 does not wait in grain. What waits there: nothing"),
    (("withdraw", "talks", "7", "--why", "x"), 2, "talks has no Update.7: it has Update.1 to Update.2. To keep a statement"),
    (("withdraw", "talks", "1", "--why", "  "), 2, "--why: say why"),
    (("withdraw", "talks", "1", "--why", "x" * 501), 2, "--why: has 501 characters: write at most 500"),
    (("close", "talks", "--why", "x", "--by", " \n"), 2, "--by: write a name"),
    (("reopen", "talks", "--why", "x"), 1, "talks is open"),
    (("merge", "talks", "talks", "--why", "x"), 1, "talks cannot be continued in itself"),
    (("merge", "talks", "into", "tolks", "--why", "x"), 2, "There is no story 'tolks'"),
    (("merge", "talks", "--why", "x"), 2, "Name two stories"),
    (("note", "talks", "--number", "9", "--why", "x"), 2, "talks has no Update.9"),
    (("withdraw", "talks", "0", "--why", "x"), 2, "greater than or equal to 1"),
    (("hold", "talks", "99999999999999999999"), 2, "less than"),
    (("hold", "talks\udcff", "3"), 2, "There is no story 'talks\\udcff'"),
    (("merge", "talks", "talks\udcff", "--why", "x"), 2, "There is no story"),
    (("log", "tolks"), 2, "There is no story 'tolks'"),
    (("held", "tolks"), 2, "There is no story 'tolks'"),
    (("reconsider", "talks", "--since", "yesterday"), 2, "--since: 'yesterday' is no day"),
    (("reconsider", "tolks", "--since", "2025-08-08"), 2, "There is no story 'tolks'"),
]
CORRECTIONS = [
    (("--paragraph", "9", "--remove"), 2, "Update.1 of talks has no paragraph 9"),
    (("--paragraph", "1", "--sentence", "9", "--remove"), 2, "no sentence 9 in paragraph 1"),
    (("--paragraph", "1"), 2, "Say what is right"),
    (("--paragraph", "1", "--remove", "--words", "x"), 2, "--remove puts nothing in"),
    (("--paragraph", "1", "--statement", "99", "--words", "posts"), 2, "There is no statement 99"),
    (("--paragraph", "1", "--statement", "3", "--revision", "4", "--words", "posts"), 2, "no version 4: it has 1 (en)"),
    (("--paragraph", "1", "--statement", "3", "--words", "5 posts"), 1, "“5 posts” does not stand in that version"),
    (("--paragraph", "1", "--statement", "3", "--words", "the"), 1, "write more of its words"),
    (("--paragraph", "1", "--statement", "3", "--words", "a"), 1, "write at least 3 characters"),
    (("--paragraph", "1", "--sentence", "2", "--statement", "2", "--words", "12 ships"), 1, "says exactly this already"),
]
CORRECTED = [(("correct", "talks", "1", "--why", "x", *words), code, said) for words, code, said in CORRECTIONS]


def test_what_cannot_be_done_is_refused_with_the_next_step(at_work: Desk) -> None:
    before = counts(at_work)
    for words, code, said in REFUSED + CORRECTED:
        assert said in " ".join(ledger(at_work, *words, code=code).split()), words
    assert counts(at_work) == before


def test_what_was_done_cannot_be_done_twice(at_work: Desk) -> None:
    why = ("--why", "x", *BY)
    ledger(at_work, "hold", "talks", "3", *BY)
    assert "is held by Ada already. Let it go" in ledger(at_work, "hold", "talks", "3", *BY, code=1)
    ledger(at_work, "withdraw", "talks", "1", *why)
    assert "Update.1 of talks is withdrawn already, by Update.3" in ledger(at_work, "withdraw", "talks", "1", *why, code=1)
    assert "is itself a withdrawal" in ledger(at_work, "withdraw", "talks", "3", *why, code=1)
    corrected = ledger(at_work, "correct", "talks", "1", "--paragraph", "1", "--remove", *why, code=1)
    assert "is withdrawn already" in corrected
    ledger(at_work, "close", "talks", *why)
    assert "talks is closed already" in ledger(at_work, "close", "talks", *why, code=1)
    assert "talks is closed: reopen it first" in ledger(at_work, "merge", "grain", "talks", *why, code=1)
    ledger(at_work, "merge", "talks", "grain", *why)
    assert "talks is continued in grain, for good" in ledger(at_work, "reopen", "talks", *why, code=1)
    assert "is continued in grain already" in ledger(at_work, "merge", "talks", "grain", *why, code=1)
    assert "talks is itself continued in grain" in ledger(at_work, "merge", "grain", "talks", *why, code=1)


# --- Whole or not at all, and beside the service.


@pytest.mark.both_databases
def test_an_act_that_breaks_leaves_nothing(at_work: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before, told = counts(at_work), published(at_work)

    def breaks(*_args: object, **_more: object) -> None:
        raise RuntimeError("the power fails")

    asked = {"story": StoryKey("talks"), "by": "Ada", "why": "x"}
    given = [
        Given(kind=DeskKind.WITHDRAW, number=1, **asked),  # type: ignore[arg-type]
        Given(kind=DeskKind.MERGE, other=StoryKey("grain"), **asked),  # type: ignore[arg-type]
    ]
    monkeypatch.setattr("aggregator.store.changes.write", breaks)  # the last thing that a transaction does
    for one in given:
        with pytest.raises(RuntimeError, match="the power fails"):
            act(at_work.store, one, now=at_work.clock.now)
    monkeypatch.undo()
    assert (counts(at_work), published(at_work)) == (before, told)


def test_the_desk_works_while_the_service_holds_the_store(at_work: Desk) -> None:
    with hold(at_work.config.service.storage, what="aggregator run", clock=at_work.clock):
        ledger(at_work, "close", "talks", "--why", "x", *BY)


def test_what_is_held_between_looking_and_telling_is_not_told(at_work: Desk) -> None:
    at_work.clock.forward(minutes=30)
    ((story, candidate),) = ready_to_tell(at_work.store, at_work.config, now=at_work.clock.now)
    ledger(at_work, "hold", "talks", "3", *BY)
    tell_one(at_work.store, story, candidate, now=at_work.clock.now)
    put_off(at_work.store, candidate.id, now=at_work.clock.now, note="an error of our own")
    assert at_work.settle(days=1) == []
    ledger(at_work, "release", "talks", "3", *BY)
    ledger(at_work, "close", "talks", "--why", "x", *BY)
    tell_one(at_work.store, story, candidate, now=at_work.clock.now)
    assert len(page(at_work).updates) == 2
