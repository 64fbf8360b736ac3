"""What is recorded, on courses whose outcome is known beforehand: tests for promtool."""

from collections.abc import Mapping
from dataclasses import dataclass

from bicoastal.monitoring.causes import Parts
from bicoastal.monitoring.causes.edge import edge
from bicoastal.monitoring.durations import duration
from bicoastal.monitoring.objectives import groups, incident_groups
from bicoastal.monitoring.rules import EVALUATION_S, RuleGroup, rules_file
from bicoastal.monitoring.text import yaml_text
from tests.monitoring.samples import ERRORS, LATENCY, UPTIME, slo

ROUTE = 'job="api", route="/api/pins"'
GOOD, BAD = (f'http_requests_total{{{ROUTE}, status="{status}"}}' for status in ("200", "500"))
PROBES = [f'probe_success{{job="probe", probe="public", from="{place}"}}' for place in ("a", "b", "c")]
PAGES = [f'ALERTS{{alertname="{name}", alertstate="firing", severity="critical"}}' for name in ("A", "B")]
LOST = 'ALERTS{alertname="RegionLost", alertstate="firing", severity="critical"}'
TICKET = 'ALERTS{alertname="C", alertstate="firing", severity="warning"}'


@dataclass(frozen=True)
class Recorded:
    """Series, and what queries must answer at a moment; None stands for no answer."""

    rules: list[RuleGroup]
    series: Mapping[str, str]
    at_s: int
    answers: Mapping[str, float | None]
    interval_s: int = EVALUATION_S

    @property
    def files(self) -> dict[str, str]:
        """The files of rules and of tests, by name."""
        test = {
            "interval": duration(self.interval_s),
            "input_series": [{"series": name, "values": values} for name, values in self.series.items()],
            "promql_expr_test": [
                {
                    "expr": query,
                    "eval_time": duration(self.at_s),
                    "exp_samples": [] if answer is None else [{"labels": "{}", "value": answer}],
                }
                for query, answer in self.answers.items()
            ],
        }
        tests = {"rule_files": ["rules.yaml"], "evaluation_interval": duration(EVALUATION_S), "tests": [test]}
        return {
            "rules.yaml": rules_file(self.rules, "https://docs.example.com"),
            "tests.yaml": yaml_text(tests),
        }


def rounded(query: str, digits: str = "0.0001") -> str:
    """The answer without its labels, rounded: promtool evaluates groups in any order, and so one of them may
    see the other's last evaluation or the one before."""
    return f"round(sum({query}), {digits})"


def spelled(bound: str) -> Recorded:
    """A histogram of a client that writes a whole bound so; a tenth is over it."""
    series = {
        f"http_request_duration_seconds_count{{{ROUTE}}}": "0+100x40",
        f'http_request_duration_seconds_bucket{{{ROUTE}, le="{bound}"}}': "0+90x40",
        f'http_request_duration_seconds_bucket{{{ROUTE}, le="10{bound}"}}': "0+95x40",
    }
    return Recorded(groups(slo(LATENCY)), series, 600, {rounded("slo:sli_error:ratio_rate5m"): 0.1})


def reached(share: float, *failing: str) -> Recorded:
    """Three places probe an address, and of some the probes fail after ten minutes."""
    series = {
        probe.replace("probe_success{", 'probe_success{instance="a", place="edge", '): (
            "1x40 0x40" if probe[probe.index("from") :].split('"')[1] in failing else "1x80"
        )
        for probe in PROBES
    }
    return Recorded([edge(Parts())], series, 1200, {"sum(probe:reached:bool)": share})


def outage(after_s: int, *, fires: bool) -> Recorded:
    """Three places probe every 30 s; after an hour every one fails."""
    values = f"1x119 0x{after_s // 30}"
    pages = 'ALERTS{alertname="UptimeBudgetBurn1h", alertstate="firing", severity="critical"}'
    answers = {f"sum({pages})": 1.0 if fires else None}
    return Recorded(groups(slo(UPTIME)), dict.fromkeys(PROBES, values), 3600 + after_s, answers, 30)


RECORDED = {
    # 100 000 requests of a busy half hour went well and 1000 of a quiet one failed: no average of 0 and 1.
    "a long window weighs every request alike": Recorded(
        groups(slo(ERRORS)),
        {GOOD: "0+1000x100 100000+0x140", BAD: "0+0x100 0+10x100 1000+0x39"},
        3600,
        {
            rounded("slo:sli_error:ratio_rate2h", "0.001"): 0.01,
            rounded("slo:sli_error:ratio_rate30d", "0.001"): 0.01,
        },
    ),
    "tiles and counters agree": Recorded(
        groups(slo(ERRORS)),
        {GOOD: "0+99x240", BAD: "0+1x240"},
        3600,
        {
            rounded("slo:sli_error:ratio_rate1h"): 0.01,
            rounded("slo:sli_error:ratio_rate2h"): 0.01,
            # An hour of 100 in 15 s, of two hours of which one is seen.
            rounded("slo:sli_total:rate1h", "0.1"): 6.7,
            rounded("slo:sli_total:rate2h", "0.1"): 3.3,
        },
    ),
    "half of the budget is left where half as much fails as may": Recorded(
        groups(slo(ERRORS)),
        {GOOD: "0+1999x80", BAD: "0+1x80"},
        1200,
        {
            rounded('slo:error_budget_remaining:ratio{period="day"}'): 0.5,
            rounded('slo:error_budget_remaining:minutes{period="day"}'): 0.72,
            rounded('slo:error_budget_remaining:minutes{period="week"}'): 5.04,
            rounded('slo:error_budget_remaining:minutes{period="month"}'): 21.6,
            rounded("slo:current_burn_rate:ratio"): 0.5,
            rounded("slo:period_burn_rate:ratio"): 0.5,
        },
    ),
    "what has never failed has all of its budget": Recorded(
        groups(slo(ERRORS)),
        {GOOD: "0+100x80"},
        1200,
        {
            'sum(slo:error_budget_remaining:ratio{period="month"})': 1.0,
            "sum(slo:sli_errors:rate5m)": 0.0,
        },
    ),
    "where nothing is asked there is no ratio": Recorded(
        groups(slo(ERRORS)),
        {GOOD: "100x80"},
        1200,
        {"sum(slo:sli_error:ratio_rate5m)": None, "sum(slo:sli_error:ratio_rate1d)": None},
    ),
    "a whole bound without a fraction": spelled("1"),
    "a whole bound with a fraction": spelled("1.0"),
    "a total outage has not paged after its first probe": outage(15, fires=False),
    "a total outage has paged when its second probes are in": outage(60, fires=True),
    "an address that one place does not reach is up": reached(1.0, "a"),
    "an address that most places do not reach is down": reached(0.0, "a", "c"),
    # Five minutes, then two pages that overlap for ten; a ticket is no incident, nor is a lost region.
    "incidents": Recorded(
        incident_groups(),
        {
            PAGES[0]: "_x39 1x19 stale _x59 1x29 stale",
            PAGES[1]: "_x139 1x19 stale",
            TICKET: "1x400",
            LOST: "_x39 1x400",
        },
        3600,
        {
            "sum(incident:started:count)": 2.0,
            "sum(incident:open:seconds)": 900.0,
            "sum(incident:mttr:seconds)": 450.0,
            rounded("incident:observed:seconds", "100"): 3600.0,
            rounded("incident:mtbf:seconds", "100"): 1400.0,
            "sum(incident:open:bool)": 0.0,
        },
    ),
    "an incident that lasts": Recorded(
        incident_groups(),
        {PAGES[0]: "_x39 1x400"},
        1200,
        {
            "sum(incident:started:count)": 1.0,
            "sum(incident:open:bool)": 1.0,
            rounded("incident:mttr:seconds", "100"): 600.0,
        },
    ),
    "no incident": Recorded(
        incident_groups(),
        {TICKET: "1x400"},
        1200,
        {
            "sum(incident:started:count)": 0.0,
            "sum(incident:mttr:seconds)": None,
            rounded("incident:mtbf:seconds", "100"): 1200.0,
            "sum(incident:mtbf_limit:seconds)": 2592000.0,
        },
    ),
}
