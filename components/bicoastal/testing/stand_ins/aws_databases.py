"""Databases that AWS runs."""

from typing import Any

from .aws_calls import Given, Judge

NAMES = {
    "instanceClass": "DBInstanceClass",
    "identifier": "DBInstanceIdentifier",
    "username": "MasterUsername",
    "password": "MasterUserPassword",
    "parameterGroupName": "DBParameterGroupName",
    "caCertIdentifier": "CACertificateIdentifier",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "backupWindow": "PreferredBackupWindow",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "replicateSourceDb": "SourceDBInstanceIdentifier",
}
ABOUT_THE_END = ("skipFinalSnapshot", "finalSnapshotIdentifier", "deleteAutomatedBackups")
OURS = (*ABOUT_THE_END, "region", "tags", "applyImmediately", "allowMajorVersionUpgrade")
OF_THE_SOURCE = ("storageEncrypted",)
"""What a replica has from its source: the provider does not send it."""
AFTERWARDS = ("backupRetentionPeriod", "backupWindow", "maintenanceWindow")
"""What AWS takes of a replica only once it is there; the provider then changes it."""


def _make_instance(given: Given) -> str:
    replicates = given.get("replicateSourceDb") is not None
    left_out = {*OURS, *((*OF_THE_SOURCE, *AFTERWARDS) if replicates else ())}
    asked = {NAMES.get(name, name): value for name, value in given.properties.items() if name not in left_out}
    if replicates:
        # moto looks for a replica's subnets in its source's region, and for a key and parameters nowhere.
        given.call("rds", "DescribeDBSubnetGroups", DBSubnetGroupName=asked.pop("dbSubnetGroupName"))
        given.call("rds", "DescribeDBParameterGroups", DBParameterGroupName=asked["DBParameterGroupName"])
        given.call("kms", "DescribeKey", KeyId=given["kmsKeyId"])
        given.call("rds", "CreateDBInstanceReadReplica", **asked)
        _modify(given, given["identifier"], AFTERWARDS)
    else:
        given.call("rds", "CreateDBInstance", **asked)
    _export_logs(given)
    return f"{given['region']}/{given['identifier']}"


def _export_logs(given: Given) -> None:
    """A group that is not there yet AWS makes itself, and its lines are kept for ever."""
    for log in given.get("enabledCloudwatchLogsExports", ()):
        name = f"/aws/rds/instance/{given['identifier']}/{log}"
        if not given.call("logs", "DescribeLogGroups", logGroupNamePrefix=name)["logGroups"]:
            given.call("logs", "CreateLogGroup", logGroupName=name)


def _change_instance(given: Given, it: Any, changed: set[str]) -> None:
    identifier = it.id.rpartition("/")[2]
    if "replicateSourceDb" in changed and not given.get("replicateSourceDb"):
        given.call("rds", "PromoteReadReplica", DBInstanceIdentifier=identifier)
    fixed = ("identifier", "engine", "replicateSourceDb", "username", "kmsKeyId", "storageEncrypted")
    _modify(given, identifier, changed - {*OURS, *fixed})


def _modify(given: Given, identifier: str, names: Any) -> None:
    asked = {NAMES.get(name, name): given[name] for name in names if given.get(name) is not None}
    given.call("rds", "ModifyDBInstance", DBInstanceIdentifier=identifier, ApplyImmediately=True, **asked)


def _remove_instance(given: Given, it: Any) -> None:
    skip = given.get("skipFinalSnapshot", False)
    if given.get("replicateSourceDb"):
        # moto loses a replica of another region, unless it is none any more.
        given.call("rds", "PromoteReadReplica", DBInstanceIdentifier=given["identifier"])
    last = {} if skip else {"FinalDBSnapshotIdentifier": given["finalSnapshotIdentifier"]}
    given.call(
        "rds", "DeleteDBInstance", DBInstanceIdentifier=given["identifier"], SkipFinalSnapshot=skip, **last
    )


def _make_subnet_group(given: Given) -> str:
    given.call(
        "rds",
        "CreateDBSubnetGroup",
        DBSubnetGroupName=given["name"],
        DBSubnetGroupDescription=given["description"],
        SubnetIds=given["subnetIds"],
    )
    return f"{given['region']}/{given['name']}"


def _make_parameter_group(given: Given) -> str:
    given.call(
        "rds",
        "CreateDBParameterGroup",
        DBParameterGroupName=given["name"],
        DBParameterGroupFamily=given["family"],
        Description=given["description"],
    )
    _set_parameters(given)
    return f"{given['region']}/{given['name']}"


def _set_parameters(given: Given, *_: Any) -> None:
    parameters = [
        {"ParameterName": one["name"], "ParameterValue": one["value"], "ApplyMethod": one["applyMethod"]}
        for one in given["parameters"]
    ]
    given.call("rds", "ModifyDBParameterGroup", DBParameterGroupName=given["name"], Parameters=parameters)


JUDGES = [
    Judge("aws:rds/instance:Instance", _make_instance, _remove_instance, _change_instance),
    Judge(
        "aws:rds/subnetGroup:SubnetGroup",
        _make_subnet_group,
        lambda given, it: given.call("rds", "DeleteDBSubnetGroup", DBSubnetGroupName=given["name"]),
    ),
    Judge(
        "aws:rds/parameterGroup:ParameterGroup",
        _make_parameter_group,
        lambda given, it: given.call("rds", "DeleteDBParameterGroup", DBParameterGroupName=given["name"]),
        _set_parameters,
    ),
]
