"""What a security group lets in and out, in whichever of its three shapes it is declared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .declared import Declared, number, texts

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INWARDS = (INGRESS, OLD_RULE, GROUP)
OUTWARDS = (EGRESS, OLD_RULE, GROUP)
_WORLD = ("0.0.0.0/0", "::/0")
_ALL_PROTOCOLS = ("-1", "all")
_SOURCES = ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")
_LAST_PORT = 65535


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
        """The source that is the whole internet; empty when there is none."""
        return next((source for source in self.sources if source in _WORLD), "")

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
    if resource.type == INGRESS or (resource.type == OLD_RULE and resource.get("type") == "ingress"):
        yield from _opening("", resource.properties)
    elif resource.type == GROUP:
        for path, rule in resource.each("ingress"):
            yield from _opening(path, rule)


def outwards(resource: Declared) -> Iterator[Opening]:
    """What goes out."""
    if resource.type == EGRESS or (resource.type == OLD_RULE and resource.get("type") == "egress"):
        yield from _opening("", resource.properties)
    elif resource.type == GROUP:
        for path, rule in resource.each("egress"):
            yield from _opening(path, rule)


def _opening(path: str, rule: Mapping[str, Any]) -> Iterator[Opening]:
    protocol = str(rule.get("ipProtocol", rule.get("protocol", ""))).lower()
    first, last = number(rule.get("fromPort")), number(rule.get("toPort"))
    if protocol in _ALL_PROTOCOLS:
        first, last = 0, _LAST_PORT
    if first is not None and last is not None and protocol not in ("icmp", "icmpv6", "1", "58"):
        sources = [source for name in _SOURCES for source in texts(rule.get(name))]
        yield Opening(path or "cidrIpv4", protocol, int(first), int(last), sources)
