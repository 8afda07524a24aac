"""Who says a published update again: families are counted, never feeds, and who reprints an agency is no further voice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from aggregator.model import SourceKey, StatementId, StoryKey
from aggregator.publish import render
from aggregator.store.pages import story_page
from aggregator.store.schema import credit_lines
from aggregator.store.verifying.whole import verify
from aggregator.stories.corroborating import Said, also_reported
from aggregator.text.credits import wire_credits
from tests.conftest import Desk, Web, item, rss
from tests.test_likenesses import PLAIN, TYPOGRAPHIC, feeds, say

BODY = "The keepers of the lighthouses met on the island and agreed to share the lamps.\n\nThey meet again in the spring."


@pytest.mark.parametrize(
    ("text", "credited"),
    [
        (f"GENEVA (Reuters) - {BODY}", ("Reuters",)),
        (f"GENEVA, August 14. /TASS/. {BODY}", ("TASS",)),
        (f"МОСКВА, 14 августа. /ТАСС/. {BODY}", ("TASS",)),
        (f"МОСКВА, 14 августа - РИА Новости. {BODY}", ("RIA Novosti",)),
        (f"МОСКВА. 14 августа (Интерфакс) {BODY}", ("Interfax",)),
        (f"{BODY} — AFP", ("AFP",)),
        (f"{BODY}\n\nAFP contributed to this report.", ("AFP",)),
        (f"{BODY}\n\nWith reporting by Reuters and the Associated Press", ("Reuters", "AP")),
        (f"{BODY}\n\nab/cd (AFP, dpa, Reuters)", ("AFP", "dpa", "Reuters")),
        (f"{BODY}\n\nMit Material von dpa und AFP", ("dpa", "AFP")),
        (f"{BODY}\n\nSource: Interfax-Ukraine", ("Interfax-Ukraine",)),
        (f"The keepers met, Reuters reported on Thursday. {BODY}", ("Reuters",)),
        (f"Смотрители встретились, сообщает ТАСС. {BODY}", ("TASS",)),
        (f"Доглядачі зустрілися, повідомляє Укрінформ. {BODY}", ("Ukrinform",)),
        (BODY, ()),
        ("", ()),
        ("(Reuters)", ("Reuters",)),
        (f"A map (an app) and a pap of reuters. {BODY}", ()),  # no agency is written so
        (
            f"{BODY}\n\n{'She wrote of the sea. ' * 60}He told the AP of the lamps. {'They sailed on. ' * 60}",
            (),
        ),  # quoted in the middle
        (f"{BODY}\n\nIn an interview with Reuters she spoke of the lamps.", ()),  # given to it, and no credit
    ],
)
def test_an_agency_is_credited_at_the_head_or_the_end(text: str, credited: tuple[str, ...]) -> None:
    assert wire_credits(text) == credited


@pytest.mark.parametrize(
    "text", ["(" * 300_000, "- " * 300_000, "AFP, " * 200_000, "\n" * 300_000, "Reuters " * 200_000, "x" * 10**7]
)
def test_credits_of_a_hostile_text_end(text: str) -> None:
    assert len(wire_credits(text)) <= 2


def said(number: int, name: str, text: str = BODY, *, family: str = "", url: str = "") -> Said:
    return Said(
        statement=StatementId(number),
        family=family or name.lower(),
        source=SourceKey(name.lower()),
        name=name,
        url=url or f"https://{name.lower()}.example/{number}",
        text=text,
    )


def labels(told: Said, *others: Said) -> list[tuple[str, bool]]:
    return [(one.label, one.independent) for one in also_reported(1, told, others)]


WIRED = f"GENEVA (Reuters) - {BODY}"


def test_who_cites_the_agency_that_is_told_is_no_further_voice() -> None:
    assert labels(said(1, "Reuters"), said(2, "BBC", WIRED), said(3, "DW")) == [("DW", True), ("BBC (citing Reuters)", False)]


def test_an_agency_is_heard_before_those_who_cite_it_whoever_came_first() -> None:
    told = said(1, "Kremlin")
    assert labels(told, said(2, "BBC", WIRED), said(3, "Reuters", WIRED), said(4, "DW", WIRED)) == [
        ("Reuters", True),
        ("BBC (citing Reuters)", False),
        ("DW (citing Reuters)", False),
    ]


def test_an_agency_that_nobody_brought_is_one_voice_through_all_who_cite_it() -> None:
    assert labels(said(1, "Kremlin"), said(2, "BBC", WIRED), said(3, "DW", WIRED)) == [
        ("BBC (citing Reuters)", True),
        ("DW (citing Reuters)", False),
    ]


def test_a_family_is_named_once_however_many_feeds_it_has() -> None:
    told = said(1, "Council")
    others = [said(2, "BBC", WIRED), said(3, "BBC World", family="bbc"), said(4, "Council news", family="council")]
    assert labels(told, *others) == [("BBC World", True)]


def test_the_agency_of_a_state_is_no_second_voice_beside_its_government() -> None:
    told = said(1, "Kremlin", url="http://en.kremlin.ru/events/president/news/1")
    assert labels(told, said(2, "TASS"), said(3, "Ukrinform")) == [("Ukrinform", True), ("TASS (for Kremlin)", False)]
    elsewhere = said(1, "Council", url="https://www.consilium.europa.eu/1")
    assert labels(elsewhere, said(2, "TASS")) == [("TASS", True)]


def test_each_verdict_says_why() -> None:
    told = said(1, "Kremlin", url="http://kremlin.ru/1")
    found = also_reported(1, told, [said(2, "TASS"), said(3, "Reuters"), said(4, "BBC", WIRED), said(5, "DW")])
    assert [one.why for one in found] == [
        "credits nobody else",
        "credits nobody else",
        "TASS is an agency of the same state as Kremlin: no second voice",
        "credits Reuters: no further voice",
    ]


@pytest.mark.both_databases
def test_a_page_says_who_else_reported_and_whom_they_cite(web: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(web))
    say(web, "a", PLAIN)
    say(web, "b", f"GENEVA (Reuters) – {TYPOGRAPHIC}", title="Harbour <talks> end", minutes=5)
    say(web, "c", PLAIN, title="Talks ended", minutes=6)
    at_work.poll()
    at_work.settle(minutes=30)
    with at_work.store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
    assert page is not None
    assert [(one.number, one.label) for one in page.also_reported] == [(1, "C"), (1, "B (citing Reuters)")]
    text = render(page, "text")
    assert "also reported by C, B (citing Reuters)\n\nfor more info: A\n" in text
    assert "also reported by [C](<https://example.org/c-1>), [B (citing Reuters)](<https://example.org/b-1>)" in render(
        page, "md"
    )
    assert 'rel="noopener" title="credits nobody else">C</a>, ' in render(page, "html")
    assert '"citing": [\n        "Reuters"\n      ]' in render(page, "json")
    site = at_work.config.service.storage / "site"
    if site.exists():
        assert "also reported by" in next(site.glob("talks.txt")).read_text(encoding="utf-8")


def test_a_credit_beside_the_text_of_a_page_is_kept_and_counts(web: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(web).replace('lane = "primary"', 'lane = "primary"\nfetch_pages = true', 2))
    paragraphs = "".join(f"<p>{sentence.strip()}.</p>" for sentence in PLAIN.split(". ") if sentence.strip())
    for key, more in (("a", ""), ("b", "<p>Reporting by Reuters correspondents; editing by B. Editor</p>")):
        article = f"<article><h1>Harbour talks</h1>{paragraphs}{more}</article>"
        body = f"<html><head><title>Harbour talks</title></head><body>{article}</body>"
        web.serve(body, f"/page/{key}", content_type="text/html; charset=utf-8")
        web.serve(rss(item(f"{key}-1", f"Harbour talks {key}", "In short.", link=web.url(f"/page/{key}"))), f"/{key}")
    at_work.poll("a", "b")
    at_work.settle(minutes=30)
    with at_work.store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
        kept = tx.execute(select(credit_lines.c.credit)).scalars().all()
    assert page is not None
    assert kept == ["Reporting by Reuters correspondents; editing by B. Editor"]
    assert [one.label for one in page.also_reported] == ["B (citing Reuters)"]
    assert verify(at_work.store).good
