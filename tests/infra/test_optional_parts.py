"""Watchers that are declared apart: without a cloud each needs its images."""

import json

import pytest

from bicoastal.monitoring.watchers.optional import OPTIONAL_PARTS
from infra.settings import optional_parts
from tests.infra.environments import planned

IMAGES = {image for part in OPTIONAL_PARTS.values() for image in part.images}


def test_promtail_is_needed_in_place_of_alloy_where_it_is_the_collector():
    chosen = {"logs": {"collector": "promtail"}}
    assert optional_parts(chosen, images("loki", "promtail")) == chosen
    assert optional_parts(chosen, images("loki", "alloy")) == {}


def images(*had):
    known = json.loads(planned("production")["smellpin:images"])
    given = {name: image for name, image in known.items() if name not in IMAGES}
    return {**given, **{name: f"example/{name}:1" for name in had}}


@pytest.mark.parametrize("part", OPTIONAL_PARTS)
def test_a_part_is_left_out_as_one_where_one_of_its_images_could_not_be_had(part):
    needed = OPTIONAL_PARTS[part].images
    chosen = {"routing": {}, part: {}}
    assert optional_parts(chosen, images(*needed)) == chosen
    for image in needed:
        had = [name for name in needed if name != image]
        assert optional_parts(chosen, images(*had)) == {"routing": {}}
