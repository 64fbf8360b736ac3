"""The members of the consensus cluster, as their peers and clients know them."""

from dataclasses import dataclass

from ..topology import Topology

CLIENT_PORT = 2379
PEER_PORT = 2380


@dataclass(frozen=True)
class Voter:
    """One member of the consensus cluster."""

    name: str
    place: str
    number: int
    host: int
    address: str

    @property
    def service(self) -> str:
        """Its service's short name, unique in its place."""
        return f"etcd-{self.number}"

    @property
    def client_address(self) -> str:
        """`host:port` for clients."""
        return f"{self.address}:{CLIENT_PORT}"

    @property
    def peer_url(self) -> str:
        """Where the other voters reach it."""
        return f"https://{self.address}:{PEER_PORT}"


def voters(topology: Topology) -> list[Voter]:
    """Every voter: known from the topology before anything exists."""
    return [
        Voter(
            name=f"{place.name}-etcd-{number}",
            place=place.name,
            number=number,
            host=number - 1,
            address=place.address(number - 1),
        )
        for place in topology.places
        for number in range(1, place.voters + 1)
    ]
