"""Whole environments as data: valid ones to begin with, and ones with other settings that fit together."""

import json
from copy import deepcopy
from functools import cache
from typing import Any

import pulumi
from hypothesis import strategies as st

from bicoastal.database import PostgresCluster
from bicoastal.settings import read
from bicoastal.stack import RECEIVERS
from bicoastal.stack.parts import certified_for_tracing, certified_members
from bicoastal.topology import Topology
from infra.groups import Groups
from infra.settings import deployed_places
from infra.texts import OfTheEdge, OfTheLogs, OfTheRegistry, OfTheReplications
from tests.engine.components.filled import ACCOUNT, filled, planted

from .declared import environment
from .values import PEM, WORD, valid

Environment = dict[str, Any]
"""A key of the file, without the project's name before it, to its value."""
ACCOUNTS = ("profile", "workers", "cloud", "edge", "costs", "registry")
"""What only an environment in a cloud has."""
REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2")
"""Whose zones everybody knows: a, b and c."""


@cache
def _tracked(name: str) -> Environment:
    shown, hidden = filled(name)
    return {
        key.removeprefix("smellpin:"): value
        for key, value in {**shown, **hidden}.items()
        if key.startswith("smellpin:")
    }


def in_a_cloud(name: str) -> Environment:
    """A tracked environment with everything filled in."""
    return deepcopy(_tracked(name))


def small() -> Environment:
    """An environment without a cloud: a host in each place, a Postgres member in each region."""
    of_groups = (OfTheEdge, OfTheRegistry, OfTheLogs, OfTheReplications)
    texts = [key for kind in of_groups for key in kind.__dataclass_fields__]
    left_out = {*ACCOUNTS, *texts, *RECEIVERS}
    whole = {key: value for key, value in in_a_cloud("staging").items() if key not in left_out}
    for number, place in enumerate([*whole["topology"]["regions"], whole["topology"]["witness"]]):
        place["docker_host"] = f"unix:///run/{number}.sock"
    whole["settings"] = {"database": {"members_per_region": 1}}
    return certified(whole)


def with_every_setting(name: str) -> Environment:
    """A tracked environment that says something of each group, so that each can be broken."""
    whole = in_a_cloud(name)
    whole["workers"] = {"min": 1, "max": 3, "instance_type": "m7i.large", "cpu_percent": 50, "warm_up_s": 60}
    whole["cloud"]["zones"] = {"east": ["us-east-1b", "us-east-1d", "us-east-1f"]}
    whole["edge"] |= {"api": "api", "frontend_verification": "vc-domain-verify=shop"}
    whole["costs"] |= {"last_year_amount": 90000, "activate_tags": True}
    whole["settings"] |= {
        "api": {"environment": {"LOG": "info"}, "limits": {"memory_mb": 512}, "images": {}},
        "ingress": {"requests": {"burst": 9}, "trusted_proxies": ["192.0.2.7/32"], "limits": {"cpus": 2}},
        "cache": {"memory_mb": 64},
        "monitor": {"consecutive_up": 1},
        "rollout": "at_once",
    }
    whole["settings"]["monitoring"] |= {
        "public_urls": ["https://api.example.com/ready"],
        "limits": {"cpus": 1},
        "rules": {"own.yaml": "groups: []"},
        "tracing": {"sample_ratio": 0.5, "storage": {"kind": "badger", "kept_days": 2}},
        "replications": {"ways": [_way(whole["topology"]["regions"])], "limits": {"cpus": 1}},
    }
    whole["images"]["jaeger"] = "registry.example.com/jaeger:0123456789ab"
    for member in ("east-jaeger", "east-api", "west-jaeger", "west-api"):
        whole["certificates"][member] = PEM
        whole[f"key_{member}"] = f"{PEM}{planted(member)}"
    whole["settings"]["monitoring"]["routing"] |= {
        "routes": [{"match": {"team": "search"}, "receiver": "slack"}],
        "ticket_hours": {"weekends": True},
    }
    receivers = whole["settings"]["monitoring"]["routing"]["receivers"]
    receivers |= {"pagerduty": {"url": "https://events.example.com/v2/enqueue"}, "slack": {}, "dead_man": {}}
    return whole


def _way(regions: list[Environment]) -> Environment:
    """One way in which a bucket is replicated."""
    source, destination = (
        {"bucket": f"shop-{place['region']}", "region": place["region"]} for place in regions
    )
    return {"source": source, "destination": destination, "rule": "everything"}


def certified(whole: Environment) -> Environment:
    """The environment with a certificate for each member that it comes to have, where that can be told."""
    try:
        topology = read(Topology, whole["topology"], "it")
        database = read(PostgresCluster, whole.get("settings", {}).get("database", {}), "it")
    except pulumi.InputPropertiesError:
        return whole
    members = [*certified_members(topology, database, monitored=True), *certified_for_tracing(topology)]
    keys = {f"key_{member}": f"{PEM}{planted(member)}" for member in members}
    others = {key: value for key, value in whole.items() if not key.startswith("key_")}
    return {**others, "certificates": dict.fromkeys(members, PEM), **keys}


def config_of(whole: Environment) -> dict[str, str]:
    """The configuration as Pulumi holds it."""
    return {
        f"smellpin:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in whole.items()
    }


def secrets_of(whole: Environment) -> set[str]:
    """The keys of what is secret in it."""
    return {
        f"smellpin:{key}"
        for key in whole
        if key.endswith(("_password", "_key")) or key.startswith("key_") or key in RECEIVERS
    }


def with_receivers(whole: Environment) -> Environment:
    """The environment with the secrets of exactly those who are told in it."""
    monitoring = whole.get("settings", {}).get("monitoring") or {}
    routing = monitoring.get("routing")
    mail = (routing or {}).get("receivers", {}).get("mail")
    told = {} if routing is None else {key: _tracked("staging")[key] for key in RECEIVERS}
    if not mail or "username" not in mail:
        told.pop("mail_password", None)
    return {**{key: value for key, value in whole.items() if key not in RECEIVERS}, **told}


PLACE_NAMES = valid(environment()["topology"].fields["regions"].inner.fields["name"])
VOTERS = ((1, 1, 1), (1, 1, 1), (2, 2, 1), (1, 1, 3), (2, 2, 3), (1, 2))
"""Of the two regions and of the witness, if there is one: an odd sum."""


@st.composite
def topologies(draw: st.DrawFn) -> Environment:
    """Places that agree with one another, whatever each is like."""
    voters = draw(st.sampled_from(VOTERS))
    names = draw(st.lists(PLACE_NAMES, min_size=3, max_size=3, unique=True))
    codes = draw(st.permutations(REGIONS))
    engines = draw(st.booleans())
    places = [
        {
            **draw(_counts(hosts=st.integers(votes, 5))),
            "voters": votes,
            "name": names[number],
            "region": codes[number],
            "subnet": f"10.{10 + number}.0.0/{draw(st.sampled_from([16, 20, 24]))}",
            **({"docker_host": f"ssh://manager-{number}"} if engines else {}),
        }
        for number, votes in enumerate(voters)
    ]
    chosen = {"primary": names[draw(st.integers(0, 1))]} if draw(st.booleans()) else {}
    return {"regions": places[:2], **({"witness": places[2]} if len(places) > 2 else {}), **chosen}


@st.composite
def _counts(draw: st.DrawFn, hosts: st.SearchStrategy[int], public: int = 0) -> dict[str, int]:
    """Hosts of a place, and where they stand."""
    count = draw(hosts)
    return {
        "hosts": count,
        "zones": draw(st.integers(1, min(count, 3))),
        "public_hosts": draw(st.integers(public, count)),
    }


def _chosen(draw: st.DrawFn, key: str, most: int = 2) -> dict[str, Any]:
    """Some of a group's settings."""
    fields = environment()[key].fields
    names = draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=most))
    return {name: draw(valid(fields[name])) for name in names}


@st.composite
def local(draw: st.DrawFn) -> Environment:
    """An environment without a cloud, with any settings."""
    whole = small() | {"topology": draw(topologies()), "images": draw(valid(environment()["images"]))}
    whole["settings"] = _chosen(draw, "settings")
    return certified(with_receivers(whole))


@st.composite
def on_a_cloud(draw: st.DrawFn, name: str) -> Environment:
    """A tracked environment with other settings."""
    whole = in_a_cloud(name)
    groups = st.sampled_from(["settings", "workers", "cloud", "edge", "costs", "registry"])
    for key in draw(st.lists(groups, unique=True, min_size=1)):
        whole[key] = {**whole.get(key, {}), **_chosen(draw, key)}
    _name_what_is_there(draw, whole)
    if draw(st.booleans()):
        # As many hosts as AWS and a Swarm take; with as many voters in both regions the witness's is the odd.
        voters = draw(st.integers(1, 2))
        for place in whole["topology"]["regions"]:
            hosts = st.sampled_from([3] if voters > 1 else [1, 3])
            place |= {**draw(_counts(hosts, public=1)), "voters": voters}
    if "workers" in whole and draw(st.booleans()):
        fewest = draw(st.integers(1, 10))
        whole["workers"] |= {"min": fewest, "max": draw(st.integers(fewest, 10))}
    return certified_as_deployed(with_receivers(whole))


def _name_what_is_there(draw: st.DrawFn, whole: Environment) -> None:
    """Let the cloud's zones and topics be those of places and regions that there are."""
    cloud, topology = whole["cloud"], whole["topology"]
    codes = {place["name"]: place["region"] for place in topology["regions"]}
    letters = st.lists(st.sampled_from("abcdf"), min_size=3, max_size=3, unique=True)
    if "zones" in cloud:
        cloud["zones"] = {
            place: [f"{code}{letter}" for letter in draw(letters)] for place, code in codes.items()
        }
    if "alarm_topics" in cloud:
        topics = st.lists(WORD, max_size=2)
        cloud["alarm_topics"] = {
            code: [f"arn:aws:sns:{code}:{ACCOUNT}:{topic}" for topic in draw(topics)]
            for code in codes.values()
        }


def certified_as_deployed(whole: Environment) -> Environment:
    """The same, for places with the profile's counts."""
    groups = {key: whole[key] for key in Groups.__dataclass_fields__ if key in whole}
    try:
        placed = deployed_places(read(Groups, groups, "it"), "production")
    except pulumi.InputPropertiesError:
        return whole
    return {**certified({**whole, "topology": placed}), "topology": whole["topology"]}
