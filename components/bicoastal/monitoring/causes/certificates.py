"""Certificates: those that users see, by the probes, and those in files, by the hosts' own notes.

A script on each host writes `certificate_expires_timestamp_seconds{path="/etc/..."}` for every certificate
that its containers are given, for node_exporter's textfile collector. Certificates in Swarm's secrets are
seen by who they protect: the probes of members speak TLS.
"""

from functools import partial

from ..rules import Alert, RuleGroup
from ..severity import Severity
from .cause import cause
from .parts import Parts
from .thresholds import Thresholds

PART = "certificates"
FILE = "certificate_expires_timestamp_seconds"
PUBLIC = "probe_ssl_earliest_cert_expiry"
LOCKS_OUT = 'probe!="tracing"'
"""At the end of Jaeger's certificate nobody is locked out but who looks at traces: that wakes nobody."""

_DAY = 86400
_cause = partial(cause, part=PART)
_PROBE = 'instance="https://api.example.com/", job="probe", place="edge", probe="public", from="east"'
_TARGET = 'path="/etc/haproxy/tls.pem", instance="10.0.0.1:9100", job="node", place="east"'
_LOOK = [
    "`openssl s_client -connect HOST:443 -servername NAME </dev/null | openssl x509 -noout -dates -issuer`.",
    "A file that is renewed and not served: who reads it was not restarted.",
]
_RENEW = [
    "Members' certificates are made anew as in docs/first-deploy.md; the edge's vendor renews its own.",
    "Set them in the configuration and apply: every service gets the new one, by its secret's new name.",
]


def certificates(t: Thresholds, parts: Parts) -> RuleGroup:
    """Rules on certificates."""
    public = [_public(t), _public_last(t)] if parts.tls else []
    files = [_file(t), _file_unknown()] if parts.certificates else []
    return RuleGroup(name=PART, rules=[*public, *files])


def _ends(
    name: str, by: str, metric: str, series: str, days: int, fires: dict[str, str], **rest: object
) -> Alert:
    severity = Severity.CRITICAL if rest.get("page") else Severity.WARNING
    return _cause(
        name,
        severity=severity,
        expr=f"min by ({by}) ({metric}) - time() < {days * _DAY}",
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
        "instance",
        PUBLIC,
        f"{PUBLIC}{{{_PROBE}}}",
        t.certificate_days,
        {"instance": "https://api.example.com/"},
        means=(
            "It should have been renewed by now. At the end of a public one every user is locked out, at "
            "that of a member whoever speaks to it."
        ),
    )


def _public_last(t: Thresholds) -> Alert:
    return _ends(
        "PublicCertificateEndsNow",
        "instance",
        f"{PUBLIC}{{{LOCKS_OUT}}}",
        f"{PUBLIC}{{{_PROBE}}}",
        t.certificate_last_days,
        {"instance": "https://api.example.com/"},
        means="In some days every user is locked out at one moment, in both regions: no failover helps.",
        page=True,
    )


def _file(t: Thresholds) -> Alert:
    return _ends(
        "CertificateFileEnds",
        "path, instance, place",
        FILE,
        f"{FILE}{{{_TARGET}}}",
        t.certificate_days,
        {"path": "/etc/haproxy/tls.pem", "instance": "10.0.0.1:9100", "place": "east"},
        means=(
            "Members that show it to one another stop talking at its end: replication, consensus, balancers."
        ),
    )


def _file_unknown() -> Alert:
    series = f"{FILE}{{{_TARGET}}}"
    return _cause(
        "CertificateFilesUnknown",
        expr=f"absent({FILE})",
        hold_s=900,
        summary="Nobody tells when certificates end",
        description="No host has noted its certificates for 15 min.",
        means="The first sign of an ended one would be what fails with it.",
        look=["The script's timer on a host: `systemctl list-timers`.", "NodeTextfileBroken."],
        act=["Start the script; it writes into the textfile collector's folder."],
        given={series: "9e9x20 stale"},
        fires=[{}],
        otherwise={series: "9e9x400"},
    )
