"""`bicoastal review`: what a change of a program would do, as a page for a pull request."""

import json
import random
import re
import subprocess
import sys
from itertools import count

import pytest
import yaml
from typer.testing import CliRunner

from bicoastal.checks.resources.everywhere import HOLDS_DATA
from bicoastal.cli.app import app
from bicoastal.plan.changes.replacing import table

from .sample import ENCODED, PLANTED, PROGRAM, make_project

NUMBERS = count()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project, as the folder that commands run in."""
    folder = make_project(tmp_path / "shop", "")
    monkeypatch.chdir(folder)
    monkeypatch.delitem(sys.modules, "network", raising=False)
    yield folder
    sys.modules.pop("network", None)


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def planned(project, program, environment="staging"):
    """The file with the plan of this program."""
    lines = [line for line in program.splitlines() if line.strip()]
    imports = "import pulumi\nimport pulumi_aws as aws\nimport pulumi_docker as docker\n"
    (project / "program" / "__main__.py").write_text(imports + "\n".join(lines))
    sys.modules.pop("network", None)
    file = project / f"plan-{next(NUMBERS)}.json"
    told = run("plan", environment, "--format", "json", "--out", file)
    assert told.exit_code < 2, told.stderr
    return file


def reviewed(project, before, after, *words):
    return run("review", planned(project, before), planned(project, after), *words)


def verdict(told, environment="staging"):
    row = next(line for line in told.stdout.splitlines() if line.startswith(f"| `{environment}`"))
    return row.split("|")[2].strip().strip("*"), row.split("|")[3].strip()


TAGS = "tags={'team': 'maps'}, region='us-east-1'"
QUIET = f"""
aws.cloudwatch.MetricAlarm(
    "alarm", name="alarm", comparison_operator="GreaterThanThreshold", evaluation_periods=1, threshold=80,
    alarm_actions=["arn:aws:sns:us-east-1:123456789012:them"], treat_missing_data="breaching", {TAGS}
)
"""
BUCKET = f'aws.s3.Bucket("media", bucket="media", {TAGS})'
NETWORK = 'net = docker.Network("net", name="net", driver="overlay", internal=True)'


def test_the_same_plan_twice_changes_nothing(project):
    told = reviewed(project, PROGRAM, PROGRAM)
    assert told.exit_code == 0
    assert verdict(told) == ("nothing changes", "it is declared as it was")
    assert told.stdout.rstrip().endswith("| 0 | 0 | 0 | 0 |")


def test_data_comes_first_then_security_then_the_rest_folded(project):
    changed = (
        PROGRAM.replace('bucket="shop-media", region', 'bucket="shop-pictures", region')
        .replace('"Version": "2012-10-17"', '"Version": "2012-10-17", "Statement": []')
        .replace("threshold=80", "threshold=90")
    )
    told = reviewed(project, PROGRAM, changed)
    assert told.exit_code == 1
    assert verdict(told)[0] == "stop"
    assert "data would be lost: `shop-media`" in verdict(told)[1]
    data, security, rest = (told.stdout.index(word) for word in ("#### Data", "#### Security", "<details>"))
    assert data < told.stdout.index("replaced `shop-media` `aws.s3.Bucket`: **it holds data**") < security
    assert security < told.stdout.index("- changed `shop-reader` `aws.iam.Role`") < rest
    assert rest < told.stdout.index("  - `threshold`: `80` → `90`")
    assert "**it holds data**; `bucket` would replace it\n" in told.stdout
    assert "What would be replaced is told by the providers' documentation" in told.stdout
    assert '  - `bucket`: `"shop-media"` → `"shop-pictures"`' in told.stdout


def test_what_only_grows_is_fine(project):
    told = reviewed(project, QUIET, QUIET.replace("threshold=80", "threshold=90"))
    assert told.exit_code == 0
    assert verdict(told)[0] == "fine"


@pytest.mark.parametrize("after", ["", PROGRAM.replace('engine="postgres"', 'engine="mysql"')])
def test_what_is_protected_and_would_go_lets_the_run_fail(project, after):
    told = reviewed(project, PROGRAM, after)
    assert told.exit_code == 1
    assert "the run would fail, as it is protected: `shop-database`" in verdict(told)[1]
    assert "`aws.rds.Instance`: **it holds data**; **it is protected, so the run would fail**" in told.stdout


def test_what_loses_its_protection_is_to_be_looked_at(project):
    told = reviewed(project, PROGRAM, PROGRAM.replace("protect=True, ", ""))
    assert verdict(told)[1].startswith("what keeps data changes: `shop-database`")
    assert "  - `(protect)`: `true` → `false`" in told.stdout


def test_what_stays_when_it_is_removed_is_not_lost(project):
    kept = BUCKET.replace(", tags", ", opts=pulumi.ResourceOptions(retain_on_delete=True), tags")
    told = reviewed(project, kept, "")
    assert told.exit_code == 0
    assert verdict(told) == ("look", "what keeps data changes: `media`")
    assert "it stays there, without the program" in told.stdout


def test_a_rename_by_alias_is_no_loss_and_who_refers_to_it_is_the_same(project):
    region = "region='us-east-1'"
    how = 'versioning_configuration={"status": "Enabled"}'
    before = f'b = {BUCKET}\naws.s3.BucketVersioning("versions", bucket=b.id, {how}, {region})'
    after = before.replace(
        '"media", bucket',
        '"pictures", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="media")]), bucket',
    )
    told = reviewed(project, before, after)
    assert told.exit_code == 0
    assert verdict(told)[0] == "fine"
    assert "- renamed `pictures` (was `media`) `aws.s3.Bucket`" in told.stdout
    assert "versions" not in told.stdout
    without = after.replace('aliases=[pulumi.Alias(name="media")]', "")
    assert verdict(reviewed(project, before, without))[0] == "stop"


COMPONENT = """
class Store(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("shop:index:Store", name, None, opts)
        own = pulumi.ResourceOptions(parent=self)
        aws.s3.Bucket(f"{name}-bucket", bucket="fixed", region="us-east-1", opts=own)
"""


def test_what_is_in_a_renamed_component_is_renamed_with_it(project):
    alias = 'pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")])'
    told = reviewed(project, COMPONENT + 'Store("old")', f'{COMPONENT}Store("new", {alias})')
    assert verdict(told)[0] == "fine"
    assert "- renamed `new-bucket` (was `old-bucket`)" in told.stdout


def test_a_replacement_carries_to_what_takes_a_value_from_it(project):
    program = f"""
key = aws.kms.Key("key", multi_region=False, enable_key_rotation=True, {TAGS})
aws.ebs.Volume("disk", availability_zone="us-east-1a", size=1, encrypted=True, kms_key_id=key.arn, {TAGS})
aws.kms.Alias("name", name="alias/name", target_key_id=key.key_id, {TAGS.partition(", ")[2]})
"""
    told = reviewed(project, program, program.replace("multi_region=False", "multi_region=True"))
    assert "data would be lost: `disk`, `key`" in verdict(told)[1]
    assert "its value comes from `key`, which is replaced" in told.stdout
    assert "`name`" not in told.stdout, "an alias is pointed at another key in place"


def test_a_replacement_that_reaches_what_is_changed_in_place_goes_no_further(project):
    program = """
config = docker.ServiceConfig("config", name="config-one", data="YQ==")
docker.Service("api", name="api", task_spec={"container_spec": {"image": "api:1", "hosts": [],
    "configs": [{"config_id": config.id, "config_name": config.name, "file_name": "/a"}]}})
"""
    told = reviewed(project, program, program.replace("config-one", "config-two"))
    assert "- replaced `config`" in told.stdout
    assert "- changed `api`" in told.stdout
    assert verdict(told)[0] == "fine"


def test_another_provider_replaces(project):
    program = """
one, two = docker.Provider("one", host="ssh://one"), docker.Provider("two", host="ssh://two")
docker.Volume("data", name="data", opts=pulumi.ResourceOptions(provider=one))
"""
    told = reviewed(project, program, program.replace("provider=one", "provider=two"))
    assert verdict(told)[0] == "stop"
    assert '  - `(provider)`: `"one"` → `"two"`' in told.stdout


def test_what_the_engine_ignores_is_no_change(project):
    program = NETWORK.replace("internal", "opts=pulumi.ResourceOptions(ignore_changes=['labels']), internal")
    labelled = program.replace("internal", "labels=[{'label': 'a', 'value': 'b'}], internal")
    assert verdict(reviewed(project, program, labelled))[0] == "nothing changes"
    assert verdict(reviewed(project, NETWORK, labelled.replace("ignore_changes=['labels']", "")))[0] == "look"


def test_a_new_finding_stops_or_is_to_be_looked_at_by_its_severity(project):
    lost = 'aws.ec2.Eip("lost", tags={"Name": "lost"})'
    there = 'aws.ec2.Eip("lost", tags={"Name": "lost"}, region="us-east-1")'
    told = reviewed(project, there, lost)
    assert told.exit_code == 1
    assert "critical or high is found that was not: `aws-region-named`" in verdict(told)[1]
    assert "- **high** `aws-region-named` `lost.region`" in told.stdout
    told = reviewed(project, lost, there)
    assert told.exit_code == 0
    assert "No longer found: 1" in told.stdout
    told = reviewed(project, QUIET, QUIET.replace("tags={'team': 'maps'}, ", ""))
    assert verdict(told) == ("look", "found that was not: `aws-tags-present`")


def test_a_new_suppression_is_shown_with_its_reason(project):
    program = 'aws.ec2.Eip("lost", tags={"Name": "lost"})'
    before = planned(project, program)
    entry = {"check": "aws-region-named", "resource": "lost", "reason": "It is in one region alone."}
    (project / "bicoastal-suppressions.yaml").write_text(yaml.safe_dump([entry]))
    told = run("review", before, planned(project, program))
    assert verdict(told) == ("look", "suppressed that was not: `aws-region-named`")
    assert "Reason: `It is in one region alone.`" in told.stdout


def test_a_failover_budget_that_differs_is_shown_term_by_term(project):
    budget = 'pulumi.export("failover_budget", {"detection_s": 48, "total_s": 58, "limit_s": 120})'
    told = reviewed(project, budget, budget.replace("48", "60").replace("58", "70.5"))
    assert told.exit_code == 0
    assert verdict(told)[0] == "look"
    assert "a failover budget is another one: `failover_budget`" in verdict(told)[1]
    assert "  - `detection`: 48 → 60\n  - `total`: 58 → 70.5\n" in told.stdout
    assert "`limit`" not in told.stdout


def test_a_volume_that_a_service_leaves_behind_is_said(project):
    service = """
docker.Service("api", name="api", task_spec={"container_spec": {"image": "api:1", "mounts": [
    {"type": "volume", "source": "data", "target": "/data"}, {"type": "tmpfs", "target": "/tmp"}]}})
"""
    told = reviewed(project, service, "")
    assert "its volumes stay on their host, and nothing uses them" in told.stdout
    told = reviewed(project, service, service.replace('"source": "data"', '"source": "other"'))
    assert verdict(told)[1].startswith("what keeps data changes: `api`")
    assert '`taskSpec.containerSpec.mounts[0].source`: `"data"` → `"other"`' in told.stdout
    told = reviewed(project, service, service.replace('"target": "/tmp"', '"target": "/run"'))
    assert verdict(told)[0] == "fine"


def test_a_configuration_is_shown_by_the_lines_that_differ(project):
    text = "".join(f"line {number}\n" for number in range(50))
    program = """
import base64
docker.ServiceConfig("proxy", name="proxy-%s", data=base64.b64encode(%r.encode()).decode())
"""
    told = reviewed(project, program % (1, text), program % (2, text.replace("line 30", "```line thirty")))
    assert verdict(told)[0] == "fine", "it is made anew by design"
    assert "    ````diff\n    @@ -31 +31 @@\n    -line 30\n    +```line thirty\n    ````\n" in told.stdout


def test_a_policy_is_shown_by_what_differs_in_it(project):
    program = """
import json
says = {"Statement": [{"Effect": "Allow", "Action": ["s3:Get*"], "Resource": "%s"}]}
aws.iam.Role("role", name="role", assume_role_policy=json.dumps(says))
"""
    told = reviewed(project, program % "one", program % "*")
    assert '  - `assumeRolePolicy.Statement[0].Resource`: `"one"` → `"*"`' in told.stdout


# Secrets


def test_no_review_shows_a_secret(project):
    changed = PROGRAM.replace(PLANTED, f"{PLANTED}2").replace('name="shop_key-1"', 'name="shop_key-2"')
    for before, after in ((PROGRAM, changed), (PROGRAM, ""), ("", PROGRAM)):
        told = reviewed(project, before, after, "--out", project / "review.md")
        for text in (told.output, (project / "review.md").read_text()):
            assert PLANTED not in text
            assert ENCODED not in text
            assert "v1:not-to-be-read" not in text


def test_a_secret_that_somebody_left_in_plain_sight_is_not_shown_further(project):
    program = """
docker.Service("api", name="api", task_spec={"container_spec": {"image": "api:1", "env": {
    "DATABASE": "postgres://shop:planted-%s@db/shop", "API_TOKEN": "planted-%s",
    "PEM": "-----BEGIN PRIVATE KEY-----planted-%s"}}})
aws.ssm.Parameter("token", name="token", type="String", value="planted-%s", region="us-east-1")
pulumi.export("password", "planted-%s")
"""
    before, after = program.replace("%s", "one"), program.replace("%s", "two")
    told = reviewed(project, before, after, "--out", project / "review.md")
    assert "planted" not in told.output + (project / "review.md").read_text()
    assert "`taskSpec.containerSpec.env.API_TOKEN`: is another one" in told.stdout
    assert "postgres://" not in told.stdout or "postgres://(secret)@db/shop" in told.stdout


# The page


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


def test_the_order_in_the_files_does_not_matter(project):
    files = [planned(project, PROGRAM), planned(project, PROGRAM.replace("max_size=3", "max_size=4"))]
    told = run("review", *files)
    for file in files:
        document = json.loads(file.read_text())
        random.Random(7).shuffle(document["resources"])  # noqa: S311 no secret
        file.write_text(json.dumps(document))
    assert run("review", *files).stdout == told.stdout
    assert "`maxSize`: `3` → `4`" in told.stdout


# Files


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


def test_the_table_knows_what_replaces_each_type_that_holds_data():
    assert set(HOLDS_DATA) - table().keys() == set()


def test_a_review_loads_nothing_of_what_runs_a_twin():
    program = (
        "import sys; sys.argv = ['bicoastal', 'review', '--help']\n"
        "from bicoastal.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('docker', 'psycopg', 'redis', 'cryptography') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "What a change would do" in told.stdout
    assert told.stdout.splitlines()[-1] == "[]"
