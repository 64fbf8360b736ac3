"""Two plans of an environment compared."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...checks.resources.declared import every_text
from ..budgets import OUTPUT
from .change import Change, Comparison, Found, Kind, in_order
from .concealed import concealed, readable
from .pairs import Resource, pairs
from .replacing import forcing, table
from .values import ABSENT, Difference, differences, steps_of, value_at

Plan = Mapping[str, Any]
_EMPTY: Plan = {}
PROVIDER, PROTECT = "(provider)", "(protect)"
"""Options, where they stand among the properties."""


def compare(before: Plan | None, after: Plan) -> Comparison:
    """What would happen to get from one plan to the other; both as `bicoastal plan --format json` has them.

    None for an environment that is new.
    """
    old, new = _custom(before or _EMPTY), _custom(after)
    matched = pairs((before or _EMPTY).get("resources", ()), after["resources"])
    old = _in_new_words(old, matched)
    was = {urn: old[former] for urn, former in matched.items() if former in old and urn in new}
    gone = sorted(old.keys() - {one["urn"] for one in was.values()})
    made = [_made(new[urn], Kind.MADE) for urn in sorted(new.keys() - was.keys())]
    changed = [_changed(was[urn], new[urn], matched) for urn in sorted(was)]
    removed = [_made(old[urn], Kind.REMOVED) for urn in gone]
    carried = _carried(changed, new)
    changes = [c for c in carried if c.differences or c.formerly or c.kind is Kind.REPLACED]
    found, mended = _apart((before or _EMPTY).get("findings", ()), after.get("findings", ()), matched)
    suppressed, _ = _apart((before or _EMPTY).get("suppressed", ()), after.get("suppressed", ()), matched)
    exports = differences(_exports(before or _EMPTY), _exports(after))
    return Comparison(
        project=str(after["project"]),
        environment=str(after["environment"]),
        by_engine=False,
        changes=in_order([*removed, *changes, *made]),
        found=found,
        mended=mended,
        suppressed=suppressed,
        budgets=((before or _EMPTY).get("failover_budgets", {}), after.get("failover_budgets", {})),
        exports=tuple(concealed(one, "") for one in exports),
        is_new=before is None,
    )


def _exports(plan: Plan) -> dict[str, Any]:
    """What the program exports, beside the budget, which is told by itself."""
    return {name: readable(value) for name, value in plan.get("exports", {}).items() if name != OUTPUT}


def _custom(plan: Plan) -> dict[str, Resource]:
    """The resources by URN; a component is what is in it."""
    return {
        r["urn"]: {**r, "inputs": readable(r["inputs"])}
        for r in plan.get("resources", ())
        if not r["component"]
    }


def _in_new_words(old: Mapping[str, Resource], matched: Mapping[str, str]) -> dict[str, Resource]:
    """The former resources, naming in their values each other as they are called now: `<name.property>`."""
    called = {was: urn.rpartition("::")[2] for urn, was in matched.items()}
    names: dict[str, set[str]] = {}
    for urn in old:
        name = urn.rpartition("::")[2]
        names.setdefault(name, set()).add(called.get(urn, name))
    renamed = {name: new.pop() for name, new in names.items() if len(new) == 1 and new != {name}}
    if not renamed:
        return dict(old)
    words = re.compile("<(" + "|".join(sorted(map(re.escape, renamed), key=len, reverse=True)) + r")(?=\.)")
    spoken = _each_text(lambda text: words.sub(lambda match: f"<{renamed[match[1]]}", text))
    return {urn: {**r, "inputs": spoken(r["inputs"])} for urn, r in old.items()}


def _each_text(change: Callable[[str], str]) -> Callable[[Any], Any]:
    def changed(value: Any) -> Any:
        if isinstance(value, str):
            return change(value) if "<" in value else value
        if isinstance(value, Mapping):
            return {key: changed(item) for key, item in value.items()}
        return [changed(item) for item in value] if isinstance(value, list) else value

    return changed


def _made(resource: Resource, kind: Kind) -> Change:
    """What comes whole or goes whole."""
    there = [Difference(key, ABSENT, value) for key, value in sorted(resource["inputs"].items())]
    if kind is Kind.REMOVED:
        there = [Difference(one.path, one.after, ABSENT) for one in there]
    removed = kind is Kind.REMOVED
    kept = bool(resource.get("retain_on_delete"))
    return Change(
        kind,
        resource["type"],
        resource["name"],
        resource["urn"],
        tuple(concealed(one, resource["type"]) for one in there),
        blocked=removed and bool(resource.get("protect")),
        kept=removed and kept,
        dependencies=tuple(resource.get("dependencies", ())),
    )


def _changed(before: Resource, after: Resource, matched: Mapping[str, str]) -> Change:
    token = after["type"]
    ignored = [steps_of(path) for path in after.get("ignore_changes", ())]
    found = [d for d in differences(before["inputs"], after["inputs"]) if not _is_ignored(d.path, ignored)]
    forced = tuple(
        path
        for path in forcing(token, before["inputs"], after["inputs"])
        if any(_overlap(steps_of(d.path), steps_of(path)) for d in found)
    )
    provider = after.get("provider")
    if before.get("provider") != (matched.get(provider, provider) if provider else None):
        found.append(Difference(PROVIDER, _named(before.get("provider")), _named(provider)))
        forced = (*forced, PROVIDER)
    if bool(before.get("protect")) != bool(after.get("protect")):
        found.append(Difference(PROTECT, bool(before.get("protect")), bool(after.get("protect"))))
    return Change(
        Kind.REPLACED if forced else Kind.CHANGED,
        token,
        after["name"],
        after["urn"],
        tuple(concealed(one, token) for one in found),
        formerly=before["name"] if before["name"] != after["name"] else "",
        forced_by=forced,
        blocked=bool(forced and after.get("protect")),
        deletes_first=bool(forced and after.get("delete_before_replace")),
        in_table=token in table() or token.startswith("pulumi:"),
        dependencies=tuple(after.get("dependencies", ())),
    )


def _named(urn: str | None) -> str:
    return urn.rpartition("::")[2] if urn else "the default one"


def _is_ignored(path: str, ignored: Sequence[Sequence[str]]) -> bool:
    steps = steps_of(path)
    return any(one == ["*"] or steps[: len(one)] == list(one) for one in ignored)


def _overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    shortest = min(len(one), len(other))
    return list(one[:shortest]) == list(other[:shortest])


def _carried(changed: Sequence[Change], new: Mapping[str, Resource]) -> list[Change]:
    """With what a replacement brings with it: a value that comes from what is made anew is not known before,
    and replaces what is replaced when that value changes."""
    by_urn = {change.urn: change for change in changed}
    takers = _takers(new)
    waiting = sorted(urn for urn, change in by_urn.items() if change.kind is Kind.REPLACED)
    while waiting:
        source = waiting.pop()
        for urn, path in takers.get(source, ()):
            taker = by_urn.get(urn)
            if taker is None or path in taker.forced_by:
                continue
            if taker.kind is not Kind.REPLACED:
                waiting.append(urn)
            by_urn[urn] = replace(
                taker,
                kind=Kind.REPLACED,
                forced_by=tuple(sorted({*taker.forced_by, path})),
                because_of=tuple(sorted({*taker.because_of, by_urn[source].name})),
                blocked=bool(new[urn].get("protect")),
                deletes_first=bool(new[urn].get("delete_before_replace")),
            )
    return [by_urn[change.urn] for change in changed]


def _takers(new: Mapping[str, Resource]) -> dict[str, list[tuple[str, str]]]:
    """A resource's URN to the resources, with the property of each, that take what only a provider knows of
    it and are replaced when that changes."""
    found: dict[str, list[tuple[str, str]]] = {}
    for urn in sorted(new):
        resource = new[urn]
        ignored = [steps_of(path) for path in resource.get("ignore_changes", ())]
        for path in table().get(resource["type"], ()):
            if _is_ignored(path, ignored):
                continue
            top = path.split(".")[0]
            for source in resource.get("property_dependencies", {}).get(top, ()):
                reference = f"<{source.rpartition('::')[2]}."
                if any(
                    reference in text for text in every_text(value_at(resource["inputs"], path.split(".")))
                ):
                    found.setdefault(source, []).append((urn, path))
    return found


def _apart(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], matched: Mapping[str, str]
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """What is found only after, and what only before."""

    def of(finding: Mapping[str, Any]) -> tuple[str, str, str]:
        urn = str(finding["urn"])
        return finding["check"], matched.get(urn, urn), finding["property"]

    return tuple(_beyond(after, before, of)), tuple(_beyond(before, after, of))


def _beyond(
    these: Sequence[Mapping[str, Any]],
    those: Sequence[Mapping[str, Any]],
    of: Callable[[Mapping[str, Any]], tuple[str, str, str]],
) -> Iterator[Found]:
    known = Counter(map(of, those))
    for one in these:
        if known[of(one)] > 0:
            known[of(one)] -= 1
            continue
        check, severity, resource, path, wrong = (
            str(one[key]) for key in ("check", "severity", "resource", "property", "wrong")
        )
        yield Found(check, severity, resource, path, wrong, str(one.get("reason", "")))
