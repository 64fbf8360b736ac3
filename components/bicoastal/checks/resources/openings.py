"""What a security group lets in and out, in whichever of its shapes it is declared."""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from .declared import Declared, at, number, texts

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
_GROUPS = (GROUP, DEFAULT_GROUP)
INWARDS = (INGRESS, OLD_RULE, *_GROUPS)
OUTWARDS = (EGRESS, OLD_RULE, *_GROUPS)
_ALL_PROTOCOLS = ("-1", "all")
_WITHOUT_PORTS = ("icmp", "icmpv6", "1", "58")
_LAST_PORT = 65535
_WIDEST_V4, _WIDEST_V6 = 8, 16
"""Bits of a prefix. Nobody has so much of the internet: what is wider is most of it, however it is cut."""


class _Names(NamedTuple):
    """What a shape of a rule calls its parts."""

    protocol: str
    sources: tuple[str, str]


_NEW = _Names("ipProtocol", ("cidrIpv4", "cidrIpv6"))
_OLD = _Names("protocol", ("cidrBlocks", "ipv6CidrBlocks"))


@dataclass(frozen=True)
class Opening:
    """Ports that are open to sources."""

    path: str
    protocol: str
    first: int
    last: int
    sources: Sequence[str]

    @property
    def to_the_world(self) -> str:
        """The source that is the whole internet, or a great part of it; empty when there is none."""
        return next((source for source in self.sources if _is_the_world(source)), "")

    @property
    def is_everything(self) -> bool:
        """Whether every port is open."""
        return self.first <= 1 and self.last >= _LAST_PORT

    def __contains__(self, port: int) -> bool:
        return self.first <= port <= self.last

    def __str__(self) -> str:
        ports = "all ports" if self.is_everything else f"{self.first} to {self.last}"
        ports = str(self.first) if self.first == self.last else ports
        return f"{ports} from {', '.join(self.sources) or 'nowhere that is known'}"


def inwards(resource: Declared) -> Iterator[Opening]:
    """What comes in."""
    yield from _openings(resource, INGRESS, "ingress")


def outwards(resource: Declared) -> Iterator[Opening]:
    """What goes out."""
    yield from _openings(resource, EGRESS, "egress")


def _openings(resource: Declared, rule: str, way: str) -> Iterator[Opening]:
    if resource.type == rule:
        yield from _opening("", resource.properties, _NEW)
    elif resource.type == OLD_RULE and resource.get("type") == way:
        yield from _opening("", resource.properties, _OLD)
    elif resource.type in _GROUPS:
        for path, inner in resource.each(way):
            yield from _opening(path, inner, _OLD)


def _opening(path: str, rule: Mapping[str, Any], names: _Names) -> Iterator[Opening]:
    protocol = str(at(rule, names.protocol, "")).lower()
    first, last = number(at(rule, "fromPort")), number(at(rule, "toPort"))
    if protocol in _ALL_PROTOCOLS:
        first, last = 0, _LAST_PORT
    if first is not None and last is not None and protocol not in _WITHOUT_PORTS:
        sources = [source for name in names.sources for source in texts(at(rule, name))]
        yield Opening(path or names.sources[0], protocol, int(first), int(last), sources)


@cache
def _is_the_world(source: str) -> bool:
    try:
        network = ipaddress.ip_network(source, strict=False)
    except ValueError:
        return False
    widest = _WIDEST_V4 if network.version == 4 else _WIDEST_V6
    return network.prefixlen < widest and not network.is_private
