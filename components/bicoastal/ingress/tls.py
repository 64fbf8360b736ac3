"""TLS where the edge comes in: whom the balancer shows a certificate, and of whom it asks for one."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ..checks.rules import PEM, PORT
from ..settings import setting

CLIENT_AUTHORITY = "/etc/haproxy/clients.pem"
SECRET_NAME = "front"  # noqa: S105 a file's name
CERTIFICATE = f"/run/secrets/{SECRET_NAME}"
"""HAProxy reads certificate and key from one file."""
WATCHERS_SECRET = "watchers"  # noqa: S105 a file's name
WATCHERS_CERTIFICATE = f"/run/secrets/{WATCHERS_SECRET}"
HTTPS_PORT = 443


class BalancerTlsArgs(TypedDict):
    """How the balancer speaks TLS with the edge."""

    certificate: pulumi.Input[str]
    """PEM, with what leads to its authority: valid for the name that the edge asks for."""
    key: pulumi.Input[str]
    """Its private key, PEM; a secret."""
    client_authority: NotRequired[pulumi.Input[str]]
    """The certificate, PEM, of the authority behind the edge's own certificate: whoever shows none of it is
    sent away before a request is read. Default: whoever reaches the port may come in."""
    port: NotRequired[int]
    """The host's port, 1 to 65535. Default: 443."""


def in_one_file(certificate: pulumi.Input[str], key: pulumi.Input[str]) -> pulumi.Output[str]:
    """Certificate and key as HAProxy reads them: one text, which is as secret as the key."""
    both = pulumi.Output.all(certificate, pulumi.Output.secret(key))
    return both.apply(lambda pair: "\n".join(text.strip() for text in pair) + "\n")


@dataclass(frozen=True, kw_only=True)
class BalancerTls:
    """How the balancer speaks TLS with the edge, checked."""

    certificate: pulumi.Input[str] = setting(PEM)
    key: pulumi.Input[str] = setting(PEM)
    client_authority: pulumi.Input[str] | None = setting(PEM, default=None)
    port: int = setting(PORT, default=HTTPS_PORT)

    @property
    def pair(self) -> pulumi.Output[str]:
        """Certificate and key as one text, which is as secret as the key."""
        return in_one_file(self.certificate, self.key)

    @property
    def bind(self) -> str:
        """What a line `bind` says of it."""
        verify = f" ca-file {CLIENT_AUTHORITY} verify required" if self.client_authority is not None else ""
        return f"ssl crt {CERTIFICATE} alpn h2,http/1.1 ssl-min-ver TLSv1.2{verify}"
