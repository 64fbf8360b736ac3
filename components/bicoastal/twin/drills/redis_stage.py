"""A run in which the place of the Redis master is lost: the same for every way of losing it."""

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from itertools import pairwise

from ...operations.redis import RedisCluster
from ...operations.refusal import OperationFailed, Refused
from .outcome import Measure, Outcome, Timeline
from .redis_load import DirectWriters, InsideWriter, RedisLoad
from .stage import DrillImpossible, Stage

GAP_LIMIT_S = 10.0
REDUNDANCY_LIMIT_S = 120.0
WARM_UP_S = 3.0
GAP_IS_OVER_S = 3.0
"""Writes count as going on again when they have been acknowledged for so long."""
SHORTEST_GAP_S = 1.0
NOT_HEARD = (
    "the client inside was not heard of once the next master took writes: nobody knows what it was told"
)


def lose_master_place(
    stage: Stage, fault: Callable[[], object], repair: Callable[[], object], *, is_alive: bool
) -> Outcome:
    """Lose the place of the Redis master, the primary's region, and get it back.

    Clients write through the balancer of the other region, and one to each node that may be the next master.
    `is_alive` says that the place lives on, cut off, with a client inside that stays with the old one.
    """
    twin, home, other = stage.twin, stage.home, stage.other
    load = RedisLoad(twin, other, stage.run, twin.layout.folder / "drills" / f"{stage.run}-redis.jsonl")
    inside = InsideWriter(twin, home)
    direct = DirectWriters(twin, [place for place in twin.layout.places if place != home])
    beside: AbstractContextManager[object] = inside if is_alive else nullcontext()
    with closing(twin.redis()) as cluster:
        _bring_home(stage, cluster)
        with load, direct, beside:
            if not stage.within(30, lambda: bool(load.at and (inside.accepted_at or not is_alive))):
                raise DrillImpossible(f"Redis acknowledges no write; {stage.see_status}")
            time.sleep(WARM_UP_S + random.uniform(0, 1))  # noqa: S311 no secret: Sentinel looks once a second
            at = stage.strike(f"{home} {'cut off' if is_alive else 'killed'}", fault, repair=repair)
            struck_at = time.monotonic()
            begin, end = _gap(stage, load, at)
            next_at = min(end, direct.first_accepted(at))
            if is_alive and not inside.heard_after(max(struck_at, next_at)):
                raise RuntimeError(NOT_HEARD)
            master = cluster.state().master
            stage.note(f"the Redis master is in {master.place if master else 'no place'}", at=end)
            back_at = stage.heal(f"{home} back")
            whole = stage.within(REDUNDANCY_LIMIT_S, lambda: cluster.state().redundant)
            redundancy_s = time.monotonic() - back_at if whole else float("inf")
            time.sleep(GAP_IS_OVER_S)
        lost, taken_and_lost = len(load.lost()), len(load.taken_and_lost())
        _bring_home(stage, cluster)
    stopped = max(inside.accepted_at, default=at)
    outcome = stage.outcome(
        [
            Measure("write gap", end - begin, GAP_LIMIT_S),
            Measure("acknowledged writes lost", lost, 0, "writes"),
            Measure("taken by the master alone and lost", taken_and_lost, unit="writes"),
            Measure("two masters take writes", max(0.0, stopped - next_at), 0),
            Measure("full redundancy", redundancy_s, REDUNDANCY_LIMIT_S),
        ],
        {
            "last write taken inside": f"{stopped - at:+.1f} s" if is_alive else "nobody is left inside",
            "first write taken by the new master": f"{next_at - at:+.1f} s",
            "first write acknowledged through the balancer": f"{end - at:+.1f} s",
            "acknowledged": "by the master and one copy (WAIT 1)",
            "writes refused inside": len(inside.refused_at),
        },
    )
    return replace(
        outcome,
        acknowledged=len(load.acknowledged),
        timeline=Timeline.of([(moment - at, other) for moment in load.at], [home, other]),
    )


def _bring_home(stage: Stage, cluster: RedisCluster) -> None:
    """One master, in the primary's region, and everybody follows it."""
    if not stage.within(60, lambda: cluster.state().redundant):
        raise DrillImpossible(f"Redis is not whole; {stage.bring_up_first}")
    master = cluster.state().master
    if master is None or master.place == stage.home:
        return
    stage.say(f"moving the Redis master from {master.place} back to {stage.home}")
    try:
        cluster.switch_over(stage.home)
    except (Refused, OperationFailed) as refusal:
        raise DrillImpossible(f"the Redis master did not come to {stage.home}: {refusal}") from refusal
    stage.within(30, lambda: cluster.state().redundant)


def _gap(stage: Stage, load: RedisLoad, fault_at: float) -> tuple[float, float]:
    """The longest time without an acknowledged write from the last one before the fault on: begin and end,
    once writes have gone on for a while after it."""
    if not stage.within(stage.patience_s, lambda: _is_over(load, fault_at)):
        raise DrillImpossible("no write was acknowledged after the fault; see the Sentinels' logs")
    return _longest_gap(load.at, fault_at)


def _is_over(load: RedisLoad, fault_at: float) -> bool:
    begin, end = _longest_gap(load.at, fault_at)
    return end - begin > SHORTEST_GAP_S and load.at[-1] - end > GAP_IS_OVER_S


def _longest_gap(at: list[float], fault_at: float) -> tuple[float, float]:
    after = [moment for moment in at if moment > fault_at]
    last_before = max((moment for moment in at if moment <= fault_at), default=fault_at)
    gaps = pairwise([last_before, *after])
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=(fault_at, fault_at))
