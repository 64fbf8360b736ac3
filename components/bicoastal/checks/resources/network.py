"""VPCs, their security groups and what leads into them."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..problem import Problem
from .check import Severity, of_resource, of_whole
from .declared import Declared, Resources, at, can_be_judged, truth
from .openings import DEFAULT_GROUP, EGRESS, GROUP, INGRESS, INWARDS, OLD_RULE, OUTWARDS, inwards, outwards
from .policies import statements
from .rules import is_off, is_there, must, must_in

VPC = "aws:ec2/vpc:Vpc"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_FLOW_LOG = "aws:ec2/flowLog:FlowLog"
_LISTENERS = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
_BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
_CLASSIC = "aws:elb/loadBalancer:LoadBalancer"
_NEW_TLS = re.compile(r"-(TLS|TLS13|FS)-1-[23]-")
_PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
_SUBNET = "aws:ec2/subnet:Subnet"

_LOGIN = {22: "SSH", 3389: "RDP", 5985: "WinRM"}
_SWARM = {2375: "Docker", 2376: "Docker", 2377: "Swarm", 4789: "Swarm's overlay", 7946: "Swarm's gossip"}
_DATA = {
    2379: "etcd",
    2380: "etcd",
    3306: "MySQL",
    5432: "Postgres",
    5433: "Postgres",
    6379: "Redis",
    6380: "Redis",
    9200: "Elasticsearch",
    11211: "Memcached",
    26379: "Sentinel",
    27017: "MongoDB",
}
_INNER = {
    3000: "Grafana",
    3100: "Loki",
    8008: "Patroni",
    8200: "Vault",
    8201: "Vault",
    8404: "HAProxy's metrics",
    9090: "Prometheus",
    9093: "Alertmanager",
    9100: "the node exporter",
    9115: "the blackbox exporter",
    9121: "the Redis exporter",
    9187: "the Postgres exporter",
}
_PUBLIC = (80, 443)


def _open_to_the_world(resource: Declared, ports: dict[int, str], fix: str) -> Iterator[Problem]:
    for opening in inwards(resource):
        reached = [
            f"{port} ({what})"
            for port, what in ports.items()
            if port in opening and not opening.is_everything
        ]
        if opening.to_the_world and reached:
            yield Problem(
                opening.path,
                f"the world reaches {', '.join(reached)}",
                str(opening),
                "the security group or the network that needs it",
                fix,
            )


@of_resource("aws-sg-everything-open", Severity.CRITICAL, *INWARDS)
def not_every_port_is_open(resource: Declared) -> Iterator[Problem]:
    """No security group lets the world in on every port.

    Whatever listens on the host, now or later, is on the internet: CIS AWS 5.2 and 5.3, Security Hub EC2.18.
    """
    for opening in inwards(resource):
        if opening.to_the_world and opening.is_everything:
            yield Problem(
                opening.path,
                "the world reaches every port",
                str(opening),
                "the ports that are served",
                "name the ports, and who may reach them",
            )


@of_resource("aws-sg-login-open", Severity.CRITICAL, *INWARDS)
def logins_are_closed_to_the_world(resource: Declared) -> Iterator[Problem]:
    """SSH and RDP are closed to the world.

    They are tried from the first minute on: CIS AWS 5.2 and 5.3, Security Hub EC2.13 and EC2.14.
    """
    yield from _open_to_the_world(
        resource, _LOGIN, "reach hosts by a session of Systems Manager, without a port"
    )


@of_resource("aws-sg-swarm-open", Severity.CRITICAL, *INWARDS)
def swarm_is_closed_to_the_world(resource: Declared) -> Iterator[Problem]:
    """Docker's and Swarm's own ports are closed to the world.

    Who reaches Docker's port owns the host, who reaches the gossip or the overlay joins the network of every
    container: Docker's documentation, "Use Docker with swarm mode", ports 2377, 7946 and 4789.
    """
    yield from _open_to_the_world(resource, _SWARM, "open them to the group of the Swarm's own hosts")


@of_resource("aws-sg-data-open", Severity.CRITICAL, *INWARDS)
def data_is_closed_to_the_world(resource: Declared) -> Iterator[Problem]:
    """Databases, caches and etcd are closed to the world.

    Between the internet and the data there is a password then, and nothing else: Security Hub EC2.19.
    """
    yield from _open_to_the_world(resource, _DATA, "open them to the groups of the services that ask")


@of_resource("aws-sg-inner-open", Severity.CRITICAL, *INWARDS)
def inner_services_are_closed_to_the_world(resource: Declared) -> Iterator[Problem]:
    """What runs and watches the stack is closed to the world.

    Vault, Patroni's interface, Prometheus and statistics tell or change everything and mostly ask for no
    password: Security Hub EC2.19.
    """
    yield from _open_to_the_world(resource, _INNER, "open them to the groups of the services that ask")


@of_resource("aws-sg-other-open", Severity.HIGH, *INWARDS)
def only_the_web_is_open_to_the_world(resource: Declared) -> Iterator[Problem]:
    """The world reaches ports 80 and 443 at most.

    What is served to everyone is served over HTTP here; any other open port is a mistake or needs its reason
    written down: Security Hub EC2.18.
    """
    named: Collection[int] = {*_LOGIN, *_SWARM, *_DATA, *_INNER}
    for opening in inwards(resource):
        already = opening.is_everything or any(port in opening for port in named)
        one_of_two = opening.first == opening.last and opening.first in _PUBLIC
        if opening.to_the_world and not already and not one_of_two:
            yield Problem(
                opening.path,
                "the world reaches more than the web",
                str(opening),
                "80 and 443, each by itself",
                "name the port, and who may reach it",
            )


@of_resource("aws-sg-way-out", Severity.MEDIUM, *OUTWARDS)
def way_out_is_narrow(resource: Declared) -> Iterator[Problem]:
    """A security group does not let everything out to everywhere.

    What has been broken into fetches its tools and sends its loot over any port otherwise: AVD-AWS-0104 of
    trivy.
    """
    for opening in outwards(resource):
        if opening.to_the_world and opening.is_everything:
            yield Problem(
                opening.path,
                "everything may leave",
                str(opening).replace(" from ", " to "),
                "the ports that are needed, such as 443",
                "one rule per port and destination",
            )


@of_resource("aws-sg-described", Severity.LOW, GROUP, INGRESS, EGRESS, OLD_RULE)
def openings_say_what_they_are_for(resource: Declared) -> Iterator[Problem]:
    """A security group and each of its rules say what they are for.

    A rule that nobody can explain is never removed: AVD-AWS-0099 and AVD-AWS-0124 of trivy.
    """
    words = ("nothing is said", "a few words", "description='balancer http from edge'")
    yield from must(
        resource, "description", lambda text: is_there(text) and text != "Managed by Pulumi", *words
    )
    for way in ("ingress", "egress") if resource.type == GROUP else ():
        for path, rule in resource.each(way):
            yield from must_in(rule, "description", f"{path}.description", is_there, *words)


@of_whole("aws-vpc-default-group", Severity.MEDIUM, VPC, DEFAULT_GROUP)
def default_group_is_closed(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A VPC's default security group lets nothing through.

    What is given no group gets this one, whose members all reach each other: CIS AWS 5.4, Security Hub
    EC2.2.
    """
    fix = "adopt it with ec2.DefaultSecurityGroup and give it no rules"
    groups = resources.of(DEFAULT_GROUP)
    for vpc in resources.of(VPC):
        if not any(group.comes_from("vpcId", vpc) for group in groups):
            yield vpc, Problem("default group", "left open", "AWS's own rules", "no rules", fix)
    for group in groups:
        for way in ("ingress", "egress"):
            for path, _ in group.each(way):
                yield group, Problem(path, "lets something through", "a rule", "no rules", fix)


@of_whole("aws-vpc-flow-logs", Severity.MEDIUM, VPC, _FLOW_LOG)
def traffic_is_written_down(resources: Resources) -> Iterator[tuple[Declared, Problem]]:
    """A VPC writes down its traffic.

    After a break-in nothing else tells what was reached, and what was refused is the lesser half of it: CIS
    AWS 3.7, Security Hub EC2.6.
    """
    logs = resources.of(_FLOW_LOG)
    for log in logs:
        words = ("what is let through is left out", "ALL", "traffic_type='ALL'")
        for problem in must(log, "trafficType", lambda kind: kind != "REJECT", *words):
            yield log, problem
    for vpc in resources.of(VPC):
        if not any(log.comes_from("vpcId", vpc) for log in logs):
            yield (
                vpc,
                Problem(
                    "flow logs", "none", "nothing", "an ec2.FlowLog", "declare FlowLog with this VPC's id"
                ),
            )


@of_resource("aws-subnet-no-public-addresses", Severity.MEDIUM, _SUBNET)
def subnet_gives_no_public_addresses(resource: Declared) -> Iterator[Problem]:
    """A subnet gives no public address by itself.

    A host is on the internet because someone said so, and not because of where it stands: Security Hub
    EC2.15.
    """
    yield from must(
        resource,
        "mapPublicIpOnLaunch",
        is_off,
        "every host gets a public address",
        "false",
        "leave it out, and give an elastic address to what needs one",
    )


@of_resource("aws-endpoint-private-names", Severity.LOW, _ENDPOINT)
def interface_endpoint_has_the_services_name(resource: Declared) -> Iterator[Problem]:
    """An interface endpoint answers under the service's own name.

    Without private DNS, programs keep going out to the public address, and the endpoint is paid for in vain.
    """
    if resource.get("vpcEndpointType") == "Interface":
        yield from must(
            resource,
            "privateDnsEnabled",
            truth,
            "nobody finds it",
            "true",
            "private_dns_enabled=True",
            default=False,
        )


@of_resource("aws-endpoint-policy-public", Severity.MEDIUM, _ENDPOINT)
def endpoint_policy_is_narrow(resource: Declared) -> Iterator[Problem]:
    """A policy on an endpoint does not allow everyone everything.

    It is no policy at all then, and the endpoint leads to any account's buckets: AWS, "Control access to VPC
    endpoints".
    """
    for statement in statements(resource):
        open_to_all = statement.allows and statement.is_for_anyone and not statement.conditions
        if open_to_all and "*" in statement.actions and "*" in statement.resources:
            yield Problem(
                statement.path,
                "everyone may do everything",
                str(statement),
                "named actions or resources",
                "name what goes through, or leave the policy out",
            )


@of_resource("aws-peering-accepter", Severity.LOW, _PEERING)
def peering_is_accepted_on_its_own_side(resource: Declared) -> Iterator[Problem]:
    """A connection to another region is accepted on its own side.

    `auto_accept` works within one region and one account only, and AWS refuses it here.
    """
    if is_there(resource.get("peerRegion")):
        yield from must(
            resource,
            "autoAccept",
            is_off,
            "AWS refuses this across regions",
            "false, and a VpcPeeringConnectionAccepter in the other region",
            "leave auto_accept out here",
        )


@of_resource("aws-lb-encrypted", Severity.HIGH, *_LISTENERS, _CLASSIC)
def listener_speaks_tls(resource: Declared) -> Iterator[Problem]:
    """A load balancer's listener speaks TLS, or sends the visitor to one that does.

    What is sent without it is read on the way: Security Hub ELB.1.
    """
    allowed, fix = "HTTPS or TLS, or a redirect to it", "protocol='HTTPS' with a certificate_arn"
    for path, listener in resource.each("listeners") if resource.type == _CLASSIC else ():
        where, words = f"{path}.lbProtocol", ("without TLS", "https or ssl", "lb_protocol='https'")
        yield from must_in(
            listener, "lbProtocol", where, lambda it: str(it).lower() in ("https", "ssl"), *words
        )
    if resource.type == _CLASSIC or not can_be_judged(resource.get("defaultActions")):
        return
    actions = [action for _, action in resource.each("defaultActions")]
    if not actions or not all(_leads_to_tls(action) for action in actions):
        yield from must(
            resource,
            "protocol",
            lambda protocol: protocol in ("HTTPS", "TLS", "QUIC"),
            "without TLS",
            allowed,
            fix,
            default="HTTP",
        )


def _leads_to_tls(action: Mapping[str, Any]) -> bool:
    """Whether it is a redirect to HTTPS; one that says nothing stays with the protocol that was asked for."""
    to = at(action, "redirect.protocol")
    return at(action, "type") == "redirect" and (to == "HTTPS" or not can_be_judged(to))


@of_resource("aws-lb-tls-minimum", Severity.HIGH, *_LISTENERS)
def listener_refuses_old_tls(resource: Declared) -> Iterator[Problem]:
    """A load balancer's listener refuses TLS below 1.2.

    AWS's default policy still speaks 1.0, and so do those of TLS13-1-0 and TLS13-1-1: Security Hub ELB.17.
    """
    if resource.get("protocol") in ("HTTPS", "TLS"):
        yield from must(
            resource,
            "sslPolicy",
            lambda policy: _NEW_TLS.search(str(policy)) is not None,
            "speaks old TLS",
            "a policy with TLS13-1-2, TLS13-1-3 or TLS-1-2 in its name",
            "ssl_policy='ELBSecurityPolicy-TLS13-1-2-2021-06'",
        )


@of_resource("aws-lb-deletion-protection", Severity.MEDIUM, *_BALANCERS)
def balancer_is_not_deleted(resource: Declared) -> Iterator[Problem]:
    """A load balancer is protected from deletion.

    Its name and addresses do not come back: Security Hub ELB.6.
    """
    yield from must(
        resource,
        "enableDeletionProtection",
        truth,
        "not protected",
        "true",
        "enable_deletion_protection=True",
        default=False,
    )
