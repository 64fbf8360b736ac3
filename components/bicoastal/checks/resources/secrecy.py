"""Texts that hold a secret, and texts that only name one."""

import re

_IN_ADDRESS = re.compile(r"://[^/\s@:]*:(?P<password>[^/\s@]+)@")
_PLACE = r"\$\{[^}]*\}|\$\w+|\{\{[^}]*\}\}"
_FILLED_IN_LATER = re.compile(rf"{_PLACE}|\{{[^}}]*\}}|<[^>]*>|\*+")
_NAMES_ONE = re.compile(rf"arn:[\w-]+:(secretsmanager|ssm):\S+|vault:[\w/.#-]+|op://\S+|{_PLACE}")


def has_password(text: str) -> bool:
    """Whether an address in the text has a password in it, and not the place of one."""
    return any(not _FILLED_IN_LATER.fullmatch(found["password"]) for found in _IN_ADDRESS.finditer(text))


def is_reference(text: str) -> bool:
    """Whether it says where a secret is, as an ARN of Secrets Manager does."""
    return _NAMES_ONE.fullmatch(text) is not None
