"""Who is told of what: routes, grouping and inhibition as one table, on a real Alertmanager."""

import time
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from bicoastal.monitoring.causes import (
    HOST_DOWN,
    NO_PRIMARY,
    REGION_LOST,
    REPLICAS_MISSING,
    SENTINELS_MISSING,
    VOTERS_MISSING,
    WATCHDOG,
    WITNESS_LOST,
)
from bicoastal.operations.alertmanager import Matcher
from tests.twin.alerting.conftest import CONFIGURATION, Labels, Stage, alert

pytestmark = [pytest.mark.twin, pytest.mark.timeout(180)]

SETTLED_S = 8.0
"""Seconds after which everything of the table was told: a ticket's wait and its interval, and some more."""


@dataclass
class Case:
    """Alerts that fire together in a place of their own, and who must be told exactly what."""

    alerts: list[Labels]
    told: list[str]
    before: list[Labels] = field(default_factory=list)
    """What fires some seconds earlier."""


CASES: dict[str, Case] = {
    "a-page": Case(
        [alert("Outage", "a-page", "critical", slo="uptime", instance="a")],
        ["pagerduty: CRITICAL: Outage at a (a-page)"],
    ),
    "a-ticket": Case(
        [alert("Slow", "a-ticket", part="nginx", instance="a")], ["slack: WARNING: Slow at a (a-ticket)"]
    ),
    "business-page": Case(
        [alert("NoPayments", "business-page", "critical", audience="business", instance="a")],
        [
            "mail: CRITICAL: NoPayments at a (business-page)",
            "pagerduty: CRITICAL: NoPayments at a (business-page)",
        ],
    ),
    "business-ticket": Case(
        [alert("FewPayments", "business-ticket", audience="business", instance="a")],
        [
            "mail: WARNING: FewPayments at a (business-ticket)",
            "slack: WARNING: FewPayments at a (business-ticket)",
        ],
    ),
    "no-severity": Case(
        [{"alertname": "Stray", "place": "no-severity"}], ["slack: ALERT: Stray at large (no-severity)"]
    ),
    "nobody": Case([alert("Idle", "nobody", "none", instance="a")], []),
    "same-group": Case(
        [alert("DiskFull", "same-group", part="hosts", instance=name) for name in ("a", "b")],
        ["slack: WARNING: DiskFull, 2 of 2 firing (same-group)"],
    ),
    "two-objectives": Case(
        [alert("Burns", "two-objectives", slo=name, instance=name) for name in ("uptime", "payment")],
        [
            "slack: WARNING: Burns at payment (two-objectives)",
            "slack: WARNING: Burns at uptime (two-objectives)",
        ],
    ),
    "two-parts": Case(
        [alert("Down", "two-parts", part=name, instance=name) for name in ("redis", "etcd")],
        ["slack: WARNING: Down at etcd (two-parts)", "slack: WARNING: Down at redis (two-parts)"],
    ),
    "host-down": Case(
        [
            alert(HOST_DOWN, "host-down", part="hosts", host="10.0.0.1", instance="10.0.0.1:9100"),
            alert("ExporterDown", "host-down", part="redis", host="10.0.0.1", instance="10.0.0.1:9121"),
            alert("ExporterDown", "host-down", part="redis", host="10.0.0.2", instance="10.0.0.2:9121"),
        ],
        [
            "slack: WARNING: ExporterDown at 10.0.0.2:9121 (host-down)",
            "slack: WARNING: HostDown at 10.0.0.1:9100 (host-down)",
        ],
    ),
    "no-primary": Case(
        [
            alert(NO_PRIMARY, "no-primary", "critical", part="patroni", instance="a"),
            alert("ApiErrors", "no-primary", part="api", instance="a"),
            alert("ApiDown", "no-primary", "critical", part="api", instance="a"),
        ],
        [
            "pagerduty: CRITICAL: ApiDown at a (no-primary)",
            f"pagerduty: CRITICAL: {NO_PRIMARY} at a (no-primary)",
        ],
    ),
    # What the case before keeps back of the API, wherever it is.
    "api-without-a-primary": Case(
        [alert("ApiErrors", "api-without-a-primary", part="api", instance="b")], []
    ),
    "page-over-ticket": Case(
        [
            alert("BurnsFast", "page-over-ticket", "critical", slo="uptime", route="/pins", instance="a"),
            alert("BurnsSlowly", "page-over-ticket", slo="uptime", route="/pins", instance="a"),
            alert("BurnsSlowly", "page-over-ticket", slo="uptime", route="/map", instance="b"),
            alert("BurnsSlowly", "page-over-ticket", slo="payment", route="/pins", instance="c"),
        ],
        [
            "pagerduty: CRITICAL: BurnsFast at a (page-over-ticket)",
            "slack: WARNING: BurnsSlowly at b (page-over-ticket)",
            "slack: WARNING: BurnsSlowly at c (page-over-ticket)",
        ],
    ),
    "part-over-ticket": Case(
        [
            alert("TwoLeaders", "part-over-ticket", "critical", part="postgres", instance="a"),
            alert("Lag", "part-over-ticket", part="postgres", instance="a"),
            alert("Lag", "part-over-ticket", part="redis", instance="b"),
        ],
        [
            "pagerduty: CRITICAL: TwoLeaders at a (part-over-ticket)",
            "slack: WARNING: Lag at b (part-over-ticket)",
        ],
    ),
    "certificates": Case(
        [
            alert("EndsNow", "certificates", "critical", part="certificates", certificate="a", instance="a"),
            alert("Ends", "certificates", part="certificates", certificate="a", instance="a"),
            alert("Ends", "certificates", part="certificates", certificate="b", instance="b"),
        ],
        [
            "pagerduty: CRITICAL: EndsNow at a (certificates)",
            "slack: WARNING: Ends at b (certificates)",
        ],
    ),
    "region-lost": Case(
        [
            alert("NoBalancer", "region-lost", "critical", part="haproxy", instance="a"),
            alert("Lag", "region-lost", part="redis", instance="a"),
            alert(HOST_DOWN, "region-lost", part="hosts", host="a", instance="a"),
        ],
        [f"pagerduty: CRITICAL: {REGION_LOST} at large (region-lost)"],
        before=[alert(REGION_LOST, "region-lost", "critical", part="region")],
    ),
    # What is in the witness's place is not told beside its loss.
    "witness-lost": Case(
        [
            alert("Lag", "witness-lost", part="redis", instance="a"),
            alert(HOST_DOWN, "witness-lost", part="hosts", host="a", instance="a"),
        ],
        [f"slack: WARNING: {WITNESS_LOST} at large (witness-lost)"],
        before=[alert(WITNESS_LOST, "witness-lost", part="edge")],
    ),
    # What the regions before have lost.
    "other-than-the-lost": Case(
        [
            alert(VOTERS_MISSING, "other-than-the-lost", part="etcd", instance="a"),
            alert(SENTINELS_MISSING, "other-than-the-lost", part="sentinel", instance="a"),
            alert(REPLICAS_MISSING, "other-than-the-lost", part="sentinel", instance="b"),
            alert("Lag", "other-than-the-lost", part="redis", instance="c"),
        ],
        ["slack: WARNING: Lag at c (other-than-the-lost)"],
    ),
}


@pytest.fixture(scope="module")
def played(stage: Stage) -> Stage:
    """Everything in the table fires, each in a place of its own, and has been told."""
    stage.post(*(one for case in CASES.values() for one in case.before))
    time.sleep(2)
    stage.post(*(one for case in CASES.values() for one in case.alerts))
    time.sleep(SETTLED_S)
    return stage


@pytest.mark.parametrize("place", CASES)
def test_exactly_those_are_told_who_must_be(played: Stage, place: str) -> None:
    assert played.titles(place) == sorted(CASES[place].told)


def test_a_page_is_there_within_five_seconds_and_its_end_is_told(stage: Stage) -> None:
    page = alert("Sudden", "timed", "critical", slo="uptime", instance="a")
    posted = stage.post(page)
    (told,) = stage.wait_for("timed", 1)
    assert told.at.timestamp() - posted <= 5
    assert not told.resolved
    stage.post(page, resolved=True)
    ends = [message for message in _until_resolved(stage, told.id) if message.receiver == "pagerduty"]
    assert len(ends) == 1


def test_a_message_says_what_it_means_where_and_what_to_do(stage: Stage) -> None:
    stage.post(alert("Wordy", "worded", part="redis", instance="10.0.0.1:9121"))
    (told,) = stage.wait_for("worded", 1)
    said = told.text.splitlines()
    assert said[:4] == [
        "Wordy at 10.0.0.1:9121",
        "What it means.",
        "Value: 42",
        "Place: worded, 10.0.0.1:9121",
    ]
    assert said[4].startswith("Since: ")
    assert said[5] == "Runbook: https://docs.example.com/runbooks/wordy"


def test_the_dead_man_is_told_again_at_each_interval_and_nobody_else_is(stage: Stage) -> None:
    stage.post({"alertname": WATCHDOG, "severity": "none"})
    time.sleep(12)
    words = [message for message in stage.told() if WATCHDOG in f"{message.title} {message.text}"]
    assert {message.receiver for message in words} == {"dead-man"}
    times = [message.at.timestamp() for message in words]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps
    assert all(4 <= gap <= 6 for gap in gaps), gaps


def test_what_is_maintained_is_told_once_the_silence_has_ended(stage: Stage) -> None:
    ticket = alert("Maintained", "silenced", part="redis", instance="a")
    with stage.alertmanagers.silenced([Matcher("place", "silenced")], 5, "the tests", "a trial"):
        (silence,) = [s for s in stage.alertmanagers.silences() if s.reason == "a trial"]
        assert (silence.author, silence.state) == ("the tests", "active")
        stage.post(ticket)
        time.sleep(4)
        assert stage.told("silenced") == []
    assert [s for s in stage.alertmanagers.silences() if s.reason == "a trial"] == []
    stage.wait_for("silenced", 1)


ROUTES = {
    "alertname=Watchdog severity=none": "dead-man",
    "alertname=X severity=critical": "pagerduty",
    "alertname=X severity=critical audience=business": "mail,pagerduty",
    "alertname=X severity=warning audience=operations": "slack",
    "alertname=X severity=warning audience=business": "mail,slack",
    "alertname=X severity=none audience=business": "nobody",
    "alertname=X": "slack",
    "alertname=X severity=unheard-of": "slack",
}


@pytest.mark.parametrize("labels", ROUTES)
def test_amtool_says_the_same_of_the_routes(stage: Stage, labels: str) -> None:
    asked = [f"--config.file={CONFIGURATION}", f"--verify.receivers={ROUTES[labels]}", *labels.split()]
    code, said = stage.alertmanager.exec_run(["amtool", "config", "routes", "test", *asked])
    assert code == 0, said.decode()


def test_amtool_finds_nothing_wrong_with_the_configuration(stage: Stage) -> None:
    code, said = stage.alertmanager.exec_run(["amtool", "check-config", CONFIGURATION])
    assert code == 0, said.decode()
    assert b"1 templates" in said


def _until_resolved(stage: Stage, after: int) -> list:
    deadline = time.monotonic() + 15
    while not (found := [m for m in stage.told() if m.id > after and m.resolved]):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return found
