"""What the reference API measures for its objectives."""

import json
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sample_api.region import PrimaryIs

from tests.images.test_sample_api import PIN, api, password_file, store

__all__ = ["api", "password_file", "store"]


def value(client, name, **labels):
    families = text_string_to_metric_families(client.get("/metrics").text)
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


def series(client, name):
    families = text_string_to_metric_families(client.get("/metrics").text)
    return [s for family in families for s in family.samples if s.name == name]


@pytest.mark.parametrize(
    ("name", "label", "values"),
    [
        ("database_query_duration_seconds_count", "query", {"add", "get", "within"}),
        ("cache_command_duration_seconds_count", "command", {"get", "set"}),
        ("payments_total", "result", {"success", "declined", "failure"}),
        ("page_load_duration_seconds_count", "region", {"east"}),
    ],
)
def test_what_is_known_beforehand_is_counted_from_zero(api, name, label, values):
    found = series(api, name)
    assert {sample.labels[label] for sample in found} == values
    assert {sample.value for sample in found} == {0}
    assert {(one.labels["region"], one.labels["colour"]) for one in found} == {("east", "blue")}


def test_each_query_is_timed_by_its_kind(api):
    api.post("/api/pins", json=PIN)
    api.get("/api/pins/1")
    api.get("/api/pins/1")
    api.get("/api/pins", params={"bbox": "-75,40,-73,41"})
    counted = {query: value(api, "database_query_duration_seconds_count", query=query) for query in QUERIES}
    assert counted == {"add": 1, "get": 2, "within": 1}


QUERIES = ("add", "get", "within")


def test_a_slow_query_is_not_below_the_bound(api, store, monkeypatch):
    quick = store.get

    async def slow(number):
        time.sleep(0.11)
        return await quick(number)

    api.get("/api/pins/1")
    monkeypatch.setattr(store, "get", slow)
    api.get("/api/pins/1")
    assert value(api, "database_query_duration_seconds_count", query="get") == 2
    assert value(api, "database_query_duration_seconds_bucket", query="get", le="0.1") == 1


def test_a_query_that_failed_is_timed_too(api, store):
    store.primary = PrimaryIs.NOWHERE
    assert api.get("/api/pins/1").status_code == 503
    assert value(api, "database_query_duration_seconds_count", query="get") == 1


@pytest.mark.parametrize(("outcome", "status"), [("success", 201), ("declined", 402), ("failure", 502)])
def test_a_payment_is_counted_by_its_result(api, outcome, status):
    answer = api.post("/api/payments", json={"cents": 499, "outcome": outcome})
    assert (answer.status_code, answer.json()) == (status, {"result": outcome})
    assert value(api, "payments_total", result=outcome) == value(api, "payments_total") == 1


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("cents", 0),
        ("cents", -1),
        ("cents", 10_000_001),
        ("cents", 1.5),
        ("cents", True),
        ("cents", None),
        ("outcome", "stolen"),
        ("outcome", 5),
    ],
)
def test_a_wrong_payment_is_refused_and_not_counted(api, field, given):
    answer = api.post("/api/payments", json={"cents": 499, "outcome": "success", field: given})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field
    assert value(api, "payments_total") == 0


@pytest.mark.parametrize(("seconds", "below"), [(0, 1), (3, 1), (3.01, 0), (60, 0)])
def test_a_page_load_is_counted_at_or_below_its_bound(api, seconds, below):
    assert api.post("/api/page-loads", json={"seconds": seconds}).status_code == 204
    assert value(api, "page_load_duration_seconds_bucket", le="3.0") == below
    assert value(api, "page_load_duration_seconds_count") == 1


@pytest.mark.parametrize("seconds", [-0.1, 60.1, "2", True, None, float("nan"), float("inf")])
def test_a_page_load_outside_its_bounds_is_refused_and_not_counted(api, seconds):
    answer = api.post("/api/page-loads", content=json.dumps({"seconds": seconds}))
    assert answer.status_code == 422
    assert answer.json()["error"] == {
        "field": "seconds",
        "given": repr(seconds),
        "allowed": "a number from 0 to 60",
    }
    assert value(api, "page_load_duration_seconds_count") == 0


@pytest.mark.parametrize("path", ["/api/payments", "/api/page-loads"])
@pytest.mark.parametrize("body", [b"{", b"[]"])
def test_a_report_that_is_no_json_object_is_refused(api, path, body):
    assert api.post(path, content=body).json()["error"]["field"] == "body"
