"""The components of the edge on the real engine, against Cloudflare's rules."""

import pulumi
import pytest

import bicoastal
from tests.library.arguments import ARGUMENTS

from . import promises
from .journey import travel

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

OWN = {
    # The zone has the records for its authorities, and the name without a path.
    "DnsRecords": {"records": {"api": {"type": "A", "name": "api.example.com", "content": "192.0.2.7"}}},
    "FailoverLoadBalancer": {"hostname": "shop.example.com"},
}
CHANGES = {
    "EdgeZone": {"hsts": {"max_age_s": 86400}},
    "DnsRecords": {"records": {"api": {"type": "A", "name": "api.example.com", "content": "192.0.2.8"}}},
    "FailoverLoadBalancer": {"monitor": {"interval_s": 30}},
    "EdgeRules": {"cache": [], "custom": [{"key": "no-admin", "expression": 'http.host eq "admin"'}]},
    "EdgeWorker": {"rollout": {"v1": 50.0, "v2": 50.0}},
    "FrontendDomain": {"address": "76.76.21.22"},
}
EXPECTED = {
    "EdgeZone": {"setting-security-header": "update"},
    "DnsRecords": {"api": "update"},
    "FailoverLoadBalancer": {"monitor": "update"},
    "EdgeRules": {"cache": "delete", "custom": "update"},
    "EdgeWorker": {"deployment": "replace"},
    "FrontendDomain": {"records-domain": "update"},
}
COMPONENTS = list(CHANGES)


def edge(changes=None, *, renamed=False):
    """A program with all components of the edge in one zone."""

    def program():
        zone = {}
        for component in COMPONENTS:
            old = component.lower()
            opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=old)]) if renamed else None
            args = {**ARGUMENTS[component](), **OWN.get(component, {}), **(changes or {}).get(component, {})}
            made = getattr(bicoastal, component)(f"new-{old}" if renamed else old, {**args, **zone}, opts)
            zone = zone or {"zone": made.reference}

    return program


@pytest.fixture(scope="module")
def journey(start):
    return travel(
        start("cloudflare", "vercel"), edge(), changed=edge(CHANGES), renamed=edge(CHANGES, renamed=True)
    )


def test_what_is_previewed_is_made(journey):
    promises.makes_what_it_previews(journey)


def test_nothing_changes_for_nothing(journey):
    promises.changes_nothing_for_nothing(journey)


def test_the_plan_names_what_the_engine_previews(journey):
    promises.is_planned_as_previewed(journey, edge())


def test_planted_secrets_are_encrypted_in_the_state(journey):
    promises.keeps_secrets(journey)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_change_touches_what_it_is_about(journey, component):
    start = f"{component.lower()}-"
    found = {
        name.removeprefix(start): op for name, op in journey.changed.changes.items() if name.startswith(start)
    }
    assert found == EXPECTED[component]


def test_a_rename_with_an_alias_replaces_nothing(journey):
    assert set(journey.renamed.changes.values()) <= {"update"}


def test_signatures_outlive_the_program(start):
    def zone(**own):
        there = {"zone_id": "there", "protect": False, **own}
        return lambda: bicoastal.EdgeZone("zone", {**ARGUMENTS["EdgeZone"](), **there})

    engine = start("cloudflare")
    edge = engine.stand_ins["cloudflare"].cloud
    edge.known_zones.add("there")
    engine.up(zone())
    engine.forget_calls()
    assert "zone-dnssec" in engine.up(zone(dnssec=False)).changes
    engine.destroy()
    assert "zone-dnssec" not in {name for _, name in engine.forget_calls()}
    assert len(edge.of("cloudflare:index/zoneDnssec:ZoneDnssec")) == 1


def test_nothing_is_left_at_the_end(journey):
    promises.leaves_nothing(journey)
