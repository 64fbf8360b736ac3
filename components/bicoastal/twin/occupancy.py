"""Whether the address range and the ports that a twin's name gives it are free on this machine."""

import ipaddress
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import docker

from ..checks.problem import Problem
from .layout import TWINS_SPACE, TwinLayout, labelled

ROUTES = Path("/proc/net/route")


class RangeTaken(Exception):
    """The twin's address range belongs to something else."""


class PortTaken(Exception):
    """One of the twin's ports belongs to something else."""


def check_free(client: docker.DockerClient, layout: TwinLayout, routes: Path = ROUTES) -> None:
    """Raise `RangeTaken` or `PortTaken`, naming who has it; what is the twin's own is no hindrance."""
    if not client.networks.list(names=[layout.network], filters=labelled(layout.labels)):
        _check_range(client, layout.wan, layout.name, routes)
    _check_ports(client, layout)


def _check_range(client: docker.DockerClient, wan: ipaddress.IPv4Network, twin: str, routes: Path) -> None:
    for network in client.networks.list():
        for pool in (network.attrs.get("IPAM") or {}).get("Config") or []:
            if _overlap(pool.get("Subnet", ""), wan):
                raise RangeTaken(
                    _refusal(twin, f"its network {wan} is taken by Docker network {network.name!r}")
                )
    for interface, route in _routes(routes):
        # A route that covers all twins' ranges, such as a VPN's to 10.0.0.0/8, would forbid every name; the
        # twin's narrower one wins over it while the twin is up.
        if route.overlaps(wan) and not route.supernet_of(TWINS_SPACE):
            raise RangeTaken(
                _refusal(twin, f"its network {wan} is taken by the route {route} on {interface}")
            )


def _check_ports(client: docker.DockerClient, layout: TwinLayout) -> None:
    own = set()
    for container in client.containers.list(ignore_removed=True):
        ours = layout.labels.items() <= container.labels.items()
        for port in {int(binding["HostPort"]) for all_ in container.ports.values() for binding in all_ or []}:
            if ours:
                own.add(port)
            elif port in layout.ports:
                raise PortTaken(
                    _refusal(layout.name, f"its port {port} is taken by container {container.name!r}")
                )
    for port in layout.ports:
        if port not in own and not _can_listen(port):
            raise PortTaken(_refusal(layout.name, f"its port {port} is taken by {_listener(port)}"))


def _can_listen(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _listener(port: int) -> str:
    """The program that listens on a loopback port, as far as this user may know it."""
    if shutil.which("ss") is None:
        return "another program"
    told = subprocess.run(
        ["ss", "--no-header", "--listening", "--tcp", "--processes", f"sport = :{port}"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r'\("([^"]+)",pid=(\d+)', told.stdout)
    return f"{found[1]} (process {found[2]})" if found else "another program"


def _overlap(subnet: str, wan: ipaddress.IPv4Network) -> bool:
    try:
        return ipaddress.IPv4Network(subnet, strict=False).overlaps(wan)
    except ValueError:  # an IPv6 pool
        return False


def _routes(table: Path) -> Iterator[tuple[str, ipaddress.IPv4Network]]:
    """Interface and destination of every IPv4 route. The table's numbers are in little-endian hex."""
    for line in table.read_text().splitlines()[1:] if table.exists() else []:
        interface, destination, _, _, _, _, _, mask, *_ = line.split()
        address, netmask = (ipaddress.IPv4Address(bytes.fromhex(text)[::-1]) for text in (destination, mask))
        yield interface, ipaddress.IPv4Network(f"{address}/{netmask}")


def _refusal(twin: str, wrong: str) -> str:
    allowed = "a name whose address range and ports are free"
    return str(Problem("twin", wrong, repr(twin), allowed, "use another twin name (make up TWIN=name)"))
