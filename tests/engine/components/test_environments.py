"""The programs of staging and production as they are, on the real engine, and one region of staging while the
other is lost."""

import base64

import pytest

from bicoastal.checks.placeholders import stand_in
from bicoastal.cli.planned import planned
from bicoastal.twin.project import Project
from infra.profiles import ProfileName
from tests.infra.environments import CLOUD, ROOT, left_out_with_the_east

from .filled import HEXADECIMAL, WORDS, filled, planted

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

PROJECT = Project.find(ROOT)


@pytest.fixture(scope="module")
def begin(start):
    """Starts an environment's stack, with a zone that was there before."""

    def beginning(environment):
        config, secrets = filled(environment)
        providers = ("aws", "cloudflare", "docker")
        engine = start(*providers, project=PROJECT.name, name=environment, config=config, secrets=secrets)
        edge = engine.stand_ins["cloudflare"].cloud
        edge.plan = ProfileName(environment).profile.edge_plan.value
        edge.known_zones.add(HEXADECIMAL)
        return engine

    return beginning


@pytest.fixture(scope="module")
def engines(begin):
    """Each environment's stack, with nothing made yet."""
    return {environment: begin(environment) for environment in CLOUD}


@pytest.fixture(scope="module")
def previews(engines):
    """What each environment's first `up` would do."""
    return {environment: engine.preview(PROJECT.program) for environment, engine in engines.items()}


@pytest.fixture(scope="module")
def awaited():
    """The Swarms whose engines were waited for: a stand-in's hosts have none, so the wait ends at once, as
    that for workers does."""
    swarms = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bicoastal.hosts.swarm_hosts.await_engines", lambda swarm, *_: swarms.append(swarm))
        patch.setattr("bicoastal.containers.service.await_every_host", lambda *_: None)
        yield swarms


@pytest.fixture(scope="module")
def made(engines, previews, awaited):
    """What each environment's first `up` did."""
    return {environment: engine.up(PROJECT.program) for environment, engine in engines.items()}


RULES = "smellpin-west-monitoring-watchers-rules-2"
MORE_THAN_ONE = {
    RULES: "replace",
    "smellpin-west-monitoring-prometheus-1-prometheus-service": "update",
}
"""What watches the API: that one task is left alone is told where there are more."""


@pytest.fixture(scope="module")
def one_region(engines, made):
    """What was done in staging with its east left out, once its API was to have more replicas."""
    engine = engines["staging"]
    engine.choose("smellpin:settings.api.replicas", "3")
    engine.forget_calls()
    return engine.up(PROJECT.program, exclude=left_out_with_the_east()), engine.forget_calls()


@pytest.mark.parametrize("environment", CLOUD)
def test_the_engine_previews_what_the_plan_names(previews, environment):
    plan = planned(PROJECT, environment).plan
    root = {step.urn for step in previews[environment].all if step.type == "pulumi:pulumi:Stack"}
    previewed = {(step.urn, step.parent) for step in previews[environment].all if step.urn not in root}
    assert len(root) == 1
    assert {(filled_in(resource.urn), resource.parent) for resource in plan.resources} == previewed
    assert set(previews[environment].changes.values()) == {"create"}


@pytest.mark.parametrize("environment", CLOUD)
def test_what_is_previewed_is_made(previews, made, environment):
    assert made[environment].resources == previews[environment].resources
    assert set(made[environment].changes.values()) == {"create"}


def test_nothing_is_made_before_the_engines_of_every_place_answer(made, awaited):
    places = ("east", "west", "witness")
    assert sorted(awaited) == sorted(f"{place}.{environment}" for place in places for environment in made)


@pytest.mark.parametrize("environment", CLOUD)
def test_a_second_up_changes_nothing(engines, made, environment):
    again = engines[environment].up(PROJECT.program)
    assert again.changes == {}
    assert again.resources == made[environment].resources


@pytest.mark.parametrize("environment", CLOUD)
def test_no_secret_is_in_plain_text_in_the_state(engines, made, environment):
    engine = engines[environment]
    state, decrypted = engine.run("stack", "export"), engine.run("stack", "export", "--show-secrets")
    assert shown_in(state, engine.secrets) == set()
    # Names carry its HMAC, and nothing carries the key itself.
    assert shown_in(decrypted, engine.secrets) == {*engine.secrets} - {"smellpin:rotation_key"}


def test_the_region_that_is_left_is_changed_and_nothing_of_the_lost_one(one_region):
    done, calls = one_region
    own = {name: op for name, op in done.changes.items() if name not in MORE_THAN_ONE}
    assert own
    assert all(name.startswith("smellpin-west-api-") for name in own)
    assert set(own.values()) == {"update"}
    assert done.changes == {**own, **MORE_THAN_ONE}
    assert {name for _, name in calls} == set(done.changes)


def test_a_plain_up_brings_the_lost_region_to_the_change(one_region, engines):
    done, _ = one_region
    plain = engines["staging"].up(PROJECT.program)
    assert plain.changes == {
        **{name.replace("west", "east"): op for name, op in done.changes.items()},
        RULES: "replace",
    }
    # A run that leaves something out removes nothing: the next one removes what it replaced.
    assert [step.op for step in plain.all if step.name == RULES and step.op != "same"] == ["delete-replaced"]


def test_a_host_that_is_replaced_brings_what_is_its_own_and_is_waited_for(engines, made, awaited):
    engine, name = engines["production"], "smellpin-east-hosts"
    host = f"**::{name}-host-1"
    assert f"pulumi up --stack production --replace '{host}'" in (ROOT / "docs" / "operations.md").read_text()
    awaited.clear()
    assert engine.up(PROJECT.program, replace=[host]).changes == {
        f"{name}-host-1": "replace",
        f"{name}-attachment-1": "replace",
        f"{name}-association-1": "replace",
        f"{name}-ready": "update",
        # A stand-in's association has another public address each time. AWS' has that of its Elastic IP.
        "smellpin-balancer-pool-east": "update",
    }
    assert awaited == ["east.production"]


def filled_in(urn):
    """The URN with the domain, which is part of a route's name, in its placeholder's place."""
    domain = "smellpin:edge.domain"
    return urn.replace(stand_in(domain), WORDS[domain])


def shown_in(state, secrets):
    """The secrets that can be read in a state."""
    return {key for key in secrets if any(form in state for form in forms_of(planted(key)))}


def forms_of(text):
    """The text, and what it looks like in the midst of something that is encoded."""
    encoded = [base64.b64encode(b"0" * shift + text.encode()).decode() for shift in range(3)]
    return [text, *(form.rstrip("=")[4:-2] for form in encoded)]
