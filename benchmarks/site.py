"""What the static site costs: its first writing, one update among many stories, and one update of a long story.

    .venv/bin/python benchmarks/site.py [--stories 1000] [--each 3] [--long 500] [--folder DIR]

The store is filled by the service's own functions: stories of a few updates each, and a long one. Then one more update comes to
a short story and to the long one, and what the site costs is timed: a pass without news, the update, and the pass after ten
minutes, in which the pages of sources are written again. The median of some rounds; the files are flushed to the disk.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from growth import line, stored
from loopback import table

from aggregator.cli.output import progress, set_up_logs
from aggregator.config import Config, load_config
from aggregator.model import SourceKey, StoryKey
from aggregator.pipeline import sync
from aggregator.pipeline.matching import consider
from aggregator.pipeline.telling import tell_ready
from aggregator.publish import drain
from aggregator.publish.site import site_of
from aggregator.store import open_store
from aggregator.store.outbox import undelivered

START = datetime(2026, 1, 5, tzinfo=UTC)
SOURCES, ROUNDS = 200, 5


def main() -> None:
    """Fill a store, time the site, and print the table."""
    parser = argparse.ArgumentParser(description="Does the cost of an update grow with the site?")
    parser.add_argument("--stories", type=int, default=1_000)
    parser.add_argument("--each", type=int, default=3, help="updates of the other stories")
    parser.add_argument("--long", type=int, default=500, help="updates of the long story")
    parser.add_argument("--folder", type=Path, help="where to keep the store and the site")
    asked = parser.parse_args()
    set_up_logs(everything=False)
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(asked.folder or Path(temporary), stories=asked.stories, each=asked.each, long=asked.long)
        rows: list[tuple[object, ...]] = [
            (what, f"{wall * 1000:,.0f}", f"{cpu * 1000:,.0f}", f"{files:,}") for what, wall, cpu, files in bench.figures()
        ]
        print(table(("what", "ms", "of these CPU", "files written"), rows))
        names, size = bench.size()
        print(
            f"{names:,} files of {size / 1e6:,.1f} MB; {asked.stories:,} stories of {asked.each} updates, one of {asked.long:,}"
        )
        bench.store.close()


class Bench:
    """A store of many stories, and its site."""

    def __init__(self, folder: Path, *, stories: int, each: int, long: int) -> None:
        self.root, self.now, self._numbers = folder / "site", START, count()
        self.config = _config(folder, stories)
        self.store = open_store(f"sqlite:///{folder}/aggregator.sqlite", snapshots=folder / "snapshots")
        sync(self.store, self.config, now=START)
        with progress(stories + 1, "stories") as advance:
            for number in range(stories):
                self.tell(f"story{number}", each)
                advance()
            self.tell("long", long)
            advance()

    def tell(self, story: str, updates: int) -> None:
        """Let a story tell some statements."""
        self.now += timedelta(minutes=1)
        lines = [
            line(f"{story}-{number}", _text(story, number), at=self.now + timedelta(seconds=number / 10), family="f0")
            for number in (next(self._numbers) for _ in range(updates))
        ]
        with self.store.write() as tx:
            settled = stored(tx, self.config, SourceKey("s0"), lines, at=self.now)
            consider(tx, [self.config.stories[StoryKey(story)]], settled, now=self.now)
        tell_ready(self.store, self.config, now=self.now + timedelta(minutes=5))

    def figures(self) -> Iterator[tuple[str, float, float, int]]:
        """Each piece of work with its seconds, those of the processor, and how many files it wrote."""
        yield ("the first writing", *self.whole())
        yield ("a pass without news", *self.median(""))
        yield ("one update of a short story", *self.median("story7"))
        yield ("one update of the long story", *self.median("long"))
        yield ("ten minutes later", *self.median("", later=timedelta(minutes=10)))

    def median(self, story: str, *, later: timedelta = timedelta()) -> tuple[float, float, int]:
        """The median of the rounds; `story` tells something before each."""
        found = []
        for _ in range(ROUNDS):
            self.now += later
            if story:
                self.tell(story, 1)
                self.now -= timedelta(minutes=1)
            found.append(self.whole())
        return statistics.median(one[0] for one in found), statistics.median(one[1] for one in found), found[-1][2]

    def whole(self) -> tuple[float, float, int]:
        """As many passes as are needed until nothing waits: seconds, those of the processor, files written."""
        before = self._written()
        started, worked = time.perf_counter(), time.process_time()
        while True:
            drain(self.store, self.root, now=self.now, site=site_of(self.store, self.config))
            with self.store.read() as tx:
                if not undelivered(tx, limit=1):
                    break
        took, work = time.perf_counter() - started, time.process_time() - worked
        return took, work, sum(before.get(name) != said for name, said in self._written().items())

    def _written(self) -> dict[Path, int]:
        return {path: path.stat().st_ino for path in self.root.rglob("*") if path.is_file()}

    def size(self) -> tuple[int, int]:
        """How many files there are, and their bytes."""
        paths = [path for path in self.root.rglob("*") if path.is_file()]
        return len(paths), sum(path.stat().st_size for path in paths)


def _text(story: str, number: int) -> tuple[str, str]:
    """A title and a text about a story, of some 60 words that stand in no other text."""
    said = [" ".join(f"w{number}x{part}y{n}" for n in range(20)) for part in range(3)]
    return f"About {story} number {number}", "\n\n".join(f"The delegation said of {story}: {one}." for one in said)


def _config(folder: Path, stories: int) -> Config:
    feeds = [
        f'[sources.s{n}]\nname = "Source {n}"\nurl = "https://s{n}.example/feed"\nfamily = "f{n}"\nlanguage = "en"\n'
        for n in range(SOURCES)
    ]
    window = "from = 2026-01-01\nuntil = 2030-01-01\n"
    keys = [*(f"story{n}" for n in range(stories)), "long"]
    told = [f'[stories.{key}]\ntitle = "{key}"\nlead = "{key}"\n{window}terms = ["={key}"]\nsettle = "0s"\n' for key in keys]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "feeds.toml"
    file.write_text('[web]\nurl = "https://news.example.org/"\n' + "\n".join(feeds + told), encoding="utf-8")
    return load_config(file)


if __name__ == "__main__":
    main()
