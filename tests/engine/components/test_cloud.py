"""The components of the cloud on the real engine, against AWS's own rules as moto has them."""

import pulumi
import pytest

import bicoastal
from bicoastal.network import Role
from tests.library.arguments import ARGUMENTS
from tests.library.samples import managed_postgres, swarm_hosts, topology

from . import promises
from .journey import travel

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]

PRODUCTION = {"name": "production", "monthly_limit": 4000.0, "last_year_amount": 36000.0}
FIRST = ("RegionNetwork", "SwarmHosts")
"""What there is while there is one region alone."""
CHANGES = {
    "RegionNetwork": {
        "flow_logs": {"retention_days": 400},
        "edge_ranges": ["173.245.48.0/20", "2400:cb00::/32"],
    },
    "RegionPeering": {"tags": {"team": "shop"}},
    "ReplicatedBucket": {"latency_alarm_s": 600},
    "BackupRepository": {"recoverable_days": 60},
    "ManagedPostgres": {"instance_class": "db.r7g.2xlarge"},
    "SwarmHosts": {"workers": {"min": 1, "max": 6}},
    "CostGuard": {"environments": [{"name": "staging", "monthly_limit": 600.0}, PRODUCTION]},
}
EXPECTED = {
    "RegionNetwork": {
        "flow-logs-group": "update",
        "groups-edge-ipv4": "update",
        "groups-edge-ipv6": "update",
    },
    "RegionPeering": {"connection": "update", "acceptance": "update"},
    "ReplicatedBucket": {"us-east-1-latency": "update", "us-west-2-latency": "update"},
    "BackupRepository": {
        "buckets-us-east-1-lifecycle": "update",
        "buckets-us-west-2-lifecycle": "update",
    },
    "ManagedPostgres": {"primary": "update", "replica": "update"},
    "SwarmHosts": {"workers": "update"},
    "CostGuard": {"staging-monthly": "update"},
}


def cloud(changes=None, *, only=tuple(CHANGES), renamed=False):
    """A program with all components of the cloud, as they are put together."""

    def program():
        def make(component, name=None, **args):
            old = name or component.lower()
            opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=old)]) if renamed else None
            own = {**args, **(changes or {}).get(component, {})}
            return getattr(bicoastal, component)(f"new-{old}" if renamed else old, own, opts)

        places = topology()
        places["regions"][0] |= {"hosts": 3, "zones": 3, "public_hosts": 2}
        east = make("RegionNetwork", topology=places, place="east")
        hosts = swarm_hosts(
            place=places["regions"][0],
            subnets=east.host_subnets(),
            security_group_ids=east.groups_of(Role.MANAGER, Role.DATABASE),
            balancer_security_group_ids=east.groups_of(Role.BALANCER),
            wait_s=0,
        )
        make("SwarmHosts", **hosts)
        if "RegionPeering" not in only:
            return
        west = make("RegionNetwork", "west", topology=places, place="west")
        make("RegionPeering", requester=east.peered(), accepter=west.peered())
        make("ReplicatedBucket", **ARGUMENTS["ReplicatedBucket"]())
        make("BackupRepository", **ARGUMENTS["BackupRepository"]())
        make("CostGuard", **ARGUMENTS["CostGuard"]())
        database = managed_postgres(deletion_protection=False)
        for side, network in (("primary", east), ("replica", west)):
            database[side] |= {
                "subnet_ids": [network.private_subnet_ids[zone] for zone in range(3)],
                "security_group_ids": [network.security_group_ids["managed_database"]],
            }
        make("ManagedPostgres", **database)

    return program


@pytest.fixture(scope="module")
def engine(start):
    engine = start("aws")
    engine.stand_ins["aws"].cloud.billed_tags |= {"environment", "team"}
    return engine


@pytest.fixture(scope="module")
def one_region(engine):
    return engine.up(cloud(only=FIRST))


@pytest.fixture(scope="module")
def journey(engine, one_region):
    return travel(engine, cloud(), changed=cloud(CHANGES), renamed=cloud(CHANGES, renamed=True))


def test_the_second_region_replaces_nothing_of_the_first(one_region, journey):
    first = one_region.resources
    assert set(one_region.changes.values()) == {"create"}
    assert {op for name, op in journey.made.changes.items()} == {"create"}
    assert first < journey.made.resources


def test_what_is_previewed_is_made(journey):
    promises.makes_what_it_previews(journey)


def test_nothing_changes_for_nothing(journey):
    promises.changes_nothing_for_nothing(journey)


def test_the_plan_names_what_the_engine_previews(journey):
    promises.is_planned_as_previewed(journey, cloud())


def test_planted_secrets_are_encrypted_in_the_state(journey):
    promises.keeps_secrets(journey)


@pytest.mark.parametrize("component", list(CHANGES))
def test_a_change_touches_what_it_is_about(journey, component):
    start = f"{component.lower()}-"
    changes = journey.changed.changes
    found = {name.removeprefix(start): op for name, op in changes.items() if name.startswith(start)}
    assert found == EXPECTED[component]


def test_a_rename_with_an_alias_replaces_nothing(journey):
    assert set(journey.renamed.changes.values()) == {"update"}


def test_nothing_is_left_at_the_end(journey):
    promises.leaves_nothing(journey)
