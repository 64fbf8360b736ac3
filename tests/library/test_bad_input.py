"""Every wrong setting is one clear error before anything is registered: what, given, allowed, fix."""

import gc

import pulumi
import pytest

import bicoastal
from tests.library.wrong import WRONG_SETTINGS
from tests.library.wrong.stack import credential


@pytest.mark.parametrize("what", WRONG_SETTINGS)
def test_a_wrong_setting_is_one_clear_error_before_anything_is_registered(what, pulumi_mocks):
    broken, named, given, allowed = WRONG_SETTINGS[what]
    errors: list[pulumi.InputPropertiesError] = []

    def program() -> None:
        component, args = broken()
        try:
            getattr(bicoastal, component)("it", args)
        except pulumi.InputPropertiesError as error:
            errors.append(error)

    plan = pulumi_mocks.run(program)
    assert len(errors) == 1, "nothing was refused"
    details = errors[0].errors or []
    assert [detail["property_path"] for detail in details] == [named]
    reason = details[0]["reason"]
    assert given in reason.partition("given: ")[2].partition("; allowed: ")[0]
    assert allowed in reason.partition("allowed: ")[2]
    assert reason.partition("fix: ")[2]
    assert [r for r in plan.resources if not r.type.startswith("pulumi:pulumi:")] == []


def test_a_value_that_is_known_later_is_held_to_the_same_rule(pulumi_mocks):
    def program() -> None:
        image = pulumi.Output.from_input("nginx")
        bicoastal.ContainerService("it", {"image": image, "health": {"command": ["true"]}})

    with pytest.raises(pulumi.InputPropertiesError, match="a tag or a digest"):
        pulumi_mocks.run(program)
    # Python complains of the abandoned run's futures now, and not while a later test parses a file: showing
    # a traceback parses, too, and Python 3.11 cannot do both at once.
    gc.collect()


def test_a_secret_is_never_shown_in_an_error(pulumi_mocks):
    def program() -> None:
        component, args = credential("rest_password", "tiny-secret")()
        getattr(bicoastal, component)("it", args)

    with pytest.raises(pulumi.InputPropertiesError) as error:
        pulumi_mocks.run(program)
    assert "tiny-secret" not in str(error.value)
    assert "tiny-secret" not in str(error.value.errors)
