"""The regional balancer, and the routes that other rooms give it."""

from .balancer import Balancer, BalancerArgs
from .configuration import haproxy_configuration
from .routes import CheckProtocol, HealthCheckArgs, HttpRouteArgs, TcpRouteArgs, TcpServerArgs

__all__ = [
    "Balancer",
    "BalancerArgs",
    "CheckProtocol",
    "HealthCheckArgs",
    "HttpRouteArgs",
    "TcpRouteArgs",
    "TcpServerArgs",
    "haproxy_configuration",
]
