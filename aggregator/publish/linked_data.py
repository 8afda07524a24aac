"""A story as schema.org has it, a LiveBlogPosting with a BlogPosting per update (https://schema.org/LiveBlogPosting)."""

from __future__ import annotations

import json

from aggregator.model import Attribution, Replaced, StoryPage, Update
from aggregator.publish.entries import (
    LONGEST_PARAGRAPH,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    FeedEntry,
    closed_at,
    entry_of,
    newest_updates,
    story_changed_at,
)
from aggregator.publish.places import Site, story_file
from aggregator.publish.shown import picture_file
from aggregator.publish.wellformed import bounded, language_tag, moment, whole

Values = dict[str, object]
# What would end a script element or change how one is read (HTML, 4.12.1.3), and what ends a line in old JavaScript.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def json_ld(page: StoryPage, site: Site) -> str:
    """JSON-LD that is safe inside `<script type="application/ld+json">`: it holds no `<` and no `&`.

    It tells the newest updates, as many as a feed; the page and the JSON of the story have them all.
    """
    text = json.dumps(_blog(page, site), ensure_ascii=False, separators=(",", ":"))
    return whole(text).translate(ESCAPES)


def _blog(page: StoryPage, site: Site) -> Values:
    address, closed = site.address(story_file(page.key)), closed_at(page)
    publisher = {"@type": "Organization", "name": site.name, "url": site.url} if site.url else None
    started = page.updates[0].published_at if page.updates else page.date
    return _told(
        {
            "@context": "https://schema.org",
            "@type": "LiveBlogPosting",
            "@id": site.story_id(page.key),
            "url": address,
            "mainEntityOfPage": address,
            "headline": bounded(page.title, LONGEST_TITLE),
            "description": bounded(page.lead, LONGEST_SUMMARY),
            "inLanguage": language_tag(page.language),
            "datePublished": moment(started),
            "dateModified": moment(max(story_changed_at(page), started)),
            "coverageStartTime": moment(started),
            "coverageEndTime": moment(closed) if closed else "",
            "publisher": publisher,
            "author": publisher,
            "image": _image(page, site),
            "liveBlogUpdate": [_posting(page, update, site) for update in newest_updates(page)],
        }
    )


def _image(page: StoryPage, site: Site) -> Values | None:
    file = picture_file(page)
    if page.picture is None or not file:
        return None
    return _told(
        {
            "@type": "ImageObject",
            "url": site.address(file),
            "contentUrl": site.address(file),
            "width": page.picture.width,
            "height": page.picture.height,
            "caption": bounded(page.image_alt, LONGEST_SUMMARY),
            "creditText": bounded(page.image_credit, LONGEST_TITLE),
        }
    )


def _posting(page: StoryPage, update: Update, site: Site) -> Values:
    entry = entry_of(page, update, site)
    paragraphs = (bounded(paragraph.text, LONGEST_PARAGRAPH) for paragraph in update.paragraphs)
    return _told(
        {
            "@type": "BlogPosting",
            "@id": entry.id,
            "url": entry.url,
            "position": update.number,
            "headline": entry.title,
            "abstract": entry.summary,
            "articleBody": "\n\n".join(paragraphs),
            "inLanguage": entry.language,
            "datePublished": moment(entry.published),
            "dateModified": moment(entry.updated),
            "author": [_organization(one) for one in entry.authors],
            "citation": [_work(one) for one in entry.authors if one.url],
            "isBasedOn": [one.url for one in entry.authors if one.url],
            "correction": _corrections(page, entry, site),
        }
    )


def _organization(one: Attribution) -> Values:
    return _told({"@type": "Organization", "name": one.name, "url": one.url})


def _work(one: Attribution) -> Values:
    return {"@type": "CreativeWork", "name": one.name, "url": one.url}


def _corrections(page: StoryPage, entry: FeedEntry, site: Site) -> list[Values]:
    """That an update was corrected or taken back: in which, when, and what changed."""
    by_number = {update.number: update for update in page.updates}
    return [
        {
            "@type": "CorrectionComment",
            "url": site.permalink(page.key, mark.by_number),
            "datePublished": moment(mark.at),
            "text": _what_changed(by_number.get(mark.by_number), mark.by_number, entry.update.number),
        }
        for mark in page.marks
        if mark.number == entry.update.number
    ]


def _what_changed(later: Update | None, by: int, number: int) -> str:
    told = [f"Update.{by}:"]
    if later is not None:
        told.append(bounded(later.reason, LONGEST_SUMMARY))
        told += (_before_and_after(old) for old in later.replaces if old.number == number)
    return " ".join(told)


def _before_and_after(old: Replaced) -> str:
    before, after = bounded(old.before, LONGEST_PARAGRAPH), bounded(old.after, LONGEST_PARAGRAPH)
    return f"Before: “{before}” After: “{after}”" if after else f"Taken out: “{before}”"


def _told(values: Values) -> Values:
    """The values without those that say nothing."""
    return {key: value for key, value in values.items() if value not in ("", None, [], 0)}
