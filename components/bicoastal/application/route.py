"""The way to the API's tasks."""

from ..ingress.routes import HttpRouteArgs

NAME = "api"
PORT = 8000
MOST_TASKS = 10
"""The most tasks in a region that a balancer has a place for."""


def api_route() -> HttpRouteArgs:
    """A route to every task of the API in a place that says that it is ready."""
    return {
        "name": NAME,
        "service": NAME,
        "port": PORT,
        "slots": MOST_TASKS,
        "health": {"path": "/ready", "interval_s": 1, "timeout_s": 2},
    }
