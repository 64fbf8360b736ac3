"""The rules that an environment is watched by: those of the objectives, and those on causes of what it is
made of. A rule on what is not there would miss it for ever, and one that counts wrongly tells nothing."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from bicoastal import Collector, TwoRegionStackArgs
from bicoastal.monitoring.causes import Parts, Thresholds, cause_groups, certificate_ends
from bicoastal.monitoring.rules import one_file, rules_file
from bicoastal.stack.two_regions import TwoRegionStackSettings

from .groups import Groups

RUNBOOKS = "https://github.com/smellpin/smellpin-infra/blob/main/docs/runbooks"
RULES = Path(__file__).parents[1] / "monitoring" / "rules"
"""What `bicoastal monitoring` writes of the declarations: committed, and a test holds it to them."""
CAUSES = "causes-"
"""What the names of those on causes begin with. An environment is given its own, which may differ."""


def with_rules(
    args: TwoRegionStackArgs,
    stack: TwoRegionStackSettings,
    ends: Mapping[str, int],
    groups: Groups,
) -> tuple[TwoRegionStackArgs, TwoRegionStackSettings]:
    """The same with the rules on what the stack is made of, under those that the file itself names. Its
    certificates end at `ends`."""
    if stack.monitoring is None:
        return args, stack
    rules = {**rules_on(parts_of(stack, groups), ends), **stack.monitoring.rules}
    watched = cast(TwoRegionStackArgs, {**args, "monitoring": {**args["monitoring"], "rules": rules}})
    return watched, replace(stack, monitoring=replace(stack.monitoring, rules=rules))


def rules_on(parts: Parts, ends: Mapping[str, int]) -> dict[str, str]:
    """The files of rules where these are deployed, with certificates that end then."""
    objectives = [file for file in sorted(RULES.glob("*.yaml")) if not file.name.startswith(CAUSES)]
    groups = [certificate_ends(ends), *cause_groups(Thresholds(), parts)]
    return {
        "objectives.yaml": one_file(file.read_text() for file in objectives),
        "causes.yaml": rules_file([group for group in groups if group.rules], RUNBOOKS),
    }


def parts_of(stack: TwoRegionStackSettings, groups: Groups) -> Parts:
    """What the stack of these groups is made of, as far as rules ask."""
    topology, monitoring = stack.topology, stack.monitoring
    assert monitoring is not None
    regions = [region.name for region in topology.regions]
    logs, api = monitoring.logs, stack.api
    # A task on each worker, where there are any.
    tasks = groups.chosen_workers["min"] if api.workers is not None else api.replicas
    return Parts(
        regions=regions,
        witness=topology.witness.name if topology.witness else None,
        members=stack.database.members_per_region * len(regions),
        synchronous=stack.database.synchronous,
        # The library's default is two.
        api_redundant=tasks is None or cast(int, tasks) > 1,
        web_tasks=cast(int, stack.ingress.replicas),
        alertmanagers=len(regions),
        clocks=groups.cloud is not None,
        containers=logs is not None and logs.tells_of_containers,
        logs=logs is not None,
        promtail=logs is not None and logs.collector is Collector.PROMTAIL,
        grafana=monitoring.grafana is not None,
        tracing=monitoring.tracing is not None,
        buckets=monitoring.replications is not None,
    )
