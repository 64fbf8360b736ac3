"""Jaeger itself, with the configuration that its component hands it."""

import re
import ssl
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import yaml

from bicoastal.monitoring.causes.tracing import tracing
from bicoastal.monitoring.serving.identity import CA, CERTIFICATE, KEY, as_yaml
from bicoastal.monitoring.watchers import jaeger_configuration
from bicoastal.monitoring.watchers.jaeger import jaeger_certified_names
from bicoastal.monitoring.watchers.jaeger_configuration import configuration
from bicoastal.monitoring.watchers.tracing import TraceStorage, TraceStore
from bicoastal.settings import read
from bicoastal.topology import Topology
from bicoastal.twin.certificates import new_alone, new_authority, new_member
from tests.library.samples import topology
from tests.monitoring.programs import free_port, program, running, wait_until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PORTS = ("4318", "8888", "13133", "16685", "16686")


def spans(trace=TRACE):
    """A request with one span."""
    now = time.time_ns()
    span = {"traceId": trace, "spanId": "00f067aa0ba902b7", "name": "GET /api/pins", "kind": 2}
    span |= {"startTimeUnixNano": str(now), "endTimeUnixNano": str(now + 1000)}
    service = {"key": "service.name", "value": {"stringValue": "api"}}
    return {"resourceSpans": [{"resource": {"attributes": [service]}, "scopeSpans": [{"spans": [span]}]}]}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("jaeger")
    authority = new_authority()
    names = jaeger_certified_names(read(Topology, topology(), "x").place("east"))
    pairs = {
        "jaeger": new_member(authority, "jaeger", names),
        "member": new_member(authority, "grafana", ["monitor"]),
        "api": new_alone("east-api", ["api"]),
    }
    (folder / "ca.pem").write_text(authority.cert_pem)
    for name, pair in pairs.items():
        (folder / f"{name}.pem").write_text(pair.cert_pem)
        (folder / f"{name}.key").write_text(pair.key_pem)
    return folder


def written(files, storage, name):
    """The configuration's file, with this machine's paths and free ports; and the ports."""
    text = as_yaml(configuration(storage, 256, only_senders=True))
    data = files / f"{name}-data"
    data.mkdir(exist_ok=True)
    paths = {
        # First the data: the others stand below the same folder here.
        f"{jaeger_configuration.DATA}/": f"{data}/",
        CA: files / "ca.pem",
        CERTIFICATE: files / "jaeger.pem",
        KEY: files / "jaeger.key",
        jaeger_configuration.SENDERS: files / "api.pem",
        "0.0.0.0": "127.0.0.1",
    }
    ports = {port: free_port() for port in PORTS}
    # First the ports: a path may have one's digits.
    for port, free in ports.items():
        text = re.sub(rf"\b{port}$", str(free), text, flags=re.MULTILINE)
    for path, here in paths.items():
        text = text.replace(path, str(here))
    file = files / f"{name}.yaml"
    file.write_text(text)
    return file, ports


def client(files, name=None):
    """Someone who shows the certificate of this name."""
    context = ssl.create_default_context(cafile=str(files / "ca.pem"))
    if name:
        context.load_cert_chain(files / f"{name}.pem", files / f"{name}.key")
    return httpx.Client(verify=context, timeout=10)


def started(files, storage, name):
    file, ports = written(files, storage, name)

    def ready():
        try:
            return httpx.get(f"http://127.0.0.1:{ports['13133']}/status").status_code == 200
        except httpx.HTTPError:
            return False

    command = [program("jaeger"), f"--config={file}"]
    return running(command, files / f"{name}.log", ready), SimpleNamespace(
        otlp=f"https://localhost:{ports['4318']}/v1/traces",
        query=f"https://localhost:{ports['16686']}",
        metrics=f"http://127.0.0.1:{ports['8888']}/metrics",
    )


def is_there(asked, address):
    """Whether this is answered; for who waits until it is."""
    return lambda: asked.get(address).status_code == 200


@pytest.fixture(scope="module")
def jaeger(files):
    running, at = started(files, TraceStorage(), "memory")
    with running:
        yield at


@pytest.mark.parametrize("storage", [TraceStorage(), TraceStorage(kind=TraceStore.BADGER, kept_days=2)])
def test_the_configuration_is_accepted(files, storage):
    file, _ = written(files, storage, "checked")
    checked = subprocess.run(
        [program("jaeger"), "validate", f"--config={file}"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_a_trace_that_the_api_sends_is_found_by_who_asks(files, jaeger):
    with client(files, "api") as api, client(files, "member") as member:
        assert api.post(jaeger.otlp, json=spans()).status_code == 200
        found = f"{jaeger.query}/api/traces/{TRACE}"
        wait_until(is_there(member, found), 10)
        trace = member.get(found).json()["data"][0]
        assert [span["operationName"] for span in trace["spans"]] == ["GET /api/pins"]
        assert "api" in member.get(f"{jaeger.query}/api/services").json()["data"]


@pytest.mark.parametrize("name", [None, "member"])
def test_spans_are_taken_from_the_api_alone(files, jaeger, name):
    with client(files, name) as other, pytest.raises(httpx.HTTPError, match=r"(?i)certificate|unknown ca"):
        other.post(jaeger.otlp, json=spans())


@pytest.mark.parametrize("name", [None, "api"])
def test_traces_are_shown_to_members_alone(files, jaeger, name):
    with client(files, name) as other, pytest.raises(httpx.HTTPError, match=r"(?i)certificate|unknown ca"):
        other.get(f"{jaeger.query}/api/services")


def test_what_the_alerts_ask_is_told_and_is_what_was_recorded(files, jaeger):
    with client(files, "api") as api:
        api.post(jaeger.otlp, json=spans())

    def told():
        return set(re.findall(r"^(otelcol_\w+)\{", httpx.get(jaeger.metrics).text, re.MULTILINE))

    wait_until(lambda: "otelcol_exporter_sent_spans_total" in told(), 10)
    asked = {name for alert in tracing().alerts for name in re.findall(r"otelcol_\w+", alert.expr)}
    recorded = (Path(__file__).parent / "recorded/jaeger.prom").read_text()
    assert asked
    assert asked <= told()
    assert all(f"\n{name}{{" in recorded for name in asked)


def test_badger_keeps_traces_over_a_restart(files):
    storage = TraceStorage(kind=TraceStore.BADGER)
    for is_first in (True, False):
        running, at = started(files, storage, "badger")
        with running, client(files, "api") as api, client(files, "member") as member:
            if is_first:
                assert api.post(at.otlp, json=spans()).status_code == 200
            found = f"{at.query}/api/traces/{TRACE}"
            wait_until(is_there(member, found), 10)


@pytest.mark.parametrize("memory_mb", [16, 100, 512, 1 << 20])
def test_at_80_percent_of_its_memory_it_refuses_spans_before_it_is_killed(memory_mb):
    read_back = yaml.safe_load(as_yaml(configuration(TraceStorage(), memory_mb, only_senders=True)))
    limiter = read_back["processors"]["memory_limiter"]
    # The limiter's own words: refused above the limit less the spike, which is a fifth where it is 0.
    assert limiter["limit_mib"] - limiter["spike_limit_mib"] == int(0.8 * memory_mb)
    assert limiter["spike_limit_mib"] > 0
    assert limiter["limit_mib"] < memory_mb
    assert read_back["service"]["pipelines"]["traces"]["processors"][0] == "memory_limiter"
