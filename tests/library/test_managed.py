"""Postgres as AWS runs it."""

import json
import subprocess
import sys

import pulumi
import pytest

from bicoastal import ManagedPostgres
from bicoastal.database.managed_parameters import SAFE_PARAMETERS, STATIC_PARAMETERS
from bicoastal.plan.record import Secret
from tests.library.samples import PLANTED_SECRET, managed_postgres

BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
SUBNETS = "aws:rds/subnetGroup:SubnetGroup"
KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
EAST_KEY = "arn:aws:kms:us-east-1:123456789012:key/1"
WEST_KEY = "arn:aws:kms:us-west-2:123456789012:key/2"
CHINA = {"primary": "cn-north-1", "replica": "cn-northwest-1"}


def plan(pulumi_mocks, **own):
    return pulumi_mocks.run(lambda: ManagedPostgres("it", managed_postgres(**own)))


def instances(made):
    return [resource(made, f"it-{role}") for role in ("primary", "replica")]


def replica_with(**own):
    return {"replica": {**managed_postgres()["replica"], **own}}


def resource(made, name):
    return next(r for r in made.resources if r.name == name)


def test_the_primary_is_a_protected_postgres_17_in_two_zones(pulumi_mocks):
    primary, _ = instances(plan(pulumi_mocks))
    assert primary.protect
    told = primary.inputs
    assert (told["engine"], told["engineVersion"], told["region"]) == ("postgres", "17", "us-east-1")
    assert told["multiAz"] is True
    assert told["publiclyAccessible"] is False
    assert told["deletionProtection"] is True
    assert told["skipFinalSnapshot"] is False
    assert told["finalSnapshotIdentifier"] == "stack-postgres-us-east-1-final"


def test_storage_is_encrypted_gp3_that_grows(pulumi_mocks):
    for instance in instances(plan(pulumi_mocks, max_allocated_storage_gb=1000)):
        assert instance.inputs["storageType"] == "gp3"
        assert instance.inputs["storageEncrypted"] is True
        assert instance.inputs["maxAllocatedStorage"] == 1000


def test_backups_are_kept_for_30_days_here_and_there_and_outlive_the_database(pulumi_mocks):
    made = plan(pulumi_mocks)
    primary, replica = instances(made)
    assert primary.inputs["backupRetentionPeriod"] == 30
    assert primary.inputs["deleteAutomatedBackups"] is False
    assert primary.inputs["copyTagsToSnapshot"] is True
    (backups,) = made.of_type(BACKUPS)
    assert backups.inputs == {
        "region": "us-west-2",
        "sourceDbInstanceArn": "<it-primary.arn>",
        "kmsKeyId": "<it-replica-key.arn>",
        "retentionPeriod": 30,
    }
    assert backups.protect
    assert replica.inputs["backupRetentionPeriod"] == 7
    assert replica.inputs["deleteAutomatedBackups"] is False


def test_the_replica_has_its_source_and_nothing_that_aws_refuses(pulumi_mocks):
    _, replica = instances(plan(pulumi_mocks))
    assert replica.protect
    told = replica.inputs
    assert told["region"] == "us-west-2"
    assert told["replicateSourceDb"] == "<it-primary.arn>"
    assert told["kmsKeyId"] == "<it-replica-key.arn>"
    assert told["skipFinalSnapshot"] is True
    refused = {"username", "password", "dbName", "engine", "engineVersion", "allocatedStorage"}
    refused |= {"deletionProtection", "finalSnapshotIdentifier", "manageMasterUserPassword"}
    assert not refused & told.keys()


def test_the_replica_waits_for_the_primary(pulumi_mocks):
    primary, replica = instances(plan(pulumi_mocks))
    assert primary.urn in replica.dependencies


def test_a_promoted_replica_has_lost_its_source_and_is_kept_as_a_primary(pulumi_mocks):
    made = plan(pulumi_mocks, **replica_with(promoted=True))
    _, replica = instances(made)
    assert "replicateSourceDb" not in replica.inputs
    assert replica.inputs["deletionProtection"] is True
    assert replica.inputs["finalSnapshotIdentifier"] == "stack-postgres-us-west-2-final"
    assert replica.inputs["backupRetentionPeriod"] >= 1
    assert [r for r in made.of_type(ALARM) if r.inputs["metricName"] == "ReplicaLag"] == []


def test_a_promotion_replaces_nothing(pulumi_mocks):
    def made(promoted):
        return {
            (r.urn, r.inputs.get("region"), r.inputs.get("identifier"), r.inputs.get("kmsKeyId"))
            for r in plan(pulumi_mocks, **replica_with(promoted=promoted)).resources
            if r.type != ALARM
        }

    assert made(True) == made(False)


def test_the_password_is_a_secret_of_the_primary_alone(pulumi_mocks):
    made = plan(pulumi_mocks, password="a-password-in-plain-text")
    primary, _ = instances(made)
    assert primary.inputs["password"] == Secret("a-password-in-plain-text")
    assert "a-password-in-plain-text" not in repr(made.resources)
    assert PLANTED_SECRET not in repr(made.resources)


def test_each_region_has_a_key_that_rotates_and_encrypts_all_there(pulumi_mocks):
    made = plan(pulumi_mocks)
    keys = {r.name: r for r in made.of_type(KEY)}
    assert {name: key.inputs["region"] for name, key in keys.items()} == {
        "it-primary-key": "us-east-1",
        "it-replica-key": "us-west-2",
    }
    assert all(key.protect and key.inputs["enableKeyRotation"] is True for key in keys.values())
    for instance in instances(made):
        own = f"<{instance.name}-key.arn>"
        assert instance.inputs["kmsKeyId"] == instance.inputs["performanceInsightsKmsKeyId"] == own
    assert {r.inputs["name"] for r in made.of_type(ALIAS)} == {
        "alias/stack-postgres-us-east-1",
        "alias/stack-postgres-us-west-2",
    }


def test_a_key_that_is_given_is_used_and_none_is_made(pulumi_mocks):
    made = plan(
        pulumi_mocks,
        primary={**managed_postgres()["primary"], "kms_key_arn": EAST_KEY},
        **replica_with(kms_key_arn=WEST_KEY),
    )
    primary, replica = instances(made)
    assert primary.inputs["kmsKeyId"] == EAST_KEY
    assert replica.inputs["kmsKeyId"] == WEST_KEY
    assert made.of_type(BACKUPS)[0].inputs["kmsKeyId"] == WEST_KEY
    assert made.of_type(KEY) == made.of_type(ALIAS) == []


def test_connections_are_encrypted_in_both_regions_by_the_same_parameters(pulumi_mocks):
    east, west = plan(pulumi_mocks).of_type(PARAMETERS)
    assert {east.inputs["region"], west.inputs["region"]} == {"us-east-1", "us-west-2"}
    assert east.inputs["parameters"] == west.inputs["parameters"]
    told = {p["name"]: p["value"] for p in east.inputs["parameters"]}
    assert told["rds.force_ssl"] == "1"
    assert SAFE_PARAMETERS.items() <= told.items()
    assert told["log_connections"] == "1"
    assert east.inputs["family"] == "postgres17"


def test_a_static_parameter_waits_for_the_restart_and_others_do_not(pulumi_mocks):
    made = plan(pulumi_mocks, parameters={"max_connections": "300", "work_mem": "8192"})
    methods = {p["name"]: p["applyMethod"] for p in made.of_type(PARAMETERS)[0].inputs["parameters"]}
    assert methods["max_connections"] == methods["shared_preload_libraries"] == "pending-reboot"
    assert methods["work_mem"] == methods["rds.force_ssl"] == "immediate"
    assert {name for name, method in methods.items() if method == "pending-reboot"} <= STATIC_PARAMETERS


def test_a_parameter_of_the_user_wins_over_a_usual_one(pulumi_mocks):
    made = plan(pulumi_mocks, parameters={"log_min_duration_statement": "250"})
    told = {p["name"]: p["value"] for p in made.of_type(PARAMETERS)[0].inputs["parameters"]}
    assert told["log_min_duration_statement"] == "250"


def test_a_major_version_has_a_group_of_its_own_that_is_made_first(pulumi_mocks):
    groups = plan(pulumi_mocks, engine_version="16").of_type(PARAMETERS)
    assert {g.inputs["name"] for g in groups} == {
        "stack-postgres-us-east-1-postgres16",
        "stack-postgres-us-west-2-postgres16",
    }
    assert all(g.inputs["family"] == "postgres16" and g.delete_before_replace is False for g in groups)


def test_each_instance_is_in_its_own_regions_subnets_and_groups(pulumi_mocks):
    made = plan(pulumi_mocks)
    primary, replica = instances(made)
    subnets = {r.inputs["region"]: r.inputs["subnetIds"] for r in made.of_type(SUBNETS)}
    assert subnets == {"us-east-1": ["subnet-0a", "subnet-0b"], "us-west-2": ["subnet-1a", "subnet-1b"]}
    assert primary.inputs["vpcSecurityGroupIds"] == ["sg-0e"]
    assert replica.inputs["vpcSecurityGroupIds"] == ["sg-1e"]
    for instance, role in ((primary, "primary"), (replica, "replica")):
        assert resource(made, f"it-{role}-subnets").urn in instance.dependencies
        assert resource(made, f"it-{role}-parameters").urn in instance.dependencies


def test_subnets_may_become_known_later(pulumi_mocks):
    def program():
        later = pulumi.Output.from_input(["subnet-0a", "subnet-0b"])
        primary = {**managed_postgres()["primary"], "subnet_ids": later}
        ManagedPostgres("it", managed_postgres(primary=primary))

    made = pulumi_mocks.run(program)
    assert resource(made, "it-primary-subnets").inputs["subnetIds"] == ["subnet-0a", "subnet-0b"]


def test_the_operating_system_is_monitored_once_the_role_may_write(pulumi_mocks):
    made = plan(pulumi_mocks, monitoring_interval_s=15)
    policy, role = resource(made, "it-monitoring-policy"), resource(made, "it-monitoring-role")
    assert policy.inputs["policyArn"].endswith("service-role/AmazonRDSEnhancedMonitoringRole")
    trust = json.loads(role.inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    for instance in instances(made):
        assert instance.inputs["monitoringInterval"] == 15
        assert instance.inputs["monitoringRoleArn"] == "<it-monitoring-role.arn>"
        assert policy.urn in instance.dependencies


def test_names_in_regions_of_another_partition_say_so(pulumi_mocks):
    north, northwest = ({**managed_postgres()[one], "region": region} for one, region in CHINA.items())
    topics = {
        f"{one}_topic_arns": [f"arn:aws-cn:sns:{region}:123456789012:on-call"]
        for one, region in CHINA.items()
    }
    made = plan(pulumi_mocks, primary=north, replica=northwest, alarms=topics)
    policy = resource(made, "it-monitoring-policy").inputs["policyArn"]
    assert policy == "arn:aws-cn:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"


def test_insights_and_logs_are_on(pulumi_mocks):
    for instance in instances(plan(pulumi_mocks)):
        assert instance.inputs["performanceInsightsEnabled"] is True
        assert instance.inputs["enabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]


def test_logs_are_kept_for_30_days_in_groups_that_are_there_before_the_databases(pulumi_mocks):
    made = plan(pulumi_mocks)
    groups = {(r.inputs["region"], r.inputs["name"]): r for r in made.of_type(LOG_GROUP)}
    assert groups.keys() == {
        (region, f"/aws/rds/instance/stack-postgres-{region}/{log}")
        for region in ("us-east-1", "us-west-2")
        for log in ("postgresql", "upgrade")
    }
    assert {group.inputs["retentionInDays"] for group in groups.values()} == {30}
    assert not any(group.protect for group in groups.values())
    for instance in instances(made):
        told = instance.inputs
        for log in told["enabledCloudwatchLogsExports"]:
            group = groups[told["region"], f"/aws/rds/instance/{told['identifier']}/{log}"]
            assert group.urn in instance.dependencies


def test_logs_may_be_kept_for_longer(pulumi_mocks):
    groups = plan(pulumi_mocks, log_retention_days=365).of_type(LOG_GROUP)
    assert {group.inputs["retentionInDays"] for group in groups} == {365}


def test_the_replica_is_maintained_before_the_primary(pulumi_mocks):
    primary, replica = instances(plan(pulumi_mocks))
    assert primary.inputs["maintenanceWindow"] == "sun:05:00-sun:06:00"
    assert replica.inputs["maintenanceWindow"] == "sat:05:00-sat:06:00"


@pytest.mark.parametrize(
    ("backup", "maintenance"),
    [
        ("03:00-05:00", "sun:05:00-sun:06:00"),
        ("06:00-07:00", "sun:05:00-sun:06:00"),
        ("23:00-00:30", "sun:00:30-sun:01:30"),
        ("01:00-02:00", "sat:23:30-sun:01:00"),
    ],
)
def test_windows_that_touch_do_not_overlap(pulumi_mocks, backup, maintenance):
    primary = {**managed_postgres()["primary"], "maintenance_window": maintenance}
    replica = {**managed_postgres()["replica"], "maintenance_window": "wed:12:00-wed:13:00"}
    assert plan(pulumi_mocks, backup_window=backup, primary=primary, replica=replica).resources


@pytest.mark.parametrize(
    ("backup", "maintenance"),
    [
        ("05:59-06:30", "sun:05:00-sun:06:00"),
        ("04:00-05:01", "sun:05:00-sun:06:00"),
        ("05:15-05:45", "sun:05:00-sun:06:00"),
        ("23:30-00:30", "sat:23:45-sun:00:15"),
        ("00:15-00:45", "sat:23:45-sun:00:30"),
    ],
)
def test_windows_that_overlap_are_refused(pulumi_mocks, backup, maintenance):
    primary = {**managed_postgres()["primary"], "maintenance_window": maintenance}
    with pytest.raises(pulumi.InputPropertiesError, match="overlaps the backup window"):
        plan(pulumi_mocks, backup_window=backup, primary=primary)


def test_iam_authentication_is_as_declared(pulumi_mocks):
    for declared in (True, False):
        for instance in instances(plan(pulumi_mocks, iam_authentication=declared)):
            assert instance.inputs["iamDatabaseAuthenticationEnabled"] is declared


def test_alarms_tell_the_topics_of_their_own_region(pulumi_mocks):
    alarms = {r.name: r.inputs for r in plan(pulumi_mocks).of_type(ALARM)}
    assert {name: (told["metricName"], told["region"]) for name, told in alarms.items()} == {
        "it-primary-cpu": ("CPUUtilization", "us-east-1"),
        "it-primary-storage": ("FreeStorageSpace", "us-east-1"),
        "it-replica-cpu": ("CPUUtilization", "us-west-2"),
        "it-replica-storage": ("FreeStorageSpace", "us-west-2"),
        "it-replica-lag": ("ReplicaLag", "us-west-2"),
    }
    for told in alarms.values():
        assert told["alarmActions"] == [f"arn:aws:sns:{told['region']}:123456789012:on-call"]
    assert alarms["it-primary-storage"]["threshold"] == 10 << 30
    assert alarms["it-primary-storage"]["comparisonOperator"] == "LessThanThreshold"
    assert alarms["it-primary-cpu"]["comparisonOperator"] == "GreaterThanThreshold"
    assert alarms["it-primary-cpu"]["dimensions"] == {"DBInstanceIdentifier": "stack-postgres-us-east-1"}
    assert alarms["it-replica-lag"]["threshold"] == 300
    assert alarms["it-replica-lag"]["treatMissingData"] == "breaching"


def test_without_topics_there_is_no_alarm(pulumi_mocks):
    assert plan(pulumi_mocks, alarms=None).of_type(ALARM) == []


def test_nothing_is_protected_where_that_is_declared(pulumi_mocks):
    made = plan(pulumi_mocks, protect=False, deletion_protection=False)
    assert not any(r.protect for r in made.resources)
    assert instances(made)[0].inputs["deletionProtection"] is False


def test_the_outputs_say_that_promotion_is_manual_and_how_long_it_takes(pulumi_mocks):
    def program():
        made = ManagedPostgres("it", managed_postgres(manual_promotion_minutes=30, failover_limit_s=1805))
        pulumi.export("promotion", made.promotion)
        pulumi.export("budget", made.failover_budget)
        pulumi.export("replica", made.replica_endpoint)

    told = pulumi_mocks.run(program).exports
    assert told == {
        "promotion": "manual",
        "budget": {
            "promotion_s": 1800,
            "promotion_average_s": 1800,
            "reconnection_s": 5,
            "reconnection_average_s": 5,
            "total_s": 1805,
            "total_average_s": 1805,
            "limit_s": 1805,
        },
        "replica": "<it-replica.endpoint>",
    }


def test_two_minutes_are_refused_and_the_error_says_what_would_meet_them(pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError) as error:
        plan(pulumi_mocks, failover_limit_s=None)
    text = str(error.value)
    assert "promotion (by hand" in text
    assert "worst case 905 s, limit 120 s" in text
    assert "PostgresMember under Patroni" in text
    assert "failover_limit_s" in text


def test_a_replicas_password_is_refused_with_the_reason_and_not_shown(pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError) as error:
        plan(pulumi_mocks, **replica_with(password="a-password-in-plain-text"))
    assert "it has the primary's users" in str(error.value)
    assert "a-password-in-plain-text" not in str(error.value)


def test_it_needs_no_sdk_but_that_of_aws():
    program = (
        "import sys; sys.modules['pulumi_docker'] = None; sys.modules['pulumi_cloudflare'] = None; "
        "from bicoastal import ManagedPostgres; print(ManagedPostgres.__name__)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "ManagedPostgres"
