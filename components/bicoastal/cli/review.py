"""The review of what a change would do, for a pull request."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..checks.problem import Problem
from ..operations.refusal import Refused
from ..plan.changes import MOST_CHARACTERS, Judgement, TooSmall, Verdict, page
from .console import console, plain
from .reviewed import reviewed


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(review)


def review(
    before: Annotated[
        Path,
        typer.Argument(
            help="A plan (`bicoastal plan ENV --format json`), or a folder with one for each environment;"
            " alone, what `pulumi preview --json` said, or a folder of that."
        ),
    ],
    after: Annotated[Path | None, typer.Argument(help="The plan, or the folder, with the change.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file for the whole review, with nothing cut.")] = None,
    limit: Annotated[int, typer.Option(help="The most characters of what is printed.")] = MOST_CHARACTERS,
) -> None:
    """What a change would do to each environment, as Markdown: data that would be lost first, then what is
    of security, then the rest. Exit code 1 when a verdict is `stop`."""
    try:
        judgements = reviewed(before, after)
        text = _cut(judgements, limit, out)
        if out is not None:
            out.write_text(page(judgements))
            console.print(f"the whole review: {plain(str(out))}", soft_wrap=True)
    except (Refused, OSError) as refusal:
        console.print(f"[bold red]refused[/bold red] {plain(str(refusal))}", soft_wrap=True)
        raise typer.Exit(2) from None
    typer.echo(text, nl=False)
    if any(judgement.verdict is Verdict.STOP for judgement in judgements):
        raise typer.Exit(1)


def _cut(judgements: Sequence[Judgement], limit: int, out: Path | None) -> str:
    try:
        return page(judgements, limit, out.name if out else "")
    except TooSmall as least:
        raise Refused(
            Problem(
                "--limit",
                "too small for the verdicts alone",
                str(limit),
                f"at least {least}",
                "leave it out: GitHub takes 65,536 characters",
            )
        ) from None
