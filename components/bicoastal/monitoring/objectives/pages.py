"""What a page of runbooks says of the objectives whose alerts stand on it."""

from collections.abc import Sequence
from itertools import groupby

from .burn import text
from .slo import Slo


def page_heads(slos: Sequence[Slo]) -> dict[str, str]:
    """The beginning of each page, by its part."""
    by_page = groupby(sorted(slos, key=lambda slo: slo.page), lambda slo: slo.page)
    return {page: _head(page, list(members)) for page, members in by_page}


def _head(page: str, slos: Sequence[Slo]) -> str:
    title = page.capitalize() if len(slos) > 1 or slos[0].part else slos[0].title or slos[0].name
    rows = "\n".join(_row(slo) for slo in slos)
    head = "| objective | of requests | over | a day | a week | a month | owner | per |\n"
    told = "What may fail, in minutes of a total outage under even traffic:"
    return f"# {title}\n\n{told}\n\n{head}|---|---|---|---|---|---|---|---|\n{rows}\n"


def _row(slo: Slo) -> str:
    minutes = {period: text(slo.budget_minutes(seconds)) for period, seconds in slo.periods.items()}
    cells = (
        slo.title or slo.name,
        f"{text((1 - slo.budget) * 100)} %",
        f"{slo.window_days} days",
        *(minutes.get(period, "") for period in ("day", "week", "month")),
        slo.owner,
        ", ".join(slo.group_by),
    )
    return f"| {' | '.join(cells)} |"
