"""A zone: the domain's name servers, and how its traffic is secured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi

from ..checks import edge as checks
from ..checks.problem import Problem
from ..checks.rules import PEM, between
from ..component import Component, ComponentArgs
from ..settings import setting
from .cloudflare import cloudflare
from .plan import EdgePlan
from .records import CaaTag, DnsRecords, RecordType
from .zone_reference import ZoneReferenceArgs

YEAR_S = 31536000
LETS_ENCRYPT = "letsencrypt.org"


class HstsArgs(TypedDict):
    """What browsers remember: to use nothing but HTTPS. They keep it for `max_age_s`, whatever comes
    later."""

    max_age_s: NotRequired[int]
    """Seconds that they remember it, 0 to 63072000. Default: one year."""
    include_subdomains: NotRequired[bool]
    """Whether it holds for all names below the domain too. Default: true for a new zone, false for an adopted
    one: a name below it that speaks no HTTPS would be out of reach for as long as browsers remember."""
    preload: NotRequired[bool]
    """Whether the domain asks for browsers' built-in list; leaving it takes months. Default: false."""


class OriginPullCertificateArgs(TypedDict):
    """The certificate by which the edge proves itself to the balancers."""

    certificate: pulumi.Input[str]
    """The certificate, PEM, from an authority of your own, which the balancers trust."""
    key: pulumi.Input[str]
    """Its private key, PEM; a secret."""


class EdgeZoneArgs(ComponentArgs):
    """What a zone is made of."""

    account_id: pulumi.Input[str]
    """The account's id, 32 hexadecimal digits. A change replaces the zone."""
    domain: str
    """The domain, such as `example.com`. A change replaces the zone."""
    plan: EdgePlan
    """The plan that it is paid for: `free`, `pro`, `business` or `enterprise`. It is not bought here."""
    zone_id: NotRequired[pulumi.Input[str]]
    """The id of a zone that is there already: it is adopted and never deleted. Default: a new one is made."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete a zone that it made, and to let go of its signatures. Default:
    true."""
    hsts: NotRequired[HstsArgs]
    """What browsers remember. Default: HTTPS alone, for a year; in a new zone for all names below it too."""
    dnssec: NotRequired[bool]
    """Whether answers are signed. Default: true. It takes effect when the registrar has `ds_record`. With
    false, what was signed stays so."""
    authorities: NotRequired[list[str]]
    """The certificate authorities of the regions' own certificates. Default: `letsencrypt.org`."""
    edge_authorities: NotRequired[list[str]]
    """The authorities of the edge's certificates. Default: none, since the edge answers for its own while it
    makes the certificates; name them where you order or upload them."""
    caa_report: NotRequired[str]
    """Where an authority reports a request that it refused, such as `mailto:security@example.com`. Default:
    nowhere."""
    authenticated_origin_pulls: NotRequired[bool]
    """Whether the edge shows the balancers a certificate, so that they can refuse whoever else comes.
    Default: true. The balancers must ask for it."""
    origin_pull_certificate: NotRequired[OriginPullCertificateArgs]
    """The certificate that it shows. Default: the vendor's, which all of its customers share."""


@dataclass(frozen=True, kw_only=True)
class Hsts:
    """What browsers remember, checked."""

    max_age_s: int = setting(between(0, 2 * YEAR_S, "seconds"), default=YEAR_S)
    include_subdomains: bool | None = None
    preload: bool = False


@dataclass(frozen=True, kw_only=True)
class OriginPullCertificate:
    """The certificate by which the edge proves itself, checked."""

    certificate: pulumi.Input[str] = setting(PEM)
    key: pulumi.Input[str] = setting(PEM)


@dataclass(frozen=True, kw_only=True)
class EdgeZoneSettings:
    """What a zone is made of, checked."""

    account_id: pulumi.Input[str] = setting(checks.ACCOUNT)
    domain: str = setting(checks.DOMAIN)
    plan: EdgePlan
    zone_id: pulumi.Input[str] | None = None
    protect: bool = True
    hsts: Hsts = setting(factory=Hsts)
    dnssec: bool = True
    authorities: list[str] = setting(checks.DOMAIN, factory=lambda: [LETS_ENCRYPT])
    edge_authorities: list[str] = setting(checks.DOMAIN, factory=list)
    caa_report: str | None = None
    authenticated_origin_pulls: bool = True
    origin_pull_certificate: OriginPullCertificate | None = None

    @property
    def with_subdomains(self) -> bool:
        """Whether browsers keep to HTTPS for all names below the domain. Those of an adopted zone are there
        already, and we do not know that they all speak it."""
        chosen = self.hsts.include_subdomains
        return self.zone_id is None if chosen is None else chosen

    @property
    def values(self) -> dict[str, Any]:
        """The zone's settings by the edge's name for them; the last rests on the others."""
        return {
            "ssl": "strict",
            "min_tls_version": "1.2",
            "tls_1_3": "on",
            "always_use_https": "on",
            "automatic_https_rewrites": "on",
            HSTS: {
                "strict_transport_security": {
                    "enabled": True,
                    "max_age": self.hsts.max_age_s,
                    "include_subdomains": self.with_subdomains,
                    "preload": self.hsts.preload,
                    "nosniff": True,
                }
            },
        }

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.preload_is_for_years(self.hsts.max_age_s, self.with_subdomains, self.hsts.preload)
        if self.origin_pull_certificate is not None and not self.authenticated_origin_pulls:
            yield Problem(
                "origin_pull_certificate",
                "the edge would never show it",
                "given with authenticated_origin_pulls false",
                "authenticated_origin_pulls true",
                "remove the certificate, or let the edge show it",
            )


HSTS = "security_header"


class EdgeZone(Component[EdgeZoneSettings]):
    """A domain at the edge: TLS 1.2 and up, to the balancers too, whose certificates are verified; HTTPS
    alone, remembered by browsers; signed answers; and the authorities that may certify the domain.

    A zone that is deleted is gone with all records, and so is the domain for everybody: a zone made here is
    protected unless `protect` is false. Its settings cannot be deleted: taken away here, they stay as they
    are. Nor is DNSSEC ever switched off here: while the registrar has the DS record, whoever checks
    signatures would find none, and so no domain. To end it, take the DS record away at the registrar, wait
    until its TTL is over, and only then switch it off at the edge.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    zone_id: pulumi.Output[str]
    """The zone's id."""
    name_servers: pulumi.Output[list[str]]
    """What the registrar must be told; empty for an adopted zone."""
    ds_record: pulumi.Output[str]
    """The DS record that the registrar must be told; empty without DNSSEC."""

    def __init__(self, name: str, args: EdgeZoneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, EdgeZoneSettings)
        settings = self.settings
        self.zone_id, self.name_servers = self._zone()
        values = self._settings()
        self.ds_record = self._dnssec() if settings.dnssec else pulumi.Output.from_input("")
        if "caa" in self._keys:
            DnsRecords(
                self.child_name("caa"),
                self.child_args("caa", {"zone": self.reference, "records": self._authorities()}),
                opts=self.child_opts("caa"),
            )
        if settings.authenticated_origin_pulls:
            self._origin_pulls(values["ssl"])
        self.register_outputs(
            {"zone_id": self.zone_id, "name_servers": self.name_servers, "ds_record": self.ds_record}
        )

    @property
    def reference(self) -> ZoneReferenceArgs:
        """The zone, as other components of the edge take it."""
        return {
            "account_id": self.settings.account_id,
            "zone_id": self.zone_id,
            "domain": self.settings.domain,
            "plan": self.settings.plan,
        }

    @classmethod
    def children_of(cls, settings: EdgeZoneSettings) -> Sequence[str]:
        names_authorities = settings.authorities or settings.edge_authorities or settings.caa_report
        return [
            *(["zone"] if settings.zone_id is None else []),
            *(_key(setting_id) for setting_id in settings.values),
            *(["dnssec"] if settings.dnssec else []),
            *(["caa"] if names_authorities else []),
            *(["origin-pull-certificate"] if settings.origin_pull_certificate else []),
            *(["origin-pulls"] if settings.authenticated_origin_pulls else []),
        ]

    def _zone(self) -> tuple[pulumi.Output[str], pulumi.Output[list[str]]]:
        settings = self.settings
        if settings.zone_id is not None:
            return pulumi.Output.from_input(settings.zone_id), pulumi.Output.from_input([])
        zone = cloudflare.Zone(
            self.child_name("zone"),
            **self.customized(
                "zone",
                {
                    "account": cloudflare.ZoneAccountArgs(id=settings.account_id),
                    "name": settings.domain,
                    "type": "full",
                },
            ),
            opts=self.child_opts("zone", protect=settings.protect),
        )
        return zone.id, zone.name_servers.apply(list)

    def _settings(self) -> dict[str, pulumi.Resource]:
        made: dict[str, pulumi.Resource] = {}
        for setting_id, value in self.settings.values.items():
            key = _key(setting_id)
            made[setting_id] = cloudflare.ZoneSetting(
                self.child_name(key),
                **self.customized(key, {"zone_id": self.zone_id, "setting_id": setting_id, "value": value}),
                # Browsers keep to HTTPS from then on: it must be served first.
                opts=self.child_opts(key, depends_on=list(made.values()) if setting_id == HSTS else []),
            )
        return made

    def _dnssec(self) -> pulumi.Output[str]:
        dnssec = cloudflare.ZoneDnssec(
            self.child_name("dnssec"),
            **self.customized("dnssec", {"zone_id": self.zone_id, "status": "active"}),
            # Its deletion would switch it off, whatever the registrar still says.
            opts=self.child_opts("dnssec", protect=self.settings.protect, retain_on_delete=True),
        )
        return dnssec.ds.apply(lambda record: record or "")

    def _authorities(self) -> dict[str, Any]:
        settings = self.settings
        records = {
            f"{authority.replace('.', '-')}-{tag.value}": self._caa(tag, authority)
            for authority in [*settings.authorities, *settings.edge_authorities]
            for tag in (CaaTag.ISSUE, CaaTag.ISSUE_WILD)
        }
        if settings.caa_report:
            records["report"] = self._caa(CaaTag.REPORT, settings.caa_report)
        return records

    def _caa(self, tag: CaaTag, value: str) -> dict[str, Any]:
        return {"type": RecordType.CAA, "name": self.settings.domain, "caa": {"tag": tag, "value": value}}

    def _origin_pulls(self, verified: pulumi.Resource) -> None:
        own = self.settings.origin_pull_certificate
        first = [verified]
        if own is not None:
            first.append(
                cloudflare.AuthenticatedOriginPullsCertificate(
                    self.child_name("origin-pull-certificate"),
                    **self.customized(
                        "origin-pull-certificate",
                        {
                            "zone_id": self.zone_id,
                            "certificate": own.certificate,
                            "private_key": pulumi.Output.secret(own.key),
                        },
                    ),
                    opts=self.child_opts("origin-pull-certificate"),
                )
            )
        cloudflare.AuthenticatedOriginPullsSettings(
            self.child_name("origin-pulls"),
            **self.customized("origin-pulls", {"zone_id": self.zone_id, "enabled": True}),
            opts=self.child_opts("origin-pulls", depends_on=first),
        )


def _key(setting_id: str) -> str:
    return f"setting-{setting_id.replace('_', '-')}"
