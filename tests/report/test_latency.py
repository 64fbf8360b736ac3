"""Quantiles out of the buckets of several places."""

import math

import pytest

from bicoastal.report.latency import Quantile, endpoints, quantile
from tests.report.prometheus import report, up

BUCKETS = {0.1: 50.0, 0.2: 90.0, 0.5: 98.0, math.inf: 100.0}


def buckets(counts, le=str):
    labels = {"method": "GET", "route": "/api/pins"}
    return [({**labels, "le": "+Inf" if bound == math.inf else le(bound)}, n) for bound, n in counts.items()]


@pytest.mark.parametrize(
    ("share", "seconds"),
    [(0.5, 0.1), (0.25, 0.05), (0.7, 0.15), (0.95, 0.3875)],
)
def test_a_quantile_lies_within_its_bucket_as_prometheus_reckons_it(share, seconds):
    assert quantile(share, BUCKETS).seconds == pytest.approx(seconds)


def test_beyond_the_last_bound_it_is_only_known_to_be_over_it():
    assert quantile(0.99, BUCKETS) == Quantile(0.5, is_over=True)


def test_counts_that_fall_by_extrapolation_do_no_harm():
    assert quantile(0.9, {0.1: 90.0, 0.2: 89.9, math.inf: 100.0}).seconds == pytest.approx(0.1)


def test_the_places_buckets_are_added_however_a_bound_is_written():
    east = up(buckets=buckets({1.0: 100, math.inf: 100}))
    west = up(buckets=buckets({1.0: 0, math.inf: 100}, le=lambda bound: f"{bound:g}"), place="west")
    (endpoint,) = report(east, west).endpoints
    assert (endpoint.name, endpoint.requests) == ("GET /api/pins", 200)
    assert endpoint.quantiles[0.5].seconds == pytest.approx(1)
    assert endpoint.quantiles[0.95].is_over


def test_an_endpoint_that_nobody_asked_is_not_told():
    assert report(up(buckets=buckets({1.0: 0, math.inf: 0}))).endpoints == []
    assert endpoints([]) == []
