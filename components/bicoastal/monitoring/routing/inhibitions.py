"""Which alert makes which others superfluous: a consequence is not told beside its cause."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..causes import (
    HOST_DOWN,
    NO_PRIMARY,
    REGION_LOST,
    REPLICAS_MISSING,
    SENTINELS_MISSING,
    VOTERS_MISSING,
    WATCHDOG,
    WITNESS_LOST,
)

PLACE_LOST = f"{REGION_LOST}|{WITNESS_LOST}"
MEMBERS_MISSING = f"{VOTERS_MISSING}|{SENTINELS_MISSING}|{REPLICAS_MISSING}"


@dataclass(frozen=True, kw_only=True)
class Inhibition:
    """While an alert that matches `source` fires, those that match `target` and agree with it in the labels
    `equal` are not told. They go on firing, and are told when they outlive it."""

    why: str
    source: Sequence[str]
    target: Sequence[str]
    equal: Sequence[str] = ()

    def as_data(self) -> dict[str, object]:
        """As Alertmanager reads it."""
        return {
            "source_matchers": list(self.source),
            "target_matchers": list(self.target),
            **({"equal": list(self.equal)} if self.equal else {}),
        }


INHIBITIONS = (
    Inhibition(
        why="What is in a lost place is lost with it.",
        source=[f'alertname=~"{PLACE_LOST}"', 'place!=""'],
        target=[f'alertname!~"{PLACE_LOST}|{WATCHDOG}"', 'place!=""'],
        equal=["place"],
    ),
    Inhibition(
        why="What the clusters of the other places miss is what is lost with the place.",
        source=[f'alertname=~"{PLACE_LOST}"'],
        target=[f'alertname=~"{MEMBERS_MISSING}"'],
    ),
    Inhibition(
        why="Nobody hears anything from a host that is down.",
        source=[f'alertname="{HOST_DOWN}"', 'host!=""'],
        target=[f'alertname!="{HOST_DOWN}"', 'severity="warning"', 'host!=""'],
        equal=["place", "host"],
    ),
    Inhibition(
        why="Without a primary the API cannot write, wherever it runs.",
        source=[f'alertname="{NO_PRIMARY}"'],
        target=['part="api"', 'severity="warning"'],
    ),
    Inhibition(
        why="The page of an objective says all that its ticket would say.",
        source=['severity="critical"', 'slo!=""'],
        target=['severity="warning"', 'slo!=""'],
        equal=["slo", "route", "place"],
    ),
    Inhibition(
        why="The page of a part says more than its tickets; of certificates each is a part of its own.",
        source=['severity="critical"', 'slo=""', 'part!=""'],
        target=['severity="warning"', 'slo=""', 'part!=""'],
        equal=["part", "place", "certificate"],
    ),
)


def alert_relabelling() -> list[dict[str, object]]:
    """Prometheus' `alert_relabel_configs`: what lets Alertmanager take equal alerts of several watchers as
    one, and tells by the label `host` what is on the same machine.

    An objective, and a job that has no target, are each region's own: where they name no place, it is the
    watcher's. Else the end of one region's alert would end the other's.
    """
    return [
        {
            "source_labels": ["place", "slo", "job", "watcher"],
            "regex": ";(?:[^;]+;[^;]*|;[^;]+);(.+)",
            "target_label": "place",
        },
        {"action": "labeldrop", "regex": "watcher|replica"},
        {"source_labels": ["instance"], "regex": r"([^/]+):\d+", "target_label": "host"},
    ]
