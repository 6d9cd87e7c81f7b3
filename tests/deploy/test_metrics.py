"""What the docs, the alert rules and the dashboard talk of is what is exported, name by name and label by label."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.http.metrics import PrometheusMeter
from bot.model import Lane
from bot.store.backlog import Backlog
from tests.processes import REPOSITORY

SUFFIXES = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",), "gauge": ("",)}

NAME = re.compile(r"\b(?:briefing|process)_[a-z_]+\b")


def exercised() -> PrometheusMeter:
    """A meter that was told everything once."""
    meter = PrometheusMeter("1.2.3", ("worker", "bot"), lambda: 7)
    for lane in Lane:
        meter.sent(lane, "sent", 0.1)
        meter.held(lane, 3)
    meter.polled("Daily", "news", 0.2)
    meter.stored("Daily", ("energy", "economy"))
    meter.handled("latest", 0.01)
    meter.lagged(0.001)
    meter.shared(Backlog(due=1, in_hand=2, oldest_s=3.0, messages_per_second=30), updates_waiting=4)
    return meter


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    """Metric families by their name, as Prometheus' own parser reads the text."""
    text = generate_latest(exercised().registry).decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def series(exported: dict[str, Any]) -> dict[str, set[str]]:
    """The name of each series that can be asked for, with its labels."""
    found: dict[str, set[str]] = {}
    for family in exported.values():
        for suffix in SUFFIXES.get(family.type, ("",)):
            labels = {label for sample in family.samples for label in sample.labels}
            found[family.name + suffix] = labels
    return found


def test_names_follow_the_conventions(exported: dict[str, Any]) -> None:
    for name, family in exported.items():
        if name.startswith("briefing_"):
            assert family.documentation, name
            assert re.fullmatch(r"briefing_[a-z]+(_[a-z]+)*", name), name
            assert not name.endswith(("_ms", "_minutes", "_milliseconds")), "base units only"
            assert "seconds" in name or family.type != "histogram", "all our histograms are times"


def test_the_docs_have_every_metric_with_its_type_and_labels(exported: dict[str, Any]) -> None:
    table = re.findall(r"^\| `(briefing_\w+)` \| (\w+)[^|]*\| ([^|]*)\|", docs(), re.MULTILINE)
    documented = {
        name.removesuffix("_total"): (kind, set(re.findall(r"`(\w+)`", labels)))
        for name, kind, labels in table
    }
    ours = {
        name: (family.type, {label for sample in family.samples for label in sample.labels} - {"le"})
        for name, family in exported.items()
        if name.startswith("briefing_")
    }
    assert documented == ours


def docs() -> str:
    return (REPOSITORY / "docs" / "metrics.md").read_text()


def rules() -> list[dict[str, Any]]:
    text = (REPOSITORY / "deploy" / "prometheus" / "alerts.yml").read_text()
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REPOSITORY / "deploy" / "grafana" / "dashboard.json").read_text())
    return found


def expressions() -> list[str]:
    asked = [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]
    return [*asked, *(rule["expr"] for rule in rules())]


def test_rules_and_dashboard_ask_for_what_is_exported(exported: dict[str, Any]) -> None:
    known = series(exported)
    for expression in expressions():
        names = NAME.findall(expression)
        assert names, expression
        assert set(names) <= known.keys(), expression


def test_they_select_and_group_by_labels_that_exist(exported: dict[str, Any]) -> None:
    prometheus_own = {"instance", "job"}
    known = series(exported)
    for expression in expressions():
        labels = set().union(*(known[name] for name in NAME.findall(expression))) | prometheus_own | {"le"}
        for group in re.findall(r"by \(([^)]*)\)", expression):
            assert {label.strip() for label in group.split(",")} <= labels, expression
        for selector in re.findall(r"\{([^}]*)\}", expression):
            assert set(re.findall(r"(\w+)\s*=", selector)) <= labels, expression


def test_every_metric_of_ours_is_looked_at_somewhere(exported: dict[str, Any]) -> None:
    looked_at = " ".join(expressions())
    unseen = [name for name in exported if name.startswith("briefing_") and name not in looked_at]
    assert unseen == []


def test_rules_are_whole() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["description"]
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))


def test_panels_have_titles_numbers_and_do_not_overlap() -> None:
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert panel["title"]
        assert at["x"] + at["w"] <= 24
        assert not taken & cells, panel["title"]
        taken |= cells
