"""The crash campaign, as long as the ordinary suite has time for; `python -m tests.crash --kills 500` goes on longer."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from aggregator.store import open_store
from tests.crash.campaign import Campaign, Report
from tests.crash.checks import not_told, wrong
from tests.crash.script import STEPS, items
from tests.patience import WAIT
from tests.postgresql import Cluster
from tests.unguarded import unguarded

KILLS = {"sqlite": 50, "postgresql": 10}
SEED = 7


@pytest.mark.parametrize("kind", KILLS)
def test_nothing_is_lost_doubled_or_rewritten_whenever_the_program_is_killed(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = warmed_on = None
    if kind == "postgresql":
        server: Cluster = request.getfixturevalue("postgresql_cluster")
        database, warmed_on = request.getfixturevalue("postgresql_url"), server.migrated_database()
    report = Campaign(tmp_path, seed=SEED, database=database, warmed_on=warmed_on).go(KILLS[kind])
    assert report.wrong == []
    assert report.kills.total() >= KILLS[kind]
    assert len({point for _, point in report.kills}) >= 4  # killed at many kinds of places
    assert report.statements == len(list(items(report.steps - 1)))
    assert report.looks > report.runs  # the reader was there all the time


def test_a_run_that_was_killed_while_it_asked_for_a_process_takes_none_from_the_next() -> None:
    script = "\n".join(
        [
            "import os, socket, sys, types",
            "from multiprocessing import forkserver, get_context",
            "from tests.crash.forking import be_sure_of_the_server",
            "sys.modules['__main__'] = types.ModuleType('__main__')",
            "for _ in range(20):",
            "    be_sure_of_the_server()",
            "    with socket.socket(socket.AF_UNIX) as asking:",
            "        asking.connect(forkserver._forkserver._forkserver_address)",
            "be_sure_of_the_server()",
            "forkserver._forkserver.ensure_running = lambda: None",
            "get_context('forkserver').Process(target=os.getpid).start()",
        ]
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[1], timeout=WAIT, check=False)
    assert done.returncode == 0


@pytest.fixture(scope="module")
def in_peace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a campaign without a kill, of one round; and the address of its world."""
    folder = tmp_path_factory.mktemp("peace")
    campaign = Campaign(folder, seed=SEED)
    report: Report = campaign.go(0)
    assert (report.wrong, report.undisturbed >= STEPS, report.steps) == ([], True, STEPS)
    return folder, campaign.base


def test_the_campaign_would_see_what_a_webhook_did_not_hear(in_peace: tuple[Path, str]) -> None:
    folder, _ = in_peace
    store = open_store(f"sqlite:///{folder}/storage/aggregator.sqlite", snapshots=folder / "storage/snapshots")
    with store.read() as tx:
        told = tx.execute(text("SELECT story, number FROM v1_updates ORDER BY story, number")).all()
        heard = [(f"{story}:{number}", story, number) for story, number in told]
        assert len(heard) > 2
        assert list(not_told(tx, [*heard, heard[0]])) == []  # again, under its own id
        for wrong_one, found in (
            (heard[1:], "message of a webhook missing"),
            ([*heard, ("another", *heard[0][1:])], "message of a webhook too many"),
            ([*heard[:-2], heard[-1], heard[-2]], "out of order"),
            ([*heard, (heard[0][0], *heard[1][1:])], "the id"),
        ):
            assert any(found in one for one in not_told(tx, wrong_one)), found
    store.close()


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("DELETE FROM changes WHERE kind = 'revision' AND key = '1'", "change missing: ('revision', '1')"),
        (
            "INSERT INTO changes (kind, key, at) SELECT kind, key, at FROM changes WHERE kind = 'update' LIMIT 1",
            "change too many",
        ),
        ("UPDATE updates SET title = title || '!' WHERE number = 2", "talks: Update.2 at place 2 breaks the chain"),
        ("UPDATE sentences SET text = replace(text, 'measures', 'failures')", "does not stand where it is cited"),
        ("UPDATE revisions SET text = 'The talks are over.' WHERE id = 1", "statement missing"),
        ("UPDATE polls SET new = new + 1 WHERE id = 1", "poll 1 of"),
        ("UPDATE polls SET new = new + 1, listed = listed + 1 WHERE id = 1", "polls counted"),
        ("UPDATE outbox SET delivered_at = NULL WHERE id = 1", "never delivered: site:"),
        ("DELETE FROM outbox WHERE id = 1", "message missing: site:"),
        ("DELETE FROM outbox WHERE recipient IS NOT NULL AND id > 3", "message missing: notify:desk:"),
        ("UPDATE outbox SET delivered_at = NULL WHERE recipient IS NOT NULL", "never delivered: notify:desk:"),
        ("DELETE FROM corroborations", "corroboration missing"),
        ("UPDATE updates SET kind = 'adds' WHERE kind = 'corrected'", "update missing"),
        ("UPDATE stories SET last_number = last_number + 1", "its head is"),
        ("UPDATE candidates SET state = 'waiting' WHERE id = 1", "was never told"),
        ("UPDATE snapshots SET size = size + 1", "not "),
        ("DELETE FROM drops", "was not dropped with a reason"),
        ("UPDATE stories SET lead = 'Something else'", "is not the page that the ledger makes"),
    ],
    ids=lambda words: "-".join(words.split()[:4]),
)
def test_the_campaign_would_see_it(tampering: str, found: str, in_peace: tuple[Path, str], tmp_path: Path) -> None:
    folder, base = in_peace
    shutil.copytree(folder / "storage", tmp_path / "storage")
    store = open_store(f"sqlite:///{tmp_path}/storage/aggregator.sqlite", snapshots=tmp_path / "storage/snapshots")
    site = tmp_path / "storage/site"
    assert wrong(store, site, step=STEPS - 1, base=base) == []
    with store.write() as tx, unguarded(tx):
        tx.execute(text(tampering))
    assert any(found in sentence for sentence in wrong(store, site, step=STEPS - 1, base=base))
    store.close()
