"""A stack's configuration as the Pulumi engine reads it, its secrets encrypted under a passphrase.

The file is written here, in the form of Pulumi's passphrase secrets provider: `pulumi config set` takes a
process for each secret and `set-all` takes them as arguments, which every user of the machine can read.
"""

import base64
import hashlib
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SALT_BYTES = 8
NONCE_BYTES = 12
ITERATIONS = 1_000_000
CHECK = "pulumi"
"""What is encrypted beside the salt, so that a wrong passphrase is noticed."""


class StackSecrets:
    """Encrypts as Pulumi's passphrase secrets provider does: AES-256-GCM under a key that PBKDF2 derives."""

    def __init__(self, passphrase: str, kept: str = "") -> None:
        """`kept` is the `encryptionsalt` of before, which stays when it belongs to this passphrase."""
        parts = kept.split(":", 2)
        salt = base64.b64decode(parts[1]) if len(parts) == 3 else b""
        if salt:
            self._cipher = _cipher(passphrase, salt)
            if self._reads(parts[2]):
                self.encryption_salt = kept
                return
        salt = os.urandom(SALT_BYTES)
        self._cipher = _cipher(passphrase, salt)
        self.encryption_salt = f"v1:{base64.b64encode(salt).decode()}:{self.encrypt(CHECK)}"

    def encrypt(self, text: str) -> str:
        """The text as it stands under `secure` in a stack's configuration."""
        nonce = os.urandom(NONCE_BYTES)
        hidden = self._cipher.encrypt(nonce, text.encode(), None)
        return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(hidden).decode()}"

    def _reads(self, check: str) -> bool:
        _, nonce, hidden = check.split(":")
        try:
            found = self._cipher.decrypt(base64.b64decode(nonce), base64.b64decode(hidden), None)
        except InvalidTag:
            return False
        return found == CHECK.encode()


def write_stack_config(
    file: Path, config: Mapping[str, str], secret_keys: Collection[str], passphrase: str
) -> None:
    """Write the configuration, whole or not at all, mode 0600."""
    before = yaml.safe_load(file.read_text()) if file.exists() else {}
    stack_secrets = StackSecrets(passphrase, str((before or {}).get("encryptionsalt", "")))
    told: dict[str, Any] = {
        key: {"secure": stack_secrets.encrypt(text)} if key in secret_keys else _value(text)
        for key, text in config.items()
    }
    half = file.with_name(f".{file.name}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        yaml.safe_dump({"encryptionsalt": stack_secrets.encryption_salt, "config": told}, handle)
    half.replace(file)


def _value(text: str) -> Any:
    """A group as a group; anything else as the text that it is."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, dict | list) else text


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ITERATIONS))
