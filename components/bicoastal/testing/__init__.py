"""The test kit: programs on mocks, what a plan must be, and the real engine on stand-ins for the providers.

In a project's `conftest.py`::

    pytest_plugins = ["bicoastal.testing"]

and in a test::

    def test_the_network_is_an_overlay(pulumi_mocks):
        plan = pulumi_mocks.run(my_program)
        assert the(plan, "docker:index/network:Network").inputs["driver"] == "overlay"
"""

from .assertions import assert_budget_within, assert_no_findings, assert_protected, the
from .engine import Engine, Step, Steps
from .fixtures import StartEngine, pulumi_mocks, start_engine
from .mocks import PulumiMocks
from .tree import assert_tree

__all__ = [
    "Engine",
    "PulumiMocks",
    "StartEngine",
    "Step",
    "Steps",
    "assert_budget_within",
    "assert_no_findings",
    "assert_protected",
    "assert_tree",
    "pulumi_mocks",
    "start_engine",
    "the",
]
