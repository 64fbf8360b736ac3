"""A declaration of who is told, as tests vary it."""

from typing import Any

from bicoastal.monitoring.routing.routes import Routing
from bicoastal.settings import read
from bicoastal.stack.configuration import RECEIVERS
from bicoastal.twin.alert_receiver import ReceiverSecrets, receivers_of, secrets_of

ROUTING_KEY, SLACK_PATH, MAIL_PASSWORD, DEAD_MAN_PATH = (
    f"planted-{what}-7e57ab1e" for what in ("routing-key", "slack-path", "mail-password", "dead-man-path")
)
SECRETS = (ROUTING_KEY, SLACK_PATH, MAIL_PASSWORD, DEAD_MAN_PATH)
HOST = "receivers.example.com"


def receivers(host: str = HOST, **own: Any) -> dict[str, Any]:
    """Everybody who can be told, at one host."""
    return {
        "pagerduty": {"routing_key": ROUTING_KEY},
        "slack": {"webhook_url": f"https://{host}:8443/services/{SLACK_PATH}"},
        "dead_man": {"url": f"https://{host}:8443/dead-man/{DEAD_MAN_PATH}"},
        "mail": {
            "smarthost": f"{host}:2525",
            "from_address": "alerts@example.com",
            "to": ["product@example.com", "sales@example.com"],
            "username": "alerts",
            "password": MAIL_PASSWORD,
        },
        **own,
    }


def receivers_at(address: str, secrets: ReceiverSecrets, authority_file: str) -> dict[str, Any]:
    """Everybody who can be told, at the twin's stand-in."""
    declared = receivers_of(address, authority_file)
    for key, text in secrets_of(address, secrets).items():
        receiver, name = RECEIVERS[key]
        declared.setdefault(receiver, {})[name] = text
    return declared


def routing(**own: Any) -> Routing:
    """The declaration, checked."""
    return read(Routing, {"receivers": receivers(), **own}, "The test")
