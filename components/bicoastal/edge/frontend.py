"""The frontend's domain: records that lead to where it is hosted, and the project there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ..checks import edge as checks
from ..checks.problem import Problem
from ..component import Component, ComponentArgs
from ..settings import setting
from .frontend_project import FrontendProject, FrontendProjectArgs
from .records import DnsRecords, RecordType
from .zone_reference import ZoneReference, ZoneReferenceArgs

HOST_NAME = "cname.vercel-dns.com"
HOST_ADDRESS = "76.76.21.21"
"""Where Vercel takes requests for domains of its users, as of 2026; a project's settings may name others."""

PERMANENT_REDIRECT = 308


class FrontendDomainArgs(ComponentArgs):
    """What leads to the frontend."""

    zone: ZoneReferenceArgs
    """The zone that the domain is in."""
    domain: str
    """The frontend's full name, such as `example.com` or `app.example.com`."""
    www: NotRequired[bool]
    """Whether `www.` before it leads there too; the host redirects. Default: only before the zone's own
    name."""
    target: NotRequired[str]
    """The host's name, for all but the zone's own name. Default: `cname.vercel-dns.com`."""
    address: NotRequired[str]
    """The host's IPv4 address, for the zone's own name. Default: 76.76.21.21."""
    verification: NotRequired[pulumi.Input[str]]
    """What the host wants to read under `_vercel.` before the zone's name, to believe that the domain is
    yours. Default: nothing."""
    project: NotRequired[FrontendProjectArgs]
    """The project at Vercel, which the domain is added to, with its variables; needs the extra `vercel`.
    Default: none, the project is kept there by hand."""


@dataclass(frozen=True, kw_only=True)
class FrontendDomainSettings:
    """What leads to the frontend, checked."""

    zone: ZoneReference
    domain: str = setting(checks.DOMAIN)
    www: bool | None = None
    target: str = setting(checks.DOMAIN, default=HOST_NAME)
    address: str = HOST_ADDRESS
    verification: pulumi.Input[str] | None = None
    project: FrontendProject | None = None

    @property
    def is_zone(self) -> bool:
        """Whether the domain is the zone's own name."""
        return self.domain == self.zone.domain

    @property
    def alias(self) -> str | None:
        """The name that is redirected to the domain."""
        return f"www.{self.domain}" if (self.is_zone if self.www is None else self.www) else None

    @property
    def records(self) -> dict[str, Any]:
        """The records by their keys: never proxied, since the host makes the certificates."""
        alias = {"type": RecordType.CNAME, "content": self.target}
        made: dict[str, Any] = {
            "domain": {"type": RecordType.A, "name": self.domain, "content": self.address}
            if self.is_zone
            else {**alias, "name": self.domain}
        }
        if self.alias is not None:
            made["www"] = {**alias, "name": self.alias}
        if self.verification is not None:
            made["verification"] = {
                "type": RecordType.TXT,
                "name": f"_vercel.{self.zone.domain}",
                "content": self.verification,
            }
        return made

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.within_the_zone("domain", self.domain, self.zone.domain)
        for problem in checks.address_is_of_its_type("A", self.address):
            yield Problem("address", problem.wrong, problem.given, problem.allowed, problem.fix)


class FrontendDomain(Component[FrontendDomainSettings]):
    """The records that lead a domain to the frontend at its host, with a TTL of 60 s, and, where `project`
    says so, the project there with its domains and variables.

    A project that is deleted is gone with all its deployments, and the domain leads nowhere: one made here is
    protected unless `project.protect` is false.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    hostnames: pulumi.Output[list[str]]
    """The names that lead to the frontend; without `project`, to be added to the project at the host."""
    project_id: pulumi.Output[str]
    """The project's id; empty without `project`."""

    def __init__(
        self, name: str, args: FrontendDomainArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, FrontendDomainSettings)
        settings = self.settings
        records = DnsRecords(
            self.child_name("records"),
            self.child_args("records", {"zone": settings.zone, "records": settings.records}),
            opts=self.child_opts("records"),
        )
        self.hostnames = pulumi.Output.from_input(
            [settings.domain, *([settings.alias] if settings.alias else [])]
        )
        self.project_id = (
            self._add_project(settings.project, records) if settings.project else pulumi.Output.from_input("")
        )
        self.register_outputs({"hostnames": self.hostnames, "project_id": self.project_id})

    @classmethod
    def children_of(cls, settings: FrontendDomainSettings) -> Sequence[str]:
        project = settings.project
        if project is None:
            return ("records",)
        return [
            "records",
            *(["project"] if project.existing_id is None else []),
            "project-domain",
            *(["project-www"] if settings.alias else []),
            *(_variable_key(name) for name in project.environment),
        ]

    def _add_project(self, project: FrontendProject, records: DnsRecords) -> pulumi.Output[str]:
        # Only who declares a project has its SDK.
        import pulumiverse_vercel as vercel

        if project.existing_id is not None:
            project_id = pulumi.Output.from_input(project.existing_id)
        else:
            project_id = vercel.Project(
                self.child_name("project"),
                **self.customized("project", project.properties),
                opts=self.child_opts("project", protect=project.protect),
            ).id
        common = {"project_id": project_id, "team_id": project.team_id}
        domain = vercel.ProjectDomain(
            self.child_name("project-domain"),
            **self.customized("project-domain", {**common, "domain": self.settings.domain}),
            # The host reads the records when it is told of the domain.
            opts=self.child_opts("project-domain", depends_on=[records]),
        )
        if self.settings.alias:
            redirected = {"redirect": domain.domain, "redirect_status_code": PERMANENT_REDIRECT}
            vercel.ProjectDomain(
                self.child_name("project-www"),
                **self.customized("project-www", {**common, "domain": self.settings.alias, **redirected}),
                opts=self.child_opts("project-www", depends_on=[records]),
            )
        for name, variable in project.environment.items():
            key = _variable_key(name)
            vercel.ProjectEnvironmentVariable(
                self.child_name(key),
                **self.customized(key, {"project_id": project_id, **variable}),
                opts=self.child_opts(key),
            )
        return project_id


def _variable_key(name: str) -> str:
    return f"variable-{name}"
