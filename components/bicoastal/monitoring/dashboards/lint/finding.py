"""What a rule finds, and the parts of a dashboard's JSON that rules look at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
ROW = "row"


@dataclass(frozen=True)
class Finding:
    """One place at which a dashboard breaks a rule."""

    rule: str
    dashboard: str
    """Its uid."""
    wrong: str
    panel: str = ""
    """The panel's title, where one is meant."""
    series: str = ""
    """The metric that is asked for without what the rule wants, where one is meant."""

    def __str__(self) -> str:
        where = f"{self.dashboard}, panel {self.panel!r}" if self.panel else self.dashboard
        return f"{self.rule}: {where}: {self.wrong}"


def panels(dashboard: Json) -> Iterator[Json]:
    """Every panel, those within a folded row too; no headings."""
    return (panel for panel in with_headings(dashboard) if panel.get("type") != ROW)


def with_headings(dashboard: Json) -> Iterator[Json]:
    """Every panel and every heading, from the top down."""
    for panel in dashboard.get("panels", []):
        yield panel
        yield from panel.get("panels") or []


def targets(dashboard: Json) -> Iterator[tuple[Json, str]]:
    """Every query with its panel; an empty text where a target has none."""
    for panel in panels(dashboard):
        for target in panel.get("targets") or []:
            yield panel, target.get("expr", "")


def variables(dashboard: Json) -> Sequence[Json]:
    """What a reader can choose."""
    found: Sequence[Json] = dashboard.get("templating", {}).get("list", [])
    return found


def source(holder: Json) -> str:
    """The data source that a panel or a variable names, by its uid; older dashboards name it alone."""
    named = holder.get("datasource") or ""
    return str(named if isinstance(named, str) else named.get("uid", ""))
