"""Recording a program: no CLI, no account, no network, no plugin."""

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from . import monitor
from .record import Plan


def record(
    program: Callable[[], object],
    *,
    project: str,
    stack: str,
    config: Mapping[str, str],
    secret_keys: Collection[str] = (),
    answers: monitor.Answers = monitor.nothing_known,
) -> Plan:
    """What `program` registers and exports.

    `config` is by `namespace:key`, its values as Pulumi's configuration holds them: text, or JSON text for
    a group. Those in `secret_keys` are secret. `answers`
    says what is known of the outputs of a resource, `id` among them, from its type, name and inputs: the rest
    are sentinels. An error in the program or in an `apply` is raised unchanged.
    """
    return monitor.run(program, project, stack, config, secret_keys, answers)


def read_stack_config(*files: Path) -> tuple[dict[str, str], set[str]]:
    """The configuration in these `Pulumi.<stack>.yaml` files, a later one winning, and its secret keys.

    An encrypted value cannot be read without the stack's key: the placeholder `[secret namespace:key]`
    stands for it, which checks of length and form skip. In a group it is `[secret namespace:key.path]`, and
    the whole group is secret.
    """
    config: dict[str, str] = {}
    secret: set[str] = set()
    for file in files:
        declared = _load(file)
        for key, value in (declared.get("config") or {}).items():
            readable, encrypted = _decrypted(value, key)
            secret.discard(key)
            if encrypted:
                secret.add(key)
            config[key] = _text(readable)
    return config, secret


def read_project_config(file: Path, project: str) -> dict[str, str]:
    """The values that this `Pulumi.yaml` gives to every stack that does not say otherwise."""
    config: dict[str, str] = {}
    for key, declared in (_load(file).get("config") or {}).items():
        name = key if ":" in key else f"{project}:{key}"
        if isinstance(declared, dict):
            declared = declared.get("value", declared.get("default"))
        if declared is not None:
            config[name] = _text(declared)
    return config


def _load(file: Path) -> dict[str, Any]:
    declared = yaml.load(file.read_text(), _Plain)  # noqa: S506 a safe loader, without dates
    return declared if isinstance(declared, dict) else {}


class _Plain(yaml.SafeLoader):
    """What looks like a date stays the text that it is for Pulumi."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _decrypted(value: Any, path: str) -> tuple[Any, bool]:
    """The value with placeholders for what is encrypted in it, and whether there is any."""
    if isinstance(value, dict) and set(value) == {"secure"}:
        return f"[secret {path}]", True
    if isinstance(value, dict):
        items = {key: _decrypted(item, f"{path}.{key}") for key, item in value.items()}
        return {key: item for key, (item, _) in items.items()}, any(hit for _, hit in items.values())
    if isinstance(value, list):
        found = [_decrypted(item, f"{path}.{i}") for i, item in enumerate(value)]
        return [item for item, _ in found], any(hit for _, hit in found)
    return value, False


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
