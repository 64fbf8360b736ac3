"""Every setting of an environment's file, as its declaration says: where, of which type, by which rule."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, get_args, get_origin

from bicoastal.checks.rules import PEM, Rule
from bicoastal.hosts.arguments import Workers
from bicoastal.monitoring.routing.receivers import Receivers
from bicoastal.monitoring.routing.routes import Routing
from bicoastal.settings import plain_type
from bicoastal.stack import RECEIVERS
from bicoastal.stack.parts import Credentials, Images
from bicoastal.stack.two_regions import TwoRegionStackSettings
from bicoastal.topology import Topology
from infra.groups import GROUPS_ALONE, NETWORKS_OWN, Groups
from infra.texts import OfTheEdge, OfTheLogs, OfTheRegistry, OfTheReplications

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Declared:
    """One declaration: of a group, or of a single value."""

    kind: Any
    """The type behind `Input` and `Optional`."""
    rule: Rule | None = None
    required: bool = False
    without: tuple[str, ...] = ()
    """Keys of a group that are not its reader's to choose."""
    filled: bool = False
    """Whether what is not given comes from elsewhere: a profile, or the receivers' secrets."""

    @property
    def fields(self) -> dict[str, "Declared"]:
        """What a group is made of."""
        return {
            field.name: replace(declared, required=declared.required and not self.filled)
            for field in dataclasses.fields(self.kind)
            if field.name not in self.without and (declared := _field(self.kind, field))
        }

    @property
    def inner(self) -> "Declared":
        """What a list or a mapping holds."""
        return Declared(plain_type(get_args(self.kind)[-1]), self.rule)

    @property
    def shape(self) -> str:
        """`group`, `list`, `mapping`, `choice` or `value`."""
        if dataclasses.is_dataclass(self.kind):
            return "group"
        if isinstance(self.kind, type) and issubclass(self.kind, Enum):
            return "choice"
        return {list: "list", dict: "mapping"}.get(get_origin(self.kind), "value")  # type: ignore[arg-type]


_RECEIVERS = {
    receiver: {name: key for key, (of, name) in RECEIVERS.items() if of == receiver}
    for receiver, _ in RECEIVERS.values()
}
"""Each receiver's fields that are secrets of their own, and stand in no group."""

# What the file's groups hold where `Groups` leaves it to the library to say.
_BY_THE_LIBRARY = {
    "settings": Declared(TwoRegionStackSettings, without=(*GROUPS_ALONE, "credentials")),
    "topology": Declared(Topology, required=True),
    "images": Declared(Images, required=True),
    "workers": Declared(Workers, without=NETWORKS_OWN, filled=True),
}


def _field(group: type, field: "dataclasses.Field[Any]") -> Declared:
    if group is Groups and field.name in _BY_THE_LIBRARY:
        return _BY_THE_LIBRARY[field.name]
    if group is Routing and field.name == "receivers":
        return Declared(Receivers, filled=True)
    # Every environment is watched.
    watching = group is Images and field.name in ("prometheus", "alertmanager", "exporters")
    needed = watching or dataclasses.MISSING is field.default is field.default_factory
    kept_apart = tuple(_RECEIVERS.get(field.name, ())) if group is Receivers else ()
    return Declared(plain_type(field.type), field.metadata.get("rule"), needed, without=kept_apart)


def _of_receivers() -> dict[str, Declared]:
    """Their secrets, which whoever is told something needs."""
    fields = Declared(Receivers).fields
    return {
        key: replace(Declared(fields[receiver].kind).fields[name], required=True)
        for key, (receiver, name) in RECEIVERS.items()
    }


def environment() -> dict[str, Declared]:
    """All keys of an environment's file."""
    return {
        **Declared(Groups).fields,
        **Declared(Credentials).fields,
        **_of_receivers(),
        # A member's key stands beside them, as `key_<member>`.
        "certificates": Declared(dict[str, str], PEM, required=True),
        **{
            key: replace(text, required=False)
            for kind in (OfTheEdge, OfTheRegistry, OfTheLogs, OfTheReplications)
            for key, text in Declared(kind).fields.items()
        },
    }


def walk(declared: Declared, path: Path = ()) -> Iterator[tuple[Path, Declared]]:
    """The declaration and all below it; a list's or a mapping's inner one stands at `*`."""
    yield path, declared
    if declared.shape == "group":
        for name, field in declared.fields.items():
            yield from walk(field, (*path, name))
    elif declared.shape in ("list", "mapping"):
        yield from walk(declared.inner, (*path, "*"))


def written(path: Path) -> str:
    """The path as an error writes it."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")
