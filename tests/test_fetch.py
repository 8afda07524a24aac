"""Asking: the address guard, the verdict on answers, pace and cadence."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from aggregator.fetch import AddressRefused, Ask, Fetcher, Reply, check_address, judge
from aggregator.fetch.guard import GuardedResolver
from aggregator.model import OutcomeKind
from tests.conftest import NOON, Answer, Web, item, rss

REFUSED = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://①②⑦.⓪.⓪.①/",
    "http://%31%32%37.0.0.1/", "http://127。0。0。1/", "http://localhost/", "http://a.localhost./", "http://[::1]/", "http://[::]/",
    "http://[::ffff:10.0.0.1]/", "http://[::10.0.0.1]/", "http://[64:ff9b::a00:1]/", "http://[2002:a00:1::1]/", "http://[fe80::1%eth0]/",
    "http://[fd00:ec2::254]/", "http://10.0.0.1/", "http://172.31.255.254./", "http://192.168.0.1/", "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://192.0.0.192/", "http://198.18.0.1/", "http://224.0.0.1/", "http://255.255.255.255/",
    "http://metadata.google.internal/", "http://intranet/", "http://db.internal/", "http://printer.local/", "ftp://example.org/a",
    "file:///etc/passwd", "gopher://example.org/", "javascript:alert(1)", "example.org", "", "http://", "http://user:pw@example.org/",
    "http://example.org:22/", "http://example.org:-1/", "http://example.org\\@127.0.0.1/", "http://exa mple.org/", "http://1.2.3.4.5/",
    "http://127.0.0.1\u00ad/", "http://127\u200b.0.0.1/", "http://local\u00adhost.localdomain/", "http://a.local\u180ehost/",
    "http://db.inter\ufe0fnal/", "http://10.0.0.1\U000e0100/", "http://127.0.0.1\u1806/", "http://127.0.0.1%00.example.org/",
    "http://127.0.0.1%20.example.org/", "http://127.0.0.1%2f.example.org/", "http://%2531%2532%2537.0.0.1/", "http://١٢٧.٠.٠.١/",
    "http://example.0x7f/", "http://127.0.0.1&example.org/", "http://127.0.0.1;example.org/", "http://{127.0.0.1}.example.org/",
    "http://metadata.goog/", "http://metadata.packet.net/", "http://kubernetes.default.svc/", "http://kubernetes.default/",
    "http://localhost.localdomain/", "http://1.0.0.127.in-addr.arpa/", "http://nas.private/", "http://a.test/",
    "http://192.88.99.1/", "http://192.31.196.1/", "http://192.175.48.1/", "http://192.52.193.1/", "http://[3fff::1]/",
    "http://[5f00::1]/", "http://[100:0:0:1::1]/", "http://[2001:20::1]/", "http://[2001:1::1]/", "http://[2620:4f:8000::1]/",
    "http://[::ffff:0:10.0.0.1]/", "http://[64:ff9b:1::1]/", "http://[fec0::5]/", "http://[ff0e::1]/", "http://[4000::1]/",
    "http://[2a00:1450::5efe:a00:1]/", "http://[2a00:1450::200:5efe:7f00:1]/",
]  # fmt: skip
ALLOWED = [
    "http://en.kremlin.ru/events/president/news/feed", "https://www.gov.uk:443/a", "https://example.org:8443/", "https://8.8.8.8/",
    "http://[2a00:1450:4001:81b::200e]/", "https://localhost.example.org/", "https://münchen.example.org/", "http://172.32.0.1/",
    "http://президент.рф/", "https://sub_domain.example.org/", "https://metadata.example.org/", "http://127.example.org/",
    "http://exam\u00adple.org/", "http://192.88.98.1/", "http://[2a00:1450::5ef:a00:1]/", "http://نامه\u200cای.example.org/",
    "https://internal.example.org/", "http://[2606:4700::1111]/", "http://[3ffe:ffff::1]/", "https://0x7f.example.org/",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_private_and_odd_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(url)


@pytest.mark.parametrize("url", ALLOWED)
def test_public_addresses_pass(url: str) -> None:
    check_address(url)


def test_an_allowed_host_passes_and_no_other() -> None:
    check_address("http://127.0.0.1:8000/", allow=["127.0.0.1"])
    with pytest.raises(AddressRefused):
        check_address("http://127.0.0.2:8000/", allow=["127.0.0.1"])


def test_a_refusal_shows_no_password() -> None:
    with pytest.raises(AddressRefused) as error:
        check_address("http://user:secret@example.org/")
    assert "secret" not in str(error.value)


def test_a_name_that_leads_to_a_private_address_is_refused_while_connecting() -> None:
    async def resolve(allow: list[str]) -> int:
        return len(await GuardedResolver(allow=allow).resolve("localhost", 80))

    with pytest.raises(AddressRefused, match="private address"):
        asyncio.run(resolve([]))
    assert asyncio.run(resolve(["localhost"])) > 0


def ask(web: Web, **how: object) -> Reply:
    async def asking() -> Reply:
        async with Fetcher(user_agent="test/1 (desk@example.org)", allow=["127.0.0.1"]) as fetcher:
            return await fetcher.ask(Ask(**{"url": web.url(), "allow": ["127.0.0.1"], **how}), now=NOON)  # type: ignore[arg-type]  # the test's own

    return asyncio.run(asking())


def test_a_host_that_another_source_may_reach_is_not_open_to_all(web: Web) -> None:
    web.serve("x")
    reply = ask(web, allow=[])
    assert reply.outcome.kind is OutcomeKind.FAILED
    assert "address refused" in reply.outcome.reason
    assert web.asked == []


def test_the_user_agent_names_whom_to_write_to(web: Web) -> None:
    web.serve(rss())
    ask(web)
    assert web.asked[0][1]["user-agent"] == "test/1 (desk@example.org)"


def test_a_redirect_is_followed_and_the_final_address_kept(web: Web) -> None:
    web.serve(rss(item("1", "One", "x")), "/new")
    web.answers["/feed"] = Answer(b"", 301, {"location": "/new"})
    reply = ask(web)
    assert (reply.url, reply.outcome.kind) == (web.url("/new"), OutcomeKind.CHANGED)


def test_nobody_listens() -> None:
    server = Web()
    server.close()
    reply = ask(server)
    assert reply.outcome.kind is OutcomeKind.FAILED
    assert "Cannot connect" in reply.outcome.reason


def test_a_slow_host_holds_up_no_other(web: Web) -> None:
    slow = Web()
    slow.answers["/feed"] = Answer(never=True)
    web.serve(rss(item("1", "One", "x")))

    async def asking() -> list[OutcomeKind]:
        async with Fetcher(user_agent="t", allow=["127.0.0.1"]) as fetcher:
            wait = asyncio.create_task(fetcher.ask(Ask(url=slow.url(), allow=["127.0.0.1"]), now=NOON))
            reply = await fetcher.ask(Ask(url=web.url(), allow=["127.0.0.1"]), now=NOON)
            assert not wait.done()
            wait.cancel()
            return [reply.outcome.kind]

    assert asyncio.run(asking()) == [OutcomeKind.CHANGED]
    slow.close()


def response(status: int, body: str = "", **headers: str) -> httpx.Response:
    return httpx.Response(status, text=body, headers=headers)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, "<?xml version='1.0'?><rss/>", OutcomeKind.CHANGED),
        (200, '<!-- made by x --><feed xmlns="http://www.w3.org/2005/Atom"/>', OutcomeKind.CHANGED),
        (200, '{"version": "https://jsonfeed.org/version/1"}', OutcomeKind.CHANGED),
        (200, "<html><body><rss></rss></body></html>", OutcomeKind.CHANGED),  # let the parser look
        (304, "", OutcomeKind.UNCHANGED),
        (200, " \n", OutcomeKind.NOT_THE_PAGE),
        (200, "<!DOCTYPE html><html><title>Just a moment...</title>", OutcomeKind.NOT_THE_PAGE),
        (202, "", OutcomeKind.NOT_THE_PAGE),
        (401, "", OutcomeKind.NOT_THE_PAGE),
        (403, "<title>Access Denied</title>", OutcomeKind.NOT_THE_PAGE),
        (429, "", OutcomeKind.NOT_THE_PAGE),
        (404, "", OutcomeKind.FAILED),
        (410, "", OutcomeKind.FAILED),
        (500, "", OutcomeKind.FAILED),
        (301, "", OutcomeKind.FAILED),
    ],
)
def test_the_verdict_on_an_answer(status: int, body: str, kind: OutcomeKind) -> None:
    outcome = judge(response(status, body))
    assert outcome.kind is kind
    assert outcome.reason
    assert outcome.status == status


def test_a_page_is_a_page_where_a_page_was_asked() -> None:
    assert judge(response(200, "<!DOCTYPE html><html></html>"), listing=False).kind is OutcomeKind.CHANGED
