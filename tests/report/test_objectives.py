"""How objectives were held: what is added, what is allowed, and what is not known."""

from datetime import UTC, datetime

import httpx
import pytest

from bicoastal.report.period import Period, Span
from bicoastal.report.words import length, percent
from tests.report.prometheus import DAY, TILES, report, up

MOMENT = datetime(2026, 3, 2, 12, 3, 20, tzinfo=UTC)
PAYMENTS = {"slo": "payments", "owner": "shop"}


def test_counters_of_the_regions_are_added_before_they_are_divided():
    busy, idle = up(0.0, 990), up(1.0, 10, place="west")
    (held,) = report(busy, idle).objectives
    assert held.good == pytest.approx(0.99)
    assert (round(held.events), round(held.failed)) == (1000, 10)
    assert held.is_held is False


@pytest.mark.parametrize(
    ("period", "allowed"),
    [(Period.DAY, "1 min 26 s"), (Period.WEEK, "10 min 5 s"), (Period.MONTH, "43 min 12 s")],
)
def test_the_downtime_that_is_allowed_is_that_of_the_period(period, allowed):
    span = Span.until(period, MOMENT)
    (held,) = report(up(measured=span.seconds / 300), span=span).objectives
    assert length(held.allowed_s) == allowed


def test_a_span_ends_with_the_last_whole_five_minutes():
    assert (
        datetime.fromtimestamp(Span.until(Period.DAY, MOMENT).end_s, UTC).strftime("%H:%M:%S") == "12:00:00"
    )


def test_half_of_the_budget_used_leaves_half_of_it():
    (held,) = report(up(0.0005)).objectives
    assert held.left == pytest.approx(0.5)
    assert held.used_s == pytest.approx(held.allowed_s / 2)


def test_more_used_than_there_was_is_under_zero():
    (held,) = report(up(0.003)).objectives
    assert held.left == pytest.approx(-2)


def test_what_was_not_measured_has_used_nothing_of_the_budget():
    span = Span.until(Period.DAY, MOMENT)
    (held,) = report(up(0.002, measured=span.seconds / 300 / 4), span=span).objectives
    assert held.is_held is False
    assert held.used_s == pytest.approx(held.allowed_s / 2)
    assert held.left == pytest.approx(0.5)


def test_each_value_of_a_group_is_held_by_itself():
    routes = [{"slo": "latency", "owner": "api", "route": route} for route in ("/a", "/b")]
    made = report(
        up(
            objectives=[({"slo": "latency", "owner": "api"}, 0.99)],
            total=[(routes[0], 1), (routes[1], 1)],
            errors=[(routes[0], 0), (routes[1], 0.5)],
            tiles=[(each, TILES) for each in routes],
        )
    )
    assert [(held.group, held.good) for held in made.objectives] == [
        ({"route": "/a"}, 1),
        ({"route": "/b"}, 0.5),
    ]


def test_what_was_never_measured_is_no_data_and_not_kept():
    made = report(up(objectives=[({"slo": "uptime"}, 0.999), (PAYMENTS, 0.998)]))
    held = made.objectives[0]
    assert (held.slo, held.missing) == ("payments", "no data")
    assert held.good is held.used_s is held.left is held.is_held is None


def test_what_nobody_asked_for_is_not_kept_either():
    (held,) = report(up(requests=0)).objectives
    assert held.missing == "nothing was asked"
    assert held.good is held.is_held is None


def test_the_time_that_a_place_did_not_measure_is_told_and_uses_up_no_downtime():
    (held,) = report(up(0.1, measured=TILES / 2), up(0.1, measured=TILES / 4, place="west")).objectives
    assert held.gaps == {"east": DAY.seconds / 2, "west": DAY.seconds * 3 / 4}
    assert held.used_s == pytest.approx(0.1 * DAY.seconds / 2)


def test_a_bar_of_the_chart_has_no_value_where_nothing_was_measured():
    parts = dict.fromkeys(list(DAY.part_ends)[1:], 1.0)
    (held,) = report(up(total_of_part=[({"slo": "uptime"}, parts)])).objectives
    assert [part.share for part in held.parts[:2]] == [None, 1]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.Response(400, json={"status": "error", "error": "parse error"}), "400: parse error"),
        (httpx.Response(503, text="down"), "503, and no JSON"),
        (httpx.Response(200, json=[]), "200: no answer of Prometheus"),
        (httpx.ConnectError("refused"), "refused"),
        (httpx.ReadTimeout(""), "ReadTimeout"),
    ],
)
def test_one_that_does_not_answer_is_named_and_the_others_are_added(answer, why):
    made = report(up(0.0, 100), answer)
    assert [(silence.url, silence.why) for silence in made.silent] == [("http://prometheus-1:9090", why)]
    assert [held.good for held in made.objectives] == [1]


def test_a_value_that_is_no_number_is_none():
    (held,) = report(up(total=[({"slo": "uptime"}, float("nan"))])).objectives
    assert held.missing == "nothing was asked"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (1, "100 %"),
        (0.9999999, "99.999 %"),
        (0.99953, "99.953 %"),
        (0.5, "50 %"),
        (-1234.5, "-123450 %"),
        (0, "0 %"),
    ],
)
def test_a_share_is_cut_and_never_rounded_up_to_what_was_not_reached(share, shown):
    assert percent(share) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (0.4, "0.40 s"),
        (59.6, "1 min"),
        (86.4, "1 min 26 s"),
        (3600, "1 h"),
        (90061, "1 d 1 h"),
        (None, "no data"),
    ],
)
def test_a_length_is_told_in_its_two_largest_units(seconds, shown):
    assert length(seconds) == shown
