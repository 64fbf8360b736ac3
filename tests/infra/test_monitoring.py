"""What watches SmellPin: the committed files are those that the declarations give."""

import json
import re
import time
from decimal import Decimal
from pathlib import Path

import pulumi
import pytest
from sample_api import metrics
from typer.testing import CliRunner

from bicoastal.cli.app import app
from bicoastal.cli.commands import HOMES
from bicoastal.monitoring.generated import differences, files
from bicoastal.monitoring.objectives import groups, objectives
from bicoastal.monitoring.rules import Recording
from bicoastal.monitoring.severity import Audience
from infra.monitoring import monitoring
from infra.objectives import SLOS
from tests.infra.environments import changed, planned, read
from tests.monitoring.metric_existence import TARGET, recorded, unknown, with_recordings
from tests.monitoring.unrecorded import with_unrecorded

PROJECT = Path(__file__).parents[2]


def test_the_committed_files_are_current():
    assert list(differences(monitoring(), PROJECT)) == [], "write them with: bicoastal monitoring"


def test_the_command_says_so(monkeypatch):
    monkeypatch.chdir(PROJECT)
    told = CliRunner().invoke(app, ["monitoring", "--check"])
    assert told.exit_code == 0, told.output


def test_every_alert_has_its_name_alone_and_its_section_on_a_page():
    names = [alert.name for alert in monitoring().alerts]
    assert sorted(names) == sorted(set(names))
    made = files(monitoring())
    for alert in monitoring().alerts:
        assert f"\n## {alert.name}\n" in made[f"docs/runbooks/{alert.part}.md"]


def test_every_alert_is_tried_firing_and_quiet():
    for alert in monitoring().alerts:
        assert all(trial.fires for trial in (alert.firing, *alert.also_firing)), alert.name
        assert alert.quiet.series, alert.name
        assert not any(trial.fires for trial in (alert.quiet, *alert.also_quiet)), alert.name


@pytest.mark.parametrize(
    ("name", "objective", "pages"),
    [
        ("uptime", "99.9", True),
        ("error-rate", "99.9", True),
        ("latency-p99", "99", True),
        ("latency-p95", "95", False),
        ("database", "99", False),
        ("redis", "99", False),
        ("payments", "99.8", True),
        ("page-loads", "95", False),
    ],
)
def test_what_is_promised(name, objective, pages):
    (slo,) = (slo for slo in objectives(SLOS) if slo.name == name)
    assert (1 - slo.budget) * 100 == Decimal(objective)
    assert slo.pages is pages


@pytest.mark.parametrize(
    ("name", "threshold_s"),
    [("latency-p95", 0.2), ("latency-p99", 0.5), ("database", 0.1), ("redis", 0.01), ("page-loads", 3)],
)
def test_what_is_too_slow(name, threshold_s):
    (slo,) = (slo for slo in objectives(SLOS) if slo.name == name)
    assert slo.latency is not None
    assert slo.latency.threshold_s == threshold_s


def test_money_and_pages_concern_those_who_answer_for_the_product():
    business = {slo.name for slo in objectives(SLOS) if slo.audience is Audience.BUSINESS}
    assert business == {"payments", "page-loads"}


def test_the_declared_buckets_are_those_that_the_api_counts_in():
    exposed = {
        "http_request_duration_seconds": metrics.BUCKETS,
        "database_query_duration_seconds": metrics.DATABASE_BUCKETS,
        "cache_command_duration_seconds": metrics.CACHE_BUCKETS,
        "page_load_duration_seconds": metrics.PAGE_BUCKETS,
    }
    for slo in objectives(SLOS):
        if slo.latency:
            metric = slo.latency.histogram.partition("{")[0]
            assert slo.latency.buckets == list(exposed[metric])


def test_every_metric_and_label_of_the_api_that_a_rule_names_is_exposed():
    page = metrics.Metrics("east", "blue")
    page.answered("GET", "/api/pins", 200, 0.1)
    exposed: dict[str, frozenset[str]] = {}
    for family in page.registry.collect():
        for sample in family.samples:
            exposed[sample.name] = exposed.get(sample.name, TARGET) | sample.labels.keys()
    for slo in objectives(SLOS):
        rules = [rule for group in groups(slo) for rule in group.rules]
        own = set(slo.group_by)
        made = {rule.record: own | rule.labels.keys() for rule in rules if isinstance(rule, Recording)}
        if slo.probes is None:
            assert [fault for rule in rules for fault in unknown(rule.expr, exposed | made)] == []


def test_every_metric_and_label_that_any_rule_names_is_recorded():
    declared = [group for in_file in monitoring().rules.values() for group in in_file]
    known = with_unrecorded(with_recordings(recorded(), declared))
    rules = [rule for group in declared for rule in group.rules]
    assert [fault for rule in rules for fault in unknown(rule.expr, known)] == []


def test_a_runbook_names_no_command_that_reaches_twins_alone():
    reach = {name for home in HOMES if home.extra != "twin" for name in home.commands}
    named = {
        command
        for path, text in files(monitoring()).items()
        if path.startswith("docs/runbooks/")
        for command in re.findall(r"`bicoastal ([a-z-]+)", text)
    }
    assert named <= reach


def test_all_that_is_made_of_the_declarations_is_made_in_a_second():
    seconds = []
    for _ in range(3):
        began = time.process_time()
        files(monitoring())
        seconds.append(time.process_time() - began)
    assert min(seconds) < 1, seconds


def test_every_metric_of_the_api_that_an_objective_names_is_exposed_from_the_first_moment():
    from prometheus_client import generate_latest

    page = generate_latest(metrics.Metrics("east", "blue").registry).decode()
    for slo in objectives(SLOS):
        name = slo.presence.metric
        if not name.startswith(("probe_", "http_")):
            assert f"\n{name}{{" in page, name


@pytest.mark.parametrize(
    ("logs", "expected"),
    [
        ({}, {"LokiDown", "AlloyDown", "ContainerMemoryNearLimit"}),
        ({"containers": False}, {"LokiDown", "AlloyDown"}),
        ({"collector": "promtail"}, {"LokiDown"}),
        (None, set()),
    ],
)
def test_an_environment_has_the_rules_on_what_it_has_and_no_others(logs, expected):
    config = changed(planned("production"), "images.promtail", "registry.example.com/promtail:0123456789ab")
    config = changed(config, "settings.monitoring.logs", {} if logs is None else logs)
    if logs is None:
        key = "smellpin:settings"
        config[key] = config[key].replace('"logs": {}', '"logs": null')
        assert '"logs": null' in config[key]
    causes = read(config).args["monitoring"]["rules"]["causes.yaml"]
    optional = ("LokiDown", "AlloyDown", "ContainerMemoryNearLimit")
    assert {name for name in optional if f"alert: {name}" in causes} == expected
    assert "alert: HostDown" in causes


def test_logs_are_kept_in_a_bucket_of_each_region_with_a_key_that_is_no_part_of_the_settings():
    storage = read(planned("production")).stack.monitoring.logs.storage
    assert {place: kept.region for place, kept in storage.items()} == {
        "east": "us-east-1",
        "west": "us-west-2",
    }
    assert all(kept.bucket.startswith("smellpin-production-logs-") for kept in storage.values())
    assert all(kept.secret_access_key is not None for kept in storage.values())


OWN_BUCKETS = {
    "east": {"bucket": "others-logs", "region": "us-east-1"},
    "west": {"bucket": "others-logs-too", "region": "us-west-2"},
}


def test_the_key_to_buckets_that_the_file_names_is_a_secret_beside_it():
    config = changed(planned("production"), "settings.monitoring.logs", {"storage": OWN_BUCKETS})
    storage = read(config).stack.monitoring.logs.storage
    assert storage["east"].bucket == "others-logs"
    assert storage["east"].access_key_id is not None


def test_a_key_to_buckets_that_stands_in_the_file_is_refused_and_not_shown():
    buckets = {"east": {**OWN_BUCKETS["east"], "access_key_id": "AKIA", "secret_access_key": "in-the-open"}}
    config = changed(planned("production"), "settings.monitoring.logs", {"storage": buckets})
    with pytest.raises(pulumi.InputPropertiesError, match="a secret that anybody can read") as refused:
        read(config)
    assert "settings.monitoring.logs.storage.east.secret_access_key" in str(refused.value)
    assert "in-the-open" not in str(refused.value)


def test_the_replication_of_every_bucket_that_is_in_both_regions_is_watched_both_ways():
    watched = read(planned("production")).stack.monitoring.replications
    ways = [(way.source.bucket, way.destination.bucket) for way in watched.ways]
    uses = {"uploads": 0, "backups": 0}
    for source, destination in ways:
        use = source.split("-")[2]
        uses[use] += 1
        assert {source[-9:], destination[-9:]} == {"us-east-1", "us-west-2"}
        assert destination.startswith(f"smellpin-production-{use}-")
    assert uses == {"uploads": 2, "backups": 2}
    assert watched.secret_access_key is not None


def rules_on_buckets(config):
    return "alert: BucketReplicationLate" in read(config).args["monitoring"]["rules"]["causes.yaml"]


def test_the_file_may_say_that_it_is_not_watched_and_then_needs_no_key():
    config = planned("production")
    assert rules_on_buckets(config)
    settings = json.loads(config["smellpin:settings"])
    settings["monitoring"]["replications"] = None
    config = {**config, "smellpin:settings": json.dumps(settings)}
    with pytest.raises(pulumi.InputPropertiesError, match=r"monitoring\.replications: missing, and"):
        read(config)
    del config["smellpin:cloudwatch_access_key_id"], config["smellpin:cloudwatch_secret_access_key"]
    assert read(config).stack.monitoring.replications is None
    assert not rules_on_buckets(config)


OTHERS = {
    "source": {"bucket": "others-us-east-1", "region": "us-east-1"},
    "destination": {"bucket": "others-us-west-2", "region": "us-west-2"},
}


def test_the_file_may_name_other_buckets_and_the_key_is_a_secret_beside_it():
    config = changed(planned("production"), "settings.monitoring.replications", {"ways": [OTHERS]})
    watched = read(config).stack.monitoring.replications
    assert [way.source.bucket for way in watched.ways] == ["others-us-east-1"]
    assert watched.access_key_id is not None


def test_what_is_chosen_of_them_leaves_the_buckets_that_are_made():
    config = changed(
        planned("production"), "settings.monitoring.replications", {"limits": {"memory_mb": 512}}
    )
    watched = read(config).stack.monitoring.replications
    assert (watched.limits.memory_mb, len(watched.ways)) == (512, 4)


def test_a_key_to_cloudwatch_that_stands_in_the_file_is_refused_and_not_shown():
    own = {"ways": [OTHERS], "access_key_id": "AKIA", "secret_access_key": "in-the-open"}
    config = changed(planned("production"), "settings.monitoring.replications", own)
    with pytest.raises(pulumi.InputPropertiesError, match="a secret that anybody can read") as refused:
        read(config)
    assert "settings.monitoring.replications.secret_access_key" in str(refused.value)
    assert "in-the-open" not in str(refused.value)


def test_a_key_to_cloudwatch_is_needed_where_buckets_are_made():
    config = planned("production")
    del config["smellpin:cloudwatch_secret_access_key"]
    with pytest.raises(pulumi.InputPropertiesError, match="cloudwatch_secret_access_key: missing"):
        read(config)


def test_what_is_chosen_of_logs_leaves_the_profile_the_rest():
    config = changed(planned("staging"), "settings.monitoring.logs", {"ingestion": {"streams": 100}})
    logs = read(config).stack.monitoring.logs
    assert (logs.ingestion.streams, logs.retention_days) == (100, 7)
    assert set(logs.storage) == {"east", "west"}


@pytest.mark.parametrize(
    ("path", "value", "given"),
    [
        (
            "settings.monitoring.retention_days",
            5,
            "shorter than the window of .* given: 5",
        ),
        (
            "settings.monitoring.logs",
            {"storage": {"east": OWN_BUCKETS["east"]}},
            "no bucket; given: west",
        ),
    ],
)
def test_what_would_be_lost_without_a_word_is_refused(path, value, given):
    with pytest.raises(pulumi.InputPropertiesError, match=given):
        read(changed(planned("production"), path, value))


def test_half_a_key_to_buckets_is_refused_in_the_words_of_all_that_is_missing():
    config = changed(planned("production"), "settings.monitoring.logs", {"storage": OWN_BUCKETS})
    del config["smellpin:logs_access_key_id"]
    with pytest.raises(pulumi.InputPropertiesError, match="logs_access_key_id: missing"):
        read(config)


@pytest.mark.parametrize("logs", [[], "yes", 7])
def test_logs_that_are_no_group_are_one_error(logs):
    with pytest.raises(pulumi.InputPropertiesError, match=r"monitoring\.logs: not a dict"):
        read(changed(planned("production"), "settings.monitoring.logs", logs))
