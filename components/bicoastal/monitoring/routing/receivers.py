"""Who can be told: PagerDuty, Slack, mail and the dead man's switch. What is secret of them is a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NotRequired, TypedDict

import pulumi

from ...checks import alerting as checks
from ...checks.cost import EMAIL
from ...checks.problem import Problem
from ...checks.rules import ABSOLUTE_PATH, NOT_EMPTY, PASSWORD
from ...settings import setting

SECRETS = "/run/secrets"
ROUTING_KEY, SLACK_URL, MAIL_PASSWORD, DEAD_MAN_URL = (
    "pagerduty-routing-key",
    "slack-webhook-url",
    "mail-password",
    "dead-man-url",
)
"""The files in which Alertmanager reads what is secret, under `/run/secrets`."""

ALERT = "{{ .CommonLabels.alertname }}"
"""The alert's name, for programs: each kind of message has it in a field of its own."""

Config = dict[str, object]
"""A part of Alertmanager's configuration."""


class Receiver(Enum):
    """Who can be told."""

    PAGERDUTY = "pagerduty"
    """Wakes who is on call."""
    SLACK = "slack"
    """The channel of tickets."""
    MAIL = "mail"
    """Those who answer for the product."""
    DEAD_MAN = "dead-man"
    """Somebody outside the stack, who raises the alarm when he hears nothing any more."""
    NOBODY = "nobody"
    """Nobody."""


class PagerDutyArgs(TypedDict):
    """A service at PagerDuty with an integration of Events API v2."""

    routing_key: pulumi.Input[str]
    """The integration's key, a secret."""
    url: NotRequired[str]
    """Where events go, https. Default: PagerDuty's own address."""


class SlackArgs(TypedDict):
    """A channel in Slack."""

    webhook_url: pulumi.Input[str]
    """The address of the channel's incoming webhook, https; a secret: who knows it can write there."""


class MailArgs(TypedDict):
    """Who gets mail, and by which server. The connection is always encrypted, by STARTTLS or, on port 465,
    from its beginning."""

    smarthost: str
    """The mail server, `host:port`."""
    from_address: str
    """Whom the mail is from."""
    to: list[str]
    """Who gets it, at least one address."""
    username: NotRequired[str]
    """The user at the mail server. Default: none, it takes mail without."""
    password: NotRequired[pulumi.Input[str]]
    """The user's password, a secret of 16 to 512 characters. Required beside `username`."""


class DeadManArgs(TypedDict):
    """A check outside the stack that raises the alarm when it is not told for some minutes."""

    url: pulumi.Input[str]
    """The address that it is told at, by POST, https; a secret: who knows it can keep it quiet."""


class ReceiversArgs(TypedDict):
    """Who can be told."""

    pagerduty: PagerDutyArgs
    """Who is on call."""
    slack: SlackArgs
    """The channel of tickets."""
    dead_man: DeadManArgs
    """The dead man's switch."""
    mail: NotRequired[MailArgs]
    """Those who answer for the product. Default: nobody gets mail."""
    authority_file: NotRequired[str]
    """A file of PEM text in the container, that the receivers' certificates are checked against. Default: the
    authorities that the image brings."""


@dataclass(frozen=True, kw_only=True)
class PagerDuty:
    """A service at PagerDuty, checked."""

    routing_key: pulumi.Input[str] = setting(checks.KEY)
    url: str | None = setting(checks.ENQUEUE, default=None)

    def config(self, trust: Mapping[str, object]) -> Config:
        """As Alertmanager reads it."""
        return {
            "routing_key_file": f"{SECRETS}/{ROUTING_KEY}",
            **({"url": self.url} if self.url else {}),
            **_over_http(trust),
            "send_resolved": True,
            "description": _text("title"),
            "severity": _text("severity"),
            "source": _text("place"),
            "class": ALERT,
            "component": "{{ .CommonLabels.part }}",
            "group": "{{ .CommonLabels.slo }}",
            "details": {"alerts": _text("text")},
            "links": [{"href": _text("runbook"), "text": "Runbook"}],
        }


@dataclass(frozen=True, kw_only=True)
class Slack:
    """A channel in Slack, checked."""

    webhook_url: pulumi.Input[str] = setting(checks.WEBHOOK)

    def config(self, trust: Mapping[str, object]) -> Config:
        """As Alertmanager reads it."""
        return {
            "api_url_file": f"{SECRETS}/{SLACK_URL}",
            **_over_http(trust),
            "send_resolved": True,
            "title": _text("title"),
            "title_link": _text("runbook"),
            "fallback": _text("title"),
            "text": _text("text"),
            "footer": ALERT,
        }


@dataclass(frozen=True, kw_only=True)
class Mail:
    """Who gets mail, checked."""

    smarthost: str = setting(checks.SMARTHOST)
    from_address: str = setting(EMAIL)
    to: list[str] = setting(EMAIL)
    username: str | None = setting(NOT_EMPTY, default=None)
    password: pulumi.Input[str] | None = setting(PASSWORD, default=None)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        given = {"username": self.username, "password": self.password}
        yield from checks.belongs_together("username", "password", given)
        yield from checks.somebody_is_mailed(self.to)

    def config(self, trust: Mapping[str, object]) -> Config:
        """As Alertmanager reads it. Plain text alone: the HTML that it would make names labels, not words."""
        user = {"auth_username": self.username, "auth_password_file": f"{SECRETS}/{MAIL_PASSWORD}"}
        return {
            "smarthost": self.smarthost,
            "from": self.from_address,
            "to": ", ".join(self.to),
            **(user if self.username else {}),
            "require_tls": True,
            **({"tls_config": dict(trust)} if trust else {}),
            "send_resolved": True,
            "headers": {"Subject": _text("title"), "X-Alert": ALERT},
            "text": _text("text"),
            "html": "",
        }


@dataclass(frozen=True, kw_only=True)
class DeadMan:
    """The dead man's switch, checked."""

    url: pulumi.Input[str] = setting(checks.WEBHOOK)

    def config(self, trust: Mapping[str, object]) -> Config:
        """As Alertmanager reads it."""
        return {"url_file": f"{SECRETS}/{DEAD_MAN_URL}", **_over_http(trust), "send_resolved": False}


@dataclass(frozen=True, kw_only=True)
class Receivers:
    """Who can be told, checked."""

    pagerduty: PagerDuty
    slack: Slack
    dead_man: DeadMan
    mail: Mail | None = None
    authority_file: str | None = setting(ABSOLUTE_PATH, default=None)

    @property
    def known(self) -> list[Receiver]:
        """Those that are declared."""
        return [receiver for receiver in Receiver if receiver is not Receiver.MAIL or self.mail]

    @property
    def secrets(self) -> dict[str, pulumi.Input[str]]:
        """The text of each secret file, by its name."""
        found = {
            ROUTING_KEY: self.pagerduty.routing_key,
            SLACK_URL: self.slack.webhook_url,
            DEAD_MAN_URL: self.dead_man.url,
            MAIL_PASSWORD: self.mail.password if self.mail else None,
        }
        return {name: text for name, text in found.items() if text is not None}

    def as_data(self) -> list[Config]:
        """As Alertmanager reads them."""
        trust = {"ca_file": self.authority_file} if self.authority_file else {}
        configs: dict[Receiver, Config] = {
            Receiver.PAGERDUTY: {"pagerduty_configs": [self.pagerduty.config(trust)]},
            Receiver.SLACK: {"slack_configs": [self.slack.config(trust)]},
            Receiver.MAIL: {"email_configs": [self.mail.config(trust)]} if self.mail else {},
            Receiver.DEAD_MAN: {"webhook_configs": [self.dead_man.config(trust)]},
            Receiver.NOBODY: {},
        }
        return [{"name": receiver.value, **configs[receiver]} for receiver in self.known]


def _text(name: str) -> str:
    return f'{{{{ template "bicoastal.{name}" . }}}}'


def _over_http(trust: Mapping[str, object]) -> Config:
    return {"http_config": {"tls_config": dict(trust)}} if trust else {}
