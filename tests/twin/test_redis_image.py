"""The image of Redis alone: its entries make configurations that Redis and Sentinel accept."""

import time
from collections.abc import Iterator

import docker
import pytest
from docker.models.containers import Container

from bicoastal.cache import RedisCluster, RedisNode
from bicoastal.cache.configuration import redis_configuration, sentinel_configuration
from bicoastal.operations.listening import ask
from bicoastal.twin.certificates import new_authority, new_member
from bicoastal.twin.images import build
from tests.twin.conftest import PROJECT

pytestmark = [pytest.mark.twin, pytest.mark.timeout(300)]

AWKWARD = "pass\"word\\with'every#@thing:$HOME"
NODE = RedisNode("here-redis", "here", "127.0.0.1", 10)
AWAY = RedisNode("away-redis", "away", "127.0.0.2", 10)


@pytest.fixture(scope="module")
def container(client: docker.DockerClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """A data node that is the first master, beside which a Sentinel can be started."""
    secrets, files = tmp_path_factory.mktemp("secrets"), tmp_path_factory.mktemp("files")
    authority = new_authority()
    member = new_member(authority, NODE.name, ["127.0.0.1", "localhost"])
    (secrets / "member-key").write_text(member.key_pem)
    for user in ("application", "replication", "sentinel", "check", "admin"):
        (secrets / f"{user}-password").write_text(f"{user}-{AWKWARD}")
    (files / "ca.pem").write_text(authority.cert_pem)
    (files / "member.pem").write_text(member.cert_pem)
    cluster = RedisCluster()
    (files / "redis.conf.template").write_text(redis_configuration(cluster, NODE))
    (files / "sentinel.conf.template").write_text(sentinel_configuration(cluster, NODE, [NODE, AWAY]))
    for folder in (secrets, files):
        folder.chmod(0o755)
        for path in folder.iterdir():
            path.chmod(0o644)
    image = build(client, [PROJECT / "images" / "redis"], lambda *_: None)["redis"]
    running = client.containers.run(
        image,
        detach=True,
        read_only=True,
        cap_drop=["ALL"],
        environment={
            "OWN_ADDRESS": NODE.address,
            "OWN_PORT": str(NODE.port),
            "NODE_PORT": str(NODE.port),
            "NODES": f"{NODE.address} {AWAY.address}",
            "FIRST_MASTER": NODE.address,
            "PEER_SENTINELS": f"{AWAY.address}:{AWAY.sentinel_port}",
        },
        tmpfs=dict.fromkeys(("/var/lib/redis", "/var/lib/sentinel", "/tmp"), "uid=10005,gid=10005,mode=0700"),
        volumes={
            str(secrets): {"bind": "/run/secrets", "mode": "ro"},
            str(files): {"bind": "/etc/redis", "mode": "ro"},
        },
    )
    try:
        yield running
    finally:
        running.remove(force=True)


def told(container: Container, *command: str) -> str:
    """What a command in the container prints."""
    answer = ask(container, command)
    return (answer.said + answer.beside).strip()


def until_answered(container: Container, answer: str, *command: str) -> None:
    deadline = time.monotonic() + 60
    while told(container, *command) != answer:
        assert time.monotonic() < deadline, container.logs().decode()
        time.sleep(0.2)


def test_the_first_member_of_all_is_the_master_and_knows_its_users(container: Container) -> None:
    until_answered(container, "PONG", "redis-as", "check", "PING")
    assert told(container, "redis-as", "admin", "ROLE").splitlines()[0] == "master"
    assert "no permissions" in told(container, "redis-as", "application", "FLUSHALL")
    assert "Authentication required" in told(
        container, "redis-cli", "--tls", "--cacert", "/etc/redis/ca.pem", "-p", "6380", "PING"
    )


def test_a_master_without_a_replica_refuses_writes(container: Container) -> None:
    until_answered(container, "PONG", "redis-as", "check", "PING")
    assert told(container, "redis-as", "application", "SET", "a", "1").startswith("NOREPLICAS")


def test_secrets_come_into_the_configuration_whole(container: Container) -> None:
    until_answered(container, "PONG", "redis-as", "check", "PING")
    expected = f"replication-{AWKWARD}"
    assert told(container, "redis-as", "admin", "CONFIG", "GET", "masterauth").splitlines()[1] == expected
    assert AWKWARD not in told(container, "cat", "/proc/1/cmdline")
    assert AWKWARD not in container.logs().decode()


def test_a_sentinel_beside_the_first_master_watches_it(container: Container) -> None:
    until_answered(container, "PONG", "redis-as", "check", "PING")
    container.exec_run(["sentinel-member"], detach=True)
    sentinel = ("redis-as", "admin", "-p", str(NODE.sentinel_port))
    until_answered(container, "PONG", *sentinel, "PING")
    asked = told(container, *sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main")
    assert asked.splitlines() == ["127.0.0.1", "6380"]
    lines = told(container, *sentinel, "SENTINEL", "MASTER", "main").splitlines()
    seen = dict(zip(lines[::2], lines[1::2], strict=False))
    assert (seen["flags"], seen["num-slaves"], seen["num-other-sentinels"]) == ("master", "1", "1")


def test_only_its_user_may_read_a_configuration(container: Container) -> None:
    until_answered(container, "PONG", "redis-as", "check", "PING")
    assert told(container, "stat", "-c", "%a %u", "/var/lib/redis/redis.conf") == "600 10005"
