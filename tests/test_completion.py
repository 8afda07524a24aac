"""Shell completion, by the shells themselves: what Tab offers behind a command, and that no title of a story is run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.cli import app
from tests.patience import WAIT

ROOT = Path(__file__).parents[1]
STORY = """
[stories.{key}]
title = '''{title}'''
from = 2025-08-01
terms = ["talks"]
"""
HOSTILE = r"""x\$(touch made) `touch made` "; touch made; " '; touch made; ' ((touch made)) \\"""
FEEDS = f"""
[sources.kremlin]
name = "Kremlin"
url = "https://example.org/feed"
family = "kremlin"
[sources.kyiv]
name = "Kyiv"
url = "https://example.org/other"
family = "kyiv"
[notify.desk]
kind = "webhook"
url = "https://example.org/hook"
{STORY.format(key="alaska", title="Talks in Alaska")}
{STORY.format(key="alps", title=HOSTILE)}
{STORY.format(key="'$(touch made)'", title="No key of ours")}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a feeds.toml, and our program in PATH."""
    (tmp_path / "feeds.toml").write_text(FEEDS, encoding="utf-8")
    program = tmp_path / "bin" / "aggregator"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nfrom aggregator.cli import main\nmain()\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("AGGREGATOR_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def offered(line: str, shell: str = "bash") -> list[str]:
    """What completion offers at the end of a line, asked in this process as the shell's script asks."""
    words = {"bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}}
    asked = words.get(shell, {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"})
    shown = CliRunner().invoke(app, [], prog_name="aggregator", env={"_AGGREGATOR_COMPLETE": f"complete_{shell}", **asked})
    return shown.stdout.split() if shell == "bash" else shown.stdout.splitlines()


def test_sourced_in_bash_it_completes_commands_and_keys(desk: Path) -> None:
    lines = ["aggregator sourc", "aggregator poll kre"]
    script = "source <(aggregator --show-completion)\ncomplete -p aggregator || exit 3\n"
    for line in lines:
        words = " ".join(f"'{word}'" for word in line.split(" "))
        script += f"COMP_WORDS=({words}) COMP_CWORD={len(line.split(' ')) - 1}; COMPREPLY=()\n"
        script += '_aggregator_completion aggregator; printf "%s\\n" "${COMPREPLY[*]}"\n'
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
        env=os.environ | {"SHELL": "bash"},
    )
    assert done.stdout.splitlines()[-2:] == ["sources", "kremlin"], done.stderr
    assert not (desk / "made").exists()


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("aggregator story ", ["alaska", "alps"]),
        ("aggregator story ala", ["alaska"]),
        ("aggregator preview ky", ["kyiv"]),
        ("aggregator poll kremlin k", ["kyiv"]),
        ("aggregator statements --source kr", ["kremlin"]),
        ("aggregator missed --story alp", ["alps"]),
        ("aggregator verify --story ala", ["alaska"]),
        ("aggregator search --story ala", ["alaska"]),
        ("aggregator suggest --story ala", ["alaska"]),
        ("aggregator ledger hold ala", ["alaska"]),
        ("aggregator ledger merge alaska into al", ["alps"]),
        ("aggregator ledger held al", ["alaska", "alps"]),
        ("aggregator notify test ", ["desk"]),
        ("aggregator outbox retry --target d", ["desk"]),
        ("aggregator story --config other.toml ", ["elsewhere"]),
        ("aggregator story --config none.toml ", []),
        ("aggregator story --config broken.toml ", []),
        ("aggregator story --config . ", []),
    ],
)
def test_keys_are_offered_where_they_are_asked_for(line: str, keys: list[str], desk: Path) -> None:
    (desk / "other.toml").write_text(STORY.format(key="elsewhere", title="Elsewhere"), encoding="utf-8")
    (desk / "broken.toml").write_text("[stories.a\ntitle = ", encoding="utf-8")
    assert offered(line) == keys


def test_another_file_may_be_named_in_the_environment(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / "other.toml").write_text(STORY.format(key="elsewhere", title="Elsewhere"), encoding="utf-8")
    monkeypatch.setenv("AGGREGATOR_CONFIG", str(desk / "other.toml"))
    assert offered("aggregator story ") == ["elsewhere"]


def test_what_stands_beside_a_key_holds_no_sign_that_a_shell_would_act_on(desk: Path) -> None:
    assert desk.is_dir()
    assert offered("aggregator story ala", "fish") == ["alaska\tTalks in Alaska"]
    shown = "\n".join(offered("aggregator story alp", "zsh"))
    assert '"alps":"x touch made touch made touch made touch made touch made"' in shown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(shell: str, tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, [], prog_name="aggregator", env={"_AGGREGATOR_COMPLETE": f"source_{shell}"})
    assert shown.exit_code == 0, shown.output
    assert f"_AGGREGATOR_COMPLETE=complete_{shell}" in shown.stdout
    script = tmp_path / f"script.{shell}"
    script.write_text(shown.stdout, encoding="utf-8")
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here to read its script")
    assert subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, check=False).stderr == ""
