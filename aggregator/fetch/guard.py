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
PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home", ".corp", ".intranet", ".home.arpa", ".onion")
NUMERIC = re.compile(r"(0[xX][0-9a-fA-F]*|0[oO]?[0-7]*|[0-9]+)(\.(0[xX][0-9a-fA-F]*|0[oO]?[0-7]*|[0-9]+)){0,4}")
ODD = re.compile(r"[\s\\\x00-\x20\x7f]")
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
SPECIAL_V4 = ipaddress.ip_network("192.0.0.0/24")  # RFC 6890: protocol assignments; metadata services live there
LEGACY_V6 = tuple(
    ipaddress.ip_network(net)
    for net in ("::/96", "2002::/16", "2001::/32", "fec0::/10")  # IPv4-compatible, 6to4, Teredo, site-local
)

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
    name = unicodedata.normalize("NFKC", unquote(host)).replace("。", ".").casefold().rstrip(".")
    if bracketed:
        _check_literal(name, host)
        return
    if NUMERIC.fullmatch(name) or name.rpartition(".")[2].isdigit():
        _check_literal(_dotted(name, host), host)
    elif "." not in name or name == "localhost" or name.endswith(PRIVATE_SUFFIXES):
        raise AddressRefused(f"{host!r} is a name of a private network; add it to the source's `allow` if that is meant")


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
    except OSError as error:
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
        if address.ipv4_mapped is not None or address.scope_id is not None:
            return False  # no server publishes such an address
        if any(address in net for net in (*NAT64, *LEGACY_V6)):
            return False
    elif address in SPECIAL_V4:
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
