"""Packets of a place that the WAN loses: the gentler cut.

A place that is disconnected loses its address, and its members one another. Here the address stays and only
packets between places are dropped, silently as on a broken link, so members inside a place still meet. The
rules are in the place's own packet filter, in two chains that nobody else uses; a place that is killed comes
back without them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from docker.models.containers import Container

CHAIN = "BICOASTAL-WAN"
_HOOKS = (("raw", "PREROUTING"), ("mangle", "POSTROUTING"))
"""Before anything else sees what arrives, and after everything else has seen what leaves."""


class CutFailed(Exception):
    """A place's packet filter refused a rule; the text is what it said."""


@dataclass(frozen=True)
class Losses:
    """Which packets of a place the WAN loses."""

    peer: str
    """The address or network at the other end."""
    ports: Sequence[int] = ()
    """Only TCP of these ports, at either end; all traffic without them."""
    arriving: bool = True
    leaving: bool = True
    share: float = 1.0
    """Of the packets, at random; 1 is all."""


def lose(container: Container, own_address: str, losses: Sequence[Losses]) -> None:
    """Let the WAN lose these packets of the place, beside what it loses already. Raises `CutFailed`."""
    commands = []
    for table, hook in _HOOKS:
        chain, first = f"iptables -w -t {table}", table == "raw"
        commands.append(f"if ! {_exists(table)}; then {chain} -N {CHAIN}; {chain} -I {hook} -j {CHAIN}; fi")
        # What a place says to itself by its own address is not on the WAN.
        side = "-s" if first else "-d"
        commands.append(f"{chain} -A {CHAIN} {side} {own_address} -j RETURN")
        for loss in losses:
            if loss.arriving if first else loss.leaving:
                ports = ",".join(map(str, loss.ports))
                which = f"-p tcp -m multiport --ports {ports} " if ports else ""
                some = f"-m statistic --mode random --probability {loss.share} " if loss.share < 1 else ""
                commands.append(f"{chain} -A {CHAIN} {side} {loss.peer} {which}{some}-j DROP")
    _run(container, commands)


def lose_nothing(container: Container) -> None:
    """Let every packet of the place through again. Raises `CutFailed`."""
    commands = []
    for table, hook in _HOOKS:
        chain = f"iptables -w -t {table}"
        remove = f"{chain} -D {hook} -j {CHAIN}; {chain} -F {CHAIN}; {chain} -X {CHAIN}"
        commands.append(f"if {_exists(table)}; then {remove}; fi")
    _run(container, commands)


def _exists(table: str) -> str:
    return f"iptables -w -t {table} -n -L {CHAIN} > /dev/null 2>&1"


def _run(container: Container, commands: Sequence[str]) -> None:
    code, output = container.exec_run(["sh", "-ec", "\n".join(commands)])
    assert isinstance(output, bytes)
    if code:
        raise CutFailed(f"{container.name}: {output.decode(errors='replace').strip()}")
