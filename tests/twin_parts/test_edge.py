"""The edge's stand-in: the rules of the load balancer at the edge, as HAProxy's configuration."""

import re

from bicoastal.edge import EdgeMonitor
from bicoastal.twin.edge import Pool, edge_configuration

POOLS = [Pool("east", ["10.1.0.10:8080", "10.1.0.11:8080"]), Pool("west", ["10.2.0.10:8080"])]


def configuration(**monitor):
    return edge_configuration(POOLS, EdgeMonitor(**monitor))


def test_pools_are_taken_in_order_and_the_last_one_is_the_fallback():
    text = configuration()
    uses = re.findall(r"use_backend (\w+) if \{ nbsrv\((\w+)\) gt 0 \}", text)
    assert uses == [("east", "east"), ("west", "west")]
    assert "default_backend fallback" in text


def test_the_fallback_is_not_probed_so_that_it_serves_while_it_says_503():
    fallback = configuration().partition("\nbackend fallback\n")[2]
    assert fallback.strip() == "server fallback-1 10.2.0.10:8080"


def test_every_balancer_of_a_region_is_probed():
    text = configuration()
    assert "server east-1 10.1.0.10:8080" in text
    assert "server east-2 10.1.0.11:8080" in text


def test_the_probes_are_those_that_are_declared():
    text = configuration(interval_s=30, consecutive_down=4, consecutive_up=2, timeout_s=5, path="/up")
    assert "inter 30s fastinter 25000ms downinter 30s fall 4 rise 2" in text
    assert "timeout check 5000ms" in text
    assert "uri /up" in text


def test_a_probe_into_nowhere_starts_one_interval_after_the_last():
    """HAProxy waits `fastinter` from the end of a failed probe, which is its timeout after its start."""
    monitor = EdgeMonitor()
    wait = int(re.search(r"fastinter (\d+)ms", configuration())[1]) / 1000
    assert wait + monitor.timeout_s == monitor.interval_s


def test_no_request_is_sent_again_to_another_pool():
    assert "retries 0" in configuration()
    assert "redispatch" not in configuration()
