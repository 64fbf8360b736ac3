"""Whose a twin is."""

from pathlib import Path

import docker

from ..checks.problem import Problem
from .credentials import FOLDER as CREDENTIALS
from .layout import PROJECT_LABEL, TwinLayout, labelled


class NotOurTwin(Exception):
    """The twin of this name belongs to another project, or its credentials are gone."""


def check_owner(client: docker.DockerClient, layout: TwinLayout) -> None:
    """Raise `NotOurTwin` when the twin of this name was made for another project that still exists.

    Two checkouts have twins of the same name, but one machine can hold only one: they would share
    containers and data, each with passwords of its own.
    """
    for container in client.containers.list(all=True, filters=labelled(layout.labels), ignore_removed=True):
        owner = container.labels.get(PROJECT_LABEL)
        if owner and owner != str(layout.project) and Path(owner).is_dir():
            problem = Problem(
                "twin",
                f"it belongs to the project in {owner}",
                repr(layout.name),
                "a name that no other project's twin has",
                f"use another twin name (make up TWIN=name), or run `bicoastal down {layout.name}` there",
            )
            raise NotOurTwin(str(problem))


def check_credentials(client: docker.DockerClient, layout: TwinLayout) -> None:
    """Raise `NotOurTwin` when there is data in the twin that nobody has the passwords of any more."""
    if (layout.folder / CREDENTIALS).exists():
        return
    if client.volumes.list(filters=labelled(layout.labels)):
        problem = Problem(
            "twin",
            "its data is there, but its credentials are gone",
            str(layout.folder / CREDENTIALS),
            "the credentials that the data was made with",
            f"put the folder back, or begin anew: bicoastal down {layout.name}",
        )
        raise NotOurTwin(str(problem))
