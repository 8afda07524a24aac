"""What stands before every page and every answer: who may ask, under which name, and what a browser may do with it."""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.config import Web
from aggregator.web.answers import problem

METHODS = ("GET", "HEAD")
ALIVE, READY = "/healthz", "/readyz"
METRICS = "/metrics"  # for who has the token, where there is one
PROBES = (ALIVE, READY)  # they tell nothing but whether it works, and those who look for that have no token
LOOPBACK_NAMES = frozenset({"localhost"})
# Nothing runs, and nothing is fetched, but what comes from here; what a page of ours needs more, it says itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

log = structlog.get_logger()


def names_of(web: Web) -> frozenset[str]:
    """The names under which the site may be asked: an address of a stranger that leads here (DNS rebinding) is none of them."""
    host = web.listen.rpartition(":")[0].strip("[]").lower()
    own = {host, (urlsplit(web.url).hostname or "").lower()}
    if is_wildcard(host):
        own.add(socket.gethostname().lower())
    return frozenset({*LOOPBACK_NAMES, *filter(None, own)})


def is_wildcard(host: str) -> bool:
    """Whether listening there is listening at every address of the machine."""
    return host in ("", "*", "0.0.0.0", "::")  # noqa: S104 - what it is compared with


def is_known(host: str, names: Collection[str]) -> bool:
    """Whether a Host header names us. An address in digits does: no name was resolved, so none was turned to us."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name in names
    return True


class Guard:
    """An ASGI application before another one. The broad catch is the edge of one request: it is logged."""

    def __init__(self, app: ASGIApp, *, web: Web, policy: str) -> None:
        self._app = app
        self._names = names_of(web)
        self._token = (web.token or "").encode()
        self._headers = {**SECURITY, "content-security-policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refuse(scope)
        if refused is not None:
            await refused(scope, receive, guarded)
            return
        try:
            await self._app(scope, receive, guarded)
        except Exception:  # logged with its traceback; the application has said that something went wrong
            log.exception("web_request_failed", path=scope["path"][:200])

    def _refuse(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not is_known(host, self._names):
            advice = "Ask by the address that it listens on, or name its host in `url` under [web] of feeds.toml."
            return problem(421, f"This site does not answer to the name {host[:100]!r}. {advice}")
        if self._token and scope["path"] not in PROBES and not self._shows_token(headers):
            detail = "Send the token of this site: `Authorization: Bearer TOKEN`. It is the one that [web] of feeds.toml names."
            return problem(401, detail, headers={"www-authenticate": 'Bearer realm="aggregator"'})
        if scope["method"] not in METHODS:
            return problem(405, "This site only answers: ask with GET or HEAD.", headers={"allow": ", ".join(METHODS)})
        return None

    def _shows_token(self, headers: Headers) -> bool:
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        return hmac.compare_digest(shown.strip().encode("utf-8", "replace"), self._token) and scheme.lower() == "bearer"
