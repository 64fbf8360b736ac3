"""What watches a stack: whom Prometheus asks, who may ask the watchers, and what they are handed."""

import re
from functools import partial

import pulumi
import pytest
import yaml

from bicoastal import Alertmanager, ContainerService, NodeExporter, PlaceMonitoring, Prometheus, RegionStack
from bicoastal.monitoring.watchers.scraping import Scraping
from bicoastal.monitoring.watchers.watched import Watched
from bicoastal.settings import read
from bicoastal.topology import Topology
from tests.library.arguments import ARGUMENTS
from tests.library.samples import container_service, site, topology

SERVICE, CONFIG = "docker:index/service:Service", "docker:index/serviceConfig:ServiceConfig"
SECRET = "docker:index/secret:Secret"
EXPORTERS = {"node", "postgres", "redis", "sentinel", "etcd", "patroni", "haproxy", "blackbox", "api"}


def scraped(place="east", **watched):
    where = read(Topology, topology(), "x")
    return Scraping(where, place, read(Watched, watched, "x")).configuration(1, [])


def jobs(**watched):
    return {job["job_name"]: job for job in scraped(**watched)["scrape_configs"]}


def places_of(job):
    return {group["labels"]["place"] for group in job.get("static_configs", [])}


def declared(pulumi_mocks, component, **own):
    name = component.__name__

    # Within the run, which its secrets belong to.
    def program():
        made = {key: value() if callable(value) else value for key, value in own.items()}
        component("it", {**ARGUMENTS[name](), **made})

    plan = pulumi_mocks.run(program)
    return plan, {service.inputs["name"]: service.inputs for service in plan.of_type(SERVICE)}


def test_a_server_asks_its_own_region_and_the_witness_and_every_member_of_what_spans_the_places():
    found = jobs()
    assert set(found) >= EXPORTERS
    for name in ("node", "blackbox"):
        assert places_of(found[name]) == {"east", "witness"}, name
    for name in ("haproxy", "prometheus", "alertmanager"):
        assert places_of(found[name]) == {"east"}, name
    for name in ("etcd", "redis", "sentinel"):
        assert places_of(found[name]) == {"east", "west", "witness"}, name
    for name in ("postgres", "patroni"):
        assert places_of(found[name]) == {"east", "west"}, name


def test_whether_a_region_is_there_is_asked_from_every_place():
    groups = jobs()["probe-region"]["static_configs"]
    seen = {(group["labels"]["from"], group["labels"]["place"]) for group in groups}
    assert seen == {(asked, of) for asked in ("east", "west", "witness") for of in ("east", "west")}


def test_members_in_other_places_are_probed():
    found = jobs()
    assert places_of(found["probe-peer-tls"]) == {"west", "witness"}
    assert places_of(found["probe-peer-tcp"]) == {"west"}
    assert places_of(found["probe-region"]) == {"east", "west"}


def test_what_users_use_is_seen_from_every_place_under_one_job():
    job = jobs(public_urls=["https://api.example.com/"])["probe-public"]
    assert {group["labels"]["from"] for group in job["static_configs"]} == {"east", "west", "witness"}
    assert {"target_label": "job", "replacement": "probe"} in job["relabel_configs"]
    assert job["scrape_interval"] == "30s"


def test_every_target_but_the_apis_is_asked_by_tls_with_a_certificate():
    for name, job in jobs(public_urls=["https://x/"], workers=True).items():
        if name == "api":
            # Its tasks are on the place's own network alone.
            assert {found["type"] for found in job["dns_sd_configs"]} == {"A"}
        else:
            assert job["scheme"] == "https", name
            assert {"ca_file", "cert_file", "key_file"} <= set(job["tls_config"]), name
            assert "insecure_skip_verify" not in job["tls_config"]


def test_alerts_go_to_every_regions_alertmanager_without_the_name_of_who_found_them():
    alerting = scraped()["alerting"]
    assert {"action": "labeldrop", "regex": "watcher|replica"} in alerting["alert_relabel_configs"]
    (managers,) = alerting["alertmanagers"]
    assert managers["static_configs"] == [{"targets": ["10.1.0.10:9093", "10.2.0.10:9093"]}]
    assert managers["scheme"] == "https"


def test_an_alert_tells_the_host_that_its_target_is_on():
    (told,) = [c for c in scraped()["alerting"]["alert_relabel_configs"] if c.get("target_label") == "host"]
    assert told["source_labels"] == ["instance"]
    assert re.fullmatch(told["regex"], "10.1.0.10:9100")[1] == "10.1.0.10"
    assert not re.fullmatch(told["regex"], "https://api.example.com:443")


def test_every_watcher_asks_for_a_certificate(pulumi_mocks):
    plan, services = declared(pulumi_mocks, PlaceMonitoring)
    (web,) = [c.inputs for c in plan.of_type(CONFIG) if c.name.endswith("-watchers-web")]
    server = yaml.safe_load(web["dataRaw"])["tls_server_config"]
    assert server["client_auth_type"] == "RequireAndVerifyClientCert"
    assert server["client_allowed_sans"] == ["monitor"]
    del services["stack_grafana-1"]  # people's, who come with a password
    by_flags = services.pop("stack_redis-exporter-1")["taskSpec"]["containerSpec"]["commands"]
    assert "-tls-server-ca-cert-file=/etc/watcher/ca.pem" in by_flags
    for name, service in services.items():
        mounted = {c["fileName"]: c["configName"] for c in service["taskSpec"]["containerSpec"]["configs"]}
        assert mounted["/etc/watcher/web.yaml"] == web["name"], name


def test_a_places_watchers_share_one_certificate_and_one_key(pulumi_mocks):
    plan, services = declared(pulumi_mocks, PlaceMonitoring)
    specs = [service["taskSpec"]["containerSpec"] for service in services.values()]
    assert len(specs) > 3
    for path in ("/etc/watcher/ca.pem", "/etc/watcher/watcher.pem"):
        assert len({c["configName"] for spec in specs for c in spec["configs"] if c["fileName"] == path}) == 1
    keys = {s["secretName"] for spec in specs for s in spec["secrets"] if s["fileName"] == "tls-key"}
    assert len(keys) == 1
    assert sum(secret.name.endswith("-watchers-key") for secret in plan.of_type(SECRET)) == 1


def test_what_is_published_is_known_by_its_port(pulumi_mocks):
    _, services = declared(pulumi_mocks, PlaceMonitoring)
    published = {
        name.partition("_")[2]: [port["publishedPort"] for port in service["endpointSpec"]["ports"]]
        for name, service in services.items()
    }
    assert published == {
        "alertmanager-1": [9093, 9094],
        "blackbox-1": [9115],
        "grafana-1": [3000],
        "node-exporter-1": [9100],
        "postgres-exporter-1": [9187],
        "postgres-exporter-2": [9188],
        "prometheus-1": [9090],
        "redis-exporter-1": [9121],
    }


def test_of_its_host_the_exporter_is_handed_only_what_it_may_read_and_no_process(pulumi_mocks):
    _, services = declared(pulumi_mocks, NodeExporter)
    container = services["stack_node-exporter-1"]["taskSpec"]["containerSpec"]
    binds = [mount for mount in container["mounts"] if mount["type"] == "bind"]
    assert all(mount["readOnly"] for mount in binds)
    assert {"/proc", "/", "/var/lib/docker", "/etc"}.isdisjoint({mount["source"] for mount in binds})
    assert container["user"] == "10009:10009"


@pytest.mark.parametrize("source", ["/", "relative", "/run/docker.sock", "/var/run/docker.sock"])
def test_a_path_that_opens_the_host_is_refused(source, pulumi_mocks):
    path = {"source": source, "path": "/host", "reason": "because nothing else would do"}
    with pytest.raises(pulumi.InputPropertiesError, match=r"host_paths\[0\]\.source"):
        pulumi_mocks.run(lambda: ContainerService("it", container_service(host_paths=[path])))


def test_a_path_without_a_reason_is_refused(pulumi_mocks):
    path = {"source": "/sys", "path": "/host", "reason": " "}
    with pytest.raises(pulumi.InputPropertiesError, match=r"host_paths\[0\]\.reason"):
        pulumi_mocks.run(lambda: ContainerService("it", container_service(host_paths=[path])))


@pytest.mark.parametrize("component", [Prometheus, Alertmanager])
def test_a_server_in_the_witnesss_place_is_refused(component, pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError, match=r"is not a region"):
        declared(pulumi_mocks, component, site=partial(site, "witness"))


def test_the_witness_has_exporters_alone(pulumi_mocks):
    _, services = declared(pulumi_mocks, PlaceMonitoring, site=partial(site, "witness"))
    assert set(services) == {"stack_node-exporter-1", "stack_redis-exporter-1", "stack_blackbox-1"}


def test_a_region_with_two_hosts_has_a_pair_of_servers(pulumi_mocks):
    def two_hosts():
        where = site()
        where["topology"]["regions"][0]["hosts"] = 2
        return where

    _, services = declared(pulumi_mocks, PlaceMonitoring, site=two_hosts)
    placed = {
        name: service["taskSpec"]["placement"]["constraints"]
        for name, service in services.items()
        if "prometheus" in name
    }
    assert placed == {
        "stack_prometheus-1": ["engine.labels.host==0"],
        "stack_prometheus-2": ["engine.labels.host==1"],
    }


def test_a_stack_that_is_not_monitored_has_no_watchers(pulumi_mocks):
    _, services = declared(pulumi_mocks, RegionStack, monitoring=None)
    assert not any("prometheus" in name or "exporter" in name for name in services)
    haproxy = services["stack_haproxy-1"]
    assert 8404 not in [port["publishedPort"] for port in haproxy["endpointSpec"]["ports"]]


@pytest.mark.parametrize("missing", ["images.prometheus", "credentials.monitor_password"])
def test_a_monitored_stack_without_what_watchers_need_is_refused(missing, pulumi_mocks):
    group, _, key = missing.partition(".")

    def less():
        given = ARGUMENTS["RegionStack"]()[group]
        return {name: value for name, value in given.items() if name != key}

    with pytest.raises(pulumi.InputPropertiesError, match=missing):
        declared(pulumi_mocks, RegionStack, **{group: less})
