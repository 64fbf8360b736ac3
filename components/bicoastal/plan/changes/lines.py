"""The lines of a review: one item for each change, finding and budget."""

from collections.abc import Iterator, Mapping
from enum import Enum

from ...checks.resources.services import SERVICE
from ..outline import short_type
from .change import Change, Found, Kind
from .markdown import block, code, lines_of, value
from .values import Difference
from .weight import Weight, holds_data


class Detail(Enum):
    """How much is told of each change."""

    WHOLE = "whole"
    CUT = "cut"

    @property
    def value_most(self) -> int | None:
        """The characters of a value."""
        return None if self is Detail.WHOLE else 160

    @property
    def error_most(self) -> int | None:
        """The characters of an error."""
        return None if self is Detail.WHOLE else 500

    @property
    def differences_most(self) -> int:
        """The differences of a resource, and the lines of a text."""
        return 10**9 if self is Detail.WHOLE else 10


def change_lines(change: Change, by_engine: bool, weight: Weight, detail: Detail) -> str:
    """What would happen to one resource."""
    formerly = f" (was {code(change.formerly, 120)})" if change.formerly else ""
    only_renamed = change.formerly and change.kind is Kind.CHANGED and not change.differences
    word = "renamed" if only_renamed else change.kind.value
    head = f"- {word} {code(change.name, 120)}{formerly} {code(short_type(change.type), 120)}"
    notes = "; ".join(_notes(change, by_engine, weight))
    told = change.differences
    if change.kind is Kind.REMOVED or (change.kind is Kind.MADE and weight is Weight.REST):
        told = ()
    most = detail.differences_most
    made = change.kind is Kind.MADE
    lines = [line for one in told[:most] for line in difference_lines(one, "  ", detail, made)]
    if len(told) > most:
        lines.append(f"  - {len(told) - most} more properties")
    return "\n".join([f"{head}: {notes}" if notes else head, *lines])


def difference_lines(
    difference: Difference, indent: str, detail: Detail, only_after: bool = False
) -> Iterator[str]:
    """One value before and after."""
    path, most = code(difference.path, 200), detail.value_most
    if only_after:
        yield f"{indent}- {path} {value(difference.after, most)}"
        return
    lines = lines_of(difference.before, difference.after)
    if not lines:
        before, after = value(difference.before, most), value(difference.after, most)
        same = before == after
        yield f"{indent}- {path}: {'is another one' if same else f'{before} → {after}'}"
        return
    yield f"{indent}- {path}:"
    kept = lines[: detail.differences_most]
    yield block(kept, f"{indent}  ", most)
    if len(lines) > len(kept):
        yield f"{indent}  {len(lines) - len(kept)} more lines"


def _notes(change: Change, by_engine: bool, weight: Weight) -> Iterator[str]:
    goes = change.kind in (Kind.REMOVED, Kind.REPLACED)
    if goes and holds_data(change):
        yield "**it holds data**"
    if change.blocked:
        yield "**it is protected, so the run would fail**"
    if change.kept:
        yield "it stays there, without the program (`retain_on_delete`)"
    if change.kind is Kind.REMOVED and weight is Weight.GUARD and change.type == SERVICE:
        yield "its volumes stay on their host, and nothing uses them"
    if change.forced_by:
        paths = ", ".join(code(path, 120) for path in change.forced_by)
        yield f"{paths} {'replaces it' if by_engine else 'would replace it'}"
    if change.because_of:
        names = ", ".join(code(name, 120) for name in change.because_of)
        yield f"its value comes from {names}, which is replaced"
    if change.deletes_first:
        yield "removed before the new one is made"
    if change.kind is Kind.CHANGED and not change.in_table:
        yield "what replaces one of this type is not known here"


def found_line(found: Found) -> str:
    """One finding."""
    reason = f" Reason: {code(found.reason, 300)}" if found.reason else ""
    where = code(f"{found.resource}.{found.path}", 200)
    return f"- **{found.severity}** {code(found.check, 80)} {where}: {code(found.wrong, 200)}{reason}"


def budget_lines(name: str, before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """One budget, with the terms that differ."""
    lines = [f"- {code(name, 120)}"]
    for term in sorted({**before, **after}):
        if before.get(term) != after.get(term):
            old, new = (f"{side[term]:g}" if term in side else "nothing" for side in (before, after))
            lines.append(f"  - {code(term.removesuffix('_s').replace('_', ' '), 60)}: {old} → {new}")
    return "\n".join(lines)
