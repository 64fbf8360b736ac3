"""A declaration that cannot hold is one clear error before anything is made of it."""

import pulumi
import pytest

from bicoastal.monitoring.objectives import objectives
from bicoastal.monitoring.rules import Alert
from tests.monitoring.samples import ERRORS, LATENCY, RUNBOOK, UPTIME
from tests.monitoring.test_rules import DOWN

TOTAL = "http_requests_total"


@pytest.mark.parametrize(
    ("declared", "changed", "named", "given", "allowed"),
    [
        (ERRORS, {"runbook": None}, "runbook", "nothing", "a dictionary"),
        (ERRORS, {"runbook": {**RUNBOOK, "act": [" "]}}, "runbook.act[0]", "' '", "a step"),
        (ERRORS, {"objective": 100}, "objective", "100", "less than 100"),
        (ERRORS, {"objective": 93}, "objective", "100.8", "more than 93.06"),
        (ERRORS, {"objective": 60, "severity": "warning"}, "objective", "120", "more than 66.67"),
        (ERRORS, {"severity": "none"}, "severity", "none", "warning"),
        (ERRORS, {"counters": None}, "counters | latency | probes", "none", "one of"),
        (ERRORS, {"probes": UPTIME["probes"]}, "counters | latency | probes", "counters, probes", "one of"),
        (ERRORS, {"counters": {"total": TOTAL}}, "counters.bad", "neither", "one of them"),
        (ERRORS, {"counters": {"total": f"sum({TOTAL})", "bad": TOTAL}}, "counters.total", "sum", "name"),
        (LATENCY, {"threshold_s": 0.3}, "latency.threshold_s", "0.3", "0.1, 0.5, 1"),
        (ERRORS, {"labels": {"found": "{{ $value }}"}}, "labels.found", "$value", "$labels"),
        (ERRORS, {"labels": {"found": "{{ .Value }}"}}, "labels.found", ".Value", "$labels"),
        (ERRORS, {"labels": {"found": '{{ printf "}" $value }}'}}, "labels.found", "$value", "$labels"),
        (
            ERRORS,
            {"labels": {"found": '{{ query "up" | first | value }}'}},
            "labels.found",
            "query",
            "$labels",
        ),
        (ERRORS, {"labels": {"my-team": "maps"}}, "labels.my-team", "my-team", "letters"),
        (ERRORS, {"labels": {"team": "maps"}, "group_by": ["team"]}, "labels", "team", "none of team"),
        (ERRORS, {"labels": {"severity": "page"}}, "labels", "severity", "none of"),
        (ERRORS, {"group_by": ["slo"]}, "group_by", "slo", "none of"),
        (ERRORS, {"window_days": 5}, "window_days", "5", "7 to 366"),
        (UPTIME, {"minimum_requests": 5000}, "minimum_requests", "5000", "at most 1000"),
        (ERRORS, {"examples": {"route": "/web"}}, "examples.route", "nothing", "a value"),
    ],
)
def test_a_wrong_declaration_is_one_clear_error(declared, changed, named, given, allowed):
    if "threshold_s" in changed:
        changed = {"latency": {**declared["latency"], **changed}}
    both = {key: value for key, value in {**declared, **changed}.items() if value is not None}
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        objectives([both])
    (detail,) = refused.value.errors or []
    assert detail["property_path"] == named
    reason = detail["reason"]
    assert given in reason.partition("given: ")[2].partition("; allowed: ")[0]
    assert allowed in reason.partition("allowed: ")[2]
    assert reason.partition("fix: ")[2]


@pytest.mark.parametrize("constant", ["{{ $labels.value }}", "{{ $labels.route }} of value", "value"])
def test_a_label_may_name_other_labels(constant):
    assert objectives([{**ERRORS, "labels": {"found": constant}}])


def test_a_name_that_is_declared_twice_is_refused():
    with pytest.raises(pulumi.InputPropertiesError, match="declared twice; given: 'error-rate'"):
        objectives([ERRORS, LATENCY, ERRORS])


def test_a_window_over_what_prometheus_keeps_is_refused():
    with pytest.raises(pulumi.InputPropertiesError, match="longer than Prometheus keeps"):
        objectives([ERRORS], retention_days=15)
    assert objectives([ERRORS], retention_days=30)


def test_an_alert_whose_label_carries_its_value_is_refused():
    given = {field: getattr(DOWN, field) for field in DOWN.__dataclass_fields__}
    with pytest.raises(pulumi.InputPropertiesError, match=r"labels\.share: a label that carries a value"):
        Alert(**{**given, "labels": {"share": "{{ $value | humanize }}"}})
