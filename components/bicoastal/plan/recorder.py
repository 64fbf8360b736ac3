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
) -> Plan:
    """What `program` registers and exports.

    `config` is by `namespace:key`, its values as Pulumi's configuration holds them: text, or JSON text for
    a group. Those in `secret_keys` are secret. An error in the program or in an `apply` is raised unchanged.
    """
    return monitor.run(program, project, stack, config, secret_keys)


def read_stack_config(*files: Path) -> tuple[dict[str, str], set[str]]:
    """The configuration in these `Pulumi.<stack>.yaml` files, a later one winning, and its secret keys.

    An encrypted value cannot be read without the stack's key: the placeholder `[secret namespace:key]`
    stands for it, which checks of length and form skip.
    """
    config: dict[str, str] = {}
    secret: set[str] = set()
    for file in files:
        declared = yaml.safe_load(file.read_text()) or {}
        for key, value in (declared.get("config") or {}).items():
            secret.discard(key)
            if isinstance(value, dict) and set(value) == {"secure"}:
                secret.add(key)
            config[key] = f"[secret {key}]" if key in secret else _text(value)
    return config, secret


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
