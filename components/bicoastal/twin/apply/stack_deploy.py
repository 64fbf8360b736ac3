"""Applying a plan's stack files: `docker stack deploy` in each place, by the place's own Docker."""

import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import docker
from docker.errors import APIError

from ...plan.stack_files import StackFile
from ..layout import TwinLayout
from .changes import ApplyFailed, Changes

STACK_FOLDER = "stack"
_NAMESPACE = "com.docker.stack.namespace"


def deploy(
    client: docker.DockerClient,
    layout: TwinLayout,
    engines: Mapping[str, docker.DockerClient],
    stack_files: Mapping[str, StackFile],
) -> Changes:
    """Bring every place in `stack_files` to its stack file, by its engine. Raises `ApplyFailed`."""
    with ThreadPoolExecutor(len(stack_files)) as pool:
        parts = list(
            pool.map(
                lambda place: _apply(client, layout, place, engines[place], stack_files[place]), stack_files
            )
        )
    return Changes(
        created=tuple(name for part in parts for name in part.created),
        updated=tuple(name for part in parts for name in part.updated),
        removed=tuple(name for part in parts for name in part.removed),
    )


def _apply(
    client: docker.DockerClient,
    layout: TwinLayout,
    place: str,
    engine: docker.DockerClient,
    stack_file: StackFile,
) -> Changes:
    folder = layout.place(place).socket.parent / STACK_FOLDER
    before = _services(engine, stack_file.stack)
    try:
        stack_file.write(folder)
        container = client.containers.get(layout.place(place).container)
        result = container.exec_run(
            [
                *("docker", "stack", "deploy", "--detach=true", "--prune", "--resolve-image=never"),
                *("--compose-file", f"/run/place/{STACK_FOLDER}/stack.yaml", stack_file.stack),
            ]
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if result.exit_code != 0:
        assert isinstance(result.output, bytes)
        raise ApplyFailed(f"{place}: {result.output.decode().strip()}")
    _remove_unused(engine, stack_file)
    return _difference(place, before, _services(engine, stack_file.stack))


def _services(engine: docker.DockerClient, stack: str) -> dict[str, object]:
    found = engine.services.list(filters={"label": f"{_NAMESPACE}={stack}"})
    return {service.name: service.attrs["Spec"] for service in found}


def _difference(place: str, before: Mapping[str, object], after: Mapping[str, object]) -> Changes:
    return Changes(
        created=tuple(f"{place}/{name}" for name in sorted(after.keys() - before.keys())),
        updated=tuple(
            f"{place}/{name}" for name in sorted(after.keys() & before.keys()) if after[name] != before[name]
        ),
        removed=tuple(f"{place}/{name}" for name in sorted(before.keys() - after.keys())),
    )


def _remove_unused(engine: docker.DockerClient, stack_file: StackFile) -> None:
    """Configs and secrets of an earlier content, once no service uses them; one in use stays."""
    wanted = {
        definition["name"]
        for kind in ("configs", "secrets")
        for definition in stack_file.compose.get(kind, {}).values()
    }
    ours = {"label": f"{_NAMESPACE}={stack_file.stack}"}
    api = engine.api
    for items, remove in (
        (api.configs(filters=ours), api.remove_config),
        (api.secrets(filters=ours), api.remove_secret),
    ):
        for item in items:
            if item["Spec"]["Name"] not in wanted:
                try:
                    remove(item["ID"])
                except APIError as error:
                    if "in use" not in str(error):
                        raise
