"""Dashboards in words: for who has no Grafana at hand, and for a review of what changes."""

import json
from collections.abc import Iterator, Mapping

from ...templates import render
from .lint.finding import ROW, Json, with_headings


def outline(dashboards: Mapping[str, str]) -> str:
    """The page of Markdown for dashboards as JSON, by the names of their files."""
    return "\n".join(
        [
            render(__package__, "outline.md.j2"),
            *(line for text in dashboards.values() for line in _told(json.loads(text))),
        ]
    )


def _told(dashboard: Json) -> Iterator[str]:
    yield f"## {dashboard['title']}\n\n{dashboard['description']}\n"
    for panel in with_headings(dashboard):
        if panel["type"] == ROW:
            yield f"### {panel['title']}\n"
        else:
            yield from _panel(panel)
            yield ""


def _panel(panel: Json) -> Iterator[str]:
    width, unit = panel["gridPos"]["w"], panel["fieldConfig"]["defaults"]["unit"]
    yield f"**{panel['title']}** ({panel['type']}, {width} columns, {unit}): {panel['description']}\n"
    for target in panel["targets"]:
        yield f"- {target['legendFormat']}: `{target['expr']}`"
