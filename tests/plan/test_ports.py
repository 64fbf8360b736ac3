"""Host ports over all services of a plan."""

import pulumi
import pulumi_docker as docker
import pytest

from bicoastal import ContainerService, TwoRegionStack
from bicoastal.plan.ports import port_problems
from tests.library.arguments import ARGUMENTS
from tests.library.samples import PEM, secret


def service(name: str, port: int, provider: pulumi.ProviderResource, *constraints: str) -> None:
    ContainerService(
        name,
        {
            "image": "app:1",
            "health": {"command": ["true"]},
            "ports": [{"published": port}],
            "constraints": list(constraints),
        },
        pulumi.ResourceOptions(providers=[provider]),
    )


@pytest.mark.parametrize(
    ("second", "problems"),
    [
        (("east", 8080, "engine.labels.host==0"), 1),
        (("east", 8081, "engine.labels.host==0"), 0),
        (("east", 8080, "engine.labels.host==1"), 0),
        (("west", 8080, "engine.labels.host==0"), 0),
    ],
)
def test_a_port_taken_twice_on_a_host_is_a_problem(pulumi_mocks, second, problems):
    place, port, constraint = second

    def program() -> None:
        providers = {name: docker.Provider(name, host=f"unix:///{name}") for name in ("east", "west")}
        service("one", 8080, providers["east"], "engine.labels.host==0")
        service("two", port, providers[place], constraint)

    found = list(port_problems(pulumi_mocks.run(program)))
    assert len(found) == problems
    for problem in found:
        assert "8080 by stack_one and by stack_two" in str(problem)


@pytest.mark.parametrize("members", [1, 2, 5])
def test_nothing_in_a_stack_takes_a_port_of_its_neighbour_even_on_one_host(pulumi_mocks, members):
    def program() -> None:
        args = ARGUMENTS["TwoRegionStack"]()
        args["database"] = {"members_per_region": members}
        for name in (f"{region}-postgres-{n}" for region in ("east", "west") for n in range(1, members + 1)):
            args["credentials"]["certificates"][name] = {"certificate": PEM, "key": secret(PEM)}
        TwoRegionStack("it", args)

    plan = pulumi_mocks.run(program)
    assert plan.of_type("docker:index/service:Service")
    assert list(port_problems(plan)) == []
