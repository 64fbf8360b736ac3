"""Who is told of alerts, from a stack's configuration: what people have chosen, with the secrets."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pulumi

from ..checks.problem import Problem, shown
from ..monitoring.routing.routes import Routing, RoutingArgs
from ..settings import read, refuse
from .configuration import RECEIVERS, refuse_missing

_MAIL = "mail"
"""The one receiver that there need not be."""
_OF_ALL = [key for key, (receiver, _) in RECEIVERS.items() if receiver != _MAIL]
(_MAIL_SECRET,) = set(RECEIVERS) - set(_OF_ALL)


def routing_from_config(config: pulumi.Config, chosen: Mapping[str, Any], path: str) -> RoutingArgs:
    """The `routing` that stands in the configuration at `path`, with the secrets of the receivers
    (`RECEIVERS`). Mail is sent where it was chosen.

    Raises `pulumi.InputPropertiesError` for a secret that is missing, of no use or written in the open, and
    for all that breaks its rule, before anything is registered: as an Output a secret is looked at only
    later.
    """
    receivers = chosen.get("receivers")
    if receivers is None:
        receivers = {}
    if not isinstance(receivers, Mapping):
        return cast(RoutingArgs, chosen)  # which its own check refuses
    owner = f"Environment {pulumi.get_stack()!r}"
    refuse(owner, [*_in_the_open(receivers, path), *_mail_to_nobody(config, receivers, path)])
    refuse_missing(config, _OF_ALL, _OF_ALL)

    def with_secrets(secrets: Mapping[str, Any]) -> dict[str, Any]:
        return {**chosen, "receivers": {**receivers, **_completed(receivers, secrets)}}

    def named(here: str) -> str:
        names = {f"receivers.{receiver}.{name}": key for key, (receiver, name) in RECEIVERS.items()}
        return f"{config.name}:{names[here]}" if here in names else f"{path}.{here}"

    read(Routing, with_secrets({key: config.get(key) for key in RECEIVERS}), owner, named)
    return cast(RoutingArgs, with_secrets({key: config.get_secret(key) for key in RECEIVERS}))


def _completed(receivers: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
    """Those receivers that get a secret, with it; what is no dictionary is left for its check to refuse."""
    completed = {}
    for key, (receiver, name) in RECEIVERS.items():
        group = receivers.get(receiver)
        if group is None and receiver != _MAIL:
            group = {}
        if isinstance(group, Mapping) and secrets[key] is not None:
            completed[receiver] = {**group, name: secrets[key]}
    return completed


def _in_the_open(receivers: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Secrets that stand among what people have chosen, for everybody to read."""
    for key, (receiver, name) in RECEIVERS.items():
        group = receivers.get(receiver)
        if isinstance(group, Mapping) and group.get(name) is not None:
            yield Problem(
                f"{path}.receivers.{receiver}.{name}",
                "a secret that anybody can read",
                shown(group[name], secret=True),
                f"the secret {key!r}",
                f"remove it, make a new one, and set that by: pulumi config set --secret {key}",
            )


def _mail_to_nobody(config: pulumi.Config, receivers: Mapping[str, Any], path: str) -> Iterator[Problem]:
    given = config.get(_MAIL_SECRET)
    if given is not None and receivers.get(_MAIL) is None:
        yield Problem(
            f"{config.name}:{_MAIL_SECRET}",
            "nobody gets mail",
            shown(given, secret=True),
            f"a password beside {path}.receivers.{_MAIL}",
            f"say there who gets mail, or: pulumi config rm {_MAIL_SECRET}",
        )
