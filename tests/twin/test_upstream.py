"""Published images, asked of a real engine."""

import time

import pytest

from bicoastal.twin.upstream import ANSWER_S, listed, obtain
from tests.twin.conftest import PROJECT

NAME = "jaeger"


def test_the_engine_has_a_published_image_by_its_digest_or_says_why_not_in_little_time(client):
    image = listed(PROJECT / "images")[NAME]
    said = []
    begun = time.monotonic()
    upstream = obtain(client, [NAME], {NAME: image}, lambda what, state: said.append((what, state)))
    took_s = time.monotonic() - begun
    if NAME in upstream.had:
        assert client.images.get(image.tag).id == client.images.get(image.reference).id
        pytest.skip("a registry answers here, so that nothing is left out")
    reason = upstream.left_out[NAME]
    assert reason
    assert "\n" not in reason
    assert took_s < ANSWER_S + 2
    assert said == [(NAME, f"pulling {image.repository}:{image.version}")]
