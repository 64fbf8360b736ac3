"""A plan in every format, made by another process with another order of sets."""

import os
import subprocess
import sys
from pathlib import Path

from bicoastal.cli.plan import Format, render
from bicoastal.cli.planned import planned
from bicoastal.plan.review import Review
from bicoastal.twin.project import Project

_PROGRAM = "import sys; from tests.plan.another_process import told; sys.stdout.write(told(*sys.argv[1:]))"
_REPOSITORY = str(Path(__file__).parents[2])


def in_every_format(review: Review) -> str:
    """What each format shows of it, one after the other."""
    return "".join(render(review, form) for form in Format)


def told(folder: str, environment: str) -> str:
    """What each format shows of the environment of the project in this folder."""
    return in_every_format(planned(Project.find(Path(folder)), environment))


def by_another_process(folder: Path, environment: str) -> str:
    """The same, told by a process of its own."""
    path = os.pathsep.join([_REPOSITORY, *sys.path])
    variables = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": path}
    command = [sys.executable, "-c", _PROGRAM, str(folder), environment]
    done = subprocess.run(command, env=variables, cwd=folder, capture_output=True, check=True, text=True)
    return done.stdout
