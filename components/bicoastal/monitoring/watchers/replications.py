"""Replicated buckets, as a stack's declaration names them for its watchers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ...checks.problem import Problem
from ...checks.rules import CLOUD_REGION, NOT_EMPTY
from ...checks.storage import BUCKET_NAME
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting
from ...topology import Topology
from ..aws_key import AwsKey

EVERYTHING = "everything"
"""The rule by which `ReplicatedBucket` replicates."""


class ReplicatedSideArgs(TypedDict):
    """A bucket on one side of a replication."""

    bucket: pulumi.Input[str]
    """Its name."""
    region: str
    """Its region's code, such as `us-east-1`."""


class ReplicationArgs(TypedDict):
    """One way in which objects are replicated; both ways are two of them."""

    source: ReplicatedSideArgs
    """Where they are written."""
    destination: ReplicatedSideArgs
    """Where they are copied to."""
    rule: NotRequired[str]
    """The id of the rule that copies them; it must have metrics on. Default: `everything`, as
    `ReplicatedBucket` has it."""


class ReplicationsArgs(TypedDict):
    """Which replications of buckets are watched: CloudWatch is asked how far they are."""

    ways: list[ReplicationArgs]
    """Them all, at least one."""
    access_key_id: NotRequired[pulumi.Input[str]]
    """The id of the key that may do `cloudwatch:GetMetricStatistics` and nothing else. Default: none, AWS is
    asked as the machine, which must be heard in containers."""
    secret_access_key: NotRequired[pulumi.Input[str]]
    """The key itself, a secret of 8 to 512 characters. Default: none; needed beside its id."""
    limits: NotRequired[LimitsArgs]
    """What the exporter of a region may use. Default: 256 MiB and a quarter of a core."""


@dataclass(frozen=True, kw_only=True)
class ReplicatedSide:
    """A bucket on one side of a replication, checked."""

    bucket: pulumi.Input[str] = setting(BUCKET_NAME)
    region: str = setting(CLOUD_REGION)


@dataclass(frozen=True, kw_only=True)
class Replication:
    """One way in which objects are replicated, checked."""

    source: ReplicatedSide
    destination: ReplicatedSide
    rule: str = setting(NOT_EMPTY, default=EVERYTHING)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.source.region == self.destination.region:
            yield Problem(
                "destination.region",
                "is the source's, too",
                repr(self.destination.region),
                "another region",
                "name the region that objects are copied to",
            )


@dataclass(frozen=True, kw_only=True)
class Replications(AwsKey):
    """Which replications of buckets are watched, checked."""

    ways: list[Replication]
    limits: Limits = setting(factory=lambda: Limits(memory_mb=256, cpus=0.25))

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from super().problems()
        if not self.ways:
            yield Problem(
                "ways",
                "none",
                "[]",
                "at least one way in which objects are replicated",
                "name them, or leave the group out",
            )

    def problems_of_places(self, topology: Topology, path: str) -> Iterator[Problem]:
        """Sides in regions where nobody would ask for them; `path` is where the replications are declared."""
        regions = [place.region for place in topology.regions]
        for number, way in enumerate(self.ways):
            for side, region in (("source", way.source.region), ("destination", way.destination.region)):
                if region not in regions:
                    yield Problem(
                        f"{path}.ways[{number}].{side}.region",
                        "nobody asks there",
                        repr(region),
                        ", ".join(regions),
                        "name a region of the topology, or leave this way out",
                    )
