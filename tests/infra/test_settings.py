"""SmellPin's settings: every key is known, every value is checked, all before anything is registered."""

import json

import pulumi
import pytest

from bicoastal.checks.placeholders import placeholders
from bicoastal.plan import record
from infra.composition import compose
from tests.infra.environments import CLOUD, changed, planned, read, tracked

WRONG = {
    "a key that nobody reads": ("sizes", "large", "smellpin:sizes", "unknown key"),
    "a key of a group that nobody reads": ("edge.zone", "z", "edge.zone", "unknown key"),
    "a setting that nobody reads": ("settings.postgres", {}, "postgres", "unknown key"),
    "a secret that is misspelt": ("superuser_pasword", "x", "smellpin:superuser_pasword", "unknown key"),
    "an unknown profile": ("profile", "huge", "profile", "not one of the set"),
    "an account that is none": ("cloud.account_id", "123", "cloud.account_id", "not well formed"),
    "an account as a number": ("cloud.account_id", 123456789012, "cloud.account_id", "wrong type"),
    "a topic that is none": (
        "cloud.alarm_topics",
        {"us-east-1": ["alarms"]},
        "cloud.alarm_topics.us-east-1[0]",
        "not well formed",
    ),
    "a zone that is none": ("cloud.zones", {"east": ["1a"]}, "cloud.zones.east[0]", "not well formed"),
    "zones of no place": ("cloud.zones", {"north": ["us-east-1a"]}, "cloud.zones.north", "no such place"),
    "a zone's id that is none": ("edge.zone_id", "smellpin", "edge.zone_id", "not well formed"),
    "an account at the edge that is none": ("edge.account_id", "me", "edge.account_id", "not well formed"),
    "a domain with a dot at its end": ("edge.domain", "a.example.", "edge.domain", "not well formed"),
    "a name that is no label": ("edge.api", "api.v1", "edge.api", "not well formed"),
    "an address for mail that is none": ("edge.emails", ["ops"], "edge.emails[0]", "not well formed"),
    "a record of no type": ("edge.records.spf.type", "SPF", "edge.records.spf.type", "not well formed"),
    "a record without a content": (
        "edge.records.spf.content",
        None,
        "edge.records.spf.content",
        "missing",
    ),
    "costs told to nobody": ("costs.emails", None, "costs.emails", "missing"),
    "a year that cost nothing": ("costs.last_year_amount", 0, "costs.last_year_amount", "out of range"),
    "a registry that is a URL": (
        "registry.address",
        "https://ghcr.io",
        "registry.address",
        "not well formed",
    ),
    "a cloud without a profile": ("profile", None, "profile", "missing, and there is a group 'cloud'"),
    "an image without a pin": ("images.api", "registry/api", "images.api", "not well formed"),
    "a region twice": ("topology.regions.1.region", "us-east-1", "topology.regions", "same cloud region"),
    "no place in a subnet": ("topology.regions.0.subnet", "10.11.0.0/30", "regions[0].subnet", "network"),
    "a mode that is none": ("settings.database.mode", "fast", "database.mode", "not one of the set"),
    "a key that no worker has": ("workers", {"size": 3}, "size", "unknown key"),
    "the fewest workers over the most": ("workers", {"min": 7}, "min", "more than max"),
    "workers that never begin": ("workers.min", 0, "min", "a group without a member never grows"),
    "more workers than a balancer has places for": (
        "workers.max",
        11,
        "workers.max",
        "more or fewer workers than a balancer can have tasks",
    ),
    "tasks that are counted though they run on workers": (
        "settings.api",
        {"replicas": 4},
        "api.replicas",
        "given together with workers",
    ),
    "a setting that has a group of its own": (
        "settings.topology",
        {"regions": []},
        "settings.topology",
        "the group 'topology' says it already",
    ),
    "the most workers said twice": (
        "settings.api",
        {"workers": 4},
        "settings.api.workers",
        "workers.max says it already",
    ),
    "workers in another network": ("workers", {"subnet_ids": ["s"]}, "workers.subnet_ids", "says it already"),
    "a group that is a word": ("settings", "large", "settings", "not a dictionary"),
    "a group of settings that is a word": ("settings.ingress", "on", "settings.ingress", "not a dictionary"),
    "regions that are no list": ("topology.regions", 2, "topology.regions", "not a list"),
    "a place's name that is none": ("topology.regions.0.name", ["east"], "regions[0].name", "wrong type"),
    "certificates that are a list": ("certificates", [], "smellpin:certificates", "not a dictionary"),
    "no certificates": ("certificates", None, "smellpin:certificates", "missing"),
    "a key without its certificate": (
        "certificates.east-nginx",
        None,
        "smellpin:key_east-nginx",
        "the key of no certificate",
    ),
    "a certificate that is none": ("certificates.east-nginx", "x", "certificates.east-nginx", "not PEM"),
    "a password that is too short": ("rest_password", "hush", "smellpin:rest_password", "too short"),
    "a secret that is not there": ("rest_password", None, "smellpin:rest_password", "missing"),
    "a key that is none": ("key_east-nginx", "x", "smellpin:key_east-nginx", "not PEM text"),
    "an edge without its certificate": ("origin_key", None, "smellpin:origin_key", "missing"),
    "an edge's certificate that is none": (
        "origin_pull_key",
        "x",
        "smellpin:origin_pull_key",
        "not PEM text",
    ),
    "a registry without its password": ("registry_password", "", "smellpin:registry_password", "empty"),
    "nobody's registry": ("registry.username", "", "registry.username", "empty"),
    "an account in other digits": ("cloud.account_id", "\u0661" * 12, "cloud.account_id", "not well formed"),
    "a topic of another region": (
        "cloud.alarm_topics",
        {"us-east-1": ["arn:aws:sns:us-west-2:123456789012:alarms"]},
        "cloud.alarm_topics.us-east-1",
        "an alarm cannot reach a topic of another region",
    ),
    "a zone of another region": (
        "cloud.zones",
        {"east": ["us-west-2a", "us-west-2b", "us-west-2c"]},
        "cloud.zones.east",
        "not in us-east-1",
    ),
    "a network larger than AWS has": (
        "topology.regions.0.subnet",
        "172.20.0.0/14",
        "topology.regions[0].subnet",
        "larger than a VPC may be",
    ),
    "two hosts where a Swarm needs an odd number": (
        "topology.regions.0",
        {"name": "east", "region": "us-east-1", "subnet": "10.11.0.0/16", "hosts": 2, "zones": 2},
        "topology.regions[0].hosts",
        "not a number of managers",
    ),
    "no host that the edge reaches": (
        "topology.regions.0.public_hosts",
        0,
        "topology.regions[0].public_hosts",
        "none, and there is a group 'edge'",
    ),
    "a record's content of another type": (
        "edge.records.spf",
        {"type": "A", "name": "mail", "content": "mail.example"},
        "edge.records.spf.content",
        "no address for a record of type A",
    ),
    "a record's name with two dots": (
        "edge.records.spf.name",
        "a..b",
        "edge.records.spf.name",
        "well formed",
    ),
    "probes more often than the plan has": (
        "settings.monitor",
        {"interval_s": 10},
        "settings.monitor.interval_s",
        "more often than the plan",
    ),
    "more people than AWS tells": (
        "costs.emails",
        [f"costs-{number}@example.com" for number in range(11)],
        "costs.emails",
        "more than AWS tells",
    ),
    "nobody to tell": ("costs.emails", [], "costs.emails", "nobody would be told"),
    "a month that costs more than the year": (
        "costs.last_year_amount",
        1,
        "costs.last_year_amount",
        "a single month may cost more than the whole year",
    ),
    "a budget over its limit": ("settings.failover_limit_s", 60, "failover_limit_s", "over the limit"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_setting_is_one_clear_error(what):
    path, value, named, wrong = WRONG[what]
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        read(changed(planned("production"), path, value))
    problems = refused.value.errors or []
    assert len(problems) == 1, str(refused.value)
    assert named in problems[0]["property_path"]
    assert wrong in problems[0]["reason"]
    assert "fix: " in problems[0]["reason"]


def test_an_unknown_key_is_told_which_ones_there_are():
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        read(changed(planned("production"), "clowd", {}))
    for key in ("cloud", "settings", "rotation_key", "superuser_password", "key_east-etcd-1", "origin_key"):
        assert key in str(refused.value)
    assert "did you mean 'cloud'?" in str(refused.value)


@pytest.mark.parametrize("group", ["edge", "costs", "registry", "workers"])
def test_what_needs_a_cloud_is_refused_without_one(group):
    config = changed(planned("production"), "workers", {"max": 4})
    for other in {"edge", "costs", "registry", "workers", "cloud"} - {group}:
        config = changed(config, other, None)
    with pytest.raises(pulumi.InputPropertiesError, match=f"cloud: missing, and there is a group '{group}'"):
        read(config)


@pytest.mark.parametrize("environment", CLOUD)
def test_nothing_is_made_while_a_placeholder_is_left_and_all_are_told_at_once(environment):
    config = tracked(environment)
    left = {
        path
        for key, text in config.items()
        for path, _ in placeholders(json.loads(text) if text[0] in "{[" else text, key)
    }
    assert len(left) > 50
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        record(compose, project="smellpin", stack=environment, config=config)
    assert {problem["property_path"] for problem in refused.value.errors or []} == left
    assert "pulumi config set --secret 'smellpin:superuser_password'" in str(refused.value)
    assert "pulumi config set --type string --path 'smellpin:edge.zone_id'" in str(refused.value)


def test_what_the_file_chooses_wins_over_the_profile_group_by_group():
    chosen = changed(planned("production"), "settings.monitor", {"consecutive_down": 2})
    monitor = read(chosen).stack.monitor
    assert (monitor.consecutive_down, monitor.interval_s) == (2, 15)


def test_a_place_has_the_profiles_counts_unless_its_file_says_otherwise():
    east, west = read(changed(planned("production"), "topology.regions.1.zones", 2)).stack.topology.regions
    assert (east.hosts, east.voters, east.zones) == (3, 2, 3)
    assert (west.hosts, west.voters, west.zones) == (3, 2, 2)


def test_the_file_changes_how_many_workers_there_are_and_so_how_many_tasks_there_may_be():
    environment = read(changed(planned("production"), "workers", {"max": 8}))
    assert (environment.workers.min, environment.workers.max) == (2, 8)
    assert (environment.stack.api.workers, environment.stack.api.replicas) == (8, None)


def test_the_file_turns_workers_off_and_tasks_are_counted_again():
    config = changed(planned("production"), "workers", {"min": 0, "max": 0})
    api = read(config).stack.api
    assert (api.workers, api.replicas) == (None, 4)
    chosen = read(changed(config, "settings.api", {"replicas": 6})).stack.api
    assert (chosen.workers, chosen.replicas) == (None, 6)


def test_an_environment_without_an_edge_speaks_plain_http_in_its_own_network():
    environment = read(changed(planned("production"), "edge", None))
    assert environment.stack.ingress.tls is None
    assert environment.stack.ingress.trusted_proxies == []
