"""A stack whose requests are traced: who runs Jaeger, who may send it spans, and what the API is told."""

import json
import re

import pulumi
import pytest
import yaml

from bicoastal import Api, BlueGreenApi, Jaeger, PlaceMonitoring, Prometheus, RegionStack, TwoRegionStack
from bicoastal.monitoring.causes.certificates import certificates
from bicoastal.monitoring.causes.parts import Parts
from bicoastal.monitoring.causes.thresholds import Thresholds
from bicoastal.monitoring.watchers.scraping import Scraping
from bicoastal.monitoring.watchers.watched import Watched
from bicoastal.settings import read
from bicoastal.stack.parts import certified_for_tracing
from bicoastal.topology import Topology
from tests.library.arguments import ARGUMENTS
from tests.library.samples import (
    PEM,
    PLANTED_SECRET,
    certificate,
    credentials,
    images,
    monitoring,
    secret,
    site,
    topology,
)

SERVICE, CONFIG = "docker:index/service:Service", "docker:index/serviceConfig:ServiceConfig"
SECRET_FILE = "docker:index/secret:Secret"
JAEGER_IMAGE = "registry.example.com/jaeger:0123456789ab"
API_PEM = PEM.replace("MIIB", "QVBJ")


def traced(**own):
    """A stack's part with traced requests."""
    given = credentials()
    pairs = {
        name: {"certificate": PEM, "key": secret(PEM + PLANTED_SECRET)}
        for name in certified_for_tracing(places())
    }
    pairs |= {name: {**pair, "certificate": API_PEM} for name, pair in pairs.items() if name.endswith("-api")}
    given["certificates"] |= pairs
    return {
        "images": {**images(), "jaeger": JAEGER_IMAGE},
        "credentials": given,
        "monitoring": {**monitoring(), "tracing": {"sample_ratio": 0.25}},
        **own,
    }


def places():
    return read(Topology, topology(), "x")


def run(pulumi_mocks, component, args):
    """The plan, and its services by name. The arguments are made within the run, which secrets belong to."""
    plan = pulumi_mocks.run(lambda: component("it", args()))
    services = [service.inputs for service in plan.of_type(SERVICE)]
    return plan, {service["name"].partition("_")[2]: service for service in services}


def region(place="east", **own):
    return lambda: {**ARGUMENTS["RegionStack"](), "site": site(place), **traced(), **own}


def container(service):
    return service["taskSpec"]["containerSpec"]


def content(plan, ending):
    return [config.inputs["dataRaw"] for config in plan.of_type(CONFIG) if config.name.endswith(ending)]


def test_without_the_group_nothing_of_it_is_there(pulumi_mocks):
    plan, services = run(pulumi_mocks, RegionStack, lambda: {**ARGUMENTS["RegionStack"]()})
    assert "jaeger" not in services
    assert not any(
        "OTEL" in key for service in services.values() for key in container(service).get("env") or ()
    )
    assert "jaeger" not in {job["job_name"] for job in jobs()}
    assert not any("exemplar" in text for text in map(json.dumps, services.values()))
    assert not any("tracing" in config.name for config in plan.of_type(CONFIG))


def jobs(**watched):
    scraping = Scraping(places(), "east", read(Watched, watched, "x"))
    return scraping.configuration(1, [])["scrape_configs"]


def test_a_region_has_a_jaeger_on_its_first_host_and_the_witness_none(pulumi_mocks):
    _, services = run(pulumi_mocks, RegionStack, region())
    service = services["jaeger"]
    assert service["taskSpec"]["placement"]["constraints"] == ["engine.labels.host==0"]
    assert [port["publishedPort"] for port in service["endpointSpec"]["ports"]] == [16686]
    assert container(service)["image"] == JAEGER_IMAGE
    _, services = run(pulumi_mocks, RegionStack, region("witness"))
    assert "jaeger" not in services


def test_the_api_is_told_where_spans_go_in_the_words_of_opentelemetry(pulumi_mocks):
    _, services = run(pulumi_mocks, RegionStack, region())
    for colour in ("blue", "green"):
        told = container(services[f"api-{colour}"])["env"]
        assert told["OTEL_EXPORTER_OTLP_ENDPOINT"] == "https://jaeger:4318"
        assert told["OTEL_TRACES_SAMPLER"] == "parentbased_traceidratio"
        assert told["OTEL_TRACES_SAMPLER_ARG"] == "0.25"
        assert told["OTEL_SERVICE_NAME"] == "api"
        assert told["OTEL_RESOURCE_ATTRIBUTES"] == f"service.namespace=stack,region=east,colour={colour}"
        files = {file["fileName"] for file in container(services[f"api-{colour}"])["configs"]}
        keys = ("OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE")
        named = {told[key] for key in keys}
        assert named <= files
        secrets = {file["fileName"] for file in container(services[f"api-{colour}"])["secrets"]}
        assert told["OTEL_EXPORTER_OTLP_CLIENT_KEY"] == "/run/secrets/tracing-key"
        assert "tracing-key" in secrets


def test_jaeger_takes_spans_from_its_regions_api_alone_and_shows_traces_to_members(pulumi_mocks):
    plan, _ = run(pulumi_mocks, RegionStack, region())
    (text,) = content(plan, "-jaeger-jaeger-file-configuration")
    read_back = yaml.safe_load(text)
    otlp = read_back["receivers"]["otlp"]["protocols"]["http"]["tls"]
    query = read_back["extensions"]["jaeger_query"]["http"]["tls"]
    assert otlp["client_ca_file"] == "/etc/watcher/senders.pem"
    assert query["client_ca_file"] == "/etc/watcher/ca.pem"
    assert content(plan, "-file-senders") == [API_PEM]


def test_no_key_is_in_a_configuration(pulumi_mocks):
    plan, services = run(pulumi_mocks, RegionStack, region())
    assert PLANTED_SECRET not in json.dumps([config.inputs for config in plan.of_type(CONFIG)], default=str)
    assert PLANTED_SECRET not in json.dumps(services, default=str)


def test_prometheus_asks_jaeger_and_keeps_exemplars(pulumi_mocks):
    (job,) = [job for job in jobs(tracing=True) if job["job_name"] == "jaeger"]
    assert job["dns_sd_configs"][0]["names"] == ["jaeger"]
    assert job["dns_sd_configs"][0]["port"] == 8888
    assert {"target_label": "place", "replacement": "east"} in job["relabel_configs"]
    _, services = run(pulumi_mocks, RegionStack, region())
    assert "--enable-feature=exemplar-storage" in container(services["prometheus-1"])["args"]


def test_a_region_asks_its_own_jaeger_for_its_certificate_and_takes_it_for_no_peer():
    found = {job["job_name"]: job for job in jobs(tracing=True)}
    job = found["probe-tracing"]
    assert job["params"] == {"module": ["tls"]}
    (group,) = job["static_configs"]
    assert group["targets"] == ["10.1.0.10:16686"]
    assert {key: group["labels"][key] for key in ("member", "place", "from", "probe")} == {
        "member": "east-jaeger",
        "place": "east",
        "from": "east",
        "probe": "tracing",
    }
    assert "probe-tracing" not in {job["job_name"] for job in jobs()}


def test_the_end_of_jaegers_certificate_is_told_and_wakes_nobody():
    said = {alert.name: alert.expr for alert in certificates(Thresholds(), Parts()).alerts}
    assert "(probe_ssl_earliest_cert_expiry)" in said["PublicCertificateEnds"]
    assert '(probe_ssl_earliest_cert_expiry{probe!="tracing"})' in said["PublicCertificateEndsNow"]


def test_a_restart_keeps_traces_only_on_a_volume(pulumi_mocks):
    def jaeger(**storage):
        return lambda: {**ARGUMENTS["Jaeger"](), "storage": storage}

    _, services = run(pulumi_mocks, Jaeger, jaeger(kind="badger"))
    (mount,) = container(services["jaeger"])["mounts"]
    assert (mount["type"], mount["source"], mount["target"]) == ("volume", "stack_jaeger-data", "/tmp")
    _, services = run(pulumi_mocks, Jaeger, jaeger(kind="memory"))
    (mount,) = container(services["jaeger"])["mounts"]
    assert mount["type"] == "tmpfs"


def test_a_jaeger_with_no_senders_takes_spans_from_every_member(pulumi_mocks):
    plan, _ = run(
        pulumi_mocks, Jaeger, lambda: {k: v for k, v in ARGUMENTS["Jaeger"]().items() if k != "senders"}
    )
    (text,) = content(plan, "-file-configuration")
    otlp = yaml.safe_load(text)["receivers"]["otlp"]["protocols"]["http"]["tls"]
    assert otlp["client_ca_file"] == "/etc/watcher/ca.pem"


@pytest.mark.parametrize(("traces", "memory_mb"), [(20_000, 245), (41_943, 512), (100, 16)])
def test_traces_that_fit_into_memory_are_taken(pulumi_mocks, traces, memory_mb):
    own = {"storage": {"max_traces": traces}, "limits": {"memory_mb": memory_mb}}
    run(pulumi_mocks, Jaeger, lambda: {**ARGUMENTS["Jaeger"](), **own})


def test_a_stack_whose_traces_do_not_fit_into_memory_is_refused(pulumi_mocks):
    own = {"storage": {"max_traces": 50_000}}
    said = (
        r"monitoring.tracing.storage.max_traces: more than .* at most 41943 traces.*'limits.memory_mb' be 611"
    )
    with pytest.raises(pulumi.InputPropertiesError, match=said):
        run(pulumi_mocks, RegionStack, region(monitoring={**monitoring(), "tracing": own}))


@pytest.mark.parametrize(
    ("storage", "said"),
    [
        ({"kept_days": 2}, "storage.kept_days: says nothing about storage of kind 'memory'"),
        ({"kind": "badger", "max_traces": 500}, "storage.max_traces: says nothing about storage of kind"),
        ({"max_traces": 1}, "100 to 10000000 traces"),
        ({"kind": "badger", "kept_days": 0}, "1 to 90 days"),
        ({"kind": "disk"}, "badger"),
    ],
)
def test_storage_that_contradicts_itself_is_refused(pulumi_mocks, storage, said):
    with pytest.raises(pulumi.InputPropertiesError, match=re.escape(said)):
        run(pulumi_mocks, Jaeger, lambda: {**ARGUMENTS["Jaeger"](), "storage": storage})


def test_jaeger_outside_a_region_is_refused(pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError, match="is not a region"):
        run(pulumi_mocks, Jaeger, lambda: {**ARGUMENTS["Jaeger"](), "site": site("witness")})


@pytest.mark.parametrize("component", [RegionStack, TwoRegionStack])
def test_what_tracing_needs_is_asked_for_in_one_error(pulumi_mocks, component):
    def args():
        given = traced()
        pairs = given["credentials"]["certificates"]
        own = {
            "images": images(),
            "credentials": {
                **given["credentials"],
                "certificates": {k: v for k, v in pairs.items() if k not in ("west-jaeger", "east-api")},
            },
        }
        return {**ARGUMENTS[component.__name__](), **given, **own}

    with pytest.raises(pulumi.InputPropertiesError) as refused:
        run(pulumi_mocks, component, args)
    said = str(refused.value)
    assert "images.jaeger: missing" in said
    assert "east-api, west-jaeger" in said
    assert "monitoring.tracing" in said


def test_a_places_watchers_say_what_their_jaeger_needs(pulumi_mocks):
    def args():
        return {**ARGUMENTS["PlaceMonitoring"](), "monitoring": {**monitoring(), "tracing": {}}}

    with pytest.raises(pulumi.InputPropertiesError) as refused:
        run(pulumi_mocks, PlaceMonitoring, args)
    for path in ("images.jaeger", "jaeger_certificate", "span_senders"):
        assert f"{path}: missing" in str(refused.value)


@pytest.mark.parametrize("component", [Api, BlueGreenApi])
@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"endpoint": "jaeger:4318"}, "begins with https://"),
        ({"endpoint": "http://jaeger:4318"}, "begins with https://"),
        ({"sample_ratio": 1.5}, "0 to 1"),
    ],
)
def test_a_way_to_a_receiver_that_cannot_be_used_is_refused(pulumi_mocks, component, own, said):
    def args():
        tracing = {"endpoint": "https://jaeger:4318", "certificate": certificate(), **own}
        return {**ARGUMENTS[component.__name__](), "tracing": tracing}

    with pytest.raises(pulumi.InputPropertiesError, match=said):
        run(pulumi_mocks, component, args)


def test_a_server_alone_keeps_exemplars_where_it_is_told_that_requests_are_traced(pulumi_mocks):
    _, services = run(
        pulumi_mocks, Prometheus, lambda: {**ARGUMENTS["Prometheus"](), "watched": {"tracing": True}}
    )
    assert "--enable-feature=exemplar-storage" in container(services["prometheus-1"])["args"]
