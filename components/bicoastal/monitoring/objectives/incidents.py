"""How long incidents last and how far they lie apart, from what paged.

An incident is open while at least one critical alert fires that tells of what users feel: pages that overlap
are one incident. The loss of a region, which the other one makes up for, and a certificate that is about to
end page, too, and stay for days; what users feel of them has pages of its own. It begins when the first of
them fires, which is what it took to be seen later than the fault, and ends when the last one is resolved.
Over a window:

- incidents: half of the changes between open and not, rounded up, so that one that was open when the window
  began, or still is, counts;
- MTTR: the seconds in which one was open, divided by the incidents; nothing where there was none;
- MTBF: the seconds that were observed and in which none was open, divided by the incidents. Where there was
  none it is at least what was observed, and that is given.

Seconds are counted by evaluations, so that a Prometheus that was down counts neither way. An MTBF of 720 h
can only be told over more than 30 days: the window is 90 days, of which what Prometheus keeps is seen.
"""

from ..causes import ENDS_NOW, REGION_LOST
from ..durations import duration
from ..rules import EVALUATION_S, Recording, RuleGroup
from . import records
from .burn import DAY, HOUR, MINUTE
from .recordings import LONG_INTERVAL_S

WINDOW_DAYS = 90
MTTR_LIMIT_S = 15 * MINUTE
MTBF_LIMIT_S = 720 * HOUR
NO_INCIDENT = "|".join((REGION_LOST, *ENDS_NOW))
OPENED_BY = f'ALERTS{{alertstate="firing", severity="critical", alertname!~"{NO_INCIDENT}"}}'
"""The alerts by which an incident is open."""


def incident_groups(window_days: int = WINDOW_DAYS) -> list[RuleGroup]:
    """What is recorded of incidents over a window."""
    window = f"{records.INCIDENT_OPEN}[{duration(window_days * DAY)}]"
    seconds = records.INCIDENT_SECONDS
    return [
        RuleGroup(
            name="incidents",
            rules=[
                Recording(
                    record=records.INCIDENT_OPEN,
                    expr=f"count({OPENED_BY}) > bool 0 or vector(0)",
                )
            ],
        ),
        RuleGroup(
            name="incidents-long",
            interval_s=LONG_INTERVAL_S,
            rules=[
                Recording(
                    record=records.INCIDENTS,
                    expr=f"ceil((changes({window}) + {records.INCIDENT_OPEN}) / 2)",
                ),
                Recording(record=seconds, expr=f"sum_over_time({window}) * {EVALUATION_S}"),
                Recording(
                    record=records.OBSERVED_SECONDS, expr=f"count_over_time({window}) * {EVALUATION_S}"
                ),
                Recording(record=records.MTTR, expr=f"{seconds} / ({records.INCIDENTS} > 0)"),
                Recording(
                    record=records.MTBF,
                    expr=f"({records.OBSERVED_SECONDS} - {seconds}) / clamp_min({records.INCIDENTS}, 1)",
                ),
                Recording(record=records.MTTR_LIMIT, expr=f"vector({MTTR_LIMIT_S})"),
                Recording(record=records.MTBF_LIMIT, expr=f"vector({MTBF_LIMIT_S})"),
            ],
        ),
    ]
