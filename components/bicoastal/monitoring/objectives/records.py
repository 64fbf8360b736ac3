"""The names of what is recorded, after Sloth's, so that people recognise them.

Every series carries `slo` and `owner`, and the labels that the objective is grouped by. Rates are events per
second.
"""

from ..durations import duration

OBJECTIVE = "slo:objective:ratio"
ERROR_BUDGET = "slo:error_budget:ratio"
ERROR_BUDGET_MINUTES = "slo:error_budget:minutes"
"""By `period`: minutes of a total outage under even traffic that use it up."""
TIME_PERIOD = "slo:time_period:days"
CURRENT_BURN_RATE = "slo:current_burn_rate:ratio"
PERIOD_BURN_RATE = "slo:period_burn_rate:ratio"
REMAINING = "slo:error_budget_remaining:ratio"
"""By `period`: `day`, `week`, `month`. Negative when more is gone than there was."""
REMAINING_MINUTES = "slo:error_budget_remaining:minutes"
INFO = "slo:info"

INCIDENT_OPEN = "incident:open:bool"
INCIDENTS = "incident:started:count"
INCIDENT_SECONDS = "incident:open:seconds"
OBSERVED_SECONDS = "incident:observed:seconds"
MTTR = "incident:mttr:seconds"
MTTR_LIMIT = "incident:mttr_limit:seconds"
MTBF = "incident:mtbf:seconds"
MTBF_LIMIT = "incident:mtbf_limit:seconds"


def errors(window_s: int) -> str:
    """What failed, per second over a window."""
    return f"slo:sli_errors:rate{duration(window_s)}"


def total(window_s: int) -> str:
    """All that was asked, per second over a window."""
    return f"slo:sli_total:rate{duration(window_s)}"


def tiles(window_s: int) -> str:
    """For how many tiles of five minutes of a window there are figures."""
    return f"slo:sli_total:tiles{duration(window_s)}"


def error_ratio(window_s: int) -> str:
    """The share of what failed over a window; nothing where nothing was asked."""
    return f"slo:sli_error:ratio_rate{duration(window_s)}"


def of(record: str, slo: str, **labels: str) -> str:
    """The record of one objective."""
    listed = ", ".join(f'{label}="{value}"' for label, value in {"slo": slo, **labels}.items())
    return f"{record}{{{listed}}}"
