"""Where the API sends its spans, in the words that every OpenTelemetry SDK reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi

from ..certificate import Certificate, CertificateArgs
from ..checks.rules import SECRET, between, matching
from ..settings import setting

FOLDER = "/etc/api"
CA = f"{FOLDER}/tracing-ca.pem"
CERTIFICATE = f"{FOLDER}/tracing.pem"
KEY_NAME = "tracing-key"
KEY = f"/run/secrets/{KEY_NAME}"
ENDPOINT = matching(
    r"https://[^\s/]+",
    "an address that begins with https:// and has no path",
    "use one such as 'https://jaeger:4318'",
)
RATIO = between(0, 1, "(a share of requests)")


class ApiTracingArgs(TypedDict):
    """Where spans are sent, and how many."""

    endpoint: pulumi.Input[str]
    """The receiver of OTLP over HTTP, such as `https://jaeger:4318`."""
    certificate: CertificateArgs
    """The API's own as a client, and the authority behind the receiver's."""
    sample_ratio: NotRequired[float]
    """The share of requests that a trace is begun for, 0 to 1. An API that believes its callers'
    `traceparent`, as SDKs do unless `OTEL_PROPAGATORS` says otherwise, lets them choose. Default: 0.1."""


@dataclass(frozen=True, kw_only=True)
class ApiTracing:
    """Where spans are sent, checked."""

    endpoint: pulumi.Input[str] = setting(ENDPOINT)
    certificate: Certificate = setting(SECRET)
    sample_ratio: float = setting(RATIO, default=0.1)

    def environment(self, service: str, resource: Mapping[str, str]) -> dict[str, pulumi.Input[str]]:
        """What the tasks of `service` are told; `resource` is said of each span."""
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_EXPORTER_OTLP_CERTIFICATE": CA,
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": CERTIFICATE,
            "OTEL_EXPORTER_OTLP_CLIENT_KEY": KEY,
            "OTEL_SERVICE_NAME": service,
            "OTEL_RESOURCE_ATTRIBUTES": ",".join(f"{key}={value}" for key, value in resource.items()),
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
            "OTEL_TRACES_SAMPLER_ARG": f"{self.sample_ratio:g}",
        }

    @property
    def files(self) -> list[dict[str, Any]]:
        """What is no secret of them."""
        return [
            {"name": "tracing-ca", "path": CA, "content": self.certificate.authority},
            {"name": "tracing-cert", "path": CERTIFICATE, "content": self.certificate.certificate},
        ]

    @property
    def secret(self) -> dict[str, Any]:
        """The key."""
        return {"name": KEY_NAME, "value": self.certificate.key}
