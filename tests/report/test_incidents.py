"""Incidents: which alerts are one, how long it lasted, and what nobody saw."""

import pytest

from tests.report.prometheus import DAY, report, up

START = DAY.start_s + 3600


def firing(name, start, seconds):
    return ({"alertname": name, "severity": "critical"}, range(start, start + seconds, 15))


def incidents(*alerts, **more):
    return report(up(firing=alerts, **more)).incidents


def test_alerts_that_fire_at_one_time_are_one_incident():
    (found,) = incidents(firing("A", START, 600), firing("B", START + 300, 900)).found
    assert (found.start_s, found.seconds, found.alerts, found.is_open) == (START, 1200, ["A", "B"], False)


def test_two_places_see_one_incident():
    made = report(
        up(firing=[firing("A", START, 600)]), up(firing=[firing("A", START + 15, 600)], place="west")
    )
    assert [each.seconds for each in made.incidents.found] == [615]


def test_what_fires_again_within_five_minutes_is_the_same_and_later_another():
    assert [
        each.seconds for each in incidents(firing("A", START, 60), firing("A", START + 300, 60)).found
    ] == [360]
    assert len(incidents(firing("A", START, 60), firing("A", START + 405, 60)).found) == 2


def test_one_that_began_before_the_span_is_told_from_its_beginning():
    begun = DAY.start_s - 1800
    (found,) = incidents(firing("A", begun, 3600)).found
    assert (found.start_s, found.seconds) == (begun, 3600)


def test_one_that_was_over_before_the_span_is_none_of_it():
    assert incidents(firing("A", DAY.start_s - 3600, 600)).found == []


def test_mttr_is_the_mean_of_those_that_are_over():
    made = incidents(
        firing("A", START, 600), firing("A", START + 7200, 1200), firing("A", DAY.end_s - 285, 300)
    )
    assert [each.is_open for each in made.found] == [False, False, True]
    assert made.mttr_s == 900


def test_mtbf_is_the_watched_time_without_one_for_each():
    made = incidents(firing("A", START, 600), firing("A", START + 7200, 1200))
    assert made.mtbf_s == (DAY.seconds - 1800) / 2


def test_without_an_incident_there_is_no_mean():
    made = incidents()
    assert (made.mttr_s, made.mtbf_s, made.watched) == (None, None, 1)


def test_what_any_place_watched_is_watched():
    half = list(range(DAY.start_s + 300, DAY.end_s + 1, 600))
    other = list(range(DAY.start_s + 600, DAY.end_s + 1, 1200))
    made = report(up(watched=half), up(watched=other, place="west"))
    assert made.incidents.watched == pytest.approx(0.75)
