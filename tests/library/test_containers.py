"""A container service as Docker gets it: safe unless it says otherwise."""

import base64

import pulumi
import pytest

from bicoastal import ContainerService, OverlayNetwork, RotatingConfig, RotatingSecret
from bicoastal.containers.durations import duration
from tests.library.samples import container_service

SERVICE = "docker:index/service:Service"
CONFIG = "docker:index/serviceConfig:ServiceConfig"
SECRET = "docker:index/secret:Secret"


def service_inputs(pulumi_mocks, **own):
    plan = pulumi_mocks.run(lambda: ContainerService("app", container_service(**own)), stack="blue")
    return plan.of_type(SERVICE)[0].inputs


def container(pulumi_mocks, **own):
    return service_inputs(pulumi_mocks, **own)["taskSpec"]["containerSpec"]


def test_the_root_is_read_only_and_no_capability_is_left(pulumi_mocks):
    spec = container(pulumi_mocks)
    assert spec["readOnly"] is True
    assert spec["capDrops"] == ["ALL"]
    assert "capAdds" not in spec
    assert spec["user"] == "65532:65532"


def test_only_the_named_capabilities_come_back(pulumi_mocks):
    assert container(pulumi_mocks, capabilities=["CAP_CHOWN"])["capAdds"] == ["CAP_CHOWN"]


def test_logs_are_rotated_and_a_failed_update_is_rolled_back(pulumi_mocks):
    inputs = service_inputs(pulumi_mocks)
    assert inputs["taskSpec"]["logDriver"] == {
        "name": "json-file",
        "options": {"max-size": "10m", "max-file": "3"},
    }
    assert inputs["updateConfig"]["failureAction"] == "rollback"
    assert inputs["rollbackConfig"]["failureAction"] == "pause"
    assert inputs["convergeConfig"] == {"delay": "1s", "timeout": "5m"}


def test_limits_are_bytes_and_billionths_of_a_core(pulumi_mocks):
    limits = service_inputs(pulumi_mocks, limits={"memory_mb": 64, "cpus": 0.5})["taskSpec"]["resources"][
        "limits"
    ]
    assert limits == {"memoryBytes": 64 * 1024 * 1024, "nanoCpus": 500_000_000}


def test_endpoints_are_dnsrr_and_ports_are_the_hosts_own(pulumi_mocks):
    endpoint = service_inputs(pulumi_mocks)["endpointSpec"]
    assert endpoint["mode"] == "dnsrr"
    assert endpoint["ports"] == [
        {"publishedPort": 8080, "targetPort": 8080, "protocol": "tcp", "publishMode": "host"}
    ]


def test_what_owns_a_port_or_a_volume_stops_before_its_successor_starts(pulumi_mocks):
    assert service_inputs(pulumi_mocks)["updateConfig"]["order"] == "stop-first"
    free = service_inputs(pulumi_mocks, ports=[], volumes=[])
    assert free["updateConfig"]["order"] == "start-first"


def test_the_network_is_joined_by_id_under_the_services_short_name(pulumi_mocks):
    networks = service_inputs(pulumi_mocks, service_name="blue_api")["taskSpec"]["networksAdvanceds"]
    assert networks == [{"id": "network", "aliases": ["api"]}]


def test_the_service_is_named_after_the_stack(pulumi_mocks):
    assert service_inputs(pulumi_mocks)["name"] == "blue_app"


def test_the_user_alone_reads_its_secrets(pulumi_mocks):
    secret = container(pulumi_mocks, user="1000:1001")["secrets"][0]
    assert (secret["fileUid"], secret["fileGid"], secret["fileMode"]) == ("1000", "1001", 0o400)
    assert secret["fileName"] == "token"


def test_customize_wins_over_our_properties(pulumi_mocks):
    inputs = service_inputs(pulumi_mocks, customize={"service": {"endpoint_spec": {"mode": "vip"}}})
    assert inputs["endpointSpec"] == {"mode": "vip"}


def test_files_and_secrets_are_the_services_own_resources(pulumi_mocks):
    plan = pulumi_mocks.run(lambda: ContainerService("app", container_service()), stack="blue")
    children = plan.children(plan.of_type("bicoastal:index:ContainerService")[0].urn)
    assert {child.name: child.type for child in children} == {
        "app-service": SERVICE,
        "app-file-app": CONFIG,
        "app-secret-token": SECRET,
    }


def test_a_config_and_a_secret_that_stand_already_are_used_as_they_are(pulumi_mocks):
    def program():
        config = RotatingConfig("c", {"prefix": "shared", "content": "x = 1"})
        secret = RotatingSecret("s", {"prefix": "shared", "value": "v" * 16, "rotation_key": "k" * 16})
        made = {
            "files": {"id": config.config_id, "name": config.config_name},
            "secrets": {"id": secret.secret_id, "name": secret.secret_name},
        }
        own = {
            "files": [{"name": "app", "path": "/etc/app.conf", "made": made["files"]}],
            "secrets": [{"name": "token", "made": made["secrets"]}],
        }
        ContainerService("app", container_service(**own, rotation_key=None))

    plan = pulumi_mocks.run(program, stack="blue")
    (config,), (secret,) = plan.of_type(CONFIG), plan.of_type(SECRET)
    spec = plan.of_type(SERVICE)[0].inputs["taskSpec"]["containerSpec"]
    (file,), (hidden,) = spec["configs"], spec["secrets"]
    assert (file["configName"], file["fileName"]) == (config.inputs["name"], "/etc/app.conf")
    assert (hidden["secretName"], hidden["fileUid"]) == (secret.inputs["name"], "65532")


@pytest.mark.parametrize(
    ("own", "given"),
    [
        ({}, "content: missing; given: neither of the two"),
        (
            {"content": "x", "made": {"id": "1", "name": "n"}},
            "content: given together with made; given: both",
        ),
    ],
)
def test_a_file_has_its_text_or_what_holds_it_already(pulumi_mocks, own, given):
    with pytest.raises(pulumi.InputPropertiesError, match=given):
        container(pulumi_mocks, files=[{"name": "app", "path": "/etc/app.conf", **own}])


@pytest.mark.parametrize(("key", "token"), [("file-app", CONFIG), ("secret-token", SECRET)])
def test_customize_wins_over_our_properties_of_a_file_and_of_a_secret(pulumi_mocks, key, token):
    customize = {key: {"name": "our-own"}}
    plan = pulumi_mocks.run(lambda: ContainerService("app", container_service(customize=customize)))
    assert plan.of_type(token)[0].inputs["name"] == "our-own"


def test_a_name_of_its_own_that_leaves_its_files_no_room_is_refused(pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError, match="at most 53 characters for both"):
        pulumi_mocks.run(lambda: ContainerService("a" * 50, container_service()), stack="blue")


@pytest.mark.parametrize("later", [False, True])
def test_a_config_and_a_secret_are_the_same_in_a_service_and_alone(pulumi_mocks, later):
    def given(text):
        return pulumi.Output.from_input(text) if later else text

    def program():
        key, content, value = given("k" * 16), given("x = 1"), given("value-value-value")
        files = [{"name": "conf", "path": "/etc/app.conf", "content": content}]
        secrets = [{"name": "token", "value": value}]
        own = {"service_name": "blue_app", "files": files, "secrets": secrets, "rotation_key": key}
        ContainerService("in", container_service(**own))
        RotatingConfig("alone", {"prefix": "blue_app-conf", "content": content})
        RotatingSecret("alone", {"prefix": "blue_app-token", "value": value, "rotation_key": key})

    plan = pulumi_mocks.run(program)
    for token in (CONFIG, SECRET):
        one, other = plan.of_type(token)
        assert one.inputs == other.inputs
        assert one.delete_before_replace is other.delete_before_replace is False


@pytest.mark.parametrize(
    ("token", "ignored"),
    [
        ("docker:index/service:Service", ("taskSpec.containerSpec.labels",)),
        ("docker:index/network:Network", ("options", "labels")),
        ("docker:index/serviceConfig:ServiceConfig", ("labels",)),
        ("docker:index/secret:Secret", ("labels",)),
    ],
)
def test_a_label_that_cannot_be_changed_in_place_is_kept(pulumi_mocks, token, ignored):
    def program():
        OverlayNetwork("network", {"network_name": "internal"})
        ContainerService("app", container_service())

    assert {one.ignore_changes for one in pulumi_mocks.run(program).of_type(token)} == {ignored}


def test_changed_content_gives_a_config_another_name(pulumi_mocks):
    def name_of(content):
        plan = pulumi_mocks.run(lambda: RotatingConfig("it", {"prefix": "s_app", "content": content}))
        return plan.of_type(CONFIG)[0].inputs["name"]

    assert name_of("x = 1") == name_of("x = 1")
    assert name_of("x = 1") != name_of("x = 2")
    assert name_of("x = 1").startswith("s_app-")


def secret_of(pulumi_mocks, value="value-value-value", key="k" * 16, prefix="s_token"):
    plan = pulumi_mocks.run(
        lambda: RotatingSecret("it", {"prefix": prefix, "value": value, "rotation_key": key})
    )
    return plan.of_type(SECRET)[0].inputs


def test_a_secrets_name_follows_its_value_under_the_stacks_key(pulumi_mocks):
    name = secret_of(pulumi_mocks)["name"]
    assert name == secret_of(pulumi_mocks)["name"]
    assert name != secret_of(pulumi_mocks, value="another-value-here")["name"]
    assert name != secret_of(pulumi_mocks, key="j" * 16)["name"]


def test_two_secrets_of_one_value_do_not_show_it(pulumi_mocks):
    one, other = (secret_of(pulumi_mocks, prefix=prefix)["name"] for prefix in ("s_one", "s_two"))
    assert one.rpartition("-")[2] != other.rpartition("-")[2]


def test_a_plain_value_becomes_a_secret_in_standard_base64(pulumi_mocks):
    data = secret_of(pulumi_mocks, value="??>>value-value-value")["data"]
    assert base64.b64decode(data.value) == b"??>>value-value-value"
    assert "value-value" not in repr(data)


def test_a_secrets_name_stays_readable_though_its_value_is_secret(pulumi_mocks):
    def program():
        value = pulumi.Output.secret("value-value-value")
        RotatingSecret("it", {"prefix": "s_token", "value": value, "rotation_key": "k" * 16})

    assert isinstance(pulumi_mocks.run(program).of_type(SECRET)[0].inputs["name"], str)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.25, "250ms"), (1, "1s"), (1.5, "1.5s"), (60, "1m"), (90, "1m30s"), (3600, "1h"), (3601, "1h0m1s")],
)
def test_a_duration_is_written_as_the_provider_reports_it(seconds, text):
    assert duration(seconds) == text
