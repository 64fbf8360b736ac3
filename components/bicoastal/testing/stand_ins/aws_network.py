"""Networks, the ways between them, and who may use which."""

from collections.abc import Callable
from typing import Any

from .aws_calls import Given, Judge


def _made(operation: str, path: str, *names: str) -> Callable[[Given], str]:
    """Makes it with these properties; its id is at the path of the answer."""

    def make(given: Given) -> str:
        answer = given.call("ec2", operation, **{name: given.get(name) for name in names})
        for step in path.split("."):
            answer = answer[step]
        return str(answer)

    return make


def _removed(operation: str, member: str) -> Callable[[Given, Any], Any]:
    return lambda given, it: given.call("ec2", operation, **{member: it.id})


def _make_vpc(given: Given) -> str:
    identifier = _made("CreateVpc", "Vpc.VpcId", "cidrBlock")(given)
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        value: Any = {"Value": given.get(attribute, attribute == "enableDnsSupport")}
        given.call("ec2", "ModifyVpcAttribute", VpcId=identifier, **{attribute: value})
    return identifier


def _empty_default_group(given: Given) -> str:
    filters = [{"Name": "vpc-id", "Values": [given["vpcId"]]}, {"Name": "group-name", "Values": ["default"]}]
    (group,) = given.call("ec2", "DescribeSecurityGroups", Filters=filters)["SecurityGroups"]
    identifier = group["GroupId"]
    for operation, permissions in (("Ingress", "IpPermissions"), ("Egress", "IpPermissionsEgress")):
        if group[permissions]:
            given.call(
                "ec2",
                f"RevokeSecurityGroup{operation}",
                GroupId=identifier,
                IpPermissions=group[permissions],
            )
    return str(identifier)


def _make_gateway(given: Given) -> str:
    identifier = _made("CreateInternetGateway", "InternetGateway.InternetGatewayId")(given)
    given.call("ec2", "AttachInternetGateway", InternetGatewayId=identifier, VpcId=given["vpcId"])
    return identifier


def _remove_gateway(given: Given, it: Any) -> None:
    given.call("ec2", "DetachInternetGateway", InternetGatewayId=it.id, VpcId=given["vpcId"])
    given.call("ec2", "DeleteInternetGateway", InternetGatewayId=it.id)


ENDPOINT = ("vpcId", "serviceName", "vpcEndpointType", "routeTableIds", "subnetIds", "securityGroupIds")


def _make_endpoint(given: Given) -> str:
    asked = {name: given.get(name) for name in (*ENDPOINT, "privateDnsEnabled")}
    made = given.call("ec2", "CreateVpcEndpoint", PolicyDocument=given.get("policy"), **asked)
    return str(made["VpcEndpoint"]["VpcEndpointId"])


ROUTE = ("routeTableId", "destinationCidrBlock", "gatewayId", "natGatewayId", "vpcPeeringConnectionId")


def _make_route(given: Given) -> str:
    given.call("ec2", "CreateRoute", **{name: given.get(name) for name in ROUTE})
    return f"{given['routeTableId']}/{given['destinationCidrBlock']}"


def _remove_route(given: Given, _: Any) -> None:
    given.call("ec2", "DeleteRoute", **{name: given[name] for name in ROUTE[:2]})


def _make_address(given: Given) -> tuple[str, dict[str, Any]]:
    made = given.call("ec2", "AllocateAddress", Domain=given["domain"])
    return made["AllocationId"], {"publicIp": made["PublicIp"], "allocationId": made["AllocationId"]}


def _make_prefix_list(given: Given) -> str:
    made = given.call(
        "ec2",
        "CreateManagedPrefixList",
        PrefixListName=given["name"],
        AddressFamily=given["addressFamily"],
        MaxEntries=given["maxEntries"],
        Entries=given.get("entries", []),
    )
    return str(made["PrefixList"]["PrefixListId"])


def _make_group(given: Given) -> str:
    made = given.call(
        "ec2",
        "CreateSecurityGroup",
        GroupName=given["name"],
        Description=given["description"],
        VpcId=given["vpcId"],
    )
    # As the provider does: a group without rules has none, not even AWS's own way out.
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    given.call("ec2", "RevokeSecurityGroupEgress", GroupId=made["GroupId"], IpPermissions=everything)
    return str(made["GroupId"])


def _rule(direction: str) -> Judge:
    def make(given: Given) -> str:
        other: dict[str, Any] = {}
        if given.get("cidrIpv4"):
            other["IpRanges"] = [{"CidrIp": given["cidrIpv4"]}]
        if given.get("referencedSecurityGroupId"):
            other["UserIdGroupPairs"] = [{"GroupId": given["referencedSecurityGroupId"]}]
        if given.get("prefixListId"):
            other["PrefixListIds"] = [{"PrefixListId": given["prefixListId"]}]
        ports = {name: given.get(name) for name in ("ipProtocol", "fromPort", "toPort")}
        made = given.call(
            "ec2",
            f"AuthorizeSecurityGroup{direction}",
            GroupId=given["securityGroupId"],
            IpPermissions=[{**ports, **other}],
        )
        return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def remove(given: Given, it: Any) -> None:
        given.call(
            "ec2",
            f"RevokeSecurityGroup{direction}",
            GroupId=given["securityGroupId"],
            SecurityGroupRuleIds=[it.id],
        )

    kind = f"SecurityGroup{direction}Rule"
    return Judge(f"aws:vpc/{kind[0].lower()}{kind[1:]}:{kind}", make, remove)


def _accept(given: Given) -> str:
    identifier = given["vpcPeeringConnectionId"]
    given.call("ec2", "AcceptVpcPeeringConnection", VpcPeeringConnectionId=identifier)
    return str(identifier)


def _set_options(given: Given, *_: Any) -> str:
    identifier = given["vpcPeeringConnectionId"]
    sides: dict[str, Any] = {
        f"{side}PeeringConnectionOptions": {
            "AllowDnsResolutionFromRemoteVpc": given[side]["allowRemoteVpcDnsResolution"]
        }
        for side in ("requester", "accepter")
        if given.get(side)
    }
    given.call("ec2", "ModifyVpcPeeringConnectionOptions", VpcPeeringConnectionId=identifier, **sides)
    return f"{identifier}/{given['region']}"


JUDGES = [
    Judge("aws:ec2/vpc:Vpc", _make_vpc, _removed("DeleteVpc", "VpcId")),
    Judge("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", _empty_default_group),
    Judge(
        "aws:ec2/subnet:Subnet",
        _made("CreateSubnet", "Subnet.SubnetId", "vpcId", "cidrBlock", "availabilityZone"),
        _removed("DeleteSubnet", "SubnetId"),
    ),
    Judge("aws:ec2/internetGateway:InternetGateway", _make_gateway, _remove_gateway),
    Judge(
        "aws:ec2/routeTable:RouteTable",
        _made("CreateRouteTable", "RouteTable.RouteTableId", "vpcId"),
        _removed("DeleteRouteTable", "RouteTableId"),
    ),
    Judge(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        _made("AssociateRouteTable", "AssociationId", "routeTableId", "subnetId"),
        _removed("DisassociateRouteTable", "AssociationId"),
    ),
    Judge("aws:ec2/route:Route", _make_route, _remove_route),
    Judge("aws:ec2/eip:Eip", _make_address, _removed("ReleaseAddress", "AllocationId")),
    Judge(
        "aws:ec2/natGateway:NatGateway",
        _made("CreateNatGateway", "NatGateway.NatGatewayId", "subnetId", "allocationId"),
        _removed("DeleteNatGateway", "NatGatewayId"),
    ),
    Judge(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        _make_endpoint,
        _removed("DeleteVpcEndpoints", "VpcEndpointIds"),
    ),
    Judge(
        "aws:ec2/managedPrefixList:ManagedPrefixList",
        _make_prefix_list,
        _removed("DeleteManagedPrefixList", "PrefixListId"),
    ),
    Judge("aws:ec2/securityGroup:SecurityGroup", _make_group, _removed("DeleteSecurityGroup", "GroupId")),
    _rule("Ingress"),
    _rule("Egress"),
    Judge(
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        _made(
            "CreateVpcPeeringConnection",
            "VpcPeeringConnection.VpcPeeringConnectionId",
            *("vpcId", "peerVpcId", "peerRegion"),
        ),
        _removed("DeleteVpcPeeringConnection", "VpcPeeringConnectionId"),
    ),
    Judge("aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", _accept),
    Judge("aws:ec2/peeringConnectionOptions:PeeringConnectionOptions", _set_options, None, _set_options),
]
