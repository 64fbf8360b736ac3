"""Every metric and label that a dashboard names is measured, or recorded by the rules of objectives."""

import json
import re

import pytest
from prometheus_client import generate_latest
from sample_api.metrics import Metrics

from bicoastal.monitoring.dashboards.lint.finding import targets, variables
from bicoastal.monitoring.objectives import groups, incident_groups
from bicoastal.monitoring.rules import Recording
from tests.monitoring.dashboards.test_dashboards import FILES, SLOS, every_dashboard
from tests.monitoring.metric_existence import recorded, unknown

DECLARED = [(group, slo.group_by) for slo in SLOS for group in groups(slo)]
RECORDS = {
    rule.record: frozenset({*rule.labels, *grouped})
    for group, grouped in [*DECLARED, *((group, []) for group in incident_groups())]
    for rule in group.rules
    if isinstance(rule, Recording)
}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return {**recorded(), **_of_the_cache(tmp_path_factory.mktemp("api")), **RECORDS}


def _of_the_cache(folder):
    """The API's own page once it has asked its cache, which it had not when it was recorded."""
    api = Metrics("east", "blue")
    api.cache_asked("hit")
    (folder / "api.prom").write_bytes(generate_latest(api.registry))
    return recorded(folder)


@every_dashboard
def test_every_metric_and_label_in_a_panel_exists(name, known):
    asked = [expression for _, expression in targets(json.loads(FILES[name]))]
    assert [wrong for expression in asked for wrong in unknown(expression, known)] == []


@every_dashboard
def test_every_metric_and_label_in_a_variable_exists(name, known):
    queries = [each["query"] for each in variables(json.loads(FILES[name]))[1:]]
    asked = [re.fullmatch(r"label_values\((.*), \w+\)", query)[1] for query in queries]
    assert [wrong for expression in asked for wrong in unknown(expression, known)] == []
