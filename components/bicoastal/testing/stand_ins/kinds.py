"""What a stand-in knows of each type of resource, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bicoastal.plan.changes.replacing import table


@dataclass(frozen=True)
class Kind:
    """A type of resource."""

    replaces: tuple[str, ...] = ()
    """Properties whose change replaces; a path such as `taskSpec.networks` looks into groups and lists. The
    library's own table if left out."""
    named: str | None = None
    """The property that gets a name of its own when it has none, as a bridged plugin gives it. A name that is
    given makes a replacement delete first."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Properties that the cloud fills in where nothing is declared."""
    computed: Mapping[str, Any] = field(default_factory=dict)
    """Properties that the cloud computes: templates of the inputs, `id`, `number`, and its bytes `high` and
    `low`."""
    id: str = ""
    """A template of the inputs and `number`; the type's name and a number if left out."""
    takes_s: float = 0.0
    """Seconds that making one takes: whoever needs it and does not wait for it comes too early."""

    def id_of(self, token: str, number: int, inputs: Mapping[str, Any]) -> str:
        """The id of one of them."""
        name = token.rpartition(":")[2].lower()
        return self.id.format(number=number, **inputs) if self.id else f"{name}-{number}"

    def computed_of(self, identifier: str, number: int, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """What the cloud computes of this one."""
        high, low = divmod(number, 256)
        known = {"number": number, "high": high, "low": low, **inputs, "id": identifier}
        return {name: _filled(value, known) for name, value in self.computed.items()}


def read_kinds(file: Path) -> dict[str, Kind]:
    """The table in this file: a type to what is known of it."""
    declared = yaml.safe_load(file.read_text())
    return {
        token: Kind(**{**kind, "replaces": tuple(kind.get("replaces", table().get(token, ())))})
        for token, kind in declared.items()
    }


def _filled(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return value.format(**known)
    if isinstance(value, list):
        return [_filled(item, known) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, known) for key, item in value.items()}
    return value
