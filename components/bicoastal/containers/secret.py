"""A Swarm secret whose name follows its value without telling anything about it."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_docker as docker

from ..checks.rules import PASSWORD, SECRET
from ..component import Component, ComponentArgs
from ..settings import setting
from .config import DIGEST_LENGTH, PREFIX


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
        value = pulumi.Output.secret(self.settings.value)
        digest = pulumi.Output.all(value, self.settings.rotation_key).apply(
            lambda both: _digest(self.settings.prefix, *both)
        )
        secret = docker.Secret(
            self.child_name("secret"),
            **self.customized(
                "secret",
                {
                    # Safe to show: an HMAC under a key that only the stack knows.
                    "name": pulumi.Output.unsecret(digest).apply(lambda d: f"{self.settings.prefix}-{d}"),
                    "data": value.apply(lambda text: base64.b64encode(text.encode()).decode()),
                    "labels": [
                        docker.SecretLabelArgs(label=key, value=value)
                        for key, value in sorted(self.labels().items())
                    ],
                },
            ),
            # Another label alone would replace it under the same name, which Docker refuses.
            opts=self.child_opts("secret", delete_before_replace=False, ignore_changes=["labels"]),
        )
        self.secret_id = secret.id
        self.secret_name = secret.name
        self.register_outputs({"secret_id": self.secret_id, "secret_name": self.secret_name})

    @classmethod
    def children_of(cls, settings: RotatingSecretSettings) -> Sequence[str]:
        return ("secret",)


def _digest(prefix: str, value: str, key: str) -> str:
    return hmac.new(key.encode(), f"{prefix}\0{value}".encode(), hashlib.sha256).hexdigest()[:DIGEST_LENGTH]
