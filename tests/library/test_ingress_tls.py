"""TLS on the regional balancer, where the edge comes in."""

import base64

import pytest

from bicoastal import Balancer
from tests.library.arguments import ARGUMENTS
from tests.library.samples import PEM, PLANTED_SECRET, certificate

CONFIG = "docker:index/serviceConfig:ServiceConfig"
SECRET = "docker:index/secret:Secret"
SERVICE = "docker:index/service:Service"
CLIENTS = f"{PEM}# the edge's authority\n"


def tls(**own):
    """A certificate and its key, and what else is asked for."""
    return {**{key: certificate()[key] for key in ("certificate", "key")}, **own}


@pytest.fixture
def made(pulumi_mocks):
    """What a balancer with such a way of TLS makes."""
    return lambda **own: pulumi_mocks.run(
        lambda: Balancer("it", {**ARGUMENTS["Balancer"](), "tls": tls(**own)})
    )


def configuration(plan):
    return next(c.inputs["dataRaw"] for c in plan.of_type(CONFIG) if "haproxy-file-haproxy" in c.name)


def ports(plan):
    (service,) = plan.of_type(SERVICE)
    found = service.inputs["endpointSpec"]["ports"]
    return {port["publishedPort"]: port["targetPort"] for port in found}


def test_the_edge_comes_in_by_tls_on_port_443_and_nowhere_else(made):
    plan = made(client_authority=CLIENTS)
    published = ports(plan)
    assert published[443] == 8080
    assert 8080 not in published
    bind = next(line for line in configuration(plan).splitlines() if "bind :8080" in line)
    assert "ssl crt /run/secrets/front alpn h2,http/1.1 ssl-min-ver TLSv1.2" in bind


def test_who_shows_no_certificate_of_the_edges_authority_is_sent_away(made):
    plan = made(client_authority=CLIENTS)
    assert "ca-file /etc/haproxy/clients.pem verify required" in configuration(plan)
    assert CLIENTS in [config.inputs["dataRaw"] for config in plan.of_type(CONFIG)]


def test_without_an_authority_nobody_is_asked_for_a_certificate(made):
    assert "clients.pem" not in configuration(made())


def test_certificate_and_key_are_one_secret_file(made):
    plan = made()
    front = next(s for s in plan.of_type(SECRET) if "front" in s.name)
    text = base64.b64decode(front.inputs["data"].value).decode()
    assert text.startswith(PEM.strip())
    assert PLANTED_SECRET in text.removeprefix(PEM.strip())


def test_the_key_stands_in_no_configuration(made):
    plan = made(client_authority=CLIENTS)
    assert [c.name for c in plan.of_type(CONFIG) if PLANTED_SECRET in str(c.inputs)] == []


def test_the_address_for_the_edge_has_the_port_of_tls(made):
    component = next(r for r in made(port=8443).resources if r.type.endswith(":Balancer"))
    assert component.outputs["http_address"] == "10.1.0.10:8443"


def test_what_stays_in_the_place_speaks_as_before(pulumi_mocks):
    inner = {
        "name": "inner",
        "service": "api",
        "port": 8001,
        "listen": 8081,
        "published": False,
        "health": {"path": "/ready"},
    }

    def program():
        args = ARGUMENTS["Balancer"]()
        Balancer("it", {**args, "http_routes": [*args["http_routes"], inner], "tls": tls()})

    plan = pulumi_mocks.run(program)
    lines = [line.strip() for line in configuration(plan).splitlines()]
    assert "bind :8081" in lines
    assert set(ports(plan)) == {443, 5432}
