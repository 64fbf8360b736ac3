"""How many tasks a service runs with."""

import pytest

from bicoastal.operations.journal import Journal
from bicoastal.operations.lock import exclusively
from bicoastal.operations.refusal import Refused
from bicoastal.operations.scale import Scale, scale
from tests.operations.environments import FakeEnvironment


def quiet(_: str) -> None:
    """Nobody listens."""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("api=0", "api: out of range; given: 'api=0'; allowed: 1 to 10 tasks"),
        ("api=11", "api: out of range; given: 'api=11'; allowed: 1 to 10 tasks"),
        ("api=-1", "api: out of range; given: 'api=-1'"),
        ("api=many", "api: out of range; given: 'api=many'"),
        ("api", "api: out of range; given: 'api'"),
        ("postgres-1=3", "no service that can be scaled; given: 'postgres-1=3'; allowed: api=1 to api=10"),
        ("", "no service that can be scaled"),
    ],
)
def test_what_cannot_be_scaled_is_refused_with_what_can(text, told):
    with pytest.raises(Refused, match=told):
        Scale.parse(text)


def test_a_scale_applies_the_replicas_and_waits(tmp_path):
    environment = FakeEnvironment(tmp_path)
    assert scale(environment, Scale.parse("api=5"), quiet) == ["east/local_api"]
    assert environment.applied == [{"api": {"replicas": 5}}]
    assert environment.waited == 1


def test_what_runs_on_every_worker_is_scaled_by_its_group(tmp_path):
    environment = FakeEnvironment(tmp_path)
    environment.settings = {"api": {"workers": 6}}
    told = (
        r"api runs once on every worker.*given: api=3, with api.workers 6; .*fix: set the group's min and max"
    )
    with pytest.raises(Refused, match=told):
        scale(environment, Scale("api", 3), quiet)
    assert environment.applied == []


def test_a_scale_is_refused_while_a_place_is_lost(tmp_path):
    environment = FakeEnvironment(tmp_path)
    environment.lost["west"] = "its container does not run"
    with pytest.raises(Refused, match="cannot be reached; given: 'west'"):
        scale(environment, Scale("api", 3), quiet)
    assert environment.applied == []


@pytest.mark.parametrize(("lost", "only"), [("west", "--only east"), ("witness", "--only east --only west")])
def test_the_refusal_for_a_lost_place_names_the_command_that_works(tmp_path, lost, only):
    environment = FakeEnvironment(tmp_path)
    environment.lost[lost] = "its container does not run"
    with pytest.raises(Refused, match=f"`bicoastal up {only} --set api.replicas=3 local`"):
        scale(environment, Scale("api", 3), quiet)


def test_a_scale_on_top_of_a_deploy_that_was_not_ended_is_refused_with_the_way_out(tmp_path):
    environment = FakeEnvironment(tmp_path)
    journal = Journal("shop/api:2", "blue", "green", None, "waiting until green is ready")
    journal.save(tmp_path)
    told = r"a deploy was not ended; given: shop/api:2 at step 'waiting.*`bicoastal up local` takes it back"
    with pytest.raises(Refused, match=told):
        scale(environment, Scale("api", 3), quiet)
    environment.lost["east"] = "its container does not run"
    with pytest.raises(Refused, match="`bicoastal up --only west local` takes it back where"):
        scale(environment, Scale("api", 3), quiet)
    assert environment.applied == []
    journal.done("blue").save(tmp_path)
    environment.lost.clear()
    assert scale(environment, Scale("api", 3), quiet) == ["east/local_api"]


def test_a_scale_is_refused_while_a_deploy_runs(tmp_path):
    environment = FakeEnvironment(tmp_path)
    with exclusively(tmp_path, "deploy"), pytest.raises(Refused, match="under way"):
        scale(environment, Scale("api", 3), quiet)
    assert environment.applied == []


def test_a_program_that_refuses_itself_is_not_applied(tmp_path):
    environment = FakeEnvironment(tmp_path)

    def check(settings):
        raise ValueError("refused")

    environment.check = check
    with pytest.raises(ValueError, match="refused"):
        scale(environment, Scale("api", 3), quiet)
    assert environment.applied == []
