"""A service with one task on each host, on the real engine: what is waited for, and what a failure leaves."""

import pytest
from pulumi.automation.errors import CommandError

from bicoastal import ContainerService
from bicoastal.testing.engine import STACK
from tests.library.fake_engine import fake_engine
from tests.library.samples import container_service

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

SERVICE = "docker:index/service:Service"
NEXT = "registry.example.com/app:ba9876543210"


@pytest.fixture(scope="module")
def swarm():
    """A Swarm with two workers, and with the service's task on each."""
    with fake_engine(service=f"{STACK}_app") as engine:
        for name in ("worker-a", "worker-b"):
            engine.add_host(name)
            engine.add_task(name)
        yield engine


def declared(swarm, **own):
    """A program with the service, which is waited for at that Swarm."""

    def program():
        every_host = {"docker_host": swarm.docker_host}
        where = ["engine.labels.role==worker"]
        args = {"every_host": every_host, "constraints": where, "converge_timeout_s": 1, **own}
        ContainerService("app", container_service(ports=[], volumes=[], **args))

    return program


@pytest.fixture(scope="module")
def made(start, swarm):
    """The stack's engine, and what its first preview and its first `up` asked the Swarm."""
    engine = start("docker")
    engine.preview(declared(swarm))
    in_preview = list(swarm.asked)
    steps = engine.up(declared(swarm))
    return engine, in_preview, steps


def test_a_creation_waits_for_every_host_and_a_preview_does_not(made, swarm):
    _, in_preview, steps = made
    assert in_preview == []
    assert steps.changes["app-service"] == "create"
    assert f"/services/{STACK}_app" in swarm.asked


def test_an_up_that_changes_nothing_asks_nobody(made, swarm):
    engine, _, _ = made
    swarm.asked.clear()
    assert engine.up(declared(swarm)).changes == {}
    assert swarm.asked == []


def test_an_update_fails_while_a_host_has_no_healthy_task_and_names_it(made, swarm):
    engine, _, _ = made
    swarm.tasks.pop()
    swarm.add_task("worker-b", "failed", "task: unhealthy container")
    with pytest.raises(CommandError) as error:
        engine.up(declared(swarm, image=NEXT))
    told = str(error.value)
    assert "not every host has a healthy task after 1 s: worker-b: task: unhealthy container" in told
    assert "waits for a healthy task on every host, 0 of at most 1 s" in told


def test_what_failed_to_become_healthy_is_made_nonetheless_and_is_not_waited_for_again(made, swarm):
    engine, _, _ = made
    swarm.asked.clear()
    assert engine.up(declared(swarm, image=NEXT)).changes == {}
    assert swarm.asked == []


def test_counted_tasks_in_the_place_of_every_host_replace_the_service_whose_name_has_one_owner(made, swarm):
    engine, _, _ = made
    engine.forget_calls()
    replaced = engine.up(declared(swarm, image=NEXT, every_host=None, replicas=2))
    assert replaced.changes == {"app-service": "replace"}
    assert engine.forget_calls() == [("delete", "app-service"), ("create", "app-service")]
    (service,) = engine.stand_ins["docker"].cloud.of(SERVICE)
    assert service.properties["mode"] == {"replicated": {"replicas": 2}}
    assert engine.up(declared(swarm, image=NEXT, every_host=None, replicas=3)).changes == {
        "app-service": "update"
    }
