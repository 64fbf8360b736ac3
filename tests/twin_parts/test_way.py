"""Which way a twin is applied."""

import pytest

from bicoastal.twin.apply import Way, WrongWay, choose, kept_way


@pytest.fixture
def pulumi(tmp_path, monkeypatch):
    """A program that is called pulumi."""
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.delenv("PULUMI_BIN", raising=False)
    monkeypatch.setenv("PATH", str(program.parent))
    return program


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "twin"


def test_pulumi_applies_where_it_is_on_path(pulumi, folder):
    assert choose(folder) is Way.PULUMI


def test_pulumi_applies_where_a_variable_names_it(pulumi, folder, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("PULUMI_BIN", str(pulumi))
    assert choose(folder) is Way.PULUMI


def test_stack_files_are_applied_where_there_is_no_pulumi(pulumi, folder):
    pulumi.unlink()
    assert choose(folder) is Way.STACK_FILES


def test_the_way_of_the_first_time_is_kept(pulumi, folder):
    assert choose(folder, Way.STACK_FILES) is Way.STACK_FILES
    assert choose(folder) is Way.STACK_FILES
    assert kept_way(folder) is Way.STACK_FILES


def test_another_way_than_the_first_is_refused_with_the_way_out(pulumi, folder):
    choose(folder)
    with pytest.raises(WrongWay, match=r"applied by pulumi.*'stack-files'.*bicoastal down twin"):
        choose(folder, Way.STACK_FILES)


def test_a_pulumi_that_is_gone_is_refused_with_the_way_out(pulumi, folder):
    choose(folder)
    pulumi.unlink()
    with pytest.raises(WrongWay, match=r"not there.*PULUMI_BIN.*bicoastal down twin"):
        choose(folder)


def test_pulumi_is_refused_where_there_is_none_and_nothing_is_settled(pulumi, folder):
    pulumi.unlink()
    with pytest.raises(WrongWay, match="not there"):
        choose(folder, Way.PULUMI)
    assert kept_way(folder) is None
