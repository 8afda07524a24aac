"""What is shipped beside the package: the image, the two ways of Compose, the start of the container, the unit of systemd."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer.main
import yaml

from aggregator.cli import app
from tests.patience import WAIT

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
UNIT = ROOT / "packaging" / "update-aggregator.service"
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ["aggregator", "leader", "worker"]
START = ROOT / "packaging" / "container"


def test_compose_knows_every_word_of_the_file() -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(COMPOSE, json.loads(schema.read_text(encoding="utf-8")))


def compose_program() -> list[str] | None:
    """Docker Compose, as a part of docker or alone."""
    for words in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(words[0])
            and subprocess.run([*words, "version"], capture_output=True, timeout=WAIT, check=False).returncode == 0
        ):
            return words
    return None


@pytest.mark.parametrize("profile", [[], ["--profile", "workers"]], ids=["alone", "workers"])
def test_compose_itself_takes_the_file(profile: list[str]) -> None:
    program = compose_program()
    if program is None:
        pytest.skip("no docker compose here; the file is held against its schema above")
    command = [*program, "--file", str(ROOT / "docker-compose.yml"), *profile, "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_service_is_alone_unless_workers_are_asked_for() -> None:
    assert [name for name, one in SERVICES.items() if "profiles" not in one] == ["aggregator"]
    assert {name for name, one in SERVICES.items() if one.get("profiles") == ["workers"]} == {"leader", "worker", "postgres"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_may_do_no_more_than_it_must(name: str) -> None:
    one = SERVICES[name]
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in one
    assert "ports" not in one
    given = {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"} if name == "postgres" else set()
    assert set(one.get("cap_add", ())) == given


def test_no_password_stands_in_the_file_and_the_database_is_reached_from_inside_alone() -> None:
    assert COMPOSE["secrets"] == {"postgres-password": {"file": "./secrets/postgres-password"}}
    assert "secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert "secrets" in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for one in SERVICES.values():
        for key, value in one.get("environment", {}).items():
            assert "PASS" not in key or str(value).startswith(("/run/secrets/", "/tmp/")), key  # noqa: S108 - of the container
    assert SERVICES["postgres"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


@pytest.mark.parametrize("name", OURS)
def test_what_a_container_runs_is_a_command_of_ours(name: str) -> None:
    words: list[str] = SERVICES[name].get("command") or json.loads(DOCKERFILE.rpartition("\nCMD ")[2])
    root: Any = typer.main.get_command(app)
    command = root.commands.get(words[0])
    options = {option for one in getattr(command, "params", ()) for option in (*one.opts, *one.secondary_opts)}
    missing = [words[0]] * (command is None) + [word for word in words[1:] if word not in options]
    if missing:
        pytest.skip(f"this version has no {' '.join(missing)} yet")
    assert SERVICES[name]["volumes"] == ["./feeds.toml:/data/feeds.toml:ro", "storage:/data/storage"]


def test_the_image_runs_as_nobody_that_is_known_and_looks_after_itself() -> None:
    (user,) = re.findall(r"^USER (\d+):\d+$", DOCKERFILE, re.MULTILINE)
    assert int(user) > 1000
    assert DOCKERFILE.index("\nUSER ") > DOCKERFILE.rindex("\nRUN ")
    assert all("-slim" in image for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))
    (asked,) = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert json.loads(asked) == ["aggregator", "health"]
    (extras,) = re.findall(r"'\.\[([\w,]+)\]'", DOCKERFILE)
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(extras.split(",")) <= set(known)
    commands = [word for one in SERVICES.values() for word in one.get("command", ())]
    assert ("workers" in extras.split(",")) == ("worker" in commands)  # which ends with a sentence where that is missing
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()]
    assert [word for word in copied if not (ROOT / word).exists() or word.partition("/")[0] in left_out] == []


def test_the_image_is_compiled_as_who_runs_it_may_write_nothing() -> None:
    """The base image has nothing compiled; with times in it, what `COPY` brings may be taken for older than it is."""
    compiles = DOCKERFILE.index("\nRUN python -m compileall ")
    assert DOCKERFILE.index("\nCOPY --from=build ") < compiles < DOCKERFILE.index("\nUSER ")
    assert "--invalidation-mode unchecked-hash" in DOCKERFILE[compiles:].split("\n")[1]
    assert "--no-compile" in DOCKERFILE
    assert "PYTHONDONTWRITEBYTECODE=1" in DOCKERFILE


def test_the_manual_of_installing_names_each_extra() -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "install.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(known.keys() - {"dev"})


def test_hadolint_finds_nothing_to_say_of_the_image() -> None:
    if shutil.which("hadolint") is None:
        pytest.skip("no hadolint here; .ci/run brings it")
    done = subprocess.run(["hadolint", str(ROOT / "Dockerfile")], capture_output=True, text=True, timeout=WAIT, check=False)
    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize("password", ["plain", r"with:colon\and $sign"])
def test_the_container_hands_the_password_to_the_database_and_to_nobody_else(password: str, tmp_path: Path) -> None:
    program = tmp_path / "aggregator"
    program.write_text('#!/bin/sh\nenv\numask\necho "called: $*"\n')
    program.chmod(0o755)
    (tmp_path / "secret").write_text(f"{password}\n")
    where = {"PASSWORD_FILE": str(tmp_path / "secret"), "PGPASSFILE": str(tmp_path / "pgpass")}
    done = subprocess.run(
        [str(START), "run", "--no-poll"],
        umask=0o022,
        env=where | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=True,
    )
    escaped = password.replace("\\", r"\\").replace(":", r"\:")
    assert (tmp_path / "pgpass").read_text() == f"*:*:*:*:{escaped}\n"
    assert stat.S_IMODE((tmp_path / "pgpass").stat().st_mode) == 0o600  # libpq reads no other
    assert password not in done.stdout
    assert "\n0022\n" in done.stdout  # another program may serve the site
    assert done.stdout.endswith("called: run --no-poll\n")


def test_the_container_without_a_database_starts_the_command_as_it_is(tmp_path: Path) -> None:
    program = tmp_path / "aggregator"
    program.write_text('#!/bin/sh\necho "called: $*"\nexit 3\n')
    program.chmod(0o755)
    done = subprocess.run(
        [str(START), "health"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "called: health\n")


def test_the_unit_stays_as_shut_as_it_is_said_to_be() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    command = ["systemd-analyze", "security", "--no-pager", "--offline=yes", "--threshold=14", str(UNIT)]  # in tenths
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, check=False)
    assert done.returncode == 0, done.stdout[-300:]


def test_systemd_finds_nothing_to_say_of_the_unit_and_reloads_as_the_manual_says(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8")
    assert "\nExecReload=kill -HUP $MAINPID\n" in text
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    installed = tmp_path / UNIT.name
    installed.write_text(text.replace("/opt/update-aggregator/bin/aggregator", str(START)), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(installed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_archive_of_the_source_has_what_the_wheel_is_made_of_and_no_half_of_the_tests() -> None:
    manifest = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").split("\n")
    assert "prune tests" in manifest
    (named,) = [line.split()[1:] for line in manifest if line.startswith("include ")]
    assert [name for name in named if not (ROOT / name).exists()] == []
