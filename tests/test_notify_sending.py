"""Requests to those who are told: what each answer comes to, limits of time and size, and the address guard."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import trustme

from aggregator.fetch.apprising import guard
from aggregator.publish.notify.answers import Answer, Fate
from aggregator.publish.notify.apprised import tell
from aggregator.publish.notify.message import Words
from aggregator.publish.notify.sending import MOST_SAID, Poster
from tests.conftest import NOON, Web
from tests.conftest import Answer as Said
from tests.patience import WAIT, Passing

OPEN = ("127.0.0.1",)


def post(url: str, *, allow: tuple[str, ...] = OPEN, whole: float = 5.0, listen: bool = False, hide: str = "") -> Answer:
    async def go() -> Answer:
        poster = Poster(agent="update-aggregator/test (desk@example.org)", allow=allow, whole=whole)
        try:
            return await poster.post(url, b'{"a": 1}', {"x-id": "7"}, now=NOON, listen=listen, hide={hide} - {""})
        finally:
            await poster.aclose()

    return asyncio.run(go())


def test_what_is_sent_arrives_whole_with_who_sends_it(web: Web) -> None:
    web.answers["/hook"] = Said(b"thank you")
    answer = post(web.url("/hook"), listen=True)
    assert (answer.fate, answer.status, answer.reason, answer.said) == (Fate.ARRIVED, 200, "HTTP 200 OK", "thank you")
    (sent,) = web.posted
    assert sent.body == b'{"a": 1}'
    assert (sent.headers["user-agent"], sent.headers["x-id"]) == ("update-aggregator/test (desk@example.org)", "7")
    assert web.asked_robots == 0


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (204, Fate.ARRIVED), (202, Fate.ARRIVED), (301, Fate.REFUSED), (308, Fate.REFUSED), (400, Fate.REFUSED),
        (401, Fate.REFUSED), (404, Fate.REFUSED), (408, Fate.AGAIN), (410, Fate.GONE), (425, Fate.AGAIN), (429, Fate.AGAIN),
        (500, Fate.AGAIN), (503, Fate.AGAIN), (599, Fate.AGAIN), (999, Fate.AGAIN),
    ],
)  # fmt: skip
def test_what_a_status_comes_to(status: int, fate: Fate, web: Web) -> None:
    web.answers["/hook"] = Said(b"" if status == 204 else b"secret words of the receiver", status)
    answer = post(web.url("/hook"))
    assert (answer.fate, answer.status, answer.said) == (fate, status, "")
    assert f"HTTP {status}" in answer.reason
    assert "words" not in answer.reason


@pytest.mark.parametrize(
    ("written", "rest"),
    [
        ("120", timedelta(minutes=2)),
        ("Thu, 14 Aug 2025 13:00:00 GMT", timedelta(hours=1)),
        ("Thu, 14 Aug 2025 11:00:00 GMT", timedelta()),
        ("soon", None),
    ],
)
def test_retry_after_is_read(written: str, rest: timedelta | None, web: Web) -> None:
    web.answers["/hook"] = Said(b"", 429, {"retry-after": written})
    assert post(web.url("/hook")).retry_after == rest


def test_no_redirect_is_followed_wherever_it_leads(web: Web) -> None:
    for status in (301, 302, 303, 307, 308):
        for place in (web.url("/other"), "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd"):
            web.answers["/hook"] = Said(b"", status, {"location": place})
            answer = post(web.url("/hook"))
            assert (answer.fate, "redirects are not followed" in answer.reason) == (Fate.REFUSED, True)
    assert {one.path for one in web.posted} == {"/hook"}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/hook/9f8e7d6c",
        "http://2130706433:{port}/hook/9f8e7d6c",
        "http://0x7f.1:{port}/hook/9f8e7d6c",
        "http://[::1]:{port}/hook/9f8e7d6c",
        "http://localhost:{port}/hook/9f8e7d6c",
        "http://169.254.169.254/hook/9f8e7d6c",
        "http://10.0.0.1:8080/hook/9f8e7d6c",
        "https://desk.internal/hook/9f8e7d6c",
        "ftp://example.org/hook/9f8e7d6c",
    ],
)
def test_no_private_address_is_asked_and_the_refusal_tells_nothing_of_the_path(url: str, web: Web) -> None:
    answer = post(url.format(port=web.url("/").rpartition(":")[2].rstrip("/")), allow=())
    assert (answer.fate, web.posted) == (Fate.REFUSED, [])
    assert answer.reason.startswith("address refused: ")
    assert "9f8e7d6c" not in answer.reason


def test_a_name_that_leads_to_a_private_address_is_refused(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(web.url("/").rpartition(":")[2].rstrip("/"))
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr("aggregator.fetch.guard.socket.getaddrinfo", lambda *_args, **_how: inside)
    assert post("http://hooks.example.org:8080/hook").reason.startswith("address refused: 'hooks.example.org' leads to")
    web.answers["/hook"] = Said(b"")
    assert post(f"http://hooks.example.org:{port}/hook", allow=("hooks.example.org",)).fate is Fate.ARRIVED


def test_one_who_says_nothing_is_left_in_time(web: Web) -> None:
    web.answers["/hook"] = Said(never=True)
    with Passing() as passing:
        answer = post(web.url("/hook"), whole=0.3)
    assert (answer.fate, answer.reason) == (Fate.AGAIN, "no answer within 0.3 s")
    assert passing.seconds < 5


@contextmanager
def server(talk: Callable[[socket.socket], None], *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that talks to each who connects as it is told; yields its port."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)

        def serve() -> None:
            while not ended.is_set():
                try:
                    caller, _ = listening.accept()
                except TimeoutError:
                    continue
                try:
                    caller.settimeout(WAIT)
                    with tls.wrap_socket(caller, server_side=True) if tls else caller as one:
                        talk(one)
                except OSError:  # who called hung up
                    continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            ended.set()
            thread.join()


def test_one_who_drips_its_head_is_left_in_time() -> None:
    def drip(caller: socket.socket) -> None:
        for sign in b"HTTP/1.1 200 OK\r\nx-a: " + b"a" * 10_000:
            caller.sendall(bytes([sign]))
            time.sleep(0.02)

    with server(drip) as port:
        answer = post(f"http://127.0.0.1:{port}/hook", whole=0.4)
    assert (answer.fate, answer.reason) == (Fate.AGAIN, "no answer within 0.4 s")


@pytest.mark.parametrize("listen", [False, True])
def test_a_body_without_end_is_not_read(listen: bool, web: Web) -> None:
    web.answers["/hook"] = Said(b"x" * 65_536, endless=True)
    answer = post(web.url("/hook"), listen=listen)
    assert answer.fate is Fate.ARRIVED
    assert len(answer.said) == (MOST_SAID if listen else 0)


def test_what_is_no_answer_is_told_in_a_sentence(web: Web) -> None:
    web.answers["/hook"] = Said(b"\x00\xff not HTTP at all", raw=True)
    assert post(web.url("/hook")).fate is Fate.AGAIN
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gone = post(f"http://127.0.0.1:{port}/hook/9f8e7d6c?key=0a1b2c3d", hide="0a1b2c3d")
    assert gone.fate is Fate.AGAIN
    assert gone.reason.startswith("no answer: ")
    assert "9f8e7d6c" not in gone.reason
    assert "0a1b2c3d" not in gone.reason


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    heard = []
    with server(lambda caller: heard.append(caller.recv(100)), tls=tls) as port:
        answer = post(f"https://127.0.0.1:{port}/hook")
    assert (answer.fate, heard) == (Fate.AGAIN, [])
    assert "certificate" in answer.reason.casefold()


# --- Apprise

WORDS = Words(title="Talks: Update.4", body="They spoke.\nhttps://news.example.org/talks.html#update-4")


def by_apprise(url: str, *, allow: tuple[str, ...] = OPEN, whole: float = 30.0) -> Answer:
    async def go() -> Answer:
        return await tell(url, WORDS, turns=asyncio.Semaphore(1), allow=allow, whole=whole)

    return asyncio.run(go())


def test_apprise_tells_what_it_is_given(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.answers["/in/9f8e7d6c"] = Said(b"")
    monkeypatch.setenv("HTTP_PROXY", "http://203.0.113.9:3128")  # a proxy would go around the guard
    answer = by_apprise(web.url("/in/9f8e7d6c").replace("http://", "json://"))
    assert (answer.fate, answer.reason) == (Fate.ARRIVED, "Apprise delivered it")
    (sent,) = web.posted
    assert b"They spoke." in sent.body
    assert b"Talks: Update.4" in sent.body


def test_apprise_reaches_no_private_address_also_by_a_redirect(web: Web) -> None:
    answer = by_apprise(web.url("/in/9f8e7d6c").replace("http://", "json://"), allow=())
    assert (answer.fate, web.posted) == (Fate.REFUSED, [])
    assert answer.reason.startswith("address refused: 127.0.0.1 is not on the public Internet")
    web.answers["/in"] = Said(b"", 307, {"location": "http://127.0.0.2:9/latest"})
    answer = by_apprise(web.url("/in").replace("http://", "json://"))
    assert (answer.fate, "127.0.0.2 is not on the public Internet" in answer.reason) == (Fate.REFUSED, True)


def test_what_apprise_cannot_deliver_is_judged_as_a_webhook_is(web: Web) -> None:
    web.answers["/in"] = Said(b"", 404)
    answer = by_apprise(web.url("/in").replace("http://", "json://"))
    assert (answer.fate, answer.status) == (Fate.REFUSED, 404)
    assert by_apprise("nothing://known").fate is Fate.REFUSED


def test_a_service_of_apprise_that_hangs_is_ended(web: Web) -> None:
    web.answers["/in"] = Said(never=True)
    with Passing() as passing:
        answer = by_apprise(web.url("/in").replace("http://", "json://"), whole=0.2)
    assert (answer.fate, answer.reason) == (Fate.AGAIN, "Apprise was not done within 0.2 s")
    assert passing.seconds < 10


@pytest.mark.parametrize(
    ("event", "given"),
    [
        ("socket.connect", (None, ("10.0.0.1", 443))),
        ("socket.connect", (None, ("::ffff:127.0.0.1", 443, 0, 0))),
        ("socket.connect", (None, ("localhost", 443))),
        ("socket.connect", (None, "/run/docker.sock")),
        ("socket.sendto", (None, ("192.168.1.1", 53))),
        ("subprocess.Popen", ("sh", ["sh"], None, None)),
        ("os.system", (b"true",)),
    ],
)
def test_the_guard_of_apprise_refuses(event: str, given: tuple[object, ...]) -> None:
    refused: list[str] = []
    with pytest.raises(PermissionError):
        guard((), refused.append)(event, given)
    assert refused


def test_the_guard_of_apprise_lets_pass_what_is_public_or_allowed() -> None:
    hook = guard({"10.0.0.1"}, pytest.fail)
    hook("socket.connect", (None, ("1.1.1.1", 443)))
    hook("socket.connect", (None, ("2606:4700:4700::1111", 443, 0, 0)))
    hook("socket.connect", (None, ("10.0.0.1", 25)))
    hook("open", ("/etc/hosts", "r", 0))
