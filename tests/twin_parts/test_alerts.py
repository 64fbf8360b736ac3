"""What the stand-in was told, as a person and as a program read it."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from rich.console import Console

from bicoastal.cli.alerts import alerts_table, incident_of
from bicoastal.monitoring.routing.routes import Routing
from bicoastal.settings import read
from bicoastal.twin.alert_receiver import (
    AlertReceiver,
    ReceiverSecrets,
    ReceiverSilent,
    Told,
)
from bicoastal.twin.certificates import new_authority
from bicoastal.twin.layout import TwinLayout
from tests.monitoring.routing.samples import receivers_at

BEGAN = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
SECRETS = ReceiverSecrets(*(f"planted-{what}-7e57ab1e" for what in ("key", "slack", "mail", "dead-man")))
MESSAGES = [
    {
        "receiver": "pagerduty",
        "event_action": "trigger",
        "dedup_key": "a",
        "payload": {
            "class": "Outage",
            "summary": "CRITICAL: Outage (east)",
            "custom_details": {"alerts": "What it means."},
        },
    },
    {
        "receiver": "slack",
        "attachments": [{"title": "WARNING: Lag (east)", "text": "Late.", "footer": "Lag"}],
    },
    {"receiver": "mail", "alert": "NoPayments", "subject": "RESOLVED: NoPayments (east)", "text": "Paid."},
    {"receiver": "dead-man", "status": "firing", "alerts": [{"labels": {"alertname": "Watchdog"}}]},
    {
        "receiver": "pagerduty",
        "event_action": "resolve",
        "dedup_key": "a",
        "payload": {"class": "Outage", "summary": "RESOLVED: Outage (east)"},
    },
]


@pytest.fixture
def told(tmp_path, monkeypatch) -> list[Told]:
    answer = [
        {"id": number, "at": (BEGAN + timedelta(minutes=number)).timestamp(), **message}
        for number, message in enumerate(MESSAGES, 1)
    ]
    request = httpx.Request("GET", "https://127.0.0.1/told")
    monkeypatch.setattr(httpx, "get", lambda *_, **__: httpx.Response(200, json=answer, request=request))
    return AlertReceiver(None, TwinLayout.named("test", tmp_path)).told(new_authority().cert_pem)


def test_each_receivers_messages_are_told_alike(told):
    assert [(message.receiver, message.title, message.resolved) for message in told] == [
        ("pagerduty", "CRITICAL: Outage (east)", False),
        ("slack", "WARNING: Lag (east)", False),
        ("mail", "RESOLVED: NoPayments (east)", True),
        ("dead-man", "alive: Watchdog", False),
        ("pagerduty", "RESOLVED: Outage (east)", True),
    ]
    assert [message.alert for message in told] == ["Outage", "Lag", "NoPayments", "Watchdog", "Outage"]
    assert [message.text for message in told][:3] == ["What it means.", "Late.", "Paid."]
    assert told[0].as_json()["at"] == "2026-03-01T10:01:00+00:00"


def test_the_table_leaves_out_the_dead_mans_words(told):
    console = Console(width=120)
    with console.capture() as shown:
        console.print(alerts_table("test", told, whole=True))
    assert "CRITICAL: Outage (east)" in shown.get()
    assert "What it means." in shown.get()
    assert "alive" not in shown.get()


def test_an_incident_lasts_until_its_page_is_resolved(told):
    incident = incident_of(told[0], told)
    assert (incident.paged, incident.ended) == (BEGAN + timedelta(minutes=1), BEGAN + timedelta(minutes=5))
    assert incident.messages[0] == "10:01:00 | pagerduty: CRITICAL: Outage (east)"
    assert len(incident.messages) == 4


def test_an_incident_that_lasts_has_no_end(told):
    assert incident_of(told[0], told[:3]).ended is None


def test_a_receiver_that_is_not_there_says_so(tmp_path):
    layout = TwinLayout.named("test", tmp_path)
    with pytest.raises(ReceiverSilent, match="does not answer"):
        AlertReceiver(None, layout).told(new_authority().cert_pem)


def test_everybody_can_be_told_at_the_stand_in():
    declared = receivers_at("10.200.0.3", SECRETS, "/etc/watcher/ca.pem")
    routing = read(Routing, {"receivers": declared}, "The test")
    assert len(routing.receivers.secrets) == 4
    assert routing.receivers.pagerduty.url == "https://10.200.0.3:8443/v2/enqueue"


def test_the_receivers_address_is_in_no_places_subnet(tmp_path):
    layout = TwinLayout.named("test", tmp_path)
    addresses = {layout.gateway, layout.edge_address, layout.receiver_address}
    assert len(addresses) == 3
    assert not any(layout.receiver_address in map(str, place.subnet) for place in layout.places.values())


def test_secrets_are_not_shown():
    assert "planted" not in repr(SECRETS)
