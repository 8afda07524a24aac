"""What a feed says of an update, and of what the desk did with its story, the same in Atom, JSON Feed and linked data; and
which of them a file of a feed holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nlargest

from aggregator.model import STORY_ACTS, Attribution, DeskAct, DeskKind, StoryKey, StoryPage, Update, UpdateKind
from aggregator.publish.links import iri
from aggregator.publish.lookup import lookup
from aggregator.publish.places import Site, act_anchor, story_file
from aggregator.publish.shown import corrected_by, in_order, neighbour, what_was_done, withdrawn_by
from aggregator.publish.templating import environment
from aggregator.publish.wellformed import bounded, language_tag

MOST = 200  # updates in one file of a feed
LONGEST_TITLE = 250  # characters
LONGEST_SUMMARY = 500
LONGEST_PARAGRAPH = 20_000
KINDS = {
    UpdateKind.NEW: "The first of its story",
    UpdateKind.ADDS: "Adds something",
    UpdateKind.CORRECTED: "Corrects an earlier update",
    UpdateKind.WITHDRAWN: "Takes an earlier update back",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An update as every feed tells it. `id` and `published` never change; its texts are plain."""

    story: StoryKey
    update: Update
    id: str  # a tag URI
    url: str  # the permalink
    title: str  # `Update.4: Press conference`
    summary: str  # the reason line
    published: datetime
    updated: datetime
    language: str  # BCP 47, or "" where it is not known
    authors: tuple[Attribution, ...]  # who said it; only http and https addresses stand in `url`, else ""
    corrected_by: tuple[int, ...]
    withdrawn_by: tuple[int, ...]
    related: tuple[tuple[int, str], ...]  # the updates that it corrects, and those that correct it or take it back: permalinks


def entry_of(page: StoryPage, update: Update, site: Site) -> FeedEntry:
    """An update of a story, for a feed."""
    corrected, withdrawn = corrected_by(page, update), withdrawn_by(page, update)
    related = dict.fromkeys([*update.corrects, *corrected, *withdrawn])
    return FeedEntry(
        story=page.key,
        update=update,
        id=site.update_id(page.key, update.number),
        url=site.permalink(page.key, update.number),
        title=title_of(update),
        summary=bounded(update.reason, LONGEST_SUMMARY),
        published=update.published_at,
        updated=changed_at(page, update),
        language=language_tag(update.language or page.language),
        authors=authors_of(update),
        corrected_by=tuple(corrected),
        withdrawn_by=tuple(withdrawn),
        related=tuple((number, site.permalink(page.key, number)) for number in related),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEntry:
    """What the desk did with a story as its feeds tell it: closed it, opened it again, went on with it in another, or noted
    something. It never changes."""

    act: DeskAct
    id: str  # a tag URI
    url: str  # where the page says it
    title: str  # a sentence
    leads_to: str  # the page of the story in which this one goes on, or that goes on in this one; "" for none


def desk_entry_of(story: StoryKey, act: DeskAct, site: Site) -> DeskEntry:
    """What the desk did, for those who follow the story."""
    other = neighbour(story, act)
    return DeskEntry(
        act=act,
        id=site.act_id(story, act.id),
        url=f"{site.address(story_file(story))}#{act_anchor(act.id)}",
        title=bounded(what_was_done(story, act), LONGEST_SUMMARY),
        leads_to=site.address(story_file(StoryKey(other))) if other else "",
    )


def title_of(update: Update) -> str:
    """`Update.4: Press conference`: the title of the statement that it tells, or why it stands there."""
    said = bounded(update.title, LONGEST_TITLE) or bounded(update.reason, LONGEST_TITLE)
    return f"Update.{update.number}: {said}" if said else f"Update.{update.number}"


def entry_html(page: StoryPage, update: Update, site: Site) -> str:
    """What the page shows of an update, as HTML for a feed: no script, no style, every text of a source escaped, links whole
    where the site's address is known.

    Who else reports it is left out: it comes later, at times that are no change of the update. So is how it stands to earlier
    updates, since the feed of all stories does not have them all.
    """
    template = environment().get_template("entry.html")
    reason = bounded(update.reason, LONGEST_SUMMARY)
    return template.render(page=page, update=update, reason=reason, site=site, short=_short, iri=iri).strip()


def _short(text: str) -> str:
    return bounded(text, LONGEST_PARAGRAPH)


def authors_of(update: Update) -> tuple[Attribution, ...]:
    """Who said what an update tells, each once by name."""
    named: dict[str, Attribution] = {}
    for one in update.attributions:
        if name := bounded(one.name, LONGEST_TITLE):
            named.setdefault(name, replace(one, name=name, url=iri(one.url)))
    return tuple(named.values())


def changed_at(page: StoryPage, update: Update) -> datetime:
    """When what is shown of an update changed last: it was published, or a later one corrected it or took it back."""
    return max(update.published_at, lookup(page).changed_at.get(update.number, update.published_at))


def story_changed_at(page: StoryPage) -> datetime:
    """When what is shown of any update changed last, or the desk did something that readers see; of a story without either,
    the start of its window."""
    times = [update.published_at for update in page.updates] + [mark.at for mark in page.marks]
    times += [act.at for act in page.acts if act.kind in STORY_ACTS]
    return max(times, default=page.date)


def closed_at(page: StoryPage) -> datetime | None:
    """When the desk closed a story, or went on with it in another; None while it takes updates."""
    closed = None
    for act in page.acts:
        if act.kind is DeskKind.CLOSE or (act.kind is DeskKind.MERGE and act.other != page.key):
            closed = act.at
        elif act.kind is DeskKind.REOPEN:
            closed = None
    return closed


# --- the files of a feed


def newest_of_all(pages: Iterable[StoryPage]) -> Sequence[tuple[StoryPage, Update]]:
    """What the feed of all stories holds, newest first by when each was published."""
    told = ((page, update) for page in pages for update in newest_updates(page))
    return nlargest(MOST, told, key=lambda one: (one[1].published_at, one[0].key, one[1].number))


def newest_updates(page: StoryPage) -> Sequence[Update]:
    """The updates that the feed of a story holds, newest first."""
    return page.updates[: -MOST - 1 : -1]


def newest_entries(page: StoryPage) -> Iterator[Update | DeskAct]:
    """What the feed of a story holds, newest first: its newest updates, and all that the desk did with it, which no archive
    has."""
    oldest = len(page.updates) - MOST
    return (one for one in in_order(page, newest_first=True) if isinstance(one, DeskAct) or one.number > oldest)


def archives_of(page: StoryPage) -> range:
    """The numbers of the archives of a story (RFC 5005, section 4): full ones, and none while its feed holds everything.

    Archive 1 holds the first `MOST` updates, archive 2 the next, so that no later update moves one. The feed and its newest
    archive overlap; the ids say which entries are the same.
    """
    return range(1, len(page.updates) // MOST + 1) if len(page.updates) > MOST else range(0)


def archived_updates(page: StoryPage, number: int) -> Sequence[Update]:
    """What an archive holds, newest first. Raises IndexError where the story has no such archive."""
    if number not in archives_of(page):
        raise IndexError(f"{page.key} has {len(archives_of(page))} archives, and no archive {number}")
    return page.updates[(number - 1) * MOST : number * MOST][::-1]
