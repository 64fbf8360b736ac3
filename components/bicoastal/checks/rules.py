"""The rules that a single value must meet."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from .problem import Problem, shown
from .stand_ins import is_stand_in


@dataclass(frozen=True)
class Rule:
    """A condition on one value, with the words for an error: what is wrong, what is allowed, the fix."""

    holds: Callable[[object], bool]
    wrong: str
    allowed: str
    fix: str
    secret: bool = False

    def problem(self, path: str, value: object) -> Problem | None:
        """The problem with `value` at `path`, or None. A stand-in of a plan has no shape to judge."""
        if is_stand_in(value) or self.holds(value):
            return None
        return Problem(path, self.wrong, shown(value, secret=self.secret), self.allowed, self.fix)


@dataclass(frozen=True)
class Between:
    """Whether a value is a number from `low` to `high`, both included."""

    low: float
    high: float

    def __call__(self, value: object) -> bool:
        return (
            isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high
        )


@dataclass(frozen=True)
class Matches:
    """Whether a value is a string that the pattern matches as a whole."""

    pattern: re.Pattern[str]

    def __call__(self, value: object) -> bool:
        return isinstance(value, str) and self.pattern.fullmatch(value) is not None


def between(low: float, high: float, unit: str) -> Rule:
    """A number of `unit` from `low` to `high`, both included."""
    return Rule(
        Between(low, high),
        "out of range",
        f"{low} to {high} {unit}",
        f"choose a number of {unit} in that range",
    )


def matching(pattern: str, allowed: str, fix: str) -> Rule:
    """A string that the pattern matches as a whole. Letters and digits are ASCII's: no other ones have been
    taken by what a string is for."""
    return Rule(Matches(re.compile(pattern, re.ASCII)), "not well formed", allowed, fix)


def _is_network(value: object) -> bool:
    try:
        network = ipaddress.IPv4Network(str(value))
    except ValueError:
        return False
    return network.is_private and network.prefixlen <= 28


def _is_any_network(value: object) -> bool:
    try:
        return isinstance(value, str) and "/" in value and bool(ipaddress.ip_network(value))
    except ValueError:
        return False


def _is_pem(value: object) -> bool:
    return isinstance(value, str) and value.lstrip().startswith("-----BEGIN ") and "-----END " in value


_PLAIN_PORT = 2375
"""Docker's own for engines without TLS, which it also takes where none is given."""


def _is_docker_host(value: object) -> bool:
    if not isinstance(value, str):
        return False
    if value.startswith("tcp://"):
        return bool(re.fullmatch(r"tcp://[^/]+:\d+", value)) and not value.endswith(f":{_PLAIN_PORT}")
    return value.startswith(("unix://", "ssh://", "npipe://"))


NAME = matching(
    r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?",
    "1 to 40 lower-case letters, digits and hyphens, beginning with a letter",
    "use a name such as 'east' or 'postgres-1'",
)
STACK_NAME = matching(
    r"[a-z]([a-z0-9-]{0,18}[a-z0-9])?",
    "1 to 20 lower-case letters, digits and hyphens, beginning with a letter",
    "every name in Swarm begins with the stack's, and Docker allows 64 characters in all; give the argument "
    "'stack' a short name such as 'production'",
)
SWARM_NAME = matching(
    r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?",
    "1 to 63 letters, digits, '_', '-' and '.', beginning and ending with a letter or a digit",
    "Docker refuses other names; use one such as 'production_api'",
)
IMAGE = matching(
    r"[a-z0-9][\w./:-]*(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})",
    "an image reference with a tag or a digest",
    "pin the image, such as 'registry.example.com/api@sha256:...' or 'bicoastal/api:3f2a91c0d4e7'",
)
ABSOLUTE_PATH = matching(r"/[^\0]*", "an absolute path", "begin the path with '/'")
CLOUD_REGION = matching(
    r"[a-z]{2}(-[a-z]+)+-\d",
    "a cloud region's code",
    "use a code such as 'us-east-1' or 'us-west-2'",
)
NETWORK = Rule(
    _is_any_network,
    "not a network",
    "an IPv4 or IPv6 network in CIDR form with no host bits set",
    "use a range such as '173.245.48.0/20', or '192.0.2.7/32' for one address",
)
PRIVATE_NETWORK = Rule(
    _is_network,
    "not a private network",
    "a private IPv4 network in CIDR form with no host bits set, /28 or larger",
    "use a range such as '10.1.0.0/16'",
)
DOCKER_HOST = Rule(
    _is_docker_host,
    "not an address of a Docker engine, or one without TLS",
    "ssh://user@host, unix:///path, tcp://host:port with TLS, whose port is named and is not 2375",
    "in production use ssh://, on one machine unix://: whoever reaches an engine without TLS is root there",
)
NOT_EMPTY = Rule(
    lambda v: isinstance(v, str) and bool(v.strip()),
    "empty",
    "a text that is not empty",
    "write it, or leave the key out where it may be",
)
PORT = between(1, 65535, "(a TCP port)")
PEM = replace(
    Rule(_is_pem, "not PEM text", "a PEM block, BEGIN to END", "give the file's content"),
    secret=True,
)
ANYTHING = Rule(lambda _: True, "", "anything", "")
SECRET = replace(ANYTHING, secret=True)
"""Anything, never shown."""
PASSWORD = Rule(
    lambda v: isinstance(v, str) and 16 <= len(v) <= 512 and v.isprintable() and " " not in v,
    "too short or not printable",
    "16 to 512 printable characters without spaces",
    "generate one, such as with: openssl rand -base64 24",
    secret=True,
)
PLAIN_PASSWORD = replace(
    PASSWORD,
    holds=lambda v: PASSWORD.holds(v) and not set(str(v)) & set("$%"),
    wrong="too short, not printable, or with what is read as a variable",
    allowed="16 to 512 printable characters without spaces, '$' and '%'",
)
"""For a program that puts variables into what it reads."""
