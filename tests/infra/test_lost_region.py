"""What is left out of an `up` while the east is lost, by the command in docs/operations.md."""

import re

import pytest

from bicoastal.cli.planned import planned
from bicoastal.plan.places import places_of
from bicoastal.twin.project import Project
from tests.infra.environments import CLOUD, ROOT, left_out_with_the_east

LOST = {"east"}
LEFT = {"west", "witness"}
BETWEEN = re.compile(r"-(to|from)-east(-|$)|^smellpin-east-(west|witness)-peering-")
"""What a place that is left has for the lost one alone."""


@pytest.fixture(scope="module", params=CLOUD)
def review(request):
    return planned(Project.find(ROOT), request.param)


def excluded(urn):
    """Whether a pattern names it, as the engine reads them: `*` stops at a colon and `**` does not."""
    parts = {"**": ".*", "*": "[^:]*"}
    patterns = [
        "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*|\*)", pattern))
        for pattern in left_out_with_the_east()
    ]
    return any(re.fullmatch(pattern, urn) for pattern in patterns)


def test_everything_in_the_lost_region_is_left_out(review):
    lost = [urn for urn, place in places_of(review.plan).items() if place in LOST]
    assert len(lost) > 200
    assert [urn for urn in lost if not excluded(urn)] == []


def test_in_the_places_that_are_left_only_what_leads_to_the_lost_one_is_left_out(review):
    left = [urn for urn, place in places_of(review.plan).items() if place in LEFT and excluded(urn)]
    assert left
    assert [urn for urn in left if not BETWEEN.search(urn.rpartition("::")[2])] == []
