"""The tracked environments, read as a plan reads them, and changed."""

import json
import re
from pathlib import Path

from bicoastal.plan import record
from bicoastal.plan.fill_ins import with_stand_ins
from bicoastal.twin.project import Project
from infra.settings import read_environment

ROOT = Path(__file__).parents[2]
CLOUD = ("staging", "production")


def tracked(environment):
    """The configuration as its file has it."""
    return Project.find(ROOT).config(environment)[0]


def planned(environment):
    """The configuration with stand-ins for what is to be filled in."""
    return with_stand_ins(tracked(environment))[0]


def changed(config, path, value):
    """The configuration with another value at `key.path.to.it`; None takes it away."""
    key, *way = path.split(".")
    name = f"smellpin:{key}"
    if not way:
        rest = {**config, name: value if isinstance(value, str) else json.dumps(value)}
        return rest if value is not None else {k: text for k, text in config.items() if k != name}
    group = json.loads(config.get(name, "{}"))
    inner = group
    for step in way[:-1]:
        inner = inner[int(step)] if isinstance(inner, list) else inner.setdefault(step, {})
    if value is None:
        del inner[way[-1]]
    else:
        inner[int(way[-1]) if isinstance(inner, list) else way[-1]] = value
    return {**config, name: json.dumps(group)}


def read(config, stack="production"):
    """The environment that a configuration gives."""
    found = []
    record(lambda: found.append(read_environment()), project="smellpin", stack=stack, config=config)
    return found[0]


def left_out_with_the_east():
    """The patterns that docs/operations.md excludes while the east is lost."""
    said = (ROOT / "docs/operations.md").read_text()
    command = re.search(r"^pulumi up --stack production (--exclude .*)$", said, re.MULTILINE)
    return re.findall(r"--exclude '(.*?)'", command[1])
