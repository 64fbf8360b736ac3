"""Where our dashboards leave a rule of the linter, and why."""

from .lint.exclusion import Exclusion

_MADE_OF_ALL = (
    "It is recorded over all targets of its Prometheus, so no series of it has a job or an instance."
)
_ABOUT_ANYTHING = "An alert that nobody's job or instance caused, such as one on an objective, must show too."

EXCLUSIONS = [
    Exclusion(rule=f"target-{label}-rule", series=series, reason=reason)
    for label in ("job", "instance")
    for series, reason in (("slo:*", _MADE_OF_ALL), ("incident:*", _MADE_OF_ALL), ("ALERTS", _ABOUT_ANYTHING))
]
