"""One recorded Docker service as a Compose service."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .record import Resource
from .sentinels import referenced

DOCKER = "docker:index/"


class Untranslatable(Exception):
    """A recorded resource says something that a stack file cannot."""

    def __init__(self, resource: Resource, given: str, allowed: str) -> None:
        super().__init__(
            f"{resource.name} ({resource.type}) cannot become part of a stack file; given: {given}; "
            f"allowed: {allowed}; fix: leave it out, or apply with pulumi"
        )


@dataclass(frozen=True)
class ComposeService:
    """A service in Compose's words."""

    stack: str
    name: str
    compose: Mapping[str, Any]
    volumes: tuple[str, ...]
    """The named volumes that it mounts."""


class _Taken:
    """The properties of one group, each to be taken once; what is left at the end is refused."""

    def __init__(self, resource: Resource, group: str, properties: Mapping[str, Any] | None) -> None:
        self._resource = resource
        self._group = group
        self._left = {k: v for k, v in (properties or {}).items() if v not in (None, [], {}, "")}

    def __call__(self, key: str) -> Any:
        return self._left.pop(key, None)

    def group(self, key: str) -> "_Taken":
        return _Taken(self._resource, f"{self._group}{key}.", self(key))

    def done(self) -> None:
        for key in self._left:
            raise Untranslatable(
                self._resource, f"{self._group}{key}", "a property that Compose has a word for"
            )


def translate(service: Resource, known: Mapping[str, str]) -> ComposeService:
    """The Compose service of a recorded one. `known` maps the logical names of networks, configs and
    secrets, which the service refers to by id, to their names in Docker."""
    take = _Taken(service, "", service.inputs)
    stack, underscore, name = str(take("name")).partition("_")
    if not underscore:
        raise Untranslatable(service, f"the name {stack!r}", "a name <stack>_<service>")
    task = take.group("taskSpec")
    container = task.group("containerSpec")
    mounts, volumes = _mounts(service, container)
    ports, endpoint_mode = _endpoint(take.group("endpointSpec"))
    take("convergeConfig")  # how long Pulumi waits: no property of the service
    compose = {
        "image": container("image"),
        "entrypoint": container("commands"),
        "command": container("args"),
        "environment": container("env"),
        "user": container("user"),
        "working_dir": container("dir"),
        "hostname": container("hostname"),
        "read_only": container("readOnly"),
        "init": container("init"),
        "cap_add": container("capAdds"),
        "cap_drop": container("capDrops"),
        "stop_signal": container("stopSignal"),
        "stop_grace_period": container("stopGracePeriod"),
        "sysctls": container("sysctl"),
        "healthcheck": _health(container.group("healthcheck")),
        "configs": _files(container("configs"), "config", known),
        "secrets": _files(container("secrets"), "secret", known),
        "labels": labels_of({"labels": container("labels")}).get("labels"),
        "volumes": mounts,
        "ports": ports,
        "networks": _networks(task("networksAdvanceds"), known),
        "logging": _logging(task.group("logDriver")),
        "deploy": _filled(
            {
                "endpoint_mode": endpoint_mode,
                "labels": labels_of({"labels": take("labels")}).get("labels"),
                **_mode(take.group("mode")),
                "placement": _placement(task.group("placement")),
                "resources": _resources(task.group("resources")),
                "restart_policy": _restart(task.group("restartPolicy")),
                "update_config": _update(take.group("updateConfig")),
                "rollback_config": _update(take.group("rollbackConfig")),
            }
        ),
    }
    container.done()
    task.done()
    take.done()
    return ComposeService(stack, name, _filled(compose), volumes)


def labels_of(inputs: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Compose's `labels` of a resource; taken out of `inputs`. Empty when there are none."""
    labels = {item["label"]: item["value"] for item in inputs.pop("labels", None) or []}
    return {"labels": labels} if labels else {}


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, [], {}, "")}


def _mode(take: _Taken) -> dict[str, Any]:
    is_global = take("global")
    replicated = take.group("replicated")
    replicas = replicated("replicas")
    replicated.done()
    take.done()
    return {"mode": "global"} if is_global else {"mode": "replicated", "replicas": replicas}


def _endpoint(take: _Taken) -> tuple[list[dict[str, Any]], str | None]:
    words = {
        "targetPort": "target",
        "publishedPort": "published",
        "protocol": "protocol",
        "publishMode": "mode",
    }
    ports = [{words[key]: value for key, value in port.items()} for port in take("ports") or []]
    mode = take("mode")
    take.done()
    return ports, mode


def _health(take: _Taken) -> dict[str, Any]:
    health = _filled(
        {
            "test": take("tests"),
            "interval": take("interval"),
            "timeout": take("timeout"),
            "start_period": take("startPeriod"),
            "retries": take("retries"),
        }
    )
    take.done()
    return health


def _files(
    references: list[dict[str, Any]] | None, kind: str, known: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        _filled(
            {
                "source": _target(reference[f"{kind}Id"], known),
                "target": reference["fileName"],
                "uid": reference.get("fileUid"),
                "gid": reference.get("fileGid"),
                "mode": reference.get("fileMode"),
            }
        )
        for reference in references or []
    ]


def _networks(references: list[dict[str, Any]] | None, known: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    return {
        _target(reference["id"], known): _filled({"aliases": reference.get("aliases")})
        for reference in references or []
    }


def _target(identifier: str, known: Mapping[str, str]) -> str:
    resource, _ = referenced(identifier)[0]
    return known[resource]


def _mounts(service: Resource, container: _Taken) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    mounts, volumes = [], []
    for given in container("mounts") or []:
        take = _Taken(service, "mounts.", given)
        kind, source = take("type"), take("source")
        options = take.group("tmpfsOptions")
        size = options("sizeBytes")
        options.done()
        if kind == "volume" and source:
            volumes.append(source)
        mounts.append(
            _filled(
                {
                    "type": kind,
                    "source": source,
                    "target": take("target"),
                    "read_only": take("readOnly"),
                    "tmpfs": {"size": size} if size else None,
                }
            )
        )
        take.done()
    return mounts, tuple(volumes)


def _logging(take: _Taken) -> dict[str, Any]:
    logging = _filled({"driver": take("name"), "options": take("options")})
    take.done()
    return logging


def _placement(take: _Taken) -> dict[str, Any]:
    placement = _filled({"constraints": take("constraints"), "max_replicas_per_node": take("maxReplicas")})
    take.done()
    return placement


def _resources(take: _Taken) -> dict[str, Any]:
    resources = {}
    for ours, theirs in (("limits", "limits"), ("reservation", "reservations")):
        amounts = take.group(ours)
        memory, cpus = amounts("memoryBytes"), amounts("nanoCpus")
        amounts.done()
        resources[theirs] = _filled(
            {"memory": str(memory) if memory else None, "cpus": f"{cpus / 1e9:.9g}" if cpus else None}
        )
    take.done()
    return _filled(resources)


def _restart(take: _Taken) -> dict[str, Any]:
    restart = _filled(
        {
            "condition": take("condition"),
            "delay": take("delay"),
            "max_attempts": take("maxAttempts"),
            "window": take("window"),
        }
    )
    take.done()
    return restart


def _update(take: _Taken) -> dict[str, Any]:
    ratio = take("maxFailureRatio")
    update = _filled(
        {
            "parallelism": take("parallelism"),
            "delay": take("delay"),
            "failure_action": take("failureAction"),
            "monitor": take("monitor"),
            "max_failure_ratio": float(ratio) if ratio else None,
            "order": take("order"),
        }
    )
    take.done()
    return update
