"""Which replications of buckets the watchers ask for: those of the buckets that the environment makes."""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pulumi

from bicoastal.settings import read
from bicoastal.topology import Topology

from .bucket_names import REPLICATED, bucket_name
from .groups import Cloud


def of_its_buckets(cloud: Cloud, topology: Mapping[str, Any], environment: str) -> list[dict[str, Any]]:
    """Both ways of each of them; none where the places are wrong, which the stack's own check refuses."""
    try:
        regions = [place.region for place in read(Topology, topology, environment).regions]
    except pulumi.InputPropertiesError:
        return []

    def side(use: str, region: str) -> dict[str, str]:
        return {"bucket": bucket_name(environment, use, cloud, region), "region": region}

    return [
        {"source": side(use, source), "destination": side(use, destination)}
        for use in REPLICATED
        for source, destination in permutations(regions, 2)
    ]
