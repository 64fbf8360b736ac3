"""The API: any HTTP service that keeps to a short contract."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi

from ..checks.problem import Problem
from ..checks.rules import IMAGE, NAME, PASSWORD, PEM, between
from ..checks.services import hosts_have_an_engine, tasks_are_counted_once
from ..component import Component, ComponentArgs
from ..containers import ContainerService
from ..containers.service_args import Limits, LimitsArgs
from ..settings import setting
from ..site import Site, SiteArgs
from .route import MOST_TASKS, MOST_WORKERS, PORT, SCALE_THE_GROUP, Colour
from .route import NAME as SERVICE
from .tracing import ApiTracing, ApiTracingArgs

USER = "10001:10001"
CA = "/etc/api/ca.pem"
DATABASE_PORT = 5432
CACHE_PORT = 6379
WORKERS_LIMIT_S = 900
"""In a first run workers are made meanwhile: they wait for a manager, install Docker and join."""


class CommonApiArgs(ComponentArgs):
    """What the API is made of, in one colour or in both."""

    site: SiteArgs
    """Where it runs; it needs the place's overlay network to find the balancer."""
    image: pulumi.Input[str]
    """The image, pinned. It listens on 8000 as uid 10001 with a read-only root, and answers `/health` (it
    lives), `/ready` (it takes requests) and `/region-health` (200 only while the primary is in `REGION`)."""
    application_password: pulumi.Input[str]
    """The application role's: a secret of 16 to 512 characters, at `/run/secrets/application-password`."""
    cache_password: NotRequired[pulumi.Input[str]]
    """Of Redis' user `application`: a secret of 16 to 512 characters, at `/run/secrets/cache-password`.
    Default: there is no cache."""
    authority: NotRequired[pulumi.Input[str]]
    """The authority of the database's and the cache's certificates, PEM; the API verifies them in full.
    Default: the system's authorities."""
    replicas: NotRequired[pulumi.Input[int]]
    """How many tasks run in this place, 1 to 10: a balancer has a place for so many. Default: 2; not together
    with `workers`."""
    workers: NotRequired[int]
    """The most workers that this place may have, 1 to 10, for a task on each of them in place of `replicas`:
    whoever adds a worker adds a task. `SwarmHosts` labels its workers `role=worker`, which any engine may
    have. Needs the place's `docker_host`. Default: none, tasks run on any host."""
    database: NotRequired[str]
    """The database's name. Default: `application`."""
    role: NotRequired[str]
    """The role's name. Default: `application`."""
    environment: NotRequired[dict[str, pulumi.Input[str]]]
    """Further environment variables; nothing secret belongs here. Default: none."""
    limits: NotRequired[LimitsArgs]
    """What one task may use. Default: 256 MiB and one core."""
    tracing: NotRequired[ApiTracingArgs]
    """Where it sends spans. Default: nowhere."""


class ApiArgs(CommonApiArgs):
    """What one service of the API is made of."""

    colour: NotRequired[Colour]
    """Its colour: it is then called `api-<colour>`, and told so by `COLOUR`. Default: none, it is `api`."""


@dataclass(frozen=True, kw_only=True)
class CommonApiSettings:
    """What the API is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    application_password: pulumi.Input[str] = setting(PASSWORD)
    cache_password: pulumi.Input[str] | None = setting(PASSWORD, default=None)
    authority: pulumi.Input[str] | None = setting(PEM, default=None)
    replicas: pulumi.Input[int] | None = setting(between(1, MOST_TASKS, "tasks"), default=None)
    workers: int | None = setting(MOST_WORKERS, default=None)
    database: str = setting(NAME, default="application")
    role: str = setting(NAME, default="application")
    environment: dict[str, pulumi.Input[str]] = setting(factory=dict)
    limits: Limits = setting(factory=Limits)
    tracing: ApiTracing | None = None

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.workers is not None:
            yield from tasks_are_counted_once(self.replicas, "workers", SCALE_THE_GROUP)
            yield from hosts_have_an_engine("workers", self.site.place, self.site.here.docker_host, "worker")


@dataclass(frozen=True, kw_only=True)
class ApiSettings(CommonApiSettings):
    """What one service of the API is made of, checked."""

    colour: Colour | None = setting(default=None)


class Api(Component[ApiSettings]):
    """One service of the API in one place. Its tasks are told the region's name, their colour and the way to
    the primary by environment: `REGION`, `COLOUR`, `DATABASE_HOST`, `DATABASE_PORT`, `DATABASE_NAME`,
    `DATABASE_USER`, `DATABASE_PASSWORD_FILE`, `DATABASE_CA_FILE`; and, where there is a cache, the way to its
    master: `CACHE_HOST`, `CACHE_PORT`, `CACHE_USER`, `CACHE_PASSWORD_FILE`, `CACHE_CA_FILE`.
    With `tracing`, they are told of it by the `OTEL_` variables that OpenTelemetry names.

    It keeps nothing.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_name: pulumi.Output[str]
    """The service's name in Swarm."""

    def __init__(self, name: str, args: ApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, ApiSettings)
        settings, site = self.settings, self.settings.site
        authority, colour = settings.authority, settings.colour
        service = ContainerService(
            self.child_name("service"),
            self.child_args(
                "service",
                {
                    "service_name": site.swarm_name(f"{SERVICE}-{colour.value}" if colour else SERVICE),
                    "image": settings.image,
                    "user": USER,
                    "network_id": site.network_id,
                    **self._tasks(),
                    "environment": {
                        "REGION": site.place,
                        **({"COLOUR": colour.value} if colour else {}),
                        "DATABASE_HOST": "postgres",
                        "DATABASE_PORT": str(DATABASE_PORT),
                        "DATABASE_NAME": settings.database,
                        "DATABASE_USER": settings.role,
                        "DATABASE_PASSWORD_FILE": "/run/secrets/application-password",
                        **({"DATABASE_CA_FILE": CA} if authority is not None else {}),
                        **self._cache(),
                        **self._tracing(),
                        **settings.environment,
                    },
                    "files": self._files(),
                    "secrets": self._secrets(),
                    "rotation_key": site.rotation_key,
                    "health": {
                        "command": [
                            *("curl", "--silent", "--fail", "--output", "/dev/null", "--max-time", "4"),
                            f"http://127.0.0.1:{PORT}/health",
                        ]
                    },
                    "limits": settings.limits,
                },
            ),
            opts=self.child_opts("service"),
        )
        self.service_name = service.service_name
        self.register_outputs({"service_name": self.service_name})

    def _tasks(self) -> dict[str, object]:
        settings, site = self.settings, self.settings.site
        if settings.workers is None:
            return {"replicas": 2 if settings.replicas is None else settings.replicas}
        return {
            "every_host": {"docker_host": site.here.docker_host, "ssh_options": site.here.ssh_options},
            "constraints": site.constraints_on_workers,
            "converge_timeout_s": WORKERS_LIMIT_S,
        }

    def _cache(self) -> dict[str, str]:
        if self.settings.cache_password is None:
            return {}
        return {
            "CACHE_HOST": "redis",
            "CACHE_PORT": str(CACHE_PORT),
            "CACHE_USER": "application",
            "CACHE_PASSWORD_FILE": "/run/secrets/cache-password",
            **({"CACHE_CA_FILE": CA} if self.settings.authority is not None else {}),
        }

    def _tracing(self) -> dict[str, pulumi.Input[str]]:
        settings, site = self.settings, self.settings.site
        if settings.tracing is None:
            return {}
        colour = {"colour": settings.colour.value} if settings.colour else {}
        resource = {"service.namespace": site.stack, "region": site.place, **colour}
        return settings.tracing.environment(SERVICE, resource)

    def _files(self) -> list[dict[str, object]]:
        authority, tracing = self.settings.authority, self.settings.tracing
        ca = [] if authority is None else [{"name": "ca", "path": CA, "content": authority}]
        return [*ca, *(tracing.files if tracing else [])]

    def _secrets(self) -> list[dict[str, object]]:
        values = {
            "application-password": self.settings.application_password,
            "cache-password": self.settings.cache_password,
        }
        passwords = [{"name": name, "value": value} for name, value in values.items() if value is not None]
        return [*passwords, *([self.settings.tracing.secret] if self.settings.tracing else [])]

    @classmethod
    def children_of(cls, settings: ApiSettings) -> Sequence[str]:
        return ("service",)
