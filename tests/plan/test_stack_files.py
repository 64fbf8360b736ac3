"""Stack files: recorded Docker resources in Compose's words."""

import base64
import stat

import pulumi
import pulumi_docker as docker
import pytest
import yaml

from bicoastal.plan import record, stack_files
from bicoastal.plan.compose import Untranslatable


def files(program):
    return stack_files(record(program, project="project", stack="stack", config={}))


def opts():
    return pulumi.ResourceOptions(provider=docker.Provider("east", host="unix:///east.sock"))


def service(name="blue_api", opts=None, container=None, task=None, **own):
    container = {"image": "api:1", **(container or {})}
    return docker.Service(
        name,
        name=name,
        task_spec=docker.ServiceTaskSpecArgs(
            container_spec=docker.ServiceTaskSpecContainerSpecArgs(**container), **(task or {})
        ),
        opts=opts,
        **own,
    )


def compose_of(**own):
    return files(lambda: service(opts=opts(), **own))["east"].compose["services"]["api"]


def test_each_engine_gets_a_file_of_its_own_named_after_its_provider():
    def program():
        for place in ("east", "west"):
            provider = docker.Provider(place, host=f"unix:///{place}.sock")
            service(f"blue_{place}", pulumi.ResourceOptions(provider=provider))

    made = files(program)
    assert {name: (file.host, list(file.compose["services"])) for name, file in made.items()} == {
        "east": ("unix:///east.sock", ["east"]),
        "west": ("unix:///west.sock", ["west"]),
    }
    assert made["east"].stack == "blue"


def test_the_whole_service_is_said_in_composes_words():
    spec = compose_of(
        container={
            "commands": ["run"],
            "args": ["-x"],
            "env": {"A": "1"},
            "user": "1:2",
            "dir": "/w",
            "hostname": "h",
            "read_only": True,
            "init": True,
            "cap_adds": ["CAP_CHOWN"],
            "cap_drops": ["ALL"],
            "stop_signal": "SIGUSR1",
            "stop_grace_period": "30s",
            "sysctl": {"net.core.somaxconn": "1"},
            "labels": [{"label": "l", "value": "v"}],
            "healthcheck": {
                "tests": ["CMD", "true"],
                "interval": "10s",
                "timeout": "5s",
                "start_period": "1m0s",
                "retries": 3,
            },
            "mounts": [
                {"type": "volume", "source": "data", "target": "/data", "read_only": True},
                {"type": "tmpfs", "target": "/tmp", "tmpfs_options": {"size_bytes": 1024}},
                {"type": "bind", "source": "/host", "target": "/bound"},
            ],
        },
        task={
            "placement": {"constraints": ["node.role==manager"], "max_replicas": 1},
            "resources": {
                "limits": {"memory_bytes": 1048576, "nano_cpus": 500000000},
                "reservation": {"memory_bytes": 1024},
            },
            "restart_policy": {"condition": "any", "delay": "1s", "max_attempts": 3, "window": "5s"},
            "log_driver": {"name": "json-file", "options": {"max-size": "1m"}},
        },
        mode={"replicated": {"replicas": 2}},
        endpoint_spec={
            "mode": "dnsrr",
            "ports": [{"target_port": 80, "published_port": 8080, "protocol": "tcp", "publish_mode": "host"}],
        },
        update_config={
            "parallelism": 1,
            "delay": "1s",
            "failure_action": "rollback",
            "monitor": "15s",
            "max_failure_ratio": "0.1",
            "order": "stop-first",
        },
        rollback_config={"parallelism": 1, "order": "stop-first"},
        converge_config={"timeout": "5m0s"},
        labels=[{"label": "team", "value": "maps"}],
    )
    assert spec == {
        "image": "api:1",
        "entrypoint": ["run"],
        "command": ["-x"],
        "environment": {"A": "1"},
        "user": "1:2",
        "working_dir": "/w",
        "hostname": "h",
        "read_only": True,
        "init": True,
        "cap_add": ["CAP_CHOWN"],
        "cap_drop": ["ALL"],
        "stop_signal": "SIGUSR1",
        "stop_grace_period": "30s",
        "sysctls": {"net.core.somaxconn": "1"},
        "labels": {"l": "v"},
        "healthcheck": {
            "test": ["CMD", "true"],
            "interval": "10s",
            "timeout": "5s",
            "start_period": "1m0s",
            "retries": 3,
        },
        "volumes": [
            {"type": "volume", "source": "data", "target": "/data", "read_only": True},
            {"type": "tmpfs", "target": "/tmp", "tmpfs": {"size": 1024}},
            {"type": "bind", "source": "/host", "target": "/bound"},
        ],
        "ports": [{"target": 80, "published": 8080, "protocol": "tcp", "mode": "host"}],
        "logging": {"driver": "json-file", "options": {"max-size": "1m"}},
        "deploy": {
            "endpoint_mode": "dnsrr",
            "labels": {"team": "maps"},
            "mode": "replicated",
            "replicas": 2,
            "placement": {"constraints": ["node.role==manager"], "max_replicas_per_node": 1},
            "resources": {
                "limits": {"memory": "1048576", "cpus": "0.5"},
                "reservations": {"memory": "1024"},
            },
            "restart_policy": {"condition": "any", "delay": "1s", "max_attempts": 3, "window": "5s"},
            "update_config": {
                "parallelism": 1,
                "delay": "1s",
                "failure_action": "rollback",
                "monitor": "15s",
                "max_failure_ratio": 0.1,
                "order": "stop-first",
            },
            "rollback_config": {"parallelism": 1, "order": "stop-first"},
        },
    }


def test_a_global_service_says_so():
    assert compose_of(mode={"global_": True})["deploy"]["mode"] == "global"


def references():
    options = opts()
    network = docker.Network("net", name="blue_net", driver="overlay", opts=options)
    config = docker.ServiceConfig("conf", name="blue_conf-1", data_raw="x = 1", opts=options)
    encoded = base64.b64encode(b"hidden").decode()
    secret = docker.Secret("sec", name="blue_sec-1", data=pulumi.Output.secret(encoded), opts=options)
    service(
        opts=options,
        container={
            "configs": [
                {"config_id": config.id, "config_name": config.name, "file_name": "/c", "file_mode": 0o444}
            ],
            "secrets": [
                {
                    "secret_id": secret.id,
                    "secret_name": secret.name,
                    "file_name": "s",
                    "file_uid": "1",
                    "file_gid": "2",
                    "file_mode": 0o400,
                }
            ],
        },
        task={"networks_advanceds": [{"id": network.id, "aliases": ["api"]}]},
    )


def test_a_service_refers_to_networks_configs_and_secrets_by_their_names_in_docker():
    compose = files(references)["east"].compose
    api = compose["services"]["api"]
    assert api["networks"] == {"blue_net": {"aliases": ["api"]}}
    assert api["configs"] == [{"source": "blue_conf-1", "target": "/c", "mode": 0o444}]
    assert api["secrets"] == [{"source": "blue_sec-1", "target": "s", "uid": "1", "gid": "2", "mode": 0o400}]
    assert compose["networks"] == {"blue_net": {"name": "blue_net", "driver": "overlay"}}
    assert compose["configs"] == {"blue_conf-1": {"name": "blue_conf-1", "file": "./config-blue_conf-1"}}


def test_contents_stand_in_files_that_only_their_owner_reads(tmp_path):
    folder = tmp_path / "stack"
    made = files(references)["east"]
    made.write(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert (folder / "config-blue_conf-1").read_text() == "x = 1"
    assert (folder / "secret-blue_sec-1").read_text() == "hidden"


def test_the_compose_file_and_its_picture_hold_no_secret(tmp_path):
    made = files(references)["east"]
    made.write(tmp_path)
    assert "hidden" not in (tmp_path / "stack.yaml").read_text()
    assert "hidden" not in repr(made)


def test_the_same_program_gives_the_same_bytes(tmp_path):
    texts = []
    for name in ("one", "two"):
        files(references)["east"].write(tmp_path / name)
        texts.append((tmp_path / name / "stack.yaml").read_bytes())
    assert texts[0] == texts[1]


def test_a_dollar_is_no_variable_of_the_shells(tmp_path):
    files(lambda: service(opts=opts(), container={"env": {"A": "$HOME"}}))["east"].write(tmp_path)
    text = yaml.safe_load((tmp_path / "stack.yaml").read_text())
    assert text["services"]["api"]["environment"] == {"A": "$$HOME"}


def test_a_property_without_a_word_in_compose_is_refused_and_not_dropped():
    with pytest.raises(Untranslatable, match=r"given: taskSpec\.containerSpec\.isolation"):
        compose_of(container={"isolation": "hyperv"})


def test_a_service_without_a_stack_in_its_name_is_refused():
    with pytest.raises(Untranslatable, match="<stack>_<service>"):
        files(lambda: service("api", opts()))


def test_services_of_two_stacks_on_one_engine_are_refused():
    def program():
        options = opts()
        service("blue_api", options)
        service("green_api", options)

    with pytest.raises(Untranslatable, match=r"\['blue', 'green'\]"):
        files(program)


def test_a_resource_that_is_no_part_of_a_stack_is_refused():
    with pytest.raises(Untranslatable, match="docker:index/container:Container"):
        files(lambda: docker.Container("c", image="api:1", opts=opts()))


def test_data_that_docker_would_refuse_is_refused_without_being_shown():
    with pytest.raises(Untranslatable, match="data that is no base64") as refusal:
        files(lambda: docker.Secret("s", name="blue_s", data=pulumi.Output.secret("!plain!"), opts=opts()))
    assert "!plain!" not in str(refusal.value)
