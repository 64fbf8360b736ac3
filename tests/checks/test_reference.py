"""The page that lists the checks."""

from pathlib import Path

from bicoastal.checks.reference import written
from bicoastal.checks.resources import CHECKS, SUBJECTS

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def test_the_page_is_current():
    assert PAGE.read_text() == written(), "run: python -m bicoastal.checks.reference docs/checks.md"


def test_every_check_is_on_it_once_with_its_severity_its_sentence_and_its_reason():
    rows = [line for line in written().splitlines() if line.startswith("| `")]
    for check in CHECKS:
        (row,) = [row for row in rows if row.startswith(f"| `{check.id}` | {check.severity.value} | ")]
        assert row.count(" | ") == 4, "five cells"
    assert [subject for subject in SUBJECTS if f"\n## {subject}\n" not in written()] == []
