"""Buckets that replicate each other, and what their policies, lifecycles and alarms say."""

import json
from typing import Any

import pulumi
import pytest

from bicoastal import RegionalBucket, ReplicatedBucket, StorageClass
from tests.library.arguments import ARGUMENTS
from tests.library.samples import ACCOUNT, sides

EAST, WEST = "us-east-1", "us-west-2"
EAST_BUCKET, WEST_BUCKET = f"arn:aws:s3:::shop-media-{EAST}", f"arn:aws:s3:::shop-media-{WEST}"
BOTH = (EAST, WEST)


def of_type(plan: Any, token: str) -> dict[str, Any]:
    """The resources of a type by their name, without the component's."""
    return {
        r.name.removeprefix("it-").removeprefix("buckets-"): r
        for r in plan.resources
        if r.type.endswith(f":{token}")
    }


def statements(policy: str) -> dict[str, dict[str, Any]]:
    """A policy's statements by their id."""
    return {statement["Sid"]: statement for statement in json.loads(policy)["Statement"]}


@pytest.fixture
def replicated(pulumi_mocks):
    """The plan of a replicated bucket."""

    def made(**own):
        args = {**ARGUMENTS["ReplicatedBucket"](), **own}
        return pulumi_mocks.run(lambda: ReplicatedBucket("it", args))

    return made


def outputs(plan: Any, component: str) -> Any:
    return plan.of_type(f"bicoastal:index:{component}")[0].outputs


def test_each_side_is_in_its_own_region(replicated):
    plan = replicated()
    for region in BOTH:
        here = [r for r in plan.resources if r.name.startswith(f"it-{region}-") and "region" in r.inputs]
        assert {r.inputs["region"] for r in here} == {region}
        assert len(here) > 10


def test_a_bucket_keeps_versions_and_is_never_emptied(replicated):
    plan = replicated()
    for region in BOTH:
        bucket = of_type(plan, "Bucket")[f"{region}-bucket"].inputs
        assert bucket["bucket"] == f"shop-media-{region}"
        assert bucket["forceDestroy"] is False
        versioning = of_type(plan, "BucketVersioning")[f"{region}-versioning"].inputs
        assert versioning["versioningConfiguration"] == {"status": "Enabled"}


def test_no_object_has_another_owner_and_none_is_public(replicated):
    plan = replicated()
    for region in BOTH:
        ownership = of_type(plan, "BucketOwnershipControls")[f"{region}-ownership"].inputs
        assert ownership["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
        block = of_type(plan, "BucketPublicAccessBlock")[f"{region}-public-access"].inputs
        switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        assert all(block[switch] is True for switch in switches)


def test_the_default_encryption_is_the_regions_own_key_by_a_bucket_key(replicated):
    plan = replicated()
    for region in BOTH:
        (rule,) = of_type(plan, "BucketServerSideEncryptionConfiguration")[f"{region}-encryption"].inputs[
            "rules"
        ]
        assert rule == {
            "applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": f"<it-{region}-key.arn>",
            },
            "bucketKeyEnabled": True,
        }


def test_a_key_turns_and_can_be_called_back_and_has_a_name(replicated):
    plan = replicated(key_deletion_days=14)
    for region in BOTH:
        key = of_type(plan, "Key")[f"{region}-key"].inputs
        assert key["enableKeyRotation"] is True
        assert key["deletionWindowInDays"] == 14
        alias = of_type(plan, "Alias")[f"{region}-alias"].inputs
        assert alias["name"] == f"alias/shop-media-{region}"
        assert alias["targetKeyId"] == f"<it-{region}-key.key_id>"


def test_an_alias_holds_no_dot(replicated):
    plan = replicated(sides=sides(bucket="shop.media"))
    assert of_type(plan, "Alias")[f"{EAST}-alias"].inputs["name"] == f"alias/shop-media-{EAST}"


def test_who_administers_a_key_may_not_use_it_and_it_is_used_for_its_bucket_only(replicated):
    said = statements(of_type(replicated(), "Key")[f"{EAST}-key"].inputs["policy"])
    account = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert {statement["Effect"] for statement in said.values()} == {"Allow"}
    assert all(statement["Principal"] == account for statement in said.values())
    administers = said["AdministeredByTheAccount"]["Action"]
    assert "kms:PutKeyPolicy" not in administers
    assert "kms:Put*" in administers, "or the key could never be changed"
    uses = ("crypt", "GenerateDataKey", "CreateGrant", "kms:*", "Sign")
    assert not [action for action in administers if any(use in action for use in uses)]
    used = said["UsedThroughS3ForThisBucket"]
    assert used["Action"] == ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"]
    assert used["Condition"] == {
        "StringEquals": {"kms:ViaService": f"s3.{EAST}.amazonaws.com", "kms:CallerAccount": ACCOUNT},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [EAST_BUCKET, f"{EAST_BUCKET}/*"]},
    }


def test_whoever_comes_without_tls_12_is_refused_everything(replicated):
    plan = replicated()
    policy = of_type(plan, "BucketPolicy")[f"{EAST}-policy"]
    said = statements(policy.inputs["policy"])
    for statement in said.values():
        assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
        assert statement["Resource"] == [EAST_BUCKET, f"{EAST_BUCKET}/*"]
    assert said["OnlyTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert said["OnlyTls12"]["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}
    assert of_type(plan, "BucketPublicAccessBlock")[f"{EAST}-public-access"].urn in policy.dependencies


def test_a_sides_own_statements_join_ours(replicated):
    both = sides()
    both[0]["policy_statements"] = [{"Sid": "Mine", "Effect": "Allow", "Action": ["s3:GetObject"]}]
    plan = replicated(sides=both)
    assert list(statements(of_type(plan, "BucketPolicy")[f"{EAST}-policy"].inputs["policy"])) == [
        *("OnlyTls", "OnlyTls12", "Mine")
    ]
    assert "Mine" not in of_type(plan, "BucketPolicy")[f"{WEST}-policy"].inputs["policy"]


def test_the_lifecycle_is_the_same_on_both_sides_and_removes_no_current_object(replicated):
    lifecycle = [
        {"prefix": "media/", "noncurrent_days": 40, "newer_noncurrent_versions": 3},
        {
            "prefix": "old/",
            "transitions": [
                {"storage_class": StorageClass.STANDARD_IA, "days": 30},
                {"storage_class": "GLACIER", "days": 60},
            ],
        },
    ]
    plan = replicated(lifecycle=lifecycle, incomplete_upload_days=3)
    declared = [of_type(plan, "BucketLifecycleConfiguration")[f"{region}-lifecycle"] for region in BOTH]
    east, west = (configuration.inputs["rules"] for configuration in declared)
    assert east == west
    uploads, media, old = east
    assert uploads["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 3}
    assert uploads["filter"] == {"prefix": ""}
    assert media["filter"] == {"prefix": "media/"}
    assert media["noncurrentVersionExpiration"] == {"noncurrentDays": 40, "newerNoncurrentVersions": 3}
    assert old["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert old["transitions"] == [
        {"storageClass": "STANDARD_IA", "days": 30},
        {"storageClass": "GLACIER", "days": 60},
    ]
    assert all(rule.get("expiration", {}) in ({}, {"expiredObjectDeleteMarker": True}) for rule in east)
    assert all(rule["status"] == "Enabled" for rule in east)
    assert of_type(plan, "BucketVersioning")[f"{EAST}-versioning"].urn in declared[0].dependencies


def test_each_source_has_one_replication_of_everything_within_15_minutes(replicated):
    plan = replicated()
    assert len(of_type(plan, "BucketReplicationConfig")) == 2
    for source, destination in (BOTH, BOTH[::-1]):
        config = of_type(plan, "BucketReplicationConfig")[f"{source}-replication"].inputs
        assert config["bucket"] == f"shop-media-{source}"
        assert config["role"] == f"<it-{source}-role.arn>"
        (rule,) = config["rules"]
        assert (rule["status"], rule["filter"]) == ("Enabled", {"prefix": ""})
        assert rule["deleteMarkerReplication"] == {"status": "Enabled"}
        assert rule["sourceSelectionCriteria"] == {
            "sseKmsEncryptedObjects": {"status": "Enabled"},
            "replicaModifications": {"status": "Enabled"},
        }
        assert rule["destination"] == {
            "bucket": f"arn:aws:s3:::shop-media-{destination}",
            "encryptionConfiguration": {"replicaKmsKeyId": f"<it-{destination}-key.arn>"},
            "replicationTime": {"status": "Enabled", "time": {"minutes": 15}},
            "metrics": {"status": "Enabled", "eventThreshold": {"minutes": 15}},
        }


def test_both_sides_keep_versions_and_the_role_may_act_before_either_replicates(replicated):
    plan = replicated(object_lock={"mode": "GOVERNANCE", "days": 1})
    for source in BOTH:
        config = of_type(plan, "BucketReplicationConfig")[f"{source}-replication"]
        first = {
            of_type(plan, token)[f"{region}-{key}"].urn
            for region in BOTH
            for token, key in (
                ("BucketVersioning", "versioning"),
                ("BucketServerSideEncryptionConfiguration", "encryption"),
                ("BucketObjectLockConfiguration", "object-lock"),
            )
        } | {of_type(plan, "RolePolicy")[f"{source}-role-policy"].urn}
        assert first <= set(config.dependencies)


def test_a_replication_role_may_read_its_source_and_write_its_destination_and_no_more(replicated):
    plan = replicated()
    role = of_type(plan, "Role")[f"{EAST}-role"]
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "s3.amazonaws.com"}
    policy = of_type(plan, "RolePolicy")[f"{EAST}-role-policy"].inputs
    assert policy["role"] == f"<it-{EAST}-role.name>"
    said = statements(policy["policy"])
    assert {sid: (statement["Action"], statement["Resource"]) for sid, statement in said.items()} == {
        "ReadTheConfiguration": (["s3:GetReplicationConfiguration", "s3:ListBucket"], EAST_BUCKET),
        "ReadVersions": (
            [
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionTagging",
            ],
            f"{EAST_BUCKET}/*",
        ),
        "WriteReplicas": (
            ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
            f"{WEST_BUCKET}/*",
        ),
        "DecryptTheSource": (["kms:Decrypt"], f"<it-{EAST}-key.arn>"),
        "EncryptReplicas": (
            ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
            f"<it-{WEST}-key.arn>",
        ),
    }
    for sid, region in (("DecryptTheSource", EAST), ("EncryptReplicas", WEST)):
        bucket = f"arn:aws:s3:::shop-media-{region}"
        assert said[sid]["Condition"] == {
            "StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"},
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]},
        }


def test_delete_markers_stay_where_they_are_when_that_is_chosen(replicated):
    plan = replicated(replicate_delete_markers=False)
    (rule,) = of_type(plan, "BucketReplicationConfig")[f"{EAST}-replication"].inputs["rules"]
    assert rule["deleteMarkerReplication"] == {"status": "Disabled"}
    assert "s3:ReplicateDelete" not in of_type(plan, "RolePolicy")[f"{EAST}-role-policy"].inputs["policy"]
    assert "What is deleted on one side stays on the other." in outputs(plan, "ReplicatedBucket")["notes"]


def test_a_lock_is_there_from_the_beginning_on_both_sides_and_replicates(replicated):
    plan = replicated(object_lock={"mode": "COMPLIANCE", "days": 90})
    for region in BOTH:
        assert of_type(plan, "Bucket")[f"{region}-bucket"].inputs["objectLockEnabled"] is True
        lock = of_type(plan, "BucketObjectLockConfiguration")[f"{region}-object-lock"]
        assert lock.inputs["rule"] == {"defaultRetention": {"mode": "COMPLIANCE", "days": 90}}
        assert of_type(plan, "BucketVersioning")[f"{region}-versioning"].urn in lock.dependencies
        read = statements(of_type(plan, "RolePolicy")[f"{region}-role-policy"].inputs["policy"])[
            "ReadVersions"
        ]
        assert {"s3:GetObjectRetention", "s3:GetObjectLegalHold"} <= set(read["Action"])
        lifecycle = of_type(plan, "BucketLifecycleConfiguration")[f"{region}-lifecycle"].inputs["rules"]
        assert lifecycle[1]["noncurrentVersionExpiration"] == {"noncurrentDays": 90}


def test_there_is_no_lock_unless_it_is_asked_for(replicated):
    plan = replicated()
    assert of_type(plan, "Bucket")[f"{EAST}-bucket"].inputs["objectLockEnabled"] is False
    assert of_type(plan, "BucketObjectLockConfiguration") == {}


@pytest.mark.parametrize("protect", [True, False])
def test_what_holds_data_is_protected_unless_it_is_said_not_to_be(replicated, protect):
    plan = replicated() if protect else replicated(protect=False)
    protected = {r.name for r in plan.resources if r.protect}
    holding = {f"it-{region}-{key}" for region in BOTH for key in ("bucket", "key", "versioning")}
    assert protected == (holding if protect else set())


def test_a_lag_is_watched_where_it_arrives_and_a_failure_where_it_comes_from(replicated):
    topics = {region: [f"arn:aws:sns:{region}:{ACCOUNT}:alarms"] for region in BOTH}
    plan = replicated(alarm_topics=topics, latency_alarm_s=600)
    alarms = of_type(plan, "MetricAlarm")
    assert len(alarms) == 4
    for source, destination in (BOTH, BOTH[::-1]):
        lag, failed = alarms[f"{destination}-latency"].inputs, alarms[f"{source}-failures"].inputs
        for alarm in (lag, failed):
            assert alarm["namespace"] == "AWS/S3"
            assert alarm["dimensions"] == {
                "SourceBucket": f"shop-media-{source}",
                "DestinationBucket": f"shop-media-{destination}",
                "RuleId": of_type(plan, "BucketReplicationConfig")[f"{source}-replication"].inputs["rules"][
                    0
                ]["id"],
            }
            assert alarm["alarmActions"] == alarm["okActions"] == topics[alarm["region"]]
            assert alarm["comparisonOperator"] == "GreaterThanThreshold"
            assert alarm["treatMissingData"] == "notBreaching"
        assert (lag["region"], lag["metricName"], lag["statistic"], lag["threshold"]) == (
            *(destination, "ReplicationLatency", "Maximum", 600),
        )
        assert (failed["region"], failed["metricName"], failed["statistic"], failed["threshold"]) == (
            *(source, "OperationsFailedReplication", "Sum", 0),
        )
    assert len({alarm.inputs["name"] for alarm in alarms.values()}) == 4


def test_alarms_that_tell_nobody_are_noted(replicated):
    plan = replicated(alarm_topics={EAST: [f"arn:aws:sns:{EAST}:{ACCOUNT}:alarms"]})
    notes = [note for note in outputs(plan, "ReplicatedBucket")["notes"] if "tell nobody" in note]
    assert len(notes) == 1
    assert WEST in notes[0]


def test_an_adopted_bucket_is_configured_and_not_made(replicated):
    both = [{"region": EAST, "existing_bucket": "old-media"}, sides()[1]]
    plan = replicated(sides=both)
    assert set(of_type(plan, "Bucket")) == {f"{WEST}-bucket"}
    east = [r for r in plan.resources if r.name.startswith(f"it-{EAST}-") and "bucket" in r.inputs]
    assert {r.inputs["bucket"] for r in east} == {"old-media"}
    assert len(east) == 7
    (rule,) = of_type(plan, "BucketReplicationConfig")[f"{WEST}-replication"].inputs["rules"]
    assert rule["destination"]["bucket"] == "arn:aws:s3:::old-media"
    told = outputs(plan, "ReplicatedBucket")
    assert told["bucket_names"] == {EAST: "old-media", WEST: f"shop-media-{WEST}"}
    assert [note for note in told["notes"] if "old-media" in note and "Batch Replication" in note]
    assert any("deletion of a version" in note for note in told["notes"])


def test_a_bucket_that_is_made_needs_no_batch_job(replicated):
    assert not [n for n in outputs(replicated(), "ReplicatedBucket")["notes"] if "Batch" in n]


def test_the_outputs_name_both_buckets_and_both_keys(replicated):
    told = outputs(replicated(), "ReplicatedBucket")
    assert told["bucket_arns"] == {EAST: EAST_BUCKET, WEST: WEST_BUCKET}
    assert told["key_arns"] == {region: f"<it-{region}-key.arn>" for region in BOTH}


def test_an_access_log_goes_to_the_bucket_that_is_named(replicated):
    both = sides()
    both[0]["access_log_bucket"] = "shop-logs"
    logs = of_type(replicated(sides=both), "BucketLogging")
    assert set(logs) == {f"{EAST}-access-log"}
    assert logs[f"{EAST}-access-log"].inputs["targetBucket"] == "shop-logs"
    assert logs[f"{EAST}-access-log"].inputs["targetPrefix"] == f"shop-media-{EAST}/"


def test_a_bucket_in_china_is_named_as_aws_does_there(replicated):
    both = [
        {"region": region, "bucket_name": f"shop-{region}"} for region in ("cn-north-1", "cn-northwest-1")
    ]
    plan = replicated(sides=both)
    key = of_type(plan, "Key")["cn-north-1-key"].inputs["policy"]
    assert f"arn:aws-cn:iam::{ACCOUNT}:root" in key
    assert "s3.cn-north-1.amazonaws.com.cn" in key
    assert outputs(plan, "ReplicatedBucket")["bucket_arns"]["cn-north-1"] == "arn:aws-cn:s3:::shop-cn-north-1"


def test_names_that_become_known_later_are_held_to_s3s_rules(replicated):
    both = sides()
    both[0]["bucket_name"] = pulumi.Output.from_input("Shop_Media")
    with pytest.raises(pulumi.InputPropertiesError, match="3 to 63 lower-case letters"):
        replicated(sides=both)


def test_versioning_that_another_way_of_writing_suspends_is_refused_too(pulumi_mocks):
    def program() -> None:
        import pulumi_aws as aws

        suspended = aws.s3.BucketVersioningVersioningConfigurationArgs(status="Suspended")
        RegionalBucket(
            "it",
            {
                **ARGUMENTS["RegionalBucket"](),
                "customize": {"versioning": {"versioning_configuration": suspended}},
            },
        )

    with pytest.raises(pulumi.InputPropertiesError, match="need versioning"):
        pulumi_mocks.run(program)
