"""The whole report, out of what the Prometheuses said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .answers import Answers, Silence, gather
from .incidents import Incidents, incidents
from .latency import Endpoint, endpoints
from .objectives import Held, held
from .period import Span
from .prometheus import Prometheus
from .questions import Questions

UPTIME = "uptime"
"""The objective that stands at the top, where there is one of this name."""


@dataclass(frozen=True)
class Report:
    """What was promised and what was held."""

    span: Span
    heard: Sequence[Answers]
    silent: Sequence[Silence]
    objectives: Sequence[Held]
    endpoints: Sequence[Endpoint]
    incidents: Incidents

    @classmethod
    def of(cls, prometheuses: Iterable[Prometheus], span: Span) -> "Report":
        """Ask all of them, and add what they counted."""
        said = [gather(prometheus, span) for prometheus in prometheuses]
        heard = [each for each in said if isinstance(each, Answers)]
        return cls(
            span=span,
            heard=heard,
            silent=[each for each in said if isinstance(each, Silence)],
            objectives=held(heard, span),
            endpoints=endpoints(heard),
            incidents=incidents(heard, span),
        )

    @property
    def asked(self) -> Questions:
        """The queries behind the figures."""
        return Questions(self.span)

    @property
    def uptime(self) -> Held | None:
        """How the service was up, where that is promised."""
        return next((each for each in self.objectives if each.slo == UPTIME and not each.group), None)

    @property
    def doubled(self) -> Sequence[str]:
        """Places that more than one Prometheus watches: what they count would be added twice."""
        names = [each.name for each in self.heard]
        return sorted({name for name in names if names.count(name) > 1})
