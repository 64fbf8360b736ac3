"""A Swarm config whose name follows its content."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_docker as docker

from ..checks.rules import matching
from ..component import Component, ComponentArgs
from ..inputs import mapped
from ..settings import setting

DIGEST_LENGTH = 10
"""Characters of the digest that a config's or secret's name ends with."""

IN_TURN = {"delete_before_replace": False, "ignore_changes": ["labels"]}
"""Options of a config or secret. An explicit name would make the provider delete first, while the service
still uses it. Another label alone would replace it under the same name, which Docker refuses."""

LONGEST_PREFIX = 53
"""Docker allows 64 characters; the digest and its hyphen take eleven."""

PREFIX = matching(
    rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{LONGEST_PREFIX - 1}}}",
    f"1 to {LONGEST_PREFIX} letters, digits, '_', '-' and '.'",
    "shorten it: Docker allows 64 characters, and the digest needs eleven",
)


class RotatingConfigArgs(ComponentArgs):
    """What a config is made of."""

    prefix: str
    """The first part of its name in Swarm, at most 53 characters; a digest of the content follows."""
    content: pulumi.Input[str]
    """The file's text. Swarm keeps it readable: nothing secret belongs here."""


@dataclass(frozen=True, kw_only=True)
class RotatingConfigSettings:
    """What a config is made of, checked."""

    prefix: str = setting(PREFIX)
    content: pulumi.Input[str] = setting()


class RotatingConfig(Component[RotatingConfigSettings]):
    """A Swarm config. Swarm cannot change one, so changed content makes a new one beside the old: the
    service is updated in place to use it, and only then the old one goes.

    Raises `pulumi.InputPropertiesError` for an unusable prefix.
    """

    config_id: pulumi.Output[str]
    """The config's id, for a service's reference."""
    config_name: pulumi.Output[str]
    """The config's name, digest included."""

    def __init__(
        self, name: str, args: RotatingConfigArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, RotatingConfigSettings)
        config = add_config(self, "config", self.settings.prefix, self.settings.content)
        self.config_id = config.id
        self.config_name = config.name
        self.register_outputs({"config_id": self.config_id, "config_name": self.config_name})

    @classmethod
    def children_of(cls, settings: RotatingConfigSettings) -> Sequence[str]:
        return ("config",)


def add_config(
    owner: Component[Any], key: str, prefix: str, content: pulumi.Input[str]
) -> docker.ServiceConfig:
    """The child `key` of a component: a config whose name is `prefix` and a digest of the content."""

    def named(text: str) -> str:
        return f"{prefix}-{hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]}"

    properties = {
        "name": mapped(content, named),
        "data_raw": content,
        "labels": [
            docker.ServiceConfigLabelArgs(label=label, value=value)
            for label, value in sorted(owner.labels().items())
        ],
    }
    return docker.ServiceConfig(
        owner.child_name(key), **owner.customized(key, properties), opts=owner.child_opts(key, **IN_TURN)
    )
