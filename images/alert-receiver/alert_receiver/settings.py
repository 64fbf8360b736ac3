"""What the receiver is told before it runs: files in one folder, since all of it is secret."""

import json
import ssl
from dataclasses import dataclass, field
from pathlib import Path

CERTIFICATE = "certificate.pem"
SECRETS = "secrets.json"


class SettingsError(Exception):
    """The receiver cannot run with these settings; the text says why."""


@dataclass(frozen=True)
class Settings:
    """What must be shown to the receiver by whoever tells it something, as the real ones ask for it."""

    routing_key: str = field(repr=False)
    """PagerDuty's."""
    slack_token: str = field(repr=False)
    """The last part of the webhook's path."""
    mail_user: str
    mail_password: str = field(repr=False)
    dead_man_token: str = field(repr=False)
    """The last part of the dead man's path."""
    certificate: Path
    """The certificate and its key, in one file."""

    @classmethod
    def read(cls, folder: Path) -> "Settings":
        """From the files in the folder. Raises `SettingsError`."""
        try:
            return cls(**json.loads((folder / SECRETS).read_text()), certificate=folder / CERTIFICATE)
        except (OSError, ValueError, TypeError) as error:
            raise SettingsError(f"{folder / SECRETS} cannot be used: {error}") from None

    @property
    def tls(self) -> ssl.SSLContext:
        """The context of a server."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate)
        return context
