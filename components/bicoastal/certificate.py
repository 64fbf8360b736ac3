"""A certificate with its key, and the authority that its peers trust."""

from dataclasses import dataclass
from typing import TypedDict

import pulumi

from .checks.rules import PEM
from .settings import setting


class CertificateArgs(TypedDict):
    """A certificate for one member, for both sides of TLS; it names the member's addresses."""

    authority: pulumi.Input[str]
    """The authority's certificate, PEM."""
    certificate: pulumi.Input[str]
    """The member's certificate, PEM, valid as server and as client."""
    key: pulumi.Input[str]
    """The member's private key, PEM; a secret."""


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate, checked."""

    authority: pulumi.Input[str] = setting(PEM)
    certificate: pulumi.Input[str] = setting(PEM)
    key: pulumi.Input[str] = setting(PEM)
