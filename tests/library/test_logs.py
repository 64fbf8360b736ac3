"""The logs' way: what runs where, what each program is told, and what is refused."""

import json
import re
import socket
from functools import partial

import pulumi
import pytest
import yaml

from bicoastal import Alloy, ContainerService, Loki, PlaceMonitoring, Promtail, RegionStack
from bicoastal.checks.resources.mounts import ENGINE_SOCKET_LABEL
from bicoastal.monitoring.logs.alloy_configuration import CONTAINERS_PATH
from bicoastal.monitoring.logs.labelling import labelling
from bicoastal.monitoring.serving.listening import listens
from bicoastal.monitoring.watchers.watched import Watched
from bicoastal.settings import read
from bicoastal.testing import PulumiMocks
from tests.library.samples import (
    LOGS_IMAGES,
    PLANTED_SECRET,
    WATCHER_IMAGES,
    bucket,
    container_service,
    images,
    monitoring,
    site,
    topology,
)
from tests.library.test_watchers import CONFIG, declared, places_of, scraped

SECRET = "docker:index/secret:Secret"
SOCKET = "/run/docker.sock"


def kept(**logs):
    """A place with logs."""
    return {
        "monitoring": {**monitoring(), "logs": logs},
        "images": {name: images()[name] for name in (*WATCHER_IMAGES, *LOGS_IMAGES)},
    }


def container(services, name):
    return services[f"stack_{name}"]["taskSpec"]["containerSpec"]


def text_of(plan, name):
    (found,) = [c.inputs["dataRaw"] for c in plan.of_type(CONFIG) if c.name.endswith(f"{name}-configuration")]
    return found


def loki(pulumi_mocks, **own):
    plan, services = declared(pulumi_mocks, Loki, **own)
    return yaml.safe_load(text_of(plan, "file")), container(services, "loki-1"), plan


def alloy(pulumi_mocks, **own):
    plan, services = declared(pulumi_mocks, Alloy, **own)
    return text_of(plan, "file"), services, plan


def jobs(**watched):
    return {job["job_name"]: job for job in scraped(**watched)["scrape_configs"]}


def test_a_region_has_a_loki_and_a_collector_and_the_witness_the_latter_alone(pulumi_mocks):
    _, services = declared(pulumi_mocks, PlaceMonitoring, **kept())
    assert {"stack_loki-1", "stack_alloy"} <= set(services)
    _, services = declared(PulumiMocks(), PlaceMonitoring, **kept(), site=partial(site, "witness"))
    assert "stack_alloy" in services
    assert "stack_loki-1" not in services


def test_a_collector_runs_on_every_host_and_knows_which(pulumi_mocks):
    _, services = declared(pulumi_mocks, PlaceMonitoring, **kept(), watched={"workers": True})
    where = {
        name: services[f"stack_{name}"]["taskSpec"]["placement"]["constraints"]
        for name in ("alloy", "alloy-workers")
    }
    assert where == {
        "alloy": ["engine.labels.role!=worker"],
        "alloy-workers": ["engine.labels.role==worker"],
    }
    for name in where:
        assert services[f"stack_{name}"]["mode"] == {"global": True}
        assert container(services, name)["env"]["HOST"] == "{{.Node.Hostname}}"


@pytest.mark.parametrize("component", [Alloy, PlaceMonitoring])
def test_without_an_engine_to_ask_whether_every_host_has_it_there_is_no_collector(component, pulumi_mocks):
    def no_engine():
        places = topology()
        for place in (*places["regions"], places["witness"]):
            del place["docker_host"]
        return {**site(), "topology": places}

    own = kept() if component is PlaceMonitoring else {}
    with pytest.raises(pulumi.InputPropertiesError, match="names no engine"):
        declared(pulumi_mocks, component, **own, site=no_engine)


@pytest.mark.parametrize(
    ("place", "expected"), [("east", "10.1.0.10"), ("west", "10.2.0.10"), ("witness", "10.1.0.10")]
)
def test_lines_go_to_the_regions_own_loki_and_from_the_witness_to_the_primarys(place, expected, pulumi_mocks):
    text, _, _ = alloy(pulumi_mocks, site=partial(site, place))
    assert f'"https://{expected}:3100/loki/api/v1/push"' in text


def test_both_collectors_label_a_line_alike_and_with_few_labels(pulumi_mocks):
    text, _, _ = alloy(pulumi_mocks)
    plan, _ = declared(PulumiMocks(), Promtail)
    told = yaml.safe_load(text_of(plan, "file"))
    (read,) = told["scrape_configs"]
    (client,) = told["clients"]
    assert read["relabel_configs"] == labelling("stack")
    targets = re.findall(r'target_label\s+= "(\w+)"', text)
    assert targets == [rule["target_label"] for rule in labelling("stack")]
    labels = {*targets, *client["external_labels"]} - {"container"}
    assert labels == {"place", "host", "service", "colour", "stream"}
    # The task's name is new with each task.
    assert read["pipeline_stages"] == [{"structured_metadata": {"container": None}}]
    assert re.search(r'stage.structured_metadata \{\s+values = \{\s+container = ""', text)


@pytest.mark.parametrize(
    ("service", "expected"),
    [("stack_api-blue", "api-blue"), ("stack_redis", "redis"), ("other_app", "other_app")],
)
def test_a_service_is_known_by_its_name_without_the_stack(service, expected):
    (rule,) = [rule for rule in labelling("stack") if "swarm_service" in rule["source_labels"][0]]
    assert re.fullmatch(rule["regex"], service)[1] == expected


def test_the_engines_socket_is_handed_to_the_collector_alone_and_with_its_reason(pulumi_mocks):
    _, services = declared(pulumi_mocks, PlaceMonitoring, **kept())
    for name, service in services.items():
        mounts = {mount.get("source") for mount in container(services, name[6:])["mounts"]}
        labels = {label["label"] for label in service["labels"]}
        assert (SOCKET in mounts) is (name == "stack_alloy") is (ENGINE_SOCKET_LABEL in labels)
    spec = container(services, "alloy")
    binds = [mount for mount in spec["mounts"] if mount["type"] == "bind"]
    assert {mount["source"] for mount in binds} == {
        SOCKET,
        "/sys/fs/cgroup",
        "/var/lib/docker/image/overlay2/layerdb/mounts",
    }
    assert all(mount["readOnly"] for mount in binds)
    assert spec["user"] == "473:2375"


def test_of_containers_is_told_what_can_be_known_without_the_kernels_log(pulumi_mocks):
    text, _, _ = alloy(pulumi_mocks)
    assert re.search(r"enabled_metrics\s+= (.*)", text)[1] == '["cpu", "memory"]'


def test_without_containers_metrics_nothing_of_the_host_but_the_socket_is_handed_in(pulumi_mocks):
    text, services, _ = alloy(pulumi_mocks, containers=False)
    assert "cadvisor" not in text
    binds = [m["source"] for m in container(services, "alloy")["mounts"] if m["type"] == "bind"]
    assert binds == [SOCKET]


@pytest.mark.parametrize(
    "source", ["/run/docker.sock", "/srv/docker.sock", "/etc/docker.sock", "/var/run/docker.sock"]
)
def test_the_socket_comes_by_its_own_input_alone_and_from_below_run(source, pulumi_mocks):
    reason = "because nothing else would do"
    wrong = {"engine_socket": {"path": source, "reason": reason}}
    if source == SOCKET:
        wrong = {"host_paths": [{"source": source, "path": source, "reason": reason}]}
    with pytest.raises(pulumi.InputPropertiesError, match=r"engine_socket\.path|host_paths\[0\]\.source"):
        pulumi_mocks.run(lambda: ContainerService("it", container_service(**wrong)))


def test_everybody_on_the_way_shows_a_certificate_and_asks_for_one(pulumi_mocks):
    server = loki(pulumi_mocks)[0]["server"]["http_tls_config"]
    assert server["client_auth_type"] == "RequireAndVerifyClientCert"
    assert server["client_ca_file"] == "/etc/watcher/ca.pem"
    text, _, _ = alloy(PulumiMocks())
    assert 'client_auth_type = "RequireAndVerifyClientCert"' in text
    assert 'server_name = "monitor"' in text
    assert text.count('ca_file     = "/etc/watcher/ca.pem"') == 1


def test_what_is_reached_without_a_certificate_is_on_loopback(pulumi_mocks):
    told, spec, _ = loki(pulumi_mocks)
    assert told["server"]["grpc_listen_address"] == "127.0.0.1"
    assert told["internal_server"]["http_listen_address"] == "127.0.0.1"
    port = told["internal_server"]["http_listen_port"]
    assert spec["healthcheck"]["tests"][1:] == [
        *("/usr/bin/loki", "-health", f"-health.url=http://127.0.0.1:{port}/ready")
    ]


def test_a_bucket_is_named_in_the_configuration_and_its_key_in_a_secret_alone(pulumi_mocks):
    told, spec, plan = loki(pulumi_mocks)
    assert told["common"]["storage"] == {
        "s3": {"bucketnames": "shop-logs-us-east-1", "region": "us-east-1", "disable_dualstack": True}
    }
    assert told["schema_config"]["configs"][0]["object_store"] == "s3"
    assert spec["env"]["AWS_SHARED_CREDENTIALS_FILE"] == "/run/secrets/aws-credentials"
    assert "aws-credentials" in {secret["fileName"] for secret in spec["secrets"]}
    assert PLANTED_SECRET not in json.dumps([c.inputs["dataRaw"] for c in plan.of_type(CONFIG)])
    assert "AKIAIOSFODNN7EXAMPLE" not in json.dumps(told)


def test_without_a_key_the_machine_is_asked_and_without_a_bucket_the_volume_keeps_all(pulumi_mocks):
    _, spec, _ = loki(pulumi_mocks, object_storage={"bucket": "shop-logs", "region": "us-east-1"})
    assert "AWS_SHARED_CREDENTIALS_FILE" not in spec["env"]
    told, spec, _ = loki(PulumiMocks(), object_storage=None)
    assert told["common"]["storage"]["filesystem"]["chunks_directory"] == "/loki/chunks"
    assert [m["source"] for m in spec["mounts"] if m["type"] == "volume"] == ["stack_loki-1-data"]
    assert {secret["fileName"] for secret in spec["secrets"]} == {"tls-key"}


def test_another_store_that_speaks_as_s3_is_asked_by_path(pulumi_mocks):
    own = {"bucket": "logs", "region": "us-east-1", "endpoint": "https://minio.example.com:9000"}
    told, _, _ = loki(pulumi_mocks, object_storage=own)
    s3 = told["common"]["storage"]["s3"]
    assert (s3["endpoint"], s3["insecure"], s3["s3forcepathstyle"]) == (own["endpoint"], False, True)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9000", "http://localhost:9000"])
def test_a_store_is_asked_without_tls_on_loopback_alone(endpoint, pulumi_mocks):
    own = {"bucket": "logs", "region": "us-east-1"}
    told, _, _ = loki(pulumi_mocks, object_storage={**own, "endpoint": endpoint})
    assert told["common"]["storage"]["s3"]["insecure"] is True
    for elsewhere in ("http://minio.example.com:9000", "http://localhost.example.com", "http://10.1.0.10"):
        with pytest.raises(pulumi.InputPropertiesError, match=r"endpoint: .* allowed: https:// and a host"):
            loki(PulumiMocks(), object_storage={**own, "endpoint": elsewhere})


def test_retention_and_limits_are_what_is_declared(pulumi_mocks):
    ingestion = {"rate_mb_s": 2, "burst_mb": 3, "streams": 100, "line_kb": 16}
    told, _, _ = loki(pulumi_mocks, retention_days=3, ingestion=ingestion, object_storage=None)
    limits = told["limits_config"]
    assert limits["retention_period"] == "72h"
    assert told["compactor"]["retention_enabled"] is True
    assert (limits["ingestion_rate_mb"], limits["ingestion_burst_size_mb"]) == (2, 3)
    assert (limits["max_global_streams_per_user"], limits["max_line_size"]) == (100, "16KB")


def test_what_loki_holds_in_memory_follows_from_its_limit(pulumi_mocks):
    told, spec, _ = loki(pulumi_mocks, limits={"memory_mb": 1000}, object_storage=None)
    assert spec["env"]["GOMEMLIMIT"] == "900MiB"
    assert told["ingester"]["wal"]["replay_memory_ceiling"] == "500MB"
    cache = told["chunk_store_config"]["chunk_cache_config"]["embedded_cache"]
    assert cache == {"enabled": True, "max_size_mb": 100}
    assert told["query_range"]["results_cache"]["cache"]["embedded_cache"]["max_size_mb"] == 50
    assert told["limits_config"]["max_query_bytes_read"] == "20000MB"
    assert told["querier"]["max_concurrent"] == 4


def test_nobody_deletes_logs_but_loki_itself(pulumi_mocks):
    told, _, _ = loki(pulumi_mocks, object_storage=None)
    assert told["limits_config"]["deletion_mode"] == "disabled"
    assert told["ruler"] == {"enable_api": False}
    assert told["compactor"]["retention_enabled"] is True


def test_prometheus_asks_loki_and_every_collector_and_for_containers(pulumi_mocks):
    found = jobs(logs="alloy", containers=True)
    assert places_of(found["loki"]) == {"east"}
    assert places_of(found["alloy"]) == places_of(found["containers"]) == {"east", "witness"}
    assert found["containers"]["metrics_path"] == CONTAINERS_PATH
    assert not {"loki", "alloy", "containers"} & set(jobs())
    workers = jobs(logs="alloy", containers=True, workers=True)["containers-workers"]
    assert workers["dns_sd_configs"] == [{"names": ["alloy-workers"], "type": "A", "port": 12345}]
    assert workers["metrics_path"] == CONTAINERS_PATH
    text, _, _ = alloy(pulumi_mocks)
    component = re.search(r'prometheus\.exporter\.cadvisor "(\w+)"', text)[1]
    assert f".{component}/" in CONTAINERS_PATH


def test_promtail_works_and_warns_and_tells_nothing_of_containers(pulumi_mocks, monkeypatch):
    warned = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: warned.append(text))
    _, services = declared(pulumi_mocks, PlaceMonitoring, **kept(collector="promtail"))
    assert {"stack_loki-1", "stack_promtail"} <= set(services)
    assert "stack_alloy" not in services
    assert len(warned) == 1
    assert "2026-03-02" in warned[0]
    assert "Alloy" in warned[0]
    with pytest.raises(pulumi.InputPropertiesError, match="Promtail tells nothing of containers"):
        declared(PulumiMocks(), PlaceMonitoring, **kept(collector="promtail", containers=True))


@pytest.mark.parametrize("missing", ["loki", "alloy"])
def test_a_stack_whose_logs_are_kept_without_an_image_for_it_is_refused(missing, pulumi_mocks):
    def less():
        return {name: image for name, image in images().items() if name != missing}

    watched = {**monitoring(), "logs": {}}
    with pytest.raises(
        pulumi.InputPropertiesError,
        match=f"images.{missing}: missing; given: nothing; .* 'monitoring.logs'",
    ):
        declared(pulumi_mocks, RegionStack, images=less, monitoring=watched)


@pytest.mark.parametrize(
    ("logs", "named"),
    [
        (
            {"storage": {"witness": {"bucket": "logs", "region": "us-east-1"}}},
            "storage.witness: is not a region",
        ),
        (
            {"storage": {place: {"bucket": "logs", "region": "us-east-1"} for place in ("east", "west")}},
            "storage.west.bucket: keeps the logs of east, too; given: 'logs'",
        ),
        ({"retention_days": 0}, "retention_days: out of range; given: 0; allowed: 1 to 400"),
        ({"ingestion": {"rate_mb_s": 9, "burst_mb": 4}}, "burst_mb: less than what may come in a second"),
        ({"engine": {"group": 0}}, "engine.group: out of range; given: 0"),
        ({"storage": {"east": {"bucket": "logs", "region": "us-east-1", "access_key_id": "abc"}}}, "the key"),
    ],
)
def test_what_is_wrong_with_logs_is_said_at_once(logs, named, pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError, match=re.escape(named)):
        declared(pulumi_mocks, PlaceMonitoring, **kept(**logs))


@pytest.mark.parametrize("logs", [None, "promtail"])
def test_containers_that_nobody_tells_of_are_refused(logs):
    with pytest.raises(pulumi.InputPropertiesError, match="containers: nobody tells of them"):
        read(Watched, {"containers": True, "logs": logs}, "Watched")


def test_a_loki_in_the_witnesss_place_is_refused(pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError, match="is not a region"):
        declared(pulumi_mocks, Loki, site=partial(site, "witness"), object_storage=bucket)


def test_the_health_check_of_a_collector_sees_who_listens_and_connects_to_nobody():
    import subprocess

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        command = listens(port)["command"]
        assert subprocess.run(command, check=False).returncode == 0
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()
    assert subprocess.run(command, check=False).returncode == 1
