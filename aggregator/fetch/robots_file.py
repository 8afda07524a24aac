"""The text of a robots.txt, and which of its rules is about an address (RFC 9309, section 2.2). Pure.

A parser of our own: protego, the usual one, lets records that it does not know end a group, drops an empty query, and takes
`%3F` in a rule for the question mark that it stands for so as not to be one. It changes rules and addresses inside, so that no
preparation of the text before it can mend that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

MOST_BYTES = 500 * 1024  # section 2.5: at least 500 KiB are read; what follows is as if it were not there

MARK = re.compile(rb"\A\xef(?:\xbb\xbf?)?")  # of UTF-8, or what is left of it
LINE_END = re.compile(r"\r\n|\r|\n")
PRODUCT = re.compile(r"[A-Za-z_-]+")
# Names of records as they are written, with the usual slips, and without the colon where a space stands for it.
AGENT = re.compile(r"user[- ]?agent(?:[ \t]*:|[ \t]|\Z)(.*)", re.IGNORECASE | re.DOTALL)
RULE = re.compile(
    r"(?:(allow)|disallow|dissallow|dissalow|disalow|diasllow|disallaw)(?:[ \t]*:|[ \t])(.*)", re.IGNORECASE | re.DOTALL
)
DELAY = re.compile(r"crawl[- ]delay[ \t]*:[ \t]*([0-9]{1,9}(?:\.[0-9]{0,9})?|[0-9]{1,9}e[0-9]{1,2})[ \t]*", re.IGNORECASE)
TARGET = re.compile(r"[^:/?#]*:?(?://[^/?#]*)?([^#]*)", re.DOTALL)
# In an address: an escape, or a sign that has to be one (RFC 3986, section 2).
ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]]")
UNRESERVED = re.compile(rb"[A-Za-z0-9\-._~]")
IN_QUERY = str.maketrans({":": "%3A", "/": "%2F"})


class _Rule(NamedTuple):
    """A rule, its pattern cut at the stars."""

    start: str
    pieces: tuple[str, ...]  # what follows each star
    ends: bool  # whether the address ends with the pattern
    allowed: bool

    def matches(self, path: str) -> bool:
        if not path.startswith(self.start):
            return False
        if not self.pieces:
            return not self.ends or path == self.start
        at, (*middle, last) = len(self.start), self.pieces
        for piece in middle:
            found = path.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if self.ends:
            return len(path) - len(last) >= at and path.endswith(last)
        return path.find(last, at) >= 0


@dataclass(frozen=True)
class Group:
    """The rules for one agent, of all groups that name it."""

    rules: tuple[tuple[str, bool], ...]  # patterns in one spelling, and whether they allow; the one that counts most first
    delay: float = 0.0  # seconds

    def allows(self, url: str) -> bool:
        """Whether an address may be asked: the longest pattern counts, and of two alike the kinder one (section 2.2.2)."""
        target = TARGET.match(url)
        path = _one_spelling((target[1] if target else "").encode("utf-8", "surrogatepass"), of_rule=False)
        path = path if path.startswith("/") else f"/{path}"
        if path == "/robots.txt":
            return True
        escaped = _with_query_escaped(path)
        return next((one.allowed for one, other in self._cut if one.matches(path) or other.matches(escaped)), True)

    @cached_property
    def _cut(self) -> list[tuple[_Rule, _Rule]]:
        """Each rule as it stands, and with the slashes and colons of its query escaped, as some write them (section 2.2.2)."""
        return [(_cut(pattern, allowed), _cut(_with_query_escaped(pattern), allowed)) for pattern, allowed in self.rules]

    def written(self) -> str:
        """The rules as a text that `of` reads."""
        return "\n".join(f"{'+' if allowed else '-'}{pattern}" for pattern, allowed in self.rules)

    @classmethod
    def of(cls, written: str) -> Group:
        """The rules that `written` wrote."""
        return cls(tuple((line[1:], line[0] == "+") for line in written.split("\n") if line))


@lru_cache(maxsize=1_000)  # asked before every request
def product_token(agent: str) -> str:
    """The part of a User-Agent by which robots.txt names us (section 2.2.1)."""
    found = PRODUCT.match(agent.strip())
    return found.group() if found is not None else agent.strip()


def read_group(body: bytes, agent: str) -> Group:
    """What a robots.txt says to an agent: the rules of the groups that name it, or else of those for all.

    Records that are no rules are read over and end no group (section 2.2.4).
    """
    wanted = product_token(agent).casefold()
    named = False
    groups: dict[str, list[tuple[str, bool]]] = {wanted: [], "*": []}
    delays: dict[str, float] = {}
    agents: set[str] = set()
    in_rules = False
    for line in _lines(body):
        if (found := AGENT.fullmatch(line)) is not None:
            agents = ({_token(found[1])} & groups.keys()) | (set() if in_rules else agents)
            in_rules, named = False, named or wanted in agents
        elif (found := RULE.fullmatch(line)) is not None:
            in_rules = True
            pattern = _one_spelling(found[2].strip().encode("utf-8", "surrogateescape"), of_rule=True)
            if pattern.startswith(("/", "*")):
                for one in agents:
                    groups[one].append((pattern, found[1] is not None))
        elif (found := DELAY.fullmatch(line)) is not None:
            delays.update(dict.fromkeys(agents, float(found[1])))
    ours = wanted if named else "*"
    return Group(tuple(_in_order(groups[ours])), delays.get(ours, 0.0))


def _lines(body: bytes) -> Iterator[str]:
    """The lines without comments and empty ones; half a line at the limit is none."""
    body = MARK.sub(b"", body, count=1)
    text = body[:MOST_BYTES].decode("utf-8", "surrogateescape")
    lines = LINE_END.split(text)
    if len(body) > MOST_BYTES:
        lines.pop()
    return filter(None, (line.partition("#")[0].strip(" \t\x00\x0b\x0c\xa0\ufeff") for line in lines))


def _token(named: str) -> str:
    """Whom a line names: whole tokens are compared (section 2.2.1), so that a version behind one means nothing."""
    named = named.strip()
    if named == "*" or named.startswith("* "):
        return "*"
    token = PRODUCT.match(named)
    return token.group().casefold() if token is not None else ""


def _in_order(rules: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    return sorted(dict.fromkeys(rules), key=lambda rule: (-len(rule[0]), not rule[1]))


def _cut(pattern: str, allowed: bool) -> _Rule:
    start, *pieces = pattern.removesuffix("$").split("*")
    return _Rule(start, tuple(pieces), pattern.endswith("$"), allowed)


def _one_spelling(written: bytes, *, of_rule: bool) -> str:
    """A path with query as its octets are compared: what must be escaped is, in capitals, and nothing that need not be.

    `*`, and `$` at the end, mean something in a rule alone: elsewhere they are themselves, escaped as a rule would have them.
    """
    path = ESCAPE.sub(_escaped, written).decode("ascii")
    if not of_rule:
        return path.replace("*", "%2A").replace("$", "%24")
    end = "$" if path.endswith("$") else ""
    return path.removesuffix("$").replace("$", "%24") + end


def _escaped(found: re.Match[bytes]) -> bytes:
    sign = found.group()
    if len(sign) == 1:
        return b"%%%02X" % sign[0]
    octet = bytes.fromhex(sign[1:].decode())
    return octet if UNRESERVED.fullmatch(octet) else sign.upper()


def _with_query_escaped(path: str) -> str:
    before, mark, query = path.partition("?")
    return before + mark + query.translate(IN_QUERY)
