"""Everything that can be deployed, and its alerts."""

from bicoastal.monitoring.causes import Parts, Thresholds, cause_groups

EVERYTHING = Parts(containers=True, logs=True, grafana=True, tracing=True, backups=True, buckets=True)
GROUPS = cause_groups(Thresholds(), EVERYTHING)
ALERTS = [alert for group in GROUPS for alert in group.alerts]
BY_NAME = {alert.name: alert for alert in ALERTS}
