"""The index of words: FTS5 on SQLite, a GIN index on PostgreSQL. Beside `engine.py`, the only file that speaks to one alone.

Both are given the same words (`text/findable.py`) and split nothing themselves, so that they find the same. Both answer
newest first and in bounded steps: a step says how far back it looked, and never looks at much more than `POSTINGS` places of
the rarest word or `ROWS` rows, however large the store is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

INDEX, WORDS = "search_index", "search_words"
POSTINGS = 2_500  # rows of the rarest word that one step on SQLite looks at
ROWS = 5_000  # rows that one step on PostgreSQL looks at; and up to so many hits are fetched and sorted
MOST_POSITIONS, LAST_POSITION = 255, 16_382  # of one word, and of any: PostgreSQL keeps no more
OPEN = -1 << 49  # what begins below has no beginning
STRETCHES = (23, 27, 31, 35, 39)  # bits of an id below a stretch of time: 17 minutes, 5 hours, 3 days, 7 weeks, 2 years
LONG = "\ue002"  # the word of a text that has more positions than PostgreSQL keeps

Phrase = tuple[str, ...]
Group = tuple[Phrase, ...]  # any of them
Doc = tuple[int, Sequence[str], Sequence[str]]  # id, words in their order, further words that stand nowhere


@dataclass(frozen=True, slots=True)
class Match:
    """What the words of a row must hold: one of each group of `all_of`, and none of `none_of`. At least one of `all_of`."""

    all_of: tuple[Group, ...]
    none_of: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What a step found: ids, newest first."""

    ids: Sequence[int]
    floor: int | None  # if there are fewer ids than asked for: all at or above it was looked at; None: all of the range


class Sqlite:
    """FTS5 without the texts: of the words it keeps only where they stand."""

    # `ascii` takes all other letters as they are: the words are cut and folded before.
    CREATE = (f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, content = '', columnsize = 0, tokenize = 'ascii')",)
    SETTLE = (f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')",)  # noqa: S608 - our own name
    FORGET = (f"INSERT INTO {INDEX} ({INDEX}) VALUES ('delete-all')",)  # noqa: S608 - our own name

    def add(self, tx: Connection, docs: Iterable[Doc]) -> None:
        """Put rows into the index: in the order of their ids, else FTS5 starts a new segment at each that goes back."""
        rows = [(at, " ".join((*_stretches(at), *apart, *words))) for at, words, apart in sorted(docs)]
        tx.exec_driver_sql(f"INSERT INTO {INDEX} (rowid, words) VALUES (?, ?)", rows)  # noqa: S608 - our own name

    def add_words(self, tx: Connection, words: Sequence[str]) -> None:
        """Keep the words that are not kept yet: in one statement, for most of them are."""
        query = f"INSERT INTO {WORDS} SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING"  # noqa: S608 - our own name
        tx.exec_driver_sql(query, (json.dumps(words, ensure_ascii=False),))

    def exact(self, match: Match) -> bool:  # noqa: ARG002 - the other database needs it
        """Whether what is found needs no second look."""
        return True

    def step(self, tx: Connection, match: Match, low: int, high: int, limit: int) -> Step:
        """The newest rows from `high` down to `low`, both included.

        FTS5 follows its lists until all the parts meet, and no bound of ids stops it on the way: where they never do, it
        reads the rarest list to its end. So each list is first followed alone, for so many rows; the longest way back is the
        step; and the step is asked for by words that only its rows have, so that their list ends where the step does.
        """
        if _always_meets(match):
            return Step(self._ids(tx, _fts5(match), low, high, limit), None)
        floor = None
        for group in _probes(match):
            ids = self._ids(tx, _fts5(Match((group,))), low, high, POSTINGS)
            if not ids:
                return Step((), None)
            high = min(high, ids[0])
            if len(ids) < POSTINGS:
                floor = None
                break
            floor = ids[-1] if floor is None else min(floor, ids[-1])
        start = low if floor is None else floor
        ids = self._ids(tx, _fts5(_within(match, start, high)), start, high, limit)
        return Step(ids, floor)

    def among(self, tx: Connection, match: Match, ids: Collection[int]) -> set[int]:
        """Which of some rows match."""
        query = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? AND rowid = ?"  # noqa: S608 - our own name
        asked = _fts5(match)
        return {one for one in ids if tx.exec_driver_sql(query, (asked, one)).first() is not None}

    def all_ids(self, every: str) -> tuple[str, dict[str, str]]:
        """The question for all ids in their order, and its values. `every`: a word of every row."""
        sql = f"SELECT rowid AS id FROM {INDEX} WHERE {INDEX} MATCH :every ORDER BY rowid"  # noqa: S608 - our own name
        return sql, {"every": _fts5(Match((((every,),),)))}

    def _ids(self, tx: Connection, asked: str, low: int, high: int, limit: int) -> list[int]:
        query = (
            f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? AND rowid BETWEEN ? AND ?"  # noqa: S608 - our own name
            " ORDER BY rowid DESC LIMIT ?"
        )
        return list(tx.exec_driver_sql(query, (asked, low, high, limit)).scalars())


class PostgreSQL:
    """A column of words with a GIN index. That knows no order: rare words are found by it, common ones by walking back."""

    CREATE = (
        f"CREATE TABLE {INDEX} (id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        f"CREATE INDEX ix_{INDEX}_words ON {INDEX} USING gin (words)",
        # How common a word is decides the way: the most common tenth of a per mille is to be known.
        f"ALTER TABLE {INDEX} ALTER COLUMN words SET STATISTICS 1000",
    )
    SETTLE = (f"ANALYZE {INDEX}",)
    FORGET = (f"TRUNCATE {INDEX}",)

    def add(self, tx: Connection, docs: Iterable[Doc]) -> None:
        """Put rows into the index."""
        rows = [(at, _tsvector(words, apart)) for at, words, apart in sorted(docs)]
        tx.exec_driver_sql(f"INSERT INTO {INDEX} (id, words) VALUES (%s, %s::tsvector)", rows)  # noqa: S608 - our own name

    def add_words(self, tx: Connection, words: Sequence[str]) -> None:
        """Keep the words that are not kept yet: in one statement, for most of them are."""
        query = f"INSERT INTO {WORDS} SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
        tx.exec_driver_sql(query, (list(words),))

    def exact(self, match: Match) -> bool:
        """Whether what is found needs no second look: a phrase in a long text does."""
        return all(len(phrase) == 1 for group in (*match.all_of, *match.none_of) for phrase in group)

    def step(self, tx: Connection, match: Match, low: int, high: int, limit: int) -> Step:
        """The newest rows from `high` down to `low`, both included."""
        asked = _tsquery(match)
        if self._estimate(tx, asked) <= ROWS:
            query = (
                f"WITH found AS MATERIALIZED (SELECT id FROM {INDEX} WHERE words @@ %s::tsquery)"  # noqa: S608 - our own name
                " SELECT id FROM found WHERE id BETWEEN %s AND %s ORDER BY id DESC LIMIT %s"
            )
            ids = list(tx.exec_driver_sql(query, (asked, low, high, limit)).scalars())
            return Step(ids, None)
        floor = tx.exec_driver_sql(
            f"SELECT id FROM {INDEX} WHERE id BETWEEN %s AND %s ORDER BY id DESC OFFSET %s LIMIT 1",  # noqa: S608 - our own name
            (low, high, ROWS),
        ).scalar()
        start = low if floor is None else floor
        query = (
            f"SELECT id FROM {INDEX} WHERE id BETWEEN %s AND %s"  # noqa: S608 - our own name
            " AND (words @@ %s::tsquery) IS TRUE ORDER BY id DESC LIMIT %s"  # IS TRUE: not by GIN, which would fetch all
        )
        ids = list(tx.exec_driver_sql(query, (start, high, asked, limit)).scalars())
        return Step(ids, floor)

    def among(self, tx: Connection, match: Match, ids: Collection[int]) -> set[int]:
        """Which of some rows match."""
        query = f"SELECT id FROM {INDEX} WHERE id = ANY(%s) AND (words @@ %s::tsquery) IS TRUE"  # noqa: S608 - our own name
        return set(tx.exec_driver_sql(query, (list(ids), _tsquery(match))).scalars())

    def all_ids(self, every: str) -> tuple[str, dict[str, str]]:  # noqa: ARG002 - the other database needs it
        """The question for all ids in their order, and its values."""
        return f"SELECT id FROM {INDEX} ORDER BY id", {}  # noqa: S608 - our own name

    def _estimate(self, tx: Connection, asked: str) -> int:
        query = f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {INDEX} WHERE words @@ %s::tsquery"  # noqa: S608 - our own name
        (plan,) = tx.exec_driver_sql(query, (asked,)).scalar_one()
        return int(plan["Plan"]["Plan Rows"])


KINDS: Mapping[str, Sqlite | PostgreSQL] = {"sqlite": Sqlite(), "postgresql": PostgreSQL()}


def of(tx: Connection) -> Sqlite | PostgreSQL:
    """The index of the database that is open."""
    return KINDS[tx.dialect.name]


def create(tx: Connection) -> None:
    """Make the index, empty."""
    for sql in of(tx).CREATE:
        tx.exec_driver_sql(sql)


def settle(tx: Connection) -> None:
    """Make good use of a great many rows that were added at once."""
    for sql in of(tx).SETTLE:
        tx.exec_driver_sql(sql)


def forget(tx: Connection) -> None:
    """Let the index be empty."""
    for sql in of(tx).FORGET:
        tx.exec_driver_sql(sql)


def _probes(match: Match) -> list[Group]:
    """The groups, each phrase as its words: they may stand together nowhere."""
    probes: dict[Group, None] = {}
    for group in match.all_of:
        if len(group) == 1:
            probes.update(dict.fromkeys(((word,),) for word in group[0]))
        else:
            probes[tuple((phrase[0],) for phrase in group)] = None
    return list(probes)


def _always_meets(match: Match) -> bool:
    """Whether there is one list alone, or several of which any is good: the next row is then never far."""
    return len(match.all_of) == 1 and not match.none_of and all(len(phrase) == 1 for phrase in match.all_of[0])


def _stretches(at: int) -> Iterator[str]:
    """The words of the stretches of time that an id lies in, from the shortest to the longest."""
    return (_stretch(bits, at >> bits) for bits in STRETCHES)


def _stretch(bits: int, number: int) -> str:
    return f"\ue004{bits}\ue004{number if number >= 0 else f'x{-number}'}"


def _within(match: Match, low: int, high: int) -> Match:
    """The same, of about this range alone: of the stretches of time that cover it, as long as it takes few of them."""
    if low <= OPEN:
        return match
    bits = next((bits for bits in STRETCHES if (high >> bits) - (low >> bits) < 16), STRETCHES[-1])
    stretches = tuple((_stretch(bits, number),) for number in range(low >> bits, (high >> bits) + 1))
    return Match((*match.all_of, stretches), match.none_of)


def _fts5(match: Match) -> str:
    def phrase(words: Phrase) -> str:
        return f'"{" ".join(words)}"'

    return _written(match, phrase, " AND ", " OR ", " NOT ")


def _tsquery(match: Match) -> str:
    def wanted(words: Phrase) -> str:
        if len(words) == 1:
            return f"'{words[0]}'"
        return f"({unwanted(words)} | {_quoted((*words, LONG), ' & ')})"

    def unwanted(words: Phrase) -> str:
        return _quoted(words, " <-> ")

    asked = _written(Match(match.all_of), wanted, " & ", " | ", "")
    return asked if not match.none_of else f"{asked} & !{_any(sum(match.none_of, ()), unwanted, ' | ')}"


def _quoted(words: Phrase, between: str) -> str:
    return "(" + between.join(f"'{word}'" for word in words) + ")"


def _written(match: Match, phrase: Callable[[Phrase], str], both: str, either: str, without: str) -> str:
    asked = both.join(_any(group, phrase, either) for group in match.all_of)
    return f"({asked}){without}{_any(sum(match.none_of, ()), phrase, either)}" if match.none_of else f"({asked})"


def _any(group: Group, phrase: Callable[[Phrase], str], either: str) -> str:
    return f"({either.join(map(phrase, group))})"


def _tsvector(words: Sequence[str], apart: Sequence[str]) -> str:
    """Words with their positions as PostgreSQL reads them. They are letters and digits: nothing in them needs quoting."""
    positions: dict[str, list[str]] = {}
    for position, word in enumerate(words, start=1):
        positions.setdefault(word, []).append(str(position))
    long = len(words) > LAST_POSITION or any(len(one) > MOST_POSITIONS for one in positions.values())
    kept = {word: one[:MOST_POSITIONS] for word, one in positions.items()}
    if len(words) > LAST_POSITION:
        kept = {word: [at for at in one if int(at) <= LAST_POSITION] for word, one in kept.items()}
    lexemes = [f"'{word}'" + (":" + ",".join(one) if one else "") for word, one in kept.items()]
    return " ".join([*lexemes, *(f"'{word}'" for word in apart), *[f"'{LONG}'"] * long])
