"""Build the recording of `aggregator demo` anew from a folder of recorded files.

    python benchmarks/make_demo_recording.py FOLDER

FOLDER holds `whitehouse/` and `state/` (raw polls, `…-YYYY-MM-DDTHHMMZ.rss.xml`, with the moments of the polls in
`PROVENANCE.md`) and `kremlin/en-news-2022-02-20_03-31.jsonl` (texts of statements). What is recorded, what is rebuilt and what
is served again is told in `aggregator/demo/recorded/README.md`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
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
STALE_AT = datetime(2022, 2, 24, 20, 55, tzinfo=UTC)  # when the copy of 20:03 is served again, after that of 20:47
STALE_BODY = "2022-02-24T2003Z"
UNCHANGED_AT = (datetime(2022, 2, 24, 10, 0, tzinfo=UTC), datetime(2022, 2, 24, 12, 0, tzinfo=UTC))
KREMLIN_POLLS = [datetime(2022, 2, 24, 0, 40, tzinfo=UTC) + timedelta(hours=2 * n) for n in range(15)]
MOSCOW_WRITTEN = timedelta(hours=3)  # the recorded times are Moscow's, though they end in Z
BUILT = re.compile(rb"<lastBuildDate>([^<]+)</lastBuildDate>")
WINDOW = 20  # entries of the Kremlin's feeds


def main() -> None:
    """Write the bodies and the manifest."""
    folder = Path(sys.argv[1])
    shutil.rmtree(OUT / "bodies", ignore_errors=True)
    (OUT / "bodies").mkdir(parents=True)
    rows = [*_polls(folder, "whitehouse", WHITE_HOUSE), *_polls(folder, "state", STATE), *_kremlin(folder)]
    rows.sort(key=lambda row: (row["at"], row["url"]))
    (OUT / "manifest.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in (OUT / "bodies").iterdir())
    print(f"{len(rows)} exchanges, {len(list((OUT / 'bodies').iterdir()))} bodies, {size:,} bytes")


def _polls(folder: Path, name: str, url: str) -> Iterator[dict[str, Any]]:
    moments = dict(re.findall(rf"`{name}/(\S+?)` .*?\| (\d{{4}}-\d\d-\d\dT[\d:]+\+00:00) \|", _provenance(folder)))
    bodies = {path.name: path.read_bytes() for path in sorted((folder / name).glob("*-2022-02-2*.rss.xml"))}
    for file, body in bodies.items():
        yield _row(datetime.fromisoformat(moments[file]), url, body, "recorded", kind="rss")
        if url == WHITE_HOUSE and STALE_BODY in file:
            yield _row(STALE_AT, url, body, "recorded, served again", kind="rss")
        if url == STATE and "2022-02-24T0505Z" in file:
            for at in UNCHANGED_AT:
                yield _row(at, url, body, "recorded, unchanged", kind="rss")


def _provenance(folder: Path) -> str:
    return (folder / "PROVENANCE.md").read_text(encoding="utf-8")


def _kremlin(folder: Path) -> Iterator[dict[str, Any]]:
    lines = (folder / "kremlin" / "en-news-2022-02-20_03-31.jsonl").read_text(encoding="utf-8").splitlines()
    items = sorted(map(json.loads, lines), key=lambda item: item["date"], reverse=True)
    for at in KREMLIN_POLLS:
        wall = (at + MOSCOW_WRITTEN).strftime("%Y-%m-%dT%H:%M:%SZ")
        window = [item for item in items if item["date"] <= wall][:WINDOW]
        yield _row(at, KREMLIN, _atom(KREMLIN, "News", window), "rebuilt", kind="atom")
        later = at + timedelta(minutes=6)
        yield _row(later, KREMLIN_ALL, _atom(KREMLIN_ALL, "All Publications", window), "rebuilt", kind="atom")


def _atom(url: str, section: str, items: Iterable[dict[str, str]]) -> bytes:
    """An Atom feed in the form that en.kremlin.ru served in January 2018: Moscow's time written with +04:00."""
    entries = list(items)
    updated = _moscow(entries[0])
    head = (
        '<?xml version="1.0" encoding="UTF-8" ?><?xml-stylesheet type="text/xsl" href="/static/xsl/feed.xsl"?>\n'
        '<feed xml:lang="en" xmlns="http://www.w3.org/2005/Atom">\n'
        f'<title type="text">Website of the President of Russia: {section}</title>\n'
        "<author><name>Presidential Press and Information Office</name></author>\n"
        f"<updated>{updated}</updated>\n<id>{url}</id>\n"
        f'<link href="{url}" rel="self"/>\n<link href="{url}" rel="first"/>\n<link href="{url}/page/2" rel="next"/>\n'
        '<link href="http://en.kremlin.ru/" hreflang="en" rel="alternate" type="text/html"/>\n'
    )
    return (head + "".join(map(_entry, entries)) + "</feed>\n").encode()


def _entry(item: dict[str, str]) -> str:
    written, link = _moscow(item), escape(item["link"])
    lead = item["summary"].strip()
    summary = (
        f'<div class="c-summary" style="font-size: 1.2em"><p>{escape(lead, quote=False)}</p></div>'
        if lead and lead != "NA"
        else ""
    )
    body = "".join(f"<p>{escape(part.strip(), quote=False)}</p>" for part in item["body"].split(" * * * "))
    return (
        f"<entry><title>{escape(item['headline'], quote=False)}</title><id>{link}</id>"
        f"<updated>{written}</updated><published>{written}</published>"
        f'<link href="{link}" hreflang="en" rel="alternate" type="text/html"/>'
        f'<summary type="html">{escape(summary, quote=False)}</summary>'
        f'<content type="html">{escape(summary + body, quote=False)}</content></entry>\n'
    )


def _moscow(item: dict[str, str]) -> str:
    return item["date"].removesuffix("Z") + "+04:00"


def _row(at: datetime, url: str, body: bytes, made: str, *, kind: str) -> dict[str, Any]:
    sha256 = hashlib.sha256(body).hexdigest()
    (OUT / "bodies" / f"{sha256[:16]}.xml.gz").write_bytes(gzip.compress(body, 9, mtime=0))
    headers = {
        "content-type": f"application/{kind}+xml; charset=UTF-8",
        "etag": f'W/"{sha256[:20]}"',
        "cache-control": "max-age=300",
    }
    built = BUILT.search(body)
    if built is not None:
        headers["last-modified"] = format_datetime(parsedate_to_datetime(built[1].decode()), usegmt=True)
    return {"at": at.isoformat(), "url": url, "made": made, "headers": headers, "sha256": sha256}


if __name__ == "__main__":
    main()
