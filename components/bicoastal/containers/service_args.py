"""What a container service is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ..checks import services as checks
from ..checks.problem import Problem
from ..checks.rules import (
    ABSOLUTE_PATH,
    DOCKER_HOST,
    IMAGE,
    NAME,
    PASSWORD,
    PORT,
    SECRET,
    SWARM_NAME,
    between,
)
from ..component import ComponentArgs
from ..settings import setting
from .config import LONGEST_PREFIX

_SECONDS = between(0.1, 3600, "seconds")


class PortArgs(TypedDict):
    """One port, published on the host that runs the task: Swarm's routing mesh is not used."""

    published: int
    """The port on the host, 1 to 65535."""
    target: NotRequired[int]
    """The port in the container. Default: the published one."""


class VolumeArgs(TypedDict):
    """A named volume on the host that runs the task; it outlives the service and is not moved with it."""

    name: str
    """The volume's name on the host."""
    path: str
    """Where it is mounted, absolute."""


class HostPathArgs(TypedDict):
    """A file or folder of the host that runs the task, which the container may only read: an exception, for
    what tells of the host itself."""

    source: str
    """Its path on the host, absolute. It must be there; the engine's socket is refused."""
    path: str
    """Where it stands in the container, absolute."""
    reason: str
    """Why nothing else would do, in a sentence."""


class EngineSocketArgs(TypedDict):
    """The engine's socket, for what cannot do without: whoever writes to it is root on the host, and mounting
    it to be read only keeps nobody from writing. The service is labelled with the reason."""

    reason: str
    """Why nothing else would do, in a sentence."""
    path: NotRequired[str]
    """Where it is on the host and in the container, below `/run`. Default: `/run/docker.sock`."""


class TmpfsArgs(TypedDict):
    """A writable folder in memory, for a container whose root is read-only."""

    path: str
    """Where it is mounted, absolute."""
    size_mb: NotRequired[int]
    """Its largest size in MiB, 1 to 4096. Default: 16."""


class MadeArgs(TypedDict):
    """A config or secret that stands already, for services that share it."""

    id: pulumi.Input[str]
    """Its id, such as `RotatingConfig.config_id`."""
    name: pulumi.Input[str]
    """Its name in Swarm, such as `RotatingConfig.config_name`."""


class FileArgs(TypedDict):
    """A file that anyone in the container may read; changed content updates the service in place."""

    name: str
    """A short name, unique among this service's files."""
    path: str
    """Where it stands in the container, absolute."""
    content: NotRequired[pulumi.Input[str]]
    """Its text. Nothing secret belongs here. Default: none, `made` names it."""
    made: NotRequired[MadeArgs]
    """A config that holds it already. Default: none, the service makes one of `content`."""


class SecretFileArgs(TypedDict):
    """A file under `/run/secrets` that only the service's user may read."""

    name: str
    """Its name, unique among this service's secrets; it stands at `/run/secrets/<name>`."""
    value: NotRequired[pulumi.Input[str]]
    """Its text, kept secret. Default: none, `made` names it."""
    made: NotRequired[MadeArgs]
    """A secret that holds it already. Default: none, the service makes one of `value`."""


class HealthArgs(TypedDict):
    """How Docker finds out that a task works. A task is replaced after `retries` failures in a row."""

    command: list[str]
    """The command and its words; exit code 0 is healthy."""
    interval_s: NotRequired[float]
    """Seconds between checks, 0.1 to 3600. Default: 20. Each one starts a process in the container: measured,
    28 containers checked every 10 s cost 44 % of a core. Traffic does not wait for it: balancers check for
    themselves, every second or sooner."""
    timeout_s: NotRequired[float]
    """Seconds until a check counts as failed. Default: 5."""
    start_period_s: NotRequired[float]
    """Seconds in which failures do not count. Default: 60."""
    retries: NotRequired[int]
    """Failures in a row until the task is unhealthy, 1 to 100. Default: 3."""


class LimitsArgs(TypedDict):
    """What a task may use. Beyond its memory it is killed, beyond its CPU it waits."""

    memory_mb: NotRequired[int]
    """MiB of memory, 16 to 1048576. Default: 256."""
    cpus: NotRequired[float]
    """CPU cores, 0.05 to 256. Default: 1."""


class EveryHostArgs(TypedDict):
    """One task on each host that the service's `constraints` match, on those that come later too."""

    docker_host: str
    """The engine of a manager, asked whether each host has its task: `ssh://`, `unix://` or `tcp://`."""
    ssh_options: NotRequired[list[str]]
    """Options for ssh, such as `swarm_ssh_options` makes. Default: none."""


class ContainerServiceArgs(ComponentArgs):
    """What a container service is made of."""

    image: pulumi.Input[str]
    """The image with its tag or, in production, its digest."""
    health: HealthArgs
    """The health check: a service without one cannot be replaced safely."""
    service_name: NotRequired[str]
    """Its name in Swarm, at most 63 characters. Default: `<pulumi stack>_<name>`. A change replaces it."""
    network_id: NotRequired[pulumi.Input[str]]
    """The overlay network that it joins. Default: none. A change replaces the service."""
    aliases: NotRequired[list[str]]
    """Names on that network. Default: the service's name without the stack."""
    command: NotRequired[list[str]]
    """Replaces the image's entrypoint. Default: the image's."""
    arguments: NotRequired[list[str]]
    """Arguments to the entrypoint. Default: the image's."""
    environment: NotRequired[dict[str, pulumi.Input[str]]]
    """Environment variables; nothing secret belongs here. Default: none."""
    user: NotRequired[str]
    """`uid` or `uid:gid`, never root. Default: 65532:65532."""
    capabilities: NotRequired[list[str]]
    """Capabilities given back after all are dropped, such as `CAP_NET_BIND_SERVICE`. Default: none."""
    replicas: NotRequired[pulumi.Input[int]]
    """How many tasks run, 0 to 1000. Default: 1; not together with `every_host`."""
    every_host: NotRequired[EveryHostArgs]
    """One task on each host that `constraints` match, in place of `replicas`. A change from one to the other
    replaces the service. Default: so many tasks as `replicas` says."""
    ports: NotRequired[list[PortArgs]]
    """Ports published on the host. Default: none."""
    volumes: NotRequired[list[VolumeArgs]]
    """Named volumes. Default: none."""
    host_paths: NotRequired[list[HostPathArgs]]
    """What it is handed of its host, to be read only, each with its reason. Default: none."""
    engine_socket: NotRequired[EngineSocketArgs]
    """The engine's socket, which makes it as strong as root on the host; it must run as the socket's group.
    Default: none."""
    tmpfs: NotRequired[list[TmpfsArgs]]
    """Writable folders in memory. Default: `/tmp` with 16 MiB."""
    files: NotRequired[list[FileArgs]]
    """Configuration files. Default: none."""
    secrets: NotRequired[list[SecretFileArgs]]
    """Secret files. Default: none. Needs `rotation_key`."""
    rotation_key: NotRequired[pulumi.Input[str]]
    """The stack's secret for the names of Swarm secrets. Required where it makes secrets."""
    limits: NotRequired[LimitsArgs]
    """What a task may use. Default: 256 MiB and one core."""
    constraints: NotRequired[list[str]]
    """Swarm placement constraints, all of which must hold. Default: none."""
    stop_grace_s: NotRequired[float]
    """Seconds between SIGTERM and SIGKILL. Default: 30."""
    converge_timeout_s: NotRequired[float]
    """Seconds until its tasks must be healthy, 0.1 to 3600: then a creation or an update counts as failed.
    Default: 300."""


@dataclass(frozen=True, kw_only=True)
class Port:
    """One port published on the host."""

    published: int = setting(PORT)
    target: int | None = setting(PORT, default=None)


@dataclass(frozen=True, kw_only=True)
class Volume:
    """A named volume."""

    name: str = setting(SWARM_NAME)
    path: str = setting(ABSOLUTE_PATH)


@dataclass(frozen=True, kw_only=True)
class HostPath:
    """A file or folder of the host, to be read only."""

    source: str = setting(checks.HOST_PATH)
    path: str = setting(ABSOLUTE_PATH)
    reason: str = setting(checks.REASON)


@dataclass(frozen=True, kw_only=True)
class EngineSocket:
    """The engine's socket, checked."""

    reason: str = setting(checks.REASON)
    path: str = setting(checks.ENGINE_SOCKET, default="/run/docker.sock")


@dataclass(frozen=True, kw_only=True)
class Tmpfs:
    """A writable folder in memory."""

    path: str = setting(ABSOLUTE_PATH)
    size_mb: int = setting(between(1, 4096, "MiB"), default=16)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A config or secret that stands already."""

    id: pulumi.Input[str] = setting()
    name: pulumi.Input[str] = setting()


@dataclass(frozen=True, kw_only=True)
class File:
    """A configuration file."""

    name: str = setting(NAME)
    path: str = setting(ABSOLUTE_PATH)
    content: pulumi.Input[str] | None = setting(default=None)
    made: Made | None = None

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.has_one_source("content", self.content is not None, self.made is not None)


@dataclass(frozen=True, kw_only=True)
class SecretFile:
    """A secret file."""

    name: str = setting(NAME)
    value: pulumi.Input[str] | None = setting(SECRET, default=None)
    made: Made | None = None

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.has_one_source("value", self.value is not None, self.made is not None)


@dataclass(frozen=True, kw_only=True)
class Health:
    """A health check."""

    command: list[str] = setting()
    interval_s: float = setting(_SECONDS, default=20.0)
    timeout_s: float = setting(_SECONDS, default=5.0)
    start_period_s: float = setting(_SECONDS, default=60.0)
    retries: int = setting(between(1, 100, "failures"), default=3)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.command_is_there(self.command)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a task may use."""

    memory_mb: int = setting(between(16, 1048576, "MiB"), default=256)
    cpus: float = setting(between(0.05, 256, "cores"), default=1.0)


@dataclass(frozen=True, kw_only=True)
class EveryHost:
    """One task on each host, checked."""

    docker_host: str = setting(DOCKER_HOST)
    ssh_options: list[str] = setting(factory=list)


@dataclass(frozen=True, kw_only=True)
class ContainerSettings:
    """What a container service is made of, checked."""

    image: pulumi.Input[str] = setting(IMAGE)
    health: Health = setting()
    service_name: str | None = setting(SWARM_NAME, default=None)
    network_id: pulumi.Input[str] | None = setting(default=None)
    aliases: list[str] | None = setting(default=None)
    command: list[str] | None = setting(default=None)
    arguments: list[str] | None = setting(default=None)
    environment: dict[str, pulumi.Input[str]] = setting(factory=dict)
    user: str = setting(checks.UNPRIVILEGED_USER, default="65532:65532")
    capabilities: list[str] = setting(checks.CAPABILITY, factory=list)
    replicas: pulumi.Input[int] | None = setting(between(0, 1000, "tasks"), default=None)
    every_host: EveryHost | None = None
    ports: list[Port] = setting(factory=list)
    volumes: list[Volume] = setting(factory=list)
    host_paths: list[HostPath] = setting(factory=list)
    engine_socket: EngineSocket | None = None
    tmpfs: list[Tmpfs] = setting(factory=lambda: [Tmpfs(path="/tmp")])  # noqa: S108 a path in the container
    files: list[File] = setting(factory=list)
    secrets: list[SecretFile] = setting(SECRET, factory=list)
    rotation_key: pulumi.Input[str] | None = setting(PASSWORD, default=None)
    limits: Limits = setting(factory=Limits)
    constraints: list[str] = setting(checks.CONSTRAINT, factory=list)
    stop_grace_s: float = setting(_SECONDS, default=30.0)
    converge_timeout_s: float = setting(_SECONDS, default=300.0)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.every_host is not None:
            yield from checks.tasks_are_counted_once(self.replicas, "every_host", "leave one of the two out")
        yield from checks.no_port_twice([port.published for port in self.ports])
        yield from checks.no_file_twice("files", [file.name for file in self.files])
        yield from checks.no_file_twice("secrets", [secret.name for secret in self.secrets])
        if self.service_name:
            names = [file.name for file in self.files if file.made is None]
            names += [secret.name for secret in self.secrets if secret.made is None]
            yield from checks.names_leave_room(self.service_name, names, LONGEST_PREFIX)
        own = sum(secret.made is None for secret in self.secrets)
        yield from checks.secrets_have_a_key(own, self.rotation_key is not None)
