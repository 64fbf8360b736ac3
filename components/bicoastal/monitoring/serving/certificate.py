"""The certificate of a place's watchers, by itself or shared between them."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ...checks.rules import PEM
from ...containers import MadeArgs
from ...containers.service_args import Made
from ...settings import setting


class SharedIdentityArgs(TypedDict):
    """What a place's watchers prove themselves with, standing in its Swarm already."""

    authority: MadeArgs
    """The config with the authority's certificate."""
    certificate: MadeArgs
    """The config with the place's certificate."""
    web: MadeArgs
    """The config that says how Prometheus and the exporters serve: by TLS, to watchers alone."""
    key: MadeArgs
    """The secret with the certificate's key."""


class WatcherCertificateArgs(TypedDict):
    """A place's certificate for its watchers, naming its hosts' addresses, `localhost` and `monitor`."""

    authority: pulumi.Input[str]
    """The authority's certificate, PEM."""
    certificate: pulumi.Input[str]
    """The place's certificate, PEM, valid as server and as client."""
    key: pulumi.Input[str]
    """Its private key, PEM; a secret."""
    shared: NotRequired[SharedIdentityArgs]
    """The same where it stands in the place's Swarm already. Default: none, each watcher makes its own."""


@dataclass(frozen=True, kw_only=True)
class SharedIdentity:
    """What a place's watchers prove themselves with, checked."""

    authority: Made = setting()
    certificate: Made = setting()
    web: Made = setting()
    key: Made = setting()


@dataclass(frozen=True, kw_only=True)
class WatcherCertificate:
    """A place's certificate for its watchers, checked."""

    authority: pulumi.Input[str] = setting(PEM)
    certificate: pulumi.Input[str] = setting(PEM)
    key: pulumi.Input[str] = setting(PEM)
    shared: SharedIdentity | None = None
