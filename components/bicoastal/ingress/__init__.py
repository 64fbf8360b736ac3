"""The regional balancer, the proxy behind it, and the routes that other rooms give it."""

from .balancer import Balancer, BalancerArgs
from .configuration import haproxy_configuration
from .nginx import WebProxy, WebProxyArgs, nginx_configuration, web_route
from .request_limits import RequestLimitsArgs
from .routes import CheckProtocol, HealthCheckArgs, HttpRouteArgs, TcpRouteArgs, TcpServerArgs
from .tls import BalancerTlsArgs

__all__ = [
    "Balancer",
    "BalancerArgs",
    "BalancerTlsArgs",
    "CheckProtocol",
    "HealthCheckArgs",
    "HttpRouteArgs",
    "RequestLimitsArgs",
    "TcpRouteArgs",
    "TcpServerArgs",
    "WebProxy",
    "WebProxyArgs",
    "haproxy_configuration",
    "nginx_configuration",
    "web_route",
]
