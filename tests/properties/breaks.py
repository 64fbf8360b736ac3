"""One broken value in a valid environment, and the path that its error must name."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from bicoastal.checks.placeholders import PREFIX
from infra.texts import OfTheEdge

from .declared import Declared, Path, environment, walk, written
from .environments import Environment
from .values import WORD, against_the_rule, refused


@dataclass(frozen=True)
class Broken:
    """An environment with one value that is not to be had."""

    environment: Environment
    path: str
    given: Any
    """The value that was put there; None where one was taken away."""
    secret: bool


def there(whole: Environment) -> list[tuple[Path, Declared]]:
    """Every declaration that has a value in this environment, or room for one: its own path."""
    found = []
    unread = {**dict.fromkeys(OfTheEdge.__dataclass_fields__, "edge"), "registry_password": "registry"}
    for key, declared in environment().items():
        if unread.get(key, key) not in whole:
            continue
        for path, one in walk(declared, (key,)):
            found.extend((actual, one) for actual in _actual(whole, path))
    return found


def _actual(value: Any, path: Path) -> list[Path]:
    """The paths of that form whose last step can be taken."""
    step, rest = path[0], path[1:]
    if step == "*":
        steps: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value or [])))
    else:
        steps = [step]
    if not rest:
        return [(one,) for one in steps]
    inner = [(one, _got(value, one)) for one in steps]
    return [(one, *more) for one, below in inner if below is not None for more in _actual(below, rest)]


def _got(value: Any, step: Any) -> Any:
    return value.get(step) if isinstance(value, dict) else value[step]


def changed(whole: Environment, path: Path, value: Any) -> Environment:
    """The environment with another value there; None takes it away."""
    copy = deepcopy(whole)
    inner: Any = copy
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return copy


@st.composite
def broken(draw: st.DrawFn, whole: Environment) -> Broken:
    """One value of it broken, by any of the ways in which that happens."""
    path, declared = draw(st.sampled_from(there(whole)))
    hidden = declared.rule is not None and declared.rule.secret
    ways = ["refused", "refused", "placeholder"]
    if _is_there(whole, path):
        ways += ["unknown key"] if declared.shape == "group" else []
        ways += ["missing"] if declared.required else []
    way = draw(st.sampled_from(ways))
    if way == "unknown key":
        known = declared.fields
        key = draw(WORD.filter(lambda word: word not in known))
        return Broken(changed(whole, (*path, key), 1), written((*path, key)), key, secret=False)
    if way == "missing":
        return Broken(changed(whole, path, None), written(path), None, secret=hidden)
    value = f"{PREFIX}something" if way == "placeholder" else draw(_refused(path, declared))
    return Broken(changed(whole, path, value), written(path), value, secret=hidden)


def _refused(path: Path, declared: Declared) -> st.SearchStrategy[Any]:
    """In Pulumi's configuration, what stands beside the groups is text whatever it looks like."""
    is_text = len(path) == 1 and declared.shape == "value" and declared.rule is not None
    return against_the_rule(declared.rule) if is_text and declared.rule else refused(declared)


def _is_there(whole: Environment, path: Path) -> bool:
    value: Any = whole
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError):
            return False
    return True
