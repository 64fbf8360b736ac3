"""An hour in which nothing is wrong: what breaks it, and what shows that somebody would have been told."""

from datetime import UTC, datetime, timedelta

from bicoastal.twin.alert_receiver import Told
from bicoastal.twin.drills.quiet import DEAD_MAN_LIMIT_S, judged
from bicoastal.twin.drills.registry import catalogue

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
HOUR_S = 3600


def told(receiver: str, alert: str, after_s: float, *, resolved: bool = False) -> Told:
    return Told(1, BEGAN + timedelta(seconds=after_s), receiver, alert, alert, "", resolved)


WORDS = [told("dead-man", "Watchdog", second) for second in range(30, HOUR_S, 60)]


def figures(*messages: Told, before: tuple[str, ...] = ()) -> list[tuple[str, float, bool]]:
    began = BEGAN.timestamp()
    measures = judged(messages, began, began + HOUR_S, before)
    return [(measure.name, measure.value, measure.passed) for measure in measures]


def test_nobody_is_told_but_the_dead_man_every_minute():
    assert figures(*WORDS) == [("told", 0, True), ("without the dead man's word", 60, True)]


def test_whatever_else_is_told_breaks_it():
    assert figures(*WORDS, told("slack", "HostDown", 60))[0] == ("told (HostDown by slack)", 1, False)


def test_what_fired_before_or_ended_does_not():
    old = [told("slack", "HostDown", 60), told("pagerduty", "RegionLost", 90, resolved=True)]
    assert figures(*WORDS, *old, before=("HostDown",))[0] == ("told", 0, True)


def test_silence_does_not_pass_where_nobody_could_have_been_told():
    assert figures()[1] == ("without the dead man's word", HOUR_S, False)
    half = [word for word in WORDS if word.at < BEGAN + timedelta(seconds=HOUR_S / 2)]
    assert figures(*half)[1][1] > DEAD_MAN_LIMIT_S


def test_the_quiet_drill_lasts_as_long_as_it_is_told_to_and_no_other_drill_does():
    lasting = {name: drill.lasting for name, drill in catalogue().items() if drill.lasting}
    assert list(lasting) == ["alert-quiet"]
    assert lasting["alert-quiet"](10).play.keywords == {"minutes": 10}


def test_it_is_played_before_any_other_has_left_something_to_tell():
    assert next(iter(catalogue())) == "alert-quiet"
