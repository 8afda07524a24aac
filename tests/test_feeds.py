"""Atom and JSON Feed: valid for readers that are not ours, whole, and with ids and times that stay."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree

from aggregator.model import DeskAct, DeskKind, StoryKey, StoryPage
from aggregator.publish import atom, jsonfeed, render
from aggregator.publish.entries import MOST
from aggregator.publish.formats import archives
from aggregator.publish.newest import feeds_of
from aggregator.publish.places import Site
from aggregator.sources import parse_feed
from tests.conftest import NOON
from tests.told import CORRECTED, HOSTILE, SITE, TEXTS, WITHDRAWN, an_update, echo, pages, story, updates, with_update

DATA = Path(__file__).parent / "data/formats"
GRAMMAR = etree.RelaxNG(etree.parse(DATA / "atom.rng"))
JSON_FEED = Draft202012Validator(json.loads((DATA / "jsonfeed.schema.json").read_text(encoding="utf-8")))
ATOM = {"a": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}
FORMS = ("atom", "jsonfeed")


# --- valid


def checked(text: str) -> etree._Element:
    """An Atom document in which everything is as RFC 4287 demands; what its grammar cannot say is checked one by one."""
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    GRAMMAR.assertValid(root)
    ids = texts(root, "a:entry/a:id")
    assert len(set(ids)) == len(ids)  # 4.1.1: entries of one id would need other times
    for part in [root, *root.iterfind("a:entry", ATOM)]:
        assert part.find("a:author", ATOM) is not None or root.find("a:author", ATOM) is not None  # 4.1.1, 4.1.2
        links = part.findall("a:link", ATOM)
        alternates = [(one.get("type"), one.get("hreflang")) for one in links if one.get("rel") == "alternate"]
        assert len(set(alternates)) == len(alternates) > 0  # 4.1.1, 4.1.2; an entry without one would need its content
        assert sum(one.get("rel") == "self" for one in links) == (part is root)
    for one in root.iterfind("a:entry", ATOM):
        assert datetime.fromisoformat(texts(one, "a:published")[0]) <= datetime.fromisoformat(texts(one, "a:updated")[0])
    assert all(ident.startswith("tag:") for ident in [*ids, *texts(root, "a:id")])  # 4.2.6: absolute
    changed = [datetime.fromisoformat(one) for one in texts(root, "a:entry/a:updated")]
    assert changed == [] or datetime.fromisoformat(texts(root, "a:updated")[0]) >= max(changed)
    return root


def texts(element: etree._Element, path: str) -> list[str]:
    return [one.text or "" for one in element.iterfind(path, ATOM)]


def linked(element: etree._Element, rel: str) -> list[str]:
    return [one.get("href", "") for one in element.iterfind("a:link", ATOM) if one.get("rel") == rel]


def checked_json(text: str) -> dict[str, Any]:
    """A JSON Feed in which everything is as the standard demands."""
    feed = dict(json.loads(text.encode()))
    JSON_FEED.validate(feed)
    assert len({one["id"] for one in feed["items"]}) == len(feed["items"])
    return feed


def everything(page: StoryPage, site: Site) -> list[str]:
    return [render(page, "atom", site=site), feeds_of([page], site)["feed.atom"]]


@given(page=pages(), site=st.sampled_from([SITE, Site()]))
@settings(max_examples=60)
def test_a_feed_is_valid_whatever_a_source_wrote(page: StoryPage, site: Site) -> None:
    for text in everything(page, site):
        root = checked(text)
        read = feedparser.parse(io.BytesIO(text.encode()))
        assert not read.bozo
        assert [one.id for one in read.entries] == texts(root, "a:entry/a:id")
    for text in (render(page, "jsonfeed", site=site), feeds_of([page], site)["feed.json"]):
        feed = checked_json(text)
        assert [one["id"] for one in feed["items"]] == texts(root, "a:entry/a:id")
        for item in feed["items"]:
            assert harmless(item["content_html"]), item["content_html"]
    assert [element.text for element in root.iterfind("a:entry/a:content", ATOM)] == [
        no_controls(one["content_html"]) for one in feed["items"]
    ]


def no_controls(text: str) -> str:
    """A text as XML hands it on."""
    return "".join(
        sign for sign in text if sign in "\t\n\r" or " " <= sign < "\ud800" or "\ue000" <= sign < "\ufffe" or sign > "\uffff"
    )


def harmless(html: str) -> bool:
    """Whether nothing in it runs or loads, and it holds only the elements that we write."""
    soup = BeautifulSoup(html, "lxml")
    elements = {one.name for one in soup.find_all(True)}
    named = {name for one in soup.find_all(True) for name in one.attrs}
    links = {str(one["href"]).partition(":")[0] for one in soup.find_all("a", href=True)}
    ours = {"html", "body", "p", "em", "strong", "a", "blockquote", "del", "ins"}
    relative = {one for one in links if one.startswith("talks.html")}
    return elements <= ours and named <= {"href", "lang", "dir"} and links - relative <= {"http", "https"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_arrives_as_it_is_and_as_text(text: str) -> None:
    page = replace(story(1), title=f"Talks {text}", updates=(an_update(1, text, title=f"So {text}", reason=text),))
    plain = f"Update.1: So {text}".replace("\ud800", "\ufffd").replace("\udfff", "\ufffd")
    expected = " ".join(no_controls(" ".join(plain.split())).split())
    root = checked(render(page, "atom", site=SITE))
    assert " ".join(texts(root, "a:entry/a:title")[0].split()) == expected
    read = feedparser.parse(io.BytesIO(render(page, "atom", site=SITE).encode()))
    assert "<script" not in read.entries[0].content[0].value
    assert json.loads(render(page, "jsonfeed", site=SITE))["items"][0]["title"].startswith("Update.1: So")


@pytest.mark.parametrize("form", FORMS)
def test_a_title_of_a_megabyte_is_cut(form: str) -> None:
    long = "word " * 200_000
    page = replace(story(1), title=long, lead=long, updates=(an_update(1, title=long, reason="x" * 1_000_000),))
    shown = render(page, form, site=SITE)
    assert len(shown) < 10_000
    assert "word…" in shown
    assert "xxx…" in shown


def test_another_reader_finds_everything_in_it() -> None:
    read = feedparser.parse(io.BytesIO(render(WITHDRAWN, "atom", site=SITE).encode()))
    assert not read.bozo
    assert read.version == "atom10"
    assert (read.feed.title, read.feed.subtitle, read.feed.language) == ("Talks in Geneva", "Before the talks", "en")
    assert read.feed.link == "https://news.example.org/talks.html"
    assert {one.rel: one.href for one in read.feed.links if one.rel in ("self", "hub")} == {
        "self": "https://news.example.org/talks.atom",
        "hub": "https://hub.example.org/",
    }
    newest, oldest = read.entries[0], read.entries[-1]
    assert [one.title for one in read.entries] == [f"Update.{n}: Title {n}" for n in (4, 3, 2, 1)]
    assert newest.summary == "Takes Update.2 back."
    assert newest.link == "https://news.example.org/talks.html#update-4"
    assert newest.tags[0].term == "withdrawn"
    assert (oldest.authors[0].name, oldest.authors[0].href) == ("Alpha", "https://alpha.example/1")
    assert [one.href for one in oldest.links if one.rel == "via"] == ["https://alpha.example/1"]
    assert oldest.published == "2025-08-14T13:00:00Z"
    assert "for more info: <a" in oldest.content[0].value


def test_our_own_reader_of_feeds_understands_them() -> None:
    for page in (WITHDRAWN, story(3)):
        read = parse_feed(render(page, "atom", site=SITE).encode(), url=SITE.address("talks.atom"))
        assert [one.id for one in read] == [SITE.update_id(page.key, one.number) for one in reversed(page.updates)]
        assert [one.published for one in read] == [one.published_at for one in reversed(page.updates)]


def test_a_correction_is_told_in_both_entries_and_a_withdrawal_too() -> None:
    items = {one["_update"]["number"]: one for one in json.loads(render(WITHDRAWN, "jsonfeed", site=SITE))["items"]}
    corrected = BeautifulSoup(items[1]["content_html"], "lxml")
    assert [one.get_text() for one in corrected.select("del")] == ["This is said as number 1."]
    assert corrected.select_one("strong a")["href"] == "https://news.example.org/talks.html#update-3"  # type: ignore[index]  # loud
    assert "Withdrawn in Update.4." in BeautifulSoup(items[2]["content_html"], "lxml").get_text()
    corrects = BeautifulSoup(items[3]["content_html"], "lxml")
    assert [one.get_text() for one in corrects.select("blockquote del, blockquote ins")] == [
        "This is said as number 1.",
        "This is said as number one.",
    ]
    assert [(items[n]["_update"]["corrects"], items[n]["_update"]["corrected_by"]) for n in (1, 3)] == [([], [3]), ([1], [])]
    assert items[2]["_update"]["withdrawn_by"] == [4]
    root = checked(render(WITHDRAWN, "atom", site=SITE))
    oldest = root.findall("a:entry", ATOM)[-1]
    assert linked(oldest, "related") == ["https://news.example.org/talks.html#update-3"]
    assert texts(oldest, "a:updated") == ["2025-08-14T15:00:00Z"]  # when Update.3 was published
    assert texts(oldest, "a:published") == ["2025-08-14T13:00:00Z"]


def test_a_source_without_a_web_address_is_named_without_a_link() -> None:
    shown = replace(
        story(1), updates=(an_update(1, attributions=(replace(an_update(1).attributions[0], url="javascript:x"),)),)
    )
    root = checked(render(shown, "atom", site=SITE))
    assert texts(root, "a:entry/a:author/a:name") == ["Alpha"]
    assert root.find("a:entry/a:author/a:uri", ATOM) is None
    assert "javascript" not in render(shown, "atom", site=SITE) + render(shown, "jsonfeed", site=SITE)


def test_who_has_no_name_is_nobody() -> None:
    nameless = replace(an_update(1).attributions[0], name="\x08 \x1b")
    root = checked(render(replace(story(1), updates=(an_update(1, attributions=(nameless,)),)), "atom", site=SITE))
    assert texts(root, "a:entry/a:author/a:name") == []
    assert texts(root, "a:author/a:name") == ["news.example.org"]  # who publishes speaks for an entry without an author


def test_who_said_it_twice_is_named_once_with_the_first_address() -> None:
    first = an_update(1).attributions[0]
    twice = (first, replace(first, name="Beta"), replace(first, url="https://alpha.example/again"), replace(first, name=" "))
    (item,) = json.loads(render(replace(story(1), updates=(an_update(1, attributions=twice),)), "jsonfeed", site=SITE))["items"]
    assert [(one["name"], one["url"]) for one in item["authors"]] == [("Alpha", first.url), ("Beta", first.url)]


def test_the_language_is_that_of_the_text() -> None:
    page = replace(story(1), updates=(an_update(1, "Une déclaration.", language="fr-CA", title="Déclaration"),))
    read = feedparser.parse(io.BytesIO(render(page, "atom", site=SITE).encode())).entries[0]
    assert read.title_detail.language == "fr-CA"
    assert read.summary_detail.language == "en"  # the reason line is ours
    item = json.loads(render(page, "jsonfeed", site=SITE))["items"][0]
    assert item["language"] == "fr-CA"
    assert 'lang="fr-CA"' in item["content_html"]


def test_without_an_address_of_the_site_links_are_relative_and_ids_whole() -> None:
    root = checked(render(story(1), "atom", site=Site(identity="x")))
    assert linked(root, "self") == ["talks.atom"]
    assert linked(root, "hub") == []
    assert texts(root, "a:entry/a:id") == ["tag:x.invalid,2026:talks/update-1"]


# --- what the desk does with a story as a whole


def desk_act(number: int, kind: DeskKind, hours: float, **changed: Any) -> DeskAct:
    at = NOON + timedelta(hours=hours)
    return DeskAct(
        **{"id": number, "kind": kind, "at": at, "by": "A. Person", "why": "over", "story": StoryKey("talks"), **changed}
    )


MOVED = replace(
    story(2),
    acts=(
        desk_act(5, DeskKind.CLOSE, 1.5),
        desk_act(6, DeskKind.HOLD, 1.6),
        desk_act(7, DeskKind.REOPEN, 1.7, why=""),
        desk_act(9, DeskKind.MERGE, 6, other=StoryKey("grain")),
    ),
)


def test_who_follows_the_feed_learns_that_a_story_ended_and_where_it_goes_on() -> None:
    root = checked(render(MOVED, "atom", site=SITE))
    ids = [SITE.update_id(StoryKey("talks"), n) for n in (2, 1)]
    acts = [SITE.act_id(StoryKey("talks"), n) for n in (9, 7, 5)]
    assert texts(root, "a:entry/a:id") == [acts[0], ids[0], acts[1], acts[2], ids[1]]
    merged = root.findall("a:entry", ATOM)[0]
    assert texts(merged, "a:title") == ["Continued in the story grain, on 8/14/2025 by the desk: over"]
    assert linked(merged, "related") == ["https://news.example.org/grain.html"]
    assert linked(merged, "alternate") == ["https://news.example.org/talks.html#desk-9"]
    assert texts(merged, "a:updated") == texts(root, "a:updated") == ["2025-08-14T18:00:00Z"]
    items = checked_json(render(MOVED, "jsonfeed", site=SITE))["items"]
    assert [one["id"] for one in items] == texts(root, "a:entry/a:id")
    assert items[0]["_desk"] == {"story": "talks", "kind": "merge", "leads_to": "https://news.example.org/grain.html"}
    assert (items[2]["content_text"], items[2]["tags"]) == ("Reopened on 8/14/2025 by the desk.", ["reopen"])
    page = BeautifulSoup(render(MOVED, "html", site=SITE), "lxml")
    assert [one["id"] for one in page.select(".act")] == ["desk-5", "desk-7", "desk-9"]


def test_the_other_story_says_in_its_feed_what_it_goes_on_with() -> None:
    other = replace(story(1), key=StoryKey("grain"), acts=MOVED.acts[-1:])
    (item, _) = checked_json(render(other, "jsonfeed", site=SITE))["items"]
    assert item["id"] == SITE.act_id(StoryKey("grain"), 9)
    assert item["title"].startswith("Continues the story talks")
    assert item["_desk"]["leads_to"] == "https://news.example.org/talks.html"


@pytest.mark.parametrize("why", HOSTILE)
def test_a_hostile_reason_of_the_desk_is_text(why: str) -> None:
    page = replace(story(1), acts=(desk_act(1, DeskKind.NOTE, 2, why=why),))
    root = checked(render(page, "atom", site=SITE))
    assert "Person" not in render(page, "atom", site=SITE)
    item = checked_json(render(page, "jsonfeed", site=SITE))["items"][0]
    assert texts(root, "a:entry/a:title")[0] == no_controls(item["title"])


def test_what_the_desk_did_long_ago_stands_in_the_feed_of_a_long_story_and_in_no_archive() -> None:
    page = replace(story(MOST + 5), acts=(desk_act(1, DeskKind.NOTE, 0),))
    items = checked_json(render(page, "jsonfeed", site=SITE))["items"]
    assert (len(items), items[-1]["_desk"]["kind"]) == (MOST + 1, "note")
    assert not any("desk-1" in text for text in dict(archives(page, SITE)).values())


# --- what never changes


def told_of(page: StoryPage, site: Site = SITE) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(render(page, "jsonfeed", site=site))["items"]}


@given(page=pages(), data=st.data())
@settings(max_examples=60)
def test_earlier_entries_stay_and_say_when_they_changed(page: StoryPage, data: st.DataObject) -> None:
    before = told_of(page)
    number = len(page.updates)
    for later in range(number + 1, number + data.draw(st.integers(1, 3)) + 1):
        page = with_update(page, data.draw(updates(later)))
    page = replace(page, also_reported=(echo(1),), acts=())
    after = told_of(page)
    assert list(after)[-number:] == list(before) if number else True
    for ident, old in before.items():
        new = after[ident]
        assert (new["url"], new["title"], new["date_published"]) == (old["url"], old["title"], old["date_published"])
        assert (new == old) == (new["date_modified"] == old["date_modified"])
        assert new["date_modified"] >= old["date_modified"]
    dated = {one.findtext("a:id", "", ATOM): one.findtext("a:updated", "", ATOM) for one in entries_of(page)}
    assert dated == {ident: one["date_modified"] for ident, one in after.items()}


def entries_of(page: StoryPage) -> list[etree._Element]:
    return checked(render(page, "atom", site=SITE)).findall("a:entry", ATOM)


@given(title=TEXTS, lead=TEXTS)
@settings(max_examples=30)
def test_no_id_and_no_time_follows_the_title_or_the_address_of_the_site(title: str, lead: str) -> None:
    moved = replace(CORRECTED, title=title, lead=lead, language="fr", quiet_since=NOON)
    for one, other in zip(
        told_of(CORRECTED).values(), told_of(moved, replace(SITE, url="http://other.example/")).values(), strict=True
    ):
        assert [one[key] for key in ("id", "date_published", "date_modified")] == [
            other[key] for key in ("id", "date_published", "date_modified")
        ]


@given(page=pages(), left=st.integers(0, 3))
@settings(max_examples=40)
def test_an_entry_is_the_same_where_older_updates_are_not_at_hand(page: StoryPage, left: int) -> None:
    some = told_of(replace(page, updates=page.updates[left:]))  # as for the feed of all stories
    assert some == {ident: one for ident, one in told_of(page).items() if ident in some}
    assert len(some) == max(len(page.updates) - left, 0)


# --- bounded


@pytest.mark.parametrize(("count", "archived"), [(MOST, 0), (MOST + 1, 1), (2 * MOST, 2), (2 * MOST + 50, 2)])
def test_who_follows_the_archives_has_every_update(count: int, archived: int) -> None:
    page = story(count)
    files = {**dict(archives(page, SITE)), "talks.atom": render(page, "atom", site=SITE)}
    files["talks.feed.json"] = render(page, "jsonfeed", site=SITE)
    assert len(files) == 2 + 2 * archived
    for form, walk in (("talks.atom", walk_atom), ("talks.feed.json", walk_json)):
        seen = walk(files, form)
        assert len(seen) == archived + 1
        assert all(len(one) <= MOST for one in seen)
        assert set().union(*seen) == {SITE.update_id(page.key, number) for number in range(1, count + 1)}
        assert seen[0][0] == SITE.update_id(page.key, count)  # newest first


def walk_atom(files: dict[str, str], name: str) -> list[list[str]]:
    seen: list[list[str]] = []
    while name:
        root = checked(files[name])
        assert (root.find("fh:archive", ATOM) is not None) == (len(seen) > 0)
        assert linked(root, "self") == [SITE.address(name)]
        assert linked(root, "current") == [SITE.address("talks.atom")] * bool(seen)
        seen.append(texts(root, "a:entry/a:id"))
        before = next(iter(linked(root, "prev-archive")), "").removeprefix(SITE.url)
        if len(seen) > 1 and before:
            assert linked(checked(files[before]), "next-archive") == [SITE.address(name)]
        elif before:
            assert linked(checked(files[before]), "next-archive") == []
        name = before
    return seen


def walk_json(files: dict[str, str], name: str) -> list[list[str]]:
    seen: list[list[str]] = []
    while name:
        feed = checked_json(files[name])
        assert feed["feed_url"] == SITE.address(name)
        seen.append([one["id"] for one in feed["items"]])
        name = str(feed.get("next_url", "")).removeprefix(SITE.url)
    return seen


def test_no_later_update_moves_one_in_an_archive() -> None:
    before = dict(archives(story(MOST + 1), SITE))
    after = dict(archives(story(2 * MOST - 1), SITE))
    assert before == after  # a web server's copies of them stay good
    more = dict(archives(story(2 * MOST), SITE))
    assert [one["id"] for one in json.loads(more["talks.archive-1.feed.json"])["items"]] == [
        one["id"] for one in json.loads(after["talks.archive-1.feed.json"])["items"]
    ]


@pytest.mark.parametrize("number", [-1, 0, 2])
def test_an_archive_that_is_not_there_is_said_so(number: int) -> None:
    for of in (atom.archive, jsonfeed.archive):
        with pytest.raises(IndexError, match=f"no archive {number}"):
            of(story(MOST + 1), number, SITE)


def test_the_feed_of_all_stories_holds_the_newest_of_each() -> None:
    early = replace(story(150), key=StoryKey("early"), title="Early talks")
    late = replace(
        story(0),
        key=StoryKey("late"),
        updates=tuple(an_update(n, published_at=NOON + timedelta(hours=n, minutes=1)) for n in range(1, 151)),
    )
    root = checked(feeds_of([early, late], SITE)["feed.atom"])
    ids = texts(root, "a:entry/a:id")
    assert len(ids) == MOST
    assert ids[:3] == [
        SITE.update_id(StoryKey("late"), 150),
        SITE.update_id(StoryKey("early"), 150),
        SITE.update_id(StoryKey("late"), 149),
    ]
    assert [one["id"] for one in checked_json(feeds_of([late, early], SITE)["feed.json"])["items"]] == ids  # in whatever order
    second = root.findall("a:entry", ATOM)[1]
    assert texts(second, "a:title") == ["Early talks, Update.150: Title 150"]
    assert texts(second, "a:source/a:id") == [SITE.story_id(StoryKey("early"))]
    assert [one.get("href") for one in second.iterfind("a:source/a:link[@rel='self']", ATOM)] == [SITE.address("early.atom")]
    assert linked(root, "self") == [SITE.address("feed.atom")]
    assert texts(root, "a:id") == [SITE.feed_id]


def test_a_feed_without_a_story_is_one_too() -> None:
    assert texts(checked(feeds_of([], SITE)["feed.atom"]), "a:entry/a:id") == []
    assert checked_json(feeds_of([], SITE)["feed.json"])["items"] == []
