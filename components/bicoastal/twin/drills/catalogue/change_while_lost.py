"""A setting is changed where it can be while the primary's region is lost, and the region comes back."""

import time
from collections.abc import Sequence
from functools import partial

from ....application.route import MOST_TASKS
from ...bring_up import bring_up
from ...choices import load
from ...environment import Environment
from ...project import ENVIRONMENT
from ...twin import Brought, Twin
from ..outcome import Measure, Outcome
from ..registry import Drill
from ..stage import Stage


def play(stage: Stage) -> Outcome:
    """Kill the home region; give the API one task more in the other places, as `bicoastal up --only` does;
    bring the region back, and everything to what is declared; then take the task away again."""
    twin, home, regions = stage.twin, stage.home, (stage.home, stage.other)
    kept = load(twin.layout.folder)
    (before,) = _tasks(twin, home)
    wanted = before + 1 if before < MOST_TASKS else before - 1
    as_it_was, changed = _with(twin, kept.get("api", {}).get("replicas", "null")), _with(twin, wanted)
    stage.at_the_end(lambda: load(twin.layout.folder) == kept or _up(stage, as_it_was))
    with stage.users():
        phase_s = stage.random_phase()
        stage.strike(
            f"{home} killed", partial(twin.places.kill, home), repair=partial(twin.places.revive, home)
        )
        stage.recovered()
        stage.note(f"api.replicas={wanted} in the other places")
        _up(stage, changed, only=[place for place in twin.layout.places if place != home])
        redundancy = stage.redundancy_since(stage.heal(f"{home} back"))
        stage.note(f"api.replicas={wanted} everywhere")
        _up(stage, changed)
        again = _up(stage, changed)
        without = [region for region in regions if _tasks(twin, region) != {wanted}]
        stage.note(f"api.replicas={before} again")
        _up(stage, as_it_was)
        left = [region for region in regions if _tasks(twin, region) != {before}]
        gaps = stage.gaps(stage.recovered(time.monotonic()), stage.budget_s)
    return stage.outcome(
        [
            *gaps,
            *stage.lost(),
            redundancy,
            Measure("regions without the change", len(without), 0, "regions"),
            Measure("what a second up did", len(again.changes), 0, "changes"),
            Measure("regions left changed", len(left), 0, "regions"),
        ],
        {"phase_s": phase_s, "the second up": str(again)},
    )


def _with(twin: Twin, replicas: object) -> Twin:
    """The twin as `up --set` asks for it."""
    environment = twin.environment
    asked = [f"api.replicas={replicas}"]
    return Twin(twin.client, Environment.of(environment.project, twin.layout.name, asked))


def _up(stage: Stage, twin: Twin, only: Sequence[str] = ()) -> Brought:
    return bring_up(twin, lambda what, now: stage.say(f"{what}: {now}"), lambda _: None, only=only)


def _tasks(twin: Twin, region: str) -> set[int]:
    """How many tasks each colour of the API is to run there."""
    with twin.engines([region]) as engines:
        return {
            service.attrs["Spec"]["Mode"]["Replicated"]["Replicas"]
            for service in engines[region].services.list()
            if service.name.startswith(f"{ENVIRONMENT}_api-")
        }


DRILL = Drill(
    "change-while-lost",
    "Lose the primary's region, change a setting in the other places, bring it back: users recover within the"
    " budget, the change reaches it, and a second `up` has nothing to do.",
    play,
)
