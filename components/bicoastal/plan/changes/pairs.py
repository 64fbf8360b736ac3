"""Which resource of one plan is which of the other: by URN, and by aliases."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Resource = Mapping[str, Any]


def pairs(before: Sequence[Resource], after: Sequence[Resource]) -> dict[str, str]:
    """A resource's URN now to the one that it had, for all that were there."""
    old, new = {r["urn"] for r in before}, {r["urn"]: r for r in after}
    found: dict[str, str] = {}
    free = old - new.keys()
    for urn in sorted(new, key=lambda urn: (_depth(new, urn), urn)):
        own = [urn] if urn in old else []
        was = next(iter([*own, *(once for once in _once(new[urn], found) if once in free)]), None)
        if was is not None:
            found[urn] = was
            free.discard(was)
    return found


def _depth(resources: Mapping[str, Resource], urn: str) -> int:
    depth, parent = 0, resources[urn].get("parent")
    while parent is not None and parent in resources and depth < len(resources):
        depth, parent = depth + 1, resources[parent].get("parent")
    return depth


def _once(resource: Resource, found: Mapping[str, str]) -> Iterator[str]:
    """The URNs that a resource may have had, in the order in which an engine looks for them."""
    urns = [resource["urn"], *resource.get("aliases", ())]
    yield from urns[1:]
    parent = resource.get("parent") or ""
    was = found.get(parent, parent)
    if was != parent:
        yield from (_in_former_parent(urn, parent, was) for urn in urns)


def _in_former_parent(urn: str, parent: str, was: str) -> str:
    """The child's URN while its parent had another one. A name that starts with the parent's goes with it."""
    type_, name = _type(urn), _name(urn)
    if name.startswith(_name(parent)):
        name = _name(was) + name.removeprefix(_name(parent))
    head, project, within, _ = was.split("::", 3)
    return f"{head}::{project}::{within}${type_}::{name}"


def _type(urn: str) -> str:
    return urn.split("::", 3)[2].rpartition("$")[2]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]
