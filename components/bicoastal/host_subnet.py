"""A subnet that hosts stand in: a network says it of itself, and hosts are made in it."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from .checks import hosts as checks
from .checks.rules import ANYTHING, PRIVATE_NETWORK
from .settings import setting


class HostSubnetArgs(TypedDict):
    """A subnet in one zone; `RegionNetwork.host_subnets()` says those of its place."""

    subnet_id: pulumi.Input[str]
    """The subnet's id."""
    cidr: str
    """Its private IPv4 network, /28 or larger: the host whose address lies in it is made there."""
    zone: str
    """Its zone, such as `us-east-1a`."""
    public: NotRequired[bool]
    """Whether its way out is the network's internet gateway, which serves only who has a public address: the
    hosts in it are those with a balancer and an Elastic IP. Default: false, and its way out is a NAT."""


@dataclass(frozen=True, kw_only=True)
class HostSubnet:
    """A subnet in one zone, checked."""

    subnet_id: pulumi.Input[str] = setting(ANYTHING)
    cidr: str = setting(PRIVATE_NETWORK)
    zone: str = setting(checks.ZONE)
    public: bool = False
