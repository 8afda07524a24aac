"""The address guard: no request leaves for a private address, by spelling, DNS or redirect.

`check_address` reads the URL; `GuardedResolver` judges the addresses that DNS gives, inside the connector, so that what
was checked is what is connected to.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import unicodedata
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote, urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

LOOKUPS_AT_ONCE = 64
PORTS = frozenset({80, 443, 8080, 8443})
# Names that are nobody's in public: of the registry of special-use names (RFC 6761 and after), of RFC 6762's appendix G, and
# what machines, containers and routers call themselves.
PRIVATE_SUFFIXES = (
    *(".localhost", ".local", ".localdomain", ".localdomain6", ".internal", ".intranet", ".intra", ".private", ".lan", ".home"),
    *(".corp", ".mail", ".domain", ".workgroup", ".test", ".alt", ".onion", ".arpa", ".default", ".svc", ".consul", ".docker"),
    ".fritz.box",
)
# Names under public ends that answer only inside a cloud, with the secrets of the machine that asks.
METADATA = frozenset(("metadata.goog", "metadata.tencentyun.com", "metadata.packet.net", "metadata.platformequinix.com"))
NUMBER = r"(?:0[xX][0-9a-fA-F]*|0[oO]?[0-7]*|[0-9]+)"
NUMERIC = re.compile(rf"{NUMBER}(?:\.{NUMBER}){{0,4}}")
ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", re.DOTALL)  # no name does (URL Standard, section 3.5)
ODD = re.compile(r"[\s\\\x00-\x20\x7f]")
# What is mapped to nothing on the way to a connection (UTS 46, RFC 3454 table B.1): `local\u00adhost` is localhost.
IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u1806\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# In ASCII a host has letters, digits, hyphens and, in practice, underscores; what else stands there another reader may take
# for the host's end. Of other scripts no control signs, no spaces and no signs that could not be decoded.
NO_HOST = re.compile(r"[\x00-,/:-@\[-^`{-\x9f\s\ufffd\ud800-\udfff]")
# Beside what `ipaddress` knows (of the IANA registries of special-purpose addresses): networks where no publisher lives.
SPECIAL_V4 = tuple(ipaddress.IPv4Network(net) for net in (
    "192.0.0.0/24",  # RFC 6890: protocol assignments; metadata services live there
    "192.88.99.0/24", "192.52.193.0/24", "192.31.196.0/24", "192.175.48.0/24",  # 6to4 and AMT relays, AS112
))  # fmt: skip
UNICAST_V6 = ipaddress.IPv6Network("2000::/3")  # RFC 4291, section 2.4: all that is given out for use in public
SPECIAL_V6 = tuple(ipaddress.IPv6Network(net) for net in (
    "2001::/23", "2002::/16",  # protocol assignments with Teredo, benchmarks and ORCHID; 6to4
    "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48",  # documentation (RFC 3849, 9637), AS112
))  # fmt: skip
ISATAP = (0x5EFE, 0x0200_5EFE)  # RFC 5214: the interface identifier holds an IPv4 address behind one of these

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(ValueError):  # noqa: N818 - the name that other programs rely on
    """A URL that must not be asked; the text says why and what to do."""


def check_address(url: str, *, allow: Collection[str] = (), resolve: bool = True) -> None:
    """Refuse a URL that must not be asked: raises `AddressRefused`.

    Refused are schemes other than http and https, user info, odd ports, names that only mean something inside a network, and
    every address that is not on the public Internet, in whatever spelling (RFC 6890 and the forms of inet_aton). A host in
    `allow` passes whatever its address and port. With `resolve`, a name is looked up too (this waits for DNS) and refused if
    any of its addresses is private; one that has no address passes: nobody can be asked there. The client leaves that to
    `GuardedResolver`, which judges the very addresses that are then connected to.
    """
    if ODD.search(url):
        raise AddressRefused(f"{url!r}: white space or a backslash in an address")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        raise AddressRefused(f"{url!r}: not an address ({error})") from error
    if parts.scheme not in ("http", "https") or not host:
        raise AddressRefused(f"{url!r}: only http:// and https:// addresses are asked")
    if "@" in parts.netloc:
        raise AddressRefused(f"{parts.scheme}://…@{host}: a name or password before the host")
    if host in allow:
        return
    if port is not None and port not in PORTS:
        raise AddressRefused(f"{url!r}: port {port}; add {host!r} to the source's `allow` if that is meant")
    _check_host(host, bracketed="[" in parts.netloc)
    if resolve:
        _check_lookup(host)


def _check_host(host: str, *, bracketed: bool) -> None:
    name = _mapped(host).rstrip(".")
    if bracketed:
        _check_literal(name, host)
        return
    if NO_HOST.search(name):
        raise AddressRefused(f"{host!r} has signs that no host has")
    if ENDS_IN_NUMBER.fullmatch(name) or NUMERIC.fullmatch(name):
        _check_literal(_dotted(name, host), host)
    elif "." not in name or f".{name}".endswith(PRIVATE_SUFFIXES) or name in METADATA:
        raise AddressRefused(f"{host!r} is a name of a private network; add it to the source's `allow` if that is meant")


def _mapped(host: str) -> str:
    """A host as the way to a connection reads it: escapes undone, wide and small forms made plain, unseen signs gone."""
    seen = IGNORED.sub("", unquote(host))
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return IGNORED.sub("", plain).replace("。", ".")


def _check_lookup(host: str) -> None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    _refuse_private(host, (str(where[4][0]) for where in found))


def _refuse_private(host: str, addresses: Iterable[str]) -> None:
    for address in addresses:
        try:
            public = is_public(ipaddress.ip_address(address.partition("%")[0]))
        except ValueError:
            public = False
        if not public:
            raise AddressRefused(
                f"{host!r} leads to the private address {address}; add {host!r} to the source's `allow` if that is meant"
            )


def _dotted(name: str, host: str) -> str:
    """A numeric host in the plain form: `0x7f.1` is 127.0.0.1, as inet_aton reads it."""
    try:
        return socket.inet_ntoa(socket.inet_aton(re.sub(r"\b0[oO]", "0", name)))
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"{host!r} is no address") from error


def _check_literal(address: str, host: str) -> None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError as error:
        raise AddressRefused(f"{host!r} is no address") from error
    if not is_public(parsed):
        raise AddressRefused(f"{host!r} is not on the public Internet; add it to the source's `allow` if that is meant")


def is_public(address: Address) -> bool:
    """Whether an address lies on the public Internet, also when it is wrapped in IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        # Mapped, translated and compatible IPv4 addresses, NAT64 and site-local ones lie outside of what is given out.
        if address.scope_id is not None or address not in UNICAST_V6 or any(address in net for net in SPECIAL_V6):
            return False
        return int(address) >> 32 & 0xFFFF_FFFF not in ISATAP
    if any(address in net for net in SPECIAL_V4):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class GuardedResolver(AbstractResolver):
    """Looks names up and refuses those that lead to a private address, whatever else they lead to.

    It has threads of its own: a name server that does not answer holds up nobody else's work.
    """

    def __init__(self, *, allow: Collection[str] = ()) -> None:
        self._allow = frozenset(allow)
        self._threads = ThreadPoolExecutor(max_workers=LOOKUPS_AT_ONCE, thread_name_prefix="dns")

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """The addresses of a host. Raises `AddressRefused` when one of them is private, OSError when there is none."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, _look_up, host, port, family)
        except UnicodeError as error:
            raise OSError(f"{host!r} is no name that can be looked up") from error
        if host not in self._allow:
            _refuse_private(host, (one["host"] for one in found))
        return found

    async def close(self) -> None:
        """Let the threads go; one that still waits for a name server ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    found = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [
        ResolveResult(
            hostname=host,
            host=str(where[0]),
            port=port,
            family=one,
            proto=proto,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for one, _, proto, _, where in found
    ]
