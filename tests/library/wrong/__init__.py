"""Wrong settings, a table for each room, and one for the frontend beside the edge's."""

from tests.library.wrong import containers, edge, frontend, hosts, managed, network, stack, storage

ROOMS = (containers, edge, frontend, hosts, managed, network, stack, storage)
WRONG_SETTINGS = {what: how for room in ROOMS for what, how in room.WRONG.items()}
