"""What both collectors are made of alike: a service on every host, with its engine's socket."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pulumi

from ...application.api import WORKERS_LIMIT_S
from ...checks.problem import Problem
from ...checks.rules import IMAGE, SECRET
from ...checks.services import hosts_have_an_engine
from ...containers.service_args import Limits
from ...settings import setting
from ...site import WORKER_LABEL, Site
from ..serving import ports
from ..serving.certificate import WatcherCertificate
from ..serving.identity import identity
from ..serving.listening import listens
from .declared import COLLECTOR_LIMITS
from .engine import Engine

BACKOFF_S = 60
RETRIES = 60
"""Tries for one batch, each a minute after the last one: about an hour. Meanwhile nothing more is read, so
that further lines wait in the engine's files, as long as these are not rotated."""
PUSH = "/loki/api/v1/push"


@dataclass(frozen=True, kw_only=True)
class CollectorSettings:
    """What both collectors are made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    certificate: WatcherCertificate = setting(SECRET)
    workers: bool = setting(default=False)
    engine: Engine = setting(factory=Engine)
    limits: Limits = setting(factory=lambda: COLLECTOR_LIMITS)

    @property
    def loki_url(self) -> str:
        """Where lines go: to the region's own Loki, from the witness to the primary region's."""
        topology = self.site.topology
        here = topology.is_region(self.site.place)
        region = self.site.here if here else topology.primary_region
        return f"https://{region.address()}:{ports.LOKI}{PUSH}"

    def service_on_every_host(
        self, name: str, user: int, files: list[dict[str, Any]], **own: Any
    ) -> dict[str, Any]:
        """The arguments of the service, on the place's numbered hosts or on its workers."""
        site, here = self.site, self.site.here
        numbered = [f"engine.labels.{WORKER_LABEL.replace('=', '!=')}"]
        proof = identity(self.certificate, web=False)
        return {
            "service_name": site.swarm_name(f"{name}-workers" if self.workers else name),
            "image": self.image,
            # Of the group that may use the socket, and without any other right.
            "user": f"{user}:{self.engine.group}",
            "network_id": site.network_id,
            "constraints": site.constraints_on_workers if self.workers else numbered,
            "every_host": {"docker_host": here.docker_host, "ssh_options": here.ssh_options},
            "converge_timeout_s": WORKERS_LIMIT_S,
            # Which host it is, as Swarm knows it.
            "environment": {"HOST": "{{.Node.Hostname}}"},
            "ports": [{"published": ports.COLLECTOR}],
            "engine_socket": self.engine.handed_in,
            "files": [*proof["files"], *files],
            "rotation_key": site.rotation_key,
            "secrets": proof["secrets"],
            "health": listens(ports.COLLECTOR),
            "limits": self.limits,
            **own,
        }

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from hosts_have_an_engine("site", self.site.place, self.site.here.docker_host)
