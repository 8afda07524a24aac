"""What a log holds, how it is written, and what never stands in it."""

from __future__ import annotations

import base64
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from aggregator.cli.output import set_up_logs
from aggregator.config import load_config
from aggregator.config.secrets import secrets_of
from aggregator.running.logs import all_secrets, hide
from aggregator.running.redacting import HIDDEN, SHORTEST, Redactor, forms_of
from tests.conftest import source_block, write_feeds

LOGIN = "-".join(["hunter", "two"])


@pytest.fixture
def _root_logger() -> Iterator[None]:
    """The handlers of Python's own logs as they were."""
    root = logging.getLogger()
    before = root.handlers[:]
    yield
    root.handlers[:] = before


def redacted(line: str, *secrets: str) -> str:
    redactor = Redactor()
    redactor.hide(secrets)
    return redactor(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"http://desk:{LOGIN}@proxy.example.org:3128/x", "http://***@proxy.example.org:3128/x"),
        (f"socks5://{LOGIN}@10.0.0.1", "socks5://***@10.0.0.1"),
        ("https://example.org/@desk/1?a=b@c", "https://example.org/@desk/1?a=b@c"),
        ("https://example.org/feed?api_key=abc&page=2", "https://example.org/feed?api_key=***&page=2"),
        ("https://example.org/feed?page=2&access_token=abc#x", "https://example.org/feed?page=2&access_token=***#x"),
        ("https://example.org/?X-Amz-Signature=abc&X-Amz-Date=1", "https://example.org/?X-Amz-Signature=***&X-Amz-Date=1"),
        ("https://example.org/?a=1&amp;token=abc", "https://example.org/?a=1&amp;token=***"),
        ("https://example.org/?PASSWORD=abc", "https://example.org/?PASSWORD=***"),
        (
            "https://example.org/?keyword=Alaska&author=Tass&design=2",
            "https://example.org/?keyword=Alaska&author=Tass&design=2",
        ),
        ('{"url": "https://example.org/?sig=a%2Fb", "n": 1}', '{"url": "https://example.org/?sig=***", "n": 1}'),
        ("answered: key=5 of 7", "answered: key=5 of 7"),
    ],
)
def test_what_looks_like_a_secret_in_an_address_is_hidden(line: str, expected: str) -> None:
    assert redacted(line) == expected


@pytest.mark.parametrize("secret", ['pa"ss\\wörd/+ä', "plain-secret", "with space & more", "\udc80surrogate"])
def test_a_secret_is_hidden_in_every_form(secret: str) -> None:
    for form in forms_of(secret):
        assert redacted(f"before {form} after", secret) == f"before {HIDDEN} after", form
    assert redacted(json.dumps({"why": f"refused {secret}!"}), secret) == json.dumps({"why": f"refused {HIDDEN}!"})


def test_the_login_of_a_proxy_is_hidden_as_http_sends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXY", f"http://desk:{LOGIN}%21@proxy.example.org")
    config = load_config(write_feeds(tmp_path, source_block("a", "https://example.org/a", more='proxy = "$PROXY"')))
    basic = base64.b64encode(f"desk:{LOGIN}!".encode()).decode()
    assert redacted(f"Proxy-Authorization: Basic {basic}", *secrets_of(config)) == f"Proxy-Authorization: Basic {HIDDEN}"


def test_a_longer_secret_is_hidden_whole_where_a_shorter_one_is_part_of_it() -> None:
    assert redacted("abcdefgh abcd", "abcd", "abcdefgh") == f"{HIDDEN} {HIDDEN}"


def test_a_text_too_short_to_be_a_secret_does_not_empty_the_log() -> None:
    assert redacted("a new copy", "a", "new"[: SHORTEST - 1], "") == "a new copy"


def test_every_secret_of_a_configuration_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "TOKEN": "site-token-1",
        "HOOK": "https://hooks.example.org/services/T0/B0/abcdefghijklmnop?k=0123456789abcdef",
        "SIGNED": "hook-secret-1",
        "CHAT": "tgram://123456:abcdef/987",
        "PROXY": f"http://desk:{LOGIN}@proxy.example.org",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    text = (
        f'[service]\ndatabase = "postgresql+psycopg://desk:{LOGIN}-db@db.example.org/news"\n[web]\ntoken = "$TOKEN"\n'
        '[notify.a]\nurl = "$HOOK"\nsecret = "$SIGNED"\n[notify.b]\nkind = "apprise"\nurl = "$CHAT"\n'
        + source_block("a", "https://example.org/a", more='proxy = "$PROXY"')
    )
    found = set(all_secrets(load_config(write_feeds(tmp_path, text)), {"AGGREGATOR_LLM_KEY": "model-key-1"}))
    assert found == {
        "site-token-1",
        "hook-secret-1",
        "services/T0/B0/abcdefghijklmnop?k=0123456789abcdef",
        "abcdefghijklmnop",
        "0123456789abcdef",
        "123456:abcdef/987",
        LOGIN,
        f"desk:{LOGIN}",
        f"{LOGIN}-db",
        f"desk:{LOGIN}-db",
        "model-key-1",
    }


def test_the_short_path_of_a_hook_is_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNED", "hook-secret-1")
    text = '[notify.a]\nurl = "https://example.org/hook"\nsecret = "$SIGNED"\n' + source_block("a", "https://example.org/a")
    assert set(secrets_of(load_config(write_feeds(tmp_path, text)))) == {"hook-secret-1"}


@pytest.mark.usefixtures("_root_logger")
def test_a_secret_is_hidden_in_a_traceback_and_in_what_a_library_says(capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logs(everything=True, secrets=[f"{LOGIN}-of-a-test"])
    try:
        raise ValueError(f"refused by http://desk:{LOGIN}-of-a-test@example.org")
    except ValueError:
        structlog.get_logger().exception("broke", seen=[{"deep": f"{LOGIN}-of-a-test"}])
    logging.getLogger("some.library").warning("no answer from %s", f"https://example.org/?token={LOGIN}")
    logging.getLogger("some.library").info("nobody asked")
    said = capfd.readouterr().err
    first, second = map(json.loads, said.splitlines())
    assert LOGIN not in said
    assert "ValueError" in json.dumps(first["exception"])
    assert (second["event"], second["library"], second["level"]) == ("library_said", "some.library", "warning")


@pytest.mark.usefixtures("_root_logger")
def test_what_was_hidden_once_stays_so_and_more_can_be_hidden_later(capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logs(everything=True, secrets=["the-first-secret"])
    hide(["the-second-secret"])
    set_up_logs(everything=True)
    structlog.get_logger().info("told", one="the-first-secret", other="the-second-secret")
    assert "-secret" not in capfd.readouterr().err


@pytest.mark.usefixtures("_root_logger")
@pytest.mark.parametrize("on_terminal", [True, False])
def test_a_log_is_text_on_a_terminal_and_json_otherwise(on_terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    class Stream:
        def write(self, text: str) -> None:
            written.append(text)

        def flush(self) -> None: ...

        def isatty(self) -> bool:
            return on_terminal

    monkeypatch.setattr(sys, "stderr", Stream())
    set_up_logs(everything=True)
    structlog.get_logger().warning("store_usable_again", url=f"http://desk:{LOGIN}@example.org")
    try:
        raise ValueError(f"http://desk:{LOGIN}@example.org")
    except ValueError:
        structlog.get_logger().exception("tick_failed")
    text = "".join(written)
    assert LOGIN not in text
    assert "store_usable_again" in text
    assert text.startswith("{") is not on_terminal
    if on_terminal:
        assert "Traceback (most recent call last)" in text


@pytest.mark.usefixtures("_root_logger")
def test_a_command_that_is_no_service_logs_errors_alone(capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logs(everything=False)
    log = structlog.get_logger()
    log.info("started")
    log.warning("contact_unset")
    log.error("store_unusable")
    assert [json.loads(line)["event"] for line in capfd.readouterr().err.splitlines()] == ["store_unusable"]
