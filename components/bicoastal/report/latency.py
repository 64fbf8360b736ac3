"""What most requests of each endpoint stayed under, from the buckets of all places added."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .answers import Answers
from .questions import ENDPOINT

SHARES = (0.5, 0.95, 0.99)


@dataclass(frozen=True)
class Quantile:
    """A duration that a share of the requests stayed under."""

    seconds: float
    is_over: bool = False
    """It lies beyond the last bound, which `seconds` is."""


@dataclass(frozen=True)
class Endpoint:
    """One of them; only those that were asked are reported."""

    name: str
    requests: float
    quantiles: Mapping[float, Quantile]


def endpoints(answers: Sequence[Answers]) -> list[Endpoint]:
    """All that were asked, by name."""
    buckets: dict[str, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    for each in answers:
        for sample in each.buckets:
            name = " ".join(sample.labels.get(label, "") for label in ENDPOINT).strip()
            # Some clients write 1, others 1.0.
            buckets[name][float(sample.labels["le"])] += sample.value
    return [
        Endpoint(name, found[math.inf], {share: quantile(share, found) for share in SHARES})
        for name, found in sorted(buckets.items())
        if found.get(math.inf)
    ]


def quantile(share: float, buckets: Mapping[float, float]) -> Quantile:
    """As `histogram_quantile` does: even within a bucket. `buckets` counts what is up to each bound."""
    bounds = sorted(buckets)
    wanted = share * buckets[math.inf]
    below, before = 0.0, 0.0
    for bound in bounds[:-1]:
        # Counts of several counters that are extrapolated need not rise.
        count = max(buckets[bound], before)
        if count >= wanted and count > before:
            return Quantile(below + (bound - below) * (wanted - before) / (count - before))
        below, before = bound, count
    return Quantile(below, is_over=True)
