"""Stack files: what the recorded Docker resources are for `docker stack deploy`, one file per engine.

It reads resources and knows no component. A property that it does not know is refused, never dropped.
"""

import base64
import binascii
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..checks.stand_ins import is_stand_in
from .compose import DOCKER, ComposeService, Untranslatable, labels_of, translate
from .hidden import hidden
from .record import Plan, Resource, Secret

PROVIDER = "pulumi:providers:docker"
KINDS = {
    "network": f"{DOCKER}network:Network",
    "config": f"{DOCKER}serviceConfig:ServiceConfig",
    "secret": f"{DOCKER}secret:Secret",
    "service": f"{DOCKER}service:Service",
}


@dataclass(frozen=True)
class StackFile:
    """One engine's stack: a Compose file and the files that it names."""

    host: str
    """The engine, as the provider names it."""
    stack: str
    """The stack's name, which begins every service's name."""
    compose: Mapping[str, Any]
    """The Compose file as data; it holds no secret."""
    files: Mapping[str, bytes] = field(repr=False)
    """The contents of configs and secrets by the names that the Compose file gives them."""

    @property
    def text(self) -> str:
        """The Compose file."""
        return yaml.safe_dump(_literal(hidden(self.compose)), sort_keys=True, width=100)

    def write(self, folder: Path) -> None:
        """Write `stack.yaml` and the files into `folder`: the folder 0700, each file 0600."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        for name, content in {"stack.yaml": self.text.encode(), **self.files}.items():
            with os.fdopen(
                os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as file:
                file.write(content)


class NoStackFile(Exception):
    """No resource of Docker is given a provider of its own, so there is no engine to write a file for."""

    def __init__(self) -> None:
        super().__init__(
            "stack files: no Docker provider is declared; given: no resource of type "
            f"{PROVIDER}; allowed: one for each engine; fix: ask for another format"
        )


def stack_text(plan: Plan) -> str:
    """All stack files one after the other, each under its provider's name and engine, no secret in them.

    Raises `NoStackFile`, and `Untranslatable` as `stack_files` does.
    """
    files = stack_files(plan)
    if not files:
        raise NoStackFile
    return "".join(
        f"---\n# {name}: stack {files[name].stack} on {files[name].host}\n{files[name].text}"
        for name in sorted(files)
    )


def stack_files(plan: Plan) -> dict[str, StackFile]:
    """The stack file of each Docker provider, by the provider's logical name.

    Raises `Untranslatable` for a resource or a property that a stack file cannot say.
    """
    return {
        provider.name: _stack_file(
            provider, [r for r in plan.resources if r.provider == provider.urn and r.custom]
        )
        for provider in plan.of_type(PROVIDER)
    }


def _stack_file(provider: Resource, resources: list[Resource]) -> StackFile:
    by_kind = {kind: [r for r in resources if r.type == token] for kind, token in KINDS.items()}
    for resource in resources:
        if resource.type not in KINDS.values():
            raise Untranslatable(resource, resource.type, "a network, config, secret or service")
    networks = _definitions(by_kind["network"], _network)
    configs = _definitions(by_kind["config"], _content)
    secrets = _definitions(by_kind["secret"], _content)
    known = {r.name: str(_shown(r.inputs["name"])) for r in resources if r.type != KINDS["service"]}
    services = [translate(service, known) for service in by_kind["service"]]
    compose = {
        "version": "3.12",
        "services": {service.name: dict(service.compose) for service in services},
        "networks": networks,
        "configs": configs,
        "secrets": secrets,
        "volumes": {volume: {"name": volume} for service in services for volume in service.volumes},
    }
    files = {
        **{_file_name(r): str(_shown(r.inputs["dataRaw"])).encode() for r in by_kind["config"]},
        **{_file_name(r): _decoded(r) for r in by_kind["secret"]},
    }
    return StackFile(
        host=str(provider.inputs.get("host", "")),
        stack=_only_stack(provider, services),
        compose={key: value for key, value in compose.items() if value},
        files=files,
    )


def _definitions(
    resources: Iterable[Resource], define: Callable[[Resource], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    return {str(r.inputs["name"]): define(r) for r in resources}


def _network(resource: Resource) -> dict[str, Any]:
    inputs = dict(resource.inputs)
    definition: dict[str, Any] = {"name": inputs.pop("name"), **labels_of(inputs)}
    for ours, theirs in (("driver",) * 2, ("attachable",) * 2, ("internal",) * 2, ("options", "driver_opts")):
        if ours in inputs:
            definition[theirs] = inputs.pop(ours)
    if "ipamConfigs" in inputs:
        definition["ipam"] = {"config": inputs.pop("ipamConfigs")}
    _refuse_rest(resource, inputs)
    return definition


def _content(resource: Resource) -> dict[str, Any]:
    inputs = {key: value for key, value in resource.inputs.items() if key not in ("data", "dataRaw")}
    definition = {"name": inputs.pop("name"), "file": f"./{_file_name(resource)}", **labels_of(inputs)}
    _refuse_rest(resource, inputs)
    return definition


def _decoded(resource: Resource) -> bytes:
    data = str(_shown(resource.inputs["data"]))
    if is_stand_in(data):
        return data.encode()
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error:
        raise Untranslatable(
            resource, "data that is no base64", "base64, as Docker's provider wants it"
        ) from None


def _file_name(resource: Resource) -> str:
    kind = next(kind for kind, token in KINDS.items() if token == resource.type)
    return f"{kind}-{resource.inputs['name']}"


def _refuse_rest(resource: Resource, rest: Mapping[str, Any]) -> None:
    for key, value in rest.items():
        if value not in (None, [], {}, ""):
            raise Untranslatable(resource, key, "a property that a stack file can say")


def _shown(value: Any) -> Any:
    return value.value if isinstance(value, Secret) else value


def _only_stack(provider: Resource, services: list[ComposeService]) -> str:
    stacks = {service.stack for service in services}
    if len(stacks) != 1:
        raise Untranslatable(
            provider,
            f"services of the stacks {sorted(stacks)}",
            "services named <stack>_<service> of one stack",
        )
    return stacks.pop()


def _literal(value: Any) -> Any:
    """The value with every `$` doubled: Compose would take it for a variable of the shell's."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, Mapping):
        return {key: _literal(item) for key, item in value.items()}
    return [_literal(item) for item in value] if isinstance(value, list) else value
