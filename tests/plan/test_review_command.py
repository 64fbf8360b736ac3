"""`bicoastal review`: what a change of a program would do, as a page for a pull request."""

import subprocess
import sys

import pytest
import yaml

from bicoastal.checks.resources.everywhere import HOLDS_DATA
from bicoastal.plan.changes.replacing import table

from .reviews import BUCKET, NETWORK, QUIET, TAGS, planned, reviewed, run, verdict
from .sample import ENCODED, PLANTED, PROGRAM


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
