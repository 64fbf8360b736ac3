"""From an objective to the rules that watch it."""

from dataclasses import replace

from ..rules import RuleGroup
from .alerts import alerts
from .recordings import recordings
from .slo import Slo


def groups(slo: Slo) -> list[RuleGroup]:
    """What Prometheus evaluates for an objective: the alerts right after the windows that they look at."""
    quick, long = recordings(slo)
    return [long, replace(quick, rules=[*quick.rules, *alerts(slo)])]
