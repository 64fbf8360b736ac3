"""The properties look at every setting there is, as often as they are to."""

import pytest
from hypothesis import settings

from . import test_broken, test_valid
from .breaks import there
from .declared import environment, walk, written
from .environments import small, with_every_setting
from .outcome import plan_it
from .profiles import EXAMPLES, SHARES, wanted
from .values import has_values

pytestmark = pytest.mark.timeout(600)
PROPERTIES = {
    name for module in (test_broken, test_valid) for name in vars(module) if name.startswith("test_")
}


def test_there_are_values_to_try_for_every_setting():
    settings_of_all = [found for key, one in environment().items() for found in walk(one, (key,))]
    assert len(settings_of_all) > 100
    assert [written(path) for path, declared in settings_of_all if not has_values(declared)] == []


def test_every_setting_is_among_those_that_are_broken():
    declared = {path[0] for path, _ in there(with_every_setting("production"))}
    assert declared == set(environment())


def test_what_is_broken_and_changed_is_whole_to_begin_with():
    for whole in (small(), with_every_setting("staging")):
        assert plan_it(whole).told == ""


def test_all_properties_together_have_as_many_examples_as_are_promised():
    assert set(SHARES) == PROPERTIES
    promised = EXAMPLES[settings.get_current_profile_name()]
    assert sum(wanted(name) for name in SHARES) >= promised
