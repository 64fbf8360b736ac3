"""VPCs, security groups in their three shapes, load balancers."""

import json

from .sample import aws, sample

WORLD = "0.0.0.0/0"
_OPEN = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def group(name, ingress):
    return aws("aws:ec2/securityGroup:SecurityGroup", name, {"description": "of the web", "ingress": ingress})


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
    listener("http", protocol="HTTP", defaultActions=[{"type": "redirect"}]),
)


def opened(first, last=None):
    """The network with a port of the inner rule open to the world."""
    inner = NETWORK.but("inner", "cidrIpv4", WORLD)
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
    ("aws-sg-way-out", NETWORK.but("out", "ipProtocol", "-1")),
    ("aws-sg-described", NETWORK.but("in", "description", None)),
    ("aws-sg-described", NETWORK.but("group", "description", "Managed by Pulumi")),
    ("aws-vpc-default-group", NETWORK.without("default")),
    (
        "aws-vpc-default-group",
        NETWORK.but("default", "ingress", [{"protocol": "-1", "self": True, "fromPort": 0, "toPort": 0}]),
    ),
    ("aws-vpc-flow-logs", NETWORK.without("flow")),
    ("aws-subnet-no-public-addresses", NETWORK.but("subnet", "mapPublicIpOnLaunch", True)),
    ("aws-endpoint-private-names", NETWORK.but("endpoint", "privateDnsEnabled", False)),
    ("aws-endpoint-private-names", NETWORK.but("endpoint", "privateDnsEnabled", None)),
    ("aws-endpoint-policy-public", NETWORK.but("endpoint", "policy", json.dumps({"Statement": [_OPEN]}))),
    ("aws-peering-accepter", NETWORK.but("peering", "autoAccept", True)),
    ("aws-lb-encrypted", NETWORK.but("http", "defaultActions", [{"type": "forward"}])),
    ("aws-lb-tls-minimum", NETWORK.but("https", "sslPolicy", "ELBSecurityPolicy-2016-08")),
    ("aws-lb-tls-minimum", NETWORK.but("https", "sslPolicy", None)),
    ("aws-lb-deletion-protection", NETWORK.but("balancer", "enableDeletionProtection", False)),
]
IN_OTHER_SHAPES = [
    ("aws-sg-swarm-open", old_rule(2377)),
    (
        "aws-sg-data-open",
        group("inline", [{"fromPort": 6379, "toPort": 6379, "protocol": "tcp", "cidrBlocks": [WORLD]}]),
    ),
]
"""Shapes that are deprecated, and found for that, too."""
