"""What a review is given: two plans, a preview, or folders of them."""

import json
import random

import pytest

from .reviews import BUCKET, QUIET, planned, run, verdict
from .sample import PROGRAM


def test_the_order_in_the_files_does_not_matter(project):
    files = [planned(project, PROGRAM), planned(project, PROGRAM.replace("max_size=3", "max_size=4"))]
    told = run("review", *files)
    for file in files:
        document = json.loads(file.read_text())
        random.Random(7).shuffle(document["resources"])  # noqa: S311 no secret
        file.write_text(json.dumps(document))
    assert run("review", *files).stdout == told.stdout
    assert "`maxSize`: `3` → `4`" in told.stdout


@pytest.fixture
def folders(project):
    """Two folders of plans: production loses a bucket, staging gains an alarm."""
    plans = {
        "before": {"staging": BUCKET, "production": BUCKET},
        "after": {"staging": BUCKET + QUIET, "production": ""},
    }
    for folder, programs in plans.items():
        (project / folder).mkdir()
        for environment, program in programs.items():
            planned(project, program, environment).rename(project / folder / f"{environment}.json")
    return project / "before", project / "after"


def test_folders_give_all_environments_in_one_page_the_worst_first(folders):
    told = run("review", *folders)
    assert told.exit_code == 1
    assert (verdict(told, "production")[0], verdict(told)[0]) == ("stop", "fine")
    assert told.stdout.index("### `production`: stop") < told.stdout.index("### `staging`: fine")


def test_an_environment_that_is_new_is_told_as_that(folders):
    before, after = folders
    (before / "staging.json").unlink()
    told = run("review", before, after)
    assert "The environment is new" in told.stdout


def test_an_environment_without_a_plan_after_the_change_stops(folders):
    before, after = folders
    (after / "staging.json").unlink()
    (before / "production.json").unlink()
    told = run("review", before, after)
    assert verdict(told)[0] == "stop"
    assert "there is no plan with the change" in verdict(told)[1]


def test_files_that_are_something_else_are_refused_with_a_way_out(folders, project):
    before, after = folders
    empty, wrong, cut = project / "empty", project / "wrong.json", project / "cut.json"
    empty.mkdir()
    wrong.write_text("{}")
    cut.write_text('{"format": "bicoastal-plan/1", "project": "p", "environment": "e", "resources": [{}]}')
    preview = project / "preview.json"
    preview.write_text('{"steps": [], "changeSummary": {}}')
    plan = before / "staging.json"
    for words, said in (
        ((plan, after / "production.json"), "of another environment"),
        ((plan, after), "a file beside a folder"),
        ((plan,), "nothing to compare with"),
        ((plan, wrong), "no plan"),
        ((wrong,), "no preview"),
        ((plan, preview), "give it alone"),
        ((cut, cut), "not whole"),
        ((empty,), "nothing to review"),
        ((plan, project / "absent.json"), "absent.json"),
        ((project / "Pulumi.yaml",), "no JSON"),
    ):
        told = run("review", *words)
        assert (told.exit_code, told.stdout) == (2, ""), words
        assert said in told.stderr
