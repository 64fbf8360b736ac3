"""The records of a zone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NotRequired, TypedDict

import pulumi

from ..checks import edge as checks
from ..checks.problem import Problem
from ..checks.rules import PORT, between
from ..component import Component, ComponentArgs
from ..settings import setting
from .cloudflare import cloudflare
from .zone_reference import ZoneReference, ZoneReferenceArgs

TTL_S = 60
"""Seconds that resolvers keep a record, unless set."""
AUTOMATIC_TTL = 1
"""What the edge takes for "as you like", and for a proxied record takes alone."""
_NUMBER = between(0, 65535, "(a priority or weight)")


class RecordType(Enum):
    """What a record holds."""

    A = "A"
    """An IPv4 address."""
    AAAA = "AAAA"
    """An IPv6 address."""
    CAA = "CAA"
    """A certificate authority that may certify the name."""
    CNAME = "CNAME"
    """Another name for it."""
    MX = "MX"
    """A server that takes mail for it."""
    NS = "NS"
    """A name server of a zone below."""
    SRV = "SRV"
    """A service, with host and port."""
    TXT = "TXT"
    """Text, such as a proof of ownership."""


class CaaTag(Enum):
    """What a CAA record allows."""

    ISSUE = "issue"
    """Certificates for the name. Default."""
    ISSUE_WILD = "issuewild"
    """Certificates for all names below it."""
    REPORT = "iodef"
    """Where a refused request is reported."""


class CaaArgs(TypedDict):
    """One certificate authority, or where to report."""

    value: str
    """The authority's domain, such as `letsencrypt.org`; for `iodef` a URL, such as `mailto:...`."""
    tag: NotRequired[CaaTag]
    """`issue`, `issuewild` or `iodef`. Default: `issue`."""


class SrvArgs(TypedDict):
    """One host of a service."""

    target: str
    """The host's full name."""
    port: int
    """The service's port there."""
    priority: NotRequired[int]
    """The smallest is used first, 0 to 65535. Default: 0."""
    weight: NotRequired[int]
    """How often among hosts of one priority, 0 to 65535. Default: 0."""


class RecordArgs(TypedDict):
    """One record."""

    type: RecordType
    """`A`, `AAAA`, `CAA`, `CNAME`, `MX`, `NS`, `SRV` or `TXT`. A change replaces the record: for a moment
    there is none."""
    name: str
    """The full name, such as `www.example.com`, within the zone."""
    content: NotRequired[pulumi.Input[str]]
    """The address, name or text. Required but for `CAA` and `SRV`."""
    caa: NotRequired[CaaArgs]
    """The authority. Required for `CAA`, and only there."""
    srv: NotRequired[SrvArgs]
    """The host. Required for `SRV`, and only there."""
    priority: NotRequired[int]
    """Of a mail server, the smallest first, 0 to 65535. Only for `MX`. Default: 10 there."""
    proxied: NotRequired[bool]
    """Whether requests pass the edge: for `A`, `AAAA` and `CNAME`. Default: false."""
    ttl_s: NotRequired[int]
    """Seconds that resolvers keep it, 30 to 86400; the plan says from where on. Default: 60. A proxied record
    has none: its TTL is the edge's."""
    comment: NotRequired[str]
    """A note for people. Default: none."""


@dataclass(frozen=True, kw_only=True)
class Caa:
    """One certificate authority, checked."""

    value: str
    tag: CaaTag = CaaTag.ISSUE


@dataclass(frozen=True, kw_only=True)
class Srv:
    """One host of a service, checked."""

    target: str = setting(checks.DOMAIN)
    port: int = setting(PORT)
    priority: int = setting(_NUMBER, default=0)
    weight: int = setting(_NUMBER, default=0)


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record, checked."""

    type: RecordType
    name: str = setting(checks.RECORD_NAME)
    content: pulumi.Input[str] | None = None
    caa: Caa | None = None
    srv: Srv | None = None
    priority: int | None = setting(_NUMBER, default=None)
    proxied: bool = False
    ttl_s: int | None = setting(between(30, 86400, "seconds"), default=None)
    comment: str | None = None

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        kind = self.type.value
        there = {field: getattr(self, field) is not None for field in ("content", "caa", "srv")}
        needed = {"CAA": "caa", "SRV": "srv"}.get(kind, "content")
        yield from checks.record_has_what_its_type_needs(kind, there, needed)
        yield from checks.address_is_of_its_type(kind, self.content)
        yield from checks.only_addresses_are_proxied(kind, self.proxied)
        yield from checks.proxied_has_no_ttl(self.proxied, self.ttl_s)
        if self.priority is not None and self.type is not RecordType.MX:
            yield Problem(
                "priority",
                f"a record of type {kind} has none",
                str(self.priority),
                "only for MX",
                "remove it",
            )

    def properties(self) -> dict[str, Any]:
        """As the provider takes it; what is not set is left out, since the edge would answer otherwise."""
        made: dict[str, Any] = {
            "name": self.name,
            "type": self.type.value,
            "ttl": AUTOMATIC_TTL if self.proxied else self.ttl_s or TTL_S,
            "proxied": self.proxied,
        }
        if self.content is not None:
            made["content"] = self.content
        if self.caa is not None:
            made["data"] = cloudflare.DnsRecordDataArgs(flags=0, tag=self.caa.tag.value, value=self.caa.value)
        if self.srv is not None:
            made["data"] = cloudflare.DnsRecordDataArgs(
                priority=self.srv.priority,
                weight=self.srv.weight,
                port=self.srv.port,
                target=self.srv.target,
            )
        if self.type is RecordType.MX:
            made["priority"] = 10 if self.priority is None else self.priority
        if self.comment is not None:
            made["comment"] = self.comment
        return made


class DnsRecordsArgs(ComponentArgs):
    """What records there are; `tags` become tags of the records where the plan has them."""

    zone: ZoneReferenceArgs
    """The zone that they are in."""
    records: dict[str, RecordArgs]
    """A key of your own to each record. The edge refuses a record that is there already, so one that gets
    another key must be gone first."""


@dataclass(frozen=True, kw_only=True)
class DnsRecordsSettings:
    """What records there are, checked."""

    zone: ZoneReference
    records: dict[str, Record]

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        plan = self.zone.plan
        for key, record in self.records.items():
            path = f"records.{key}"
            yield from checks.within_the_zone(f"{path}.name", record.name, self.zone.domain)
            yield from checks.ttl_of_the_plan(
                f"{path}.ttl_s", record.ttl_s, plan.limits.record_ttl_s, plan.value
            )
        yield from checks.alias_stands_alone([(r.type.value, r.name) for r in self.records.values()])


class DnsRecords(Component[DnsRecordsSettings]):
    """Records of one zone, under full names, with a TTL of 60 s where the edge does not proxy them.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    record_ids: pulumi.Output[dict[str, str]]
    """Each record's key and its id."""

    def __init__(self, name: str, args: DnsRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, DnsRecordsSettings)
        zone = self.settings.zone
        tags = [f"{key}:{value}" for key, value in sorted(self.labels().items())]
        made = {
            key: cloudflare.DnsRecord(
                self.child_name(key),
                **self.customized(
                    key,
                    {
                        "zone_id": zone.zone_id,
                        **record.properties(),
                        **({"tags": tags} if tags and zone.plan.limits.record_tags else {}),
                    },
                ),
                # A name has one CNAME, and no address beside it: a changed type needs the old one gone.
                opts=self.child_opts(key, delete_before_replace=True),
            )
            for key, record in self.settings.records.items()
        }
        self.record_ids = pulumi.Output.all(**{key: record.id for key, record in made.items()})
        self.register_outputs({"record_ids": self.record_ids})

    @classmethod
    def children_of(cls, settings: DnsRecordsSettings) -> Sequence[str]:
        return list(settings.records)
