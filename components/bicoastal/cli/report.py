"""The service level report."""

import json
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated

import httpx
import typer

from ..checks.problem import Problem
from ..operations.mutual_tls import shown
from ..operations.refusal import Refused
from ..report.data import data
from ..report.markdown import markdown
from ..report.page import page
from ..report.period import Period, Span
from ..report.prometheus import Prometheuses
from ..report.report import Report
from .commands import is_ours
from .console import console, plain

_OPTIONS = "--authority", "--certificate", "--key"


class Format(Enum):
    """What is printed."""

    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


_FILES = {Format.MARKDOWN: "report.md", Format.JSON: "report.json", Format.HTML: "report.html"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)


def report(
    name: Annotated[str | None, typer.Argument(help="The twin's name. Default: local.")] = None,
    prometheus: Annotated[
        list[str] | None,
        typer.Option(
            help="Instead of a twin's: an address such as https://10.0.0.1:9090; once for each region."
        ),
    ] = None,
    period: Annotated[Period, typer.Option(help="How long a time.")] = Period.MONTH,
    until: Annotated[
        datetime | None,
        typer.Option(help="Its end, in UTC. Default: now.", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    ] = None,
    authority: Annotated[
        Path | None, typer.Option(help="The certificate of the authority that Prometheus' own is of.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="The certificate that Prometheus asks for.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's key.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="A folder to write report.md, report.json and report.html to; nothing is printed."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="What is printed.")] = Format.MARKDOWN,
) -> None:
    """What was promised and what was held: uptime, downtime allowed and used, error budgets, latency and
    incidents, each figure with its query. Exit code 1 when a Prometheus did not answer."""
    try:
        with _asked(name, prometheus or [], [authority, certificate, key]) as asked:
            made = Report.of(asked, _span(period, until))
        _refuse_doubles(made)
        if out is None:
            typer.echo(_text(made, form), nl=False)
        else:
            _write(made, out)
    except (Refused, OSError) as refusal:
        console.print(f"[bold red]refused[/bold red] {plain(str(refusal))}", soft_wrap=True)
        raise typer.Exit(2) from None
    for silence in made.silent:
        said = plain(f"{silence.url}: {silence.why}")
        console.print(f"[bold red]no answer[/bold red] {said}", soft_wrap=True)
    if made.silent:
        raise typer.Exit(1)


@contextmanager
def _asked(
    name: str | None, addresses: Sequence[str], files: Sequence[Path | None]
) -> Iterator[Prometheuses]:
    if not addresses:
        with _of_twin(name or "local") as prometheuses:
            yield prometheuses
        return
    if name is not None:
        wrong = "a twin and addresses"
        raise Refused(Problem("--prometheus", wrong, name, "one of the two", "leave the other out"))
    _check(addresses)
    with Prometheuses(addresses, _tls(files)) as prometheuses:
        yield prometheuses


@contextmanager
def _of_twin(name: str) -> Iterator[Prometheuses]:
    # Only here: who asks by addresses needs nothing of a twin.
    try:
        from .common import existing_twin
    except ModuleNotFoundError as missing:
        if is_ours(missing):
            raise
        wrong = f"{missing.name} is not installed, which a twin needs"
        fix = "pip install 'bicoastal[twin]', or name addresses by --prometheus"
        raise Refused(Problem("NAME", wrong, name, "a twin of this machine", fix)) from None
    with existing_twin(name) as twin, twin.prometheuses() as prometheuses:
        yield prometheuses


def _check(addresses: Sequence[str]) -> None:
    for url in addresses:
        try:
            parts = httpx.URL(url)
        except httpx.InvalidURL:
            parts = httpx.URL()
        if parts.scheme not in ("http", "https") or not parts.host:
            allowed = "http:// or https:// and a host"
            fix = "such as https://10.0.0.1:9090"
            raise Refused(Problem("--prometheus", "no address", repr(url), allowed, fix))


def _tls(files: Sequence[Path | None]) -> ssl.SSLContext | None:
    """What is shown to Prometheus; nothing where nothing is given."""
    given = [path for path in files if path is not None]
    if not given:
        return None
    if len(given) < len(_OPTIONS):
        options = ", ".join(_OPTIONS)
        shown_files = ", ".join(map(str, given))
        raise Refused(
            Problem(options, "some without the others", shown_files, "all or none", "give the rest")
        )
    for option, path in zip(_OPTIONS, given, strict=True):
        if not path.is_file():
            raise Refused(Problem(option, "no such file", str(path), "a file in PEM", "look where it is"))
    try:
        return shown(*(path.read_text() for path in given))
    except (ssl.SSLError, ValueError) as error:
        options, shown_files = ", ".join(_OPTIONS), ", ".join(map(str, given))
        fix = "look whether the key is the certificate's"
        raise Refused(
            Problem(options, f"cannot be used: {error}", shown_files, "three files in PEM", fix)
        ) from None


def _span(period: Period, until: datetime | None) -> Span:
    return Span.until(period, until.replace(tzinfo=UTC) if until else datetime.now(UTC))


def _refuse_doubles(made: Report) -> None:
    if made.doubled:
        given = ", ".join(each.url for each in made.heard if each.name in made.doubled)
        wrong = f"more than one watches {', '.join(made.doubled)}: what they count would be added twice"
        raise Refused(Problem("--prometheus", wrong, given, "one for each region", "leave the others out"))


def _write(made: Report, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for form, name in _FILES.items():
        (folder / name).write_text(_text(made, form))
    console.print(f"written to {plain(str(folder))}: {', '.join(_FILES.values())}", soft_wrap=True)


def _text(made: Report, form: Format) -> str:
    if form is Format.JSON:
        return json.dumps(data(made), indent=2) + "\n"
    return markdown(made) if form is Format.MARKDOWN else page(made)
