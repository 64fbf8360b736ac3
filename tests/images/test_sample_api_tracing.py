"""Requests to the reference API as traces, sent to a receiver that asks for a certificate."""

import json
import re
import ssl
import time

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from sample_api import exporter as sent
from sample_api.app import create_app
from sample_api.region import PrimaryIs
from sample_api.settings import Settings, SettingsError
from sample_api.trace_context import TraceContext, parent
from sample_api.tracing import Tracing
from starlette.testclient import TestClient

from bicoastal.twin.certificates import new_authority, new_member
from tests.images.spans_receiver import Receiver
from tests.images.test_sample_api import ENVIRONMENT, PIN, MemoryStore
from tests.images.test_sample_api_cache import BOX, environment, redis, tls

__all__ = ["environment", "redis", "tls"]

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
OPEN_METRICS = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def files(tmp_path):
    authority = new_authority()
    server, client = (new_member(authority, name, ["localhost"]) for name in ("jaeger", "api"))
    for name, text in {
        "ca": authority.cert_pem,
        "server": server.cert_pem + server.key_pem,
        "client": client.cert_pem,
        "key": client.key_pem,
    }.items():
        (tmp_path / f"{name}.pem").write_text(text)
    return tmp_path


@pytest.fixture
def receiver(files):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files / "server.pem")
    context.load_verify_locations(files / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    receiver = Receiver(context)
    yield receiver
    receiver.stop()


@pytest.fixture
def traced(files, receiver, monkeypatch):
    """The environment of an API that traces every request."""
    monkeypatch.setattr(sent, "SEND_EVERY_S", 0.05)
    monkeypatch.setattr(sent, "FIRST_PAUSE_S", 0.05)
    (files / "password").write_text("correct-horse\n")
    return {
        **ENVIRONMENT,
        "DATABASE_PASSWORD_FILE": str(files / "password"),
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"https://localhost:{receiver.port}",
        "OTEL_EXPORTER_OTLP_CERTIFICATE": str(files / "ca.pem"),
        "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": str(files / "client.pem"),
        "OTEL_EXPORTER_OTLP_CLIENT_KEY": str(files / "key.pem"),
        "OTEL_SERVICE_NAME": "api",
        "OTEL_RESOURCE_ATTRIBUTES": "region=east,colour=blue",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": "1",
    }


@pytest.fixture
def api(traced, store):
    with TestClient(create_app(Settings.from_environment(traced), store)) as client:
        yield client


@pytest.fixture
def believing(traced, store):
    """An API that is part of its callers' traces."""
    environment = {**traced, "OTEL_PROPAGATORS": "tracecontext,baggage"}
    with TestClient(create_app(Settings.from_environment(environment), store)) as client:
        yield client


def spans_counted(client):
    text = client.get("/metrics").text
    found = re.findall(r'trace_spans_total{.*result="(\w+)".*} ([\d.]+)', text)
    return {result: float(count) for result, count in found}


def test_without_an_endpoint_nothing_is_traced(traced, store, receiver, capsys):
    del traced["OTEL_EXPORTER_OTLP_ENDPOINT"]
    with TestClient(create_app(Settings.from_environment(traced), store)) as client:
        answer = client.get("/api/pins", params=BOX, headers=PARENT)
    assert "traceresponse" not in answer.headers
    assert "trace_id" not in capsys.readouterr().out
    assert receiver.bodies == []


def test_a_request_is_a_span_with_what_was_asked_for_it_below(believing, receiver):
    answer = believing.post("/api/pins", json=PIN, headers=PARENT)
    spans = receiver.wait("POST /api/pins", "database add")
    request, query = spans["POST /api/pins"], spans["database add"]
    assert {request["trace"], query["trace"]} == {TRACE}
    assert (request["parent"], query["parent"]) == (CALLER, request["id"])
    assert (request["kind"], query["kind"]) == (2, 3)
    assert request["took"] >= query["took"] > 0
    assert answer.headers["traceresponse"] == f"00-{TRACE}-{request['id']}-01"
    told = ("http.request.method", "http.route", "http.response.status_code", "region", "colour")
    assert [request[key] for key in told] == ["POST", "/api/pins", 201, "east", "blue"]
    assert (query["db.system.name"], query["db.query.summary"]) == ("postgresql", "add")
    assert not request["error"]


def test_the_receiver_is_told_whose_spans_they_are(api, receiver):
    api.get("/api/pins/1")
    receiver.wait("GET /api/pins/{number}")
    resource = receiver.requests[0].resource_spans[0].resource
    told = {attribute.key: attribute.value.string_value for attribute in resource.attributes}
    assert told == {"service.name": "api", "region": "east", "colour": "blue"}


def test_no_value_of_a_request_is_in_a_span(api, receiver):
    number = api.post("/api/pins", json={**PIN, "label": "planted-label", "client": "planted-client"}).json()
    api.get(f"/api/pins/{number['id']}?secret=planted-query")
    api.get("/planted-path")
    api.get("/api/pins?bbox=planted-box")
    receiver.wait("POST /api/pins", "GET /api/pins/{number}", "GET unknown", "GET /api/pins")
    assert not any(b"planted" in body or b"40.7" in body for body in receiver.bodies)


def test_a_request_that_failed_is_an_error_and_one_that_was_refused_is_none(api, store, receiver):
    assert api.get("/api/pins/9").status_code == 404
    store.primary = PrimaryIs.NOWHERE
    assert api.post("/api/pins", json=PIN).status_code == 503
    spans = receiver.wait("GET /api/pins/{number}", "POST /api/pins")
    assert not spans["GET /api/pins/{number}"]["error"]
    assert spans["POST /api/pins"]["error"]
    assert (spans["database add"]["error"], spans["database add"]["error.type"]) == (True, "NoPrimary")


@pytest.mark.parametrize(("outcome", "failed"), [("success", False), ("declined", False), ("failure", True)])
def test_a_payment_is_a_span_with_its_result(api, receiver, outcome, failed):
    api.post("/api/payments", json={"cents": 499, "outcome": outcome})
    spans = receiver.wait("payment", "POST /api/payments")
    assert (spans["payment"]["payment.result"], spans["payment"]["error"]) == (outcome, failed)
    assert spans["POST /api/payments"]["error"] is failed


def test_a_command_to_the_cache_is_a_span(environment, traced, store, receiver):
    with TestClient(create_app(Settings.from_environment({**environment, **traced}), store)) as client:
        deadline = time.monotonic() + 5
        while "cache get" not in receiver.spans() and time.monotonic() < deadline:
            client.get("/api/pins", params=BOX)
            time.sleep(0.1)
    got = receiver.spans()["cache get"]
    assert (got["db.system.name"], got["db.operation.name"]) == ("redis", "GET")


@pytest.mark.parametrize("path", ["/health", "/ready", "/region-health", "/metrics"])
def test_what_machines_ask_every_few_seconds_is_not_traced(api, receiver, path):
    assert "traceresponse" not in api.get(path, headers=PARENT).headers


def test_a_believed_trace_that_its_caller_does_not_record_is_not_recorded_here(believing):
    answer = believing.get("/api/pins/1", headers={"traceparent": f"00-{TRACE}-{CALLER}-00"})
    assert "traceresponse" not in answer.headers


@pytest.mark.parametrize("propagators", [None, "", "none", "baggage"])
def test_a_trace_from_outside_is_noted_and_the_request_begins_its_own(traced, store, receiver, propagators):
    environment = {**traced, **({} if propagators is None else {"OTEL_PROPAGATORS": propagators})}
    with TestClient(create_app(Settings.from_environment(environment), store)) as api:
        answers = [api.get("/api/pins/1", headers=PARENT) for _ in range(2)]
    span = receiver.wait("GET /api/pins/{number}")["GET /api/pins/{number}"]
    assert span["parent"] == ""
    assert span["traceparent.remote"] == PARENT["traceparent"]
    begun = {answer.headers["traceresponse"].split("-")[1] for answer in answers}
    assert len(begun) == 2, "two requests of one caller are two traces"
    assert TRACE not in begun


@pytest.mark.parametrize(("flag", "share", "recorded"), [("01", 0.0, 0), ("00", 1.0, 100)])
def test_a_trace_from_outside_does_not_say_whether_it_is_recorded(flag, share, recorded):
    spans = []
    tracing = Tracing(spans.append, share)
    for _ in range(100):
        with tracing.serving(f"00-{TRACE}-{CALLER}-{flag}"):
            pass
    assert len(spans) == recorded


@pytest.mark.parametrize(
    "header", ["", "nonsense", f"00-{TRACE}-{CALLER}-01-more", f"01-{TRACE}-{CALLER}-01-" + "x" * 9999]
)
def test_of_a_header_no_more_is_noted_than_a_trace(header):
    spans = []
    with Tracing(spans.append).serving(header):
        pass
    noted = spans[0].attributes
    assert noted == ({"traceparent.remote": PARENT["traceparent"]} if parent(header) else {})


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        f"ff-{TRACE}-{CALLER}-01",
        f"00-{'0' * 32}-{CALLER}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{CALLER}-01",
        f"00-{TRACE}-{CALLER}-01-more",
        f"00-{TRACE}-{CALLER}",
    ],
)
def test_a_header_that_says_no_trace_is_none(header):
    assert parent(header) is None


def test_a_later_version_of_the_header_is_read_as_far_as_it_is_known():
    assert parent(f"01-{TRACE}-{CALLER}-03-more") == TraceContext(TRACE, CALLER, recorded=True)


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_of_requests_without_a_trace_a_share_is_recorded(share):
    recorded = []
    tracing = Tracing(recorded.append, share)
    for _ in range(2000):
        with tracing.serving(""):
            pass
    # Five standard deviations.
    assert abs(len(recorded) - 2000 * share) <= 5 * (2000 * share * (1 - share)) ** 0.5


def test_log_lines_name_the_trace(believing, capsys):
    believing.get("/api/pins/1", headers=PARENT)
    believing.get("/api/pins/1", headers={"traceparent": f"00-{TRACE}-{CALLER}-00"})
    traced, plain = (json.loads(line) for line in capsys.readouterr().out.splitlines() if line[0] == "{")
    assert traced["trace_id"] == TRACE
    assert "trace_id" not in plain


def test_a_histogram_names_a_trace_to_who_asks_for_open_metrics(believing):
    believing.get("/api/pins/1", headers=PARENT)
    answer = believing.get("/metrics", headers=OPEN_METRICS)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    found = {
        sample.name: sample.exemplar.labels
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.exemplar
    }
    named = ("http_request_duration_seconds_bucket", "database_query_duration_seconds_bucket")
    assert found == {name: {"trace_id": TRACE} for name in named}
    plain = believing.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain")
    assert TRACE not in plain.text


def test_spans_that_came_are_counted(api, receiver):
    assert spans_counted(api) == {"sent": 0, "dropped": 0}
    api.get("/api/pins/1")
    receiver.wait("GET /api/pins/{number}")
    deadline = time.monotonic() + 5
    while spans_counted(api)["sent"] != 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_spans_are_sent_again_to_a_receiver_that_was_busy(api, receiver):
    receiver.statuses = [503, 429]
    api.get("/api/pins/1")
    receiver.wait("GET /api/pins/{number}")


def test_spans_that_the_receiver_refuses_are_dropped(api, receiver):
    receiver.statuses = [400]
    api.get("/api/pins/1")
    deadline = time.monotonic() + 5
    while spans_counted(api)["dropped"] != 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert receiver.bodies == []


def test_what_is_left_is_sent_when_the_api_stops(traced, store, receiver, monkeypatch):
    monkeypatch.setattr(sent, "SEND_EVERY_S", 60)
    with TestClient(create_app(Settings.from_environment(traced), store)) as client:
        client.get("/api/pins/1")
    assert "GET /api/pins/{number}" in receiver.spans()


def test_while_the_receiver_hangs_requests_are_answered_and_spans_beyond_the_bound_are_dropped(
    api, receiver, monkeypatch
):
    monkeypatch.setattr(sent, "MOST_WAITING", 10)
    receiver.hangs.clear()
    began = time.monotonic()
    assert {api.get("/api/pins/1").status_code for _ in range(20)} == {404}
    assert time.monotonic() - began < 5
    assert spans_counted(api) == {"sent": 0, "dropped": 30}
    receiver.hangs.set()


def test_a_client_without_a_certificate_is_sent_away_and_that_costs_no_request(
    traced, store, receiver, caplog
):
    del traced["OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"]
    with TestClient(create_app(Settings.from_environment(traced), store)) as client:
        assert client.get("/api/pins/1").status_code == 404
        deadline = time.monotonic() + 5
        while "spans are not taken" not in caplog.text:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        time.sleep(0.3)
    assert caplog.text.count("spans are not taken") == 1, "said once, not at each try"
    assert receiver.bodies == []


@pytest.mark.parametrize(
    ("variable", "file"),
    [
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "nowhere.pem"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "password"),
        ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "nowhere.pem"),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "nowhere.pem"),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "server.pem"),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "locked.pem"),
    ],
)
def test_an_api_whose_files_for_tracing_cannot_be_used_says_so_and_serves(
    traced, files, store, receiver, caplog, variable, file
):
    key = load_pem_private_key((files / "key.pem").read_bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"correct-horse"))
    (files / "locked.pem").write_bytes(locked)
    traced[variable] = str(files / file)
    with TestClient(create_app(Settings.from_environment(traced), store)) as client:
        assert client.post("/api/pins", json=PIN).status_code == 201
        assert spans_counted(client) == {"sent": 0, "dropped": 2}
    assert caplog.text.count("spans are not taken: OTEL_EXPORTER_OTLP_CERTIFICATE") == 1
    assert receiver.bodies == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "jaeger:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://jaeger:port"),
        ("OTEL_PROPAGATORS", "b3"),
        ("OTEL_PROPAGATORS", "none,tracecontext"),
        ("OTEL_TRACES_SAMPLER", "always"),
        ("OTEL_TRACES_SAMPLER_ARG", "2"),
        ("OTEL_TRACES_SAMPLER_ARG", "some"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(traced, variable, value):
    traced[variable] = value
    with pytest.raises(SettingsError, match=variable.removeprefix("OTEL_EXPORTER_OTLP")):
        Settings.from_environment(traced)
