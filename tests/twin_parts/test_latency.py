"""What is made of the load generator's figures; without a twin."""

import pytest

from bicoastal.operations.refusal import OperationFailed
from bicoastal.twin.latency import HopLatency, Latencies, Latency, parse

HEADER = "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset"


def row(milliseconds, offset_s, status=200):
    return f"{milliseconds / 1000:.4f},0,0,0,0,0,{status},{offset_s:.4f}"


def hop(name, p, *, runs=1, rate=200.0, failed=0):
    return HopLatency(name, [Latency(name, [float(p)] * 10, failed, rate)] * runs)


def test_what_came_in_the_first_two_seconds_does_not_count():
    seen = parse("API", "\n".join([HEADER, row(900, 1.9), row(4, 2.0), row(6, 6.9)]), seconds=7)
    assert seen.milliseconds == [4, 6]
    assert seen.rate_reached == 2 / 5


def test_an_answer_with_an_error_has_failed():
    seen = parse("API", "\n".join([HEADER, row(4, 3), row(4, 3.5, status=503), row(4, 4)]), seconds=10)
    assert seen.failed == 1


def test_a_hop_that_answers_nothing_is_named():
    with pytest.raises(OperationFailed, match="Nginx, TLS answered nothing"):
        parse("Nginx, TLS", HEADER, seconds=10)


def test_each_hop_adds_what_is_more_than_the_way_behind_it():
    assert list(Latencies(200, [hop("API", 3), hop("HAProxy", 5), hop("edge", 6)]).added(95)) == [3, 2, 1]


@pytest.mark.parametrize(
    ("edge", "passed"),
    [
        (hop("edge", 50), True),
        (hop("edge", 50.1), False),
        (hop("edge", 5, rate=189), False),
        (hop("edge", 5, failed=1), False),
    ],
)
def test_it_passes_within_the_limit_at_the_whole_rate_and_without_a_failure(edge, passed):
    assert Latencies(200, [hop("API", 3), edge]).passed is passed


def test_the_worst_run_is_what_counts():
    quick, slow = (Latency("edge", [ms] * 10, 0, 200) for ms in (5.0, 60.0))
    assert not Latencies(200, [HopLatency("edge", [quick, slow, quick])]).passed
