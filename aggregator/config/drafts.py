"""A source that is proposed to the operator: as text for `feeds.toml`, and as the source that this text means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aggregator.config.rules import Mapping, Selectors
from aggregator.config.types import LANGUAGE_PATTERN, Kind, Source
from aggregator.config.values import web_url
from aggregator.config.writing import Table, key_from_host, toml_table
from aggregator.model import SourceKey

MOST_NAME = 100  # characters
LANE = '# lane = "reporting"  # if it tells what others said; without this line it speaks for itself\n'
ZONE = '# zone = "Europe/Paris"  # its times name no zone: write the one that they are in\n'
FAMILY = "the publisher: sources of one publisher share it"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDraft:
    """What is known of a source that is not in the file yet."""

    key: str
    name: str  # as its owner wrote it
    url: str
    kind: Kind = "feed"
    language: str = ""  # BCP 47
    homepage: str = ""
    rules: Selectors | Mapping | None = None
    fetch_pages: bool = False
    needs_zone: bool = False  # its times name none
    allow: tuple[str, ...] = ()
    note: str = ""

    def block(self) -> str:
        """Text that may be put into `feeds.toml`; what is the operator's to decide stands in it as a comment."""
        head, dot, tables = toml_table(("sources", self.key), self._table(), comments={"family": FAMILY}).partition("\n[")
        return f"{head.rstrip()}\n{LANE}{ZONE if self.needs_zone else ''}{dot.lstrip()}{tables}"

    def source(self) -> Source:
        """The source that the text means. Raises ValueError for an address that is none."""
        values: dict[str, Any] = {**self._table(), "key": SourceKey(self.key)}
        return Source.model_validate(values)

    def _table(self) -> Table:
        table: dict[str, Any] = {
            "name": self._name(),
            "kind": self.kind,
            "url": web_url(self.url),
            "family": family_of(self.url),
        }
        if self.language and re.fullmatch(LANGUAGE_PATTERN, self.language):
            table["language"] = self.language
        if self.homepage and is_web_url(self.homepage):
            table["homepage"] = self.homepage
        if self.fetch_pages:
            table["fetch_pages"] = True
        if self.allow:
            table["allow"] = list(self.allow)
        if self.note:
            table["note"] = self.note
        if self.rules is not None:
            table["selectors" if isinstance(self.rules, Selectors) else "mapping"] = self.rules.model_dump(
                exclude_defaults=True
            )
        return table

    def _name(self) -> str:
        name = " ".join(self.name.split())[:MOST_NAME].rstrip()
        return name if any(map(str.isalnum, name)) else urlsplit(self.url).hostname or self.key


def family_of(url: str) -> str:
    """The publisher's key, made of the host."""
    return key_from_host(urlsplit(url).hostname or "")


def is_web_url(value: str) -> bool:
    """Whether `feeds.toml` may hold this address."""
    try:
        return bool(web_url(value))
    except ValueError:
        return False
