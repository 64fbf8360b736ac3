"""HAProxy's configuration, from the routes."""

from ..templates import render
from .routes import HttpRoute, TcpRoute

CA = "/etc/haproxy/ca.pem"
HTTP_PORT = 8080
METRICS_PORT = 8404
MAXIMUM_CONNECTIONS = 4000


def haproxy_configuration(place: str, http_routes: list[HttpRoute], tcp_routes: list[TcpRoute]) -> str:
    """The text of haproxy.cfg."""
    return render(
        "bicoastal.ingress",
        "haproxy.cfg.j2",
        place=place,
        http_routes=http_routes,
        tcp_routes=tcp_routes,
        ca_file=CA,
        http_port=HTTP_PORT,
        metrics_port=METRICS_PORT,
        maximum_connections=MAXIMUM_CONNECTIONS,
    )
