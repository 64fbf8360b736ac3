"""HAProxy's configuration, from the routes."""

from collections.abc import Sequence

from ..templates import render
from .routes import HttpRoute, TcpRoute
from .tls import WATCHERS_CERTIFICATE, BalancerTls

CA = "/etc/haproxy/ca.pem"
LIVE_MAP = "/var/lib/haproxy/live.map"
"""The live colour, one line `live <colour>`: changed at run time, kept on a volume, never declared."""
METRICS_PORT = 8404
LOCAL_PORT = 8405
"""In the container alone: its health, and its metrics without a certificate."""
MAXIMUM_CONNECTIONS = 4000


def haproxy_configuration(
    place: str,
    http_routes: list[HttpRoute],
    tcp_routes: list[TcpRoute],
    trusted_proxies: Sequence[str] = (),
    tls: BalancerTls | None = None,
    watched: bool = False,
) -> str:
    """The text of haproxy.cfg. `trusted_proxies` are the networks whose word on the client is believed; with
    `tls` what is published speaks it; with `watched` its watchers are served, too."""
    return render(
        "bicoastal.ingress",
        "haproxy.cfg.j2",
        place=place,
        http_routes=http_routes,
        tcp_routes=tcp_routes,
        trusted_proxies=trusted_proxies,
        tls=tls,
        ca_file=CA,
        live_map=LIVE_MAP,
        local_port=LOCAL_PORT,
        watchers_port=METRICS_PORT if watched else None,
        watchers_certificate=WATCHERS_CERTIFICATE,
        maximum_connections=MAXIMUM_CONNECTIONS,
    )
