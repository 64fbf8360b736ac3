"""What asks AWS' CloudWatch how far the replication of buckets is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import pulumi

from ...checks.problem import Problem
from ...checks.rules import IMAGE, SECRET
from ...component import Component, ComponentArgs
from ...containers import ContainerService
from ...settings import setting
from ...site import Site, SiteArgs
from ...templates import render
from ..serving import alloy_program, ports
from ..serving.certificate import WatcherCertificate, WatcherCertificateArgs
from ..serving.identity import identity
from ..serving.listening import listens
from .replications import Replication, Replications, ReplicationsArgs

SERVICE = "cloudwatch"
EXPORTER = "buckets"
PATH = f"/api/v0/component/prometheus.exporter.cloudwatch.{EXPORTER}/metrics"
"""Where it tells what CloudWatch told it."""
EVERY_S = 300
LOOKS_BACK_S = 900
"""CloudWatch has its figures of S3 some minutes late."""
LEAVES = ({"name": "OperationsFailedReplication", "statistic": "Sum", "period_s": LOOKS_BACK_S},)
"""What CloudWatch of the source's region counts, and over which time it is told as one figure. The exporter
tells the newest alone: over a shorter time, failures that come late would be in none that it tells."""
ARRIVES = (
    {"name": "ReplicationLatency", "statistic": "Maximum", "period_s": EVERY_S},
    {"name": "BytesPendingReplication", "statistic": "Maximum", "period_s": EVERY_S},
)
"""What that of the destination's region counts."""


class CloudWatchAskingArgs(TypedDict):
    """What the exporter asks CloudWatch for, and how it proves itself."""

    certificate: WatcherCertificateArgs
    """Its place's, naming `monitor`: shown to who asks it."""
    replications: ReplicationsArgs
    """What CloudWatch is asked for, with the key to it."""


class CloudWatchExporterArgs(ComponentArgs):
    """What a region's exporter of CloudWatch's figures is made of."""

    site: SiteArgs
    """Where it runs: on a region's first host."""
    image: pulumi.Input[str]
    """The image with Grafana Alloy 1.16 or later, pinned."""
    asking: CloudWatchAskingArgs
    """What it asks CloudWatch for, and how it proves itself."""


@dataclass(frozen=True, kw_only=True)
class CloudWatchAsking:
    """What the exporter asks CloudWatch for, and how it proves itself, checked."""

    certificate: WatcherCertificate = setting(SECRET)
    replications: Replications


@dataclass(frozen=True, kw_only=True)
class CloudWatchExporterSettings:
    """What a region's exporter of CloudWatch's figures is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    asking: CloudWatchAsking

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from self.site.problems_outside_regions("it asks for the buckets of its region")
        yield from self.asking.replications.problems_of_places(self.site.topology, "asking.replications")


class CloudWatchExporter(Component[CloudWatchExporterSettings]):
    """What asks CloudWatch of its region for the figures of replicated buckets: how many operations failed of
    what leaves the region's buckets, and how late, and how much, is what arrives in them. So each figure is
    asked for once, in the region that has it.

    It is Grafana Alloy with nothing but its `prometheus.exporter.cloudwatch`, apart from whoever reads logs:
    it has a key to AWS and no engine's socket. It asks every five minutes, which costs about 0.3 USD a month
    for each way. It serves on port 12346 of the place's overlay network, by TLS and to whoever shows a
    certificate of the stack's authority. It keeps nothing.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_name: pulumi.Output[str]
    """The service's name in Swarm."""

    def __init__(
        self, name: str, args: CloudWatchExporterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, CloudWatchExporterSettings)
        settings, site = self.settings, self.settings.site
        proof, asked = identity(settings.asking.certificate, web=False), settings.asking.replications
        service = ContainerService(
            self.child_name("exporter"),
            self.child_args(
                "exporter",
                {
                    "service_name": site.swarm_name(SERVICE),
                    "image": settings.image,
                    "user": f"{alloy_program.USER}:{alloy_program.USER}",
                    "network_id": site.network_id,
                    "constraints": site.constraints_on(0),
                    "command": alloy_program.command(ports.CLOUDWATCH, "/tmp/alloy"),  # noqa: S108 its own
                    "environment": asked.environment,
                    "files": [
                        *proof["files"],
                        {
                            "name": "configuration",
                            "path": alloy_program.CONFIGURATION,
                            "content": cloudwatch_configuration(site.here.region, asked.ways),
                        },
                    ],
                    "rotation_key": site.rotation_key,
                    "secrets": [*proof["secrets"], *asked.secrets],
                    "health": listens(ports.CLOUDWATCH),
                    "limits": asked.limits,
                },
            ),
            opts=self.child_opts("exporter"),
        )
        self.service_name = service.service_name
        self.register_outputs({"service_name": self.service_name})

    @classmethod
    def children_of(cls, settings: CloudWatchExporterSettings) -> Sequence[str]:
        return ("exporter",)


def cloudwatch_configuration(region: str, ways: Sequence[Replication]) -> pulumi.Output[str]:
    """The configuration of the exporter that asks CloudWatch of this region; buckets' names may be known only
    later."""
    asked = list(questions_of(region, ways))
    return pulumi.Output.from_input(asked).apply(lambda known: configuration_text(region, known))


def configuration_text(region: str, questions: Sequence[Mapping[str, Any]]) -> str:
    """The configuration with these questions: each has a `name`, the buckets `source` and `destination`, the
    `rule`, and `metrics`, each with its `name`, its `statistic` and the seconds `period_s`."""
    return render(
        __package__,
        "cloudwatch.alloy.j2",
        # A warning is that it may not ask for the account's alias, at every question.
        server=alloy_program.server("error"),
        exporter=EXPORTER,
        region=region,
        questions=questions,
        every_s=EVERY_S,
        looks_back_s=LOOKS_BACK_S,
    )


def questions_of(region: str, ways: Sequence[Replication]) -> Iterator[dict[str, Any]]:
    """What CloudWatch of this region is asked for."""
    for number, way in enumerate(ways, 1):
        of = {"source": way.source.bucket, "destination": way.destination.bucket, "rule": way.rule}
        if way.source.region == region:
            yield {"name": f"leaves_{number}", **of, "metrics": LEAVES}
        if way.destination.region == region:
            yield {"name": f"arrives_{number}", **of, "metrics": ARRIVES}
