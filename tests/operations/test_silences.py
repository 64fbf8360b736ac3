"""Silences for maintenance: what is asked of Alertmanager, and what is refused."""

import json
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from bicoastal.operations.alertmanager import Alertmanagers, Matcher
from bicoastal.operations.refusal import OperationFailed, Refused
from bicoastal.operations.silences import maintain, matcher
from bicoastal.twin.certificates import new_authority, new_member

TOLD = {
    "id": "1",
    "matchers": [{"name": "place", "value": "west", "isRegex": False, "isEqual": True}],
    "startsAt": "2026-03-01T10:00:00.123Z",
    "endsAt": "2026-03-01T11:00:00.123Z",
    "createdBy": "ann",
    "comment": "a new disk",
    "status": {"state": "active"},
}


class Cluster:
    """Alertmanagers of which the first is lost."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.answers = answers

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "lost":
            raise httpx.ConnectError("refused")
        self.asked.append((request.method, request.url.path, json.loads(request.content or "null")))
        status, body = self.answers[f"{request.method} {request.url.path.removeprefix('/api/v2/')}"]
        return httpx.Response(status, json=body)


@pytest.fixture(scope="module")
def pair():
    authority = new_authority()
    return authority, new_member(authority, "monitor", ["monitor"])


def alertmanagers(pair, cluster, *addresses: str) -> Alertmanagers:
    authority, own = pair
    made = Alertmanagers(
        addresses or ("lost:9093", "here:9093"), authority.cert_pem, own.cert_pem, own.key_pem
    )
    made._http.close()
    made._http = httpx.Client(transport=httpx.MockTransport(cluster))
    return made


def test_a_silence_has_matchers_a_reason_an_author_and_an_end(pair):
    cluster = Cluster({"POST silences": (200, {"silenceID": "1"})})
    made = maintain(alertmanagers(pair, cluster), ["place=west", "part!~redis|etcd"], 30, "ann", "a new disk")
    assert made == "1"
    ((_, _, wanted),) = cluster.asked
    assert wanted["matchers"] == [
        {"name": "place", "value": "west", "isRegex": False, "isEqual": True},
        {"name": "part", "value": "redis|etcd", "isRegex": True, "isEqual": False},
    ]
    assert (wanted["createdBy"], wanted["comment"]) == ("ann", "a new disk")
    begins, ends = (datetime.fromisoformat(wanted[key]) for key in ("startsAt", "endsAt"))
    assert ends - begins == timedelta(minutes=30)


def test_a_silence_for_an_operation_ends_with_it_also_when_it_fails(pair):
    cluster = Cluster({"POST silences": (200, {"silenceID": "1"}), "DELETE silence/1": (200, {})})
    asked = alertmanagers(pair, cluster)
    with pytest.raises(ValueError, match="broken"), asked.silenced([Matcher("a", "b")], 5, "ann", "a deploy"):
        raise ValueError("broken")
    assert [method for method, _, _ in cluster.asked] == ["POST", "DELETE"]


def test_silences_that_have_ended_are_not_listed(pair):
    over = {**TOLD, "id": "0", "status": {"state": "expired"}}
    cluster = Cluster({"GET silences": (200, [over, TOLD])})
    (silence,) = alertmanagers(pair, cluster).silences()
    assert silence.as_json()["matchers"] == ["place=west"]
    assert (silence.id, silence.author, silence.reason) == ("1", "ann", "a new disk")
    assert json.dumps(silence.as_json())


def test_what_alertmanager_refuses_is_told_in_its_words(pair):
    cluster = Cluster({"DELETE silence/1": (404, "silence not found")})
    with pytest.raises(OperationFailed, match="silence not found"):
        alertmanagers(pair, cluster).expire("1")


def test_when_none_answers_each_is_named(pair):
    with pytest.raises(OperationFailed, match="no Alertmanager answers: lost:9093: refused"):
        alertmanagers(pair, Cluster({}), "lost:9093").silences()


@pytest.mark.parametrize("text", ["place=west", "place!=west", "place=~we.*", "place!~we.*", "place="])
def test_a_condition_is_written_as_it_is_read(text):
    assert str(matcher(text)) == text


WRONG = {
    "no condition": ([], 30, "ann", "why", "--match"),
    "no condition that says what": (["place!=west"], 30, "ann", "why", "--match"),
    "everything": (["alertname=~.*"], 30, "ann", "why", "--match"),
    "a condition that is none": (["west"], 30, "ann", "why", "--match"),
    "the dead man's switch": (["alertname=~W.*dog"], 30, "ann", "why", "--match"),
    "no end": (["place=west"], 0, "ann", "why", "--minutes"),
    "more than a week": (["place=west"], 10081, "ann", "why", "--minutes"),
    "no reason": (["place=west"], 30, "ann", " ", "--reason"),
    "no author": (["place=west"], 30, "", "why", "--author"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_silence_that_says_too_little_or_too_much_is_refused_before_anybody_is_asked(pair, what):
    *asked, named = WRONG[what]
    cluster = Cluster({})
    with pytest.raises(Refused, match=rf"^{named}: .*; fix: "):
        maintain(alertmanagers(pair, cluster), *asked)
    assert cluster.asked == []
