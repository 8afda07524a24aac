"""Whether what went wrong with sources was seen, said, and survived; and whether nothing was said that did not happen."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from benchmarks.world.judging import Row
from benchmarks.world.record import Gap, Record
from benchmarks.world.script import HOUR, Script, Source, Spell, Trouble

Alarms = Mapping[tuple[str, str], list[float]]  # by source and kind: the moments at which it was seen
SHUT = (
    Trouble.DOWN, Trouble.UNREACHABLE, Trouble.WALL, Trouble.WALL_403, Trouble.SOFT_404, Trouble.MISSING, Trouble.LOGIN,
    Trouble.TOO_MANY, Trouble.BUSY,
)  # fmt: skip
ALARM = {
    Trouble.DOWN: "failing",
    Trouble.UNREACHABLE: "failing",
    Trouble.WALL: "failing",
    Trouble.WALL_403: "failing",
    Trouble.MOVED: "moved",
    Trouble.CLOCK_AHEAD: "clock",
    Trouble.CLOCK_BEHIND: "clock",
    Trouble.SURGE: "surge",
    Trouble.SILENCE: "silence",
}
SLACK = 1.2 * HOUR  # the longest wait between two questions, and a little


def judge_sources(script: Script, record: Record, alarms: Alarms) -> Iterator[Row]:
    """Everything about sources: rows of the table."""
    yield from _shut(script, record)
    yield from _alarms(script, alarms)
    yield from _gaps(script, record, alarms)
    yield _never_asked(script, record)


def _shut(script: Script, record: Record) -> Iterator[Row]:
    """While a wall or an error stands in its place, nothing is taken for the page."""
    rows = {kind: Row(f"kept out: {kind.value}") for kind in SHUT}
    for source in script.sources:
        for spell in source.spells:
            if spell.kind not in rows or spell.end > script.end:
                continue
            heard = [outcome for at, outcome in record.polls[source.key] if spell.begin <= at < spell.end]
            wrong = [outcome for outcome in heard if outcome in ("changed", "unchanged")]
            rows[spell.kind].expect(heard and not wrong, f"{source.key}: {heard}")
            rows[spell.kind].invented += [f"{source.key}: {wrong}"] if wrong else []
            after = [outcome for at, outcome in record.polls[source.key] if at >= spell.end]
            if after and after[-1] not in ("changed", "unchanged") and script.end - spell.end > 12 * HOUR:
                rows[spell.kind].missed.append(f"{source.key}: did not recover: {after[-3:]}")
    yield from rows.values()


def _alarms(script: Script, alarms: Alarms) -> Iterator[Row]:
    rows = {kind: Row(f"alarm: {name}, {kind.value}") for kind, name in ALARM.items()}
    false = Row("alarms without a cause")
    for source in script.sources:
        for spell in source.spells:
            if spell.kind in rows and script.end > (spell.end if math.isfinite(spell.end) else spell.begin + 5 * HOUR):
                seen = [at for at in alarms.get((source.key, ALARM[spell.kind]), ()) if spell.begin <= at <= spell.end + SLACK]
                rows[spell.kind].expect(seen, source.key)
    for (key, name), moments in alarms.items():
        if name != "overflow":  # judged with its gap
            causes = [one for one in script.by_key[key].spells if _explains(one, name)]
            odd = [at for at in moments if not any(one.begin <= at <= one.end + _lasts(one) for one in causes)]
            false.invented += [f"{key}: {name}, {(odd[0] - script.begin) / HOUR:.1f} h after the beginning"] if odd else []
    yield from rows.values()
    yield false


def _explains(spell: Spell, name: str) -> bool:
    return ALARM.get(spell.kind) == name or (name == "failing" and spell.kind in SHUT)


def _lasts(spell: Spell) -> float:
    """How long after its end an alarm may still stand: until the next question; a surge for a day; after failures, as long as
    the doubled waits."""
    if spell.kind is Trouble.SURGE:
        return 24 * HOUR
    return max(SLACK, 1.2 * (spell.end - spell.begin)) if math.isfinite(spell.end) else 0.0


def _gaps(script: Script, record: Record, alarms: Alarms) -> Iterator[Row]:
    """What was never handed out, and could not have been asked for, lies in a gap that is shown; and no gap is without need."""
    row, shown = Row("missed for ever: shown as a gap"), Row("alarm: overflow")
    by_source: dict[str, list[Gap]] = defaultdict(list)
    for gap in record.gaps:
        by_source[gap.source].append(gap)
    used: set[Gap] = set()
    for source in script.sources:
        if source.sister_of is not None and source.language == source.sister_of.language:
            continue
        for one in source.items:
            if one.ever_served or one.at < script.begin or one.at > script.end - SLACK:
                continue
            covering = [gap for gap in by_source[source.key] if _covers(gap, one.at)]
            used.update(covering)
            if covering or _was_short(source, one.at):
                row.expect(covering, f"{source.key}/{one.number}")
    for gap in record.gaps:
        if gap.kind == "overflow":
            row.invented += [] if gap in used or _was_full(script, gap) else [f"{gap.source}: {gap}"]
            lasted = (gap.closed or script.end) - gap.opened
            if lasted > 2 * HOUR:
                shown.expect(any(gap.opened <= at for at in alarms.get((gap.source, "overflow"), ())), gap.source)
        elif gap.kind != "outage" or not any(one.kind in SHUT for one in script.by_key[gap.source].spells):
            row.invented.append(f"{gap.source}: {gap}")
    yield row
    yield shown


def _covers(gap: Gap, at: float) -> bool:
    return gap.kind == "overflow" and gap.since - SLACK <= at <= (gap.until or gap.opened) + 1


def _was_short(source: Source, at: float) -> bool:
    """Whether what came then left the listing before anybody could ask."""
    return sum(at <= other.at <= at + SLACK for other in source.items) > source.window * source.pages


def _was_full(script: Script, gap: Gap) -> bool:
    """Whether between the answers around a gap as much came as the listing's first page holds: then nobody can tell."""
    source = script.by_key[gap.source]
    times = [one.at for one in source.items if gap.since - SLACK <= one.at <= gap.opened + 1]
    return len(times) >= source.window


def _never_asked(script: Script, record: Record) -> Row:
    """What stood there long enough to be asked for, at a host that answered, and was not."""
    row = Row("listed for longer than the longest interval: seen")
    for source in script.sources:
        gaps = [gap for gap in record.gaps if gap.source == source.key]
        for one in source.items:
            if (
                one.at < script.begin + SLACK
                or one.at > script.end - SLACK
                or (one.gone is not None and one.gone - one.at < SLACK)
            ):
                continue
            if _was_short(source, one.at) or any(
                spell.begin - SLACK <= one.at < spell.end + 20 * HOUR for spell in _walls(source)
            ):
                continue
            row.expect(one.ever_served or any(_covers(gap, one.at) for gap in gaps), f"{source.key}/{one.number}")
    return row


def _walls(source: Source) -> list[Spell]:
    return [one for one in source.spells if one.kind in SHUT]
