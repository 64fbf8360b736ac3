"""The components in a program that is not Python's."""

import json

import pytest

from tests.library.samples import PLANTED_SECRET

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def shop(start_yaml):
    engine = start_yaml("shop.yaml", "aws", "cloudflare", "docker", token=PLANTED_SECRET)
    engine.stand_ins["cloudflare"].cloud.known_zones.add("zone")
    engine.run("preview")
    engine.run("up", "--yes", "--skip-preview")
    return engine


def cloud(engine, provider):
    return engine.stand_ins[provider].cloud


def test_each_component_is_made_with_all_that_belongs_to_it(shop):
    records = cloud(shop, "cloudflare").of("cloudflare:index/dnsRecord:DnsRecord")
    assert {(one.properties["name"], one.properties["ttl"]) for one in records} == {
        ("www.example.com", 300),
        ("example.com", 60),
    }
    buckets = cloud(shop, "aws").of("aws:s3/bucket:Bucket")
    assert {(one.properties["region"], one.properties["tags"]["team"]) for one in buckets} == {
        ("us-east-1", "map"),
        ("us-west-2", "map"),
    }
    (service,) = cloud(shop, "docker").of("docker:index/service:Service")
    (network,) = cloud(shop, "docker").of("docker:index/network:Network")
    assert service.properties["mode"]["replicated"]["replicas"] == 2
    assert [one["id"] for one in service.properties["taskSpec"]["networksAdvanceds"]] == [network.id]
    environment = service.properties["taskSpec"]["containerSpec"]["env"]
    assert environment["BUCKET"] == "shop-media-east"


def test_their_children_are_below_them(shop):
    resources = shop.state().values()
    parents = {one["urn"].rpartition("::")[2]: one.get("parent", "").rpartition("::")[2] for one in resources}
    assert (parents["app-service"], parents["network-network"]) == ("app", "network")


def test_their_outputs_reach_the_program(shop):
    outputs = json.loads(shop.run("stack", "output", "--json"))
    assert outputs["service"] == "production_app"
    assert set(outputs["records"]) == {"www", "mail"}
    assert outputs["buckets"] == {"us-east-1": "shop-media-east", "us-west-2": "shop-media-west"}


def test_a_secret_of_the_program_is_one_in_the_state(shop):
    assert PLANTED_SECRET not in json.dumps(shop.state())


def test_a_second_run_changes_nothing(shop):
    shop.run("up", "--yes", "--skip-preview", "--expect-no-changes")


def test_what_a_component_says_of_its_arguments_is_all_that_is_said(start_yaml):
    engine = start_yaml("refused.yaml", "docker")
    said = engine.fails("preview")
    assert "OverlayNetwork 'network' cannot be made from these arguments" in said
    assert "network_name" in said
    assert "Traceback" not in said
    assert ".py" not in said
