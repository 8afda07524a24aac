"""Build the recording of `aggregator demo` anew from a folder of recorded files.

    python benchmarks/make_demo_recording.py FOLDER [--out DIR]

FOLDER holds `whitehouse/` and `state/` (raw polls, `…-YYYY-MM-DDTHHMMZ.rss.xml`), `kremlin/en-news-2022-02-20_03-31.jsonl`
(texts of statements), and `PROVENANCE.md`, which has the second and the origin of each poll. What is recorded, what is rebuilt
and what is served again is told in `aggregator/demo/recorded/README.md`. The same folder gives the same files.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[1] / "aggregator" / "demo" / "recorded"
WHITE_HOUSE = "https://www.whitehouse.gov/briefing-room/feed/"
STATE = "https://www.state.gov/rss-feed/press-releases/feed/"
KREMLIN = "http://en.kremlin.ru/events/president/news/feed"
KREMLIN_ALL = "http://en.kremlin.ru/events/all/feed"
KREMLIN_ORIGIN = "PeiYiZhuo/zelenskyy-putin@134450b5183c05bcbaac31d87e0e0ed65d54986e:press_release_data/putin.csv"
KREMLIN_POLLS = [datetime(2022, 2, 24, 0, 40, tzinfo=UTC) + timedelta(hours=2 * n) for n in range(15)]
MOSCOW = timedelta(hours=3)  # the recorded times are Moscow's, though they end in Z
SERVED_AGAIN = {  # by the file whose bytes are served once more: what that shows, and when
    "wh-briefing-room-2022-02-24T2003Z.rss.xml": (
        "recorded, served again",
        (datetime(2022, 2, 24, 20, 55, tzinfo=UTC),),
    ),
    "state-press-releases-2022-02-24T0505Z.rss.xml": (
        "recorded, unchanged",
        (datetime(2022, 2, 24, 10, 0, tzinfo=UTC), datetime(2022, 2, 24, 12, 0, tzinfo=UTC)),
    ),
}
POLL = re.compile(
    r"^\| `(?:whitehouse|state)/(\S+\.rss\.xml)` \(\d+ B\) \| \S+ \| (\d{4}\S+\+00:00) \| `([^`]+)` \|", re.MULTILINE
)
BUILT = re.compile(rb"<lastBuildDate>([^<]+)</lastBuildDate>")
WINDOW = 20  # entries of the Kremlin's feeds
BREAK = " * * * "  # the one break between paragraphs that the recorded texts kept
RSS, ATOM = "application/rss+xml; charset=UTF-8", "application/atom+xml; charset=utf-8"

# The form of http://en.kremlin.ru/events/all/feed as recorded on 8 January 2018.
FEED = """\
<?xml version="1.0" encoding="UTF-8" ?><?xml-stylesheet type="text/xsl" href="/static/xsl/feed.xsl?571da04668" ?>
<feed xml:lang="en" xmlns="http://www.w3.org/2005/Atom">\
 <title type="text">Website of the President of Russia: {section}</title>\
 <author> <name>Presidential Press and Information Office</name> </author>\
 <updated>{updated}</updated> <id>{url}</id> <link href="{url}" rel="self"/> <link href="{url}" rel="first"/>\
 <link href="{url}/page/2" rel="next"/> <link href="{url}/page/1390" rel="last"/>\
 <link href="http://en.kremlin.ru/" hreflang="en" rel="alternate" type="text/html"/>
{entries}</feed>
"""
ENTRY = """\
<entry> <title>{title}</title> <id>{link}</id> <updated>{at}</updated> <published>{at}</published>\
 <link href="{link}" hreflang="en" rel="alternate" type="text/html"/>\
 <summary type="html">{summary}   </summary> <content type="html">{summary} {text} </content> </entry>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One answer to write down."""

    at: datetime
    url: str
    made: str
    origin: str  # repository@commit:path
    body: bytes
    kind: str


def main() -> None:
    """Read everything, then replace the bodies and the manifest."""
    parser = argparse.ArgumentParser(description="Build the recording of `aggregator demo` from recorded files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    polls = sorted([*_recorded(asked.folder), *_rebuilt(asked.folder)], key=lambda poll: (poll.at, poll.url))
    bodies = asked.out / "bodies"
    shutil.rmtree(bodies, ignore_errors=True)
    bodies.mkdir(parents=True)
    rows = [_write(poll, asked.out) for poll in polls]
    (asked.out / "manifest.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    sizes = [path.stat().st_size for path in bodies.iterdir()]
    print(f"{len(rows)} exchanges, {len(sizes)} bodies, {sum(sizes):,} bytes")


def _recorded(folder: Path) -> Iterator[Poll]:
    """The raw polls of the two RSS feeds, and those of them that are served once more."""
    for file, written, origin in POLL.findall((folder / "PROVENANCE.md").read_text(encoding="utf-8")):
        at = datetime.fromisoformat(written)
        place, url = ("whitehouse", WHITE_HOUSE) if file.startswith("wh-briefing-room-2022") else ("state", STATE)
        if not file.startswith(("wh-briefing-room-2022-02-2", "state-press-releases-2022-02-2")):
            continue
        body = (folder / place / file).read_bytes()
        yield Poll(at=at, url=url, made="recorded", origin=origin, body=body, kind=RSS)
        made, again = SERVED_AGAIN.get(file, ("", ()))
        for later in again:
            yield Poll(at=later, url=url, made=made, origin=origin, body=body, kind=RSS)


def _rebuilt(folder: Path) -> Iterator[Poll]:
    """The two Atom feeds of the Kremlin, `all` a few minutes after `news`."""
    lines = (folder / "kremlin" / "en-news-2022-02-20_03-31.jsonl").read_text(encoding="utf-8").splitlines()
    items = sorted(map(json.loads, lines), key=lambda item: item["date"], reverse=True)
    for at in KREMLIN_POLLS:
        wall = (at + MOSCOW).strftime("%Y-%m-%dT%H:%M:%SZ")
        window = [item for item in items if item["date"] <= wall][:WINDOW]
        for url, section, late in ((KREMLIN, "News", 0), (KREMLIN_ALL, "All Publications", 6)):
            body = _atom(url, section, window)
            moment = at + timedelta(minutes=late)
            yield Poll(at=moment, url=url, made="rebuilt", origin=KREMLIN_ORIGIN, body=body, kind=ATOM)


def _atom(url: str, section: str, items: Sequence[dict[str, str]]) -> bytes:
    """The feed that lists these items, newest first."""
    entries = "".join(map(_entry, items))
    return FEED.format(section=section, updated=_moscow(items[0]), url=url, entries=entries).encode()


def _entry(item: dict[str, str]) -> str:
    return ENTRY.format(
        title=escape(item["headline"], quote=False),
        link=escape(item["link"]),
        at=_moscow(item),
        summary=escape(_summary(_said(item["summary"])), quote=False),
        text=escape(_paragraphs(_said(item["body"])), quote=False),
    )


def _summary(text: str) -> str:
    return f'<div class="c-summary" style="font-size: 1.2em"><p>{escape(text, quote=False)}</p></div>' if text else ""


def _paragraphs(text: str) -> str:
    """One paragraph, but for breaks that are certain: the asterisks stand in a paragraph of their own, as on the site."""
    parts = [f"<p>{escape(part, quote=False)}</p>" for part in text.split(BREAK) if part]
    return "<p><b>* * *</b></p>".join(parts)


def _said(written: str) -> str:
    return "" if written == "NA" else written.strip()


def _moscow(item: dict[str, str]) -> str:
    """Moscow's wall time with the offset that the site writes: an hour too far, and kept so."""
    return item["date"].removesuffix("Z") + "+04:00"


def _write(poll: Poll, out: Path) -> dict[str, Any]:
    """Store the body, once, and give the manifest's row."""
    sha256 = hashlib.sha256(poll.body).hexdigest()
    file = f"bodies/{sha256[:16]}.xml.gz"
    (out / file).write_bytes(gzip.compress(poll.body, 9, mtime=0))
    headers = {"content-type": poll.kind, "etag": f'W/"{sha256[:20]}"', "cache-control": "max-age=300"}
    built = BUILT.search(poll.body)
    if built is not None:
        headers["last-modified"] = format_datetime(parsedate_to_datetime(built[1].decode()), usegmt=True)
    return {
        "at": poll.at.isoformat(),
        "url": poll.url,
        "status": 200,
        "made": poll.made,
        "origin": poll.origin,
        "headers": headers,
        "body": file,
        "sha256": sha256,
    }


if __name__ == "__main__":
    main()
