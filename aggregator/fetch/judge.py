"""The verdict on a response: is it the page that was asked for?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aggregator.fetch.walls import DENIED, PROVE, REFUSES, Look, look, wall
from aggregator.model import Outcome, OutcomeKind

if TYPE_CHECKING:
    import httpx

HEAD, TAIL = 64 * 1024, 8 * 1024  # bytes of a body that are looked at
SMALL = 16 * 1024  # bytes up to which JSON may be an error: data is longer, or says `items`
SAID = {
    202: "has taken the request and sent no page",
    401: "asks for a login",
    402: "asks for payment",
    403: "refuses us",
    404: "does not have it: has the address moved?",
    407: "wants a login for the proxy on the way",
    410: "says that it is gone for good",
    429: "asks us to come less often",
    451: "may not show it for legal reasons",
    503: "is under maintenance or overloaded",
}
# The server lives and keeps the page from us: asking again, or in another way, may help. All else but 200 is a failure.
KEPT_BACK = frozenset({202, 401, 403, 407, 429, 451, 503})
# 203 is the page as a proxy on the way has changed it, and still the page. 206 is a part that was never asked for: reading
# it would make the rest look withdrawn. 204 and 205 have no body by definition: as empty as an empty 200.
GOOD, EMPTY = frozenset({200, 203}), frozenset({204, 205})
# (header, what its value starts with, the wall): sent with walls only, whatever the status.
WALL_HEADERS = (
    ("cf-mitigated", "challenge", f"Cloudflare {PROVE}"),
    ("x-amzn-waf-action", "challenge", f"AWS WAF {PROVE}"),
    ("x-amzn-waf-action", "captcha", f"AWS WAF {PROVE}"),
    ("x-sucuri-block", "", f"Sucuri {REFUSES}"),
    ("x-vercel-mitigated", "", f"Vercel {PROVE}"),
    ("rimon", "rwc_block", f"the Rimon filter on the way {REFUSES}"),
)
# The same for headers that good pages have, too: they only name who refused.
REFUSERS = tuple((header, start, f"{name} {REFUSES}") for header, start, name in (
    ("x-datadome", "", "DataDome"), ("server", "akamai", "Akamai"), ("server", "cloudflare", "Cloudflare"),
    ("server", "cloudfront", "CloudFront"), ("server", "ddos-guard", "DDoS-Guard"), ("server", "sucuri", "Sucuri"),
    ("server", "qrator", "Qrator"), ("server", "awselb", "the AWS load balancer"), ("x-cdn", "imperva", "Imperva"),
    ("x-cdn", "incapsula", "Imperva"), ("x-iinfo", "", "Imperva"),
))  # fmt: skip
FEED_PATH = re.compile(r"\.(?:xml|rss|atom|rdf|json|ashx)(?:\.gz)?$|/(?:rss|feed)(?:/|$)(?!.*\.html?$)|/(?:rss2|atom|rdf)/?$")
FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format|output|type|alt)=(?:rss|rss2|atom|xml|json|feed|rdf)\b", re.IGNORECASE)
DATA_TYPE = re.compile(r"\b(?!xhtml)[\w.-]{0,40}\+?(?:xml|json)\b", re.IGNORECASE)
CHARSET = re.compile(r"(?:charset|encoding)\s{0,3}=\s{0,3}[\"']?([\w.:-]{1,30})", re.IGNORECASE)
# Only these: other codecs of Python are no encodings of text, or slow on hostile bytes.
KNOWN_CHARSET = re.compile(
    r"utf-?8|windows-?12\d\d|cp\d{3,4}|iso-?8859-\d{1,2}|latin-?1|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(?:jp|kr)|shift_jis"
)
MAGIC = ((b"\x89PNG", "PNG"), (b"GIF8", "GIF"), (b"\xff\xd8\xff", "JPEG"), (b"PK\x03\x04", "ZIP"), (b"RIFF", "RIFF"))
DOCTYPE = re.compile(r"<!doctype\s+(\w{1,20})[^<>]{0,2000}>", re.IGNORECASE)
ROOT = re.compile(r"<([A-Za-z][\w.:-]{0,60})")
FEED = re.compile(r"<(?:[\w.-]{1,20}:)?(?:rss|feed|urlset|sitemapindex)[\s>/]", re.IGNORECASE)
RDF = re.compile(r"<(?:\w{1,20}:)?rdf[\s>]", re.IGNORECASE)
HTML_ROOT = re.compile(
    r"(?:html|head|body|title|meta|link|script|style|noscript|div|p|span|h[1-3]|a|img|center|form|iframe|table|pre|br|b|main|"
    r"header|section|article|font|frameset|hr|ul|strong)"
)
ERROR_ROOT = re.compile(r"(?:api)?errors?(?:response)?|exception|fault|envelope")
PLAIN_ERROR = re.compile(
    r"\W{0,9}(?:error\b|fatal error|http error|(?:error )?[45]\d\d\W{0,3}(?:$|[a-z ]{0,20}(?:error|forbidden|not found|denied|"
    r"unauthorized|unavailable|gateway|request))|forbidden|access (?:is )?denied|not found|unauthorized|too many requests|"
    r"service (?:temporarily )?unavailable|bad gateway|gateway time-?out|internal server error|no healthy upstream|"
    r"upstream (?:connect|request)|request (?:was )?(?:throttled|rate)|rate limit|blocked\b|page not found)",
    re.IGNORECASE,
)
ERROR_KEYS = ("error", "errors", "fault", "exception", "Error", "Message", "errorMessage", "error_description", "error_code")
NOTICE_KEYS = frozenset({"message", "detail", "status", "statusCode", "code", "requestId", "timestamp", "path", "type", "name"})
BAD_CODES = ("error", "fail", "failed", "forbidden", "denied", "unauthorized")
# Redirects. Hosts and paths where nobody's news stand.
GATE = re.compile(
    r"^(?:(?P<consent>consent|guce|cmp|privacy|cookies?)|(?P<login>log-?in|sign-?in|sso|auth|oauth2?|accounts?|idp|adfs|passport)"
    r"|(?P<wall>unblock|block|blocked|blockpage|captcha|geo\.captcha-delivery|challenge|validate|filter|warning|errors?))\."
)
STEP = re.compile(
    r"/(?:(?P<login>log[-_]?in|sign[-_]?in|logon|servicelogin|wp-login|sso|oauth2?|saml2?|auth|authorize|authenticate)"
    r"|(?P<consent>consent|collectconsent|privacy-gate|cookie-consent)"
    r"|(?P<wall>captcha|showcaptcha|challenge|blocked|access-?denied|forbidden|403|sorry)"
    r"|(?P<gone>404|not-?found|page-not-found|pagenotfound|error-?404|errors?|errorpage|seite-nicht-gefunden)"
    r"|(?P<repair>maintenance|unavailable|wartung|offline|sorry-page|503))(?:\.\w{2,5})?(?=/|$)",
    re.IGNORECASE,
)
LED = {
    "login": "a login stands before the page",
    "consent": "a consent page stands before the page",
    "wall": "a wall stands before the page",
    "gone": "the page is not there: has the address moved?",
    "repair": "the site is under maintenance",
}
HOME = "sent on to the home page"
SECOND_LEVEL = re.compile(r"co|com|gov|go[bv]?|gouv|gub|org?|net?|ac|edu|mil|gv|nic|in|govt|gc|police|nhs")
FORWARDERS = re.compile(
    r"(?:^|\.)(?:bit\.ly|t\.co|t\.me|goo\.gl|ow\.ly|tinyurl\.com|lnkd\.in|fb\.me|buff\.ly|dlvr\.it|ift\.tt|doi\.org|purl\.org|"
    r"w3id\.org|feedburner\.com|feedproxy\.google\.com|news\.google\.com|europa\.eu|govdelivery\.com|smarturl\.it)$"
    r"|^(?:feeds?|rss|links?|go|click|track|redirect|r|l|lnk|url|out)\."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """What kind of bytes came."""

    kind: str  # "feed", "html", "xml", "json", "text", "empty", "binary"
    text: str = ""  # the part that is looked at
    named: str = ""  # of what sort binary bytes are; the root of XML
    whole: bool = True  # nothing was left out


def judge(response: httpx.Response, *, listing: bool | None = None) -> Outcome:
    """Judge a response whose body was read.

    `listing` says that a feed (True) or a page for people (False) was asked for; without it the request, the address and
    the content type tell. Pure: nothing is asked again. A wall that answers 200 is `not_the_page`, as is HTML where a feed
    was asked. Never raises on any bytes, and looks at a bounded part of them.
    """
    status = response.status_code
    if status == 304:
        return Outcome(kind=OutcomeKind.UNCHANGED, reason="unchanged since the last poll", status=status)
    asked_feed = _feed_asked(response) if listing is None else listing
    body = _read(response.content, response.headers.get("content-type", ""))
    page = look(body.text, whole=body.whole) if body.kind in ("html", "text") else None
    if status not in GOOD:
        return _refused(response, page)
    reason = _strange(response, body, page, asked_feed=asked_feed)
    if reason is not None:
        return Outcome(kind=OutcomeKind.NOT_THE_PAGE, reason=reason, status=status)
    return Outcome(kind=OutcomeKind.CHANGED, reason="a new copy", status=status)


def _refused(response: httpx.Response, page: Look | None) -> Outcome:
    """Any status but 200: a wall where it is one, else a failure."""
    status = response.status_code
    named = _by_headers(response.headers, WALL_HEADERS) or (wall(page) if page else None)
    is_wall = named is not None and (PROVE in named or REFUSES in named)
    kept = status in KEPT_BACK or status in EMPTY or (is_wall and 400 <= status < 500 and status not in (404, 410))
    if named == DENIED or not is_wall:  # what a status says by itself (429: less often) tells more
        named = _by_headers(response.headers, REFUSERS) if status in (401, 403, 405) else None
    said = named if kept and named else f"the server {_said(response)}"
    kind = OutcomeKind.NOT_THE_PAGE if kept else OutcomeKind.FAILED
    return Outcome(kind=kind, reason=f"HTTP {status}: {said}{_shown(page)}", status=status)


def _said(response: httpx.Response) -> str:
    status = response.status_code
    if status in SAID:
        return SAID[status]
    if status == 206:
        return "sent only a part of the page, unasked"
    if status in EMPTY:
        return "sent nothing to read"
    if 300 <= status < 400:
        return "sends us on to another address that was not followed"
    if status >= 500:
        return "has trouble of its own"
    return f"answers {response.reason_phrase or 'oddly'}"


def _strange(response: httpx.Response, body: _Body, page: Look | None, *, asked_feed: bool) -> str | None:
    """Why an answer with status 200 is not what was asked for, or None."""
    if body.kind == "empty":
        return "the answer is empty"
    if body.kind == "binary":
        return f"no text at all ({body.named}) where a {'feed' if asked_feed else 'page'} was asked"
    found = _by_headers(response.headers, WALL_HEADERS) or _led_away(response, body)
    if found is None and page is not None:
        found = wall(page)
    if found is not None:
        return found + _shown(page)
    if body.kind == "json" and _json_error(body):
        return "a JSON error message where " + ("a feed" if asked_feed else "a page") + " was asked"
    if body.kind == "xml" and ERROR_ROOT.fullmatch(body.named):
        return "an XML error message where " + ("a feed" if asked_feed else "a page") + " was asked"
    return _wrong_kind(body, page, asked_feed=asked_feed)


def _wrong_kind(body: _Body, page: Look | None, *, asked_feed: bool) -> str | None:
    if body.kind == "text" and len(body.text) < 2_000 and PLAIN_ERROR.match(body.text):
        return f"an error message stands where the page should be (“{_line(body.text)}”)"
    if not asked_feed:
        return None
    if body.kind == "html":
        return f"an HTML page where a feed was asked{_shown(page)}: open it in a browser"
    if body.kind == "text" and not body.text.lstrip().startswith(("http://", "https://")):  # a sitemap may be a list of URLs
        return f"plain text where a feed was asked (“{_line(body.text)}”)"
    return None


def _feed_asked(response: httpx.Response) -> bool:
    """Was a feed, XML or JSON asked for? The request tells; without one, the kind of the answer."""
    kind = response.headers.get("content-type", "")
    url = _asked(response)
    if url is not None:
        path = url.path.lower()[:2_000]
        if FEED_PATH.search(path) or FEED_QUERY.search(url.query.decode("ascii", "replace")[:2_000]):
            return True
        accept = _accept(response)
        if ("xml" in accept or "json" in accept) and "html" not in accept:
            return True
    return bool(DATA_TYPE.search(kind.partition(";")[0])) and "html" not in kind.lower()


def _accept(response: httpx.Response) -> str:
    return "" if _url(response) is None else response.request.headers.get("accept", "").lower()


def _asked(response: httpx.Response) -> httpx.URL | None:
    """The address that was asked first."""
    return next((url for one in (*response.history[:1], response) if (url := _url(one)) is not None), None)


def _url(response: httpx.Response) -> httpx.URL | None:
    try:
        return response.request.url
    except RuntimeError:  # a response that was made by hand has no request
        return None


def _by_headers(headers: Mapping[str, str], table: tuple[tuple[str, str, str], ...]) -> str | None:
    for name, start, named in table:
        if name in headers and headers[name].lower().startswith(start):
            return named
    return None


# --- what came


def _read(content: bytes, content_type: str) -> _Body:
    """Tell the kind of a body from a bounded part of it."""
    if not content[:HEAD].strip() and not content.strip():
        return _Body(kind="empty")
    named = next((name for magic, name in MAGIC if content.startswith(magic)), None)
    if named:
        return _Body(kind="binary", named=named)
    if content.startswith((b"%PDF", b"\x1f\x8b")):  # a document, a packed sitemap: for their own readers to judge
        return _Body(kind="other")
    whole = len(content) <= HEAD + TAIL
    text = _decode(content if whole else content[:HEAD], content_type)
    if not whole:
        text += "\n" + _decode(content[-TAIL:], content_type)
    kind, root = _kind(text)
    if kind != "feed" and _is_noise(text[:2_048]):
        return _Body(kind="binary", named="bytes that are no text")
    return _Body(kind=kind, text=text, named=root, whole=whole)


def _decode(part: bytes, content_type: str) -> str:
    if part.startswith((b"\xff\xfe", b"\xfe\xff")):
        return part.decode("utf-16", "replace")
    if part[1:2] == b"\0" or part[:1] == b"\0":  # UTF-16 without its mark
        return part.decode("utf-16-le" if part[1:2] == b"\0" else "utf-16-be", "replace")
    said = CHARSET.search(content_type) or CHARSET.search(part[:2_048].decode("latin-1"))
    name = said[1].lower() if said else "utf-8"
    try:
        return part.decode(name if KNOWN_CHARSET.fullmatch(name) else "utf-8", "replace").removeprefix("\ufeff")
    except LookupError:  # a number that no code page has
        return part.decode("utf-8", "replace")


def _is_noise(start: str) -> bool:
    odd = sum(one < " " and one not in "\t\n\r\f\v\x1b" for one in start)
    return odd * 10 > len(start)


def _kind(text: str) -> tuple[str, str]:
    """The kind of a text and the name of its root element."""
    start = _skip(text)
    root = ROOT.match(text, start)
    doctype = DOCTYPE.match(text, start)
    if FEED.search(text, 0, HEAD):
        return "feed", ""  # also behind a warning, or within an HTML page: the parser looks
    name = root[1].lower().rpartition(":")[2] if root else ""
    is_html = (doctype is not None and doctype[1].lower() == "html") or HTML_ROOT.fullmatch(name) is not None
    if not is_html and RDF.search(text, 0, HEAD):
        return "feed", ""
    if is_html:
        return "html", name
    if text.startswith("<", start):
        return "xml", name
    if text.startswith(("{", "["), start):
        return "json", ""
    # Words before the markup (a warning of PHP): HTML if a tag of it comes.
    return ("html", "") if re.search(r"<(?:html|head|body|title)\b", text[:HEAD], re.IGNORECASE) else ("text", "")


def _skip(text: str) -> int:
    """Where the text begins after white space, comments and processing instructions."""
    at = 0
    for _ in range(1_000):
        at += len(text[at : at + 1_000]) - len(text[at : at + 1_000].lstrip("\ufeff \t\r\n\f\v\0"))
        end = "-->" if text.startswith("<!--", at) else "?>" if text.startswith("<?", at) else ""
        if not end:
            if text[at : at + 1].isspace():
                continue  # more white space than one step takes
            return at
        stop = text.find(end, at + 2)
        if stop < 0:
            return at
        at = stop + len(end)
    return at


def _json_error(body: _Body) -> bool:
    """Is a JSON text an error message? Data beside a message makes it an answer."""
    if not body.whole or len(body.text) > SMALL:
        return False
    try:
        said = json.loads(body.text)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and not _holds_data(said) and _complains(said)


def _holds_data(said: dict[str, object]) -> bool:
    lists = (value for key, value in said.items() if key not in ERROR_KEYS)
    return "version" in said or any(isinstance(one, list) and one for one in lists)


def _complains(said: dict[str, object]) -> bool:
    inner = said.get("data")  # WordPress: {"code": "rest_no_route", "message": "…", "data": {"status": 404}}
    codes = [said.get(key) for key in ("status", "statusCode", "code")]
    codes.append(inner.get("status") if isinstance(inner, dict) else None)
    if any(said.get(key) for key in ERROR_KEYS) or said.get("success") is False or said.get("ok") is False:
        return True
    if any(isinstance(one, int) and 400 <= one < 600 for one in codes) or any(str(one).lower() in BAD_CODES for one in codes):
        return True
    return said.keys() <= NOTICE_KEYS and any(isinstance(said.get(key), str) and said[key] for key in ("message", "detail"))


# --- where it came from


def _led_away(response: httpx.Response, body: _Body) -> str | None:
    """Where a redirect led to a stranger, a gate or an error page."""
    asked, final = _asked(response), _url(response)
    if asked is None or final is None or asked == final or body.kind == "feed":
        return None
    here, there = asked.host, final.host
    gate = GATE.match(there) if there != here and not GATE.match(here) else None
    if gate is None and body.kind not in ("html", "text"):
        return None  # data from another host is still data
    if gate:
        return f"sent on to {there}: {_led(gate)}"
    step = STEP.search(final.path)
    if step and not STEP.search(asked.path):
        return f"sent on to {there}{final.path[:100]}: {_led(step)}"
    if _stranger(asked, final):
        return f"sent on from {here} to another site, {there}: has the page moved?"
    home = _deep(asked.path) and final.path in ("", "/") and not final.query
    return f"{HOME} of {there}: the page is not there any more" if home else None


def _led(found: re.Match[str]) -> str:
    return LED[found.lastgroup or "wall"]


def _stranger(asked: httpx.URL, final: httpx.URL) -> bool:
    """Another publisher's host, for no good reason."""
    here, there = _registered(asked.host), _registered(final.host)
    if here == there or FORWARDERS.search(asked.host):
        return False
    if here.partition(".")[0] == there.partition(".")[0]:  # bbc.co.uk and bbc.com
        return False
    return not (len(asked.path) > 12 and asked.path.rstrip("/") == final.path.rstrip("/"))  # the whole site has moved


def _registered(host: str) -> str:
    """The part of a host that somebody registers: two labels, or three under a national second level."""
    labels = host.removesuffix(".").split(".")
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    three = len(labels) > 2 and len(labels[-1]) == 2 and SECOND_LEVEL.fullmatch(labels[-2]) is not None
    return ".".join(labels[-3 if three else -2 :])


def _deep(path: str) -> bool:
    """The address of one article, not of a section."""
    parts = [part for part in path.split("/") if part]
    return len(parts) > 1 and (len(parts[-1]) > 20 or bool(re.search(r"\d{3}", path)))


# --- what to say


def _shown(page: Look | None) -> str:
    return f" (“{page.shown}”)" if page and page.shown else ""


def _line(text: str) -> str:
    return " ".join(text[:500].split())[:100]
