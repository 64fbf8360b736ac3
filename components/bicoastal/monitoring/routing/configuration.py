"""Alertmanager's configuration: data, dumped as YAML, the same for the same declaration."""

from pathlib import Path

from ..text import yaml_text
from .inhibitions import INHIBITIONS
from .routes import Routing

FOLDER = "/etc/alertmanager"
MESSAGES = "messages.tmpl"
"""The file with the texts of all messages, in the same folder."""


def alertmanager_configuration(routing: Routing) -> str:
    """The text of `alertmanager.yml`. Nothing secret is in it: it names the files."""
    hours = routing.ticket_hours
    data = {
        "route": routing.as_data(),
        "inhibit_rules": [inhibition.as_data() for inhibition in INHIBITIONS],
        "receivers": routing.receivers.as_data(),
        **({"time_intervals": [hours.as_data()]} if hours else {}),
        "templates": [f"{FOLDER}/{MESSAGES}"],
    }
    return yaml_text(data)


def messages() -> str:
    """The text of the file with the messages."""
    return (Path(__file__).parent / "templates" / MESSAGES).read_text()
