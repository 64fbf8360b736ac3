"""The tables of inputs and outputs in the library's README."""

import re
from pathlib import Path

import pytest

from bicoastal.reference import BEGIN, END, tables, written

README = Path(__file__).parents[2] / "components" / "README.md"


def test_the_readmes_tables_are_current():
    text = README.read_text()
    assert written(text) == text, "run: python -m bicoastal.reference components/README.md"


def test_what_is_written_by_hand_around_the_tables_stays():
    text = written(f"by hand\n{BEGIN}\nold\n{END}\nby hand, too\n")
    assert text.startswith(f"by hand\n{BEGIN}\n")
    assert text.endswith(f"\n{END}\nby hand, too\n")
    assert "\nold\n" not in text


def test_a_text_without_a_place_for_the_tables_is_refused():
    with pytest.raises(ValueError, match="lacks a mark"):
        written("by hand")


def test_every_input_output_and_value_says_what_it_means():
    assert [row for row in tables().splitlines() if re.search(r"\|\s*\|$", row)] == []


def test_an_input_is_shown_with_its_type_whether_it_is_needed_and_its_default():
    component = tables().partition("### EdgeZone\n")[2].partition("\n### ")[0]
    assert "| `plan` | [`EdgePlan`](#edgeplan) | required | The plan that" in component
    hsts = next(row for row in component.splitlines() if row.startswith("| `hsts` "))
    assert "| optional |" in hsts
    assert "Default:" in hsts


def test_the_links_lead_to_tables():
    text = tables()
    headings = {heading.lower() for heading in re.findall(r"^### (.*)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#(.*?)\)", text)) <= headings
