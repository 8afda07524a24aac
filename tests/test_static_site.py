"""The static site: all of it, and of it only what has changed."""

from __future__ import annotations

import os
import re
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from bs4 import BeautifulSoup

from aggregator.config import load_config
from aggregator.model import GapKind, SourceKey, StoryKey
from aggregator.pipeline import sync
from aggregator.publish import drain, source_pages
from aggregator.publish.folder import NOTES, Folder
from aggregator.publish.formats import SUFFIXES
from aggregator.publish.html import source_page
from aggregator.publish.places import ABOUT, SOURCES, Site
from aggregator.publish.site import site_of
from aggregator.publish.source_pages import EVERY, SLICE
from aggregator.publish.static import MOST_AGAIN, STATE, StaticSite, story_files
from aggregator.store.fingerprints import source_marks
from aggregator.store.gaps import Closing, NewGap, close_gaps, open_gaps
from aggregator.store.health import SourceReport
from aggregator.store.outbox import queue
from aggregator.store.pages import first_pages, newest_pages, story_page
from aggregator.store.sources import sync_sources
from tests.conftest import STORY, Answer, Desk, Web, item, rss, source_block, write_feeds

TEXT = "The talks on grain went on in Geneva for another week, said the delegation."


def site_folder(desk: Desk) -> Path:
    return desk.config.service.storage / "site"


def files_of(desk: Desk) -> dict[str, tuple[int, bytes]]:
    """Every file of the site, with what tells whether it was written again."""
    root = site_folder(desk)
    paths = [path for path in root.rglob("*") if path.is_file() and NOTES not in path.parts]
    return {str(path.relative_to(root)): (path.stat().st_ino, path.read_bytes()) for path in paths}


def written(before: dict[str, tuple[int, bytes]], after: dict[str, tuple[int, bytes]]) -> set[str]:
    return {name for name, said in after.items() if before.get(name) != said}


def bring_out(desk: Desk, site: Site | None = None) -> int:
    """One pass; how many files it wrote is seen from outside."""
    place = site or site_of(desk.store, desk.config)
    return drain(desk.store, site_folder(desk), now=desk.clock(), site=place).failures


@pytest.fixture
def at_work(web: Web, desk: Callable[[str], Desk]) -> Desk:
    """Two stories of different sources, of which one has told something."""
    web.serve(rss(item("one", "Talks on grain", TEXT)), "/a")
    web.serve(rss(item("two", "Barley prices", "Barley costs more than last week, said the exchange.")), "/b")
    second = STORY.replace("stories.talks", "stories.barley").replace('"talks"', '"barley"')
    blocks = source_block("a", web.url("/a")) + source_block("b", web.url("/b"))
    found = desk(STORY + second + blocks)
    found.poll("a")
    found.settle()
    return found


def test_the_site_is_whole_and_every_link_in_it_leads_somewhere(at_work: Desk) -> None:
    found = files_of(at_work)
    stories = {f"{key}.{suffix}" for key in ("talks", "barley") for suffix in SUFFIXES.values()}
    others = {
        "index.html",
        "missed.html",
        "about.html",
        "icon.svg",
        "robots.txt",
        "feed.atom",
        "feed.json",
        "statements/1.html",
    }
    sources = {"sources/index.html", "sources/a.html", "sources/b.html"}
    assert set(found) == {*stories, *others, *sources}
    for name, (_, body) in found.items():
        if not name.endswith(".html"):
            continue
        soup = BeautifulSoup(body, "lxml")
        for element in soup.select("[href], [src]"):
            address, place = urldefrag(urljoin(f"site:///{name}", str(element.get("href") or element.get("src"))))
            if not address.startswith("site:///"):
                continue
            there = found.get(address.removeprefix("site:///"))
            assert there is not None, (name, address)
            assert not place or BeautifulSoup(there[1], "lxml").find(id=place) is not None, (name, address, place)


def test_what_a_page_of_a_story_needs_is_there_before_the_page(
    at_work: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "fresh"
    order: list[str] = []

    def noted(pairs: Iterable[tuple[Path, Path]]) -> None:
        for beside, path in pairs:
            order.append(path.relative_to(root).as_posix())
            beside.replace(path)

    monkeypatch.setattr("aggregator.publish.folder.take_place", noted)
    static = StaticSite(at_work.store, root, Site(), now=at_work.clock())
    static.write_story(StoryKey("talks"))
    static.refresh(published=True)
    assert order[0] == "icon.svg"
    assert order.index("statements/1.html") < order.index("talks.html")
    assert len([one for one in order if one == "icon.svg"]) == 1


def test_a_story_without_an_update_has_its_page(at_work: Desk) -> None:
    assert "No update yet." in (site_folder(at_work) / "barley.html").read_text()


def test_a_pass_without_news_writes_nothing(at_work: Desk) -> None:
    before = files_of(at_work)
    at_work.clock.forward(minutes=9)
    assert bring_out(at_work, site_of(at_work.store, at_work.config)) == 0
    first = files_of(at_work)
    assert bring_out(at_work) == 0
    assert written(first, files_of(at_work)) == set()
    assert set(before) == set(first)


def test_an_update_writes_its_story_and_what_leads_to_it_and_nothing_else(at_work: Desk) -> None:
    bring_out(at_work)
    at_work.poll("b")
    before = files_of(at_work)
    at_work.settle(minutes=9, seconds=59)
    assert written(before, files_of(at_work)) == set()
    at_work.clock.forward(seconds=1)
    at_work.settle(seconds=0)
    beside = {name for name in files_of(at_work) if name.startswith("sources/")} | {"missed.html"}  # ten minutes are over
    changed = written(before, files_of(at_work)) - beside
    forms = {f"barley.{suffix}" for suffix in SUFFIXES.values() if suffix != "oembed.json"}  # it holds the title alone
    assert changed == {*forms, "statements/2.html", "index.html", "feed.atom", "feed.json"}


def test_how_sources_do_is_written_every_ten_minutes_and_no_sooner(at_work: Desk) -> None:
    bring_out(at_work)
    started = at_work.clock()
    before = files_of(at_work)
    for minutes in range(1, 10):
        at_work.clock.now = started + timedelta(minutes=minutes)
        at_work.poll("b")
        bring_out(at_work)
    assert {name for name in written(before, files_of(at_work)) if name.startswith(("sources", "missed"))} == set()
    at_work.clock.now = started + timedelta(minutes=10)
    bring_out(at_work)
    changed = written(before, files_of(at_work))
    assert {"sources/index.html", "missed.html"} <= changed
    assert not changed & {"talks.html", "statements/1.html", "about.html"}


def test_what_was_lost_or_spoilt_is_written_again(at_work: Desk) -> None:
    bring_out(at_work)
    before = files_of(at_work)
    root = site_folder(at_work)
    (root / "barley.html").unlink()
    (root / "statements" / "1.html").unlink()
    (root / "talks.html").write_text("spoilt")
    with at_work.store.write() as tx:
        queue(tx, target="site", key="again", payload={"story": "talks"}, at=at_work.clock())
    bring_out(at_work)
    after = files_of(at_work)
    assert {name: body for name, (_, body) in before.items()} == {name: body for name, (_, body) in after.items()}


def test_notes_that_cannot_be_read_only_cost_time(at_work: Desk) -> None:
    bring_out(at_work)
    before = files_of(at_work)
    for path in (site_folder(at_work) / NOTES).glob("*"):
        path.write_bytes(b"\xff[")
    at_work.clock.forward(seconds=1)
    bring_out(at_work)
    changed = written(before, files_of(at_work))
    assert changed <= {"missed.html"}  # its time


def test_another_address_of_the_site_is_told_by_every_page(at_work: Desk) -> None:
    there = replace(site_of(at_work.store, at_work.config), url="https://news.example.org/")
    bring_out(at_work, there)
    for key in ("talks", "barley"):
        assert f'href="https://news.example.org/{key}.html"' in (site_folder(at_work) / f"{key}.html").read_text()
    found = files_of(at_work)
    assert {"sitemap.xml", "news-sitemap.xml"} <= set(found)
    assert b"https://news.example.org/talks.html" in found["sitemap.xml"][1]
    assert b"https://news.example.org/talks.html" in found["news-sitemap.xml"][1]
    assert b"barley" not in found["news-sitemap.xml"][1]  # it has told nothing yet


def test_what_feeds_toml_says_of_a_story_reaches_its_page(at_work: Desk) -> None:
    bring_out(at_work)
    text = at_work.config.path.read_text().replace('title = "Talks in Geneva"', 'title = "Talks by the lake"', 1)
    at_work.config.path.write_text(text)
    sync(at_work.store, load_config(at_work.config.path), now=at_work.clock())
    at_work.clock.forward(minutes=10)
    bring_out(at_work)
    assert "Talks by the lake" in (site_folder(at_work) / "talks.html").read_text()


def test_many_stories_that_look_otherwise_are_written_by_and_by(web: Web, desk: Callable[[str], Desk]) -> None:
    many = "".join(STORY.replace("stories.talks", f"stories.s{n}") for n in range(MOST_AGAIN + 5))
    found = desk(many + source_block("a", web.url("/a")))
    sync(found.store, found.config, now=found.clock())
    bring_out(found)
    assert len(list(site_folder(found).glob("s*.txt"))) == MOST_AGAIN
    bring_out(found)
    assert len(list(site_folder(found).glob("s*.txt"))) == MOST_AGAIN + 5


def test_a_page_that_cannot_be_written_is_tried_again(at_work: Desk) -> None:
    bring_out(at_work)
    root = site_folder(at_work)
    (root / "index.html").unlink()
    (root / "index.html").mkdir()
    (root / "index.html" / "in-the-way").touch()
    with at_work.store.write() as tx:
        queue(tx, target="site", key="again", payload={"story": "talks"}, at=at_work.clock())
    assert bring_out(at_work) == 1
    with at_work.store.read() as tx:
        row = tx.exec_driver_sql("SELECT attempts, delivered_at, last_error FROM outbox WHERE key = 'again'").one()
    assert (row[0], row[1]) == (1, None)
    assert "index.html" in row[2]
    (root / "index.html" / "in-the-way").unlink()
    (root / "index.html").rmdir()
    assert bring_out(at_work) == 0
    assert (root / "index.html").is_file()


def test_files_are_written_whole_in_any_number_and_only_where_they_differ(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "site")
    files = [(f"f{n}/{n}.txt", f"text {n}\n") for n in range(30)]
    assert folder.write(files) == 30
    assert Folder(tmp_path / "site").write([*files, ("new.txt", "\ud800 half a sign")]) == 1
    assert (tmp_path / "site" / "new.txt").read_text() == "? half a sign"
    assert [path.name for path in (tmp_path / "site").rglob("*.new")] == []
    assert folder.write([("f0/0.txt", "TEXT 0\n")]) == 1  # of the same length
    os.chmod(tmp_path / "site" / "f1" / "1.txt", 0o644)
    assert not folder.has("f1")
    assert folder.has("f1/1.txt")


def test_a_gap_is_on_the_page_of_its_story_at_the_next_pass_and_off_it_when_it_is_closed(at_work: Desk) -> None:
    """Neither is a publication: no message tells of it."""
    bring_out(at_work)
    before = files_of(at_work)
    from_at = at_work.clock() - timedelta(hours=1)
    of: dict[str, Any] = {"source": SourceKey("a"), "kind": GapKind.OVERFLOW}
    gap = NewGap(**of, opened_at=at_work.clock(), from_at=from_at, to_at=None, says="Some lines.")
    with at_work.store.write() as tx:
        open_gaps(tx, [gap])
    bring_out(at_work)
    missing = files_of(at_work)
    assert b"Some lines." in missing["talks.html"][1]
    assert not any(name.startswith(("sources/", "statements/")) for name in written(before, missing))
    with at_work.store.write() as tx:
        close_gaps(tx, [Closing(**of, at=at_work.clock(), by="they were found")])
    bring_out(at_work)
    assert b"Some lines." not in files_of(at_work)["talks.html"][1]
    after = files_of(at_work)
    bring_out(at_work)
    assert written(after, files_of(at_work)) == set()


def test_a_large_file_is_written_in_pieces_and_only_where_it_has_changed(tmp_path: Path) -> None:
    def pieces(last: str) -> Iterator[str]:
        for number in range(2_000):
            yield f"{number} {'é' * 10_000}"
        yield last

    folder, path = Folder(tmp_path / "site"), tmp_path / "site" / "pages" / "large.html"
    tracemalloc.start()
    assert folder.write_large("pages/large.html", pieces("end"))
    before = path.stat().st_ino
    assert not folder.write_large("pages/large.html", pieces("end"))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1 << 20 < path.stat().st_size / 32
    assert path.stat().st_ino == before
    assert folder.write_large("pages/large.html", pieces("END"))
    assert path.read_text(encoding="utf-8") == "".join(pieces("END"))
    with pytest.raises(ZeroDivisionError):
        folder.write_large("pages/large.html", (f"{1 / number}" for number in (1, 0)))
    assert [one.name for one in path.parent.iterdir()] == ["large.html"]
    assert path.read_text(encoding="utf-8").endswith("END")


def test_pages_of_all_sources_hold_few_of_them_at_once(at_work: Desk, tmp_path: Path) -> None:
    text = "".join(source_block(f"s{n}", f"https://s{n}.example/feed") for n in range(3_000))
    with at_work.store.write() as tx:
        sync_sources(tx, load_config(write_feeds(tmp_path, text)).sources.values(), now=at_work.clock())
    site = StaticSite(at_work.store, tmp_path / "site", Site(), now=at_work.clock())
    site.refresh(published=False)  # what is made once is there
    later = StaticSite(at_work.store, tmp_path / "site", Site(), now=at_work.clock() + timedelta(minutes=11))
    tracemalloc.start()
    later.refresh(published=False)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    written = [(tmp_path / "site" / name).stat().st_size for name in (SOURCES, ABOUT)]
    assert sum(written) > 500_000
    assert most < 2 * sum(written)


def test_a_page_with_some_updates_tells_them_as_the_whole_page_does(two_stories: Desk) -> None:
    two_stories.settle()
    with two_stories.store.read() as tx:
        whole = story_page(tx, StoryKey("talks"))
        newest = newest_pages(tx, most=8)
        first = first_pages(tx, since=two_stories.clock() - timedelta(days=1))
        none = first_pages(tx, since=two_stories.clock() + timedelta(days=1))
    assert whole is not None
    assert [page.key for page in newest] == ["more", "talks"]
    assert sum(len(page.updates) for page in newest) == 8
    told = newest[1].updates
    assert told == whole.updates[-len(told) :]
    assert [(page.key, [one.number for one in page.updates]) for page in first] == [("more", [1]), ("talks", [1])]
    assert none == []


def test_the_files_of_a_story_are_those_that_its_page_links_to(two_stories: Desk) -> None:
    two_stories.settle()
    with two_stories.store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
    assert page is not None
    names = dict(story_files(page, Site()))
    linked = re.findall(r'href="(talks\.[a-z.]+)[#"]', names["talks.html"])
    assert {*linked, "talks.html"} == set(names)


def test_the_pages_of_many_sources_are_written_few_at_a_time_and_all_of_them(web: Web, desk: Callable[[str], Desk]) -> None:
    blocks = "".join(source_block(f"s{n:03}", web.url(f"/{n}")) for n in range(2 * SLICE + 1))
    at_work = desk(blocks)
    sync(at_work.store, at_work.config, now=at_work.clock())

    def pages() -> set[str]:
        return {name for name in files_of(at_work) if name.startswith("sources/s")}

    grown = []
    for _ in range(4):
        bring_out(at_work)
        grown.append(len(pages()))
    assert grown == [SLICE, 2 * SLICE, 2 * SLICE + 1, 2 * SLICE + 1]
    before = files_of(at_work)
    for _ in range(3):
        at_work.clock.forward(minutes=10)
        bring_out(at_work)
    assert not any(name.startswith("sources/s") for name in written(before, files_of(at_work)))


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources whose pages were made since."""
    found: list[str] = []

    def noted(report: SourceReport, site: Site) -> str:
        found.append(report.state.key)
        return source_page(report, site)

    monkeypatch.setattr(source_pages, "source_page", noted)
    return found


def test_the_page_of_a_source_is_made_where_something_has_changed(at_work: Desk, reported: list[str]) -> None:
    for _ in range(3):
        bring_out(at_work)
    reported.clear()
    at_work.clock.forward(minutes=10)
    bring_out(at_work)
    assert reported == []
    at_work.poll("b")
    bring_out(at_work)
    assert reported == []  # it is not time yet
    at_work.clock.forward(minutes=10)
    bring_out(at_work)
    assert reported == ["b"]
    bring_out(at_work, replace(site_of(at_work.store, at_work.config), url="https://news.example.org/"))
    (site_folder(at_work) / "sources" / "a.html").unlink()
    at_work.clock.forward(minutes=10)
    bring_out(at_work)
    assert reported == ["b", "a"]  # the other address was gone again before it was their turn


def test_all_that_a_page_of_a_source_shows_is_behind_its_mark(at_work: Desk) -> None:
    shown: dict[str, object] = dict.fromkeys(("name", "family", "url", "homepage", "language", "plan", "moved_to"), "other")
    shown |= {"lane": "reporting", "last_outcome": "failed", "failures": 7, "active": False, "instead_of": "a"}
    first, other = SourceKey("a"), SourceKey("b")
    times = ("first_seen_at", "next_poll_at", "last_poll_at", "last_change_at")
    shown |= dict.fromkeys(times, "2020-02-02T00:00:00.000000Z")
    for column, value in shown.items():
        with at_work.store.write() as tx:
            before = source_marks(tx, [first, other])
            tx.exec_driver_sql(f"UPDATE sources SET {column} = ? WHERE key = 'a'", (value,))  # noqa: S608 - names from above
            after = source_marks(tx, [first, other])
        assert (after[first] != before[first], after[other]) == (True, before[other]), column


def test_every_source_is_looked_at_within_the_time_of_a_round(web: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk("".join(source_block(f"s{n:03}", web.url(f"/{n}")) for n in range(2 * SLICE + 1)))
    sync(at_work.store, at_work.config, now=at_work.clock())
    for _ in range(4):
        bring_out(at_work)
    with at_work.store.write() as tx:
        tx.exec_driver_sql("UPDATE sources SET plan = 'as its own times say'")
    before = files_of(at_work)
    for _ in range(3):
        bring_out(at_work)
        at_work.clock.forward(seconds=EVERY.total_seconds() / 2)
    bring_out(at_work)
    assert len([name for name in written(before, files_of(at_work)) if name.startswith("sources/s")]) == 2 * SLICE + 1


def test_a_source_that_is_new_has_its_page_at_the_next_pass(at_work: Desk, web: Web) -> None:
    bring_out(at_work)
    more = write_feeds(at_work.config.path.parent, at_work.config.path.read_text() + source_block("c", web.url("/c")))
    sync(at_work.store, load_config(more), now=at_work.clock())
    bring_out(at_work)
    assert "sources/c.html" in files_of(at_work)


def test_how_a_source_does_is_written_within_the_hour(at_work: Desk, web: Web) -> None:
    bring_out(at_work)
    before = files_of(at_work)
    web.answers["/a"] = Answer(status=500)
    at_work.clock.forward(minutes=61)
    at_work.poll("a")
    for _ in range(3):
        bring_out(at_work)
    assert "sources/a.html" in written(before, files_of(at_work))


def test_a_story_that_was_written_for_its_update_is_not_written_again(at_work: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_out(at_work)
    folder = Folder(site_folder(at_work))
    folder.note(STATE, {**folder.notes(STATE), "left": ["talks"]})
    written_: list[StoryKey] = []
    write = StaticSite.write_story

    def noted(site: StaticSite, key: StoryKey) -> None:
        written_.append(key)
        write(site, key)

    monkeypatch.setattr(StaticSite, "write_story", noted)
    with at_work.store.write() as tx:
        queue(tx, target="site", key="site:talks:again", payload={"story": "talks"}, at=at_work.clock())
    bring_out(at_work)
    assert written_ == ["talks"]
    bring_out(at_work)
    assert written_ == ["talks"]
    assert folder.notes(STATE)["left"] == []
