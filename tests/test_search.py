"""Search: the same words, hits and highlights on both databases, newest said first, each statement once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from aggregator.store import open_store
from aggregator.store.schema import revisions, search_rows
from aggregator.store.search import CursorError
from tests.conftest import NOON
from tests.searching import Archive, a_line, day, settle

HOUR = timedelta(hours=1)


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[Archive]:
    store = open_store(database_url, snapshots=tmp_path)
    archive = Archive(store)
    archive.source("kremlin")
    archive.source("kremlin-ru", family="kremlin")
    archive.source("reuters", lane="reporting")
    yield archive
    store.close()


TEXTS = [
    ("en", "Russia's President met the anti-war envoy", "The talks in Geneva go on. Nothing was agreed on grain."),
    ("fr", "Déclaration de l'Élysée sur l’Ukraine", "Le Président de la République s'est entretenu à Genève."),
    ("de", "Große Straße der Diplomatie", "Bundeskanzler äußert sich zu den Gesprächen in Genf."),
    ("ru", "Путин: самолёт и ёлка", "Переговоры прошли в Женеве. Российский президент был там."),
    ("uk", "Президент Зеленський у Києві", "Зеленський: п’ять зустрічей у Женеві про зерно."),
    ("pl", "Lech Wałęsa o wolności", "Żółć i źdźbło: spotkanie w Genewie."),
    ("zh", "北京大学的声明", "会谈在日内瓦举行。"),
]


@pytest.fixture
def archive(empty: Archive) -> Archive:
    for hours, (language, title, text) in enumerate(TEXTS):
        empty.say(title, text, language=language, at=NOON - hours * HOUR)
    return empty


FOUND: dict[str, list[str]] = {
    "élysée": ["Déclaration de l'[Élysée] sur l’Ukraine"],
        "ELYSEE ukraine": ["Déclaration de l'[Élysée] sur l’[Ukraine]"],
        "l’Élysée": ["Déclaration de [l'Élysée] sur l’Ukraine"],
        "declaration": ["[Déclaration] de l'Élysée sur l’Ukraine"],
        "E\u0301lyse\u0301e": ["Déclaration de l'[Élysée] sur l’Ukraine"],
        "GROSSE strasse": ["[Große] [Straße] der Diplomatie"],
        "große Straße": ["[Große] [Straße] der Diplomatie"],
        "aussert": ["Große Straße der Diplomatie"],
        "ЁЛКА самолет": ["Путин: [самолёт] и [ёлка]"],
        "российскии": ["Путин: самолёт и ёлка"],
        "ЗЕЛЕНСЬКИЙ": ["Президент [Зеленський] у Києві"],
        "Зеленський Києві": ["Президент [Зеленський] у [Києві]"],
        "п'ять": ["Президент Зеленський у Києві"],
        "президент": ["Путин: самолёт и ёлка", "[Президент] Зеленський у Києві"],
        "женев*": ["Путин: самолёт и ёлка", "Президент Зеленський у Києві"],
        "walesa": ["Lech [Wałęsa] o wolności"],
        "Wałęsa zolc": ["Lech [Wałęsa] o wolności"],
        "大学": ["北京[大学]的声明"],
        "学大": [],
        "president": ["Russia's [President] met the anti-war envoy", "Déclaration de l'Élysée sur l’Ukraine"],
        "presid*": ["Russia's [President] met the anti-war envoy", "Déclaration de l'Élysée sur l’Ukraine"],
        "presid": [],
        "gen*": ["Russia's President met the anti-war envoy", "Déclaration de l'Élysée sur l’Ukraine",
                  "Große Straße der Diplomatie", "Lech Wałęsa o wolności"],
        "president -republique": ["Russia's [President] met the anti-war envoy"],
        'president -"talks in geneva"': ["Déclaration de l'Élysée sur l’Ukraine"],
        "gen* -genf -genew*": ["Russia's President met the anti-war envoy", "Déclaration de l'Élysée sur l’Ukraine"],
        "anti-war": ["Russia's President met the [anti-war] envoy"],
        '"war envoy"': ["Russia's President met the anti-[war envoy]"],
        '"envoy war"': [],
        '"envoy the"': [],  # the title's last word, and the text's first
        "anti envoy": ["Russia's President met the [anti]-war [envoy]"],
        "zqx*": [],
        "-zqx* -zqy envoy": ["Russia's President met the anti-war [envoy]"],
        "kremlin": [],  # what filters are made of is no text
        "primary": [],}  # fmt: skip


def test_what_is_found_and_highlighted(archive: Archive) -> None:
    assert {query: archive.titles(query) for query in FOUND} == FOUND


def test_everything_but_what_has_a_word(archive: Archive) -> None:
    assert len(archive.titles("-president")) == len(TEXTS) - 2
    assert len(archive.titles("")) == len(TEXTS)


def test_the_snippet_stands_around_what_was_found(empty: Archive) -> None:
    empty.say("Long", " ".join(["word"] * 200) + "\n\nthe grain & <b>deal</b> of Geneva " + " ".join(["after"] * 200))
    (hit,) = empty.find('"grain deal" geneva').hits or empty.find("grain geneva").hits
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.spans] == ["grain", "Geneva"]
    assert "word  the grain & <b>deal</b> of Geneva after" in hit.snippet.text
    assert len(hit.snippet.text) < 260


def test_filters(archive: Archive) -> None:
    archive.say("Reuters on grain in Geneva", source="reuters", language="en-GB", at=NOON - 3 * HOUR)
    archive.say("Зерно в Женеве", source="kremlin-ru", language="ru", at=NOON - 5 * HOUR)
    assert archive.titles("grain") == ["Russia's President met the anti-war envoy", "Reuters on [grain] in Geneva"]
    assert archive.titles("grain", source="reuters") == ["Reuters on [grain] in Geneva"]
    assert archive.titles("grain", family="kremlin") == ["Russia's President met the anti-war envoy"]
    assert archive.titles("grain", lane="reporting") == ["Reuters on [grain] in Geneva"]
    assert archive.titles("grain", language="en-GB") == ["Reuters on [grain] in Geneva"]
    assert len(archive.titles("grain", language="EN")) == 2
    assert archive.titles("женеве", source="kremlin-ru") == ["Зерно в [Женеве]"]
    assert archive.titles(language="ru") == ["Путин: самолёт и ёлка", "Зерно в Женеве"]
    assert archive.titles("grain", source="reuters", lane="primary") == []
    assert archive.titles(source="nobody") == []


def test_days(empty: Archive) -> None:
    empty.say("First moment", at=datetime(2025, 8, 14, tzinfo=UTC))
    empty.say("Last moment", at=datetime(2025, 8, 14, 23, 59, 59, 999_000, tzinfo=UTC))
    empty.say("Next day", at=datetime(2025, 8, 15, tzinfo=UTC))
    # Of a day in Moscow: in UTC it begins on the day before.
    empty.say("Day alone", at=datetime(2025, 8, 13, 21, tzinfo=UTC), day="2025-08-14")
    empty.say("Long ago", at=datetime(1815, 6, 9, tzinfo=UTC))
    empty.say("Far ahead", at=datetime(9999, 12, 31, tzinfo=UTC))
    of_the_day = ["Last moment", "First moment", "Day alone"]
    assert sorted(empty.titles(since=day("2025-08-14"), until=day("2025-08-14"))) == sorted(of_the_day)
    assert empty.titles(since=day("2025-08-15")) == ["Far ahead", "Next day"]
    assert empty.titles("moment", until=day("2025-08-14")) == ["Last [moment]", "First [moment]"]
    assert empty.titles(until=day("2025-08-13")) == ["Long ago"]
    assert empty.titles(since=day("0001-01-01"), until=day("9999-12-31"))[0] == "Far ahead"
    assert empty.titles(since=day("2025-08-15"), until=day("2025-08-14")) == []


def test_a_story(archive: Archive) -> None:
    told = archive.say("Grain for the story", at=NOON + HOUR)
    archive.take_up("grain", told)
    archive.take_up("grain", archive.say("Other for the story", at=NOON + 2 * HOUR))
    assert archive.titles("grain", story="grain") == ["[Grain] for the story"]
    assert archive.titles(story="grain") == ["Other for the story", "Grain for the story"]
    assert archive.titles(story="grain", until=day("2025-08-13")) == []
    assert archive.titles("grain", story="none") == []


def test_every_version_is_found_and_the_newest_that_matches_is_shown(empty: Archive) -> None:
    empty.say("Grain at ten", "first", ident="a")
    empty.say("Grain at eleven", "second", ident="a")
    empty.say("Зерно", "third", ident="a", language="ru")
    assert empty.titles("ten") == ["Grain at [ten]"]
    assert empty.titles("grain") == ["[Grain] at eleven"]
    assert empty.titles("grain -eleven") == ["[Grain] at ten"]
    (hit,) = empty.find("зерно").hits
    assert (hit.language, hit.version) == ("ru", 1)
    (hit,) = empty.find("second").hits
    assert (hit.language, hit.version, hit.title.text) == ("en", 2, "Grain at eleven")
    assert empty.titles() == ["Зерно"]
    assert empty.titles(language="en") == ["Grain at eleven"]


def test_what_was_rolled_back_is_not_found(empty: Archive) -> None:
    def fail() -> None:
        with empty.store.write() as tx:
            settle(tx, [a_line("Lost grain", "", at=NOON)], "kremlin")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert empty.titles("grain") == []
    empty.say("Kept grain")
    assert empty.titles("grain") == ["Kept [grain]"]


def test_every_version_has_its_row(archive: Archive) -> None:
    with archive.store.read() as tx:
        counts = [tx.execute(select(func.count()).select_from(table)).scalar_one() for table in (revisions, search_rows)]
    assert counts == [len(TEXTS), len(TEXTS)]


def test_what_is_no_cursor_is_told(archive: Archive) -> None:
    for after in ("", "x", "12", "zz.aaaaaaaa.bbbbbbbb", "-9999999999999999999.aaaaaaaa.bbbbbbbb", "\x00.."):
        with pytest.raises(CursorError, match="is no cursor"):
            archive.find("grain", after=after)


def test_a_cursor_of_another_search_or_store_is_told(archive: Archive) -> None:
    cursor = archive.find(limit=1).next
    assert cursor is not None
    with pytest.raises(CursorError, match="of another search"):
        archive.find("grain", after=cursor)
    at, store, of = cursor.split(".")
    with pytest.raises(CursorError, match="of another store"):
        archive.find(after=f"{at}.{'0' * len(store)}.{of}")
