"""`bicoastal review` of what the engine says itself: recorded outputs of `pulumi preview --json`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bicoastal.cli.app import app

PREVIEWS = Path(__file__).with_name("previews")
REPLACED = json.loads((PREVIEWS / "replaced.json").read_text())
MARK, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
PLANTED = "planted-secret-8c1f"


def review(*words):
    return CliRunner().invoke(app, ["review", *map(str, words)], catch_exceptions=False)


def step(name):
    return next(one for one in REPLACED["steps"] if one["urn"].endswith(f"::{name}"))


@pytest.fixture
def reviewed(tmp_path):
    """Reviews a preview of these steps."""

    def of(*steps, **own):
        file = tmp_path / "staging.json"
        file.write_text(json.dumps({"steps": list(steps), "changeSummary": {}, **own}))
        return review(file)

    return of


def test_what_the_engine_replaces_or_removes_comes_first():
    told = review(PREVIEWS / "replaced.json")
    assert told.exit_code == 1
    assert (
        "| `production` | **stop** | data would be lost: `old`, `vol`, `key` and 1 more | 0 | 1 | 4 | 1 |"
        in (told.stdout)
    )
    assert "What the engine says it would do." in told.stdout
    assert "- removed `old` `aws.s3.Bucket`: **it holds data**\n" in told.stdout
    assert "**it holds data**; `bucket` replaces it; removed before the new one is made" in told.stdout
    assert "→ `(not known yet)`" in told.stdout
    assert told.stdout.index("`old`") < told.stdout.index("#### Security")


def test_what_the_engine_refuses_stops_with_its_words():
    told = review(PREVIEWS / "protected.json")
    assert told.exit_code == 1
    assert 'the engine ended with an error: `unable to replace resource "media" as it is' in told.stdout
    assert "**it is protected, so the run would fail**" in told.stdout


def test_a_preview_without_changes_is_told_by_its_files_name(reviewed):
    told = reviewed()
    assert told.exit_code == 0
    assert "| `staging` | **nothing changes** |" in told.stdout


def test_what_a_folder_of_previews_says_is_on_one_page(tmp_path):
    for name, steps in (("production", REPLACED["steps"]), ("staging", [])):
        (tmp_path / f"{name}.json").write_text(json.dumps({"steps": steps, "changeSummary": {}}))
    told = review(tmp_path)
    assert told.stdout.index("| `production` | **stop**") < told.stdout.index("| `staging` | **nothing")


@pytest.mark.parametrize("value", [{MARK: SECRET, "value": PLANTED}, {MARK: SECRET, "ciphertext": PLANTED}])
def test_no_review_of_a_preview_shows_a_secret(reviewed, value):
    changed = step("p")
    changed = {**changed, "newState": {**changed["newState"], "inputs": {"other": value, "value": PLANTED}}}
    changed = {**changed, "diffReasons": ["other", "value"]}
    told = reviewed(changed)
    assert PLANTED not in told.output
    assert "`value`: " in told.stdout
    assert "`other`: nothing → `(secret)`" in told.stdout


def test_a_secret_that_is_another_one_is_a_change(reviewed):
    told = reviewed(step("p"))
    assert "| **look** | security-relevant: `p` |" in told.stdout
    assert "- `value`: is another one" in told.stdout


def test_the_steps_of_one_replacement_are_one_change(reviewed):
    whole = step("media")
    before = {**whole, "op": "delete-replaced", "newState": None}
    after = {**whole, "op": "create-replacement", "oldState": None}
    for steps in ((before, whole, after), (after, whole, before)):
        told = reviewed(*steps)
        assert "| 0 | 0 | 1 | 0 |" in told.stdout
        assert '  - `bucket`: `"media-a"` → `"media-b"`' in told.stdout


def test_a_budget_that_the_engine_shows_is_compared(reviewed):
    def state(total):
        outputs = {"failover_budget": {"total_s": total, "limit_s": 120}}
        return {"type": "shop:index:Stack", "custom": False, "outputs": outputs}

    one = {"op": "update", "urn": "urn:pulumi:staging::shop::shop:index:Stack::shop"}
    told = reviewed({**one, "oldState": state(58), "newState": state(70.5)})
    assert "a failover budget is another one: `shop`" in told.stdout
    assert "  - `total`: 58 → 70.5" in told.stdout
    told = reviewed({**one, "oldState": state(58), "newState": state(130)})
    assert "a failover budget is over its limit: `shop`" in told.stdout
    assert told.exit_code == 1
