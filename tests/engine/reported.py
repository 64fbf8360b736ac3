"""What a place's engine reports about the objects of a stack, in terms that two ways of applying share."""

from typing import Any

import docker

STACK_LABELS = "com.docker.stack."
"""`docker stack deploy` marks what it makes with the stack's name and the image that was asked for; Pulumi
keeps both in its state instead."""
NETWORK_NUMBERS = "com.docker.network.driver.overlay.vxlanid_list"
"""Which VXLAN a network got: Swarm's choice."""

NOTHING: dict[str, Any] = {
    "DNSConfig": {},
    "Privileges": {"CredentialSpec": None, "SELinuxContext": None, "NoNewPrivileges": False},
}
"""What one way writes down although it says nothing: the same as leaving it out."""


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
    task = spec["TaskTemplate"]
    container = task["ContainerSpec"]
    return {
        **spec,
        "Labels": _own(spec),
        "EndpointSpec": {
            **spec["EndpointSpec"],
            "Ports": _ordered(spec["EndpointSpec"].get("Ports"), "PublishedPort"),
        },
        "TaskTemplate": {
            **task,
            "ContainerSpec": {
                **container,
                **{key: None for key, nothing in NOTHING.items() if container.get(key) == nothing},
                "Labels": _own(container),
                "Env": sorted(container.get("Env") or []),
                "Configs": _references(container, "Config"),
                "Secrets": _references(container, "Secret"),
                "Mounts": _ordered([_mount(m) for m in container.get("Mounts") or []], "Target"),
            },
            # Docker adds the service's own name as an alias, beside ours which says the same.
            "Networks": {networks[one["Target"]]: set(one["Aliases"]) for one in task["Networks"]},
        },
    }


def _references(container: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    references = container.get(f"{kind}s") or []
    return _ordered(
        [{key: value for key, value in one.items() if key != f"{kind}ID"} for one in references],
        f"{kind}Name",
    )


def _mount(mount: dict[str, Any]) -> dict[str, Any]:
    options = mount.get("VolumeOptions") or {}
    return {**mount, "VolumeOptions": {**options, "Labels": _own(options)}}


def _ordered(items: list[dict[str, Any]] | None, key: str) -> list[dict[str, Any]]:
    """What Docker takes in any order, and Pulumi sends in its own."""
    return sorted(items or [], key=lambda item: str(item[key]))


def _network(network: dict[str, Any]) -> dict[str, Any]:
    options = {key: value for key, value in (network["Options"] or {}).items() if key != NETWORK_NUMBERS}
    told = ("Driver", "Scope", "Internal", "Attachable", "EnableIPv6")
    return {**{key: network[key] for key in told}, "Options": options, "Labels": _own(network)}


def _own(labelled: dict[str, Any]) -> dict[str, str]:
    labels = labelled.get("Labels") or {}
    return {key: value for key, value in labels.items() if not key.startswith(STACK_LABELS)}
