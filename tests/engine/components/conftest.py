"""The real engine, with stand-ins for the providers: no Docker, no account, nothing past loopback."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from tests.engine.stand_ins import Cloud, StandIn, read_kinds, serve
from tests.engine.stand_ins.aws import Aws
from tests.engine.stand_ins.cloudflare import Cloudflare
from tests.engine.stand_ins.docker import Docker

from .engine import Engine

pytest.register_assert_rewrite("tests.engine.components.promises")

TABLES = Path(__file__).parent.parent / "stand_ins"
CLOUDS = {"aws": Aws, "cloudflare": Cloudflare, "docker": Docker, "vercel": Cloud}
DISTRIBUTIONS = {"vercel": "pulumiverse-vercel"}
"""Where it is not named after the provider."""

Start = Callable[..., Engine]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts a stack of its own, with a stand-in for each provider that is named."""
    if shutil.which("pulumi") is None:
        pytest.skip("needs `pulumi` on PATH")
    with contextlib.ExitStack() as running:

        def starting(*providers: str, **own: Any) -> Engine:
            if "aws" in providers:
                running.enter_context(mock_aws())
            stand_ins = {
                name: StandIn(
                    name,
                    version(DISTRIBUTIONS.get(name, f"pulumi-{name}")),
                    CLOUDS[name](read_kinds(TABLES / f"{name}.yaml")),
                )
                for name in providers
            }
            ports = {name: running.enter_context(serve(it)) for name, it in stand_ins.items()}
            return Engine(tmp_path_factory.mktemp("stack"), stand_ins, ports, **own)

        yield starting
