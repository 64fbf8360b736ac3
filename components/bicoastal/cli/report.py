"""The service level report."""

import json
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated

import httpx
import typer

from ..checks.problem import Problem
from ..operations.refusal import Refused
from ..report.data import data
from ..report.markdown import markdown
from ..report.page import page
from ..report.period import Period, Span
from ..report.prometheus import PATIENCE_S, Prometheus, tls
from ..report.report import Report
from .console import console, plain

_TLS = "--authority", "--certificate", "--key"


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
    prometheus: Annotated[
        list[str],
        typer.Option(help="Prometheus' address, such as https://10.0.0.1:9090; once for each region."),
    ],
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
        with _client(authority, certificate, key) as client:
            asked = [Prometheus(url, client) for url in _addresses(prometheus)]
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


def _addresses(given: Sequence[str]) -> Iterator[str]:
    for url in given:
        try:
            parts = httpx.URL(url)
        except httpx.InvalidURL:
            parts = httpx.URL()
        if parts.scheme not in ("http", "https") or not parts.host:
            allowed = "http:// or https:// and a host"
            fix = "such as https://10.0.0.1:9090"
            raise Refused(Problem("--prometheus", "no address", repr(url), allowed, fix))
        yield url


def _client(authority: Path | None, certificate: Path | None, key: Path | None) -> httpx.Client:
    if authority is None and certificate is None and key is None:
        return httpx.Client(timeout=PATIENCE_S)
    if authority is None or certificate is None or key is None:
        names = ", ".join(_TLS)
        raise Refused(Problem(names, "one without the others", "not all", "all or none", "give the rest"))
    for name, path in zip(_TLS, (authority, certificate, key), strict=True):
        if not path.is_file():
            raise Refused(Problem(name, "no such file", str(path), "a file in PEM", "look where it is"))
    try:
        return httpx.Client(timeout=PATIENCE_S, verify=tls(authority, certificate, key))
    except ssl.SSLError as error:
        given = f"{authority}, {certificate}, {key}"
        wrong = f"cannot be used: {error.reason or error}"
        fix = "look whether the key is the certificate's"
        raise Refused(Problem(", ".join(_TLS), wrong, given, "three files in PEM", fix)) from None


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
