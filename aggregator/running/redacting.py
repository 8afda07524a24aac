"""What never stands in a log: the secrets of the configuration, in every form, and what looks like one in an address."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

HIDDEN = "***"
SHORTEST = 4  # characters: to hide a shorter text everywhere would make the log unreadable, and keep no secret
# The login of an address (RFC 3986, 3.2.1).
_LOGIN = re.compile(r"(?<=://)[^/?#\s\"'@<>]+(?=@)")
# A parameter whose name ends in a word that says that its value lets somebody in: `key`, and not `keyword`. The value ends
# where an address, a JSON text or a sentence goes on.
_PARAMETER = re.compile(
    r"([?&;][\w.\[\]%-]{0,60}?"
    r"(?:key|token|secret|pass|passwd|password|pwd|auth|sig|signature|credentials?|session|session_?id|sid|appid)=)"
    r"[^&#\s\"'<>\\]+",
    re.IGNORECASE,
)


class Redactor:
    """Takes secrets out of lines. What it was once told to hide, it hides as long as it lives."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._forms: re.Pattern[str] | None = None

    def hide(self, secrets: Iterable[str]) -> None:
        """Hide some more texts, in each of their forms."""
        new = {one for one in secrets if len(one) >= SHORTEST} - self._secrets
        if new:
            self._secrets |= new
            forms = {form for one in self._secrets for form in forms_of(one)}
            self._forms = re.compile("|".join(map(re.escape, sorted(forms, key=lambda form: (-len(form), form)))))

    def __call__(self, line: str) -> str:
        """A line without secrets."""
        if self._forms is not None:
            line = self._forms.sub(HIDDEN, line)
        if "=" in line:
            line = _PARAMETER.sub(rf"\1{HIDDEN}", line)
        return _LOGIN.sub(HIDDEN, line) if "://" in line else line


def forms_of(secret: str) -> Iterator[str]:
    """How a secret may be written: as it is, escaped in JSON or by Python, in an address, in base64 (RFC 4648)."""
    raw = secret.encode("utf-8", "surrogatepass")
    yield secret
    for text in (json.dumps(secret), json.dumps(secret, ensure_ascii=False), repr(secret)):
        yield text[1:-1]
    yield from (quote(raw, safe=""), quote(raw), quote_plus(raw))
    for encoded in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        yield from (encoded, encoded.rstrip("="))
