"""Settings for one twin alone."""

import pytest

from bicoastal.twin.choices import NotASetting, load, merged, parse, save, without_nothing


def test_a_choice_is_read_as_yaml_into_its_group():
    chosen = parse(["database.mode=async", "monitor.interval_s=30", "failover_limit_s=90"])
    assert chosen == {"database": {"mode": "async"}, "monitor": {"interval_s": 30}, "failover_limit_s": 90}


@pytest.mark.parametrize("text", ["database.mode", "=async", "database.=async", ".mode=async"])
def test_what_is_no_choice_is_refused_with_an_example(text):
    with pytest.raises(NotASetting, match=r"such as --set database\.mode=async"):
        parse([text])


@pytest.mark.parametrize("text", ["database.mode=[", "database.mode=@x"])
def test_a_value_that_is_no_yaml_is_refused(text):
    with pytest.raises(NotASetting, match=r"not a value; given: .*allowed: a YAML value"):
        parse([text])


def test_a_choice_wins_over_what_stands_below_and_leaves_the_rest():
    below = {"database": {"mode": "sync", "timing": "wan"}, "api": {"replicas": 2}}
    assert merged(below, {"database": {"mode": "async"}}) == {
        "database": {"mode": "async", "timing": "wan"},
        "api": {"replicas": 2},
    }


def test_a_choice_that_is_taken_back_leaves_nothing_behind():
    chosen = {"api": {"images": {"blue": None}, "replicas": 3}, "database": {"mode": None}}
    assert without_nothing(chosen) == {"api": {"replicas": 3}}


def test_choices_are_kept_with_the_twin(tmp_path):
    folder = tmp_path / "twin"
    assert load(folder) == {}
    save(folder, {"api": {"replicas": 1}})
    assert load(folder) == {"api": {"replicas": 1}}


def test_without_choices_nothing_is_written(tmp_path):
    save(tmp_path / "twin", {})
    assert not (tmp_path / "twin").exists()
