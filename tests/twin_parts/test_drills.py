"""The frame of the drills: figures and their limits, the timeline, the report; without a twin."""

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from bicoastal.twin.drills.outcome import Event, Kind, Measure, Outcome, Timeline
from bicoastal.twin.drills.picture import picture
from bicoastal.twin.drills.registry import catalogue
from bicoastal.twin.drills.report import Report
from bicoastal.twin.drills.series import Series

SVG = "{http://www.w3.org/2000/svg}"
EVENTS = (
    Event(0.0, Kind.FAULT, "east <killed>"),
    Event(31.2, Kind.PROMOTION, "west-postgres-1 promoted"),
    Event(60.0, Kind.HEAL, "east back"),
)


def outcome(gap=40.0, run="drill-1", error="", timeline=None, events=EVENTS):
    writes = [(n / 10, "east") for n in range(-50, 0)] + [(n / 10, "west") for n in range(400, 650)]
    return Outcome(
        drill="region-loss",
        run=run,
        settings={"mode": "sync", "timing": "wan"},
        measures=[] if error else [Measure("write gap", gap, 58), Measure("lost", 0, 0, "rows")],
        acknowledged=300,
        lost=0,
        events=events,
        timeline=timeline or Timeline.of(writes, ["east", "west"]),
        error=error,
    )


def test_a_figure_at_its_limit_passes_and_one_over_it_or_that_never_came_does_not():
    assert Measure("gap", 58, 58).passed
    assert not Measure("gap", 58.1, 58).passed
    assert not Measure("full redundancy", float("inf"), 180).passed
    assert Measure("stored but unacknowledged", 3, None, "rows").passed


def test_a_figure_may_have_a_least_and_the_smallest_of_all_runs_is_its_worst(tmp_path):
    rates = [Measure("rate", value, unit="requests/s", least=95) for value in (99, 94.9, 100)]
    assert [rate.passed for rate in rates] == [True, False, True]
    assert str(rates[0]) == "rate 99 requests/s of at least 95 requests/s"
    assert rates[0].as_json()["least"] == 95
    runs = [replace(outcome(), measures=[rate]) for rate in rates]
    (spread,) = Series("deploy-good", runs).spreads
    assert (spread.median.value, spread.worst.value, spread.worst.passed) == (99, 94.9, False)
    assert spread.as_json()["least"] == 95
    page = Report("bicoastal drill deploy-good", [Series("deploy-good", runs)])
    assert "| 94.9 requests/s | at least 95 requests/s | 3 | **failed** |" in page.write(tmp_path).read_text()


def test_a_figure_that_may_be_one_value_alone_is_at_its_worst_where_it_is_not():
    colours = [Measure("colours", value, 1, "colours", least=1) for value in (1, 2, 1)]
    assert [each.passed for each in colours] == [True, False, True]
    (spread,) = Series("deploy-bad", [replace(outcome(), measures=[each]) for each in colours]).spreads
    assert spread.worst.value == 2


def test_a_run_passes_only_with_every_figure_within_its_limit_and_no_error():
    assert outcome().passed
    assert not outcome(gap=59).passed
    assert not outcome(error="TimeoutError: nobody answers").passed
    assert "nobody answers" in outcome(error="TimeoutError: nobody answers").verdict()


def test_a_figure_that_never_came_is_null_in_json():
    assert Measure("full redundancy", float("inf"), 180).as_json()["value"] is None
    assert "never" in str(Measure("full redundancy", float("inf"), 180))


def test_writes_are_counted_per_100_ms_and_region_from_the_first_to_the_last():
    timeline = Timeline.of([(-0.15, "east"), (-0.11, "east"), (0.0, "east"), (0.1, "west")], ["east", "west"])
    assert timeline.first_s == -0.2
    assert timeline.writes == {"east": [2, 0, 1, 0], "west": [0, 0, 0, 1]}


def test_the_worst_run_decides_and_the_median_is_told():
    series = Series("region-loss", [outcome(40), outcome(41), outcome(59)])
    assert not series.passed
    gap = next(spread for spread in series.spreads if spread.name == "write gap")
    assert (gap.median.value, gap.worst.value) == (41, 59)
    told = series.as_json()
    assert told["measures"]["write gap"] == {
        "median": 41,
        "worst": 59,
        "limit": 58,
        "least": None,
        "unit": "s",
    }
    assert told["acknowledged"] == 900


def test_a_drill_that_was_stopped_before_its_first_run_has_not_passed(tmp_path):
    report = Report("bicoastal drill all", [Series("region-loss", [])])
    assert not report.passed
    assert "| region-loss | | | | | 0 | **no result** |" in report.write(tmp_path).read_text()


def test_a_report_is_a_page_the_figures_and_a_picture_for_each_run(tmp_path):
    series = [
        Series("region-loss", [outcome(40, "drill-1"), outcome(41, "drill-2")]),
        Series("broken", [outcome(error="why", run="drill-3")]),
    ]
    page = Report("bicoastal drill all", series).write(tmp_path)
    assert page.parent.parent == tmp_path / "reports"
    text = page.read_text()
    linked = re.findall(r"\]\((\S+\.svg)\)", text)
    assert sorted(linked) == sorted(path.name for path in page.parent.glob("*.svg"))
    assert len(linked) == 3
    assert "| region-loss | write gap | 40.5 s | 41.0 s | at most 58 s | 2 | passed |" in text
    assert "**no result**" in text
    told = json.loads((page.parent / "report.json").read_text())
    assert told["passed"] is False
    assert [run["run"] for run in told["drills"][0]["runs"]] == ["drill-1", "drill-2"]


def drawn_from(run: Outcome) -> ElementTree.Element:
    return ElementTree.fromstring(picture(run))  # noqa: S314 our own text


def test_the_picture_has_an_area_per_region_and_a_line_and_a_label_per_event():
    drawn = drawn_from(outcome())
    assert len(drawn.findall(f"{SVG}path")) == 2
    labels = ["".join(text.itertext()) for text in drawn.findall(f"{SVG}text")]
    for label in (
        "+0.0 s east <killed>",
        "+31.2 s west-postgres-1 promoted",
        "+60.0 s east back",
        "acknowledged writes per 100 ms",
        "seconds after the fault",
        "east",
        "west",
    ):
        assert label in labels


@pytest.mark.parametrize("events", [(), EVENTS])
def test_a_run_without_one_write_has_a_picture_too(events):
    nothing = Timeline.of([], ["east", "west"])
    assert drawn_from(outcome(timeline=nothing, events=events)) is not None


def test_labels_of_close_events_do_not_cover_one_another():
    close = [Event(n / 10, Kind.NOTE, f"something that happened {n}") for n in range(5)]
    drawn = drawn_from(outcome(events=close))
    heights = [
        text.get("y") for text in drawn.findall(f"{SVG}text") if "happened" in "".join(text.itertext())
    ]
    assert len(set(heights)) == 5


def test_every_file_of_the_catalogue_is_a_drill_with_a_name_of_its_own():
    drills = catalogue()
    assert {"region-loss", "node-loss", "postmaster-crash", "switchover"} <= set(drills)
    assert all(name == drill.name and drill.summary.endswith(".") for name, drill in drills.items())
