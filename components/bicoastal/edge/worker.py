"""A script at the edge: its versions, and which share of the requests each one has."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi

from ..checks import edge as checks
from ..checks.problem import Problem
from ..checks.rules import SECRET, between
from ..component import Component, ComponentArgs
from ..settings import setting
from .cloudflare import cloudflare
from .zone_reference import ZoneReference, ZoneReferenceArgs

MODULE = "worker.js"
COMPATIBILITY_DATE = "2026-01-01"
_PERCENT = between(0, 100, "percent")


class WorkerVersionArgs(TypedDict):
    """One version of a script. It never changes: what is changed gets a key of its own, beside the old
    one."""

    script: pulumi.Input[str]
    """The script's text, one JavaScript module that exports `fetch`."""
    compatibility_date: NotRequired[str]
    """The runtime that it was written for, as YYYY-MM-DD. Default: 2026-01-01."""
    compatibility_flags: NotRequired[list[str]]
    """Parts of the runtime switched on or off. Default: none."""
    variables: NotRequired[dict[str, pulumi.Input[str]]]
    """Texts that it reads by name; nothing secret belongs here. Default: none."""
    secrets: NotRequired[dict[str, pulumi.Input[str]]]
    """Secret texts that it reads by name. Default: none."""
    key_value_stores: NotRequired[dict[str, pulumi.Input[str]]]
    """Names to the ids of key-value namespaces. Default: none."""
    services: NotRequired[dict[str, pulumi.Input[str]]]
    """Names to other scripts that it calls. Default: none."""


class EdgeWorkerArgs(ComponentArgs):
    """What a script at the edge is made of."""

    zone: ZoneReferenceArgs
    """The zone whose requests it answers."""
    worker_name: str
    """Its name in the account, 1 to 63 lower-case letters, digits, '-' and '_'. A change replaces it."""
    versions: dict[str, WorkerVersionArgs]
    """A key of your own to each version, such as `2026-03-01`. A version whose text is changed under its old
    key is made anew and has the old one's requests at once."""
    rollout: NotRequired[dict[str, float]]
    """A version's key to its percentage of the requests; they sum to 100, for two versions at most. Going
    back is setting them back. Default: 100 for the only version."""
    routes: NotRequired[list[str]]
    """The requests that it answers, such as `api.example.com/tiles/*`; the host needs a proxied record.
    Default: none. A `*` may stand at the host's beginning and at the path's end. The edge compares the whole
    address, query string included: without a `*` at its end, `api.example.com/tiles` is not asked for
    `/tiles?z=3`."""
    message: NotRequired[str]
    """A note with the deployment, for people. Default: none."""


@dataclass(frozen=True, kw_only=True)
class WorkerVersion:
    """One version of a script, checked."""

    script: pulumi.Input[str]
    compatibility_date: str = setting(checks.DATE, default=COMPATIBILITY_DATE)
    compatibility_flags: list[str] = setting(factory=list)
    variables: dict[str, pulumi.Input[str]] = setting(factory=dict)
    secrets: dict[str, pulumi.Input[str]] = setting(SECRET, factory=dict)
    key_value_stores: dict[str, pulumi.Input[str]] = setting(factory=dict)
    services: dict[str, pulumi.Input[str]] = setting(factory=dict)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.variables_have_names(
            {
                "variables": list(self.variables),
                "secrets": list(self.secrets),
                "key_value_stores": list(self.key_value_stores),
                "services": list(self.services),
            }
        )

    def bindings(self) -> list[cloudflare.WorkerVersionBindingArgs]:
        """All that it reads by name, in one order."""
        made: list[tuple[str, dict[str, Any]]] = [
            *((name, {"type": "plain_text", "text": text}) for name, text in self.variables.items()),
            *(
                (name, {"type": "secret_text", "text": pulumi.Output.secret(text)})
                for name, text in self.secrets.items()
            ),
            *(
                (name, {"type": "kv_namespace", "namespace_id": store})
                for name, store in self.key_value_stores.items()
            ),
            *((name, {"type": "service", "service": service}) for name, service in self.services.items()),
        ]
        return [
            cloudflare.WorkerVersionBindingArgs(name=name, **what)
            for name, what in sorted(made, key=lambda binding: binding[0])
        ]


@dataclass(frozen=True, kw_only=True)
class EdgeWorkerSettings:
    """What a script at the edge is made of, checked."""

    zone: ZoneReference
    worker_name: str = setting(checks.WORKER_NAME)
    versions: dict[str, WorkerVersion]
    rollout: dict[str, float] = setting(_PERCENT, factory=dict)
    routes: list[str] = setting(checks.ROUTE, factory=list)
    message: str | None = None

    @property
    def shares(self) -> dict[str, float]:
        """Each version's percentage of the requests."""
        if not self.rollout and len(self.versions) == 1:
            return dict.fromkeys(self.versions, 100.0)
        return self.rollout

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if not self.versions:
            yield Problem("versions", "empty", "{}", "at least one version", "give a version, with a key")
            return
        yield from checks.shares_are_whole(self.shares, self.versions)
        yield from checks.no_route_twice(self.routes)
        for i, route in enumerate(self.routes):
            yield from checks.route_within_the_zone(f"routes[{i}]", route, self.zone.domain)


class EdgeWorker(Component[EdgeWorkerSettings]):
    """A script at the edge. Each version stays as it was made; a deployment says which share of the requests
    each has, so a new one starts with a few percent, and going back is to set the percentages back.

    The edge keeps versions and deployments that are taken away here; with the script all of them go, and its
    routes lead to the regions again.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, such as percentages that do
    not sum to 100.
    """

    worker_name: pulumi.Output[str]
    """The script's name."""
    version_ids: pulumi.Output[dict[str, str]]
    """Each version's key and its id."""

    def __init__(self, name: str, args: EdgeWorkerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, EdgeWorkerSettings)
        settings = self.settings
        tags = [f"{key}:{value}" for key, value in sorted(self.labels().items())]
        worker = cloudflare.Worker(
            self.child_name("worker"),
            **self.customized(
                "worker",
                {
                    "account_id": settings.zone.account_id,
                    "name": settings.worker_name,
                    "observability": cloudflare.WorkerObservabilityArgs(enabled=True),
                    # Its address under the vendor's domain would pass by the zone's rules.
                    "subdomain": cloudflare.WorkerSubdomainArgs(enabled=False, previews_enabled=False),
                    **({"tags": tags} if tags else {}),
                },
            ),
            opts=self.child_opts("worker"),
        )
        versions = {key: self._upload(key, version, worker) for key, version in settings.versions.items()}
        deployment = self._deployment(worker, versions)
        for route in settings.routes:
            key = _route_key(route)
            cloudflare.WorkersRoute(
                self.child_name(key),
                **self.customized(
                    key, {"zone_id": settings.zone.zone_id, "pattern": route, "script": worker.name}
                ),
                # A script without a deployment would answer with an error.
                opts=self.child_opts(key, depends_on=[deployment]),
            )
        self.worker_name = worker.name
        self.version_ids = pulumi.Output.all(**{key: version.id for key, version in versions.items()})
        self.register_outputs({"worker_name": self.worker_name, "version_ids": self.version_ids})

    @classmethod
    def children_of(cls, settings: EdgeWorkerSettings) -> Sequence[str]:
        versions = [_version_key(key) for key in settings.versions]
        return ["worker", *versions, "deployment", *(_route_key(route) for route in settings.routes)]

    def _upload(
        self, version_key: str, version: WorkerVersion, worker: cloudflare.Worker
    ) -> cloudflare.WorkerVersion:
        key = _version_key(version_key)
        content = pulumi.Output.from_input(version.script).apply(
            lambda text: base64.b64encode(text.encode()).decode()
        )
        return cloudflare.WorkerVersion(
            self.child_name(key),
            **self.customized(
                key,
                {
                    "account_id": self.settings.zone.account_id,
                    "worker_id": worker.id,
                    "main_module": MODULE,
                    "modules": [
                        cloudflare.WorkerVersionModuleArgs(
                            name=MODULE,
                            content_type="application/javascript+module",
                            content_base64=content,
                        )
                    ],
                    "compatibility_date": version.compatibility_date,
                    "compatibility_flags": version.compatibility_flags or None,
                    "bindings": version.bindings() or None,
                    "annotations": cloudflare.WorkerVersionAnnotationsArgs(workers_tag=version_key),
                },
            ),
            opts=self.child_opts(key),
        )

    def _deployment(
        self, worker: cloudflare.Worker, versions: dict[str, cloudflare.WorkerVersion]
    ) -> cloudflare.WorkersDeployment:
        message = self.settings.message
        note = {} if message is None else {"annotations": {"workers_message": message}}
        return cloudflare.WorkersDeployment(
            self.child_name("deployment"),
            **self.customized(
                "deployment",
                {
                    "account_id": self.settings.zone.account_id,
                    "script_name": worker.name,
                    "strategy": "percentage",
                    "versions": [
                        cloudflare.WorkersDeploymentVersionArgs(version_id=versions[key].id, percentage=share)
                        for key, share in sorted(self.settings.shares.items())
                        if share > 0
                    ],
                    **note,
                },
            ),
            opts=self.child_opts("deployment"),
        )


def _version_key(key: str) -> str:
    return f"version-{key}"


def _route_key(route: str) -> str:
    return f"route-{route}"
