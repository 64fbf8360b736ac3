"""The base class of every component: the one way in which a child gets its name and its options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NotRequired, TypedDict, TypeVar

import pulumi

from .checks.problem import Problem
from .customization import held_to_the_checks
from .settings import Settings, read, refuse, setting

S = TypeVar("S", bound=Settings)

PACKAGE = "bicoastal:index"


class ComponentArgs(TypedDict):
    """What every component takes."""

    tags: NotRequired[dict[str, str]]
    """Labels for everything that takes labels. Default: none beside our own. Docker relabels services alone:
    a container, a network, a secret and a configuration keep the labels that they were made with, since
    another one would replace them."""
    customize: NotRequired[dict[str, dict[str, Any]]]
    """A child's key to the properties that win over ours (shallow merge). Default: none. An unknown key is an
    error that lists the valid ones. What Docker does not relabel takes its labels at its creation alone.

    What becomes of the child is held to the checks (docs/checks.md): a property of yours that breaks a
    critical or high one is refused with the check's id before the child is registered, so that a preview
    fails, unless `bicoastal-suppressions.yaml` answers for it. What is known only later, or shows only beside
    other resources, is left to the plan and the policy pack; a child that is a component checks its arguments
    itself."""


@dataclass(frozen=True, kw_only=True)
class _Common:
    """What every component takes, checked."""

    tags: dict[str, str] = setting(factory=dict)
    customize: dict[str, dict[str, Any]] = setting(factory=dict)


COMMON = ("tags", "customize")


class Component(pulumi.ComponentResource, Generic[S]):
    """A group of resources under one name.

    A component reads and checks its arguments before anything is registered, names the keys of its children
    in `children_of`, makes each child with `child_name(key)` and `child_opts(key)`, and calls
    `register_outputs` once, last.
    """

    def __init__(
        self,
        name: str,
        args: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
        settings: type[S],
    ) -> None:
        owner = f"{type(self).__name__} {name!r}"
        given = args if isinstance(args, Mapping) else {}
        common = read(_Common, {key: given[key] for key in COMMON if key in given}, owner)
        own = {key: value for key, value in given.items() if key not in COMMON}
        self.settings: S = read(settings, own if isinstance(args, Mapping) else args, owner)
        self.tags = common.tags
        self._customize = common.customize
        self._overridden: dict[str, Mapping[str, Any]] = {}
        self._logical_name = name
        self._keys = dict.fromkeys(self.children_of(self.settings))
        refuse(owner, self._unknown_customizations())
        super().__init__(f"{PACKAGE}:{type(self).__name__}", name, None, opts)

    @classmethod
    def children_of(cls, settings: S) -> Sequence[str]:
        """The keys of the children that these settings give, valid in `customize`."""
        raise NotImplementedError

    @classmethod
    def former_keys(cls) -> Mapping[str, Sequence[str]]:
        """A child's key to the keys it once had, so that a rename replaces nothing."""
        return {}

    def child_name(self, key: str) -> str:
        """The logical name of the child: it starts with the component's."""
        return f"{self._logical_name}-{key}"

    def child_opts(self, key: str, **options: Any) -> pulumi.ResourceOptions:
        """The options of the child `key`: its parent, its aliases, and what the caller adds."""
        assert key in self._keys, f"{key!r} is not among the children {list(self._keys)}"
        aliases = [pulumi.Alias(name=self.child_name(old)) for old in self.former_keys().get(key, ())]
        if self._customize.get(key):
            owner = f"{type(self).__name__} {self._logical_name!r}"
            options["transformations"] = [
                held_to_the_checks(owner, key, self.child_name(key), self._overridden)
            ]
        return pulumi.ResourceOptions(parent=self, aliases=aliases, **options)

    def customized(self, key: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The child's properties, with the user's own winning."""
        own = self._customize.get(key)
        if own:
            self._overridden[key] = {name: properties.get(name) for name in own}
        return {**properties, **(own or {})}

    def child_args(self, key: str, args: Mapping[str, Any]) -> Any:
        """The arguments of a child that is a component itself: ours, the user's own, and the tags."""
        return {"tags": self.tags, **self.customized(key, args)}

    def labels(self, **own: str) -> dict[str, str]:
        """The labels for a child: ours, then the user's tags, which win."""
        return {**own, **self.tags}

    def _unknown_customizations(self) -> list[Problem]:
        return [
            Problem(
                f"customize.{key}",
                "no such child",
                repr(key),
                ", ".join(self._keys) or "nothing",
                "use the key of a child of this component",
            )
            for key in self._customize
            if key not in self._keys
        ]
