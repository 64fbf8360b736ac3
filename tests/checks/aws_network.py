"""VPCs, security groups in their three shapes, load balancers."""

import json

from .sample import aws, sample

WORLD = "0.0.0.0/0"
_OPEN = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def group(name, ingress, kind="securityGroup:SecurityGroup"):
    said = {} if kind.startswith("default") else {"description": "of the web"}
    return aws(f"aws:ec2/{kind}", name, {**said, "ingress": ingress})


def inline(port, source=WORLD, **own):
    return {
        "description": "x",
        "fromPort": port,
        "toPort": port,
        "protocol": "tcp",
        "cidrBlocks": [source],
        **own,
    }


def redirect(to):
    return {"type": "redirect", "redirect": {"protocol": to, "statusCode": "HTTP_301"}}


def listener(name, /, **properties):
    return aws("aws:lb/listener:Listener", name, {"loadBalancerArn": "<balancer.arn>", **properties})


NETWORK = sample(
    aws("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.1.0.0/16"}),
    aws(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "default",
        {"vpcId": "<vpc.id>"},
        dependencies={"vpcId": ["vpc"]},
    ),
    aws("aws:ec2/flowLog:FlowLog", "flow", {"vpcId": "<vpc.id>"}, dependencies={"vpcId": ["vpc"]}),
    aws("aws:ec2/subnet:Subnet", "subnet", {"vpcId": "<vpc.id>", "mapPublicIpOnLaunch": False}),
    aws(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "endpoint",
        {
            "vpcId": "<vpc.id>",
            "vpcEndpointType": "Interface",
            "privateDnsEnabled": True,
            "policy": json.dumps({"Statement": [{**_OPEN, "Action": "ssm:GetParameter"}]}),
        },
    ),
    aws("aws:ec2/vpcEndpoint:VpcEndpoint", "gateway", {"vpcId": "<vpc.id>", "vpcEndpointType": "Gateway"}),
    aws(
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        "peering",
        {"vpcId": "<vpc.id>", "peerVpcId": "<west.id>", "peerRegion": "us-west-2", "autoAccept": False},
    ),
    aws("aws:ec2/securityGroup:SecurityGroup", "group", {"description": "of the web"}),
    aws(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "in",
        {"description": "https", "cidrIpv4": WORLD, "fromPort": 443, "toPort": 443, "ipProtocol": "tcp"},
    ),
    aws(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "inner",
        {
            "description": "Postgres of the VPC",
            "cidrIpv4": "10.1.0.0/16",
            "fromPort": 5432,
            "toPort": 5432,
            "ipProtocol": "tcp",
        },
    ),
    aws(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "out",
        {"description": "https", "cidrIpv4": WORLD, "fromPort": 443, "toPort": 443, "ipProtocol": "tcp"},
    ),
    aws("aws:lb/loadBalancer:LoadBalancer", "balancer", {"enableDeletionProtection": True}),
    listener("https", protocol="HTTPS", sslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06"),
    listener("http", protocol="HTTP", defaultActions=[redirect("HTTPS")]),
    aws("aws:elb/loadBalancer:LoadBalancer", "classic", {"listeners": [{"lbProtocol": "https"}]}),
)


def ingress(name, /, **properties):
    said = {"description": "a rule", "ipProtocol": "tcp", **properties}
    return aws("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, said)


def opened(first, last=None, source=WORLD):
    """The network with a port of the inner rule open to the world."""
    inner = NETWORK.but("inner", "cidrIpv4", source)
    rule = next(one for one in inner if one.name == "inner")
    rest = [one for one in inner if one.name != "inner"]
    return [
        *rest,
        aws(rule.type, "inner", {**rule.properties, "fromPort": first, "toPort": last or first}),
    ]


def old_rule(port):
    return aws(
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "old",
        {
            "description": "as it was",
            "type": "ingress",
            "fromPort": port,
            "toPort": port,
            "protocol": "tcp",
            "cidrBlocks": [WORLD],
        },
    )


NETWORK_FOUND = [
    ("aws-sg-everything-open", opened(0, 65535)),
    (
        "aws-sg-everything-open",
        NETWORK.and_also(
            aws(
                "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                "all",
                {"description": "all", "cidrIpv6": "::/0", "ipProtocol": "-1"},
            )
        ),
    ),
    *(("aws-sg-login-open", opened(port)) for port in (22, 3389)),
    ("aws-sg-login-open", opened(20, 30)),
    *(("aws-sg-swarm-open", opened(port)) for port in (2375, 2376, 2377, 4789, 7946)),
    *(("aws-sg-data-open", opened(port)) for port in (2379, 2380, 5432, 6379, 26379)),
    *(("aws-sg-inner-open", opened(port)) for port in (8008, 8200, 9090)),
    ("aws-sg-other-open", opened(1234)),
    ("aws-sg-other-open", opened(443, 444)),
    *(
        ("aws-sg-login-open", opened(22, source=source))
        for source in ("0.0.0.0/1", "128.0.0.0/1", "8.0.0.0/7", "1.2.3.4/0")
    ),
    *(
        ("aws-sg-data-open", NETWORK.and_also(ingress("six", cidrIpv6=source, fromPort=5432, toPort=5432)))
        for source in ("::/0", "0::/0", "0:0:0:0:0:0:0:0/0", "2000::/3")
    ),
    ("aws-sg-way-out", NETWORK.but("out", "ipProtocol", "-1")),
    ("aws-sg-described", NETWORK.but("in", "description", None)),
    ("aws-sg-described", NETWORK.but("group", "description", "Managed by Pulumi")),
    ("aws-vpc-default-group", NETWORK.without("default")),
    (
        "aws-vpc-default-group",
        NETWORK.but("default", "ingress", [{"protocol": "-1", "self": True, "fromPort": 0, "toPort": 0}]),
    ),
    ("aws-vpc-flow-logs", NETWORK.without("flow")),
    ("aws-vpc-flow-logs", NETWORK.but("flow", "trafficType", "REJECT")),
    ("aws-subnet-no-public-addresses", NETWORK.but("subnet", "mapPublicIpOnLaunch", True)),
    ("aws-endpoint-private-names", NETWORK.but("endpoint", "privateDnsEnabled", False)),
    ("aws-endpoint-private-names", NETWORK.but("endpoint", "privateDnsEnabled", None)),
    ("aws-endpoint-policy-public", NETWORK.but("endpoint", "policy", json.dumps({"Statement": [_OPEN]}))),
    ("aws-peering-accepter", NETWORK.but("peering", "autoAccept", True)),
    ("aws-lb-encrypted", NETWORK.but("http", "defaultActions", [{"type": "forward"}])),
    ("aws-lb-encrypted", NETWORK.but("http", "defaultActions", [{"type": "redirect"}])),
    ("aws-lb-encrypted", NETWORK.but("http", "defaultActions", [redirect("HTTP")])),
    ("aws-lb-encrypted", NETWORK.but("http", "defaultActions", [redirect("HTTPS"), {"type": "forward"}])),
    ("aws-lb-encrypted", NETWORK.and_also(listener("udp", protocol="TCP_UDP"))),
    ("aws-lb-encrypted", NETWORK.but("classic", "listeners.0.lbProtocol", "http")),
    *(
        ("aws-lb-tls-minimum", NETWORK.but("https", "sslPolicy", f"ELBSecurityPolicy-{policy}"))
        for policy in ("TLS13-1-0-2021-06", "TLS13-1-1-2021-06", "TLS-1-1-2017-01", "FS-1-1-2019-08")
    ),
    ("aws-lb-tls-minimum", NETWORK.but("https", "sslPolicy", "ELBSecurityPolicy-2016-08")),
    ("aws-lb-tls-minimum", NETWORK.but("https", "sslPolicy", None)),
    ("aws-lb-deletion-protection", NETWORK.but("balancer", "enableDeletionProtection", False)),
]
IN_OTHER_SHAPES = [
    ("aws-sg-swarm-open", old_rule(2377)),
    ("aws-sg-data-open", group("inline", [inline(6379)])),
    ("aws-sg-login-open", group("inline", [{**inline(22), "cidrBlocks": [], "ipv6CidrBlocks": ["::/0"]}])),
    ("aws-sg-described", group("inline", [inline(6379, "10.0.0.0/8", description="")])),
]
"""Shapes that are deprecated, and found for that, too."""
NETWORK_SILENT = [
    ("aws-sg-other-open", [ingress("unknown", cidrIpv4=WORLD, fromPort=-987654321, toPort=-987654321)]),
    ("aws-sg-login-open", [ingress("office", cidrIpv4="203.0.113.0/24", fromPort=22, toPort=22)]),
    ("aws-sg-data-open", [ingress("own", cidrIpv6="fd00::/8", fromPort=5432, toPort=5432)]),
    (
        "aws-lb-tls-minimum",
        [listener("own", protocol="HTTPS", sslPolicy="ELBSecurityPolicy-FS-1-2-Res-2020-10")],
    ),
    (
        "aws-lb-tls-minimum",
        [listener("own", protocol="TLS", sslPolicy="ELBSecurityPolicy-TLS13-1-3-2021-06")],
    ),
]
IN_THE_DEFAULT_GROUP = [
    ("aws-sg-login-open", group("default", [inline(22)], "defaultSecurityGroup:DefaultSecurityGroup")),
    (
        "aws-sg-everything-open",
        group("default", [inline(0, protocol="-1")], "defaultSecurityGroup:DefaultSecurityGroup"),
    ),
]
"""It should have no rules at all, which is found, too."""
