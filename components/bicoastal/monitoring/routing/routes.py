"""Which alert goes to whom, after how long, and how often again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from ...checks import alerting as checks
from ...checks.problem import Problem
from ...settings import setting
from ..causes import WATCHDOG
from ..durations import duration
from ..severity import Audience, Severity
from .receivers import Receiver, Receivers, ReceiversArgs

GROUPED_BY = ("alertname", "part", "slo", "place")
"""Alerts that agree in these are one message. Whatever differs in one of them is told for itself, so that no
place and no objective hides behind another."""
TICKET_HOURS = "ticket-hours"
_TOO_SOON_SHARE = 6
"""A group is looked at once in an interval, and what was told just before is not yet due: a repetition that
is as long as the interval comes at every second look. It is made shorter by this part of the interval."""


class TicketHoursArgs(TypedDict):
    """When tickets are told; outside, they wait. Pages know no hours."""

    begin: NotRequired[str]
    """`HH:MM`. Default: 08:00."""
    end: NotRequired[str]
    """`HH:MM`. Default: 18:00."""
    time_zone: NotRequired[str]
    """A name such as `America/New_York`. Default: UTC."""
    weekends: NotRequired[bool]
    """Whether on Saturday and Sunday, too. Default: false."""


class RouteArgs(TypedDict):
    """A way of your own, looked at before ours but for the dead man's switch."""

    match: dict[str, str]
    """The labels that an alert must carry, with their values."""
    receiver: Receiver
    """Who is told: `pagerduty`, `slack`, `mail` or `nobody`."""
    also: NotRequired[bool]
    """Whether who would be told without it is told, too. Default: false."""


class RoutingArgs(TypedDict):
    """Who is told of what."""

    receivers: ReceiversArgs
    """Who can be told, with what is secret of them."""
    routes: NotRequired[list[RouteArgs]]
    """Ways of your own, the first that matches counts. Default: none."""
    page_wait_s: NotRequired[int]
    """Seconds that a page waits for others of its group, 0 to 5. Default: 1, so that what comes together
    with its cause is known for a consequence."""
    page_interval_s: NotRequired[int]
    """Seconds until what joined or left a page's group is told, 5 to 3600. Default: 60."""
    page_repeat_s: NotRequired[int]
    """Seconds until a page is told again while it lasts, 60 to 2592000, longer than its interval. Default:
    3600."""
    ticket_wait_s: NotRequired[int]
    """Seconds that a ticket waits for others of its group, 0 to 3600. Default: 30."""
    ticket_interval_s: NotRequired[int]
    """Seconds until what joined or left a ticket's group is told, 5 to 3600. Default: 300."""
    ticket_repeat_s: NotRequired[int]
    """Seconds until a ticket is told again while it lasts, 60 to 2592000, longer than its interval. Default:
    86400."""
    dead_man_interval_s: NotRequired[int]
    """Seconds between two words to the dead man's switch, 5 to 3600. Default: 60."""
    ticket_hours: NotRequired[TicketHoursArgs]
    """When tickets are told. Default: at any time."""


@dataclass(frozen=True, kw_only=True)
class TicketHours:
    """When tickets are told, checked."""

    begin: str = setting(checks.CLOCK, default="08:00")
    end: str = setting(checks.CLOCK, default="18:00")
    time_zone: str = setting(checks.TIME_ZONE, default="UTC")
    weekends: bool = False

    def as_data(self) -> dict[str, object]:
        """As Alertmanager reads them."""
        hours = {
            "times": [{"start_time": self.begin, "end_time": self.end}],
            "location": self.time_zone,
            **({} if self.weekends else {"weekdays": ["monday:friday"]}),
        }
        return {"name": TICKET_HOURS, "time_intervals": [hours]}

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.begin >= self.end:
            yield Problem(
                "end",
                "not after the beginning",
                self.end,
                f"later than {self.begin}",
                "hours end on the day on which they begin",
            )


@dataclass(frozen=True, kw_only=True)
class Route:
    """A way of the user's own, checked."""

    match: dict[str, str] = setting(checks.LABEL)
    receiver: Receiver
    also: bool = False

    def problems(self) -> Iterator[Problem]:
        """What is wrong with it alone."""
        yield from checks.matches_something("match", self.match)


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Who is told of what, checked."""

    receivers: Receivers
    routes: list[Route] = setting(factory=list)
    page_wait_s: int = setting(checks.PAGE_WAIT, default=1)
    page_interval_s: int = setting(checks.INTERVAL, default=60)
    page_repeat_s: int = setting(checks.REPEAT, default=3600)
    ticket_wait_s: int = setting(checks.TICKET_WAIT, default=30)
    ticket_interval_s: int = setting(checks.INTERVAL, default=300)
    ticket_repeat_s: int = setting(checks.REPEAT, default=86400)
    dead_man_interval_s: int = setting(checks.INTERVAL, default=60)
    ticket_hours: TicketHours | None = None

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.repeats_after_interval("page_repeat_s", self.page_repeat_s, self.page_interval_s)
        yield from checks.repeats_after_interval(
            "ticket_repeat_s", self.ticket_repeat_s, self.ticket_interval_s
        )
        known = [receiver for receiver in self.receivers.known if receiver is not Receiver.DEAD_MAN]
        for number, route in enumerate(self.routes):
            if route.receiver not in known:
                yield Problem(
                    f"routes[{number}].receiver",
                    "not one who is told of alerts",
                    repr(route.receiver.value),
                    ", ".join(receiver.value for receiver in known),
                    "declare it, or choose another one; the dead man's switch must hear of nothing else",
                )

    def as_data(self) -> dict[str, object]:
        """The tree as Alertmanager reads it. What no way matches is a ticket: nothing is lost."""
        page = _pace(self.page_wait_s, self.page_interval_s, self.page_repeat_s)
        ticket = _pace(self.ticket_wait_s, self.ticket_interval_s, self.ticket_repeat_s)
        hours = {"active_time_intervals": [TICKET_HOURS]} if self.ticket_hours else {}
        mail = _pace(self.page_wait_s, self.page_interval_s, self.ticket_repeat_s)
        paces = {Receiver.PAGERDUTY: page, Receiver.MAIL: mail}
        business = _is("audience", Audience.BUSINESS.value)
        told = f'severity!="{Severity.NONE.value}"'
        by_mail = [_way(Receiver.MAIL, business, told, **mail, **{"continue": True})]
        return {
            "receiver": Receiver.SLACK.value,
            "group_by": list(GROUPED_BY),
            **ticket,
            "routes": [
                self._dead_man(),
                *(_own(route, paces.get(route.receiver, ticket)) for route in self.routes),
                *(by_mail if self.receivers.mail else []),
                _way(Receiver.PAGERDUTY, _is("severity", Severity.CRITICAL.value), **page),
                _way(Receiver.NOBODY, _is("severity", Severity.NONE.value)),
                _way(Receiver.SLACK, _is("severity", Severity.WARNING.value), **hours),
            ],
        }

    def _dead_man(self) -> dict[str, object]:
        interval_s = self.dead_man_interval_s
        pace = _pace(0, interval_s, interval_s - max(1, interval_s // _TOO_SOON_SHARE))
        return _way(Receiver.DEAD_MAN, _is("alertname", WATCHDOG), group_by=["alertname"], **pace)


def _own(route: Route, pace: dict[str, object]) -> dict[str, object]:
    also = {"continue": True} if route.also else {}
    return _way(route.receiver, *(_is(*label) for label in sorted(route.match.items())), **pace, **also)


def _way(receiver: Receiver, *matchers: str, **own: object) -> dict[str, object]:
    return {"receiver": receiver.value, "matchers": list(matchers), **own}


def _is(label: str, value: str) -> str:
    return f"{label}={json.dumps(value, ensure_ascii=False)}"


def _pace(wait_s: int, interval_s: int, repeat_s: int) -> dict[str, object]:
    return {
        "group_wait": duration(wait_s),
        "group_interval": duration(interval_s),
        "repeat_interval": duration(repeat_s),
    }
