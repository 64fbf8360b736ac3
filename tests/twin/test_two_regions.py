"""The two-region stack on a real twin: what a newcomer does, and what must hold while it runs."""

import json
import signal
import ssl
import subprocess
import sys
import time
from contextlib import closing

import httpx
import psycopg
import pytest

from bicoastal.operations.listening import ask
from bicoastal.twin.certificates import new_authority
from bicoastal.twin.drills.table import primary
from bicoastal.twin.health import services
from bicoastal.twin.status import status_of
from tests.twin.conftest import PROJECT, fresh, interruptible

pytestmark = [pytest.mark.twin, pytest.mark.timeout(900)]


def containers(twin):
    """(place, container) for everything that runs in the places."""
    with twin.engines() as engines:
        return [(place, c) for place, engine in engines.items() for c in engine.containers.list()]


def one_container(twin, place, service):
    with twin.engines([place]) as engines:
        return next(c for c in engines[place].containers.list() if f"_{service}." in c.name)


def in_container(twin, place, service, *command):
    """Exit code and output of a command in a running container."""
    with twin.engines([place]) as engines:
        found = next(c for c in engines[place].containers.list() if f"_{service}." in c.name)
        answer = ask(found, command)
    return answer.code, answer.said + answer.beside


def test_every_service_in_every_place_is_healthy(twin):
    with twin.engines() as engines:
        looks = [look for place, engine in engines.items() for look in services(place, engine)]
    assert sorted(f"{look.place}/{look.name}" for look in looks) == sorted(
        [
            *(
                f"{region}/local_{name}"
                for region in ("east", "west")
                for name in (
                    *("api-blue", "api-green", "etcd-1", "haproxy-1", "nginx"),
                    *("postgres-1", "postgres-2", "redis-1", "sentinel-1"),
                    *("prometheus-1", "alertmanager-1", "postgres-exporter-1", "postgres-exporter-2"),
                )
            ),
            *(
                f"{place}/local_{name}"
                for place in ("east", "west", "witness")
                for name in ("node-exporter-1", "redis-exporter-1", "blackbox-1")
            ),
            "witness/local_etcd-1",
            "witness/local_etcd-leader-keeper",
            "witness/local_redis-1",
            "witness/local_sentinel-1",
        ]
    )
    assert all(look.healthy for look in looks)


def test_the_status_tells_addresses_roles_the_primary_and_the_budget(twin, bicoastal):
    result = bicoastal("status", twin.layout.name)
    for word in ("east", "primary", "secondary", "witness", "sync_standby", "failover budget", twin.edge.url):
        assert word in result.output
    told = json.loads(bicoastal("status", twin.layout.name, "--json").stdout)
    assert told["primary"].startswith("east-postgres-")
    assert told["failover_budget"]["total_s"] == 42.5
    assert told["promotion"] == "automatic"


def test_a_pin_stored_through_the_edge_is_on_the_map(twin):
    with httpx.Client(base_url=twin.edge.url, trust_env=False) as edge:
        stored = edge.post("/api/pins", json={"latitude": 40.7, "longitude": -74, "label": "a rose"})
        assert stored.status_code == 201
        assert stored.json()["region"] == stored.headers["x-region"] == "east"
        assert edge.get(f"/api/pins/{stored.json()['id']}").json()["label"] == "a rose"
        on_map = edge.get("/api/pins", params={"bbox": "-75,40,-73,41"}).json()["pins"]
        assert stored.json()["id"] in [pin["id"] for pin in on_map]


def test_only_the_primarys_region_says_that_it_may_have_traffic(twin):
    answers = {}
    for region in ("east", "west"):
        answer = httpx.get(f"http://{twin.layout.place(region).address}:8080/region-health", trust_env=False)
        answers[region] = (answer.status_code, answer.text)
    assert answers == {"east": (200, "primary"), "west": (503, "secondary")}


def test_the_configurations_are_accepted_by_the_programs_that_read_them(twin):
    assert in_container(twin, "east", "haproxy-1", "haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg")[0] == 0
    validate = ("with-passwords", "patroni", "--validate-config", "--ignore-listen-port")
    code, said = in_container(twin, "west", "postgres-1", *validate, "/etc/patroni/patroni.yml")
    assert code == 0, said
    edge = twin.client.containers.get(twin.layout.edge_container)
    assert edge.exec_run(["haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg"]).exit_code == 0


def test_postgres_takes_nobody_without_tls_or_with_another_authority(twin, tmp_path):
    database = twin.environment.database
    common = {
        "host": "postgres",
        "hostaddr": twin.layout.place("east").address,
        "dbname": database.database,
        "user": database.role,
        "password": twin.environment.credentials.passwords["application"],
        "connect_timeout": 5,
    }
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        psycopg.connect(**common, sslmode="disable")
    own, another = tmp_path / "own.pem", tmp_path / "another.pem"
    own.write_text(twin.environment.credentials.ca_pem)
    another.write_text(new_authority().cert_pem)
    psycopg.connect(**common, sslmode="verify-full", sslrootcert=str(own)).close()
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        psycopg.connect(**common, sslmode="verify-full", sslrootcert=str(another))


def test_standbys_stream_over_tls(twin):
    query = "select count(*), bool_and(s.ssl) from pg_stat_replication r join pg_stat_ssl s using (pid)"
    leader = status_of(twin).cluster.leader
    number = int(leader.name[-1])
    code, said = in_container(
        twin,
        leader.place,
        f"postgres-{number}",
        *("psql", "-h", "/run/postgresql", "-p", str(5432 + number), "-U", "postgres", "-Atc", query),
    )
    assert (code, said.strip()) == (0, "3|t")


def test_the_consensus_takes_no_client_without_a_certificate(twin):
    url = f"https://{twin.layout.place('witness').address}:2379/health"
    context = ssl.create_default_context(cadata=twin.environment.credentials.ca_pem)
    with pytest.raises(httpx.HTTPError):
        httpx.get(url, verify=context, trust_env=False)


def test_the_witness_leads_the_consensus(twin):
    deadline = time.monotonic() + 60
    leader = ""
    while time.monotonic() < deadline and "witness-etcd-1" not in leader:
        _, table = in_container(twin, "witness", "etcd-leader-keeper", "etcdctl", "endpoint", "status")
        leader = next((line for line in table.splitlines() if line.split(", ")[4] == "true"), "")
        if twin.layout.place("witness").address in leader:
            return
        time.sleep(2)
    pytest.fail(f"the leader is at {leader}")


def test_no_container_has_more_rights_than_it_needs(twin):
    for place, container in containers(twin):
        host = container.attrs["HostConfig"]
        where = f"{place}/{container.name}"
        assert host["ReadonlyRootfs"], where
        assert host["CapDrop"] == ["ALL"], where
        assert not host["CapAdd"], where
        assert not host["Privileged"], where
        assert container.attrs["Config"]["User"].split(":")[0] not in ("", "0", "root"), where
        assert host["Memory"] > 0, where
        assert host["NanoCpus"] > 0, where
    with twin.engines(["east"]) as engines:
        for container in engines["east"].containers.list():
            status = ask(container, ["grep", "NoNewPrivs", "/proc/1/status"]).said
            assert status.split() == ["NoNewPrivs:", "1"], container.name


def test_no_secret_is_seen_in_what_the_engines_tell_or_log(twin):
    hidden = [*twin.environment.credentials.passwords.values(), twin.environment.credentials.rotation_key]
    hidden += [pair.key_pem.splitlines()[1] for pair in twin.environment.credentials.certificates.values()]
    told = []
    with twin.engines() as engines:
        for engine in engines.values():
            told += [json.dumps(item.attrs) for item in engine.services.list()]
            told += [json.dumps(item.attrs) for item in engine.containers.list()]
            told += [json.dumps(item) for item in (*engine.api.configs(), *engine.api.secrets())]
            told += [item.logs().decode(errors="replace") for item in engine.containers.list()]
    everything = "\n".join(told)
    assert [secret for secret in hidden if secret in everything] == []


def test_up_again_changes_nothing(twin, bicoastal):
    result = bicoastal("up", twin.layout.name)
    assert result.exit_code == 0
    assert "0 changes" in result.output


def test_a_wrong_setting_is_refused_and_nothing_changes(twin, bicoastal):
    before = {place: container.id for place, container in containers(twin)}
    result = bicoastal("up", twin.layout.name, "--set", "monitor.interval_s=0")
    assert result.exit_code == 2
    assert "monitor.interval_s" in result.stderr
    assert "5 to 3600 seconds" in result.stderr
    assert {place: container.id for place, container in containers(twin)} == before
    assert "0 changes" in bicoastal("up", twin.layout.name).output


def test_a_changed_setting_touches_only_its_services(twin, bicoastal):
    result = bicoastal("up", twin.layout.name, "--set", "api.replicas=3")
    assert "0 created, 4 updated, 0 removed" in result.output, result.output
    assert one_container(twin, "east", "api-blue")
    bicoastal("up", twin.layout.name, "--set", "api.replicas=2")


def test_a_region_is_lost_while_users_write_and_nothing_that_was_acknowledged_is(twin, bicoastal):
    result = bicoastal("drill", "region-loss", twin.layout.name, "--json")
    (drill,) = json.loads(result.stdout)["drills"]
    (run,) = drill["runs"]
    assert run["passed"], result.stderr
    assert run["lost"] == 0
    assert run["acknowledged"] > 100
    assert run["measures"]["write gap"]["value"] <= 42.5
    assert run["notes"]["cloned_anew"] == []
    assert set(run["notes"]["regions_after_return"]) == {"west"}
    assert [event["kind"] for event in run["events"]] == ["fault", "promotion", "heal"]
    assert result.exit_code == 0
    assert status_of(twin).cluster.leader.place == "east"


def test_a_mode_that_is_declared_later_takes_effect(twin, bicoastal):
    result = bicoastal("up", twin.layout.name, "--set", "database.mode=async")
    assert result.exit_code == 0, result.output
    changed = fresh(twin)
    deadline = time.monotonic() + 60
    with closing(changed.cluster()) as cluster:
        while time.monotonic() < deadline:
            state = cluster.state()
            if state.streaming(4) and not any(member.role == "sync_standby" for member in state.members):
                break
            time.sleep(1)
    assert state.streaming(4)
    assert not any(member.role == "sync_standby" for member in state.members)
    with primary(changed, "east") as connection:
        assert connection.execute("show synchronous_standby_names").fetchone() == ("",)


def test_an_interrupted_up_is_taken_up_again(twin, bicoastal):
    twin.client.containers.get(twin.layout.place("west").container).remove(force=True)
    command = [sys.executable, "-m", "bicoastal.cli", "up", twin.layout.name]
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
        preexec_fn=interruptible,
    )
    assert process.stderr is not None
    assert any("starts its engine" in line for line in process.stderr)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "goes on from here" in said
    result = bicoastal("up", twin.layout.name)
    assert result.exit_code == 0, result.output
    assert all(place.running for place in status_of(fresh(twin)).places)


def test_down_removes_the_twin_and_nothing_else(twin, bicoastal):
    stranger = twin.client.volumes.create("a-strangers-volume", labels={"io.bicoastal.twin": "another"})
    try:
        result = bicoastal("down", twin.layout.name)
        assert result.exit_code == 0
        label = {"label": f"io.bicoastal.twin={twin.layout.name}"}
        assert twin.client.containers.list(all=True, filters=label) == []
        assert twin.client.networks.list(filters=label) == []
        assert twin.client.volumes.list(filters=label) == []
        assert not twin.layout.folder.exists()
        assert stranger in twin.client.volumes.list()
    finally:
        stranger.remove()
    assert "there is no twin" in bicoastal("status", twin.layout.name).stderr
