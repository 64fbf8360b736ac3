"""What a service of Docker Swarm is given of its host: volumes, folders, memory."""

import re
from collections.abc import Iterator
from typing import Any

from ..problem import Problem, shown
from .check import Severity, of_resource
from .declared import Declared, at, can_be_judged
from .rules import is_positive, is_there, must, must_in
from .services import CONTAINER, SERVICE

_ENGINE = re.compile(r"/(var/)?run/(docker|containerd/containerd|podman/podman)\.sock/?")
_SENSITIVE = (
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/proc",
    "/root",
    "/sys",
    "/usr",
    "/var/lib/docker",
    "/var/run",
    "/run",
)


def _mounts(resource: Declared, kind: str) -> Iterator[tuple[str, Any]]:
    for path, mount in resource.each(f"{CONTAINER}.mounts"):
        if at(mount, "type") == kind:
            yield path, mount


@of_resource("docker-placement", Severity.HIGH, SERVICE)
def data_stays_where_it_is(resource: Declared) -> Iterator[Problem]:
    """A service with a volume is placed on one host.

    A volume is local: anywhere else the service begins with nothing, and looks healthy.
    """
    volumes = [at(mount, "source") for _, mount in _mounts(resource, "volume")]
    if any(volumes):
        yield from must(
            resource,
            "taskSpec.placement.constraints",
            is_there,
            f"its volume {volumes[0]} stays behind",
            "a constraint such as engine.labels.host==0",
            "placement with constraints",
        )


@of_resource("docker-engine-socket", Severity.CRITICAL, SERVICE)
def engine_is_not_handed_in(resource: Declared) -> Iterator[Problem]:
    """No service is given the engine's socket.

    Who writes to it is root on the host and, on a manager, on the whole Swarm: CIS Docker 5.32.
    """
    for path, mount in _mounts(resource, "bind"):
        source = at(mount, "source", "")
        if isinstance(source, str) and _ENGINE.fullmatch(source):
            yield Problem(
                f"{path}.source",
                "it owns the engine",
                shown(source),
                "no socket",
                "ask the engine from the host, or through a proxy that only reads",
            )


@of_resource("docker-sensitive-mount", Severity.HIGH, SERVICE)
def host_is_not_handed_in(resource: Declared) -> Iterator[Problem]:
    """No service is given the host's own folders.

    In `/etc`, `/proc` or `/var/lib/docker` stands what runs the host and every other container: CIS Docker
    5.6.
    """
    for path, mount in _mounts(resource, "bind"):
        source = at(mount, "source", "")
        if not isinstance(source, str) or _ENGINE.fullmatch(source) or not can_be_judged(source):
            continue
        folder = source.rstrip("/")
        if not folder or any(folder == one or folder.startswith(f"{one}/") for one in _SENSITIVE):
            yield Problem(
                f"{path}.source",
                "it is the host's own",
                shown(source),
                "a folder of the service's own, or a volume",
                "mount a volume, or a docker.ServiceConfig for a file",
            )


@of_resource("docker-tmpfs-size", Severity.LOW, SERVICE)
def tmpfs_has_a_size(resource: Declared) -> Iterator[Problem]:
    """A tmpfs has a size.

    It is memory: without one it takes half of the host's.
    """
    for path, mount in _mounts(resource, "tmpfs"):
        yield from must_in(
            mount,
            "tmpfsOptions.sizeBytes",
            f"{path}.tmpfsOptions.sizeBytes",
            is_positive,
            "half of the host's memory",
            "a number of bytes",
            "tmpfs_options with size_bytes",
        )
