"""Each scanner on each plan once, several at a time."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from bicoastal.checks.resources import Finding
from bicoastal.plan import Plan, record
from bicoastal.plan.terraform import terraform_plan
from tests.infra.environments import CLOUD

from .planted import faulty, sound
from .scanners import INSTALLED, ROOT, SCANNERS

ACCOUNT = re.compile('"FILL-IN: the 12 digits of the AWS account"')
SHOPS = {"sound": sound, "faulty": faulty}


@pytest.fixture(scope="session")
def shops() -> dict[str, Plan]:
    """The shop as it should be, and as it must not be."""
    return {name: record(program, project="shop", stack="dev", config={}) for name, program in SHOPS.items()}


@pytest.fixture(scope="session")
def scanned(
    tmp_path_factory: pytest.TempPathFactory, shops: dict[str, Plan]
) -> dict[tuple[str, str], Future[list[Finding]]]:
    """What each scanner says of each plan: of the shops, and of the environments in a cloud."""
    if not (INSTALLED / ".installed").is_file():
        pytest.skip("no scanners: `make .venv-scanners/.installed` installs them")
    folder = tmp_path_factory.mktemp("plans")
    plans = {environment: _planned(environment, folder) for environment in CLOUD}
    for name, plan in shops.items():
        plans[name] = folder / f"{name}.json"
        plans[name].write_text(json.dumps(terraform_plan(plan)))
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return {
            (name, scanner): pool.submit(run, plan)
            for name, plan in plans.items()
            for scanner, run in SCANNERS.items()
        }


def _planned(environment: str, folder: Path) -> Path:
    """The environment's plan by the command. The account is filled in: buckets are named after it, and a
    placeholder is no name."""
    project = folder / f"{environment}-project"
    project.mkdir()
    (project / "infra").symlink_to(ROOT / "infra")
    (project / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    settings = (ROOT / f"Pulumi.{environment}.yaml").read_text()
    (project / f"Pulumi.{environment}.yaml").write_text(ACCOUNT.sub('"123456789012"', settings))
    plan = folder / f"{environment}.json"
    command = [
        sys.executable,
        "-m",
        "bicoastal.cli",
        "plan",
        environment,
        "--format",
        "tfplan",
        "--out",
        str(plan),
    ]
    told = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    return plan
