"""Stands in for PagerDuty, Slack, a mail server and a dead man's switch, and keeps what it is told."""
