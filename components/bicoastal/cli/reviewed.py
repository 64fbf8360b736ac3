"""The files of a review, read: which is what, and which belongs to which."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ..checks.problem import Problem
from ..operations.refusal import Refused
from ..plan.changes import Comparison, Judgement, compare, is_preview, judgement, read_preview
from ..plan.review import FORMAT

_PLAN_FIX = "write it with: bicoastal plan ENV --format json --out FILE"
_PREVIEW = "what `pulumi preview --json` prints"


def reviewed(before: Path, after: Path | None) -> list[Judgement]:
    """What would happen in each environment, weighed. Raises `Refused` for files that are something else, or
    belong to different environments."""
    if after is None:
        return [judgement(_preview(file)) for file in _files(before).values()]
    if before.is_dir() != after.is_dir():
        given = f"{before} and {after}"
        raise _refused(
            "AFTER", "a file beside a folder", given, "two files, or two folders", "name two of a kind"
        )
    if before.is_dir():
        old, new = _by_environment(before), _by_environment(after)
    else:
        old, new = {"": _plan(before)}, {"": _plan(after)}
        _refuse_other(before, old[""], after, new[""])
    compared = [_compared(name, old.get(name), new[name], after) for name in new]
    gone = [_gone(old[name]) for name in old if name not in new]
    return [judgement(comparison) for comparison in [*compared, *gone]]


def _files(path: Path) -> dict[str, Path]:
    """The files by their stems, in the order of their names."""
    found = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not found:
        raise _refused(str(path), "nothing to review", "no *.json in it", "<environment>.json", _PLAN_FIX)
    return {file.stem: file for file in found}


def _by_environment(folder: Path) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for file in _files(folder).values():
        plan = _plan(file)
        name = str(plan["environment"])
        if name in found:
            given = f"{file} and another are both of {name!r}"
            raise _refused(str(folder), "two plans of one environment", given, "one of each", "remove one")
        found[name] = plan
    return found


def _plan(file: Path) -> Mapping[str, Any]:
    document = _json(file)
    if is_preview(document):
        given = f"{file}, which is {_PREVIEW}"
        raise _refused("BEFORE AFTER", "no plan", given, "two plans, or a preview alone", "give it alone")
    form = document.get("format") if isinstance(document, Mapping) else None
    if form != FORMAT or not {"project", "environment", "resources"} <= document.keys():
        given = f"format {form!r}" if form else "JSON of another kind"
        raise _refused(str(file), "no plan", given, f"a plan of format {FORMAT!r}", _PLAN_FIX)
    return cast(Mapping[str, Any], document)


def _preview(file: Path) -> Comparison:
    document = _json(file)
    if isinstance(document, Mapping) and document.get("format") == FORMAT:
        given = f"{file}, which is a plan, alone"
        raise _refused("AFTER", "nothing to compare with", given, "two plans", "name the other plan too")
    if not is_preview(document):
        raise _refused(
            str(file), "no preview", "JSON of another kind", _PREVIEW, "write it with: pulumi preview --json"
        )
    return _whole(str(file), lambda: read_preview(document, file.stem))


def _compared(
    name: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], where: Path
) -> Comparison:
    return _whole(f"{where}{f', {name}' if name else ''}", lambda: compare(before, after))


def _gone(plan: Mapping[str, Any]) -> Comparison:
    """An environment without a plan after the change: it was refused, or nobody looks after what is there."""
    return Comparison(
        str(plan["project"]),
        str(plan["environment"]),
        by_engine=False,
        changes=(),
        failures=("there is no plan with the change: it was refused, or what is there belongs to nobody",),
    )


def _whole(where: str, read: Any) -> Comparison:
    try:
        comparison: Comparison = read()
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        given = f"{type(error).__name__}: {error}"
        raise _refused(where, "not whole", given, "what the command wrote", "write it again") from None
    return comparison


def _refuse_other(before: Path, old: Mapping[str, Any], after: Path, new: Mapping[str, Any]) -> None:
    for what in ("project", "environment"):
        if old[what] != new[what]:
            given = f"{old[what]!r} in {before}, {new[what]!r} in {after}"
            raise _refused(
                "AFTER", f"of another {what}", given, f"the same {what}", "compare plans of one environment"
            )


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text())
    except ValueError as error:
        raise _refused(str(file), "no JSON", str(error), "a plan or a preview", _PLAN_FIX) from None


def _refused(where: str, wrong: str, given: str, allowed: str, fix: str) -> Refused:
    return Refused(Problem(where, wrong, given, allowed, fix))
