"""What tests of components share."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import bicoastal
from bicoastal import RegionNetwork
from bicoastal.plan.record import Plan
from bicoastal.testing import PulumiMocks
from tests.library.arguments import ARGUMENTS
from tests.library.programs import Programs
from tests.library.runners import equip
from tests.library.samples import topology


@pytest.fixture(autouse=True)
def event_loop() -> Iterator[None]:
    """Arguments may hold an Output, made before the run that has a loop of its own."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(scope="module")
def network():
    """The plan of a place's network. A plan is data: one of the same arguments is made once."""
    made: dict[str, Plan] = {}

    def plan(place="east", **own):
        args = {"topology": topology(), "place": place, **own}
        if repr(args) not in made:
            made[repr(args)] = PulumiMocks().run(lambda: RegionNetwork("it", args), stack="production")
        return made[repr(args)]

    return plan


@pytest.fixture
def made(pulumi_mocks):
    """What a component of this name registers: by its logical name, without the component's before it."""

    def run(component: str, **own: Any):
        plan = pulumi_mocks.run(
            lambda: getattr(bicoastal, component)("it", {**ARGUMENTS[component](), **own})
        )
        return {resource.name.removeprefix("it-"): resource for resource in plan.resources if resource.custom}

    return run


@pytest.fixture
def runner(monkeypatch):
    """A runner of its own, with a home whose path is as short as a user's."""
    with TemporaryDirectory(dir="/tmp") as folder:
        programs = Programs(Path(folder))
        monkeypatch.setenv("PATH", str(programs.folder))
        monkeypatch.setenv("HOME", str(programs.home))
        equip(programs)
        yield programs
