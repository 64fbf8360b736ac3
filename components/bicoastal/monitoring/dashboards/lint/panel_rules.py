"""The rules about panels, and how they stand on the grid."""

from collections.abc import Iterator

from grafana_foundation_sdk.models import units as known_units

from .finding import ROW, Finding, Json, panels, source, variables, with_headings

UNITS = frozenset(value for value in vars(known_units).values() if isinstance(value, str))
"""The units that Grafana knows."""
COLUMNS = 24


def datasource(dashboard: Json) -> Iterator[Finding]:
    """A panel takes its data from where the reader chose."""
    names = [each["name"] for each in variables(dashboard) if each.get("type") == "datasource"]
    allowed = {form for name in names for form in (f"${name}", f"${{{name}}}")}
    for panel in panels(dashboard):
        if source(panel) not in allowed:
            wrong = f"takes its data from {source(panel)!r}, not from a variable"
            yield _about("panel-datasource-rule", dashboard, panel, wrong)


def title_description(dashboard: Json) -> Iterator[Finding]:
    """A panel says what it shows, and what that means."""
    for panel in panels(dashboard):
        for key in ("title", "description"):
            if not panel.get(key):
                yield _about("panel-title-description-rule", dashboard, panel, f"has no {key}")


def units(dashboard: Json) -> Iterator[Finding]:
    """A panel's values have a unit that Grafana knows."""
    for panel in panels(dashboard):
        unit = panel.get("fieldConfig", {}).get("defaults", {}).get("unit", "")
        if unit not in UNITS:
            yield _about(
                "panel-units-rule", dashboard, panel, f"has no unit that Grafana knows, but {unit!r}"
            )


def no_targets(dashboard: Json) -> Iterator[Finding]:
    """A panel asks for something."""
    for panel in panels(dashboard):
        if not panel.get("targets"):
            yield _about("panel-no-targets-rule", dashboard, panel, "asks for nothing")


def layout(dashboard: Json) -> Iterator[Finding]:
    """Panels fill the grid's width line by line, under headings, and none lies on another."""
    taken: dict[tuple[int, int], str] = {}
    for panel in with_headings(dashboard):
        place = panel.get("gridPos", {})
        left, top, width, height = (int(place.get(key, 0)) for key in ("x", "y", "w", "h"))
        if width < 1 or height < 1 or left < 0 or left + width > COLUMNS:
            yield _about("panel-layout-rule", dashboard, panel, f"stands outside the {COLUMNS} columns")
            continue
        if panel.get("type") == ROW and width != COLUMNS:
            yield _about("panel-layout-rule", dashboard, panel, "is a heading, and not as wide as the page")
        cells = [(x, y) for x in range(left, left + width) for y in range(top, top + height)]
        under = sorted({taken[cell] for cell in cells if cell in taken})
        if under:
            yield _about("panel-layout-rule", dashboard, panel, f"lies on {', '.join(map(repr, under))}")
        taken |= dict.fromkeys(cells, str(panel.get("title")))
    lowest = max((y for _, y in taken), default=-1)
    for y in range(lowest + 1):
        free = COLUMNS - sum(cell in taken for cell in ((x, y) for x in range(COLUMNS)))
        if free:
            wrong = f"{free} columns of line {y} are free"
            yield Finding("panel-layout-rule", dashboard["uid"], wrong)


def _about(rule: str, dashboard: Json, panel: Json, wrong: str) -> Finding:
    return Finding(rule, dashboard["uid"], wrong, panel=panel.get("title") or "without title")
