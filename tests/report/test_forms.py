"""The report as Markdown, JSON and a page: the query beside each figure, and nothing that is not known."""

import json
import re
from html.parser import HTMLParser

import httpx
import pytest

from bicoastal.monitoring.objectives.incidents import OPENED_BY
from bicoastal.report.data import data
from bicoastal.report.markdown import markdown
from bicoastal.report.page import page
from tests.report.prometheus import report, up
from tests.report.test_incidents import START, firing
from tests.report.test_latency import buckets

VOID = {"meta"}
HOSTILE = "<script>alert(1)</script>|`"


def full():
    counts = {0.1: 90, 0.5: 99, float("inf"): 100}
    return report(up(0.0005, buckets=buckets(counts), firing=[firing("A", START, 600)]), up(place="west"))


def silent():
    return report(httpx.ConnectError("refused"), httpx.ConnectError("refused"))


class Elements(HTMLParser):
    """What a browser would read; every element must be closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def figures(value):
    """Every figure in the data, however deep."""
    if isinstance(value, dict):
        if "value" in value:
            yield value
        for inner in value.values():
            yield from figures(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from figures(inner)


def test_in_json_each_figure_has_its_query():
    found = list(figures(json.loads(json.dumps(data(full())))))
    assert len(found) >= 17
    assert all(figure["query"] and figure["value"] is not None for figure in found)


def test_in_json_what_is_not_known_is_null_with_its_reason():
    made = data(report(up(objectives=[({"slo": "payments"}, 0.998)], total=[], errors=[], tiles=[])))
    (held,) = made["objectives"]
    assert held["good"]["value"] is held["used_downtime_s"]["value"] is held["is_held"] is None
    assert held["good"]["missing"] == "no data"
    assert made["incidents"]["mttr_s"] == {
        "value": None,
        "query": OPENED_BY,
        "missing": "no incident that is over",
    }


@pytest.mark.parametrize("form", [markdown, page])
def test_what_nobody_answered_is_nowhere_a_hundred_percent(form):
    text = form(silent())
    assert "100 %" not in text
    assert "did not answer" in text
    assert text.count("No data") == 2
    assert data(silent())["incidents"]["count"]["value"] is None


@pytest.mark.parametrize("form", [markdown, page])
def test_the_figures_stand_beside_their_queries(form):
    text = form(full()).replace("&#34;", '"').replace(r"\|", "|")
    for words in ("99.975 %", "1 min 26 s", "22 s", "75 %", "10 min", "56 ms", "322 ms", "500 ms"):
        assert words in text
    for query in (
        'sum_over_time(slo:sli_errors:rate5m{slo="uptime"}[86399s:5m])',
        'slo:objective:ratio{slo="uptime"}',
        "histogram_quantile(0.99, ",
        OPENED_BY,
        "incident:open:bool",
    ):
        assert query in text


def test_the_page_opens_offline():
    text = page(full())
    assert not re.search(r"""(src|href)=|@import|url\(""", text)
    assert {tag for tag, _ in Elements(text).found} & {"script", "link", "img", "iframe"} == set()


def test_a_chart_is_readable_for_who_does_not_see_it():
    drawn = [attributes for tag, attributes in Elements(page(full())).found if tag == "svg"]
    assert len(drawn) == 3
    assert all(each["role"] == "img" and each["aria-label"] for each in drawn)


def test_a_chart_shows_what_was_not_measured_in_a_colour_of_its_own():
    text = page(report(up(total_of_part=[], errors_of_part=[])))
    assert text.count('<rect class="unknown"') == 24
    assert ": no data</title>" in text


def test_a_name_is_no_markup():
    made = report(up(buckets=buckets({1.0: 1, float("inf"): 1}), firing=[firing(HOSTILE, START, 60)]))
    assert "<script>" not in page(made)
    rows = [line for line in markdown(made).splitlines() if "alert(1)" in line]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)


def test_every_row_of_a_table_in_markdown_has_its_columns():
    tables = re.split(r"\n\n", markdown(full()))
    for table in (part.strip().splitlines() for part in tables if part.strip().startswith("|")):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table}) == 1


def test_every_row_of_figures_in_markdown_ends_with_a_query():
    rows = [row for row in markdown(full()).splitlines() if row.startswith("|")]
    columns = [re.split(r"(?<!\\)\|", row)[1:-1] for row in rows]
    asked, with_queries = False, 0
    for cells in columns:
        if set(cells[0]) <= set(" -"):
            continue
        if cells[0].strip() in ("Figure", "Objective", "Prometheus", "Endpoint", "Start"):
            asked = cells[-1].strip() == "Query"
        elif asked:
            with_queries += 1
            assert cells[-1].strip().startswith("`"), cells
    assert with_queries == 10


def test_every_card_of_the_page_has_its_query():
    cards = re.findall(r'<div class="card[^>]*>.*?</div>', page(full()))
    assert len(cards) == 9
    assert all(re.search(r"<code>.{5,}</code>", card) for card in cards)
