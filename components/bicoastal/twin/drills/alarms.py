"""Faults that somebody must be told of: who was told of what, judged against exactly what is expected."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from ...monitoring.routing.receivers import Receiver
from ..alert_receiver import Told
from .outcome import Measure, Outcome
from .stage import Stage

PAGE_LIMIT_S = 120.0
"""The most that may pass between a total outage and its page."""
QUIET_S = 60.0
"""Seconds after the last expected message in which nothing else may be told."""


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
    must: frozenset[Message]
    may: frozenset[Message] = field(default_factory=frozenset)
    """What depends on the moment at which it strikes, and is right either way."""
    limit_s: float = PAGE_LIMIT_S
    """Seconds until everything that must be is told."""


def arithmetic(terms: Sequence[Term]) -> str:
    """The worst case as a sum that a person can follow."""
    total = sum(term.seconds for term in terms)
    return " + ".join(f"{term.what} {term.seconds:g} s" for term in terms) + f" = at most {total:g} s"


def judged(scenario: Scenario, told: Collection[Told], struck_at: float) -> list[Measure]:
    """The figures of a run: what is missing, what was told beside it, and when the first page came.
    `struck_at` is in seconds since the epoch; ends of alerts and the dead man's words do not count."""
    new = [one for one in told if not one.resolved and one.receiver != Receiver.DEAD_MAN.value]
    messages = {Message(Receiver(one.receiver), one.alert) for one in new}
    missing, beside = scenario.must - messages, messages - scenario.must - scenario.may
    measures = [
        Measure(_named("not told", missing), len(missing), 0, "alerts"),
        Measure(_named("told beside", beside), len(beside), 0, "alerts"),
    ]
    if any(message.receiver is Receiver.PAGERDUTY for message in scenario.must):
        pages = [one.at.timestamp() for one in new if one.receiver == Receiver.PAGERDUTY.value]
        delay = min(pages, default=float("inf")) - struck_at
        measures.append(Measure("fault to page", delay, scenario.limit_s))
    return measures


def alarmed(stage: Stage, scenario: Scenario) -> Outcome:
    """Play one scenario under load and judge what was told. Raises `ReceiverSilent`."""
    twin, authority = stage.twin, stage.twin.environment.credentials.ca_pem

    def told(after: int) -> list[Told]:
        return twin.alert_receiver.told(authority, after)

    with stage.users():
        before = max((one.id for one in told(0)), default=0)
        struck_at = time.time()
        scenario.strike(stage)

        def is_told() -> bool:
            found = {Message(Receiver(one.receiver), one.alert) for one in told(before)}
            return scenario.must <= found

        stage.within(scenario.limit_s, is_told)
        time.sleep(QUIET_S)
        found = told(before)
        stage.heal("repaired")
    return stage.outcome(
        judged(scenario, found, struck_at), {"told": [f"{one.receiver}: {one.title}" for one in found]}
    )


def _named(what: str, messages: Collection[Message]) -> str:
    return f"{what} ({', '.join(sorted(map(str, messages)))})" if messages else what
