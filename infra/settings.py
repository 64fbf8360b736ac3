"""SmellPin's settings: from the stack's configuration to the library's arguments.

What people choose stands under `settings` and `workers`, accounts under `cloud`, `edge`, `costs` and
`registry`; what is made for the environment, such as certificates and passwords, beside them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import pulumi

from bicoastal import (
    TwoRegionStackArgs,
    credentials_from_config,
    swarm_docker_host,
    swarm_ssh_options,
)
from bicoastal.hosts.arguments import Workers
from bicoastal.monitoring.watchers.optional import missing_images
from bicoastal.network import known_edge_ranges
from bicoastal.settings import read, refuse
from bicoastal.stack import certificates_of, config_object, refuse_unusable, routing_from_config, secret_keys
from bicoastal.stack.two_regions import TwoRegionStackSettings
from bicoastal.topology import Topology

from . import replications, texts
from .agreement import disagreements
from .bucket_names import LOGS, bucket_name
from .certificates import ends
from .groups import Cloud, Groups
from .rules import with_rules

GROUPS = ("settings", "topology", "images", "workers", "cloud", "edge", "costs", "registry")
TEXTS = ("profile", "authority", "certificates", *texts.TEXTS)
DASHBOARDS = Path(__file__).parents[1] / "monitoring" / "dashboards"
"""What `bicoastal monitoring` writes for Grafana: committed, and a test holds it to the declarations."""
FIRST_DASHBOARD = "system-overview.json"
"""What people see first."""
ROUTING = "settings.monitoring.routing"
"""Where people choose who is told of what."""
REPLICATIONS = "settings.monitoring.replications"
"""Where they choose which replications of buckets are watched."""
PUBLIC_PATH = "/api/pins?bbox=-1,-1,1,1&limit=1"
"""What users ask for, which the watchers therefore ask for at the edge."""
EDGE_RANGES = Path(__file__).parents[1] / "edge_ranges.json"
"""What `bicoastal edge-ranges` has written; it need not be there."""


@dataclass(frozen=True)
class Environment:
    """What an environment is to be, every part of it checked."""

    name: str
    config: pulumi.Config
    groups: Groups
    args: TwoRegionStackArgs
    stack: TwoRegionStackSettings
    """The same arguments, checked."""
    workers: Workers
    """Each region's workers; none where the most of them is 0."""


def read_environment() -> Environment:
    """The environment that `Pulumi.<stack>.yaml` describes.

    Raises `pulumi.InputPropertiesError` for unknown keys, placeholders that are left (all in one error),
    wrong values and what is not there; nothing is registered then.
    """
    config, name = pulumi.Config("smellpin"), pulumi.get_stack()
    owner = f"Environment {name!r}"
    refuse_unusable(config, [*GROUPS, *TEXTS], [*secret_keys(list(certificates_of(config))), *texts.SECRETS])
    given = {group: config_object(config, group) for group in GROUPS}
    groups = read(Groups, {**given, "profile": config.get("profile")}, owner)
    workers = read(Workers, groups.chosen_workers, owner, lambda path: f"workers.{path}")
    texts.refuse_unusable_texts(config, groups, owner)
    args = _stack_args(groups, workers, config, name)
    stack = read(TwoRegionStackSettings, args, owner, partial(_as_written, groups))
    refuse(owner, list(disagreements(groups, stack)))
    args, stack = with_rules(args, stack, ends(config), groups)
    return Environment(name, config, groups, args, stack, workers)


def edge_ranges() -> list[str]:
    """The networks that the edge calls from: who may reach a balancer, and whom it believes."""
    return known_edge_ranges(EDGE_RANGES)


def _stack_args(groups: Groups, workers: Workers, config: pulumi.Config, stack: str) -> TwoRegionStackArgs:
    owner = f"Environment {stack!r}"
    args: dict[str, Any] = {
        **_settings_with_images(groups),
        "topology": groups.topology,
        "images": groups.images,
        "credentials": credentials_from_config(config),
    }
    if groups.cloud is not None:
        profile = {**groups.sizes.stack, **({"api": {"workers": workers.max}} if workers.max else {})}
        args = {**_over(args, profile), "topology": deployed_places(groups, stack)}
        if groups.watches_replications:
            ways = replications.of_its_buckets(groups.cloud, args["topology"], stack)
            args = _over(args, {"monitoring": {"replications": {"ways": ways}}} if ways else {})
    args = _over(args, {"monitoring": _monitoring(groups)})
    args["monitoring"] = _with_receivers(_with_dashboards(args["monitoring"]), config, owner)
    if groups.cloud is not None and groups.has_log_buckets:
        args["monitoring"]["logs"] = _in_buckets(groups, groups.cloud, config, stack)
    elif isinstance(args["monitoring"], Mapping):
        args["monitoring"] = _with_log_key(args["monitoring"], config, owner)
    if isinstance(args["monitoring"], Mapping):
        args["monitoring"] = _with_cloudwatch_key(groups, args["monitoring"], config, owner)
    if groups.edge is not None:
        args = _over(args, {"ingress": _from_the_edge(config)})
    return cast(TwoRegionStackArgs, args)


def _as_written(groups: Groups, path: str) -> str:
    """Where the environment's file has what the stack has at this path."""
    if path == "api.workers" and groups.cloud is not None:
        return "workers.max"
    if path.startswith(("topology", "images")):
        return path
    return path.removeprefix("credentials.") if path.startswith("credentials.") else f"settings.{path}"


def _settings_with_images(groups: Groups) -> dict[str, Any]:
    """The settings over the profile's; where there is no cloud, without the optional watchers whose images
    could not be had. A cloud's environment is refused without them."""
    monitoring = groups.settings.get("monitoring")
    if groups.cloud is not None or not isinstance(monitoring, Mapping):
        return groups.settings
    return {**groups.settings, "monitoring": optional_parts(monitoring, groups.images)}


def optional_parts(monitoring: Mapping[str, Any], images: Mapping[str, Any]) -> dict[str, Any]:
    """The group `monitoring` without the parts of which an image is not among these."""
    absent = missing_images(monitoring, images)
    return {part: value for part, value in monitoring.items() if part not in absent}


def _monitoring(groups: Groups) -> dict[str, Any]:
    """Every environment is watched, also by the eyes of its users."""
    if groups.edge is None:
        return {}
    return {"public_urls": [f"https://{groups.edge.api_name}{PUBLIC_PATH}"]}


def _with_dashboards(monitoring: Any) -> Any:
    """The same with all dashboards, where there is a Grafana to show them and it names none."""
    grafana = monitoring.get("grafana") if isinstance(monitoring, Mapping) else None
    if not isinstance(grafana, Mapping):
        return monitoring
    return {**monitoring, "grafana": {"dashboards": dashboards(), **grafana}}


def dashboards() -> dict[str, str]:
    """The JSON of each dashboard by its file's name, the first one first, without indentation: both regions
    are given the same texts, which are half as long so."""
    files = sorted(DASHBOARDS.glob("*.json"), key=lambda file: (file.name != FIRST_DASHBOARD, file.name))
    return {file.name: json.dumps(json.loads(file.read_text()), separators=(",", ":")) for file in files}


def _in_buckets(groups: Groups, cloud: Cloud, config: pulumi.Config, stack: str) -> Mapping[str, Any]:
    """How logs are kept, in the buckets that are made for them."""
    given: Mapping[str, Any] = groups.logs
    try:
        topology = read(Topology, deployed_places(groups, stack), stack)
    except pulumi.InputPropertiesError:
        return given  # which the stack's own check refuses, by the topology
    storage = {
        place.name: {
            "bucket": bucket_name(stack, LOGS, cloud, place.region),
            "region": place.region,
            **texts.aws_key(config, texts.LOGS_KEY),
        }
        for place in topology.regions
    }
    return {**given, "storage": storage}


def _with_log_key(monitoring: Mapping[str, Any], config: pulumi.Config, owner: str) -> dict[str, Any]:
    """The same with the key to the buckets that the file itself names for logs, where there is one."""
    logs = monitoring.get("logs")
    storage = logs.get("storage") if isinstance(logs, Mapping) else None
    if not isinstance(logs, Mapping) or not isinstance(storage, Mapping):
        return dict(monitoring)  # or else its own check refuses it
    refuse(owner, list(texts.keys_in_the_open(storage, "settings.monitoring.logs.storage", texts.LOGS_KEY)))
    key = texts.aws_key(config, texts.LOGS_KEY)
    with_key = {
        place: {**bucket, **key} if isinstance(bucket, Mapping) else bucket
        for place, bucket in storage.items()
    }
    return {**monitoring, "logs": {**logs, "storage": with_key}}


def _with_cloudwatch_key(
    groups: Groups, monitoring: Mapping[str, Any], config: pulumi.Config, owner: str
) -> dict[str, Any]:
    """The same with the key by which CloudWatch is asked, where it is."""
    asked = monitoring.get("replications")
    key = texts.aws_key(config, texts.CLOUDWATCH_KEY)
    # They are watched and not here where the places are wrong, which the stack's own check refuses.
    if asked is None and key and not groups.watches_replications:
        refuse(owner, [texts.key_to_nothing(texts.CLOUDWATCH_KEY, REPLICATIONS)])
    if not isinstance(asked, Mapping):
        return dict(monitoring)  # or else its own check refuses it
    path, _, group = REPLICATIONS.rpartition(".")
    refuse(owner, list(texts.keys_in_the_open({group: asked}, path, texts.CLOUDWATCH_KEY)))
    return {**monitoring, "replications": {**asked, **key}}


def _with_receivers(monitoring: Any, config: pulumi.Config, owner: str) -> Any:
    """The same with the secrets of whoever is told, where it says who is."""
    if not isinstance(monitoring, Mapping):
        return monitoring  # which the stack's own check refuses
    routing = monitoring.get("routing")
    if routing is None:
        refuse(owner, list(texts.nobody_is_told(config, ROUTING)))
    if not isinstance(routing, Mapping):
        return monitoring
    return {**monitoring, "routing": routing_from_config(config, routing, ROUTING)}


def _over(chosen: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, Any]:
    """What is chosen over the profile's, key by key."""
    both = {**profile, **chosen}
    for group, value in profile.items():
        if isinstance(value, Mapping) and isinstance(chosen.get(group), Mapping):
            both[group] = _over(chosen[group], value)
    return both


def deployed_places(groups: Groups, stack: str) -> dict[str, Any]:
    """The places with the profile's counts, each behind the engine of its Swarm."""
    sizes, topology = groups.sizes, groups.topology

    def place(given: Any, counts: Mapping[str, int]) -> Any:
        if not isinstance(given, Mapping) or "name" not in given:
            return given  # which the topology's own check refuses
        name, region = str(given["name"]), str(given.get("region"))
        way = {
            "docker_host": swarm_docker_host(stack, name),
            "ssh_options": swarm_ssh_options(stack, name, region),
        }
        return {**counts, **way, **given}

    places = {
        key: place(given, sizes.witness) if key == "witness" else given for key, given in topology.items()
    }
    if isinstance(topology.get("regions"), list):
        places["regions"] = [place(region, sizes.region) for region in topology["regions"]]
    return places


def _from_the_edge(config: pulumi.Config) -> dict[str, Any]:
    """Balancers that speak TLS with the edge alone, and believe it whom it speaks for."""
    return {
        "trusted_proxies": edge_ranges(),
        "tls": {
            "certificate": config.require("origin_certificate"),
            "key": config.require_secret("origin_key"),
            "client_authority": config.require("origin_pull_authority"),
        },
    }
