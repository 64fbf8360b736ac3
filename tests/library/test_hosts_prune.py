"""A manager's hourly look for workers that are gone: the script itself, among stand-ins for programs."""

import time

import pytest

from tests.library.first_boot import files, told
from tests.library.programs import Programs


@pytest.fixture
def prune(tmp_path):
    """Run a manager's hourly look at a list of nodes: an id, its role, its status and the hours since the
    Swarm last wrote of it. What was taken off comes back."""
    programs = Programs(tmp_path)
    script = files(told())["/usr/libexec/bicoastal/prune"]["content"]

    def look(*nodes, leader="true", keeps=""):
        since = "".join(f"*UpdatedAt*{i}) echo {int(time.time() - 3600 * h)};; " for i, _, _, h in nodes)
        listed = "".join(f"{i} {status}\\n" for i, role, status, _ in nodes if role == "worker")
        programs.answer(
            "docker",
            f"""case "$*" in
              *"{{{{.ManagerStatus.Leader}}}} self") echo {leader};;
              "node ls --filter role=worker"*) printf '{listed}';;
              {since}
              "node rm {keeps or "none"}") echo "node is not down" >&2; exit 1;;
              "node rm "*) ;;
              *) exit 9;;
            esac""",
        )
        done = programs.run("bash", "-c", script)
        assert done.returncode == 0, done.stderr
        return [call.split()[-1] for call in programs.calls if call.startswith("docker node rm")]

    return look


def test_a_worker_that_is_down_for_a_day_leaves_the_list(prune):
    gone = prune(
        ("w-old", "worker", "Down", 25),
        ("w-new", "worker", "Down", 23),
        ("w-well", "worker", "Ready", 500),
        ("w-older", "worker", "Down", 500),
        ("m-old", "manager", "Down", 500),
    )
    assert gone == ["w-old", "w-older"]


def test_a_worker_that_cannot_be_taken_off_keeps_no_other_one_on_the_list(prune):
    assert prune(("a", "worker", "Down", 25), ("b", "worker", "Down", 25), keeps="a") == ["a", "b"]


def test_of_several_managers_the_leader_alone_takes_workers_off(prune):
    assert prune(("w-old", "worker", "Down", 25), leader="false") == []
