"""What the API is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .tracing_settings import TracingSettings, TracingSettingsError


class SettingsError(Exception):
    """A setting is missing or cannot be used; names it, never a secret."""


@dataclass(frozen=True)
class CacheSettings:
    """The way to Redis' master."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    ca_file: str | None


@dataclass(frozen=True)
class Settings:
    """Where the API is, the way to the primary and, where there are any, to the cache and to whoever takes
    its spans."""

    region: str
    colour: str
    """Of the two services that are the API; empty where it is one."""
    database_host: str
    database_port: int
    database_name: str
    database_user: str
    database_password: str = field(repr=False)
    database_ca_file: str | None
    database_sslmode: str
    port: int
    cache: CacheSettings | None = None
    tracing: TracingSettings | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings. Raises `SettingsError` naming the variable."""

        def needed(name: str) -> str:
            value = environment.get(name, "")
            if not value:
                raise SettingsError(f"{name} is not set")
            return value

        def port(name: str, default: str) -> int:
            value = environment.get(name, default)
            if not value.isdecimal() or not 1 <= int(value) <= 65535:
                raise SettingsError(f"{name} is {value!r}; it must be a port from 1 to 65535")
            return int(value)

        def secret(name: str) -> str:
            try:
                return Path(needed(name)).read_text().strip()
            except OSError as error:
                raise SettingsError(f"{name} cannot be read: {error.strerror}") from None

        def cache() -> CacheSettings | None:
            if not environment.get("CACHE_HOST"):
                return None
            return CacheSettings(
                host=needed("CACHE_HOST"),
                port=port("CACHE_PORT", "6379"),
                user=needed("CACHE_USER"),
                password=secret("CACHE_PASSWORD_FILE"),
                ca_file=environment.get("CACHE_CA_FILE") or None,
            )

        return cls(
            region=needed("REGION"),
            colour=environment.get("COLOUR", ""),
            database_host=environment.get("DATABASE_HOST", "postgres"),
            database_port=port("DATABASE_PORT", "5432"),
            database_name=needed("DATABASE_NAME"),
            database_user=needed("DATABASE_USER"),
            database_password=secret("DATABASE_PASSWORD_FILE"),
            database_ca_file=environment.get("DATABASE_CA_FILE") or None,
            database_sslmode=environment.get("DATABASE_SSLMODE", "verify-full"),
            port=port("PORT", "8000"),
            cache=cache(),
            tracing=_tracing(environment),
        )


def _tracing(environment: Mapping[str, str]) -> TracingSettings | None:
    try:
        return TracingSettings.from_environment(environment)
    except TracingSettingsError as error:
        raise SettingsError(str(error)) from None
