"""A service with one task on each host: how it is declared, and the wait for its tasks at an engine."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pulumi
import pulumi_docker as docker
import pytest

from bicoastal import ContainerService
from bicoastal.containers import service as component
from bicoastal.containers.every_host import HostsWithoutTask, await_every_host
from bicoastal.engine_api import EngineApi, EngineSilent
from bicoastal.plan import record, stack_files
from tests.library.fake_engine import OLD, FakeEngine, fake_engine
from tests.library.programs import Programs
from tests.library.samples import container_service

SERVICE = "docker:index/service:Service"
ENGINE = {"docker_host": "ssh://deploy@east.shop", "ssh_options": ["-o", "BatchMode=yes"]}


@pytest.fixture
def engine():
    """An engine of a manager and two workers, with a healthy task on each of the workers."""
    with fake_engine() as it:
        it.add_host("manager-0", role="manager")
        for name in ("worker-a", "worker-b"):
            it.add_host(name)
            it.add_task(name)
        yield it


class Clock:
    """Time that passes only while somebody sleeps; `at` is called when the sleep is over."""

    def __init__(self, at=lambda: None):
        self.now, self.at = 0.0, at

    def sleep(self, seconds):
        self.now += seconds
        self.at()


def wait(engine, limit_s=60, at=lambda: None):
    """Wait at the engine: the seconds that it took, and what was said."""
    clock, said = Clock(at), []
    wait.said = said
    await_every_host(
        EngineApi(engine.docker_host),
        engine.name,
        limit_s,
        said.append,
        clock=lambda: clock.now,
        sleep=clock.sleep,
    )
    return clock.now


def test_nothing_is_waited_for_where_every_matching_host_has_a_healthy_task(engine):
    assert wait(engine) == 0
    assert wait.said == []


def test_hosts_that_swarm_gives_no_task_are_not_waited_for(engine):
    engine.add_host("gone", state="down")
    engine.add_host("drained", takes="drain")
    engine.add_host("paused", takes="pause")
    assert wait(engine) == 0


def test_a_host_without_a_task_is_waited_for_and_named_at_the_limit(engine):
    engine.add_host("worker-c")
    with pytest.raises(HostsWithoutTask, match=r"after 60 s: worker-c: no task\. Look with: docker"):
        wait(engine)
    assert wait.said == [
        f"blue_app: waits for a healthy task on every host, {second} of at most 60 s (worker-c: no task)"
        for second in (0, 30)
    ]


def test_the_wait_ends_when_the_last_host_has_its_task(engine):
    engine.add_host("worker-c")
    assert wait(engine, at=lambda: engine.add_task("worker-c")) == 10


def test_a_task_that_does_not_become_healthy_is_named_with_the_last_error_of_its_host(engine):
    engine.tasks.clear()
    engine.add_task("worker-a")
    engine.add_task("worker-b", "failed", "task: non-zero exit (1)")
    engine.add_task("worker-b", "failed", "task: unhealthy container")
    engine.add_task("worker-b", "starting")
    with pytest.raises(HostsWithoutTask) as error:
        wait(engine)
    assert "worker-b: task: unhealthy container" in str(error.value)
    assert "worker-a" not in str(error.value)


def test_a_task_that_only_starts_is_told_by_how_far_it_is(engine):
    engine.add_host("worker-c")
    engine.add_task("worker-c", "starting")
    with pytest.raises(HostsWithoutTask, match="worker-c: its task is starting"):
        wait(engine, limit_s=1)


def test_a_task_of_the_version_before_does_not_count(engine):
    engine.add_host("worker-c")
    engine.add_task("worker-c", image=OLD)
    with pytest.raises(HostsWithoutTask, match="worker-c: its task is running"):
        wait(engine)


def test_an_update_is_waited_for_to_its_end(engine):
    engine.update = {"State": "updating"}
    assert wait(engine, at=lambda: engine.update.update(State="completed")) == 10


def test_an_update_that_swarm_takes_back_fails_at_once_with_the_tasks_word(engine):
    engine.add_task("worker-b", "failed", "task: non-zero exit (3)")
    engine.update = {"State": "rollback_completed", "Message": "rollback completed"}
    told = r"took the update back: rollback completed\. worker-a: .*; worker-b: task: non-zero exit \(3\)"
    with pytest.raises(HostsWithoutTask, match=told):
        wait(engine)
    assert wait.said == []


def test_a_swarm_without_such_a_host_is_not_taken_for_one_that_is_served(engine):
    engine.constraints = ["engine.labels.role==worker", "node.labels.place==west"]
    told = "no host takes tasks where engine.labels.role==worker and node.labels.place==west"
    with pytest.raises(HostsWithoutTask, match=told):
        wait(engine)


@pytest.mark.parametrize(
    ("constraint", "hosts"),
    [
        ("node.role == Manager", {"manager-0"}),
        ("node.role!=manager", {"worker-a", "worker-b"}),
        ("engine.labels.host==0", {"manager-0"}),
        ("engine.labels.host != 0", {"worker-a", "worker-b"}),
        ("node.labels.place==east", {"manager-0", "worker-a", "worker-b"}),
        ("node.hostname==worker-a", {"worker-a"}),
        ("node.id==id-of-worker-b", {"worker-b"}),
        ("node.platform.arch==x86_64", {"manager-0", "worker-a", "worker-b"}),
    ],
)
def test_a_constraint_means_what_it_means_to_swarm(engine, constraint, hosts):
    engine.tasks.clear()
    engine.constraints = [constraint]
    with pytest.raises(HostsWithoutTask) as error:
        wait(engine, limit_s=1)
    assert {name for name in ("manager-0", "worker-a", "worker-b") if name in str(error.value)} == hosts


def test_an_engine_that_does_not_answer_yet_is_asked_again(engine):
    socket = Path(engine.docker_host.removeprefix("unix://"))
    elsewhere = socket.rename(socket.with_name("later"))
    assert wait(engine, at=lambda: elsewhere.rename(socket)) == 10
    assert "no answer: " in wait.said[0]


def test_an_engine_that_never_answers_is_told_at_the_limit():
    with pytest.raises(HostsWithoutTask, match=r"no answer: .*No such file"):
        wait(FakeEngine("unix:///nowhere/docker.sock"))


def test_what_an_engine_refuses_is_told(engine):
    with pytest.raises(EngineSilent, match="/services/blue_other: blue_other not found"):
        EngineApi(engine.docker_host).ask("/services/blue_other")


@pytest.fixture
def ssh(monkeypatch):
    """A PATH with a stand-in for ssh."""
    with TemporaryDirectory(dir="/tmp") as folder:
        programs = Programs(Path(folder))
        monkeypatch.setenv("PATH", str(programs.folder))
        yield programs


DIAL = """
import os, socket, sys, threading
engine = socket.socket(socket.AF_UNIX)
engine.connect(sys.argv[1])
def send():
    while data := os.read(0, 65536):
        engine.sendall(data)
    engine.close()
    os._exit(0)
threading.Thread(target=send, daemon=True).start()
while data := engine.recv(65536):
    os.write(1, data)
"""


def test_over_ssh_the_engine_is_asked_as_dockers_own_client_does(engine, ssh):
    socket = engine.docker_host.removeprefix("unix://")
    ssh.answer("ssh", f"exec {sys.executable} -c '{DIAL}' {socket}")
    nodes = EngineApi("ssh://deploy@east.shop:2222", ["-o", "BatchMode=yes"]).ask("/nodes")
    assert [node["ID"] for node in nodes] == ["id-of-manager-0", "id-of-worker-a", "id-of-worker-b"]
    assert ssh.calls == ["ssh -o BatchMode=yes -p 2222 deploy@east.shop docker system dial-stdio"]


def test_what_ssh_says_is_told(ssh):
    ssh.answer("ssh", 'echo "kex: Connection closed" >&2; exit 255')
    with pytest.raises(EngineSilent, match="no answer: kex: Connection closed"):
        EngineApi("ssh://deploy@east.shop").ask("/nodes")


def declared(pulumi_mocks, **own):
    def program():
        where = ["engine.labels.role==worker"]
        ContainerService("app", container_service(every_host=ENGINE, constraints=where, **own))

    return pulumi_mocks.run(program, stack="blue").of_type(SERVICE)[0]


def test_every_host_is_swarms_global_mode_and_the_provider_is_not_asked_to_converge(pulumi_mocks):
    service = declared(pulumi_mocks)
    assert service.inputs["mode"] == {"global": True}
    assert "convergeConfig" not in service.inputs
    assert service.inputs["taskSpec"]["placement"] == {"constraints": ["engine.labels.role==worker"]}


@pytest.fixture
def bound(monkeypatch):
    """What is bound to a resource, and the hooks by name."""
    bindings = []

    class Binding(pulumi.ResourceHookBinding):
        def __init__(self, **hooks):
            bindings.append(hooks)
            super().__init__(**hooks)

    monkeypatch.setattr(pulumi, "ResourceHookBinding", Binding)
    return bindings


def test_a_creation_and_an_update_are_followed_by_the_wait(pulumi_mocks, bound, monkeypatch):
    waits = []
    monkeypatch.setattr(component, "await_every_host", lambda *words: waits.append(words))
    declared(pulumi_mocks, converge_timeout_s=900)
    ((hooks),) = bound
    assert set(hooks) == {"after_create", "after_update"}
    (hook,) = hooks["after_create"]
    assert hooks["after_update"] == [hook]
    asyncio.run(hook.callback(None))
    ((engine, service, limit, say),) = waits
    assert (engine.docker_host, list(engine.ssh_options)) == tuple(ENGINE.values())
    assert (service, limit, say) == ("blue_app", 900, pulumi.log.info)


def test_counted_tasks_are_the_providers_to_wait_for(pulumi_mocks, bound):
    plan = pulumi_mocks.run(lambda: ContainerService("app", container_service(replicas=3)))
    assert plan.of_type(SERVICE)[0].inputs["mode"] == {"replicated": {"replicas": 3}}
    assert bound == []


def test_a_stack_file_says_it_in_composes_words():
    def program():
        provider = pulumi.ResourceOptions(provider=docker.Provider("east", host="unix:///east.sock"))
        ContainerService("app", container_service(every_host=ENGINE, network_id=None), provider)

    (file,) = stack_files(record(program, project="shop", stack="blue", config={})).values()
    deploy = file.compose["services"]["app"]["deploy"]
    assert deploy["mode"] == "global"
    assert "replicas" not in deploy
