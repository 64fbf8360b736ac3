"""Grafana's rules for dashboards (those of dashboard-linter), asked of the JSON that Grafana would read."""
