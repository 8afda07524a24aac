"""What a real service says at /metrics and in its log, and whether all that we hand out beside it fits that."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from aggregator.model import Balance
from aggregator.service import utc_now
from aggregator.web.catalogue import CATALOGUE, Kind, Origin
from tests.events import table
from tests.promtool import promtool
from tests.scraping import SECRETS, Scene, Scrape, names_in, scene

ROOT = Path(__file__).parents[1]
METRICS_DOC = ROOT / "docs" / "metrics.md"
DASHBOARD = ROOT / "packaging" / "grafana" / "update-aggregator.json"
ALERTS = ROOT / "packaging" / "prometheus" / "alerts.yml"
WHERE = {
    Origin.EVENTS: "log",
    Origin.SITE: "site",
    Origin.SERVICE: "service",
    Origin.STORE: "store",
    Origin.SOURCES: "each",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return scene(tmp_path_factory.mktemp("scrape"))


@pytest.fixture(scope="module")
def scrape(ran: Scene) -> Scrape:
    return ran.scrape


def test_what_happened_is_counted(scrape: Scrape) -> None:
    assert scrape.value("polls_total", outcome="changed") == 2
    assert scrape.value("polls_total", outcome="not_the_page") == 1
    assert scrape.value("polls_total", outcome="failed") == 1
    assert scrape.value("poll_duration_seconds_count") == 4
    assert scrape.value("entries_total", verdict="new") == 2
    assert scrape.value("updates_published_total", kind="new") == scrape.value("updates_published_total", kind="adds") == 1
    assert scrape.value("publishing_lag_seconds_count") == 2
    assert 0 < scrape.value("publishing_lag_seconds_sum") < 300
    assert scrape.value("notifications_total", recipient="notify:desk", result="dead") >= 1
    assert scrape.value("site_messages_total") >= 1
    assert scrape.value("configuration_changes_total", result="refused") == 1
    assert scrape.value("alarm_changes_total", kind="empty", change="opened") == 1


def test_as_many_lines_went_somewhere_as_were_listed(scrape: Scrape) -> None:
    went = sum(scrape.value("entries_total", verdict=name) for name in Balance().counts if name != "listed")
    assert scrape.value("entries_listed_total") == went > 0


def test_how_things_stand_is_told(scrape: Scrape) -> None:
    assert scrape.value("sources", state="alarm") == 1
    assert scrape.value("sources", state="failing") == 2
    assert scrape.value("alarms_open", kind="empty") == 1
    assert scrape.value("source_alarm", source="b", kind="empty") == 1
    assert scrape.value("gaps_open", kind="empty") == 1
    assert scrape.value("outbox_dead", target="notify") >= 1
    assert scrape.value("configuration_refused") == 1
    assert scrape.value("network_down") == 0
    assert scrape.value("story_updates", story="talks") == 2
    assert scrape.value("store_size_bytes") > 100_000
    assert scrape.value("disk_free_bytes") < scrape.value("disk_size_bytes")
    assert scrape.value("last_tick_timestamp_seconds") == pytest.approx(utc_now().timestamp(), abs=600)
    assert scrape.value("source_answered_timestamp_seconds", source="a") == pytest.approx(utc_now().timestamp(), abs=600)


def test_requests_are_counted_by_the_template_of_their_path(scrape: Scrape) -> None:
    assert scrape.value("http_requests_total", route="/api/v1/stories", status="200") == 1
    assert scrape.value("http_requests_total", route="/{path:path}", status="404") == 1
    assert "/nothing" not in scrape.text


def test_every_metric_is_in_the_catalogue_with_its_type_and_labels(scrape: Scrape) -> None:
    ours = {name: family for name, family in scrape.families.items() if not name.startswith("process_")}
    suffix = {Kind.COUNTER: "_total", Kind.GAUGE: "", Kind.HISTOGRAM: ""}
    known = {one.name.removesuffix(suffix[one.kind]): one for one in CATALOGUE}
    quiet = {"aggregator_first_certificate_end_timestamp_seconds"}  # nobody is asked by https here
    assert ours.keys() == known.keys() - quiet
    for name, family in ours.items():
        assert family.type == known[name].kind.value
        assert family.documentation == known[name].says
        labels = {*known[name].labels, *(["le"] if known[name].kind is Kind.HISTOGRAM else [])}
        assert {label for sample in family.samples for label in sample.labels} == labels, name


def test_no_secret_stands_in_the_log_in_any_form(ran: Scene) -> None:
    login = unquote(SECRETS["PROXY_LOGIN"])
    secrets = [*SECRETS.values(), login, login.partition(":")[2], "chat-path-0123456789", SECRETS["HOOK_SECRET"][6:]]
    forms = {
        form for one in secrets for form in (one, quote(one, safe=""), base64.b64encode(one.encode()).decode().rstrip("="))
    }
    assert [one for one in forms if one in ran.log or one in ran.scrape.text] == []


def test_every_line_of_the_log_is_json_with_its_event_level_and_time(ran: Scene) -> None:
    lines = [json.loads(line) for line in ran.log.splitlines()]
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    assert "datetime" not in ran.log


def test_no_label_holds_an_address(scrape: Scrape) -> None:
    values = [value for one in scrape.families.values() for sample in one.samples for value in sample.labels.values()]
    assert [value for value in values if "://" in value or "127.0.0.1" in value] == []


def test_promtool_finds_no_fault_in_the_metrics(scrape: Scrape) -> None:
    assert promtool("check", "metrics", given=scrape.text.encode()) == ""


def test_the_document_has_every_metric_as_it_is() -> None:
    rows = [
        f"| `{one.name}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels)} | {WHERE[one.origin]} | {one.says} |"
        for one in CATALOGUE
    ]
    there = [line for line in METRICS_DOC.read_text(encoding="utf-8").splitlines() if line.startswith("| `aggregator_")]
    assert there == rows


def test_the_document_has_every_event_with_its_level_and_its_fields() -> None:
    rows = METRICS_DOC.read_text(encoding="utf-8").split("## Logs")[1].splitlines()
    there = {
        event.strip("`"): (level, fields)
        for event, level, fields, meaning in (row.strip("| ").split(" | ") for row in rows if row.startswith("| `"))
        if meaning.endswith(".")
    }
    assert there == table(), "`python -m tests.events` prints the rows as they should begin"


def test_every_event_of_a_run_is_one_of_the_documents(ran: Scene) -> None:
    assert {json.loads(line)["event"] for line in ran.log.splitlines()} <= table().keys()


def unknown(expressions: Iterable[str], scrape: Scrape) -> list[str]:
    """The metrics and labels that queries name and that the service does not tell."""
    known = scrape.labels
    absent = {"aggregator_first_certificate_end_timestamp_seconds"}  # nobody is asked by https here
    found = []
    for expression in expressions:
        found += [name for name in names_in(expression) if name not in known and name not in absent]
        for name, selected in re.findall(r"\b((?:aggregator|process)_\w+)\{([^}]*)\}", expression):
            labels = re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selected)
            found += [f"{name}{{{label}}}" for label in labels if label not in {*known.get(name, ()), "instance", "job"}]
        for grouped in re.findall(r"(?:by|without)\s*\(([^)]*)\)", expression):
            told = {label for name in names_in(expression) for label in known.get(name, ())} | {"instance"}
            found += [f"by ({label})" for label in re.findall(r"\w+", grouped) if label not in told]
    return found


def panels() -> list[dict[str, Any]]:
    """Those of the dashboard that show something."""
    return [one for one in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"] if one["type"] != "row"]


def queries(scrape: Scrape) -> list[str]:
    """All queries of the dashboard, as Grafana would ask them."""
    assert scrape.labels
    return [target["expr"].replace("$instance", ".*") for panel in panels() for target in panel["targets"]]


def test_the_dashboard_asks_only_for_what_the_service_tells(scrape: Scrape) -> None:
    asked = queries(scrape)
    assert unknown(asked, scrape) == []
    assert unknown(["aggregator_nothing", 'aggregator_sources{kind="x"}', "sum by (kind) (aggregator_sources)"], scrape) == [
        "aggregator_nothing",
        "aggregator_sources{kind}",
        "by (kind)",
    ]


def test_the_dashboard_is_one_that_grafana_imports() -> None:
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    assert board["schemaVersion"] >= 38  # that of Grafana 10
    variables = {one["name"]: one for one in board["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["query"] == "prometheus"
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids)) > 25
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, f"{panel['title']} lies over another panel"
        assert place["x"] + place["w"] <= 24
        taken |= cells
    for panel in panels():
        assert panel["datasource"]["uid"] == "${datasource}"
        assert all(target["datasource"]["uid"] == "${datasource}" for target in panel["targets"])


def test_promtool_reads_the_queries_of_the_dashboard(scrape: Scrape, tmp_path: Path) -> None:
    rules = [{"record": f"dashboard:panel:q{n}", "expr": one} for n, one in enumerate(queries(scrape))]
    (tmp_path / "rules.yml").write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))  # YAML holds all JSON
    assert f"{len(rules)} rules found" in promtool("check", "rules", tmp_path / "rules.yml")


def test_promtool_finds_no_fault_in_the_alerts_and_their_tests_pass() -> None:
    assert "SUCCESS" in promtool("check", "rules", ALERTS)
    assert "SUCCESS" in promtool("test", "rules", ALERTS.with_name("alerts_test.yml"))


def test_the_alerts_ask_only_for_what_the_service_tells_and_say_what_to_do(scrape: Scrape) -> None:
    rules = ALERTS.read_text(encoding="utf-8").split("      - alert: ")[1:]
    expressions = [re.split(r"\n +(?:for|labels):", rule.split("expr: ")[1])[0] for rule in rules]
    assert unknown(expressions, scrape) == []
    for rule in rules:
        assert re.search(r"severity: (critical|warning)\n", rule), rule
        assert re.search(r"\n          do: .+", rule), rule
