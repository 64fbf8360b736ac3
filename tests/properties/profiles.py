"""How many examples the properties are tried with: a profile of hypothesis, chosen by `--hypothesis-profile`.

The seed is fixed and nothing is remembered. Constants of the modules that are loaded are tried too, so that
another selection of tests may see other examples.
"""

from typing import Any

from hypothesis import HealthCheck, settings

EXAMPLES = {"quick": 200, "test": 2000, "drill": 20000}
"""The least of all properties together: in `make quick`, `make test` and `make drill`."""
SHARES = {
    "test_a_broken_value_is_one_clear_error_before_anything_is_registered": 0.60,
    "test_settings_without_a_cloud_are_read_or_refused_for_a_reason": 0.20,
    "test_settings_in_a_cloud_are_read_or_refused_for_a_reason": 0.20,
    "test_what_is_read_without_a_cloud_can_be_planned": 0.05,
    "test_what_is_read_in_a_cloud_can_be_planned": 0.012,
}
"""Of them, each property's; a whole plan takes as long as thirty readings, and production's 200."""
COUNTED = "examples"

for _name, _examples in EXAMPLES.items():
    settings.register_profile(
        _name,
        max_examples=_examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
settings.load_profile("quick")


def wanted(name: str) -> int:
    """How many examples the property of this name is tried with."""
    return round(settings().max_examples * SHARES[name])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many examples there were."""
    counts = [
        count
        for report in terminalreporter.stats.get("passed", [])
        for key, count in report.user_properties
        if key == COUNTED
    ]
    if counts:
        terminalreporter.write_line(f"properties: {sum(counts)} examples of {len(counts)} properties held")
