"""Whether what an expression names was ever measured: metrics and labels against recorded `/metrics`."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import promql_parser as promql
from prometheus_client.parser import text_string_to_metric_families

from bicoastal.monitoring.dashboards.lint.promql import name_of, parsed, selectors, with_parents
from bicoastal.monitoring.rules import Recording, RuleGroup

RECORDED = Path(__file__).parent / "recorded"
TARGET = frozenset({"job", "instance", "place"})
"""What scraping adds to every series of a target."""
MEMBER = TARGET | {"member"}
PROBE = MEMBER | {"probe", "from"}
OF_JOB = {
    **dict.fromkeys(("postgres", "patroni", "etcd", "redis", "sentinel"), MEMBER),
    **dict.fromkeys(("probe_http", "probe_tcp"), PROBE),
}
OF_PROMETHEUS: Mapping[str, frozenset[str]] = {
    "up": MEMBER | PROBE,
    "scrape_duration_seconds": MEMBER | PROBE,
    "scrape_samples_scraped": MEMBER | PROBE,
    "ALERTS": frozenset({"alertname", "alertstate", "severity", "part", "audience", "slo"}) | MEMBER,
}
"""What Prometheus makes by itself."""
Known = Mapping[str, frozenset[str]]
"""The labels of each metric."""


def recorded(folder: Path = RECORDED) -> Known:
    """What the exporters answered, with the labels that scraping adds, and what Prometheus itself makes."""
    known = dict(OF_PROMETHEUS)
    for page in sorted(folder.glob("*.prom")):
        added = OF_JOB.get(page.stem, TARGET)
        for family in text_string_to_metric_families(_untyped(page.read_text())):
            for sample in family.samples:
                known[sample.name] = known.get(sample.name, frozenset()) | sample.labels.keys() | added
    return known


def _untyped(page: str) -> str:
    """Without its comments: the parser gives a counter that does not end in `_total` another name."""
    return "\n".join(line for line in page.splitlines() if not line.startswith("#"))


def with_recordings(known: Known, groups: Sequence[RuleGroup]) -> Known:
    """What is known, and what rules record of it: with the labels of what they ask, and their own."""
    made = dict(known)
    for rule in (rule for group in groups for rule in group.rules if isinstance(rule, Recording)):
        made[rule.record] = frozenset(_labels_within(parsed(rule.expr), made) | rule.labels.keys())
    return made


def unknown(expression: str, known: Known) -> list[str]:
    """What the expression names and nobody measures; nothing when all of it exists. It may have Grafana's
    variables in it."""
    tree = parsed(expression)
    return sorted({*_of_selectors(tree, known), *_of_groups(tree, known)})


def _of_selectors(tree: promql.Expr, known: Known) -> Iterator[str]:
    for selector in selectors(tree):
        name = name_of(selector)
        if name not in known:
            yield f"no metric {name!r} is recorded"
            continue
        for matcher in selector.matchers.matchers:
            if matcher.name not in known[name] | {"__name__"}:
                yield f"{name} has no label {matcher.name!r}; it has {', '.join(sorted(known[name]))}"


def _of_groups(tree: promql.Expr, known: Known) -> Iterator[str]:
    """What is grouped or joined by must be a label of something inside."""
    for node, _ in with_parents(tree):
        if isinstance(node, promql.AggregateExpr) and node.modifier:
            wanted = set(node.modifier.labels)
        elif isinstance(node, promql.BinaryExpr) and node.modifier:
            matching = node.modifier.matching
            wanted = {*(matching.labels if matching else ()), *(node.modifier.group_labels or ())}
        else:
            continue
        for label in wanted - _labels_within(node, known):
            yield f"nothing within {node.prettify()} has the label {label!r}"


def _labels_within(node: promql.Expr, known: Known) -> set[str]:
    made = {
        argument.val
        for call, _ in with_parents(node)
        if isinstance(call, promql.Call) and call.func.name in ("label_replace", "label_join")
        for argument in call.args[1:2]
    }
    return made.union(*(known.get(name_of(selector), frozenset()) for selector in selectors(node)))
