"""The hosts of a place and how their Docker engine is set: `daemon.json`, the same in production and twin."""
