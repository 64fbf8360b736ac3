"""The command with the policy pack, on a stack of the tests' own."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import bicoastal

PACK = Path(bicoastal.__file__).parent / "policy"
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Answer:
    """What one run of the command with the pack comes to."""

    refused: bool
    violations: list[dict[str, Any]]
    said: str

    def named(self, level):
        return [it["policyName"] for it in self.violations if it["enforcementLevel"] == level]

    @property
    def found(self):
        """Each check that is violated, with the resource that violates it."""
        return Counter((it["policyName"], it["resourceUrn"]) for it in self.violations)


def police(engine, program, command="preview"):
    """`pulumi preview` or `pulumi up` with the pack, by a stack whose program is this one."""
    settings = {"name": engine.project, "runtime": "python", "main": "program/"}
    (engine.folder / "Pulumi.yaml").write_text(yaml.safe_dump(settings))
    (engine.folder / "program").mkdir(exist_ok=True)
    (engine.folder / "program" / "__main__.py").write_text(
        f"from {program.__module__} import {program.__name__}\n\n{program.__name__}()\n"
    )
    log = engine.folder / "events.json"
    log.unlink(missing_ok=True)
    options = [
        "--policy-pack",
        str(PACK),
        "--event-log",
        str(log),
        "--stack",
        engine.name,
        "--non-interactive",
    ]
    sources = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {
        "PULUMI_PYTHON_CMD": sys.executable,
        "PYTHONPATH": os.pathsep.join(sources),
        "PWD": str(engine.folder),  # as a shell says it, which is where the pack looks for suppressions
        "PULUMI_DEBUG_COMMANDS": "true",  # for the log of events
    }
    done = subprocess.run(
        ["pulumi", command, "--stack", engine.name, *options, *(["--yes"] if command == "up" else [])],
        cwd=engine.folder,
        env={**os.environ, **engine.environment, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    events = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    violations = [event["policyEvent"] for event in events if "policyEvent" in event]
    return Answer(done.returncode != 0, violations, done.stdout + done.stderr)
