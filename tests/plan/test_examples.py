"""Each example is a project that `bicoastal plan` reads as it stands, and needs the SDKs that it asks for."""

import contextlib
import json
import re
import shutil
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bicoastal.cli.app import app

EXAMPLES = Path(__file__).parents[2] / "examples"
PROJECTS = sorted(file.parent.name for file in EXAMPLES.glob("*/Pulumi.yaml"))
SDKS = {"aws": "pulumi_aws", "cloudflare": "pulumi_cloudflare", "docker": "pulumi_docker"}
every_example = pytest.mark.parametrize("example", PROJECTS)


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """What `bicoastal plan dev` says of a copy of an example, with other settings where they are given."""

    def run(example, *words, **own):
        folder = tmp_path / example
        shutil.copytree(EXAMPLES / example, folder, dirs_exist_ok=True)
        file = folder / "Pulumi.dev.yaml"
        settings = yaml.safe_load(file.read_text())
        settings["config"] |= {f"{example}:{key}": value for key, value in own.items()}
        file.write_text(yaml.safe_dump(settings))
        monkeypatch.chdir(folder)
        return CliRunner().invoke(app, ["plan", "dev", *words], catch_exceptions=False)

    return run


@pytest.fixture
def planned(plan):
    """The plan as data."""
    return lambda example, **own: read(plan(example, "--format", "json", **own))


@pytest.fixture(scope="module")
def whole_stack():
    """The plan of the whole stack as it stands, made once."""
    with contextlib.chdir(EXAMPLES / "whole-stack"):
        return read(CliRunner().invoke(app, ["plan", "dev", "--format", "json"], catch_exceptions=False))


def read(told):
    """A plan's resources by name, and what the program exports."""
    assert told.exit_code == 0, told.stderr
    data = json.loads(told.stdout)
    return {r["name"]: r for r in data["resources"] if not r["component"]}, data["exports"]


def test_there_is_an_example_for_each_use():
    assert PROJECTS == ["buckets", "dns-failover", "managed-postgres", "tested-project", "whole-stack"]


@every_example
def test_an_example_is_planned_as_it_stands_and_nothing_but_what_is_low_is_found(example, monkeypatch):
    monkeypatch.chdir(EXAMPLES / example)
    told = CliRunner().invoke(app, ["plan", "dev"], catch_exceptions=False)
    assert told.exit_code == 0, told.stderr
    assert told.stdout.startswith(f"{example}, environment dev: ")
    assert re.search("^findings: (none|\\d+ low)$", told.stdout, re.MULTILINE)


RUN = """
import runpy
import sys
from itertools import combinations
from pathlib import Path

from bicoastal.plan import read_stack_config, record

config, secret = read_stack_config(Path("Pulumi.dev.yaml"))
program = lambda: runpy.run_path("__main__.py", run_name="__main__")
record(program, project=sys.argv[1], stack="dev", config=config, secret_keys=secret)
print(*sorted(name for name in sys.modules if name.startswith("pulumi") and "." not in name))
"""


@every_example
def test_an_example_loads_the_sdks_that_it_requires_and_no_other(example):
    required = (EXAMPLES / example / "requirements.txt").read_text()
    (extras,) = re.findall(r"^\.\./\.\./components\[(.*)\]$", required, re.MULTILINE)
    command = [sys.executable, "-c", RUN, example]
    told = subprocess.run(command, cwd=EXAMPLES / example, capture_output=True, text=True, check=True)
    needed = {SDKS[extra] for extra in extras.split(",") if extra in SDKS}
    assert set(told.stdout.split()) == {"pulumi", *needed}


@every_example
def test_an_examples_readme_says_how_it_is_planned_and_applied(example):
    readme = (EXAMPLES / example / "README.md").read_text()
    assert all(words in readme for words in ("bicoastal plan dev", "pulumi install", "pulumi up"))
    assert len(readme.splitlines()) <= 30


def test_buckets_only_are_pairs_that_replicate_both_ways(planned):
    resources, exports = planned("buckets", prefix="shop")
    buckets = [r for r in resources.values() if r["type"] == "aws:s3/bucket:Bucket"]
    assert {r["inputs"]["bucket"] for r in buckets} == {
        f"shop-{what}-{region}" for what in ("media", "backups") for region in ("us-east-1", "us-west-2")
    }
    assert len([r for r in resources.values() if "replication" in r["name"]]) == 4
    assert exports["media"] == {
        "us-east-1": "shop-media-us-east-1",
        "us-west-2": "shop-media-us-west-2",
    }


def test_dns_failover_prefers_the_first_region_and_falls_back_to_the_second(planned):
    resources, _ = planned("dns-failover")
    balancer = resources["api-balancer"]["inputs"]
    assert balancer["defaultPools"] == ["<api-pool-east.id>", "<api-pool-west.id>"]
    assert balancer["fallbackPool"] == "<api-pool-west.id>"


def test_dns_failover_makes_its_zone_or_adopts_one(planned):
    made, _ = planned("dns-failover")
    adopted, _ = planned("dns-failover", zone_id="zone-1")
    assert "zone-zone" in made
    assert "zone-zone" not in adopted
    assert adopted["records-mail"]["inputs"]["zoneId"] == "zone-1"


def test_dns_failover_is_held_to_what_the_zones_plan_allows(plan):
    told = plan("dns-failover", plan="pro")
    assert told.exit_code == 2
    assert "monitor.interval_s: " in told.stderr


def test_managed_postgres_says_that_a_person_promotes_it_and_how_long_that_takes(planned, plan):
    _, exports = planned("managed-postgres")
    budget = exports["failover_budget"]
    assert (exports["promotion"], budget["promotion_s"], budget["total_s"]) == ("manual", 900, 905)
    assert "failover budget of postgres" in plan("managed-postgres").stdout


def test_managed_postgres_claims_no_two_minutes(plan):
    told = plan("managed-postgres", failover_limit_s=120)
    assert told.exit_code == 2
    assert "worst case 905 s, limit 120 s" in told.stderr
    assert "run PostgresMember under Patroni with a witness" in told.stderr


INSTANCE = "aws:ec2/instance:Instance"
PLACES = {"east": "us-east-1", "west": "us-west-2", "ohio": "us-east-2"}


def test_the_whole_stacks_hosts_stand_at_the_addresses_that_its_members_advertise(whole_stack):
    resources, _ = whole_stack
    addresses = {name: r["inputs"]["privateIp"] for name, r in resources.items() if r["type"] == INSTANCE}
    assert addresses == {
        "east-hosts-host-0": "10.1.192.10",
        "east-hosts-host-1": "10.1.208.11",
        "east-hosts-host-2": "10.1.128.12",
        "west-hosts-host-0": "10.2.192.10",
        "west-hosts-host-1": "10.2.208.11",
        "west-hosts-host-2": "10.2.128.12",
        "ohio-hosts-host-0": "10.3.0.10",
    }
    for place in ("east", "west"):
        member = resources[f"shop-{place}-postgres-1-member-file-patroni"]["inputs"]
        assert addresses[f"{place}-hosts-host-0"] in json.dumps(member)


def test_the_whole_stacks_engines_are_reached_when_their_hosts_are_ready(whole_stack):
    resources, _ = whole_stack
    for place, region in PLACES.items():
        engine = resources[f"shop-docker-{place}"]
        assert engine["inputs"]["host"] == f"ssh://deploy@{place}.dev"
        assert f"--region {region}" in engine["inputs"]["sshOpts"]
        assert resources[f"{place}-hosts-ready"]["urn"] in engine["dependencies"]


def test_a_host_of_the_whole_stack_has_no_more_security_groups_than_aws_lets_it(whole_stack):
    resources, _ = whole_stack
    groups = [len(r["inputs"]["vpcSecurityGroupIds"]) for r in resources.values() if r["type"] == INSTANCE]
    assert max(groups) == 5


def test_the_whole_stacks_places_are_connected_each_to_each(whole_stack):
    resources, _ = whole_stack
    connections = {
        frozenset((r["inputs"]["region"], r["inputs"]["peerRegion"]))
        for r in resources.values()
        if r["type"] == "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
    }
    assert connections == {frozenset(pair) for pair in combinations(PLACES.values(), 2)}


def test_the_whole_stack_promotes_by_itself_within_two_minutes(whole_stack):
    _, exports = whole_stack
    assert exports["promotion"] == "automatic"
    assert exports["failover_budget"]["total_s"] == 58
