"""An alert on a cause, with the course of events in which it fires and the one beside it in which it does
not."""

from collections.abc import Mapping, Sequence

from ..rules import Alert
from ..runbooks import Runbook
from ..severity import Severity
from ..trials import Trial

STATUS = (
    "Dashboard system-overview, and `patronictl list` in a member's container: who is primary, who is well?"
)
MORE_TASKS = "raise the workers' `min` and `max`, or `api.replicas` where there are no workers, and apply"
PRIMARY_MOVES = "docs/operations.md, In production: switchover and failback"
SERVICES = "On a manager of the place: `docker service ls`, then `docker service ps --no-trunc SERVICE`."
LOGS = "`docker service logs --since 15m SERVICE` on a manager of the place."


def cause(
    name: str,
    *,
    part: str,
    expr: str,
    summary: str,
    description: str,
    means: str,
    look: list[str],
    act: list[str],
    given: Mapping[str, str],
    fires: Sequence[Mapping[str, str]],
    otherwise: Mapping[str, str],
    hold_s: int = 0,
    after_s: int = 3000,
    interval_s: int = 15,
    severity: Severity = Severity.WARNING,
) -> Alert:
    """The alert; a ticket unless its severity says otherwise.

    `given` are the series of the trial in which it `fires` with these labels, looked at `after_s` seconds
    after the first value. `otherwise` are the series that are different where it must stay quiet; the rest
    is the same.
    """
    return Alert(
        name=name,
        expr=expr,
        severity=severity,
        part=part,
        summary=summary,
        description=description,
        runbook=Runbook(means=means, look=look, act=act),
        hold_s=hold_s,
        firing=Trial(series=given, at_s=after_s, fires=fires, interval_s=interval_s),
        quiet=Trial(series={**given, **otherwise}, at_s=after_s, interval_s=interval_s),
    )
