"""The alert rules, the dashboard and the pages name metrics that there are, and every alert is explained."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
ALERTS, DASHBOARD = DOCS / "monitoring" / "alerts.yml", DOCS / "monitoring" / "grafana.json"
_METRIC = re.compile(r"\bduban_[a-z_]+")
RULES = [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]


def served() -> set[str]:
    """The names that the program gives its metrics."""
    code = (ROOT / "tracker" / "console" / "metrics.py").read_text("utf-8")
    return {"duban_build_info" if name == "duban_build" else name for name in re.findall(r'"(duban_[a-z_]+)"', code)}


def test_the_page_names_every_metric() -> None:
    assert set(re.findall(r"^\| `(duban_\w+)`", (DOCS / "monitoring.md").read_text("utf-8"), re.MULTILINE)) == served()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_rests_on_a_metric_and_is_explained(rule: dict[str, object]) -> None:
    expression = str(rule["expr"])
    assert set(_METRIC.findall(expression)) <= served()
    assert _METRIC.search(expression) or "up{" in expression
    assert f"| `{rule['alert']}` |" in (DOCS / "告警与处理.md").read_text("utf-8")


def test_every_query_of_the_dashboard_asks_for_a_metric() -> None:
    variables = json.loads(DASHBOARD.read_text("utf-8"))["templating"]["list"]
    for query in [*list_queries(), *(each["query"] for each in variables if each["type"] == "query")]:
        names = set(_METRIC.findall(query))
        assert names, query
        assert names <= served(), query


def list_queries() -> list[str]:
    return [
        target["expr"] for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"] for target in panel["targets"]
    ]


def promtool(*words: str | Path) -> None:
    done = subprocess.run(["promtool", *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool here (apt-get install promtool)")
def test_each_alert_fires_when_it_should_and_not_before() -> None:
    tried = yaml.safe_load((ROOT / "tests" / "alerts_test.yml").read_text("utf-8"))["tests"]
    assert {each["alertname"] for one in tried for each in one["alert_rule_test"]} == {rule["alert"] for rule in RULES}
    promtool("test", "rules", ROOT / "tests" / "alerts_test.yml")


@pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool here (apt-get install promtool)")
def test_promtool_takes_the_rules_and_the_queries_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"query:{n}", "expr": each.replace("$county", ".*")} for n, each in enumerate(list_queries())]
    (tmp_path / "queries.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}), "utf-8")
    promtool("check", "rules", ALERTS, tmp_path / "queries.yml")
