"""The plan of a world: who says what when, and what happens to it. All from a seed, before anything begins."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.world.script import AHEAD, DAY, HOUR, Change, Edit, Item, Script, Source, Spell, Trouble

TOPICS = ("Velmora", "Qarsund", "Ostrelle", "Tamberyn", "Pyrrhen", "Lukaveth")
ZONES = ("Europe/Moscow", "Europe/Brussels", "America/New_York", "Europe/London", "Asia/Tokyo", "UTC")
PROLOGUE = 9 * DAY  # in which the rhythm of some is learnt
KINDS = ("rss", "rss", "atom", "page", "rss", "json", "sitemap", "rss", "atom", "page")
OF_A_TOPIC, OF_A_TOPIC_OF_FEW = 0.04, 0.4  # of what is said
BUSY, OFTEN, SELDOM = 24.0, 6.0, 2.0  # said in a day
FLOOD, SURGE = 70, 26
REST = 5 * HOUR  # at least, between the edits of one text
# What goes wrong: how many sources of 300, and for how long.
SPELLS = (
    (Trouble.DOWN, 6, 9 * HOUR),
    (Trouble.UNREACHABLE, 6, 9 * HOUR),
    (Trouble.WALL, 8, 7 * HOUR),
    (Trouble.WALL_403, 8, 7 * HOUR),
    (Trouble.SOFT_404, 4, 3 * HOUR),
    (Trouble.MISSING, 4, 3 * HOUR),
    (Trouble.LOGIN, 4, 4 * HOUR),
    (Trouble.TOO_MANY, 6, 2 * HOUR),
    (Trouble.BUSY, 6, 2 * HOUR),
    (Trouble.STALE, 20, 1.9 * HOUR),
    (Trouble.MOVED, 4, math.inf),
    (Trouble.CLOCK_AHEAD, 4, math.inf),
    (Trouble.CLOCK_BEHIND, 3, math.inf),
    (Trouble.FLOOD, 10, HOUR / 6),
)
# What is edited: how many of what is said about topics, and as many of all else, of 300 sources in seven days.
EDITS = ((Edit.FLIP, 6), (Edit.BACK, 10), (Edit.GROWTH, 8), (Edit.FIGURE, 40), (Edit.ADDITION, 30), (Edit.TYPO, 30))
GONE = ((404, 6), (410, 4), (200, 2))
COPIES, SLIPS = 24, 10


def plan(*, seed: int, begin: datetime, days: float, count: int, prologue: bool = True) -> Script:
    """A world of so many sources from a day on. The same arguments make the same world."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    start = begin.replace(tzinfo=UTC).timestamp()
    script = Script(
        seed=seed,
        prologue=start - PROLOGUE if prologue else start,
        begin=start,
        end=start + days * DAY,
        sources=[],
        topics=TOPICS if count > 50 else TOPICS[:2],
        outages=[],
    )
    script.sources = _sources(script, count)
    share = count / 300
    _spells(script, chance, share)
    for source in script.sources:
        if source.sister_of is None:
            source.items = list(_said_by(script, source, chance))
    _floods(script)
    _copies(script, chance, max(2, round(COPIES * share * days / 7)))
    _happenings(script, chance, share * days / 7)
    for source in script.sources:
        _finish(source)
    if count > 50:  # of few hosts, nobody can tell whether it is the network
        middle, late = start + DAY * days * 0.23, start + DAY * days * 0.67
        script.outages = [(middle, middle + 0.7 * HOUR), (late, late + 1.2 * HOUR)]
    script.by_key = {one.key: one for one in script.sources}
    return script


# --- who there is


def _sources(script: Script, count: int) -> list[Source]:
    found: list[Source] = []
    sisters = max(2, count // 20)
    regular = count // 40 if script.prologue < script.begin else 0
    for n in range(count - sisters):
        kind = "rss" if n < regular or n < sisters + regular else KINDS[n % len(KINDS)]
        one = Source(index=n, key=f"s{n:03}", kind=kind, family=f"f{n:03}", regular=n < regular)
        one.zone = "UTC" if one.regular else ZONES[n % len(ZONES)]
        one.a_day = 8.0 if one.regular else BUSY if n % 14 == 13 else OFTEN if n % 3 == 0 else SELDOM
        one.a_day *= 1 if count > 50 else 3  # so that few, too, say enough
        one.window = 12 if one.kind == "page" or one.a_day >= BUSY else 20
        one.lane = "reporting" if n % 9 == 8 else "primary"
        one.dated, one.etag, one.modified = n % 2 == 0, n % 7 != 3, n % 5 != 4
        one.max_age = 2400 if n % 12 == 5 and one.a_day < BUSY else 0
        one.pages = 3 if kind == "page" and n % 20 == 3 else 1
        found.append(one)
    for n, main in enumerate(found[regular : regular + sisters]):
        other = Source(index=len(found), key=f"{main.key}-{'fr' if n % 2 else 'all'}", kind="rss", family=main.family)
        other.zone, other.window, other.a_day, other.dated, other.sister_of = main.zone, 25, main.a_day, main.dated, main
        other.language = "fr" if n % 2 else "en"
        found.append(other)
    return found


def _spells(script: Script, chance: random.Random, share: float) -> None:
    """Each source has one trouble at most, so that each can be told apart."""
    length = script.end - script.begin
    regular = [one for one in script.sources if one.regular]
    for n, one in enumerate(regular):
        day = script.begin + (2.3 + n % 3) * DAY
        if n % 3 == 0 and length > 4 * DAY:
            one.spells.append(Spell(Trouble.SURGE, day, day + 0.6 * DAY))
        elif n % 3 == 1 and length > 4 * DAY:
            one.spells.append(Spell(Trouble.SILENCE, day, day + 2.2 * DAY))
    plain = [one for one in script.sources if not one.regular and one.sister_of is None and not _has_sister(script, one)]
    chance.shuffle(plain)
    for kind, count, lasts in SPELLS:
        for _ in range(max(1, round(count * share)) if share > 0.2 or kind in SHORT else 0):
            hit = next((one for one in plain if _suits(one, kind)), None)
            if hit is None:
                continue
            plain.remove(hit)
            last = 0.9 * length - (lasts if math.isfinite(lasts) else 0.4 * length)
            begin = script.begin + chance.uniform(min(3 * HOUR, 0.1 * length), max(last, 0.15 * length))
            hit.spells.append(Spell(kind, begin, begin + lasts))


SHORT = (Trouble.DOWN, Trouble.WALL, Trouble.STALE, Trouble.FLOOD, Trouble.TOO_MANY)  # what a small world has, too


def _has_sister(script: Script, source: Source) -> bool:
    return any(one.sister_of is source for one in script.sources)


def _suits(source: Source, kind: Trouble) -> bool:
    """What of this trouble can be judged on this source."""
    if source.a_day >= BUSY:
        return kind is Trouble.UNREACHABLE
    if kind is Trouble.FLOOD:
        return source.kind in ("rss", "atom", "json") or source.pages > 1
    return source.kind in ("rss", "atom") if kind is Trouble.STALE else source.pages == 1


# --- what is said


def _said_by(script: Script, source: Source, chance: random.Random) -> Iterator[Item]:
    """What a source says by itself; a little of it was said before anybody listens."""
    since = script.prologue - 2 * DAY if source.regular else script.begin - (3 if len(script.sources) > 50 else 1) * DAY
    moments = _regular(since, script.end, chance, source) if source.regular else _by_chance(since, script.end, chance, source)
    for number, at in enumerate(moments, 1):
        said = at - chance.randrange(0, 240) if chance.random() < 0.8 else at
        one = Item(source.index, number, at, float(int(said)), seed=f"{script.seed}/{source.key}/{number}")
        if chance.random() < (OF_A_TOPIC if len(script.sources) > 50 else OF_A_TOPIC_OF_FEW) and at > script.begin:
            one.topic = chance.choice(script.topics)
        yield one


def _regular(since: float, until: float, chance: random.Random, source: Source) -> Iterator[float]:
    surge, silence = source.spell(Trouble.SURGE), source.spell(Trouble.SILENCE)
    hours = int((until - since) // HOUR)
    for hour in range(hours):
        at = since + hour * HOUR
        of_day = int(at % DAY // HOUR)
        if silence is not None and silence.begin <= at < silence.end:
            continue
        if 5 <= of_day < 22 and of_day % 2 == 0:
            yield at + chance.randrange(0, 1200)
        if surge is not None and surge.begin <= at < surge.end:
            for part in (0.35, 0.75):
                yield at + part * HOUR + chance.randrange(0, 300)


def _by_chance(since: float, until: float, chance: random.Random, source: Source) -> Iterator[float]:
    """More by day than by night, by the source's own clock."""
    zone, at = ZoneInfo(source.zone), since
    while True:
        at += chance.expovariate(source.a_day * 1.8 / DAY)
        if at >= until:
            return
        local = datetime.fromtimestamp(at, UTC).astimezone(zone).hour
        if 7 <= local < 20 or chance.random() < 0.25:
            yield float(int(at))


def _floods(script: Script) -> None:
    for source in script.sources:
        spell = source.spell(Trouble.FLOOD)
        for n in range(FLOOD if spell is not None and source.pages == 1 else 26 if spell is not None else 0):
            assert spell is not None
            at = spell.begin + n * (spell.end - spell.begin) / FLOOD
            number = len(source.items) + 1
            source.items.append(Item(source.index, number, at, float(int(at)), seed=f"{script.seed}/{source.key}/{number}"))


def _copies(script: Script, chance: random.Random, count: int) -> None:
    """Other families say the same again, in the same words."""
    reporting = [one for one in script.sources if one.lane == "reporting" and not one.spells and not one.reads_pages]
    told = [one for one in _of_topics(script) if script.sources[one.source].lane == "primary"]
    told = [one for one in told if not script.sources[one.source].spells and script.end - one.at > 6 * HOUR]
    for one in chance.sample(told, min(count, len(told))) if reporting else []:
        other = chance.choice(reporting)
        at = one.at + chance.uniform(1.5 * HOUR, 4 * HOUR)
        copy = Item(other.index, len(other.items) + 1, at, float(int(at)), one.topic, one.seed, copy_of=one)
        other.items.append(copy)


def _of_topics(script: Script) -> list[Item]:
    return [one for source in script.sources if source.sister_of is None for one in source.items if one.topic]


# --- what happens to it


def _happenings(script: Script, chance: random.Random, share: float) -> None:
    copied = {id(one.copy_of) for source in script.sources for one in source.items if one.copy_of is not None}
    free = [
        one
        for source in script.sources
        if source.sister_of is None and not source.spells and source.a_day < BUSY and not _has_sister(script, source)
        for one in source.items
        if one.copy_of is None and id(one) not in copied and one.at > script.begin
    ]
    chance.shuffle(free)
    topical, other = [one for one in free if one.topic], [one for one in free if not one.topic]
    _withdraw(script, topical, share)
    for kind, count in EDITS:
        for some in (topical, other):
            _edit(script, chance, some, kind, max(1, round(count * share)), told=some is topical)
    # Where a feed says beside it when the text was changed, that date is believed instead.
    dated_once = [one for one in other if script.sources[one.source].kind == "rss"]
    for one in dated_once[: max(1, round(SLIPS * share))]:
        one.slip, one.said = True, one.said + AHEAD
    _midnight(script, [one for one in other if not one.changes and not one.slip])


def _withdraw(script: Script, some: list[Item], share: float) -> None:
    """What is told, and then taken away: early enough that it can be seen gone for a day."""
    length = script.end - script.begin
    for gone_as, count in GONE:
        for _ in range(max(1, round(count * share))):
            one = next((one for one in some if one.at - script.begin < (0.45 if length > 2 * DAY else 0.3) * length), None)
            if one is not None:
                some.remove(one)
                one.gone, one.gone_as = one.at + (5 if length > 2 * DAY else 3) * HOUR, gone_as


def _edit(script: Script, chance: random.Random, some: list[Item], kind: Edit, count: int, *, told: bool) -> None:
    for _ in range(count):
        one = next((one for one in some if _can_be_edited(script, one, kind, told=told)), None)
        if one is None:
            return
        some.remove(one)
        first = one.at + chance.uniform(3 * HOUR, 4 * HOUR)
        match kind:
            case Edit.BACK:
                one.changes = (Change(first, Edit.FIGURE), Change(first + 9 * HOUR, Edit.BACK))
            case Edit.GROWTH:
                one.changes = tuple(Change(first + n * REST, Edit.GROWTH) for n in range(4))
            case Edit.FLIP:
                one.changes = tuple(Change(first + n * 2 * HOUR, Edit.FLIP) for n in range(9))
            case _:
                one.changes = (Change(first, kind),)


def _can_be_edited(script: Script, one: Item, kind: Edit, *, told: bool) -> bool:
    """Whether an edit can be noticed: while the text is listed, or, on pages of their own, where it is told."""
    source, left = script.sources[one.source], script.end - one.at
    if source.reads_pages and (not told or kind in (Edit.BACK, Edit.FLIP, Edit.GROWTH) or left < 40 * HOUR):
        return False
    if kind is Edit.FLIP and source.dated:
        return False
    lasts = {Edit.BACK: 30 * HOUR, Edit.GROWTH: 30 * HOUR, Edit.FLIP: 34 * HOUR}.get(kind, 8 * HOUR)
    return left > lasts and source.window / source.a_day * DAY > lasts


def _midnight(script: Script, some: list[Item]) -> None:
    """Some of it is said at midnight of its source's clock, to the second, and some a moment before and after."""
    for n, one in enumerate(some[:12]):
        zone = ZoneInfo(script.sources[one.source].zone)
        local = datetime.fromtimestamp(one.at, UTC).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        one.said = (local.astimezone(UTC) + timedelta(seconds=(0, -30, 30)[n % 3])).timestamp()


def _finish(source: Source) -> None:
    if source.sister_of is None:
        source.items.sort(key=lambda one: one.at)
        for one in source.items:
            one.settle()
    elif source.language == source.sister_of.language:
        source.items = source.sister_of.items
    else:
        source.items = [_in_language(one, source) for one in source.sister_of.items]
    source.times = [one.at for one in source.items]


def _in_language(one: Item, source: Source) -> Item:
    other = Item(source.index, one.number, one.at + 0.2 * HOUR, one.said, one.topic, f"{one.seed}/fr", source.language)
    other.settle()
    return other
