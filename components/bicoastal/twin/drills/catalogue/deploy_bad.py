"""Bad images are deployed while users write and read."""

from ..outcome import Measure, Outcome
from ..registry import Drill
from ..stage import Stage
from ..trial import failure_of, requests_on
from ..trial_images import BAD, build_trial

NOWHERE = "bicoastal/no-such-image:1"


def play(stage: Stage) -> Outcome:
    """One that exits at once, one that exits after 40 s, one that is never ready, one that nobody has: each
    is found out, says why, and costs no request."""
    images = {kind: build_trial(stage.twin, kind, stage.run) for kind in BAD} | {"cannot-be-found": NOWHERE}
    said: dict[str, str] = {}
    with requests_on(stage) as requests:
        for kind, image in images.items():
            stage.note(f"a bad image: {kind}")
            said[kind] = failure_of(stage.twin, image, stage.note)
        requests.stop()
    passed_for_good = [kind for kind, text in said.items() if not text]
    return stage.outcome(
        [
            Measure("requests failed", len(requests.failures), 0, "requests"),
            Measure("bad images that were taken for good", len(passed_for_good), 0, "images"),
            Measure("colours that answered", len(requests.answers), 1, "colours"),
        ],
        {**requests.told(), "said": said},
    )


DRILL = Drill(
    "deploy-bad", "Deploy images that exit, are never ready or do not exist: no request may fail.", play
)
