"""Whatever single value is broken: one error says where, what is wrong, what was given, what may stand there
and what the way out is, and nothing is registered."""

import contextlib
import json
import re

import pytest

from bicoastal.checks.placeholders import PREFIX
from bicoastal.checks.problem import shown

from .breaks import broken
from .environments import small, with_every_setting
from .outcome import plan_it

pytestmark = pytest.mark.timeout(1800)
PROBLEM = (
    r"(?s)(?P<path>\S+): (?P<wrong>.+?); given: (?P<given>.*); allowed: (?P<allowed>.+); fix: (?P<fix>.+)"
)
HIDDEN = r"a hidden value( of \d+ characters)?|nothing|a placeholder \(something\)"


def is_one_clear_error(case):
    """The case's environment is refused, by one error that has it all."""
    outcome = plan_it(case.environment)
    assert outcome.registered == ()
    assert len(outcome.problems) == 1, outcome.told or "nothing was refused"
    (problem,) = outcome.problems
    assert problem["property_path"].removeprefix("smellpin:") == case.path
    told = re.fullmatch(PROBLEM, problem["reason"])
    assert told, problem["reason"]
    assert told["path"] == problem["property_path"]
    if case.secret:
        assert re.fullmatch(HIDDEN, told["given"])
    else:
        assert told["given"] in ways_to_show(case.given)
    assert "planted-" not in outcome.told


def ways_to_show(given):
    """What a value is told as; what is text in Pulumi's configuration may be read as JSON."""
    if given is None:
        return {"nothing"}
    if isinstance(given, str) and given.startswith(PREFIX):
        return {f"a placeholder ({given.removeprefix(PREFIX)})"}
    ways = {shown(given), shown(json.dumps(given))}
    with contextlib.suppress(TypeError, ValueError):
        ways.add(shown(json.loads(given)))
    return ways


def test_a_broken_value_is_one_clear_error_before_anything_is_registered(for_all):
    environments = (small(), with_every_setting("staging"), with_every_setting("production"))
    for_all(broken(environments[0]) | broken(environments[1]) | broken(environments[2]), is_one_clear_error)
