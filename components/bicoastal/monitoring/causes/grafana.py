"""Grafana: whether its pages can be seen."""

from functools import partial

from ..rules import RuleGroup
from .cause import cause
from .exporters import down, unwatched

PART = "grafana"
_cause = partial(cause, part=PART)


def grafana() -> RuleGroup:
    """Rules on Grafana; only where it runs."""
    means = "its pages cannot be seen; alerts do not depend on it"
    return RuleGroup(
        name=PART,
        rules=[
            down("GrafanaDown", "grafana", "{{ $labels.instance }}", means, _cause),
            unwatched("GrafanaUnwatched", ["grafana"], _cause),
        ],
    )
