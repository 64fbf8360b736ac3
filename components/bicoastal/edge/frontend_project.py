"""The frontend's project at its host, Vercel: what is built, and the variables that it is given."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, NotRequired, TypedDict

import pulumi

from ..checks import edge as checks
from ..checks.problem import Problem
from ..checks.rules import SECRET
from ..settings import setting


class FrontendDeployment(Enum):
    """A kind of deployment."""

    PRODUCTION = "production"
    """What the domain leads to."""
    PREVIEW = "preview"
    """Every other branch, under an address of its own."""
    DEVELOPMENT = "development"
    """The machine of who works on the frontend."""


class FrontendProjectArgs(TypedDict):
    """The frontend's project at Vercel: one to make, or one that is there."""

    project_name: NotRequired[str]
    """The name of a project to make: 1 to 100 lower-case letters, digits, '.', '_' and '-'."""
    existing_id: NotRequired[pulumi.Input[str]]
    """Instead of that, the id of a project that is there: it gets domains and variables, and is not changed
    otherwise."""
    team_id: NotRequired[pulumi.Input[str]]
    """The team that it belongs to. Default: the provider's."""
    repository: NotRequired[str]
    """The repository at GitHub that is built at every push, `owner/name`. Default: none, deployments are
    uploaded."""
    production_branch: NotRequired[str]
    """The branch whose pushes reach the domain; only with `repository`. Default: `main`."""
    framework: NotRequired[str]
    """The framework's name at Vercel, such as `nextjs`. Default: none."""
    root_directory: NotRequired[str]
    """The frontend's folder in the repository. Default: the whole repository."""
    variables: NotRequired[dict[str, pulumi.Input[str]]]
    """Texts that the frontend reads by name, shown in Vercel's dashboard. Default: none."""
    secrets: NotRequired[dict[str, pulumi.Input[str]]]
    """Secret texts that it reads by name, which nobody reads again at Vercel. Default: none."""
    deployments: NotRequired[list[FrontendDeployment]]
    """The kinds of deployments that get variables and secrets: `production`, `preview`, `development`.
    Default: `production` alone. A change takes effect with the next deployment."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete a project that it made. Default: true."""


@dataclass(frozen=True, kw_only=True)
class FrontendProject:
    """The frontend's project, checked."""

    project_name: str | None = setting(checks.PROJECT_NAME, default=None)
    existing_id: pulumi.Input[str] | None = None
    team_id: pulumi.Input[str] | None = None
    repository: str | None = setting(checks.REPOSITORY, default=None)
    production_branch: str | None = None
    framework: str | None = None
    root_directory: str | None = None
    variables: dict[str, pulumi.Input[str]] = setting(factory=dict)
    secrets: dict[str, pulumi.Input[str]] = setting(SECRET, factory=dict)
    deployments: list[FrontendDeployment] = setting(factory=lambda: [FrontendDeployment.PRODUCTION])
    protect: bool = True

    @property
    def properties(self) -> dict[str, Any]:
        """A project to make, as the provider takes it."""
        git = {"type": "github", "repo": self.repository, "production_branch": self.production_branch}
        return {
            "name": self.project_name,
            "team_id": self.team_id,
            "framework": self.framework,
            "root_directory": self.root_directory,
            "git_repository": {key: value for key, value in git.items() if value}
            if self.repository
            else None,
        }

    @property
    def environment(self) -> dict[str, dict[str, Any]]:
        """Each variable by its name, as the provider takes it."""
        common = {"team_id": self.team_id, "targets": [kind.value for kind in self.deployments]}
        made: dict[str, dict[str, Any]] = {
            **{key: {"value": text, "sensitive": False} for key, text in self.variables.items()},
            **{
                key: {"value": pulumi.Output.secret(text), "sensitive": True}
                for key, text in self.secrets.items()
            },
        }
        return {key: {"key": key, **common, **own} for key, own in made.items()}

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.made_or_adopted(self.project_name, self.existing_id)
        shaping = ("repository", "production_branch", "framework", "root_directory")
        given = [field for field in shaping if getattr(self, field) is not None]
        yield from checks.adopted_stays_as_it_is(self.existing_id is not None, given)
        yield from checks.branch_is_of_a_repository(self.production_branch, self.repository)
        yield from checks.variables_have_names(
            {"variables": list(self.variables), "secrets": list(self.secrets)}
        )
        if not self.deployments:
            yield Problem("deployments", "empty", "[]", "at least one kind", "name one, such as 'production'")
