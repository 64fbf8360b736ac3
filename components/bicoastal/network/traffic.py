"""What may pass in one place: the list of all rules of all security groups, before there is any group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .listeners import HOSTS, PUBLIC_PORTS, Listener, Protocol, Role

WORLD = "0.0.0.0/0"


@dataclass(frozen=True)
class Peer:
    """Another place, as the rules here know it."""

    name: str
    range: str
    roles: Sequence[Role]


@dataclass(frozen=True)
class Permit:
    """One rule of one group. The other side is a group, a range, or a prefix list, by its key."""

    key: str
    group: Role
    inbound: bool
    protocol: Protocol
    from_port: int
    to_port: int
    other: Role | None = None
    range: str | None = None
    prefix_list: str | None = None


@dataclass(frozen=True)
class Traffic:
    """What may pass in one place."""

    roles: Sequence[Role]
    """What there is here."""
    peers: Sequence[Peer]
    listeners: Sequence[Listener]
    edge: Sequence[str]
    """The keys of the prefix lists of the edge; none where there is no balancer."""
    outbound: bool
    """Whether hosts may call the internet, or only the cloud's buckets."""
    buckets: str | None
    """The key of the prefix list of the buckets."""

    def permits(self) -> Iterator[Permit]:
        """Every rule: one where a call comes in, and one where it goes out."""
        yield from self._from_the_edge()
        for listener in self.listeners:
            yield from self._in_this_place(listener)
            if listener.across_places:
                for peer in self.peers:
                    yield from self._between(listener, peer)
        yield from self._to_the_outside()

    def _here(self, roles: Sequence[Role]) -> list[Role]:
        return [role for role in roles if role in self.roles]

    def _in_this_place(self, listener: Listener) -> Iterator[Permit]:
        for role in self._here(listener.roles):
            for caller in self._here(listener.callers):
                yield _permit(listener, role, inbound=True, towards=caller.value, other=caller)
                yield _permit(listener, caller, inbound=False, towards=role.value, other=role)

    def _between(self, listener: Listener, peer: Peer) -> Iterator[Permit]:
        """Between places that both have the role: the witness has no database, and no business with one."""
        shared = [role for role in self._here(listener.roles) if role in peer.roles]
        for role in shared:
            if any(caller in peer.roles for caller in listener.callers):
                yield _permit(listener, role, inbound=True, towards=peer.name, range=peer.range)
        if shared:
            # The other place is a range here: one rule leads to all who listen there. AWS takes no second.
            towards = f"{peer.name}-{shared[0].value}"
            for caller in self._here(listener.callers):
                yield _permit(listener, caller, inbound=False, towards=towards, range=peer.range)

    def _from_the_edge(self) -> Iterator[Permit]:
        for prefix_list in self.edge:
            for name, port in PUBLIC_PORTS.items():
                key = f"balancer-{name}-from-{prefix_list}"
                yield Permit(key, Role.BALANCER, True, Protocol.TCP, port, port, prefix_list=prefix_list)

    def _to_the_outside(self) -> Iterator[Permit]:
        for host in self._here(HOSTS):
            if self.outbound:
                for name, port in PUBLIC_PORTS.items():
                    key = f"{host.value}-{name}-to-world"
                    yield Permit(key, host, False, Protocol.TCP, port, port, range=WORLD)
            elif self.buckets:
                key = f"{host.value}-https-to-{self.buckets}"
                yield Permit(key, host, False, Protocol.TCP, 443, 443, prefix_list=self.buckets)


def _permit(
    listener: Listener,
    group: Role,
    *,
    inbound: bool,
    towards: str,
    other: Role | None = None,
    range: str | None = None,  # noqa: A002 the word that all of the library has for it
) -> Permit:
    words = f"{group.value}-{listener.name}-{'from' if inbound else 'to'}-{towards}"
    return Permit(
        words.replace("_", "-"),
        group,
        inbound,
        listener.protocol,
        listener.port,
        listener.to_port,
        other,
        range,
    )
