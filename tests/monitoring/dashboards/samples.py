"""A dashboard that breaks no rule, for tests that break one each."""

from copy import deepcopy
from typing import Any

SOURCE = {"type": "prometheus", "uid": "$datasource"}
CHOSEN = 'job=~"$job", instance=~"$instance"'


def _variable(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": name.capitalize(),
        "type": "query",
        "datasource": SOURCE,
        "query": f"label_values(up, {name})",
        "multi": True,
        "allValue": ".+",
        "refresh": 2,
    }


_GOOD: dict[str, Any] = {
    "uid": "sample",
    "title": "Sample",
    "templating": {
        "list": [
            {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"},
            _variable("job"),
            _variable("instance"),
        ]
    },
    "panels": [
        {"type": "row", "title": "First", "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}, "panels": []},
        {
            "type": "timeseries",
            "title": "Requests",
            "description": "What is asked.",
            "datasource": SOURCE,
            "gridPos": {"x": 0, "y": 1, "w": 12, "h": 8},
            "fieldConfig": {"defaults": {"unit": "reqps"}},
            "targets": [{"expr": f"sum(rate(requests_total{{{CHOSEN}}}[$__rate_interval]))"}],
        },
        {
            "type": "stat",
            "title": "Up",
            "description": "What answers.",
            "datasource": {"type": "prometheus", "uid": "${datasource}"},
            "gridPos": {"x": 12, "y": 1, "w": 12, "h": 8},
            "fieldConfig": {"defaults": {"unit": "none"}},
            "targets": [{"expr": f"max_over_time(up{{{CHOSEN}}}[1d])"}],
        },
    ],
}


def good() -> dict[str, Any]:
    """A new one."""
    return deepcopy(_GOOD)


def asking(expression: str) -> dict[str, Any]:
    """One whose first panel asks this."""
    dashboard = good()
    dashboard["panels"][1]["targets"] = [{"expr": expression}]
    return dashboard


def with_panel(**changed: Any) -> dict[str, Any]:
    """One whose first panel is otherwise; None takes a key away."""
    return _changed(good(), lambda dashboard: dashboard["panels"][1], changed)


def with_variable(which: str, /, **changed: Any) -> dict[str, Any]:
    """One whose variable is otherwise; None takes a key away."""
    return _changed(
        good(), lambda each: next(v for v in each["templating"]["list"] if v["name"] == which), changed
    )


def without_variable(name: str) -> dict[str, Any]:
    """One with a variable less."""
    dashboard = good()
    dashboard["templating"]["list"] = [v for v in dashboard["templating"]["list"] if v["name"] != name]
    return dashboard


def _changed(dashboard: dict[str, Any], part: Any, changed: dict[str, Any]) -> dict[str, Any]:
    found = part(dashboard)
    found |= changed
    for key in [key for key, value in changed.items() if value is None]:
        del found[key]
    return dashboard
