"""What asks CloudWatch how far the replication of buckets is: what each region asks, and with which key."""

import re
from functools import partial

import pulumi
import pytest

from bicoastal import CloudWatchExporter, PlaceMonitoring
from bicoastal.monitoring.watchers.cloudwatch import PATH, SERVICE
from bicoastal.monitoring.watchers.replications import EVERYTHING
from bicoastal.storage.replicated import RULE
from bicoastal.testing import PulumiMocks
from tests.library.samples import (
    LOGS_IMAGES,
    PLANTED_SECRET,
    WATCHER_IMAGES,
    certificate,
    images,
    monitoring,
    replications,
    site,
)
from tests.library.test_watchers import CONFIG, SECRET, declared, jobs

METRICS = {
    "leaves": {"OperationsFailedReplication"},
    "arrives": {"ReplicationLatency", "BytesPendingReplication"},
}


def exporter(pulumi_mocks, replications=replications, **own):
    def asking():
        return {"certificate": certificate(), "replications": replications()}

    plan, services = declared(pulumi_mocks, CloudWatchExporter, **own, asking=asking)
    (text,) = [c.inputs["dataRaw"] for c in plan.of_type(CONFIG) if "cloudwatch" in c.inputs["dataRaw"]]
    return text, services[f"stack_{SERVICE}"], plan


def asked(text):
    """Each question: the bucket that is written to, and the figures that are asked for."""
    for block in text.split("\tstatic ")[1:]:
        kind = re.match(r'"(\w+)_\d+"', block)[1]
        source = re.search(r'"SourceBucket"\s+= "([^"]+)"', block)[1]
        assert set(re.findall(r'name\s+= "(\w+)"', block)) == METRICS[kind]
        yield kind, source, re.search(r'regions\s+= \["([^"]+)"\]', block)[1]


def with_replications(**own):
    return {
        "monitoring": lambda: {**monitoring(), "replications": {**replications(), **own}},
        "images": {name: images()[name] for name in (*WATCHER_IMAGES, *LOGS_IMAGES)},
    }


@pytest.mark.parametrize(
    ("place", "region", "other"), [("east", "us-east-1", "us-west-2"), ("west", "us-west-2", "us-east-1")]
)
def test_a_region_asks_for_the_failures_of_what_leaves_it_and_the_lag_of_what_arrives(
    place, region, other, pulumi_mocks
):
    text, _, _ = exporter(pulumi_mocks, site=partial(site, place))
    assert sorted(asked(text)) == [
        ("arrives", f"shop-uploads-{other}", region),
        ("leaves", f"shop-uploads-{region}", region),
    ]


def test_it_has_a_key_to_aws_as_a_file_and_no_engines_socket(pulumi_mocks):
    text, service, plan = exporter(pulumi_mocks)
    container = service["taskSpec"]["containerSpec"]
    assert not [mount for mount in container["mounts"] if mount["type"] == "bind"]
    assert container["env"]["AWS_SHARED_CREDENTIALS_FILE"] == "/run/secrets/aws-credentials"
    assert {"aws-credentials", "tls-key"} == {secret["fileName"] for secret in container["secrets"]}
    assert PLANTED_SECRET not in text
    assert len(plan.of_type(SECRET)) == 2
    assert service["endpointSpec"]["ports"] == []


def test_without_a_key_the_machine_is_asked(pulumi_mocks):
    _, service, _ = exporter(pulumi_mocks, without_a_key)
    container = service["taskSpec"]["containerSpec"]
    assert not any(name.startswith("AWS_") for name in container.get("env", {}))
    assert {"tls-key"} == {secret["fileName"] for secret in container["secrets"]}


def without_a_key():
    return {"ways": replications()["ways"][:1]}


def test_every_region_has_one_and_the_witness_none(pulumi_mocks):
    _, services = declared(pulumi_mocks, PlaceMonitoring, **with_replications())
    assert f"stack_{SERVICE}" in services
    _, services = declared(
        PulumiMocks(), PlaceMonitoring, **with_replications(), site=partial(site, "witness")
    )
    assert f"stack_{SERVICE}" not in services


def test_prometheus_finds_its_own_regions_by_name_and_asks_by_tls(pulumi_mocks):
    job = jobs(replications=True)["cloudwatch"]
    assert job["scheme"] == "https"
    assert job["metrics_path"] == PATH
    assert job["dns_sd_configs"] == [{"names": [SERVICE], "type": "A", "port": 12346}]
    assert {"target_label": "place", "replacement": "east"} in job["relabel_configs"]
    assert "cloudwatch" not in jobs()
    (dropped,) = job["metric_relabel_configs"]
    assert dropped["action"] == "labeldrop"
    assert {"name", "region", "account_id"} <= set(dropped["regex"].split("|"))
    text, service, _ = exporter(pulumi_mocks)
    component = re.search(r'prometheus\.exporter\.cloudwatch "(\w+)"', text)[1]
    assert f".{component}/" in PATH
    assert "--server.http.listen-addr=0.0.0.0:12346" in service["taskSpec"]["containerSpec"]["commands"]


def test_without_alloys_image_it_is_refused(pulumi_mocks):
    own = with_replications()
    own["images"] = {name: image for name, image in own["images"].items() if name != "alloy"}
    with pytest.raises(
        pulumi.InputPropertiesError, match=r"images\.alloy: missing.*'monitoring.replications'"
    ):
        declared(pulumi_mocks, PlaceMonitoring, **own)


SIDE = {"bucket": "shop-uploads-us-east-1", "region": "us-east-1"}


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ({"ways": []}, "ways: none; given: []"),
        ({"ways": [{"source": SIDE, "destination": SIDE}]}, "destination.region: is the source's, too"),
        ({"ways": [{"source": SIDE, "destination": {**SIDE, "region": "east"}}]}, "destination.region"),
        (
            {"ways": [{"source": SIDE, "destination": {**SIDE, "region": "eu-west-1"}}]},
            "monitoring.replications.ways[0].destination.region: nobody asks there; given: 'eu-west-1'",
        ),
        ({"secret_access_key": None}, "secret_access_key: missing beside the other half of the key"),
    ],
)
def test_what_is_wrong_with_replications_is_said_at_once(own, named, pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError, match=re.escape(named)):
        declared(pulumi_mocks, PlaceMonitoring, **with_replications(**own))


def test_it_is_the_rule_of_replicated_buckets_unless_another_is_named():
    assert EVERYTHING == RULE


def test_it_is_refused_in_the_witnesss_place(pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError, match="is not a region"):
        exporter(pulumi_mocks, site=partial(site, "witness"))
