"""Escalation levels and the page after an incident."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bicoastal.monitoring.routing.escalation import LEVELS, minutes_of_each, table
from bicoastal.monitoring.routing.pages import pages
from bicoastal.monitoring.routing.post_incident import Incident, post_incident_page

RUNBOOKS = Path(__file__).parents[3] / "docs" / "runbooks"
PAGED = datetime(2026, 3, 1, 23, 50, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_committed_pages_are_current(name):
    assert (RUNBOOKS / name).read_text() == pages()[name]


def test_each_level_takes_over_when_the_one_before_has_had_its_time():
    assert [level.until_min for level in LEVELS] == [5, 15, 30, 60]
    assert minutes_of_each([5, 15, 30, 60]) == [5, 10, 15, 30]
    rows = table().splitlines()[2:]
    assert [row.split(" | ")[2:4] for row in rows] == [
        ["0 min", "5 min"],
        ["5 min", "15 min"],
        ["15 min", "30 min"],
        ["30 min", "60 min"],
    ]


def test_the_page_of_an_incident_is_due_a_day_after_its_end():
    ended = datetime(2026, 3, 2, 0, 20, tzinfo=UTC)
    page = post_incident_page(Incident(title="Outage", paged=PAGED, ended=ended, messages=["00:01 | told"]))
    assert "# Incident: Outage" in page
    assert "| lasted | 30 min |" in page
    assert "| this page is due | 2026-03-03 00:20:00 UTC |" in page
    assert "| 00:01 | told |" in page


def test_the_page_of_an_incident_that_lasts_has_no_end_yet():
    page = post_incident_page(Incident(title="Outage", paged=PAGED))
    assert "| paged | 2026-03-01 23:50:00 UTC |" in page
    assert "| ended | ... |" in page
    assert "| this page is due | 24 h after the end |" in page
