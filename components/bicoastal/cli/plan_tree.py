"""A plan for a person who reviews it."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from ..checks.resources import Severity
from ..plan.outline import Line, outline
from ..plan.review import Review

COLOURS = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "dim",
}


def print_tree(review: Review, console: Console) -> None:
    """The resources by place and component, the failover budgets, what is left to fill in, and the findings
    by severity."""
    counted = sum(resource.custom for resource in review.plan.resources)
    console.print(Text(f"{review.project}, environment {review.environment}: {counted} resources", "bold"))
    for place, lines in outline(review.plan, review.places).items():
        tree = Tree(Text(place, "bold cyan"))
        _add(tree, lines)
        console.print(tree, soft_wrap=not console.is_terminal)
    for name, budget in review.budgets.items():
        console.print(_budget(name, budget))
    if not review.budgets:
        console.print("failover budget: none is declared")
    if review.to_fill_in:
        console.print(f"to fill in before it can be made: {len(review.to_fill_in)}")
        for path, what in review.to_fill_in.items():
            console.print(Text(f"  {path}: {what}"), soft_wrap=True)
    _print_findings(review, console)


def _print_findings(review: Review, console: Console) -> None:
    groups = {one: [f for f in review.findings if f.check.severity is one] for one in Severity}
    counts = ", ".join(f"{len(found)} {one.value}" for one, found in groups.items() if found)
    suppressed = len(review.judged.suppressed)
    console.print(f"findings: {counts or 'none'}" + (f"; suppressed: {suppressed}" if suppressed else ""))
    for severity, found in groups.items():
        if found:
            console.print(Text(f"  {severity.value}", COLOURS[severity]))
        for finding in found:
            console.print(Text(f"    {finding}"), soft_wrap=True)


def _add(tree: Tree, lines: Sequence[Line]) -> None:
    for line in lines:
        _add(tree.add(_label(line)), line.below)


def _label(line: Line) -> Text:
    label = Text(line.name, "bold" if line.component else "")
    label.append(f"  {line.type}", "green" if line.component else "blue")
    if line.within:
        label.append(f" in {line.within}", "dim green")
    for word, value in line.shown:
        label.append(f"  {word} ", "dim").append(value)
    if line.protected:
        label.append("  protected", "green")
    elif line.holds_data:
        label.append("  holds data, not protected", "yellow")
    return label


def _budget(name: str, budget: Mapping[str, float]) -> Table:
    table = Table("seconds at worst", "", title=f"failover budget of {name}", title_justify="left")
    for term, seconds in budget.items():
        table.add_row(term.removesuffix("_s").replace("_", " "), f"{seconds:g}")
    return table
