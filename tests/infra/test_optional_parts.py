"""Watchers that are declared apart: each brings the rules on it, and without a cloud it needs its images."""

import json

import pytest

from bicoastal.monitoring.watchers.optional import OPTIONAL_PARTS
from infra.settings import optional_parts, rule_files
from tests.infra.environments import planned

ALERTS = {
    "grafana": ["GrafanaDown", "GrafanaUnwatched"],
    "logs": ["LokiDown", "LokiUnwatched", "AlloyDown", "AlloyUnwatched", "ContainersUnwatched"],
    "tracing": ["JaegerDown", "TracingUnwatched"],
}


def names(declared, *, has_hosts=True):
    rules = rule_files(declared, has_hosts=has_hosts)["causes.yaml"]
    return {line.partition("alert: ")[2] for line in rules.splitlines() if "alert: " in line}


def test_every_optional_part_is_tried_here():
    assert ALERTS.keys() == OPTIONAL_PARTS.keys()


@pytest.mark.parametrize("part", OPTIONAL_PARTS)
def test_a_part_brings_its_rules_where_it_is_declared_and_nowhere_else(part):
    assert set(ALERTS[part]) <= names({part: {}})
    others = {name for other, alerts in ALERTS.items() if other != part for name in alerts}
    assert not names({part: {}}) & others
    assert not names({}) & set(ALERTS[part])
    assert "JobUnwatched" in names({})


def test_clocks_are_watched_where_hosts_are_machines_and_not_where_containers_stand_in_for_them():
    clocks = {"HostClockUnsynchronised", "HostClockSkew"}
    assert clocks <= names({})
    assert not clocks & names({}, has_hosts=False)
    assert "HostDown" in names({}, has_hosts=False)


@pytest.mark.parametrize(
    ("logs", "there"),
    [
        ({"containers": False}, {"LokiDown", "AlloyDown"}),
        ({"collector": "promtail"}, {"LokiDown"}),
        ({"collector": "alloy"}, {"LokiDown", "AlloyDown", "ContainersUnwatched"}),
    ],
)
def test_logs_bring_the_rules_on_what_collects_them(logs, there):
    assert names({"logs": logs}) & {"LokiDown", "AlloyDown", "ContainersUnwatched"} == there


def test_promtail_is_needed_in_place_of_alloy_where_it_is_the_collector():
    chosen = {"logs": {"collector": "promtail"}}
    assert optional_parts(chosen, images("loki", "promtail")) == chosen
    assert optional_parts(chosen, images("loki", "alloy")) == {}


def images(*had):
    known = json.loads(planned("production")["smellpin:images"])
    given = {
        name: image
        for name, image in known.items()
        if name not in {i for p in ALERTS for i in OPTIONAL_PARTS[p].images}
    }
    return {**given, **{name: f"example/{name}:1" for name in had}}


@pytest.mark.parametrize("part", OPTIONAL_PARTS)
def test_a_part_is_left_out_as_one_where_one_of_its_images_could_not_be_had(part):
    needed = OPTIONAL_PARTS[part].images
    chosen = {"routing": {}, part: {}}
    assert optional_parts(chosen, images(*needed)) == chosen
    for image in needed:
        had = [name for name in needed if name != image]
        assert optional_parts(chosen, images(*had)) == {"routing": {}}
