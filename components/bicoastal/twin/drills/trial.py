"""Deploys on trial, of images made for it, and the way back from them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from ...operations.colours import COLOURS
from ...operations.deploy import Deployed, deploy
from ...operations.journal import Journal
from ...operations.lock import exclusively
from ...operations.refusal import OperationFailed, Refused
from ...operations.repair import take_back
from ...operations.running_colours import running_colours
from ..running import RunningTwin
from ..twin import Twin
from .outcome import Measure, Outcome, Timeline
from .requests import Requests
from .stage import Say, Stage
from .trial_images import remove_trials

BEFORE_S = 3.0
"""Seconds of requests before the deploy begins."""
LEAST_SHARE = 0.95
"""Of the requests that were to be sent: a run in which the machine sent fewer shows nothing."""


def deploy_on(twin: Twin, image: str, say: Say) -> Deployed:
    """Deploy the image on the twin. Raises as `deploy` does."""
    environment = RunningTwin(twin)
    return deploy(environment, lambda: running_colours(environment), image, say)


def failure_of(twin: Twin, image: str, say: Say) -> str:
    """Deploy an image that is bad; what was said of it, or nothing when it was deployed all the same."""
    try:
        deploy_on(twin, image, say)
    except (OperationFailed, Refused) as failure:
        return str(failure)
    return ""


def figures(requests: Requests, colours: int) -> list[Measure]:
    """What users saw: none failed, as many as were to be sent, and just so many colours answered."""
    rate, answered = requests.rate_reached, [colour for colour in COLOURS if requests.answers[colour]]
    return [
        Measure("requests failed", len(requests.failures), 0, "requests"),
        Measure("rate", round(rate, 1), unit="requests/s", least=LEAST_SHARE * requests.rate),
        Measure("colours that answered", len(answered), colours, "colours", least=colours),
    ]


def seen(
    stage: Stage, requests: Requests, measures: Sequence[Measure], notes: Mapping[str, object]
) -> Outcome:
    """The run's outcome, with what these requests were told in place of the stage's own users."""
    fault_at = stage.fault_at or 0.0
    answers = [(answer.at - fault_at, answer.region) for answer in requests.answered]
    return replace(
        stage.outcome(measures, {**requests.told(), **notes}),
        acknowledged=len(answers),
        timeline=Timeline.of(answers, [stage.home, stage.other], "requests"),
    )


@contextmanager
def requests_on(stage: Stage) -> Iterator[Requests]:
    """Requests at work; at the end of the run the twin has the images and the live colour from before."""
    before = Journal.load(stage.twin.layout.folder)
    with Requests(stage.twin.edge.url, stage.run) as requests:
        stage.within(BEFORE_S * 10, lambda: requests.sent > BEFORE_S * requests.rate)
        stage.strike("deploy", lambda: None, repair=lambda: _restore(stage, before))
        yield requests


def _restore(stage: Stage, before: Journal | None) -> None:
    environment = RunningTwin(stage.twin)
    if Journal.load(environment.folder) != before:
        with exclusively(environment.folder, "drill"), running_colours(environment) as colours:
            take_back(environment, colours, stage.say)
            environment.wait_until_healthy(stage.say)
    remove_trials(stage.twin, stage.run)
