"""Bad images are deployed while users write and read."""

from collections.abc import Mapping

from ..outcome import Measure, Outcome
from ..registry import Drill
from ..stage import Stage
from ..trial import failure_of, figures, requests_on, seen
from ..trial_images import BAD, build_trial

NOWHERE = "bicoastal/no-such-image:1"
CANNOT_BE_FOUND = "cannot-be-found"
WORDS = {
    "exits-at-once": "no such setting: COLOR",
    "exits-after-40-s": "gave up",
    "never-ready": "answers 503 at /ready",
    CANNOT_BE_FOUND: "neither here nor to be pulled",
}
"""What must be said of each: one that is refused or fails for another reason shows nothing."""


def play(stage: Stage) -> Outcome:
    """One that exits at once, one that exits after 40 s, one that is never ready, one that nobody has: each
    is found out, says why, and costs no request."""
    images = {kind: build_trial(stage.twin, kind, stage.run) for kind in BAD} | {CANNOT_BE_FOUND: NOWHERE}
    said: dict[str, str] = {}
    with requests_on(stage) as requests:
        for kind, image in images.items():
            stage.note(f"a bad image: {kind}")
            said[kind] = failure_of(stage.twin, image, stage.note)
        requests.stop()
    return seen(stage, requests, [*figures(requests, colours=1), *_found_out(said)], {"said": said})


def _found_out(said: Mapping[str, str]) -> list[Measure]:
    passed_for_good = [kind for kind, text in said.items() if not text]
    for_another_reason = [kind for kind, text in said.items() if text and WORDS[kind] not in text]
    return [
        Measure("bad images that were taken for good", len(passed_for_good), 0, "images"),
        Measure("bad images that failed for another reason", len(for_another_reason), 0, "images"),
    ]


DRILL = Drill(
    "deploy-bad", "Deploy images that exit, are never ready or do not exist: no request may fail.", play
)
