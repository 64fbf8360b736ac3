"""Applying what is declared to the places of a twin: by the Pulumi engine, or by stack files without one."""

from collections.abc import Mapping

import docker

from ..environment import Environment
from ..places import Progress
from .by_pulumi import pulumi_up
from .changes import ApplyFailed, Changes
from .stack_deploy import deploy
from .way import Way, WrongWay, choose, find_pulumi, kept_way

__all__ = ["ApplyFailed", "Changes", "Way", "WrongWay", "apply", "choose", "find_pulumi", "kept_way"]


def apply(
    client: docker.DockerClient,
    environment: Environment,
    engines: Mapping[str, docker.DockerClient],
    progress: Progress,
) -> Changes:
    """Bring the places of `engines` to what is declared, in the twin's way; the others are left as they are.
    Raises `ApplyFailed`, and `WrongWay` when the twin's way is not open."""
    layout = environment.layout
    if choose(layout.folder) is Way.PULUMI:
        program = find_pulumi()
        assert program is not None
        return pulumi_up(program, environment, engines, progress)
    files = environment.stack_files
    return deploy(client, layout, engines, {place: files[place] for place in engines})
