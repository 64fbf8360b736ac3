"""The tracked environments with everything filled in, as whoever has the accounts would do it."""

import hashlib
from typing import Any

import yaml

from bicoastal.checks.placeholders import PREFIX
from tests.infra.environments import ROOT
from tests.library.samples import PEM

ACCOUNT = "123456789012"
"""The stand-in's."""
HEXADECIMAL = "0123456789abcdef" * 2
DIGEST = "sha256:" + HEXADECIMAL * 2
WORDS = {
    "smellpin:registry.address": "ghcr.io",
    "smellpin:registry.username": "smellpin-pulls",
    "smellpin:cloud.account_id": ACCOUNT,
    "smellpin:edge.account_id": HEXADECIMAL,
    "smellpin:edge.zone_id": HEXADECIMAL,
    "smellpin:edge.domain": "smellpin.example",
    "smellpin:edge.emails": "operations@smellpin.example",
    "smellpin:settings.monitoring.routing.receivers.mail.smarthost": "smtp.smellpin.example:587",
    "smellpin:settings.monitoring.routing.receivers.mail.from_address": "alerts@smellpin.example",
    "smellpin:settings.monitoring.routing.receivers.mail.to": "product@smellpin.example",
    "smellpin:settings.monitoring.routing.receivers.mail.username": "smellpin-alerts",
    "smellpin:logs_access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "smellpin:cloudwatch_access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "smellpin:costs.emails": "costs@smellpin.example",
}
SECRETS = ("_password", "_key", "_url")


def filled(environment: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The file's configuration, and the secrets that are set beside it."""
    config = yaml.safe_load((ROOT / f"Pulumi.{environment}.yaml").read_text())["config"]
    hidden = {key for key in config if key.endswith(SECRETS) or key.startswith("smellpin:key_")}
    open_ = {key: _filled(value, key) for key, value in config.items() if key not in hidden}
    return open_, {key: _secret(key, config[key]) for key in sorted(hidden)}


def planted(key: str) -> str:
    """What is to be seen nowhere: in a secret's value, and in no other one's."""
    return "planted-" + hashlib.sha256(key.encode()).hexdigest()[:24]


def _secret(key: str, words: str) -> str:
    begin, end = (f"-----{mark} PRIVATE KEY-----\n" for mark in ("BEGIN", "END"))
    if key.endswith("_url"):
        return f"https://hooks.example/{planted(key)}"
    return f"{begin}{planted(key)}\n{end}" if words.endswith("PEM") else planted(key)


def _filled(value: Any, path: str) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, path) for item in value]
    if not isinstance(value, str) or not value.startswith(PREFIX):
        return value
    group, _, last = path.rpartition(".")
    if value.endswith("PEM"):
        return PEM
    if group == "smellpin:images":
        return f"ghcr.io/smellpin/{last}@{DIGEST}"
    if group == "smellpin:cloud.alarm_topics":
        return f"arn:aws:sns:{last}:{ACCOUNT}:alarms"
    return WORDS[path]
