"""The rules about what a reader can choose."""

import re
from collections.abc import Iterator

from .finding import Finding, Json, source, variables
from .promql import parsed

_QUERY = re.compile(r"([a-z_]+)\((.+)\)")
_FUNCTIONS = ("label_names", "label_values", "metrics", "query_result")
_ON_TIME_RANGE_CHANGE = 2


def datasource(dashboard: Json) -> Iterator[Finding]:
    """The data source can be chosen: one variable, `datasource`, or one for each kind, named after it."""
    rule = "template-datasource-rule"
    sources = _of_type(dashboard, "datasource")
    if not sources:
        yield Finding(rule, dashboard["uid"], "no variable chooses the data source")
    for variable in sources:
        kind = str(variable.get("query", ""))
        names = {f"{kind.lower()}_datasource": f"{kind.capitalize()} data source"}
        if len(sources) == 1:
            names["datasource"] = "Data source"
        name, label = variable.get("name"), variable.get("label")
        if name not in names:
            wrong = f"the variable {name!r} for the data source must be named {' or '.join(names)}"
            yield Finding(rule, dashboard["uid"], wrong)
        elif label not in names.values():
            wrong = f"the variable {name!r} is labelled {label!r}; it must be {' or '.join(names.values())}"
            yield Finding(rule, dashboard["uid"], wrong)


def job(dashboard: Json) -> Iterator[Finding]:
    """The job can be chosen, several at one time."""
    return _chosen(dashboard, "job")


def instance(dashboard: Json) -> Iterator[Finding]:
    """The instance can be chosen, several at one time."""
    return _chosen(dashboard, "instance")


def label_promql(dashboard: Json) -> Iterator[Finding]:
    """What a variable asks for is a function that Prometheus' data source knows, of valid PromQL."""
    rule = "template-label-promql-rule"
    for variable in _of_type(dashboard, "query"):
        query = _query(variable)
        found = _QUERY.search(query)
        if not found:
            wrong = f"the variable {variable.get('name')!r} asks {query!r}, which is no function of a query"
            yield Finding(rule, dashboard["uid"], wrong)
        elif found[1] not in _FUNCTIONS:
            wrong = (
                f"the variable {variable.get('name')!r} asks {found[1]!r}, not one of {', '.join(_FUNCTIONS)}"
            )
            yield Finding(rule, dashboard["uid"], wrong)
        else:
            try:
                parsed(found[2].rsplit(",", 1)[0] if found[1] == "label_values" else found[2])
            except ValueError as error:
                wrong = f"the variable {variable.get('name')!r} asks {query!r}: {error}"
                yield Finding(rule, dashboard["uid"], wrong)


def on_time_change_reload(dashboard: Json) -> Iterator[Finding]:
    """What can be chosen is asked again when another span of time is shown."""
    for variable in _of_type(dashboard, "query"):
        if variable.get("refresh") != _ON_TIME_RANGE_CHANGE:
            wrong = f"the variable {variable.get('name')!r} does not refresh on a change of the time range"
            yield Finding("template-on-time-change-reload-rule", dashboard["uid"], wrong)


def _chosen(dashboard: Json, name: str) -> Iterator[Finding]:
    rule = f"template-{name}-rule"
    variable = next((each for each in variables(dashboard) if each.get("name") == name), None)
    if variable is None:
        yield Finding(rule, dashboard["uid"], f"there is no variable {name!r}")
        return
    sources = {f"${each.get('name')}" for each in _of_type(dashboard, "datasource")}
    conditions = {
        f"takes its data from {source(variable)!r}, not from a variable": _bare(source(variable)) in sources,
        f"is of the type {variable.get('type')!r}, not a query": variable.get("type") == "query",
        f"is labelled {variable.get('label')!r}, not {name.capitalize()!r}": variable.get("label")
        == name.capitalize(),
        "does not take several values": variable.get("multi") is True,
        f"has {variable.get('allValue')!r} for all values, not '.+'": variable.get("allValue") == ".+",
    }
    for wrong, holds in conditions.items():
        if not holds:
            yield Finding(rule, dashboard["uid"], f"the variable {name!r} {wrong}")


def _bare(uid: str) -> str:
    """`$datasource`, also where it is written `${datasource}`."""
    return re.sub(r"\$\{(\w+)\}", r"$\1", uid)


def _of_type(dashboard: Json, kind: str) -> list[Json]:
    return [variable for variable in variables(dashboard) if variable.get("type") == kind]


def _query(variable: Json) -> str:
    asked = variable.get("query", "")
    return str(asked if isinstance(asked, str) else asked.get("query", ""))
