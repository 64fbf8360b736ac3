"""A twin's passwords, keys and certificates: made once, kept in the twin's own folder, mode 0600."""

import os
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ..operations.durable import HALF, write_durably
from . import certificates
from .certificates import Certificate

FOLDER = "credentials"
PASSPHRASE = "pulumi-passphrase"  # noqa: S105 the name of its file
SECRET_BYTES = 32
"""Of randomness in a password, which makes 43 characters."""
MEMBER = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")


class CredentialsExposed(Exception):
    """A file of credentials belongs to another user, or is not a plain file."""


@dataclass(frozen=True)
class Credentials:
    """What a twin's members prove themselves with. Shown without its secrets."""

    passwords: Mapping[str, str] = field(repr=False)
    rotation_key: str = field(repr=False)
    """The key under which the names of Swarm secrets carry an HMAC."""
    ca_pem: str = field(repr=False)
    """The certificate of the twin's own authority."""
    certificates: Mapping[str, Certificate] = field(repr=False)
    """Each member's certificate with its key."""

    @classmethod
    def stand_ins(cls, members: Iterable[str], passwords: Iterable[str]) -> "Credentials":
        """Credentials that only stand for real ones, to check settings by before anything is made."""

        def stand_in(name: str) -> str:
            return f"[secret twin:{name}]"

        return cls(
            passwords={name: stand_in(name) for name in passwords},
            rotation_key=stand_in("rotation-key"),
            ca_pem=stand_in("authority"),
            certificates={member: Certificate(stand_in(member), stand_in(member)) for member in members},
        )


def ensure(
    folder: Path,
    members: Mapping[str, Sequence[str]],
    passwords: Sequence[str] = (),
    alone: Collection[str] = (),
) -> Credentials:
    """The credentials in `<folder>/credentials`, made where they are missing.

    `members` maps each member to the DNS names and IP addresses that its certificate answers to, `passwords`
    names the passwords, `alone` those of the members whose certificate is signed by itself. What is there and
    valid is kept byte for byte. A member's certificate is made anew when its names have changed, when it has
    less than 30 days left or when the authority is a new one. Files whose mode has become wider are made 0600
    again; one that belongs to another user raises `CredentialsExposed`.
    """
    store = _Store(folder / FOLDER)
    authority = store.pair("authority", certificates.is_authority, certificates.new_authority)

    def certificate(member: str, names: Sequence[str]) -> Certificate:
        if not MEMBER.fullmatch(member):
            raise ValueError(
                f"{member!r} cannot name a certificate: use lower-case letters, digits, '-' and '.'"
            )
        own = member in alone
        return store.pair(
            f"member-{member}",
            lambda found: certificates.fits(found, found if own else authority, names),
            lambda: (
                certificates.new_alone(member, names)
                if own
                else certificates.new_member(authority, member, names)
            ),
        )

    return Credentials(
        passwords={name: store.secret(f"password-{name}") for name in passwords},
        rotation_key=store.secret("rotation-key"),
        ca_pem=authority.cert_pem,
        certificates={member: certificate(member, names) for member, names in members.items()},
    )


def ending(folder: Path, member: str, life: timedelta) -> str:
    """Another certificate of a member, for the key that it has, which ends after `life`; kept nowhere."""
    store = _Store(folder / FOLDER)
    authority = store.pair("authority", certificates.is_authority, certificates.new_authority)
    found = certificates.split((folder / FOLDER / f"member-{member}.pem").read_text())
    if found is None:
        raise ValueError(f"{member!r} has no certificate of which another could be made: run `up` first")
    return certificates.anew(authority, found, life).cert_pem


def password_file(folder: Path, name: str) -> Path:
    """The file in `<folder>/credentials` with the password of this name."""
    return folder / FOLDER / f"password-{name}"


def passphrase_file(folder: Path) -> Path:
    """The file in `<folder>/credentials` with the passphrase that the secrets in Pulumi's state and
    configuration are encrypted under; made when there is none yet. Raises `CredentialsExposed`."""
    _Store(folder / FOLDER).secret(PASSPHRASE)
    return folder / FOLDER / PASSPHRASE


class _Store:
    """A folder of secret texts, each written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(folder, 0o700)
        self._folder = folder
        for left in folder.glob(f"{HALF}*"):
            left.unlink()

    def secret(self, name: str) -> str:
        """The secret of this name; made when it is missing or empty."""
        found = self._read(name)
        return found or self._write(name, secrets.token_urlsafe(SECRET_BYTES))

    def pair(
        self, name: str, valid: Callable[[Certificate], bool], make: Callable[[], Certificate]
    ) -> Certificate:
        """The certificate with its key, in one file so that they always belong together."""
        found = self._read(f"{name}.pem")
        if found is not None:
            pair = certificates.split(found)
            if pair is not None and valid(pair):
                return pair
        made = make()
        self._write(f"{name}.pem", made.cert_pem + made.key_pem)
        return made

    def _read(self, name: str) -> str | None:
        path = self._folder / name
        try:
            _make_private(path, 0o600)
            return path.read_text()
        except FileNotFoundError:
            return None

    def _write(self, name: str, text: str) -> str:
        write_durably(self._folder / name, text)
        return text


def _make_private(path: Path, mode: int) -> None:
    state = path.lstat()
    if state.st_uid != os.getuid() or path.is_symlink():
        raise CredentialsExposed(
            f"{path} is a link or belongs to another user. Remove it and run `up` again."
        )
    if state.st_mode & 0o777 != mode:
        path.chmod(mode)
