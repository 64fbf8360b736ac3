"""A good image is deployed while users write and read."""

from ..outcome import Measure, Outcome
from ..registry import Drill
from ..stage import Stage
from ..trial import deploy_on, figures, requests_on, seen
from ..trial_images import GOOD, build_trial


def play(stage: Stage) -> Outcome:
    """The whole sequence under 100 requests a second, of which none may fail; both colours answer some."""
    image = build_trial(stage.twin, GOOD, stage.run)
    with requests_on(stage) as requests:
        done = deploy_on(stage.twin, image, stage.note)
        requests.stop()
    return seen(stage, requests, [*figures(requests, colours=2), Measure("deploy", done.seconds)], {})


DRILL = Drill("deploy-good", "Deploy a good image under 100 requests a second: none may fail.", play)
