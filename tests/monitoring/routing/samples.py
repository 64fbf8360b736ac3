"""A declaration of who is told, as tests vary it."""

from typing import Any

from bicoastal.monitoring.routing.routes import Routing
from bicoastal.settings import read

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


def routing(**own: Any) -> Routing:
    """The declaration, checked."""
    return read(Routing, {"receivers": receivers(), **own}, "The test")
