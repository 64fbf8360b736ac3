"""What a place's engine reports about the objects of a stack, in terms that two ways of applying share."""

from typing import Any

import docker

STACK_LABELS = "com.docker.stack."
"""`docker stack deploy` marks what it makes with the stack's name and the image that was asked for; Pulumi
keeps both in its state instead."""
NETWORK_NUMBERS = "com.docker.network.driver.overlay.vxlanid_list"
"""Which VXLAN a network got: Swarm's choice."""


def reported(engine: docker.DockerClient) -> dict[str, dict[str, Any]]:
    """Services, configs, secrets and overlay networks by name, without identifiers."""
    api = engine.api
    networks = {network["Id"]: network for network in api.networks(filters={"driver": "overlay"})}
    names = {identifier: network["Name"] for identifier, network in networks.items()}
    return {
        "services": {s["Spec"]["Name"]: _service(s["Spec"], names) for s in api.services()},
        "configs": {c["Spec"]["Name"]: (c["Spec"]["Data"], _own(c["Spec"])) for c in api.configs()},
        "secrets": {s["Spec"]["Name"]: _own(s["Spec"]) for s in api.secrets()},
        "networks": {n["Name"]: _network(n) for n in networks.values() if not n["Ingress"]},
    }


def _service(spec: dict[str, Any], networks: dict[str, str]) -> dict[str, Any]:
    spec = {**spec, "Labels": _own(spec)}
    task = spec["TaskTemplate"] = dict(spec["TaskTemplate"])
    container = task["ContainerSpec"] = dict(task["ContainerSpec"])
    container["Labels"] = _own(container)
    for kind in ("Config", "Secret"):
        references = container.get(f"{kind}s") or []
        container[f"{kind}s"] = sorted(
            ({key: value for key, value in one.items() if key != f"{kind}ID"} for one in references),
            key=lambda one: str(one[f"{kind}Name"]),
        )
    container["Mounts"] = sorted(container.get("Mounts") or [], key=lambda mount: str(mount["Target"]))
    container["Env"] = sorted(container.get("Env") or [])
    task["Networks"] = [{**one, "Target": networks[one["Target"]]} for one in task.get("Networks") or []]
    return spec


def _network(network: dict[str, Any]) -> dict[str, Any]:
    options = {key: value for key, value in (network["Options"] or {}).items() if key != NETWORK_NUMBERS}
    told = ("Driver", "Scope", "Internal", "Attachable", "EnableIPv6")
    return {**{key: network[key] for key in told}, "Options": options, "Labels": _own(network)}


def _own(labelled: dict[str, Any]) -> dict[str, str]:
    labels = labelled.get("Labels") or {}
    return {key: value for key, value in labels.items() if not key.startswith(STACK_LABELS)}
