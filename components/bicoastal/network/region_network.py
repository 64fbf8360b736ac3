"""The network of one place."""

from collections.abc import Sequence

import pulumi

from ..aws import ec2
from ..component import Component
from ..host_subnet import HostSubnetArgs
from .endpoints import Endpoint, gateway_policy
from .flow_logs import NetworkFlowLogs
from .listeners import Role
from .nat import NatMode
from .network_args import RegionNetworkArgs, RegionNetworkSettings
from .region_peering import PeeredNetworkArgs
from .security_groups import SecurityGroups, roles_in
from .traffic import WORLD


class RegionNetwork(Component[RegionNetworkSettings]):
    """The network of one place: public and private subnets over its zones, the way out, the endpoints of the
    cloud's services, flow logs, and a security group for each role. It is closed: nothing comes in but the
    edge, to the balancer, and what spans places, from the other places. The group that AWS gives to whatever
    names none has no rules.

    Hosts' fixed addresses are reserved in each subnet, private or public, that they stand in: nothing else
    gets one. A subnet's id becomes known once its way out is there, so that no host starts without it.

    By the gateway to S3 hosts read what they may, and change nothing but buckets of the network's account:
    `customize` takes another `policy` for `endpoint-s3`.

    With `existing` only security groups and endpoints that are named are made; those let everything through.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, for a range that overlaps a
    peer's, and for one that is too small for its subnets.
    """

    vpc_id: pulumi.Output[str]
    """The network's id."""
    private_subnet_ids: pulumi.Output[list[str]]
    """The private subnets, zone by zone; hosts are in the one that their address lies in."""
    public_subnet_ids: pulumi.Output[list[str]]
    """The public subnets, zone by zone."""
    security_group_ids: pulumi.Output[dict[str, str]]
    """The security groups by role, such as `manager` and `managed_database`."""
    route_table_ids: pulumi.Output[list[str]]
    """Every route table, the public subnets' first: those that need routes to other places."""

    def __init__(
        self, name: str, args: RegionNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, RegionNetworkSettings)
        self._region = self.settings.here.region
        self._label = f"{self.settings.stack}-{self.settings.place}"
        self._private: list[pulumi.Input[str]] = []
        self._public: list[pulumi.Input[str]] = []
        self._route_tables: list[pulumi.Input[str]] = []
        existing = self.settings.existing
        owner: pulumi.Output[str] | None = None
        if existing is None:
            vpc = self._add_vpc()
            owner = vpc.owner_id
            self._vpc_id: pulumi.Input[str] = vpc.id
            self._add_public_side()
            self._add_private_side()
            self._add_flow_logs(owner)
        else:
            self._vpc_id = existing.vpc_id
            self._private = existing.private_subnet_ids
            self._public = existing.public_subnet_ids
            self._route_tables = existing.route_table_ids
        buckets = self._add_gateway(owner) if Endpoint.S3 in self.settings.chosen_endpoints else None
        groups = self._add_groups(buckets)
        self._add_endpoints(groups)
        self.vpc_id = pulumi.Output.from_input(self._vpc_id)
        self.private_subnet_ids = pulumi.Output.all(*self._private)
        self.public_subnet_ids = pulumi.Output.all(*self._public)
        self.security_group_ids = groups.ids
        self.route_table_ids = pulumi.Output.all(*self._route_tables)
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "private_subnet_ids": self.private_subnet_ids,
                "public_subnet_ids": self.public_subnet_ids,
                "security_group_ids": self.security_group_ids,
                "route_table_ids": self.route_table_ids,
            }
        )

    def peered(self) -> PeeredNetworkArgs:
        """This network as one side of a `RegionPeering`."""
        return {
            "place": self.settings.place,
            "region": self._region,
            "vpc_id": self.vpc_id,
            "range": self.settings.whole_range,
            "route_table_ids": self._route_tables,
        }

    def host_subnets(self) -> list[HostSubnetArgs]:
        """The subnets of the place's hosts, as `SwarmHosts` takes them: the private ones of the zones
        that they stand in, and the public ones that hold a host.

        Raises `ValueError` for a network that was there already: it told no ranges and zones of its subnets.
        """
        if self.settings.existing is not None:
            raise ValueError(
                f"{self._label}: an existing network's subnets are known by id alone; give `subnets` to "
                "SwarmHosts yourself, with the range and the zone of each"
            )
        return [
            {
                "subnet_id": (self._public if subnet.public else self._private)[subnet.zone],
                "cidr": str(subnet.range),
                "zone": (self.settings.zone_names or [])[subnet.zone],
                "public": subnet.public,
            }
            for subnet in self.settings.host_subnets
        ]

    def groups_of(self, *roles: Role) -> list[pulumi.Input[str]]:
        """The ids of the security groups of something with these roles. AWS lets a host have five, unless the
        account's quota is raised.

        Raises `ValueError` for a role that there is none of in the witness's place.
        """
        there = roles_in(self.settings.topology, self.settings.place)
        if missing := [role.value for role in roles if role not in there]:
            raise ValueError(f"{self._label} has no group for {', '.join(missing)}: it serves no users")
        return [self.security_group_ids[role.value] for role in roles]

    @classmethod
    def children_of(cls, settings: RegionNetworkSettings) -> Sequence[str]:
        keys = ["groups", *(_endpoint_key(endpoint) for endpoint in settings.chosen_endpoints)]
        if settings.existing is not None:
            return keys
        keys += ["vpc", "default-group", "flow-logs", "gateway", "public-routes", "public-way-out"]
        keys += [_kept_key(subnet) for subnet in settings.kept_addresses]
        for zone in range(1, settings.addresses.zones + 1):
            keys += [f"{side}-{zone}" for side in ("public", "private", "private-routes")]
            keys += [f"{side}-association-{zone}" for side in ("public", "private")]
            if settings.nat_mode is not NatMode.NONE:
                keys.append(f"private-way-out-{zone}")
        return keys + [f"{what}-{zone}" for zone in settings.nat_zones for what in ("nat-address", "nat")]

    def _add_vpc(self) -> ec2.Vpc:
        vpc = ec2.Vpc(
            self.child_name("vpc"),
            **self.customized(
                "vpc",
                {
                    "region": self._region,
                    "cidr_block": self.settings.whole_range,
                    # Endpoints go by the services' own names, and peers resolve each other's.
                    "enable_dns_support": True,
                    "enable_dns_hostnames": True,
                    "tags": self.labels(Name=self._label),
                },
            ),
            opts=self.child_opts("vpc"),
        )
        ec2.DefaultSecurityGroup(
            self.child_name("default-group"),
            **self.customized(
                "default-group",
                {
                    "region": self._region,
                    "vpc_id": vpc.id,
                    "tags": self.labels(Name=f"{self._label}-default-unused"),
                },
            ),
            opts=self.child_opts("default-group"),
        )
        return vpc

    def _add_public_side(self) -> None:
        gateway = ec2.InternetGateway(
            self.child_name("gateway"),
            **self.customized(
                "gateway",
                {"region": self._region, "vpc_id": self._vpc_id, "tags": self.labels(Name=self._label)},
            ),
            opts=self.child_opts("gateway"),
        )
        table = self._add_route_table("public-routes", "public")
        way_out = self._add_route("public-way-out", table, gateway_id=gateway.id)
        self._nats: list[ec2.NatGateway] = []
        for zone, subnet in enumerate(self._subnets("public"), 1):
            association = self._associate("public", zone, subnet, table)
            waits = [association.id, way_out.id, *self._keep_host_addresses(f"public-{zone}", subnet)]
            self._public.append(_once(subnet.id, *waits))
            if zone in self.settings.nat_zones:
                self._nats.append(self._add_nat(zone, way_out))

    def _add_private_side(self) -> None:
        for zone, subnet in enumerate(self._subnets("private"), 1):
            table = self._add_route_table(f"private-routes-{zone}", f"private-{zone}")
            association = self._associate("private", zone, subnet, table)
            waits = [association.id, *self._keep_host_addresses(f"private-{zone}", subnet)]
            if self._nats:
                nat = self._nats[min(zone, len(self._nats)) - 1]
                waits.append(self._add_route(f"private-way-out-{zone}", table, nat_gateway_id=nat.id).id)
            self._private.append(_once(subnet.id, *waits))

    def _subnets(self, side: str) -> list[ec2.Subnet]:
        addresses, names = self.settings.addresses, self.settings.zone_names or []
        return [
            ec2.Subnet(
                self.child_name(subnet.key),
                **self.customized(
                    subnet.key,
                    {
                        "region": self._region,
                        "vpc_id": self._vpc_id,
                        "availability_zone": names[subnet.zone],
                        "cidr_block": str(subnet.range),
                        # A public address is given on purpose, to a balancer or a gateway.
                        "map_public_ip_on_launch": False,
                        "tags": self.labels(Name=f"{self._label}-{subnet.key}"),
                    },
                ),
                # The range must be free before it is taken anew.
                opts=self.child_opts(subnet.key, delete_before_replace=True),
            )
            for subnet in (addresses.public if side == "public" else addresses.private)
        ]

    def _keep_host_addresses(self, subnet_key: str, subnet: ec2.Subnet) -> list[pulumi.Output[str]]:
        """What to wait for before anything else in the subnet gets an address: nothing, without hosts."""
        kept = self.settings.kept_addresses.get(subnet_key)
        if kept is None:
            return []
        key = _kept_key(subnet_key)
        reservation = ec2.SubnetCidrReservation(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "region": self._region,
                    "subnet_id": subnet.id,
                    "cidr_block": str(kept),
                    "reservation_type": "explicit",
                    "description": "fixed addresses of hosts",
                },
            ),
            opts=self.child_opts(key),
        )
        return [reservation.id]

    def _add_nat(self, zone: int, way_out: ec2.Route) -> ec2.NatGateway:
        tags = self.labels(Name=f"{self._label}-{zone}")
        address = ec2.Eip(
            self.child_name(f"nat-address-{zone}"),
            **self.customized(f"nat-address-{zone}", {"region": self._region, "domain": "vpc", "tags": tags}),
            opts=self.child_opts(f"nat-address-{zone}", depends_on=[way_out]),
        )
        return ec2.NatGateway(
            self.child_name(f"nat-{zone}"),
            **self.customized(
                f"nat-{zone}",
                {
                    "region": self._region,
                    "allocation_id": address.id,
                    "subnet_id": self._public[zone - 1],
                    "tags": tags,
                },
            ),
            opts=self.child_opts(f"nat-{zone}"),
        )

    def _add_route_table(self, key: str, label: str) -> ec2.RouteTable:
        table = ec2.RouteTable(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "region": self._region,
                    "vpc_id": self._vpc_id,
                    "tags": self.labels(Name=f"{self._label}-{label}"),
                },
            ),
            opts=self.child_opts(key),
        )
        self._route_tables.append(table.id)
        return table

    def _add_route(self, key: str, table: ec2.RouteTable, **to: pulumi.Input[str]) -> ec2.Route:
        return ec2.Route(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "region": self._region,
                    "route_table_id": table.id,
                    "destination_cidr_block": WORLD,
                    **to,
                },
            ),
            opts=self.child_opts(key),
        )

    def _associate(
        self, side: str, zone: int, subnet: ec2.Subnet, table: ec2.RouteTable
    ) -> ec2.RouteTableAssociation:
        key = f"{side}-association-{zone}"
        return ec2.RouteTableAssociation(
            self.child_name(key),
            **self.customized(
                key, {"region": self._region, "subnet_id": subnet.id, "route_table_id": table.id}
            ),
            opts=self.child_opts(key),
        )

    def _add_flow_logs(self, account_id: pulumi.Output[str]) -> None:
        options = self.settings.flow_logs
        NetworkFlowLogs(
            self.child_name("flow-logs"),
            self.child_args(
                "flow-logs",
                {
                    "region": self._region,
                    "vpc_id": self._vpc_id,
                    "account_id": account_id,
                    "log_group_name": f"/{self.settings.stack}/{self.settings.place}/flow",
                    **({} if options is None else {"options": options}),
                },
            ),
            opts=self.child_opts("flow-logs"),
        )

    def _add_groups(self, buckets: pulumi.Output[str] | None) -> SecurityGroups:
        settings = self.settings
        outbound = settings.nat_mode is not NatMode.NONE
        return SecurityGroups(
            self.child_name("groups"),
            self.child_args(
                "groups",
                {
                    "topology": settings.topology,
                    "place": settings.place,
                    "vpc_id": self._vpc_id,
                    "peer_ranges": settings.peer_ranges,
                    "edge_ranges": settings.edge_ranges,
                    "listeners": settings.listeners,
                    "outbound": outbound,
                    **({} if outbound or buckets is None else {"s3_prefix_list_id": buckets}),
                },
            ),
            opts=self.child_opts("groups"),
        )

    def _add_gateway(self, owner: pulumi.Output[str] | None) -> pulumi.Output[str]:
        reached: dict[str, object] = {"route_table_ids": self._route_tables}
        if owner is not None:
            reached["policy"] = pulumi.Output.json_dumps(gateway_policy(owner))
        return self._add_endpoint(Endpoint.S3, "Gateway", reached).prefix_list_id

    def _add_endpoints(self, groups: SecurityGroups) -> None:
        for endpoint in self.settings.chosen_endpoints:
            if endpoint is not Endpoint.S3:
                group = groups.ids[Role.ENDPOINTS.value]
                reached = {
                    "subnet_ids": self._private,
                    "security_group_ids": [group],
                    "private_dns_enabled": True,
                }
                self._add_endpoint(endpoint, "Interface", reached)

    def _add_endpoint(self, endpoint: Endpoint, kind: str, reached: dict[str, object]) -> ec2.VpcEndpoint:
        key = _endpoint_key(endpoint)
        return ec2.VpcEndpoint(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "region": self._region,
                    "vpc_id": self._vpc_id,
                    "vpc_endpoint_type": kind,
                    "service_name": f"com.amazonaws.{self._region}.{endpoint.value}",
                    **reached,
                    "tags": self.labels(Name=f"{self._label}-{endpoint.value}"),
                },
            ),
            opts=self.child_opts(key),
        )


def _endpoint_key(endpoint: Endpoint) -> str:
    return f"endpoint-{endpoint.value.replace('.', '-')}"


def _kept_key(subnet_key: str) -> str:
    return f"host-addresses-{subnet_key}"


def _once(value: pulumi.Output[str], *waits: pulumi.Output[str]) -> pulumi.Output[str]:
    """The value, known once what it waits for is there."""
    return pulumi.Output.all(value, *waits).apply(lambda known: str(known[0]))
