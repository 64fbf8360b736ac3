"""A review as a page of Markdown: the verdicts, data, security, and the rest folded."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .change import Change, Comparison, Kind
from .lines import Detail, budget_lines, change_lines, difference_lines, found_line
from .markdown import cell, code
from .verdict import Judgement, changed_budgets
from .weight import Weight

MOST_CHARACTERS = 60_000
"""GitHub takes 65,536 in a comment."""
_TITLES = {
    Weight.LOST: "Data that would be lost, and what is protected from it",
    Weight.GUARD: "What keeps data",
    Weight.SECURITY: "Security",
    Weight.REST: "The rest",
}


class TooSmall(Exception):
    """The verdicts alone need more characters; it says how many."""


@dataclass
class _Section:
    """A title with items, of which those at the end may not be shown."""

    title: str
    items: list[str]
    rank: int
    folded: bool = False
    shown: int = sys.maxsize

    def fill(self, room: int) -> int:
        """Show what fits; the characters that are left."""
        self.shown = 0
        for item in self.items:
            if len(item) + 1 > room:
                break
            room -= len(item) + 1
            self.shown += 1
        return room

    def text(self, where: str) -> str:
        """The section as it is shown."""
        left = len(self.items) - min(self.shown, len(self.items))
        more = [f"- {left} left out here{where}"] if left else []
        lines = "\n".join([*self.items[: self.shown], *more])
        if self.folded:
            return f"<details><summary>{self.title}</summary>\n\n{lines}\n\n</details>"
        return f"#### {self.title}\n\n{lines}"


def page(judgements: Sequence[Judgement], most: int | None = None, whole: str = "") -> str:
    """The page. With `most` characters, values are cut, and items from the end, the rest first.

    What is left out is counted; `whole` is the name of the file where all of it stands.
    """
    ordered = sorted(judgements, key=lambda j: (j.verdict.rank, j.comparison.environment))
    detail = Detail.WHOLE if most is None else Detail.CUT
    where = f": all of it is in {code(whole, 200)}" if whole else ""
    chapters = [(j, [section for section in _sections(j, detail) if section.items]) for j in ordered]
    full = _text(chapters, where)
    if most is None or len(full) <= most:
        return full
    sections = sorted((s for _, own in chapters for s in own), key=lambda section: section.rank)
    for section in sections:
        section.shown = 0
    room = most - len(_text(chapters, where))
    if room < 0:
        raise TooSmall(str(most - room))
    for section in sections:
        room = section.fill(room)
        if section.shown < len(section.items):
            break
    return _text(chapters, where)


def _text(chapters: Sequence[tuple[Judgement, Sequence[_Section]]], where: str) -> str:
    title = "## Review of the plan" if len(chapters) == 1 else "## Review of the plans"
    parts = [title, _headline([judgement for judgement, _ in chapters])]
    for judgement, sections in chapters:
        if sections:
            it = judgement.comparison
            parts += [f"### {code(it.environment, 60)}: {judgement.verdict.value}", _told_by(it)]
            parts += [section.text(where) for section in sections]
    return "\n\n".join(parts) + "\n"


def _headline(judgements: Sequence[Judgement]) -> str:
    columns = ("environment", "verdict", "why", "made", "changed", "replaced", "removed")
    rows = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    for j in judgements:
        it = j.comparison
        counts = [str(len(it.of(kind))) for kind in (Kind.MADE, Kind.CHANGED, Kind.REPLACED, Kind.REMOVED)]
        cells = [code(it.environment, 60), f"**{j.verdict.value}**", _why(j), *counts]
        rows.append(f"| {' | '.join(map(cell, cells))} |")
    return "\n".join(rows)


def _why(j: Judgement) -> str:
    said = []
    for reason in j.reasons:
        names = ", ".join(code(name, 80) for name in reason.names)
        said.append(f"{reason.words} {names}{f' and {reason.more} more' if reason.more else ''}".strip())
    return "; ".join(said)


def _told_by(comparison: Comparison) -> str:
    if comparison.by_engine:
        return "What the engine says it would do."
    if comparison.is_new:
        return "The environment is new: there is no plan of it before."
    return (
        "Two plans compared. What would be replaced is told by the providers' documentation, and whether what"
        " runs is what was declared is not known: `pulumi preview` knows both."
    )


def _sections(j: Judgement, detail: Detail) -> Iterator[_Section]:
    it, weights = j.comparison, j.weights

    def changes(weight: Weight) -> list[str]:
        return [change_lines(change, it.by_engine, weight, detail) for change in weights[weight]]

    yield _Section("Errors", [f"- {code(one, detail.error_most)}" for one in it.failures], 0)
    yield _Section(_TITLES[Weight.LOST], changes(Weight.LOST), 1)
    yield _Section(_TITLES[Weight.GUARD], changes(Weight.GUARD), 2)
    yield _Section("Found by the checks, and was not", [found_line(one) for one in it.found], 3)
    yield _Section("Suppressed, and was not", [found_line(one) for one in it.suppressed], 3)
    yield _Section(_TITLES[Weight.SECURITY], changes(Weight.SECURITY), 4)
    sides = it.budgets
    names = changed_budgets(it)
    budgets = [budget_lines(name, *(side.get(name, {}) for side in sides)) for name in names]
    yield _Section("Failover budget, in seconds", budgets, 3)
    rest = changes(Weight.REST)
    title = f"{_TITLES[Weight.REST]}: {_counted(weights[Weight.REST])}"
    yield _Section(title, rest, 5, folded=True)
    exports = [line for one in it.exports for line in difference_lines(one, "", detail)]
    yield _Section(f"Exports: {len(it.exports)} changed", exports, 6, folded=True)
    mended = [found_line(one) for one in it.mended]
    yield _Section(f"No longer found: {len(mended)}", mended, 6, folded=True)


def _counted(changes: Sequence[Change]) -> str:
    counts = ((kind.value, sum(change.kind is kind for change in changes)) for kind in Kind)
    return ", ".join(f"{count} {word}" for word, count in counts if count)
