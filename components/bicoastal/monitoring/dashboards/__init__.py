"""Grafana's dashboards, typed by Grafana's own SDK, and the linter that judges them.

Nothing of the library loads this but who makes dashboards: it needs the extra `monitoring`.
"""
