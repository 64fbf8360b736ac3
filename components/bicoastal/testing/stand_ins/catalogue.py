"""The providers that the kit has a stand-in for."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from .kinds import Kind, read_kinds
from .provider import StandIn
from .store import Cloud

TABLES = Path(__file__).with_name("tables")
_CLOUDS = {"aws": "Aws", "cloudflare": "Cloudflare", "docker": "Docker", "vercel": None}
"""A provider to its class, in the module of its name, where its cloud has rules of its own."""
_DISTRIBUTIONS = {"vercel": "pulumiverse-vercel"}
"""Where the SDK is not named after the provider."""


def stand_in_for(provider: str) -> StandIn:
    """A stand-in whose cloud is empty, for `aws`, `cloudflare`, `docker` or `vercel`.

    That for AWS needs `moto`, which the extra `testing` brings, and asks its account, which must be running.
    Raises ValueError for another provider.
    """
    if provider not in _CLOUDS:
        raise ValueError(
            f"there is no stand-in for this provider; given: {provider!r}; allowed: {', '.join(_CLOUDS)}; "
            "fix: make a StandIn with a table of your own"
        )
    rules = _CLOUDS[provider]
    cloud = getattr(import_module(f".{provider}", __package__), rules) if rules else Cloud
    return StandIn(
        provider, version(_DISTRIBUTIONS.get(provider, f"pulumi-{provider}")), cloud(kinds(provider))
    )


@cache
def kinds(provider: str) -> Mapping[str, Kind]:
    """What is known of each type of this provider; nothing of one that has no stand-in."""
    table = TABLES / f"{provider}.yaml"
    return read_kinds(table) if table.exists() else {}


def kind_of(token: str) -> Kind | None:
    """What is known of this type."""
    return kinds(token.partition(":")[0]).get(token)
