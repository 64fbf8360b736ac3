"""After a deploy that nobody ended: the colour that served before it serves again, everywhere."""

from collections.abc import Mapping
from dataclasses import replace

from ..checks.problem import Problem
from .colours import Colours, other
from .environment import RunningEnvironment, Say, Settings
from .journal import Journal
from .refusal import Refused


def repair(environment: RunningEnvironment, colours: Colours, say: Say) -> str:
    """Take back a deploy that was not ended, and make the balancers agree; returns the live colour.

    Users go back first, and only then is the image that they no longer need taken from the idle colour.
    Raises `Refused` when balancers disagree and no deploy says which of them is right.
    """
    journal = Journal.load(environment.folder)
    if journal is None:
        return _agreed(colours.live())
    move_users(colours, journal.live, say, everywhere=journal.unfinished)
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


def move_users(colours: Colours, colour: str, say: Say, *, everywhere: bool) -> None:
    """Send users to the colour wherever a balancer sends them to the other one. With `everywhere` each is
    told, for one whose change was cut off may say the right colour and remember the wrong one."""
    live = colours.live()
    for region in colours.regions:
        wrong = any(in_region(name, region) and shown != colour for name, shown in live.items())
        if wrong:
            say(f"{region}: users go to {colour}")
        if wrong or everywhere:
            colours.show(region, colour)


def image_setting(colour: str, image: str | None) -> Settings:
    """The setting that gives a colour its image; None for the program's own."""
    return {"api": {"images": {colour: image}}}


def in_region(balancer: str, region: str) -> bool:
    """Whether a balancer, named `<region>/<balancer>`, is the region's."""
    return balancer.partition("/")[0] == region


def _agreed(live: Mapping[str, str]) -> str:
    found = set(live.values())
    if len(found) != 1:
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
    return found.pop()
