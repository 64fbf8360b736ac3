"""Applying by the Pulumi engine: `pulumi up` of the project, against the places' engines."""

from collections.abc import Mapping, Sequence

import docker

from ..credentials import passphrase_file
from ..environment import Environment
from ..places import Progress
from ..project import ENVIRONMENT
from .changes import ApplyFailed, Changes
from .events import Run
from .pulumi_program import PulumiProgram
from .recovery import take_up
from .stack_config import write_stack_config

FOLDER = "pulumi"


def pulumi_up(
    program: str,
    environment: Environment,
    engines: Mapping[str, docker.DockerClient],
    progress: Progress,
) -> Changes:
    """Bring the places of `engines` to what the program declares; the others are left as they are, and need
    not be there. `program` is the `pulumi` to run. Raises `ApplyFailed` with the engine's own diagnostic."""
    folder = environment.layout.folder
    passphrase = passphrase_file(folder)
    pulumi = PulumiProgram(program, environment.project, folder / FOLDER, passphrase)
    pulumi.prepare()
    options = ["--refresh"] if take_up(pulumi, engines, _stack(environment), progress) else []
    declared = environment if pulumi.state().get("resources") else environment.for_its_creation()
    config, secret_keys = declared.config(declared.credentials, declared.upstream.had)
    write_stack_config(pulumi.stack_config, config, secret_keys, passphrase.read_text())
    options += excluding(sorted(environment.layout.places.keys() - engines.keys()))
    run = Run(environment.places_by_provider, progress)
    if not pulumi.up(run.tell, options):
        raise ApplyFailed(f"pulumi: {run.diagnostic}")
    return run.changes


def excluding(places: Sequence[str]) -> list[str]:
    """The options that leave out everything in these places, by the logical names, which have the place."""
    return [
        word for place in places for name in (place, f"{place}-*") for word in ("--exclude", f"**::*-{name}")
    ]


def _stack(environment: Environment) -> str:
    return next((file.stack for file in environment.stack_files.values()), ENVIRONMENT)
