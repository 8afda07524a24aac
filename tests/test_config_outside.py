"""feeds.toml: who may read the service, and who is told."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config import Config, ConfigError, load_config, recorded_config
from aggregator.config.handing import read_config, write_config
from aggregator.config.load import TAKEN
from aggregator.model import UpdateKind
from aggregator.publish.places import ABOUT, ATOM, INDEX, JSON_FEED, MISSED, NEWS_SITEMAP, ROBOTS, SEARCH, SITEMAP
from tests.conftest import STORY, source_block, write_feeds

NOTIFY = """
[notify.desk]
url = "https://hooks.example.org/in"
secret = "$HOOK_SECRET"
stories = ["talks"]
kinds = ["corrected", "withdrawn"]
quiet = "22:00-07:00"
zone = "Europe/Kyiv"
every = "1h"
"""
APPRISE = '[notify.x]\nkind = "apprise"\nurl = "json://e.org"\n'


def load(folder: Path, text: str) -> Config:
    return load_config(write_feeds(folder, source_block("a", "https://e.org/f") + STORY + text))


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cr3t")


def test_a_target_is_read_and_its_secret_comes_from_the_environment(tmp_path: Path) -> None:
    plan = load(tmp_path, NOTIFY)
    (desk,) = plan.notify.values()
    assert (desk.key, desk.secret, desk.kinds) == ("desk", "s3cr3t", (UpdateKind.CORRECTED, UpdateKind.WITHDRAWN))
    assert desk.every == timedelta(hours=1)
    assert "s3cr3t" not in plan.record + repr(plan)


def test_the_service_is_handed_them_and_a_replay_does_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = load(tmp_path, f'{NOTIFY}[web]\nurl = "https://news.example.org/"\ntoken = "$HOOK_SECRET"\nlisten = "0.0.0.0:80"\n')
    file = io.BytesIO()
    write_config(plan, file)
    file.seek(0)
    handed = read_config(file)
    assert (handed.web, handed.notify) == (plan.web, plan.notify)
    monkeypatch.delenv("HOOK_SECRET")
    again = recorded_config(plan.record, path=plan.path)
    assert (again.notify, again.web.token) == ({}, None)
    assert again.stories == plan.stories


def test_no_story_takes_a_place_of_the_site(tmp_path: Path) -> None:
    own = {name for name in (INDEX, SEARCH, MISSED, ABOUT, SITEMAP, NEWS_SITEMAP, ROBOTS, ATOM, JSON_FEED) if "/" not in name}
    assert set(TAKEN) == {name.partition(".")[0] for name in own}
    for key in TAKEN:
        with pytest.raises(ConfigError, match=rf"feeds\.toml:\d+: stories\.{key}: the site has a file"):
            load(tmp_path, STORY.replace("talks]", f"{key}]"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[web]\nlisten = "0.0.0.0:8600"', "web.listen: 0.0.0.0:8600 is open to other machines: set `token`"),
        ('[web]\nlisten = "8600"', "web.listen: is '8600'; write a host and a port"),
        ('[web]\ntoken = "abc"', "web.token: is 'abc'; a secret stays out of this file"),
        ('[web]\ntoken = "$NOT_THERE"', "no environment variable is called 'NOT_THERE'"),
        ('[notify.x]\nurl = "https://e.org/"', "notify.x.secret: needs `secret`"),
        ('[notify.x]\nurl = "tgram://a/b"\nsecret = "$HOOK_SECRET"', "notify.x.url: a webhook needs an address"),
        ('[notify.x]\nkind = "apprise"\nurl = "mailto://me:pw@e.org"', "stays out of this file: write $"),
        (f'{APPRISE}stories = ["talk"]', "no story is called 'talk'. Did you mean 'talks'?"),
        (f'{APPRISE}quiet = "10-12"', 'write two times of a day such as "22:00-07:00"'),
        (f'{APPRISE}kinds = ["edited"]', "notify.x.kinds: entry 1 is 'edited'"),
    ],
)
def test_a_mistake_is_told_with_its_key(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, text)
    assert said in str(refused.value)
    assert "pw" not in str(refused.value)
