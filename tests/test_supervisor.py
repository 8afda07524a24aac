"""What the program that started the service hears of it, and the unit file that asks for it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from aggregator.running.supervisor import Supervisor
from aggregator.service import State
from tests.conftest import source_block, write_feeds
from tests.patience import WAIT

UNIT = Path(__file__).parents[1] / "packaging" / "update-aggregator.service"


@pytest.fixture
def listener(tmp_path: Path):  # type: ignore[no-untyped-def]  # a socket
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "told"))
        heard.settimeout(WAIT)
        yield heard


def test_the_running_service_says_that_it_is_ready_alive_and_stopping(listener: socket.socket, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, source_block("a", "http://127.0.0.1:9/feed"))
    command = [sys.executable, "-m", "aggregator", "run", "--config", str(feeds)]
    environment = os.environ | {"NOTIFY_SOCKET": listener.getsockname()}
    service = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
    try:
        assert listener.recv(1000) == b"STATUS=follows 1 sources and 0 stories\nREADY=1\n"
        assert listener.recv(1000) == b"WATCHDOG=1\n"
        service.send_signal(signal.SIGTERM)
        heard = b""
        while heard != b"STOPPING=1\n":
            heard = listener.recv(1000)
        assert service.wait(WAIT) == 0
    finally:
        service.kill()
        service.wait()


def test_nobody_that_listens_is_no_trouble(tmp_path: Path) -> None:
    Supervisor.of({}).tell(State.READY)
    Supervisor.of({"NOTIFY_SOCKET": str(tmp_path / "gone")}).tell(State.ALIVE)
    Supervisor.of({"NOTIFY_SOCKET": "@nobody-listens-here"}).tell(State.STOPPING)


def test_a_sentence_is_one_line(listener: socket.socket) -> None:
    Supervisor(listener.getsockname()).tell(State.READY, "one\nMAINPID=1")
    assert listener.recv(1000) == b"STATUS=one MAINPID=1\nREADY=1\n"


def test_the_unit_waits_for_what_the_service_tells() -> None:
    unit = ConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names are told apart by their case
    unit.read_string(UNIT.read_text(encoding="utf-8"))
    assert unit["Service"]["Type"] == "notify"
    assert int(unit["Service"]["WatchdogSec"]) >= 30
    assert "aggregator run" in unit["Service"]["ExecStart"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_to_say_of_the_unit(tmp_path: Path) -> None:
    here = tmp_path / UNIT.name
    program = shutil.which("true")
    here.write_text(
        UNIT.read_text(encoding="utf-8").replace("/opt/update-aggregator/bin/aggregator", str(program)), encoding="utf-8"
    )
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(here)], capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if UNIT.name in line]) == (0, [])
