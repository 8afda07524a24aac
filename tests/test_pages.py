"""The pages of the site: complete without JavaScript, locked against what sources write, readable in any light and width."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import (
    Citation,
    DeskKind,
    Paragraph,
    RevisionId,
    Sentence,
    SourceKey,
    StatementId,
    StoryKey,
    StoryPage,
    TextVersion,
    Update,
    UpdateKind,
    ZoneKnown,
)
from aggregator.pipeline.sandbox import Sandbox
from aggregator.publish import shown
from aggregator.publish.html import (
    About,
    Asked,
    about_page,
    index_page,
    missed_page,
    search_page,
    source_page,
    sources_page,
    statement_page,
    story_page_html,
)
from aggregator.publish.html_lists import Terms
from aggregator.publish.html_statement import parted
from aggregator.publish.missed import Gap, Gaps, Missed, missed
from aggregator.publish.places import Site
from aggregator.publish.site import site_of
from aggregator.publish.templating import styles
from aggregator.publish.whole import about
from aggregator.store.desk import NewAct, add_act
from aggregator.store.front import Newest, StoryLine, story_lines
from aggregator.store.health import source_report
from aggregator.store.pages import story_page
from aggregator.store.reading import Cited, StatementDetail, Version, statement_detail
from aggregator.store.search import Hit, Page
from aggregator.store.source_lists import FOLLOWED, listed_sources
from aggregator.store.sources import all_sources
from aggregator.text.highlight import Marked
from tests.conftest import NOON, STORY, Answer, Desk, Web, item, rss, source_block
from tests.lived import lived
from tests.test_publish import CORRECTED, HOSTILE, PAGE, WHOLE, an_update, running_scripts

STATIC, LIVE = Site(url="https://news.example.org/"), Site(live=True)


def soup_of(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


def version_of(revision: int, zone: str = "") -> TextVersion:
    return TextVersion(
        revision=RevisionId(revision), statement=StatementId(revision), number=1, language="en", source=SourceKey("a"),
        read_at=NOON, zone=zone,
    )  # fmt: skip


def paragraph_of(revision: int, *texts: str) -> Paragraph:
    sentences, at = [], 0
    for text in texts:
        sentences.append(
            Sentence(text=text, citations=(Citation(revision=RevisionId(revision), start=at, end=at + len(text)),))
        )
        at += len(text) + 1
    return Paragraph(sentences=tuple(sentences))


def line_of(key: str, **changed: object) -> StoryLine:
    newest = Newest(number=3, kind="adds", reason=f"Adds something to {key}.", published_at=NOON)
    values: dict[str, object] = {
        "key": key, "title": f"The {key}", "lead": "", "language": "en", "from_at": NOON, "until_at": None, "updates": 3,
        "open": True, "continued_in": None, "newest": newest,
    }  # fmt: skip
    return StoryLine(**{**values, **changed})  # type: ignore[arg-type]  # a test that sets one field at a time


def hostile_statement() -> StatementDetail:
    first = Version(
        id=1, number=1, language=HOSTILE, title=HOSTILE, text=HOSTILE, seen_at=NOON, source=SourceKey(HOSTILE), snapshot=None
    )
    return StatementDetail(
        id=StatementId(7), family=HOSTILE, url="javascript:alert(1)", said_at=NOON, said_written=HOSTILE,
        zone_known=ZoneKnown.OFFSET, said_day="", updated_at=NOON, updated_written=HOSTILE, reference=HOSTILE,
        first_seen_at=NOON, versions=[first, replace(first, id=2, number=2, text=f"{HOSTILE} {HOSTILE}")], listings=[],
        updates=[], citations=[cited(1, 2, 9)],
    )  # fmt: skip


def cited(revision: int, start: int, end: int) -> Cited:
    return Cited(story="talks", number=1, paragraph=1, position=1, text="", revision=revision, start=start, end=end)


def hostile_pages(site: Site) -> dict[str, str]:
    """Every page that can be made of values, with markup in every field that a source or an operator fills."""
    update = an_update(1, HOSTILE, reason=HOSTILE, title=HOSTILE, language=HOSTILE)
    page = replace(
        WHOLE, title=HOSTILE, lead=HOSTILE, image_alt=HOSTILE, image_credit=HOSTILE, language=HOSTILE,
        updates=(update, an_update(2, HOSTILE)), versions=(version_of(1, HOSTILE),),
    )  # fmt: skip
    newest = Newest(number=1, kind=HOSTILE, reason=HOSTILE, published_at=NOON)
    stories = [line_of("talks", title=HOSTILE, lead=HOSTILE, language=HOSTILE, newest=newest)]
    gaps = Gaps(key="some", title="T", says="S", none="N", gaps=[Gap(what=HOSTILE, source=SourceKey("a"), since=NOON)], more=3)
    hit = Hit(
        statement=StatementId(1), revision=RevisionId(1), version=2, language=HOSTILE, source=SourceKey("a"), family="a",
        lane="primary", said_at=NOON, said_day="", url="javascript:alert(1)", title=Marked(HOSTILE, ((0, 8),)),
        snippet=Marked(HOSTILE, ((3, 5),)),
    )  # fmt: skip
    asked = Asked(query=HOSTILE, chosen={"source": HOSTILE}, sources=[("a", HOSTILE)], stories=[(HOSTILE, HOSTILE)])
    return {
        "story": story_page_html(page, site),
        "newest": story_page_html(page, site, newest_first=True),
        "statement": statement_page(hostile_statement(), site, names={SourceKey(HOSTILE): HOSTILE}),
        "index": index_page(stories, site),
        "missed": missed_page(Missed(as_of=NOON, parts=[gaps], names={SourceKey("a"): HOSTILE}), site),
        "about": "".join(
            about_page(About(contact=HOSTILE, sources=[Terms(key=SourceKey("a"), name=HOSTILE, licence=HOSTILE)]), site)
        ),
        "search": search_page(asked, Page(hits=[hit], next="1.2.3", back_to=NOON), site),
    }


# --- Locked. ---


@pytest.mark.parametrize("site", [STATIC, LIVE], ids=["static", "served"])
def test_nothing_that_a_source_wrote_is_markup_on_any_page(site: Site) -> None:
    for name, html in hostile_pages(site).items():
        soup = soup_of(html)
        ours = ["../live.js" if name == "statement" else "live.js"] if site.live else []
        assert [one.get("src") for one in running_scripts(soup)] == ours, name
        assert soup.find_all(["img", "iframe", "object", "embed", "base", "svg"]) == [], name
        tags = soup.find_all(True)
        assert [one for one in tags for key in one.attrs if key.startswith("on") or (key in ("style", "srcdoc", "action")
                and (key != "action" or one[key] != "search.html"))] == [], name  # fmt: skip
        assert [one for one in tags if str(one.get("href", "")).lower().startswith(("javascript", "data"))] == [], name
        assert "<script>alert(1)" not in html, name
        assert "&lt;script&gt;alert(1)" in html, name


@pytest.mark.parametrize("site", [STATIC, LIVE], ids=["static", "served"])
def test_each_page_names_all_that_a_browser_may_load_and_its_style_sheet_by_its_hash(site: Site) -> None:
    for name, html in hostile_pages(site).items():
        soup = soup_of(html)
        (said,) = soup.select("meta[http-equiv=Content-Security-Policy]")
        policy = dict(part.split(" ", 1) for part in str(said["content"]).split("; "))
        (style,) = soup.find_all("style")
        digest = base64.b64encode(hashlib.sha256(style.get_text().encode()).digest()).decode()
        expected = {
            "default-src": "'none'", "style-src": f"'sha256-{digest}'", "img-src": "'self'", "base-uri": "'none'",
            "form-action": "'none'",
        }  # fmt: skip
        if site.live:
            expected |= {"script-src": "'self'", "connect-src": "'self'", "form-action": "'self'"}
        assert policy == expected, name
        assert "unsafe" not in str(said["content"]), name
        before = [one.name for one in said.find_all_previous() if one.name in ("style", "script", "link", "img")]
        assert before == [], name  # a policy holds from where it stands
        assert soup.select("[style]") == [], name
        assert not re.search(r"url\(|@import|http", style.get_text().replace('[href^="http"]', "")), name


def test_only_what_is_served_runs_a_script_listens_and_searches() -> None:
    soup = soup_of(story_page_html(PAGE, LIVE))
    assert soup.main is not None
    assert soup.main["data-story"] == "talks"
    assert soup.main["data-events"] == "events/talks"
    assert (soup.main["data-newest"], soup.main["data-order"]) == ("2", "oldest")
    (live,) = soup.select("#live")
    assert (live["role"], live.get_text()) == ("status", "")
    assert [one["src"] for one in running_scripts(soup)] == ["live.js"]
    assert soup.select("header a[href='search.html']")
    statement = soup_of(statement_page(hostile_statement(), LIVE))
    assert [one["src"] for one in running_scripts(statement)] == ["../live.js"]
    still = soup_of(story_page_html(PAGE, STATIC))
    assert still.select("[data-events], #live, form, header a[href='search.html']") == []
    assert running_scripts(still) == []


# --- A story. ---


def test_the_two_orders_hold_the_same_and_lead_to_each_other() -> None:
    oldest, newest = (soup_of(story_page_html(PAGE, STATIC, newest_first=one)) for one in (False, True))
    ids = [one["id"] for one in oldest.find_all("article")]
    assert [one["id"] for one in newest.find_all("article")] == ids[::-1]
    assert [one["href"] for one in oldest.select(".order a")] == ["talks.newest.html#updates"]
    assert [one["href"] for one in newest.select(".order a")] == ["talks.html#updates"]
    assert [one.get_text() for one in newest.select(".order [aria-current]")] == ["Newest first"]
    assert oldest.select("script[type='application/ld+json']")
    assert [str(one["href"]) for one in newest.select("link[rel=canonical]")] == ["https://news.example.org/talks.html"]


def test_a_late_update_says_where_what_was_told_before_it_stands() -> None:
    late = an_update(3, "They had met.", said_at=NOON)
    page = replace(PAGE, updates=(*PAGE.updates, late))
    assert "before what stands above" in story_page_html(page, STATIC)
    assert "before what stands below" in story_page_html(page, STATIC, newest_first=True)


SAID = st.builds(
    an_update,
    st.just(0),
    st.just("They met."),
    kind=st.sampled_from(UpdateKind),
    said_at=st.integers(0, 72).map(lambda hours: NOON + timedelta(hours=hours - 36)),
    said_day=st.sampled_from(["", "", "2025-08-14", "2025-08-15"]),
)


@given(st.lists(SAID, max_size=8))
def test_what_came_late_is_what_was_said_before_anything_that_stands_above_it(said: list[Update]) -> None:
    page = replace(PAGE, updates=tuple(replace(one, number=number) for number, one in enumerate(said, 1)), marks=())

    def is_before(one: Update, other: Update) -> bool:
        if one.said_day or other.said_day:
            return (one.said_day or one.said_at.date().isoformat()) < (other.said_day or other.said_at.date().isoformat())
        return one.said_at < other.said_at

    for update in page.updates:
        above = [one for one in page.updates[: update.number - 1] if one.kind is not UpdateKind.WITHDRAWN]
        late = update.kind in (UpdateKind.NEW, UpdateKind.ADDS) and any(is_before(update, one) for one in above)
        assert shown.came_late(page, update) == late


@pytest.mark.parametrize(
    ("at", "zone", "said"),
    [
        (NOON, "Europe/Moscow", "15:00 in Moscow (UTC+3)"),
        (NOON, "America/New_York", "08:00 in New York (UTC−4)"),
        (NOON, "Asia/Kolkata", "17:30 in Kolkata (UTC+5:30)"),
        (NOON + timedelta(hours=10), "Europe/Moscow", "15 August, 01:00 in Moscow (UTC+3)"),
        (NOON, "America/Argentina/Buenos_Aires", "09:00 in Buenos Aires (UTC−3)"),
        (datetime(2025, 1, 14, 12, tzinfo=UTC), "Europe/London", "12:00 in London (UTC+0)"),
        (NOON, "+03:00", "15:00 UTC+3"),
        (NOON, "-09:30", "02:30 UTC−9:30"),
        (NOON, "UTC", ""),
        (NOON, "", ""),
        (NOON, "Etc/UTC", ""),
        (NOON, "Europe/Nowhere", ""),
        (NOON, "../../etc/passwd", ""),
        (NOON, "+99:99", ""),
        (NOON, "+x", ""),
    ],
)
def test_a_time_is_told_by_the_clock_of_its_source(at: datetime, zone: str, said: str) -> None:
    assert shown.written_there(at, zone) == said
    page = replace(PAGE, updates=(an_update(1, "They met.", said_at=at),), marks=(), versions=(version_of(1, zone),))
    found = [one.get_text() for one in soup_of(story_page_html(page, STATIC)).select("article .when span")[1:]]
    assert found == [said] * bool(said)
    day_only = replace(page, updates=(replace(page.updates[0], said_day="2025-08-14"),))
    assert len(soup_of(story_page_html(day_only, STATIC)).select("article .when span")) == 1  # an hour that nobody knows


def test_each_sentence_tells_where_it_stands() -> None:
    told = paragraph_of(1, "They met in the old harbour.", "It was cold.")
    page = replace(PAGE, updates=(an_update(1, "", paragraphs=(told,)),), marks=(), versions=(version_of(1),))
    (details,) = soup_of(story_page_html(page, STATIC)).select("article details")
    assert details.get("open") is None
    links = [(str(one["href"]), one.get_text()) for one in details.find_all("a")]
    assert links == [("statements/1.html#cited-1-0", "0–28"), ("statements/1.html#cited-1-29", "29–41")]
    assert " ".join(details.get_text().split()) == (
        "Source Version 1, read 14 August 2025, 12:00 UTC, at characters 0–28 They met in the old harbour., 29–41 It was cold."
    )


def test_an_unknown_version_is_told_without_a_link() -> None:
    (details,) = soup_of(story_page_html(replace(PAGE, updates=PAGE.updates[:1], marks=()), STATIC)).select("article details")
    assert details.find("a") is None
    assert "At characters 0–25" in " ".join(details.get_text().split())


def test_a_correction_keeps_its_before_and_after_beside_the_sources() -> None:
    soup = soup_of(story_page_html(CORRECTED, STATIC))
    assert [one.get_text() for one in soup.select("#update-2 dd del")]
    assert [str(one["href"]) for one in soup.select("#update-1 .mark a")] == ["#update-2"]


def ten_updates(words: int = 25) -> StoryPage:
    """Ten updates of three paragraphs of two sentences: a thousand characters each, as those of the demo are."""
    updates, versions = [], []
    for number in range(1, 11):
        said = [" ".join(f"word{number}{n}{m}" for m in range(words)) + "." for n in range(6)]
        paragraphs = tuple(paragraph_of(number, *said[n : n + 2]) for n in (0, 2, 4))
        updates.append(an_update(number, "", paragraphs=paragraphs, language="en"))
        versions.append(version_of(number, "Europe/Moscow"))
    return replace(WHOLE, updates=tuple(updates), versions=tuple(versions), marks=(), language="en")


def test_a_page_of_ten_updates_weighs_less_than_sixty_kilobytes() -> None:
    page = ten_updates()
    assert sum(len(one.text) for update in page.updates for one in update.paragraphs) > 10_000
    site = Site(url="https://news.example.org/", live=True, identity="0b9c3f5e-3c8e-4f0e-9d4f-6f1f2f3a4b5c")
    assert len(story_page_html(page, site).encode()) < 60_000


def test_a_page_can_be_read_whatever_its_length_and_direction() -> None:
    endless = "ا" * 20_000
    page = replace(
        PAGE, title=endless, updates=(an_update(1, endless, language="ar", reason=endless),), language="ar", marks=()
    )
    soup = soup_of(story_page_html(page, STATIC))
    assert soup.h1 is not None
    assert (soup.h1.get_text(), soup.h1["dir"], soup.h1["lang"]) == (endless, "auto", "ar")
    (told,) = soup.select("article .told")
    assert (told["dir"], told["lang"], told.get_text()) == ("auto", "ar", endless)
    sheet = styles("style.css", "more.css")
    assert "overflow-wrap:break-word" in sheet
    sides = re.findall(
        r"[{;](?:margin|padding|border|inset|float|text-align)[^:;{}]*:[^;{}]*\b(?:left|right)\b|-(?:left|right):", sheet
    )
    assert sides == []  # sides are named by the direction of the text


# --- For everybody. ---


@pytest.mark.parametrize("site", [STATIC, LIVE], ids=["static", "served"])
def test_headings_landmarks_and_labels_are_in_order_on_every_page(site: Site) -> None:
    for name, html in hostile_pages(site).items():
        soup = soup_of(html)
        levels = [int(one.name[1]) for one in soup.find_all(re.compile("^h[1-6]$"))]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels)), (name, levels)
        assert soup.html is not None
        assert soup.html["lang"] == "en"
        assert soup.title is not None
        assert soup.title.get_text().strip(), name
        skip = soup.select_one("a.skip")
        assert skip is not None
        assert soup.select_one(str(skip["href"])) is not None, name
        ids = [one["id"] for one in soup.find_all(id=True)]
        assert len(ids) == len(set(ids)), name
        fields = soup.select("input, select")
        assert all(soup.select(f"label[for={one['id']}]") for one in fields), name
        assert all(one.get("aria-label") for one in soup.select("nav, [role=region]")), name


def colours(sheet: str) -> Iterator[dict[str, str]]:
    """The two palettes of the style sheet, by name."""
    for block in re.findall(r":root\{([^}]*)\}", sheet):
        yield dict(re.findall(r"--([a-z]+):(#[0-9a-f]{3,6})", block))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_text_can_be_told_from_its_ground_by_day_and_by_night() -> None:
    palettes = list(colours(styles("style.css")))
    assert len(palettes) == 2
    for palette in palettes:
        for text in ("ink", "soft", "link", "seen", "put", "gone", "add"):
            for ground in ("paper", "tint", "hit") if text == "ink" else ("paper", "tint"):
                light, dark = sorted((luminance(palette[text]), luminance(palette[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground, palette)


# --- Statements. ---


def test_a_text_is_cut_where_citations_begin_and_end_and_nothing_of_it_is_lost() -> None:
    text = "They met. It was cold. They left."
    version = Version(
        id=5, number=1, language="en", title="", text=text, seen_at=NOON, source=SourceKey("a"), snapshot=None
    )  # fmt: skip
    spans = [cited(5, 0, 9), cited(5, 4, 22), cited(6, 0, 3), cited(5, 10, 10), cited(5, 30, 900)]
    parts = list(parted(version, spans))
    assert "".join(part.text for part in parts) == text
    assert [(part.text, part.cited) for part in parts] == [
        ("They", True), (" met.", True), (" It was cold.", True), (" They le", False), ("ft.", True),
    ]  # fmt: skip


def test_a_page_that_changes_with_every_look_makes_no_endless_page() -> None:
    found = hostile_statement()
    one = replace(found.versions[0], language="en", edit=None)
    versions = [replace(one, id=number, number=number, text=f"The talks. Read {number} times.") for number in range(1, 501)]
    soup = soup_of(statement_page(replace(found, versions=versions, citations=[cited(7, 0, 10)]), STATIC))
    sections = soup.select("section.version")
    assert [str(section["id"]) for section in sections] == [f"revision-{one.id}" for one in versions]
    whole = [number for number, section in enumerate(sections, 1) if f"Read {number} times." in section.get_text()]
    assert whole == [1, 7, *range(451, 501)]
    assert len(soup.select("section.version details del")) == 2 * 51  # the word that went, and what the marks mean
    assert len(sections[1].get_text()) < 400


def test_a_statement_shows_its_versions_what_changed_and_where_it_was_read(tmp_path: Path, web: Web, sandbox: Sandbox) -> None:
    url = f"sqlite:///{tmp_path}/aggregator.sqlite"
    with closing(lived(tmp_path, web, sandbox, url).store) as store, store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
        assert page is not None
        pages = {one.statement: statement_detail(tx, one.statement) for one in page.versions}
        reports = [source_report(tx, one.key) for one in all_sources(tx)]
        gaps = missed(tx, now=NOON + timedelta(hours=5))
    soups = {key: soup_of(statement_page(one, STATIC, names={SourceKey("a"): "Alpha"})) for key, one in pages.items() if one}
    for update in page.updates:  # every link of the story to a span leads to its very words
        for sentence in (one for part in update.paragraphs for one in part.sentences):
            for cited_ in sentence.citations:
                version = next(one for one in page.versions if one.revision == cited_.revision)
                (mark, *_) = soups[version.statement].select(f"#cited-{cited_.revision}-{cited_.start}")
                text = "".join([mark.get_text(), *(str(one.get_text()) for one in mark.next_siblings)])
                assert " ".join(text[: cited_.end - cited_.start].split()) == sentence.text
    (edited,) = [one for one in soups.values() if len(one.select(".version")) == 2]
    assert [one.get_text() for one in edited.select(".version details .text del, .version details .text ins")] == [
        "[removed: 2] ",
        "[added: 12] ",
    ]
    said = " ".join(edited.get_text().split())
    assert "Where it was told" in said
    assert "not encrypted" in said
    assert re.search("SHA-256[0-9a-f]{64}", said)
    assert {str(one["href"]).partition("#")[0] for one in edited.select("#told a")} >= {"../talks.html"}
    assert any(one.find(string=re.compile("Published in error")) for one in soups.values())
    assert any(report is not None and report.dropped for report in reports)
    by_key = {part.key: part for part in gaps.parts}
    assert [gap.source for gap in by_key["failing"].gaps] + [gap.source for gap in by_key["not-the-page"].gaps] == ["d"]
    assert {gap.source for gap in by_key["dropped"].gaps} == {"a"}


# --- Stories, sources, gaps. ---


def test_the_front_page_names_open_stories_first_with_their_newest_update() -> None:
    stories = [line_of("talks"), line_of("quiet", newest=None, updates=0), line_of("old", open=False)]
    soup = soup_of(index_page(stories, STATIC))
    assert [one.get_text() for one in soup.find_all("h2")] == ["Open", "Ended"]
    assert [one.get_text() for one in soup.find_all("h3")] == ["The talks", "The quiet", "The old"]
    assert [str(one["href"]) for one in soup.select(".newest a")] == ["talks.html#update-3", "old.html#update-3"]
    assert "No update yet" in soup.get_text()
    assert "No story is followed yet" in index_page([], STATIC)


def test_stories_stand_in_the_order_of_their_newest_updates(two_stories: Desk) -> None:
    two_stories.settle()
    with two_stories.store.write() as tx:
        add_act(tx, NewAct(kind=DeskKind.CLOSE, by="A Person", why="enough", story=StoryKey("more")), at=two_stories.clock())
    with two_stories.store.read() as tx:
        lines = story_lines(tx, now=two_stories.clock())
        later = story_lines(tx, now=two_stories.clock() + timedelta(days=60))
    assert [(one.key, one.open, one.updates) for one in lines] == [("talks", True, 6), ("more", False, 6)]
    assert [one.open for one in later] == [False, False]  # their windows are over
    assert lines[0].newest is not None
    assert lines[0].newest.number == 6


def test_sources_and_gaps_say_how_things_stand(web: Web, desk: Callable[[str], Desk]) -> None:
    wall = b"<html><head><title>Just a moment...</title></head><body>Checking your browser before accessing</body></html>"
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on."), "<item><title>No day</title></item>"), "/a")
    web.answers["/b"] = Answer(b"gone", 500)
    web.answers["/c"] = Answer(wall, 403, headers={"content-type": "text/html", "server": "cloudflare"})
    blocks = [source_block(key, web.url(f"/{key}"), name=key.upper()) for key in "abcd"]
    blocks[0] += 'zone = "Europe/Paris"\nlicence = "CC BY 4.0 <b>"\nnote = "a secret of the desk"\n'
    at_work = desk(STORY + 'hold_reporting = "1d"\n' + "".join(blocks))
    at_work.poll("a", "b", "c")
    with at_work.store.read() as tx:
        found = missed(tx, now=at_work.clock())
        reports = {one.key: source_report(tx, one.key) for one in all_sources(tx)}
        states = [*listed_sources(tx)]
        assert [one.key for one in listed_sources(tx, ~FOLLOWED)] == []
        contact = soup_of("".join(about_page(about(tx, contact="desk@example.org"), STATIC)))
    by_key = {part.key: [gap.source for gap in part.gaps] for part in found.parts}
    there = {"failing": ["b"], "not-the-page": ["c"], "not-read": ["d"], "dropped": ["a"]}
    assert by_key == {**there, "gaps": [], "habits": [], "held": [], "closed": []}
    soup = soup_of(missed_page(found, STATIC))
    assert [str(one["href"]) for one in soup.select("#failing a, #dropped a")] == ["sources/b.html", "sources/a.html"]
    good = reports[SourceKey("a")]
    assert good is not None
    page = soup_of(source_page(good, STATIC))
    said = " ".join(page.get_text().split())
    assert "CC BY 4.0 <b>" in said
    assert "Europe/Paris" in said
    assert "a secret of the desk" not in said
    assert [one.get_text() for one in page.select("tbody .number")] == ["2", "1", "0", "0", "0", "1"]
    assert "No day" in said
    broken = reports[SourceKey("b")]
    assert broken is not None
    assert "Did not answer" in source_page(broken, STATIC)
    listed = soup_of("".join(sources_page(STATIC, primary=states, reporting=[], dropped=[])))
    assert [str(one["href"]) for one in listed.select("tbody a")] == [f"../sources/{key}.html" for key in "abcd"]
    assert contact.select("a[href='mailto:desk@example.org']")
    assert "CC BY 4.0 <b>" in contact.get_text()
    assert source_report_of(at_work, "nobody") is None


def source_report_of(desk: Desk, key: str) -> object:
    with desk.store.read() as tx:
        return source_report(tx, SourceKey(key))


def test_what_is_held_is_counted_and_not_told(two_stories: Desk) -> None:
    with two_stories.store.write() as tx:
        tx.exec_driver_sql("UPDATE candidates SET state = 'held', note = 'held by A Person: doubts' WHERE story = 'talks'")
    with two_stories.store.read() as tx:
        found = missed(tx, now=two_stories.clock())
    (held,) = [part for part in found.parts if part.key == "held"]
    assert [(gap.what, gap.source, *gap.stories) for gap in held.gaps] == [("6 statements held by the desk", "a", "talks")]
    html = missed_page(found, STATIC)
    assert "Person" not in html
    assert "Talks on grain" not in html


def test_search_keeps_what_was_asked_and_leads_on() -> None:
    asked = Asked(query='a "b" & c', chosen={"source": "a", "since": "2025-08-01"}, sources=[("a", "Alpha"), ("b", "Beta")])
    soup = soup_of(search_page(asked, Page(hits=[], next="1f.aa.bb"), LIVE))
    assert soup.select_one("#q")["value"] == 'a "b" & c'  # type: ignore[index]  # fails loudly where there is none
    assert [one["value"] for one in soup.select("option[selected]")] == ["a"]
    assert soup.select_one("a[rel=next]")["href"] == (  # type: ignore[index]  # the same
        "search.html?q=a+%22b%22+%26+c&source=a&since=2025-08-01&after=1f.aa.bb"
    )
    (form,) = soup.select("form")
    assert (form["method"], form["action"]) == ("get", "search.html")
    wrong = soup_of(search_page(Asked(query='"', error="A quotation mark is open."), None, LIVE))
    assert [one.get_text() for one in wrong.select("[role=alert]")] == ["A quotation mark is open."]


def test_the_site_has_the_identity_of_its_store_and_an_address_that_ends_with_a_slash(two_stories: Desk) -> None:
    with two_stories.store.read() as tx:
        known = tx.exec_driver_sql("SELECT id FROM identity").scalar_one()
    assert site_of(two_stories.store, two_stories.config) == Site(identity=known)
    web = two_stories.config.web.model_copy(update={"url": "https://e.org/news", "hub": "https://hub.example/"})
    config = two_stories.config.model_copy(update={"web": web})
    there = site_of(two_stories.store, config, live=True)
    assert there == Site(identity=known, url="https://e.org/news/", hub="https://hub.example/", live=True)
    assert there.address("a.html") == "https://e.org/news/a.html"
