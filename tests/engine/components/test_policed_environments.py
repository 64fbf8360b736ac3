"""Production under the policy pack on the real engine: it finds what the plan finds, and where."""

import shutil
from collections import Counter

import pytest

from bicoastal.checks.resources.suppressions import FILE
from bicoastal.cli.planned import planned
from bicoastal.twin.project import Project
from infra.composition import compose
from tests.infra.environments import ROOT

from .filled import filled
from .pack import police
from .policed import weakened

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def engine(start):
    """Production's stack with everything filled in, and the suppressions beside it."""
    config, secrets = filled("production")
    clouds = ("aws", "cloudflare", "docker")
    engine = start(*clouds, project="smellpin", name="production", config=config, secrets=secrets)
    engine.stack(compose)
    shutil.copy(ROOT / FILE, engine.folder)
    return engine


def found_by_the_plan(engine):
    """Each finding's check and resource, by the program and the settings in the stack's folder."""
    review = planned(Project.find(engine.folder), engine.name)
    return Counter((one.check.id, one.resource.urn) for one in review.findings)


def test_the_pack_finds_in_production_what_the_plan_finds(engine):
    answer = police(engine, compose)
    assert not answer.refused, answer.said
    assert answer.found == found_by_the_plan(engine)


def test_the_pack_finds_what_the_plan_finds_when_all_of_production_is_weakened(engine):
    answer = police(engine, weakened)
    assert answer.refused
    expected = found_by_the_plan(engine)
    assert answer.found == expected, (answer.found - expected, expected - answer.found)
    assert len({check for check, _ in expected}) >= 18
    assert sum(expected.values()) >= 300
