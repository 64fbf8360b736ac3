"""The project that a twin is of: the folder with `Pulumi.yaml`, its program and its images."""

import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

from ..checks.problem import Problem
from ..plan.recorder import read_project_config, read_stack_config

ENVIRONMENT = "local"
"""The environment that a twin runs."""


class NoProject(Exception):
    """There is no project here, or it lacks a part that a twin needs."""


@dataclass(frozen=True)
class Project:
    """A Pulumi project whose environment `local` can run as a twin."""

    folder: Path
    name: str
    main: Path

    @classmethod
    def find(cls, start: Path) -> "Project":
        """The project of `start` or the nearest folder above it. Raises `NoProject`."""
        for folder in (start.absolute(), *start.absolute().parents):
            if (folder / "Pulumi.yaml").is_file():
                return cls._of(folder)
        raise NoProject(
            str(
                Problem(
                    "project",
                    "no Pulumi.yaml here or above",
                    str(start.absolute()),
                    "a folder of a Pulumi project",
                    "change to the project's folder",
                )
            )
        )

    @classmethod
    def _of(cls, folder: Path) -> "Project":
        declared = yaml.safe_load((folder / "Pulumi.yaml").read_text())
        return cls(folder, str(declared["name"]), folder / declared.get("main", "."))

    @property
    def stack_file(self) -> Path:
        """The tracked settings of environment `local`; read, never written."""
        return self.stack_file_of(ENVIRONMENT)

    def stack_file_of(self, environment: str) -> Path:
        """The tracked settings of an environment."""
        return self.folder / f"Pulumi.{environment}.yaml"

    def config(self, environment: str) -> tuple[dict[str, str], set[str]]:
        """The tracked configuration of an environment over what the project gives to all, and which of its
        keys are secret."""
        shared = read_project_config(self.folder / "Pulumi.yaml", self.name)
        own, secret = read_stack_config(self.stack_file_of(environment))
        return {**shared, **own}, secret

    @property
    def images(self) -> Path:
        """The folder with one folder per image."""
        return self.folder / "images"

    @property
    def program(self) -> Callable[[], object]:
        """The Pulumi program, as `pulumi up` would run it."""
        return lambda: runpy.run_path(str(self.main / "__main__.py"), run_name="__main__")
