"""Certificates, twice: as they are shown to the probes, and as they are declared.

The probes see those of public addresses, etcd, Redis, Sentinel, Prometheus, Alertmanager and Jaeger, which
speak TLS from the first byte: what is shown may be older than what is declared. Of those that a stack is
declared with `certificate_ends` records the ends: those of Postgres, of the web proxies, and what balancers
and the edge show one another are seen by nobody else.
"""

from collections.abc import Mapping
from functools import partial

from ..rules import Alert, Recording, RuleGroup
from ..severity import Severity
from .cause import cause
from .parts import Parts
from .thresholds import Thresholds

PART = "certificates"
ENDS = "certificate:ends:timestamp_seconds"
PUBLIC_ENDS_NOW = "PublicCertificateEndsNow"
DECLARED_ENDS_NOW = "CertificateEndsNow"
ENDS_NOW = (PUBLIC_ENDS_NOW, DECLARED_ENDS_NOW)
"""The pages of what is about to end."""
PUBLIC = "probe_ssl_earliest_cert_expiry"
LOCKS_OUT = 'probe!="tracing"'
"""At the end of Jaeger's certificate nobody is locked out but who looks at traces: that wakes nobody."""

_DAY = 86400
_cause = partial(cause, part=PART)
_PROBE = 'instance="https://api.example.com/", job="probe", place="edge", probe="public", from="east"'
_DECLARED = 'certificate="east-nginx"'
_LOOK = [
    "`openssl s_client -connect HOST:443 -servername NAME </dev/null | openssl x509 -noout -dates -issuer`.",
    "One that is renewed and not shown: who reads it was not restarted.",
    "One that is shown to the edge or to members alone: `openssl x509 -noout -dates` of its PEM in the file.",
]
_RENEW = [
    "Members' certificates are made anew as in docs/first-deploy.md; the edge's vendor renews its own.",
    "Set them in the configuration and apply: every service gets the new one, by its secret's new name.",
]


def certificates(t: Thresholds, parts: Parts) -> RuleGroup:
    """Rules on certificates."""
    public = [_public(t), _public_last(t)] if parts.tls else []
    return RuleGroup(name=PART, rules=[*public, _declared(t), _declared_last(t)])


def _ends(
    name: str, by: str, metric: str, series: str, days: int, fires: dict[str, str], **rest: object
) -> Alert:
    severity = Severity.CRITICAL if rest.get("page") else Severity.WARNING
    found = f"min by ({by}) ({metric})"
    if "certificate" not in by:
        # By it the page on one certificate is known not to be about another.
        found = f'label_replace({found}, "certificate", "$1", "instance", "(.+)")'
        fires = {**fires, "certificate": fires["instance"]}
    return _cause(
        name,
        severity=severity,
        expr=f"{found} - time() < {days * _DAY}",
        summary=f"The certificate of {{{{ $labels.{by.split(',')[0]} }}}} ends soon",
        description="In {{ $value | humanizeDuration }}.",
        means=str(rest["means"]),
        look=_LOOK,
        act=_RENEW,
        given={series: f"{days * _DAY - 60}x400"},
        fires=[fires],
        otherwise={series: f"{(days + 1) * _DAY}x400"},
    )


def _public(t: Thresholds) -> Alert:
    return _ends(
        "PublicCertificateEnds",
        "instance, place",
        PUBLIC,
        f"{PUBLIC}{{{_PROBE}}}",
        t.certificate_days,
        {"instance": "https://api.example.com/", "place": "edge"},
        means=(
            "It should have been renewed by now. At the end of a public one every user is locked out, at "
            "that of a member whoever speaks to it."
        ),
    )


def _public_last(t: Thresholds) -> Alert:
    return _ends(
        PUBLIC_ENDS_NOW,
        "instance, place",
        f"{PUBLIC}{{{LOCKS_OUT}}}",
        f"{PUBLIC}{{{_PROBE}}}",
        t.certificate_last_days,
        {"instance": "https://api.example.com/", "place": "edge"},
        means="In some days every user is locked out at one moment, in both regions: no failover helps.",
        page=True,
    )


def _declared(t: Thresholds) -> Alert:
    return _ends(
        "CertificateEnds",
        "certificate",
        ENDS,
        f"{ENDS}{{{_DECLARED}}}",
        t.certificate_days,
        {"certificate": "east-nginx"},
        means="Whoever is shown it turns away at its end: members, balancers, or the edge, in both regions.",
    )


def _declared_last(t: Thresholds) -> Alert:
    return _ends(
        DECLARED_ENDS_NOW,
        "certificate",
        ENDS,
        f"{ENDS}{{{_DECLARED}}}",
        t.certificate_last_days,
        {"certificate": "east-nginx"},
        means="In some days whoever is shown it turns away, in both regions at one moment.",
        page=True,
    )


def certificate_ends(ends: Mapping[str, int]) -> RuleGroup:
    """What the alerts on declared certificates ask for: the second since the epoch at which each ends, by its
    name. Nobody else sees those that are shown after a word of another protocol, or to the edge alone."""
    return RuleGroup(
        name="certificate-ends",
        rules=[
            Recording(record=ENDS, expr=f"vector({second})", labels={"certificate": name})
            for name, second in sorted(ends.items())
        ],
    )
