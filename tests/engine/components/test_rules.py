"""What the stand-ins refuse: a ring in which nothing can be refused would prove nothing."""

import grpc
import pytest
from google.protobuf import struct_pb2
from moto import mock_aws
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from bicoastal.testing.stand_ins import Refused, StandIn, serve, stand_in_for

pytestmark = pytest.mark.engine

PLACE = {"region": "us-east-1"}
REPLICATION = {
    "role": "arn:aws:iam::123456789012:role/r",
    "rules": [{"id": "a", "status": "Enabled", "destination": {"bucket": "arn:aws:s3:::copy"}}],
}
RECORD = {"zoneId": "zone", "name": "api.example.com", "type": "A", "content": "192.0.2.1", "ttl": 60}
LIMITS = {"zoneId": "zone", "kind": "zone", "name": "limits", "phase": "http_ratelimit"}
MONITOR = {"accountId": "a", "interval": 60, "timeout": 5}


@pytest.fixture
def account():
    with mock_aws():
        yield stand_in_for("aws").cloud


@pytest.fixture
def edge():
    cloud = stand_in_for("cloudflare").cloud
    cloud.known_zones.add("zone")
    return cloud


def made(cloud, name, properties):
    """Makes it and keeps it, as a plugin does."""
    token = next(token for token in cloud.kinds if token.endswith(name))
    identifier, computed = cloud.make(token, properties)
    cloud.keep(token, identifier, {**computed, **properties})
    return identifier


def test_aws_replicates_no_bucket_before_both_have_versions(account):
    for name in ("media", "copy"):
        made(account, "Bucket", {"bucket": name, **PLACE})
    with pytest.raises(Refused, match=r"Versioning must be 'Enabled'|must have versioning enabled"):
        made(account, "BucketReplicationConfig", {"bucket": "media", **REPLICATION, **PLACE})
    for name in ("media", "copy"):
        enabled = {"versioningConfiguration": {"status": "Enabled"}}
        made(account, "BucketVersioning", {"bucket": name, **enabled, **PLACE})
    made(account, "BucketReplicationConfig", {"bucket": "media", **REPLICATION, **PLACE})


def test_aws_wants_subnets_apart_and_within_their_network(account):
    vpc = made(account, "Vpc", {"cidrBlock": "10.1.0.0/16", **PLACE})
    subnet = {"vpcId": vpc, "availabilityZone": "us-east-1a", **PLACE}
    made(account, "Subnet", {**subnet, "cidrBlock": "10.1.0.0/24"})
    with pytest.raises(Refused, match=r"conflicts with another subnet"):
        made(account, "Subnet", {**subnet, "cidrBlock": "10.1.0.128/25"})
    with pytest.raises(Refused, match=r"InvalidSubnet\.Range"):
        made(account, "Subnet", {**subnet, "cidrBlock": "10.2.0.0/24"})


def test_aws_wants_a_group_that_a_rule_refers_to(account):
    vpc = made(account, "Vpc", {"cidrBlock": "10.1.0.0/16", **PLACE})
    group = made(account, "SecurityGroup", {"name": "api", "description": "api", "vpcId": vpc, **PLACE})
    rule = {"securityGroupId": group, "ipProtocol": "tcp", "fromPort": 80, "toPort": 80, **PLACE}
    with pytest.raises(Refused, match=r"InvalidGroup\.NotFound"):
        made(account, "SecurityGroupIngressRule", {**rule, "referencedSecurityGroupId": "sg-gone"})


def test_aws_knows_no_property_that_its_model_lacks(account):
    with pytest.raises(Refused, match="Unknown parameter"):
        made(account, "rds/instance:Instance", {"identifier": "shop", "engineMode": "fast", **PLACE})


def test_aws_takes_no_tag_for_a_cost_allocation_tag_that_was_on_no_bill(account):
    with pytest.raises(Refused, match="Tag keys not found: environment"):
        made(account, "CostAllocationTag", {"tagKey": "environment", "status": "Active"})


def test_aws_makes_the_groups_for_a_databases_logs_where_nobody_has(account):
    size = {"instanceClass": "db.m7g.large", "allocatedStorage": 20, "engine": "postgres"}
    admin = {"username": "shop", "password": "correct-horse-battery"}
    exports = {"identifier": "shop", "enabledCloudwatchLogsExports": ["postgresql"]}
    made(account, "rds/instance:Instance", {**size, **admin, **exports, **PLACE})
    with pytest.raises(Refused, match="ResourceAlreadyExists"):
        made(account, "LogGroup", {"name": "/aws/rds/instance/shop/postgresql", **PLACE})


@pytest.mark.parametrize(
    ("name", "properties", "answer"),
    [
        ("DnsRecord", {**RECORD, "proxied": True}, "ttl must be set to 1 when proxied is true"),
        ("DnsRecord", {**RECORD, "ttl": 30}, "between 60 and 86400"),
        ("DnsRecord", {**RECORD, "zoneId": "gone"}, "no such zone"),
        ("DnsRecord", RECORD, "identical record"),
        ("DnsRecord", {**RECORD, "type": "CNAME", "content": "elsewhere.example"}, "81053"),
        ("Ruleset", {**LIMITS, "name": "more limits"}, "20217"),
        ("LoadBalancerMonitor", {**MONITOR, "interval": 10}, r"interval is not in range \[15, 3600\]"),
        ("LoadBalancerPool", {"accountId": "a", "monitor": "gone"}, "there is no LoadBalancerMonitor"),
        ("LoadBalancer", {"zoneId": "zone", "defaultPools": ["gone"]}, "there is no LoadBalancerPool"),
        ("WorkersRoute", {"zoneId": "zone", "script": "gone"}, "there is no worker"),
    ],
)
def test_the_edge_refuses(edge, name, properties, answer):
    made(edge, "DnsRecord", RECORD)
    made(edge, "Ruleset", LIMITS)
    with pytest.raises(Refused, match=answer):
        made(edge, name, properties)


EVERYWHERE = {"name": "shop_app", "mode": {"global": True}}


def test_docker_converges_no_tasks_that_run_on_every_host_and_changes_no_mode():
    swarm = stand_in_for("docker").cloud
    with pytest.raises(Refused, match="conflicts with mode"):
        made(swarm, "Service", {**EVERYWHERE, "convergeConfig": {"timeout": "3m"}})
    made(swarm, "Service", EVERYWHERE)
    (service,) = swarm.of("docker:index/service:Service")
    with pytest.raises(Refused, match="mode change is not allowed"):
        swarm.change(service, {**EVERYWHERE, "mode": {"replicated": {"replicas": 2}}}, {"mode"})


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("api.example.com/tiles?z=*", "invalid route pattern"),
        ("api.example.com/*/tiles", "invalid route pattern"),
        ("api.*.example.com/", "invalid route pattern"),
        ("ws://api.example.com/*", "invalid route pattern"),
        ("api.badexample.com/*", "must include the zone"),
        ("https://*.example.com/tiles/*", "the same pattern already exists"),
    ],
)
def test_the_edge_takes_no_route_but_one_of_its_own_grammar(edge, pattern, answer):
    zone = made(edge, "Zone", {"account": {"id": "a"}, "name": "example.com"})
    worker = made(edge, "Worker", {"accountId": "a", "name": "tiles"})
    version = made(edge, "WorkerVersion", {"accountId": "a", "workerId": worker})
    shares = [{"versionId": version, "percentage": 100}]
    made(edge, "WorkersDeployment", {"accountId": "a", "scriptName": "tiles", "versions": shares})
    route = {"zoneId": zone, "script": "tiles"}
    made(edge, "WorkersRoute", {**route, "pattern": "https://*.example.com/tiles/*"})
    with pytest.raises(Refused, match=answer):
        made(edge, "WorkersRoute", {**route, "pattern": pattern})


def test_a_plugin_fails_with_the_refusals_own_words(edge):
    properties = struct_pb2.Struct()
    properties.update({**RECORD, "proxied": True})
    with (
        serve(StandIn("cloudflare", "6.0.0", edge)) as port,
        grpc.insecure_channel(f"127.0.0.1:{port}") as to,
    ):
        asked = provider_pb2.CreateRequest(
            urn="urn:pulumi:it::it::DnsRecord::api",
            type="cloudflare:index/dnsRecord:DnsRecord",
            properties=properties,
        )
        plugin = provider_pb2_grpc.ResourceProviderStub(to)
        with pytest.raises(grpc.RpcError, match="api: 9021: ttl must be set to 1 when proxied is true"):
            plugin.Create(asked)
    assert not edge.objects


def test_the_edge_keeps_what_is_in_use(edge):
    monitor = made(edge, "LoadBalancerMonitor", MONITOR)
    made(edge, "LoadBalancerPool", {"accountId": "a", "monitor": monitor})
    with pytest.raises(Refused, match="in use"):
        edge.remove(edge.objects["cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor", monitor])
