"""Wrong settings, a table for each room; beside the edge's, one for its rules and one for the frontend."""

from tests.library.wrong import (
    containers,
    edge,
    edge_rules,
    escalation,
    frontend,
    hosts,
    ingress,
    managed,
    network,
    stack,
    storage,
    tracing,
)

ROOMS = (
    containers,
    edge,
    edge_rules,
    escalation,
    frontend,
    hosts,
    ingress,
    managed,
    network,
    stack,
    storage,
    tracing,
)
WRONG_SETTINGS = {what: how for room in ROOMS for what, how in room.WRONG.items()}
