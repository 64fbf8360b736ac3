"""Grafana: what it is handed, whom it asks and how, who may come to it, and what is refused.

There is no Grafana to run here. Its files are held to the structure that its documentation gives: keys, types
and where each stands.
"""

import configparser
import json
from functools import partial

import pulumi
import pytest
import yaml

from bicoastal import Grafana, PlaceMonitoring, RegionStack, TwoRegionStack
from bicoastal.monitoring.watchers.scraping import Scraping
from bicoastal.monitoring.watchers.watched import Watched
from bicoastal.settings import read
from bicoastal.topology import Topology
from infra.monitoring import monitoring
from tests.library.arguments import ARGUMENTS
from tests.library.samples import PLANTED_SECRET, site, topology

SERVICE, CONFIG = "docker:index/service:Service", "docker:index/serviceConfig:ServiceConfig"
TYPES = {
    "name": str,
    "uid": str,
    "type": str,
    "access": str,
    "orgId": int,
    "url": str,
    "editable": bool,
    "isDefault": bool,
    "jsonData": dict,
    "secureJsonData": dict,
}
"""What the documentation has of a data source, of what is used here."""


def declared(pulumi_mocks, component=Grafana, **own):
    """The plan, made within the run that its secrets belong to."""

    def program():
        made = {key: value() if callable(value) else value for key, value in own.items()}
        component("it", {**ARGUMENTS[component.__name__](), **made})

    return pulumi_mocks.run(program)


def files(plan):
    """The text of each file, by where it stands in the container."""
    (service,) = (each for each in plan.of_type(SERVICE) if "grafana" in each.inputs["name"])
    texts = {each.inputs["name"]: each.inputs["dataRaw"] for each in plan.of_type(CONFIG)}
    configs = service.inputs["taskSpec"]["containerSpec"]["configs"]
    return {config["fileName"]: texts[config["configName"]] for config in configs}


def sources(pulumi_mocks, **own):
    text = files(declared(pulumi_mocks, **own))["/etc/grafana/provisioning/datasources/sources.yaml"]
    document = yaml.safe_load(text)
    assert document["apiVersion"] == 1
    return {source["uid"]: source for source in document["datasources"]}


def ini(pulumi_mocks, **own):
    parser = configparser.ConfigParser()
    parser.read_string(files(declared(pulumi_mocks, **own))["/etc/grafana/grafana.ini"])
    return parser


def two_hosts():
    pair = topology()
    for place in pair["regions"]:
        place["hosts"] = 2
    return {**site(), "topology": pair}


def test_its_data_sources_have_the_structure_that_grafana_documents(pulumi_mocks):
    for source in sources(pulumi_mocks, logs=True, tracing=True).values():
        assert {key: type(value) for key, value in source.items()} == {key: TYPES[key] for key in source}
        assert source["access"] == "proxy"
        assert source["editable"] is False


def test_every_source_is_asked_by_tls_with_a_certificate_from_files(pulumi_mocks):
    for source in sources(pulumi_mocks, logs=True, tracing=True).values():
        assert source["url"].startswith("https://")
        assert source["jsonData"]["tlsAuth"] is True
        assert source["jsonData"]["tlsAuthWithCACert"] is True
        assert "tlsSkipVerify" not in source["jsonData"]
        assert source["secureJsonData"] == {
            "tlsCACert": "$__file{/etc/watcher/ca.pem}",
            "tlsClientCert": "$__file{/etc/watcher/watcher.pem}",
            "tlsClientKey": "$__file{/run/secrets/tls-key}",
        }


def test_the_first_prometheus_of_a_pair_is_the_default_and_the_second_stands_beside_it(pulumi_mocks):
    found = sources(pulumi_mocks, site=two_hosts, servers=2)
    assert [uid for uid, source in found.items() if source.get("isDefault")] == ["prometheus"]
    assert found["prometheus"]["url"] == "https://10.1.0.10:9090"
    assert found["prometheus-2"]["url"] == "https://10.1.0.11:9090"
    servers = [source for source in found.values() if source["type"] == "prometheus"]
    assert min(servers, key=lambda source: source["name"].lower())["uid"] == "prometheus"
    # The variable of a dashboard takes any source of its type and begins with the default.
    for text in monitoring().dashboards.values():
        (variable,) = (v for v in json.loads(text)["templating"]["list"] if v["type"] == "datasource")
        assert variable["query"] == "prometheus"
        assert "regex" not in variable


def test_the_other_regions_servers_can_be_chosen(pulumi_mocks):
    found = sources(pulumi_mocks, site=two_hosts, servers=2)
    assert found["prometheus-west-1"]["url"] == "https://10.2.0.10:9090"
    assert found["prometheus-west-2"]["url"] == "https://10.2.0.11:9090"
    assert not [uid for uid in found if "witness" in uid]
    here = {uid for uid, source in found.items() if source["jsonData"].get("manageAlerts")}
    assert here == {"prometheus"}


def test_logs_and_traces_are_sources_only_where_there_are_any(pulumi_mocks):
    assert set(sources(pulumi_mocks)) == {"prometheus", "alertmanager", "prometheus-west-1"}
    assert set(sources(pulumi_mocks, logs=True)) - set(sources(pulumi_mocks)) == {"loki"}
    both = sources(pulumi_mocks, logs=True, tracing=True)
    assert both["loki"]["url"] == "https://10.1.0.10:3100"
    assert both["loki"]["jsonData"]["derivedFields"][0]["datasourceUid"] == "jaeger"
    assert both["loki"]["jsonData"]["derivedFields"][0]["url"] == "$${__value.raw}"
    (link,) = both["prometheus"]["jsonData"]["exemplarTraceIdDestinations"]
    assert (link["name"], link["datasourceUid"]) == ("trace_id", "jaeger")
    assert "exemplarTraceIdDestinations" not in sources(pulumi_mocks)["prometheus"]["jsonData"]
    assert "derivedFields" not in sources(pulumi_mocks, logs=True)["loki"]["jsonData"]


def test_another_watcher_is_known_by_its_name_and_jaeger_by_its_own(pulumi_mocks):
    found = sources(pulumi_mocks, logs=True, tracing=True)
    names = {uid: source["jsonData"].get("serverName") for uid, source in found.items()}
    assert names == {
        "prometheus": "monitor",
        "prometheus-west-1": "monitor",
        "alertmanager": "monitor",
        "loki": "monitor",
        "jaeger": None,
    }


def test_dashboards_come_from_files_that_nobody_changes_in_the_browser(pulumi_mocks):
    given = files(declared(pulumi_mocks, options={"dashboards": dict(monitoring().dashboards)}))
    (provider,) = yaml.safe_load(given["/etc/grafana/provisioning/dashboards/provider.yaml"])["providers"]
    assert provider["type"] == "file"
    assert provider["allowUiUpdates"] is False
    assert provider["disableDeletion"] is True
    folder = provider["options"]["path"]
    shown = {path.removeprefix(f"{folder}/"): text for path, text in given.items() if folder in path}
    assert shown == monitoring().dashboards


def test_the_first_dashboard_is_what_people_see_first(pulumi_mocks):
    assert (
        ini(pulumi_mocks)["dashboards"]["default_home_dashboard_path"] == "/etc/grafana/dashboards/hosts.json"
    )
    assert "dashboards" not in ini(pulumi_mocks, options={})


def test_who_comes_must_prove_who_they_are_by_tls(pulumi_mocks):
    found = ini(pulumi_mocks)
    assert found["server"]["protocol"] == "https"
    assert found["server"]["min_tls_version"] == "TLS1.2"
    assert found["server"]["root_url"] == "https://10.1.0.10:3000/"
    assert not found["auth.anonymous"].getboolean("enabled")
    assert not found["users"].getboolean("allow_sign_up")
    assert found["security"].getboolean("cookie_secure")
    assert not found["security"].getboolean("allow_embedding")


def test_it_calls_nobody_outside(pulumi_mocks):
    found = ini(pulumi_mocks)
    for section, key in (
        ("analytics", "reporting_enabled"),
        ("analytics", "check_for_updates"),
        ("analytics", "check_for_plugin_updates"),
        ("news", "news_feed_enabled"),
        ("plugins", "plugin_admin_enabled"),
        ("snapshots", "external_enabled"),
        ("unified_alerting", "execute_alerts"),
    ):
        assert not found[section].getboolean(key), key
    assert found["security"].getboolean("disable_gravatar")
    assert found["plugins"].getboolean("preinstall_disabled")
    assert found["plugins"].getboolean("public_key_retrieval_disabled")


def test_people_can_be_sent_to_it_by_another_address(pulumi_mocks):
    found = ini(pulumi_mocks, options={"root_url": "https://localhost:3000/"})
    assert found["server"]["root_url"] == "https://localhost:3000/"


def test_its_secrets_are_files_and_it_keeps_its_tables_in_memory(pulumi_mocks):
    plan = declared(pulumi_mocks)
    (service,) = plan.of_type(SERVICE)
    container = service.inputs["taskSpec"]["containerSpec"]
    files_of_secrets = {secret["fileName"]: secret["fileUid"] for secret in container["secrets"]}
    assert files_of_secrets == dict.fromkeys(
        ["tls-key", "admin-password", "monitor-password", "secret-key"], "472"
    )
    assert container["env"]["GF_SECURITY_ADMIN_PASSWORD__FILE"] == "/run/secrets/admin-password"
    assert container["env"]["GF_SECURITY_SECRET_KEY__FILE"] == "/run/secrets/secret-key"
    assert container["env"]["GF_METRICS_BASIC_AUTH_USERNAME"] == "monitor"
    assert container["env"]["GF_METRICS_BASIC_AUTH_PASSWORD__FILE"] == "/run/secrets/monitor-password"
    mounts = {mount["target"]: mount["type"] for mount in container["mounts"]}
    assert mounts == {"/tmp": "tmpfs", "/var/lib/grafana": "tmpfs"}
    assert (container["readOnly"], container["user"]) == (True, "472:472")
    assert PLANTED_SECRET not in json.dumps(files(plan))


def test_it_is_healthy_when_it_answers_by_its_own_certificate(pulumi_mocks):
    (service,) = declared(pulumi_mocks).of_type(SERVICE)
    check = service.inputs["taskSpec"]["containerSpec"]["healthcheck"]
    assert check["tests"][:2] == ["CMD", "curl"]
    assert check["tests"][-1] == "https://localhost:3000/api/health"
    assert "--insecure" not in check["tests"]
    assert check["startPeriod"] == "2m"


@pytest.mark.parametrize(
    ("own", "named", "wrong"),
    [
        ({"site": partial(site, "witness")}, "site.place", "is not a region"),
        ({"servers": 2}, "servers", "east has fewer hosts"),
        ({"options": {"root_url": "http://x"}}, "options.root_url", "not well formed"),
        ({"options": {"limits": {"memory_mb": 128}}}, "options.limits.memory_mb", "too little"),
        ({"options": {"dashboards": {"a.yaml": '{"uid": "a"}'}}}, "options.dashboards.a.yaml", "not well"),
        ({"options": {"dashboards": {"a.json": "{"}}}, "options.dashboards.a.json", "no dashboard"),
        ({"options": {"dashboards": {"a.json": "{}"}}}, "options.dashboards.a.json", "no dashboard"),
        (
            {"options": {"dashboards": {"a.json": '{"uid": "a"}', "b.json": '{"uid": "a"}'}}},
            "options.dashboards.b.json",
            "has the 'uid' of a.json",
        ),
        (
            {"options": {"dashboards": {"a.json": json.dumps({"uid": "a", "x": "x" * 500_000})}}},
            "options.dashboards.a.json",
            "larger than a configuration may be",
        ),
        ({"credentials": {"certificate": {}}}, "credentials", "missing"),
        (
            {"credentials": lambda: {**ARGUMENTS["Grafana"]()["credentials"], "secret_key": "${" + "x" * 20}},
            "credentials.secret_key",
            "with what is read as a variable",
        ),
    ],
)
def test_what_cannot_work_is_refused(own, named, wrong, pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        declared(pulumi_mocks, **own)
    assert any(named in p["property_path"] and wrong in p["reason"] for p in refused.value.errors or [])


def test_a_place_has_it_where_it_is_declared_and_the_place_is_a_region(pulumi_mocks):
    def names(**own):
        plan = declared(pulumi_mocks, PlaceMonitoring, **own)
        return {service.inputs["name"] for service in plan.of_type(SERVICE)}

    assert "stack_grafana-1" in names()
    assert "stack_grafana-1" not in names(monitoring={})
    assert "stack_grafana-1" not in names(site=partial(site, "witness"))


@pytest.mark.parametrize(
    "missing", ["images.grafana", "grafana_admin_password", "grafana_monitor_password", "grafana_secret_key"]
)
@pytest.mark.parametrize("component", [PlaceMonitoring, RegionStack, TwoRegionStack])
def test_it_is_refused_without_its_image_and_its_secrets_and_nothing_asks_for_them_without_it(
    component, missing, pulumi_mocks
):
    def program(grafana):
        args = ARGUMENTS[component.__name__]()
        args["monitoring"] = {"grafana": {}} if grafana else {}
        group, _, key = missing.rpartition(".")
        holder = args[group] if group else args.get("credentials", args)
        del holder[key]
        component("it", args)

    with pytest.raises(pulumi.InputPropertiesError) as refused:
        pulumi_mocks.run(lambda: program(True))
    (problem,) = refused.value.errors or []
    assert problem["property_path"].endswith(missing)
    assert "monitoring.grafana" in problem["reason"]
    pulumi_mocks.run(lambda: program(False))


def test_prometheus_asks_it_where_it_is():
    def jobs(**watched):
        scraping = Scraping(read(Topology, topology(), "x"), "east", read(Watched, watched, "x"))
        return {job["job_name"]: job for job in scraping.configuration(1, [])["scrape_configs"]}

    assert "grafana" not in jobs()
    job = jobs(grafana=True)["grafana"]
    assert job["scheme"] == "https"
    assert job["static_configs"] == [{"targets": ["10.1.0.10:3000"], "labels": {"place": "east"}}]


def test_a_place_that_declares_it_is_asked_about_it_though_nobody_says_so_twice(pulumi_mocks):
    plan = declared(pulumi_mocks, PlaceMonitoring, watched=dict)
    texts = [
        each.inputs["dataRaw"] for each in plan.of_type(CONFIG) if "scrape_configs" in each.inputs["dataRaw"]
    ]
    assert texts
    assert all("job_name: grafana" in text for text in texts)


def test_a_stack_that_declares_it_is_asked_about_it(pulumi_mocks):
    plan = declared(pulumi_mocks, RegionStack)
    texts = [
        each.inputs["dataRaw"] for each in plan.of_type(CONFIG) if "scrape_configs" in each.inputs["dataRaw"]
    ]
    assert texts
    assert all("job_name: grafana" in text for text in texts)
