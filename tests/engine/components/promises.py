"""What holds for every stack, whatever is in it."""

import base64
import json

from bicoastal.plan.recorder import record
from bicoastal.testing.engine import PROJECT, STACK
from tests.library.samples import PLANTED_SECRET

from .journey import Journey


def makes_what_it_previews(journey: Journey) -> None:
    """Everything is new, and it is what the preview said."""
    assert set(journey.made.changes.values()) == {"create"}
    assert journey.made.resources == journey.previewed.resources


def changes_nothing_for_nothing(journey: Journey) -> None:
    """A second `up` and a refresh find nothing to do."""
    assert journey.again.changes == {}
    assert journey.refreshed.changes == {}
    assert journey.refreshed.all


def is_planned_as_previewed(journey: Journey, program) -> None:
    """The plan without an engine names the same resources."""
    plan = record(program, project=PROJECT, stack=STACK, config={})
    assert {(resource.type, resource.name) for resource in plan.resources} == journey.previewed.resources


def keeps_secrets(journey: Journey) -> None:
    """A planted secret is in the state, encrypted and in no other way."""
    state = json.dumps(journey.state)
    assert '"ciphertext"' in state
    assert PLANTED_SECRET not in state
    inside = base64.b64encode(PLANTED_SECRET.encode()).decode().rstrip("=")[:-2]
    assert inside not in state


def leaves_nothing(journey: Journey) -> None:
    """After its destruction there is nothing."""
    assert set(journey.destroyed.changes.values()) == {"delete"}
    assert journey.left == {}
