"""The check of metrics and labels itself: what it finds, and what it lets pass."""

import pytest

from tests.monitoring.metric_existence import recorded, unknown

PAGE = """
# TYPE requests_total counter
requests_total{route="/a",status="200"} 3
# TYPE duration_seconds histogram
duration_seconds_bucket{le="1.0",route="/a"} 1
duration_seconds_bucket{le="+Inf",route="/a"} 1
duration_seconds_sum{route="/a"} 0.5
duration_seconds_count{route="/a"} 1
# TYPE commits counter
commits{datname="a"} 1
# HELP never_total Declared, and never counted.
# TYPE never_total counter
"""


@pytest.fixture
def known(tmp_path):
    (tmp_path / "api.prom").write_text(PAGE)
    return recorded(tmp_path)


@pytest.mark.parametrize(
    "expression",
    [
        'sum by (route) (rate(requests_total{job="api", status=~"5.."}[5m]))',
        "histogram_quantile(0.99, sum by (le, route) (rate(duration_seconds_bucket[5m])))",
        "duration_seconds_sum / on (route) group_left (status) requests_total",
        '{__name__="requests_total", place="east"}',
        'sum by (host) (label_replace(requests_total, "host", "$1", "instance", "(.*):.*"))',
        "sum by (datname) (rate(commits[5m]))",
        'absent(up{job="node"})',
    ],
)
def test_what_is_recorded_or_added_by_scraping_exists(known, expression):
    assert unknown(expression, known) == []


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("rate(request_total[5m])", "no metric 'request_total' is recorded"),
        ("never_total", "no metric 'never_total' is recorded"),
        ('requests_total{code="200"}', "requests_total has no label 'code'"),
        ("sum by (code) (rate(requests_total[5m]))", "has the label 'code'"),
        ("sum without (code) (requests_total)", "has the label 'code'"),
        ("requests_total / on (zone) duration_seconds_count", "has the label 'zone'"),
        ("max_over_time(rate(request_total[5m])[1h:1m])", "no metric 'request_total' is recorded"),
    ],
)
def test_what_nobody_measures_is_named(known, expression, found):
    (said,) = unknown(expression, known)
    assert found in said
