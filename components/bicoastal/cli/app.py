"""All commands, under one name."""

from .commands import HOMES, app_of

app = app_of(HOMES)
