"""Wrong settings, a table for each room."""

from tests.library.wrong import containers, edge, hosts, managed, network, stack, storage

ROOMS = (containers, edge, hosts, managed, network, stack, storage)
WRONG_SETTINGS = {what: how for room in ROOMS for what, how in room.WRONG.items()}
