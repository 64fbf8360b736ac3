"""What the engine says itself that it would do: the output of `pulumi preview --json`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..budgets import OUTPUT
from .change import Change, Comparison, Kind, in_order
from .concealed import concealed, readable, shown
from .plans import PROTECT
from .values import ABSENT, Difference, differences, steps_of

_STACK = "pulumi:pulumi:Stack"
_KINDS = {
    "create": Kind.MADE,
    "import": Kind.MADE,
    "update": Kind.CHANGED,
    "replace": Kind.REPLACED,
    "create-replacement": Kind.REPLACED,
    "import-replacement": Kind.REPLACED,
    "delete-replaced": Kind.REPLACED,
    "delete": Kind.REMOVED,
}
"""What is read, refreshed or stays as it is changes nothing."""
_URN = re.compile(r"urn:pulumi:[^\s\"']*::")


def is_preview(document: Any) -> bool:
    """Whether this is such an output."""
    return isinstance(document, Mapping) and "changeSummary" in document and "format" not in document


def read_preview(document: Mapping[str, Any], otherwise: str) -> Comparison:
    """What would happen. The environment is called `otherwise` if nothing in the output says how."""
    steps = document.get("steps") or []
    project, environment = _stack_of(steps, otherwise)
    changes: dict[str, Change] = {}
    # Of the steps of one replacement, the one that knows both states tells the most.
    for step in sorted(steps, key=lambda step: not (step.get("oldState") and step.get("newState"))):
        kind = _KINDS.get(step["op"])
        state = step.get("newState") or step.get("oldState") or {}
        if kind is not None and state.get("custom") and step["urn"] not in changes:
            changes[step["urn"]] = _change(step, kind)
    return Comparison(
        project=project,
        environment=environment,
        by_engine=True,
        changes=in_order(changes.values()),
        budgets=(_budgets(steps, "oldState"), _budgets(steps, "newState")),
        exports=tuple(_exports(steps)),
        failures=tuple(_failures(document.get("diagnostics") or ())),
    )


def _stack_of(steps: Sequence[Mapping[str, Any]], otherwise: str) -> tuple[str, str]:
    for step in steps:
        parts = step["urn"].removeprefix("urn:pulumi:").split("::")
        return parts[1], parts[0]
    return "", otherwise


def _change(step: Mapping[str, Any], kind: Kind) -> Change:
    old, new = step.get("oldState") or {}, step.get("newState") or {}
    state = new or old
    name = step["urn"].rpartition("::")[2]
    was = (old.get("urn") or step["urn"]).rpartition("::")[2]
    return Change(
        kind,
        state["type"],
        name,
        step["urn"],
        tuple(concealed(one, state["type"]) for one in _differences(step, kind, old, new)),
        formerly=was if was != name else "",
        forced_by=tuple(sorted(step.get("replaceReasons") or ())) if kind is Kind.REPLACED else (),
        blocked=bool(_guarded(kind, old, new).get("protect")),
        kept=kind in (Kind.REMOVED, Kind.REPLACED) and bool(old.get("retainOnDelete")),
        deletes_first=kind is Kind.REPLACED and bool(old.get("pendingReplacement")),
        dependencies=tuple(state.get("dependencies") or ()),
    )


def _guarded(kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """The state whose protection the engine heeds: a replacement may take it away in the same run."""
    return {Kind.REMOVED: old, Kind.REPLACED: new}.get(kind, {})


def _differences(
    step: Mapping[str, Any], kind: Kind, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Difference]:
    before, after = readable(old.get("inputs") or {}), readable(new.get("inputs") or {})
    if kind is Kind.MADE:
        yield from (Difference(key, ABSENT, value) for key, value in sorted(after.items()))
        return
    if kind is Kind.REMOVED:
        yield from (Difference(key, value, ABSENT) for key, value in sorted(before.items()))
        return
    paths = (*(step.get("diffReasons") or ()), *(step.get("replaceReasons") or ()))
    reasons = {steps_of(path)[0] for path in paths}
    found = [one for one in differences(before, after) if not reasons or steps_of(one.path)[0] in reasons]
    yield from found
    # What the engine hides looks the same before and after, and is not.
    silent = reasons - {steps_of(one.path)[0] for one in found}
    yield from (Difference(key, before.get(key, ABSENT), after.get(key, ABSENT)) for key in sorted(silent))
    if bool(old.get("protect")) != bool(new.get("protect")):
        yield Difference(PROTECT, bool(old.get("protect")), bool(new.get("protect")))


def _budgets(steps: Sequence[Mapping[str, Any]], state: str) -> dict[str, dict[str, float]]:
    """Each budget's seconds that the engine shows, by the component whose output it is."""
    found = {}
    for step in steps:
        budget = ((step.get(state) or {}).get("outputs") or {}).get(OUTPUT)
        if isinstance(budget, Mapping):
            seconds = {key: float(value) for key, value in budget.items() if isinstance(value, int | float)}
            found[step["urn"].rpartition("::")[2]] = seconds
    return found


def _exports(steps: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    for step in steps:
        old, new = step.get("oldState") or {}, step.get("newState") or {}
        if (new or old).get("type") == _STACK and "outputs" in old and "outputs" in new:
            for one in differences(readable(old["outputs"]), readable(new["outputs"])):
                yield concealed(one, _STACK)


def _failures(diagnostics: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in diagnostics:
        if one.get("severity") == "error":
            words = " ".join(str(one.get("message", "")).split()).removeprefix("error: ")
            yield str(shown(_URN.sub("", words)))
