"""Tracing: whether traces are taken and can be seen."""

from functools import partial

from ..rules import RuleGroup
from .cause import cause
from .exporters import down, unwatched

PART = "tracing"
_cause = partial(cause, part=PART)


def tracing() -> RuleGroup:
    """Rules on Jaeger; only where it runs."""
    means = "traces are neither taken nor seen; alerts do not depend on it"
    return RuleGroup(
        name=PART,
        rules=[
            down("JaegerDown", "jaeger", "{{ $labels.instance }}", means, _cause),
            unwatched("TracingUnwatched", ["jaeger"], _cause),
        ],
    )
