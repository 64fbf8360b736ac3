"""The test kit: run a program on mocks, each test in an event loop of its own.

In a project's `conftest.py`::

    pytest_plugins = ["bicoastal.testing"]

and in a test::

    def test_the_network_is_an_overlay(pulumi_mocks):
        plan = pulumi_mocks.run(my_program)
        assert plan.of_type("docker:index/network:Network")[0].inputs["driver"] == "overlay"
"""

from .mocks import PulumiMocks, pulumi_mocks

__all__ = ["PulumiMocks", "pulumi_mocks"]
