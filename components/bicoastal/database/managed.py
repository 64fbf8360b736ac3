"""Postgres as AWS runs it: a primary in one region, a replica and the backups in the other."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi

from .. import aws
from ..checks import managed as checks
from ..component import Component
from ..settings import refuse
from .managed_alarms import alarms_of
from .managed_args import ManagedPostgresArgs, ManagedPostgresSettings, ManagedReplicaArgs, Primary, Replica
from .managed_parameters import parameters_of

MONITORING_POLICY = "AmazonRDSEnhancedMonitoringRole"
LOGS = ["postgresql", "upgrade"]


class ManagedPostgres(Component[ManagedPostgresSettings]):
    """Postgres on RDS: a primary with a standby in another zone, a replica that may be read in another
    region, and backups for every second of the last 30 days in both. The alternative to members under
    Patroni, for who would rather have AWS run the database than a failover between regions in under two
    minutes.

    *Between zones* AWS fails over by itself, under the same endpoint. *Between regions* nothing does: a
    person promotes the replica and points clients to its endpoint, which is another one.
    `manual_promotion_minutes` is that term of the failover budget, and a lower `failover_limit_s` is
    refused. The replica is asynchronous: what had not arrived is lost, as much as the alarm for its lag lets
    be. Dropping its source, by `replica.promoted` or by `customize`, promotes it and cannot be undone; a new
    replica is then a new stack's.

    *What a replacement loses.* The primary is replaced by another identifier, region, database, username or
    key: the new one is empty, the final snapshot and the backups hold what was. A replaced replica is copied
    anew, for hours, in which there is none. A deleted key makes everything under it unreadable after 30
    days. All are protected; the primary's deletion protection has to be lifted first, backups outlive it
    (`delete_automated_backups` is off), and AWS ignores deletion protection when it makes a replica, so of
    that only `protect` keeps.

    *Logs.* The databases' logs go to CloudWatch, to `/aws/rds/instance/<identifier>-<region>/postgresql` and
    `.../upgrade`, and go with the component. Groups of that name must not be there yet: import those that an
    earlier database left.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, for whatever AWS refuses on a
    replica, and for a failover limit that a promotion by hand cannot meet.
    """

    endpoint: pulumi.Output[str]
    """`host:port` of the primary."""
    replica_endpoint: pulumi.Output[str]
    """`host:port` of the replica; after its promotion, of the primary."""
    primary_arn: pulumi.Output[str]
    """The primary's ARN, which restores and policies name."""
    latest_restorable_time: pulumi.Output[str]
    """The last moment that the primary can be restored to, in UTC, as of the last run."""
    promotion: pulumi.Output[str]
    """Always `manual`: the loss of the primary's region wakes somebody."""
    failover_budget: pulumi.Output[dict[str, float]]
    """Seconds from the loss of the primary's region to the first good write: `promotion_s`, as claimed by
    `manual_promotion_minutes`, `reconnection_s`, their averages, `total_s`, and `limit_s`."""

    def __init__(
        self, name: str, args: ManagedPostgresArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        owner = f"{type(self).__name__} {name!r}"
        refuse(owner, list(checks.takes_what_aws_takes(args, sorted(ManagedReplicaArgs.__annotations__))))
        super().__init__(name, args, opts, ManagedPostgresSettings)
        settings = self.settings
        role = self._add_monitoring_role()
        primary_key = self._key("primary", settings.primary)
        replica_key = self._key("replica", settings.replica)
        primary = self._add_primary(primary_key, role)
        replica = self._add_replica(replica_key, role, primary)
        self._add_replicated_backups(replica_key, primary)
        self._add_alarms("primary", settings.primary, primary)
        self._add_alarms("replica", settings.replica, replica)
        self.endpoint = primary.endpoint
        self.replica_endpoint = replica.endpoint
        self.primary_arn = primary.arn
        self.latest_restorable_time = primary.latest_restorable_time
        self.promotion = pulumi.Output.from_input("manual")
        self.failover_budget = pulumi.Output.from_input(settings.failover_budget)
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "replica_endpoint": self.replica_endpoint,
                "primary_arn": self.primary_arn,
                "latest_restorable_time": self.latest_restorable_time,
                "promotion": self.promotion,
                "failover_budget": self.failover_budget,
            }
        )

    @classmethod
    def children_of(cls, settings: ManagedPostgresSettings) -> Sequence[str]:
        keys = ["monitoring-role", "monitoring-policy", "replicated-backups"]
        for role, place in (("primary", settings.primary), ("replica", settings.replica)):
            keys += [role, f"{role}-subnets", f"{role}-parameters", *(_log_key(role, log) for log in LOGS)]
            if place.kms_key_arn is None:
                keys += [f"{role}-key", f"{role}-key-alias"]
            if settings.alarms is not None:
                keys += [alarm.key for alarm in alarms_of(role, settings.alarms, _replicates(place))]
        return keys

    def _add_primary(self, key: pulumi.Input[str], role: tuple[aws.iam.Role, pulumi.Resource]) -> Any:
        settings, place = self.settings, self.settings.primary
        return self._add_instance(
            "primary",
            place,
            role,
            {
                **self._common(place, key, role[0]),
                "engine": "postgres",
                "engine_version": settings.engine_version,
                "allow_major_version_upgrade": settings.allow_major_version_upgrade,
                "instance_class": settings.instance_class,
                "db_name": settings.database,
                "username": settings.username,
                "password": pulumi.Output.secret(settings.password),
                "allocated_storage": settings.allocated_storage_gb,
                "backup_retention_period": settings.backup_retention_days,
                **self._kept(place),
            },
        )

    def _add_replica(
        self,
        key: pulumi.Input[str],
        role: tuple[aws.iam.Role, pulumi.Resource],
        primary: aws.rds.Instance,
    ) -> Any:
        settings, place = self.settings, self.settings.replica
        return self._add_instance(
            "replica",
            place,
            role,
            {
                **self._common(place, key, role[0]),
                "instance_class": place.instance_class or settings.instance_class,
                "backup_retention_period": place.backup_retention_days,
                **(
                    self._kept(place)
                    if place.promoted
                    else {"replicate_source_db": primary.arn, "skip_final_snapshot": True}
                ),
            },
        )

    def _add_instance(
        self,
        key: str,
        place: Primary | Replica,
        role: tuple[aws.iam.Role, pulumi.Resource],
        properties: dict[str, Any],
    ) -> aws.rds.Instance:
        return aws.rds.Instance(
            self.child_name(key),
            **self.customized(
                key,
                {
                    **properties,
                    "db_subnet_group_name": self._subnets(key, place),
                    "parameter_group_name": self._parameters(key, place),
                },
            ),
            # AWS takes the role only once it may write what it monitors; and a log group that is not there
            # it makes itself, with lines that are kept for ever.
            opts=self.child_opts(
                key, protect=self.settings.protect, depends_on=[role[1], *self._add_logs(key, place)]
            ),
        )

    def _add_logs(self, role: str, place: Primary | Replica) -> list[pulumi.Resource]:
        """The groups that an instance's logs go to, under the names that AWS has for them."""
        groups: list[pulumi.Resource] = []
        for log in LOGS:
            key, name = _log_key(role, log), f"/aws/rds/instance/{self.settings.name_in(place.region)}/{log}"
            groups.append(
                aws.cloudwatch.LogGroup(
                    self.child_name(key),
                    **self.customized(
                        key,
                        {
                            "region": place.region,
                            "name": name,
                            "retention_in_days": self.settings.log_retention_days,
                            "tags": self.labels(Name=name),
                        },
                    ),
                    opts=self.child_opts(key),
                )
            )
        return groups

    def _common(
        self, place: Primary | Replica, kms_key: pulumi.Input[str], role: aws.iam.Role
    ) -> dict[str, Any]:
        """What AWS lets be declared of a primary and of a replica alike."""
        settings, name = self.settings, self.settings.name_in(place.region)
        return {
            "region": place.region,
            "identifier": name,
            "vpc_security_group_ids": place.security_group_ids,
            "publicly_accessible": False,
            "multi_az": place.multi_az,
            "storage_type": "gp3",
            "max_allocated_storage": settings.max_allocated_storage_gb,
            "storage_encrypted": True,
            "kms_key_id": kms_key,
            "ca_cert_identifier": settings.ca_certificate,
            "iam_database_authentication_enabled": settings.iam_authentication,
            "auto_minor_version_upgrade": settings.auto_minor_version_upgrade,
            "apply_immediately": settings.apply_immediately,
            "maintenance_window": place.maintenance_window,
            "backup_window": settings.backup_window,
            "delete_automated_backups": False,
            "copy_tags_to_snapshot": True,
            "monitoring_interval": settings.monitoring_interval_s,
            "monitoring_role_arn": role.arn,
            "database_insights_mode": "standard",
            "performance_insights_enabled": True,
            "performance_insights_retention_period": 7,
            "performance_insights_kms_key_id": kms_key,
            "enabled_cloudwatch_logs_exports": LOGS,
            "tags": self.labels(Name=name),
        }

    def _kept(self, place: Primary | Replica) -> dict[str, Any]:
        """What keeps an instance that is its own primary: AWS has neither for a replica."""
        settings = self.settings
        declared = settings.final_snapshot if place is settings.primary else None
        return {
            "deletion_protection": settings.deletion_protection,
            "skip_final_snapshot": False,
            "final_snapshot_identifier": declared or f"{settings.name_in(place.region)}-final",
        }

    def _key(self, role: str, place: Primary | Replica) -> pulumi.Input[str]:
        """The ARN of the region's key: the one that is given, or one of our own."""
        if place.kms_key_arn is not None:
            return place.kms_key_arn
        key, alias, name = f"{role}-key", f"{role}-key-alias", self.settings.name_in(place.region)
        made = aws.kms.Key(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "region": place.region,
                    "description": f"Storage, backups and insights of {name}",
                    "enable_key_rotation": True,
                    "deletion_window_in_days": 30,
                    "tags": self.labels(Name=name),
                },
            ),
            opts=self.child_opts(key, protect=self.settings.protect),
        )
        aws.kms.Alias(
            self.child_name(alias),
            **self.customized(
                alias, {"region": place.region, "name": f"alias/{name}", "target_key_id": made.key_id}
            ),
            opts=self.child_opts(alias),
        )
        return made.arn

    def _subnets(self, role: str, place: Primary | Replica) -> pulumi.Output[str]:
        key, name = f"{role}-subnets", self.settings.name_in(place.region)
        return aws.rds.SubnetGroup(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "region": place.region,
                    "name": name,
                    "description": f"Where {name} runs",
                    "subnet_ids": place.subnet_ids,
                    "tags": self.labels(Name=name),
                },
            ),
            opts=self.child_opts(key),
        ).name

    def _parameters(self, role: str, place: Primary | Replica) -> pulumi.Output[str]:
        key, family = f"{role}-parameters", self.settings.family
        name = f"{self.settings.name_in(place.region)}-{family}"
        return aws.rds.ParameterGroup(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "region": place.region,
                    "name": name,
                    "family": family,
                    "description": f"Parameters of {name}",
                    "parameters": [
                        aws.rds.ParameterGroupParameterArgs(name=parameter, value=value, apply_method=method)
                        for parameter, value, method in parameters_of(self.settings.parameters)
                    ],
                    "tags": self.labels(Name=name),
                },
            ),
            # A new major version has a group of another name, made before the database leaves the old one.
            opts=self.child_opts(key, delete_before_replace=False),
        ).name

    def _add_monitoring_role(self) -> tuple[aws.iam.Role, pulumi.Resource]:
        """The role as which RDS writes what it measures of the operating system, and its permission."""
        key, name = "monitoring-role", f"{self.settings.identifier}-monitoring"
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "monitoring.rds.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        role = aws.iam.Role(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "name": name,
                    "description": "RDS writes what it measures of the operating system",
                    "assume_role_policy": json.dumps(trust),
                    "tags": self.labels(Name=name),
                },
            ),
            opts=self.child_opts(key),
        )
        policy = aws.service_policy(self.settings.primary.region, MONITORING_POLICY)
        attached = aws.iam.RolePolicyAttachment(
            self.child_name("monitoring-policy"),
            **self.customized("monitoring-policy", {"role": role.name, "policy_arn": policy}),
            opts=self.child_opts("monitoring-policy"),
        )
        return role, attached

    def _add_replicated_backups(self, key: pulumi.Input[str], primary: aws.rds.Instance) -> None:
        """The primary's backups, kept in the replica's region too: made there, of a source elsewhere."""
        aws.rds.InstanceAutomatedBackupsReplication(
            self.child_name("replicated-backups"),
            **self.customized(
                "replicated-backups",
                {
                    "region": self.settings.replica.region,
                    "source_db_instance_arn": primary.arn,
                    "kms_key_id": key,
                    "retention_period": self.settings.backup_retention_days,
                },
            ),
            opts=self.child_opts("replicated-backups", protect=self.settings.protect),
        )

    def _add_alarms(self, role: str, place: Primary | Replica, instance: aws.rds.Instance) -> None:
        alarms = self.settings.alarms
        if alarms is None:
            return
        topics = alarms.primary_topic_arns if role == "primary" else alarms.replica_topic_arns
        for alarm in alarms_of(role, alarms, _replicates(place)):
            name = f"{self.settings.name_in(place.region)}-{alarm.key.removeprefix(f'{role}-')}"
            aws.cloudwatch.MetricAlarm(
                self.child_name(alarm.key),
                **self.customized(
                    alarm.key,
                    {
                        **alarm.properties(),
                        "region": place.region,
                        "name": name,
                        "dimensions": {"DBInstanceIdentifier": instance.identifier},
                        "alarm_actions": topics,
                        "ok_actions": topics,
                        "tags": self.labels(Name=name),
                    },
                ),
                opts=self.child_opts(alarm.key),
            )


def _log_key(role: str, log: str) -> str:
    return f"{role}-log-{log}"


def _replicates(place: Primary | Replica) -> bool:
    return isinstance(place, Replica) and not place.promoted
