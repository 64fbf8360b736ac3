"""A plan's resources as an indented outline, and whether it is the one that a test has."""

import difflib
import textwrap
from collections.abc import Iterator, Mapping

from ..plan.record import Plan, Resource

_INDENT = "  "
_FURTHER = "..."

Tree = Mapping[str, "Tree"]
"""A line to what is below it, by line."""


def assert_tree(plan: Plan, expected: str) -> None:
    """Assert that the plan's resources are these, each below what it belongs to.

    A line is a resource's name and its type; what is indented is in what stands above it; the order is free.
    A line `...` stands for whatever else there is at its place. Apart from that, nothing may be missing and
    nothing too much. The error is a diff, and the outline to put into the test.
    """
    wanted, planned = _read(expected), _planned(plan, None)
    diff = list(_difference(wanted, planned))
    if diff:
        raise AssertionError(
            "the plan's tree is another one:\n\n"
            + "\n".join(diff)
            + "\n\nIf that is what it should be, let the test say:\n\n"
            + textwrap.indent("\n".join(_lines(planned)), _INDENT * 2)
        )


def _difference(wanted: Tree, planned: Tree) -> Iterator[str]:
    lines = list(_lines(wanted)), list(_lines(_seen(planned, wanted)))
    longest = max(map(len, lines))
    return difflib.unified_diff(*lines, "expected", "planned", lineterm="", n=longest)


def _planned(plan: Plan, parent: Resource | None) -> Tree:
    """What belongs to this; to none, what belongs to the stack itself."""
    if parent is None:
        urns = {resource.urn for resource in plan.resources}
        found = [resource for resource in plan.resources if resource.parent not in urns]
    else:
        found = plan.children(parent.urn)
    return {f"{one.name} {one.type}": _planned(plan, one) for one in found}


def _read(text: str) -> Tree:
    whole: dict[str, Tree] = {}
    within: list[tuple[int, dict[str, Tree]]] = [(-1, whole)]
    for line in textwrap.dedent(text).splitlines():
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        while within[-1][0] >= depth:
            within.pop()
        below: dict[str, Tree] = {}
        within[-1][1][" ".join(line.split())] = below
        within.append((depth, below))
    return whole


def _seen(planned: Tree, wanted: Tree) -> Tree:
    """What is planned, without what `...` stands for."""
    kept = {
        line: _seen(below, wanted.get(line, {}))
        for line, below in planned.items()
        if line in wanted or _FURTHER not in wanted
    }
    return {**kept, _FURTHER: {}} if _FURTHER in wanted else kept


def _lines(tree: Tree, depth: int = 0) -> Iterator[str]:
    for line in sorted(tree, key=lambda line: (line == _FURTHER, line)):
        yield f"{_INDENT * depth}{line}"
        yield from _lines(tree[line], depth + 1)
