"""Alertmanager's configuration from a declaration, and what is refused."""

import re
from typing import Any

import pulumi
import pytest
import yaml

from bicoastal.monitoring.routing.configuration import alertmanager_configuration, messages
from bicoastal.monitoring.routing.inhibitions import alert_relabelling
from bicoastal.monitoring.routing.receivers import SECRETS as SECRETS_FOLDER
from tests.monitoring.routing.samples import MAIL_PASSWORD, SECRETS, receivers, routing


def configuration(**own: Any) -> Any:
    return yaml.safe_load(alertmanager_configuration(routing(**own)))


def way(receiver: str, **own: Any) -> dict[str, Any]:
    """The first route to the receiver."""
    routes = configuration(**own)["route"]["routes"]
    return next(route for route in routes if route["receiver"] == receiver)


def seconds(text: str) -> int:
    (number, unit) = re.fullmatch(r"(\d+)([dhms])", text).groups()
    return int(number) * {"d": 86400, "h": 3600, "m": 60, "s": 1}[unit]


def test_the_same_declaration_is_the_same_text():
    assert alertmanager_configuration(routing()) == alertmanager_configuration(routing())


def test_no_secret_stands_in_the_configuration_and_each_has_its_file():
    declared = routing()
    text = alertmanager_configuration(declared)

    assert [secret for secret in SECRETS if secret in text] == []
    named = set(re.findall(rf"{SECRETS_FOLDER}/([a-z-]+)", text))
    assert named == set(declared.receivers.secrets)
    assert declared.receivers.secrets["mail-password"] == MAIL_PASSWORD


def test_a_page_waits_for_a_second_unless_told_and_at_most_for_five():
    assert way("pagerduty")["group_wait"] == "1s"
    assert way("pagerduty", page_wait_s=0)["group_wait"] == "0s"
    assert way("pagerduty", page_wait_s=5)["group_wait"] == "5s"


def test_the_dead_man_is_told_at_each_look_at_his_group():
    for interval_s in (5, 60, 3600):
        pace = way("dead-man", dead_man_interval_s=interval_s)
        assert pace["group_wait"] == "0s"
        assert seconds(pace["repeat_interval"]) < seconds(pace["group_interval"]) == interval_s


def test_without_mail_nobody_is_mailed():
    told = configuration(receivers={key: value for key, value in receivers().items() if key != "mail"})
    assert "mail" not in {route["receiver"] for route in told["route"]["routes"]}
    assert "mail" not in {receiver["name"] for receiver in told["receivers"]}


def test_only_tickets_keep_hours():
    told = configuration(ticket_hours={"time_zone": "America/New_York"})
    (hours,) = told["time_intervals"]
    assert hours["time_intervals"][0]["location"] == "America/New_York"
    keeping = [route["receiver"] for route in told["route"]["routes"] if "active_time_intervals" in route]
    assert keeping == ["slack"]
    assert "active_time_intervals" not in told["route"]


def test_the_receivers_certificates_are_checked_against_the_authority_that_is_named():
    told = configuration(receivers=receivers(authority_file="/etc/alertmanager/ca.pem"))
    text = yaml.safe_dump(told["receivers"])
    assert text.count("ca_file: /etc/alertmanager/ca.pem") == 4
    assert "insecure_skip_verify" not in text


def test_every_text_that_a_message_names_is_defined():
    defined = set(re.findall(r'define "(bicoastal\.\w+)"', messages()))
    used = set(re.findall(r'template "(bicoastal\.\w+)"', alertmanager_configuration(routing())))
    assert used <= defined


def without(group: str, key: str) -> dict[str, Any]:
    everybody = receivers()
    everybody[group] = {name: value for name, value in everybody[group].items() if name != key}
    return {"receivers": everybody}


def having(group: str, **own: Any) -> dict[str, Any]:
    everybody = receivers()
    everybody[group] |= own
    return {"receivers": everybody}


NO_MAIL = {key: value for key, value in receivers().items() if key != "mail"}
WRONG: dict[str, Any] = {
    "an unknown receiver": (
        {"routes": [{"match": {"team": "maps"}, "receiver": "pager"}]},
        "routes[0].receiver",
        "'pagerduty', 'slack', 'mail'",
    ),
    "a receiver that is not declared": (
        {"receivers": NO_MAIL, "routes": [{"match": {"team": "maps"}, "receiver": "mail"}]},
        "routes[0].receiver",
        "pagerduty, slack, nobody",
    ),
    "an alert that would feed the dead man's switch": (
        {"routes": [{"match": {"team": "maps"}, "receiver": "dead-man"}]},
        "routes[0].receiver",
        "pagerduty, slack, mail, nobody",
    ),
    "a route that takes everything": (
        {"routes": [{"match": {}, "receiver": "slack"}]},
        "routes[0].match",
        "at least one label",
    ),
    "a label that is none": (
        {"routes": [{"match": {"the team": "maps"}, "receiver": "slack"}]},
        "routes[0].match.the team",
        "letters, digits",
    ),
    "a missing routing key": (without("pagerduty", "routing_key"), "receivers.pagerduty.routing_key", ""),
    "a missing webhook": (without("slack", "webhook_url"), "receivers.slack.webhook_url", ""),
    "a missing dead man's switch": (without("dead_man", "url"), "receivers.dead_man.url", ""),
    "a missing password": (without("mail", "password"), "receivers.mail.password", "both username and"),
    "a missing user": (without("mail", "username"), "receivers.mail.username", "both username and"),
    "a mail to nobody": (having("mail", to=[]), "receivers.mail.to", "at least one"),
    "a short routing key": (
        having("pagerduty", routing_key="short"),
        "receivers.pagerduty.routing_key",
        "16 to 512",
    ),
    "a webhook in plain text": (
        having("slack", webhook_url="http://hooks.example.com/secret"),
        "receivers.slack.webhook_url",
        "https://",
    ),
    "a mail server without a port": (
        having("mail", smarthost="smtp.example.com"),
        "receivers.mail.smarthost",
        "host:port",
    ),
    "a mail server behind a port that is none": (
        having("mail", smarthost="smtp.example.com:99999"),
        "receivers.mail.smarthost",
        "host:port",
    ),
    "a page that waits": ({"page_wait_s": 6}, "page_wait_s", "0 to 5 whole seconds"),
    "a page that repeats too soon": ({"page_repeat_s": 60}, "page_repeat_s", "more than 60 s"),
    "a ticket that repeats too soon": (
        {"ticket_interval_s": 600, "ticket_repeat_s": 300},
        "ticket_repeat_s",
        "more than 600 s",
    ),
    "hours that end before they begin": (
        {"ticket_hours": {"begin": "18:00", "end": "08:00"}},
        "ticket_hours.end",
        "later than 18:00",
    ),
    "an hour that is none": ({"ticket_hours": {"begin": "8"}}, "ticket_hours.begin", "00:00 to 24:00"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_declaration_is_one_clear_error(what):
    own, named, allowed = WRONG[what]
    with pytest.raises(pulumi.InputPropertiesError) as error:
        routing(**own)
    (problem,) = error.value.errors or []
    assert problem["property_path"] == named
    assert allowed in problem["reason"].partition("allowed: ")[2]
    assert problem["reason"].partition("fix: ")[2]


def test_an_error_shows_no_secret():
    with pytest.raises(pulumi.InputPropertiesError) as error:
        routing(**having("slack", webhook_url="http://hooks.example.com/planted-7e57ab1e"))
    assert "planted" not in str(error.value)


def test_a_secret_may_be_known_only_later(pulumi_mocks):
    def program() -> None:
        declared = routing(**having("pagerduty", routing_key=pulumi.Output.secret("k" * 32)))
        assert isinstance(declared.receivers.secrets["pagerduty-routing-key"], pulumi.Output)
        assert "planted-routing-key" not in alertmanager_configuration(declared)

    pulumi_mocks.run(program)


@pytest.mark.parametrize(
    ("labels", "place"),
    [
        ({"slo": "redis"}, "east"),
        ({"slo": "redis", "job": "api"}, "east"),
        ({"job": "loki"}, "east"),
        ({"slo": "uptime", "place": "edge"}, "edge"),
        ({"job": "node", "place": "west"}, "west"),
        ({"scope": "main"}, ""),
        ({}, ""),
    ],
)
def test_what_each_region_knows_of_itself_alone_is_told_with_its_place(labels, place):
    first, *_ = alert_relabelling()
    known = {**labels, "watcher": "east"}
    found = re.fullmatch(first["regex"], ";".join(known.get(name, "") for name in first["source_labels"]))
    assert first["target_label"] == "place"
    assert (found[1] if found else known.get("place", "")) == place
