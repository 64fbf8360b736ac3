"""The flat program of a plan registers what the plan holds: else it would be no measure for the library."""

import pulumi
import pulumi_docker as docker
import pytest

from benchmarks.flat import flat_program
from bicoastal import TwoRegionStack
from bicoastal.plan import record
from tests.library.arguments import ARGUMENTS


def recorded(program):
    return record(program, project="project", stack="stack", config={})


@pytest.fixture(scope="module")
def stack():
    return recorded(lambda: TwoRegionStack("stack", ARGUMENTS["TwoRegionStack"]()))


def run(stack, with_components):
    text = flat_program(stack, with_components=with_components)
    return recorded(lambda: exec(text, {}))  # noqa: S102 our own text


def last_names(urns):
    return sorted(urn.rpartition("::")[2] for urn in urns)


def facts(resource):
    return {
        "inputs": resource.inputs,
        "needs": last_names(resource.dependencies),
        "provider": last_names([resource.provider or ""]),
        "options": (resource.protect, resource.delete_before_replace, resource.ignore_changes),
    }


@pytest.mark.parametrize("with_components", [False, True])
def test_it_registers_the_same_resources_in_the_same_way(stack, with_components):
    flat = [one for one in run(stack, with_components).resources if one.custom]
    ours = [one for one in stack.resources if one.custom]
    assert {(one.type, one.name): facts(one) for one in flat} == {
        (one.type, one.name): facts(one) for one in ours
    }


def test_its_components_are_the_plans_own_if_there_are_any(stack):
    assert all(one.custom for one in run(stack, with_components=False).resources)
    assert {one.urn for one in run(stack, with_components=True).resources} == {
        one.urn for one in stack.resources
    }


def test_it_takes_what_another_resource_makes_from_that_resource(stack):
    assert "config_id=r" in flat_program(stack, with_components=False)


def test_it_waits_for_what_no_value_comes_from():
    def program():
        first = docker.Volume("first")
        docker.Volume("second", opts=pulumi.ResourceOptions(depends_on=[first]))

    plan = recorded(program)
    text = flat_program(plan, with_components=False)
    assert "depends_on=[r0]" in text.splitlines()[-1]
