"""The stand-in for PagerDuty, Slack, mail and the dead man's switch: outside every place, as they are."""

import hashlib
import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import docker
import httpx
from docker.errors import NotFound
from docker.models.containers import Container

from .archive import archive
from .certificates import Certificate
from .layout import TwinLayout
from .place import SPEC_LABEL

RECEIVER = "alert-receiver"
"""The name of its image's folder, and of its certificate."""
SECRETS = ("receiver-pagerduty", "receiver-slack", "receiver-mail", "receiver-dead-man")
"""The twin's secrets that it asks for, in the order of `ReceiverSecrets`."""
WEB_PORT, MAIL_PORT = 8443, 2525
SETTINGS, DATA = "/etc/alert-receiver", "/var/lib/alert-receiver"
USER = 10010
MAIL_USER = "alerts"


class ReceiverSilent(Exception):
    """The receiver does not answer; the text says why."""


@dataclass(frozen=True)
class ReceiverSecrets:
    """What must be shown to the receiver, each as the real one asks for it."""

    routing_key: str = field(repr=False)
    slack_token: str = field(repr=False)
    mail_password: str = field(repr=False)
    dead_man_token: str = field(repr=False)

    @classmethod
    def among(cls, passwords: Mapping[str, str]) -> "ReceiverSecrets":
        """Those among a twin's passwords."""
        return cls(*(passwords[name] for name in SECRETS))

    @property
    def settings(self) -> str:
        """As the receiver reads it."""
        return json.dumps({**asdict(self), "mail_user": MAIL_USER})


@dataclass(frozen=True)
class Told:
    """One message that the receiver was told."""

    id: int
    at: datetime
    receiver: str
    """`pagerduty`, `slack`, `mail` or `dead-man`."""
    alert: str
    """The alert's name; empty where a message has none, such as one of several alerts."""
    title: str
    text: str
    resolved: bool
    key: str = ""
    """What the messages of one page have in common; empty for others."""

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {**asdict(self), "at": self.at.isoformat()}


def certified_names(layout: TwinLayout) -> list[str]:
    """The names and addresses that its certificate carries."""
    return [layout.receiver_address, "127.0.0.1", "localhost"]


def receivers_of(address: str, authority_file: str) -> dict[str, Any]:
    """What is no secret of a declaration that has everybody told at the stand-in; `authority_file` is where
    Alertmanager has the twin's authority."""
    return {
        "pagerduty": {"url": f"https://{address}:{WEB_PORT}/v2/enqueue"},
        "mail": {
            "smarthost": f"{address}:{MAIL_PORT}",
            "from_address": "alerts@twin.example",
            "to": ["business@twin.example"],
            "username": MAIL_USER,
        },
        "authority_file": authority_file,
    }


def secrets_of(address: str, secrets: ReceiverSecrets) -> dict[str, str]:
    """What is secret of it, by the key of the stack's configuration."""
    web = f"https://{address}:{WEB_PORT}"
    return {
        "pagerduty_routing_key": secrets.routing_key,
        "slack_webhook_url": f"{web}/services/{secrets.slack_token}",
        "dead_man_url": f"{web}/dead-man/{secrets.dead_man_token}",
        "mail_password": secrets.mail_password,
    }


class AlertReceiver:
    """The stand-in's container: on the WAN beside the edge, published on loopback. It outlives any place."""

    def __init__(self, client: docker.DockerClient, layout: TwinLayout) -> None:
        self._client = client
        self._layout = layout

    @property
    def url(self) -> str:
        """Where it shows what it was told."""
        return f"https://127.0.0.1:{self._layout.ports[2]}"

    def start(self, image: str, certificate: Certificate, secrets: ReceiverSecrets) -> bool:
        """Run the stand-in with these secrets; whether anything had to be changed. What it was told stays."""
        files = {
            "certificate.pem": certificate.cert_pem + certificate.key_pem,
            "secrets.json": secrets.settings,
        }
        spec = hashlib.sha256(f"{image}\n{json.dumps(files)}".encode()).hexdigest()[:12]
        container = self._container()
        if container is not None:
            if container.labels.get(SPEC_LABEL) == spec and container.status == "running":
                return False
            container.remove(force=True)
        self._create(image, files, spec).start()
        return True

    def told(self, authority_pem: str, after: int = 0) -> list[Told]:
        """What it was told after the message of this number, in its order. Raises `ReceiverSilent`."""
        trust = ssl.create_default_context(cadata=authority_pem)
        try:
            answer = httpx.get(
                f"{self.url}/told", params={"after": after}, verify=trust, timeout=5, trust_env=False
            )
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise ReceiverSilent(f"the receiver of alerts does not answer: {error}") from None
        return [_told(message) for message in answer.json()]

    def _container(self) -> Container | None:
        try:
            return self._client.containers.get(self._layout.receiver_container)
        except NotFound:
            return None

    def _create(self, image: str, files: Mapping[str, str], spec: str) -> Container:
        layout, api = self._layout, self._client.api
        self._client.volumes.create(layout.receiver_container, labels=dict(layout.marks))
        api.create_container(
            image=image,
            name=layout.receiver_container,
            labels={**layout.marks, SPEC_LABEL: spec},
            ports=[WEB_PORT],
            host_config=api.create_host_config(
                cap_drop=["ALL"],
                binds=[f"{layout.receiver_container}:{DATA}"],
                port_bindings={WEB_PORT: ("127.0.0.1", layout.ports[2])},
            ),
            networking_config={
                "EndpointsConfig": {layout.network: {"IPAMConfig": {"IPv4Address": layout.receiver_address}}}
            },
        )
        container = self._client.containers.get(layout.receiver_container)
        container.put_archive(SETTINGS, archive(files, owner=USER, mode=0o400))
        return container


_Read = tuple[str, str, str, bool]
"""The alert, the title, the text, and whether it is over."""


def _told(message: Mapping[str, Any]) -> Told:
    alert, title, text, resolved = _READERS[message["receiver"]](message)
    return Told(
        id=message["id"],
        at=datetime.fromtimestamp(message["at"], UTC),
        receiver=message["receiver"],
        alert=alert,
        title=title,
        text=text,
        resolved=resolved,
        key=message.get("dedup_key", ""),
    )


def _page(event: Mapping[str, Any]) -> _Read:
    payload = event.get("payload") or {}
    details = payload.get("custom_details") or {}
    summary = payload.get("summary") or event.get("dedup_key", "")
    resolved = event["event_action"] == "resolve"
    return payload.get("class", ""), summary, details.get("alerts", ""), resolved


def _chat(message: Mapping[str, Any]) -> _Read:
    attachments: Sequence[Mapping[str, Any]] = message.get("attachments") or [{}]
    first = attachments[0]
    title = first.get("title") or message.get("text", "")
    return first.get("footer", ""), title, first.get("text", ""), title.startswith("RESOLVED")


def _mail(mail: Mapping[str, Any]) -> _Read:
    return mail["alert"], mail["subject"], mail["text"], mail["subject"].startswith("RESOLVED")


def _word(word: Mapping[str, Any]) -> _Read:
    alerts = ", ".join(alert["labels"]["alertname"] for alert in word["alerts"])
    return alerts, f"alive: {alerts}", "", False


_READERS = {"pagerduty": _page, "slack": _chat, "mail": _mail, "dead-man": _word}
