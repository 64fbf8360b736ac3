"""Redis and Sentinel on a real twin: who may do what, and that there is never more than one master."""

import json
import socket
import threading
import time
from contextlib import closing, suppress

import httpx
import pytest
import redis

from bicoastal.operations.redis import client
from bicoastal.operations.refusal import Refused
from bicoastal.twin.drills.redis_load import application

pytestmark = [pytest.mark.twin, pytest.mark.timeout(600)]

PLACES = ("east", "west", "witness")


@pytest.fixture
def cluster(twin):
    """All nodes, with the master in the east and everything well."""
    with closing(twin.redis()) as cluster:
        until_redundant(cluster)
        if cluster.state().master.place != "east":
            cluster.switch_over("east")
            until_redundant(cluster)
        yield cluster


def until(limit_s, holds):
    deadline = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def until_redundant(cluster):
    until(90, lambda: cluster.state().redundant)


def at(twin, place, user):
    """A client of one node, past the balancer."""
    node = next(node for node in twin.environment.redis_nodes if node.place == place)
    passwords, authority = twin.environment.credentials.passwords, twin.environment.credentials.ca_pem
    return client(node.address, node.port, user, passwords[f"redis_{user}"], authority)


def scale(service, tasks):
    """As many tasks, whatever the service's version is by now."""
    service.reload()
    service.scale(tasks)


def container(engine, service):
    return next(c for c in engine.containers.list() if f"_{service}." in c.name)


class Writer:
    """Writes numbers to the master through a balancer, as fast as it is answered; knows what was
    acknowledged, and where a node was that took a write while another one did."""

    def __init__(self, twin, region):
        self.acknowledged, self._twin, self._region = [], twin, region
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self):
        self._thread.start()
        until(30, lambda: self.acknowledged)
        return self

    def __exit__(self, *_):
        self._stopping.set()
        self._thread.join()

    def _write(self):
        with application(self._twin, self._region) as to:
            number = 0
            while not self._stopping.is_set():
                number += 1
                with suppress(redis.RedisError):
                    to.set(f"writer:{number}", number, ex=600)
                    self.acknowledged.append(number)

    def lost(self):
        """Read through the balancer, which cuts a session when the master has moved: then read anew."""
        found = []
        until(60, lambda: self._read_missing(found))
        return found[0]

    def _read_missing(self, found):
        with application(self._twin, self._region) as to, suppress(redis.RedisError):
            found.append([n for n in self.acknowledged if not to.exists(f"writer:{n}")])
        return bool(found)


def test_every_sentinel_sees_the_master_and_all_peers(cluster, twin):
    assert [node.sentinel_names for node in cluster.state().nodes] == ["east"] * 3
    with twin.engines() as engines:
        for engine in engines.values():
            sentinel = container(engine, "sentinel-1")
            told = sentinel.exec_run(["redis-as", "admin", "SENTINEL", "MASTER", "main"]).output.decode()
            lines = told.split()
            seen = dict(zip(lines[::2], lines[1::2], strict=False))
            assert (seen["num-slaves"], seen["num-other-sentinels"]) == ("2", "2")
            assert sentinel.exec_run(["redis-as", "admin", "SENTINEL", "CKQUORUM", "main"]).exit_code == 0


@pytest.mark.parametrize("port", [6380, 26379])
def test_there_is_no_plain_text(cluster, twin, port):
    with socket.create_connection((twin.layout.place("east").address, port), timeout=5) as plain:
        plain.settimeout(5)
        plain.sendall(b"PING\r\n")
        with suppress(ConnectionResetError):
            assert b"PONG" not in plain.recv(100)


def test_nobody_comes_without_a_name_and_everyone_does_only_what_he_must(cluster, twin):
    for place in PLACES:
        with at(twin, place, "check") as check:
            assert check.ping()
            with pytest.raises(redis.exceptions.NoPermissionError):
                check.get("key")
    with at(twin, "east", "application") as app:
        assert app.set("key", "value", ex=60)
        for command in ("FLUSHALL", "KEYS *", "CONFIG GET requirepass", "REPLICAOF NO ONE", "SHUTDOWN"):
            with pytest.raises(redis.exceptions.NoPermissionError):
                app.execute_command(*command.split())
    address, authority = twin.layout.place("east").address, twin.environment.credentials.ca_pem
    with client(address, 6380, "default", "", authority) as nobody, pytest.raises(redis.RedisError):
        nobody.ping()
    anonymous = redis.Redis(host=address, port=6380, ssl=True, ssl_ca_data=authority)
    with anonymous, pytest.raises(redis.exceptions.AuthenticationError, match="Authentication required"):
        anonymous.ping()


def test_configurations_on_the_volumes_are_private_and_arguments_hold_no_password(cluster, twin):
    passwords = [
        value for name, value in twin.environment.credentials.passwords.items() if name.startswith("redis_")
    ]
    with twin.engines() as engines:
        for engine in engines.values():
            for service, file in (("redis-1", "redis/redis.conf"), ("sentinel-1", "sentinel/sentinel.conf")):
                mode = container(engine, service).exec_run(["stat", "-c", "%a", f"/var/lib/{file}"])
                assert mode.output.decode().strip() == "600"
                processes = str(container(engine, service).top(ps_args="-eo pid,args"))
                assert not any(password in processes for password in passwords)


def test_a_planned_failover_under_load_loses_nothing(cluster, twin):
    with Writer(twin, "west") as writer:
        for place in ("west", "east", "witness", "east"):
            goal = len(writer.acknowledged) + 500
            until(60, lambda goal=goal: len(writer.acknowledged) >= goal)
            assert cluster.switch_over(place) < 5
            until_redundant(cluster)
            assert cluster.state().master.place == place
    assert len(writer.acknowledged) > 2000
    assert writer.lost() == []


def test_a_switchover_that_cannot_be_is_refused_and_changes_nothing(cluster):
    with pytest.raises(Refused, match="is there already"):
        cluster.switch_over("east")
    with pytest.raises(Refused, match="allowed: east, west, witness"):
        cluster.switch_over("north")
    assert cluster.state().master.place == "east"


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_master_that_is_restarted_loses_nothing_and_makes_no_second_one(cluster, twin, how):
    with Writer(twin, "west") as writer, twin.engines(["east"]) as engines:
        old = container(engines["east"], "redis-1")
        old.stop() if how == "stop" else old.kill()
        masters = set()
        deadline = time.monotonic() + 25
        while time.monotonic() < deadline:
            takes_writes = [n.place for n in cluster.state().nodes if n.role == "master" and n.well]
            masters.add(len(takes_writes))
        until_redundant(cluster)
        goal = len(writer.acknowledged) + 100
        until(30, lambda: len(writer.acknowledged) >= goal)
    assert max(masters) == 1
    assert writer.lost() == []


def test_a_former_master_that_was_away_follows_whoever_is_master_now(cluster, twin):
    with twin.engines(["east"]) as engines:
        service = next(s for s in engines["east"].services.list() if s.name.endswith("_redis-1"))
        scale(service, 0)
        until(60, lambda: (m := cluster.state().master) is not None and m.place != "east")
        with Writer(twin, "west") as writer:
            scale(service, 1)
            until_redundant(cluster)
        assert writer.lost() == []
        log = container(engines["east"], "redis-1").logs().decode()
    assert "MASTER MODE enabled" not in log
    assert cluster.state().master.place != "east"


def test_a_master_whose_data_is_gone_does_not_empty_the_others(cluster, twin):
    with Writer(twin, "west") as writer:
        until(60, lambda: len(writer.acknowledged) >= 200)
    with twin.engines(["east"]) as engines:
        old = container(engines["east"], "redis-1")
        # As when a disk is lost: the master is back, empty, before anybody takes it for dead.
        old.exec_run(["sh", "-c", "rm -r /var/lib/redis/*"])
        old.kill()
        until(60, lambda: (m := cluster.state().master) is not None and m.place != "east")
        until_redundant(cluster)
    assert writer.lost() == []


@pytest.mark.drill
# Docker's SDK gives no way to close the stream of a command that goes on in a container.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("drill", ["redis-loss", "redis-partition"])
def test_the_masters_place_is_lost_and_no_two_masters_take_writes(cluster, twin, bicoastal, drill):
    result = bicoastal("drill", drill, twin.layout.name, "--json")
    (series,) = json.loads(result.stdout)["drills"]
    (run,) = series["runs"]
    assert run["passed"], run
    assert run["acknowledged"] > 50
    measures = {name: measure["value"] for name, measure in run["measures"].items()}
    assert measures["acknowledged writes lost"] == 0
    assert measures["two masters take writes"] == 0
    assert measures["write gap"] <= 10
    if drill == "redis-partition":
        assert run["notes"]["writes refused inside"] > 0
    assert result.exit_code == 0


def test_the_map_is_cached_and_the_api_goes_on_without_redis(cluster, twin, bicoastal):
    def read():
        answer = httpx.get(f"{twin.edge.url}/api/pins?bbox=-75,40,-73,41", timeout=5, trust_env=False)
        return answer.status_code

    with application(twin, "east") as cache:
        until(60, lambda: read() == 200 and cache.exists("pins:-75.0,40.0,-73.0,41.0:100"))
    with twin.engines() as engines:
        nodes = [s for e in engines.values() for s in e.services.list() if s.name.endswith("_redis-1")]
        try:
            for node in nodes:
                scale(node, 0)
            began = time.monotonic()
            answers = [read() for _ in range(50)]
            assert set(answers) == {200}
            assert time.monotonic() - began < 50
        finally:
            for node in nodes:
                scale(node, 1)
    until_redundant(cluster)
    # Docker's SDK writes some of what it read back in other words: the next `up` mends them here, not later.
    assert bicoastal("up", twin.layout.name).exit_code == 0
