"""What a service of Docker Swarm is given of its host: volumes, folders, memory."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..problem import Problem, shown
from ..services import SOCKET_PATH
from .check import Severity, of_resource
from .declared import Declared, at, can_be_judged, texts
from .rules import is_positive, is_there, must, must_in
from .services import PLAIN, SERVICE, of_container

VOLUME = "docker:index/volume:Volume"
_ONE_HOST = re.compile(r"\s*(node\.(id|hostname|labels\.\S+?)|engine\.labels\.\S+?)\s*==")
_ENGINE = re.compile(r"/(var/)?run/(docker|containerd/containerd|podman/podman)\.sock")
ENGINE_SOCKET_LABEL = "engine-socket"
"""The label of a service that is given the engine's socket on purpose: it says why."""
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

_TELLS = {
    *(f"/proc/{name}" for name in ("stat", "meminfo", "loadavg", "vmstat", "diskstats", "pressure")),
    *("/proc/sys/fs/file-nr", "/proc/1/mounts", "/proc/1/mountinfo", "/proc/1/net"),
    *("/sys", "/sys/fs/cgroup", "/var/lib/docker/volumes/metadata.db"),
}
"""What tells of the host as a whole and of no process, or which root alone may read: a watcher of hosts needs
it, and where it can only be read it changes nothing."""


_LAYERS = re.compile(r"/var/lib/docker/image/[a-z0-9-]+/layerdb/mounts")
"""By which ids the engine knows containers' layers; nothing of what is in them."""
_SOCKET = re.compile(SOCKET_PATH)


def _tells(folder: str) -> bool:
    """Whether it tells of the host as a whole, or of its containers by number."""
    return folder in _TELLS or bool(_LAYERS.fullmatch(folder))


def _only_read(resource: Declared) -> set[str]:
    """The paths of what is mounted to be read only."""
    return {f"{path}.source" for path, mount in _mounts(resource, "bind") if at(mount, "readOnly") is True}


def _on_purpose(resource: Declared, path: str, folder: str) -> bool:
    """Whether it is the socket of a service whose label says why, mounted at its own path to be read only."""
    labels = (label for _, label in resource.each("labels") if at(label, "label") == ENGINE_SOCKET_LABEL)
    said = any(is_there(at(label, "value")) for label in labels)
    return said and path in _only_read(resource) and bool(_SOCKET.fullmatch(folder))


def _normal(folder: str) -> str:
    """The path as the kernel sees it; `/` for the root, and for what is none."""
    return f"/{posixpath.normpath(folder).lstrip('/')}".removesuffix("/.") or "/"


def _is_the_hosts(folder: str) -> bool:
    """Whether it is one of the host's own, in one, or above one."""
    inside = any(f"{folder}/".startswith(f"{one}/") for one in _SENSITIVE)
    return inside or any(f"{one}/".startswith(f"{folder.rstrip('/')}/") for one in _SENSITIVE)


def _bound(resource: Declared) -> Iterator[tuple[str, str]]:
    """The host's folders that it is given, as mounts or as volumes that are folders."""
    if resource.type == VOLUME:
        yield from _behind(resource.properties, "driverOpts", "driverOpts")
        return
    for path, source in _folders(resource):
        yield path, source
    for path, mount in _mounts(resource, "volume"):
        yield from _behind(mount, "volumeOptions.driverOptions", f"{path}.volumeOptions.driverOptions")


def _folders(resource: Declared) -> Iterator[tuple[str, str]]:
    mounts = ((f"{path}.source", at(mount, "source")) for path, mount in _mounts(resource, "bind"))
    volumes = resource.each("volumes") if resource.type == PLAIN else ()
    folders = ((f"{path}.hostPath", at(volume, "hostPath")) for path, volume in volumes)
    for path, source in (*mounts, *folders):
        if isinstance(source, str) and source:
            yield path, source


def _behind(owner: Mapping[str, Any], options: str, path: str) -> Iterator[tuple[str, str]]:
    """The folder that a local volume is, if it is one."""
    device, how = at(owner, f"{options}.device"), at(owner, f"{options}.o", "")
    if isinstance(device, str) and isinstance(how, str) and "bind" in how.split(","):
        yield f"{path}.device", device


def _mounts(resource: Declared, kind: str) -> Iterator[tuple[str, Any]]:
    for path, mount in resource.each(of_container(resource, "mounts")):
        if at(mount, "type") == kind:
            yield path, mount


def _is_local(mount: Mapping[str, Any]) -> bool:
    return str(at(mount, "volumeOptions.driverName", "local")) == "local"


@of_resource("docker-placement", Severity.HIGH, SERVICE)
def data_stays_where_it_is(resource: Declared) -> Iterator[Problem]:
    """A service with a volume is placed on one host.

    A volume is local: anywhere else the service begins with nothing, and looks healthy. One that runs on
    every host has a volume on each.
    """
    volumes = [at(mount, "source") for _, mount in _mounts(resource, "volume") if _is_local(mount)]
    if any(volumes) and not is_there(resource.get("mode.global")):
        yield from must(
            resource,
            "taskSpec.placement.constraints",
            lambda constraints: any(map(_ONE_HOST.match, texts(constraints))),
            f"its volume {volumes[0]} stays behind",
            "a constraint such as engine.labels.host==0",
            "placement with constraints",
        )


@of_resource("docker-engine-socket", Severity.CRITICAL, SERVICE, PLAIN, VOLUME)
def engine_is_not_handed_in(resource: Declared) -> Iterator[Problem]:
    """No service is given the engine's socket.

    Who writes to it is root on the host and, on a manager, on the whole Swarm: CIS Docker 5.32. What cannot
    do without it is given it to be read only, and says why in its service's label `engine-socket`.
    """
    for path, source in _bound(resource):
        if _ENGINE.fullmatch(_normal(source)) and not _on_purpose(resource, path, _normal(source)):
            yield Problem(
                path,
                "it owns the engine",
                shown(source),
                "no socket",
                "ask the engine from the host, or through a proxy that only reads",
            )


@of_resource("docker-sensitive-mount", Severity.HIGH, SERVICE, PLAIN, VOLUME)
def host_is_not_handed_in(resource: Declared) -> Iterator[Problem]:
    """No service is given the host's own folders.

    In `/etc`, `/proc` or `/var/lib/docker`, and so in `/var`, stands what runs the host and every other
    container: CIS Docker 5.6. A few files that tell of the host as a whole may be handed in, to be read only.
    """
    only_read = _only_read(resource)
    for path, source in _bound(resource):
        folder = _normal(source)
        if (path in only_read and _tells(folder)) or _on_purpose(resource, path, folder):
            continue
        if can_be_judged(source) and not _ENGINE.fullmatch(folder) and _is_the_hosts(folder):
            yield Problem(
                path,
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
