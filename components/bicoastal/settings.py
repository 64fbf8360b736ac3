"""From the dictionary that a user writes to a frozen dataclass with defaults, every value checked.

A component's arguments are a documented TypedDict; beside it stands a frozen dataclass whose fields carry
their default and their rule. `read` makes the one from the other and refuses, in one error, everything that
is wrong: unknown keys, missing keys, wrong types, values that break their rule. A value that is only known
later (a Pulumi Output) is checked by the same rule when it becomes known.
"""

import dataclasses
import types
import typing
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import cache, partial
from typing import Any, Protocol, TypeVar, get_args, get_origin
from weakref import WeakKeyDictionary

import pulumi

from .checks.problem import Problem, shown
from .checks.rules import ANYTHING, Rule

_RULE = "rule"


class Settings(Protocol):
    """A frozen dataclass; where it has `problems`, that yields what is wrong between its fields."""

    __dataclass_fields__: typing.ClassVar[dict[str, Any]]


S = TypeVar("S", bound=Settings)


def setting(
    rule: Rule | None = None,
    *,
    default: Any = dataclasses.MISSING,
    factory: Any = dataclasses.MISSING,
) -> Any:
    """A field of a settings class: required unless it has a default, and held to `rule`, as is what `factory`
    makes. A secret rule hides what was given, in a group also for everything below it."""
    metadata = {_RULE: rule}
    if factory is not dataclasses.MISSING:
        return dataclasses.field(default_factory=factory, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def read(
    settings: type[S],
    args: Mapping[str, Any] | None,
    owner: str,
    named: Callable[[str], str] = lambda path: path,
) -> S:
    """The settings that `args` declares, with defaults filled in.

    Raises `pulumi.InputPropertiesError` naming every problem at once; `owner` says whose arguments they are.
    Where `args` are made of what somebody wrote elsewhere, `named` tells the path there from the one here.
    """
    problems: list[Problem] = []
    result = _read(settings, args, "", problems, hidden=False)
    refuse(owner, [replace(problem, input=named(problem.input)) for problem in problems])
    assert result is not None
    return result


def refuse(owner: str, problems: Sequence[Problem]) -> None:
    """Raise one error for all problems; nothing when there are none."""
    if not problems:
        return
    lines = "\n".join(f"  {problem}" for problem in problems)
    raise pulumi.InputPropertiesError(
        f"{owner} cannot be made from these arguments:\n{lines}",
        [{"property_path": p.input, "reason": str(p)} for p in problems],
    )


def _read(settings: type[S], args: object, path: str, problems: list[Problem], *, hidden: bool) -> S | None:
    if isinstance(args, settings):
        return args
    if not isinstance(args, Mapping):
        given = shown(args, secret=hidden)
        problems.append(
            Problem(path or "args", "not a dictionary", given, "a dictionary", "give the keys by name")
        )
        return None
    fields = _fields(settings)
    before = len(problems)
    for key in sorted(args.keys() - fields.keys(), key=str):
        problems.append(_unknown_key(_join(path, str(key)), sorted(fields)))
    values: dict[str, Any] = {}
    for name, field in fields.items():
        here = _join(path, name)
        if args.get(name) is not None:
            values[name] = _value(args[name], field.type, field.metadata.get(_RULE), here, problems)
        elif field.default_factory is not dataclasses.MISSING:
            made = field.default_factory()
            values[name] = _value(made, field.type, field.metadata.get(_RULE), here, problems)
        elif field.default is dataclasses.MISSING:
            problems.append(Problem(here, "missing", "nothing", _named(field.type), f"add the key {name!r}"))
    if len(problems) > before:
        return None
    result = settings(**values)
    problems.extend(_joined(path, problem) for problem in _own_problems(result))
    return result


@cache
def _fields(settings: type[Settings]) -> Mapping[str, dataclasses.Field[Any]]:
    return {field.name: field for field in dataclasses.fields(settings)}


def _own_problems(settings: Settings) -> Iterator[Problem]:
    problems = getattr(settings, "problems", None)
    return problems() if problems is not None else iter(())


def _value(value: Any, hint: Any, rule: Rule | None, path: str, problems: list[Problem]) -> Any:
    if not isinstance(value, _LATER):
        return _reader(hint)(value, rule, path, problems)
    if isinstance(value, pulumi.Output) and _is_held_to(value, hint, rule):
        return value
    checked = _whole(value, hint).apply(lambda known: _known_later(known, hint, rule, path))
    _CONDITIONS[checked] = (plain_type(hint), _condition(rule))
    return checked


def _whole(value: Any, hint: Any) -> pulumi.Output[Any]:
    """The value with all that is in it; in one of these types there is nothing to wait for."""
    alone = isinstance(value, pulumi.Output) and plain_type(hint) in (str, int, float, bool)
    return value if alone else pulumi.Output.from_input(value)


def _is_held_to(value: pulumi.Output[Any], hint: Any, rule: Rule | None) -> bool:
    """Whether the value has been read before under a rule that says as much."""
    kind, condition = _CONDITIONS.get(value, (None, None))
    return kind == plain_type(hint) and _condition(rule) in (condition, ANYTHING.holds)


def _condition(rule: Rule | None) -> Callable[[object], bool]:
    return (rule or ANYTHING).holds


def _known_later(value: Any, hint: Any, rule: Rule | None, path: str) -> Any:
    problems: list[Problem] = []
    # It may have come from a secret, so it is not shown, whatever its rule says.
    result = _reader(hint)(value, replace(rule or ANYTHING, secret=True), path, problems)
    refuse("A value that became known", problems)
    return result


@cache
def _reader(hint: Any) -> Callable[[Any, Rule | None, str, list[Problem]], Any]:
    """What reads a known value of this type: types are few and values are many."""
    plain = plain_type(hint)
    if dataclasses.is_dataclass(plain):
        return partial(_group, typing.cast("type[Settings]", plain))
    if isinstance(plain, type) and issubclass(plain, Enum):
        return partial(_enum, plain)
    origin, inner = get_origin(plain), get_args(plain)
    if origin is list:
        return partial(_list, inner[0])
    if origin is dict:
        return partial(_dict, inner[1])
    return partial(_scalar, plain)


def _group(settings: type[S], value: Any, rule: Rule | None, path: str, problems: list[Problem]) -> S | None:
    return _read(settings, value, path, problems, hidden=rule is not None and rule.secret)


def _list(item: Any, value: Any, rule: Rule | None, path: str, problems: list[Problem]) -> Any:
    if not isinstance(value, Sequence) or isinstance(value, str):
        given = shown(value, secret=rule is not None and rule.secret)
        problems.append(Problem(path, "not a list", given, "a list", "put it in brackets"))
        return None
    return [_value(v, item, rule, f"{path}[{i}]", problems) for i, v in enumerate(value)]


def _dict(item: Any, value: Any, rule: Rule | None, path: str, problems: list[Problem]) -> Any:
    if not isinstance(value, Mapping):
        given = shown(value, secret=rule is not None and rule.secret)
        problems.append(Problem(path, "not a dictionary", given, "a dictionary", "give keys by name"))
        return None
    return {str(k): _value(v, item, rule, _join(path, str(k)), problems) for k, v in value.items()}


def _enum(kind: type[Enum], value: Any, _: Rule | None, path: str, problems: list[Problem]) -> Any:
    try:
        return kind(value)
    except ValueError:
        allowed = ", ".join(repr(member.value) for member in kind)
        problems.append(Problem(path, "not one of the set", shown(value), allowed, "choose one of these"))
        return None


def _scalar(plain: Any, value: Any, rule: Rule | None, path: str, problems: list[Problem]) -> Any:
    given = value
    if plain is int and isinstance(value, float) and value.is_integer():
        value = int(value)  # a number from another Pulumi language arrives as a float
    if plain is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    hidden = rule is not None and rule.secret
    wrong_type = plain is not Any and (
        not isinstance(value, plain) or (isinstance(value, bool) and plain is not bool)
    )
    if wrong_type:
        problems.append(
            Problem(
                path,
                "wrong type",
                shown(value, secret=hidden),
                _named(plain),
                f"give {_named(plain)} instead",
            )
        )
        return None
    problem = rule.problem(path, given) if rule else None
    if problem:
        problems.append(problem)
    return value


def plain_type(hint: Any) -> Any:
    """The type behind Input[T] and Optional[T]: what a known value must be."""
    if get_origin(hint) in (typing.Union, types.UnionType):
        for option in get_args(hint):
            if option is not type(None) and get_origin(option) not in _DEFERRED:
                return plain_type(option)
    return hint


_LATER = (pulumi.Output, Awaitable)
_CONDITIONS: MutableMapping[pulumi.Output[Any], tuple[Any, Callable[[object], bool]]] = WeakKeyDictionary()
"""What has been read before it is known, with the type and the condition that it will be held to: a secret
passes through many components, and one check is enough."""
_DEFERRED = (pulumi.Output, typing.get_origin(typing.Awaitable[int]))


def _named(hint: Any) -> str:
    plain = plain_type(hint)
    words = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}
    if plain in words:
        return words[plain]
    if get_origin(plain) is list:
        return "a list"
    return "a dictionary" if get_origin(plain) is dict or dataclasses.is_dataclass(plain) else "a value"


def _unknown_key(path: str, valid: list[str]) -> Problem:
    import difflib

    key = path.rpartition(".")[2]
    close = difflib.get_close_matches(key, valid, n=1)
    fix = f"did you mean {close[0]!r}?" if close else "remove it"
    return Problem(path, "unknown key", repr(key), ", ".join(valid), fix)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _joined(path: str, problem: Problem) -> Problem:
    return dataclasses.replace(problem, input=_join(path, problem.input))
