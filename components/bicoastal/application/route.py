"""The way to the API's tasks."""

from enum import Enum

from ..checks.rules import Rule, between
from ..ingress.routes import API_PORT, API_TIMEOUT_S, HttpRouteArgs

NAME = "api"
PORT = 8000
MOST_TASKS = 10
"""The most tasks of a colour in a region that a balancer has a place for."""
MOST_WORKERS = Rule(
    between(1, MOST_TASKS, "workers").holds,
    "more or fewer workers than a balancer can have tasks of a colour, with one on each",
    f"1 to {MOST_TASKS} workers",
    "lower the most workers that the group may have (max), and choose larger machines",
)
SCALE_THE_GROUP = "leave replicas out and scale the group of workers (its min and max), or take workers away"


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
