"""How many statements a second are told, by a story that told nothing and by one that told two thousand sentences.

usage: python -m benchmarks.digests
"""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from types import SimpleNamespace

from aggregator.model import RevisionId, Text
from aggregator.stories.digest import digest

NOUNS = "bridge harbour council storm school road tunnel market valley minister engineer region fund plan river".split()  # noqa: SIM905 - it reads better
VERBS = "opened closed asked paid built left joined signed delayed promised".split()  # noqa: SIM905 - the same
PLACES = "Orm Tveit Lang Sund Vik Nes Holt Rud Berg Dal Hallen Vikby".split()  # noqa: SIM905 - the same
THEME = SimpleNamespace(title="The bridge at Hallen", lead="A bridge", terms=["bridge", "Hallen"])
STATEMENTS, SENTENCES, TOLD = 100, 40, 2_000


def sentence(rng: random.Random) -> str:
    """A sentence of about twenty words with names and figures."""
    parts = [
        f"the {rng.choice(NOUNS)} of {rng.choice(PLACES)} {rng.choice(VERBS)} {rng.randrange(2, 900)} {rng.choice(NOUNS)}s"
        for _ in range(3)
    ]
    return f"{parts[0].capitalize()}, {parts[1]} and {parts[2]}."


def main() -> None:
    """Print both figures."""
    rng = random.Random(1)  # noqa: S311 - no secret
    texts = [
        Text(
            key=RevisionId(at),
            title="A title",
            text="\n\n".join(" ".join(sentence(rng) for _ in range(4)) for _ in range(SENTENCES // 4)),
            published=datetime(2026, 1, 1, tzinfo=UTC),
            language="en",
            source="a",
        )
        for at in range(STATEMENTS)
    ]
    for earlier in ([], [sentence(rng) for _ in range(TOLD)]):
        started = time.perf_counter()
        for text in texts:
            digest([text], story=THEME, earlier=earlier)
        print(f"{len(earlier):5} sentences told before: {STATEMENTS / (time.perf_counter() - started):.0f} digests a second")


if __name__ == "__main__":
    main()
