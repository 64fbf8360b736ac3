"""Where spans go, by the variables that OpenTelemetry names.

Of its samplers there are the two whose word a request's own trace goes before, where it is believed: by
default it is not. Spans are sent in OTLP's JSON form whatever `OTEL_EXPORTER_OTLP_PROTOCOL` says: a receiver
of OTLP over HTTP takes both of its forms.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

SAMPLERS = ("parentbased_traceidratio", "parentbased_always_on")
PROPAGATORS = ("none", "tracecontext", "baggage")
TRACE_CONTEXT = "tracecontext"


class TracingSettingsError(Exception):
    """A variable cannot be used; names it."""


@dataclass(frozen=True)
class TracingSettings:
    """The way to the receiver, and which requests it is told of."""

    host: str
    port: int
    path: str
    secure: bool
    ca_file: str | None = None
    certificate_file: str | None = None
    key_file: str | None = None
    ratio: float = 1.0
    believes: bool = False
    """Whether a request is part of the trace that it comes with."""
    resource: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "TracingSettings | None":
        """The settings; None without an endpoint. Raises `TracingSettingsError`."""
        endpoint = environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")
        if not endpoint or environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
            return None
        try:
            url = urlsplit(endpoint)
            port = url.port or 4318
        except ValueError:
            url, port = urlsplit(""), 0
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise TracingSettingsError(
                f"OTEL_EXPORTER_OTLP_ENDPOINT is {endpoint!r}; it must be one such as 'https://jaeger:4318'"
            )
        return cls(
            host=url.hostname,
            port=port,
            path=f"{url.path.rstrip('/')}/v1/traces",
            secure=url.scheme == "https",
            ca_file=environment.get("OTEL_EXPORTER_OTLP_CERTIFICATE") or None,
            certificate_file=environment.get("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE") or None,
            key_file=environment.get("OTEL_EXPORTER_OTLP_CLIENT_KEY") or None,
            ratio=_ratio(environment),
            believes=_believes(environment),
            resource=_resource(environment),
        )

    def tls(self) -> ssl.SSLContext | None:
        """How the receiver is spoken to; None in plain HTTP. Raises `TracingSettingsError`."""
        if not self.secure:
            return None
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.certificate_file:
                context.load_cert_chain(self.certificate_file, self.key_file, password="")
        except OSError as error:
            files = "OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_CERTIFICATE or _CLIENT_KEY"
            raise TracingSettingsError(f"{files} cannot be used: {error.strerror or error}") from None
        return context


def _ratio(environment: Mapping[str, str]) -> float:
    sampler = environment.get("OTEL_TRACES_SAMPLER") or "parentbased_always_on"
    if sampler not in SAMPLERS:
        raise TracingSettingsError(f"OTEL_TRACES_SAMPLER is {sampler!r}; it must be one of {SAMPLERS}")
    text = environment.get("OTEL_TRACES_SAMPLER_ARG") or "1"
    if sampler == "parentbased_always_on":
        return 1.0
    try:
        ratio = float(text)
    except ValueError:
        ratio = -1.0
    if not 0 <= ratio <= 1:
        raise TracingSettingsError(f"OTEL_TRACES_SAMPLER_ARG is {text!r}; it must be a number from 0 to 1")
    return ratio


def _believes(environment: Mapping[str, str]) -> bool:
    text = environment.get("OTEL_PROPAGATORS") or "none"
    given = {part.strip() for part in text.split(",")}
    if not given <= set(PROPAGATORS) or ("none" in given and len(given) > 1):
        raise TracingSettingsError(
            f"OTEL_PROPAGATORS is {text!r}; it must be 'none', or of {PROPAGATORS[1:]}, commas between"
        )
    return TRACE_CONTEXT in given


def _resource(environment: Mapping[str, str]) -> dict[str, str]:
    text = environment.get("OTEL_RESOURCE_ATTRIBUTES", "")
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    given = {key.strip(): unquote(value.strip()) for key, _, value in pairs}
    service = environment.get("OTEL_SERVICE_NAME") or given.get("service.name") or "sample-api"
    return {**given, "service.name": service}
