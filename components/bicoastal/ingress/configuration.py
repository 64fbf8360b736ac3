"""HAProxy's configuration, from the routes."""

import jinja2

from .routes import HttpRoute, TcpRoute

CA = "/etc/haproxy/ca.pem"
HTTP_PORT = 8080
METRICS_PORT = 8404
MAXIMUM_CONNECTIONS = 4000

_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("bicoastal.ingress"),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 the output is no markup
)
_TEMPLATES.filters["milliseconds"] = lambda seconds: f"{round(seconds * 1000)}ms"


def haproxy_configuration(place: str, http_routes: list[HttpRoute], tcp_routes: list[TcpRoute]) -> str:
    """The text of haproxy.cfg."""
    return _TEMPLATES.get_template("haproxy.cfg.j2").render(
        place=place,
        http_routes=http_routes,
        tcp_routes=tcp_routes,
        ca_file=CA,
        http_port=HTTP_PORT,
        metrics_port=METRICS_PORT,
        maximum_connections=MAXIMUM_CONNECTIONS,
    )
