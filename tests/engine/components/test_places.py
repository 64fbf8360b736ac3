"""The whole stack of containers on the real engine, with Docker's rules for what replaces what."""

import pytest

from bicoastal import RegionStack, TwoRegionStack
from tests.library.samples import ARGUMENTS, credentials, images, secret, site

from . import promises
from .journey import travel

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]

NEXT_API = "registry.example.com/api:ba9876543210"
REGIONS = ("east", "west")


def stack(name="shop", **own):
    """A program with everything in both regions and the witness."""
    return lambda: TwoRegionStack(name, {**ARGUMENTS["TwoRegionStack"](), **own})


def changed():
    """Another API, and another password."""
    made = {**credentials(), "redis_admin_password": secret("another-planted-secret")}
    return TwoRegionStack(
        "shop",
        {
            **ARGUMENTS["TwoRegionStack"](),
            "images": {**images(), "api": NEXT_API},
            "credentials": made,
        },
    )


def regions(*places):
    """A program with these regions, each by itself."""

    def program():
        for place in places:
            own = {"site": site(place), "images": images(), "credentials": credentials()}
            RegionStack(place, own)

    return program


@pytest.fixture(scope="module")
def journey(start):
    return travel(start("docker"), stack(), changed=changed, renamed=stack(tags={"team": "shop"}))


def test_what_is_previewed_is_made(journey):
    promises.makes_what_it_previews(journey)


def test_nothing_changes_for_nothing(journey):
    promises.changes_nothing_for_nothing(journey)


def test_the_plan_names_what_the_engine_previews(journey):
    promises.is_planned_as_previewed(journey, stack())


def test_planted_secrets_are_encrypted_in_the_state(journey):
    promises.keeps_secrets(journey)


def test_a_new_image_and_a_new_password_are_taken_in_place(journey):
    print(journey.changed.changes)
    print({k: v for k, v in journey.renamed.changes.items() if v == "replace"})


def test_nothing_is_left_at_the_end(journey):
    promises.leaves_nothing(journey)


def test_a_second_region_touches_nothing_of_the_first(start):
    engine = start("docker")
    first = engine.up(regions("east"))
    both = engine.up(regions(*REGIONS))
    assert set(first.changes.values()) == set(both.changes.values()) == {"create"}
    assert not first.changes.keys() & both.changes.keys()
