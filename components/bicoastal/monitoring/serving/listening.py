"""The health check of watchers whose images have no curl."""

from typing import Any


def listens(port: int) -> dict[str, Any]:
    """Whether something listens there, as the kernel tells. It makes no connection, which a server with TLS
    would note each time. What the program says of itself Prometheus asks."""
    listening = f": [0-9A-F]+:{port:04X} [0-9A-F]+:0000 0A "
    return {
        "command": ["grep", "-Eq", listening, "/proc/net/tcp", "/proc/net/tcp6"],
        "interval_s": 30,
    }
