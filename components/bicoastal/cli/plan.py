"""The offline plan of an environment."""

import json
import warnings
from enum import Enum
from io import StringIO
from pathlib import Path
from typing import Annotated

import pulumi
import typer
import yaml
from rich.console import Console

from ..operations.refusal import Refused
from ..plan.compose import Untranslatable
from ..plan.review import Review
from ..plan.stack_files import NoStackFile, stack_text
from ..plan.terraform import UnmappedType, terraform_plan
from ..twin.project import NoProject, Project
from .console import console, plain
from .plan_tree import COLOURS, print_tree
from .planned import planned

_PAGE_WIDTH = 10_000
"""Columns where there is no terminal: a line is never broken."""
_REFUSALS = (
    NoProject,
    NoStackFile,
    OSError,
    Refused,
    Untranslatable,
    UnmappedType,
    pulumi.InputPropertiesError,
    pulumi.RunError,
    yaml.YAMLError,
)


class Format(Enum):
    """How a plan is shown."""

    TREE = "tree"
    JSON = "json"
    TFPLAN = "tfplan"
    STACK = "stack"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(plan)


def plan(
    environment: Annotated[str, typer.Argument(help="Its settings stand in Pulumi.<ENV>.yaml.")] = "local",
    form: Annotated[
        Format,
        typer.Option(
            "--format",
            help="`tree` for a person, `json` for programs, `tfplan` for scanners of Terraform's plans,"
            " `stack` for the stack files.",
        ),
    ] = Format.TREE,
    out: Annotated[Path | None, typer.Option(help="The file to write it to.")] = None,
) -> None:
    """What an environment would be made of, without a CLI, an account or a network: nothing is made. Exit
    code 1 when the checks find something critical or high."""
    try:
        review = planned(Project.find(Path.cwd()), environment)
        text = render(review, form)
        _write(review, form, text, out)
    except _REFUSALS as refusal:
        # What the refused program was about to wait for is not worth a word.
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        console.print(f"[bold red]refused[/bold red] {plain(str(refusal))}", soft_wrap=True)
        raise typer.Exit(2) from None
    if form is not Format.TREE or out:
        for finding in review.findings:
            colour = COLOURS[finding.check.severity]
            word = f"[{colour}]{finding.check.severity.value}[/{colour}]"
            console.print(f"{word} {plain(str(finding))}", soft_wrap=True)
    if review.fails:
        raise typer.Exit(1)


def render(review: Review, form: Format) -> str:
    """The plan in this format."""
    if form is Format.STACK:
        return stack_text(review.plan)
    if form is Format.TREE:
        page = StringIO()
        print_tree(review, Console(file=page, highlight=False, width=_PAGE_WIDTH))
        return page.getvalue()
    shown = review.as_json() if form is Format.JSON else _terraform(review)
    return json.dumps(shown, indent=2, sort_keys=True) + "\n"


def _terraform(review: Review) -> object:
    shown = terraform_plan(review.plan)
    left_out = shown["left_out"]
    if left_out:
        counts = ", ".join(f"{count} {token}" for token, count in left_out.items())
        console.print(f"left out, as Terraform's scanners have no checks for them: {counts}", soft_wrap=True)
    return shown


def _write(review: Review, form: Format, text: str, out: Path | None) -> None:
    if out is not None:
        out.write_text(text)
        console.print(f"the plan: {out}", soft_wrap=True)
    elif form is Format.TREE and Console().is_terminal:
        print_tree(review, Console(highlight=False))
    else:
        typer.echo(text, nl=False)
