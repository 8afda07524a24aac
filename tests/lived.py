"""A store that has seen something of everything, made by the ordinary code."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from aggregator.config import load_config
from aggregator.model import DeskKind, GapKind, Replaced, SourceKey, StatementId, StoryKey, UpdateKind
from aggregator.pipeline.sandbox import Sandbox
from aggregator.publish.static import StaticSite
from aggregator.store import open_store
from aggregator.store.answers import Asked, note_answer
from aggregator.store.desk import NewAct, add_act
from aggregator.store.gaps import NewGap, open_gaps
from aggregator.store.ledger import Draft, append
from aggregator.store.outbox import drop, undelivered
from aggregator.store.pages import updates_of
from aggregator.store.pictures import Tried, keep_picture
from aggregator.store.refusals import note_refusals
from aggregator.store.statements import settle_listing
from aggregator.store.takebacks import NoteKind, SourceNote, add_notes, take_back
from aggregator.stories.gate import Refusal
from aggregator.stories.objections import Reason
from aggregator.stories.withdrawing import Basis
from tests.conftest import NOON, STORY, Answer, Clock, Desk, Web, item, rss, source_block, write_feeds
from tests.test_batch import line_of, origin_of

SECOND = STORY.replace("[stories.talks]", "[stories.grain]").replace('"talks"', '"grain"') + 'sources = ["a", "b", "c"]\n'


MORE = (  # enough that it is no mere copy of the two
    "Both sides will name inspectors before the month is over, and the inspectors will report to a joint commission. "
    "Its chair changes every half year, its minutes are public, and whoever disagrees may ask the court in The Hague. "
    "Ships that wait in the harbours of the south are let through first, whatever flag they fly."
)


def text_of(word: str, figure: int) -> str:
    return (
        f"The delegations discussed the {word} question at the talks in Geneva on Thursday. "
        f"They agreed on {figure} separate {word} measures with «forty observers». "
        f"A further {word} meeting follows next week in another city of the region."
    )


def lived_and_closed(folder: Path, sandbox: Sandbox) -> Path:
    """The folder of such a store, in SQLite, and closed."""
    web = Web()
    try:
        lived(folder, web, sandbox, f"sqlite:///{folder}/aggregator.sqlite").store.close()
    finally:
        web.close()
    return folder


def lived(folder: Path, web: Web, sandbox: Sandbox, url: str) -> Desk:
    """A desk whose store has two stories, a correction, corroborations, dropped lines, pages in two languages, failed polls."""
    first = [item("one", "Talks on grain", text_of("grain", 2)), item("two", "Talks on energy", text_of("energy", 3))]
    web.serve(rss(*first, "<item><title>Undated talks</title></item>", "<item><title>No day</title></item>"), "/a")
    both = f"{text_of('grain', 2)} {text_of('energy', 3)} {MORE}"
    web.serve(rss(item("joint", "Joint talks", both, at=NOON + timedelta(minutes=1))), "/b")
    web.serve(rss(item("joint2", "A joint statement", both, at=NOON + timedelta(minutes=2))), "/c")
    web.answers["/d"] = Answer(b"gone", 410)
    blocks = [source_block(key, web.url(f"/{key}"), name=key.upper()) for key in "abcd"]
    service = '[service]\nwatch_for = "60d"\n'  # none is due while this is lived through
    config = load_config(write_feeds(folder, service + STORY + SECOND + "".join(blocks)))
    desk = Desk(config, open_store(url, snapshots=folder / "snapshots"), Clock(), sandbox)
    with pytest.MonkeyPatch.context() as patch:  # nobody looks at its site, and the pages would take half of the time
        patch.setattr(StaticSite, "write_story", lambda *_: None)
        patch.setattr(StaticSite, "refresh", lambda *_, **__: None)
        desk.poll()
        desk.settle()
        web.serve(rss(item("one", "Talks on grain", text_of("grain", 12)), first[1], built=NOON + timedelta(hours=1)), "/a")
        desk.poll()
        desk.settle()
    lines = [
        line_of("x1", url="https://x.example/en/1", reference="7", alternates=("https://x.example/ru/1",)),
        line_of("x2", url="https://x.example/ru/1", reference="7", language="ru", title="О зерне", text="Коротко."),
        line_of("x3", url="https://x.example/en/3", alternates=("https://x.example/ru/3", "https://x.example/fr/3")),
    ]
    lines = [replace(line, credit="Reporting by a reporter; AFP contributed to this report.") for line in lines]
    with desk.store.write() as tx:
        settle_listing(tx, lines, origin_of(lines, "a", at=desk.clock.now))
        _put_right(tx, at=desk.clock.now)
        _refuse(tx, at=desk.clock.now)
        _take_back(tx, at=desk.clock.now)
        drop(tx, [message.id for message in undelivered(tx)[:2]], by="a desk", why="the page is elsewhere", at=desk.clock.now)
        _miss(tx, at=desk.clock.now)
        keep_picture(tx, Tried(story=StoryKey("talks"), url="https://e.example/a.jpg", at=desk.clock.now, sha256="ab" * 32))
    return desk


def _refuse(tx: Connection, *, at: datetime) -> None:
    """A digest engine that was asked, and a sentence of its answer that the gate refused."""
    kept = {"candidate": 1, "at": at, "input": "0" * 64, "model": "m", "outcome": "answered", "sent": 9, "received": 2}
    note_answer(tx, Asked(**kept, answer="{}"))  # type: ignore[arg-type]  # as they are named
    refusal = Refusal(text="Nobody met.", code=Reason.NEGATION, reason="it denies what its source does not")
    note_refusals(tx, 1, [refusal], digest="openai-compatible", at=at)


def _take_back(tx: Connection, *, at: datetime) -> None:
    """A source says in its own words that it took a statement back; before that, what it changed."""
    for kind, words in ((NoteKind.CHANGE, "A figure was put right."), (NoteKind.WITHDRAWN, "Published in error.")):
        note = SourceNote(statement=StatementId(2), source=SourceKey("a"), entry_id="urn:two", kind=kind, words=words, at=at)
        add_notes(tx, [note])
    for statement in (2, 4):
        take_back(
            tx,
            StatementId(statement),
            source=SourceKey("a"),
            entry_id="urn:two",
            basis=Basis.SAID,
            words="Published in error.",
            at=at,
            settles_at={},
        )


def _miss(tx: Connection, *, at: datetime) -> None:
    """Two gaps of a source: one that goes on, and one that was closed by what was found later."""
    since = at - timedelta(hours=1)
    outage = NewGap(
        source=SourceKey("a"), kind=GapKind.OUTAGE, opened_at=at, from_at=since, to_at=None, says="It gives no listing."
    )
    overflow = replace(
        outage,
        kind=GapKind.OVERFLOW,
        to_at=at,
        says="Its listing of 2 did not reach back.",
        after_entry="urn:one",
        before_entry="urn:two",
        closed_by="found on page 2 of its listing",
    )
    open_gaps(tx, [outage, overflow])


def _put_right(tx: Connection, *, at: datetime) -> None:
    """An act of the desk that corrects the first update of a story: one sentence gets a successor, one is taken out."""
    first, second = updates_of(tx, StoryKey("talks"))[:2]
    (old, out, *_), new = first.paragraphs[0].sentences, second.paragraphs[0]
    done = NewAct(
        kind=DeskKind.CORRECT,
        by="a desk",
        why="the source said so",
        story=StoryKey("talks"),
        number=1,
        candidate=1,
        other=StoryKey("grain"),
        detail={"position": 1},
    )
    act = add_act(tx, done, at=at)
    replaced = [
        Replaced(number=1, paragraph=1, position=1, before=old.text, after=new.sentences[0].text),
        Replaced(number=1, paragraph=1, position=2, before=out.text),
    ]
    update = Draft(
        story=StoryKey("talks"),
        kind=UpdateKind.CORRECTED,
        reason="The desk corrects Update.1.",
        title=second.title,
        statement=second.statement,
        revision=second.revision,
        said_at=second.said_at,
        paragraphs=[new],
        attributions=second.attributions,
        corrects=[1],
        replaces=replaced,
        desk=act,
    )
    append(tx, update, at=at)
