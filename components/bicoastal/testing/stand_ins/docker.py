"""Docker, with what its provider and its engine refuse of a service's mode."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .store import Cloud, Object, Refused


@dataclass
class Docker(Cloud):
    """The managers of all Swarms: whose name is taken in which, it does not know."""

    def make(self, token: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        if _is_global(inputs) and "convergeConfig" in inputs:
            raise Refused('"converge_config": conflicts with mode.0.global')
        return self.described(token, inputs)

    def change(self, it: Object, inputs: Mapping[str, Any], changed: set[str]) -> dict[str, Any]:
        if _is_global(it.properties) != _is_global(inputs):
            raise Refused("rpc error: code = Unimplemented desc = service mode change is not allowed")
        return {}


def _is_global(service: Mapping[str, Any]) -> bool:
    return bool(service.get("mode", {}).get("global"))
