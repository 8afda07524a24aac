"""What `aggregator statement` shows: provenance, word diffs, and the very bytes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.cli.statement_shown import show_diff
from aggregator.config import load_config
from aggregator.model import StatementId
from aggregator.publish.diffs import VersionDiff, consecutive_diffs, diff_of, diffs_as_html
from aggregator.service import open_for
from aggregator.store.reading import StatementDetail, statement_detail
from tests.conftest import STORY, Web, item, rss, source_block, write_feeds

NOW_STORY = STORY.replace('settle = "10m"', 'settle = "0s"').replace('settle_edits = "10m"', 'settle_edits = "0s"')
FIRST = "<p>The talks on grain go on. They will last 12 days.</p>"
THEN = "<p>The talks on grain go on. They will last 13 days.</p><p>A new paragraph.</p>"


def aggregator(*words: str, config: Path) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(config)])


@pytest.fixture(scope="module")
def asked() -> Iterator[Web]:
    """Whoever was asked for what `edited` holds."""
    server = Web()
    yield server
    server.close()


@pytest.fixture(scope="module")
def edited_once(asked: Web, tmp_path_factory: pytest.TempPathFactory) -> Path:
    web = asked
    feeds = write_feeds(
        tmp_path_factory.mktemp("edited"),
        NOW_STORY
        + source_block("a", web.url("/en"), name="Alpha", family="f", more=r"reference = 'org/(\d+)'")
        + source_block("b", web.url("/ru"), name="Beta", family="f", more=r"reference = 'org/(\d+)'").replace('"en"', '"ru"'),
    )
    web.serve(rss(item("ru", "Переговоры", "<p>Переговоры идут.</p>", link="https://ru.example.org/7")), "/ru")
    for text in (FIRST, THEN, THEN.replace("new ", "")):
        web.serve(rss(item("en", "Talks on grain", text, link="https://example.org/7")), "/en", etag=f'"{len(text)}"')
        for source in ("a", "b"):  # one after the other: the first version is English
            done = aggregator("poll", source, config=feeds)
            assert done.exit_code == 0, done.output
    return feeds.parent


@pytest.fixture
def edited(edited_once: Path, tmp_path: Path) -> Path:
    """A statement with three versions in English and one in Russian, told and corrected."""
    shutil.copytree(edited_once, tmp_path / "edited")
    return tmp_path / "edited" / "feeds.toml"


def detail(feeds: Path) -> StatementDetail:
    store = open_for(load_config(feeds), create=False)
    with store.read() as tx:
        found = statement_detail(tx, StatementId(1), store.snapshots)
    store.close()
    assert found is not None
    return found


def test_everything_that_is_known_is_shown(edited: Path, asked: Web) -> None:
    found = detail(edited)
    shown = aggregator("statement", "1", config=edited).stdout
    answers = [one.read_from for one in found.versions]
    assert [(one.language, one.number) for one in found.versions] == [("en", 1), ("en", 2), ("en", 3), ("ru", 1)]
    for answer in answers:
        assert answer is not None
        body = Path(answer.path)
        assert f"snapshot {answer.sha256}, {answer.size:,} bytes" in shown
        assert f"kept     {body}, {body.stat().st_size:,} bytes packed" in shown
    for said in (
        "said     2025-08-14 12:00 UTC, written 'Thu, 14 Aug 2025 12:00:00 +0000' (with its zone)",
        "versions 3 en, 1 ru",
        "number   7",
        "listed   a as urn:en, https://example.org/7, since 20",
        "listed   b as urn:ru, https://ru.example.org/7, since 20",
        "also     https://ru.example.org/7 (listed there)",
        "told     talks Update.1 (new)",
        "told     talks Update.2 (corrected)",
        "cited    version 1 en, characters 0–25: talks Update.1, paragraph 1, sentence 1",
        f"from     {asked.url('/en')}",
        ", HTTP 200, application/rss+xml; charset=utf-8",
        "over     no transport integrity",
        f'etag     "{len(FIRST)}"',
    ):
        assert said in shown, said


def test_json_has_all_of_it(edited: Path) -> None:
    value = json.loads(aggregator("statement", "1", "--json", config=edited).stdout)
    first = value["versions"][0]
    assert (first["snapshot"], first["read_from"]["sha256"]) == (first["read_from"]["sha256"],) * 2
    assert first["read_from"]["kept"] is True
    assert first["read_from"]["transport"] == "none"
    assert first["read_from"]["headers"]["etag"] == first["read_from"]["etag"] == f'"{len(FIRST)}"'
    cited = value["citations"][0]
    assert first["text"][cited["start"] : cited["end"]] == cited["text"] == "The talks on grain go on."
    assert value["addresses"] == [{"url": "https://ru.example.org/7", "claimed": False}]
    assert (value["corroborated_by"], value["corroborates"]) == ([], [])


def test_a_corroboration_is_shown_on_both_sides(web: Web, tmp_path: Path) -> None:
    text = "<p>The talks on grain go on in Geneva, said the minister of trade, and will for weeks.</p>" * 4
    for path in ("/a", "/b"):
        web.serve(rss(item(path[1:], "Talks on grain", text)), path)
    feeds = write_feeds(tmp_path, NOW_STORY + source_block("a", web.url("/a")) + source_block("b", web.url("/b")))
    aggregator("poll", config=feeds)
    told, same = (aggregator("statement", number, config=feeds).stdout for number in ("1", "2"))
    if "told " not in told:
        told, same = same, told
    assert "says the same as talks Update.1, noted 20" in told
    assert "same     says the same as talks Update.1, noted 20" in same
    assert "told " not in same


@pytest.mark.parametrize(
    ("words", "there", "missing"),
    [
        (["--version", "2"], ["Version 2, en"], ["Version 1, en", "ru, seen"]),
        (["--language", "ru"], ["Version 1, ru", "Переговоры идут."], ["en, seen"]),
        (["--language", "en", "--version", "3"], ["Version 3, en", "A paragraph."], ["Version 1, en"]),
    ],
)
def test_some_versions_alone(words: list[str], there: list[str], missing: list[str], edited: Path) -> None:
    shown = aggregator("statement", "1", *words, config=edited).stdout
    assert [one for one in there if one not in shown] == []
    assert [one for one in missing if one in shown] == []


# --- raw bytes


@pytest.mark.parametrize("number", [1, 2, 3])
def test_raw_bytes_are_those_that_came(number: int, edited: Path) -> None:
    done = CliRunner().invoke(
        app, ["statement", "1", "--raw", "--language", "en", "--version", str(number), "--config", str(edited)]
    )
    assert done.exit_code == 0
    answer = detail(edited).versions[number - 1].read_from
    assert answer is not None
    assert hashlib.sha256(done.stdout_bytes).hexdigest() == answer.sha256


def test_raw_bytes_of_any_kind_pass_unchanged(web: Web, tmp_path: Path) -> None:
    body = rss(item("one", "Talks", "The talks go on.")).encode() + b"<!-- \x00\x80\xff\r\n\n -->"
    web.serve(body)
    feeds = write_feeds(tmp_path, NOW_STORY + source_block("a", web.url()))
    aggregator("poll", config=feeds)
    done = aggregator("statement", "1", "--raw", config=feeds)
    assert done.stdout_bytes == body, done.stderr


def only_path(edited: Path) -> Path:
    answer = detail(edited).versions[0].read_from
    assert answer is not None
    return Path(answer.path)


def test_raw_bytes_that_are_gone_or_damaged_are_told(edited: Path) -> None:
    path = only_path(edited)
    words = ["statement", "1", "--raw", "--language", "en", "--version", "1"]
    whole = path.read_bytes()
    for damage in (whole[:40], b"nonsense", whole[:-9] + b"xxxxxxxxx", whole[:30] + b"\xff" * 20 + whole[50:]):
        path.write_bytes(damage)
        done = aggregator(*words, config=edited)
        assert (done.exit_code, done.stdout_bytes) == (1, b"")
        assert f"{path}: is damaged (" in done.stderr
    path.unlink()
    done = aggregator(*words, config=edited)
    assert (done.exit_code, done.stderr) == (1, f"{path}: is not there. Restore it from a backup.\n")
    assert f"kept     no: {path} is missing" in aggregator("statement", "1", config=edited).stdout


def test_bytes_that_retention_gave_up_are_told(edited: Path) -> None:
    store = open_for(load_config(edited))
    with store.write() as tx:
        tx.exec_driver_sql("UPDATE snapshots SET removed_at = '2031-01-02T03:04:05.000Z'")
    store.close()
    done = aggregator("statement", "1", "--raw", "--language", "en", config=edited)
    assert (done.exit_code, done.stdout_bytes) == (1, b"")
    assert "removed on 2031-01-02, as `keep_snapshots` in feeds.toml says" in done.stderr
    assert (
        "kept     no: removed 2031-01-02 03:04:05 UTC, as retention says" in aggregator("statement", "1", config=edited).stdout
    )


# --- what changed


def test_diff_marks_what_changed_from_each_version_to_the_next(edited: Path) -> None:
    shown = aggregator("statement", "1", "--diff", config=edited).stdout
    assert "Version 1 to version 2, en" in shown
    assert "They will last [-12-]{+13+} days.{+\n\nA new paragraph.+}" in shown
    assert "Version 2 to version 3, en" in shown
    assert "A[- new-] paragraph." in shown
    assert "1 word removed, 4 words added" in shown
    assert ", ru" not in shown


def test_diff_between_two_versions(edited: Path) -> None:
    shown = aggregator("statement", "1", "--between", "1:3", config=edited).stdout
    assert "They will last [-12-]{+13+} days.{+\n\nA paragraph.+}" in shown
    back = aggregator("statement", "1", "--between", "3:1", config=edited).stdout
    assert "They will last [-13-]{+12+} days.[-\n\nA paragraph.-]" in back
    one = aggregator("statement", "1", "--diff", "--language", "en", "--version", "3", config=edited).stdout
    assert "Version 2 to version 3" in one
    assert "Version 1" not in one


def test_diff_as_json_gives_both_texts_back(edited: Path) -> None:
    diffs = json.loads(aggregator("statement", "1", "--diff", "--json", config=edited).stdout)
    assert [(one["from"], one["to"], one["language"]) for one in diffs] == [(1, 2, "en"), (2, 3, "en")]
    texts = [one.text for one in detail(edited).versions]
    for diff in diffs:
        for without, number in (("added", diff["from"]), ("removed", diff["to"])):
            assert "".join(one["text"] for one in diff["text"] if one["change"] != without) == texts[number - 1]


def test_nothing_to_compare_is_said(web: Web, tmp_path: Path) -> None:
    web.serve(rss(item("one", "Talks", "The talks go on.")))
    feeds = write_feeds(tmp_path, NOW_STORY + source_block("a", web.url()))
    aggregator("poll", config=feeds)
    done = aggregator("statement", "1", "--diff", config=feeds)
    assert (done.exit_code, done.stdout) == (0, "Statement 1 has one version in each language: nothing has changed.\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--between", "1"], 2, "--between: '1' is none; write two version numbers, such as 1:3"),
        (["--between", "2:2"], 2, "write two version numbers"),
        (["--between", "1:9"], 1, "No language has both versions 1 and 9: 1 en, 2 en, 3 en, 1 ru"),
        (["--version", "9"], 1, "Statement 1 has no such version. It has: 1 en, 2 en, 3 en, 1 ru"),
        (["--language", "de"], 1, "Statement 1 has no such version."),
        (["--diff", "--language", "en", "--version", "1"], 1, "There is no version before version 1"),
        (["--raw"], 2, "Say of which language with --language: en, ru"),
        (["--raw", "--json"], 2, "--raw prints bytes alone"),
        (["--raw", "--diff"], 2, "--raw prints bytes alone"),
        (["--html", "x", "--json"], 2, "choose one"),
        (["--diff", "--html", "/nowhere/x.html"], 1, "/nowhere/x.html: cannot be written (No such file or directory)"),
    ],
)
def test_what_cannot_be_done_is_told(words: list[str], code: int, said: str, edited: Path) -> None:
    done = aggregator("statement", "1", *words, config=edited)
    assert (done.exit_code, done.stdout_bytes) == (code, b"")
    assert said in done.stderr


HOSTILE = '<script>alert(1)</script> & "quotes" </div><img src=x onerror=alert(1)> {{ 7 * 7 }} \x1b[31m [bold]red[/bold]'


def hostile(found: StatementDetail) -> StatementDetail:
    old, new = found.versions[:2]
    changed = [
        replace(old, title=f"Old {HOSTILE}", text=HOSTILE),
        replace(new, title=HOSTILE, text=f"{HOSTILE}\n\n{HOSTILE} x"),
    ]
    return replace(found, versions=changed, url="javascript:alert(1)", family=HOSTILE)


def test_the_page_is_whole_by_itself_and_harmless(edited: Path) -> None:
    found = hostile(detail(edited))
    page = diffs_as_html(found, list(consecutive_diffs(found.versions)), full=True)
    soup = BeautifulSoup(page, "html.parser")
    allowed = "html head meta title style body main h1 h2 h3 p section div span time del ins a"
    assert {tag.name for tag in soup.find_all(True)} <= set(allowed.split())
    names = {name for tag in soup.find_all(True) for name in tag.attrs}
    assert names <= {"lang", "charset", "name", "content", "http-equiv", "class", "dir", "datetime", "href", "rel", "id"}
    assert soup.find_all(href=True) == []
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert isinstance(policy, Tag)
    assert str(policy["content"]).startswith("default-src 'none'")
    assert "url(" not in page
    for hidden in soup.select(".said"):
        hidden.extract()
    texts = [one.get_text() for one in soup.select(".text")]
    assert texts[0].replace("\x1b", "").startswith(HOSTILE[:20])
    for gone in soup.select("section del"):
        gone.extract()
    assert soup.select(".text")[0].get_text() == found.versions[1].text


def test_the_page_tells_changes_also_in_words(edited: Path, tmp_path: Path) -> None:
    file = tmp_path / "diff.html"
    done = aggregator("statement", "1", "--diff", "--html", str(file), config=edited)
    assert (done.exit_code, done.stdout) == (0, "")
    soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    assert [one.get_text() for one in soup.select("section del")] == ["[removed: 12] ", "[removed:  new] "]
    assert [one.get_text() for one in soup.select("section ins")] == ["[added: 13] ", "[added: \n\nA new paragraph.] "]
    assert [one["lang"] for one in soup.select(".text")] == ["en", "en"]
    assert aggregator("statement", "1", "--html", "-", config=edited).stdout == file.read_text(encoding="utf-8")


def test_a_long_text_is_shortened_unless_it_is_asked_for_in_full(edited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = detail(edited).versions[:2]
    long = "\n\n".join(f"Paragraph {number} goes on for quite a while." for number in range(100))
    diff = diff_of(replace(old, text=f"{long}\n\nOld end"), replace(new, text=f"{long}\n\nNew end"))
    show_diff(diff, full=False)
    short = capsys.readouterr().out
    assert len(short) < 600
    assert "[… 7" in short
    assert " words unchanged …]\n\n" in short
    assert "[-Old-]{+New+} end" in short
    show_diff(diff, full=True)
    assert f"{long}\n\n[-Old-]{{+New+}} end" in capsys.readouterr().out


def on_a_terminal(diff: VersionDiff, monkeypatch: pytest.MonkeyPatch, kind: str) -> str:
    """What a terminal is sent: a real one of the system, small enough that it holds all until it is read."""
    master, terminal = os.openpty()
    with os.fdopen(terminal, "w", encoding="utf-8") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        monkeypatch.setenv("TERM", kind)
        show_diff(diff, full=True)
        stdout.flush()
        monkeypatch.undo()
    sent = bytearray()
    with contextlib.suppress(OSError):  # what a terminal without a program answers
        while part := os.read(master, 65536):
            sent += part
    os.close(master)
    return sent.decode().replace("\r\n", "\n")


def test_a_terminal_shows_it_struck_through_and_underlined_and_is_sent_nothing_of_a_sources_own(
    edited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = hostile(detail(edited))
    old, new = found.versions
    diff = diff_of(replace(old, text="It costs 12."), replace(new, text="It costs \x1b[2J13."))
    sent = on_a_terminal(diff, monkeypatch, "xterm-256color")
    assert "\x1b[9;31m12\x1b[0m" in sent
    assert "\x1b[4;32m[2J13\x1b[0m" in sent  # the sign that makes it a command is gone
    assert "\x1b[2J" not in sent
    assert "[bold]red[/bold]" in sent
    plain = on_a_terminal(diff, monkeypatch, "dumb")
    assert "\x1b" not in plain
    assert "[-12-]" in plain


def test_a_version_says_what_it_changed(edited: Path) -> None:
    shown = aggregator("statement", "1", config=edited).stdout
    assert "edit     figure: Says “13” where it said “12”, and 1 more change." in shown
    assert "edit     rewording: Says “A paragraph” where it said “A new paragraph”." in shown
    values = json.loads(aggregator("statement", "1", "--json", config=edited).stdout)
    kinds = [version["edit"] and version["edit"]["kind"] for version in values["versions"]]
    assert kinds == [None, "figure", "rewording", None]
