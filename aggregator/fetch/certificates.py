"""When the certificates of servers end, as seen at the connections that were made."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

MOST_HOSTS = 20_000  # that are remembered at once


class Certificates:
    """What is known of the certificates of hosts. Fed at each connection; asked once an answer is there."""

    def __init__(self) -> None:
        self._ends: dict[str, tuple[str, datetime]] = {}

    def note(self, host: str, certificate: Mapping[str, Any] | None) -> None:
        """Note a certificate that was found good, as `ssl.SSLSocket.getpeercert` gives it."""
        written = (certificate or {}).get("notAfter")
        known = self._ends.get(host)
        if not isinstance(written, str) or (known is not None and known[0] == written):
            return
        try:
            ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(written), tz=UTC)
        except (ValueError, OverflowError, OSError):  # a time that cannot be told
            return
        if len(self._ends) >= MOST_HOSTS:
            self._ends.clear()
        self._ends[host] = written, ends

    def end_of(self, url: str) -> datetime | None:
        """When the certificate of an address's host ends, UTC; None where it has none, or none was seen."""
        parts = urlsplit(url)
        known = self._ends.get(parts.hostname or "") if parts.scheme == "https" else None
        return known[1] if known is not None else None
