"""Each example is a project that `bicoastal plan` reads as it stands, and needs the SDKs that it asks for."""

import json
import re
import shutil
import subprocess
import sys
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
    """The plan as data: its resources by name, and what the program exports."""

    def run(example, **own):
        told = plan(example, "--format", "json", **own)
        assert told.exit_code == 0, told.stderr
        data = json.loads(told.stdout)
        return {r["name"]: r for r in data["resources"] if not r["component"]}, data["exports"]

    return run


def test_there_is_an_example_for_each_use():
    assert PROJECTS == ["buckets", "dns-failover", "managed-postgres"]


@every_example
def test_an_example_is_planned_as_it_stands_and_nothing_is_found(example, monkeypatch):
    monkeypatch.chdir(EXAMPLES / example)
    told = CliRunner().invoke(app, ["plan", "dev"], catch_exceptions=False)
    assert told.exit_code == 0, told.stderr
    assert told.stdout.startswith(f"{example}, environment dev: ")
    assert "findings: none" in told.stdout


RUN = """
import runpy
import sys
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
    assert set(told.stdout.split()) == {"pulumi", *(SDKS[extra] for extra in extras.split(","))}


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


def test_managed_postgres_says_that_a_person_promotes_it_and_how_long_that_takes(planned):
    _, exports = planned("managed-postgres")
    assert (exports["promotion"], exports["failover_worst_s"]) == ("manual", 905)


def test_managed_postgres_claims_no_two_minutes(plan):
    told = plan("managed-postgres", failover_limit_s=120)
    assert told.exit_code == 2
    assert "worst case 905 s, limit 120 s" in told.stderr
    assert "run PostgresMember under Patroni with a witness" in told.stderr
