"""What the twin's alerts have told, and the page after an incident."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import rich
import typer
from rich.table import Table
from rich.text import Text

from ..monitoring.routing.post_incident import Incident, post_incident_page
from ..monitoring.routing.receivers import Receiver
from ..twin.alert_receiver import ReceiverSilent, Told
from ..twin.twin import Twin
from .common import AsJson, Name, existing_twin, print_json
from .console import console, plain

LEAD_S = 300.0
"""Seconds before the page from which on messages belong to an incident's timeline."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(alerts)
    app.command("post-incident")(post_incident)


def alerts(
    name: Name = "local",
    after: Annotated[int, typer.Option(min=0, help="Only what came after the message of this number.")] = 0,
    whole: Annotated[bool, typer.Option("--text", help="With the text of each message.")] = False,
    as_json: AsJson = False,
) -> None:
    """Who was told what: by page, in Slack, by mail, and the word to the dead man's switch."""
    with existing_twin(name) as twin:
        told = _told(twin, after)
    if as_json:
        print_json([message.as_json() for message in told])
        return
    rich.print(alerts_table(name, told, whole))
    if words := [message for message in told if _is_word(message)]:
        rich.print(f"the dead man's switch was told at {words[-1].at:%H:%M:%S} UTC")


def alerts_table(name: str, told: Sequence[Told], whole: bool) -> Table:
    """The messages as a person reads them, without the dead man's."""
    table = Table(title=f"twin {name}: who was told what", title_justify="left")
    for column in ("number", "at (UTC)", "to", "message"):
        table.add_column(column)
    for message in told:
        if _is_word(message):
            continue
        colour = "green" if message.resolved else "red" if message.receiver == "pagerduty" else "yellow"
        said = f"{message.title}\n{message.text}" if whole and message.text else message.title
        at = f"{message.at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(message.id), at, message.receiver, Text(said, colour))
    return table


def post_incident(
    page: Annotated[int, typer.Argument(help="The page's number, as `bicoastal alerts` shows it.")],
    name: Name = "local",
) -> None:
    """Begin the page that is written after an incident, in Markdown, with what is known of it."""
    with existing_twin(name) as twin:
        told = _told(twin)
    found = next((m for m in told if m.id == page and m.receiver == Receiver.PAGERDUTY.value), None)
    if found is None:
        console.print(f"message {page} is no page; see: bicoastal alerts {name}")
        raise typer.Exit(2)
    typer.echo(post_incident_page(incident_of(found, told)), nl=False)


def incident_of(page: Told, told: Sequence[Told]) -> Incident:
    """What is known of the incident that began with this page."""
    ends = [m.at for m in told if m.key == page.key and m.resolved and m.id > page.id]
    last = ends[0] if ends else told[-1].at
    first = page.at - timedelta(seconds=LEAD_S)
    return Incident(
        title=page.title,
        paged=page.at,
        ended=ends[0] if ends else None,
        messages=[
            f"{m.at:%H:%M:%S} | {m.receiver}: {m.title}"
            for m in told
            if first <= m.at <= last and not _is_word(m)
        ],
    )


def _told(twin: Twin, after: int = 0) -> list[Told]:
    try:
        return twin.alert_receiver.told(twin.environment.credentials.ca_pem, after)
    except ReceiverSilent as silent:
        console.print(f"{plain(str(silent))}; see: bicoastal up {twin.layout.name}")
        raise typer.Exit(1) from None


def _is_word(message: Told) -> bool:
    return message.receiver == Receiver.DEAD_MAN.value
