"""The stand-in for PagerDuty, Slack and the dead man's switch: what it takes, refuses and keeps."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alert_receiver.settings import CERTIFICATE, SECRETS, Settings, SettingsError
from alert_receiver.store import Store
from alert_receiver.web import create_app
from starlette.testclient import TestClient

from bicoastal.twin.alert_receiver import ReceiverSecrets

KEPT = ReceiverSecrets(*(f"planted-{what}-7e57ab1e" for what in ("key", "slack", "mail", "dead-man")))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / SECRETS).write_text(KEPT.settings)
    return Settings.read(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    kept = Store(tmp_path / "told.sqlite", kept=5, dead_man_kept=2)
    yield kept
    kept.close()


@pytest.fixture
def web(settings: Settings, store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store)) as client:
        yield client


def event(**own: Any) -> dict[str, Any]:
    payload = {"summary": "It burns", "source": "east", "severity": "critical"}
    return {"routing_key": KEPT.routing_key, "event_action": "trigger", "payload": payload, **own}


def test_an_event_is_taken_as_pagerduty_takes_it_and_kept_without_its_key(web, store):
    answer = web.post("/v2/enqueue", json=event(dedup_key="a"))
    assert (answer.status_code, answer.json()["dedup_key"]) == (202, "a")
    (told,) = web.get("/told").json()
    assert told["payload"]["summary"] == "It burns"
    assert "planted" not in json.dumps(told)


@pytest.mark.parametrize(
    "wrong",
    [
        {"routing_key": "somebody-else's"},
        {"event_action": "shout"},
        {"event_action": "resolve"},
        {"payload": None},
        {"payload": {"summary": "", "source": "east", "severity": "critical"}},
        {"payload": {"summary": "x" * 1025, "source": "east", "severity": "critical"}},
        {"payload": {"summary": "It burns", "severity": "critical"}},
        {"payload": {"summary": "It burns", "source": "east", "severity": "hot"}},
    ],
)
def test_an_event_that_pagerduty_would_refuse_is_refused_and_not_kept(web, wrong):
    answer = web.post("/v2/enqueue", json=event(**wrong))
    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert web.get("/told").json() == []


def test_what_is_no_json_is_refused(web):
    assert web.post("/v2/enqueue", content=b"{").status_code == 400


def test_slack_is_told_by_its_webhook_alone(web):
    message = {"attachments": [{"title": "It burns"}]}
    assert web.post(f"/services/{KEPT.slack_token}", json=message).text == "ok"
    assert web.post("/services/another", json=message).status_code == 403
    assert web.post(f"/services/{KEPT.slack_token}", json={}).status_code == 400
    assert [told["receiver"] for told in web.get("/told").json()] == ["slack"]


def test_the_dead_mans_words_do_not_drive_out_the_rest(web):
    web.post("/v2/enqueue", json=event())
    for _ in range(10):
        assert web.post(f"/dead-man/{KEPT.dead_man_token}", json={"status": "firing"}).is_success
    assert web.post("/dead-man/another", json={}).status_code == 404
    assert [told["receiver"] for told in web.get("/told").json()] == ["pagerduty", "dead-man", "dead-man"]


def test_the_newest_are_kept_and_shown_from_a_number_on(web):
    for number in range(8):
        web.post("/v2/enqueue", json=event(dedup_key=str(number)))
    told = web.get("/told").json()
    assert [message["dedup_key"] for message in told] == ["3", "4", "5", "6", "7"]
    later = web.get("/told", params={"after": told[-2]["id"]}).json()
    assert [message["dedup_key"] for message in later] == ["7"]
    assert web.get("/told", params={"after": "x"}).status_code == 400


def test_what_was_told_outlives_the_receiver(tmp_path):
    first = Store(tmp_path / "told.sqlite")
    first.keep("slack", {"text": "It burns"})
    first.close()
    second = Store(tmp_path / "told.sqlite")
    assert [message["text"] for message in second.told()] == ["It burns"]
    second.close()


def test_without_its_secrets_it_does_not_run(tmp_path):
    with pytest.raises(SettingsError, match=SECRETS):
        Settings.read(tmp_path)
    (tmp_path / SECRETS).write_text("{}")
    with pytest.raises(SettingsError, match="routing_key"):
        Settings.read(tmp_path)


def test_its_settings_show_no_secret(settings):
    assert "planted" not in repr(settings)
    assert settings.certificate.name == CERTIFICATE
