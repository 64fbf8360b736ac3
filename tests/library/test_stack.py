"""The whole stack: what it makes where, and in which order it changes."""

from bicoastal import TwoRegionStack
from tests.library.arguments import ARGUMENTS

SERVICE = "docker:index/service:Service"


def test_each_place_gets_a_docker_provider_of_its_own(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: TwoRegionStack("it", ARGUMENTS["TwoRegionStack"]()))
    hosts = {p.urn: p.inputs["host"] for p in plan.of_type("pulumi:providers:docker")}
    assert sorted(hosts.values()) == ["ssh://e", "ssh://w", "ssh://x"]
    for service in plan.of_type("docker:index/service:Service"):
        place = service.name.split("-")[1]
        assert hosts[service.provider] == {"east": "ssh://e", "west": "ssh://w", "witness": "ssh://x"}[place]


def test_a_region_with_two_hosts_has_two_balancers_and_the_witness_none(pulumi_mocks):
    def program():
        args = ARGUMENTS["TwoRegionStack"]()
        args["topology"]["regions"][0]["hosts"] = 3
        TwoRegionStack("it", args)

    plan = pulumi_mocks.run(program)
    balancers = [b.name for b in plan.of_type("bicoastal:index:Balancer")]
    assert sorted(balancers) == ["it-east-haproxy-1", "it-east-haproxy-2", "it-west-haproxy-1"]


def arrivals(pulumi_mocks, **topology):
    """The names of the services, in the order in which they are made or changed."""

    def program():
        args = ARGUMENTS["TwoRegionStack"]()
        args["topology"].update(topology)
        TwoRegionStack("it", args)

    return [service.name for service in pulumi_mocks.run(program).of_type(SERVICE)]


def test_the_primarys_region_changes_last_when_all_others_have_converged(pulumi_mocks):
    places = [name.split("-")[1] for name in arrivals(pulumi_mocks)]
    assert set(places[places.index("east") :]) == {"east"}
    places = [name.split("-")[1] for name in arrivals(pulumi_mocks, primary="west")]
    assert set(places[places.index("west") :]) == {"west"}


def test_a_regions_members_change_one_after_the_other(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: TwoRegionStack("it", ARGUMENTS["TwoRegionStack"]()))
    members = {m.name: m for m in plan.of_type("bicoastal:index:PostgresMember")}
    for region in ("east", "west"):
        first, second = (members[f"it-{region}-postgres-{number}"] for number in (1, 2))
        waited_for = {plan.find(urn).name for urn in second.dependencies}
        assert f"{first.name}-member-service" in waited_for
        assert not any("postgres" in plan.find(urn).name for urn in first.dependencies if region == "west")


def test_a_stack_that_nobody_uses_yet_is_made_at_once(pulumi_mocks):
    def program():
        TwoRegionStack("it", {**ARGUMENTS["TwoRegionStack"](), "rollout": "at_once"})

    plan = pulumi_mocks.run(program)
    waited_for = {plan.find(urn).type for one in plan.of_type(SERVICE) for urn in one.dependencies}
    assert not any(one.dependencies for one in plan.of_type("bicoastal:index:PostgresMember"))
    assert "bicoastal:index:RegionStack" not in waited_for
    made = {(one.type, one.name) for one in plan.resources}
    plan = pulumi_mocks.run(lambda: TwoRegionStack("it", ARGUMENTS["TwoRegionStack"]()))
    assert {(one.type, one.name) for one in plan.resources} == made
