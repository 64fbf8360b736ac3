"""Running a Pulumi program on mocks, without leaving anything behind for the next test."""

from collections.abc import Callable, Collection, Mapping

import pytest

from ..plan.record import Plan
from ..plan.recorder import record


class PulumiMocks:
    """Runs programs against mocks that answer every computed property with a typed stand-in, so that every
    `apply` runs, and records each registration with its parent, provider and options."""

    def run(
        self,
        program: Callable[[], object],
        *,
        project: str = "project",
        stack: str = "stack",
        config: Mapping[str, str] | None = None,
        secret_keys: Collection[str] = (),
    ) -> Plan:
        """What `program` registers. An error in it, or in any `apply`, is raised here unchanged."""
        return record(program, project=project, stack=stack, config=config or {}, secret_keys=secret_keys)


@pytest.fixture
def pulumi_mocks() -> PulumiMocks:
    """Mocks for one test: an event loop per run, and Pulumi's global state as it was before."""
    return PulumiMocks()
