"""The head of a store: written, signed, and held against the store later."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import Store, open_store
from aggregator.store.heads import Head, HeadError, NewHead, check_head, read_head, signature_file, write_head
from aggregator.store.seals import FORMS
from aggregator.store.signing import SigningError
from aggregator.store.verifying.whole import verify
from tests.conftest import NOON, Desk, Web, item, rss
from tests.lived import lived, text_of
from tests.test_cli import aggregator
from tests.unguarded import unguarded

SECRET = "open sesame"  # noqa: S105 - of a key that is made for a test


@pytest.fixture
def web_desk(tmp_path: Path, web: Web, sandbox: Sandbox, database_url: str) -> Iterator[Desk]:
    (tmp_path / "work").mkdir()
    at_work = lived(tmp_path / "work", web, sandbox, database_url)
    yield at_work
    at_work.store.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    folder, web = tmp_path_factory.mktemp("kept"), Web()
    try:
        lived(folder, web, sandbox, f"sqlite:///{folder}/storage/aggregator.sqlite").store.close()
    finally:
        web.close()
    shutil.move(folder / "snapshots", folder / "storage" / "snapshots")
    return folder


@pytest.fixture
def feeds(kept: Path, tmp_path: Path) -> Path:
    """The feeds.toml of a copy of that store."""
    shutil.copytree(kept, tmp_path / "copy")
    return tmp_path / "copy" / "feeds.toml"


def save(path: Path, key: Any, encryption: KeySerializationEncryption | None = None) -> Path:
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()))
    return path


def save_public(path: Path, key: Any) -> Path:
    path.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


def key_pair(folder: Path) -> tuple[Path, Path]:
    key = Ed25519PrivateKey.generate()
    return save(folder / "private.pem", key), save_public(folder / "public.pem", key)


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    return key_pair(tmp_path)


def written(store: Store, file: Path, **how: Any) -> Head:
    with store.examine() as tx:
        return write_head(tx, NewHead(file=file, at=NOON, **how))


def against(store: Store, head: Head) -> list[str]:
    with store.examine() as tx:
        return [one.line for one in check_head(tx, head)]


def test_a_head_holds_while_the_store_grows(web_desk: Desk, web: Web, tmp_path: Path, keys: tuple[Path, Path]) -> None:
    file = tmp_path / "head.json"
    head = written(web_desk.store, file, key=keys[0])
    assert read_head(file, public_key=keys[1]) == head
    assert [(one.key, one.number) for one in head.stories] == [("grain", 3), ("talks", 5)]
    assert head.at == "2025-08-14T12:00:00.000Z"
    assert against(web_desk.store, head) == []
    web.serve(rss(item("more", "More talks on grain", text_of("grain", 99)), built=NOON + timedelta(hours=3)), "/a")
    web_desk.poll()
    web_desk.settle()
    newer = written(web_desk.store, tmp_path / "newer.json")
    assert newer.seq > head.seq
    assert [one.number for one in newer.stories] > [one.number for one in head.stories]
    assert against(web_desk.store, head) == []
    assert verify(web_desk.store, known=head).findings == ()


def test_history_that_was_written_anew_does_not_hold_against_a_head(web_desk: Desk, tmp_path: Path) -> None:
    """Whoever can write the database can seal and chain it anew: the head, kept elsewhere, tells."""
    head = written(web_desk.store, tmp_path / "head.json")
    with web_desk.store.write() as tx, unguarded(tx):
        tx.exec_driver_sql("UPDATE changes SET hash = 'not' || substr(hash, 4) WHERE seq = (SELECT max(seq) FROM changes)")
        tx.exec_driver_sql("UPDATE updates SET hash = 'not' || substr(hash, 4) WHERE number = 5 AND story = 'talks'")
    told = against(web_desk.store, head)
    assert [line.split(":")[0] for line in told] == [f"changes {head.seq}", "updates talks/5"]
    with web_desk.store.write() as tx:
        tx.exec_driver_sql("DELETE FROM changes WHERE seq = (SELECT max(seq) FROM changes)")
    assert "changes are gone" in against(web_desk.store, head)[0]


def test_the_head_of_another_store_is_told_apart(web_desk: Desk, tmp_path: Path) -> None:
    head = written(web_desk.store, tmp_path / "head.json")
    with closing(open_store(f"sqlite:///{tmp_path}/other.sqlite", snapshots=tmp_path)) as other:
        empty = written(other, tmp_path / "empty.json")
        assert against(other, empty) == []
        assert empty.seq == 0
        with pytest.raises(HeadError, match="another one, or one that was made anew"):
            against(other, head)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b'"seq": ', b'"seq": 1'),
        lambda data: data + b"\n",
        lambda data: data[:-2],
        lambda data: data.replace(b"a", b"b", 1),
    ],
)
def test_a_changed_head_does_not_pass_its_signature(
    feeds: Path, tmp_path: Path, keys: tuple[Path, Path], change: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "head.json"
    with opened(feeds) as store:
        written(store, file, key=keys[0])
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(SigningError, match="not the signature of this file"):
        read_head(file, public_key=keys[1])


def opened(feeds: Path) -> Any:
    folder = feeds.parent / "storage"
    return closing(open_store(f"sqlite:///{folder}/aggregator.sqlite", snapshots=folder / "snapshots", create=False))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        b'{"format": "other"}',
        b'{"format": "update-aggregator head 1", "stories": 3}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_head_is_told(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "head.json").write_bytes(text)
    with pytest.raises(HeadError, match="no head of a store"):
        read_head(tmp_path / "head.json")


def test_keys_that_cannot_be_used_are_told(feeds: Path, tmp_path: Path, keys: tuple[Path, Path]) -> None:
    file, curve, secret = (
        tmp_path / "head.json",
        ec.generate_private_key(ec.SECP256R1()),
        BestAvailableEncryption(SECRET.encode()),
    )
    locked = save(tmp_path / "locked.pem", Ed25519PrivateKey.generate(), secret)
    (tmp_path / "noise.pem").write_bytes(b"\xff" * 100)
    cases = [
        (save(tmp_path / "rsa.pem", rsa.generate_private_key(65537, 2048)), None, "another kind"),
        (save(tmp_path / "ec.pem", curve), None, "another kind"),
        (keys[1], None, "no private key"),
        (tmp_path / "noise.pem", None, "no private key"),
        (tmp_path / "none.pem", None, r"cannot be read \(No such file"),
        (tmp_path, None, "cannot be read"),
        (locked, None, "--key-password-env"),
        (locked, "wrong", "password is wrong"),
    ]
    with opened(feeds) as store:
        for key, password, said in cases:
            with pytest.raises(SigningError, match=said):
                written(store, file, key=key, password=password)
            assert not file.exists()
        written(store, file, key=locked, password=SECRET)
        assert len(signature_file(file).read_bytes()) == 64
        written(store, file)
        assert not signature_file(file).exists()  # it was that of another head
        written(store, file, key=keys[0])
    for public, said in [
        (save_public(tmp_path / "ec-public.pem", curve), "another kind"),
        (keys[0], "no public key"),
        (tmp_path / "none.pem", "cannot be read"),
        (save_public(tmp_path / "others.pem", Ed25519PrivateKey.generate()), "not the signature"),
    ]:
        with pytest.raises(SigningError, match=said):
            read_head(file, public_key=public)
    signature_file(file).unlink()
    with pytest.raises(SigningError, match=r"head\.json\.sig: the signature cannot be read"):
        read_head(file, public_key=keys[1])


# --- The command. ---


def test_the_command_tells_what_it_checked(feeds: Path) -> None:
    done = aggregator("verify", config=feeds)
    assert done.exit_code == 0, done.output
    assert "Nothing was changed, lost or put in." in done.stdout
    assert "8 updates" in done.stdout
    as_json = json.loads(aggregator("verify", "--quick", "--json", config=feeds).stdout)
    assert as_json["good"]
    assert as_json["findings"] == []
    assert as_json["checked"]["updates"] == 8
    assert "snapshot files" not in as_json["checked"]


def test_the_command_names_what_it_finds_and_fails(feeds: Path, tmp_path: Path) -> None:
    with opened(feeds) as store, store.write() as tx, unguarded(tx):
        tx.exec_driver_sql("UPDATE revisions SET title = title || '\x1b[31m' WHERE id = 1")
        tx.exec_driver_sql("UPDATE sentences SET text = replace(text, '2', '7') WHERE text LIKE '%on 12 separate%'")
    done = aggregator("verify", "--write-head", str(tmp_path / "head.json"), config=feeds)
    assert done.exit_code == 1
    assert "revisions 1: it is not what was sealed" in done.stdout
    assert "updates talks/4: it is not what was published" in done.stdout
    assert "updates talks/4: paragraph 1, sentence" in done.stdout
    assert "the number 17 is not in its source" in done.stdout
    assert "findings" in done.stdout
    assert "was not written: a head stands for a store without findings" in done.stderr
    assert not (tmp_path / "head.json").exists()
    told = json.loads(aggregator("verify", "--json", "--story", "talks", config=feeds).stdout)
    assert not told["good"]
    assert {one["check"] for one in told["findings"]} >= {"ledger"}
    assert all(set(one) == {"check", "table", "row", "what", "warning"} for one in told["findings"])


def test_a_story_can_be_checked_alone(feeds: Path) -> None:
    with opened(feeds) as store, store.write() as tx, unguarded(tx):
        tx.exec_driver_sql(
            "UPDATE attributions SET name = 'X' WHERE update_id = (SELECT id FROM updates WHERE story = 'grain' AND number = 2)"
        )
    assert aggregator("verify", "--story", "talks", config=feeds).exit_code == 0
    assert "updates grain/2" in aggregator("verify", "--story", "grain", config=feeds).stdout
    none = aggregator("verify", "--story", "none", config=feeds)
    assert none.exit_code == 2
    assert "There is no story 'none'. Stories: grain, talks" in none.stderr


def test_a_signed_head_by_the_command_and_by_openssl(feeds: Path, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    private, public, head = tmp_path / "private.pem", tmp_path / "public.pem", tmp_path / "head.json"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
    done = aggregator("verify", "--write-head", str(head), "--key", str(private), config=feeds)
    assert done.exit_code == 0, done.output
    assert "head: change " in done.stdout
    by_openssl = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        str(public),
        "-rawin",
        "-in",
        str(head),
        "-sigfile",
        f"{head}.sig",
    ]
    assert subprocess.run(by_openssl, check=False, capture_output=True).returncode == 0
    done = aggregator("verify", "--head", str(head), "--public-key", str(public), config=feeds)
    assert done.exit_code == 0, done.output
    head.write_bytes(head.read_bytes().replace(b'"number": 3', b'"number": 2'))
    assert subprocess.run(by_openssl, check=False, capture_output=True).returncode != 0
    done = aggregator("verify", "--head", str(head), "--public-key", str(public), config=feeds)
    assert done.exit_code == 1
    assert "not the signature of this file" in done.stderr
    done = aggregator("verify", "--head", str(head), config=feeds)
    assert done.exit_code == 1
    assert "updates grain/2" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--key", "k.pem"], "--write-head FILE"),
        (["--public-key", "k.pem"], "--head FILE"),
        (["--write-head", "h", "--story", "talks"], "leave --story out"),
        (["--write-head", "h", "--key", "k", "--key-password-env", "NO_SUCH_NAME"], "no variable NO_SUCH_NAME"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(feeds: Path, words: list[str], said: str) -> None:
    done = aggregator("verify", *words, config=feeds)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_head_that_cannot_be_written_is_told(feeds: Path, tmp_path: Path) -> None:
    done = aggregator("verify", "--write-head", str(tmp_path / "no" / "head.json"), config=feeds)
    assert done.exit_code == 1
    assert "head.json: no head was written (No such file or directory)" in done.stderr


def test_a_head_that_finds_no_room_leaves_the_older_one(
    web_desk: Desk, tmp_path: Path, keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older one may be all that the store can be held against."""
    kept = tmp_path / "head.json"
    written(web_desk.store, kept, key=keys[0])
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("aggregator.store.files.os.fsync", full)
    for how in ({}, {"key": keys[0]}):
        with pytest.raises(HeadError, match=r"head\.json: no head was written \(No space left on device\)"):
            written(web_desk.store, kept, **how)
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
    read_head(kept, public_key=keys[1])


# --- The manual. ---

MANUAL = (Path(__file__).parents[1] / "storage/README.md").read_text(encoding="utf-8")


def run_manual(feeds: Path) -> subprocess.CompletedProcess[str]:
    """Run the example of the manual as it stands there, in the folder of a store."""
    code = MANUAL.split("without any code of ours:\n\n")[1].split("\n\nSeals and chain tell")[0]
    program = "\n".join(line.removeprefix("    ") for line in code.splitlines())
    return subprocess.run([sys.executable, "-I", "-c", program], cwd=feeds.parent, capture_output=True, text=True, check=False)


def test_the_example_of_the_manual_proves_a_store(feeds: Path, tmp_path: Path) -> None:
    with opened(feeds) as store:
        head = written(store, tmp_path / "head.json")
    done = run_manual(feeds)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"the history ends with {head.seq} {head.hash}\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE statements SET said_written = 'x' WHERE id = 2", "statement 2 was changed"),
        ("UPDATE revisions SET text = text || '.' WHERE id = 1", "revision 1 was changed"),
        ("UPDATE captures SET sha256 = (SELECT min(sha256) FROM snapshots)", "revision"),
        ("UPDATE changes SET at = '2025-08-14T12:00:00.001Z' WHERE seq = 5", "change 5"),
        ("DELETE FROM changes WHERE seq = 4", "change 5"),
        ("UPDATE identity SET id = '0'", "change 1"),
    ],
)
def test_the_example_of_the_manual_finds_what_was_changed(feeds: Path, change: str, said: str) -> None:
    with opened(feeds) as store, store.write() as tx, unguarded(tx):
        tx.exec_driver_sql(change)
    assert said in run_manual(feeds).stderr


def test_the_manual_names_what_is_sealed() -> None:
    for name, form in FORMS.items():
        assert f"| `{name}` | `{', '.join(form.columns)}`" in MANUAL


def test_the_manual_says_how_openssl_checks_a_head() -> None:
    assert "openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in head.json -sigfile head.json.sig" in MANUAL
