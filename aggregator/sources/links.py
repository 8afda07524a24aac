"""Links of entries."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


def web_address(base: str, link: str) -> str:
    """The link as an absolute http(s) address, read against `base`; "" for what is none: `javascript:`, `urn:`, broken ones."""
    try:
        address = urljoin(base, link) if link else ""
        return address if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:
        return ""
