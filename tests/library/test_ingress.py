"""The regional balancer's configuration, from its routes."""

import re

import pulumi
import pytest

from bicoastal import Balancer, BlueGreenApi
from bicoastal.application import api_route
from bicoastal.database import PostgresCluster, primary_route
from bicoastal.ingress import nginx_configuration, web_route
from bicoastal.ingress.request_limits import RequestLimits
from bicoastal.settings import read
from bicoastal.topology import Topology
from tests.library.arguments import ARGUMENTS
from tests.library.samples import certificate, site, topology

CONFIG = "docker:index/serviceConfig:ServiceConfig"


@pytest.fixture
def configuration(pulumi_mocks):
    route = primary_route(PostgresCluster(), read(Topology, topology(), "topology"))
    plan = pulumi_mocks.run(lambda: Balancer("it", {**ARGUMENTS["Balancer"](), "tcp_routes": [route]}))
    return next(c.inputs["dataRaw"] for c in plan.of_type(CONFIG) if "haproxy-file-haproxy" in c.name)


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


def test_metrics_are_not_served_without_a_certificate(configuration):
    assert "8404" not in configuration


def test_metrics_are_served_by_tls_to_watchers_alone(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: Balancer("it", {**ARGUMENTS["Balancer"](), "watched_by": certificate()}))
    text = next(c.inputs["dataRaw"] for c in plan.of_type(CONFIG) if "haproxy-file-haproxy" in c.name)
    assert (
        "bind :8404 ssl crt /run/secrets/watchers ca-file /etc/haproxy/ca.pem verify required"
        " ssl-min-ver TLSv1.2" in text
    )
    assert "http-request deny unless { ssl_c_s_dn(cn) -m end -- -monitor }" in text
    assert "use-service prometheus-exporter if { path /metrics }" in text
    service = plan.of_type("docker:index/service:Service")[0].inputs
    assert 8404 in [port["publishedPort"] for port in service["endpointSpec"]["ports"]]


def test_database_clients_dial_a_route_by_its_name(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: Balancer("it", ARGUMENTS["Balancer"]()))
    service = plan.of_type("docker:index/service:Service")[0].inputs
    assert service["taskSpec"]["networksAdvanceds"][0]["aliases"] == ["haproxy-1", "haproxy", "postgres"]


def test_a_balancer_is_pinned_to_its_host(pulumi_mocks):
    def program():
        where = site()
        where["topology"]["regions"][0]["hosts"] = 2
        Balancer("it", {**ARGUMENTS["Balancer"](), "site": where, "number": 2})

    plan = pulumi_mocks.run(program)
    service = plan.of_type("docker:index/service:Service")[0].inputs
    assert service["taskSpec"]["placement"]["constraints"] == ["engine.labels.host==1"]


HAPROXY_IN_COLOURS = {"http_routes": [web_route(), api_route()], "trusted_proxies": ["192.0.2.7/32"]}


@pytest.fixture
def in_colours(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: Balancer("it", {**ARGUMENTS["Balancer"](), **HAPROXY_IN_COLOURS}))
    service = plan.of_type("docker:index/service:Service")[0].inputs
    return service, next(
        c.inputs["dataRaw"] for c in plan.of_type(CONFIG) if "haproxy-file-haproxy" in c.name
    )


def test_the_live_colour_is_looked_up_for_each_request_and_not_declared(in_colours):
    service, configuration = in_colours
    assert "use_backend api-%[str(live),map(/var/lib/haproxy/live.map,blue)]" in configuration
    (mount,) = [m for m in service["taskSpec"]["containerSpec"]["mounts"] if m["type"] == "volume"]
    assert (mount["source"], mount["target"]) == ("stack_haproxy-1-state", "/var/lib/haproxy")
    assert service["taskSpec"]["containerSpec"]["env"] == {"COLOURS": "blue green"}


def test_the_way_back_from_nginx_is_not_on_the_host(in_colours):
    service, configuration = in_colours
    assert "bind :8081" in configuration
    assert [port["publishedPort"] for port in service["endpointSpec"]["ports"]] == [8080, 5432]


def test_nginx_must_show_its_certificate(in_colours):
    _, configuration = in_colours
    assert "ssl verify required ca-file /etc/haproxy/ca.pem verifyhost nginx" in configuration


def test_the_region_is_down_without_nginx_or_without_the_live_colour_alone(in_colours):
    _, configuration = in_colours
    conditions = [
        line.partition(" if ")[2].partition("} ")[2].split(" } ")
        for line in configuration.splitlines()
        if "/region-health" in line
    ]
    live = "str(live),map(/var/lib/haproxy/live.map,blue) -m str"
    assert conditions == [
        ["{ nbsrv(nginx) eq 0 }"],
        [f"{{ {live} blue", "{ nbsrv(api-blue) eq 0 }"],
        [f"{{ {live} green", "{ nbsrv(api-green) eq 0 }"],
    ]


def test_a_requests_trace_comes_through_balancer_and_nginx(in_colours):
    # Both pass on what no line takes away or sets; the twin's tests ask the programs themselves.
    _, haproxy = in_colours
    nginx = nginx_configuration("east", RequestLimits())
    for taken in ("del-header", "set-header", "replace-header"):
        assert not re.search(rf"{taken}\s+(traceparent|tracestate|traceresponse)", haproxy, re.IGNORECASE)
    assert not re.search(r"proxy_(set|hide)_header\s+trace", nginx, re.IGNORECASE)
    assert "proxy_pass_request_headers off" not in nginx
    assert not re.search(r"del-header\s+\S+\s+-m", haproxy), "a pattern may match a trace's headers"


def test_only_the_edge_names_the_client(in_colours):
    _, configuration = in_colours
    assert "set-src req.hdr_ip(x-forwarded-for,-1) if { src 192.0.2.7/32 }" in configuration
    assert configuration.count("http-request del-header x-forwarded-for") == 1


def test_routes_that_come_in_different_colours_are_refused(pulumi_mocks):
    other = {**api_route(), "name": "other", "listen": 8082, "colours": ["green", "blue"]}
    routes = {"http_routes": [api_route(), other]}
    with pytest.raises(pulumi.InputPropertiesError, match="routes with different colours"):
        pulumi_mocks.run(lambda: Balancer("it", {**ARGUMENTS["Balancer"](), **routes}))


@pytest.mark.parametrize("network", ["192.0.2.7", "192.0.2.7/24", "edge", "/"])
def test_a_proxy_that_is_no_network_is_refused(pulumi_mocks, network):
    with pytest.raises(pulumi.InputPropertiesError, match=r"trusted_proxies\[0\]: not a network"):
        pulumi_mocks.run(lambda: Balancer("it", {**ARGUMENTS["Balancer"](), "trusted_proxies": [network]}))


def test_a_colour_is_a_service_that_knows_its_colour(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: BlueGreenApi("it", ARGUMENTS["BlueGreenApi"]()))
    services = {s.inputs["name"]: s.inputs["taskSpec"] for s in plan.of_type("docker:index/service:Service")}
    assert {
        name: (task["containerSpec"]["env"]["COLOUR"], task["networksAdvanceds"][0]["aliases"])
        for name, task in services.items()
    } == {"stack_api-blue": ("blue", ["api-blue"]), "stack_api-green": ("green", ["api-green"])}


def test_a_colours_own_image_leaves_the_other_alone(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: BlueGreenApi("it", ARGUMENTS["BlueGreenApi"]()))
    images = {
        s.inputs["name"]: s.inputs["taskSpec"]["containerSpec"]["image"]
        for s in plan.of_type("docker:index/service:Service")
    }
    assert images["stack_api-blue"].endswith("api:0123456789ab")
    assert images["stack_api-green"].endswith("api:ba9876543210")


def test_the_limits_per_client_are_settings():
    limits = read(RequestLimits, {"requests_per_s": 7, "burst": 9, "body_kb": 64, "connections": 3}, "limits")
    configuration = nginx_configuration("east", limits)
    assert "rate=7r/s" in configuration
    assert "burst=9 nodelay" in configuration
    assert "client_max_body_size 64k" in configuration
    assert "limit_conn connections 3" in configuration


def test_each_pass_waits_longer_than_the_one_behind_it(in_colours):
    _, configuration = in_colours
    waits = dict(re.findall(r"backend (\S+)\n.*\n\s+timeout server (\d+)ms", configuration))
    nginx = re.search(r"proxy_read_timeout (\d+)ms", nginx_configuration("east", RequestLimits()))
    assert nginx
    assert int(waits["api-blue"]) < int(nginx[1]) < int(waits["nginx"])
