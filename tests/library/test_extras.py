"""The distribution's extras: what each brings, and what the command says of one that is not installed."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2] / "components" / "pyproject.toml"
OF_TWINS = ("cryptography", "docker", "psycopg", "redis")
OF_THE_COMMAND = ("httpx", "rich", "typer")
PROVIDERS = ("pulumi_aws", "pulumi_cloudflare", "pulumi_docker")
TABLE = tomllib.loads(PROJECT.read_text())["project"]["optional-dependencies"]

PROGRAM = """
import sys
hidden = set({hidden!r})
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name in hidden:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hidden())
sys.argv = ["bicoastal", *{words!r}]
from bicoastal.cli import main
try:
    main()
finally:
    print("loaded:", *sorted({{"docker", "psycopg", "pulumi"}} & set(sys.modules)))
"""


def brought(extra):
    """The distributions that an extra brings, by its extras, too."""
    found = set()
    for wanted in TABLE[extra]:
        name, own = re.fullmatch(r"([\w-]+)(?:\[([\w,-]+)\])?.*", wanted).groups()
        if name == "bicoastal":
            found = found.union(*map(brought, own.split(",")))
        else:
            found.add(name)
    return found


def command(*words, without=()):
    """The command in a process of its own, where these modules are not installed."""
    program = PROGRAM.format(hidden=without, words=words)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("extra", ["cli", "aws", "all", "twin"])
def test_who_makes_hosts_or_a_twin_has_the_command(extra):
    assert brought(extra) >= set(OF_THE_COMMAND)


def test_all_brings_every_provider_and_nothing_of_a_twin_or_of_tests():
    providers = {
        name for extra in TABLE if extra not in ("all", "testing", "twin") for name in brought(extra)
    }
    assert brought("all") == providers
    assert not brought("all") & set(OF_TWINS)


def test_who_uses_buckets_installs_one_provider():
    assert {name for name in brought("aws") if name.startswith("pulumi")} == {"pulumi-aws"}


@pytest.mark.parametrize(
    "name", ["ssh-proxy", "preflight", "await-engines", "plan", "review", "report", "edge-ranges"]
)
def test_a_command_of_the_small_extra_needs_nothing_of_a_twin_and_no_provider(name):
    done = command(name, "--help", without=(*OF_TWINS, *PROVIDERS))
    assert done.returncode == 0, done.stderr
    assert f"bicoastal {name}" in done.stdout


def test_a_runners_way_to_a_host_loads_no_more_than_it_needs():
    assert command("ssh-proxy", "--help").stdout.splitlines()[-1] == "loaded:"


@pytest.mark.parametrize(
    "words",
    [("up", "local", "--only", "west"), ("drill", "region-loss", "--runs", "5"), ("status", "--help")],
)
def test_a_command_whose_extra_is_missing_says_so_in_one_sentence(words):
    done = command(*words, without=OF_TWINS)
    assert done.returncode == 2
    (said,) = done.stderr.splitlines()
    assert said.startswith(f"bicoastal {words[0]} needs ")
    assert said.endswith("is not installed; the extra 'twin' brings it: pip install 'bicoastal[twin]'")


def test_the_list_of_commands_names_those_that_need_an_extra():
    said = command("--help", without=OF_TWINS).stdout
    assert "(needs the extra 'twin')" in said
    assert "Look for what a runner needs" in said
    assert "needs the extra" not in command("--help").stdout


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_the_extra_of_the_command_it_says_so_in_one_sentence(missing):
    done = command("preflight", without=(missing,))
    assert done.returncode != 0
    (said,) = done.stderr.splitlines()
    assert "pip install 'bicoastal[cli]'" in said


def test_a_module_of_the_librarys_own_that_is_missing_is_taken_for_no_extra():
    done = command("status", without=("bicoastal.twin.twin",))
    assert "ModuleNotFoundError: No module named 'bicoastal.twin.twin'" in done.stderr


def test_a_report_on_a_twin_says_which_extra_it_needs():
    done = command("report", without=OF_TWINS)
    assert done.returncode == 2
    assert "pip install 'bicoastal[twin]', or name addresses by --prometheus" in " ".join(done.stderr.split())
