"""The file that `promtool test rules` reads: every alert firing, and quiet, at least once."""

from collections.abc import Iterator, Mapping, Sequence

from .durations import duration
from .rules import EVALUATION_S, Alert, RuleGroup
from .text import yaml_text
from .trials import Trial


def trials_file(groups: Sequence[RuleGroup], rules: Sequence[str]) -> str:
    """The text of the file; `rules` are the files under test, as seen from it."""
    data = {
        "rule_files": list(rules),
        "evaluation_interval": duration(EVALUATION_S),
        "tests": [test for group in groups for alert in group.alerts for test in _tests(alert)],
    }
    return yaml_text(data)


def _tests(alert: Alert) -> Iterator[dict[str, object]]:
    for firing in (alert.firing, *alert.also_firing):
        yield _test(alert, f"{alert.name} fires", firing)
    for quiet in (alert.quiet, *alert.also_quiet):
        yield _test(alert, f"{alert.name} is quiet", quiet)


def _test(alert: Alert, name: str, trial: Trial) -> dict[str, object]:
    """The alert's own series is asked, since promtool compares annotations where it is asked for alerts."""
    return {
        "name": name,
        "interval": duration(trial.interval_s),
        "input_series": [{"series": series, "values": values} for series, values in trial.series.items()],
        "promql_expr_test": [
            {
                "expr": _firing({"alertname": alert.name}),
                "eval_time": duration(trial.at_s),
                "exp_samples": [
                    {"labels": _firing(_labels(alert, labels)), "value": 1} for labels in trial.fires
                ],
            }
        ],
    }


def _labels(alert: Alert, labels: Mapping[str, str]) -> dict[str, str]:
    return {"alertname": alert.name, **alert.given_labels, **labels}


def _firing(labels: Mapping[str, str]) -> str:
    listed = ", ".join(f'{key}="{value}"' for key, value in {**labels, "alertstate": "firing"}.items())
    return f"ALERTS{{{listed}}}"
