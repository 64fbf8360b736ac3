"""How tests read the plan of a network."""

import re

from bicoastal.settings import read
from bicoastal.topology import Topology
from tests.library.samples import topology

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
RESERVATION = "aws:ec2/subnetCidrReservation:SubnetCidrReservation"
NAT = "aws:ec2/natGateway:NatGateway"
ADDRESS = "aws:ec2/eip:Eip"
ROUTE = "aws:ec2/route:Route"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEY = "aws:kms/key:Key"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
CONNECTION = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
ACCEPTANCE = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
OPTIONS = "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions"

TOPOLOGY = read(Topology, topology(), "topology")
EXISTING = {
    "vpc_id": "vpc-1",
    "private_subnet_ids": ["subnet-a", "subnet-b"],
    "public_subnet_ids": ["subnet-c"],
    "route_table_ids": ["rtb-1", "rtb-2"],
}


def inputs(plan, token):
    return {resource.name.removeprefix("it-"): resource.inputs for resource in plan.of_type(token)}


def rules(plan, token):
    """The rules, by the end of their names, as (group, other side, protocol, ports)."""
    return {
        rule.name.removeprefix("it-groups-"): (
            side(rule.inputs["securityGroupId"]),
            side(
                rule.inputs.get("referencedSecurityGroupId")
                or rule.inputs.get("prefixListId")
                or rule.inputs["cidrIpv4"]
            ),
            rule.inputs["ipProtocol"],
            (rule.inputs["fromPort"], rule.inputs["toPort"]),
        )
        for rule in plan.of_type(token)
    }


def side(reference):
    return re.sub(r"<(?:it|net)-groups-(?:group-)?([\w-]+)\.id>", r"\1", reference)


def allowed(plan, token):
    return set(rules(plan, token).values())
