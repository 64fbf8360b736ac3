"""What differs between two schemas of the library, and what each difference means for who uses it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

Schema = Mapping[str, Any]
_NOTHING: Mapping[str, Any] = {}
_SCALARS_WIDER = {("integer", "number")}
"""A type to one that holds all that it held."""


class Meaning(Enum):
    """How a user is met by a change."""

    SAFE = "safe"
    """No program has to change, and none does anything else."""
    SENSITIVE = "sensitive"
    """Programs run on, and should be looked at before the upgrade."""
    BREAKING = "breaking"
    """Some programs must change."""


@dataclass(frozen=True)
class Change:
    """One difference."""

    meaning: Meaning
    path: str
    """Such as `EdgeZone.plan` for an input or a group's key, `EdgeZone > zoneId` for an output, and
    `EdgePlan = pro` for a value."""
    what: str

    def __str__(self) -> str:
        return f"{self.meaning.value}: {self.path}: {self.what}"


def changes(before: Schema, after: Schema) -> list[Change]:
    """Every difference, the worst first, then by path."""
    found = [*_components(before, after), *_types(before, after)]
    worst_first = list(reversed(Meaning))
    return sorted(found, key=lambda change: (worst_first.index(change.meaning), change.path, change.what))


def unannounced(found: list[Change], changelog: str) -> list[Change]:
    """The breaking changes that the changelog's newest section does not call `breaking` in an item that names
    the component, group or closed set."""
    newest = changelog.partition("\n## ")[2].partition("\n## ")[0]
    items = [" ".join(item.split()) for item in newest.split("\n- ")]
    said = " ".join(item for item in items if "breaking" in item.lower())
    return [one for one in found if one.meaning is Meaning.BREAKING and not _names(said, _owner(one))]


def _names(said: str, name: str) -> bool:
    return re.search(rf"`{name}\b", said) is not None


def _owner(change: Change) -> str:
    return change.path.partition(" ")[0].partition(".")[0]


def _components(before: Schema, after: Schema) -> Iterator[Change]:
    for name, old, new in _pairs(before, after, "resources"):
        if old is None or new is None:
            yield _came_or_went(name, "component", new is not None)
            continue
        yield from _description(name, old, new)
        yield from _inputs(name, old, new, "inputProperties", "requiredInputs")
        yield from _outputs(name, old, new)


def _types(before: Schema, after: Schema) -> Iterator[Change]:
    for name, old, new in _pairs(before, after, "types"):
        kind = "closed set" if "enum" in (new or old or _NOTHING) else "group"
        if old is None or new is None:
            yield _came_or_went(name, kind, new is not None)
            continue
        yield from _description(name, old, new)
        if "enum" in old or "enum" in new:
            yield from _values(name, old, new)
        else:
            yield from _inputs(name, old, new, "properties", "required")


def _inputs(name: str, old: Schema, new: Schema, properties: str, required: str) -> Iterator[Change]:
    for key, was, now in _pairs(old, new, properties):
        path = f"{name}.{key}"
        needed, was_needed = key in new.get(required, ()), key in old.get(required, ())
        if was is None or now is None:
            came = now is not None
            what = f"{'a required' if needed else 'an'} input {'is new' if came else 'is gone'}"
            yield Change(Meaning.SAFE if came and not needed else Meaning.BREAKING, path, what)
            continue
        if needed != was_needed:
            what = f"an input is now {'required' if needed else 'optional'}"
            yield Change(Meaning.BREAKING if needed else Meaning.SAFE, path, what)
        yield from _description(path, was, now)
        yield from _input_type(path, was, now)


def _input_type(path: str, was: Schema, now: Schema) -> Iterator[Change]:
    if _shape(was) != _shape(now):
        wider = (was.get("type"), now.get("type")) in _SCALARS_WIDER
        what = f"an input's type was {_named(was)} and is {_named(now)}"
        yield Change(Meaning.SAFE if wider else Meaning.BREAKING, path, what)
    elif _plainness(was) != _plainness(now):
        was_plain, is_plain = _plainness(was), _plainness(now)
        opened = all(not now or before for before, now in zip(was_plain, is_plain, strict=True))
        what = f"an input {'takes outputs now' if opened else 'takes no outputs any more'}"
        yield Change(Meaning.SAFE if opened else Meaning.BREAKING, path, what)


def _outputs(name: str, old: Schema, new: Schema) -> Iterator[Change]:
    for key, was, now in _pairs(old, new, "properties"):
        path = f"{name} > {key}"
        if was is None or now is None:
            came = now is not None
            what = f"an output {'is new' if came else 'is gone'}"
            yield Change(Meaning.SAFE if came else Meaning.BREAKING, path, what)
            continue
        yield from _description(path, was, now)
        if _shape(was) != _shape(now):
            wider = (was.get("type"), now.get("type")) in _SCALARS_WIDER
            what = f"an output's type was {_named(was)} and is {_named(now)}"
            yield Change(Meaning.SENSITIVE if wider else Meaning.BREAKING, path, what)
        if (key in old.get("required", ())) and key not in new.get("required", ()):
            yield Change(Meaning.SENSITIVE, path, "an output may now be missing")


def _values(name: str, old: Schema, new: Schema) -> Iterator[Change]:
    was = {one["value"]: one for one in old.get("enum", ())}
    now = {one["value"]: one for one in new.get("enum", ())}
    for value in {**was, **now}:
        path = f"{name} = {value}"
        if value not in was:
            yield Change(Meaning.SENSITIVE, path, "a value is new")
        elif value not in now:
            yield Change(Meaning.BREAKING, path, "a value is gone")
        else:
            yield from _description(path, was[value], now[value])


def _description(path: str, was: Schema, now: Schema) -> Iterator[Change]:
    """A default stands in the description: another one changes what programs do that do not give it."""
    old, new = was.get("description", ""), now.get("description", "")
    if _default(old) != _default(new):
        what = f"the default was said to be {_default(old)!r} and is {_default(new)!r}"
        yield Change(Meaning.SENSITIVE, path, what)
    elif old != new:
        yield Change(Meaning.SENSITIVE, path, "what is said of it changed")


def _default(description: str) -> str:
    return description.partition("Default:")[2].strip()


def _came_or_went(name: str, kind: str, came: bool) -> Change:
    return Change(
        Meaning.SAFE if came else Meaning.BREAKING, name, f"a {kind} {'is new' if came else 'is gone'}"
    )


def _pairs(before: Schema, after: Schema, key: str) -> Iterator[tuple[str, Schema | None, Schema | None]]:
    """Each name, without the package, with what it was and what it is."""
    old, new = before.get(key, _NOTHING), after.get(key, _NOTHING)
    for name in sorted({*old, *new}):
        yield name.rpartition(":")[2], old.get(name), new.get(name)


def _shape(one: Schema) -> tuple[Any, ...]:
    """The type of a property, and of what is in it."""
    inner = (_shape(one[key]) if key in one else None for key in ("items", "additionalProperties"))
    return one.get("type"), one.get("$ref"), *inner


def _plainness(one: Schema) -> list[bool]:
    """Whether a property takes no outputs, and then the same of what is in it."""
    found = [bool(one.get("plain"))]
    for key in ("items", "additionalProperties"):
        if key in one:
            found += _plainness(one[key])
    return found


def _named(one: Schema) -> str:
    for key, word in (("items", "list"), ("additionalProperties", "map")):
        if key in one:
            return f"{word} of {_named(one[key])}"
    return one.get("$ref", "").rpartition(":")[2] or one.get("type", "anything")
