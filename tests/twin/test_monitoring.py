"""The watchers of a real twin: their programs take their configurations, and they see everything."""

import json
import time
from urllib.parse import quote

import pytest

from bicoastal.monitoring.serving.identity import CA, CERTIFICATE, KEY
from tests.twin.test_two_regions import in_container

pytestmark = [pytest.mark.twin, pytest.mark.timeout(600)]

PROOF = ("--cacert", CA, "--cert", CERTIFICATE, "--key", KEY)
MOST_MEMORY = 200 * 1024 * 1024
MOST_OF_A_CORE, SPENT_OVER_S = 0.05, 60
REGIONS = ("east", "west")


def asked(twin, region, path):
    url = f"https://localhost:9090{path}"
    code, said = in_container(twin, region, "prometheus-1", "curl", "-sfg", *PROOF, url)
    assert code == 0, said
    return json.loads(said)["data"]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize(
    ("service", "command"),
    [
        ("prometheus-1", ("promtool", "check", "config", "/etc/prometheus/prometheus.yaml")),
        ("prometheus-1", ("promtool", "check", "web-config", "/etc/watcher/web.yaml")),
        ("alertmanager-1", ("amtool", "check-config", "/etc/alertmanager/alertmanager.yaml")),
        (
            "blackbox-1",
            (
                *("prometheus-blackbox-exporter", "--config.check"),
                "--config.file=/etc/blackbox/blackbox.yaml",
            ),
        ),
    ],
)
def test_the_programs_take_their_configurations(twin, region, service, command):
    code, said = in_container(twin, region, service, *command)
    assert code == 0, said


@pytest.mark.parametrize("region", REGIONS)
def test_everything_that_is_watched_answers(twin, region):
    deadline = time.monotonic() + 120
    while True:
        targets = asked(twin, region, "/api/v1/targets?state=active")["activeTargets"]
        silent = [f"{t['labels']}: {t['lastError']}" for t in targets if t["health"] != "up"]
        failed = [
            found["metric"]
            for query in ("probe_success == 0", "pg_up == 0", "redis_up == 0")
            for found in asked(twin, region, f"/api/v1/query?query={query.replace(' ', '%20')}")["result"]
        ]
        if not silent and not failed:
            break
        assert time.monotonic() < deadline, (silent, failed)
        time.sleep(3)
    assert {target["labels"]["job"] for target in targets} >= {"node", "postgres", "redis", "api", "probe"}


def test_the_alertmanagers_of_both_regions_are_one_cluster(twin):
    (found,) = asked(twin, "east", "/api/v1/query?query=alertmanager_cluster_members")["result"]
    assert found["value"][1] == "2"


@pytest.mark.parametrize(
    ("service", "port"),
    [
        ("prometheus-1", 9090),
        ("alertmanager-1", 9093),
        ("node-exporter-1", 9100),
        ("blackbox-1", 9115),
        ("redis-exporter-1", 9121),
        ("postgres-exporter-1", 9187),
    ],
)
def test_who_shows_no_certificate_is_sent_away(twin, service, port):
    url = f"https://localhost:{port}/metrics"
    code, said = in_container(twin, "east", service, "curl", "-sf", "--cacert", CA, url)
    assert code != 0, said


def test_a_members_certificate_is_none_of_a_watchers(twin):
    address = twin.layout.place("east").address
    proof = ("--cacert", "/etc/etcd/ca.pem", "--cert", "/etc/etcd/member.pem", "--key")
    for port in (9090, 8404):
        code, said = in_container(
            twin,
            "east",
            "etcd-1",
            *("curl", "-sf", *proof, "/run/secrets/member-key", f"https://{address}:{port}/metrics"),
        )
        assert code != 0, said[:200]


def test_prometheus_takes_little_of_a_core(twin):
    time.sleep(SPENT_OVER_S)
    query = f"rate(process_cpu_seconds_total{{job='prometheus'}}[{SPENT_OVER_S}s])"
    (found,) = asked(twin, "east", f"/api/v1/query?query={quote(query)}")["result"]
    assert float(found["value"][1]) < MOST_OF_A_CORE


def test_prometheus_is_frugal(twin):
    with twin.engines(["east"]) as engines:
        found = next(c for c in engines["east"].containers.list() if "_prometheus-1." in c.name)
        memory = found.stats(stream=False)["memory_stats"]
    cached = memory["stats"].get("total_inactive_file", memory["stats"].get("inactive_file", 0))
    assert memory["usage"] - cached < MOST_MEMORY
