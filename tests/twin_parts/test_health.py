"""Whether a twin's services run as declared, by what an engine reports."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from docker.errors import DockerException

from bicoastal.twin.health import NotHealthy, services, wait_for, wait_until_healthy
from tests.library.fake_engine import FakeEngine


def service(image: str, state: str = "completed", message: str = "") -> dict[str, Any]:
    return {
        "ID": "1",
        "Spec": {
            "Name": "local_api",
            "TaskTemplate": {"ContainerSpec": {"Image": image}},
            "Mode": {"Replicated": {"Replicas": 1}},
        },
        "UpdateStatus": {"State": state, "Message": message},
    }


def task(image: str, state: str = "running", error: str = "") -> dict[str, Any]:
    return {
        "ServiceID": "1",
        "Spec": {"ContainerSpec": {"Image": image}},
        "DesiredState": "running",
        "Status": {"State": state, "Err": error},
    }


class Engine:
    """An engine that reports one look after the other, and then the last one again."""

    def __init__(self, *looks: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
        self._looks = list(looks)
        self.api = self

    def tasks(self) -> list[dict[str, Any]]:
        return self._looks[0][1]

    def nodes(self) -> list[dict[str, Any]]:
        return []

    def services(self) -> list[dict[str, Any]]:
        found = self._looks[0][0]
        self._looks = self._looks[1:] or self._looks
        return found


def wait(engine: Any) -> None:
    wait_until_healthy({"east": engine}, lambda _: None, limit_s=0.1)


def test_a_service_whose_tasks_all_run_as_declared_is_waited_for() -> None:
    wait(Engine(([service("new", "updating")], [task("old")]), ([service("new")], [task("new")])))


def test_an_update_that_is_rolled_back_is_a_failure_that_says_why() -> None:
    engine = Engine(
        ([service("new", "updating")], [task("new", "failed", "exit code 1"), task("old")]),
        (
            [service("old", "rollback_completed", "rolled back")],
            [task("old"), task("new", "failed", "exit code 1")],
        ),
    )
    with pytest.raises(NotHealthy, match=r"east/local_api was rolled back.*rolled back.*exit code 1"):
        wait(engine)


def test_a_service_that_never_runs_is_named_with_its_last_error() -> None:
    with pytest.raises(NotHealthy, match=r"east/local_api: 0 of 1 run; no such image"):
        wait(Engine(([service("new")], [task("new", "rejected", "no such image")])))


def test_a_service_that_somebody_scaled_to_nothing_is_not_healthy() -> None:
    nothing = service("new")
    nothing["Spec"]["Mode"]["Replicated"]["Replicas"] = 0
    with pytest.raises(NotHealthy, match=r"east/local_api: 0 of 0 run"):
        wait(Engine(([nothing], [])))


def test_what_runs_on_every_host_should_have_a_task_on_each_that_matches() -> None:
    known = FakeEngine(service="local_api")
    for name in ("a", "b"):
        known.add_host(name)
    known.add_task("a")
    tasks = [{**one, "ServiceID": "1"} for one in known.tasks]
    api = SimpleNamespace(
        services=lambda: [{**known.service, "ID": "1"}], tasks=lambda: tasks, nodes=lambda: known.nodes
    )
    (look,) = services("east", cast(Any, SimpleNamespace(api=api)))
    assert (look.running, look.wanted, look.healthy) == (1, 2, False)


def test_an_engine_that_does_not_answer_is_shown_as_not_healthy() -> None:
    class Silent:
        @property
        def api(self) -> None:
            raise DockerException("connection refused")

    silent: Any = Silent()
    (seen,) = services("east", silent)
    assert not seen.healthy
    assert seen.last_error == "connection refused"


def test_what_is_waited_for_and_does_not_come_is_named() -> None:
    said: list[str] = []
    with pytest.raises(NotHealthy, match="edge: not so after 0 s: answers"):
        wait_for(lambda: False, "edge", "answers", lambda _, state: said.append(state), limit_s=0)
    wait_for(lambda: True, "edge", "answers", lambda _, state: said.append(state))
    assert said == ["waiting", "waiting", "answers"]
