"""What docs/first-deploy.md tells people to run for production, run as far as it needs no account."""

import ipaddress
import json
import re
import shutil
import subprocess
from fnmatch import fnmatch

import pytest
from cryptography import x509

from bicoastal.cache import redis_nodes
from bicoastal.cli.planned import planned as planned_whole
from bicoastal.database import voters
from bicoastal.stack.configuration import KEYS, PASSWORDS
from bicoastal.stack.parts import certified_members
from bicoastal.twin.project import Project
from tests.infra.environments import ROOT, planned, read, tracked

CERTIFICATES, SECRETS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/first-deploy.md").read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder in which the certificates were made."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("certificates")
    subprocess.run(["bash", "-euc", CERTIFICATES], cwd=folder, check=True, capture_output=True)
    return folder


def names_in(certificate):
    """The names and addresses that a certificate is for."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in names}


def test_every_member_gets_a_certificate_for_its_hosts_address_and_the_name_that_clients_dial(folder):
    stack = read(planned("production")).stack
    expected = {
        **{voter.name: {voter.address, "postgres"} for voter in voters(stack.topology)},
        **{member.name: {member.address, "postgres"} for member in stack.database.members(stack.topology)},
        **{node.name: {node.address, "redis"} for node in redis_nodes(stack.topology)},
        **{f"{region.name}-nginx": {"nginx"} for region in stack.topology.regions},
        **{
            f"{place.name}-monitor": {"monitor", *(place.address(host) for host in range(place.hosts))}
            for place in stack.topology.places
        },
    }
    assert set(expected) == set(certified_members(stack.topology, stack.database, monitored=True))
    authority = x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())
    for member, names in expected.items():
        certificate = x509.load_pem_x509_certificate((folder / f"{member}.pem").read_bytes())
        certificate.verify_directly_issued_by(authority)
        assert names_in(certificate) == names | {"127.0.0.1", "localhost"}, member
        assert (folder / f"{member}.key").stat().st_mode & 0o777 == 0o600


def test_the_edges_certificate_comes_from_an_authority_of_its_own(folder):
    authority = x509.load_pem_x509_certificate((folder / "origin-pull-authority.pem").read_bytes())
    certificate = x509.load_pem_x509_certificate((folder / "origin-pull.pem").read_bytes())
    certificate.verify_directly_issued_by(authority)


def test_what_is_made_is_put_where_the_program_reads_it():
    members = re.search(r"for member in (.*?); do", SECRETS, re.DOTALL)[1].replace("\\", "").split()
    names = re.findall(r"for name in (.*?); do", SECRETS, re.DOTALL)
    passwords, keys = (each.replace("\\", "").split() for each in names)
    stack = read(planned("production")).stack
    assert sorted(members) == sorted(certified_members(stack.topology, stack.database, monitored=True))
    assert sorted(passwords) == sorted(PASSWORDS)
    assert sorted(keys) == sorted(KEYS)
    put = set(re.findall(r"put --(?:secret|plaintext) (smellpin:\w+)", SECRETS))
    assert put <= set(tracked("production"))


def test_the_addresses_are_private():
    addresses = re.findall(r"IP:([\d.]+)", CERTIFICATES)
    assert len(addresses) > 10
    assert all(ipaddress.ip_address(address).is_private for address in addresses)


CREATES = {
    "autoscaling/group": "autoscaling:CreateAutoScalingGroup",
    "autoscaling/policy": "autoscaling:PutScalingPolicy",
    "budgets/budget": "budgets:ModifyBudget",
    "cloudwatch/logGroup": "logs:CreateLogGroup",
    "cloudwatch/metricAlarm": "cloudwatch:PutMetricAlarm",
    "costexplorer/anomalyMonitor": "ce:CreateAnomalyMonitor",
    "costexplorer/anomalySubscription": "ce:CreateAnomalySubscription",
    "dlm/lifecyclePolicy": "dlm:CreateLifecyclePolicy",
    "ebs/volume": "ec2:CreateVolume",
    "ec2/defaultSecurityGroup": "ec2:RevokeSecurityGroupIngress",
    "ec2/eip": "ec2:AllocateAddress",
    "ec2/eipAssociation": "ec2:AssociateAddress",
    "ec2/flowLog": "ec2:CreateFlowLogs",
    "ec2/instance": "ec2:RunInstances",
    "ec2/internetGateway": "ec2:CreateInternetGateway",
    "ec2/launchTemplate": "ec2:CreateLaunchTemplate",
    "ec2/managedPrefixList": "ec2:CreateManagedPrefixList",
    "ec2/natGateway": "ec2:CreateNatGateway",
    "ec2/peeringConnectionOptions": "ec2:ModifyVpcPeeringConnectionOptions",
    "ec2/route": "ec2:CreateRoute",
    "ec2/routeTable": "ec2:CreateRouteTable",
    "ec2/routeTableAssociation": "ec2:AssociateRouteTable",
    "ec2/securityGroup": "ec2:CreateSecurityGroup",
    "ec2/subnet": "ec2:CreateSubnet",
    "ec2/subnetCidrReservation": "ec2:CreateSubnetCidrReservation",
    "ec2/volumeAttachment": "ec2:AttachVolume",
    "ec2/vpc": "ec2:CreateVpc",
    "ec2/vpcEndpoint": "ec2:CreateVpcEndpoint",
    "ec2/vpcPeeringConnection": "ec2:CreateVpcPeeringConnection",
    "ec2/vpcPeeringConnectionAccepter": "ec2:AcceptVpcPeeringConnection",
    "iam/instanceProfile": "iam:AddRoleToInstanceProfile",
    "iam/role": "iam:CreateRole",
    "iam/rolePolicy": "iam:PutRolePolicy",
    "iam/rolePolicyAttachment": "iam:AttachRolePolicy",
    "kms/alias": "kms:CreateAlias",
    "kms/key": "kms:CreateKey",
    "s3/bucket": "s3:CreateBucket",
    "s3/bucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3/bucketObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
    "s3/bucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3/bucketPolicy": "s3:PutBucketPolicy",
    "s3/bucketPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3/bucketReplicationConfig": "s3:PutReplicationConfiguration",
    "s3/bucketServerSideEncryptionConfiguration": "s3:PutEncryptionConfiguration",
    "s3/bucketVersioning": "s3:PutBucketVersioning",
    "ssm/parameter": "ssm:PutParameter",
    "vpc/securityGroupEgressRule": "ec2:AuthorizeSecurityGroupEgress",
    "vpc/securityGroupIngressRule": "ec2:AuthorizeSecurityGroupIngress",
}
"""What AWS asks of whoever makes one."""
POLICY = json.loads((ROOT / "docs/deploy-policy.json").read_text())["Statement"]


def listed(value):
    """One or several, as a list."""
    return value if isinstance(value, list) else [value]


def test_the_deploying_role_may_make_what_is_planned():
    plan = planned_whole(Project.find(ROOT), "production").plan
    kinds = {r.type.split(":")[1] for r in plan.resources if r.type.startswith("aws:")}
    allowed = [action for statement in POLICY for action in listed(statement["Action"])]
    needed = {CREATES[kind] for kind in kinds}
    assert len(needed) > 40
    assert {action for action in needed if not any(fnmatch(action, one) for one in allowed)} == set()


def test_the_deploying_role_may_do_nothing_at_large():
    for statement in POLICY:
        changes = [action for action in listed(statement["Action"]) if not action.endswith(":Describe*")]
        assert not any(re.fullmatch(r".*:\*|\*", action) for action in changes)
        unlimited = listed(statement["Resource"]) == ["*"] and "Condition" not in statement
        assert not unlimited or statement["Sid"] == "Costs"
    assert len(json.dumps(POLICY, separators=(",", ":"))) < 10_240


def test_roles_are_made_and_passed_under_the_stacks_own_names_alone():
    of_iam = [s for s in POLICY if any(action.startswith("iam:") for action in listed(s["Action"]))]
    named = {resource.rpartition("/")[2] for s in of_iam for resource in listed(s["Resource"])}
    assert named == {"smellpin-*", "*"}
    (at_large,) = [s for s in of_iam if s["Resource"] == "*"]
    assert at_large["Action"] == ["iam:CreateServiceLinkedRole"]
