"""Which rules an environment is watched by: those on what it is made of, counted as it is declared."""

import json
import re
from dataclasses import replace

import pytest
import yaml
from cryptography import x509

from bicoastal.monitoring.causes import Parts
from bicoastal.twin.certificates import new_authority, new_member
from infra.monitoring import DEPLOYED, monitoring
from infra.rules import RUNBOOKS, parts_of, rules_on
from tests.infra.environments import changed, planned, read

ALERTS = {
    "grafana": {"GrafanaDown", "GrafanaUnwatched"},
    "logs": {"LokiDown", "LokiUnwatched", "AlloyDown", "AlloyUnwatched", "LogsSilent"},
    "containers": {"ContainersUnwatched", "ContainerMemoryNearLimit"},
    "tracing": {"JaegerDown", "TracingUnwatched"},
    "buckets": {"CloudWatchExporterDown", "CloudWatchUnwatched", "BucketReplicationLate"},
    "clocks": {"HostClockUnsynchronised", "HostClockSkew"},
}
"""What tells that the rules on a part are there."""
NOTHING = Parts(clocks=False)
COLLECTOR = {"AlloyDown", "AlloyUnwatched"}


def alerts(text):
    rules = [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]
    return {rule["alert"]: rule for rule in rules if "alert" in rule}


def causes(config, stack="production"):
    return alerts(read(config, stack).args["monitoring"]["rules"]["causes.yaml"])


@pytest.mark.parametrize("part", ALERTS)
def test_the_rules_on_a_part_are_where_it_is_deployed_and_nowhere_else(part):
    with_it = alerts(rules_on(replace(NOTHING, **{part: True}), {})["causes.yaml"]).keys()
    without = alerts(rules_on(NOTHING, {})["causes.yaml"]).keys()
    others = {name for other, named in ALERTS.items() if other != part for name in named} - COLLECTOR
    assert ALERTS[part] <= with_it
    assert not (others | ALERTS[part]) & without
    assert not others & with_it - ALERTS[part]
    assert "JobUnwatched" in without


@pytest.mark.parametrize(
    ("environment", "tasks", "redundant", "tells_of"),
    [
        ("production", 2, True, {"grafana", "logs", "containers", "buckets", "clocks"}),
        ("staging", 1, False, {"grafana", "logs", "containers", "buckets", "clocks"}),
    ],
)
def test_an_environment_is_watched_as_what_it_is(environment, tasks, redundant, tells_of):
    declared = read(planned(environment), environment)
    parts = parts_of(declared.stack, declared.groups)
    assert {part for part in ALERTS if getattr(parts, part)} == tells_of
    assert (parts.regions, parts.witness) == (["east", "west"], "witness")
    assert (parts.members, parts.alertmanagers) == (4, 2)
    assert (parts.web_tasks, parts.api_redundant) == (tasks, redundant)
    assert parts.synchronous
    found = causes(planned(environment), environment)
    assert re.search(rf"< {tasks}$", found["WebProxyTasksMissing"]["expr"])


def test_production_is_watched_by_what_is_committed_and_tried():
    committed = {alert.name: alert.as_data(RUNBOOKS) for alert in monitoring().alerts}
    found = causes(planned("production"))
    assert found == {name: committed[name] for name in found}
    declared = read(planned("production"))
    parts = parts_of(declared.stack, declared.groups)
    assert replace(parts, tracing=True) == DEPLOYED


@pytest.mark.parametrize(
    ("path", "value", "alert", "expected"),
    [
        ("settings.database", {"mode": "async"}, "PostgresNoSynchronousStandby", None),
        ("settings.database", {"members_per_region": 1}, "PostgresCopiesMissing", ">= 1"),
        ("settings.ingress", {"replicas": 5}, "WebProxyTasksMissing", "< 5"),
        ("workers", {"min": 1, "max": 6}, "ApiTaskAlone", None),
    ],
)
def test_what_is_declared_otherwise_is_counted_otherwise(path, value, alert, expected):
    found = causes(changed(planned("production"), path, value))
    assert found[alert]["expr"].endswith(expected) if expected else alert not in found


@pytest.mark.parametrize(("replicas", "is_told"), [(1, False), (2, True), (6, True)])
def test_without_workers_a_task_is_alone_where_more_are_declared(replicas, is_told):
    config = changed(planned("production"), "workers", {"min": 0, "max": 0})
    assert ("ApiTaskAlone" in causes(changed(config, "settings.api.replicas", replicas))) is is_told


def test_regions_of_other_names_are_known_by_them():
    found = alerts(rules_on(Parts(regions=["ohio", "oregon"]), {})["causes.yaml"])
    assert "ohio|oregon" in found["RegionLost"]["expr"]


def test_promtail_has_no_rules_on_alloy():
    found = alerts(rules_on(replace(NOTHING, logs=True, promtail=True), {})["causes.yaml"])
    assert "LokiDown" in found
    assert not COLLECTOR & found.keys()


def test_rules_that_the_file_names_stand_beside_them():
    own = {"own.yaml": "groups: []\n"}
    rules = read(changed(planned("production"), "settings.monitoring.rules", own)).args["monitoring"]["rules"]
    assert {"objectives.yaml", "causes.yaml", "own.yaml"} == rules.keys()


def test_where_nothing_is_watched_there_are_no_rules():
    config = planned("production")
    settings = json.loads(config["smellpin:settings"])
    del settings["monitoring"]
    assert read({**config, "smellpin:settings": json.dumps({**settings, "monitoring": None})})


def test_the_ends_of_all_declared_certificates_are_known_and_of_those_not_filled_in_none():
    config = planned("production")
    groups = yaml.safe_load(read(config).args["monitoring"]["rules"]["causes.yaml"])["groups"]
    assert "certificate-ends" not in {group["name"] for group in groups}
    authority = new_authority()
    short, long = (new_member(authority, name, [name]).cert_pem for name in ("east-nginx", "edge"))
    config = changed(config, "certificates.east-nginx", short)
    config = changed(config, "origin_pull_certificate", long + authority.cert_pem)
    rules = yaml.safe_load(read(config).args["monitoring"]["rules"]["causes.yaml"])["groups"][0]["rules"]
    told = {rule["labels"]["certificate"]: int(rule["expr"][7:-1]) for rule in rules}
    expected = x509.load_pem_x509_certificate(short.encode()).not_valid_after_utc.timestamp()
    assert told["east-nginx"] == expected
    assert told.keys() == {"east-nginx", "origin_pull_certificate"}
    assert {rule["record"] for rule in rules} == {"certificate:ends:timestamp_seconds"}
