"""The whole stack of containers on the real engine, with Docker's rules for what replaces what."""

import pulumi
import pytest

from bicoastal import RegionStack, TwoRegionStack
from tests.library.arguments import ARGUMENTS
from tests.library.samples import credentials, images, secret, site

from . import promises
from .journey import travel

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]

NEXT_API = "registry.example.com/api:ba9876543210"
REGIONS = ("east", "west")


def stack(name="shop", opts=None, **own):
    """A program with everything in both regions and the witness."""
    return lambda: TwoRegionStack(name, {**ARGUMENTS["TwoRegionStack"](), **own}, opts)


def changed(name="shop", opts=None):
    """A program with another API, another password and other labels."""

    def program():
        passwords = {**credentials(), "redis_admin_password": secret("another-planted-secret")}
        next_images = {**images(), "api": NEXT_API}
        stack(name, opts, images=next_images, credentials=passwords, tags={"team": "shop"})()

    return program


def regions(*places):
    """A program with these regions, each by itself."""

    def program():
        for place in places:
            own = {"site": site(place), "images": images(), "credentials": credentials()}
            RegionStack(place, own)

    return program


@pytest.fixture(scope="module")
def journey(start):
    renamed = changed("mall", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="shop")]))
    return travel(start("docker"), stack(), changed=changed(), renamed=renamed)


def test_what_is_previewed_is_made(journey):
    promises.makes_what_it_previews(journey)


def test_nothing_changes_for_nothing(journey):
    promises.changes_nothing_for_nothing(journey)


def test_the_plan_names_what_the_engine_previews(journey):
    promises.is_planned_as_previewed(journey, stack())


def test_planted_secrets_are_encrypted_in_the_state(journey):
    promises.keeps_secrets(journey)


def test_only_a_changed_secret_is_replaced_and_services_are_updated_in_place(journey):
    changes = journey.changed.changes
    replaced = {name for name, op in changes.items() if op == "replace"}
    assert replaced
    assert all("admin-password" in name for name in replaced)
    updated = {step.type for step in journey.changed.all if step.op == "update"}
    assert updated == {"docker:index/service:Service"}
    assert set(changes.values()) == {"replace", "update"}


def test_a_new_secret_is_there_before_its_services_change_and_the_old_one_goes_last(journey):
    ops = [step.op for step in journey.changed.all if step.op != "same"]
    kinds = ["create-replacement", "update", "delete-replaced"]
    named = [op for op in ops if op in kinds]
    assert named.index("delete-replaced") > len(named) - 1 - named[::-1].index("update")
    deleted = {step.name for step in journey.changed.all if step.op == "delete-replaced"}
    assert deleted == {step.name for step in journey.changed.all if step.op == "create-replacement"}


def test_a_rename_with_an_alias_changes_nothing(journey):
    assert set(journey.renamed.changes.values()) <= {"update"}


def test_nothing_is_left_at_the_end(journey):
    promises.leaves_nothing(journey)


def test_a_second_region_touches_nothing_of_the_first(start):
    engine = start("docker")
    first = engine.up(regions("east"))
    both = engine.up(regions(*REGIONS))
    assert set(first.changes.values()) == set(both.changes.values()) == {"create"}
    assert not first.changes.keys() & both.changes.keys()
