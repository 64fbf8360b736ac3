"""The connection between the networks of two places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

import pulumi

from ..aws import ec2
from ..checks import network as checks
from ..checks.problem import Problem
from ..checks.rules import CLOUD_REGION, NAME, PRIVATE_NETWORK
from ..component import Component, ComponentArgs
from ..settings import setting


class PeeredNetworkArgs(TypedDict):
    """One of the two networks; `RegionNetwork.peered()` says it of itself."""

    place: str
    """The name of its place, for labels: 1 to 40 lower-case letters, digits and hyphens."""
    region: str
    """Its region, such as `us-east-1`."""
    vpc_id: pulumi.Input[str]
    """The network. A change replaces the connection."""
    range: str
    """Its private IPv4 range, which the other side gets routes to."""
    route_table_ids: list[pulumi.Input[str]]
    """Every route table whose subnets speak to the other network. How many there are must be known."""


@dataclass(frozen=True, kw_only=True)
class PeeredNetwork:
    """One of the two networks, checked."""

    place: str = setting(NAME)
    region: str = setting(CLOUD_REGION)
    vpc_id: pulumi.Input[str]
    range: str = setting(PRIVATE_NETWORK)
    route_table_ids: list[pulumi.Input[str]]

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.a_route_table_is_named(len(self.route_table_ids))


class RegionPeeringArgs(ComponentArgs):
    """What a connection between two networks is made of."""

    requester: PeeredNetworkArgs
    """The network that asks for the connection; it matters in nothing else which one that is."""
    accepter: PeeredNetworkArgs
    """The other one, in another region and of the same account."""


@dataclass(frozen=True, kw_only=True)
class RegionPeeringSettings:
    """What a connection between two networks is made of, checked."""

    requester: PeeredNetwork
    accepter: PeeredNetwork

    @property
    def sides(self) -> dict[str, PeeredNetwork]:
        """Both networks, by what they are in the connection."""
        return {"requester": self.requester, "accepter": self.accepter}

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.two_different_regions(self.requester.region, self.accepter.region)
        yield from checks.ranges_are_apart(self.requester.range, self.accepter.range)


class RegionPeering(Component[RegionPeeringSettings]):
    """A connection between the networks of two places, with the routes on both sides, by private addresses
    and without a gateway. It joins these two and nobody else: three places need three.

    What may pass is up to the security groups on both sides. A name that a network's hosts have in public
    resolves, on the other side, to the private address.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, for two networks in one
    region and for networks that overlap.
    """

    peering_id: pulumi.Output[str]
    """The connection's id, once it is accepted."""

    def __init__(
        self, name: str, args: RegionPeeringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, RegionPeeringSettings)
        self.peering_id = self._add_connection()
        self._add_name_resolution()
        self._add_routes("requester", self.settings.requester, self.settings.accepter.range)
        self._add_routes("accepter", self.settings.accepter, self.settings.requester.range)
        self.register_outputs({"peering_id": self.peering_id})

    @classmethod
    def children_of(cls, settings: RegionPeeringSettings) -> Sequence[str]:
        routes = [
            f"{side}-route-{number}"
            for side, network in settings.sides.items()
            for number in range(1, len(network.route_table_ids) + 1)
        ]
        return ["connection", "acceptance", *(f"{side}-names" for side in settings.sides), *routes]

    def _add_connection(self) -> pulumi.Output[str]:
        requester, accepter = self.settings.requester, self.settings.accepter
        label = f"{requester.place}-{accepter.place}"
        connection = ec2.VpcPeeringConnection(
            self.child_name("connection"),
            **self.customized(
                "connection",
                {
                    "region": requester.region,
                    "vpc_id": requester.vpc_id,
                    "peer_region": accepter.region,
                    "peer_vpc_id": accepter.vpc_id,
                    # Between regions only the other side can accept.
                    "auto_accept": False,
                    "tags": self.labels(Name=label),
                },
            ),
            opts=self.child_opts("connection"),
        )
        acceptance = ec2.VpcPeeringConnectionAccepter(
            self.child_name("acceptance"),
            **self.customized(
                "acceptance",
                {
                    "region": accepter.region,
                    "vpc_peering_connection_id": connection.id,
                    "auto_accept": True,
                    "tags": self.labels(Name=label),
                },
            ),
            opts=self.child_opts("acceptance"),
        )
        return acceptance.id

    def _add_name_resolution(self) -> None:
        # Between regions each side sets its own half, in its own region, and only once it is accepted.
        halves = {
            "requester": ec2.PeeringConnectionOptionsRequesterArgs(allow_remote_vpc_dns_resolution=True),
            "accepter": ec2.PeeringConnectionOptionsAccepterArgs(allow_remote_vpc_dns_resolution=True),
        }
        for side, network in self.settings.sides.items():
            key = f"{side}-names"
            ec2.PeeringConnectionOptions(
                self.child_name(key),
                **self.customized(
                    key,
                    {
                        "region": network.region,
                        "vpc_peering_connection_id": self.peering_id,
                        side: halves[side],
                    },
                ),
                opts=self.child_opts(key),
            )

    def _add_routes(self, side: str, network: PeeredNetwork, destination: str) -> None:
        for number, route_table_id in enumerate(network.route_table_ids, 1):
            key = f"{side}-route-{number}"
            ec2.Route(
                self.child_name(key),
                **self.customized(
                    key,
                    {
                        "region": network.region,
                        "route_table_id": route_table_id,
                        "destination_cidr_block": destination,
                        "vpc_peering_connection_id": self.peering_id,
                    },
                ),
                opts=self.child_opts(key),
            )
