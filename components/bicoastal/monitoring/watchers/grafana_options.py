"""How Grafana is declared: what it shows, and where people find it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ...checks.problem import Problem
from ...checks.rules import PLAIN_PASSWORD, SECRET, matching
from ...containers.service_args import Limits, LimitsArgs
from ...settings import setting
from ..serving.certificate import WatcherCertificate, WatcherCertificateArgs

MOST_BYTES = 500_000
"""Of one dashboard: what Swarm takes for a configuration."""
DATA_MB = 128
"""MiB of memory that its data may take."""
LEAST_MB = 2 * DATA_MB
ROOT_URL = matching(
    r"https://[^\s/]+(/\S*)?", "an address with https", "use one such as 'https://localhost:3000/'"
)
FILE_NAME = matching(r"[a-z0-9][a-z0-9-]{0,23}\.json", "a name with .json", "use one such as 'hosts.json'")


class GrafanaOptionsArgs(TypedDict):
    """How a region's Grafana is made."""

    dashboards: NotRequired[dict[str, str]]
    """The JSON of each dashboard, by its file's name: 1 to 24 lower-case letters, digits and hyphens, then
    `.json`. Each has a `uid` of its own and is at most 500 kB. The first is what people see first. Default:
    none."""
    root_url: NotRequired[str]
    """Where people find it, which links begin with. Default: `https://<its host's address>:3000/`."""
    limits: NotRequired[LimitsArgs]
    """What it may use, at least 256 MiB: its data is in memory. Default: 1 GiB and one core; one
    that rests was seen at 330 MiB (grafana/grafana#123017)."""


@dataclass(frozen=True, kw_only=True)
class GrafanaOptions:
    """How a region's Grafana is made, checked."""

    dashboards: dict[str, str] = setting(factory=dict)
    root_url: str | None = setting(ROOT_URL, default=None)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=1024))

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.limits.memory_mb < LEAST_MB:
            yield Problem(
                "limits.memory_mb",
                "too little",
                str(self.limits.memory_mb),
                f"at least {LEAST_MB} MiB, of which {DATA_MB} are for its data",
                "give it more",
            )
        yield from self._problems_of_dashboards()

    def _problems_of_dashboards(self) -> Iterator[Problem]:
        owners: dict[str, str] = {}
        for name, text in self.dashboards.items():
            path = f"dashboards.{name}"
            if misnamed := FILE_NAME.problem(path, name):
                yield misnamed
            size = len(text.encode())
            if size > MOST_BYTES:
                yield Problem(
                    path,
                    "larger than a configuration may be",
                    f"{size} bytes",
                    f"at most {MOST_BYTES} bytes",
                    "make two dashboards of it, or write its JSON without indentation",
                )
                continue
            uid = _uid(text)
            if uid is None:
                yield Problem(
                    path,
                    "no dashboard",
                    f"{size} bytes",
                    "a JSON object with a text 'uid'",
                    "give it the JSON of a dashboard, whose 'uid' is its address",
                )
            elif (owner := owners.setdefault(uid, name)) != name:
                yield Problem(
                    path,
                    f"has the 'uid' of {owner}",
                    repr(uid),
                    "a 'uid' of its own",
                    "one would replace the other: name it otherwise",
                )


def _uid(text: str) -> str | None:
    try:
        dashboard = json.loads(text)
    except ValueError:
        return None
    uid = dashboard.get("uid") if isinstance(dashboard, dict) else None
    return uid if isinstance(uid, str) and uid else None


class GrafanaCredentialsArgs(TypedDict):
    """What Grafana proves itself with, and who comes to it."""

    certificate: WatcherCertificateArgs
    """Its place's watchers', naming its host's address, `localhost` and `monitor`: what it shows to people
    and to whom it asks."""
    admin_password: pulumi.Input[str]
    """Of the user `admin`: a secret of 16 to 512 characters without `$` and `%`."""
    monitor_password: pulumi.Input[str]
    """Of `monitor`, who asks for its own figures: a secret of 16 to 512 characters without `$` and `%`."""
    secret_key: pulumi.Input[str]
    """Under which it encrypts what it keeps: a secret of 16 to 512 characters without `$` and `%`."""


@dataclass(frozen=True, kw_only=True)
class GrafanaCredentials:
    """What Grafana proves itself with, and who comes to it, checked."""

    certificate: WatcherCertificate = setting(SECRET)
    admin_password: pulumi.Input[str] = setting(PLAIN_PASSWORD)
    monitor_password: pulumi.Input[str] = setting(PLAIN_PASSWORD)
    secret_key: pulumi.Input[str] = setting(PLAIN_PASSWORD)
