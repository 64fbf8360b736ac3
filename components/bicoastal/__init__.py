"""Pulumi components for a production stack that lives in two regions.

Names are loaded when they are first used: importing the package loads no provider's SDK.
"""

from typing import TYPE_CHECKING

from .lazy import names_of

if TYPE_CHECKING:
    from .application import Api, ApiArgs, ApiTracingArgs, BlueGreenApi, BlueGreenApiArgs, Colour
    from .cache import RedisClusterArgs, RedisMember, RedisMemberArgs
    from .containers import (
        ContainerService,
        ContainerServiceArgs,
        OverlayNetwork,
        OverlayNetworkArgs,
        RotatingConfig,
        RotatingConfigArgs,
        RotatingSecret,
        RotatingSecretArgs,
    )
    from .cost import CostGuard, CostGuardArgs, EnvironmentBudgetArgs
    from .database import (
        ConsensusMember,
        ConsensusMemberArgs,
        ManagedAlarmsArgs,
        ManagedPostgres,
        ManagedPostgresArgs,
        ManagedPrimaryArgs,
        ManagedReplicaArgs,
        PostgresClusterArgs,
        PostgresMember,
        PostgresMemberArgs,
        ReplicationMode,
        TimingProfile,
    )
    from .edge import (
        CaaTag,
        CacheRuleArgs,
        CountBy,
        CustomRuleArgs,
        DnsRecords,
        DnsRecordsArgs,
        EdgeMonitorArgs,
        EdgePlan,
        EdgeRules,
        EdgeRulesArgs,
        EdgeWorker,
        EdgeWorkerArgs,
        EdgeZone,
        EdgeZoneArgs,
        FailoverLoadBalancer,
        FailoverLoadBalancerArgs,
        FrontendDeployment,
        FrontendDomain,
        FrontendDomainArgs,
        FrontendProjectArgs,
        ManagedRulesArgs,
        OwaspThreshold,
        ProbeRegion,
        RateLimitArgs,
        RecordArgs,
        RecordType,
        RuleAction,
        WorkerVersionArgs,
        ZoneReferenceArgs,
    )
    from .host_subnet import HostSubnetArgs
    from .hosts import SwarmHosts, SwarmHostsArgs, swarm_docker_host, swarm_ssh_options
    from .ingress import Balancer, BalancerArgs, BalancerTlsArgs, RequestLimitsArgs, WebProxy, WebProxyArgs
    from .monitoring.logs import (
        Alloy,
        AlloyArgs,
        Collector,
        EngineArgs,
        IngestionArgs,
        LogsArgs,
        Loki,
        LokiArgs,
        ObjectStorageArgs,
        Promtail,
        PromtailArgs,
    )
    from .monitoring.routing.escalation_policy import (
        EscalationLevelArgs,
        EscalationPolicy,
        EscalationPolicyArgs,
    )
    from .monitoring.watchers import (
        Alertmanager,
        AlertmanagerArgs,
        BlackboxExporter,
        BlackboxExporterArgs,
        CloudWatchAskingArgs,
        CloudWatchExporter,
        CloudWatchExporterArgs,
        Grafana,
        GrafanaArgs,
        Jaeger,
        JaegerArgs,
        MonitoringArgs,
        NodeExporter,
        NodeExporterArgs,
        PlaceMonitoring,
        PlaceMonitoringArgs,
        PostgresExporter,
        PostgresExporterArgs,
        Prometheus,
        PrometheusArgs,
        RedisExporter,
        RedisExporterArgs,
        ReplicatedSideArgs,
        ReplicationArgs,
        ReplicationsArgs,
        TraceStorageArgs,
        TraceStore,
        TracingArgs,
        WatchedArgs,
        WatcherImagesArgs,
    )
    from .network import (
        Endpoint,
        ListenerArgs,
        NatMode,
        NetworkFlowLogs,
        NetworkFlowLogsArgs,
        PeeredNetworkArgs,
        Protocol,
        RegionNetwork,
        RegionNetworkArgs,
        RegionPeering,
        RegionPeeringArgs,
        Role,
        SecurityGroups,
        SecurityGroupsArgs,
    )
    from .stack import (
        RegionStack,
        RegionStackArgs,
        Rollout,
        TwoRegionStack,
        TwoRegionStackArgs,
        credentials_from_config,
    )
    from .storage import (
        BackupRepository,
        BackupRepositoryArgs,
        BucketSideArgs,
        LifecycleArgs,
        ObjectLockArgs,
        RegionalBucket,
        RegionalBucketArgs,
        ReplicatedBucket,
        ReplicatedBucketArgs,
        RetentionMode,
        StorageClass,
        TransitionArgs,
    )
    from .topology import PlaceArgs, TopologyArgs

_ROOMS = {
    "application": "Api ApiArgs ApiTracingArgs BlueGreenApi BlueGreenApiArgs Colour",
    "cache": "RedisClusterArgs RedisMember RedisMemberArgs",
    "containers": (
        "ContainerService ContainerServiceArgs OverlayNetwork OverlayNetworkArgs RotatingConfig "
        "RotatingConfigArgs RotatingSecret RotatingSecretArgs"
    ),
    "cost": "CostGuard CostGuardArgs EnvironmentBudgetArgs",
    "database": (
        "ConsensusMember ConsensusMemberArgs ManagedAlarmsArgs ManagedPostgres ManagedPostgresArgs "
        "ManagedPrimaryArgs ManagedReplicaArgs PostgresClusterArgs PostgresMember PostgresMemberArgs "
        "ReplicationMode TimingProfile"
    ),
    "edge": (
        "CaaTag CacheRuleArgs CountBy CustomRuleArgs DnsRecords DnsRecordsArgs EdgeMonitorArgs EdgePlan "
        "EdgeRules EdgeRulesArgs EdgeWorker EdgeWorkerArgs EdgeZone EdgeZoneArgs FailoverLoadBalancer "
        "FailoverLoadBalancerArgs FrontendDeployment FrontendDomain FrontendDomainArgs "
        "FrontendProjectArgs ManagedRulesArgs OwaspThreshold ProbeRegion RateLimitArgs RecordArgs "
        "RecordType RuleAction WorkerVersionArgs ZoneReferenceArgs"
    ),
    "host_subnet": "HostSubnetArgs",
    "hosts": "SwarmHosts SwarmHostsArgs swarm_docker_host swarm_ssh_options",
    "ingress": "Balancer BalancerArgs BalancerTlsArgs RequestLimitsArgs WebProxy WebProxyArgs",
    "monitoring.logs": (
        "Alloy AlloyArgs Collector EngineArgs IngestionArgs LogsArgs Loki LokiArgs ObjectStorageArgs "
        "Promtail PromtailArgs"
    ),
    "monitoring.routing.escalation_policy": "EscalationLevelArgs EscalationPolicy EscalationPolicyArgs",
    "monitoring.watchers": (
        "Alertmanager AlertmanagerArgs BlackboxExporter BlackboxExporterArgs CloudWatchAskingArgs "
        "CloudWatchExporter CloudWatchExporterArgs Grafana GrafanaArgs "
        "Jaeger JaegerArgs MonitoringArgs NodeExporter NodeExporterArgs PlaceMonitoring PlaceMonitoringArgs "
        "PostgresExporter PostgresExporterArgs Prometheus PrometheusArgs RedisExporter RedisExporterArgs "
        "ReplicatedSideArgs ReplicationArgs ReplicationsArgs "
        "TraceStorageArgs TraceStore TracingArgs WatchedArgs WatcherImagesArgs"
    ),
    "network": (
        "Endpoint ListenerArgs NatMode NetworkFlowLogs NetworkFlowLogsArgs PeeredNetworkArgs Protocol "
        "RegionNetwork RegionNetworkArgs RegionPeering RegionPeeringArgs Role SecurityGroups "
        "SecurityGroupsArgs"
    ),
    "stack": (
        "RegionStack RegionStackArgs Rollout TwoRegionStack TwoRegionStackArgs credentials_from_config"
    ),
    "storage": (
        "BackupRepository BackupRepositoryArgs BucketSideArgs LifecycleArgs ObjectLockArgs RegionalBucket "
        "RegionalBucketArgs ReplicatedBucket ReplicatedBucketArgs RetentionMode StorageClass "
        "TransitionArgs"
    ),
    "topology": "PlaceArgs TopologyArgs",
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = [
    "Alertmanager",
    "AlertmanagerArgs",
    "Alloy",
    "AlloyArgs",
    "Api",
    "ApiArgs",
    "ApiTracingArgs",
    "BackupRepository",
    "BackupRepositoryArgs",
    "Balancer",
    "BalancerArgs",
    "BalancerTlsArgs",
    "BlackboxExporter",
    "BlackboxExporterArgs",
    "BlueGreenApi",
    "BlueGreenApiArgs",
    "BucketSideArgs",
    "CaaTag",
    "CacheRuleArgs",
    "CloudWatchAskingArgs",
    "CloudWatchExporter",
    "CloudWatchExporterArgs",
    "Collector",
    "Colour",
    "ConsensusMember",
    "ConsensusMemberArgs",
    "ContainerService",
    "ContainerServiceArgs",
    "CostGuard",
    "CostGuardArgs",
    "CountBy",
    "CustomRuleArgs",
    "DnsRecords",
    "DnsRecordsArgs",
    "EdgeMonitorArgs",
    "EdgePlan",
    "EdgeRules",
    "EdgeRulesArgs",
    "EdgeWorker",
    "EdgeWorkerArgs",
    "EdgeZone",
    "EdgeZoneArgs",
    "Endpoint",
    "EngineArgs",
    "EnvironmentBudgetArgs",
    "EscalationLevelArgs",
    "EscalationPolicy",
    "EscalationPolicyArgs",
    "FailoverLoadBalancer",
    "FailoverLoadBalancerArgs",
    "FrontendDeployment",
    "FrontendDomain",
    "FrontendDomainArgs",
    "FrontendProjectArgs",
    "Grafana",
    "GrafanaArgs",
    "HostSubnetArgs",
    "IngestionArgs",
    "Jaeger",
    "JaegerArgs",
    "LifecycleArgs",
    "ListenerArgs",
    "LogsArgs",
    "Loki",
    "LokiArgs",
    "ManagedAlarmsArgs",
    "ManagedPostgres",
    "ManagedPostgresArgs",
    "ManagedPrimaryArgs",
    "ManagedReplicaArgs",
    "ManagedRulesArgs",
    "MonitoringArgs",
    "NatMode",
    "NetworkFlowLogs",
    "NetworkFlowLogsArgs",
    "NodeExporter",
    "NodeExporterArgs",
    "ObjectLockArgs",
    "ObjectStorageArgs",
    "OverlayNetwork",
    "OverlayNetworkArgs",
    "OwaspThreshold",
    "PeeredNetworkArgs",
    "PlaceArgs",
    "PlaceMonitoring",
    "PlaceMonitoringArgs",
    "PostgresClusterArgs",
    "PostgresExporter",
    "PostgresExporterArgs",
    "PostgresMember",
    "PostgresMemberArgs",
    "ProbeRegion",
    "Prometheus",
    "PrometheusArgs",
    "Promtail",
    "PromtailArgs",
    "Protocol",
    "RateLimitArgs",
    "RecordArgs",
    "RecordType",
    "RedisClusterArgs",
    "RedisExporter",
    "RedisExporterArgs",
    "RedisMember",
    "RedisMemberArgs",
    "RegionNetwork",
    "RegionNetworkArgs",
    "RegionPeering",
    "RegionPeeringArgs",
    "RegionStack",
    "RegionStackArgs",
    "RegionalBucket",
    "RegionalBucketArgs",
    "ReplicatedBucket",
    "ReplicatedBucketArgs",
    "ReplicatedSideArgs",
    "ReplicationArgs",
    "ReplicationMode",
    "ReplicationsArgs",
    "RequestLimitsArgs",
    "RetentionMode",
    "Role",
    "Rollout",
    "RotatingConfig",
    "RotatingConfigArgs",
    "RotatingSecret",
    "RotatingSecretArgs",
    "RuleAction",
    "SecurityGroups",
    "SecurityGroupsArgs",
    "StorageClass",
    "SwarmHosts",
    "SwarmHostsArgs",
    "TimingProfile",
    "TopologyArgs",
    "TraceStorageArgs",
    "TraceStore",
    "TracingArgs",
    "TransitionArgs",
    "TwoRegionStack",
    "TwoRegionStackArgs",
    "WatchedArgs",
    "WatcherImagesArgs",
    "WebProxy",
    "WebProxyArgs",
    "WorkerVersionArgs",
    "ZoneReferenceArgs",
    "credentials_from_config",
    "swarm_docker_host",
    "swarm_ssh_options",
]

__getattr__ = names_of(__name__, _HOMES)
