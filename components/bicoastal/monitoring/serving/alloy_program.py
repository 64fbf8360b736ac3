"""Grafana Alloy as a program: how it is started, and how it serves. What it does is each component's own."""

from ...templates import render
from .identity import WATCHER_CLIENT

USER = 473
"""Which the image makes, with a group of the same number, and owns its data there."""
CONFIGURATION = "/etc/alloy/bicoastal.alloy"


def command(port: int, data: str) -> list[str]:
    """It serves on this port, and keeps what it must remember in the folder `data`."""
    return [
        "/bin/alloy",
        "run",
        f"--server.http.listen-addr=0.0.0.0:{port}",
        f"--storage.path={data}",
        "--disable-reporting",
        CONFIGURATION,
    ]


def server(level: str = "warn") -> str:
    """The part of its configuration by which it logs what is of this level or worse, and serves by TLS, to
    whoever shows a certificate of the stack's authority: it cannot tell one name from another."""
    return render(__package__, "alloy-server.alloy.j2", tls=WATCHER_CLIENT, level=level)
