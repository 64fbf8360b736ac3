"""Loki: a region's logs, to be asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ...checks.problem import Problem
from ...checks.rules import IMAGE, SECRET, between
from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting
from ...site import Site, SiteArgs
from ..serving import ports
from ..serving.certificate import WatcherCertificate, WatcherCertificateArgs
from ..serving.identity import as_yaml, identity
from ..serving.memory import soft_limit
from .declared import LOKI_LIMITS, RETENTION_DAYS
from .ingestion import Ingestion, IngestionArgs
from .loki_configuration import DATA, INNER_PORT, loki_configuration
from .object_storage import ObjectStorage, ObjectStorageArgs

USER = "10001:10001"
PROGRAM = "/usr/bin/loki"
CONFIGURATION = "/etc/loki/bicoastal.yaml"
SERVICE = "loki-1"


class LokiArgs(ComponentArgs):
    """What a Loki is made of."""

    site: SiteArgs
    """Where it runs: on a region's first host."""
    image: pulumi.Input[str]
    """The image with Loki 3.7, pinned."""
    certificate: WatcherCertificateArgs
    """Its place's, naming its address, `localhost` and `monitor`."""
    retention_days: NotRequired[int]
    """Days that logs are kept, 1 to 400. Default: 30."""
    object_storage: NotRequired[ObjectStorageArgs]
    """The bucket that they are kept in. Default: none, a volume of its host."""
    ingestion: NotRequired[IngestionArgs]
    """How much it takes. Default: 4 MB a second with bursts of 8, 5000 streams, lines of 256 KB."""
    limits: NotRequired[LimitsArgs]
    """What it may use. Default: 512 MiB and one core."""


@dataclass(frozen=True, kw_only=True)
class LokiSettings:
    """What a Loki is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    certificate: WatcherCertificate = setting(SECRET)
    retention_days: int = setting(between(1, 400, "days"), default=RETENTION_DAYS)
    object_storage: ObjectStorage | None = None
    ingestion: Ingestion = setting(factory=Ingestion)
    limits: Limits = setting(factory=lambda: LOKI_LIMITS)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from self.site.problems_outside_regions("the witness's logs go to the primary's region")


class Loki(Component[LokiSettings]):
    """One region's Loki, as one process: it takes what the collectors of its region send, the primary's
    region also the witness's, keeps it for so many days, and answers who asks.

    It serves on its host's port 3100, by TLS and to whoever shows a certificate of the stack's authority: it
    cannot tell one name from another.

    With `object_storage` its logs are in the bucket, and the volume `<stack>_loki-1-data` on its host has
    what it has not brought there yet, two hours at most: losing it loses that. Without, the volume is all
    there is, and losing it loses every log of the region.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    address: pulumi.Output[str]
    """`host:port` for collectors and whoever asks."""

    def __init__(self, name: str, args: LokiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, LokiSettings)
        settings, site = self.settings, self.settings.site
        service = site.swarm_name(SERVICE)
        proof, storage = identity(settings.certificate, web=False), settings.object_storage
        ContainerService(
            self.child_name("loki"),
            self.child_args(
                "loki",
                {
                    "service_name": service,
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    "constraints": site.constraints_on(0),
                    "command": [PROGRAM, f"-config.file={CONFIGURATION}"],
                    "environment": self._environment(),
                    "ports": [{"published": ports.LOKI}],
                    "volumes": [{"name": f"{service}-data", "path": DATA}],
                    "files": [
                        *proof["files"],
                        {"name": "configuration", "path": CONFIGURATION, "content": self._configuration()},
                    ],
                    "rotation_key": site.rotation_key,
                    "secrets": [*proof["secrets"], *(storage.secrets if storage is not None else [])],
                    # The image has no shell and no curl: the program asks itself.
                    "health": {
                        "command": [PROGRAM, "-health", f"-health.url=http://127.0.0.1:{INNER_PORT}/ready"],
                        "interval_s": 30,
                    },
                    "limits": settings.limits,
                    # It brings what it has in memory to its store within seconds. It does not end by itself:
                    # its two servers wait for one another (seen with 3.7.8).
                    "stop_grace_s": 60,
                },
            ),
            opts=self.child_opts("loki"),
        )
        self.address = pulumi.Output.from_input(f"{site.here.address()}:{ports.LOKI}")
        self.register_outputs({"address": self.address})

    def _configuration(self) -> pulumi.Output[str]:
        settings = self.settings
        data = loki_configuration(
            settings.retention_days, settings.ingestion, settings.object_storage, settings.limits.memory_mb
        )
        # A bucket's name may be known only later.
        return pulumi.Output.from_input(data).apply(as_yaml)

    def _environment(self) -> dict[str, str]:
        storage = self.settings.object_storage
        return {
            **soft_limit(self.settings.limits.memory_mb),
            **(storage.environment if storage is not None else {}),
        }

    @classmethod
    def children_of(cls, settings: LokiSettings) -> Sequence[str]:
        return ("loki",)
