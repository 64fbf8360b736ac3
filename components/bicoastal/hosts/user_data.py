"""What a new machine is told: cloud-init's configuration, from the templates."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..checks.topology import OVERLAYS
from ..engine_api import ENGINE_GROUP
from ..site import WORKER_LABEL
from ..templates import render
from .ssh import USER, parameters_of, swarm_name

_HERE = Path(__file__).parent
VOLUME_STAND_IN = "vol-0123456789abcdef0"
"""As long as a volume's id that is not known yet, for the check of the size."""


@dataclass(frozen=True, kw_only=True)
class UserData:
    """What one host is told. There is no secret in it: join tokens are parameters that the first manager
    writes."""

    stack: str
    place: str
    region: str
    managers: Sequence[str]
    """The managers' addresses."""
    number: int | None = None
    """The host's number; None for a worker."""
    volume: str | None = None
    """The id of its data volume."""
    key: str | None = None
    """The ARN of the key that join tokens are encrypted with."""
    setup: str | None = None
    """A script of the user's own."""

    def render(self) -> str:
        """The configuration, as cloud-init reads it."""
        return render(
            __package__,
            "cloud-config.yaml.j2",
            user=USER,
            engine_group=ENGINE_GROUP,
            role=self.role,
            swarm=swarm_name(self.stack, self.place),
            hostname=f"{self.stack}-{self.place}-{'worker' if self.number is None else self.number}",
            facts=self._facts(),
            daemon_json=self._daemon_json(),
            has_volume=self.volume is not None,
            host_script=_script("host.sh"),
            keys_script=_script("keys.sh"),
            prune_script=_script("prune.sh"),
            setup=self.setup,
        )

    @property
    def role(self) -> str:
        """`manager` or `worker`."""
        return "worker" if self.number is None else "manager"

    def _facts(self) -> str:
        number = self.number
        facts = {
            "SWARM": swarm_name(self.stack, self.place),
            "PLACE": self.place,
            "REGION": self.region,
            "PARAMETERS": parameters_of(self.stack, self.place),
            "ROLE": self.role,
            "NUMBER": "" if number is None else str(number),
            "ADDRESS": "" if number is None else self.managers[number],
            "MANAGERS": " ".join(self.managers),
            "OVERLAYS": OVERLAYS,
            "VOLUME": self.volume or "",
            "KEY": self.key or "",
        }
        return "".join(f"{name}={shlex.quote(value)}\n" for name, value in facts.items())

    def _daemon_json(self) -> str:
        """The settings of every engine, with the label by which containers find this host."""
        settings = json.loads((_HERE / "daemon.json").read_text())
        label = WORKER_LABEL if self.number is None else f"host={self.number}"
        return json.dumps({**settings, "labels": [label]}, indent=2)


@cache
def _script(name: str) -> str:
    return (_HERE / "templates" / name).read_text()
