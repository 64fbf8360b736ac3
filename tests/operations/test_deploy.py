"""A new image under the idle colour, users moved to it, and back when it fails."""

from contextlib import nullcontext

import pytest

from bicoastal.checks.problem import Problem
from bicoastal.operations.deploy import deploy
from bicoastal.operations.journal import Journal
from bicoastal.operations.lock import exclusively
from bicoastal.operations.refusal import OperationFailed, Refused
from bicoastal.operations.repair import repair
from tests.operations.environments import OLD, deployable

NEW = "shop/api:2"
STEPS = (
    "green is given",
    "waiting until green is ready",
    "green stands for 45 s",
    "west: users go to green",
    "east: users go to green",
    "blue answers what it has begun",
    "green is watched",
)


def quiet(_: str) -> None:
    """Nobody listens."""


@pytest.fixture
def environment(tmp_path):
    return deployable(tmp_path)


def run(environment, image=NEW, say=quiet, soak_s=45.0):
    colours = environment.colours
    return deploy(environment, lambda: nullcontext(colours), image, say, soak_s, colours.clock)


def failed(environment, told):
    """A deploy that fails so: users are on blue, green has its old image again, nothing is left to repair."""
    with pytest.raises(OperationFailed, match=told):
        run(environment)
    colours = environment.colours
    assert set(colours.shown.values()) == {"blue"}
    assert colours.images == {"blue": OLD, "green": OLD}
    assert colours.wrong_moments == []
    assert not Journal.load(environment.folder).unfinished


def refused(environment, told, image=NEW):
    with pytest.raises(Refused, match=told):
        run(environment, image)
    assert environment.applied == environment.pinned == []
    assert {colour for _, colour in environment.colours.history} <= {"blue"}


def test_a_good_image_is_given_to_the_idle_colour_and_then_users_move_the_primarys_region_last(environment):
    done = run(environment)
    colours = environment.colours
    assert (done.image, done.colour, done.errors) == (NEW, "green", 0)
    assert done.requests > 0
    assert colours.images == {"blue": OLD, "green": NEW}
    assert colours.history == [("west", "green"), ("east", "green")]
    assert environment.pinned == [NEW]
    assert environment.applied == [{"api": {"images": {"green": NEW}}}]
    assert colours.wrong_moments == []


def test_users_come_only_when_the_new_colour_has_stood_for_the_soak(environment):
    began, colours = environment.colours.clock.now, environment.colours
    moved = []
    show = colours.show
    colours.show = lambda region, colour: (moved.append(colours.clock.now - began), show(region, colour))
    done = run(environment, soak_s=60)
    assert moved[0] >= 65
    assert done.seconds >= 85


def test_the_next_deploy_uses_the_other_colour(environment):
    run(environment)
    assert run(environment, "shop/api:3").colour == "blue"
    assert environment.colours.images == {"blue": "shop/api:3", "green": NEW}


def test_an_image_that_exits_at_once_never_gets_users(environment):
    environment.colours.dies_after_s[NEW] = 1
    failed(environment, "west: a task of green failed: task: non-zero exit .1.: boom")
    assert {colour for _, colour in environment.colours.history} <= {"blue"}


def test_an_image_that_exits_after_40_s_never_gets_users(environment):
    environment.colours.dies_after_s[NEW] = 40
    failed(environment, "a task of green failed")
    assert {colour for _, colour in environment.colours.history} <= {"blue"}


def test_an_image_that_is_never_ready_never_gets_users(environment):
    environment.colours.never_ready.add(NEW)
    failed(environment, "green is not ready after 150 s: west: 1 answers 503 at /ready; east: 1 answers 503")
    assert {colour for _, colour in environment.colours.history} <= {"blue"}


def test_an_update_that_swarm_takes_back_is_told(environment):
    environment.colours.taken_back.add(NEW)
    failed(environment, "west: Swarm took the update of green back: rollback completed")


def test_of_an_update_that_swarm_takes_back_the_tasks_own_word_is_told_if_it_comes_in_time(environment):
    environment.colours.taken_back.add(NEW)
    environment.colours.silent_s = 1.5
    failed(environment, "west: Swarm took the update of green back: task: non-zero exit .3.: no such setting")


def test_an_image_that_exits_under_users_loses_them_again(environment):
    environment.colours.dies_after_s[NEW] = 55
    failed(environment, "a task of green failed")
    assert environment.colours.history == [
        ("west", "green"),
        ("east", "green"),
        ("west", "blue"),
        ("east", "blue"),
    ]


def test_an_image_that_fails_requests_loses_its_users_again(environment):
    environment.colours.fails_under_users[NEW] = 0.05
    failed(environment, r"east: \d+ of \d+ requests to green failed .0.0% did under blue")


def test_errors_that_were_usual_before_are_no_reason_to_go_back(environment):
    environment.colours.fails_under_users |= {OLD: 0.05, NEW: 0.05}
    assert run(environment).colour == "green"


def test_requests_that_do_not_end_hold_up_no_deploy(environment):
    environment.colours.stuck = 1
    said: list[str] = []
    run(environment, say=said.append)
    assert "2 requests to blue are still open; they may end in their own time" in said


def test_the_image_that_is_live_is_refused(environment):
    refused(environment, f"blue is live with it already; given: '{OLD}'", OLD)


def test_an_unknown_image_is_refused(environment):
    told = "neither here nor to be pulled; given: 'nowhere/api:1' .the registry's word: unauthorized: auth"
    refused(environment, told, "nowhere/api:1")


def test_an_image_with_which_the_program_refuses_itself_leaves_no_tag(environment):
    def check(settings):
        raise Refused(Problem("api.images.green", "no such image", "it", "another", "name one"))

    environment.check = check
    refused(environment, "no such image")


def test_a_deploy_while_another_runs_is_refused(environment):
    with exclusively(environment.folder, "deploy"):
        refused(environment, "another operation is under way; given: deploy of process")


def test_a_deploy_while_a_region_cannot_be_reached_is_refused(environment):
    environment.lost["west"] = "its container does not run"
    refused(environment, "cannot be reached; given: 'west'")


def test_a_deploy_while_a_balancer_does_not_run_is_refused(environment):
    environment.colours.lost.add("west")
    refused(environment, "one does not tell its colour; given: west does not answer")


def test_balancers_that_disagree_without_a_deploy_that_says_why_are_refused(environment):
    environment.colours.shown["west"] = "green"
    refused(environment, "do not agree; given: east/haproxy-1: blue, west/haproxy-1: green")


@pytest.mark.parametrize("step", STEPS)
def test_a_deploy_that_is_interrupted_at_any_step_is_taken_back_by_the_next_up(environment, step):
    interrupted(environment, step)
    assert repair(environment, environment.colours, quiet) == "blue"
    assert set(environment.colours.shown.values()) == {"blue"}
    assert environment.colours.images == {"blue": OLD, "green": OLD}
    assert environment.colours.wrong_moments == []


@pytest.mark.parametrize("step", STEPS)
def test_after_a_deploy_that_was_interrupted_at_any_step_the_next_one_goes_through(environment, step):
    interrupted(environment, step)
    assert run(environment).colour == "green"
    assert environment.colours.images == {"blue": OLD, "green": NEW}
    assert set(environment.colours.shown.values()) == {"green"}


def test_a_balancer_that_lost_its_memory_is_set_right_by_the_last_deploy(environment):
    run(environment)
    environment.colours.shown["west"] = "blue"
    assert repair(environment, environment.colours, quiet) == "green"
    assert set(environment.colours.shown.values()) == {"green"}


def test_a_balancer_that_comes_back_with_the_old_colour_is_no_success(environment):
    def restarted(text):
        if text.startswith("green is watched"):
            environment.colours.shown["west"] = "blue"

    with pytest.raises(OperationFailed, match="west/haproxy-1 came to send users to blue again"):
        run(environment, say=restarted)
    assert set(environment.colours.shown.values()) == {"blue"}
    assert environment.colours.images == {"blue": OLD, "green": OLD}


def test_a_balancer_that_is_replaced_while_users_go_back_gets_them_back_too(environment):
    environment.colours.dies_after_s[NEW] = 55

    def say(text):
        if text.startswith("unfit"):
            environment.colours.lost.add("west")
        if text.startswith("not yet: west: users could not be sent to blue"):
            environment.colours.lost.clear()

    with pytest.raises(OperationFailed, match="Users are on blue"):
        run(environment, say=say)
    assert set(environment.colours.shown.values()) == {"blue"}


def test_users_that_somebody_moved_back_by_hand_stay_there(environment):
    run(environment)
    colours = environment.colours
    colours.shown = {"west": "blue", "east": "blue"}
    assert repair(environment, colours, quiet) == "blue"
    assert set(colours.shown.values()) == {"blue"}
    assert run(environment, "shop/api:3").colour == "green"
    assert colours.images == {"blue": OLD, "green": "shop/api:3"}


def test_what_was_chosen_by_hand_settles_a_later_disagreement(environment):
    run(environment)
    environment.colours.shown = {"west": "blue", "east": "blue"}
    repair(environment, environment.colours, quiet)
    environment.colours.shown["west"] = "green"
    assert repair(environment, environment.colours, quiet) == "blue"


def test_a_second_deploy_that_fails_restores_the_image_of_the_first(environment):
    run(environment)
    run(environment, "shop/api:3")
    environment.colours.never_ready.add("shop/api:4")
    with pytest.raises(OperationFailed, match=r"Users are on blue; green has shop/api:2 again"):
        run(environment, "shop/api:4")
    assert environment.colours.images == {"blue": "shop/api:3", "green": NEW}


def test_a_deploy_that_cannot_be_taken_back_says_who_will(environment):
    environment.colours.never_ready.add(NEW)
    apply = environment.apply

    def lost(settings, say):
        if settings["api"]["images"]["green"] is None:
            raise OperationFailed("west does not answer")
        return apply(settings, say)

    environment.apply = lost
    with pytest.raises(OperationFailed, match="Taking it back failed too: west does not answer"):
        run(environment)
    assert Journal.load(environment.folder).unfinished
    environment.apply = apply
    assert repair(environment, environment.colours, quiet) == "blue"
    assert environment.colours.images["green"] == OLD


@pytest.mark.parametrize(("lost", "left"), [("east", "west"), ("west", "east")])
@pytest.mark.parametrize("step", STEPS)
def test_a_region_lost_at_any_step_leaves_the_other_ones_users_on_the_proven_colour(
    environment, step, lost, left
):
    def say(text):
        if text.startswith(step):
            environment.lose(lost)

    colours = environment.colours
    with pytest.raises(OperationFailed) as failure:
        run(environment, say=say)
    told = str(failure.value)
    assert f"{left}: users are on blue" in told
    assert f"{lost}: nobody can say where users are ({lost} does not answer)" in told
    assert f"`bicoastal up --only {left} local` takes it back where that can be done now" in told
    assert f"`bicoastal up local` takes it back everywhere, once {lost} can be reached" in told
    assert colours.shown[left] == "blue"
    assert Journal.load(environment.folder).unfinished
    environment.regain(lost)
    assert repair(environment, colours, quiet) == "blue"
    assert colours.images["green"] == OLD
    assert colours.wrong_moments == []


def test_an_image_is_not_taken_away_while_users_cannot_be_moved_off_it(environment):
    interrupted(environment, "blue answers what it has begun")
    environment.colours.lost.add("east")
    with pytest.raises(OperationFailed, match="east: users could not be sent to blue: east does not answer"):
        repair(environment, environment.colours, quiet)
    assert environment.colours.shown == {"west": "blue", "east": "green"}
    assert environment.colours.images["green"] == NEW


def interrupted(environment, step):
    """A deploy that somebody stops with Ctrl-C as it says that it begins the step."""

    def say(text):
        if text.startswith(step):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(environment, say=say)
    assert Journal.load(environment.folder).unfinished
