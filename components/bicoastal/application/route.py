"""The way to the API's tasks."""

from enum import Enum

from ..ingress.routes import API_PORT, API_TIMEOUT_S, HttpRouteArgs

NAME = "api"
PORT = 8000
MOST_TASKS = 10
"""The most tasks of a colour in a region that a balancer has a place for."""


class Colour(Enum):
    """The two services of the API: one has the requests, the other waits for the next version."""

    BLUE = "blue"
    """Live until another is chosen."""
    GREEN = "green"
    """The other one."""


def api_route() -> HttpRouteArgs:
    """The balancer's inner route, from Nginx to every task of the live colour in a place that says that it
    is ready."""
    return {
        "name": NAME,
        "service": NAME,
        "port": PORT,
        "listen": API_PORT,
        "published": False,
        "colours": [colour.value for colour in Colour],
        "timeout_s": API_TIMEOUT_S,
        "slots": MOST_TASKS,
        "health": {"path": "/ready", "interval_s": 1, "timeout_s": 2},
    }
