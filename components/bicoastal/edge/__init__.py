"""The edge: which region has the traffic, and what is let through to it.

Names are loaded when they are first used: the probes' declaration needs no SDK, and whoever only probes has
none.
"""

from typing import TYPE_CHECKING

from ..lazy import names_of

if TYPE_CHECKING:
    from .frontend import FrontendDomain, FrontendDomainArgs
    from .frontend_project import FrontendDeployment, FrontendProjectArgs
    from .load_balancer import FailoverLoadBalancer, FailoverLoadBalancerArgs, ProbeRegion
    from .monitor import EdgeMonitor, EdgeMonitorArgs
    from .plan import CountBy, EdgePlan, PlanLimits
    from .records import CaaTag, DnsRecords, DnsRecordsArgs, RecordArgs, RecordType
    from .rule_args import (
        CacheRuleArgs,
        CustomRuleArgs,
        ManagedRulesArgs,
        OwaspThreshold,
        RateLimitArgs,
        RuleAction,
    )
    from .rules import EdgeRules, EdgeRulesArgs
    from .worker import EdgeWorker, EdgeWorkerArgs, WorkerVersionArgs
    from .zone import EdgeZone, EdgeZoneArgs
    from .zone_reference import ZoneReferenceArgs

_HOMES = {
    "CaaTag": "records",
    "CacheRuleArgs": "rule_args",
    "CountBy": "plan",
    "CustomRuleArgs": "rule_args",
    "DnsRecords": "records",
    "DnsRecordsArgs": "records",
    "EdgeMonitor": "monitor",
    "EdgeMonitorArgs": "monitor",
    "EdgePlan": "plan",
    "EdgeRules": "rules",
    "EdgeRulesArgs": "rules",
    "EdgeWorker": "worker",
    "EdgeWorkerArgs": "worker",
    "EdgeZone": "zone",
    "EdgeZoneArgs": "zone",
    "FailoverLoadBalancer": "load_balancer",
    "FailoverLoadBalancerArgs": "load_balancer",
    "FrontendDeployment": "frontend_project",
    "FrontendDomain": "frontend",
    "FrontendDomainArgs": "frontend",
    "FrontendProjectArgs": "frontend_project",
    "ManagedRulesArgs": "rule_args",
    "OwaspThreshold": "rule_args",
    "PlanLimits": "plan",
    "ProbeRegion": "load_balancer",
    "RateLimitArgs": "rule_args",
    "RecordArgs": "records",
    "RecordType": "records",
    "RuleAction": "rule_args",
    "WorkerVersionArgs": "worker",
    "ZoneReferenceArgs": "zone_reference",
}

__all__ = [
    "CaaTag",
    "CacheRuleArgs",
    "CountBy",
    "CustomRuleArgs",
    "DnsRecords",
    "DnsRecordsArgs",
    "EdgeMonitor",
    "EdgeMonitorArgs",
    "EdgePlan",
    "EdgeRules",
    "EdgeRulesArgs",
    "EdgeWorker",
    "EdgeWorkerArgs",
    "EdgeZone",
    "EdgeZoneArgs",
    "FailoverLoadBalancer",
    "FailoverLoadBalancerArgs",
    "FrontendDeployment",
    "FrontendDomain",
    "FrontendDomainArgs",
    "FrontendProjectArgs",
    "ManagedRulesArgs",
    "OwaspThreshold",
    "PlanLimits",
    "ProbeRegion",
    "RateLimitArgs",
    "RecordArgs",
    "RecordType",
    "RuleAction",
    "WorkerVersionArgs",
    "ZoneReferenceArgs",
]

__getattr__ = names_of(__name__, _HOMES)
