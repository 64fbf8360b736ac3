"""After a deploy that nobody ended: the colour that served before it serves again, everywhere."""

from collections.abc import Mapping
from dataclasses import replace

from ..checks.problem import Problem
from .colours import TROUBLE, Colours, other
from .environment import RunningEnvironment, Say, Settings
from .journal import Journal
from .refusal import OperationFailed, Refused


def repair(environment: RunningEnvironment, colours: Colours, say: Say) -> str:
    """Take back a deploy that was not ended, and make the balancers agree; returns the live colour.

    After a deploy that was ended, balancers that agree are believed, for somebody may have moved users by
    hand; the journal only settles what they disagree on.
    Users go back first, and only then is the image that they no longer need taken from the idle colour.
    Raises `Refused` when balancers disagree and no deploy says which of them is right; `OperationFailed` when
    users of a region could not be moved: those of the others were, and no image has changed.
    """
    journal = Journal.load(environment.folder)
    if journal is None:
        return _agreed(colours.live())
    if not journal.unfinished and (chosen := _same_everywhere(colours.live())):
        journal.done(chosen).save(environment.folder)
        return chosen
    unmoved = move_users(colours, journal.live, say, everywhere=journal.unfinished)
    if unmoved:
        raise OperationFailed(unmoved)
    if journal.unfinished:
        say(f"taking back the deploy of {journal.image}, which ended at step '{journal.step}'")
        environment.apply(image_setting(journal.idle, journal.previous), say)
        journal.done(journal.live).save(environment.folder)
    return journal.live


def take_back(environment: RunningEnvironment, colours: Colours, say: Say) -> str:
    """Undo the newest deploy, also one that succeeded: users on the colour before it, the image from before
    under its own; returns the live colour. The caller holds the environment's lock."""
    journal = Journal.load(environment.folder)
    if journal is not None:
        undone = replace(journal, live=other(journal.idle))
        undone.at("taken back").save(environment.folder)
    return repair(environment, colours, say)


def move_users(colours: Colours, colour: str, say: Say, *, everywhere: bool) -> str:
    """Send users to the colour wherever a balancer sends them to the other one. With `everywhere` each is
    told, for one whose change was cut off may say the right colour and remember the wrong one.

    A region that cannot be moved holds up no other. Returns which ones could not, and why; empty when all
    were.
    """
    unmoved = []
    for region in colours.regions:
        try:
            _move(colours, region, colour, say, everywhere=everywhere)
        except TROUBLE as trouble:
            unmoved.append(f"{region}: users could not be sent to {colour}: {trouble}")
    return "; ".join(unmoved)


def whereabouts(colours: Colours) -> str:
    """Where the users of each region are now, in words."""
    return "; ".join(f"{region}: {_seen(colours, region)}" for region in colours.regions)


def ways_back(environment: RunningEnvironment) -> str:
    """The commands that take back a deploy which was not ended, by which regions can be reached."""
    name = environment.name
    everywhere = f"`bicoastal up {name}` takes it back"
    lost = [place.name for place in environment.topology.places if environment.unreachable(place.name)]
    only = only_reachable(environment)
    if not lost or not only:
        return everywhere
    return (
        f"`bicoastal up {only} {name}` takes it back where that can be done now;"
        f" {everywhere} everywhere, once {' and '.join(lost)} can be reached"
    )


def only_reachable(environment: RunningEnvironment) -> str:
    """The options of `up` that name the regions which can be reached."""
    regions = [place.name for place in environment.topology.regions]
    return " ".join(f"--only {name}" for name in regions if environment.unreachable(name) is None)


def _move(colours: Colours, region: str, colour: str, say: Say, *, everywhere: bool) -> None:
    if everywhere or any(shown != colour for shown in colours.live(region).values()):
        say(f"{region}: users go to {colour}")
        colours.show(region, colour)


def _seen(colours: Colours, region: str) -> str:
    try:
        return f"users are on {' and '.join(sorted(set(colours.live(region).values())))}"
    except TROUBLE as trouble:
        return f"nobody can say where users are ({trouble})"


def image_setting(colour: str, image: str | None) -> Settings:
    """The setting that gives a colour its image; None for the program's own."""
    return {"api": {"images": {colour: image}}}


def _same_everywhere(live: Mapping[str, str]) -> str:
    """The colour that all balancers show; empty when they differ."""
    colours = set(live.values())
    return colours.pop() if len(colours) == 1 else ""


def _agreed(live: Mapping[str, str]) -> str:
    found = _same_everywhere(live)
    if not found:
        told = ", ".join(f"{name}: {colour}" for name, colour in sorted(live.items()))
        raise Refused(
            Problem(
                "live colour",
                "the balancers do not agree",
                told or "no balancer",
                "one colour everywhere",
                "choose one and run `live-colour <colour>` in each balancer's container that has the other",
            )
        )
    return found
