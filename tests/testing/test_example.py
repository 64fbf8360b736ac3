"""The example of a project with tests of its own, run as a user of the kit runs it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "tested-project"
EVERYWHERE = "/usr/bin:/bin"


@pytest.fixture
def tested(tmp_path):
    """What pytest says of a copy of the project."""

    def run(*words, changes=(), path=os.environ["PATH"]):
        folder = tmp_path / "project"
        shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
        program = folder / "shop.py"
        for right, wrong in changes:
            text = program.read_text()
            assert right in text
            program.write_text(text.replace(right, wrong))
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rsf", *words],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def counted(told, what):
    found = re.search(rf"(\d+) {what}", told.stdout)
    return int(found[1]) if found else 0


def test_its_tests_pass_and_those_on_the_engine_are_skipped_without_it(tested):
    told = tested(path=EVERYWHERE)
    assert told.returncode == 0, told.stdout
    assert (counted(told, "passed"), counted(told, "skipped")) == (5, 3)
    assert "needs `pulumi` on PATH" in told.stdout


@pytest.mark.engine
@pytest.mark.timeout(300)
def test_its_tests_on_the_engine_pass(tested):
    if shutil.which("pulumi") is None:
        pytest.skip("needs `pulumi` on PATH")
    told = tested("tests/test_engine.py")
    assert told.returncode == 0, told.stdout
    assert (counted(told, "passed"), counted(told, "skipped")) == (3, 0)


FAULTS = {
    "test_no_run_removes_media": ('"sides": [', '"protect": False,\n            "sides": ['),
    "test_the_records_and_the_two_buckets_are_all_that_there_is": ('"names",\n', '"addresses",\n'),
    "test_the_keys_ids_are_taken_out_of_their_arns": ('rpartition("/")', 'rpartition(":")'),
    "test_the_shop_is_found_by_its_name": ('"www.example.com"', '"shop.example.com"'),
}


def test_each_fault_in_the_program_is_found_by_the_test_that_is_about_it(tested):
    told = tested("tests/test_plan.py", changes=FAULTS.values())
    failed = set(re.findall(r"^FAILED tests/test_plan.py::(\w+)", told.stdout, re.MULTILINE))
    assert failed == {*FAULTS, "test_the_checks_find_nothing_worth_a_talk"}, "no protection is a finding, too"


def test_the_page_shows_the_examples_own_code():
    page = (ROOT / "docs" / "testing.md").read_text()
    sources = "\n".join(file.read_text() for file in EXAMPLE.rglob("*.py"))
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert blocks
    parts = [part.strip() for block in blocks for part in block.split("\n\n") if part.strip()]
    assert [part for part in parts if part not in sources] == []
