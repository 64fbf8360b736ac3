"""Running a project's program for the plan of one environment."""

import contextlib
import re
import sys
from collections.abc import Iterator, Sequence

from ..checks.problem import Problem
from ..checks.resources import suppressions
from ..operations.refusal import Refused
from ..plan.budgets import budget_problems
from ..plan.fill_ins import with_stand_ins
from ..plan.recorder import record
from ..plan.review import Review
from ..settings import refuse
from ..twin.project import ENVIRONMENT, Project

_STACK_FILE = re.compile(r"Pulumi\.(.+)\.yaml")


def planned(project: Project, environment: str) -> Review:
    """What the project's program declares for an environment.

    Environment `local` gets what a twin would compute for it, with stand-ins for its secrets; what a twin has
    chosen for itself does not count. Raises `Refused` for an environment without settings and a project
    without a program, `pulumi.InputPropertiesError` for a wrong setting or a failover budget over its limit,
    and whatever the program raises.
    """
    _refuse_unknown(project, environment)
    with _as_pulumi_runs_it(project):
        review = _twin(project) if environment == ENVIRONMENT else _plain(project, environment)
    refuse(f"Environment {environment!r}", list(budget_problems(review.plan)))
    return review


def _plain(project: Project, environment: str) -> Review:
    tracked, secret_keys = project.config(environment)
    config, to_fill_in = with_stand_ins(tracked)
    plan = record(
        project.program, project=project.name, stack=environment, config=config, secret_keys=secret_keys
    )
    return Review(
        project.name, environment, plan, config, frozenset(secret_keys), to_fill_in, _answered_for(project)
    )


def _twin(project: Project) -> Review:
    from ..twin.environment import Environment
    from ..twin.layout import TwinLayout

    twin = Environment(project, TwinLayout.named(ENVIRONMENT, project.folder), {})
    twin.check()
    config, secret_keys = twin.config(twin.stand_ins, twin.wanted)
    return Review(
        project.name,
        ENVIRONMENT,
        twin.rehearsal,
        config,
        frozenset(secret_keys),
        suppressions=_answered_for(project),
    )


def _answered_for(project: Project) -> Sequence[suppressions.Suppression]:
    return suppressions.read(project.folder / suppressions.FILE)


def _refuse_unknown(project: Project, environment: str) -> None:
    files = (_STACK_FILE.fullmatch(file.name) for file in project.folder.glob("Pulumi.*.yaml"))
    known = sorted(match[1] for match in files if match)
    if environment not in known:
        given = f"{environment!r}, and no Pulumi.{environment}.yaml in {project.folder}"
        allowed = ", ".join(known) or "nothing: no environment has settings"
        fix = "name one of these, or write its settings"
        raise Refused(Problem("environment", "not known", given, allowed, fix))
    if not (project.main / "__main__.py").is_file():
        given = f"no __main__.py in {project.main}"
        fix = "let `main` in Pulumi.yaml name the program's folder"
        raise Refused(Problem("main", "no program", given, "a folder with __main__.py", fix))


@contextlib.contextmanager
def _as_pulumi_runs_it(project: Project) -> Iterator[None]:
    """In the program's folder, which is the first to import from. What it prints is not the plan."""
    folder = str(project.main)
    sys.path.insert(0, folder)
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        sys.path.remove(folder)
