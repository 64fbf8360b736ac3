"""The declaration of a service level objective."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NotRequired, TypedDict

from ...checks import monitoring as checks
from ...checks.problem import Problem
from ...checks.rules import NAME
from ...settings import read, refuse, setting
from ..runbooks import Runbook, RunbookArgs
from ..severity import Audience, Severity
from ..windows import USUAL_WINDOW_DAYS
from .burn import BURN_RATES, DAY, BurnRate, decimal
from .course import Course
from .indicator import Counters, CountersArgs, Events, Latency, LatencyArgs, Probes, ProbesArgs
from .selector import NoExample, Selector

OWN_LABELS = (
    "alertname",
    "audience",
    "exhausts_in",
    "factor",
    "owner",
    "part",
    "period",
    "severity",
    "slo",
    "window",
)
PERIODS = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY}
"""For which it is told how much of the error budget is left, in seconds."""


class SloArgs(TypedDict):
    """What users were promised, how it is measured and what is done when it is at risk. One of `counters`,
    `latency` and `probes` is required."""

    name: str
    """The objective, such as `uptime`: 1 to 40 lower-case letters, digits and hyphens, each once. Its alerts
    are named after it."""
    objective: float
    """The percentage of requests that must be good, between 0 and 100, such as 99.9. It is computed with as
    it is written. One that pages is more than 93.05: of less, 14.4 times the budget is over everything."""
    owner: str
    """Who answers for it, as a label of all that is recorded."""
    runbook: RunbookArgs
    """What to do when its budget burns."""
    counters: NotRequired[CountersArgs]
    """It is measured by counters."""
    latency: NotRequired[LatencyArgs]
    """It is measured by a histogram of durations."""
    probes: NotRequired[ProbesArgs]
    """It is measured by a gauge of probes."""
    title: NotRequired[str]
    """It in a few words, for pages and dashboards. Default: the name."""
    part: NotRequired[str]
    """What its alerts are about, such as `api`, and the page of their runbooks, in the form of a name.
    Default: `slo-` and the name."""
    window_days: NotRequired[int]
    """The days that the objective is over, 7 to 366 and no more than Prometheus keeps. Default: 30."""
    severity: NotRequired[Severity]
    """`critical`: the two quicker burn rates page, the others make tickets. `warning`: all make tickets, and
    those that could never fire are left out. Default: `critical`."""
    audience: NotRequired[Audience]
    """Whom it concerns. Default: `operations`."""
    group_by: NotRequired[list[str]]
    """Labels of the metrics by each of whose values it holds, such as `route`. Default: none, over all. Of
    these Alertmanager compares `route` and `place` alone: by another label, the page of one value keeps back
    the tickets of the others until it ends."""
    minimum_requests: NotRequired[int]
    """So many requests in an alert's long window at least, or one failure would be a big share: 1 to 1000000.
    Default: 100."""
    measured: NotRequired[str]
    """The selector of series that are there whenever it is measured; an alert says when they are not.
    Default: that of all requests. Name a wider one where a label's value comes with its first request."""
    labels: NotRequired[dict[str, str]]
    """Further labels of its alerts. Default: none."""
    examples: NotRequired[dict[str, str]]
    """A label's value in the tests' series, where it is to read well or none can be read off the selectors.
    Default: none."""


@dataclass(frozen=True, kw_only=True)
class Slo:
    """See `SloArgs`, checked."""

    name: str = setting(NAME)
    objective: float = setting(checks.OBJECTIVE)
    owner: str = setting(NAME)
    runbook: Runbook
    counters: Counters | None = None
    latency: Latency | None = None
    probes: Probes | None = None
    title: str = ""
    part: str | None = setting(NAME, default=None)
    window_days: int = setting(checks.WINDOW_DAYS, default=USUAL_WINDOW_DAYS)
    severity: Severity = Severity.CRITICAL
    audience: Audience = Audience.OPERATIONS
    group_by: list[str] = setting(checks.LABEL_NAME, factory=list)
    minimum_requests: int = setting(checks.REQUESTS, default=100)
    measured: str | None = setting(checks.SELECTOR, default=None)
    labels: dict[str, str] = setting(checks.CONSTANT, factory=dict)
    examples: dict[str, str] = setting(factory=dict)

    @classmethod
    def of(cls, args: SloArgs) -> "Slo":
        """The objective that is declared. Raises `pulumi.InputPropertiesError` naming every problem."""
        return read(cls, args, f"Objective {args.get('name')!r}")

    @property
    def page(self) -> str:
        """The part that its alerts are about, and the page of their runbooks."""
        return self.part or f"slo-{self.name}"

    @property
    def budget(self) -> Decimal:
        """The share of requests that may fail."""
        return 1 - decimal(self.objective) / 100

    @property
    def window_s(self) -> int:
        """The objective's window."""
        return self.window_days * DAY

    @property
    def periods(self) -> dict[str, int]:
        """The periods within the window, in seconds."""
        return {name: seconds for name, seconds in PERIODS.items() if seconds <= self.window_s}

    def budget_minutes(self, seconds: int) -> Decimal:
        """Minutes of a total outage that use up what a period may have: 43.2 for 99.9 % of 30 days."""
        return self.budget * seconds / 60

    @property
    def pages(self) -> bool:
        """Whether it wakes somebody."""
        return self.severity is Severity.CRITICAL

    @property
    def burn_rates(self) -> list[BurnRate]:
        """Those that alerts are made for: all that can fire."""
        return [rate for rate in BURN_RATES if self.threshold(rate) < 1]

    def threshold(self, rate: BurnRate) -> Decimal:
        """The share of failed requests above which it burns so fast."""
        return rate.factor * self.budget

    @property
    def indicator(self) -> Events | Probes:
        """What it is measured by."""
        (declared,) = (kind for kind in self._kinds.values() if kind is not None)
        return declared.indicator

    @property
    def presence(self) -> Selector:
        """The series whose absence means that nothing is measured."""
        return Selector.of(self.measured) if self.measured else self.indicator.measured

    @property
    def _kinds(self) -> dict[str, Counters | Latency | Probes | None]:
        return {"counters": self.counters, "latency": self.latency, "probes": self.probes}

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        given = [name for name, kind in self._kinds.items() if kind is not None]
        kinds = list(checks.is_one_kind(given, list(self._kinds)))
        yield from kinds
        yield from checks.tells_somebody(self.severity is not Severity.NONE)
        needed = BURN_RATES if self.pages else BURN_RATES[2:]
        for rate in needed:
            refused = list(checks.can_fire(rate.factor, self.budget, pages=self.pages))
            if refused:
                yield refused[0]
                break
        if self.probes is not None:
            yield from checks.probes_are_enough(self.minimum_requests)
        yield from checks.labels_are_named(list(self.labels))
        yield from checks.labels_are_free(list(self.labels), OWN_LABELS, "labels")
        yield from checks.labels_differ(list(self.labels), self.group_by)
        yield from checks.labels_are_free(self.group_by, OWN_LABELS, "group_by")
        if not kinds:
            yield from self._untestable()

    def _untestable(self) -> Iterator[Problem]:
        try:
            self.indicator.series(self.examples, self.group_by, Course([], 1))
        except NoExample as missing:
            yield checks.has_example(str(missing))


def objectives(declared: Sequence[SloArgs], *, retention_days: int | None = None) -> list[Slo]:
    """All objectives of a stack whose Prometheus keeps its data for `retention_days`, where that is known.

    Raises `pulumi.InputPropertiesError` for one that cannot be used, for a name that is declared twice and
    for a window over the retention.
    """
    read_all = [Slo.of(args) for args in declared]
    problems = list(checks.names_are_distinct([slo.name for slo in read_all]))
    if retention_days is not None:
        for slo in read_all:
            problems += checks.is_kept(slo.name, slo.window_days, retention_days)
    refuse("The objectives", problems)
    return read_all
