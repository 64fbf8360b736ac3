"""The published table of what a failover takes, held by the library's own arithmetic."""

import pytest

from bicoastal.cache import RedisCluster
from bicoastal.cache.timing import failover_worst_s
from bicoastal.database import Timing
from bicoastal.failover import Term, of_load_balancer, of_switched_record
from bicoastal.failover.budget import FailoverBudget, detection
from bicoastal.ingress.routes import HealthCheck
from bicoastal.ingress.timing import (
    found_up_average_s,
    refusing_out_worst_s,
    silent_out_from_start_to_start_s,
    silent_out_worst_s,
)


def check(inter, fast, times, timeout=1.0):
    return HealthCheck(
        path="/", interval_s=inter, fast_interval_s=fast, timeout_s=timeout, fall=times, rise=times
    )


EDGE = [
    # interval, failures, timeout, retries, TTL (None: proxied), average, worst
    (30, 3, 5, 0, None, 85, 100),
    (30, 3, 5, 2, None, 95, 110),
    (60, 3, 5, 0, None, 160, 190),
    (20, 3, 3, 0, None, 58, 68),
    (15, 3, 3, 0, None, 45.5, 53),
    (15, 2, 3, 0, None, 30.5, 38),
    (10, 3, 3, 0, None, 33, 38),
    (30, 3, 5, 0, 60, 115, 160),
    (30, 3, 5, 2, 60, 125, 170),
    (15, 3, 3, 0, 60, 75.5, 113),
    (15, 3, 3, 0, 30, 60.5, 83),
    (10, 2, 3, 0, 30, 38, 58),
]


@pytest.mark.parametrize(("interval", "down", "timeout", "retries", "ttl", "average", "worst"), EDGE)
def test_detection_and_propagation_at_the_edge(interval, down, timeout, retries, ttl, average, worst):
    terms = detection(interval, down, timeout, retries), of_load_balancer(ttl)
    assert sum(term.seconds for term in terms) == worst
    assert sum(term.average_s for term in terms) == average


def test_a_plain_record_that_a_coordinator_switches():
    found, switched = detection(30, 3, 5, 0), of_switched_record(60)
    assert found.seconds + switched.seconds == 170
    assert found.average_s + switched.average_s == 125


def test_a_proxied_record_that_a_coordinator_switches():
    assert detection(15, 3, 3, 0).seconds + of_switched_record().seconds == 63


@pytest.mark.parametrize(("promotion", "worst"), [(29, 199), (78, 248)])
def test_a_record_that_is_switched_before_the_database_is_promoted(promotion, worst):
    none = Term(name="reconnection", seconds=0, average_s=0, arithmetic="", source="")
    promoted = Term(name="promotion", seconds=promotion, average_s=0, arithmetic="", source="")
    budget = FailoverBudget(
        detection=detection(30, 3, 5, 0),
        promotion=promoted,
        recovery=none,
        propagation=of_switched_record(60),
        reconnection=none,
        limit_s=120,
    )
    assert budget.one_after_the_other_s == worst


BALANCER = [
    # interval, fast interval, failures, timeout; worst: silent as published, as HAProxy counts it, refused
    (2, 2, 3, 2, 8, 12, 6),
    (1, 0.5, 3, 1, 4, 5, 2),
    (3, 3, 3, 5, 18, 24, 9),
]


@pytest.mark.parametrize(("inter", "fast", "fall", "timeout", "published", "silent", "refused"), BALANCER)
def test_a_balancer_takes_a_server_out(inter, fast, fall, timeout, published, silent, refused):
    checked = check(inter, fast, fall, timeout)
    assert silent_out_from_start_to_start_s(checked) == published
    assert silent_out_worst_s(checked) == silent
    assert refusing_out_worst_s(checked) == refused


NODE_LOST = [
    # ttl, loop_wait, retry_timeout; check, fast check, successes; average, worst
    (20, 5, 5, 1, 0.5, 3, 22.5, 29),
    (30, 5, 10, 2, 1, 3, 34, 41),
    (30, 10, 10, 3, 3, 2, 35.5, 48),
    (120, 20, 30, 4, 2, 3, 127, 150),
]


@pytest.mark.parametrize(
    ("ttl", "loop_wait", "retry", "inter", "fast", "rise", "average", "worst"), NODE_LOST
)
def test_the_primarys_node_is_lost(ttl, loop_wait, retry, inter, fast, rise, average, worst):
    term = Timing(ttl, loop_wait, retry).promotion(check(inter, fast, rise))
    assert term.seconds == worst
    assert term.average_s == average


CRASH = [
    # loop_wait, start timeout; check, fast check, successes; average, worst
    (10, 300, 2, 1, 3, 314, 326),
    (10, 300, 3, 3, 2, 315.5, 328),
    (5, 15, 1, 0.5, 3, 22.5, 29),
    (5, 0, 1, 0.5, 3, 7.5, 14),
]


@pytest.mark.parametrize(("loop_wait", "start", "inter", "fast", "rise", "average", "worst"), CRASH)
def test_postgres_crashes_and_its_patroni_lives(loop_wait, start, inter, fast, rise, average, worst):
    timing, checked = Timing(30, loop_wait, 10), check(inter, fast, rise)
    assert timing.crash_worst_s(start, checked) == worst
    assert timing.crash_average_s(start, checked) == average


def test_the_published_average_of_a_crash_rounds_each_of_its_phases_up():
    loop, start, decision, found = 2.5, 15, 1, found_up_average_s(check(1, 0.5, 3))
    assert loop + start + loop + decision + found == 22.5
    assert 3 + start + 3 + decision + 2 == 24
    assert found == 1.5


def test_redis_has_a_new_master_within_ten_seconds():
    asked_each_second = HealthCheck(path="/", interval_s=1, rise=1)
    assert failover_worst_s(RedisCluster(down_after_ms=5000), asked_each_second) == 10
