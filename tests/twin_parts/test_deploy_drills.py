"""What the deploy drills judge: a run that does not show what it claims must not pass."""

import time
from collections import Counter
from contextlib import contextmanager

import httpx
import pytest

from bicoastal.twin.drills.catalogue import deploy_bad, deploy_good
from bicoastal.twin.drills.load import Answer
from bicoastal.twin.drills.picture import picture
from bicoastal.twin.drills.requests import Requests
from bicoastal.twin.drills.trial_images import BAD
from tests.twin_parts.stages import FakeStage

FAILS = {
    "exits-at-once": "a task failed: no such setting: COLOR",
    "exits-after-40-s": "a task failed: gave up",
    "never-ready": "green is not ready after 150 s: answers 503 at /ready",
    "cannot-be-found": "image: neither here nor to be pulled",
}


def requests(rate=100.0, **answers):
    """Requests for ten seconds, so many of which were answered a second."""
    made = Requests("http://127.0.0.1:9", "run")
    made._began, made._ended = 0.001, 10.001
    made.answers = Counter({colour: round(10 * rate * share) for colour, share in answers.items()})
    return made


def played(drill, monkeypatch, tmp_path, asked, said=FAILS):
    @contextmanager
    def requests_on(stage):
        yield asked

    kinds = {f"image-{kind}": kind for kind in BAD} | {deploy_bad.NOWHERE: "cannot-be-found"}
    monkeypatch.setattr(drill, "requests_on", requests_on)
    monkeypatch.setattr(drill, "build_trial", lambda twin, kind, run: f"image-{kind}")
    if drill is deploy_bad:
        monkeypatch.setattr(drill, "failure_of", lambda twin, image, say: said[kinds[image]])
    else:
        monkeypatch.setattr(drill, "deploy_on", lambda *_: type("Deployed", (), {"seconds": 60.0}))
    return drill.play(FakeStage(tmp_path))


def failed(outcome):
    return [measure.name for measure in outcome.measures if not measure.passed]


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (requests(blue=0.5, green=0.5), []),
        (requests(rate=94, blue=0.5, green=0.5), ["rate"]),
        (requests(blue=1), ["colours that answered"]),
        (requests(blue=0.5, none=0.5), ["colours that answered"]),
    ],
)
def test_a_good_image_is_shown_at_the_full_rate_with_answers_of_both_colours(
    monkeypatch, tmp_path, asked, wrong
):
    assert failed(played(deploy_good, monkeypatch, tmp_path, asked)) == wrong


def test_a_failed_request_fails_the_run(monkeypatch, tmp_path):
    asked = requests(blue=0.5, green=0.5)
    asked.failures.append("12:00:00 503")
    assert failed(played(deploy_good, monkeypatch, tmp_path, asked)) == ["requests failed"]


@pytest.mark.parametrize(
    ("asked", "said", "wrong"),
    [
        (requests(blue=1), {}, []),
        (requests(rate=90, blue=1), {}, ["rate"]),
        (requests(blue=0.5, green=0.5), {}, ["colours that answered"]),
        (requests(), {}, ["rate", "colours that answered"]),
        (requests(blue=1), {"never-ready": ""}, ["bad images that were taken for good"]),
        *(
            (
                requests(blue=1),
                {kind: "another operation is under way"},
                ["bad images that failed for another reason"],
            )
            for kind in FAILS
        ),
    ],
)
def test_each_bad_image_is_found_out_for_what_is_bad_about_it(monkeypatch, tmp_path, asked, said, wrong):
    assert failed(played(deploy_bad, monkeypatch, tmp_path, asked, FAILS | said)) == wrong


def test_the_answers_are_drawn_by_region_and_counted(monkeypatch, tmp_path):
    asked = requests(blue=0.5, green=0.5)
    asked.answered = [Answer(99.95, "east"), Answer(100.25, "east"), Answer(100.28, "west")]
    outcome = played(deploy_good, monkeypatch, tmp_path, asked)
    assert outcome.acknowledged == 3
    assert outcome.timeline.writes == {"east": [1, 0, 0, 1], "west": [0, 0, 0, 1]}
    assert "acknowledged requests per 100 ms" in picture(outcome)
    assert "<path" in picture(outcome)


def test_requests_note_when_and_by_which_region_each_was_answered(monkeypatch):
    answer = httpx.Response(200, headers={"x-region": "west", "x-colour": "green"})
    asked = Requests("http://127.0.0.1:9", "run")
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer), base_url=asked.url) as http:
        before = time.monotonic()
        asked._one(http, user=0, sequence=1)
    (noted,) = asked.answered
    assert noted.region == "west"
    assert before <= noted.at <= time.monotonic()
    assert asked.answers == {"green": 1}
