"""A stage for each fault: the twin healthy with the primary at home before it, and restored after it."""

import secrets
from collections.abc import Iterable, Iterator

import pytest

from bicoastal.twin.drills.outcome import Measure
from bicoastal.twin.drills.stage import Stage, staged
from bicoastal.twin.twin import Twin


@pytest.fixture
def stage(twin: Twin, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with staged(twin, request.node.name, f"fault-{secrets.token_hex(3)}", print) as stage:
        yield stage


def hold(measures: Iterable[Measure]) -> None:
    """Every figure is within its limit, or the test fails with all of them."""
    all_of_them = list(measures)
    assert all(measure.passed for measure in all_of_them), "; ".join(map(str, all_of_them))
