"""The page of a review: its markup, and its limit."""

import json
import re

import pytest

from .reviews import BUCKET, planned, reviewed, run


def test_nothing_that_somebody_named_is_markup(project):
    nasty = "`</code></details><script>x</script> |@everyone| **stop** [a](http://b)\\n\\n# Fine\\u202e"
    program = """
aws.s3.Bucket("media", bucket="media", tags={"a": "%s"}, region="us-east-1")
aws.iam.Role("role", name="role", assume_role_policy="%s", tags={"`|<b>": "%s"})
"""
    told = reviewed(project, program.replace("%s", "safe"), program.replace("%s", nasty))
    outside = without_code(told.stdout)
    for word in ("script", "@everyone", "# Fine", "http://b", "<b>"):
        assert word in told.stdout
        assert word not in outside, word
    assert "\u202e" not in told.stdout


def without_code(page):
    """The page without its code spans, as CommonMark finds them."""
    text, outside, at = page, "", 0
    while at < len(text):
        if text[at] != "`":
            outside, at = outside + text[at], at + 1
            continue
        fence = len(text[at:]) - len(text[at:].lstrip("`"))
        end = at + fence
        while end < len(text):
            ticks = len(text[end:]) - len(text[end:].lstrip("`"))
            if ticks == fence:
                break
            end += max(ticks, 1)
        assert end < len(text), "code without an end"
        is_block = fence >= 3 and not text[:at].rpartition("\n")[2].strip()
        assert is_block or "\n" not in text[at:end]
        at = end + fence
    return outside


def test_the_headline_stays_a_table_whatever_a_resource_is_called(project):
    told = reviewed(project, BUCKET.replace('"media", bucket', '"a|b`c", bucket'), "")
    row = next(line for line in told.stdout.splitlines() if line.startswith("| `staging`"))
    assert row.replace(r"\|", "").count("|") == 8


MANY = """
for number in range(%d):
    docker.Network(f"net-{number}", name=f"net-{number}", driver="overlay", internal=%s)
"""


@pytest.fixture
def many(project):
    """Two plans with thousands of changes of each kind, and data that would be lost."""
    before = planned(project, BUCKET)
    document = json.loads(before.read_text())
    (bucket,) = (r for r in document["resources"] if r["name"] == "media")
    kinds = {
        "rest": "docker:index/network:Network",
        "rule": "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    }

    def plan(word):
        made = [
            {
                **bucket,
                "urn": f"urn:pulumi:staging::shop::{kind}::{name}-{number}",
                "type": kind,
                "name": f"{name}-{number}",
                "inputs": {"ipv6": f"{word} {number}", "description": word * 500},
                "protect": False,
            }
            for name, kind in kinds.items()
            for number in range(2000)
        ]
        return {**document, "resources": [*made, *(document["resources"] if word == "a" else [])]}

    files = [project / "before.json", project / "after.json"]
    for file, word in zip(files, "ab", strict=True):
        file.write_text(json.dumps(plan(word)))
    return files


def test_a_page_that_is_too_long_keeps_what_weighs_most_and_counts_the_rest(many, project):
    told = run("review", *many, "--out", project / "review.md")
    assert told.exit_code == 1
    assert 50_000 < len(told.stdout) <= 60_000
    assert "removed `media` `aws.s3.Bucket`: **it holds data**" in told.stdout
    assert "`rule-0`" in told.stdout
    assert "2000 left out here: all of it is in `review.md`" in told.stdout, "nothing of the rest"
    whole = (project / "review.md").read_text()
    assert len(set(re.findall(r"- (?:changed|replaced) `((?:rest|rule)-\d+)`", whole))) == 4000
    assert "b" * 500 in whole
    assert "b" * 161 not in told.stdout
    assert told.stdout.count("<details>") == told.stdout.count("</details>") == 1


@pytest.mark.parametrize("limit", [1500, 3000, 20_000, 65_000])
def test_no_page_is_longer_than_its_limit(many, limit):
    told = run("review", *many, "--limit", limit)
    assert limit - 500 < len(told.stdout) <= limit


def test_a_limit_that_the_verdicts_alone_are_over_is_refused(many):
    told = run("review", *many, "--limit", 100)
    assert told.exit_code == 2
    assert "--limit: too small for the verdicts alone; given: 100; allowed: at least " in told.stderr
