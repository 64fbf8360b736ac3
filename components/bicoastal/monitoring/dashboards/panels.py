"""The kinds of panels that all dashboards are made of, each with its unit and a word on what it shows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from grafana_foundation_sdk.builders import stat, statetimeline, timeseries
from grafana_foundation_sdk.builders.common import (
    GraphThresholdsStyleConfig,
    ReduceDataOptions,
    VizLegendOptions,
)
from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery as AnyQuery
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    GraphThresholdsStyleMode,
    LegendDisplayMode,
    LegendPlacement,
)
from grafana_foundation_sdk.models.dashboard import Threshold, ThresholdsMode

from .queries import names_traces
from .variables import DATASOURCE

HEIGHT = 8
"""A panel's rows on Grafana's grid."""
GOOD, DOUBTFUL, BAD = "green", "orange", "red"
Queries = Mapping[str, str]
"""PromQL by legend; a legend names a label as `{{label}}`."""
Steps = Sequence[tuple[float, str]]
"""From which value on which colour, rising."""
Kind = TypeVar("Kind", stat.Panel, statetimeline.Panel, timeseries.Panel)


def lines(
    title: str, description: str, unit: str, queries: Queries, *, below: str = GOOD, steps: Steps = ()
) -> timeseries.Panel:
    """Values over time; `steps` are drawn as lines that they should stay under, or over."""
    panel = _panel(timeseries.Panel(), title, description, unit).targets(list(_over_time(queries)))
    panel.legend(
        VizLegendOptions()
        .show_legend(True)
        .display_mode(LegendDisplayMode.TABLE)
        .placement(LegendPlacement.BOTTOM)
        .calcs(["lastNotNull", "max"])
    )
    if steps:
        panel.thresholds(_colours(below, steps))
        panel.thresholds_style(GraphThresholdsStyleConfig().mode(GraphThresholdsStyleMode.DASHED))
    return panel


def numbers(
    title: str, description: str, unit: str, queries: Queries, *, below: str = GOOD, steps: Steps = ()
) -> stat.Panel:
    """Each value at the end of the span, in the colour of its step; `below` is that under the first."""
    return (
        _panel(stat.Panel(), title, description, unit)
        .targets(list(_now(queries)))
        .reduce_options(ReduceDataOptions().calcs(["lastNotNull"]))
        .color_mode(BigValueColorMode.VALUE)
        .thresholds(_colours(below, steps))
    )


def states(
    title: str, description: str, queries: Queries, *, below: str = BAD, steps: Steps = ((1, GOOD),)
) -> statetimeline.Panel:
    """Who was something when: a bar for each, over time."""
    return (
        _panel(statetimeline.Panel(), title, description, "bool_yes_no")
        .targets(list(_over_time(queries)))
        .thresholds(_colours(below, steps))
    )


def _panel(panel: Kind, title: str, description: str, unit: str) -> Kind:
    return (
        panel.title(title)
        .description(description)
        .unit(unit)
        .datasource(DATASOURCE)
        .height(HEIGHT)
        .no_value("no data")
    )


def _over_time(queries: Queries) -> Iterator[Builder[AnyQuery]]:
    for letter, query in _queries(queries):
        yield query.ref_id(letter).range()


def _now(queries: Queries) -> Iterator[Builder[AnyQuery]]:
    for letter, query in _queries(queries):
        yield query.ref_id(letter).instant()


def _queries(queries: Queries) -> Iterator[tuple[str, Dataquery]]:
    for number, (legend, expression) in enumerate(queries.items()):
        yield (
            chr(ord("A") + number),
            _query(expression).legend_format(legend).datasource(DATASOURCE),
        )


def _query(expression: str) -> Dataquery:
    query = Dataquery().expr(expression)
    return query.exemplar(True) if names_traces(expression) else query


def _colours(below: str, steps: Steps) -> ThresholdsConfig:
    from_value_on = [Threshold(value=value, color=colour) for value, colour in steps]
    return (
        ThresholdsConfig()
        .mode(ThresholdsMode.ABSOLUTE)
        .steps([Threshold(value=None, color=below), *from_value_on])
    )
