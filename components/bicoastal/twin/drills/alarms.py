"""Faults that somebody must be told of: who was told of what, judged against exactly what is expected."""

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from ...monitoring.causes import WATCHDOG
from ...monitoring.routing.receivers import Receiver
from ...report.prometheus import Unanswered
from ..alert_receiver import Told
from .outcome import Measure, Outcome
from .registry import Drill
from .stage import DrillImpossible, Stage

PAGE_LIMIT_S = 120.0
"""The most that may pass between a fault and its first page."""
QUIET_S = 60.0
"""Seconds after the repair in which what comes late is still told."""
PENDING = 'ALERTS{alertstate="pending"}'
CALM_LIMIT_S = 120.0
"""Seconds in which the alerts of what was before may end. What fires longer is not judged, and must not be
what is expected."""
REMEMBERS = re.compile(
    r".*BudgetBurn\w+|BackendServerFlaps|BalancerRestarts|ProcessRestarts|EtcdLeaderChanges"
    r"|AlertmanagerNotificationsFail|Prometheus(Notifications(Fail|Dropped)|EvaluationsMissed)"
)
"""Alerts on what has come together over a quarter of an hour and more: whether a fault of minutes makes them
fire depends on the faults before it, and on how long there have been figures. They are told of and not
judged, unless a fault so surely makes one fire that it must be told."""
FORGETS_S = 400.0
"""Seconds in which what must be told may end, if it fires before: as long as the shortest of a burn rate's
windows, and some more."""


@dataclass(frozen=True)
class Message:
    """An alert that somebody is told of."""

    receiver: Receiver
    alert: str

    def __str__(self) -> str:
        return f"{self.alert} by {self.receiver.value}"


def paged(*alerts: str) -> frozenset[Message]:
    """These, by PagerDuty."""
    return frozenset(Message(Receiver.PAGERDUTY, alert) for alert in alerts)


def ticketed(*alerts: str) -> frozenset[Message]:
    """These, in Slack."""
    return frozenset(Message(Receiver.SLACK, alert) for alert in alerts)


def mailed(*alerts: str) -> frozenset[Message]:
    """These, by mail."""
    return frozenset(Message(Receiver.MAIL, alert) for alert in alerts)


@dataclass(frozen=True, kw_only=True)
class Term:
    """A part of the way from a fault to its page, at its worst."""

    what: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A fault, and exactly what must be told."""

    name: str
    summary: str
    strike: Callable[[Stage], None]
    """Causes it for real, by `stage.strike` with its repair."""
    lasts_s: float
    """Seconds until it is repaired: what holds for less is told, what holds for more is not."""
    must: frozenset[Message]
    may: frozenset[Message] = field(default_factory=frozenset)
    """What depends on the moment at which it strikes, and is right either way."""
    worst: Sequence[Term] = ()
    """The way to its page."""
    limit_s: float = PAGE_LIMIT_S
    """Seconds until the first page, where one must come."""

    @property
    def due(self) -> frozenset[str]:
        """The names of the alerts that must be told."""
        return frozenset(message.alert for message in self.must)

    def judges(self, alert: str) -> bool:
        """Whether this one counts."""
        return alert in self.due or not REMEMBERS.fullmatch(alert)

    @property
    def drill(self) -> Drill:
        """The scenario as a drill of its own."""
        return Drill(f"alert-{self.name}", self.summary, lambda stage: alarmed(stage, self))


def arithmetic(terms: Sequence[Term]) -> str:
    """The worst case as a sum that a person can follow."""
    total = sum(term.seconds for term in terms)
    return " + ".join(f"{term.what} {term.seconds:g} s" for term in terms) + f" = at most {total:g} s"


def judged(
    scenario: Scenario, told: Collection[Told], struck_at: float, before: Collection[str] = ()
) -> list[Measure]:
    """The figures of a run: what is missing, what was told beside it, and when the first page came.

    `struck_at` is in seconds since the epoch. Ends of alerts and the dead man's words do not count; alerts
    that fired `before`, and those that remember earlier faults, count neither way.
    """
    new = [one for one in told if _is_begin(one) and scenario.judges(one.alert) and one.alert not in before]
    messages = {Message(Receiver(one.receiver), one.alert) for one in new}
    missing, beside = scenario.must - messages, messages - scenario.must - scenario.may
    measures = [
        Measure(named("not told", missing), len(missing), 0, "alerts"),
        Measure(named("told beside", beside), len(beside), 0, "alerts"),
    ]
    due = {message.alert for message in scenario.must if message.receiver is Receiver.PAGERDUTY}
    if due:
        pages = [one.at.timestamp() for one in new if one.alert in due and _is_page(one)]
        delay = min(pages, default=float("inf")) - struck_at
        measures.append(Measure("fault to page", delay, scenario.limit_s))
    return measures


def alarmed(stage: Stage, scenario: Scenario) -> Outcome:
    """Play one scenario under load and judge what was told between the fault and the end of its repair.
    Raises `ReceiverSilent`, and `DrillImpossible` when what is expected fires before."""
    fired = still_firing(stage, scenario)
    with stage.users():
        number = last_number(stage)
        struck_at = time.time()
        scenario.strike(stage)
        if scenario.worst:
            stage.say(f"page: {arithmetic(scenario.worst)}; limit {scenario.limit_s:g} s")
        time.sleep(max(0.0, struck_at + scenario.lasts_s - time.time()))
        redundancy = stage.redundancy_since(stage.heal("repaired"))
        time.sleep(QUIET_S)
        told = told_after(stage, number)
    seen = {**notes(scenario, told, struck_at), "fired before": sorted(fired)}
    measures = [*judged(scenario, told, struck_at, fired), redundancy, *stage.lost()]
    return stage.outcome(measures, seen)


def notes(scenario: Scenario | None, told: Collection[Told], struck_at: float) -> Mapping[str, object]:
    """All that was told, with the seconds after the fault; and the worst case where there is one."""
    lines = [
        f"{one.at.timestamp() - struck_at:+.1f} s {one.receiver}: {one.alert}"
        f"{' ended' if one.resolved else ''} ({one.title})"
        for one in told
        if one.receiver != Receiver.DEAD_MAN.value
    ]
    worst = {"worst case": arithmetic(scenario.worst)} if scenario and scenario.worst else {}
    return {"told": lines, **worst}


def still_firing(stage: Stage, scenario: Scenario | None) -> Collection[str]:
    """The alerts that fire and do not end soon; before a fault those, too, that are about to, by what was
    before it. Raises `DrillImpossible` when the scenario expects one of them."""
    fires: set[str] = set()

    def is_calm() -> bool:
        with closing(stage.twin.alertmanagers()) as alertmanagers:
            now = {str(alert["labels"]["alertname"]) for alert in alertmanagers.alerts()} - {WATCHDOG}
        if scenario:
            now = {name for name in now | _pending(stage) if scenario.judges(name)}
        if now - fires:
            stage.say(f"waiting for the end of {', '.join(sorted(now))}")
        fires.clear()
        fires.update(now)
        return not now

    due = scenario.due if scenario else frozenset[str]()
    if not stage.within(CALM_LIMIT_S, is_calm) and due & fires:
        stage.within(FORGETS_S - CALM_LIMIT_S, lambda: is_calm() or not due & fires)
    expected = due & fires
    if expected:
        raise DrillImpossible(f"expected, and fires before the fault: {', '.join(sorted(expected))}")
    return fires


def _pending(stage: Stage) -> set[str]:
    """The alerts whose condition is met and does not hold for long enough yet. Raises `DrillImpossible`."""
    try:
        with stage.twin.prometheuses() as servers:
            found = [server.at(PENDING, int(time.time())) for server in servers]
    except Unanswered as silent:
        raise DrillImpossible(f"a Prometheus does not answer: {silent}; {stage.bring_up_first}") from None
    return {sample.labels["alertname"] for samples in found for sample in samples}


def told_after(stage: Stage, number: int) -> list[Told]:
    """What the receiver was told after the message of this number. Raises `ReceiverSilent`."""
    twin = stage.twin
    return twin.alert_receiver.told(twin.environment.credentials.ca_pem, number)


def last_number(stage: Stage) -> int:
    """The number of the last message. Raises `ReceiverSilent`."""
    return max((one.id for one in told_after(stage, 0)), default=0)


def _is_begin(one: Told) -> bool:
    return not one.resolved and one.receiver != Receiver.DEAD_MAN.value


def _is_page(one: Told) -> bool:
    return one.receiver == Receiver.PAGERDUTY.value


def named(what: str, messages: Collection[Message]) -> str:
    """The name of a figure that counts messages, with the messages."""
    return f"{what} ({', '.join(sorted(map(str, messages)))})" if messages else what
