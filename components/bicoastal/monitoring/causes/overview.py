"""A table of all alerts, for who asks what is watched."""

import re
from collections.abc import Sequence

from ..durations import duration
from ..rules import Alert

_HEAD = """# Alerts on causes

{count} alerts, made by `bicoastal monitoring`. Symptoms page and causes make tickets; those here that page
say why in their runbook. Each has a runbook, a trial in which it fires, and one in which it stays quiet.

| alert | severity | part | fires when | for |
|---|---|---|---|---|
"""


def overview(alerts: Sequence[Alert], runbooks: str = "runbooks") -> str:
    """The Markdown page; `runbooks` is the folder of runbooks as seen from it."""
    rows = (
        f"| [{alert.name}]({runbooks}/{alert.part}.md#{alert.name.lower()}) | {alert.severity.value} "
        f"| {alert.part} | {_in_words(alert)} | {duration(alert.hold_s)} |"
        for alert in alerts
    )
    return _HEAD.format(count=len(alerts)) + "\n".join(rows) + "\n"


def _in_words(alert: Alert) -> str:
    """What it says when it fires, its labels and value in italics."""
    said = f"{alert.summary}. {alert.description}"
    return re.sub(r"{{ \$(?:labels\.)?(\w+)[^}]*}}", r"*\1*", said).replace("|", "\\|")
