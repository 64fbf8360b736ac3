"""The hosts of a place on EC2."""

import asyncio
import base64
import json

import pulumi
import pytest

import bicoastal
from bicoastal import Role
from bicoastal.hosts import swarm_hosts as component
from bicoastal.settings import read
from bicoastal.topology import Place
from tests.library.network_plans import side
from tests.library.samples import swarm_hosts, topology

INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
VOLUME = "aws:ebs/volume:Volume"
OUTPUTS = ("docker_host", "manager_addresses", "balancer_addresses", "autoscaling_group_name")


@pytest.fixture
def made(pulumi_mocks):
    def make(**own):
        def program():
            hosts = bicoastal.SwarmHosts("it", swarm_hosts(**own))
            for output in OUTPUTS:
                pulumi.export(output, getattr(hosts, output))

        return pulumi_mocks.run(program, stack="production")

    return make


def named(plan, name):
    return next(resource for resource in plan.resources if resource.name == f"it-{name}")


def user_data(plan, name):
    return base64.b64decode(named(plan, name).inputs["userData"]).decode()


def statements(plan, name):
    return json.loads(named(plan, name).inputs["policy"])["Statement"]


def test_hosts_have_the_addresses_that_the_topology_computes(made):
    place = read(Place, swarm_hosts()["place"], "place")
    plan = made()
    given = [named(plan, f"host-{number}").inputs["privateIp"] for number in range(3)]
    assert given == [place.address(number) for number in range(3)]
    assert plan.exports["manager_addresses"] == ["10.1.192.10", "10.1.192.11", "10.1.0.12"]


def test_a_network_and_the_hosts_in_it_are_one_line_apart(pulumi_mocks):
    places = topology()
    places["regions"][0] |= {"hosts": 3, "zones": 3, "public_hosts": 2}

    def program():
        network = bicoastal.RegionNetwork("net", {"topology": places, "place": "east"})
        bicoastal.SwarmHosts(
            "it",
            {
                "place": places["regions"][0],
                "subnets": network.host_subnets(),
                "security_group_ids": network.groups_of(Role.MANAGER, Role.DATABASE),
                "balancer_security_group_ids": network.groups_of(Role.BALANCER),
                "data_volumes": [{"host": 2, "size_gb": 8}],
                "workers": {"min": 1, "max": 2, "security_group_ids": network.groups_of(Role.WORKER)},
            },
        )

    plan = pulumi_mocks.run(program, stack="production")
    hosts = [named(plan, f"host-{number}").inputs for number in range(3)]
    assert [(host["subnetId"], host["privateIp"]) for host in hosts] == [
        ("<net-public-1.id>", "10.1.192.10"),
        ("<net-public-2.id>", "10.1.208.11"),
        ("<net-private-3.id>", "10.1.128.12"),
    ]
    assert [[side(group) for group in host["vpcSecurityGroupIds"]] for host in hosts] == [
        ["manager", "database", "balancer"],
        ["manager", "database", "balancer"],
        ["manager", "database"],
    ]
    assert len(plan.of_type("aws:ec2/eipAssociation:EipAssociation")) == 2
    assert named(plan, "volume-2").inputs["availabilityZone"] == "us-east-1c"
    assert named(plan, "workers").inputs["vpcZoneIdentifiers"] == [
        f"<net-private-{zone}.id>" for zone in (1, 2, 3)
    ]
    assert [side(one) for one in named(plan, "worker-template").inputs["vpcSecurityGroupIds"]] == ["worker"]


def test_the_hosts_with_a_balancer_are_those_in_public_subnets_and_have_its_groups(made):
    plan = made()
    subnets = [named(plan, f"host-{number}").inputs["subnetId"] for number in range(3)]
    assert subnets == ["subnet-p", "subnet-p", "subnet-a"]
    groups = [named(plan, f"host-{number}").inputs["vpcSecurityGroupIds"] for number in range(3)]
    assert groups == [["sg-hosts", "sg-balancers"], ["sg-hosts", "sg-balancers"], ["sg-hosts"]]


def test_a_witness_has_one_host(made):
    place = {"name": "witness", "region": "us-east-1", "subnet": "10.3.0.0/16"}
    subnets = [{"subnet_id": "subnet-x", "cidr": "10.3.0.0/24", "zone": "us-east-1a"}]
    plan = made(place=place, subnets=subnets, data_volumes=[], workers=None)
    assert len(plan.of_type(INSTANCE)) == 1
    assert plan.exports["manager_addresses"] == ["10.3.0.10"]
    assert plan.exports["balancer_addresses"] == []
    assert plan.exports["autoscaling_group_name"] == ""


@pytest.mark.parametrize(("given", "hops"), [({}, 1), ({"metadata_hops": 2}, 2)])
def test_metadata_are_of_version_2_alone_and_reach_a_container_only_where_that_is_asked_for(
    made, given, hops
):
    templates = made(**given).of_type(TEMPLATE)
    assert len(templates) == 4
    for template in templates:
        options = template.inputs["metadataOptions"]
        assert options["httpTokens"] == "required"
        assert options["httpPutResponseHopLimit"] == hops


def test_every_machine_is_measured_each_minute(made):
    assert [template.inputs["monitoring"] for template in made().of_type(TEMPLATE)] == [{"enabled": True}] * 4


def test_every_disk_is_encrypted_gp3_and_under_the_given_key(made):
    key = "arn:aws:kms:us-east-1:111122223333:key/0f3c"
    plan = made(kms_key_arn=key)
    roots = [t.inputs["blockDeviceMappings"][0]["ebs"] for t in plan.of_type(TEMPLATE)]
    assert len(roots) == 4
    assert all(r["encrypted"] == "true" and r["volumeType"] == "gp3" and r["kmsKeyId"] == key for r in roots)
    (volume,) = plan.of_type(VOLUME)
    assert (volume.inputs["encrypted"], volume.inputs["type"]) == (True, "gp3")
    assert volume.inputs["kmsKeyId"] == key


def test_an_image_is_looked_up_when_a_machine_starts_and_no_newer_one_replaces_a_host(made):
    plan = made()
    images = {t.inputs["imageId"] for t in plan.of_type(TEMPLATE)}
    assert images == {"resolve:ssm:/aws/service/debian/release/13/latest/amd64"}
    for instance in plan.of_type(INSTANCE):
        assert "ami" not in instance.inputs
        assert instance.ignore_changes == ("launchTemplate",)
        assert instance.delete_before_replace is True


def test_a_data_volume_is_protected_and_let_go_by_a_stopped_host(made):
    plan = made()
    assert [v.protect for v in plan.of_type(VOLUME)] == [True]
    attachment = named(plan, "attachment-0").inputs
    assert attachment["stopInstanceBeforeDetaching"] is True
    assert attachment["instanceId"] == "<it-host-0.id>"
    assert not any(v.protect for v in made(protect=False).of_type(VOLUME))


def test_data_volumes_have_a_snapshot_every_day_and_nothing_else_has(made):
    plan = made(snapshot_retention_days=30)
    details = named(plan, "snapshots").inputs["policyDetails"]
    (schedule,) = details["schedules"]
    assert schedule["createRule"]["interval"] == 24
    assert schedule["retainRule"] == {"interval": 30, "intervalUnit": "DAYS"}
    ((mark, swarm),) = details["targetTags"].items()
    assert swarm == "east.production"
    marked = [r.name for r in plan.resources if mark in json.dumps(r.inputs.get("tags"))]
    assert marked == ["it-volume-0"]
    assert "it-snapshots" not in [r.name for r in made(data_volumes=[]).resources]


def test_balancers_have_an_elastic_ip_each(made):
    plan = made()
    assert plan.exports["balancer_addresses"] == [
        "<it-association-0.public_ip>",
        "<it-association-1.public_ip>",
    ]
    assert named(plan, "association-1").inputs["instanceId"] == "<it-host-1.id>"


def test_workers_follow_the_cpu_and_are_counted_when_they_are_warm(made):
    plan = made(workers={"min": 2, "max": 6, "cpu_percent": 50, "warm_up_s": 240})
    group, policy = named(plan, "workers"), named(plan, "worker-scaling")
    assert (group.inputs["minSize"], group.inputs["maxSize"]) == (2, 6)
    assert group.inputs["defaultInstanceWarmup"] == 240
    assert group.inputs["vpcZoneIdentifiers"] == ["subnet-a"]
    assert group.ignore_changes == ("desiredCapacity",)
    tracking = policy.inputs["targetTrackingConfiguration"]
    assert tracking["targetValue"] == 50
    assert tracking["predefinedMetricSpecification"]["predefinedMetricType"] == "ASGAverageCPUUtilization"
    assert policy.inputs["estimatedInstanceWarmup"] == 240
    assert plan.exports["autoscaling_group_name"] == "<it-workers.name>"


def test_a_change_of_the_workers_makes_new_ones_before_it_takes_old_ones_away(made):
    refresh = named(made(), "workers").inputs["instanceRefresh"]
    assert refresh["preferences"]["minHealthyPercentage"] == 100
    assert refresh["preferences"]["maxHealthyPercentage"] > 100


def test_there_may_be_no_workers(made):
    for workers in (None, {"min": 0, "max": 0}):
        assert not [r for r in made(workers=workers).resources if "worker" in r.name]


def test_a_host_may_read_the_parameters_of_its_own_swarm_and_no_others(made):
    plan = made()
    for name in ("manager-policy", "worker-policy"):
        for statement in statements(plan, name):
            for action in statement["Action"]:
                assert "*" not in action
                wide = action.startswith("ssmmessages:") or action == "ssm:UpdateInstanceInformation"
                assert ("*" in statement["Resource"]) == wide, action
    own = "arn:aws:ssm:us-east-1:*:parameter/bicoastal/production/east"
    reads = [s for s in statements(plan, "manager-policy") if "ssm:GetParameter" in s["Action"]]
    assert [s["Resource"] for s in reads] == [[f"{own}/join/*", f"{own}/hosts/*"]]
    assert all("aws:ResourceAccount" in s["Condition"]["StringEquals"] for s in reads)


def test_names_in_a_region_of_another_partition_say_so(made):
    place = {"name": "gov", "region": "us-gov-west-1", "subnet": "10.3.0.0/16"}
    subnet = {"subnet_id": "subnet-x", "cidr": "10.3.0.0/24", "zone": "us-gov-west-1a"}
    plan = made(place=place, subnets=[subnet], workers=None)
    own = "arn:aws-us-gov:ssm:us-gov-west-1:*:parameter/bicoastal/production/gov"
    (reads,) = [s for s in statements(plan, "manager-policy") if "ssm:GetParameter" in s["Action"]]
    assert reads["Resource"] == [f"{own}/join/*", f"{own}/hosts/*"]
    allowed = named(plan, "snapshot-permission").inputs["policyArn"]
    assert allowed == "arn:aws-us-gov:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole"


def test_a_worker_reads_the_workers_token_and_writes_no_parameter(made):
    statement = next(s for s in statements(made(), "worker-policy") if "ssm:GetParameter" in s["Action"])
    assert statement["Action"] == ["ssm:GetParameter"]
    own = "arn:aws:ssm:us-east-1:*:parameter/bicoastal/production/east"
    assert statement["Resource"] == [f"{own}/join/worker"]


def test_a_key_is_used_through_the_parameter_store_only(made):
    key = "arn:aws:kms:us-east-1:111122223333:key/0f3c"
    plan = made(kms_key_arn=key)
    for name in ("manager-policy", "worker-policy"):
        (statement,) = [s for s in statements(plan, name) if s["Resource"] == [key]]
        assert statement["Condition"] == {"StringEquals": {"kms:ViaService": "ssm.us-east-1.amazonaws.com"}}


def test_a_host_may_write_no_logs_since_it_sends_none(made):
    plan = made()
    assert not [
        action
        for name in ("manager-policy", "worker-policy")
        for statement in statements(plan, name)
        for action in statement["Action"]
        if "logs:" in action
    ]
    assert not [resource.name for resource in plan.resources if "logGroup" in resource.type]


def test_a_host_is_told_its_data_volume_when_that_is_known(made):
    plan = made()
    assert "VOLUME='<it-volume-0.id>'" in user_data(plan, "template-0")
    assert "VOLUME=''" in user_data(plan, "template-1")


def test_the_engine_is_named_when_every_host_has_all_that_is_its_own(made):
    plan = made()
    assert plan.exports["docker_host"] == "ssh://deploy@east.production"
    before = {plan.find(urn).name for urn in named(plan, "ready").dependencies}
    wanted = {"host-0", "host-1", "host-2", "attachment-0", "association-0", "association-1"}
    assert before >= {f"it-{name}" for name in wanted}


@pytest.fixture
def hooks(monkeypatch):
    made = []

    class Hook(pulumi.ResourceHook):
        def __init__(self, name, func, opts=None):
            made.append((name, func))
            super().__init__(name, func, opts)

    monkeypatch.setattr(pulumi, "ResourceHook", Hook)
    return made


def test_a_first_up_waits_for_all_managers_before_it_names_the_engine(made, hooks, monkeypatch):
    waits = []
    monkeypatch.setattr(component, "await_engines", lambda *words: waits.append(words))
    made(wait_s=60)
    ((_, hook),) = hooks
    asyncio.run(hook(None))
    ((swarm, options, managers, limit, say),) = waits
    assert (swarm, managers, limit) == ("east.production", 3, 60)
    assert options == bicoastal.swarm_ssh_options("production", "east", "us-east-1")
    assert say is pulumi.log.info


def test_what_names_the_engine_names_the_machines_so_that_another_one_is_waited_for(made):
    described = named(made(), "ready").inputs["description"]
    assert described.endswith(" <it-host-0.id>, <it-host-1.id>, <it-host-2.id>")


def test_a_first_up_need_not_wait(made, hooks):
    made(wait_s=0)
    assert hooks == []


def test_an_existing_swarm_is_adopted_and_nothing_is_made(made):
    existing = {
        "docker_hosts": ["ssh://ops@10.1.0.10", "ssh://ops@10.1.0.11"],
        "balancer_addresses": ["192.0.2.7"],
    }
    plan = made(existing=existing)
    assert [resource.type for resource in plan.resources if resource.custom] == []
    assert plan.exports == {
        "docker_host": "ssh://ops@10.1.0.10",
        "manager_addresses": ["10.1.192.10", "10.1.192.11", "10.1.0.12"],
        "balancer_addresses": ["192.0.2.7"],
        "autoscaling_group_name": "",
    }


def test_an_existing_engine_may_be_reached_by_tls(made):
    plan = made(existing={"docker_hosts": ["tcp://[2001:db8::10]:2376"]})
    assert plan.exports["docker_host"] == "tcp://[2001:db8::10]:2376"


def test_hosts_in_one_zone_while_another_has_none_are_refused(made):
    more = {"subnet_id": "subnet-b", "cidr": "10.1.1.0/24", "zone": "us-east-1b"}
    with pytest.raises(pulumi.InputPropertiesError, match="3 hosts lie in zone us-east-1a"):
        made(subnets=[*swarm_hosts()["subnets"], more])
