"""What the reading processes share: imported once, in the process that they are all forked from, and by nobody else."""

from __future__ import annotations

import gc
from importlib import import_module

PARTS = (
    "aggregator.pipeline.parsing",
    "aggregator.sources.feed",
    "aggregator.sources.json_api",
    "aggregator.sources.page",
    "aggregator.sources.sitemap",
    "aggregator.text.article",
    "htmldate",
    "nh3",
    "trafilatura",
)

for part in PARTS:
    import_module(part)
gc.collect()
gc.freeze()  # a collection writes into everything that it looks at, and what is written to is no longer shared
