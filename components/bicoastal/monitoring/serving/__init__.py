"""What every watcher has in common: where it serves, how it proves itself, and how its health is seen."""

from .certificate import SharedIdentityArgs, WatcherCertificateArgs
from .identity import certificate_name, certified_names

__all__ = [
    "SharedIdentityArgs",
    "WatcherCertificateArgs",
    "certificate_name",
    "certified_names",
]
