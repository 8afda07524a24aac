"""A simulated day of real life, with the servers of a small world on loopback; `python -m benchmarks.week` is longer.

Nothing is missed and nothing invented; and the judge is no yes-man.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import structlog

from benchmarks.week import campaign
from benchmarks.world.judging import Row, judge_items
from benchmarks.world.living import Life
from benchmarks.world.planning import plan
from benchmarks.world.record import Record, Revision, Statement, plain, read_record
from benchmarks.world.script import DAY, Edit, Script, Trouble

BEGIN = datetime(2026, 12, 31)  # noqa: DTZ001 - a day; the world is told in UTC
SOURCES = 14


@dataclass
class Lived:
    """A day that was lived through."""

    script: Script
    life: Life
    rows: Sequence[Row]
    record: Record


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = tmp_path_factory.mktemp("world")
    script = plan(seed=150, begin=BEGIN, days=1, count=SOURCES, prologue=False)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("static.REFRESH_EVERY", "source_pages.EVERY"):  # of the site; it would take half of all the time
            patch.setattr(f"aggregator.publish.{name}", timedelta(days=10))
        try:
            life, rows = campaign(folder, script, loopback=True, step=600)
        finally:
            structlog.reset_defaults()
    return Lived(script, life, rows, read_record(folder / "storage/aggregator.sqlite", script))


def test_in_a_day_of_real_life_nothing_is_missed_and_nothing_invented(lived: Lived) -> None:
    assert [(row.kind, row.missed, row.invented) for row in lived.rows if row.missed or row.invented] == []
    assert lived.life.errors == []
    planted = {row.kind for row in lived.rows if row.planted}
    assert planted >= {
        "items that were handed out: stored once",
        "two languages: one statement",
        "told once, in the story of its topic",
        "of what is told: figure",
        "of what is told: addition",
        "of what is told: typo",
        "withdrawn: page gone",
        "reprints: beside, without a number",
        "kept out: challenge, 200",
        "kept out: 429, Retry-After",
        "alarm: failing, 503",
        "missed for ever: shown as a gap",
        "stale copies that were handed out: no harm",
    }


def test_the_judge_sees_what_is_missing_and_what_is_invented(lived: Lived) -> None:
    def wrong(record: Record) -> set[str]:
        return {row.kind for row in judge_items(lived.script, record) if row.missed or row.invented}

    record = lived.record
    assert wrong(record) == set()
    lost = copy_of(record)
    lost.statement_of.pop(next(iter(lost.statement_of)))
    assert "items that were handed out: stored once" in wrong(lost)
    false = copy_of(record)
    false.sentences.append(("velmora", 1, "Nobody ever said this.", false.sentences[0][3]))
    assert wrong(false) == {"published sentences, each in its source's words"}
    silent = copy_of(record)
    silent.updates = [update for update in silent.updates if update.kind != "corrected"]
    assert f"of what is told: {Edit.FIGURE.value}" in wrong(silent)
    doubled = copy_of(record)
    doubled.updates.append(next(one for one in doubled.updates if one.kind == "adds"))
    assert wrong(doubled)
    late = copy_of(record)
    statement = next(iter(late.statement_of.values()))
    late.statements[statement] = late.statements[statement]._replace(said=late.statements[statement].said + 3600)
    assert "times, as said, in UTC" in wrong(late)
    assert wrong(stored_days_before(lived, 2)) >= {"dated days ahead: dropped, with the reason"}
    assert wrong(stored_days_before(lived, 0.9)) == set()  # its day had come, and it was still listed


def stored_days_before(lived: Lived, days: float) -> Record:
    """What was found, and an item with a date that lies ahead, stored so long before that date."""
    record = copy_of(lived.record)
    slip = next(one for source in lived.script.sources for one in source.items if one.slip and one.ever_served)
    record.items = copy(record.items)
    record.items[-1] = [slip]
    record.statement_of[id(slip)] = -1
    text = plain(slip.text(0).text)
    record.statements[-1] = Statement(slip.said, day_only=False, languages=1)
    record.revisions[-1] = [Revision(-1, -1, slip.language, text, slip.said - days * DAY)]
    return record


def copy_of(record: Record) -> Record:
    """A copy that knows the same items."""
    return Record(**{name: value if name == "items" else deepcopy(value) for name, value in vars(record).items()})


def test_a_world_is_the_same_whenever_it_is_made() -> None:
    one, other = (plan(seed=5, begin=BEGIN, days=1, count=20) for _ in range(2))
    assert [source.items for source in one.sources] == [source.items for source in other.sources]
    assert [source.spells for source in one.sources] == [source.spells for source in other.sources]
    assert plan(seed=6, begin=BEGIN, days=1, count=20).sources[8].items != one.sources[8].items


def test_a_whole_week_has_trouble_of_every_kind() -> None:
    week = plan(seed=1, begin=BEGIN, days=7, count=300)
    assert {spell.kind for source in week.sources for spell in source.spells} == set(Trouble)
    told = {one.changes[-1].kind for source in week.sources for one in source.items if one.changes and one.topic}
    assert told == set(Edit)
