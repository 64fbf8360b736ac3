"""What an exporter proves itself with, to who asks it and to the member that it asks."""

from dataclasses import dataclass
from typing import TypedDict

import pulumi

from ...checks.rules import PASSWORD, SECRET
from ...settings import setting
from ..serving.certificate import WatcherCertificate, WatcherCertificateArgs

PASSWORD_NAME = "password"  # noqa: S105 a file's name


class ExporterCredentialsArgs(TypedDict):
    """What an exporter proves itself with."""

    certificate: WatcherCertificateArgs
    """Its place's, naming `localhost` and `monitor`."""
    password: pulumi.Input[str]
    """With which it comes to the member: a secret of 16 to 512 characters."""


@dataclass(frozen=True, kw_only=True)
class ExporterCredentials:
    """What an exporter proves itself with, checked."""

    certificate: WatcherCertificate = setting(SECRET)
    password: pulumi.Input[str] = setting(PASSWORD)
