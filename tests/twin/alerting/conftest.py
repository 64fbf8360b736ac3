"""A real Alertmanager with the product's configuration, and the stand-in that it tells."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import docker
import pytest
import yaml
from docker.models.containers import Container

from bicoastal.monitoring.routing.configuration import FOLDER, MESSAGES, alertmanager_configuration, messages
from bicoastal.monitoring.routing.routes import Routing
from bicoastal.operations.alertmanager import Alertmanagers
from bicoastal.operations.refusal import OperationFailed
from bicoastal.settings import read
from bicoastal.twin.alert_receiver import (
    RECEIVER,
    AlertReceiver,
    ReceiverSecrets,
    ReceiverSilent,
    Told,
    certified_names,
)
from bicoastal.twin.archive import archive
from bicoastal.twin.certificates import Certificate, new_authority, new_member
from bicoastal.twin.images import build
from bicoastal.twin.layout import TwinLayout
from bicoastal.twin.places import Places
from tests.monitoring.routing.samples import receivers_at
from tests.twin.conftest import PROJECT, free_name

CONFIGURATION = f"{FOLDER}/alertmanager.yml"
USER = 10008
PORT = 9093
QUICK = {"page_interval_s": 5, "ticket_wait_s": 1, "ticket_interval_s": 5, "dead_man_interval_s": 5}
"""The paces of the tests, so that they end; a page's wait is the default."""
STARTED_S = 30.0

Labels = dict[str, str]


@dataclass
class Stage:
    """An Alertmanager, what it tells, and whom."""

    alertmanager: Container
    alertmanagers: Alertmanagers
    receiver: AlertReceiver
    authority_pem: str
    secrets: ReceiverSecrets

    def post(self, *alerts: Labels, resolved: bool = False) -> float:
        """Let these alerts fire, or end; when, in seconds since the epoch. They begin now: one that began
        longer ago than its group waits is told at once, without the rest of its group."""
        now = datetime.now(UTC)
        began = now - timedelta(minutes=1) if resolved else now
        at = time.time()
        self.alertmanagers.ask(
            "POST",
            "alerts",
            json=[
                {
                    "labels": labels,
                    "annotations": {
                        "summary": f"{labels['alertname']} at {labels.get('instance', 'large')}",
                        "description": "What it means.",
                        "value": "42",
                        "runbook_url": f"https://docs.example.com/runbooks/{labels['alertname'].lower()}",
                    },
                    "startsAt": began.isoformat(),
                    "endsAt": (now if resolved else now + timedelta(hours=1)).isoformat(),
                }
                for labels in alerts
            ],
        )
        return at

    def told(self, place: str = "") -> list[Told]:
        """What was told, of one place alone."""
        messages = self.receiver.told(self.authority_pem)
        return [message for message in messages if f"({place})" in message.title or not place]

    def titles(self, place: str) -> list[str]:
        """Who was told what of a place, sorted."""
        return sorted(f"{message.receiver}: {message.title}" for message in self.told(place))

    def wait_for(self, place: str, count: int, limit_s: float = 10.0) -> list[Told]:
        """Wait until so much was told of a place."""
        deadline = time.monotonic() + limit_s
        while len(found := self.told(place)) < count:
            assert time.monotonic() < deadline, f"{found}\n{self.alertmanager.logs().decode()}"
            time.sleep(0.1)
        return found


@pytest.fixture(scope="session")
def alertmanager_image(client: docker.DockerClient) -> str:
    """The product's image."""
    return build(client, [PROJECT / "images" / "alertmanager"], lambda *_: None)["alertmanager"]


@pytest.fixture(scope="session")
def stage(client: docker.DockerClient, alertmanager_image: str) -> Iterator[Stage]:
    """Both of them on a WAN of their own; removed at the end, after a failure too."""
    layout = TwinLayout.named(free_name(client), PROJECT)
    try:
        yield from _staged(client, layout, alertmanager_image)
    finally:
        Places(client, layout).remove()


def _staged(client: docker.DockerClient, layout: TwinLayout, image: str) -> Iterator[Stage]:
    authority = new_authority()
    secrets = ReceiverSecrets(*(f"{name}-{'7e57ab1e' * 3}" for name in ("key", "token", "password", "check")))
    pool = docker.types.IPAMPool(subnet=str(layout.wan), gateway=layout.gateway)
    client.networks.create(
        layout.network, ipam=docker.types.IPAMConfig(pool_configs=[pool]), labels=dict(layout.labels)
    )
    receiver = AlertReceiver(client, layout)
    receiver_image = build(client, [PROJECT / "images" / RECEIVER], lambda *_: None)[RECEIVER]
    receiver.start(receiver_image, new_member(authority, RECEIVER, certified_names(layout)), secrets)
    own = new_member(authority, "monitor", ["127.0.0.1", "localhost", "monitor"])
    alertmanager = _alertmanager(client, layout, image, authority, own, secrets)
    address = f"127.0.0.1:{layout.ports[3]}"
    alertmanagers = Alertmanagers([address], authority.cert_pem, own.cert_pem, own.key_pem)
    with closing(alertmanagers):
        found = Stage(alertmanager, alertmanagers, receiver, authority.cert_pem, secrets)
        _wait_until_both_answer(found)
        yield found


def _alertmanager(
    client: docker.DockerClient,
    layout: TwinLayout,
    image: str,
    authority: Certificate,
    own: Certificate,
    secrets: ReceiverSecrets,
) -> Container:
    receivers = receivers_at(layout.receiver_address, secrets, f"{FOLDER}/ca.pem")
    routing = read(Routing, {"receivers": receivers, **QUICK}, "The test")
    web = {
        "tls_server_config": {
            "cert_file": f"{FOLDER}/own.pem",
            "key_file": "/run/secrets/tls-key",
            "client_ca_file": f"{FOLDER}/ca.pem",
            "client_auth_type": "RequireAndVerifyClientCert",
            "client_allowed_sans": ["monitor"],
        }
    }
    public = {
        CONFIGURATION: alertmanager_configuration(routing),
        f"{FOLDER}/{MESSAGES}": messages(),
        f"{FOLDER}/ca.pem": authority.cert_pem,
        f"{FOLDER}/own.pem": own.cert_pem,
        f"{FOLDER}/web.yml": yaml.safe_dump(web),
    }
    hidden = {f"/run/secrets/{name}": str(text) for name, text in routing.receivers.secrets.items()}
    container: Container = client.containers.create(
        image,
        command=[
            f"--config.file={CONFIGURATION}",
            "--storage.path=/var/lib/alertmanager",
            f"--web.config.file={FOLDER}/web.yml",
            "--cluster.listen-address=",
        ],
        labels=dict(layout.marks),
        cap_drop=["ALL"],
        network=layout.network,
        ports={f"{PORT}/tcp": ("127.0.0.1", layout.ports[3])},
    )
    container.put_archive("/", archive(public))
    hidden["/run/secrets/tls-key"] = own.key_pem
    container.put_archive("/", archive(hidden, owner=USER, mode=0o400))
    container.start()
    return container


def _wait_until_both_answer(stage: Stage) -> None:
    deadline = time.monotonic() + STARTED_S
    while not _both_answer(stage):
        assert time.monotonic() < deadline, stage.alertmanager.logs().decode()
        time.sleep(0.2)


def _both_answer(stage: Stage) -> bool:
    try:
        stage.alertmanagers.alerts()
        stage.receiver.told(stage.authority_pem)
    except (OperationFailed, ReceiverSilent):
        return False
    return True


def alert(name: str, place: str, severity: str = "warning", **labels: str) -> Labels:
    """The labels of an alert as the rules give them."""
    return {"alertname": name, "place": place, "severity": severity, "audience": "operations", **labels}
