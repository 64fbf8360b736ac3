"""What a reader of a dashboard chooses: the Prometheus, and of its targets the place, job and instance."""

from collections.abc import Sequence

from grafana_foundation_sdk.builders.dashboard import DatasourceVariable, QueryVariable
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import (
    DataSourceRef,
    VariableModel,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

DATASOURCE = DataSourceRef(type_val="prometheus", uid="$datasource")
"""The Prometheus that is chosen: each region has its own, and a dashboard shows one of them at a time."""
_ALL = VariableOption(selected=True, text="All", value="$__all")


def variables(jobs: Sequence[str]) -> list[Builder[VariableModel]]:
    """The four of them, for a dashboard about these jobs."""
    names = "|".join(sorted(jobs))
    of_jobs = f'up{{job=~"{names}"}}'
    of_place = of_jobs.replace("}", ', place=~"$place"}')
    of_job = 'up{place=~"$place", job=~"$job"}'
    return [
        DatasourceVariable("datasource").label("Data source").type("prometheus"),
        _of_label("place", of_jobs),
        _of_label("job", of_place),
        _of_label("instance", of_job),
    ]


def _of_label(label: str, series: str) -> QueryVariable:
    """The values that a label has in these series, asked for again when the span of time changes."""
    return (
        QueryVariable(label)
        .label(label.capitalize())
        .datasource(DATASOURCE)
        .query(f"label_values({series}, {label})")
        .multi(True)
        .include_all(True)
        .all_value(".+")
        .current(_ALL)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
    )
