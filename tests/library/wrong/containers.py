"""Wrong settings of container services: the arguments that hold one, and what its error must say."""

from typing import Any

from tests.library.samples import container_service
from tests.library.wrong.table import Broken, Wrong


def _service(**own: Any) -> Broken:
    return lambda: ("ContainerService", container_service(**own))


WRONG: Wrong = {
    "negative memory": (_service(limits={"memory_mb": -1}), "limits.memory_mb", "-1", "16 to 1048576 MiB"),
    "memory as text": (_service(limits={"memory_mb": "1g"}), "limits.memory_mb", "'1g'", "a whole number"),
    "true as a number": (_service(replicas=True), "replicas", "True", "a whole number"),
    "a name that Docker refuses": (
        _service(service_name="api/v1"),
        "service_name",
        "'api/v1'",
        "1 to 63 letters",
    ),
    "image without a tag": (_service(image="nginx"), "image", "'nginx'", "a tag or a digest"),
    "host port taken twice": (
        _service(ports=[{"published": 80}, {"published": 80, "target": 8080}]),
        "ports",
        "80",
        "each port once",
    ),
    "port out of range": (
        _service(ports=[{"published": 70000}]),
        "ports[0].published",
        "70000",
        "1 to 65535",
    ),
    "user root": (_service(user="0"), "user", "'0'", "neither of them 0"),
    "every capability": (
        _service(capabilities=["CAP_SYS_ADMIN"]),
        "capabilities[0]",
        "'CAP_SYS_ADMIN'",
        "CAP_",
    ),
    "health check that runs nothing": (_service(health={"command": []}), "health.command", "[]", "a command"),
    "secrets without a key": (_service(rotation_key=None), "rotation_key", "nothing", "16 to 512 characters"),
    "two files with one name": (
        _service(
            files=[{"name": "a", "path": "/a", "content": ""}, {"name": "a", "path": "/b", "content": ""}]
        ),
        "files",
        "'a'",
        "each name once",
    ),
    "relative path": (
        _service(volumes=[{"name": "data", "path": "data"}]),
        "volumes[0].path",
        "'data'",
        "an absolute path",
    ),
    "a list that is none": (_service(ports=80), "ports", "80", "a list"),
    "a service's name too long for its files": (
        _service(service_name="s" * 52),
        "service_name",
        f"'{'s' * 52}-token' (58 characters)",
        "at most 53 characters",
    ),
    "counted tasks that run on every host": (
        _service(replicas=2, every_host={"docker_host": "unix:///run/docker.sock"}),
        "replicas",
        "2",
        "every_host or replicas",
    ),
    "every host without an engine": (
        _service(every_host={}),
        "every_host.docker_host",
        "nothing",
        "a string",
    ),
    "a constraint that Swarm does not know": (
        _service(constraints=["role=worker"]),
        "constraints[0]",
        "'role=worker'",
        "engine.labels.<name>, then == or !=",
    ),
    "tags that are a text": (_service(tags="team"), "tags", "'team'", "a dictionary"),
    "properties that are a text": (
        _service(customize={"service": "x"}),
        "customize.service",
        "'x'",
        "a dictionary",
    ),
}
