"""The regional balancer's configuration, from its routes."""

import re

import pytest

from bicoastal import Balancer
from bicoastal.database import PostgresCluster, primary_route
from bicoastal.settings import read
from bicoastal.topology import Topology
from tests.library.samples import ARGUMENTS, site, topology

CONFIG = "docker:index/serviceConfig:ServiceConfig"


@pytest.fixture
def configuration(pulumi_mocks):
    route = primary_route(PostgresCluster(), read(Topology, topology(), "topology"))
    plan = pulumi_mocks.run(lambda: Balancer("it", {**ARGUMENTS["Balancer"](), "tcp_routes": [route]}))
    return next(c.inputs["dataRaw"] for c in plan.of_type(CONFIG) if "haproxy-config" in c.name)


def test_clients_reach_members_of_both_regions_by_their_primary_check(configuration):
    servers = re.findall(r"server (\S+) (\S+) port (\d+)", configuration)
    assert servers == [
        ("east-postgres-1", "10.1.0.10:5433", "8008"),
        ("east-postgres-2", "10.1.0.10:5434", "8009"),
        ("west-postgres-1", "10.2.0.10:5433", "8008"),
        ("west-postgres-2", "10.2.0.10:5434", "8009"),
    ]
    assert "http-check send meth OPTIONS uri /primary" in configuration


def test_a_member_that_is_no_longer_primary_loses_its_sessions(configuration):
    assert "on-marked-down shutdown-sessions" in configuration
    assert "inter 500ms fastinter 250ms fall 2 rise 1" in configuration


def test_the_check_of_a_member_verifies_its_certificate(configuration):
    assert "check-ssl verify required ca-file /etc/haproxy/ca.pem" in configuration
    assert "verify none" not in configuration


def test_the_region_says_that_its_api_is_down_when_no_task_is_up(configuration):
    line = next(line for line in configuration.splitlines() if "/region-health" in line)
    assert "status 503" in line
    assert 'string "api"' in line
    assert "nbsrv(api) eq 0" in line


def test_tasks_are_found_by_dockers_dns(configuration):
    assert "server-template api- 10 api:8000 resolvers docker" in configuration


def test_metrics_have_a_port_of_their_own(configuration):
    assert "bind :8404" in configuration
    assert "use-service prometheus-exporter if { path /metrics }" in configuration


def test_database_clients_dial_a_route_by_its_name(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: Balancer("it", ARGUMENTS["Balancer"]()))
    service = plan.of_type("docker:index/service:Service")[0].inputs
    assert service["taskSpec"]["networksAdvanceds"][0]["aliases"] == ["haproxy-1", "postgres"]


def test_a_balancer_is_pinned_to_its_host(pulumi_mocks):
    def program():
        where = site()
        where["topology"]["regions"][0]["hosts"] = 2
        Balancer("it", {**ARGUMENTS["Balancer"](), "site": where, "number": 2})

    plan = pulumi_mocks.run(program)
    service = plan.of_type("docker:index/service:Service")[0].inputs
    assert service["taskSpec"]["placement"]["constraints"] == ["engine.labels.host==1"]
