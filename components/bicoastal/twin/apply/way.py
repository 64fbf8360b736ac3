"""Which way a twin is applied: decided at its first `up`, kept in its folder, never mixed.

Either way makes objects that the other does not know of: applied by both, a twin would have them twice.
"""

import os
import shutil
from enum import StrEnum
from pathlib import Path

from ...checks.problem import Problem

FILE = "applied-by"


class WrongWay(Exception):
    """The twin cannot be applied in the way that is asked for."""


class Way(StrEnum):
    """How a twin's services are brought to what is declared."""

    PULUMI = "pulumi"
    """By the Pulumi engine."""
    STACK_FILES = "stack-files"
    """By `docker stack deploy` of what the program declares, without any Pulumi engine."""


def find_pulumi() -> str | None:
    """The `pulumi` of this machine: what PULUMI_BIN names, else what is on PATH; None when there is none."""
    return shutil.which(os.environ.get("PULUMI_BIN") or "pulumi")


def choose(folder: Path, asked: Way | None = None) -> Way:
    """The way of the twin with this folder; it is settled and kept when there is none yet. `asked` wins at
    the first time; by default it is Pulumi where there is a `pulumi`.

    Raises `WrongWay` when `asked` differs from what is kept, and when the twin is Pulumi's and there is no
    `pulumi` any more.
    """
    kept = kept_way(folder)
    way = kept or asked or (Way.PULUMI if find_pulumi() else Way.STACK_FILES)
    if asked not in (None, way):
        raise WrongWay(_problem(f"this twin is applied by {way.value}", repr(str(asked)), folder.name))
    if way is Way.PULUMI and find_pulumi() is None:
        given = os.environ.get("PULUMI_BIN") or "no pulumi on PATH"
        raise WrongWay(_problem("this twin is applied by pulumi, which is not there", given, folder.name))
    if kept is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / FILE).write_text(way.value)
    return way


def kept_way(folder: Path) -> Way | None:
    """The way that the twin with this folder was first applied; None before its first `up`."""
    file = folder / FILE
    return Way(file.read_text().strip()) if file.exists() else None


def _problem(wrong: str, given: str, twin: str) -> str:
    return str(
        Problem(
            "way of applying",
            wrong,
            given,
            "the way of the first `up`, with `pulumi` on PATH or named by PULUMI_BIN for pulumi's",
            f"install pulumi or set PULUMI_BIN, or begin anew (its data goes): bicoastal down {twin}",
        )
    )
