"""Whether what was planted was found, and nothing else. From what the world handed out and what the service stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from benchmarks.world.record import Record, Revision, Update, plain
from benchmarks.world.script import DAY, HOUR, Edit, Item, Script, Source
from benchmarks.world.serving import entry_id

LAST = 1.5 * HOUR  # before the end: what comes so late need not be asked for, nor be told, any more


@dataclass
class Row:
    """One kind of event in the table."""

    kind: str
    planted: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    note: str = ""

    def expect(self, there: object, what: str) -> None:
        """One that was planted."""
        self.planted += 1
        if there:
            self.found += 1
        else:
            self.missed.append(what)


def named(one: Item) -> str:
    """An item, for whoever looks for it."""
    return f"s{one.source:03}/{one.number}{'/' + one.language if one.language != 'en' else ''}"


def judge_items(script: Script, record: Record) -> Iterator[Row]:
    """Everything about what was said: rows of the table."""
    yield _statements(script, record)
    yield from _times(script, record)
    yield from _families(script, record)
    yield from _revisions(script, record)
    yield from _told(script, record)
    yield _sentences(script, record)
    yield _slips(script, record)


def _is_ripe(one: Item, script: Script) -> bool:
    """Whether all that becomes of it had the time to be noticed, settled and told."""
    last = one.changes[-1].at if one.changes else one.gone or one.at
    wait = LAST + HOUR
    if one.changes and one.changes[-1].kind is Edit.BACK:
        wait = DAY + 2 * HOUR  # an edit back is told when it has stood for a day: else it may be an older copy
    elif one.changes and one.changes[-1].kind is Edit.FLIP:
        wait = 12 * HOUR
    elif one.changes and script.sources[one.source].reads_pages:  # seen when its page is looked at again
        wait = 30 * HOUR
    elif one.gone is not None:
        wait = (45 if script.end - script.begin > 2 * DAY else 12) * HOUR
    return last + wait < script.end


def _own(script: Script) -> Iterator[tuple[Source, Item]]:
    """Every item of the world, once."""
    for source in script.sources:
        if source.sister_of is None or source.language != source.sister_of.language:
            for one in source.items:
                yield source, one


def _statements(script: Script, record: Record) -> Row:
    row = Row("items that were handed out: stored once")
    for _source, one in _own(script):
        if one.ever_served and not one.slip:
            row.expect(id(one) in record.statement_of, named(one))
    row.invented += [*record.twice, *record.strange]
    row.invented += [f"statement {one} is listed by nobody" for one in record.statements if one not in record.items]
    for statement, items in record.items.items():
        numbers = {(script.sources[one.source].family, one.number) for one in items}
        if len(numbers) > 1:
            row.invented.append(f"statement {statement} is several: {sorted(numbers)}")
    return row


def _times(script: Script, record: Record) -> Iterator[Row]:
    right, days = Row("times, as said, in UTC"), Row("midnight to the second: a day")
    for source, one in _own(script):
        statement = record.statement_of.get(id(one))
        if statement is None or one.slip or (source.sister_of is not None and source.language != "en"):
            continue
        stored, local = record.statements[statement], datetime.fromtimestamp(one.said, UTC).astimezone(ZoneInfo(source.zone))
        twice = local.replace(fold=1).utcoffset() != local.replace(fold=0).utcoffset()
        off = abs(stored.said - one.said)
        right.expect(off < 1 or (twice and off == HOUR), f"{named(one)}: off by {off:.0f} s")
        if (local.hour, local.minute, local.second) == (0, 0, 0):
            days.expect(stored.day_only, named(one))
        elif stored.day_only:
            days.invented.append(named(one))
    yield right
    yield days


def _families(script: Script, record: Record) -> Iterator[Row]:
    both, all_of_it = Row("two languages: one statement"), Row("two feeds of a family: one statement")
    for source in script.sources:
        if source.sister_of is None:
            continue
        originals = {one.number: one for one in source.sister_of.items}
        for one in source.items:
            statement, original = record.statement_of.get(id(one)), record.statement_of.get(id(originals[one.number]))
            if one.ever_served and originals[one.number].ever_served:
                row = all_of_it if source.language == "en" else both
                row.expect(statement is not None and statement == original, named(one))
    yield both
    yield all_of_it


def _revisions(script: Script, record: Record) -> Iterator[Row]:
    rows = {kind: Row(f"silent edit: {kind.value}") for kind in Edit}
    other = Row("versions that nobody published")
    for source, one in _own(script):
        statement = record.statement_of.get(id(one))
        if statement is None:
            continue
        stored = [rev for rev in record.revisions[statement] if rev.language == one.language]
        texts = {plain(one.text(version).text) for version in range(len(one.versions))}
        other.invented += [f"{named(one)}: revision {rev.id}: {rev.text[:90]!r}" for rev in stored if rev.text not in texts]
        if one.changes and source.sister_of is None and _is_ripe(one, script):
            _edits(rows[one.changes[-1].kind], one, stored, script)
        elif len(stored) > 1 and not one.changes:
            other.invented.append(f"{named(one)}: {len(stored)} versions, and was never edited")
    yield from rows.values()
    yield other


def _edits(row: Row, one: Item, stored: list[Revision], script: Script) -> None:
    kind = one.changes[-1].kind
    was = [rev.text for rev in stored]
    if kind is Edit.FLIP:
        row.expect(len(was) == 2, f"{named(one)}: {len(was)} versions of two that go to and fro")
        return
    if kind is Edit.BACK:
        row.expect(len(was) == 3 and was[0] == was[2], f"{named(one)}: {len(was)} versions")
        return
    for version in range(1, len(one.versions)):
        if one.changes[version - 1].at < script.end - LAST and (
            one.served[version] or script.sources[one.source].kind == "page"
        ):
            row.expect(plain(one.text(version).text) in was, f"{named(one)}, version {version}")
    if len(was) > len(one.versions):
        row.invented.append(f"{named(one)}: {len(was)} versions of {len(one.versions)}")


EXPECTED: Mapping[Edit | None, Counter[str]] = {
    None: Counter(),
    Edit.TYPO: Counter(),
    Edit.FIGURE: Counter(corrected=1),
    Edit.ADDITION: Counter(adds=1),
    Edit.BACK: Counter(corrected=2),
    Edit.GROWTH: Counter(adds=4),
    Edit.FLIP: Counter(corrected=1),
}


def _told(script: Script, record: Record) -> Iterator[Row]:
    told = Row("told once, in the story of its topic")
    changed = {kind: Row(f"of what is told: {kind.value}") for kind in Edit}
    gone = Row("withdrawn: page gone")
    copies = Row("reprints: beside, without a number")
    of_statement: dict[int, list[Update]] = defaultdict(list)
    for update in record.updates:
        of_statement[update.statement].append(update)
    topics: dict[int, str] = {}
    for source, one in _own(script):
        statement = record.statement_of.get(id(one))
        if statement is None or not one.topic:
            continue
        topics[statement] = one.topic.lower()
        if source.sister_of is not None or one.copy_of is not None or one.slip or not _is_ripe(one, script):
            continue
        kinds = Counter(update.kind for update in of_statement[statement])
        copy = next((other for other in _copies(script) if other.copy_of is one), None)
        if copy is not None:
            _copy(copies, record, of_statement, one, copy)
            continue
        told.expect(kinds["new"] + kinds["adds"] > 0, named(one))
        rest = kinds - Counter(new=1) if kinds["new"] else kinds - Counter(adds=1)
        if one.gone is not None:
            gone.expect(rest == Counter(withdrawn=1), f"{named(one)}: {dict(kinds)}")
        elif one.changes:
            expected = EXPECTED[_kind(one)]
            row = changed[one.changes[-1].kind]
            row.expect(not expected - rest, f"{named(one)}: {dict(kinds)}")
            row.invented += [f"{named(one)}: {dict(rest - expected)} too many"] if rest - expected else []
        elif rest:
            told.invented.append(f"{named(one)}: {dict(kinds)}")
    for update in record.updates:
        if topics.get(update.statement) != update.story:
            told.invented.append(
                f"{update.story}/{update.number} tells statement {update.statement}, which is of another topic"
            )
    yield told
    yield from changed.values()
    yield gone
    yield copies


def _kind(one: Item) -> Edit | None:
    return one.changes[-1].kind if one.changes else None


def _copies(script: Script) -> list[Item]:
    return [one for source in script.sources for one in source.items if one.copy_of is not None]


def _copy(row: Row, record: Record, of_statement: Mapping[int, list[Update]], one: Item, copy: Item) -> None:
    """Whichever of the two is seen first is told, and the other stands beside it."""
    first, second = record.statement_of.get(id(one)), record.statement_of.get(id(copy))
    if first is None or second is None:
        return
    told = [len(of_statement[statement]) for statement in (first, second)]
    beside = [statement in record.corroborating for statement in (first, second)]
    row.expect(
        sorted(told) == [0, 1] and sum(beside) == 1, f"{named(one)}, reprinted as {named(copy)}: told {told}, beside {beside}"
    )


def _sentences(script: Script, record: Record) -> Row:
    """Every published sentence stands in what its source published."""
    row = Row("published sentences, each in its source's words")
    texts: dict[int, set[str]] = {}
    for _, one in _own(script):
        statement = record.statement_of.get(id(one))
        if statement is not None:
            texts.setdefault(statement, set()).update(plain(one.text(v).text) for v in range(len(one.versions)))
    of = {rev.id: statement for statement, revs in record.revisions.items() for rev in revs}
    for story, number, text, revision in record.sentences:
        there = any(plain(text) in whole for whole in texts.get(of.get(revision, -1), ()))
        row.planted, row.found = row.planted + 1, row.found + there
        if not there:
            row.invented.append(f"{story}/{number}: {text[:90]!r}")
    return row


def _slips(script: Script, record: Record) -> Row:
    row = Row("dated days ahead: dropped, with the reason")
    for _, one in _own(script):
        if one.slip and one.ever_served:
            row.expect("ahead of when it was fetched" in record.drops.get(entry_id(one), ""), named(one))
            stored = record.revisions[record.statement_of[id(one)]] if id(one) in record.statement_of else ()
            # Where it is still listed when its day has come, nothing is wrong with it any more.
            if stored and stored[0].seen < one.said - DAY:
                row.invented.append(f"{named(one)} was stored")
    return row
