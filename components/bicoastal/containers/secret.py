"""A Swarm secret whose name follows its value without telling anything about it."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_docker as docker

from ..checks.rules import PASSWORD, SECRET
from ..component import Component, ComponentArgs
from ..inputs import mapped
from ..settings import setting
from .config import DIGEST_LENGTH, IN_TURN, PREFIX


class RotatingSecretArgs(ComponentArgs):
    """What a secret is made of."""

    prefix: str
    """The first part of its name in Swarm, at most 53 characters; an HMAC of the value follows."""
    value: pulumi.Input[str]
    """The secret's text, kept secret from here on whether or not it arrives as one."""
    rotation_key: pulumi.Input[str]
    """A secret of 16 to 512 characters, one per stack: without it nobody can test a guess by the name."""


@dataclass(frozen=True, kw_only=True)
class RotatingSecretSettings:
    """What a secret is made of, checked."""

    prefix: str = setting(PREFIX)
    value: pulumi.Input[str] = setting(SECRET)
    rotation_key: pulumi.Input[str] = setting(PASSWORD)


class RotatingSecret(Component[RotatingSecretSettings]):
    """A Swarm secret. A changed value makes a new one beside the old; the service is updated in place to
    use it, and only then the old one goes.

    Raises `pulumi.InputPropertiesError` for an unusable prefix or a short rotation key.
    """

    secret_id: pulumi.Output[str]
    """The secret's id, for a service's reference."""
    secret_name: pulumi.Output[str]
    """The secret's name, HMAC included."""

    def __init__(
        self, name: str, args: RotatingSecretArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, RotatingSecretSettings)
        settings = self.settings
        secret = add_secret(self, "secret", settings.prefix, settings.value, settings.rotation_key)
        self.secret_id = secret.id
        self.secret_name = secret.name
        self.register_outputs({"secret_id": self.secret_id, "secret_name": self.secret_name})

    @classmethod
    def children_of(cls, settings: RotatingSecretSettings) -> Sequence[str]:
        return ("secret",)


def add_secret(
    owner: Component[Any],
    key: str,
    prefix: str,
    value: pulumi.Input[str],
    rotation_key: pulumi.Input[str],
) -> docker.Secret:
    """The child `key` of a component: a secret whose name is `prefix` and an HMAC of the value."""
    name = mapped(value, lambda text: mapped(rotation_key, lambda key: _named(prefix, text, key)))
    properties = {
        # Safe to show: an HMAC under a key that only the stack knows.
        "name": pulumi.Output.unsecret(name) if isinstance(name, pulumi.Output) else name,
        # Docker's class makes a secret of it.
        "data": mapped(value, lambda text: base64.b64encode(text.encode()).decode()),
        "labels": [
            docker.SecretLabelArgs(label=label, value=value)
            for label, value in sorted(owner.labels().items())
        ],
    }
    return docker.Secret(
        owner.child_name(key), **owner.customized(key, properties), opts=owner.child_opts(key, **IN_TURN)
    )


def _named(prefix: str, value: str, key: str) -> str:
    digest = hmac.new(key.encode(), f"{prefix}\0{value}".encode(), hashlib.sha256).hexdigest()
    return f"{prefix}-{digest[:DIGEST_LENGTH]}"
