"""Which addresses may become links."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

from aggregator.publish.wellformed import whole

RESERVED = "/?:@!$&'()*+,;=%~-._"  # what may stand in a path or a query as it is (RFC 3986, section 3.3 and 3.4)
NO_HOST = re.compile(r"[^\w.:@\[\]%~!$&'()*+,;=-]")
STRAY = re.compile("%(?![0-9A-Fa-f]{2})")


def web_address(url: str) -> str:
    """The URL where it is http or https, else nothing: what a source wrote may be `javascript:`."""
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def iri(url: str) -> str:
    """A web address as documents for programs need it (RFC 3986, RFC 3987), each sign that has no place where it stands
    percent-encoded: browsers mend that, feed readers and validators do not. "" for other addresses, and for none."""
    address = whole(web_address(url.strip()))
    if not address:
        return ""
    parts = urlsplit(address)
    host = NO_HOST.sub(lambda found: quote(found[0]), parts.netloc)
    path, query, fragment = (quote(part, safe=RESERVED) for part in parts[2:])
    return STRAY.sub("%25", urlunsplit((parts.scheme, host, path, query, fragment))) if host else ""
