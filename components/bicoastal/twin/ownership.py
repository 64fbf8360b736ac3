"""Whose a twin is, and who is at work on it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker

from ..checks.problem import Problem
from .credentials import FOLDER as CREDENTIALS
from .layout import PROJECT_LABEL, TwinLayout, labelled

LOCK = "lock"


class NotOurTwin(Exception):
    """The twin of this name belongs to another project, or its credentials are gone."""


class TwinBusy(Exception):
    """Somebody else is changing the twin."""


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


@contextmanager
def at_work(layout: TwinLayout) -> Iterator[None]:
    """Be the only one who changes the twin. Raises `TwinBusy`, naming the process that has it."""
    layout.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (layout.folder / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            problem = Problem(
                "twin",
                "it is being changed",
                f"{layout.name!r}, by process {file.read().strip() or 'unknown'}",
                "one change at a time",
                "wait until it is done, or stop it with Ctrl-C",
            )
            raise TwinBusy(str(problem)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
