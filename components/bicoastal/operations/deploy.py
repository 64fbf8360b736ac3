"""A new image under the idle colour, then users moved to it, and back by itself when it fails."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import Protocol

from ..checks.problem import Problem
from .colours import TROUBLE, Colours, Tasks, Traffic, other
from .environment import Image, NoImage, RunningEnvironment, Say
from .journal import Journal
from .lock import exclusively
from .refusal import OperationFailed, Refused
from .repair import image_setting, repair, ways_back, whereabouts
from .scale import require_all_reachable

SOAK_S = 45.0
"""Seconds that the new colour must stand before users come, and a third of it under them: one that dies
within its first 40 s is found while nobody uses it."""
READY_LIMIT_S = 150.0
DRAIN_LIMIT_S = 30.0
MORE_ERRORS = 0.01
"""How much larger the failed part of the requests may be than it was under the old colour."""
FEW_ERRORS = 3
"""Errors that are not enough to judge by."""
_LOOK_S = 1.0
_REPAIRS, _REPAIR_PAUSE_S = 3, 5.0
_WORD_LOOKS = 3
_ASK_EVERY = 5
"""Looks at tasks for each question to the tasks themselves, which is dearer."""


class Unfit(Exception):
    """The new colour is not fit for users; the text says why."""


class Clock(Protocol):
    """The passing of time."""

    def monotonic(self) -> float:
        """Seconds."""

    def sleep(self, seconds: float, /) -> None:
        """Let them pass."""


@dataclass(frozen=True)
class Deployed:
    """What a deploy came to."""

    image: str
    colour: str
    seconds: float
    requests: int
    """What the new colour has been asked while it was watched under users."""
    errors: int
    """Of them, those that failed beyond what was usual under the old colour: a region that says `secondary`
    to the edge's probes answers each with 503."""

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return asdict(self)


def deploy(
    environment: RunningEnvironment,
    open_colours: Callable[[], AbstractContextManager[Colours]],
    name: str,
    say: Say,
    soak_s: float = SOAK_S,
    clock: Clock = time,
) -> Deployed:
    """Give the image to the idle colour in both regions, wait until it is ready, let it stand for `soak_s`
    seconds, send users to it, the primary's region last, and watch it for a third of that under users.

    Raises `Refused`, with nothing changed, for an image that nobody has or that is live already, while a
    place cannot be reached and while another operation is under way. Raises `OperationFailed` when the image
    proved unfit: users are on the old colour again, and the idle colour has its old image.
    """
    with exclusively(environment.folder, "deploy"):
        require_all_reachable(environment)
        image = _known(environment, name)
        with open_colours() as colours:
            _require_balancers(environment, colours)
            live = repair(environment, colours, say)
            _require_another(environment, colours, image, name, live)
            environment.check(image_setting(other(live), image.reference))
            environment.pin(image)
            return _Deploy(environment, colours, say, clock, soak_s).run(image.reference, live)


def _known(environment: RunningEnvironment, name: str) -> Image:
    try:
        return environment.image(name)
    except NoImage as nowhere:
        raise Refused(
            Problem(
                "image",
                "neither here nor to be pulled",
                f"{name!r} (the registry's word: {nowhere})",
                "an image that this machine has, or a registry that it reaches and may read",
                "by that word: build it or correct its name and tag, log in with `docker login`, or mend the"
                " way to the registry",
            )
        ) from None


def _require_balancers(environment: RunningEnvironment, colours: Colours) -> None:
    try:
        colours.live()
    except TROUBLE as trouble:
        raise Refused(
            Problem(
                "balancers",
                "one does not tell its colour",
                str(trouble),
                "every balancer of both regions at work",
                f"wait until Swarm has it again, or bring it back: `bicoastal up {environment.name}`",
            )
        ) from None


def _require_another(
    environment: RunningEnvironment, colours: Colours, image: Image, name: str, live: str
) -> None:
    for region in colours.regions:
        try:
            serving = environment.image(colours.tasks(region, live).image)
        except NoImage:
            return
        if serving.content != image.content:
            return
    raise Refused(
        Problem(
            "image",
            f"{live} is live with it already",
            repr(name),
            "an image that is not live",
            "nothing needs doing, or build the new version first",
        )
    )


@dataclass
class _Deploy:
    environment: RunningEnvironment
    colours: Colours
    say: Say
    clock: Clock
    soak_s: float
    image: str = ""
    new: str = ""
    old: str = ""
    journal: Journal = field(init=False)
    known: set[str] = field(default_factory=set)
    """Tasks that had failed before."""

    def run(self, image: str, live: str) -> Deployed:
        """Every step in turn; back when one finds the new colour unfit."""
        began = self.clock.monotonic()
        self.image, self.old, self.new = image, live, other(live)
        images = self.environment.settings.get("api", {}).get("images") or {}
        self.journal = Journal(image, live, self.new, images.get(self.new))
        try:
            served = self._steps()
        except (Unfit, *TROUBLE) as why:
            raise OperationFailed(self._taken_back(why)) from why
        self.journal.done(self.new).save(self.environment.folder)
        seconds = round(self.clock.monotonic() - began, 1)
        return Deployed(image, self.new, seconds, served.requests, served.errors)

    def _steps(self) -> Traffic:
        self._step(f"{self.new} is given {self.image}")
        self._apply()
        self._step(f"waiting until {self.new} is ready")
        self._await_ready()
        self._step(f"{self.new} stands for {self.soak_s:g} s without users")
        before = self._traffic(self.old)
        self._soak(self.soak_s)
        usual = {region: now.since(before[region]) for region, now in self._traffic(self.old).items()}
        counted = self._traffic(self.new)
        for region in self.colours.regions:
            self._step(f"{region}: users go to {self.new}")
            self.colours.show(region, self.new)
        self._step(f"{self.old} answers what it has begun")
        self._drain()
        self._step(f"{self.new} is watched for {self.soak_s / 3:g} s under users")
        self._soak(self.soak_s / 3, lambda: self._compare(counted, usual))
        self._require_shown_everywhere()
        served = {region: now.since(counted[region]) for region, now in self._traffic(self.new).items()}
        return Traffic(
            sum(each.requests for each in served.values()),
            sum(each.unusual_errors(usual[region]) for region, each in served.items()),
        )

    def _apply(self) -> None:
        looks = [self.colours.tasks(region, self.new) for region in self.colours.regions]
        self.known = {failure.task for tasks in looks for failure in tasks.failures}
        try:
            changed = self.environment.apply(image_setting(self.new, self.image), self.say)
        except OperationFailed:
            for region in self.colours.regions:  # a task's own word is better than who waited for it has
                self._require_unbroken(region, self.colours.tasks(region, self.new))
            raise
        self.say(f"changed: {', '.join(changed) or 'nothing'}")

    def _step(self, text: str) -> None:
        self.journal = self.journal.at(text)
        self.journal.save(self.environment.folder)
        self.say(text)

    def _await_ready(self) -> None:
        deadline = self.clock.monotonic() + READY_LIMIT_S
        while True:
            missing = [text for region in self.colours.regions if (text := self._missing(region))]
            if not missing:
                return
            if self.clock.monotonic() > deadline:
                raise Unfit(f"{self.new} is not ready after {READY_LIMIT_S:g} s: {'; '.join(missing)}")
            self.clock.sleep(_LOOK_S)

    def _missing(self, region: str) -> str:
        tasks = self.colours.tasks(region, self.new)
        self._require_unbroken(region, tasks)
        if tasks.image != self.image:
            return f"{region}: {self.new} has {tasks.image}"
        if len(tasks.healthy) < tasks.wanted or tasks.updating:
            return f"{region}: {len(tasks.healthy)} of {tasks.wanted} tasks are healthy"
        unready = self.colours.unready(region, self.new)
        return f"{region}: {unready}" if unready else ""

    def _require_unbroken(self, region: str, tasks: Tasks) -> None:
        if tasks.taken_back:
            why = self._own_word() or tasks.taken_back
            raise Unfit(f"{region}: Swarm took the update of {self.new} back: {why}")
        why = self._why(tasks)
        if why:
            raise Unfit(f"{region}: a task of {self.new} failed: {why}")

    def _why(self, tasks: Tasks) -> str:
        failures = (f for f in tasks.failures if f.image == self.image and f.task not in self.known)
        return next((failure.why for failure in failures), "")

    def _own_word(self) -> str:
        """What a task said, in whichever region: Swarm may tell of a rollback a moment before it tells of the
        failure."""
        for _ in range(_WORD_LOOKS):
            for region in self.colours.regions:
                why = self._why(self.colours.tasks(region, self.new))
                if why:
                    return why
            self.clock.sleep(_LOOK_S)
        return ""

    def _soak(self, seconds: float, also: Callable[[], None] = lambda: None) -> None:
        until = self.clock.monotonic() + seconds
        first = {region: self.colours.tasks(region, self.new) for region in self.colours.regions}
        looks = 0
        while True:
            for region in self.colours.regions:
                tasks = self.colours.tasks(region, self.new)
                self._require_unbroken(region, tasks)
                if not first[region].healthy <= tasks.healthy:
                    raise Unfit(f"{region}: a task of {self.new} stopped being healthy")
                unready = looks % _ASK_EVERY == 0 and self.colours.unready(region, self.new)
                if unready:
                    raise Unfit(f"{region}: {self.new} was ready and is not any more: {unready}")
            also()
            if self.clock.monotonic() >= until:
                return
            looks += 1
            self.clock.sleep(_LOOK_S)

    def _require_shown_everywhere(self) -> None:
        """A balancer that was restarted while users moved may have come back with the old colour."""
        wrong = sorted(name for name, colour in self.colours.live().items() if colour != self.new)
        if wrong:
            raise Unfit(f"{' and '.join(wrong)} came to send users to {self.old} again")

    def _compare(self, counted: Mapping[str, Traffic], usual: Mapping[str, Traffic]) -> None:
        for region, now in self._traffic(self.new).items():
            served, share = now.since(counted[region]), usual[region].error_share
            if served.errors > FEW_ERRORS and served.error_share > share + MORE_ERRORS:
                raise Unfit(
                    f"{region}: {served.errors} of {served.requests} requests to {self.new} failed"
                    f" ({share:.1%} did under {self.old})"
                )

    def _drain(self) -> None:
        """The old colour's tasks are not stopped: they are what the deploy would go back to."""
        until = self.clock.monotonic() + DRAIN_LIMIT_S
        while busy := sum(each.open for each in self._traffic(self.old).values()):
            if self.clock.monotonic() >= until:
                self.say(f"{busy} requests to {self.old} are still open; they may end in their own time")
                return
            self.clock.sleep(_LOOK_S)

    def _traffic(self, colour: str) -> dict[str, Traffic]:
        return {region: self.colours.traffic(region, colour) for region in self.colours.regions}

    def _taken_back(self, why: Exception) -> str:
        """Users back first, then the image; what was done, in words."""
        self.say(f"unfit: {why}")
        try:
            self._repair()
            self.environment.wait_until_healthy(self.say)
        except TROUBLE as error:
            return (
                f"{why}\nTaking it back failed too: {error}\n"
                f"Now {whereabouts(self.colours)}.\n{ways_back(self.environment)}."
            )
        previous = self.journal.previous or "the image that it had"
        return f"{why}\nUsers are on {self.old}; {self.new} has {previous} again."

    def _repair(self) -> None:
        """Try again what failed, for Swarm replaces a balancer that died within seconds."""
        for attempt in range(1, _REPAIRS + 1):
            try:
                repair(self.environment, self.colours, self.say)
                return
            except TROUBLE as trouble:
                if attempt == _REPAIRS:
                    raise
                self.say(f"not yet: {trouble}")
                self.clock.sleep(_REPAIR_PAUSE_S)
