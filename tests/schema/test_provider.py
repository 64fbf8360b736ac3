"""What the plugin makes of what a program in another language gives."""

import pulumi
import pytest

from bicoastal.languages import LibraryProvider

NETWORK = {
    "networkName": "shop_internal",
    "tags": {"team": "map"},
    "customize": {"network": {"attachable": False}},
}
BALANCER = {
    "zone": {"zoneId": "0" * 32, "accountId": "0" * 32, "domain": "example.com", "plan": "business"},
    "hostname": "api.example.com",
    "monitor": {"intervalS": 15.0},
    "probeRegions": ["ENAM", "WNAM"],
    "regions": [
        {"name": "east", "addresses": ["203.0.113.1"]},
        {"name": "west", "addresses": ["203.0.113.2"]},
    ],
}


@pytest.fixture(scope="module")
def provider():
    return LibraryProvider()


@pytest.fixture
def construct(provider, pulumi_mocks):
    """What making a component of this type registers, and the outputs that the other language gets."""

    def run(kind, inputs, options=None):
        made = []

        def program():
            given = inputs() if callable(inputs) else inputs
            made.append(provider.construct("it", f"bicoastal:index:{kind}", given, options))
            for key, value in made[0].state.items():
                pulumi.export(key, value)

        return pulumi_mocks.run(program)

    return run


def test_names_are_translated_both_ways(construct):
    plan = construct("OverlayNetwork", NETWORK)
    (network,) = plan.of_type("docker:index/network:Network")
    assert network.inputs["name"] == "shop_internal"
    assert plan.exports["networkId"] == "<it-network.id>"


def test_what_a_user_named_himself_keeps_its_name(construct):
    (network,) = construct("OverlayNetwork", NETWORK).of_type("docker:index/network:Network")
    assert network.inputs["attachable"] is False
    assert {"label": "team", "value": "map"} in network.inputs["labels"]


def test_groups_lists_and_closed_sets_within_are_translated(construct):
    plan = construct("FailoverLoadBalancer", BALANCER)
    (monitor,) = plan.of_type("cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor")
    pools = plan.of_type("cloudflare:index/loadBalancerPool:LoadBalancerPool")
    assert monitor.inputs["interval"] == 15
    assert [pool.inputs["checkRegions"] for pool in pools] == [["ENAM", "WNAM"]] * 2


def test_a_value_that_is_known_later_is_translated_then(construct):
    def inputs():
        later = pulumi.Output.from_input
        image, replicas = later("registry.example.com/app:0123456789ab"), later(3.0)
        return {"image": image, "replicas": replicas, "health": {"command": ["true"]}}

    (service,) = construct("ContainerService", inputs).of_type("docker:index/service:Service")
    assert service.inputs["taskSpec"]["containerSpec"]["image"].startswith("registry.example.com/app:")
    assert service.inputs["mode"]["replicated"]["replicas"] == 3


def test_everything_that_is_wrong_is_told_at_once_and_without_a_traceback(construct):
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        construct("OverlayNetwork", {"netName": "shop_internal", "encrypted": "very"})
    assert {error["property_path"] for error in refused.value.errors} == {
        "netName",
        "encrypted",
        "network_name",
    }


def test_a_component_that_does_not_exist_is_answered_with_those_that_do(construct):
    with pytest.raises(ValueError, match=r"allowed: .*bicoastal:index:OverlayNetwork"):
        construct("Teapot", {})
