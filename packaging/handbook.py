"""What the handbook's pages hold beyond docs/: the manual of the store, the change log, the schemas. A hook of ProperDocs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from properdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
PAGES = {"storage/README.md": "storage.md", "CHANGELOG.md": "changes.md"}  # where they are, from where they lie
DATA = {
    "aggregator/web/static/openapi.json": "openapi.json",
    "aggregator/publish/story.schema.json": "story.schema.json",
    "aggregator/publish/notify/message.schema.json": "message.schema.json",
    "feeds.schema.json": "feeds.schema.json",
}
LINK = re.compile(r"\]\((?:\.\./)?(?P<path>[\w./-]+)(?P<anchor>#[\w-]+)?\)")


def on_files(files: Files, *, config: Any) -> Files:
    """Add what lies elsewhere."""
    for path, name in (PAGES | DATA).items():
        files.append(File.generated(config, name, content=(ROOT / path).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Lead links to those files to where they are here. In the repository they lead to where the files lie."""
    return LINK.sub(_moved, markdown)


def _moved(link: re.Match[str]) -> str:
    path = link["path"].removeprefix("docs/")
    return f"]({(PAGES | DATA).get(path, path)}{link['anchor'] or ''})"
