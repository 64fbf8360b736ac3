"""Charts as shapes that a page draws: where each stands, of what kind it is, and what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .incidents import Incidents
from .latency import Endpoint
from .objectives import Held
from .period import moment
from .words import latency, length, percent

WIDTH, HEIGHT = 720, 110
_ROW, _LABEL, _ROOM = 16, 190, 90


@dataclass(frozen=True)
class Bar:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    """`good`, `bad`, `unknown`, or the share of a quantile: it decides the colour."""
    says: str
    """Shown when it is pointed at, and read out."""


@dataclass(frozen=True)
class Text:
    """Words beside bars."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Chart:
    """A picture with its name, and at which height a line is drawn across."""

    title: str
    height: float
    bars: Sequence[Bar]
    texts: Sequence[Text]
    line: float | None = None
    width: float = WIDTH


def of_objective(held: Held) -> Chart:
    """The share that was good, part by part, beside what was promised; full height where nothing is known."""
    shares = [part.share for part in held.parts if part.share is not None]
    lowest = min([*shares, held.promised])
    # As far under the line as above it, or down to the worst.
    bottom = max(0.0, min(lowest, 2 * held.promised - 1))
    room = 1 - bottom
    step = WIDTH / max(1, len(held.parts))
    bars = []
    for number, part in enumerate(held.parts):
        kind = "unknown" if part.share is None else "good" if part.share >= held.promised else "bad"
        height = HEIGHT if part.share is None else max(2.0, HEIGHT * (part.share - bottom) / room)
        says = f"up to {moment(part.end_s)}: {percent(part.share)}"
        bars.append(Bar(number * step, HEIGHT - height, step * 0.86, height, kind, says))
    title = (
        f"{held.slo}: share that was good, from {percent(bottom)} to 100 %;"
        f" the line is what was promised, {percent(held.promised)}"
    )
    return Chart(title, HEIGHT, bars, [], HEIGHT * (1 - held.promised) / room)


def of_endpoints(endpoints: Sequence[Endpoint]) -> Chart:
    """A bar for each quantile of each endpoint."""
    longest = max((found.seconds for each in endpoints for found in each.quantiles.values()), default=1) or 1
    bars, texts = [], []
    for number, endpoint in enumerate(endpoints):
        top = number * _ROW * (len(endpoint.quantiles) + 1)
        texts.append(Text(0, top + _ROW, endpoint.name))
        for row, (share, found) in enumerate(endpoint.quantiles.items()):
            y, name = top + row * _ROW, f"P{share * 100:.0f}"
            width = max(1.0, (WIDTH - _LABEL - _ROOM) * found.seconds / longest)
            bars.append(
                Bar(_LABEL, y + 4, width, _ROW - 4, name.lower(), f"{endpoint.name} {name}: {latency(found)}")
            )
            texts.append(Text(_LABEL + width + 4, y + 14, f"{name} {latency(found)}"))
    rows = sum(len(endpoint.quantiles) + 1 for endpoint in endpoints)
    return Chart("Time to answer by endpoint", max(_ROW, rows * _ROW), bars, texts)


def of_incidents(incidents: Incidents) -> Chart:
    """When they were, from the beginning of the span to its end."""
    return Chart("Incidents", 3 * _ROW, list(_when(incidents)), [])


def _when(incidents: Incidents) -> Iterator[Bar]:
    span = incidents.span
    kind = "good" if incidents.watched else "unknown"
    words = f"from {moment(span.start_s)} to {moment(span.end_s)}"
    yield Bar(0, _ROW, WIDTH, _ROW, kind, words)
    for incident in incidents.found:
        start = max(incident.start_s, span.start_s)
        x, width = (
            WIDTH * seconds / span.seconds for seconds in (start - span.start_s, incident.end_s - start)
        )
        says = f"{moment(incident.start_s)}, {length(incident.seconds)}: {', '.join(incident.alerts)}"
        yield Bar(x, 0, max(2.0, width), 3 * _ROW, "bad", says)
