"""Declared resources that are as they should be, and the same with one thing changed."""

import copy
from dataclasses import dataclass, replace

from bicoastal.checks.resources import Declared
from bicoastal.checks.resources.aws_tables import is_regional, is_taggable
from bicoastal.checks.resources.everywhere import HOLDS_DATA


def aws(token, name, properties=None, **other):
    """A resource of AWS with its region and tags, protected if it holds data."""
    given = dict(properties or {})
    if is_regional(token):
        given.setdefault("region", "us-east-1")
    if is_taggable(token):
        given.setdefault("tags", {"Name": name})
    return declared(token, name, given, **other)


def declared(token, name, properties=None, **other):
    """Any resource, protected if it holds data."""
    other.setdefault("protect", token in HOLDS_DATA)
    return Declared(token, name, properties or {}, **other)


def changed(resource, path, value):
    """The resource with another value at `a.b.0.c`; None takes it away."""
    properties = copy.deepcopy(dict(resource.properties))
    inner = properties
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        inner = inner[step] if isinstance(step, int) else inner.setdefault(step, {})
    if value is None:
        inner.pop(last)
    elif isinstance(last, int):
        inner[last:] = [value]
    else:
        inner[last] = value
    return replace(resource, properties=properties)


@dataclass(frozen=True)
class Sample:
    """Resources in which nothing is found, by their names."""

    resources: tuple

    def but(self, name, path, value):
        """The same, with one property of one resource changed."""
        return [changed(one, path, value) if one.name == name else one for one in self.resources]

    def without(self, name):
        """The same, without one resource."""
        assert any(one.name == name for one in self.resources)
        return [one for one in self.resources if one.name != name]

    def and_also(self, *more):
        """The same, and more."""
        return [*self.resources, *more]

    def only(self, *names):
        """Some of them."""
        return [one for one in self.resources if one.name in names]


def sample(*resources):
    """A sample of these."""
    return Sample(tuple(resources))
