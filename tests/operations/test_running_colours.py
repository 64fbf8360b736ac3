"""The balancers of a region as its engine tells of them."""

from types import SimpleNamespace

import pytest
from docker.errors import APIError

from bicoastal.operations.listening import END
from bicoastal.operations.refusal import OperationFailed
from bicoastal.operations.running_colours import SERVICE_LABEL, RunningColours
from tests.library.fake_engine import FakeEngine


class Balancer:
    """A container of a balancer's service, which knows its colour."""

    def __init__(self, name, colour="blue"):
        self.labels = {SERVICE_LABEL: f"local_{name}"}
        self.colour = colour
        self.broken = False

    def exec_run(self, command, demux):
        if self.broken:
            raise APIError("container is not running")
        colour = command[command.index("live-colour") + 1 :]
        self.colour = colour[0] if colour else self.colour
        return SimpleNamespace(exit_code=0, output=(f"{self.colour}\n\n{END}\n".encode(), None))


def colours(*running, declared=("haproxy-1", "haproxy-2", "api-blue")):
    """The colours of a region whose engine has these services, and these containers that run."""
    services = [SimpleNamespace(name=f"local_{name}") for name in declared]
    engine = SimpleNamespace(
        containers=SimpleNamespace(list=lambda **_: list(running)),
        services=SimpleNamespace(list=lambda **_: services),
    )
    return RunningColours("local", {"west": engine}, ["west"])


@pytest.mark.parametrize(("mode", "wanted"), [("counted", 3), ("every host", 2)])
def test_a_colour_wants_as_many_tasks_as_it_is_declared_with_or_as_there_are_hosts_for_it(mode, wanted):
    known = FakeEngine(service="local_api-blue")
    known.add_host("manager", role="manager")
    for name in ("a", "b"):
        known.add_host(name)
        known.add_task(name)
    service = known.service
    if mode == "counted":
        service["Spec"]["Mode"] = {"Replicated": {"Replicas": 3}}
    for number, task in enumerate(known.tasks):
        task["ID"] = str(number)
    api = SimpleNamespace(
        inspect_service=lambda _: service, tasks=lambda filters: known.tasks, nodes=lambda: known.nodes
    )
    tasks = RunningColours("local", {"west": SimpleNamespace(api=api)}, ["west"]).tasks("west", "blue")
    assert (tasks.wanted, tasks.healthy) == (wanted, {"0", "1"})


def test_every_balancer_is_sent_to_the_colour():
    first, second = Balancer("haproxy-1"), Balancer("haproxy-2")
    found = colours(first, second)
    found.show("west", "green")
    assert found.live() == {"west/haproxy-1": "green", "west/haproxy-2": "green"}


def test_a_balancer_that_does_not_run_makes_a_switch_fail_after_the_others_were_moved():
    first = Balancer("haproxy-1")
    with pytest.raises(OperationFailed, match="west: haproxy-2 does not run"):
        colours(first).show("west", "green")
    assert first.colour == "green"


def test_a_balancer_that_does_not_answer_holds_up_no_other():
    first, second = Balancer("haproxy-1"), Balancer("haproxy-2")
    first.broken = True
    with pytest.raises(OperationFailed, match="container is not running"):
        colours(first, second).show("west", "green")
    assert second.colour == "green"


def test_which_colour_is_live_is_not_known_while_a_balancer_does_not_run():
    found = colours(Balancer("haproxy-1"))
    with pytest.raises(OperationFailed, match="west: haproxy-2 does not run"):
        found.live()
    assert found.told("west") == {"west/haproxy-1": "blue"}
