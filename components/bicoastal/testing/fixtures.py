"""The kit's pytest fixtures."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .engine import Engine
from .mocks import PulumiMocks
from .stand_ins import StandIn, serve, stand_in_for

StartEngine = Callable[..., Engine]


@pytest.fixture
def pulumi_mocks() -> PulumiMocks:
    """Mocks for one test: an event loop per run, and Pulumi's global state as it was before."""
    return PulumiMocks()


@pytest.fixture(scope="module")
def start_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartEngine]:
    """Starts a stack of its own on the real engine, with a stand-in for each provider that is named or given
    as a `StandIn`. Skips where there is no `pulumi` on PATH.

    `start_engine("aws", "docker", project="shop", name="production", config={...}, secrets={...})`
    """
    if shutil.which("pulumi") is None:
        pytest.skip("needs `pulumi` on PATH")
    with contextlib.ExitStack() as running:

        def starting(*providers: str | StandIn, **own: Any) -> Engine:
            if "aws" in providers:
                running.enter_context(_aws())
            given = [stand_in_for(one) if isinstance(one, str) else one for one in providers]
            stand_ins = {one.package: one for one in given}
            ports = {name: running.enter_context(serve(one)) for name, one in stand_ins.items()}
            return Engine(tmp_path_factory.mktemp("stack"), stand_ins, ports, **own)

        yield starting


def _aws() -> contextlib.AbstractContextManager[object]:
    """The account that the stand-in for AWS asks."""
    try:
        from moto import mock_aws
    except ImportError as error:
        raise ModuleNotFoundError(
            "the stand-in for AWS needs moto; fix: install the extra `bicoastal[testing]`"
        ) from error
    account: contextlib.AbstractContextManager[object] = mock_aws()
    return account
