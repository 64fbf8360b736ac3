"""The alarms of a Postgres that the cloud runs, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from .managed_args import Alarms

GIB = 1 << 30


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One alarm: what is measured of the instance, and from where on somebody is told."""

    key: str
    about: str
    metric: str
    threshold: pulumi.Input[float]
    periods: int
    below: bool = False
    silence_is_bad: bool = False

    def properties(self) -> Mapping[str, Any]:
        """The properties that do not depend on where it is."""
        return {
            "alarm_description": self.about,
            "namespace": "AWS/RDS",
            "metric_name": self.metric,
            "statistic": "Average",
            "period": 60,
            "evaluation_periods": self.periods,
            "comparison_operator": f"{'LessThan' if self.below else 'GreaterThan'}Threshold",
            "threshold": self.threshold,
            "treat_missing_data": "breaching" if self.silence_is_bad else "missing",
        }


def alarms_of(role: str, alarms: Alarms, replicates: bool) -> list[Alarm]:
    """The alarms for the `primary` or the `replica`; one that `replicates` can fall behind."""
    own = [
        Alarm(
            key=f"{role}-cpu",
            about=f"The {role}'s CPU has been busy for fifteen minutes.",
            metric="CPUUtilization",
            threshold=alarms.cpu_percent,
            periods=15,
        ),
        Alarm(
            key=f"{role}-storage",
            about=f"The {role} runs out of storage: it did not grow fast enough, or may not grow on.",
            metric="FreeStorageSpace",
            threshold=pulumi.Output.from_input(alarms.free_storage_gb).apply(lambda gb: gb * GIB),
            periods=5,
            below=True,
        ),
    ]
    lag = Alarm(
        key=f"{role}-lag",
        about="The replica is behind, or says nothing: a promotion now would lose what has not arrived.",
        metric="ReplicaLag",
        threshold=alarms.replica_lag_s,
        periods=5,
        silence_is_bad=True,
    )
    return [*own, lag] if replicates else own
