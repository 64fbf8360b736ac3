"""Where pgBackRest keeps backups."""

import json

import pytest

from bicoastal import BackupRepository
from tests.library.arguments import ARGUMENTS
from tests.library.samples import sides
from tests.library.test_storage import BOTH, EAST, WEST, of_type, outputs, statements


@pytest.fixture
def repository(pulumi_mocks):
    """The plan of a backup repository."""

    def made(**own):
        args = {**ARGUMENTS["BackupRepository"](), **own}
        return pulumi_mocks.run(lambda: BackupRepository("it", args))

    return made


def test_only_pgbackrest_expires_backups_and_what_it_deleted_can_be_brought_back(repository):
    plan = repository(retention_days=45)
    rules = of_type(plan, "BucketLifecycleConfiguration")[f"{EAST}-lifecycle"].inputs["rules"]
    kept = {
        rule["filter"]["prefix"]: rule["noncurrentVersionExpiration"]["noncurrentDays"]
        for rule in rules
        if "noncurrentVersionExpiration" in rule
    }
    assert kept == {"pgbackrest/": 7, "configuration/": 45}
    assert not [rule for rule in rules if "days" in rule.get("expiration", {})]
    (replication,) = of_type(plan, "BucketReplicationConfig")[f"{EAST}-replication"].inputs["rules"]
    assert replication["deleteMarkerReplication"] == {"status": "Enabled"}


def test_what_was_deleted_is_kept_as_long_as_it_is_locked(repository):
    plan = repository(object_lock={"mode": "GOVERNANCE", "days": 21})
    rules = of_type(plan, "BucketLifecycleConfiguration")[f"{WEST}-lifecycle"].inputs["rules"]
    assert rules[1]["noncurrentVersionExpiration"] == {"noncurrentDays": 21}


def test_pgbackrest_is_told_its_regions_bucket_its_stanzas_path_and_the_retention(repository):
    told = outputs(repository(stanzas=["main", "reports"]), "BackupRepository")["pgbackrest_options"]
    assert set(told) == set(BOTH)
    assert set(told[WEST]) == {"main", "reports"}
    assert told[WEST]["reports"] == {
        "repo1-type": "s3",
        "repo1-path": "/pgbackrest/reports",
        "repo1-s3-bucket": f"shop-backup-{WEST}",
        "repo1-s3-region": WEST,
        "repo1-s3-endpoint": f"s3.{WEST}.amazonaws.com",
        "repo1-s3-uri-style": "host",
        "repo1-s3-key-type": "auto",
        "repo1-retention-full-type": "time",
        "repo1-retention-full": "30",
    }


def test_a_bucket_with_a_dot_is_asked_for_by_path(repository):
    told = outputs(repository(sides=sides(bucket="shop.backup")), "BackupRepository")
    assert told["pgbackrest_options"][EAST]["main"]["repo1-s3-uri-style"] == "path"


def test_a_host_may_use_its_stanzas_prefix_and_remove_no_version(repository):
    told = outputs(repository(stanzas=["main", "reports"]), "BackupRepository")["host_policies"]
    bucket = f"arn:aws:s3:::shop-backup-{EAST}"
    said = statements(told[EAST]["main"])
    assert said["ListPrefixes"]["Resource"] == bucket
    assert said["ListPrefixes"]["Condition"]["StringLike"]["s3:prefix"] == [
        *("pgbackrest/main", "pgbackrest/main/*", "configuration", "configuration/*")
    ]
    assert said["ReadAndWrite"]["Resource"] == [f"{bucket}/pgbackrest/main/*", f"{bucket}/configuration/*"]
    assert (said["Expire"]["Action"], said["Expire"]["Resource"]) == (
        *("s3:DeleteObject", [f"{bucket}/pgbackrest/main/*"]),
    )
    assert said["UseTheKey"]["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert said["UseTheKey"]["Resource"] == f"<it-buckets-{EAST}-key.arn>"
    whole = json.dumps(told)
    assert not [word for word in ("DeleteObjectVersion", "Bypass", "s3:*", "Retention") if word in whole]
    assert "reports" not in told[EAST]["main"]
    assert WEST not in told[EAST]["main"]
