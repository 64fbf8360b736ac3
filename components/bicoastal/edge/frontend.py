"""The frontend's domain: records that lead to where it is hosted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ..checks import edge as checks
from ..checks.problem import Problem
from ..component import Component, ComponentArgs
from ..settings import setting
from .records import DnsRecords, RecordType
from .zone_reference import ZoneReference, ZoneReferenceArgs

HOST_NAME = "cname.vercel-dns.com"
HOST_ADDRESS = "76.76.21.21"
"""Where Vercel takes requests for domains of its users, as of 2026; a project's settings may name others."""


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


@dataclass(frozen=True, kw_only=True)
class FrontendDomainSettings:
    """What leads to the frontend, checked."""

    zone: ZoneReference
    domain: str = setting(checks.DOMAIN)
    www: bool | None = None
    target: str = setting(checks.DOMAIN, default=HOST_NAME)
    address: str = HOST_ADDRESS
    verification: pulumi.Input[str] | None = None

    @property
    def records(self) -> dict[str, Any]:
        """The records by their keys: never proxied, since the host makes the certificates."""
        alias = {"type": RecordType.CNAME, "content": self.target}
        is_zone = self.domain == self.zone.domain
        made: dict[str, Any] = {
            "domain": {"type": RecordType.A, "name": self.domain, "content": self.address}
            if is_zone
            else {**alias, "name": self.domain}
        }
        if is_zone if self.www is None else self.www:
            made["www"] = {**alias, "name": f"www.{self.domain}"}
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
    """The records that lead a domain to the frontend at its host, with a TTL of 60 s. The project there, its
    domains and its variables are the host's.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    hostnames: pulumi.Output[list[str]]
    """The names that lead to the frontend, to be added to the project at the host."""

    def __init__(
        self, name: str, args: FrontendDomainArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, FrontendDomainSettings)
        records = self.settings.records
        DnsRecords(
            self.child_name("records"),
            self.child_args("records", {"zone": self.settings.zone, "records": records}),
            opts=self.child_opts("records"),
        )
        self.hostnames = pulumi.Output.from_input(
            [records[key]["name"] for key in ("domain", "www") if key in records]
        )
        self.register_outputs({"hostnames": self.hostnames})

    @classmethod
    def children_of(cls, settings: FrontendDomainSettings) -> Sequence[str]:
        return ("records",)
