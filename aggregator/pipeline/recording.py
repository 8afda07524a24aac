"""A new recording for the tests: the bytes of a listing, the rules that it is read by, and what is read."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.config import Source
from aggregator.fetch import Reply
from aggregator.pipeline.parsing import Body, listing_of, rules_of
from aggregator.pipeline.sandbox import Sandbox, TooMuch
from aggregator.sources import SourceFormatError
from aggregator.sources.expected import as_json

LARGE = 20_000  # bytes: a larger body is packed
ENDINGS = {"page": ".html", "feed": ".xml", "sitemap": ".xml", "json_api": ".json"}
READABLE = (200, 203, None)  # statuses of answers that are read; None: from a file
PROVENANCE = "PROVENANCE.md"
HEADING = "# Provenance: recordings\n\n| case | what it is | licence |\n| --- | --- | --- |\n"
NO_CELL = re.compile(r"[|`\x00-\x1f\x7f]+")


class RecordingError(RuntimeError):
    """Nothing was recorded; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """Where a recording goes."""

    folder: Path  # holds a folder for each kind, and the file of provenance
    quirks: Sequence[str] = ()  # that it shows
    force: bool = False  # take the place of one that is there

    async def record(self, source: Source, reply: Reply, sandbox: Sandbox) -> list[Path]:
        """Write body, rules and what is read, and note where it comes from. Returns the files.

        What is read may be an error: a page that has changed its layout is a case, too. Raises `RecordingError`, OSError.
        """
        if not reply.body or reply.outcome.status not in READABLE:
            raise RecordingError(f"{reply.url}: nothing to record ({reply.outcome.reason})")
        try:
            expected = await sandbox.run(expected_of, Body.of(reply), source)
        except TooMuch as error:
            raise RecordingError(f"{reply.url}: {error}") from error
        stem = self.folder / source.kind / f"{source.key}-{reply.at:%Y-%m-%d}"
        body = _with_ending(stem, _ending(source, reply.body))
        rules, wanted = _with_ending(stem, ".rules.json"), _with_ending(stem, ".expected.json")
        self._make_room(stem)
        body.write_bytes(gzip.compress(reply.body, mtime=0) if body.suffix == ".gz" else reply.body)
        _write_json(rules, self._rules(source, reply))
        _write_json(wanted, expected)
        return [body, rules, wanted, self._note(f"{source.kind}/{stem.name}", reply)]

    def _make_room(self, stem: Path) -> None:
        stem.parent.mkdir(parents=True, exist_ok=True)
        there = [path for path in stem.parent.iterdir() if path.name.partition(".")[0] == stem.name]
        if there and not self.force:
            raise RecordingError(f"{there[0]}: it is there already, and was left as it was. --force takes its place.")
        for path in there:
            path.unlink()

    def _rules(self, source: Source, reply: Reply) -> dict[str, Any]:
        rules = rules_of(source)
        said = {
            "url": reply.url,
            "content_type": reply.headers.get("content-type"),
            "zone": source.zone.key if source.zone is not None else None,
            "language": source.language,
            "quirks": list(self.quirks),
            "rules": rules.model_dump(exclude_defaults=True) if rules is not None else None,
        }
        return {name: value for name, value in said.items() if value or name == "quirks"}

    def _note(self, case: str, reply: Reply) -> Path:
        """Where the bytes come from, in one line."""
        path = self.folder / PROVENANCE
        text = path.read_text(encoding="utf-8") if path.exists() else HEADING
        status = f"HTTP {reply.outcome.status}" if reply.outcome.status is not None else "from a file"
        said = (reply.url, f"{reply.at:%Y-%m-%d %H:%M} UTC", status, reply.headers.get("content-type", "no content type"))
        row = f"| `{case}` | {', '.join(NO_CELL.sub(' ', part) for part in said)} | not known: look it up before this is kept |"
        lines = [line for line in text.splitlines() if not line.startswith(f"| `{case}` |")]
        last = max((number for number, line in enumerate(lines) if line.startswith("|")), default=len(lines) - 1)
        path.write_text("\n".join([*lines[: last + 1], row, *lines[last + 1 :]]) + "\n", encoding="utf-8")
        return path


def expected_of(body: Body, source: Source) -> Any:
    """What a listing's bytes are read as, in the form of the recordings. Runs in the sandbox."""
    try:
        return as_json(listing_of(body, source))
    except SourceFormatError as error:
        return {"error": str(error)}


def _ending(source: Source, body: bytes) -> str:
    ending = ENDINGS[source.kind]
    if source.kind == "feed" and body.lstrip()[:1] == b"{":
        ending = ".json"
    return f"{ending}.gz" if len(body) > LARGE else ending


def _with_ending(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
