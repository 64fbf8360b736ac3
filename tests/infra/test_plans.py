"""What staging and production are made of, as a plan without an account shows it."""

import json
import re
import time

import pytest

from bicoastal.checks.resources.everywhere import HOLDS_DATA
from bicoastal.cli.plan import Format, render
from bicoastal.cli.planned import planned
from bicoastal.network import EdgeRanges
from bicoastal.plan import record
from bicoastal.plan.classes import CLASSES
from bicoastal.plan.findings import findings
from bicoastal.plan.review import Review
from bicoastal.twin.project import Project
from infra.composition import compose
from tests.infra import environments
from tests.infra.environments import CLOUD, ROOT
from tests.infra.test_worker import VIEW
from tests.plan.another_process import by_another_process, in_every_format

REGIONS = {"us-east-1", "us-west-2", "us-east-2"}
pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def reviews():
    """The plan of each environment in a cloud."""
    return {environment: planned(Project.find(ROOT), environment) for environment in CLOUD}


@pytest.fixture(params=CLOUD)
def review(request, reviews):
    """The plan of one of them after the other."""
    return reviews[request.param]


@pytest.fixture
def production(reviews):
    """Production's resources by name and type."""
    return {(r.type, r.name): r for r in reviews["production"].plan.resources}


def the(resources, token):
    """The resources of a type."""
    return [resource for (kind, _), resource in resources.items() if kind == token]


LIVED_WITH = {"docker-network-encrypted"}
"""Low, and left in sight."""


def test_nothing_is_found_but_what_is_low_and_lived_with(review):
    assert {finding.check.id for finding in review.findings} <= LIVED_WITH
    assert not review.fails


def test_production_is_judged_without_one_exception(reviews):
    assert reviews["production"].judged.suppressed == []


def test_all_checks_over_production_take_less_than_a_second(reviews):
    review = reviews["production"]
    took = []
    for _ in range(3):
        begun = time.process_time()
        findings(review.plan, review.config, review.secret_keys)
        took.append(time.process_time() - begun)
    assert min(took) < 1


def test_every_resource_of_aws_names_its_region(review):
    regional = [
        resource
        for resource in review.plan.resources
        if resource.custom
        and resource.type.startswith("aws:")
        and any(known.name == "region" for known in CLASSES.properties(resource.type))
    ]
    assert len(regional) > 300
    assert {resource.inputs.get("region") for resource in regional} == REGIONS


def test_every_resource_has_a_provider_that_is_named(review):
    custom = [r for r in review.plan.resources if r.custom and not r.type.startswith("pulumi:providers:")]
    assert [r.name for r in custom if r.provider is None] == []
    assert json.loads(review.config["pulumi:disable-default-providers"]) == ["*"]


def test_no_other_account_is_touched(production):
    (provider,) = the(production, "pulumi:providers:aws")
    assert json.loads(provider.inputs["allowedAccountIds"]) == ["[fill-in smellpin:cloud.account_id]"]


def test_what_holds_data_is_protected_in_production_alone(reviews):
    holding = set(HOLDS_DATA)

    def protected(environment):
        resources = [r for r in reviews[environment].plan.resources if r.type in holding]
        assert len(resources) > 10
        return {resource.protect for resource in resources}

    assert protected("production") == {True}
    assert protected("staging") == {False}


def test_production_fails_over_within_its_limit_by_the_probes_that_are_deployed(reviews, production):
    budget = reviews["production"].budgets["smellpin"]
    (monitor,) = the(production, "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor")
    probes = monitor.inputs
    detection = probes["consecutiveDown"] * probes["interval"] + probes["timeout"] * (probes["retries"] + 1)
    assert budget["detection_s"] == detection == 48
    assert budget["total_s"] <= 60
    assert budget["other_way_total_s"] <= budget["limit_s"] == 120


def test_staging_says_what_the_smaller_plan_costs(reviews):
    budget = reviews["staging"].budgets["smellpin"]
    assert 120 < budget["total_s"] <= budget["limit_s"] == 180


def test_the_tree_names_the_budget_and_what_is_to_be_filled_in(review):
    tree = render(review, Format.TREE)
    assert "failover budget of smellpin" in tree
    assert f"to fill in before it can be made: {len(review.to_fill_in)}" in tree
    assert "  smellpin:edge.zone_id: the zone's id at Cloudflare, 32 hexadecimal digits" in tree
    assert "findings: 3 low" in tree


def test_what_is_in_a_places_region_stands_with_its_services(review):
    assert set(review.places.values()) == {"east", "west", "witness", "everywhere"}
    places = {urn.rpartition("::")[2]: place for urn, place in review.places.items()}
    west = ("west-network-vpc", "west-hosts-host-0", "uploads-us-west-2-bucket", "west-redis-redis-service")
    assert {places[f"smellpin-{name}"] for name in west} == {"west"}
    assert places["smellpin-east-hosts-manager-role"] == "everywhere"


def test_scanners_get_every_resource_of_aws(review):
    shown = json.loads(render(review, Format.TFPLAN))
    planned_addresses = [one["address"] for one in shown["resource_changes"]]
    of_aws = [r for r in review.plan.resources if r.custom and r.type.startswith("aws:")]
    assert len([address for address in planned_addresses if address.startswith("aws_")]) == len(of_aws)
    assert [token for token in shown["left_out"] if token.startswith("aws:")] == []


def test_each_place_has_a_network_that_is_joined_to_the_other_two(production):
    assert len(the(production, "aws:ec2/vpc:Vpc")) == 3
    peerings = the(production, "aws:ec2/vpcPeeringConnection:VpcPeeringConnection")
    joined = {(p.inputs["region"], p.inputs["peerRegion"]) for p in peerings}
    assert joined == {("us-east-1", "us-west-2"), ("us-east-1", "us-east-2"), ("us-west-2", "us-east-2")}


def test_hosts_of_a_region_are_in_three_zones_and_the_edge_reaches_those_with_a_balancer(production):
    hosts = the(production, "aws:ec2/instance:Instance")
    subnets = {host.inputs["subnetId"] for host in hosts if host.inputs["region"] == "us-east-1"}
    assert subnets == {
        f"<smellpin-east-network-{subnet}.id>" for subnet in ("public-1", "public-2", "private-3")
    }
    pools = the(production, "cloudflare:index/loadBalancerPool:LoadBalancerPool")
    origins = {pool.name: [o["address"] for o in pool.inputs["origins"]] for pool in pools}
    assert origins == {
        f"smellpin-balancer-pool-{region}": [
            f"<smellpin-{region}-hosts-association-{host}.public_ip>" for host in (0, 1)
        ]
        for region in ("east", "west")
    }


def test_an_account_chooses_the_zones_that_its_hosts_stand_in():
    config = environments.planned("production")
    zones = ["us-east-1b", "us-east-1d", "us-east-1f"]
    config = environments.changed(config, "cloud.zones", {"east": zones})
    plan = record(compose, project="smellpin", stack="production", config=config)
    subnets = [s for s in plan.of_type("aws:ec2/subnet:Subnet") if s.inputs["region"] == "us-east-1"]
    assert sorted({subnet.inputs["availabilityZone"] for subnet in subnets}) == zones


def test_each_region_of_production_has_a_group_of_workers_over_three_zones(production):
    groups = {g.inputs["region"]: g.inputs for g in the(production, "aws:autoscaling/group:Group")}
    assert sorted(groups) == ["us-east-1", "us-west-2"]
    east = groups["us-east-1"]
    assert (east["minSize"], east["maxSize"], east["defaultInstanceWarmup"]) == (2, 6, 300)
    assert east["vpcZoneIdentifiers"] == [f"<smellpin-east-network-private-{zone}.id>" for zone in (1, 2, 3)]
    (policy, _) = the(production, "aws:autoscaling/policy:Policy")
    assert policy.inputs["targetTrackingConfiguration"]["targetValue"] == 60


def test_the_documentation_finds_a_regions_group_by_the_name_that_it_has(production):
    groups = the(production, "aws:autoscaling/group:Group")
    names = {tag["value"] for group in groups for tag in group.inputs["tags"] if tag["key"] == "Name"}
    assert names == {"worker.east.production", "worker.west.production"}
    told = (ROOT / "docs/operations.md").read_text()
    assert "--filters Name=tag:Name,Values=worker.east.production" in told


def test_workers_have_the_role_of_workers_alone(production):
    template = production["aws:ec2/launchTemplate:LaunchTemplate", "smellpin-east-hosts-worker-template"]
    groups = template.inputs["vpcSecurityGroupIds"]
    assert groups == ["<smellpin-east-network-groups-group-worker.id>"]


def test_production_runs_its_api_on_workers_and_staging_counts_its_tasks(reviews):
    def modes(environment):
        services = reviews[environment].plan.of_type("docker:index/service:Service")
        return [s.inputs["mode"] for s in services if "-api-" in s.name]

    assert modes("production") == [{"global": True}] * 4
    assert modes("staging") == [{"replicated": {"replicas": 1}}] * 4
    assert reviews["staging"].plan.of_type("aws:autoscaling/group:Group") == []


def test_a_host_has_a_volume_where_something_keeps_data_and_nowhere_else(production):
    volumes = the(production, "aws:ebs/volume:Volume")
    zones = sorted(volume.inputs["availabilityZone"] for volume in volumes)
    assert zones == ["us-east-1a", "us-east-1b", "us-east-2a", "us-west-2a", "us-west-2b"]


def test_a_host_has_no_more_groups_than_aws_lets_it(review):
    hosts = review.plan.of_type("aws:ec2/instance:Instance")
    assert max(len(host.inputs["vpcSecurityGroupIds"]) for host in hosts) == 5


def test_the_stack_is_made_once_each_engine_answers_by_a_session_and_no_port(production):
    engines = {p.name: p.inputs for p in the(production, "pulumi:providers:docker")}
    assert {name: engine["host"] for name, engine in engines.items()} == {
        f"smellpin-docker-{place}": f"ssh://deploy@{place}.production"
        for place in ("east", "west", "witness")
    }
    for place in ("east", "west", "witness"):
        provider = the(production, "pulumi:providers:docker")
        own = next(p for p in provider if p.name == f"smellpin-docker-{place}")
        assert any(f"smellpin-{place}-hosts-ready" in urn for urn in own.property_dependencies["host"])
        assert f"bicoastal ssh-proxy {place}.production" in str(own.inputs["sshOpts"])
    whole = next(r for r in production.values() if r.type == "bicoastal:index:TwoRegionStack")
    waits = [urn.rpartition("::")[2] for urn in whole.dependencies]
    assert any(name.startswith("smellpin-east-west-peering") for name in waits)


def test_balancers_speak_tls_with_the_edge_alone(production):
    services = [s for s in the(production, "docker:index/service:Service") if "-haproxy-" in s.name]
    assert len(services) == 4
    for service in services:
        published = [port["publishedPort"] for port in service.inputs["endpointSpec"]["ports"]]
        assert 443 in published
        assert 8080 not in published
    for config in the(production, "docker:index/serviceConfig:ServiceConfig"):
        if "haproxy-file-haproxy" in config.name:
            assert "verify required" in config.inputs["dataRaw"]


def test_the_script_of_the_pins_is_asked_for_each_view_of_the_map(production):
    (route,) = the(production, "cloudflare:index/workersRoute:WorkersRoute")
    pattern = route.inputs["pattern"].replace("[fill-in smellpin:edge.domain]", "example.com")
    # The edge compares a pattern with the whole address, query string included.
    led_here = re.escape(f"https://{pattern}").replace(re.escape("*"), ".*")
    assert re.fullmatch(led_here, VIEW)
    assert not re.fullmatch(led_here, "https://api.example.com/api/users")


def test_newer_networks_of_the_edge_reach_groups_and_balancers_alike(tmp_path, monkeypatch):
    file = tmp_path / "edge_ranges.json"
    EdgeRanges("Cloudflare", "2999-01-01", ["9.9.9.0/24"], ["2620:fe::/48"]).write(file)
    monkeypatch.setattr("infra.settings.EDGE_RANGES", file)
    config = environments.planned("production")
    plan = record(compose, project="smellpin", stack="production", config=config)
    lists = plan.of_type("aws:ec2/managedPrefixList:ManagedPrefixList")
    let_in = {entry["cidr"] for found in lists for entry in found.inputs["entries"]}
    assert let_in == {"9.9.9.0/24", "2620:fe::/48"}
    configs = plan.of_type("docker:index/serviceConfig:ServiceConfig")
    believing = [text for config in configs if "set-src" in (text := config.inputs["dataRaw"])]
    assert len(believing) == 4
    assert all("{ src 9.9.9.0/24 2620:fe::/48 }" in text for text in believing)


def test_this_year_may_cost_30_percent_more_than_the_last(reviews):
    exports = reviews["production"].plan.exports["cost_limits"]["production"]
    assert exports["growth_percent"] == 30
    assert exports["yearly"] == pytest.approx(1.3 * exports["last_year"], abs=0.01)


def test_the_twin_has_neither_cloud_nor_edge():
    resources = planned(Project.find(ROOT), "local").plan.resources
    assert {r.type.partition(":")[0] for r in resources} == {"bicoastal", "docker", "pulumi"}


def test_the_same_settings_give_the_same_bytes_in_another_process(reviews):
    assert by_another_process(ROOT, "production") == in_every_format(reviews["production"])


def test_no_secret_is_shown_in_any_format():
    config = environments.planned("production")
    hidden = {
        key
        for key in config
        if "_password" in key or ":key_" in key or key.endswith(("_key", ":rotation_key"))
    }
    assert len(hidden) > 25
    pem = "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n"
    planted = {
        key: pem.format(f"planted-{number}")
        if "key_" in key or "origin" in key
        else f"planted-{number}-and-long-enough"
        for number, key in enumerate(sorted(hidden))
    }
    config |= planted
    plan = record(compose, project="smellpin", stack="production", config=config, secret_keys=hidden)
    review = Review("smellpin", "production", plan, config, frozenset(hidden))
    assert {finding.check.id for finding in review.findings} <= LIVED_WITH
    for form in Format:
        assert "planted-" not in render(review, form)
